//! A web-text corpus, generated.
//!
//! # What is planted
//!
//! Column `planted` says what each row is, `cluster` which rows belong together (missing for rows of no cluster):
//!
//! - `clean` (about 52 %): English prose of 3–40 sentences;
//! - `near_duplicate` (12 %): a clean English page with about one word in 25 replaced and sometimes a sentence dropped;
//!   the page it was made from has the same `cluster`;
//! - `exact_duplicate` (5 %): a clean page word for word;
//! - `boilerplate` (9 %): two or three sentences of prose among lines that other pages carry word for word;
//! - `spam` (8 %): offers repeated many times;
//! - `personal_data` (5 %): prose with an e-mail address, a telephone number, an IPv4 address or a card number
//!   (documentation ranges and test numbers only);
//! - `other_language` (8 %): German, French, Spanish, Russian;
//! - `damaged` (1 %): UTF-8 read as Latin-1.
//!
//! `language` is the true language. Sources differ: shops hold most of the spam, forums most of the personal data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::{Bench, Params};
use sluice_protocol::spec::{Inputs, OperationKind, OperationSpec, Scope};
use sluice_stats::random::Stream;
use sluice_table::operation::{schema_and_defaults, typed};
use sluice_table::{
    LocalBoxFuture, Operation, Outcome, OwnedColumn, RunContext, Table, TableError,
};

use crate::phrases::{BOILERPLATE, ENGLISH, FIRST_NAMES, LAST_NAMES, Language, OTHERS, SPAM};

pub struct SampleWebText;

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SampleWebTextParams {
    /// Number of pages.
    #[schemars(range(min = 1, max = 1_000_000), extend("unit" = "rows"))]
    n_rows: u32,
}

impl Default for SampleWebTextParams {
    fn default() -> Self {
        Self { n_rows: 5_000 }
    }
}

const NAME: &str = "sample_web_text";

const SOURCES: [&str; 5] = ["news", "forum", "shop", "wiki", "blog"];
/// 2026-01-01 in days since 1970.
const FIRST_DAY: i32 = 20_454;

impl Operation for SampleWebText {
    fn spec(&self) -> OperationSpec {
        let (params_schema, defaults) = schema_and_defaults::<SampleWebTextParams>();
        OperationSpec {
            name: NAME.to_owned(),
            version: 1,
            bench: Bench::Data,
            kind: OperationKind::Generate,
            title: "Sample: web text".to_owned(),
            summary: "Generates web pages with planted duplicates, boilerplate, spam, languages and personal data".to_owned(),
            inputs: Inputs { min: 0, max: 0 },
            scope: Scope::Corpus,
            source: "Sluice; text written for it".to_owned(),
            dialects: Vec::new(),
            params_schema,
            defaults,
        }
    }

    fn run<'a>(
        &'a self,
        _inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: SampleWebTextParams = typed(NAME, params)?;
            let mut draws = context.random("pages");
            let mut pages: Vec<Page> = Vec::new();
            for row in 0..params.n_rows {
                let page = page(&mut draws, &mut pages)?;
                pages.push(page);
                if row % 256 == 255 {
                    context.host.progress(
                        "generating pages",
                        u64::from(row),
                        u64::from(params.n_rows),
                    );
                    context.host.checkpoint().await?;
                }
            }
            into_table(pages, &mut draws).map(Outcome::table)
        })
    }
}

#[derive(Clone)]
struct Page {
    text: String,
    language: &'static str,
    source: &'static str,
    planted: &'static str,
    cluster: Option<i64>,
}

fn page(draws: &mut Stream, before: &mut [Page]) -> Result<Page, TableError> {
    let kinds = [0.52, 0.12, 0.05, 0.09, 0.08, 0.05, 0.08, 0.01];
    let new = |text, language, planted, source| Page {
        text,
        language,
        source,
        planted,
        cluster: None,
    };
    Ok(match draws.choose_weighted(&kinds)? {
        kind @ (1 | 2) => match original(draws, before)? {
            Some(original_idx) => copy(draws, before, original_idx, kind == 2)?,
            None => new(english(draws)?, "en", "clean", "news"),
        },
        3 => {
            let mut lines = vec![pick(draws, BOILERPLATE)?.to_owned()];
            lines.push(prose(draws, &ENGLISH, 2)?);
            for _ in 0..draws.uniform_int(1..4)? {
                lines.push(pick(draws, BOILERPLATE)?.to_owned());
            }
            new(
                lines.join("\n"),
                "en",
                "boilerplate",
                pick(draws, &["news", "blog", "shop"])?,
            )
        }
        4 => {
            let offers = [pick(draws, SPAM)?, pick(draws, SPAM)?];
            let n_repeats = draws.uniform_int(3..12)? as usize;
            let text: Vec<&str> = offers.iter().copied().cycle().take(2 * n_repeats).collect();
            let source = if draws.uniform() < 0.8 {
                "shop"
            } else {
                "forum"
            };
            new(text.join(" "), "en", "spam", source)
        }
        5 => {
            let text = format!(
                "{} {} {}",
                prose(draws, &ENGLISH, 2)?,
                personal(draws)?,
                prose(draws, &ENGLISH, 2)?
            );
            let source = if draws.uniform() < 0.7 {
                "forum"
            } else {
                "blog"
            };
            new(text, "en", "personal_data", source)
        }
        6 => {
            let language = &OTHERS[draws.uniform_int(0..OTHERS.len() as u64)? as usize];
            let n_sentences = draws.uniform_int(2..10)? as usize;
            let text = prose(draws, language, n_sentences)?;
            new(
                text,
                language.code,
                "other_language",
                pick(draws, &SOURCES)?,
            )
        }
        7 => {
            let text = prose(draws, &OTHERS[0], 3)?;
            new(
                read_as_latin_1(&text),
                "de",
                "damaged",
                pick(draws, &SOURCES)?,
            )
        }
        _ => new(
            english(draws)?,
            "en",
            "clean",
            pick(draws, &["news", "forum", "wiki", "wiki", "blog"])?,
        ),
    })
}

fn english(draws: &mut Stream) -> Result<String, TableError> {
    let n_sentences = draws.uniform_int(3..41)? as usize;
    prose(draws, &ENGLISH, n_sentences)
}

fn prose(
    draws: &mut Stream,
    language: &Language,
    n_sentences: usize,
) -> Result<String, TableError> {
    let mut text = String::new();
    for sentence_idx in 0..n_sentences {
        if sentence_idx > 0 {
            // A paragraph of about five sentences.
            text.push_str(if sentence_idx % 5 == 0 { "\n\n" } else { " " });
        }
        let pattern = pick(draws, language.patterns)?;
        for (idx, part) in pattern.split("{}").enumerate() {
            if idx > 0 {
                text.push_str(pick(draws, language.nouns)?);
            }
            text.push_str(part);
        }
    }
    Ok(text)
}

/// A clean English page written earlier.
fn original(draws: &mut Stream, before: &[Page]) -> Result<Option<usize>, TableError> {
    if before.is_empty() {
        return Ok(None);
    }
    let at = draws.uniform_int(0..before.len() as u64)? as usize;
    Ok((at..before.len()).find(|idx| before.get(*idx).is_some_and(|page| page.planted == "clean")))
}

fn copy(
    draws: &mut Stream,
    before: &mut [Page],
    original_idx: usize,
    is_exact: bool,
) -> Result<Page, TableError> {
    let cluster = original_idx as i64;
    let Some(original) = before.get_mut(original_idx) else {
        return Ok(Page {
            text: english(draws)?,
            language: "en",
            source: "news",
            planted: "clean",
            cluster: None,
        });
    };
    original.cluster = Some(cluster);
    let source = pick(draws, &SOURCES)?;
    let mut copy = Page {
        source,
        cluster: Some(cluster),
        planted: "exact_duplicate",
        ..original.clone()
    };
    if is_exact {
        return Ok(copy);
    }
    copy.planted = "near_duplicate";
    let mut sentences: Vec<String> = Vec::new();
    for sentence in copy.text.split_inclusive(". ") {
        if draws.uniform() < 0.03 && !sentences.is_empty() {
            continue;
        }
        let mut words: Vec<&str> = sentence.split(' ').collect();
        for word in &mut words {
            if draws.uniform() < 0.04 {
                *word = pick(
                    draws,
                    &[
                        "small", "later", "often", "green", "nearly", "other", "quiet",
                    ],
                )?;
            }
        }
        sentences.push(words.join(" "));
    }
    copy.text = sentences.join(" ").replace("  ", " ");
    Ok(copy)
}

fn personal(draws: &mut Stream) -> Result<String, TableError> {
    let first = pick(draws, FIRST_NAMES)?;
    let last = pick(draws, LAST_NAMES)?;
    let digits = |draws: &mut Stream, n: u32| draws.uniform_int(0..10_u64.pow(n));
    Ok(match draws.uniform_int(0..4)? {
        0 => {
            let address = format!(
                "{}.{}@example.org",
                first.to_lowercase(),
                last.to_lowercase()
            );
            format!("Write to {first} {last} at {address} for details.")
        }
        1 => format!(
            "Call {first} {last} on +1 202 555 01{:02} before noon.",
            digits(draws, 2)?
        ),
        2 => format!(
            "The server of {last} at 192.0.2.{} did not answer.",
            draws.uniform_int(1..255)?
        ),
        _ => format!(
            "{first} {last} paid with card 4111 1111 1111 1111, reference {:06}.",
            digits(draws, 6)?
        ),
    })
}

/// What a reader sees who takes UTF-8 for Latin-1.
fn read_as_latin_1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

fn pick(draws: &mut Stream, items: &'static [&'static str]) -> Result<&'static str, TableError> {
    let idx = draws.uniform_int(0..items.len() as u64)? as usize;
    Ok(items.get(idx).copied().unwrap_or_default())
}

fn into_table(pages: Vec<Page>, draws: &mut Stream) -> Result<Table, TableError> {
    let mut days = Vec::with_capacity(pages.len());
    for _ in &pages {
        days.push(Some(FIRST_DAY + draws.uniform_int(0..200)? as i32));
    }
    let text = |pick: &dyn Fn(&Page) -> &str| {
        OwnedColumn::Text(
            pages
                .iter()
                .map(|page| Some(pick(page).to_owned()))
                .collect(),
        )
    };
    let url = |(row, page): (usize, &Page)| {
        Some(format!(
            "https://{}.example.org/{}/{row}",
            page.source, page.language
        ))
    };
    Table::from_columns(vec![
        (
            "id".to_owned(),
            OwnedColumn::Int((0..pages.len() as i64).map(Some).collect()),
        ),
        ("text".to_owned(), text(&|page| &page.text)),
        ("source".to_owned(), text(&|page| page.source)),
        ("language".to_owned(), text(&|page| page.language)),
        ("published".to_owned(), OwnedColumn::Date(days)),
        (
            "url".to_owned(),
            OwnedColumn::Text(pages.iter().enumerate().map(url).collect()),
        ),
        ("planted".to_owned(), text(&|page| page.planted)),
        (
            "cluster".to_owned(),
            OwnedColumn::Int(pages.iter().map(|page| page.cluster).collect()),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sluice_table::host::PlainHost;

    use super::*;

    fn sample() -> Table {
        let context = RunContext {
            host: &PlainHost,
            seed: 3,
            stream_name: "test".to_owned(),
        };
        pollster::block_on(SampleWebText.run(&[], &Params::new(), &context))
            .unwrap()
            .tables
            .remove(0)
    }

    fn texts(table: &Table, column: &str) -> Vec<String> {
        let mut texts = Vec::new();
        table
            .for_each_text(column, |text| {
                texts.push(text.unwrap_or_default().to_owned())
            })
            .unwrap();
        texts
    }

    #[test]
    fn every_kind_is_planted_in_its_share() {
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        for planted in texts(&sample(), "planted") {
            *counts.entry(planted).or_default() += 1.0 / 5_000.0;
        }
        for (kind, share) in [
            ("near_duplicate", 0.12),
            ("spam", 0.08),
            ("other_language", 0.08),
            ("damaged", 0.01),
        ] {
            let found = counts.get(kind).copied().unwrap_or(0.0);
            assert!((found - share).abs() < 0.02, "{kind}: {found}");
        }
    }

    #[test]
    fn exact_duplicates_equal_their_original_and_near_ones_do_not() {
        let table = sample();
        let (text, planted) = (texts(&table, "text"), texts(&table, "planted"));
        let cluster = table.i64_values("cluster").unwrap();
        for row in 0..table.n_rows() {
            let Some(original) = cluster.get(row) else {
                continue;
            };
            let same = text[row] == text[original as usize];
            match planted[row].as_str() {
                "exact_duplicate" => assert!(same, "row {row}"),
                "near_duplicate" => assert!(!text[row].is_empty(), "row {row}"),
                _ => {}
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_pages() {
        assert_eq!(texts(&sample(), "text"), texts(&sample(), "text"));
    }
}
