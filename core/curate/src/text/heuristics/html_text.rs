//! The text of an HTML page as Beautiful Soup's `get_text` has it with Python's `html.parser`.
//!
//! No tree is built: text stands where the page has it, less what is in comments, declarations, processing
//! instructions, and the elements `script`, `style`, `template`, `rt` and `rp`. White space between two tags becomes
//! one line feed or one space, except in `pre` and `textarea`. Numeric character references and the common named ones
//! are decoded; others stay as they are.

use std::borrow::Cow;

/// The text of a page, in order.
pub fn visible_text(page: &str) -> String {
    let mut text = String::new();
    let mut pieces = Pieces::of(page);
    let mut open = OpenElements::default();
    let mut run = String::new();
    while let Some(piece) = pieces.next() {
        if let Piece::Text(part) = &piece {
            run.push_str(&decode_references(part));
            continue;
        }
        open.push_run(&mut text, &mut run);
        match piece {
            Piece::Start(name) => {
                if let Some(end) = raw_text_end(&name, pieces.rest) {
                    pieces.rest = &pieces.rest[end..];
                } else {
                    open.change(&name, 1);
                }
            }
            Piece::End(name) => open.change(&name, -1),
            Piece::Text(_) | Piece::Other => {}
        }
    }
    open.push_run(&mut text, &mut run);
    text
}

/// Depths of the elements that change what becomes of text.
#[derive(Default)]
struct OpenElements {
    hidden: usize,
    preserving: usize,
}

impl OpenElements {
    fn change(&mut self, name: &str, by: isize) {
        let depth = match name {
            "template" | "rt" | "rp" => &mut self.hidden,
            "pre" | "textarea" => &mut self.preserving,
            _ => return,
        };
        *depth = depth.saturating_add_signed(by);
    }

    /// Adds the text between two tags, and empties it.
    fn push_run(&self, text: &mut String, run: &mut String) {
        let is_blank = run
            .chars()
            .all(|c| matches!(c, ' ' | '\n' | '\t' | '\u{c}' | '\r'));
        if self.hidden == 0 && !run.is_empty() {
            match (is_blank && self.preserving == 0, run.contains('\n')) {
                (true, true) => text.push('\n'),
                (true, false) => text.push(' '),
                (false, _) => text.push_str(run),
            }
        }
        run.clear();
    }
}

enum Piece<'a> {
    Text(&'a str),
    /// Names are in lower case.
    Start(String),
    End(String),
    /// A comment, declaration or processing instruction.
    Other,
}

struct Pieces<'a> {
    rest: &'a str,
    /// Bytes from the last `>` and the last `-->` to the end: within these no tag and no comment closes.
    n_after_close: usize,
    n_after_comment: usize,
}

impl<'a> Pieces<'a> {
    fn of(page: &'a str) -> Self {
        let after_last = |end: &str| page.rfind(end).map_or(usize::MAX, |at| page.len() - at);
        Self {
            rest: page,
            n_after_close: after_last(">"),
            n_after_comment: after_last("-->"),
        }
    }

    fn next(&mut self) -> Option<Piece<'a>> {
        let first = self.rest.chars().next()?;
        if let Some((piece, length)) = self.tag() {
            self.rest = &self.rest[length..];
            return Some(piece);
        }
        // A `<` that opens nothing is text.
        let n_first = first.len_utf8();
        let end = self.rest[n_first..]
            .find('<')
            .map_or(self.rest.len(), |at| at + n_first);
        let (part, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(Piece::Text(part))
    }

    /// What starts with `<`, and its length in bytes; `None` where it is text.
    fn tag(&self) -> Option<(Piece<'a>, usize)> {
        let rest = self.rest;
        let after = rest
            .strip_prefix('<')
            .filter(|_| rest.len() > self.n_after_close)?;
        match after.as_bytes().first()? {
            b'!' if after.starts_with("!--") => {
                let body = rest
                    .get(4..)
                    .filter(|_| rest.len() > self.n_after_comment)?;
                Some((Piece::Other, body.find("-->")? + 4 + 3))
            }
            b'!' | b'?' => Some((Piece::Other, rest.find('>')? + 1)),
            b'/' => {
                let name = name_of(&after[1..]);
                let piece = if name.is_empty() {
                    Piece::Other
                } else {
                    Piece::End(name)
                };
                Some((piece, rest.find('>')? + 1))
            }
            byte if byte.is_ascii_alphabetic() => {
                Some((Piece::Start(name_of(after)), tag_length(rest)?))
            }
            _ => None,
        }
    }
}

fn name_of(text: &str) -> String {
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    text[..end.unwrap_or(text.len())].to_ascii_lowercase()
}

/// Length of a start tag; a `>` in a quoted attribute value does not end it, unless the quote never ends.
fn tag_length(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_value_next = false;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if is_value_next => quote = Some(byte),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            is_value_next = byte == b'=';
        }
    }
    rest.find('>').map(|at| at + 1)
}

/// Where the content of a `script` or `style` element ends, the end tag not included; `None` for other elements.
fn raw_text_end(name: &str, rest: &str) -> Option<usize> {
    if !matches!(name, "script" | "style") {
        return None;
    }
    let is_end = |at: usize| {
        let after = &rest.as_bytes()[at + 2..];
        after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && !after.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    let end = rest
        .match_indices("</")
        .map(|(at, _)| at)
        .find(|at| is_end(*at));
    Some(end.unwrap_or(rest.len()))
}

/// Named references of one character, without those that nobody writes in running text.
const NAMED: [(&str, char); 36] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("middot", '·'),
    ("times", '×'),
    ("deg", '°'),
    ("euro", '€'),
    ("pound", '£'),
    ("cent", '¢'),
    ("yen", '¥'),
    ("sect", '§'),
    ("para", '¶'),
    ("larr", '←'),
    ("rarr", '→'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("szlig", 'ß'),
];

fn decode_references(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest) {
            Some((c, length)) => {
                decoded.push(c);
                rest = &rest[length..];
                rest = rest.strip_prefix(';').unwrap_or(rest);
            }
            None => decoded.push('&'),
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The character that a reference without its `&` stands for, and its length without `;`.
fn reference(rest: &str) -> Option<(char, usize)> {
    let length = |text: &str, holds: fn(&u8) -> bool| text.bytes().take_while(holds).count();
    if let Some(number) = rest.strip_prefix("#x").or_else(|| rest.strip_prefix("#X")) {
        let n_digits = length(number, u8::is_ascii_hexdigit);
        let code = u32::from_str_radix(&number[..n_digits], 16).ok()?;
        return Some((char::from_u32(code)?, 2 + n_digits));
    }
    if let Some(number) = rest.strip_prefix('#') {
        let n_digits = length(number, u8::is_ascii_digit);
        let code = number[..n_digits].parse().ok()?;
        return Some((char::from_u32(code)?, 1 + n_digits));
    }
    let n_letters = length(rest, u8::is_ascii_alphanumeric);
    let (_, c) = NAMED.iter().find(|(name, _)| *name == &rest[..n_letters])?;
    Some((*c, n_letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_is_left() {
        let page = "<!DOCTYPE html><p title='a > b'>A &amp; B&#x21;</p><!-- > no --><script>x</b></SCRIPT >c<br/>1 < 2";
        assert_eq!(visible_text(page), "A & B!c1 < 2");
    }

    #[test]
    fn white_space_between_tags_shrinks() {
        assert_eq!(
            visible_text("<p>a</p>\n   <b> </b>  <pre>  </pre>  b "),
            "a\n      b "
        );
        assert_eq!(visible_text("<p>a</p>  <b>c</b>"), "a c");
    }

    #[test]
    fn broken_pages_are_read_to_their_end() {
        for page in [
            "<",
            "<a",
            "<!--",
            "</",
            "<a href=\"x>y",
            "&#xffffffffff;",
            "é<é",
            "<script>",
        ] {
            visible_text(page);
        }
        assert_eq!(visible_text("é&é; &copy 5&x"), "é&é; © 5&x");
    }
}
