//! The edits of texts that a person can choose, in one list.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::mappers::pattern::Substitution;
use super::mappers::sentences::{Repeats, remove_repeat_sentences};
use super::mappers::words::{INCORRECT_SUBSTRINGS, remove_words_with_incorrect_substrings};
use super::mappers::{characters, clean};

/// A text made of another.
pub struct Edit {
    pub name: &'static str,
    pub of: for<'a> fn(&'a str) -> Cow<'a, str>,
}

/// Every edit, with the defaults of Data-Juicer's mapper of the same purpose (1.4.3).
pub const EDITS: &[Edit] = &[
    Edit {
        name: "normalise_white_space",
        of: characters::whitespace_normalization,
    },
    Edit {
        name: "normalise_punctuation",
        of: characters::punctuation_normalization,
    },
    Edit {
        name: "remove_email_addresses",
        of: |text| apply(&EMAIL, text),
    },
    Edit {
        name: "remove_network_addresses",
        of: |text| apply(&NETWORK_ADDRESS, text),
    },
    Edit {
        name: "remove_links",
        of: |text| apply(&LINK, text),
    },
    Edit {
        name: "remove_copyright_notice",
        of: clean::copyright,
    },
    Edit {
        name: "remove_repeated_sentences",
        of: |text| {
            let repeats = Repeats {
                lowercase: false,
                ignore_special_character: true,
                min_repeat_sentence_length: 2,
            };
            remove_repeat_sentences(text, repeats).into()
        },
    },
    Edit {
        name: "remove_words_of_links",
        of: |text| remove_words_with_incorrect_substrings(text, INCORRECT_SUBSTRINGS).into(),
    },
];

/// Compiled once. `None` would mean a pattern of ours that does not compile, which the test below excludes.
static EMAIL: LazyLock<Option<Substitution>> =
    LazyLock::new(|| clean::cleaner(clean::EMAIL, None, "").ok());
static NETWORK_ADDRESS: LazyLock<Option<Substitution>> =
    LazyLock::new(|| clean::cleaner(clean::IP, None, "").ok());
static LINK: LazyLock<Option<Substitution>> =
    LazyLock::new(|| clean::cleaner(clean::LINK, None, "").ok());

fn apply<'a>(substitution: &Option<Substitution>, text: &'a str) -> Cow<'a, str> {
    match substitution {
        Some(substitution) => substitution.apply(text),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edit_does_what_its_name_says() {
        let edited = |name: &str, text: &str| {
            let edit = EDITS.iter().find(|edit| edit.name == name).unwrap();
            (edit.of)(text).into_owned()
        };
        for (name, text, expected) in [
            ("normalise_white_space", "a\u{2003}b ", "a b"),
            ("normalise_punctuation", "“a”，b", "\"a\",b"),
            ("remove_email_addresses", "to a.b@c.org now", "to  now"),
            ("remove_network_addresses", "at 10.0.0.1.", "at ."),
            ("remove_links", "see https://a.org/b c", "see  c"),
            ("remove_copyright_notice", "// mine\ncode", "code"),
            (
                "remove_repeated_sentences",
                "One two. One two. Three.",
                "One two. Three.",
            ),
            ("remove_words_of_links", "see www.a.com now", "see now"),
        ] {
            assert_eq!(edited(name, text), expected, "{name}");
            assert_eq!(edited(name, ""), "", "{name} of nothing");
        }
    }
}
