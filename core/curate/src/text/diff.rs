//! What an edit did to a text, word by word.

use similar::{ChangeTag, TextDiff};

/// A part of either text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    Same(&'t str),
    Removed(&'t str),
    Added(&'t str),
}

/// The pieces that make up both texts, in order: all but the added ones are `before`, all but the removed ones `after`.
///
/// Time grows with length times the number of changes; callers bound the length.
pub fn pieces<'t>(before: &'t str, after: &'t str) -> Vec<Piece<'t>> {
    let changes = TextDiff::from_words(before, after);
    let mut pieces: Vec<Piece<'t>> = Vec::new();
    for change in changes.iter_all_changes() {
        let text = change.value();
        pieces.push(match change.tag() {
            ChangeTag::Equal => Piece::Same(text),
            ChangeTag::Delete => Piece::Removed(text),
            ChangeTag::Insert => Piece::Added(text),
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_up_both_texts() {
        let check = |before: &str, after: &str| {
            let pieces = pieces(before, after);
            let side = |is_before: bool| -> String {
                let texts = pieces.iter().filter_map(|piece| match piece {
                    Piece::Same(text) => Some(*text),
                    Piece::Removed(text) => is_before.then_some(*text),
                    Piece::Added(text) => (!is_before).then_some(*text),
                });
                texts.collect()
            };
            assert_eq!((side(true).as_str(), side(false).as_str()), (before, after));
        };
        check("", "");
        check("mail a@b.example now", "mail now");
        check("one  two\u{3000}three", "one two three");
        check("语言 模型", "语言、模型");
    }
}
