//! How often runs of neighbouring items occur: characters, or words by their hash.

use std::num::NonZeroUsize;

/// Counts of the windows of one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowCounts {
    /// All windows, repeats included.
    pub n_windows: usize,
    pub n_distinct: usize,
    /// Occurrences of each window that occurs more than once, in order of the second occurrence.
    pub repeated: Vec<u32>,
}

/// More items are not looked at, so that a position leaves room for a part of its hash.
const MAX_ITEMS: usize = 1 << 30;

/// Odd, so that no power of it is zero.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Counts the windows of `n` items; none where there are fewer items. Time and memory do not grow with `n`.
///
/// Windows are found by a rolling hash and compared item by item. Where a window continues a repeat, one item decides.
pub fn window_counts<T: Copy + Eq + Into<u64>>(items: &[T], n: NonZeroUsize) -> WindowCounts {
    let items = items.get(..MAX_ITEMS).unwrap_or(items);
    let n = n.get();
    let Some(n_windows) = (items.len() + 1).checked_sub(n).filter(|count| *count > 0) else {
        return WindowCounts::default();
    };
    let leaving_factor = BASE.wrapping_pow(n as u32);
    // A slot holds one more than the position of a window's first occurrence in the lower bits and a part of its hash
    // above; 0 is empty.
    let position_mask = u32::MAX >> (n_windows as u32).leading_zeros();
    let n_slots = (n_windows + n_windows / 2).next_power_of_two().max(2);
    let shift = u64::BITS - n_slots.ilog2();
    let mut slots = vec![0_u32; n_slots];
    // Further occurrences, by the position of the first one.
    let mut n_further = vec![0_u32; n_windows];
    let mut repeated_at: Vec<usize> = Vec::new();
    let mut n_distinct = 0;

    let mut hash = 0_u64;
    for item in items.iter().take(n - 1) {
        hash = hash.wrapping_mul(BASE).wrapping_add(value(*item));
    }
    // Where the window equals an earlier one if it continues the repeat of the window before.
    let mut continued = None;
    let mut leaving = 0;
    for (at, entering) in items.iter().skip(n - 1).enumerate() {
        hash = hash
            .wrapping_mul(BASE)
            .wrapping_add(value(*entering))
            .wrapping_sub(leaving_factor.wrapping_mul(leaving));
        leaving = items.get(at).map_or(0, |item| value(*item));
        let mixed = (hash ^ (hash >> 32)).wrapping_mul(BASE);
        let tag = (mixed >> 8) as u32 & !position_mask;
        let mut slot = (mixed >> shift) as usize;
        let mut first = None;
        while let Some(entry) = slots.get_mut(slot) {
            if *entry == 0 {
                *entry = tag | (at as u32 + 1);
                n_distinct += 1;
                break;
            }
            let candidate = (*entry & position_mask) as usize - 1;
            if *entry & !position_mask == tag {
                let is_same = if continued == Some(candidate) {
                    items.get(candidate + n - 1) == Some(entering)
                } else {
                    items.get(candidate..candidate + n) == items.get(at..at + n)
                };
                if is_same {
                    first = Some(candidate);
                    break;
                }
            }
            slot = (slot + 1) & (n_slots - 1);
        }
        if let Some(first) = first
            && let Some(count) = n_further.get_mut(first)
        {
            if *count == 0 {
                repeated_at.push(first);
            }
            *count += 1;
        }
        continued = first.map(|first| first + 1);
    }
    let further = |at: &usize| n_further.get(*at).copied().unwrap_or(0);
    WindowCounts {
        n_windows,
        n_distinct,
        repeated: repeated_at.iter().map(|at| further(at) + 1).collect(),
    }
}

/// Never 0 for characters, so that runs of NUL of different lengths differ.
fn value<T: Into<u64>>(item: T) -> u64 {
    item.into().wrapping_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn check(text: &str, n: usize) {
        let chars: Vec<char> = text.chars().collect();
        let mut expected = HashMap::<&[char], u32>::new();
        for window in chars.windows(n) {
            *expected.entry(window).or_default() += 1;
        }
        let got = window_counts(&chars, NonZeroUsize::new(n).unwrap());
        let mut repeated = got.repeated.clone();
        repeated.sort_unstable();
        let mut wanted: Vec<u32> = expected
            .values()
            .copied()
            .filter(|count| *count > 1)
            .collect();
        wanted.sort_unstable();
        assert_eq!(repeated, wanted, "{text:?} {n}");
        assert_eq!(got.n_distinct, expected.len(), "{text:?} {n}");
        assert_eq!(got.n_windows, chars.windows(n).len(), "{text:?} {n}");
    }

    #[test]
    fn counts_are_those_of_a_table_of_all_windows() {
        let long = "abcab abcd \u{0}\u{0}é语 ".repeat(40);
        for n in [1, 2, 3, 7, 10, 64] {
            for text in [
                "",
                "a",
                "\0\0\0\0",
                "ababab",
                "aaaaaaaaaaaaaaaaaaaaaaaa",
                &long,
            ] {
                check(text, n);
            }
        }
    }
}
