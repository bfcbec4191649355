//! Duplicates that one can see: groups, pairs, and how likely pairs are found at all.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use sluice_protocol::recipe::{Cluster, ClusterMember, Clusters, Pair, SCurve, TruthCheck};
use sluice_table::TableError;

use super::decide::Judged;
use super::why::{LISTED_CHARS, SHOWN_CHARS, head};
use super::{Member, Run};
use crate::operator::Prepared;
use crate::text::heuristics::spans::CodePoints;
use crate::text::minhash_shingles::word_shingles;
use crate::text::s_curve::{self, jaccard};
use crate::text::shared_spans::shared_spans;

/// Members of a group that are listed.
const LISTED_MEMBERS: usize = 24;
/// Words of the runs by which exact similarities are taken.
const RUN_WORDS: usize = 5;
/// Shortest shared run that is shown: shorter ones are chance.
const SHARED_WORDS: usize = 4;

/// Groups of rows that repeat each other, the largest first. With `truth`, against a column that names the groups.
///
/// # Errors
///
/// [`TableError::NoColumn`].
pub fn clusters(
    run: &Run,
    member_idx: usize,
    start: usize,
    count: usize,
    truth: Option<&str>,
) -> Result<Clusters, TableError> {
    let Some((member, judged)) = run.members.get(member_idx).zip(run.judged.get(member_idx)) else {
        return Ok(Clusters::default());
    };
    let mut answer = Clusters {
        s_curve: curve(member),
        ..Clusters::default()
    };
    let Some(decision) = &judged.decision else {
        return Ok(answer);
    };
    if let Some(column) = truth {
        answer.truth = Some(against(run, judged, &decision.stands_for, column)?);
    }
    let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (row, stands) in (0_u32..).zip(&decision.stands_for) {
        if row != *stands {
            groups
                .entry(*stands)
                .or_insert_with(|| vec![*stands])
                .push(row);
        }
    }
    let mut groups: Vec<Vec<u32>> = groups.into_values().collect();
    groups.sort_by(|a, b| b.len().cmp(&a.len()).then(a[0].cmp(&b[0])));
    answer.n_clusters = groups.len() as u64;
    answer.n_rows = groups.iter().map(|group| group.len() as u64).sum();
    answer.sizes = sizes(&groups);
    let column = &member.common.column;
    answer.clusters = groups
        .iter()
        .skip(start)
        .take(count)
        .map(|group| {
            let kept = group[0];
            let kept_text = run
                .text_at(kept as usize, column, member_idx)
                .unwrap_or_default();
            let members = group
                .iter()
                .take(LISTED_MEMBERS)
                .map(|row| {
                    let text = run
                        .text_at(*row as usize, column, member_idx)
                        .unwrap_or_default();
                    let similarity = decision.similarity.get(*row as usize).copied();
                    ClusterMember {
                        row: u64::from(*row),
                        similarity: if *row == kept {
                            1.0
                        } else {
                            similarity.unwrap_or(f64::NAN)
                        },
                        exact: exact(&kept_text, &text),
                        text: head(&text, LISTED_CHARS).0,
                    }
                })
                .collect();
            Cluster {
                kept: u64::from(kept),
                n_rows: group.len() as u64,
                members,
            }
        })
        .collect();
    Ok(answer)
}

/// How many of the duplicates that a column names are found, and how many of those found it names.
///
/// Rows with the same value are one group, of which all but one should go; missing values are of no group.
fn against(
    run: &Run,
    judged: &Judged,
    stands_for: &[u32],
    column: &str,
) -> Result<TruthCheck, TableError> {
    let names = run.base.json_values(column)?;
    let group = |row: usize| {
        names
            .get(row)
            .filter(|name| !name.is_null())
            .map(Json::to_string)
    };
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    let mut check = TruthCheck {
        column: column.to_owned(),
        ..TruthCheck::default()
    };
    for (row, stands) in stands_for.iter().enumerate() {
        let own = group(row);
        if let (Some(name), true) = (&own, judged.reaching.get(row).copied().unwrap_or(false)) {
            *sizes.entry(name.clone()).or_default() += 1;
        }
        if *stands as usize != row {
            check.n_found += 1;
            check.n_right += u64::from(own.is_some() && own == group(*stands as usize));
        }
    }
    check.n_named = sizes.values().map(|size| size - 1).sum();
    Ok(check)
}

/// How many groups have how many rows.
fn sizes(groups: &[Vec<u32>]) -> Vec<(String, u64)> {
    let classes: [(&str, std::ops::Range<usize>); 6] = [
        ("2", 2..3),
        ("3", 3..4),
        ("4", 4..5),
        ("5–9", 5..10),
        ("10–99", 10..100),
        ("100 and more", 100..usize::MAX),
    ];
    classes
        .into_iter()
        .map(|(name, range)| {
            let n = groups
                .iter()
                .filter(|group| range.contains(&group.len()))
                .count();
            (name.to_owned(), n as u64)
        })
        .collect()
}

/// Share of common runs of five words, in lower case.
fn exact(a: &str, b: &str) -> f64 {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    word_shingles(a, RUN_WORDS, true, &mut of_a);
    word_shingles(b, RUN_WORDS, true, &mut of_b);
    jaccard(of_a, of_b)
}

fn curve(member: &Member) -> Option<SCurve> {
    let Some(Prepared::Dedup(dedup)) = member.prepared() else {
        return None;
    };
    let banding = dedup.banding()?;
    let curve = s_curve::SCurve {
        n_bands: banding.n_bands,
        rows_per_band: banding.rows_per_band,
    };
    let errors = curve.errors(banding.threshold);
    Some(SCurve {
        bands: banding.n_bands as u32,
        rows: banding.rows_per_band as u32,
        threshold: banding.threshold,
        bands_param: banding.bands_param.to_owned(),
        rows_param: banding.rows_param.to_owned(),
        permutations: banding.n_values as u32,
        false_positive: errors.false_positives,
        false_negative: errors.false_negatives,
    })
}

/// Two texts as they reach a deduplicator, with what they share.
///
/// # Errors
///
/// [`TableError::Param`] for a row that does not exist.
pub fn pair(run: &Run, member_idx: usize, a: u64, b: u64) -> Result<Pair, TableError> {
    let column = &run.members[member_idx].common.column;
    let text_of = |row: u64| {
        let found = usize::try_from(row)
            .ok()
            .and_then(|row| run.text_at(row, column, member_idx));
        found.ok_or_else(|| TableError::Param {
            what: format!("row {row}"),
            reason: "it does not exist or has no text".to_owned(),
        })
    };
    let (full_a, full_b) = (text_of(a)?, text_of(b)?);
    let (text_a, is_cut_a) = head(&full_a, SHOWN_CHARS);
    let (text_b, is_cut_b) = head(&full_b, SHOWN_CHARS);
    let spans = shared_spans(&text_a, &text_b, SHARED_WORDS);
    let in_chars = |text: &str, ranges: Vec<std::ops::Range<usize>>| {
        let mut places = CodePoints::new(text);
        let ends = ranges.into_iter().map(|range| {
            (
                places.before(range.start) as u32,
                places.before(range.end) as u32,
            )
        });
        ends.collect()
    };
    let decision = run
        .judged
        .get(member_idx)
        .and_then(|judged| judged.decision.as_ref());
    let similarity = decision.and_then(|decision| {
        let stands = |row: u64| {
            decision
                .stands_for
                .get(row as usize)
                .map(|row| u64::from(*row))
        };
        let of = |row: u64| decision.similarity.get(row as usize).copied();
        if stands(b) == Some(a) {
            of(b)
        } else if stands(a) == Some(b) {
            of(a)
        } else {
            None
        }
    });
    Ok(Pair {
        a,
        b,
        shared_a: in_chars(&text_a, spans.iter().map(|span| span.a.clone()).collect()),
        shared_b: in_chars(&text_b, spans.iter().map(|span| span.b.clone()).collect()),
        text_a,
        text_b,
        similarity: similarity.unwrap_or(f64::NAN),
        exact: exact(&full_a, &full_b),
        is_cut: is_cut_a || is_cut_b,
    })
}
