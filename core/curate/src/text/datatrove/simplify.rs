//! The form of a text in which near duplicates are looked for.

use super::punctuation::is_listed;
use crate::text::python::{is_decimal, is_space, strip};
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// What [`simplify_text`] does, in this order.
#[derive(Clone, Debug)]
pub struct Simplification {
    pub lowercases: bool,
    /// Numbers, with their decimals, become `0`.
    pub replaces_numbers: bool,
    /// English names of days in lower case become `WEEKDAY`.
    pub replaces_weekdays: bool,
    /// English names of months in lower case become `MONTH`.
    pub replaces_months: bool,
    /// Punctuation becomes a space.
    pub removes_punctuation: bool,
    /// White space becomes one space.
    pub joins_white_space: bool,
    /// Letters lose their diacritics.
    pub removes_diacritics: bool,
}

impl Simplification {
    /// The defaults of DataTrove.
    pub const USUAL: Self = Self {
        lowercases: true,
        replaces_numbers: true,
        replaces_weekdays: false,
        replaces_months: false,
        removes_punctuation: true,
        joins_white_space: true,
        removes_diacritics: true,
    };
}

/// A text without the differences that near duplicates often have; stripped in any case.
///
/// # Source
///
/// DataTrove 0.10.1, `simplify_text`.
pub fn simplify_text(text: &str, steps: &Simplification) -> String {
    let mut text = if steps.lowercases {
        text.to_lowercase()
    } else {
        text.to_owned()
    };
    if steps.replaces_numbers {
        text = without_numbers(&text);
    }
    if steps.replaces_weekdays {
        text = with_names_replaced(&text, &WEEKDAYS, "WEEKDAY");
    }
    if steps.replaces_months {
        text = with_names_replaced(&text, &MONTHS, "MONTH");
    }
    if steps.removes_punctuation {
        text = text
            .chars()
            .map(|c| if is_listed(c) { ' ' } else { c })
            .collect();
    }
    if steps.joins_white_space {
        text = with_white_space_joined(strip(&text));
    }
    if steps.removes_diacritics && !text.is_ascii() {
        text = text
            .nfd()
            .filter(|c| c.general_category() != GeneralCategory::NonspacingMark)
            .collect();
    }
    strip(&text).to_owned()
}

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Each run of decimal digits, with a decimal separator and a second run if they follow, as `0`.
fn without_numbers(text: &str) -> String {
    let mut simple = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_decimal) {
        simple.push_str(&rest[..start]);
        simple.push('0');
        let after = rest[start..].trim_start_matches(is_decimal);
        let decimals = after.strip_prefix(['.', ',', '،', '٫', '⎖', '⎗', '⎘']);
        rest = match decimals.filter(|decimals| decimals.starts_with(is_decimal)) {
            Some(decimals) => decimals.trim_start_matches(is_decimal),
            None => after,
        };
    }
    simple + rest
}

fn with_names_replaced(text: &str, names: &[&str], replacement: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = names.iter().find_map(|name| rest.strip_prefix(name)) {
            replaced.push_str(replacement);
            rest = after;
        } else {
            replaced.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    replaced
}

fn with_white_space_joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut follows_space = false;
    for c in text.chars() {
        let is_space = is_space(c);
        if !is_space {
            joined.push(c);
        } else if !follows_space {
            joined.push(' ');
        }
        follows_space = is_space;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_simplified() {
        let check = |text: &str, expected: &str| {
            assert_eq!(simplify_text(text, &Simplification::USUAL), expected);
        };
        check("|$17.56||1|\n|$15.37||2599|", "0 0 0 0");
        check("1,234.56 ٣٫٥ 7.", "0 0 0 0");
        check("Été à l'Ångström", "ete a l angstrom");
        check(" \n", "");
        let names = Simplification {
            replaces_weekdays: true,
            replaces_months: true,
            ..Simplification::USUAL
        };
        assert_eq!(simplify_text("Monday in May", &names), "WEEKDAY in MONTH");
    }
}
