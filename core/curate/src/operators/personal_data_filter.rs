//! Texts by the personal data in them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::Declared;
use crate::operator::{About, Condition, Foreign, Measure, Prepared, Span, TextFilter, TextViews};
use crate::text::heuristics::dolma_pii::pii_regex_with_counts_fast_v2;
use crate::text::heuristics::spans::CodePoints;
use crate::text::personal_data::{Kind, find};
use crate::text::python;

/// Counts addresses and numbers of persons, and shows where they stand. Without limits all texts stay.
///
/// The dialect `dolma` has the patterns of its fast tagger: e-mail addresses, telephone numbers of ten digits after white
/// space, and anything that looks like an IPv4 address; the other counts are 0, and its findings include the white space
/// and punctuation around them.
pub const PERSONAL_DATA_FILTER: Declared<PersonalDataParams> = Declared {
    about: || About {
        name: "personal_data_filter",
        title: "Personal data",
        summary: "Counts and shows e-mail and network addresses and numbers of persons",
        kind: OperationKind::Filter,
        source: "Sluice (ISO/IEC 7812, ISO 13616, RFC 4291, RFC 5321); Dolma 1.2.1, pii_regex_with_counts_fast_v2",
        dialects: &["sluice", "dolma"],
    },
    foreign: &[Foreign {
        system: "dolma",
        name: "pii_regex_with_counts_fast_v2",
        dialect: "dolma",
    }],
    prepare: |params| Ok(Prepared::Filter(Box::new(params))),
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PersonalDataParams {
    /// Which rules find personal data.
    dialect: Dialect,
    /// Greatest number of findings.
    #[schemars(range(min = 0.0), extend("unit" = "findings"))]
    max_findings: Option<f64>,
    /// Greatest share of words that belong to findings.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    max_words_ratio: Option<f64>,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Dialect {
    #[default]
    Sluice,
    Dolma,
}

/// Positions in [`PersonalDataParams::measures`] of the count of all and of the share; those before count kinds, in the
/// order of [`Kind::ALL`].
const ALL: usize = Kind::ALL.len();
const WORDS: usize = ALL + 1;

impl PersonalDataParams {
    /// By start, in code points.
    fn found(&self, text: &str) -> Vec<(Kind, Span)> {
        match self.dialect {
            Dialect::Sluice => {
                let mut points = CodePoints::new(text);
                let found = find(text).into_iter().map(|finding| {
                    let start = points.before(finding.start);
                    let end = points.before(finding.end);
                    (
                        finding.kind,
                        Span::new(start, end, finding.kind.label(), 1.0),
                    )
                });
                found.collect()
            }
            Dialect::Dolma => {
                let spans = pii_regex_with_counts_fast_v2(text).into_iter();
                let mut found: Vec<(Kind, Span)> = spans
                    .filter_map(|span| {
                        let kind = match span.kind.as_ref() {
                            "EMAIL_ADDRESS" => Kind::Email,
                            "PHONE_NUMBER" => Kind::Phone,
                            "IP_ADDRESS" => Kind::IpAddress,
                            _ => return None,
                        };
                        Some((kind, span))
                    })
                    .collect();
                found.sort_by_key(|(_, span)| span.start);
                found
            }
        }
    }
}

impl TextFilter for PersonalDataParams {
    fn measures(&self) -> Vec<Measure> {
        vec![
            Measure::new("num_email_addresses", "E-mail addresses", "findings"),
            Measure::new("num_phone_numbers", "Telephone numbers", "findings"),
            Measure::new("num_ip_addresses", "Network addresses", "findings"),
            Measure::new("num_card_numbers", "Card numbers", "findings"),
            Measure::new("num_account_numbers", "Account numbers", "findings"),
            Measure::new(
                "num_social_security_numbers",
                "Social security numbers",
                "findings",
            ),
            Measure::new("num_personal_data", "Personal data", "findings"),
            Measure::new(
                "personal_data_words_ratio",
                "Words of personal data",
                "share",
            ),
        ]
    }

    fn measure(&self, views: &TextViews<'_>, values: &mut [f64]) {
        values.fill(0.0);
        let found = self.found(views.text);
        for (kind, _) in &found {
            let idx = Kind::ALL.iter().position(|known| known == kind);
            if let Some(value) = idx.and_then(|idx| values.get_mut(idx)) {
                *value += 1.0;
            }
        }
        if let Some(value) = values.get_mut(ALL) {
            *value = found.len() as f64;
        }
        if !found.is_empty()
            && let Some(value) = values.get_mut(WORDS)
        {
            *value = share_of_words(views.text, found.iter().map(|(_, span)| span));
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![
            Condition::at_most(
                ALL,
                ("max_findings", self.max_findings),
                "personal data in it",
            ),
            Condition::at_most(
                WORDS,
                ("max_words_ratio", self.max_words_ratio),
                "too many words are personal data",
            ),
        ]
    }

    fn spans(&self, text: &str) -> Vec<Span> {
        self.found(text).into_iter().map(|(_, span)| span).collect()
    }
}

/// Share of words, between white space, that a span touches; 0 without words. Spans are by their start.
fn share_of_words<'a>(text: &str, spans: impl Iterator<Item = &'a Span>) -> f64 {
    let mut spans = spans.peekable();
    let (mut n_words, mut n_touched) = (0_usize, 0_usize);
    let mut word_is_touched = false;
    let mut in_word = false;
    let mut covered_to = 0;
    for (at, c) in text.chars().enumerate() {
        while let Some(span) = spans.next_if(|span| span.start <= at) {
            covered_to = span.end.max(covered_to);
        }
        if python::is_space(c) {
            in_word = false;
            continue;
        }
        if !in_word {
            n_words += 1;
            word_is_touched = false;
        }
        in_word = true;
        if at < covered_to && !word_is_touched {
            word_is_touched = true;
            n_touched += 1;
        }
    }
    n_touched as f64 / n_words.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(params: &PersonalDataParams, text: &str) -> Vec<f64> {
        let mut values = vec![f64::NAN; params.measures().len()];
        params.measure(&TextViews::new(text), &mut values);
        values
    }

    #[test]
    fn findings_are_counted_by_kind_and_by_words() {
        let ours = PersonalDataParams::default();
        let text = "é Call +1 202 555 0142 or a@b.org.";
        assert_eq!(
            measured(&ours, text),
            [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0, 5.0 / 8.0]
        );
        let places: Vec<_> = ours
            .spans(text)
            .iter()
            .map(|span| (span.start, span.end))
            .collect();
        assert_eq!(places, [(7, 22), (26, 33)]);
        assert_eq!(measured(&ours, ""), [0.0; 8]);
    }

    #[test]
    fn dolma_counts_what_its_tagger_counts() {
        let dolma = PersonalDataParams {
            dialect: Dialect::Dolma,
            ..PersonalDataParams::default()
        };
        let text = "Call 202 555 0142 at 10.0.0.1 ";
        assert_eq!(
            measured(&dolma, text),
            [0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 2.0, 4.0 / 6.0]
        );
    }

    #[test]
    fn nothing_goes_without_a_limit() {
        let keeps = |params: &PersonalDataParams, value| {
            params
                .conditions()
                .first()
                .is_some_and(|condition| condition.holds(value))
        };
        assert!(keeps(&PersonalDataParams::default(), 1e9));
        let strict = PersonalDataParams {
            max_findings: Some(0.0),
            ..PersonalDataParams::default()
        };
        assert!(keeps(&strict, 0.0) && !keeps(&strict, 1.0));
    }
}
