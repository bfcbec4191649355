//! Expressions over the columns of a table: `price * quantity`, `length(text) > 20 and lang in ('en', 'de')`.
//!
//! # Language
//!
//! - Numbers `1`, `2.5`, `1e-3`; texts in `'…'` or `"…"` with the quote doubled inside; `true`, `false`, `null`;
//!   `date'2026-01-31'`, `datetime'2026-01-31T14:30:00Z'`. A column is named as it is, or in backticks.
//! - From loose to tight: `or`, `and`, `not`, comparisons (`=` `!=` `<` `<=` `>` `>=` `in (…)` `is null`),
//!   `+ -`, `* / %`, sign, `^`. Also `case when … then … else … end`, and [`functions`].
//! - Integers become floats, dates date-times, and a text literal beside a date becomes one, unasked. Nothing else does.
//!   Categories are texts; decimals are floats; integers beyond 64 bits are missing.
//!
//! # Contract
//!
//! - **Missing in, missing out**, except that `is null`, `is_null` and `coalesce` look at missing values;
//!   `false and null` is false and `true or null` is true; a missing condition of `if` and `case` counts as
//!   false. A filter keeps the rows where its expression is true.
//! - **What is not defined is missing**: division and remainder by zero, integer overflow, `sqrt` and `ln` out of
//!   their domain, `0 ^ -1`, a conversion that fails. Float overflow is infinite. `/` and `^` give floats;
//!   `%` has the sign of its left side.
//! - **NaN** comes only out of NaN and infinities. It equals nothing, not even itself; `min` and `max` with one give NaN.
//! - Text compares by Unicode code points. Times are UTC. Transcendental functions are `libm`'s, so that results
//!   are the same natively and in a browser.

pub(crate) mod calendar;
mod call;
pub(crate) mod convert;
mod eval;
mod eval_number;
mod eval_text;
mod eval_time;
mod functions;
mod node;
mod parse;
mod resolve;
mod suggest;
mod syntax;
#[cfg(test)]
mod tests;
mod token;

use std::ops::Range;

use polars_core::prelude::Column;
use sluice_protocol::load::{ColumnInfo, ColumnType};

use crate::error::TableError;
use crate::table::Table;
use crate::view::vector::{Vector, is_single};

pub use functions::{FunctionInfo, functions};

/// The type that `expr` has over columns of this `schema`.
///
/// # Errors
///
/// [`TableError::Expression`] with the character (from 1) and what is wrong there.
pub fn check(expr: &str, schema: &[ColumnInfo]) -> Result<ColumnType, TableError> {
    let node = resolve::resolve(&parse::parse(expr)?, &resolve::Scope { schema })?;
    require_single(&node)?;
    Ok(node.column_type)
}

/// An expression that fits a table.
#[derive(Debug)]
pub(crate) struct Expression {
    node: node::Node,
    /// Indices of the columns that it reads, ascending.
    column_idxs: Vec<usize>,
}

impl Expression {
    /// # Errors
    ///
    /// As [`check`].
    pub(crate) fn new(text: &str, table: &Table) -> Result<Self, TableError> {
        let schema = table.columns();
        let node = resolve::resolve(&parse::parse(text)?, &resolve::Scope { schema: &schema })?;
        require_single(&node)?;
        let mut column_idxs = Vec::new();
        collect_columns(&node, &mut column_idxs);
        column_idxs.sort_unstable();
        column_idxs.dedup();
        Ok(Self { node, column_idxs })
    }

    /// An expression that is true or false.
    ///
    /// # Errors
    ///
    /// As [`check`], and when it is of another type.
    pub(crate) fn condition(text: &str, table: &Table) -> Result<Self, TableError> {
        let expression = Self::new(text, table)?;
        match expression.column_type() {
            ColumnType::Boolean => Ok(expression),
            found => Err(TableError::Expression {
                position: 1,
                reason: format!("a condition is needed, and this is {}", node::named(found)),
            }),
        }
    }

    pub(crate) fn column_type(&self) -> ColumnType {
        self.node.column_type
    }

    /// The columns that it reads.
    pub(crate) fn columns<'t>(&self, table: &'t Table) -> Vec<&'t Column> {
        self.column_idxs
            .iter()
            .filter_map(|idx| table.frame().columns().get(*idx))
            .collect()
    }

    /// Values of `rows`, which are few enough for one turn.
    pub(crate) fn values<'a>(
        &'a self,
        table: &'a Table,
        rows: Range<usize>,
    ) -> Result<Vector<'a>, TableError> {
        eval::eval(
            &self.node,
            &eval::Slice {
                columns: table.frame().columns(),
                rows,
            },
        )
    }

    /// For each of `rows`, whether the condition is true.
    pub(crate) fn true_rows(
        &self,
        table: &Table,
        rows: Range<usize>,
    ) -> Result<Vec<bool>, TableError> {
        Ok(eval::true_rows(&self.values(table, rows)?))
    }
}

fn require_single(node: &node::Node) -> Result<(), TableError> {
    if is_single(node.column_type) {
        return Ok(());
    }
    Err(TableError::Expression {
        position: 1,
        reason: format!(
            "{} cannot be used in an expression",
            node::named(node.column_type)
        ),
    })
}

fn collect_columns(node: &node::Node, into: &mut Vec<usize>) {
    use node::Op;
    match &node.op {
        Op::Column(idx) => into.push(*idx),
        Op::Bool(_) | Op::Int(_) | Op::Float(_) | Op::Text(_) | Op::Null => {}
        Op::Convert(a) | Op::Not(a) | Op::Negate(a) | Op::IsMissing(a) => collect_columns(a, into),
        Op::And(a, b) | Op::Or(a, b) | Op::Arithmetic(_, a, b) | Op::Compare(_, a, b) => {
            collect_columns(a, into);
            collect_columns(b, into);
        }
        Op::In { value, .. } => collect_columns(value, into),
        Op::Regex { text, .. } => collect_columns(text, into),
        Op::Call(_, args) => args.iter().for_each(|arg| collect_columns(arg, into)),
        Op::Case { arms, otherwise } => {
            for (condition, value) in arms {
                collect_columns(condition, into);
                collect_columns(value, into);
            }
            collect_columns(otherwise, into);
        }
    }
}
