//! International account numbers.

use super::{Finding, Kind, before, is_word};

/// Lengths of account numbers by country (ISO 13616).
const IBAN_LENGTHS: &str = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27\
    GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21MC27MD24ME22MK19MR27MT31MU30\
    NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27TN24TR26UA29VA22VG24XK20";

/// The account number at `at`, a capital letter: printed in one, or in groups of four with spaces.
pub fn iban_at(bytes: &[u8], at: usize) -> Option<Finding> {
    let start = bytes.get(at..at + 4)?;
    let [first, second, check @ ..] = start else {
        return None;
    };
    if !second.is_ascii_uppercase()
        || !check.iter().all(u8::is_ascii_digit)
        || is_word(before(bytes, at))
    {
        return None;
    }
    let country = IBAN_LENGTHS
        .as_bytes()
        .chunks(4)
        .find(|entry| entry.starts_with(&[*first, *second]))?;
    let length: usize = std::str::from_utf8(country.get(2..)?).ok()?.parse().ok()?;
    let is_spaced = bytes.get(at + 4) == Some(&b' ');
    let mut end = at;
    let mut number = [0_u8; 34];
    for (idx, place) in number.iter_mut().enumerate().take(length) {
        if is_spaced && idx > 0 && idx % 4 == 0 {
            bytes.get(end).filter(|byte| **byte == b' ')?;
            end += 1;
        }
        *place = *bytes
            .get(end)
            .filter(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())?;
        end += 1;
    }
    let number = number.get(..length)?;
    (!is_word(bytes.get(end)) && remainder_of_97(number) == 1).then_some(Finding {
        start: at,
        end,
        kind: Kind::Iban,
    })
}

/// The number with its first four characters at its end and letters as 10 to 35, modulo 97 (ISO 7064).
fn remainder_of_97(number: &[u8]) -> u32 {
    let (head, tail) = number.split_at(number.len().min(4));
    tail.iter().chain(head).fold(0, |value, byte| match byte {
        b'0'..=b'9' => (value * 10 + u32::from(byte - b'0')) % 97,
        _ => (value * 100 + u32::from(byte.saturating_sub(b'A')) + 10) % 97,
    })
}
