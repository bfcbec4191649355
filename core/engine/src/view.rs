//! The rows of a view: filtered by pills, sorted by keys, read in windows.

use std::rc::Rc;

use sluice_analysis::{Pill, Ref, Selection, SortKey};
use sluice_protocol::cells::RowPage;
use sluice_protocol::message::{Response, RowWindow};
use sluice_stats::bits::Bitmap;
use sluice_table::{TableError, cells, view};

use crate::memo::{Evaluated, RowOrder};
use crate::{Engine, TaskHost};

/// A page never holds a whole table: more rows than this are not sent at once.
const MAX_WINDOW_ROWS: u32 = 2_000;

impl Engine {
    pub(crate) async fn rows(
        &self,
        table: Ref,
        window: &RowWindow,
        host: &dyn TaskHost,
    ) -> Result<Response, TableError> {
        let evaluated = self.evaluate(table, host).await?;
        let order = self
            .order(&evaluated, &window.pills, &window.sort, host)
            .await?;
        let rows_in_view = order.len();
        let start = usize::try_from(window.start)
            .unwrap_or(usize::MAX)
            .min(rows_in_view);
        let end = start
            .saturating_add(window.count.min(MAX_WINDOW_ROWS) as usize)
            .min(rows_in_view);
        let row_ids: Vec<u64> = match &*order {
            RowOrder::All { .. } => (start as u64..end as u64).collect(),
            RowOrder::Filtered { rows, index } => {
                index.rows(rows, start..end).map(|row| row as u64).collect()
            }
            RowOrder::Sorted(rows) => rows
                .get(start..end)
                .unwrap_or_default()
                .iter()
                .map(|row| u64::from(*row))
                .collect(),
        };
        let selected = match view::selected_rows(&evaluated.table, &window.selection, host).await? {
            Some(rows) => row_ids.iter().map(|row| rows.get(*row as usize)).collect(),
            None => Vec::new(),
        };
        let names: Vec<String> = if window.columns.is_empty() {
            evaluated
                .table
                .column_names()
                .into_iter()
                .map(str::to_owned)
                .collect()
        } else {
            window.columns.clone()
        };
        let columns = cells::cells(&evaluated.table, &row_ids, &names)?;
        Ok(Response::Rows(Box::new(RowPage {
            start: start as u64,
            rows_in_view: rows_in_view as u64,
            rows_total: evaluated.table.n_rows() as u64,
            row_ids,
            selected,
            columns,
        })))
    }

    pub(crate) async fn position(
        &self,
        table: Ref,
        row: u64,
        pills: &[Pill],
        sort: &[SortKey],
        host: &dyn TaskHost,
    ) -> Result<Option<u64>, TableError> {
        let evaluated = self.evaluate(table, host).await?;
        let order = self.order(&evaluated, pills, sort, host).await?;
        let row_idx = usize::try_from(row).unwrap_or(usize::MAX);
        Ok(match &*order {
            RowOrder::All { n_rows } => (row_idx < *n_rows).then_some(row),
            RowOrder::Filtered { rows, index } => (row_idx < rows.len() && rows.get(row_idx))
                .then(|| index.rank(rows, row_idx) as u64),
            RowOrder::Sorted(rows) => rows
                .iter()
                .position(|r| u64::from(*r) == row)
                .map(|at| at as u64),
        })
    }

    pub(crate) async fn count_selection(
        &self,
        table: Ref,
        pills: &[Pill],
        selection: &Selection,
        host: &dyn TaskHost,
    ) -> Result<u64, TableError> {
        let evaluated = self.evaluate(table, host).await?;
        let Some(mut selected) = view::selected_rows(&evaluated.table, selection, host).await?
        else {
            return Ok(0);
        };
        if let Some(rows) = self.matching(&evaluated, pills, host).await? {
            selected.and_with(&rows);
        }
        Ok(selected.count_ones() as u64)
    }

    /// Rows for which all pills hold; `None` means all rows. Each pill is evaluated once.
    pub(crate) async fn matching(
        &self,
        evaluated: &Evaluated,
        pills: &[Pill],
        host: &dyn TaskHost,
    ) -> Result<Option<Rc<Bitmap>>, TableError> {
        let mut all: Option<Rc<Bitmap>> = None;
        for pill in pills {
            let Some(rows) = self.matching_one(evaluated, pill, host).await? else {
                continue;
            };
            all = Some(match all {
                None => rows,
                Some(before) => {
                    let mut both = (*before).clone();
                    both.and_with(&rows);
                    Rc::new(both)
                }
            });
        }
        Ok(all)
    }

    async fn matching_one(
        &self,
        evaluated: &Evaluated,
        pill: &Pill,
        host: &dyn TaskHost,
    ) -> Result<Option<Rc<Bitmap>>, TableError> {
        if let Some(rows) = evaluated.pills.borrow_mut().get(pill) {
            return Ok(rows);
        }
        let lock = evaluated.evaluating.borrow_mut().lock_of(pill);
        let _evaluating = lock.lock().await;
        if let Some(rows) = evaluated.pills.borrow_mut().get(pill) {
            return Ok(rows);
        }
        let rows = view::matching_rows(&evaluated.table, std::slice::from_ref(pill), host)
            .await?
            .map(Rc::new);
        evaluated
            .pills
            .borrow_mut()
            .insert(pill.clone(), rows.clone());
        Ok(rows)
    }

    pub(crate) async fn order(
        &self,
        evaluated: &Evaluated,
        pills: &[Pill],
        sort: &[SortKey],
        host: &dyn TaskHost,
    ) -> Result<Rc<RowOrder>, TableError> {
        let key = (pills.to_vec(), sort.to_vec());
        if let Some(order) = evaluated.orders.borrow_mut().get(&key) {
            return Ok(order);
        }
        let lock = evaluated.ordering.borrow_mut().lock_of(&key);
        let _ordering = lock.lock().await;
        if let Some(order) = evaluated.orders.borrow_mut().get(&key) {
            return Ok(order);
        }
        let rows = self.matching(evaluated, pills, host).await?;
        let order = Rc::new(if sort.is_empty() {
            match rows {
                Some(rows) => RowOrder::Filtered {
                    index: rows.rank_index(),
                    rows,
                },
                None => RowOrder::All {
                    n_rows: evaluated.table.n_rows(),
                },
            }
        } else {
            RowOrder::Sorted(
                view::sorted_rows(&evaluated.table, sort, rows.as_deref(), host).await?,
            )
        });
        evaluated.orders.borrow_mut().insert(key, Rc::clone(&order));
        Ok(order)
    }
}
