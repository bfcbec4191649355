//! Texts that link to pornography.

use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, NoParams, OneMeasure, nemo, only, yes_or_no};
use crate::operator::About;
use crate::text::heuristics::nemo_filters::{has_pornographic_url, urls};
use crate::text::heuristics::places::places;

/// Drops texts with a web address in which `porn` stands.
pub const PORNOGRAPHIC_URLS_FILTER: Declared<NoParams> = Declared {
    about: || About {
        name: "pornographic_urls_filter",
        title: "Pornographic addresses",
        summary: "Drops texts with a web address that says porn",
        kind: OperationKind::Filter,
        source: "NeMo Curator 1e2e4275, PornographicUrlsFilter",
        dialects: &[],
    },
    foreign: &[nemo("PornographicUrlsFilter")],
    prepare: |_: NoParams| {
        OneMeasure::new(
            yes_or_no("has_pornographic_url", "Pornographic address"),
            |views| f64::from(has_pornographic_url(views.text)),
            only(false, "links to pornography"),
        )
        .found_at(|text| places(text, urls(text), "url", has_pornographic_url))
        .prepared()
    },
};
