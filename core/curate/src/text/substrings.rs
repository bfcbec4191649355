//! Substrings of at least a given length that occur more than once, all of them, in linear time and small steps.
//!
//! A substring of `min_len` bytes is a window. A first pass over all windows marks those whose hash comes a second time
//! in a bit filter; a second pass compares marked windows byte by byte with the first window of the same hash and
//! follows equal ones to their end. So results are exact: hashes only say where to look.
//!
//! A suffix array finds the same, but takes 5 bytes per byte of text and more, and is not made in small steps. The
//! filters take 1.5 bytes per byte, and the table 16 bytes or less per distinct window that repeats.

use sluice_stats::hash::hash_u64;

/// Windows from `start` on that are equal to those from `canon` on, which are the first of their kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy {
    pub start: u32,
    pub canon: u32,
    /// Windows.
    pub len: u32,
}

/// Finds [`Copy`]s row by row.
pub struct SubstringFinder {
    text: Vec<u8>,
    /// Exclusive ends of rows in `text`.
    ends: Vec<u32>,
    min_len: usize,
    out_factor: u64,
    pass: Pass,
    row: usize,
    /// Start of the next window.
    at: usize,
    hash: u64,
    seen: BitFilter,
    repeated: BitFilter,
    table: Table,
    /// Start of the window before, that of the one it is equal to, and the end of that one's row.
    link: Option<(usize, usize, usize)>,
    /// Ascending and apart.
    copies: Vec<Copy>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Mark,
    Match,
    Done,
}

impl SubstringFinder {
    /// Rows end at `ends`, which rise, in a text below 4 GB.
    pub fn new(text: Vec<u8>, ends: Vec<u32>, min_len: usize) -> Self {
        let min_len = min_len.max(1);
        let n = text.len();
        Self {
            out_factor: (0..min_len).fold(1_u64, |factor, _| factor.wrapping_mul(FACTOR)),
            seen: BitFilter::new(n),
            repeated: BitFilter::new(n / 2),
            text,
            ends,
            min_len,
            pass: Pass::Mark,
            row: 0,
            at: 0,
            hash: 0,
            table: Table::default(),
            link: None,
            copies: Vec::new(),
        }
    }

    /// Looks at about `n_bytes` further bytes; `false` when all is found.
    pub fn step(&mut self, n_bytes: usize) -> bool {
        let mut n_left = n_bytes;
        while n_left > 0 {
            let Some(end) = self.ends.get(self.row).map(|end| *end as usize) else {
                return self.next_pass();
            };
            let start = match self
                .row
                .checked_sub(1)
                .and_then(|before| self.ends.get(before))
            {
                Some(end) => *end as usize,
                None => 0,
            };
            if end - start >= self.min_len {
                if self.at <= start {
                    self.begin_row(start);
                    n_left = n_left.saturating_sub(self.min_len);
                }
                let stop = (self.at + n_left.max(1)).min(end + 1 - self.min_len);
                n_left = n_left.saturating_sub(stop - self.at);
                match self.pass {
                    Pass::Mark => self.mark(stop, end),
                    _ => self.find(stop, end),
                }
                if stop + self.min_len <= end {
                    continue;
                }
            }
            n_left = n_left.saturating_sub(1);
            self.row += 1;
            self.at = end;
        }
        true
    }

    pub fn share_done(&self) -> f64 {
        let share = self.at as f64 / self.text.len().max(1) as f64;
        match self.pass {
            Pass::Mark => share / 2.0,
            Pass::Match => 0.5 + share / 2.0,
            Pass::Done => 1.0,
        }
    }

    /// The text, its rows' ends and the copies.
    pub fn finish(self) -> (Vec<u8>, Vec<u32>, Vec<Copy>) {
        (self.text, self.ends, self.copies)
    }

    fn next_pass(&mut self) -> bool {
        (self.row, self.at, self.link) = (0, 0, None);
        match self.pass {
            Pass::Mark => {
                self.seen = BitFilter::new(0);
                self.table = Table::with_room(self.repeated.n_inserted);
                self.pass = Pass::Match;
                true
            }
            _ => {
                self.repeated = BitFilter::new(0);
                self.table = Table::default();
                self.pass = Pass::Done;
                false
            }
        }
    }

    /// The hash of a row's first window.
    fn begin_row(&mut self, start: usize) {
        self.at = start;
        self.link = None;
        let window = self.text.get(start..start + self.min_len);
        let bytes = window.unwrap_or_default().iter();
        self.hash = bytes.fold(0, |hash: u64, byte| {
            hash.wrapping_mul(FACTOR).wrapping_add(spread(*byte))
        });
    }

    /// The bytes that leave and enter the window, from window to window; none after a row's last one.
    fn changes(&self, stop: usize, end: usize) -> impl Iterator<Item = Option<(u8, u8)>> + '_ {
        let leaving = self.text.get(self.at..stop).unwrap_or_default();
        let entering = self
            .text
            .get(self.at + self.min_len..(stop + self.min_len).min(end));
        let mut entering = entering.unwrap_or_default().iter();
        leaving
            .iter()
            .map(move |leaving| entering.next().map(|entering| (*leaving, *entering)))
    }

    fn mark(&mut self, stop: usize, end: usize) {
        let mut hash = self.hash;
        let out_factor = self.out_factor;
        let (mut seen, mut repeated) = (
            std::mem::take(&mut self.seen),
            std::mem::take(&mut self.repeated),
        );
        for change in self.changes(stop, end) {
            let mixed = hash_u64(hash);
            if !seen.insert(mixed) {
                repeated.insert(mixed);
            }
            hash = rolled(hash, change, out_factor);
        }
        (self.seen, self.repeated) = (seen, repeated);
        (self.hash, self.at) = (hash, stop);
    }

    fn find(&mut self, stop: usize, end: usize) {
        for at in self.at..stop {
            let byte = |at: usize| self.text.get(at).copied();
            let last = self.min_len - 1;
            self.link = match self.link {
                Some((_, like, like_end))
                    if like + 1 + last < like_end && byte(like + 1 + last) == byte(at + last) =>
                {
                    Some((at, like + 1, like_end))
                }
                _ => {
                    let mixed = hash_u64(self.hash);
                    let like = if self.repeated.contains(mixed) {
                        let window = |at: usize| self.text.get(at..at + self.min_len);
                        self.table.find_or_insert(mixed, at as u32, |like| {
                            window(like as usize) == window(at)
                        })
                    } else {
                        None
                    };
                    like.map(|like| {
                        let row = self.ends.partition_point(|end| *end <= like);
                        let end = self.ends.get(row).copied().unwrap_or(0);
                        (at, like as usize, end as usize)
                    })
                }
            };
            if let Some((_, like, _)) = self.link {
                add(&mut self.copies, at as u32, like as u32);
            }
            let change = (at + self.min_len < end)
                .then(|| byte(at).zip(byte(at + self.min_len)))
                .flatten();
            self.hash = rolled(self.hash, change, self.out_factor);
        }
        self.at = stop;
    }
}

/// Notes that a window is equal to an earlier one, which may itself be a copy.
fn add(copies: &mut Vec<Copy>, start: u32, like: u32) {
    // A text that goes on repeating itself is like the last copy.
    let n_before = match copies.last() {
        Some(last) if last.start <= like => copies.len(),
        _ => copies.partition_point(|copy| copy.start <= like),
    };
    let before = n_before.checked_sub(1).and_then(|idx| copies.get(idx));
    let canon = match before {
        Some(copy) if like - copy.start < copy.len => copy.canon + (like - copy.start),
        _ => like,
    };
    match copies.last_mut() {
        Some(last) if last.start + last.len == start && last.canon + last.len == canon => {
            last.len += 1;
        }
        _ => copies.push(Copy {
            start,
            canon,
            len: 1,
        }),
    }
}

/// Odd, with bits of no pattern.
const FACTOR: u64 = 0x9e6c_63d0_876a_9a47;

/// Bytes as words of no pattern, so that texts of few letters hash well.
#[inline]
fn spread(byte: u8) -> u64 {
    const WORDS: [u64; 256] = {
        let mut words = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            words[byte] = hash_u64(byte as u64);
            byte += 1;
        }
        words
    };
    WORDS.get(usize::from(byte)).copied().unwrap_or(0)
}

#[inline]
fn rolled(hash: u64, change: Option<(u8, u8)>, out_factor: u64) -> u64 {
    let Some((leaving, entering)) = change else {
        return hash;
    };
    hash.wrapping_mul(FACTOR)
        .wrapping_add(spread(entering))
        .wrapping_sub(spread(leaving).wrapping_mul(out_factor))
}

/// A Bloom filter of two bits in one word each, with at least 8 bits per element: one memory access, and 4 % false
/// positives at most.
#[derive(Default)]
struct BitFilter {
    words: Vec<u64>,
    n_inserted: usize,
}

impl BitFilter {
    fn new(n_elements: usize) -> Self {
        Self {
            words: vec![0; n_elements.div_ceil(8)],
            n_inserted: 0,
        }
    }

    #[inline]
    fn place(&self, hash: u64) -> (usize, u64) {
        let word = ((u128::from(hash) * self.words.len() as u128) >> 64) as usize;
        (word, 1 << (hash & 63) | 1 << (hash >> 6 & 63))
    }

    /// Whether it was not there.
    #[inline]
    fn insert(&mut self, hash: u64) -> bool {
        let (word, bits) = self.place(hash);
        let Some(word) = self.words.get_mut(word) else {
            return false;
        };
        let is_new = *word & bits != bits;
        *word |= bits;
        self.n_inserted += usize::from(is_new);
        is_new
    }

    #[inline]
    fn contains(&self, hash: u64) -> bool {
        let (word, bits) = self.place(hash);
        self.words.get(word).is_some_and(|word| word & bits == bits)
    }
}

/// Window starts by hash, with open addressing: the high half of the hash above the start, plus one.
#[derive(Default)]
struct Table {
    slots: Vec<u64>,
    n_used: usize,
}

impl Table {
    fn with_room(n_elements: usize) -> Self {
        Self {
            slots: vec![0; (n_elements * 3 / 2 + 16).next_power_of_two()],
            n_used: 0,
        }
    }

    /// The first start with this hash that `is_equal`; else `start` is put in.
    fn find_or_insert(
        &mut self,
        hash: u64,
        start: u32,
        is_equal: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        if self.n_used * 8 >= self.slots.len() * 7 {
            let slots = std::mem::take(&mut self.slots);
            self.slots = vec![0; (2 * slots.len()).max(16)];
            for slot in slots.into_iter().filter(|slot| *slot != 0) {
                self.put(slot);
            }
        }
        let tag = hash >> 32;
        let mask = self.slots.len() - 1;
        let mut at = self.home(tag);
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == 0 {
                *slot = tag << 32 | (u64::from(start) + 1);
                self.n_used += 1;
                return None;
            }
            // Starts are below 2³² − 1, as the text is.
            let like = (*slot as u32).wrapping_sub(1);
            if *slot >> 32 == tag && is_equal(like) {
                return Some(like);
            }
            at = (at + 1) & mask;
        }
        None
    }

    fn home(&self, tag: u64) -> usize {
        ((tag * self.slots.len() as u64) >> 32) as usize
    }

    fn put(&mut self, slot: u64) {
        let mask = self.slots.len() - 1;
        let mut at = self.home(slot >> 32);
        while self.slots.get(at).is_some_and(|slot| *slot != 0) {
            at = (at + 1) & mask;
        }
        if let Some(free) = self.slots.get_mut(at) {
            *free = slot;
        }
    }
}
