//! Personal data that has a shape: e-mail and network addresses, and numbers of telephones, cards, accounts and persons.
//!
//! One pass over the bytes; where a shape may begin, at most a few dozen bytes are looked at, so the time is linear for
//! any text. Numbers are taken only where a check sum, a number plan or a word before them speaks for it: a miss can be
//! mended by a further rule, but a mask over prices and dates spoils the text.

mod accounts;
mod addresses;
mod numbers;

use accounts::iban_at;
use addresses::{email_around, ipv4_at, ipv6_around};
use numbers::number_at;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Email,
    Phone,
    IpAddress,
    Card,
    Iban,
    SocialSecurity,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Email,
        Self::Phone,
        Self::IpAddress,
        Self::Card,
        Self::Iban,
        Self::SocialSecurity,
    ];

    /// What stands in masks and spans: `EMAIL`, `PHONE`, `IP_ADDRESS`, `CARD`, `IBAN`, `SSN`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::IpAddress => "IP_ADDRESS",
            Self::Card => "CARD",
            Self::Iban => "IBAN",
            Self::SocialSecurity => "SSN",
        }
    }
}

/// A place of personal data, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    pub start: usize,
    /// Exclusive.
    pub end: usize,
    pub kind: Kind,
}

/// All personal data of a text, from left to right and apart.
///
/// - E-mail addresses with a domain of at least two parts.
/// - IPv4 and IPv6 addresses that are public. Those kept for documentation stand for public ones; private, local,
///   multicast and reserved ones say nothing about a person.
/// - Card numbers of known issuers with a valid Luhn sum; account numbers (IBAN) of known countries with a valid check.
/// - Telephone numbers: international with `+` or `00`, North American ones in groups, national ones with a leading 0 in
///   groups, and any with `tel`, `phone` or the like before them; none where `ISBN`, `DOI` or `#` stands before.
/// - US social security numbers: `ddd-dd-dddd` outside of the ranges that are never given.
pub fn find(text: &str) -> Vec<Finding> {
    let bytes = text.as_bytes();
    let mut found: Vec<Finding> = Vec::new();
    let mut at = 0;
    let mut floor = 0;
    while let Some(byte) = bytes.get(at) {
        let finding = match byte {
            b'@' => email_around(bytes, at, floor),
            b':' => ipv6_around(bytes, at, floor),
            b'0'..=b'9' => ipv4_at(bytes, at).or_else(|| number_at(bytes, at)),
            b'+' | b'(' => number_at(bytes, at),
            b'A'..=b'Z' => iban_at(bytes, at),
            _ => None,
        };
        if let Some(finding) = finding {
            at = finding.end.max(at + 1);
            floor = at;
            found.push(finding);
            continue;
        }
        // Nothing begins inside a run of digits.
        let run = &bytes[at..];
        let n_digits = run.iter().take_while(|byte| byte.is_ascii_digit()).count();
        at += n_digits.max(1);
    }
    found
}

/// The text with the findings of some kinds replaced.
pub fn mask(text: &str, masks: &[(Kind, String)]) -> Option<String> {
    let mut out = String::new();
    let mut copied = 0;
    for finding in find(text) {
        let Some((_, mask)) = masks.iter().find(|(kind, _)| *kind == finding.kind) else {
            continue;
        };
        out.push_str(&text[copied..finding.start]);
        out.push_str(mask);
        copied = finding.end;
    }
    (copied > 0).then(|| {
        out.push_str(&text[copied..]);
        out
    })
}

/// A byte of a word, for which no end of a number is.
fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The byte before a place.
fn before(bytes: &[u8], at: usize) -> Option<&u8> {
    bytes.get(at.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str)> {
        find(text)
            .iter()
            .map(|finding| (finding.kind.label(), &text[finding.start..finding.end]))
            .collect()
    }

    fn check(text: &str, expected: &[(&str, &str)]) {
        assert_eq!(found(text), expected, "{text:?}");
    }

    #[test]
    fn each_kind_is_found_where_it_stands() {
        check(
            "Write to ana.ito@example.org.",
            &[("EMAIL", "ana.ito@example.org")],
        );
        check("<a+b@c-d.co.uk>, x", &[("EMAIL", "a+b@c-d.co.uk")]);
        check(
            "at 192.0.2.7 and 8.8.8.8.",
            &[("IP_ADDRESS", "192.0.2.7"), ("IP_ADDRESS", "8.8.8.8")],
        );
        check("é [2001:db8::1]:80", &[("IP_ADDRESS", "2001:db8::1")]);
        check(
            "card 4111 1111 1111 1111, reference 123456",
            &[("CARD", "4111 1111 1111 1111")],
        );
        check(
            "378282246310005 5555-5555-5555-4444",
            &[("CARD", "378282246310005"), ("CARD", "5555-5555-5555-4444")],
        );
        check(
            "to DE89 3704 0044 0532 0130 00 now",
            &[("IBAN", "DE89 3704 0044 0532 0130 00")],
        );
        check(
            "GB82WEST12345698765432",
            &[("IBAN", "GB82WEST12345698765432")],
        );
        check("SSN 219-09-9999", &[("SSN", "219-09-9999")]);
    }

    #[test]
    fn telephone_numbers_of_many_shapes_are_found() {
        for number in [
            "+1 202 555 0142",
            "+12025550142",
            "+44 (0)20 7946 0958",
            "+49-30-1234567",
            "+86 139 1234 5678",
            "0049 30 1234567",
            "(202) 555-0142",
            "202-555-0142",
            "202.555.0142",
            "1-202-555-0142",
            "030 1234567",
            "(030) 1234567",
            "0171/1234567",
            "020 7946 0958",
            "01 23 45 67 89",
        ] {
            check(
                &format!("Call Ana on {number}, please"),
                &[("PHONE", number)],
            );
        }
        check(
            "Tel. 5550142 or fax: 2025550142",
            &[("PHONE", "5550142"), ("PHONE", "2025550142")],
        );
        check("on 202-555-0142 2 times", &[("PHONE", "202-555-0142")]);
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "ISBN 978-0-306-40615-7",
            "on 2024-01-15 12:30:45",
            "01.02.2020 10:30",
            "01.02.2020 1030",
            "v1.2.3.4.5",
            "10.0.0.1 127.0.0.1 192.168.1.1",
            "999.1.1.1",
            "4111 1111 1111 1112",
            "000-12-3456 666-12-3456",
            "3.14159265358979",
            "1,000,000 people",
            "1234567890123456",
            "DE89 3704 0044 0532 0130 01",
            "a@b logo@2x.png @x.y",
            "std::vec fe80::1 ::1 12:30:45",
            "in 1990 2000 2010",
            "#202-555-0142",
            "x202-555-0142",
            "09/10 11/12 13",
            "+ 5 (6)",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn masks_stand_for_chosen_kinds() {
        let masks = [(Kind::Email, "[EMAIL]".to_owned())];
        assert_eq!(
            mask("é a@b.org 8.8.8.8", &masks).as_deref(),
            Some("é [EMAIL] 8.8.8.8")
        );
        assert_eq!(mask("8.8.8.8", &masks), None);
    }

    #[test]
    fn any_text_is_taken() {
        for unit in [
            "1 ", "1-", "@", "a@", "a.", ":", "+", "(", "A1", "é1", "1.", "+1", "f:", "\0", "👩",
        ] {
            assert!(find(&unit.repeat(5_000)).len() <= 5_000, "{unit:?}");
        }
    }
}
