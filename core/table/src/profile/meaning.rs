//! What the values of a column stand for.

use sluice_protocol::load::ColumnType;
use sluice_protocol::profile::Meaning;

use super::found::{Found, Order};

/// Values needed before uniqueness says anything.
pub(super) const MIN_N_UNIQUE: u64 = 20;
/// Distinct values of an identifier, as a share of the values: a few repeated ones do not change
/// what a column is.
const ID_MIN_DISTINCT_SHARE: f64 = 0.99;
/// The same where the name says that it is an identifier, such as `user_id` in a log.
const NAMED_ID_MIN_DISTINCT_SHARE: f64 = 0.05;
/// Share of the texts looked at that must have the look of a kind.
const LOOK_MIN_SHARE: f64 = 0.9;
/// Integers with at most so many distinct values …
const CODE_MAX_DISTINCT: u64 = 20;
/// … each of them so frequent in the mean stand for categories, such as ratings.
const CODE_MIN_REPEATS: u64 = 10;
/// Texts that repeat with at most so many distinct values are categories, …
const CATEGORY_MAX_DISTINCT: u64 = 1_000;
/// … if these are at most this share of all values, or no more than …
const CATEGORY_MAX_DISTINCT_SHARE: f64 = 0.2;
/// … this many, in tables too short for shares.
const CATEGORY_MAX_FEW: u64 = 10;
/// Categories are names, not paragraphs.
const CATEGORY_MAX_MEAN_LENGTH: f64 = 100.0;

/// Infers what the values stand for, by the first rule that applies:
///
/// 1. *other*: nothing but nulls; lists, structs, binary.
/// 2. *constant*: at least two values, one distinct.
/// 3. *boolean*: the type; integers 0 and 1; texts of which 90 % are words of a pair such as yes/no.
/// 4. *date-time*: dates, date-times, times of day; texts of which 90 % read as such.
///    Durations are numbers.
/// 5. Texts of which 90 % look like it: *URL*, *e-mail*, *path*.
/// 6. *identifier*: integers or texts of which 99 % are distinct (at least 20 values), where the
///    integers step in one direction or the name says so, and 90 % of the texts are codes
///    (no space, a digit) or the name says so. With such a name 5 % distinct is enough.
/// 7. *category*: the type; integers with at most 20 distinct values that repeat ten times in the
///    mean; texts with at most 1000 distinct ones that are at most 20 % of all (or at most 10, fewer
///    than the values) and at most 100 characters long in the mean.
/// 8. *number*: other numbers, and texts of which 90 % are numbers. *Free text*: other texts.
pub(super) fn meaning_of(name: &str, column_type: ColumnType, found: &Found) -> Meaning {
    use ColumnType::*;
    let n = found.n_present();
    let n_distinct = found.distinct.count;
    let distinct_share = n_distinct as f64 / n.max(1) as f64;
    let looks = found.looks.unwrap_or_default();
    let looks_like = |count: u64| looks.n > 0 && looks.share(count) >= LOOK_MIN_SHARE;
    let named_id = is_id_name(name);
    let unique_enough = n >= MIN_N_UNIQUE
        && (distinct_share >= ID_MIN_DISTINCT_SHARE
            || named_id && distinct_share >= NAMED_ID_MIN_DISTINCT_SHARE);
    match column_type {
        List | Struct | Binary | Null => return Meaning::Other,
        _ if n == 0 => return Meaning::Other,
        _ if n >= 2 && n_distinct == 1 => return Meaning::Constant,
        Boolean => return Meaning::Boolean,
        Date | DateTime | Time => return Meaning::DateTime,
        Duration | Float | Decimal => return Meaning::Number,
        Category => {
            return if unique_enough && named_id {
                Meaning::Identifier
            } else {
                Meaning::Category
            };
        }
        Integer | Text => {}
    }
    if column_type == Integer {
        let range = found
            .numeric
            .as_ref()
            .map(|numeric| (numeric.min, numeric.max));
        let repeats = n_distinct <= CODE_MAX_DISTINCT && n >= CODE_MIN_REPEATS * n_distinct;
        return match found.order {
            _ if n_distinct == 2 && range == Some((0.0, 1.0)) => Meaning::Boolean,
            Order::Ascending | Order::Descending | Order::Consecutive if unique_enough => {
                Meaning::Identifier
            }
            _ if unique_enough && named_id => Meaning::Identifier,
            _ if repeats => Meaning::Category,
            _ => Meaning::Number,
        };
    }
    let mean_length = found.text.as_ref().map_or(0.0, |text| text.mean_length);
    let few = n_distinct <= CATEGORY_MAX_FEW && n_distinct < n;
    let repeats = n_distinct <= CATEGORY_MAX_DISTINCT
        && (distinct_share <= CATEGORY_MAX_DISTINCT_SHARE || few);
    if looks_like(looks.n_boolean) && n_distinct <= 4 {
        Meaning::Boolean
    } else if looks_like(looks.n_date) {
        Meaning::DateTime
    } else if looks_like(looks.n_url) {
        Meaning::Url
    } else if looks_like(looks.n_email) {
        Meaning::Email
    } else if looks_like(looks.n_path) {
        Meaning::Path
    } else if unique_enough
        && (named_id && looks.n_wordy == 0
            || looks_like(looks.n_code) && !looks_like(looks.n_number))
    {
        Meaning::Identifier
    } else if repeats && mean_length <= CATEGORY_MAX_MEAN_LENGTH {
        Meaning::Category
    } else if looks_like(looks.n_number) {
        Meaning::Number
    } else {
        Meaning::FreeText
    }
}

/// Whether a column's name ends (or begins) with a word for identifiers: `id`, `user_id`, `userId`,
/// `ID_2`, `row index`, and the unnamed first column that some programs write.
pub(super) fn is_id_name(name: &str) -> bool {
    const WORDS: [&str; 12] = [
        "id", "ids", "uid", "uuid", "guid", "key", "hash", "sha", "sha256", "md5", "index", "idx",
    ];
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && after_lower {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    let is_id = |word: Option<&String>| word.is_some_and(|word| WORDS.contains(&word.as_str()));
    let unnamed = words.first().is_none_or(|word| word == "unnamed");
    unnamed || is_id(words.first()) || is_id(words.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_identifiers_are_known() {
        for name in [
            "id",
            "user_id",
            "userId",
            "ID_2",
            "Row Index",
            "Unnamed: 0",
            "",
            "doc-uuid",
        ] {
            assert!(is_id_name(name), "{name:?}");
        }
        for name in [
            "paid", "idea", "identity", "width", "keyboard", "valid", "userIdea",
        ] {
            assert!(!is_id_name(name), "{name:?}");
        }
    }
}
