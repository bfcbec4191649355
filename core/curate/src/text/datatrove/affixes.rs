//! Where spaCy's English rules cut a piece of text without white space: at its start, at its end and inside.

use super::characters::{ALPHA, ICON, LOWER, UPPER, is};

/// Length in bytes of what is cut off at the start; 0 if nothing is.
pub fn prefix_len(piece: &str) -> usize {
    let mut chars = piece.chars();
    let Some(first) = chars.next() else {
        return 0;
    };
    let next = chars.next();
    match first {
        '+' if next.is_none_or(|next| !next.is_ascii_digit()) => 1,
        '.' if next == Some('.') => dots_at_start(piece),
        'U' if piece.starts_with("US$") => 3,
        'C' | 'A' if next == Some('$') => 2,
        '%' | '=' | '§' | '—' | '–' => first.len_utf8(),
        _ if is_mark(first) || is_quote(first) || is_currency(first) || is(first, ICON) => {
            first.len_utf8()
        }
        _ => 0,
    }
}

/// Length in bytes of the longest suffix that is cut off at the end; 0 if none is.
///
/// A prefix must have been cut off before: what stands in front of a suffix may be asked for only inside `piece`.
pub fn suffix_len(piece: &str) -> usize {
    let Some(last) = piece.chars().next_back() else {
        return 0;
    };
    let len = last.len_utf8();
    let before = &piece[..piece.len() - len];
    let follows_digit = before.ends_with(|c: char| c.is_ascii_digit());
    let single = match last {
        '.' => full_stop_len(piece, before),
        '…' if before.ends_with('…') => 2 * len,
        's' | 'S' if before.ends_with('\'') => 2,
        's' | 'S' if before.ends_with('’') => 1 + '’'.len_utf8(),
        '—' | '–' => len,
        '+' if follows_digit => 1,
        _ if is_mark(last) || is_quote(last) || is(last, ICON) => len,
        _ => 0,
    };
    single.max(unit_len(piece))
}

/// Byte ranges of the separators inside `piece`, one after the other and not overlapping.
pub fn infixes(piece: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut previous = piece[..at].chars().next_back();
        while let Some(c) = piece[at..].chars().next() {
            let start = at;
            at += c.len_utf8();
            if may_be_infix(c) {
                let len = infix_len(previous, c, &piece[start..]);
                if len > 0 {
                    at = start + len;
                    return Some((start, at));
                }
            }
            previous = Some(c);
        }
        None
    })
}

/// Whether a byte may begin an infix.
pub fn is_infix_byte(byte: u8) -> bool {
    !byte.is_ascii() || may_be_infix(char::from(byte))
}

/// Quotation marks and brackets of spaCy's class of quotes.
pub fn is_quote(c: char) -> bool {
    match c {
        '\'' | '"' | '`' | ',' => true,
        '\0'..='\u{7f}' => false,
        '´' | '«' | '»' | '‘'..='‚' | '“'..='„' => true,
        '\u{2329}'
        | '\u{232a}'
        | '\u{3008}'..='\u{3011}'
        | '\u{3014}'
        | '\u{3015}'
        | '（'
        | '）' => true,
        '\u{27e6}' | '\u{27e7}' => true,
        _ => false,
    }
}

/// Marks that are cut off at both ends.
fn is_mark(c: char) -> bool {
    match c {
        ',' | ':' | ';' | '!' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' => true,
        '_' | '#' | '*' | '&' => true,
        '\0'..='\u{7f}' => false,
        '…' | '¿' | '؟' | '¡' | '。' | '？' | '！' | '，' | '、' | '；' | '：' | '～' => {
            true
        }
        '·' | '।' | '،' | '۔' | '؛' | '٪' => true,
        _ => false,
    }
}

fn is_currency(c: char) -> bool {
    matches!(c, '$' | '£' | '€' | '¥' | '฿' | '﷼' | '\u{20a0}'..='\u{20ac}' | '\u{20ad}'..='\u{20b0}')
        || matches!(c, '\u{20b1}'..='\u{20bf}')
}

fn dots_at_start(piece: &str) -> usize {
    piece.bytes().take_while(|byte| *byte == b'.').count()
}

/// Length of the suffix that ends with a full stop; `before` is `piece` without it.
fn full_stop_len(piece: &str, before: &str) -> usize {
    let dots = piece.bytes().rev().take_while(|byte| *byte == b'.').count();
    if dots > 1 {
        return dots;
    }
    let mut chars = before.chars().rev();
    let (Some(last), second) = (chars.next(), chars.next()) else {
        return 0;
    };
    let ends_word = last.is_ascii_digit()
        || is(last, LOWER)
        || matches!(last, '%' | '²' | '-' | '+' | '|')
        || is_mark(last)
        || is_quote(last);
    let ends_capitals = is(last, UPPER) && second.is_some_and(|second| is(second, UPPER));
    let ends_degrees = matches!(last, 'F' | 'f' | 'C' | 'c' | 'K' | 'k') && second == Some('°');
    usize::from(ends_word || ends_capitals || ends_degrees)
}

/// Length of a unit or currency after the last digit of `piece`.
fn unit_len(piece: &str) -> usize {
    let bytes = piece.as_bytes();
    let first_possible = bytes.len().saturating_sub(MAX_UNIT_LEN + 1);
    let Some(digit) = bytes[first_possible..].iter().rposition(u8::is_ascii_digit) else {
        return 0;
    };
    let tail = &piece[first_possible + digit + 1..];
    if tail.is_empty() {
        return 0;
    }
    let mut chars = tail.chars();
    let is_one_currency = chars.next().is_some_and(is_currency) && chars.next().is_none();
    if is_one_currency || UNITS.contains(&tail) {
        tail.len()
    } else {
        0
    }
}

fn may_be_infix(c: char) -> bool {
    match c {
        '.' | ',' | '-' | '~' | ':' | '<' | '>' | '=' | '/' | '+' | '*' | '^' => true,
        _ => c >= '\u{a6}',
    }
}

/// Length of the infix at the start of `rest`, whose first character is `c`; 0 if there is none.
fn infix_len(previous: Option<char>, c: char, rest: &str) -> usize {
    let after = |skip: usize| rest[skip..].chars().next();
    let is_alpha = |c: Option<char>| c.is_some_and(|c| is(c, ALPHA));
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let len = c.len_utf8();
    let next = after(len);
    let follows_name = is_alpha(previous) || is_digit(previous);
    let is_between_digits = is_digit(previous) && (is_digit(next) || next == Some('-'));
    let holds = match c {
        '.' if next == Some('.') => return dots_at_start(rest),
        '.' => {
            previous.is_some_and(|c| is(c, LOWER) || is_quote(c))
                && next.is_some_and(|c| is(c, UPPER) || is_quote(c))
        }
        '+' | '*' | '^' => is_between_digits,
        ',' => is_alpha(previous) && is_alpha(next),
        ':' | '<' | '>' | '=' | '/' | '~' | '–' => follows_name && is_alpha(next),
        '-' if is_between_digits => true,
        '-' | '—' if follows_name => {
            let longest = if c == '-' { 3 } else { 2 };
            let mut end = len;
            for _ in 0..longest {
                if is_alpha(after(end)) {
                    return end;
                }
                if after(end) != Some(c) {
                    return 0;
                }
                end += len;
            }
            false
        }
        '…' => true,
        _ => is(c, ICON),
    };
    if holds { len } else { 0 }
}

/// Bytes of the longest of [`UNITS`].
const MAX_UNIT_LEN: usize = 12;

/// Units that are cut off after a digit, and the currencies of more than one letter.
///
/// Source: spaCy 3.8, `lang/char_classes.py`, which joins its last Cyrillic and its first Arabic unit.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "km", "km²", "km³", "m", "m²", "m³", "dm", "dm²", "dm³", "cm", "cm²", "cm³", "mm", "mm²", "mm³", "ha", "µm", "nm",
    "yd", "in", "ft", "kg", "g", "mg", "µg", "t", "lb", "oz", "m/s", "km/h", "kmh", "mph", "hPa", "Pa", "mbar", "mb",
    "MB", "kb", "KB", "gb", "GB", "tb", "TB", "T", "G", "M", "K", "%",
    "км", "км²", "км³", "м", "м²", "м³", "дм", "дм²", "дм³", "см", "см²", "см³", "мм", "мм²", "мм³", "нм", "кг", "г",
    "мг", "м/с", "км/ч", "кПа", "Па", "мбар", "Кб", "КБ", "кб", "Мб", "МБ", "мб", "Гб", "ГБ", "гб", "Тб", "ТБ", "тбكم",
    "كم²", "كم³", "م", "م²", "م³", "سم", "سم²", "سم³", "مم", "مم²", "مم³", "كم", "غرام", "جرام", "جم", "كغ", "ملغ",
    "كوب", "اكواب",
    "US$", "C$", "A$",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_cut() {
        let cut = |piece: &str| piece[..prefix_len(piece)].to_owned();
        assert_eq!(cut("\"word"), "\"");
        assert_eq!(cut("...word"), "...");
        assert_eq!(cut(".5"), "");
        assert_eq!(cut("US$5"), "US$");
        assert_eq!((cut("+5"), cut("+x")), (String::new(), "+".to_owned()));
        assert_eq!(cut("-x"), "");
    }

    #[test]
    fn the_longest_suffix_is_cut() {
        let cut = |piece: &str| piece[piece.len() - suffix_len(piece)..].to_owned();
        assert_eq!(cut("word."), ".");
        assert_eq!((cut("USA."), cut("U.")), (".".to_owned(), String::new()));
        assert_eq!(cut("what...."), "....");
        assert_eq!(cut("dog's"), "'s");
        assert_eq!(cut("5km/h"), "km/h");
        assert_eq!(
            (cut("5xkm"), cut("10US$")),
            (String::new(), "US$".to_owned())
        );
        assert_eq!(cut("x………"), "……");
    }

    #[test]
    fn infixes_ask_for_their_neighbours() {
        let cut = |piece: &str| {
            infixes(piece)
                .map(|(start, end)| piece[start..end].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(cut("well-known,and/or"), ["-", ",", "/"]);
        assert_eq!(cut("end.Start"), ["."]);
        assert_eq!(cut("a---b a----b"), ["---"]);
        assert_eq!(cut("1-2 x-2 2-x"), ["-", "-"]);
        assert_eq!(cut("wait...what"), ["..."]);
    }

    #[test]
    fn no_unit_is_longer_than_the_limit() {
        assert!(UNITS.iter().all(|unit| unit.len() <= MAX_UNIT_LEN));
    }
}
