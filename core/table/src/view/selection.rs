//! Which rows are selected.

use sluice_analysis::{ColumnSpan, Point, Selection};
use sluice_protocol::load::ColumnType;
use sluice_stats::bits::Bitmap;

use crate::error::TableError;
use crate::expr::calendar::MICROS_PER_DAY;
use crate::host::Host;
use crate::table::{Table, column_type};
use crate::view::bits::BitWriter;
use crate::view::predicate::matching_rows;
use crate::view::require_row_numbers_of;
use crate::view::slices::SLICE_ROWS;
use crate::view::vector::{Data, Vector, read_plain};

/// Rows of a selection; `None` when nothing is selected.
///
/// - `Where`: rows for which all pills hold; all rows without pills.
/// - `Polygon`: points inside by the even-odd rule, with edges that are straight in the drawing: on a logarithmic
///   axis in the logarithm. Corners are in data units, times in microseconds. On a lower or left edge a point is
///   inside, on the opposite ones outside. A point with a missing or non-finite coordinate is outside, and so is one
///   that is not above 0 on a logarithmic axis.
/// - `Rows`: numbers beyond the table's rows are ignored.
///
/// # Errors
///
/// [`TableError::NoColumn`], [`TableError::ColumnType`] for a polygon over columns that are not numbers or times,
/// and those of [`matching_rows`].
pub async fn selected_rows(
    table: &Table,
    selection: &Selection,
    host: &dyn Host,
) -> Result<Option<Bitmap>, TableError> {
    require_row_numbers_of(table)?;
    match selection {
        Selection::None => Ok(None),
        Selection::Where(pills) => {
            let rows = matching_rows(table, pills, host).await?;
            Ok(Some(
                rows.unwrap_or_else(|| Bitmap::new_set(table.n_rows())),
            ))
        }
        Selection::Rows(rows) => {
            let mut bitmap = Bitmap::new_clear(table.n_rows());
            for row in rows {
                bitmap.set(usize::try_from(*row).unwrap_or(usize::MAX), true);
            }
            Ok(Some(bitmap))
        }
        Selection::Polygon { x, y, points } => inside(table, x, y, points, host).await.map(Some),
    }
}

async fn inside(
    table: &Table,
    x: &ColumnSpan,
    y: &ColumnSpan,
    points: &[Point],
    host: &dyn Host,
) -> Result<Bitmap, TableError> {
    /// Edge tests between two checkpoints, at about 2 ns each.
    const SLICE_TESTS: usize = 2_000_000;
    let axes = [Axis::new(table, x)?, Axis::new(table, y)?];
    let corners: Vec<(f64, f64)> = points
        .iter()
        .map(|point| (axes[0].scaled(point.x), axes[1].scaled(point.y)))
        .collect();
    let slice_rows = (SLICE_TESTS / corners.len().max(1)).clamp(64, SLICE_ROWS);
    let n_rows = table.n_rows();
    let mut bits = BitWriter::with_capacity(n_rows);
    for start in (0..n_rows).step_by(slice_rows) {
        host.checkpoint().await?;
        let rows = start..(start + slice_rows).min(n_rows);
        let xs = axes[0].positions(&read_plain(axes[0].column, rows.clone())?);
        let ys = axes[1].positions(&read_plain(axes[1].column, rows)?);
        let selected: Vec<bool> = xs
            .into_iter()
            .zip(ys)
            .map(|point| is_inside(point, &corners))
            .collect();
        bits.extend(&selected);
    }
    Ok(bits.finish())
}

struct Axis<'a> {
    column: &'a polars_core::prelude::Column,
    log: bool,
}

impl<'a> Axis<'a> {
    fn new(table: &'a Table, span: &ColumnSpan) -> Result<Self, TableError> {
        let column = table.column(&span.column)?;
        let found = column_type(column.dtype());
        if !found.is_ordered_numeric() && found != ColumnType::Null {
            return Err(TableError::ColumnType {
                column: span.column.clone(),
                found: found.label(),
                expected: "a number, date or time",
            });
        }
        Ok(Self {
            column,
            log: span.log,
        })
    }

    fn scaled(&self, value: f64) -> f64 {
        if self.log { libm::log(value) } else { value }
    }

    /// Places on the axis; NaN where there is none.
    fn positions(&self, vector: &Vector<'_>) -> Vec<f64> {
        let mut positions: Vec<f64> = match &vector.data {
            Data::Int(values) if vector.column_type == ColumnType::Date => values
                .iter()
                .map(|days| *days as f64 * MICROS_PER_DAY as f64)
                .collect(),
            Data::Int(values) => values.iter().map(|value| *value as f64).collect(),
            Data::Float(values) => values.clone(),
            _ => vec![f64::NAN; vector.len()],
        };
        for (idx, position) in positions.iter_mut().enumerate() {
            *position = if vector.is_present(idx) {
                self.scaled(*position)
            } else {
                f64::NAN
            };
        }
        positions
    }
}

/// Even-odd rule: a ray from the point crosses the outline an odd number of times.
///
/// # Source
///
/// Shimrat, *Algorithm 112: position of point relative to polygon*, Communications of the ACM 5 (1962),
/// with Hacker's correction, so that a corner on the ray counts once.
fn is_inside((x, y): (f64, f64), corners: &[(f64, f64)]) -> bool {
    if !x.is_finite() || !y.is_finite() {
        return false;
    }
    let Some(mut previous) = corners.last().copied() else {
        return false;
    };
    let mut inside = false;
    for &corner in corners {
        let ((x1, y1), (x2, y2)) = (corner, previous);
        if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
        previous = corner;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::PlainHost;
    use crate::view::testing::{floats, ints, table, texts};

    fn sample() -> Table {
        table(vec![
            (
                "x",
                floats(&[
                    Some(0.5),
                    Some(0.0),
                    Some(1.0),
                    None,
                    Some(f64::NAN),
                    Some(10.0),
                ]),
            ),
            (
                "y",
                ints(&[Some(1), Some(0), Some(2), Some(1), Some(1), Some(100)]),
            ),
            ("t", texts(&[None; 6])),
        ])
    }

    fn span(column: &str, log: bool) -> ColumnSpan {
        ColumnSpan {
            column: column.to_owned(),
            log,
        }
    }

    fn check(selection: &Selection, expected: Option<&[usize]>) {
        let rows =
            pollster::block_on(selected_rows(&sample(), selection, &PlainHost)).expect("valid");
        let rows = rows.map(|rows| rows.iter_ones().collect::<Vec<_>>());
        assert_eq!(rows.as_deref(), expected, "{selection:?}");
    }

    #[test]
    fn points_inside_polygons() {
        let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 2.0), (0.0, 2.0)];
        let points: Vec<Point> = square.map(|(x, y)| Point { x, y }).to_vec();
        let polygon = |x, y, points| Selection::Polygon { x, y, points };
        check(
            &polygon(span("x", false), span("y", false), points.clone()),
            Some(&[0, 1]),
        );
        let wide = [(0.1, 0.1), (100.0, 0.1), (100.0, 1000.0), (0.1, 1000.0)];
        let points: Vec<Point> = wide.map(|(x, y)| Point { x, y }).to_vec();
        check(
            &polygon(span("x", true), span("y", true), points),
            Some(&[0, 2, 5]),
        );
        check(
            &polygon(span("x", false), span("y", false), Vec::new()),
            Some(&[]),
        );
        let selection = polygon(span("t", false), span("y", false), Vec::new());
        let result = pollster::block_on(selected_rows(&sample(), &selection, &PlainHost));
        assert!(matches!(result, Err(TableError::ColumnType { .. })));
    }

    #[test]
    fn rows_and_conditions() {
        check(&Selection::None, None);
        check(&Selection::Rows(vec![0, 5, 6, u64::MAX]), Some(&[0, 5]));
        check(&Selection::Where(Vec::new()), Some(&[0, 1, 2, 3, 4, 5]));
    }
}
