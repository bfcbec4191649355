//! Figures between columns: associations and values missing together.

use sluice_analysis::{Params, Ref, SourceId};
use sluice_protocol::figure::{Axis, Figure, Mark, Scale, Series, Side};
use sluice_protocol::message::ProfileLevel;
use sluice_protocol::profile::TableProfile;
use sluice_stats::bits::Bitmap;
use sluice_table::{TableError, profile};

use super::Looked;
use super::columns::count_axis;
use crate::TaskHost;

/// Columns of the matrix: more would not be readable.
const MAX_COLUMNS: usize = 24;
/// Patterns drawn.
const MAX_PATTERNS: usize = 20;

/// The strongest measure between every pair of columns that has one.
pub async fn associations(
    looked: &[Looked],
    _spec: &Params,
    host: &dyn TaskHost,
) -> Result<Figure, TableError> {
    let full = full_profile(looked, host).await?;
    let pairs = full.associations.unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for name in pairs.iter().flat_map(|pair| [&pair.a, &pair.b]) {
        if !names.contains(name) && names.len() < MAX_COLUMNS {
            names.push(name.clone());
        }
    }
    let mut values = vec![f64::NAN; names.len() * names.len()];
    for pair in &pairs {
        let at = |name: &String| names.iter().position(|other| other == name);
        if let (Some(a), Some(b)) = (at(&pair.a), at(&pair.b)) {
            for cell in [a * names.len() + b, b * names.len() + a] {
                // Pairs come strongest first: a weaker measure of the same pair does not replace it.
                if let Some(value) = values.get_mut(cell)
                    && value.is_nan()
                {
                    *value = pair.value;
                }
            }
        }
    }
    let name_axis = || Axis {
        label: String::new(),
        unit: String::new(),
        scale: Scale::Category,
    };
    Ok(Figure {
        title: "Associations".to_owned(),
        subtitle: "strongest measure of each pair".to_owned(),
        n: full.rows,
        missing: 0,
        sampling_share: 1.0,
        mark: Mark::HeatMap {
            x: name_axis(),
            y: name_axis(),
            x_names: names.clone(),
            y_names: names,
            values,
            value_label: "association".to_owned(),
        },
    })
}

/// Sets of columns missing together.
pub async fn missing(
    looked: &[Looked],
    _spec: &Params,
    host: &dyn TaskHost,
) -> Result<Figure, TableError> {
    let full = full_profile(looked, host).await?;
    let patterns = full.missing_patterns.unwrap_or_default();
    let shown = patterns.iter().take(MAX_PATTERNS);
    let names = shown
        .clone()
        .map(|pattern| match pattern.columns.as_slice() {
            [] => "complete".to_owned(),
            columns => columns.join(" + "),
        });
    Ok(Figure {
        title: "Missing together".to_owned(),
        subtitle: "rows by the set of columns they lack".to_owned(),
        n: full.rows,
        missing: 0,
        sampling_share: 1.0,
        mark: Mark::Bar {
            x: Axis {
                label: "columns".to_owned(),
                unit: String::new(),
                scale: Scale::Category,
            },
            y: count_axis(),
            names: names.collect(),
            series: vec![Series {
                name: "rows".to_owned(),
                side: Side::A,
                values: shown.map(|pattern| pattern.count as f64).collect(),
            }],
        },
    })
}

async fn full_profile(looked: &[Looked], host: &dyn TaskHost) -> Result<TableProfile, TableError> {
    let Some(a) = looked.first() else {
        return Err(TableError::Param {
            what: "panel".to_owned(),
            reason: "it has no table".to_owned(),
        });
    };
    match &a.rows {
        None => {
            // The reference only names the result, which is not passed on.
            let reference = Ref::Source(SourceId(0));
            profile::profile_table(&a.table, reference, ProfileLevel::Full, host).await
        }
        Some(rows) => {
            let mut selection = Bitmap::new_clear(a.table.n_rows());
            for row in rows {
                selection.set(*row as usize, true);
            }
            let columns =
                profile::profile_columns(&a.table, Some(&selection), host, &mut |_| {}).await?;
            let mut full = TableProfile {
                table: Ref::Source(SourceId(0)),
                rows: rows.len() as u64,
                rows_total: a.table.n_rows() as u64,
                columns,
                duplicates: None,
                missing_patterns: None,
                associations: None,
                association_scope: None,
                alerts: Vec::new(),
            };
            let base = full.columns.clone();
            let mut add = |part: profile::FullPart| part.add_to(&mut full);
            profile::profile_rest(&a.table, Some(&selection), &base, host, &mut add).await?;
            Ok(full)
        }
    }
}
