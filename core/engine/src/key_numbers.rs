//! The numbers that a link carries, recomputed by whoever opens it.

use std::sync::Arc;

use sluice_analysis::{KeyNumber, Ref};
use sluice_table::TableError;

use crate::{Engine, TaskHost};

/// A link stays short: the first numeric columns stand for the rest.
const MAX_COLUMNS: usize = 12;
/// Floats agree to this between browsers and command line.
const REL_TOLERANCE: f64 = 1e-9;

impl Engine {
    /// Rows of every table, rows in view, and mean and distinct count of the current table's first columns.
    pub(crate) async fn key_numbers(
        &self,
        host: &dyn TaskHost,
    ) -> Result<Vec<KeyNumber>, TableError> {
        let document = Arc::clone(&self.document.borrow());
        let mut numbers = Vec::new();
        let mut count = |name: String, value: u64| {
            numbers.push(KeyNumber {
                name,
                value: value as f64,
                rel_tolerance: 0.0,
            });
        };
        for table in document.tables() {
            let rows = self.count_rows(&document, table, host).await?;
            match table {
                Ref::Source(id) => count(format!("rows of source {}", id.0), rows),
                Ref::Step(id, _) => count(format!("rows after step {}", id.0), rows),
            }
        }
        let Some(current) = document.current_table() else {
            return Ok(numbers);
        };
        let evaluated = self.evaluate(current, host).await?;
        if let Some(rows) = self
            .matching(&evaluated, &document.view.pills, host)
            .await?
        {
            count("rows in view".to_owned(), rows.count_ones() as u64);
        }
        let columns = self.base_profile(&evaluated, host).await?;
        for column in columns.iter().take(MAX_COLUMNS) {
            if column.distinct.exact {
                count(
                    format!("distinct values of {}", column.name),
                    column.distinct.count,
                );
            }
        }
        for column in columns.iter().take(MAX_COLUMNS) {
            if let Some(numeric) = &column.numeric
                && numeric.mean.is_finite()
            {
                numbers.push(KeyNumber {
                    name: format!("mean of {}", column.name),
                    value: numeric.mean,
                    rel_tolerance: REL_TOLERANCE,
                });
            }
        }
        Ok(numbers)
    }
}
