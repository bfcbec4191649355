//! E-mail and network addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Finding, Kind, before, is_word};

/// Bytes of the part before `@`, by RFC 5321.
const LONGEST_LOCAL: usize = 64;
/// Bytes of a domain, by RFC 1035.
const LONGEST_DOMAIN: usize = 253;
/// Bytes of an IPv6 address with an IPv4 one at its end.
const LONGEST_IPV6: usize = 45;

/// Ends of file names that look like domains: `logo@2x.png`.
const FILE_ENDS: [&str; 8] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js"];

/// The e-mail address around the `@` at `at`, which begins at `floor` or later.
pub fn email_around(bytes: &[u8], at: usize, floor: usize) -> Option<Finding> {
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte);
    let open = bytes.get(floor..at)?;
    let n_local = open
        .iter()
        .rev()
        .take(LONGEST_LOCAL)
        .take_while(|byte| is_local(**byte))
        .count();
    let local = open.get(open.len() - n_local..)?;
    // Punctuation before the address belongs to the text.
    let n_marks = local
        .iter()
        .take_while(|byte| b".-%".contains(byte))
        .count();
    let local = local.get(n_marks..)?;
    if local.is_empty() || local.ends_with(b".") {
        return None;
    }
    let is_domain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    let rest = bytes.get(at + 1..)?;
    let n_domain = rest
        .iter()
        .take(LONGEST_DOMAIN)
        .take_while(|byte| is_domain(**byte))
        .count();
    let domain = std::str::from_utf8(rest.get(..n_domain)?).ok()?;
    let domain = domain.trim_end_matches(['.', '-']);
    let (names, top) = domain.rsplit_once('.')?;
    let is_top = (2..=24).contains(&top.len()) && top.bytes().all(|b| b.is_ascii_alphabetic());
    let is_file = FILE_ENDS.iter().any(|end| top.eq_ignore_ascii_case(end));
    let is_name = |name: &str| !name.is_empty() && !name.starts_with('-') && !name.ends_with('-');
    (is_top && !is_file && names.split('.').all(is_name)).then(|| Finding {
        start: at - local.len(),
        end: at + 1 + domain.len(),
        kind: Kind::Email,
    })
}

/// The public IPv4 address at `at`, which is no part of a longer number.
pub fn ipv4_at(bytes: &[u8], at: usize) -> Option<Finding> {
    if is_word(before(bytes, at)) || continues(bytes, at) {
        return None;
    }
    let mut octets = [0_u8; 4];
    let mut end = at;
    for (idx, octet) in octets.iter_mut().enumerate() {
        if idx > 0 {
            bytes.get(end).filter(|byte| **byte == b'.')?;
            end += 1;
        }
        let rest = bytes.get(end..)?;
        let n_digits = rest
            .iter()
            .take(4)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let digits = std::str::from_utf8(rest.get(..n_digits)?).ok()?;
        if n_digits > 1 && digits.starts_with('0') {
            return None;
        }
        *octet = digits.parse().ok()?;
        end += n_digits;
    }
    let goes_on =
        bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    let address = Ipv4Addr::from(octets);
    (!goes_on && !is_word(bytes.get(end)) && is_public_v4(address)).then_some(Finding {
        start: at,
        end,
        kind: Kind::IpAddress,
    })
}

/// Whether `.` or `-` and a digit or letter stand before.
fn continues(bytes: &[u8], at: usize) -> bool {
    matches!(before(bytes, at), Some(b'.' | b'-')) && is_word(before(bytes, at.saturating_sub(1)))
}

/// Public by the registries of IANA, or kept for documentation.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b));
    !is_special
}

/// The public IPv6 address around the `:` at `at`, which begins at `floor` or later.
pub fn ipv6_around(bytes: &[u8], at: usize, floor: usize) -> Option<Finding> {
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let n_before = bytes
        .get(floor..at)?
        .iter()
        .rev()
        .take(LONGEST_IPV6)
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let start = at - n_before;
    let rest = bytes.get(start..)?;
    let length = rest
        .iter()
        .take(LONGEST_IPV6 + 1)
        .take_while(|byte| is_part(byte))
        .count();
    let token = std::str::from_utf8(rest.get(..length)?).ok()?;
    let token = token.trim_end_matches(['.', ':']);
    let end = start + token.len();
    let address: Ipv6Addr = token.parse().ok()?;
    // Addresses of the whole net begin with the bits 001.
    let is_public = address
        .segments()
        .first()
        .is_some_and(|first| first >> 13 == 1);
    (is_public && !is_word(before(bytes, start)) && !is_word(bytes.get(end))).then_some(Finding {
        start,
        end,
        kind: Kind::IpAddress,
    })
}
