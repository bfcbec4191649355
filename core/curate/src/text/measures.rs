//! The measures that a person can choose, in one list.

use std::num::NonZeroUsize;

use super::data_juicer::{characters, lines, repetition, words};

/// A number that one text has.
pub struct Measure {
    /// Name of the column, and of the choice.
    pub name: &'static str,
    pub of: fn(&str) -> f64,
}

/// Length of the runs that repetition is looked for in: Data-Juicer's default for characters and words.
const RUN: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9);

/// Every measure. Lengths count code points, shares are from 0 to 1; the definitions are Data-Juicer's (1.4.3).
pub const MEASURES: &[Measure] = &[
    Measure {
        name: "characters",
        of: characters::text_length,
    },
    Measure {
        name: "words",
        of: words::words_num,
    },
    Measure {
        name: "alphanumeric_share",
        of: characters::alphanumeric_ratio,
    },
    Measure {
        name: "special_character_share",
        of: characters::special_characters_ratio,
    },
    Measure {
        name: "mean_line_characters",
        of: lines::average_line_length,
    },
    Measure {
        name: "longest_line_characters",
        of: lines::maximum_line_length,
    },
    Measure {
        name: "character_repetition",
        of: |text| repetition::character_repetition_ratio(text, RUN),
    },
    Measure {
        name: "word_repetition",
        of: |text| repetition::word_repetition_ratio(text, RUN),
    },
];
