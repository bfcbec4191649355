//! Dolma's taggers of repeated text: a unit and at least three further copies, white space allowed between copies.
//!
//! The definition is the regular expression `(.+?)(\s?\1){3,}` of Dolma 1.2.1 (`taggers/repetitions`), Apache-2.0,
//! whose direct evaluation is quadratic. Here every pair of copies is found as a stretch of text that equals itself a
//! little further on: of each such stretch some multiple of its least length is tried, so that a text of n characters
//! needs about n·ln n comparisons of single bytes, and hashes make long stretches cheap.

use super::spans::{Span, paragraphs};
use crate::text::python;

/// `repetitions_v1`: a span per repetition with the number of its copies, then the greatest of these, the greatest
/// length, and the share of the text that is repetition; 0 without any.
pub fn repetitions_v1(text: &str) -> Vec<Span> {
    with_summary(repetitions(text, 0), python::len(text))
}

/// `paragraph_repetitions_v1`: the same, with repetitions looked for in each paragraph alone.
pub fn paragraph_repetitions_v1(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for paragraph in paragraphs(text) {
        found.extend(repetitions(paragraph, start));
        start += python::len(paragraph);
    }
    with_summary(found, start)
}

fn with_summary(mut found: Vec<Span>, n_chars: usize) -> Vec<Span> {
    let lengths = found.iter().map(|span| span.end - span.start);
    let covered: usize = lengths.clone().sum();
    let longest = lengths.max().unwrap_or(0);
    let most_copies = found
        .iter()
        .fold(0.0, |most: f64, span| most.max(span.score));
    let share = covered as f64 / n_chars.max(1) as f64;
    found.push(Span::of_text(
        n_chars,
        "doc_max_score_repetition",
        most_copies,
    ));
    found.push(Span::of_text(
        n_chars,
        "doc_max_length_repetition",
        longest as f64,
    ));
    found.push(Span::of_text(n_chars, "doc_frac_repetition", share));
    found
}

fn repetitions(text: &str, offset: usize) -> Vec<Span> {
    let chars: Vec<char> = text.chars().collect();
    let longest_line = chars
        .split(|c| *c == '\n')
        .map(<[char]>::len)
        .max()
        .unwrap_or(0);
    let longest_unit = longest_line.min(chars.len() / 4);
    if longest_unit == 0 {
        return Vec::new();
    }
    let text = HashedText::new(chars);
    let mut candidates = text.near_copies(longest_unit + 1).into_iter().peekable();
    // Distance to the next copy and exclusive end of the stretch, for the stretches that cover `at`, by distance.
    let mut distances: Vec<(usize, usize)> = Vec::new();
    let mut found = Vec::new();
    let mut at = 0;
    let mut line_end = text.line_end(0);
    while at < text.chars.len() {
        while let Some(stretch) = candidates.next_if(|stretch| stretch.start <= at) {
            if stretch.end > at {
                match distances.binary_search_by_key(&stretch.distance, |(distance, _)| *distance) {
                    Ok(idx) => distances[idx].1 = stretch.end.max(distances[idx].1),
                    Err(idx) => distances.insert(idx, (stretch.distance, stretch.end)),
                }
            }
        }
        distances.retain(|(_, end)| *end > at);
        if distances.is_empty() {
            let Some(next) = candidates.peek() else {
                break;
            };
            at = next.start;
            continue;
        }
        if line_end < at {
            line_end = text.line_end(at);
        }
        let units = distances
            .iter()
            .flat_map(|(distance, _)| [distance - 1, *distance]);
        // A unit stays within its line, and the units rise.
        let shortest = units
            .take_while(|n_unit| at + n_unit <= line_end)
            .find_map(|n_unit| Some((n_unit, text.repetition_end(at, n_unit)?)));
        let Some((n_unit, end)) = shortest else {
            at += 1;
            continue;
        };
        let n_copies = count_copies(&text.chars[at..end], &text.chars[at..at + n_unit]);
        found.push(Span::new(
            offset + at,
            offset + end,
            "repetition",
            n_copies as f64,
        ));
        at = end;
    }
    found
}

/// Copies of `unit` in `text` that do not overlap, from the left.
fn count_copies(text: &[char], unit: &[char]) -> usize {
    let (text, unit): (String, String) = (text.iter().collect(), unit.iter().collect());
    text.matches(&unit).count()
}

/// A range of positions from each of which at least `distance - 1` characters equal those `distance` further on.
struct Stretch {
    start: usize,
    /// Exclusive.
    end: usize,
    distance: usize,
}

/// Modulus of the hashes: the Mersenne prime 2⁶¹ − 1.
const MODULUS: u64 = (1 << 61) - 1;

/// Any base above the largest character works; a hash of m characters collides with probability m / 2⁶¹.
const BASE: u64 = 0x1F3D_5B79_A3C1_E847 % MODULUS;

/// Up to this many characters are compared one by one before hashes are.
const DIRECT: usize = 16;

/// Characters of which the marks of [`HashedText`] tell something.
const MARKED: usize = 8;

struct HashedText {
    chars: Vec<char>,
    /// Hash of the first i characters.
    prefixes: Vec<u64>,
    powers: Vec<u64>,
    /// A byte of a hash of the [`MARKED`] characters from i on: small enough to stay near the processor, where the
    /// characters of a long text do not.
    marks: Vec<u8>,
}

impl HashedText {
    fn new(chars: Vec<char>) -> Self {
        let (mut prefixes, mut powers) = (vec![0], vec![1]);
        let (mut prefix, mut power) = (0, 1);
        for c in &chars {
            prefix = (multiply(prefix, BASE) + u64::from(u32::from(*c)) + 1) % MODULUS;
            power = multiply(power, BASE);
            prefixes.push(prefix);
            powers.push(power);
        }
        let mark = |window: &[char]| {
            let hash = window.iter().fold(0_u32, |hash, c| {
                hash.wrapping_mul(0x9E37_79B1)
                    .wrapping_add(u32::from(*c) + 1)
            });
            (hash.wrapping_mul(0x85EB_CA6B) >> 24) as u8
        };
        let marks = chars.windows(MARKED).map(mark).collect();
        Self {
            chars,
            prefixes,
            powers,
            marks,
        }
    }

    fn hash(&self, start: usize, length: usize) -> u64 {
        let skipped = multiply(self.prefixes[start], self.powers[length]);
        (self.prefixes[start + length] + MODULUS - skipped) % MODULUS
    }

    fn equal(&self, a: usize, b: usize, length: usize) -> bool {
        if length <= DIRECT {
            self.chars[a..a + length] == self.chars[b..b + length]
        } else {
            self.hash(a, length) == self.hash(b, length)
        }
    }

    /// Number of characters from `a` on that equal those from `b > a` on.
    fn common_after(&self, a: usize, b: usize) -> usize {
        let most = self.chars.len() - b;
        longest(most, |length| self.equal(a, b, length))
    }

    /// Number of characters before `a`, at most down to `floor`, that equal those before `b > a`.
    fn common_before(&self, a: usize, b: usize, floor: usize) -> usize {
        longest(a - floor, |length| {
            self.equal(a - length, b - length, length)
        })
    }

    /// Stretches for each distance up to the given one, by their start.
    fn near_copies(&self, longest_distance: usize) -> Vec<Stretch> {
        let mut found = Vec::new();
        let n_short = (2 * MARKED).min(longest_distance + 1);
        for distance in 1..n_short {
            self.short_stretches(distance, &mut found);
        }
        for distance in n_short..=longest_distance {
            self.long_stretches(distance, &mut found);
        }
        found.sort_unstable_by_key(|stretch| (stretch.start, stretch.distance));
        found
    }

    /// A stretch has at least `distance - 1` characters in common with its copy, so it contains or ends at a multiple
    /// of that number; these are tried, except where the last stretch found already covers them.
    fn short_stretches(&self, distance: usize, found: &mut Vec<Stretch>) {
        let least = (distance - 1).max(1);
        let mut floor = 0;
        let mut sample = 0;
        while sample + distance < self.chars.len() {
            if self.chars[sample] == self.chars[sample + distance] {
                floor = self.push_stretch(sample, distance, floor, found);
            }
            sample = (sample / least + 1).max(floor.div_ceil(least)) * least;
        }
    }

    /// As [`HashedText::short_stretches`], with the marks looked at first: a stretch contains all characters of the
    /// mark at some multiple of a number that is smaller by so many.
    ///
    /// Before or after that place half of the least length must be equal as well. Where texts of few characters have
    /// many equal marks this is far cheaper than finding out how much is equal.
    fn long_stretches(&self, distance: usize, found: &mut Vec<Stretch>) {
        let step = distance - MARKED;
        let half = distance / 2;
        let n = self.chars.len();
        let mut floor = 0;
        let mut sample = 0;
        while let (Some(mark), Some(further)) =
            (self.marks.get(sample), self.marks.get(sample + distance))
        {
            if mark == further {
                let is_equal = |at: usize| self.equal(at, at + distance, half);
                let after = sample + distance + half <= n && is_equal(sample);
                if after || (sample >= half && is_equal(sample - half)) {
                    floor = self.push_stretch(sample, distance, floor, found);
                }
            }
            sample = (sample / step + 1).max(floor.div_ceil(step)) * step;
        }
    }

    /// Adds the stretch of equal characters around `at` if it is long enough. Returns its end.
    fn push_stretch(
        &self,
        at: usize,
        distance: usize,
        floor: usize,
        found: &mut Vec<Stretch>,
    ) -> usize {
        let least = (distance - 1).max(1);
        let start = at - self.common_before(at, at + distance, floor);
        let end = at + self.common_after(at, at + distance);
        if end - start >= least {
            found.push(Stretch {
                start,
                end: end - least + 1,
                distance,
            });
        }
        end
    }

    /// The first line end from `at` on, or the end of the text.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.chars.get(at..).unwrap_or_default();
        let length = rest.iter().position(|c| *c == '\n');
        length.map_or(self.chars.len(), |length| at + length)
    }

    /// End of the match of the regular expression at `at` whose unit has `n_unit` characters, none of them a line end.
    fn repetition_end(&self, at: usize, n_unit: usize) -> Option<usize> {
        let first_copy_end = at + n_unit;
        if n_unit == 0 {
            return None;
        }
        self.copies_end(at, n_unit, first_copy_end, 3)
    }

    /// End of as many copies as follow, at least `n_needed`: each with its white space if it has one, without if not.
    fn copies_end(&self, unit: usize, n_unit: usize, at: usize, n_needed: usize) -> Option<usize> {
        let is_copy =
            |start: usize| start + n_unit <= self.chars.len() && self.equal(unit, start, n_unit);
        let spaced = self.chars.get(at).is_some_and(|c| python::is_space(*c)) && is_copy(at + 1);
        let joined = is_copy(at);
        if n_needed > 0 {
            let after_spaced = at + 1 + n_unit;
            return spaced
                .then(|| self.copies_end(unit, n_unit, after_spaced, n_needed - 1))
                .flatten()
                .or_else(|| {
                    joined
                        .then(|| self.copies_end(unit, n_unit, at + n_unit, n_needed - 1))
                        .flatten()
                });
        }
        let mut at = at;
        loop {
            let spaced =
                self.chars.get(at).is_some_and(|c| python::is_space(*c)) && is_copy(at + 1);
            if spaced {
                at += 1 + n_unit;
            } else if is_copy(at) {
                at += n_unit;
            } else {
                return Some(at);
            }
        }
    }
}

/// Greatest length up to `most` for which `holds`, which holds for all lengths up to it.
fn longest(most: usize, holds: impl Fn(usize) -> bool) -> usize {
    let mut good = 0;
    let mut step = 1;
    while good + step <= most && holds(good + step) {
        good += step;
        step *= 2;
    }
    let mut bad = (good + step).min(most + 1);
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if holds(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    good
}

fn multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let folded = (product as u64 & MODULUS) + (product >> 61) as u64;
    if folded >= MODULUS {
        folded - MODULUS
    } else {
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Start, end and copies.
    fn found(text: &str) -> Vec<(usize, usize, f64)> {
        repetitions(text, 0)
            .iter()
            .map(|span| (span.start, span.end, span.score))
            .collect()
    }

    #[test]
    fn four_copies_are_needed() {
        assert_eq!(found("abc abc abc"), []);
        assert_eq!(found("abc abc abc abc"), [(0, 15, 4.0)]);
        assert_eq!(found("xxabab ab\nab."), [(2, 12, 4.0)]);
    }

    #[test]
    fn the_shortest_unit_wins_and_may_not_contain_a_line_end() {
        assert_eq!(found("zaaaaaaaaz"), [(1, 9, 8.0)]);
        assert_eq!(found("a\nb\na\nb\na\nb\na\nb\n"), []);
        assert_eq!(found("a\na\na\na\n"), [(0, 7, 4.0)]);
    }

    #[test]
    fn white_space_between_copies_is_given_back_when_needed() {
        // Five spaces: one, two, one, one.
        assert_eq!(found("     "), [(0, 5, 5.0)]);
        assert_eq!(found("   "), []);
    }

    #[test]
    fn long_units_are_found() {
        let unit: String = (0..300_u32)
            .map(|i| char::from(b'a' + (i.pow(3) % 1009 % 26) as u8))
            .collect();
        let text = format!("12{unit}{unit} {unit}{unit}34");
        assert_eq!(found(&text), [(2, 2 + 4 * 300 + 1, 4.0)]);
    }
}
