//! Columns of texts.
//!
//! Lengths, empties, distinct and frequent values are exact. Kinds of characters are counted on at
//! most [`MAX_CLASS_TEXTS`] texts, looks on at most [`MAX_LOOKED_AT`], both evenly spaced over the
//! texts in row order.

use std::collections::BTreeMap;

use polars_arrow::array::Utf8ViewArray;
use sluice_protocol::load::ColumnType;
use sluice_protocol::profile::TextProfile;
use sluice_stats::text_stats::{CharClass, N_CLASSES, TextStats};

use super::count::ValueCounter;
use super::edges::{Shape, bins_for};
use super::found::Found;
use super::hashed::recount;
use super::looks::Looks;
use super::numbers::PROBS;
use super::pace::Pacer;
use super::row_hash::append_hashes;
use super::scan::{Present, SLICE_ROWS, Scan, Slice};
use super::tally::Tally;
use crate::TableError;

/// Texts whose characters are classified at most.
const MAX_CLASS_TEXTS: u64 = 100_000;

/// Bytes whose characters are classified at most (about): 5 ms.
const MAX_CLASS_BYTES: u64 = 4 << 20;

/// Texts at most that are tried as numbers, dates, addresses and so on.
const MAX_LOOKED_AT: u64 = 2_000;

/// Bytes of text in one slice (about): hashing them takes below 1 ms.
const SLICE_BYTES: u64 = 1 << 20;

/// Lengths below are counted in a plain table.
const N_SHORT_LENGTHS: usize = 1 << 12;

/// Profiles a text column.
pub(super) async fn profile_texts(
    mut scan: Scan<'_>,
    pacer: &mut Pacer<'_>,
) -> Result<Found, TableError> {
    let n_rows: u64 = scan.chunks.iter().map(|chunk| chunk.len() as u64).sum();
    let n_bytes: u64 = (scan.chunks.iter())
        .filter_map(|chunk| texts(chunk.as_ref()))
        .map(|texts| texts.total_bytes_len() as u64)
        .sum();
    let n_slice_rows = (SLICE_BYTES * n_rows / n_bytes.max(1)).clamp(1, SLICE_ROWS as u64);
    scan.slice_rows = scan.slice_rows.min(n_slice_rows as usize);

    let mut found = Found::default();
    let mut lengths = Lengths::new();
    let mut counter = ValueCounter::new();
    let (mut present, mut hashes) = (Present::default(), Vec::new());
    for slice in scan.slices() {
        present.find(&slice, scan.selection);
        found.n += present.n_selected() as u64;
        found.nulls += present.n_nulls() as u64;
        hashes.clear();
        append_hashes(slice.array, slice.start, slice.len, &mut hashes);
        counter.update(&hashes, &present, slice.first_row);
        let n_bytes = lengths.update(&slice, &present);
        pacer.spend(slice.len, 20).await?;
        pacer.spend(n_bytes, 1).await?;
    }
    let counted = counter.finish(pacer).await?;
    found.set_counted(recount(scan, counted, pacer).await?);
    found.empties = lengths.n_blank;

    let n = found.n_present();
    if n == 0 {
        return Ok(found);
    }
    let mean_bytes = lengths.n_bytes.div_ceil(n).max(1);
    let n_classed = MAX_CLASS_TEXTS
        .min(MAX_CLASS_BYTES.div_ceil(mean_bytes))
        .max(1);
    let (class_step, look_step) = (n.div_ceil(n_classed), n.div_ceil(MAX_LOOKED_AT));
    let mut stats = TextStats::new();
    let mut looks = Looks::default();
    let mut n_before = 0;
    for slice in scan.slices() {
        present.find(&slice, scan.selection);
        let end = n_before + present.len() as u64;
        let mut n_bytes = 0;
        let mut each = |step: u64, visit: &mut dyn FnMut(&str)| {
            for ordinal in (n_before.next_multiple_of(step)..end).step_by(step as usize) {
                if let Some(text) = text_at(&slice, present.position((ordinal - n_before) as usize))
                {
                    n_bytes += text.len();
                    visit(text);
                }
            }
        };
        each(class_step, &mut |text| {
            stats.update(text);
        });
        each(look_step, &mut |text| looks.update(text));
        n_before = end;
        pacer.spend(n_bytes, 2).await?;
    }
    looks.set_damage(&stats);
    found.looks = Some(looks);
    found.text = Some(lengths.profile(n, &stats)?);
    Ok(found)
}

fn texts(array: &dyn polars_arrow::array::Array) -> Option<&Utf8ViewArray> {
    array.as_any().downcast_ref()
}

fn text_at<'a>(slice: &Slice<'a>, position: usize) -> Option<&'a str> {
    texts(slice.array).map(|array| array.value(slice.start + position))
}

/// Lengths in code points.
struct Lengths {
    n_of_short: Vec<u64>,
    n_of_long: BTreeMap<u64, u64>,
    n_bytes: u64,
    /// Empty or of white space only.
    n_blank: u64,
}

impl Lengths {
    fn new() -> Self {
        Self {
            n_of_short: vec![0; N_SHORT_LENGTHS],
            n_of_long: BTreeMap::new(),
            n_bytes: 0,
            n_blank: 0,
        }
    }

    /// Returns the number of bytes that it has read.
    fn update(&mut self, slice: &Slice<'_>, present: &Present) -> usize {
        let Some(array) = texts(slice.array) else {
            return 0;
        };
        let views = &array.views()[slice.start..slice.start + slice.len];
        let mut n_bytes = 0;
        present.for_each(|position| {
            let view = views[position];
            n_bytes += view.length as usize;
            let text = || array.value(slice.start + position);
            let (n_code_points, first_byte) = if view.is_inline() {
                let bytes = view.as_u128() >> 32;
                (view.length as usize - n_continuations(bytes), bytes as u8)
            } else {
                let text = text();
                let n = if text.is_ascii() {
                    text.len()
                } else {
                    text.chars().count()
                };
                (n, text.as_bytes().first().copied().unwrap_or_default())
            };
            match self.n_of_short.get_mut(n_code_points) {
                Some(n) => *n += 1,
                None => *self.n_of_long.entry(n_code_points as u64).or_default() += 1,
            }
            // White space is a control character, a blank or beyond ASCII.
            let may_be_blank = first_byte <= b' ' || first_byte >= 0x80;
            self.n_blank += u64::from(may_be_blank && text().trim_start().is_empty());
        });
        self.n_bytes += n_bytes as u64;
        n_bytes
    }

    /// `n` texts, at least one.
    fn profile(&self, n: u64, stats: &TextStats) -> Result<TextProfile, TableError> {
        let short = (0..)
            .zip(self.n_of_short.iter().copied())
            .filter(|&(_, count)| count > 0);
        let long = self
            .n_of_long
            .iter()
            .map(|(&length, &count)| (length, count));
        let counts: Vec<(u64, u64)> = short.chain(long).collect();
        let (min, max) = match (counts.first(), counts.last()) {
            (Some(&(min, _)), Some(&(max, _))) => (min, max),
            _ => (0, 0),
        };
        let n_code_points: u64 = counts.iter().map(|(length, count)| length * count).sum();
        let tally = Tally::new(
            counts
                .iter()
                .map(|&(length, n)| (length as f64, n))
                .collect(),
        );
        let shape = Shape::of_counts(n, min as f64, max as f64);
        let bins = bins_for(ColumnType::Integer, &shape)?;
        let n_classed: u64 = stats.n_of_class.iter().sum();
        let share = |class: usize| stats.n_of_class[class] as f64 / n_classed.max(1) as f64;
        Ok(TextProfile {
            min_length: min,
            max_length: max,
            mean_length: n_code_points as f64 / n as f64,
            length_quantiles: PROBS.into_iter().zip(tally.quantiles(&PROBS)).collect(),
            length_histogram: bins.map(|bins| tally.histogram(&bins)),
            character_classes: CLASS_NAMES
                .into_iter()
                .map(|(class, name)| (name.to_owned(), share(class as usize)))
                .collect(),
            n_class_tested: stats.n_texts,
            languages: None,
            n_language_tested: 0,
        })
    }
}

const CLASS_NAMES: [(CharClass, &str); N_CLASSES] = [
    (CharClass::Letter, "letter"),
    (CharClass::Number, "digit"),
    (CharClass::Whitespace, "space"),
    (CharClass::Punctuation, "punctuation"),
    (CharClass::Control, "control"),
    (CharClass::Emoji, "emoji"),
    (CharClass::Other, "other"),
];

/// Number of bytes 10xxxxxx, of which UTF-8 has one for each byte of a character but its first.
#[inline]
fn n_continuations(bytes: u128) -> usize {
    const TOP_BITS: u128 = u128::from_ne_bytes([0x80; 16]);
    (bytes & !(bytes << 1) & TOP_BITS).count_ones() as usize
}
