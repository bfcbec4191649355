//! Special characters at the ends of words.

use crate::text::data_juicer::special::is_special;

/// The word without special characters at its ends.
pub fn strip(word: &str) -> &str {
    word.trim_matches(is_special)
}
