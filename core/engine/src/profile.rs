//! Profiles: once per table, again under pills, and the counts behind every column's bars.

use std::rc::Rc;

use sluice_analysis::{Pill, Ref};
use sluice_protocol::message::{ProfileLevel, Response};
use sluice_protocol::profile::{ColumnProfile, TableProfile};
use sluice_stats::bits::Bitmap;
use sluice_table::TableError;
use sluice_table::profile::{self, BinIndex, FullPart};

use crate::memo::Evaluated;
use crate::{Engine, TaskHost};

/// Bars prepared ahead of the first filter: as many columns as a screen shows at once, in bounded memory.
const COLUMNS_PREPARED: usize = 60;
const PREPARED_BYTES: usize = 256 << 20;

impl Engine {
    pub(crate) async fn profile(
        &self,
        table: Ref,
        pills: &[Pill],
        level: ProfileLevel,
        host: &dyn TaskHost,
    ) -> Result<Response, TableError> {
        let evaluated = self.evaluate(table, host).await?;
        let rows = self.matching(&evaluated, pills, host).await?;
        if let (None, Some(known)) = (&rows, evaluated.full_profile.get()) {
            let known = TableProfile {
                table,
                ..known.clone()
            };
            return Ok(Response::Profile(Box::new(known)));
        }
        let columns = match &rows {
            None => self.base_profile(&evaluated, host).await?,
            Some(rows) => {
                let mut send =
                    |column: ColumnProfile| host.partial(Response::Column(Box::new(column)));
                Rc::new(
                    profile::profile_columns(&evaluated.table, Some(rows), host, &mut send).await?,
                )
            }
        };
        let mut result = TableProfile {
            table,
            rows: rows
                .as_ref()
                .map_or(evaluated.table.n_rows(), |rows| rows.count_ones())
                as u64,
            rows_total: evaluated.table.n_rows() as u64,
            columns: (*columns).clone(),
            duplicates: None,
            missing_patterns: None,
            associations: None,
            association_scope: None,
            alerts: Vec::new(),
        };
        if level == ProfileLevel::Base {
            return Ok(Response::Profile(Box::new(result)));
        }
        // Whole before the rest begins: nobody should wait for the last column.
        host.partial(Response::Profile(Box::new(result.clone())));
        let mut add = |part: FullPart| {
            part.add_to(&mut result);
            host.partial(Response::Profile(Box::new(result.clone())));
        };
        profile::profile_rest(&evaluated.table, rows.as_deref(), &columns, host, &mut add).await?;
        if rows.is_none() {
            // A second request that ran at the same time came to the same result.
            evaluated.full_profile.set(result.clone()).ok();
            let n_columns =
                (PREPARED_BYTES / evaluated.table.n_rows().max(1)).min(COLUMNS_PREPARED);
            for column in columns.iter().take(n_columns) {
                self.bins(&evaluated, &column.name, host).await?;
            }
        }
        Ok(Response::Profile(Box::new(result)))
    }

    /// The base profile of all rows, computed once; columns are sent ahead as they come.
    pub(crate) async fn base_profile(
        &self,
        evaluated: &Evaluated,
        host: &dyn TaskHost,
    ) -> Result<Rc<Vec<ColumnProfile>>, TableError> {
        let mut known = evaluated.base_profile.lock().await;
        if let Some(columns) = &*known {
            return Ok(Rc::clone(columns));
        }
        let mut send = |column: ColumnProfile| host.partial(Response::Column(Box::new(column)));
        let columns =
            Rc::new(profile::profile_columns(&evaluated.table, None, host, &mut send).await?);
        *known = Some(Rc::clone(&columns));
        Ok(columns)
    }

    /// Counts per bar under the pills, each column ignoring its own pills.
    pub(crate) async fn distributions(
        &self,
        table: Ref,
        pills: &[Pill],
        columns: &[String],
        host: &dyn TaskHost,
    ) -> Result<Response, TableError> {
        let evaluated = self.evaluate(table, host).await?;
        let all = self.matching(&evaluated, pills, host).await?;
        let mut result = Vec::new();
        for column in columns {
            let Some(bins) = self.bins(&evaluated, column, host).await? else {
                continue;
            };
            let own = pills.iter().any(|pill| &pill.column == column);
            let rows: Option<Rc<Bitmap>> = if own {
                let others: Vec<Pill> = pills
                    .iter()
                    .filter(|pill| &pill.column != column)
                    .cloned()
                    .collect();
                self.matching(&evaluated, &others, host).await?
            } else {
                all.clone()
            };
            result.push(profile::distribution(column, &bins, rows.as_deref()));
            host.checkpoint().await?;
        }
        let rows_in_view = all.map_or(evaluated.table.n_rows(), |rows| rows.count_ones()) as u64;
        Ok(Response::Distributions {
            rows_in_view,
            columns: result,
        })
    }

    async fn bins(
        &self,
        evaluated: &Evaluated,
        column: &str,
        host: &dyn TaskHost,
    ) -> Result<Option<Rc<BinIndex>>, TableError> {
        if let Some(bins) = evaluated.bins.borrow().get(column) {
            return Ok(Some(Rc::clone(bins)));
        }
        let profiles = self.base_profile(evaluated, host).await?;
        let Some(column_profile) = profiles.iter().find(|profile| profile.name == column) else {
            return Ok(None);
        };
        let bins = Rc::new(profile::build_bin_index(&evaluated.table, column_profile, host).await?);
        evaluated
            .bins
            .borrow_mut()
            .insert(column.to_owned(), Rc::clone(&bins));
        Ok(Some(bins))
    }
}
