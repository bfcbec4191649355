//! Figures as plain data: the page draws them, the command line prints their table twins, tests assert on them.

use serde::{Deserialize, Serialize};

/// A figure: what is drawn, and what must stand beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The finding where there is one, else the subject.
    pub title: String,
    /// The measure.
    pub subtitle: String,
    /// Rows shown.
    pub n: u64,
    /// Rows left out because a value is missing.
    pub missing: u64,
    /// Share of the rows that is drawn; 1 when all are.
    pub sampling_share: f64,
    pub mark: Mark,
}

/// Which table a series belongs to. A and B have fixed colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    #[default]
    A,
    B,
    /// Neither: colour by index into the categorical set.
    Series(u8),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    pub label: String,
    /// Empty for pure numbers and names.
    pub unit: String,
    pub scale: Scale,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    #[default]
    Linear,
    Log,
    /// Microseconds since 1970-01-01, UTC.
    Time,
    Category,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mark {
    /// Bars over an interval; each series has `edges.len() - 1` counts.
    Histogram {
        x: Axis,
        edges: Vec<f64>,
        series: Vec<Series>,
    },
    /// Bars by name, in the order given.
    Bar {
        x: Axis,
        y: Axis,
        names: Vec<String>,
        series: Vec<Series>,
    },
    Line {
        x: Axis,
        y: Axis,
        series: Vec<XySeries>,
    },
    Scatter {
        x: Axis,
        y: Axis,
        series: Vec<XySeries>,
    },
    Box {
        y: Axis,
        names: Vec<String>,
        boxes: Vec<FiveNumbers>,
    },
    Ecdf {
        x: Axis,
        series: Vec<XySeries>,
    },
    /// `values` row by row: `y_names.len()` rows of `x_names.len()`; NaN is an empty cell.
    HeatMap {
        x: Axis,
        y: Axis,
        x_names: Vec<String>,
        y_names: Vec<String>,
        values: Vec<f64>,
        value_label: String,
    },
    /// Rows of cells, nothing drawn.
    Table {
        columns: Vec<String>,
        rows: Vec<Vec<String>>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    pub side: Side,
    pub values: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct XySeries {
    pub name: String,
    pub side: Side,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
}

/// Whiskers reach the most extreme values within 1.5 interquartile ranges of the box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FiveNumbers {
    pub side: Side,
    pub low: f64,
    pub q25: f64,
    pub median: f64,
    pub q75: f64,
    pub high: f64,
    pub n: u64,
    pub n_outliers: u64,
}

/// The figure as rows and columns of text-free numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableTwin {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<TwinCell>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TwinCell {
    Text(String),
    Number(f64),
}

impl Figure {
    /// The same data as a table, for readers, screen readers and tests.
    pub fn twin(&self) -> TableTwin {
        let number = |v: &f64| TwinCell::Number(*v);
        let text = |t: &str| TwinCell::Text(t.to_owned());
        match &self.mark {
            Mark::Histogram { x, edges, series } => TableTwin {
                columns: [format!("{} from", x.label), "to".to_owned()]
                    .into_iter()
                    .chain(series.iter().map(|s| s.name.clone()))
                    .collect(),
                rows: edges
                    .windows(2)
                    .enumerate()
                    .map(|(i, pair)| {
                        pair.iter()
                            .map(number)
                            .chain(series.iter().filter_map(|s| s.values.get(i)).map(number))
                            .collect()
                    })
                    .collect(),
            },
            Mark::Bar {
                x, names, series, ..
            } => TableTwin {
                columns: std::iter::once(x.label.clone())
                    .chain(series.iter().map(|s| s.name.clone()))
                    .collect(),
                rows: names
                    .iter()
                    .enumerate()
                    .map(|(i, name)| {
                        std::iter::once(text(name))
                            .chain(series.iter().filter_map(|s| s.values.get(i)).map(number))
                            .collect()
                    })
                    .collect(),
            },
            Mark::Line { x, y, series } | Mark::Scatter { x, y, series } => {
                xy_twin(x, &y.label, series)
            }
            Mark::Ecdf { x, series } => xy_twin(x, "share at most", series),
            Mark::Box { names, boxes, .. } => TableTwin {
                columns: [
                    "name", "low", "25 %", "median", "75 %", "high", "n", "outliers",
                ]
                .map(str::to_owned)
                .to_vec(),
                rows: names
                    .iter()
                    .zip(boxes)
                    .map(|(name, b)| {
                        let numbers = [
                            b.low,
                            b.q25,
                            b.median,
                            b.q75,
                            b.high,
                            b.n as f64,
                            b.n_outliers as f64,
                        ];
                        std::iter::once(text(name))
                            .chain(numbers.iter().map(number))
                            .collect()
                    })
                    .collect(),
            },
            Mark::HeatMap {
                x,
                y,
                x_names,
                y_names,
                values,
                value_label,
            } => TableTwin {
                columns: vec![y.label.clone(), x.label.clone(), value_label.clone()],
                rows: y_names
                    .iter()
                    .zip(values.chunks(x_names.len().max(1)))
                    .flat_map(|(y_name, row)| {
                        x_names
                            .iter()
                            .zip(row)
                            .map(move |(x_name, v)| vec![text(y_name), text(x_name), number(v)])
                    })
                    .collect(),
            },
            Mark::Table { columns, rows } => TableTwin {
                columns: columns.clone(),
                rows: rows
                    .iter()
                    .map(|row| row.iter().map(|c| text(c)).collect())
                    .collect(),
            },
        }
    }
}

fn xy_twin(x: &Axis, y_label: &str, series: &[XySeries]) -> TableTwin {
    TableTwin {
        columns: vec!["series".to_owned(), x.label.clone(), y_label.to_owned()],
        rows: series
            .iter()
            .flat_map(|s| {
                s.x.iter().zip(&s.y).map(|(x, y)| {
                    vec![
                        TwinCell::Text(s.name.clone()),
                        TwinCell::Number(*x),
                        TwinCell::Number(*y),
                    ]
                })
            })
            .collect(),
    }
}
