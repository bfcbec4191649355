//! What spaCy takes for an address or a mail address and therefore keeps as one word.

use super::characters::{LOWER, is};
use crate::text::python::{is_alnum, is_decimal};

/// Whether a whole piece without white space is an address: `[scheme://][user@]host[:port][/path]`.
///
/// A host is a public IPv4 address, or labels that end in a top-level domain of lower-case letters.
/// Source: spaCy 3.8, `URL_PATTERN`.
pub fn is_url(piece: &str) -> bool {
    if !piece.as_bytes().contains(&b'.') {
        return false;
    }
    let after_scheme = piece.find("://").filter(|end| {
        let scheme = &piece[..*end];
        let is_allowed = |c: char| is_alnum(c) || matches!(c, '_' | '+' | '-' | '.');
        scheme.chars().all(is_allowed) && scheme.chars().nth(1).is_some()
    });
    let after_user = piece.match_indices('@').filter(|(at, _)| *at > 0);
    host_and_path_follow(piece)
        || after_scheme.is_some_and(|end| host_and_path_follow(&piece[end + 3..]))
        || after_user
            .into_iter()
            .any(|(at, _)| host_and_path_follow(&piece[at + 1..]))
}

fn host_and_path_follow(rest: &str) -> bool {
    // An `@` cannot stand in a host; to stop there bounds the work on a piece with many.
    let host_len = rest.find([':', '/', '?', '#', '@']).unwrap_or(rest.len());
    let (host, mut rest) = rest.split_at(host_len);
    if let Some(after_colon) = rest.strip_prefix(':') {
        let path = after_colon.trim_start_matches(is_decimal);
        let port = &after_colon[..after_colon.len() - path.len()];
        if !(2..=5).contains(&port.chars().count()) {
            return false;
        }
        rest = path;
    }
    (rest.is_empty() || rest.starts_with(['/', '?', '#']))
        && (is_domain(host) || is_public_ip(host))
}

fn is_domain(host: &str) -> bool {
    let Some((labels, top)) = host.rsplit_once('.') else {
        return false;
    };
    top.chars().all(|c| is(c, LOWER))
        && (2..=63).contains(&top.chars().count())
        && labels.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_outer = |c: char| c.is_ascii_alphanumeric() || ('\u{a1}'..='\u{ffff}').contains(&c);
    label.starts_with(is_outer)
        && label.ends_with(is_outer)
        && label.chars().all(|c| is_outer(c) || c == '_' || c == '-')
        && label.chars().count() <= 64
}

/// Four octets outside the private, loopback and link-local ranges, and no network or broadcast address.
fn is_public_ip(host: &str) -> bool {
    let mut octets = [0; 4];
    let mut parts = host.split('.');
    for (idx, octet) in octets.iter_mut().enumerate() {
        let Some(part) = parts.next() else {
            return false;
        };
        let may_start_with_zero = idx == 1 || idx == 2;
        let Ok(value) = part.parse::<u8>() else {
            return false;
        };
        if part.starts_with('+') || part.starts_with('0') && !may_start_with_zero {
            return false;
        }
        *octet = value;
    }
    let is_private = match octets {
        [10 | 127, ..] | [169, 254, ..] | [192, 168, ..] => true,
        [172, second, ..] => (16..=31).contains(&second),
        _ => false,
    };
    parts.next().is_none() && !is_private && octets[0] <= 223 && octets[3] <= 254
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_words() {
        for url in [
            "example.com",
            "https://www.example.co.uk:8080/a?b#c",
            "john.doe+spam@example.co.uk",
            "mailto:x@y.de",
            "8.8.8.8",
            "x.org?q",
            "a_b.example.de",
        ] {
            assert!(is_url(url), "{url}");
        }
        for word in [
            "end.Start",
            "192.168.1.1",
            "0.0",
            "3.14",
            "e.g.",
            ".com",
            "a..bc",
            "x.org:1",
            "-x.de",
        ] {
            assert!(!is_url(word), "{word}");
        }
    }
}
