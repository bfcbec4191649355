//! Mappers that take out copyright notices, e-mail addresses, network addresses and links.

use super::pattern::Substitution;

/// Takes out the first comment `/* … */` if it says `copyright`, in any case.
///
/// Without such a comment, whatever it says, the lines at the start that begin with `//`, `#` or `--` or are empty go.
///
/// # Source
///
/// Data-Juicer 1.4.3, `clean_copyright_mapper`, after RedPajama's.
pub fn copyright(text: &str) -> std::borrow::Cow<'_, str> {
    let comment = text.find("/*").and_then(|start| {
        let end = text[start + 2..].find("*/")?;
        Some(start..start + 2 + end + 2)
    });
    if let Some(comment) = comment {
        let notice = &text.as_bytes()[comment.clone()];
        let word = b"copyright";
        return match notice
            .windows(word.len())
            .any(|found| found.eq_ignore_ascii_case(word))
        {
            true => [&text[..comment.start], &text[comment.end..]]
                .concat()
                .into(),
            false => text.into(),
        };
    }
    let mut rest = text;
    while ["//", "#", "--", "\n"]
        .iter()
        .any(|start| rest.starts_with(start))
    {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest.into()
}

/// E-mail addresses: the pattern of Data-Juicer's `clean_email_mapper`, whose `repl` is empty by default.
pub const EMAIL: &str = r"[A-Za-z0-9.\-+_]+@[a-z0-9.\-+_]+\.[a-z]+";

/// IPv4 and full IPv6 addresses: the pattern of Data-Juicer's `clean_ip_mapper`, whose `repl` is empty by default.
///
/// Nothing need stand around an address, so a part of a longer number may be one.
pub const IP: &str = concat!(
    r"(?:(?:1[0-9][0-9]|2[0-4][0-9]|25[0-5]|[1-9][0-9]|[0-9])\.){3}",
    r"(?:1[0-9][0-9]|2[0-4][0-9]|25[0-5]|[1-9][0-9]|[0-9])",
    r"|(?:[\da-fA-F]{1,4}:){7}[\da-fA-F]{1,4}",
);

/// Links: John Gruber's liberal pattern for web addresses, as in Data-Juicer's `clean_links_mapper`.
///
/// A scheme with a colon, `www.` or a domain with a slash; then no white space or angle brackets, and parentheses
/// only in pairs up to two deep; then no punctuation at the end.
pub const LINK: &str = concat!(
    r"(?i)\b(?:[a-z][\w-]+:(?:/{1,3}|[a-z0-9%])|www\d{0,3}[.]|[a-z0-9.\-]+[.][a-z]{2,4}/)",
    r"(?:[^\s()<>]+|\((?:[^\s()<>]+|\([^\s()<>]+\))*\))+",
    r#"(?:\((?:[^\s()<>]+|\([^\s()<>]+\))*\)|[^\s`!()\[\]{};:'".,<>?«»“”‘’])"#,
);

/// A cleaner: `pattern` in place of `usual`, and `repl` for each match.
///
/// # Errors
///
/// What is wrong with the pattern or the replacement, or not supported.
pub fn cleaner(usual: &str, pattern: Option<&str>, repl: &str) -> Result<Substitution, String> {
    Substitution::new(pattern.unwrap_or(usual), repl)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(usual: &str, text: &str) -> Result<String, String> {
        cleaner(usual, None, "#").map(|cleaner| cleaner.apply(text).into_owned())
    }

    #[test]
    fn only_the_first_comment_counts() {
        assert_eq!(copyright("a /* COPYRIGHT */b"), "a b");
        assert_eq!(
            copyright("# a\n/* b */ /* copyright */"),
            "# a\n/* b */ /* copyright */"
        );
        assert_eq!(copyright("/*/ copyright"), "/*/ copyright");
        assert_eq!(copyright("#a\n\n--b\nc\n#d"), "c\n#d");
        assert_eq!(copyright("#a"), "");
    }

    #[test]
    fn links_end_before_punctuation() {
        assert_eq!(
            clean(LINK, "see http://a.org/b(c). x").as_deref(),
            Ok("see #. x")
        );
        assert_eq!(clean(LINK, "abcd:/e f").as_deref(), Ok("abcd:/e f"));
        assert_eq!(
            clean(LINK, "a.com/xy www2.bc (www.c.d)").as_deref(),
            Ok("# # (#)")
        );
    }

    #[test]
    fn addresses_need_no_space_around() {
        assert_eq!(
            clean(IP, "x188.46.244.216y 1421.237.246").as_deref(),
            Ok("x#y 1421.237.246")
        );
        assert_eq!(clean(IP, "1:2:3:4:5:6:7:8").as_deref(), Ok("#"));
        assert_eq!(clean(EMAIL, "a@b.45c d@e.fg").as_deref(), Ok("a@b.45c #"));
    }
}
