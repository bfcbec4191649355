//! Mappers for the source of LaTeX documents.

use std::borrow::Cow;

/// Cuts the text at the first `\appendix`, start of references or `\bibliography{…}`.
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_bibliography_mapper`.
pub fn remove_bibliography(text: &str) -> &str {
    let starts = [
        r"\appendix",
        r"\begin{references}",
        r"\begin{REFERENCES}",
        r"\begin{thebibliography}",
    ];
    // The brace may close anywhere after it opened.
    let bibliography = text
        .find(r"\bibliography{")
        .filter(|at| text[*at..].contains('}'));
    let cut = starts
        .iter()
        .filter_map(|start| text.find(start))
        .chain(bibliography)
        .min();
    &text[..cut.unwrap_or(text.len())]
}

/// Removes comments: inside lines if `inline`, whole lines if `multiline`; both are true by default.
///
/// An inline comment goes with the character before its `%`, which may be the line feed before it but no backslash,
/// and at least one character has to follow the `%`. The line feed after the comment stays.
/// A whole line is one that begins with `%`, and goes with its line feed.
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_comments_mapper` with `doc_type` `tex`.
pub fn remove_comments(text: &str, inline: bool, multiline: bool) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if inline && text.contains('%') {
        text = Cow::Owned(remove_inline_comments(&text));
    }
    if multiline && text.contains('%') {
        let lines = text
            .split_inclusive('\n')
            .filter(|line| !line.starts_with('%'));
        text = Cow::Owned(lines.collect());
    }
    text
}

fn remove_inline_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Up to where the text is dealt with: a comment needs a character after that and before its `%`.
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find('%') {
        let percent = from + found;
        from = percent + 1;
        let Some(before) = text[done..percent].chars().next_back() else {
            continue;
        };
        if before == '\\' || matches!(text.as_bytes().get(from), None | Some(b'\n')) {
            continue;
        }
        let comment = text[from..].split('\n').next().unwrap_or_default();
        out.push_str(&text[done..percent - before.len_utf8()]);
        done = from + comment.len();
        from = done;
    }
    out.push_str(&text[done..]);
    out
}

/// Cuts what stands before the first heading: `\chapter`, `\part`, `\section`, `\subsection` or `\subsubsection` with
/// its title, or a `\paragraph` whose title is followed at once by a `\subparagraph` with a title.
///
/// The last is what the original does, which has no heading of either kind alone. A text without headings stays as it
/// is, whatever `drop_no_head` says: that parameter of the original has no effect.
///
/// # Source
///
/// Data-Juicer 1.4.3, `remove_header_mapper`.
pub fn remove_header(text: &str) -> &str {
    let titles = Titles::of(text);
    let heads = text
        .match_indices('\\')
        .find(|(at, _)| titles.heads(text, at + 1));
    heads.map_or(text, |(at, _)| &text[at..])
}

/// The last places in the text that can end a title.
///
/// A title ends anywhere after it began, however far, so only whether there is such a place counts.
#[derive(Clone, Copy)]
struct Titles {
    last_brace: Option<usize>,
    /// `]{` after which a brace closes.
    last_bracket: Option<usize>,
    /// A closing brace with a `\subparagraph` and its title after it, and the last `]{` before that.
    last_sub: Option<(usize, Option<usize>)>,
}

impl Titles {
    fn of(text: &str) -> Self {
        let last_brace = text.rfind('}');
        let bracket_before = |end: usize| text[..end].rfind("]{");
        let mut titles = Self {
            last_brace,
            last_bracket: last_brace.and_then(bracket_before),
            last_sub: None,
        };
        let mut subs = text.rmatch_indices(r"}\subparagraph");
        let last_sub = subs.find(|(at, sub)| titles.title_follows(text, at + sub.len()));
        titles.last_sub = last_sub.map(|(at, _)| (at, bracket_before(at)));
        titles
    }

    /// Whether `*`, `[…]` and `{…}` follow, of which the last is required.
    fn title_follows(&self, text: &str, at: usize) -> bool {
        follows(text, at, self.last_brace, self.last_bracket)
    }

    fn heads(&self, text: &str, name_at: usize) -> bool {
        let rest = &text[name_at..];
        let names = ["chapter", "part", "section", "subsection", "subsubsection"];
        if let Some(name) = names.iter().find(|name| {
            rest.strip_prefix(**name)
                .is_some_and(|rest| rest.starts_with(['*', '[', '{']))
        }) {
            return self.title_follows(text, name_at + name.len());
        }
        let paragraph = "paragraph";
        let (Some((brace, bracket)), true) = (self.last_sub, rest.starts_with(paragraph)) else {
            return false;
        };
        follows(text, name_at + paragraph.len(), Some(brace), bracket)
    }
}

fn follows(text: &str, at: usize, brace: Option<usize>, bracket: Option<usize>) -> bool {
    let rest = &text[at..];
    let opens = rest.strip_prefix('*').unwrap_or(rest);
    let at = text.len() - opens.len();
    match opens.as_bytes().first() {
        Some(b'{') => brace.is_some_and(|end| end > at),
        Some(b'[') => bracket.is_some_and(|end| end > at),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_takes_the_character_before() {
        let inline = |text| remove_comments(text, true, false).into_owned();
        assert_eq!(inline("ab % c\nd"), "ab\nd");
        assert_eq!(inline("a\n% c\nd"), "a\nd");
        assert_eq!(inline(r"a 5\% b"), r"a 5\% b");
        assert_eq!(inline("a%\nb"), "a%\nb");
        assert_eq!(inline("%%\n%% c"), "%%");
        assert_eq!(remove_comments("%a\nb\n%", true, true), "b\n");
    }

    #[test]
    fn headings_need_a_title() {
        assert_eq!(
            remove_header(r"a \section b \part*[x]{y} c"),
            r"\part*[x]{y} c"
        );
        assert_eq!(remove_header(r"a \sections{b}"), r"a \sections{b}");
        assert_eq!(remove_header(r"a \section{b"), r"a \section{b");
        assert_eq!(remove_header(r"a \paragraph{b} c"), r"a \paragraph{b} c");
        assert_eq!(
            remove_header(r"a \paragraph{b}\subparagraph{c} d"),
            r"\paragraph{b}\subparagraph{c} d"
        );
    }

    #[test]
    fn a_bibliography_needs_its_brace() {
        assert_eq!(
            remove_bibliography(r"a\bibliography{b"),
            r"a\bibliography{b"
        );
        assert_eq!(remove_bibliography(r"a\bibliography{b}"), "a");
        assert_eq!(
            remove_bibliography(r"a\bibliographystyle{b}\appendix c"),
            r"a\bibliographystyle{b}"
        );
    }
}
