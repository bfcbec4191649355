//! The texts of a column on their way through a recipe.

use std::borrow::Cow;
use std::rc::Rc;

use sluice_table::TextColumn;

use super::cache::Key;
use super::{Member, Run};
use crate::operator::{Prepared, TextViews};

/// Texts of the rows whose text changed; `None` if no row's did.
pub type EditedTexts = Option<Rc<Vec<Option<Box<str>>>>>;

/// A column and what the members so far made of it.
#[derive(Clone)]
pub struct Lane {
    pub column: String,
    pub base: TextColumn,
    pub edited: EditedTexts,
    /// Names these texts by all that led to them.
    pub key: Key,
}

impl Lane {
    pub fn get(&self, row: usize) -> Option<&str> {
        let edited = self
            .edited
            .as_ref()
            .and_then(|edited| edited.get(row)?.as_deref());
        edited.or_else(|| self.base.get(row))
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.base.iter().enumerate().map(|(row, text)| {
            let edited = self
                .edited
                .as_ref()
                .and_then(|edited| edited.get(row)?.as_deref());
            edited.or(text)
        })
    }
}

impl Run {
    /// The text of a row as it reaches a member, or leaves the last one if there is no such member.
    pub(super) fn text_at(&self, row: usize, column: &str, member_idx: usize) -> Option<String> {
        let lane = self.lanes.iter().find(|lane| lane.column == column)?;
        let mut text = Cow::Borrowed(lane.base.get(row)?);
        for (member, judged) in self.members.iter().zip(&self.judged).take(member_idx) {
            if member.common.column != column {
                continue;
            }
            if let Some(decision) = &judged.decision {
                if let Some(cuts) = decision.cuts.get(row).filter(|cuts| !cuts.is_empty()) {
                    text = Cow::Owned(without(&text, cuts));
                }
                continue;
            }
            if let Some(new) = edited_by(member, &text) {
                text = Cow::Owned(new);
            }
        }
        Some(text.into_owned())
    }
}

/// The text that a member makes of one, if it is another.
pub fn edited_by(member: &Member, text: &str) -> Option<String> {
    match member.prepared()? {
        Prepared::Map(map) => match map.apply(text) {
            Cow::Borrowed(new) => (new != text).then(|| new.to_owned()),
            Cow::Owned(new) => (new != text).then_some(new),
        },
        Prepared::Filter(filter) if filter.rewrites() => filter
            .rewrite(&TextViews::new(text))
            .filter(|new| new != text),
        _ => None,
    }
}

/// A text without some of its parts; cuts inside of a character are left out.
pub fn without(text: &str, cuts: &[std::ops::Range<usize>]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for cut in cuts {
        left.push_str(text.get(at..cut.start).unwrap_or_default());
        at = cut.end.max(at);
    }
    left.push_str(text.get(at..).unwrap_or_default());
    left
}
