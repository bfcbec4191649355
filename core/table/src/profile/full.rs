//! What the base profile leaves out because it looks at columns together, or takes longer:
//! languages, patterns of missing values, duplicate rows, associations.

mod associations;
mod duplicates;
mod languages;
mod missing;

use sluice_protocol::profile::{
    Alert, Association, AssociationScope, ColumnProfile, DuplicateRows, MissingPattern,
    TableProfile,
};
use sluice_stats::bits::Bitmap;

use super::alerts::duplicates_alert;
use super::pace::Pacer;
use crate::view::require_row_numbers_of;
use crate::{Host, Table, TableError};

/// A part of the full profile, as soon as it is known.
#[derive(Clone, Debug, PartialEq)]
pub enum FullPart {
    Languages {
        column: String,
        /// `(language, share of the texts tested)`, most frequent first.
        languages: Vec<(String, f64)>,
        n_tested: u64,
    },
    MissingPatterns(Vec<MissingPattern>),
    Duplicates(DuplicateRows),
    Associations {
        /// Strongest first.
        associations: Vec<Association>,
        scope: AssociationScope,
    },
    /// Of the table, not of one column.
    Alerts(Vec<Alert>),
}

/// The parts in the order in which they were found.
pub type FullParts = Vec<FullPart>;

impl FullPart {
    /// Writes the part into the profile that it completes.
    pub fn add_to(self, profile: &mut TableProfile) {
        match self {
            Self::Languages {
                column,
                languages,
                n_tested,
            } => {
                let of_name = |profile: &&mut ColumnProfile| profile.name == column;
                let text = profile
                    .columns
                    .iter_mut()
                    .find(of_name)
                    .and_then(|p| p.text.as_mut());
                if let Some(text) = text {
                    text.languages = Some(languages);
                    text.n_language_tested = n_tested;
                }
            }
            Self::MissingPatterns(patterns) => profile.missing_patterns = Some(patterns),
            Self::Duplicates(duplicates) => profile.duplicates = Some(duplicates),
            Self::Associations {
                associations,
                scope,
            } => {
                profile.associations = Some(associations);
                profile.association_scope = Some(scope);
            }
            Self::Alerts(alerts) => profile.alerts.extend(alerts),
        }
    }
}

/// What [`super::profile_columns`] left out, for the same rows; `base` is its result.
/// `on_partial` gets each part as it is ready.
///
/// # Errors
///
/// [`TableError::Cancelled`]; [`TableError::NoColumn`] if `base` is not of this table.
pub async fn profile_rest(
    table: &Table,
    selection: Option<&Bitmap>,
    base: &[ColumnProfile],
    host: &dyn Host,
    on_partial: &mut dyn FnMut(FullPart),
) -> Result<FullParts, TableError> {
    require_row_numbers_of(table)?;
    let mut pacer = Pacer::new(host);
    let rows = Rows { table, selection };
    let mut parts = FullParts::new();
    let mut add = |part: FullPart| {
        on_partial(part.clone());
        parts.push(part);
    };

    let texts: Vec<&ColumnProfile> = base
        .iter()
        .filter(|column| languages::is_worth_testing(column))
        .collect();
    let n_stages = texts.len() as u64 + 3;
    for (stage, column) in (0..).zip(&texts) {
        host.progress(&format!("languages of {}", column.name), stage, n_stages);
        add(languages::languages(rows, column, &mut pacer).await?);
    }
    host.progress("missing values", n_stages - 3, n_stages);
    add(FullPart::MissingPatterns(
        missing::missing_patterns(rows, &mut pacer).await?,
    ));
    host.progress("associations", n_stages - 2, n_stages);
    let (associations, scope) = associations::associations(rows, base, &mut pacer).await?;
    add(FullPart::Associations {
        associations,
        scope,
    });
    host.progress("duplicate rows", n_stages - 1, n_stages);
    let duplicates =
        duplicates::duplicate_rows(rows, host.memory_budget_bytes(), &mut pacer).await?;
    let alert = duplicates_alert(&duplicates, rows.n_selected() as u64);
    add(FullPart::Duplicates(duplicates));
    add(FullPart::Alerts(alert.into_iter().collect()));
    Ok(parts)
}

/// The rows of a table that are looked at.
#[derive(Clone, Copy)]
struct Rows<'a> {
    table: &'a Table,
    /// `None` means all rows.
    selection: Option<&'a Bitmap>,
}

impl Rows<'_> {
    fn n_selected(self) -> usize {
        self.selection
            .map_or(self.table.n_rows(), Bitmap::count_ones)
    }

    fn is_selected(self, row: usize) -> bool {
        self.selection.is_none_or(|selection| selection.get(row))
    }
}
