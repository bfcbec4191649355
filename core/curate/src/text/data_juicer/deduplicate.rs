//! Exact duplicates of documents, and the first of each cluster.

use std::borrow::Cow;
use std::collections::HashSet;

use md5::{Digest as _, Md5};

use crate::text::python;

/// What makes no difference between documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ignored {
    pub case: bool,
    /// White space, decimal digits of any script and ASCII punctuation.
    pub non_characters: bool,
}

/// MD5 of the text's UTF-8 without what is ignored and without white space at its ends.
///
/// The empty text has the MD5 of nothing. Source: Data-Juicer `document_deduplicator`.
pub fn document_md5(text: &str, ignored: Ignored) -> [u8; 16] {
    let text = if ignored.case {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    };
    let mut hash = Md5::new();
    if ignored.non_characters {
        for part in text.split(is_no_character) {
            hash.update(part);
        }
    } else {
        hash.update(python::strip(&text));
    }
    hash.finalize().into()
}

/// Indices of the items whose key no earlier item has.
pub fn first_of_each<K: std::hash::Hash + Eq>(keys: impl IntoIterator<Item = K>) -> Vec<usize> {
    let mut seen = HashSet::new();
    let keys = keys.into_iter().enumerate();
    keys.filter_map(|(idx, key)| seen.insert(key).then_some(idx))
        .collect()
}

fn is_no_character(c: char) -> bool {
    python::is_space(c) || python::is_decimal(c) || c.is_ascii_punctuation()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_inside_counts_unless_it_is_ignored() {
        let hash = |text, case, non_characters| {
            document_md5(
                text,
                Ignored {
                    case,
                    non_characters,
                },
            )
        };
        let plain = |text| hash(text, false, false);
        assert_eq!(plain(" a b\n"), plain("a b"));
        assert_ne!(plain("a b"), plain("ab"));
        assert_eq!(hash("A, b 1٣!", true, true), plain("ab"));
        assert_ne!(hash("a½", false, true), plain("a"));
    }
}
