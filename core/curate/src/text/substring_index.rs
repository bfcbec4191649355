//! Which parts of rows repeat parts of others, for any set of rows.

use std::ops::Range;

use super::standing;
use super::substrings::{Copy, SubstringFinder};
use crate::operator::{DuplicateDecision, DuplicateIndex, IndexBuilder};

/// Windows that occur together wherever one of them occurs, at one place.
#[derive(Clone, Copy, Debug)]
struct Unit {
    group: u32,
    /// In the row.
    start: u32,
    /// Windows from one place of the group to the next.
    len: u32,
    /// Places that follow each other directly: more than one in a text that goes on repeating itself.
    n_places: u32,
    /// Bytes at the start and the end that are parts of characters cut off.
    lead: u8,
    tail: u8,
}

/// Cuts what an earlier row, or the same row before, has said, in pieces of at least so many bytes.
///
/// A window of `min_len` bytes goes if an equal one stands in a row before, or in the same row at least `min_len` bytes
/// before; what goes are all windows that do, without parts of characters at the ends.
pub struct SubstringIndex {
    min_len: usize,
    /// Exclusive ends in `units`, by row.
    ends: Vec<u32>,
    units: Vec<Unit>,
    n_groups: usize,
    /// Bytes of each row.
    lens: Vec<u32>,
}

/// Finds the index in small steps.
pub struct SubstringIndexBuilder {
    min_len: usize,
    finder: SubstringFinder,
}

impl SubstringIndexBuilder {
    /// Texts of less than 4 GB in all; those beyond take no part.
    pub fn new(texts: &[Option<&str>], min_len: usize) -> Self {
        // A cut loses up to 3 bytes at each end, and has to overlap the next.
        let min_len = min_len.max(8);
        let mut text = Vec::with_capacity(texts.iter().flatten().map(|text| text.len()).sum());
        let mut ends = Vec::with_capacity(texts.len());
        for row in texts {
            let row = row.unwrap_or_default().as_bytes();
            if text.len() + row.len() < u32::MAX as usize {
                text.extend_from_slice(row);
            }
            ends.push(text.len() as u32);
        }
        Self {
            min_len,
            finder: SubstringFinder::new(text, ends, min_len),
        }
    }
}

/// About a millisecond.
const BYTES_PER_STEP: usize = 100_000;

impl IndexBuilder for SubstringIndexBuilder {
    fn step(&mut self) -> bool {
        self.finder.step(BYTES_PER_STEP)
    }

    fn share_done(&self) -> f64 {
        self.finder.share_done()
    }

    fn finish(self: Box<Self>) -> Box<dyn DuplicateIndex> {
        let (text, row_ends, copies) = self.finder.finish();
        Box::new(SubstringIndex::new(&text, &row_ends, &copies, self.min_len))
    }
}

impl SubstringIndex {
    fn new(text: &[u8], row_ends: &[u32], copies: &[Copy], min_len: usize) -> Self {
        // Where any copy begins or ends, told of the first of the kind: between two such places, windows occur together.
        let mut bounds: Vec<u32> = copies
            .iter()
            .flat_map(|copy| [copy.canon, copy.canon + copy.len])
            .collect();
        bounds.sort_unstable();
        bounds.dedup();
        let mut firsts = vec![false; bounds.len()];
        // Group, start and length, of copies and of what they copy.
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        for copy in copies {
            let from = bounds.partition_point(|bound| *bound < copy.canon);
            for (group, pair) in bounds.windows(2).enumerate().skip(from) {
                let [start, end] = *pair else { continue };
                if start >= copy.canon + copy.len {
                    break;
                }
                if let Some(is_first) = firsts.get_mut(group) {
                    *is_first = true;
                }
                found.push((copy.start + (start - copy.canon), group as u32, end - start));
            }
        }
        for (group, (pair, is_copied)) in bounds.windows(2).zip(&firsts).enumerate() {
            if let ([start, end], true) = (pair, is_copied) {
                found.push((*start, group as u32, end - start));
            }
        }
        found.sort_unstable();

        let mut index = Self {
            min_len,
            ends: Vec::with_capacity(row_ends.len()),
            units: Vec::with_capacity(found.len()),
            n_groups: bounds.len(),
            lens: Vec::with_capacity(row_ends.len()),
        };
        let mut found = found.into_iter().peekable();
        let mut row_start = 0;
        for row_end in row_ends {
            let first = index.units.len();
            while let Some((start, group, len)) = found.next_if(|(start, ..)| start < row_end) {
                let start = start - row_start;
                match index.units.get_mut(first..).and_then(<[Unit]>::last_mut) {
                    Some(last)
                        if last.group == group
                            && last.start + last.n_places * last.len == start =>
                    {
                        last.n_places += 1;
                    }
                    _ => index.units.push(Unit {
                        group,
                        start,
                        len,
                        n_places: 1,
                        lead: 0,
                        tail: 0,
                    }),
                }
            }
            let row = text
                .get(row_start as usize..*row_end as usize)
                .unwrap_or_default();
            for unit in index.units.iter_mut().skip(first) {
                let (start, end) = (unit.start as usize, unit.end(min_len));
                unit.lead = inside_character(row, start, 1);
                unit.tail = inside_character(row, end, -1);
            }
            index.ends.push(index.units.len() as u32);
            index.lens.push(row_end - row_start);
            row_start = *row_end;
        }
        index
    }

    fn units(&self, row: usize) -> &[Unit] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.map_or(0, |start| *start as usize);
        let end = self.ends.get(row).map_or(start, |end| *end as usize);
        self.units.get(start..end).unwrap_or_default()
    }
}

impl Unit {
    /// Exclusive end in the row of its last window.
    fn end(self, min_len: usize) -> usize {
        self.start as usize + self.len as usize * self.n_places as usize - 1 + min_len
    }
}

/// Bytes from a place to the next character boundary in a direction.
fn inside_character(row: &[u8], at: usize, direction: isize) -> u8 {
    (0..3)
        .take_while(|n| {
            let at = at.checked_add_signed(*n * direction);
            let byte = at.and_then(|at| row.get(at));
            byte.is_some_and(|byte| byte & 0xc0 == 0x80)
        })
        .count() as u8
}

impl DuplicateIndex for SubstringIndex {
    fn decide(&self, alive: &[bool], rank: Option<&[f64]>) -> DuplicateDecision {
        const NOT_SEEN: u32 = u32::MAX;
        let mut first_places = vec![(NOT_SEEN, 0); self.n_groups];
        let mut decision = DuplicateDecision::untouched(alive.len());
        for row in standing::order(alive, rank) {
            let at = row as usize;
            let mut cuts: Vec<Range<usize>> = Vec::new();
            let mut like = row;
            for unit in self.units(at) {
                let Some(first) = first_places.get_mut(unit.group as usize) else {
                    continue;
                };
                if first.0 == NOT_SEEN {
                    *first = (row, unit.start);
                }
                // In the row itself, a window must not overlap the one it repeats.
                let mut start = unit.start as usize;
                if first.0 == row {
                    let allowed = first.1 as usize + self.min_len;
                    let n_kept = allowed
                        .saturating_sub(start)
                        .div_ceil(unit.len.max(1) as usize);
                    if n_kept >= unit.n_places as usize {
                        continue;
                    }
                    start += n_kept * unit.len as usize;
                } else if like == row {
                    like = first.0;
                }
                let start = start + usize::from(unit.lead);
                let end = unit.end(self.min_len) - usize::from(unit.tail);
                match cuts.last_mut() {
                    Some(last) if start <= last.end => last.end = last.end.max(end),
                    _ => cuts.push(start..end),
                }
            }
            let n_cut: usize = cuts.iter().map(Range::len).sum();
            let n_bytes = self.lens.get(at).map_or(0, |len| *len as usize);
            if n_bytes > 0 {
                decision.cut(row, cuts, n_bytes, (n_cut == n_bytes).then_some(like));
            }
        }
        decision
    }
}

#[cfg(test)]
#[expect(
    clippy::single_range_in_vec_init,
    reason = "a list of one range is meant"
)]
mod tests {
    use std::collections::HashMap;

    use sluice_stats::hash::hash_u64;

    use super::*;

    fn index(texts: &[&str], min_len: usize, n_bytes: usize) -> Box<dyn DuplicateIndex> {
        let texts: Vec<_> = texts.iter().map(|text| Some(*text)).collect();
        let mut builder = Box::new(SubstringIndexBuilder::new(&texts, min_len));
        while builder.finder.step(n_bytes) {
            assert!((0.0..=1.0).contains(&builder.share_done()));
        }
        builder.finish()
    }

    /// By the definition: every window against the first equal one, in the order given.
    fn expected(texts: &[&str], min_len: usize, order: &[usize]) -> Vec<Vec<Range<usize>>> {
        let mut firsts: HashMap<&[u8], (usize, usize)> = HashMap::new();
        let mut all = vec![Vec::new(); texts.len()];
        for row in order {
            let bytes = texts[*row].as_bytes();
            let mut goes = vec![false; bytes.len()];
            for (at, window) in bytes.windows(min_len).enumerate() {
                let first = *firsts.entry(window).or_insert((*row, at));
                if first.0 != *row || at >= first.1 + min_len {
                    goes[at..at + min_len].fill(true);
                }
            }
            let mut at = 0;
            for run in goes.chunk_by(|a, b| a == b) {
                let (mut start, mut end) = (at, at + run.len());
                at = end;
                if run[0] {
                    while !texts[*row].is_char_boundary(start) {
                        start += 1;
                    }
                    while !texts[*row].is_char_boundary(end) {
                        end -= 1;
                    }
                    all[*row].push(start..end);
                }
            }
        }
        all
    }

    #[test]
    fn cuts_are_those_of_the_definition() {
        let alphabets: [&[char]; 4] = [
            &['a'],
            &['a', 'b'],
            &['a', 'é', '語'],
            &['a', 'b', 'c', '😀', 'é'],
        ];
        for case in 0..1500_u64 {
            let mut state = case << 32;
            let mut draw = |n: u64| {
                state += 1;
                (hash_u64(state) >> 20) % n
            };
            let alphabet = alphabets[draw(4) as usize];
            let mut rows: Vec<String> = Vec::new();
            for _ in 0..1 + draw(6) {
                let mut row = String::new();
                for _ in 0..draw(5) {
                    if draw(2) == 0 && !rows.is_empty() {
                        // A part of an earlier row.
                        let of = &rows[draw(rows.len() as u64) as usize];
                        let skip = draw(20) as usize;
                        row.extend(of.chars().skip(skip).take(draw(60) as usize));
                    } else {
                        let n = draw(40);
                        row.extend((0..n).map(|_| alphabet[draw(alphabet.len() as u64) as usize]));
                    }
                }
                rows.push(row);
            }
            let texts: Vec<&str> = rows.iter().map(String::as_str).collect();
            let min_len = 8 + draw(10) as usize;
            let index = index(&texts, min_len, 1 + draw(50) as usize);
            let rank: Vec<f64> = rows.iter().map(|_| draw(3) as f64).collect();
            let alive: Vec<bool> = rows.iter().map(|_| draw(4) > 0).collect();
            let mut order: Vec<usize> = (0..rows.len()).filter(|row| alive[*row]).collect();
            order.sort_by(|a, b| rank[*a].total_cmp(&rank[*b]));
            let all: Vec<usize> = (0..rows.len()).collect();
            for (alive, rank, order) in [
                (vec![true; rows.len()], None, all),
                (alive, Some(&rank[..]), order),
            ] {
                let decision = index.decide(&alive, rank);
                for (row, mut cuts) in expected(&texts, min_len, &order).into_iter().enumerate() {
                    let n_cut: usize = cuts.iter().map(Range::len).sum();
                    let whole = n_cut == texts[row].len() && n_cut > 0;
                    assert_eq!(decision.removed[row], whole, "case {case} row {row}");
                    if whole {
                        cuts.clear();
                    }
                    cuts.retain(|cut| !cut.is_empty());
                    assert_eq!(
                        decision.cuts[row], cuts,
                        "case {case} row {row} of {texts:?} {min_len}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_row_that_only_repeats_stands_for_nothing() {
        let texts = ["x-0123456789-y", "0123456789", "", "z0123456789"];
        let decision = index(&texts, 10, 1000).decide(&[true; 4], None);
        assert_eq!(decision.removed, [false, true, false, false]);
        assert_eq!(decision.stands_for, [0, 0, 2, 3]);
        assert_eq!(decision.cuts[3], [1..11]);
        assert_eq!(decision.similarity[3], 10.0 / 11.0);
    }

    #[test]
    fn a_long_text_of_one_letter_is_no_problem() {
        let long = "a".repeat(1_000_000);
        let decision = index(&[&long], 100, 100_000).decide(&[true], None);
        assert_eq!(decision.cuts[0], [100..1_000_000]);
    }
}
