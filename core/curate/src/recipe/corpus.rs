//! What the corpus was and is, and what a recipe does to its groups.

use std::collections::BTreeMap;

use sluice_protocol::recipe::{CorpusFact, GroupEffect};
use sluice_table::{Host, TableError};

use super::Run;
use crate::text::diversity::{Diversity, word_hashes};
use crate::text::language;

/// Rows whose language and words are looked at, evenly from the table.
const SAMPLED_ROWS: usize = 4_000;
/// Words of the sample over which diversity is taken: shares of different words fall with length, so that both sides
/// have the same number.
const DIVERSITY_WORDS: usize = 50_000;
const LISTED_LANGUAGES: usize = 8;
const LISTED_DOMAINS: usize = 10;
const LISTED_GROUPS: usize = 50;

/// Lengths, languages, domains and diversity, before and after.
///
/// # Errors
///
/// [`TableError::Cancelled`].
pub async fn facts(run: &Run, host: &dyn Host) -> Result<Vec<CorpusFact>, TableError> {
    let all: Vec<usize> = (0..run.n_measured).collect();
    let kept: Vec<usize> = all.iter().copied().filter(|row| run.alive[*row]).collect();
    let before = Side::of(run, &all, false, host).await?;
    let after = Side::of(run, &kept, true, host).await?;
    let mut facts = Vec::new();
    let mut fact = |section: &str, name: &str, unit: &str, before: f64, after: f64, sampled| {
        facts.push(CorpusFact {
            section: section.to_owned(),
            name: name.to_owned(),
            unit: unit.to_owned(),
            before,
            after,
            sampled_rows: sampled,
        });
    };
    fact(
        "Size",
        "Texts",
        "",
        before.n_texts as f64,
        after.n_texts as f64,
        None,
    );
    fact(
        "Size",
        "Characters",
        "",
        before.n_chars as f64,
        after.n_chars as f64,
        None,
    );
    fact(
        "Size",
        "Words",
        "",
        before.n_words as f64,
        after.n_words as f64,
        None,
    );
    for (name, share) in [
        ("Shortest tenth", 0.1),
        ("Median", 0.5),
        ("Longest tenth", 0.9),
    ] {
        let (before, after) = (
            quantile(&before.lengths, share),
            quantile(&after.lengths, share),
        );
        fact("Length", name, "characters", before, after, None);
    }
    let sampled = |side: &Side| side.n_sampled as u64;
    let n = Some(sampled(&before).max(sampled(&after))).filter(|n| *n < run.n_measured as u64);
    fact(
        "Diversity",
        "Different words",
        "share",
        before.type_token,
        after.type_token,
        n,
    );
    fact(
        "Diversity",
        "Different pairs of words",
        "share",
        before.pairs,
        after.pairs,
        n,
    );
    fact(
        "Diversity",
        "Different runs of three words",
        "share",
        before.triples,
        after.triples,
        n,
    );
    for name in top(&before.languages, &after.languages, LISTED_LANGUAGES) {
        fact(
            "Language",
            &name,
            "share",
            share_of(&before.languages, &name),
            share_of(&after.languages, &name),
            n,
        );
    }
    for name in top(&before.domains, &after.domains, LISTED_DOMAINS) {
        let of = |side: &Side| side.domains.get(&name).copied().unwrap_or(0) as f64;
        fact("Domains", &name, "texts", of(&before), of(&after), None);
    }
    Ok(facts)
}

#[derive(Default)]
struct Side {
    n_texts: u64,
    n_chars: u64,
    n_words: u64,
    /// Ascending.
    lengths: Vec<u32>,
    n_sampled: usize,
    type_token: f64,
    pairs: f64,
    triples: f64,
    languages: BTreeMap<String, u64>,
    domains: BTreeMap<String, u64>,
}

impl Side {
    async fn of(
        run: &Run,
        rows: &[usize],
        edited: bool,
        host: &dyn Host,
    ) -> Result<Self, TableError> {
        let mut side = Self::default();
        let Some(lane) = run.lanes.first() else {
            side.n_texts = rows.len() as u64;
            return Ok(side);
        };
        let stride = rows.len().div_ceil(SAMPLED_ROWS).max(1);
        let mut diversity = Sampled::new();
        for (at, row) in rows.iter().enumerate() {
            if at % 128 == 0 {
                host.progress("describing the corpus", at as u64, rows.len() as u64);
                host.checkpoint().await?;
            }
            let text = if edited {
                lane.get(*row)
            } else {
                lane.base.get(*row)
            };
            let Some(text) = text else { continue };
            let n_chars = crate::text::python::len(text);
            side.n_texts += 1;
            side.n_chars += n_chars as u64;
            side.lengths
                .push(u32::try_from(n_chars).unwrap_or(u32::MAX));
            side.n_words += if edited {
                text.split_whitespace().count() as u64
            } else {
                u64::from(run.words.get(*row).copied().unwrap_or(0))
            };
            if at % stride == 0 {
                side.n_sampled += 1;
                if let Some(code) = language::code_of(text) {
                    *side.languages.entry(code.to_owned()).or_default() += 1;
                }
                diversity.add(text);
            }
        }
        side.lengths.sort_unstable();
        [side.type_token, side.pairs, side.triples] = diversity.runs.map(|runs| runs.share());
        if let Some(urls) = url_column(run) {
            let texts = run.base.texts(&urls)?;
            for row in rows {
                if let Some(domain) = texts.get(*row).and_then(domain) {
                    *side.domains.entry(domain.to_owned()).or_default() += 1;
                }
            }
        }
        Ok(side)
    }
}

/// Different runs of one to three words, of all such runs, over the first words of the sample.
struct Sampled {
    n_words: usize,
    runs: [Diversity; 3],
}

impl Sampled {
    fn new() -> Self {
        Self {
            n_words: 0,
            runs: [1, 2, 3].map(Diversity::new),
        }
    }

    fn add(&mut self, text: &str) {
        let left = DIVERSITY_WORDS.saturating_sub(self.n_words);
        if left == 0 {
            return;
        }
        let mut words = word_hashes(text);
        words.truncate(left);
        self.n_words += words.len();
        self.runs.iter_mut().for_each(|runs| runs.add(&words));
    }
}

/// A column that holds addresses, by its name.
fn url_column(run: &Run) -> Option<String> {
    let names = run.base.column_names();
    let wanted = ["url", "source_url", "uri", "link", "domain"];
    let name = wanted.iter().find(|name| names.contains(*name))?;
    run.base.texts(name).is_ok().then(|| (*name).to_owned())
}

/// The host of an address, without `www.`.
fn domain(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// Linear between neighbours; NaN of nothing.
fn quantile(ascending: &[u32], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = share * last as f64;
    let low = at as usize;
    let (a, b) = (
        f64::from(ascending[low]),
        f64::from(ascending[(low + 1).min(last)]),
    );
    a + (b - a) * (at - low as f64)
}

fn top(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>, count: usize) -> Vec<String> {
    let mut names: Vec<(&String, u64)> = before
        .iter()
        .map(|(name, n)| (name, *n + after.get(name).copied().unwrap_or(0)))
        .collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    names
        .into_iter()
        .take(count)
        .map(|(name, _)| name.clone())
        .collect()
}

fn share_of(counts: &BTreeMap<String, u64>, name: &str) -> f64 {
    let total: u64 = counts.values().sum();
    if total == 0 {
        return f64::NAN;
    }
    counts.get(name).copied().unwrap_or(0) as f64 / total as f64
}

/// Rows per value of a column, before and after every member; the largest groups, then the rest.
///
/// # Errors
///
/// [`TableError::NoColumn`].
pub fn groups(run: &Run, column: &str) -> Result<Vec<GroupEffect>, TableError> {
    let n_members = run.judged.len();
    let texts = run.base.texts(column).ok();
    let json = if texts.is_none() {
        run.base.json_values(column)?
    } else {
        Vec::new()
    };
    let mut by_name: BTreeMap<String, GroupEffect> = BTreeMap::new();
    for row in 0..run.n_measured {
        let name = match &texts {
            Some(texts) => texts.get(row).unwrap_or_default().to_owned(),
            None => match json.get(row) {
                None | Some(serde_json::Value::Null) => String::new(),
                Some(value) => value.to_string(),
            },
        };
        let group = by_name.entry(name.clone()).or_insert_with(|| GroupEffect {
            name,
            is_rest: false,
            rows_in: 0,
            rows_after: vec![0; n_members],
            rows_found: vec![0; n_members],
        });
        group.rows_in += 1;
        for (found, judged) in group.rows_found.iter_mut().zip(&run.judged) {
            *found += u64::from(judged.finds(row));
        }
        // The row is there after every member before the one that removes it.
        let n_passed = usize::from(run.removed_by[row]).min(n_members);
        for after in &mut group.rows_after[..n_passed] {
            *after += 1;
        }
    }
    let mut groups: Vec<GroupEffect> = by_name.into_values().collect();
    groups.sort_by(|a, b| b.rows_in.cmp(&a.rows_in).then(a.name.cmp(&b.name)));
    if groups.len() > LISTED_GROUPS {
        let mut rest = GroupEffect {
            name: format!("{} more", groups.len() - LISTED_GROUPS),
            is_rest: true,
            rows_in: 0,
            rows_after: vec![0; n_members],
            rows_found: vec![0; n_members],
        };
        for group in groups.drain(LISTED_GROUPS..) {
            rest.rows_in += group.rows_in;
            for (sum, n) in rest.rows_after.iter_mut().zip(group.rows_after) {
                *sum += n;
            }
            for (sum, n) in rest.rows_found.iter_mut().zip(group.rows_found) {
                *sum += n;
            }
        }
        groups.push(rest);
    }
    Ok(groups)
}
