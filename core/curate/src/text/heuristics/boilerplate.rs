//! Removing paragraphs by what they say.

use std::borrow::Cow;

/// The text without paragraphs (between empty lines) in which one of the phrases, in lower case, stands; with `at_ends`
/// only those before the first and after the last paragraph without one.
///
/// A text of such paragraphs alone becomes empty.
pub fn remove_boilerplate<'a>(text: &'a str, phrases: &[String], at_ends: bool) -> Cow<'a, str> {
    let says = |paragraph: &&str| {
        let paragraph = paragraph.to_lowercase();
        phrases.iter().any(|phrase| paragraph.contains(phrase))
    };
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let flags: Vec<bool> = paragraphs.iter().map(says).collect();
    if !flags.contains(&true) {
        return Cow::Borrowed(text);
    }
    let first = flags.iter().position(|says| !says).unwrap_or(flags.len());
    let last = flags.iter().rposition(|says| !says).unwrap_or(0);
    let kept: Vec<&str> = paragraphs
        .iter()
        .zip(&flags)
        .enumerate()
        .filter(|(idx, (_, says))| !**says || (at_ends && first < *idx && *idx < last))
        .map(|(_, (paragraph, _))| *paragraph)
        .collect();
    Cow::Owned(kept.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_inside_stay_unless_all_go() {
        let phrases = ["cookie".to_owned()];
        let text = "Cookies!\n\na\n\ncookie\n\nb\n\nno cookie\n\nCOOKIE";
        let remove = |at_ends| remove_boilerplate(text, &phrases, at_ends).into_owned();
        assert_eq!(remove(true), "a\n\ncookie\n\nb");
        assert_eq!(remove(false), "a\n\nb");
        assert_eq!(remove_boilerplate("cookie", &phrases, true), "");
        assert_eq!(remove_boilerplate("", &phrases, true), "");
    }
}
