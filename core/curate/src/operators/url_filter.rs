//! Rows by the address that they come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{
    About, Fault, FieldFilter, Foreign, Operator, Prepared, describe_fields, typed,
};
use crate::operators::shared::first_part;
use crate::text::data_juicer::fields::field;
use crate::text::datatrove::url_filter::{BlockedUrls, blocked_url, normalized};

/// Drops rows from addresses that are on lists of your own: domains, addresses, and words in them.
///
/// A row without an address stays.
pub struct UrlFilter;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct UrlParams {
    /// The column of addresses; parts of nested values are named with dots, as in `metadata.url`.
    #[schemars(extend("role" = "column"))]
    url_key: String,
    /// Domains and host names that are blocked: `example.com`.
    extra_domains: Vec<String>,
    /// Whole addresses that are blocked.
    extra_urls: Vec<String>,
    /// Words that block an address if they stand in it alone, between characters other than letters and digits.
    banned_words: Vec<String>,
    /// Words of which several together block an address.
    soft_banned_words: Vec<String>,
    /// Number of different words of that list that block.
    soft_word_threshold: usize,
    /// Parts of words that block an address anywhere in its letters and digits.
    banned_subwords: Vec<String>,
    /// Whether to use the lists that come with datatrove. Only without: they are not here.
    #[schemars(extend("advanced" = true))]
    use_integrated_lists: bool,
}

impl Default for UrlParams {
    fn default() -> Self {
        Self {
            url_key: "url".to_owned(),
            extra_domains: Vec::new(),
            extra_urls: Vec::new(),
            banned_words: Vec::new(),
            soft_banned_words: Vec::new(),
            soft_word_threshold: 2,
            banned_subwords: Vec::new(),
            use_integrated_lists: false,
        }
    }
}

impl Operator for UrlFilter {
    fn spec(&self) -> OperationSpec {
        describe_fields::<UrlParams>(About {
            name: "url_filter",
            title: "Address",
            summary: "Drops rows that come from blocked addresses",
            kind: OperationKind::Filter,
            source: "datatrove 0.10.1, URLFilter",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        let own = typed::<UrlParams>(params)?;
        if own.use_integrated_lists {
            return Err(Fault::new(
                "use_integrated_lists",
                "the lists of datatrove are not here; set it to false and give lists of your own",
            ));
        }
        let trimmed = |word: &String| word.trim().to_owned();
        let letters = |word: &String| normalized(word);
        let is_word = |word: &String| !word.is_empty();
        let blocked = BlockedUrls {
            domains: own.extra_domains.iter().map(trimmed).collect(),
            urls: own.extra_urls.iter().map(trimmed).collect(),
            words: own
                .banned_words
                .iter()
                .map(letters)
                .filter(is_word)
                .collect(),
            soft_words: own
                .soft_banned_words
                .iter()
                .map(letters)
                .filter(is_word)
                .collect(),
            n_soft_words: own.soft_word_threshold.max(1),
            subwords: own
                .banned_subwords
                .iter()
                .map(letters)
                .filter(is_word)
                .collect(),
        };
        Ok(Prepared::Fields(Box::new(Blocked {
            key: own.url_key,
            urls: blocked,
        })))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "datatrove",
            name: "URLFilter",
            dialect: "",
        }]
    }
}

struct Blocked {
    key: String,
    urls: BlockedUrls,
}

impl FieldFilter for Blocked {
    fn columns(&self) -> Vec<String> {
        first_part(&self.key)
    }

    fn holds(&self, record: &Json) -> Result<bool, String> {
        let url = field(record, &self.key).and_then(Json::as_str);
        Ok(url.is_none_or(|url| blocked_url(url, &self.urls).is_none()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_on_a_list_go() {
        let params = r#"{"url_key": "metadata.url", "extra_domains": ["danger.org"], "banned_words": ["hard"],
            "soft_banned_words": ["soft", "softer"], "banned_subwords": ["badword"]}"#;
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Fields(filter)) = UrlFilter.prepare(&params) else {
            panic!("{params:?}");
        };
        let check = |url: &str, expected: bool| {
            let record = json!({"metadata": {"url": url}});
            assert_eq!(filter.holds(&record), Ok(expected), "{url}");
        };
        assert_eq!(filter.columns(), ["metadata"]);
        check("https://www.danger.org/x", false);
        check("https://x.de/a-hard-one", false);
        check("https://x.de/soft", true);
        check("https://x.de/soft/softer", false);
        check("https://x.de/Bad-Word", false);
        check("", true);
        assert_eq!(filter.holds(&json!({})), Ok(true));
    }

    #[test]
    fn lists_that_are_not_here_are_refused() {
        let params = serde_json::from_str(r#"{"use_integrated_lists": true}"#).unwrap();
        assert!(UrlFilter.prepare(&params).is_err());
    }
}
