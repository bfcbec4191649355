//! What is known about a CSV file before it is read: layout, names, types, and what it will cost.

use encoding_rs::UTF_8;
use sluice_protocol::load::LoadEstimate;

use super::dialect::{Layout, layout, skip_lines};
use super::infer::Evidence;
use super::pass;
use super::slice::{self, SlicePlan};
use super::split::{Fields, Shape, split};
use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::read::block::Part;
use crate::read::column::Kind;
use crate::read::encoding;
use crate::read::names;
use crate::read::options::{Compression, LoadOptions};
use crate::read::report::estimate_from;
use crate::read::sniff::{Head, extension};

/// The decisions about a file: its layout, its names, its types.
pub(super) struct Sniffed {
    pub(super) layout: Layout,
    pub(super) names: Vec<String>,
    pub(super) renamed: Vec<names::Renamed>,
    /// By column; `None` where the sample has no value to judge by.
    pub(super) kinds: Vec<Option<Kind>>,
}

pub(super) async fn decide(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
) -> Result<Sniffed, TableError> {
    let layout = layout(
        &head.sample,
        head.is_whole,
        &extension(source.name()),
        options,
    );
    let given = if layout.has_header {
        layout.header.clone()
    } else {
        names::numbered(layout.n_columns)
    };
    let (names, renamed) = names::usable(&given);
    let mut evidence = vec![Evidence::default(); layout.n_columns];
    let (body, _) = skip_lines(&head.sample, options.skip_rows);
    add_evidence(
        body,
        head.is_whole,
        usize::from(layout.has_header),
        &layout,
        options,
        &mut evidence,
    );
    for probe in probes(source, head).await? {
        let text = encoding::repaired(&probe).0;
        let start = pass::record_start(text.as_bytes(), &layout.dialect, layout.n_columns);
        add_evidence(
            text.get(start..).unwrap_or_default(),
            false,
            0,
            &layout,
            options,
            &mut evidence,
        );
    }
    let kinds = names
        .iter()
        .zip(&evidence)
        .map(|(name, evidence)| options.types.get(name).copied().or_else(|| evidence.kind()))
        .collect();
    if let Some(unknown) = options.types.keys().find(|name| !names.contains(name)) {
        return Err(TableError::NoColumn {
            column: unknown.clone(),
            available: names.join(", "),
        });
    }
    Ok(Sniffed {
        layout,
        names,
        renamed,
        kinds,
    })
}

/// Number and size of the looks into the rest of a file, evenly spaced.
const N_PROBES: u64 = 8;
const PROBE_BYTES: u64 = 32 << 10;

async fn probes(source: &dyn ByteSource, head: &Head) -> Result<Vec<Vec<u8>>, TableError> {
    let size = source.size_bytes();
    let mut probes = Vec::new();
    // Packed text cannot be entered in the middle, and other encodings are left to the second pass.
    if head.compression != Compression::None || head.encoding != UTF_8 || head.is_whole {
        return Ok(probes);
    }
    for number in 1..=N_PROBES {
        let start = (size / (N_PROBES + 1)).saturating_mul(number);
        if start > head.sample.len() as u64 {
            probes.push(
                source
                    .read(start..start.saturating_add(PROBE_BYTES))
                    .await?,
            );
        }
    }
    Ok(probes)
}

/// Records of a sample that are judged.
const RECORDS_JUDGED: usize = 2000;

fn add_evidence(
    text: &str,
    is_whole: bool,
    n_header_rows: usize,
    layout: &Layout,
    options: &LoadOptions,
    evidence: &mut [Evidence],
) {
    let mut fields = Fields::default();
    let shape = Shape::Columns(layout.n_columns);
    split(
        text.as_bytes(),
        0,
        &layout.dialect,
        shape,
        RECORDS_JUDGED,
        is_whole,
        &mut fields,
    );
    let rows = fields
        .spans
        .chunks_exact(layout.n_columns)
        .skip(n_header_rows);
    for row in rows {
        for (span, evidence) in row.iter().zip(evidence.iter_mut()) {
            evidence.add(
                span.bytes(text.as_bytes()),
                layout.dialect.decimal,
                options.null_values.as_deref(),
            );
        }
    }
}

/// Memory of the table: the sample's rows are read, and their size in memory is scaled to the whole text.
pub(super) fn estimate_of(
    source: &dyn ByteSource,
    head: &Head,
    options: &LoadOptions,
    sniffed: &Sniffed,
    host: &dyn Host,
) -> LoadEstimate {
    let kinds: Vec<Option<Kind>> = (0..sniffed.names.len())
        .map(|column| {
            let is_kept = options
                .columns
                .as_ref()
                .is_none_or(|kept| kept.contains(&sniffed.names[column]));
            is_kept.then(|| sniffed.kinds[column].unwrap_or(Kind::Text))
        })
        .collect();
    let plan = SlicePlan {
        dialect: sniffed.layout.dialect,
        kinds,
        null_values: None,
    };
    let (body, _) = skip_lines(&head.sample, options.skip_rows);
    let (table, n_bytes) = slice::parse(body, 0, usize::MAX, &plan, true);
    let scale = head.text_bytes(source) as f64 / n_bytes.max(1) as f64;
    let columns: Vec<(String, u64)> = sniffed
        .names
        .iter()
        .zip(&table.columns)
        .map(|(name, column)| {
            (
                name.clone(),
                (column.values.table_bytes() as f64 * scale) as u64,
            )
        })
        .filter(|(_, bytes)| *bytes > 0)
        .collect();
    let memory_bytes = columns.iter().map(|(_, bytes)| bytes).sum();
    estimate_from(
        source.size_bytes(),
        memory_bytes,
        host.memory_budget_bytes(),
        true,
        columns,
    )
}

/// How many rows to make room for; 0 where it cannot be known closely.
pub(super) fn rows_hint(
    source: &dyn ByteSource,
    head: &Head,
    part: &Part,
    sniffed: &Sniffed,
) -> usize {
    if *part != Part::All || head.compression != Compression::None || head.is_whole {
        return 0;
    }
    let mut fields = Fields::default();
    let dialect = &sniffed.layout.dialect;
    let n_bytes = split(
        head.sample.as_bytes(),
        0,
        dialect,
        Shape::EndsOnly,
        usize::MAX,
        false,
        &mut fields,
    );
    let rows = fields.n_rows as f64 * source.size_bytes() as f64 / n_bytes.max(1) as f64;
    // Room for one row in fifty more than the sample says is cheaper than moving every column once.
    (rows * 1.02) as usize
}
