//! What texts look like: numbers, dates, addresses, names of things.

use sluice_stats::text_stats::TextStats;

use crate::expr::calendar::parse_datetime;

/// Texts longer than this look like nothing but text.
const MAX_LOOK_BYTES: usize = 2_048;

/// How many of the texts looked at are of a kind; kinds may overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Looks {
    /// Texts looked at that are not blank.
    pub(super) n: u64,
    pub(super) n_url: u64,
    pub(super) n_email: u64,
    pub(super) n_path: u64,
    pub(super) n_number: u64,
    pub(super) n_date: u64,
    pub(super) n_boolean: u64,
    /// Without white space, with a digit, and only letters, digits and `-_.:#{}`.
    pub(super) n_code: u64,
    /// Three words or more.
    pub(super) n_wordy: u64,
    /// Texts that were tested for damage to their encoding.
    pub(super) n_damage_tested: u64,
    pub(super) n_with_replacement: u64,
    pub(super) n_with_mojibake: u64,
}

impl Looks {
    pub(super) fn update(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.n += 1;
        self.n_wordy += u64::from(text.split_whitespace().nth(2).is_some());
        if text.len() > MAX_LOOK_BYTES {
            return;
        }
        self.n_url += u64::from(is_url(text));
        self.n_email += u64::from(is_email(text));
        self.n_path += u64::from(is_path(text));
        self.n_number += u64::from(is_number(text));
        self.n_date += u64::from(parse_datetime(text).is_some());
        self.n_boolean += u64::from(is_boolean(text));
        self.n_code += u64::from(is_code(text));
    }

    pub(super) fn set_damage(&mut self, stats: &TextStats) {
        self.n_damage_tested = stats.n_texts;
        self.n_with_replacement = stats.n_texts_with_replacement;
        self.n_with_mojibake = stats.n_texts_with_mojibake;
    }

    /// `count` as a share of the texts looked at; 0 without any.
    pub(super) fn share(&self, count: u64) -> f64 {
        count as f64 / self.n.max(1) as f64
    }
}

/// `scheme://…` or `www.…`, without white space.
fn is_url(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
            if scheme.is_empty() || !scheme.chars().all(plain) {
                return false;
            }
            rest
        }
        None => match text.strip_prefix("www.") {
            Some(rest) => rest,
            None => return false,
        },
    };
    !rest.is_empty() && !text.contains(char::is_whitespace)
}

/// `local@domain.tld`, without white space.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let dotted = domain.rsplit_once('.').is_some_and(|(name, tld)| {
        !name.is_empty() && tld.len() >= 2 && tld.chars().all(char::is_alphanumeric)
    });
    !local.is_empty() && dotted && !domain.contains('@') && !text.contains(char::is_whitespace)
}

/// Begins at a root (`/`, `~/`, `./`, `../`, `C:\`), or has a separator and ends with an extension.
fn is_path(text: &str) -> bool {
    if text.contains(['\n', '\t', '<', '>', '|', '"']) || text.contains("://") {
        return false;
    }
    let drive = text.as_bytes().get(..3).is_some_and(|head| {
        head[0].is_ascii_alphabetic() && head[1] == b':' && (head[2] == b'\\' || head[2] == b'/')
    });
    let rooted = drive
        || ["~/", "./", "../", "\\\\"]
            .iter()
            .any(|root| text.starts_with(root));
    if rooted || text.starts_with('/') && text.len() > 1 && !text.contains(' ') {
        return true;
    }
    text.rsplit_once(['/', '\\']).is_some_and(|(_, file)| {
        file.rsplit_once('.').is_some_and(|(stem, extension)| {
            let short = (1..=8).contains(&extension.len());
            !stem.is_empty() && short && extension.chars().all(|c| c.is_ascii_alphanumeric())
        })
    })
}

fn is_number(text: &str) -> bool {
    // Words such as “nan” and “infinity” are read as floats too.
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

pub(super) fn is_boolean(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "true", "false", "yes", "no", "t", "f", "y", "n", "on", "off",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_code(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:#{}".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_by_their_look() {
        let names = [
            "url", "email", "path", "number", "date", "boolean", "code", "wordy",
        ];
        let kinds = |text: &str| {
            let mut looks = Looks::default();
            looks.update(text);
            let Looks {
                n_url,
                n_email,
                n_path,
                n_number,
                n_date,
                n_boolean,
                n_code,
                n_wordy,
                ..
            } = looks;
            let counts = [
                n_url, n_email, n_path, n_number, n_date, n_boolean, n_code, n_wordy,
            ];
            let found = names.iter().zip(counts).filter(|(_, count)| *count > 0);
            found.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
        };
        for (text, expected) in [
            ("https://example.org/a?b=1", "url"),
            ("www.example.org", "url"),
            ("s3://bucket/key.parquet", "url"),
            ("see https://example.org", ""),
            ("a.b+c@mail.example.org", "email"),
            ("@handle", ""),
            ("a@b", ""),
            ("/usr/lib/x.so", "path"),
            ("C:\\Users\\me", "path"),
            ("images/cat 1.jpg", "path"),
            ("and/or", ""),
            ("3/4", ""),
            ("12", "number code"),
            ("-1.5e3", "number code"),
            ("nan", ""),
            ("2024-02-29", "date code"),
            ("2024-02-29T10:00:00Z", "date code"),
            ("Yes", "boolean"),
            ("a3f-99", "code"),
            ("two words", ""),
            ("three words here", "wordy"),
            ("  ", ""),
        ] {
            assert_eq!(kinds(text), expected, "{text:?}");
        }
    }
}
