//! Replacing what a Python pattern matches, as `re.sub` does.

use std::borrow::Cow;

use regex::{Captures, Regex, RegexBuilder};

use super::translate::translate;

/// A pattern of Python's `re`, compiled.
pub struct Pattern {
    regex: Regex,
    groups: Vec<usize>,
    line_breaks: Vec<usize>,
}

/// Where a pattern matches, and its groups.
pub struct Match<'a> {
    pub start: usize,
    pub end: usize,
    captures: Captures<'a>,
}

impl Pattern {
    /// Compiles a pattern; one written as the Python literal `r'…'` or `r"…"` is what stands inside.
    ///
    /// # Errors
    ///
    /// What the pattern has that is not supported, or what is wrong with it.
    pub fn new(pattern: &str, dot_matches_line_break: bool) -> Result<Self, String> {
        let translated = translate(without_quotes(pattern))?;
        let regex = RegexBuilder::new(&translated.pattern)
            .dot_matches_new_line(dot_matches_line_break)
            .build()
            .map_err(|error| format!("pattern {pattern:?}: {error}"))?;
        Ok(Self {
            regex,
            groups: translated.groups,
            line_breaks: translated.line_breaks,
        })
    }

    /// The matches that do not overlap, from the left. An empty one may touch the end of the one before.
    ///
    /// After an empty one the search goes on at the next character: where the pattern would rather match nothing than
    /// something, as `a??` does, Python then tries for something at the same place.
    pub fn matches<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let captures = self.regex.captures_at(text, from?)?;
            let whole = captures.get(0)?;
            let taken = self
                .line_breaks
                .iter()
                .any(|idx| captures.get(*idx).is_some());
            let (start, end) = (whole.start(), whole.end() - usize::from(taken));
            from = match end > start {
                true => Some(end),
                false => text[end..].chars().next().map(|c| end + c.len_utf8()),
            };
            Some(Match {
                start,
                end,
                captures,
            })
        })
    }

    /// Number of groups of the pattern.
    pub fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// What group `number` matched, from 1.
    pub fn group<'t>(&self, of: &Match<'t>, number: usize) -> Option<&'t str> {
        let idx = *self.groups.get(number.checked_sub(1)?)?;
        of.captures.get(idx).map(|found| found.as_str())
    }

    fn group_named(&self, name: &str) -> Option<usize> {
        let idx = self
            .regex
            .capture_names()
            .position(|found| found == Some(name))?;
        self.groups
            .iter()
            .position(|group| *group == idx)
            .map(|at| at + 1)
    }
}

/// A pattern and what is put for its matches.
pub struct Substitution {
    pattern: Pattern,
    by: Vec<Part>,
}

enum Part {
    Text(String),
    /// Group by number; 0 is the whole match.
    Group(usize),
}

impl Substitution {
    /// `re.sub(pattern, template, text, flags=re.DOTALL)`: in the template `\1`, `\g<1>` and `\g<name>` are groups.
    ///
    /// # Errors
    ///
    /// What is not supported in the pattern, or wrong in it or in the template.
    pub fn new(pattern: &str, template: &str) -> Result<Self, String> {
        let pattern = Pattern::new(pattern, true)?;
        let by = parse_template(template, &pattern)?;
        Ok(Self { pattern, by })
    }

    /// The text with each match replaced.
    pub fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut out = String::new();
        let mut copied = None;
        for found in self.pattern.matches(text) {
            out.push_str(&text[copied.unwrap_or(0)..found.start]);
            for part in &self.by {
                out.push_str(match part {
                    Part::Text(by) => by,
                    Part::Group(0) => &text[found.start..found.end],
                    Part::Group(number) => self.pattern.group(&found, *number).unwrap_or_default(),
                });
            }
            copied = Some(found.end);
        }
        match copied {
            None => Cow::Borrowed(text),
            Some(copied) => {
                out.push_str(&text[copied..]);
                Cow::Owned(out)
            }
        }
    }
}

fn without_quotes(pattern: &str) -> &str {
    let inner = |quote: char| {
        pattern
            .strip_prefix('r')?
            .strip_prefix(quote)?
            .strip_suffix(quote)
    };
    inner('\'').or_else(|| inner('"')).unwrap_or(pattern)
}

fn parse_template(template: &str, pattern: &Pattern) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = template.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let group = match rest.next() {
            Some('g') => {
                let mut name = String::new();
                let open = rest.next() == Some('<');
                let closed = rest.by_ref().any(|c| {
                    if c != '>' {
                        name.push(c);
                    }
                    c == '>'
                });
                if !open || !closed {
                    return Err(format!("template {template:?}: \\g without <name>"));
                }
                let by_number = name.parse::<usize>().ok();
                by_number
                    .or_else(|| pattern.group_named(&name))
                    .ok_or_else(|| format!("template {template:?}: no group {name:?}"))?
            }
            Some(digit @ '1'..='9') => {
                let mut number = digit.to_digit(10).unwrap_or_default() as usize;
                if let Some(second) = rest.next_if(char::is_ascii_digit) {
                    number = number * 10 + second.to_digit(10).unwrap_or_default() as usize;
                }
                number
            }
            Some(escaped) => {
                let literal = match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'a' => '\u{7}',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'v' => '\u{b}',
                    '0' => '\0',
                    '\\' => '\\',
                    c if c.is_ascii_alphabetic() => {
                        return Err(format!("template {template:?}: escape \\{c} is not known"));
                    }
                    c => {
                        text.push('\\');
                        c
                    }
                };
                text.push(literal);
                continue;
            }
            None => return Err(format!("template {template:?} ends with a backslash")),
        };
        if group > pattern.n_groups() {
            return Err(format!("template {template:?}: no group {group}"));
        }
        parts.push(Part::Text(std::mem::take(&mut text)));
        parts.push(Part::Group(group));
    }
    parts.push(Part::Text(text));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sub(pattern: &str, by: &str, text: &str) -> Result<String, String> {
        Substitution::new(pattern, by).map(|found| found.apply(text).into_owned())
    }

    fn check(pattern: &str, by: &str, text: &str, expected: &str) {
        assert_eq!(
            sub(pattern, by, text).as_deref(),
            Ok(expected),
            "{pattern} in {text:?}"
        );
    }

    #[test]
    fn python_patterns_mean_what_python_means() {
        check(r"r'\d+'", "#", "a12 ٣", "a# #");
        check(r"(\w+) (\w+)", r"\2 \g<1>", "ab cd", "cd ab");
        check(r"(?P<x>b)|c", r"<\g<x>>", "abc", "a<b><>");
        check(r"\s", "_", "a\u{1c}b", "a_b");
        check(r"a.c", "", "a\nc", "");
        check(r"[]a-]", "", "x]a-", "x");
        check(r"[[&&a]", "", "[&ab", "b");
        check(r"x{,2}y", "", "xxy{", "{");
        check(r"{a}", "", "b{a}", "b");
        check(r"$x", "", "$x", "$x");
    }

    #[test]
    fn the_end_may_stand_before_a_line_break() {
        check(r"\.$", "!", "a.\n", "a!\n");
        check(r"\.$", "!", "a.\n\n", "a.\n\n");
        check(r"(a)$|(b)", r"[\1\2]", "ba\n", "[b][a]\n");
        check(r"(?m)^a$", "!", "a\na\n", "!\n!\n");
    }

    #[test]
    fn an_empty_match_may_touch_the_one_before() {
        check("x*", "-", "abxd", "-a-b--d-");
    }

    #[test]
    fn what_cannot_be_done_is_an_error() {
        for pattern in [
            r"(a)\1", "(?<=a)b", "a(?!b)", "a++", "a**", "(?>a)", "(?P=a)", "[b-a]", "(", r"\y",
        ] {
            assert!(sub(pattern, "", "a").is_err(), "{pattern}");
        }
        assert!(sub("a", r"\1", "a").is_err());
    }
}
