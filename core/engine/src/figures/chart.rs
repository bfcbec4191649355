//! A chart of one to three columns. `auto` picks the sensible one; every choice can be made by hand.

use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::figure::{Axis, Figure, FiveNumbers, Mark, Scale, Series, Side, XySeries};
use sluice_protocol::load::ColumnType;
use sluice_stats::histogram::{BinConfig, BinKind, Bins};
use sluice_stats::quantiles::quantiles;
use sluice_table::{TableError, operation};

use super::Looked;
use super::columns::{
    MAX_CATEGORIES, Values, axis, categories, column_type, count_axis, numbers, values,
};
use crate::TaskHost;

/// What to draw.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ChartSpec {
    chart: Kind,
    x: String,
    y: Option<String>,
    color: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Auto,
    Histogram,
    Bar,
    Line,
    Scatter,
    Box,
    HeatMap,
    Ecdf,
}

/// Bars of a histogram.
const TARGET_BINS: usize = 40;
/// Points that a scatter plot draws; more would only overlap.
const MAX_POINTS: usize = 4_000;
/// Points of a line or of a distribution function.
const LINE_POINTS: usize = 200;
/// Series by colour.
const MAX_SERIES: usize = 8;

pub async fn chart(
    looked: &[Looked],
    spec: &Params,
    host: &dyn TaskHost,
) -> Result<Figure, TableError> {
    let spec: ChartSpec = operation::typed("chart", spec)?;
    let Some(a) = looked.first() else {
        return Err(param("it has no table"));
    };
    if spec.x.is_empty() {
        return Err(param("choose a column"));
    }
    host.progress("drawing", 0, 0);
    host.checkpoint().await?;
    let x_type = column_type(&a.table, &spec.x)?;
    let y_type = spec
        .y
        .as_deref()
        .map(|y| column_type(&a.table, y))
        .transpose()?;
    let kind = match spec.chart {
        Kind::Auto => sensible(x_type, y_type),
        kind => kind,
    };
    match (kind, &spec.y) {
        (Kind::Histogram | Kind::Auto, _) => histogram(looked, &spec, x_type),
        (Kind::Ecdf, _) => ecdf(looked, &spec, x_type),
        (Kind::Bar, _) => bars(looked, &spec),
        (Kind::Line, Some(y)) => line(looked, &spec, y, x_type),
        (Kind::Scatter, Some(y)) => scatter(looked, &spec, y, x_type),
        (Kind::Box, Some(y)) => boxes(looked, &spec, y),
        (Kind::HeatMap, Some(y)) => heat_map(looked, &spec, y),
        (Kind::Line | Kind::Scatter | Kind::Box | Kind::HeatMap, None) => {
            Err(param("choose a second column"))
        }
    }
}

fn sensible(x: ColumnType, y: Option<ColumnType>) -> Kind {
    let is_time = matches!(x, ColumnType::Date | ColumnType::DateTime);
    match (
        x.is_ordered_numeric(),
        y.map(ColumnType::is_ordered_numeric),
    ) {
        (true, None) => Kind::Histogram,
        (false, None) => Kind::Bar,
        (true, Some(true)) if is_time => Kind::Line,
        (true, Some(true)) => Kind::Scatter,
        (false, Some(true)) => Kind::Box,
        (_, Some(false)) => Kind::HeatMap,
    }
}

fn param(reason: &str) -> TableError {
    TableError::Param {
        what: "chart".to_owned(),
        reason: reason.to_owned(),
    }
}

fn figure(
    title: String,
    subtitle: String,
    looked: &[Looked],
    missing: usize,
    mark: Mark,
) -> Figure {
    let n: usize = looked.iter().map(Looked::n_rows).sum();
    Figure {
        title,
        subtitle,
        n: (n - missing.min(n)) as u64,
        missing: missing as u64,
        sampling_share: 1.0,
        mark,
    }
}

/// Rows split by the colour column, or one group per table. Name, side, and the group of each row.
struct Groups {
    names: Vec<(String, Side)>,
    /// Per table, per row: the group, if it is drawn.
    of_rows: Vec<Vec<Option<u32>>>,
}

fn groups(looked: &[Looked], color: Option<&str>) -> Result<Groups, TableError> {
    match (looked, color) {
        ([only], Some(color)) => {
            let (codes, names) = categories(only, color)?;
            let names = names
                .into_iter()
                .take(MAX_SERIES)
                .enumerate()
                .map(|(idx, name)| (name, Side::Series(idx as u8)))
                .collect();
            let codes = codes
                .into_iter()
                .map(|code| code.filter(|code| (*code as usize) < MAX_SERIES))
                .collect();
            Ok(Groups {
                names,
                of_rows: vec![codes],
            })
        }
        _ => Ok(Groups {
            names: looked
                .iter()
                .map(|table| {
                    let letter = if table.side == Side::B { "B" } else { "A" };
                    (
                        if looked.len() > 1 {
                            format!("{letter} · {}", table.name)
                        } else {
                            table.name.clone()
                        },
                        table.side,
                    )
                })
                .collect(),
            of_rows: looked
                .iter()
                .enumerate()
                .map(|(idx, table)| vec![Some(idx as u32); table.n_rows()])
                .collect(),
        }),
    }
}

/// Finite values of `column` by group, and how many rows have none.
fn grouped_numbers(
    looked: &[Looked],
    column: &str,
    groups: &Groups,
) -> Result<(Vec<Vec<f64>>, usize), TableError> {
    let mut by_group = vec![Vec::new(); groups.names.len()];
    let mut missing = 0;
    for (table, of_rows) in looked.iter().zip(&groups.of_rows) {
        for (value, group) in numbers(table, column)?.into_iter().zip(of_rows) {
            match (value, group) {
                (Some(value), Some(group)) => {
                    if let Some(values) = by_group.get_mut(*group as usize) {
                        values.push(value);
                    }
                }
                _ => missing += 1,
            }
        }
    }
    Ok((by_group, missing))
}

fn extent(groups: &[Vec<f64>]) -> Option<(f64, f64)> {
    let mut values = groups.iter().flatten().copied();
    let first = values.next()?;
    Some(values.fold((first, first), |(low, high), value| {
        (low.min(value), high.max(value))
    }))
}

fn histogram(
    looked: &[Looked],
    spec: &ChartSpec,
    x_type: ColumnType,
) -> Result<Figure, TableError> {
    let groups = groups(looked, spec.color.as_deref())?;
    let (by_group, missing) = grouped_numbers(looked, &spec.x, &groups)?;
    let (edges, counts) = match extent(&by_group) {
        None => (Vec::new(), vec![Vec::new(); by_group.len()]),
        Some((min, max)) => {
            let kind = if x_type == ColumnType::Integer {
                BinKind::Integer
            } else {
                BinKind::Linear
            };
            let bins = Bins::nice(&BinConfig {
                kind,
                min,
                max,
                target_bins: TARGET_BINS,
            })
            .map_err(|error| param(&error.to_string()))?;
            let counts = by_group
                .iter()
                .map(|values| bin_counts(&bins, values))
                .collect();
            (bins.edges().to_vec(), counts)
        }
    };
    // Tables of different sizes are compared by share, not by count.
    let by_share = looked.len() > 1;
    let series = groups
        .names
        .iter()
        .zip(counts)
        .zip(&by_group)
        .map(|(((name, side), counts), values)| Series {
            name: name.clone(),
            side: *side,
            values: if by_share {
                counts
                    .iter()
                    .map(|count| count / (values.len().max(1) as f64))
                    .collect()
            } else {
                counts
            },
        })
        .collect();
    let mark = Mark::Histogram {
        x: axis(&spec.x, x_type),
        edges,
        series,
    };
    let subtitle = if by_share {
        "share of each table’s rows"
    } else {
        "rows by value"
    };
    Ok(figure(
        spec.x.clone(),
        subtitle.to_owned(),
        looked,
        missing,
        mark,
    ))
}

fn bin_counts(bins: &Bins, values: &[f64]) -> Vec<f64> {
    let mut codes = Vec::with_capacity(values.len());
    bins.append_codes(values, &mut codes);
    let counts = sluice_stats::histogram::count_codes(&codes);
    counts
        .iter()
        .take(bins.n_bins())
        .map(|count| *count as f64)
        .collect()
}

fn ecdf(looked: &[Looked], spec: &ChartSpec, x_type: ColumnType) -> Result<Figure, TableError> {
    let groups = groups(looked, spec.color.as_deref())?;
    let (by_group, missing) = grouped_numbers(looked, &spec.x, &groups)?;
    let shares: Vec<f64> = (0..=LINE_POINTS)
        .map(|idx| idx as f64 / LINE_POINTS as f64)
        .collect();
    let series = groups
        .names
        .iter()
        .zip(&by_group)
        .map(|((name, side), values)| XySeries {
            name: name.clone(),
            side: *side,
            // Quantiles at even shares are the curve, read sideways.
            x: quantiles(values, &shares).unwrap_or_default(),
            y: if values.is_empty() {
                Vec::new()
            } else {
                shares.clone()
            },
        })
        .collect();
    let mark = Mark::Ecdf {
        x: axis(&spec.x, x_type),
        series,
    };
    Ok(figure(
        spec.x.clone(),
        "share of rows at most".to_owned(),
        looked,
        missing,
        mark,
    ))
}

fn bars(looked: &[Looked], spec: &ChartSpec) -> Result<Figure, TableError> {
    let mut per_table = Vec::new();
    let mut missing = 0;
    for table in looked {
        let (codes, names) = categories(table, &spec.x)?;
        missing += codes.iter().filter(|code| code.is_none()).count();
        let weights = match &spec.y {
            Some(y) => numbers(table, y)?,
            None => vec![Some(1.0); codes.len()],
        };
        let mut sums = vec![(0.0, 0_u64); names.len()];
        for (code, weight) in codes.iter().zip(weights) {
            if let (Some(code), Some(weight)) = (code, weight)
                && let Some(sum) = sums.get_mut(*code as usize)
            {
                sum.0 += weight;
                sum.1 += 1;
            }
        }
        let n = codes.len() - codes.iter().filter(|code| code.is_none()).count();
        per_table.push((names, sums, n));
    }
    // The first table decides which names are drawn; names that only B has follow.
    let mut names: Vec<String> = Vec::new();
    for (own, _, _) in &per_table {
        for name in own.iter().take(MAX_CATEGORIES) {
            if !names.contains(name) && names.len() < MAX_CATEGORIES {
                names.push(name.clone());
            }
        }
    }
    let by_share = looked.len() > 1 && spec.y.is_none();
    let sides = groups(looked, None)?;
    let n_others = per_table
        .iter()
        .map(|(own, _, _)| own.iter().filter(|name| !names.contains(name)).count())
        .max();
    let has_rest = n_others.unwrap_or(0) > 0 && spec.y.is_none();
    let series = sides
        .names
        .into_iter()
        .zip(&per_table)
        .map(|((name, side), (own, sums, n))| {
            let value = |(sum, count): (f64, u64)| match (&spec.y, by_share) {
                (Some(_), _) => {
                    if count == 0 {
                        f64::NAN
                    } else {
                        sum / count as f64
                    }
                }
                (None, true) => sum / (*n).max(1) as f64,
                (None, false) => sum,
            };
            let of_name = |wanted: &String| {
                own.iter()
                    .position(|name| name == wanted)
                    .and_then(|idx| sums.get(idx).copied())
                    .unwrap_or((0.0, 0))
            };
            let mut values: Vec<f64> = names.iter().map(|name| value(of_name(name))).collect();
            if has_rest {
                let rest = own
                    .iter()
                    .zip(sums)
                    .filter(|(name, _)| !names.contains(name));
                values.push(value(rest.fold((0.0, 0), |total, (_, sum)| {
                    (total.0 + sum.0, total.1 + sum.1)
                })));
            }
            Series { name, side, values }
        })
        .collect();
    if has_rest {
        names.push(format!("{} other values", n_others.unwrap_or(0)));
    }
    let (y, subtitle) = match &spec.y {
        Some(y) => (axis(y, ColumnType::Float), format!("mean of {y}")),
        None if by_share => (
            Axis {
                label: "share of rows".to_owned(),
                ..count_axis()
            },
            "share of each table’s rows".to_owned(),
        ),
        None => (count_axis(), "rows by value".to_owned()),
    };
    let x = Axis {
        scale: Scale::Category,
        ..axis(&spec.x, ColumnType::Text)
    };
    Ok(figure(
        spec.x.clone(),
        subtitle,
        looked,
        missing,
        Mark::Bar {
            x,
            y,
            names,
            series,
        },
    ))
}

fn line(
    looked: &[Looked],
    spec: &ChartSpec,
    y: &str,
    x_type: ColumnType,
) -> Result<Figure, TableError> {
    let groups = groups(looked, spec.color.as_deref())?;
    let points = points(looked, &spec.x, y, &groups)?;
    let xs: Vec<Vec<f64>> = vec![points.by_group.iter().flatten().map(|(x, _)| *x).collect()];
    let Some((low, high)) = extent(&xs) else {
        let mark = Mark::Line {
            x: axis(&spec.x, x_type),
            y: axis(y, ColumnType::Float),
            series: Vec::new(),
        };
        return Ok(figure(
            format!("{y} by {}", spec.x),
            "mean".to_owned(),
            looked,
            points.missing,
            mark,
        ));
    };
    let width = ((high - low) / LINE_POINTS as f64).max(f64::MIN_POSITIVE);
    let series = groups
        .names
        .iter()
        .zip(&points.by_group)
        .map(|((name, side), points)| {
            let mut sums = vec![(0.0, 0_u64); LINE_POINTS];
            for (x, y) in points {
                let slot = (((x - low) / width) as usize).min(LINE_POINTS - 1);
                if let Some(sum) = sums.get_mut(slot) {
                    sum.0 += y;
                    sum.1 += 1;
                }
            }
            let filled = || sums.iter().enumerate().filter(|(_, (_, count))| *count > 0);
            XySeries {
                name: name.clone(),
                side: *side,
                x: filled()
                    .map(|(idx, _)| low + (idx as f64 + 0.5) * width)
                    .collect(),
                y: filled()
                    .map(|(_, (sum, count))| sum / *count as f64)
                    .collect(),
            }
        })
        .collect();
    let mark = Mark::Line {
        x: axis(&spec.x, x_type),
        y: axis(y, ColumnType::Float),
        series,
    };
    let subtitle = format!("mean in {LINE_POINTS} steps");
    Ok(figure(
        format!("{y} by {}", spec.x),
        subtitle,
        looked,
        points.missing,
        mark,
    ))
}

struct Points {
    by_group: Vec<Vec<(f64, f64)>>,
    missing: usize,
}

fn points(looked: &[Looked], x: &str, y: &str, groups: &Groups) -> Result<Points, TableError> {
    let mut by_group = vec![Vec::new(); groups.names.len()];
    let mut missing = 0;
    for (table, of_rows) in looked.iter().zip(&groups.of_rows) {
        let (xs, ys) = (numbers(table, x)?, numbers(table, y)?);
        for ((x, y), group) in xs.into_iter().zip(ys).zip(of_rows) {
            match (x, y, group) {
                (Some(x), Some(y), Some(group)) => {
                    if let Some(points) = by_group.get_mut(*group as usize) {
                        points.push((x, y));
                    }
                }
                _ => missing += 1,
            }
        }
    }
    Ok(Points { by_group, missing })
}

fn scatter(
    looked: &[Looked],
    spec: &ChartSpec,
    y: &str,
    x_type: ColumnType,
) -> Result<Figure, TableError> {
    let groups = groups(looked, spec.color.as_deref())?;
    let points = points(looked, &spec.x, y, &groups)?;
    let n: usize = points.by_group.iter().map(Vec::len).sum();
    // Every k-th row of each group: even over the table and the same every time.
    let step = n.div_ceil(MAX_POINTS).max(1);
    let series = groups
        .names
        .iter()
        .zip(&points.by_group)
        .map(|((name, side), points)| XySeries {
            name: name.clone(),
            side: *side,
            x: points.iter().step_by(step).map(|(x, _)| *x).collect(),
            y: points.iter().step_by(step).map(|(_, y)| *y).collect(),
        })
        .collect();
    let y_axis = axis(y, column_type_of(looked, y)?);
    let mark = Mark::Scatter {
        x: axis(&spec.x, x_type),
        y: y_axis,
        series,
    };
    let drawn = figure(
        format!("{y} against {}", spec.x),
        "one point per row".to_owned(),
        looked,
        points.missing,
        mark,
    );
    Ok(Figure {
        sampling_share: 1.0 / step as f64,
        ..drawn
    })
}

fn column_type_of(looked: &[Looked], name: &str) -> Result<ColumnType, TableError> {
    looked.first().map_or(Ok(ColumnType::Float), |table| {
        column_type(&table.table, name)
    })
}

fn boxes(looked: &[Looked], spec: &ChartSpec, y: &str) -> Result<Figure, TableError> {
    let mut names = Vec::new();
    let mut drawn = Vec::new();
    let mut missing = 0;
    for table in looked {
        let (codes, own) = categories(table, &spec.x)?;
        let mut by_name = vec![Vec::new(); own.len().min(MAX_CATEGORIES)];
        for (code, value) in codes.iter().zip(numbers(table, y)?) {
            match (code.and_then(|code| by_name.get_mut(code as usize)), value) {
                (Some(values), Some(value)) => values.push(value),
                _ => missing += 1,
            }
        }
        for (name, values) in own.into_iter().zip(by_name) {
            if let Some(numbers) = five_numbers(table.side, &values) {
                names.push(if looked.len() > 1 {
                    format!("{name} ({})", if table.side == Side::B { "B" } else { "A" })
                } else {
                    name
                });
                drawn.push(numbers);
            }
        }
    }
    let y_axis = axis(y, column_type_of(looked, y)?);
    let title = format!("{y} by {}", spec.x);
    let subtitle = "median, quartiles, whiskers to 1.5 interquartile ranges".to_owned();
    Ok(figure(
        title,
        subtitle,
        looked,
        missing,
        Mark::Box {
            y: y_axis,
            names,
            boxes: drawn,
        },
    ))
}

fn five_numbers(side: Side, values: &[f64]) -> Option<FiveNumbers> {
    let quartiles = quantiles(values, &[0.25, 0.5, 0.75]).ok()?;
    let [q25, median, q75] = quartiles.as_slice() else {
        return None;
    };
    let reach = 1.5 * (q75 - q25);
    let inside = || {
        values
            .iter()
            .copied()
            .filter(|value| q25 - reach <= *value && *value <= q75 + reach)
    };
    Some(FiveNumbers {
        side,
        low: inside().fold(f64::INFINITY, f64::min),
        q25: *q25,
        median: *median,
        q75: *q75,
        high: inside().fold(f64::NEG_INFINITY, f64::max),
        n: values.len() as u64,
        n_outliers: (values.len() - inside().count()) as u64,
    })
}

fn heat_map(looked: &[Looked], spec: &ChartSpec, y: &str) -> Result<Figure, TableError> {
    let Some(a) = looked.first() else {
        return Err(param("it has no table"));
    };
    let (x_values, y_values) = (values(a, &spec.x, false)?, values(a, y, false)?);
    let (x_codes, x_names) = coded(&x_values)?;
    let (y_codes, y_names) = coded(&y_values)?;
    let mut counts = vec![0.0; x_names.len() * y_names.len()];
    let mut missing = 0;
    for (x, y) in x_codes.iter().zip(&y_codes) {
        let cell = match (x, y) {
            (Some(x), Some(y)) => counts.get_mut(*y as usize * x_names.len() + *x as usize),
            _ => None,
        };
        match cell {
            Some(count) => *count += 1.0,
            None => missing += 1,
        }
    }
    let mark = Mark::HeatMap {
        x: Axis {
            scale: Scale::Category,
            ..axis(&spec.x, ColumnType::Text)
        },
        y: Axis {
            scale: Scale::Category,
            ..axis(y, ColumnType::Text)
        },
        x_names,
        y_names,
        values: counts,
        value_label: "rows".to_owned(),
    };
    let only_a = std::slice::from_ref(a);
    Ok(figure(
        format!("{y} and {}", spec.x),
        "rows together".to_owned(),
        only_a,
        missing,
        mark,
    ))
}

/// Rows of a heat map along a numeric axis.
const HEAT_BINS: usize = 16;

/// Categories as they are (the most frequent ones), numbers by bins.
fn coded(values: &Values) -> Result<(Vec<Option<u32>>, Vec<String>), TableError> {
    match values {
        Values::Categories { codes, names } => Ok((
            codes
                .iter()
                .map(|code| code.filter(|code| (*code as usize) < MAX_CATEGORIES))
                .collect(),
            names.iter().take(MAX_CATEGORIES).cloned().collect(),
        )),
        Values::Numbers(numbers) => {
            let present: Vec<f64> = numbers.iter().flatten().copied().collect();
            let Some((min, max)) = extent(std::slice::from_ref(&present)) else {
                return Ok((vec![None; numbers.len()], Vec::new()));
            };
            let bins = Bins::nice(&BinConfig {
                kind: BinKind::Linear,
                min,
                max,
                target_bins: HEAT_BINS,
            })
            .map_err(|error| param(&error.to_string()))?;
            let mut codes = Vec::with_capacity(present.len());
            bins.append_codes(&present, &mut codes);
            let mut codes = codes.into_iter();
            let of_rows = numbers
                .iter()
                .map(|n| n.and_then(|_| codes.next()).map(u32::from))
                .collect();
            let names = bins.edges().windows(2).map(|edge| match edge {
                [low, high] => format!("{low} to {high}"),
                _ => String::new(),
            });
            Ok((of_rows, names.collect()))
        }
    }
}
