//! The text of an HTML document, without a tree.
//!
//! Tokens are those of the HTML standard. Of its tree construction there is what moves or drops text: the head, raw
//! text elements and what stands in a table outside its cells. Not there: framesets after the body began, foreign
//! elements (SVG, MathML) and templates, whose text is taken as it comes.

use super::html_references::{LONGEST_BARE, named};

/// The text of the body of an HTML document, after `<li>` and `<ol>` became a line feed and `*`.
///
/// White space before the body goes, and so does text in the head, as of `<title>` or `<script>` before any other
/// content. References become characters. Inside the body, scripts and styles count as text. Only the exact tags
/// `<li>`, `</li>`, `<ol>` and `</ol>` are replaced first, not those with attributes or in capitals.
///
/// # Source
///
/// Data-Juicer 1.4.3, `clean_html_mapper` with a parser by the HTML standard.
pub fn clean_html(text: &str) -> String {
    let mut html = text.replace("\r\n", "\n").replace('\r', "\n");
    for (tag, by) in [
        ("<li>", "\n*"),
        ("</li>", ""),
        ("<ol>", "\n*"),
        ("</ol>", ""),
    ] {
        html = html.replace(tag, by);
    }
    let mut reader = Reader::default();
    let mut rest = html.as_str();
    while !rest.is_empty() && !reader.frameset {
        let end = rest.find('<').unwrap_or(rest.len());
        let (text, markup) = rest.split_at(end);
        reader.text(text, true);
        rest = reader.markup(markup);
    }
    reader.finish()
}

/// Tables deeper than this are read as other elements.
const MAX_TABLES: usize = 64;

#[derive(Default)]
struct Reader {
    in_body: bool,
    /// A frameset takes the place of the body, so there is no text.
    frameset: bool,
    out: String,
    /// Open tables, the innermost last.
    tables: Vec<Table>,
    /// A line feed here is not text: it follows `<pre>`.
    skip_line_feed: bool,
}

#[derive(Default)]
struct Table {
    /// What stands outside the cells: it comes before the table.
    before: String,
    inside: String,
    in_cell: bool,
}

impl Reader {
    fn text(&mut self, mut text: &str, references: bool) {
        if std::mem::take(&mut self.skip_line_feed) {
            text = text.strip_prefix('\n').unwrap_or(text);
        }
        if !self.in_body {
            text = text.trim_start_matches(is_html_space);
        }
        if text.is_empty() {
            return;
        }
        self.in_body = true;
        let target = match self.tables.last_mut() {
            None => &mut self.out,
            Some(table) if table.in_cell || text.chars().all(is_html_space) => &mut table.inside,
            Some(table) => &mut table.before,
        };
        if references {
            push_text(target, text);
        } else {
            target.extend(text.chars().filter(|c| *c != '\0'));
        }
    }

    /// Reads what begins with `<`, or nothing; gives what follows.
    fn markup<'h>(&mut self, markup: &'h str) -> &'h str {
        let Some(after) = markup.strip_prefix('<') else {
            return markup;
        };
        if let Some(comment) = after.strip_prefix("!--") {
            return after_comment(comment);
        }
        let (is_end, name_at) = match after.strip_prefix('/') {
            Some(name) => (true, name),
            None => (false, after),
        };
        match name_at.chars().next() {
            Some(c) if c.is_ascii_alphabetic() => {}
            None if is_end => {
                self.text(markup, false);
                return "";
            }
            _ if is_end || after.starts_with(['!', '?']) => {
                return name_at.split_once('>').map_or("", |(_, rest)| rest);
            }
            _ => {
                self.text("<", false);
                return after;
            }
        }
        let name_len = name_at.find(|c| is_html_space(c) || matches!(c, '/' | '>'));
        let (name, attributes) = name_at.split_at(name_len.unwrap_or(name_at.len()));
        let Some(rest) = after_attributes(attributes) else {
            return "";
        };
        let name = name.to_ascii_lowercase();
        match is_end {
            true => self.end_tag(&name),
            false => return self.start_tag(&name, rest),
        }
        rest
    }

    fn start_tag<'h>(&mut self, name: &str, rest: &'h str) -> &'h str {
        let raw = matches!(
            name,
            "title" | "textarea" | "style" | "script" | "xmp" | "iframe" | "noembed" | "noframes"
        );
        let of_head = matches!(
            name,
            "html"
                | "head"
                | "base"
                | "basefont"
                | "bgsound"
                | "link"
                | "meta"
                | "noscript"
                | "template"
                | "title"
                | "style"
                | "script"
                | "noframes"
        );
        if name == "frameset" && !self.in_body {
            self.frameset = true;
        }
        let in_head = of_head && !self.in_body;
        if !of_head {
            self.in_body = true;
        }
        match name {
            "plaintext" => {
                self.text(rest, false);
                return "";
            }
            "table" => {
                if self.tables.last().is_some_and(|table| !table.in_cell) {
                    self.close_table();
                }
                if self.tables.len() < MAX_TABLES {
                    self.tables.push(Table::default());
                }
            }
            "td" | "th" | "caption" => self.set_in_cell(true),
            "tr" | "tbody" | "thead" | "tfoot" | "colgroup" | "col" => self.set_in_cell(false),
            "pre" | "listing" | "textarea" => self.skip_line_feed = rest.starts_with('\n'),
            _ => {}
        }
        if !raw {
            return rest;
        }
        let (text, after) = split_raw(rest, name);
        if !in_head {
            self.text(text, matches!(name, "title" | "textarea"));
        }
        after
    }

    fn end_tag(&mut self, name: &str) {
        match name {
            "table" => self.close_table(),
            "td" | "th" | "caption" | "tr" | "tbody" | "thead" | "tfoot" => self.set_in_cell(false),
            "body" | "br" => self.in_body = true,
            _ => {}
        }
    }

    fn set_in_cell(&mut self, in_cell: bool) {
        if let Some(table) = self.tables.last_mut() {
            table.in_cell = in_cell;
        }
    }

    fn close_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        let target = match self.tables.last_mut() {
            None => &mut self.out,
            Some(outer) => &mut outer.inside,
        };
        target.push_str(&table.before);
        target.push_str(&table.inside);
    }

    fn finish(mut self) -> String {
        while !self.tables.is_empty() {
            self.close_table();
        }
        match self.frameset {
            true => String::new(),
            false => self.out,
        }
    }
}

/// What follows a comment, after its `<!--`.
fn after_comment(comment: &str) -> &str {
    if let Some(rest) = comment
        .strip_prefix('>')
        .or_else(|| comment.strip_prefix("->"))
    {
        return rest;
    }
    // Hyphens one by one, for an end may begin at each.
    let mut ends = comment.match_indices('-').filter_map(|(at, _)| {
        let rest = comment[at + 1..].strip_prefix('-')?;
        rest.strip_prefix('>').or_else(|| rest.strip_prefix("!>"))
    });
    ends.next().unwrap_or_default()
}

/// What follows the tag whose attributes these are; none if it does not end.
fn after_attributes(mut rest: &str) -> Option<&str> {
    loop {
        rest = rest.trim_start_matches(|c| is_html_space(c) || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some(after);
        }
        // The first character of a name may be anything.
        let mut chars = rest.chars();
        chars.next()?;
        rest = chars.as_str();
        let end = rest.find(|c| is_html_space(c) || matches!(c, '/' | '>' | '='))?;
        rest = rest[end..].trim_start_matches(is_html_space);
        let Some(value) = rest.strip_prefix('=') else {
            continue;
        };
        rest = value.trim_start_matches(is_html_space);
        let quote = rest.chars().next()?;
        rest = match quote {
            '"' | '\'' => rest[1..].split_once(quote)?.1,
            '>' => rest,
            _ => &rest[rest.find(|c| is_html_space(c) || c == '>')?..],
        };
    }
}

/// Splits at the end tag with this name, which goes with what it has of attributes.
fn split_raw<'h>(text: &'h str, name: &str) -> (&'h str, &'h str) {
    for (at, _) in text.match_indices("</") {
        let after = &text[at + 2..];
        let Some(tag) = after.get(..name.len()) else {
            continue;
        };
        let attributes = &after[name.len()..];
        let ends = attributes.starts_with(|c| is_html_space(c) || matches!(c, '/' | '>'));
        if ends && tag.eq_ignore_ascii_case(name) {
            return (
                &text[..at],
                after_attributes(attributes).unwrap_or_default(),
            );
        }
    }
    (text, "")
}

/// Appends text whose references become characters.
fn push_text(out: &mut String, text: &str) {
    let mut parts = text.split('&');
    out.extend(
        parts
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| *c != '\0'),
    );
    for part in parts {
        let rest = match reference(part) {
            Some(found) => {
                out.push_str(&found.0);
                found.1
            }
            None => {
                out.push('&');
                part
            }
        };
        out.extend(rest.chars().filter(|c| *c != '\0'));
    }
}

/// The characters of the reference after an `&`, and what follows it.
pub(super) fn reference(part: &str) -> Option<(String, &str)> {
    if let Some(number) = part.strip_prefix('#') {
        let (digits, base) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        let end = digits
            .find(|c: char| !c.is_digit(base))
            .unwrap_or(digits.len());
        let (digits, rest) = digits.split_at(end);
        if digits.is_empty() {
            return None;
        }
        let code = digits.chars().try_fold(0_u32, |code, digit| {
            code.checked_mul(base)?.checked_add(digit.to_digit(base)?)
        });
        let c = code.map_or('\u{fffd}', numbered);
        return Some((c.to_string(), rest.strip_prefix(';').unwrap_or(rest)));
    }
    let end = part
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(part.len());
    let (name, rest) = part.split_at(end);
    if let (Some(rest), Some(found)) = (rest.strip_prefix(';'), named(name)) {
        return Some((found.text.clone(), rest));
    }
    (2..=name.len().min(LONGEST_BARE)).rev().find_map(|len| {
        let found = named(&name[..len]).filter(|found| found.bare)?;
        Some((found.text.clone(), &part[len..]))
    })
}

/// The character with a number, where numbers of C1 controls are those of Windows-1252.
fn numbered(code: u32) -> char {
    const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match code {
        0 => '\u{fffd}',
        0x80..=0x9f => WINDOWS
            .chars()
            .nth(code as usize - 0x80)
            .unwrap_or('\u{fffd}'),
        _ => char::from_u32(code).unwrap_or('\u{fffd}'),
    }
}

fn is_html_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{c}' | '\r' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_the_body_is_kept() {
        let check = |html, expected: &str| assert_eq!(clean_html(html), expected, "{html}");
        check(
            " <html> <head><title>t</title></head> <body> a </body>",
            " a ",
        );
        check("<p>a</p>\n<script>b<i></script>", "a\nb<i>");
        check("a<!-- b > c -->d<!x>e</ >f", "adef");
        check("<a title='>'>x</a > <5 </", "x <5 </");
        check("a<b", "a");
        check(
            "&lt;&copy;&copyx&ampamp;&#x80;&#0;&nope;&",
            "<©©x&amp;€\u{fffd}&nope;&",
        );
        check("<table><tr><td>a</td></tr>b</table>c", "bac");
        check("<ul><li>a<li class=x>b</ul>", "\n*ab");
        check("<pre>\n\na</pre>", "\na");
    }
}
