//! DataTrove's sets of punctuation.

/// Whether a character counts as punctuation: a mark or control character of the list, or the end of a sentence.
///
/// Tab, line feed and space do not; nor do most marks outside ASCII.
pub fn is_symbol(c: char) -> bool {
    is_listed(c) || is_terminal(c)
}

/// Whether a character is in the list alone, which `simplify_text` and the statistics of documents use.
///
/// Source: DataTrove 0.10, `PUNCTUATION` in `utils/text.py`.
pub fn is_listed(c: char) -> bool {
    match c {
        '\t' | '\n' | ' ' => false,
        '\0'..='\u{7f}' => !c.is_ascii_alphanumeric(),
        '\u{80}'..='\u{9f}' => true,
        '«' | '´' | '»' | '–' | '—' | '’' | '“' | '”' | '„' | '…' | '∶' | '━' | '►' => {
            true
        }
        '、' | '。' | '〈' | '〉' | '《' | '》' | '「' | '」' | '【' | '】' => true,
        '！' | '％' | '（' | '）' | '，' | '．' | '１' | '：' | '；' | '？' | '～' => {
            true
        }
        _ => false,
    }
}

/// Whether a character ends sentences, in any script.
///
/// Source: DataTrove 0.10, `TERMINAL_PUNCTUATION` in `utils/text.py`.
pub fn is_terminal(c: char) -> bool {
    match c {
        '.' | '!' | '?' => true,
        '\0'..='\u{588}' => false,
        _ => is_in(TERMINAL, c),
    }
}

/// Whether a word is a mark after which spaCy's sentencizer begins a sentence.
///
/// Source: spaCy 3.8, `Sentencizer.default_punct_chars`.
pub fn ends_sentence(word: &str) -> bool {
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => is_terminal(c) && !is_in(TERMINAL_BUT_NO_SENTENCE_END, c),
        _ => false,
    }
}

fn is_in(ranges: &[(u32, u32)], c: char) -> bool {
    let code = c as u32;
    let idx = ranges.partition_point(|(_, last)| *last < code);
    ranges.get(idx).is_some_and(|(first, _)| *first <= code)
}

/// First and last code point, both inclusive, in rising order; those of ASCII left out.
#[rustfmt::skip]
const TERMINAL: &[(u32, u32)] = &[
    (0x589, 0x589), (0x61d, 0x61f), (0x6d4, 0x6d4), (0x700, 0x702), (0x7f9, 0x7f9), (0x837, 0x837), (0x839, 0x839),
    (0x83d, 0x83e), (0x964, 0x965), (0x104a, 0x104b), (0x1362, 0x1362), (0x1367, 0x1368), (0x166e, 0x166e),
    (0x1735, 0x1736), (0x17d4, 0x17d6), (0x17d9, 0x17da), (0x1803, 0x1803), (0x1809, 0x1809), (0x1944, 0x1945),
    (0x1aa8, 0x1aab), (0x1b5a, 0x1b5b), (0x1b5e, 0x1b5f), (0x1b7d, 0x1b7e), (0x1c3b, 0x1c3c), (0x1c7e, 0x1c7f),
    (0x203c, 0x203d), (0x2047, 0x2049), (0x2e2e, 0x2e2e), (0x2e3c, 0x2e3c), (0x2e53, 0x2e54), (0x3002, 0x3002),
    (0xa4ff, 0xa4ff), (0xa60e, 0xa60f), (0xa6f3, 0xa6f3), (0xa6f7, 0xa6f7), (0xa876, 0xa877), (0xa8ce, 0xa8cf),
    (0xa92f, 0xa92f), (0xa9c8, 0xa9c9), (0xaa5d, 0xaa5f), (0xaaf0, 0xaaf1), (0xabeb, 0xabeb), (0xfe52, 0xfe52),
    (0xfe56, 0xfe57), (0xff01, 0xff01), (0xff0e, 0xff0e), (0xff1f, 0xff1f), (0xff61, 0xff61), (0x10a56, 0x10a57),
    (0x10f55, 0x10f59), (0x10f86, 0x10f89), (0x11047, 0x11048), (0x110be, 0x110c1), (0x11141, 0x11143),
    (0x111c5, 0x111c6), (0x111cd, 0x111cd), (0x111de, 0x111df), (0x11238, 0x11239), (0x1123b, 0x1123c),
    (0x112a9, 0x112a9), (0x1144b, 0x1144c), (0x115c2, 0x115c3), (0x115c9, 0x115d7), (0x11641, 0x11642),
    (0x1173c, 0x1173e), (0x11944, 0x11944), (0x11946, 0x11946), (0x11a42, 0x11a43), (0x11a9b, 0x11a9c),
    (0x11c41, 0x11c42), (0x11ef7, 0x11ef8), (0x11f43, 0x11f44), (0x16a6e, 0x16a6f), (0x16af5, 0x16af5),
    (0x16b37, 0x16b38), (0x16b44, 0x16b44), (0x16e98, 0x16e98), (0x1bc9f, 0x1bc9f), (0x1da88, 0x1da88),
];

/// Those that spaCy does not know.
#[rustfmt::skip]
const TERMINAL_BUT_NO_SENTENCE_END: &[(u32, u32)] = &[
    (0x61d, 0x61e), (0x837, 0x837), (0x839, 0x839), (0x83d, 0x83e), (0x17d4, 0x17d6), (0x17d9, 0x17da),
    (0x1b7d, 0x1b7e), (0x2e53, 0x2e54), (0x10f55, 0x10f59), (0x10f86, 0x10f89), (0x11944, 0x11944),
    (0x11946, 0x11946), (0x11ef7, 0x11ef8), (0x11f43, 0x11f44), (0x16e98, 0x16e98),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_differ() {
        assert!(is_listed('|') && is_listed('\u{7}') && is_listed('１') && !is_listed('\t'));
        assert!(is_symbol('؟') && !is_listed('؟'));
        assert!(is_terminal('។') && !ends_sentence("៖") && is_terminal('៖'));
        assert!(ends_sentence("。") && !ends_sentence("...") && !ends_sentence(""));
    }
}
