//! Patterns of Python's `re` put into the form of the `regex` crate.
//!
//! What that crate cannot do (looking around, references to groups, atomic groups, possessive repetition, Python's
//! `ASCII` and `VERBOSE` flags) is an error. Case-blind matching is that of the crate, and so is `\b` beside marks.

use std::iter::Peekable;
use std::str::Chars;

/// A pattern for the `regex` crate.
pub struct Translated {
    pub pattern: String,
    /// Index in the new pattern of each group of the old one, from group 1.
    pub groups: Vec<usize>,
    /// Groups that take the final line break where the old pattern only looks at it.
    pub line_breaks: Vec<usize>,
}

const WORD: &str = r"\p{L}\p{N}_";
const SPACE: &str = r"\s\x1c-\x1f";

/// Translates a pattern.
///
/// # Errors
///
/// What in the pattern has no counterpart, or what Python would not take.
pub fn translate(pattern: &str) -> Result<Translated, String> {
    Translator {
        rest: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() + 16),
        multiline: vec![false],
        groups: Vec::new(),
        line_breaks: Vec::new(),
        n_groups: 0,
    }
    .run()
}

struct Translator<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    /// Whether `$` is the end of a line, by open group.
    multiline: Vec<bool>,
    groups: Vec<usize>,
    line_breaks: Vec<usize>,
    n_groups: usize,
}

enum Item {
    Char(char),
    Set(String),
}

impl Translator<'_> {
    fn run(mut self) -> Result<Translated, String> {
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => match self.escape(false)? {
                    Item::Char(c) => push_char(&mut self.out, c),
                    Item::Set(set) => self.out.push_str(&set),
                },
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    if self.multiline.len() > 1 {
                        self.multiline.pop();
                    }
                    self.out.push(')');
                }
                '*' | '+' | '?' => {
                    self.out.push(c);
                    self.after_repetition()?;
                }
                '{' => self.braces()?,
                '}' | ']' => push_char(&mut self.out, c),
                '$' => self.end(),
                _ => self.out.push(c),
            }
        }
        Ok(Translated {
            pattern: self.out,
            groups: self.groups,
            line_breaks: self.line_breaks,
        })
    }

    /// `$`: the end of the text, or the place before a line break that ends it.
    ///
    /// A group takes that line break, which the caller gives back. So this is exact where nothing follows in the
    /// pattern that would want the line break.
    fn end(&mut self) {
        if self.multiline.last() == Some(&true) {
            self.out.push_str("(?m:$)");
            return;
        }
        self.n_groups += 1;
        self.line_breaks.push(self.n_groups);
        self.out.push_str(r"(?:\z|(\n)\z)");
    }

    fn escape(&mut self, in_class: bool) -> Result<Item, String> {
        let Some(c) = self.rest.next() else {
            return Err("pattern ends with a backslash".to_owned());
        };
        let set = |inner: &str, negated: bool| {
            Item::Set(match (in_class, negated) {
                (true, false) => inner.to_owned(),
                (false, false) => format!("[{inner}]"),
                (_, true) => format!("[^{inner}]"),
            })
        };
        Ok(match c {
            'd' => Item::Set(r"\d".to_owned()),
            'D' => Item::Set(r"\D".to_owned()),
            'w' => set(WORD, false),
            'W' => set(WORD, true),
            's' => set(SPACE, false),
            'S' => set(SPACE, true),
            'b' if in_class => Item::Char('\u{8}'),
            'b' | 'B' | 'A' if !in_class => Item::Set(format!("\\{c}")),
            'Z' if !in_class => Item::Set(r"\z".to_owned()),
            'a' => Item::Char('\u{7}'),
            'f' => Item::Char('\u{c}'),
            'n' => Item::Char('\n'),
            'r' => Item::Char('\r'),
            't' => Item::Char('\t'),
            'v' => Item::Char('\u{b}'),
            'x' => Item::Char(self.code(16, 2, 2, 0)?),
            'u' => Item::Char(self.code(16, 4, 4, 0)?),
            'U' => Item::Char(self.code(16, 8, 8, 0)?),
            '0' => Item::Char(self.code(8, 0, 2, 0)?),
            '1'..='7' if in_class => Item::Char(self.code(8, 0, 2, u32::from(c) - 48)?),
            '1'..='9' => return Err(format!("reference to a group (\\{c}) is not supported")),
            c if c.is_ascii_alphanumeric() => return Err(format!("escape \\{c} is not supported")),
            c => Item::Char(c),
        })
    }

    /// A character by its number: `min` to `max` digits after those already in `value`.
    fn code(&mut self, base: u32, min: usize, max: usize, mut value: u32) -> Result<char, String> {
        for n in 0..max {
            match self.rest.peek().and_then(|c| c.to_digit(base)) {
                Some(digit) => {
                    value = value.wrapping_mul(base).wrapping_add(digit);
                    self.rest.next();
                }
                None if n < min => return Err("escape with too few digits".to_owned()),
                None => break,
            }
        }
        char::from_u32(value).ok_or_else(|| format!("no character has the number {value:x}"))
    }

    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let item = match self.rest.next() {
                None => return Err("class without an end".to_owned()),
                Some(']') if !first => break,
                Some('\\') => self.escape(true)?,
                Some(c) => Item::Char(c),
            };
            first = false;
            let low = match item {
                Item::Set(set) => {
                    self.out.push_str(&set);
                    continue;
                }
                Item::Char(low) => low,
            };
            push_char(&mut self.out, low);
            let mut ahead = self.rest.clone();
            if ahead.next() != Some('-') || matches!(ahead.next(), None | Some(']')) {
                continue;
            }
            self.rest.next();
            let high = match self.rest.next() {
                Some('\\') => self.escape(true)?,
                Some(c) => Item::Char(c),
                None => return Err("class without an end".to_owned()),
            };
            let Item::Char(high) = high else {
                return Err("range to a class".to_owned());
            };
            self.out.push('-');
            push_char(&mut self.out, high);
        }
        self.out.push(']');
        Ok(())
    }

    fn group(&mut self) -> Result<(), String> {
        let multiline = self.multiline.last() == Some(&true);
        if self.rest.next_if_eq(&'?').is_none() {
            self.open_counted();
            self.out.push('(');
            self.multiline.push(multiline);
            return Ok(());
        }
        match self.rest.next() {
            Some(':') => {
                self.out.push_str("(?:");
                self.multiline.push(multiline);
            }
            Some('#') => while self.rest.next().is_some_and(|c| c != ')') {},
            Some('P') => match self.rest.next() {
                Some('<') => {
                    self.open_counted();
                    self.out.push_str("(?P<");
                    self.multiline.push(multiline);
                }
                _ => return Err("reference to a group (?P=…) is not supported".to_owned()),
            },
            Some(c @ ('a'..='z' | '-')) => self.flags(c, multiline)?,
            Some('=' | '!' | '<') => return Err("looking around is not supported".to_owned()),
            Some('>') => return Err("atomic groups are not supported".to_owned()),
            Some('(') => return Err("conditions on a group are not supported".to_owned()),
            _ => return Err("unknown extension after (?".to_owned()),
        }
        Ok(())
    }

    fn open_counted(&mut self) {
        self.n_groups += 1;
        self.groups.push(self.n_groups);
    }

    fn flags(&mut self, first: char, mut multiline: bool) -> Result<(), String> {
        let (mut on, mut written) = (true, String::new());
        let mut flag = Some(first);
        loop {
            match flag {
                Some('m') => multiline = on,
                Some('u') => {}
                Some(c @ ('i' | 's')) => written.push(c),
                Some('-') => {
                    on = false;
                    written.push('-');
                }
                Some(end @ (')' | ':')) => {
                    let written = written.trim_end_matches('-');
                    // Python's `^` goes by the same flag.
                    let lines = if multiline { "m" } else { "" };
                    self.out.push_str("(?");
                    self.out.push_str(lines);
                    self.out.push_str(written);
                    if end == ':' {
                        self.multiline.push(multiline);
                        self.out.push(':');
                    } else {
                        if let Some(open) = self.multiline.last_mut() {
                            *open = multiline;
                        }
                        match lines.is_empty() && written.is_empty() {
                            true => self.out.truncate(self.out.len() - 2),
                            false => self.out.push(')'),
                        }
                    }
                    return Ok(());
                }
                Some(c) => return Err(format!("flag {c} is not supported")),
                None => return Err("flags without an end".to_owned()),
            }
            flag = self.rest.next();
        }
    }

    /// `{m,n}`, or a brace that stands for itself.
    fn braces(&mut self) -> Result<(), String> {
        let mut ahead = self.rest.clone();
        let number = |ahead: &mut Peekable<Chars<'_>>| {
            let mut digits = String::new();
            while let Some(digit) = ahead.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            digits
        };
        let low = number(&mut ahead);
        let comma = ahead.next_if_eq(&',').is_some();
        let high = if comma {
            number(&mut ahead)
        } else {
            String::new()
        };
        if ahead.next() != Some('}') || (low.is_empty() && !comma) {
            push_char(&mut self.out, '{');
            return Ok(());
        }
        self.rest = ahead;
        let low = if low.is_empty() { "0" } else { &low };
        let comma = if comma { "," } else { "" };
        self.out.push_str(&format!("{{{low}{comma}{high}}}"));
        self.after_repetition()
    }

    fn after_repetition(&mut self) -> Result<(), String> {
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
        match self.rest.peek() {
            Some('+') => Err("possessive repetition is not supported".to_owned()),
            Some('*' | '?') => Err("repetition of a repetition".to_owned()),
            _ => Ok(()),
        }
    }
}

/// A character as itself, in or out of a class.
fn push_char(out: &mut String, c: char) {
    if c.is_alphanumeric() {
        out.push(c);
    } else {
        out.push_str(&format!("\\x{{{:x}}}", u32::from(c)));
    }
}
