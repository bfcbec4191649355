//! Dropping texts by the address that they come from.

use std::collections::HashSet;

/// What [`blocked_url`] looks for. The lists that DataTrove ships are not among them: a caller adds its own.
#[derive(Clone, Debug, Default)]
pub struct BlockedUrls {
    /// Registered domains and host names, as written in addresses.
    pub domains: HashSet<String>,
    pub urls: HashSet<String>,
    /// In lower case; one of them blocks.
    pub words: HashSet<String>,
    /// In lower case; `n_soft_words` different ones block.
    pub soft_words: HashSet<String>,
    pub n_soft_words: usize,
    /// In lower case, looked for in the letters and digits of the address without what stands between them.
    pub subwords: Vec<String>,
}

/// Why an address is blocked, if it is. Words of the address are compared as written.
///
/// # Source
///
/// DataTrove 0.10.1, `URLFilter`.
pub fn blocked_url(url: &str, blocked: &BlockedUrls) -> Option<&'static str> {
    if let Some(host) = host(url) {
        if registered_domain(host).is_some_and(|domain| blocked.domains.contains(domain)) {
            return Some("domain");
        }
        if blocked.domains.contains(host) {
            return Some("subdomain");
        }
    }
    if blocked.urls.contains(url) {
        return Some("url");
    }
    let words: HashSet<&str> = url.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let is_in_url = |word: &&String| words.contains(word.as_str());
    if blocked.words.iter().any(|word| is_in_url(&word)) {
        return Some("hard_blacklisted");
    }
    if blocked.soft_words.iter().filter(is_in_url).count() >= blocked.n_soft_words {
        return Some("soft_blacklisted");
    }
    let letters = normalized(url);
    if blocked
        .subwords
        .iter()
        .any(|subword| letters.contains(subword.as_str()))
    {
        return Some("blacklisted_subword");
    }
    None
}

/// The ASCII letters and digits of a text in lower case, as the lists of words have them.
pub fn normalized(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The host name of an address; `None` for a number or for a name without a dot, which have no domain.
fn host(url: &str) -> Option<&str> {
    let after_scheme = url.split_once("//").map_or(url, |(_, after)| after);
    let authority = after_scheme.split(['/', '?', '#']).next()?;
    let host_and_port = authority.rsplit('@').next()?;
    let host = host_and_port
        .split(':')
        .next()?
        .trim()
        .trim_end_matches('.');
    let is_number = host.chars().all(|c| c.is_ascii_digit() || c == '.');
    (host.contains('.') && !is_number).then_some(host)
}

/// The label before the public suffix of a host name, and the suffix.
fn registered_domain(host: &str) -> Option<&str> {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let top = dots.next()?;
    let second = dots.next();
    let last_two = second.map_or(host, |dot| &host[dot + 1..]);
    let top_name = host[top + 1..].to_ascii_lowercase();
    let second_name = last_two[..last_two.len() - top_name.len() - 1].to_ascii_lowercase();
    let is_suffix = SECOND_LEVEL_SUFFIXES.iter().any(|(tops, seconds)| {
        tops.split(' ').any(|name| name == top_name)
            && seconds.split(' ').any(|name| name == second_name)
    });
    if !is_suffix {
        return Some(last_two);
    }
    second?;
    Some(dots.next().map_or(host, |dot| &host[dot + 1..]))
}

/// Top-level domains and the names below them under which domains are registered.
///
/// The frequent ones of the Public Suffix List; any other name below a top-level domain is taken for a registered one.
const SECOND_LEVEL_SUFFIXES: &[(&str, &str)] = &[
    ("uk", "ac co gov ltd me net nhs org plc police"),
    ("au", "asn com edu gov id net org"),
    (
        "nz",
        "ac co cri geek gen govt health iwi maori mil net org parliament school",
    ),
    ("jp", "ac ad co ed go gr lg ne or"),
    ("kr", "ac co go hs mil ne or pe re"),
    ("in", "ac co edu firm gen gov ind mil net nic org res"),
    ("za", "ac co edu gov law mil net nic nom org school web"),
    ("id", "ac biz co desa go mil my net or ponpes sch web"),
    ("th", "ac co go in mi net or"),
    ("il", "ac co gov idf k12 muni net org"),
    (
        "br",
        "adv art blog com edu eco gov ind inf jus leg mil net org tv",
    ),
    ("cn", "ac com edu gov mil net org"),
    (
        "tr",
        "av bel biz com dr edu gen gov info k12 mil name net org pol tel web",
    ),
    ("mx", "com edu gob net org"),
    ("ar", "com edu gob gov int mil net org tur"),
    (
        "tw hk sg my ph pk sa eg ng vn ua pl pe ec bo ve uy gr cy mt bd lk np qa kw lb gt sv py do",
        "com edu net org",
    ),
    (
        "tw hk sg my ph pk sa eg ng vn ua pl pe ec bo lk cy bd",
        "gov",
    ),
    ("ke ug tz zw zm bw", "co"),
    ("ke ug", "ac go or"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_blocked_by_domain_host_and_words() {
        let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let blocked = BlockedUrls {
            domains: set(&["danger.org", "bad.nice.com", "shop.co.uk"]),
            urls: set(&["https://x.de/only"]),
            words: set(&["hard"]),
            soft_words: set(&["soft", "softer"]),
            n_soft_words: 2,
            subwords: vec!["badword".to_owned()],
        };
        let why = |url: &str| blocked_url(url, &blocked);
        assert_eq!(why("http://www.danger.org/x?y"), Some("domain"));
        assert_eq!(why("http://user@a.shop.co.uk:80"), Some("domain"));
        assert_eq!(why("https://bad.nice.com"), Some("subdomain"));
        assert_eq!(why("https://nice.com"), None);
        assert_eq!(why("https://x.de/only"), Some("url"));
        assert_eq!(why("https://x.de/a-hard-one"), Some("hard_blacklisted"));
        assert_eq!(why("https://x.de/soft"), None);
        assert_eq!(why("https://x.de/soft/softer"), Some("soft_blacklisted"));
        assert_eq!(why("https://x.de/Bad-Word"), Some("blacklisted_subword"));
        assert_eq!(why(".."), None);
        assert_eq!(why("co.uk"), None);
    }
}
