//! Cuts JSON text into its elements, piece by piece: those of the outer array, or values one after another.

use std::ops::Range;

/// An element longer than this is left out.
pub(crate) const ELEMENT_MAX_BYTES: usize = 64 << 20;

/// What a scan of the text at hand gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// An element's bytes.
    Element(Range<usize>),
    /// An element longer than [`ELEMENT_MAX_BYTES`] ended.
    TooLong,
    /// The text at hand ends within an element or between two.
    More,
    /// The outer array is closed; what follows starts here.
    End(usize),
}

/// The state between pieces of text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scanner {
    /// Where to go on in the text at hand.
    at: usize,
    /// Where the element being scanned starts.
    start: Option<usize>,
    depth: u32,
    in_string: bool,
    is_escaped: bool,
    is_too_long: bool,
    /// The text starts with `[`, whose elements are wanted. Unknown before the first character.
    in_array: Option<bool>,
    is_ended: bool,
}

impl Scanner {
    /// Looks for the next element in `text`, whose scanned part has not changed since the last call.
    /// `is_last` says that nothing follows.
    pub(crate) fn next(&mut self, text: &[u8], is_last: bool) -> Found {
        if self.is_ended {
            return Found::End(self.at);
        }
        while let Some(&byte) = text.get(self.at) {
            let Some(start) = self.start else {
                self.between(byte);
                if self.is_ended {
                    return Found::End(self.at);
                }
                continue;
            };
            if let Some(end) = self.within(text, byte, start) {
                self.start = None;
                return self.element(start, end);
            }
            if self.at - start > ELEMENT_MAX_BYTES {
                self.is_too_long = true;
            }
        }
        match self.start {
            // A number at the very end, or an element that the file cuts off.
            Some(start) if is_last => {
                self.start = None;
                self.is_ended = true;
                self.element(start, text.len())
            }
            _ => Found::More,
        }
    }

    /// Says that the first `n_bytes` of the text are gone. Those of an element in progress must stay,
    /// unless it is too long.
    pub(crate) fn forget(&mut self, n_bytes: usize) {
        self.at = self.at.saturating_sub(n_bytes);
        self.start = self.start.map(|start| start.saturating_sub(n_bytes));
    }

    /// Up to where the text is not needed any more.
    pub(crate) fn n_done(&self) -> usize {
        if self.is_too_long {
            self.at
        } else {
            self.start.unwrap_or(self.at)
        }
    }

    fn element(&mut self, start: usize, end: usize) -> Found {
        // Whatever the pieces, the length decides: a piece may hold more than the limit at once.
        let was_too_long = std::mem::take(&mut self.is_too_long) || end - start > ELEMENT_MAX_BYTES;
        self.depth = 0;
        self.in_string = false;
        self.is_escaped = false;
        if was_too_long {
            Found::TooLong
        } else {
            Found::Element(start..end)
        }
    }

    fn between(&mut self, byte: u8) {
        let in_array = match self.in_array {
            Some(in_array) => in_array,
            None if byte.is_ascii_whitespace() => {
                self.at += 1;
                return;
            }
            None => {
                self.in_array = Some(byte == b'[');
                if byte == b'[' {
                    self.at += 1;
                    return;
                }
                false
            }
        };
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => self.at += 1,
            b']' if in_array => {
                self.at += 1;
                self.is_ended = true;
            }
            _ => self.start = Some(self.at),
        }
    }

    /// Consumes a byte of the element, or many; returns the element's end if it is reached.
    fn within(&mut self, text: &[u8], byte: u8, start: usize) -> Option<usize> {
        if self.in_string {
            if self.is_escaped {
                self.is_escaped = false;
                self.at += 1;
                return None;
            }
            let rest = text.get(self.at..).unwrap_or_default();
            let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
                self.at = text.len();
                return None;
            };
            self.at += found + 1;
            if rest.get(found) == Some(&b'\\') {
                self.is_escaped = true;
            } else {
                self.in_string = false;
                if self.depth == 0 {
                    return Some(self.at);
                }
            }
            return None;
        }
        match byte {
            b'"' => {
                // A quote right after a bare word is another element's.
                if self.depth == 0 && self.at > start {
                    return Some(self.at);
                }
                self.in_string = true;
                self.at += 1;
            }
            b'{' | b'[' => {
                if self.depth == 0 && self.at > start {
                    return Some(self.at);
                }
                self.depth += 1;
                self.at += 1;
            }
            b'}' | b']' => {
                if self.depth == 0 {
                    // It closes nothing of ours: the array's end, or an error that the parser will name.
                    if self.at == start {
                        self.at += 1;
                    }
                    return Some(self.at);
                }
                self.depth -= 1;
                self.at += 1;
                if self.depth == 0 {
                    return Some(self.at);
                }
            }
            b',' | b' ' | b'\t' | b'\n' | b'\r' if self.depth == 0 => return Some(self.at),
            _ => self.at += 1,
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str, step: usize) -> Vec<String> {
        let mut scanner = Scanner::default();
        let mut buffer: Vec<u8> = Vec::new();
        let mut found = Vec::new();
        let mut pieces = text.as_bytes().chunks(step).peekable();
        while let Some(piece) = pieces.next() {
            buffer.extend_from_slice(piece);
            let is_last = pieces.peek().is_none();
            loop {
                match scanner.next(&buffer, is_last) {
                    Found::Element(range) => {
                        found.push(String::from_utf8_lossy(&buffer[range]).into_owned())
                    }
                    Found::TooLong => found.push("too long".to_owned()),
                    Found::More => break,
                    Found::End(at) => {
                        let rest = String::from_utf8_lossy(&buffer[at..]).into_owned();
                        if is_last && !rest.trim().is_empty() {
                            found.push(format!("rest {rest}"));
                        }
                        break;
                    }
                }
            }
            let n_done = scanner.n_done();
            buffer.drain(..n_done);
            scanner.forget(n_done);
        }
        found
    }

    #[test]
    fn elements_are_cut_alike_whatever_the_pieces() {
        let check = |text: &str, expected: &[&str]| {
            for step in [1, 2, 3, 7, text.len().max(1)] {
                assert_eq!(
                    elements(text, step),
                    expected,
                    "{text:?} in pieces of {step}"
                );
            }
        };
        check("[1, 2,3]", &["1", "2", "3"]);
        check(
            r#"[{"a": [1, 2]}, {"b": "]}\"{"}]"#,
            &[r#"{"a": [1, 2]}"#, r#"{"b": "]}\"{"}"#],
        );
        check("[]", &[]);
        check("  [ ] ", &[]);
        check("{\"a\": 1}\n{\"a\": 2}\n", &["{\"a\": 1}", "{\"a\": 2}"]);
        check("{\"a\": 1}{\"a\": 2}", &["{\"a\": 1}", "{\"a\": 2}"]);
        check("[\"x\", null, true", &["\"x\"", "null", "true"]);
        check("[{\"a\": 1", &["{\"a\": 1"]);
        check("[[1],[2]]", &["[1]", "[2]"]);
        check("[1, }, 2]", &["1", "}", "2"]);
        check("\"a\\\\\" \"b\"", &["\"a\\\\\"", "\"b\""]);
        check("42", &["42"]);
    }
}
