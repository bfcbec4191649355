//! Lengths, kinds of characters and signs of damaged encoding in a column of texts.
//!
//! Only counts of integers, so chunks and merges in any order give the same result.

/// Kinds of characters; every code point is of exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CharClass {
    /// Unicode property Alphabetic.
    Letter,
    /// Unicode general category N: digits, numerals, fractions.
    Number,
    /// Unicode property White_Space, line breaks included.
    Whitespace,
    /// ASCII punctuation and symbols, and the blocks in [`PUNCTUATION`] outside ASCII.
    Punctuation,
    /// Unicode general category Cc without white space.
    Control,
    /// The blocks in [`EMOJI`].
    Emoji,
    /// Everything else: symbols, marks, unassigned and private characters, U+FFFD.
    Other,
}

/// Number of [`CharClass`]es, in the order of their definition.
pub const N_CLASSES: usize = 7;

/// Ranges outside ASCII that are taken as punctuation: Latin-1 signs, general punctuation,
/// CJK punctuation, its vertical, small and full-width forms.
///
/// # Source
///
/// Unicode 16 blocks; an approximation of general category P without a table of it.
pub const PUNCTUATION: [(char, char); 10] = [
    ('\u{a1}', '\u{a1}'),
    ('\u{a7}', '\u{a7}'),
    ('\u{ab}', '\u{ab}'),
    ('\u{b6}', '\u{b7}'),
    ('\u{bb}', '\u{bb}'),
    ('\u{bf}', '\u{bf}'),
    ('\u{2010}', '\u{205e}'),
    ('\u{3001}', '\u{301f}'),
    ('\u{fe10}', '\u{fe6b}'),
    ('\u{ff01}', '\u{ff65}'),
];

/// Ranges that are taken as emoji: those with emoji presentation in use, skin tones,
/// regional indicators.
///
/// # Source
///
/// Unicode 16 `emoji-data.txt`, merged to blocks.
pub const EMOJI: [(char, char); 4] = [
    ('\u{2600}', '\u{27bf}'),
    ('\u{1f1e6}', '\u{1f1ff}'),
    ('\u{1f300}', '\u{1f64f}'),
    ('\u{1f680}', '\u{1faff}'),
];

/// What one text consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextMeasure {
    pub n_bytes: u64,
    pub n_code_points: u64,
    /// Code points of each [`CharClass`].
    pub n_of_class: [u64; N_CLASSES],
    /// U+FFFD: bytes that an earlier program could not decode.
    pub n_replacement: u64,
    /// Sequences like “Ã©”: UTF-8 that was read as Windows-1252 or Latin-1.
    pub n_mojibake: u64,
}

impl TextMeasure {
    pub fn n_of(&self, class: CharClass) -> u64 {
        self.n_of_class[class as usize]
    }
}

/// Measures one text.
///
/// # Example
///
/// ```
/// use sluice_stats::text_stats::{CharClass, measure};
///
/// let damaged = measure("cafÃ© 1");
/// assert_eq!((damaged.n_code_points, damaged.n_mojibake), (7, 1));
/// assert_eq!(damaged.n_of(CharClass::Number), 1);
/// ```
pub fn measure(text: &str) -> TextMeasure {
    let mut of_class = [0_u64; N_CLASSES];
    let mut measure = TextMeasure {
        n_bytes: text.len() as u64,
        ..TextMeasure::default()
    };
    if text.is_ascii() {
        measure.n_code_points = measure.n_bytes;
        for &byte in text.as_bytes() {
            of_class[ASCII_CLASSES[usize::from(byte & 0x7f)] as usize] += 1;
        }
    } else {
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            measure.n_code_points += 1;
            of_class[class_of(c) as usize] += 1;
            measure.n_replacement += u64::from(c == char::REPLACEMENT_CHARACTER);
            if ('\u{c2}'..='\u{f4}').contains(&c) && starts_mojibake(c, rest.clone()) {
                measure.n_mojibake += 1;
            }
        }
    }
    measure.n_of_class = of_class;
    measure
}

/// Kind of one character.
pub fn class_of(c: char) -> CharClass {
    let within = |ranges: &[(char, char)]| ranges.iter().any(|&(lo, hi)| lo <= c && c <= hi);
    match c {
        '\0'..='\x7f' => ASCII_CLASSES[c as usize],
        _ if c.is_alphabetic() => CharClass::Letter,
        _ if c.is_numeric() => CharClass::Number,
        _ if c.is_whitespace() => CharClass::Whitespace,
        _ if c.is_control() => CharClass::Control,
        _ if within(&PUNCTUATION) => CharClass::Punctuation,
        _ if within(&EMOJI) => CharClass::Emoji,
        _ => CharClass::Other,
    }
}

const ASCII_CLASSES: [CharClass; 128] = {
    let mut classes = [CharClass::Control; 128];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        if c.is_ascii_alphabetic() {
            classes[byte] = CharClass::Letter;
        } else if c.is_ascii_digit() {
            classes[byte] = CharClass::Number;
        } else if c.is_ascii_whitespace() || c == 0x0b {
            classes[byte] = CharClass::Whitespace;
        } else if c.is_ascii_punctuation() {
            classes[byte] = CharClass::Punctuation;
        }
        byte += 1;
    }
    classes
};

/// Whether `lead` and what follows look like the bytes of one UTF-8 character.
///
/// Sequences that decode below U+0900 in three bytes are left out: French “à »” with a
/// no-break space is one of them.
fn starts_mojibake(lead: char, rest: impl Iterator<Item = char>) -> bool {
    let lead = lead as u32;
    let n_continuations = match lead {
        0xc2..=0xdf => 1,
        0xe0..=0xef => 2,
        _ => 3,
    };
    let mut code_point = lead & (0x7f >> (n_continuations + 1));
    let mut n_found = 0;
    for byte in rest.take(n_continuations).map_while(continuation_byte) {
        code_point = code_point << 6 | u32::from(byte & 0x3f);
        n_found += 1;
    }
    let least = [0x80, 0x900, 0x1_0000][n_continuations - 1];
    n_found == n_continuations && least <= code_point && char::from_u32(code_point).is_some()
}

/// The byte 0x80–0xBF that Latin-1 or Windows-1252 shows as `c`.
fn continuation_byte(c: char) -> Option<u8> {
    /// Windows-1252 from 0x80 (WHATWG encoding index); undefined bytes stay C1 controls.
    const WINDOWS_1252: [u16; 32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
        0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
        0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
    ];
    let code_point = c as u32;
    match code_point {
        0x80..=0xbf => Some(code_point as u8),
        _ => {
            let idx = WINDOWS_1252
                .iter()
                .position(|&known| u32::from(known) == code_point)?;
            Some(0x80 + idx as u8)
        }
    }
}

/// Smallest, largest and total of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub min: u64,
    pub max: u64,
    pub sum: u64,
}

/// What a column of texts consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextStats {
    pub n_texts: u64,
    /// Texts without any code point.
    pub n_empty: u64,
    /// Texts of white space only, at least one code point long.
    pub n_blank: u64,
    /// Texts of ASCII only, empty ones included.
    pub n_ascii: u64,
    /// `None` without texts.
    pub bytes: Option<Extent>,
    /// `None` without texts.
    pub code_points: Option<Extent>,
    /// Code points of each [`CharClass`] in all texts.
    pub n_of_class: [u64; N_CLASSES],
    /// Occurrences of U+FFFD.
    pub n_replacement: u64,
    pub n_texts_with_replacement: u64,
    /// Sequences like “Ã©”.
    pub n_mojibake: u64,
    pub n_texts_with_mojibake: u64,
}

impl TextStats {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one text and says what it consists of, so that the caller can keep its length.
    pub fn update(&mut self, text: &str) -> TextMeasure {
        let measure = measure(text);
        let only = |count: u64| {
            Some(Extent {
                min: count,
                max: count,
                sum: count,
            })
        };
        let blank = measure.n_of(CharClass::Whitespace) == measure.n_code_points;
        self.merge(&Self {
            n_texts: 1,
            n_empty: u64::from(text.is_empty()),
            n_blank: u64::from(blank && !text.is_empty()),
            n_ascii: u64::from(measure.n_bytes == measure.n_code_points),
            bytes: only(measure.n_bytes),
            code_points: only(measure.n_code_points),
            n_of_class: measure.n_of_class,
            n_replacement: measure.n_replacement,
            n_texts_with_replacement: u64::from(measure.n_replacement > 0),
            n_mojibake: measure.n_mojibake,
            n_texts_with_mojibake: u64::from(measure.n_mojibake > 0),
        });
        measure
    }

    pub fn merge(&mut self, other: &Self) {
        let joined = |a: Option<Extent>, b: Option<Extent>| match (a, b) {
            (Some(a), Some(b)) => Some(Extent {
                min: a.min.min(b.min),
                max: a.max.max(b.max),
                sum: a.sum + b.sum,
            }),
            (one, other) => one.or(other),
        };
        self.n_texts += other.n_texts;
        self.n_empty += other.n_empty;
        self.n_blank += other.n_blank;
        self.n_ascii += other.n_ascii;
        self.bytes = joined(self.bytes, other.bytes);
        self.code_points = joined(self.code_points, other.code_points);
        for (count, other) in self.n_of_class.iter_mut().zip(other.n_of_class) {
            *count += other;
        }
        self.n_replacement += other.n_replacement;
        self.n_texts_with_replacement += other.n_texts_with_replacement;
        self.n_mojibake += other.n_mojibake;
        self.n_texts_with_mojibake += other.n_texts_with_mojibake;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `classes` in the order of [`CharClass`]; `damage`: replacement characters and mojibake.
    fn check(text: &str, classes: [u64; N_CLASSES], damage: (u64, u64)) {
        let measured = measure(text);
        assert_eq!(measured.n_of_class, classes, "classes of {text:?}");
        assert_eq!(
            (measured.n_replacement, measured.n_mojibake),
            damage,
            "damage of {text:?}"
        );
        assert_eq!(measured.n_code_points, classes.iter().sum::<u64>());
        assert_eq!(measured.n_bytes, text.len() as u64);
    }

    #[test]
    fn characters_are_of_one_class() {
        check("", [0; 7], (0, 0));
        check("Ab 1,\t\n\0", [2, 1, 3, 1, 1, 0, 0], (0, 0));
        check("naïve – “½”", [5, 1, 2, 3, 0, 0, 0], (0, 0));
        check("日本。語", [3, 0, 0, 1, 0, 0, 0], (0, 0));
        check("😀☀ €\u{85}", [0, 0, 2, 0, 0, 2, 1], (0, 0));
    }

    #[test]
    fn damaged_encodings_show() {
        check("caf\u{fffd}", [3, 0, 0, 0, 0, 0, 1], (1, 0));
        check("cafÃ©", [4, 0, 0, 0, 0, 0, 1], (0, 1));
        // ’ (E2 80 99), ü (C3 BC) and 😀 (F0 9F 98 80) read as Windows-1252.
        for (text, n_mojibake) in [("itâ€™s", 1), ("MÃ¼ller", 1), ("ðŸ˜€", 1), ("Ã¤Ã¶", 2)]
        {
            assert_eq!(measure(text).n_mojibake, n_mojibake, "{text:?}");
        }
    }

    #[test]
    fn sound_text_is_not_taken_for_damaged() {
        for text in [
            "NÃO",
            "voilà\u{a0}»",
            "«\u{a0}Â\u{a0}»é",
            "Ünïcödé",
            "São Paulo",
            "déjà vu",
        ] {
            let n_expected = u64::from(text.contains("Â\u{a0}"));
            assert_eq!(measure(text).n_mojibake, n_expected, "{text:?}");
        }
    }

    #[test]
    fn a_column_is_summed_up() {
        let mut stats = TextStats::new();
        ["", "  ", "äb", "a\u{fffd}"].iter().for_each(|text| {
            stats.update(text);
        });
        assert_eq!(
            (stats.n_texts, stats.n_empty, stats.n_blank, stats.n_ascii),
            (4, 1, 1, 2)
        );
        assert_eq!(
            stats.code_points,
            Some(Extent {
                min: 0,
                max: 2,
                sum: 6
            })
        );
        assert_eq!(
            stats.bytes,
            Some(Extent {
                min: 0,
                max: 4,
                sum: 9
            })
        );
        assert_eq!(
            (stats.n_replacement, stats.n_texts_with_replacement),
            (1, 1)
        );
    }

    proptest! {
        #[test]
        fn merging_is_the_same_as_reading_on(texts in prop::collection::vec(any::<String>(), 0..20), cut in 0usize..20) {
            let of = |texts: &[String]| {
                let mut stats = TextStats::new();
                for text in texts {
                    stats.update(text);
                }
                stats
            };
            let (head, tail) = texts.split_at(cut.min(texts.len()));
            let mut merged = of(tail);
            merged.merge(&of(head));
            prop_assert_eq!(merged, of(&texts));
        }
    }
}
