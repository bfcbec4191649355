//! In which languages the texts of a column are written, from a sample.

use std::collections::BTreeMap;

use polars_arrow::array::Utf8ViewArray;
use sluice_protocol::profile::{ColumnProfile, Meaning};

use super::{FullPart, Rows};
use crate::TableError;
use crate::profile::pace::Pacer;
use crate::profile::scan::{Present, SLICE_ROWS, Scan};

/// Texts tested at most, evenly spaced over the column: a share is known to about ±2 %.
const MAX_TESTED: u64 = 2_000;

/// Code points of a text that are looked at; more do not change the verdict.
const MAX_CODE_POINTS: usize = 500;

/// Below so many code points trigrams say little.
const MIN_CODE_POINTS: usize = 20;

/// Tells the language of a text.
pub(crate) trait LanguageIdentifier {
    /// The English name of the language; `None` if the verdict is unreliable.
    fn language_of(&self, text: &str) -> Option<&'static str>;
}

/// Trigrams and alphabets of 69 languages.
///
/// # Source
///
/// The `whatlang` crate, after Cavnar and Trenkle, “N-gram-based text categorization”, 1994.
pub(crate) struct Whatlang;

impl LanguageIdentifier for Whatlang {
    fn language_of(&self, text: &str) -> Option<&'static str> {
        let found = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
        Some(found.lang().eng_name())
    }
}

/// Texts that are sentences rather than names or codes.
pub(super) fn is_worth_testing(column: &ColumnProfile) -> bool {
    let long_enough = |mean_length: f64| mean_length >= MIN_CODE_POINTS as f64;
    column.meaning == Meaning::FreeText
        && column
            .text
            .as_ref()
            .is_some_and(|text| long_enough(text.mean_length))
}

pub(super) async fn languages(
    rows: Rows<'_>,
    column: &ColumnProfile,
    pacer: &mut Pacer<'_>,
) -> Result<FullPart, TableError> {
    let series = rows.table.column(&column.name)?.as_materialized_series();
    let scan = Scan {
        chunks: series.chunks(),
        selection: rows.selection,
        slice_rows: SLICE_ROWS,
    };
    let step = (column.n - column.nulls).div_ceil(MAX_TESTED).max(1);
    let mut present = Present::default();
    let mut n_of_language: BTreeMap<&str, u64> = BTreeMap::new();
    let mut n_tested = 0;
    let mut n_before = 0;
    for slice in scan.slices() {
        present.find(&slice, scan.selection);
        let end = n_before + present.len() as u64;
        if let Some(array) = slice.array.as_any().downcast_ref::<Utf8ViewArray>() {
            for ordinal in (n_before.next_multiple_of(step)..end).step_by(step as usize) {
                let position = present.position((ordinal - n_before) as usize);
                let language = verdict(&Whatlang, array.value(slice.start + position));
                *n_of_language.entry(language).or_default() += 1;
                n_tested += 1;
                pacer.spend(1, 100_000).await?;
            }
        }
        n_before = end;
        pacer.spend(slice.len, 1).await?;
    }
    let mut languages: Vec<(String, f64)> = n_of_language
        .into_iter()
        .map(|(language, n)| (language.to_owned(), n as f64 / n_tested as f64))
        .collect();
    // Stable: equal shares stay in alphabetical order.
    languages.sort_by(|a, b| b.1.total_cmp(&a.1));
    Ok(FullPart::Languages {
        column: column.name.clone(),
        languages,
        n_tested,
    })
}

fn verdict(identifier: &dyn LanguageIdentifier, text: &str) -> &'static str {
    let text = text.trim();
    let mut ends = text.char_indices().map(|(start, _)| start);
    if ends.nth(MIN_CODE_POINTS - 1).is_none() {
        return "too short";
    }
    let end = ends
        .nth(MAX_CODE_POINTS - MIN_CODE_POINTS)
        .unwrap_or(text.len());
    identifier.language_of(&text[..end]).unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_apart() {
        for (text, expected) in [
            (
                "This is a sentence which has enough words for the language to be clear.",
                "English",
            ),
            (
                "Das ist ein Satz mit genug gewöhnlichen Wörtern, damit die Sprache klar ist.",
                "German",
            ),
            (
                "Съешь же ещё этих мягких французских булок, да выпей чаю",
                "Russian",
            ),
            ("  too short  ", "too short"),
            ("", "too short"),
            ("1234567890 1234567890 1234567890", "unknown"),
        ] {
            assert_eq!(verdict(&Whatlang, text), expected, "{text:?}");
        }
        let long = "Il pleut sur la ville comme il pleut dans mon cœur. ".repeat(100);
        assert_eq!(verdict(&Whatlang, &long), "French");
    }
}
