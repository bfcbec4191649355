//! From a figure to the chart library's options, as plain JSON.

use serde_json::{Value as Json, json};
use sluice_protocol::figure::{Axis, Figure, FiveNumbers, Mark, Scale, Series, Side, XySeries};

use super::theme::Theme;

/// Options that draw `figure` in `theme`. Text in them is plain: tooltips use rich text, never markup.
pub fn option(figure: &Figure, theme: &Theme) -> Json {
    let mut option = match &figure.mark {
        Mark::Histogram { x, edges, series } => histogram(x, edges, series, theme),
        Mark::Bar {
            x,
            y,
            names,
            series,
        } => bars(x, y, names, series, theme),
        Mark::Line { x, y, series } => xy(x, y, series, "line", theme),
        Mark::Scatter { x, y, series } => xy(x, y, series, "scatter", theme),
        Mark::Ecdf { x, series } => ecdf(x, series, theme),
        Mark::Box { y, names, boxes } => boxes_option(y, names, boxes, theme),
        Mark::HeatMap {
            x,
            y,
            x_names,
            y_names,
            values,
            value_label,
        } => heat_map(x, y, (x_names, y_names), values, value_label, theme),
        Mark::Table { .. } => json!({}),
    };
    let base = json!({
        "animation": false,
        "aria": { "enabled": true },
        "textStyle": { "fontFamily": theme.font, "color": theme.ink_secondary, "fontSize": 11 },
        "tooltip": {
            "renderMode": "richText",
            "confine": true,
            "backgroundColor": theme.panel,
            "borderColor": theme.line,
            "textStyle": { "color": theme.ink, "fontSize": 12 },
        },
    });
    if let (Json::Object(option), Json::Object(base)) = (&mut option, base) {
        for (key, value) in base {
            option.entry(key).or_insert(value);
        }
        option.entry("grid").or_insert(
            json!({ "left": 8, "right": 16, "top": 16, "bottom": 8, "containLabel": true }),
        );
    }
    option
}

fn colour(side: Side, theme: &Theme) -> String {
    match side {
        Side::A => theme.a.clone(),
        Side::B => theme.b.clone(),
        Side::Series(idx) => theme
            .series
            .get(usize::from(idx) % theme.series.len().max(1))
            .cloned()
            .unwrap_or_default(),
    }
}

fn axis_name(axis: &Axis) -> String {
    if axis.unit.is_empty() {
        axis.label.clone()
    } else {
        format!("{}, {}", axis.label, axis.unit)
    }
}

fn value_axis(axis: &Axis, theme: &Theme, is_vertical: bool) -> Json {
    let kind = match axis.scale {
        Scale::Linear => "value",
        Scale::Log => "log",
        Scale::Time => "time",
        Scale::Category => "category",
    };
    json!({
        "type": kind,
        "name": axis_name(axis),
        "nameLocation": if is_vertical { "end" } else { "middle" },
        "nameGap": if is_vertical { 10 } else { 26 },
        "nameTextStyle": {
            "color": theme.ink_tertiary, "fontSize": 11, "align": if is_vertical { "left" } else { "center" },
        },
        "splitNumber": 4,
        "splitLine": { "show": false },
        "axisLine": { "show": !is_vertical, "lineStyle": { "color": theme.line } },
        "axisTick": { "show": false },
        "axisLabel": { "color": theme.ink_tertiary, "fontSize": 11, "hideOverlap": true },
        "scale": !is_vertical,
    })
}

fn category_axis(label: &str, names: &[String], theme: &Theme) -> Json {
    json!({
        "type": "category",
        "name": label,
        "nameTextStyle": { "color": theme.ink_tertiary, "fontSize": 11, "align": "left" },
        "data": names,
        "axisTick": { "show": false },
        "axisLine": { "show": false },
        "axisLabel": { "color": theme.ink_secondary, "fontSize": 11, "width": 140, "overflow": "truncate" },
    })
}

/// Microseconds to what a time axis takes.
fn on_axis(axis: &Axis, value: f64) -> f64 {
    if axis.scale == Scale::Time {
        value / 1000.0
    } else {
        value
    }
}

fn legend(names: &[String], theme: &Theme) -> Json {
    json!({
        "show": names.len() > 1,
        "top": 0,
        "right": 0,
        "itemWidth": 10,
        "itemHeight": 10,
        "textStyle": { "color": theme.ink_secondary },
        "data": names,
    })
}

fn histogram(x: &Axis, edges: &[f64], series: &[Series], theme: &Theme) -> Json {
    // Bars over intervals are drawn as a filled step line: exact edges, any number of bars, one shape a series.
    let drawn: Vec<Json> = series
        .iter()
        .map(|s| {
            let mut points: Vec<Json> =
                edges.iter().zip(&s.values).map(|(edge, count)| json!([on_axis(x, *edge), count])).collect();
            if let (Some(last_edge), Some(last)) = (edges.last(), s.values.last()) {
                points.push(json!([on_axis(x, *last_edge), last]));
            }
            json!({
                "type": "line",
                "name": s.name,
                "step": "end",
                "data": points,
                "symbol": "none",
                "lineStyle": { "color": colour(s.side, theme), "width": 1.5 },
                "itemStyle": { "color": colour(s.side, theme) },
                "areaStyle": { "color": colour(s.side, theme), "opacity": if series.len() > 1 { 0.2 } else { 0.75 } },
            })
        })
        .collect();
    let names: Vec<String> = series.iter().map(|s| s.name.clone()).collect();
    let count = Axis {
        label: "rows".to_owned(),
        unit: String::new(),
        scale: Scale::Linear,
    };
    json!({
        "xAxis": value_axis(x, theme, false),
        "yAxis": value_axis(&count, theme, true),
        "series": drawn,
        "legend": legend(&names, theme),
        "tooltip": { "trigger": "axis", "renderMode": "richText", "confine": true },
    })
}

fn bars(x: &Axis, y: &Axis, names: &[String], series: &[Series], theme: &Theme) -> Json {
    let drawn: Vec<Json> = series
        .iter()
        .map(|s| {
            json!({
                "type": "bar",
                "name": s.name,
                "data": s.values,
                "barMaxWidth": 18,
                "itemStyle": { "color": colour(s.side, theme), "borderRadius": 2 },
            })
        })
        .collect();
    let series_names: Vec<String> = series.iter().map(|s| s.name.clone()).collect();
    let mut names_axis = category_axis(&x.label, names, theme);
    if let Json::Object(axis) = &mut names_axis {
        // Names read from the top down.
        axis.insert("inverse".to_owned(), json!(true));
        axis.insert("nameLocation".to_owned(), json!("start"));
    }
    json!({
        "xAxis": value_axis(y, theme, false),
        "yAxis": names_axis,
        "series": drawn,
        "legend": legend(&series_names, theme),
        "tooltip": { "trigger": "axis", "renderMode": "richText", "confine": true },
    })
}

fn xy(x: &Axis, y: &Axis, series: &[XySeries], kind: &str, theme: &Theme) -> Json {
    let drawn: Vec<Json> = series
        .iter()
        .map(|s| {
            let points: Vec<Json> =
                s.x.iter().zip(&s.y).map(|(px, py)| json!([on_axis(x, *px), on_axis(y, *py)])).collect();
            json!({
                "type": kind,
                "name": s.name,
                "data": points,
                "symbol": if kind == "line" { "none" } else { "circle" },
                "symbolSize": 4,
                "itemStyle": { "color": colour(s.side, theme), "opacity": if kind == "line" { 1.0 } else { 0.5 } },
                "lineStyle": { "color": colour(s.side, theme), "width": 1.5 },
            })
        })
        .collect();
    let names: Vec<String> = series.iter().map(|s| s.name.clone()).collect();
    json!({
        "xAxis": value_axis(x, theme, false),
        "yAxis": value_axis(y, theme, true),
        "series": drawn,
        "legend": legend(&names, theme),
    })
}

fn ecdf(x: &Axis, series: &[XySeries], theme: &Theme) -> Json {
    let share = Axis {
        label: "share at most".to_owned(),
        unit: String::new(),
        scale: Scale::Linear,
    };
    let mut option = xy(x, &share, series, "line", theme);
    if let Some(lines) = option.get_mut("series").and_then(Json::as_array_mut) {
        for line in lines {
            if let Json::Object(line) = line {
                line.insert("step".to_owned(), json!("end"));
            }
        }
    }
    option
}

fn boxes_option(y: &Axis, names: &[String], boxes: &[FiveNumbers], theme: &Theme) -> Json {
    let data: Vec<Json> = boxes
        .iter()
        .map(|b| {
            json!({
                "value": [b.low, b.q25, b.median, b.q75, b.high],
                "itemStyle": { "color": "transparent", "borderColor": colour(b.side, theme), "borderWidth": 1.5 },
            })
        })
        .collect();
    let mut names_axis = category_axis("", names, theme);
    if let Json::Object(axis) = &mut names_axis {
        axis.insert("inverse".to_owned(), json!(true));
    }
    json!({
        "xAxis": value_axis(y, theme, false),
        "yAxis": names_axis,
        "series": [{ "type": "boxplot", "data": data, "boxWidth": [6, 18] }],
    })
}

fn heat_map(
    x: &Axis,
    y: &Axis,
    (x_names, y_names): (&[String], &[String]),
    values: &[f64],
    value_label: &str,
    theme: &Theme,
) -> Json {
    let width = x_names.len().max(1);
    let cells: Vec<Json> = values
        .iter()
        .enumerate()
        .filter(|(_, value)| value.is_finite())
        .map(|(idx, value)| json!([idx % width, idx / width, value]))
        .collect();
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    // Signed values diverge from zero between the colours of A and B; others use one hue.
    let is_signed = low < 0.0;
    let bound = low.abs().max(high.abs());
    let range = if is_signed {
        json!({ "min": -bound, "max": bound, "inRange": { "color": [theme.a, theme.panel, theme.b] } })
    } else {
        json!({ "min": 0, "max": if high.is_finite() { high } else { 1.0 },
                "inRange": { "color": [theme.sequential_low, theme.sequential_high] } })
    };
    let mut visual = json!({
        "show": true, "calculable": false, "orient": "horizontal", "right": 8, "top": 0,
        "itemWidth": 8, "itemHeight": 80, "text": ["", value_label], "textStyle": { "color": theme.ink_tertiary },
    });
    if let (Json::Object(visual), Json::Object(range)) = (&mut visual, range) {
        visual.extend(range);
    }
    json!({
        "grid": { "left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": true },
        "xAxis": category_axis(&x.label, x_names, theme),
        "yAxis": category_axis(&y.label, y_names, theme),
        "visualMap": visual,
        "series": [{ "type": "heatmap", "name": value_label, "data": cells,
                     "itemStyle": { "borderColor": theme.panel, "borderWidth": 1 } }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme() -> Theme {
        let text = |t: &str| t.to_owned();
        Theme {
            ink: text("#000"),
            ink_secondary: text("#111"),
            ink_tertiary: text("#222"),
            line: text("#333"),
            panel: text("#fff"),
            a: text("#00f"),
            b: text("#f80"),
            series: vec![text("#123")],
            sequential_low: text("#eee"),
            sequential_high: text("#0aa"),
            font: text("Inter"),
        }
    }

    fn figure(mark: Mark) -> Figure {
        Figure {
            title: "t".into(),
            subtitle: "s".into(),
            n: 3,
            missing: 0,
            sampling_share: 1.0,
            mark,
        }
    }

    #[test]
    fn a_histogram_ends_at_its_last_edge() {
        let x = Axis {
            label: "age".into(),
            unit: "years".into(),
            scale: Scale::Linear,
        };
        let series = vec![Series {
            name: "A".into(),
            side: Side::A,
            values: vec![1.0, 2.0],
        }];
        let drawn = option(
            &figure(Mark::Histogram {
                x,
                edges: vec![0.0, 5.0, 10.0],
                series,
            }),
            &theme(),
        );
        assert_eq!(
            drawn["series"][0]["data"],
            json!([[0.0, 1.0], [5.0, 2.0], [10.0, 2.0]])
        );
        assert_eq!(drawn["xAxis"]["name"], "age, years");
        assert_eq!(drawn["series"][0]["itemStyle"]["color"], "#00f");
    }

    #[test]
    fn tooltips_are_never_markup() {
        let marks = [
            Mark::Histogram {
                x: axis(),
                edges: vec![0.0, 1.0],
                series: vec![],
            },
            Mark::Bar {
                x: axis(),
                y: axis(),
                names: vec![],
                series: vec![],
            },
            Mark::Scatter {
                x: axis(),
                y: axis(),
                series: vec![],
            },
        ];
        for mark in marks {
            assert_eq!(
                option(&figure(mark), &theme())["tooltip"]["renderMode"],
                "richText"
            );
        }
    }

    #[test]
    fn empty_cells_of_a_heat_map_are_left_out() {
        let mark = Mark::HeatMap {
            x: axis(),
            y: axis(),
            x_names: vec!["a".into(), "b".into()],
            y_names: vec!["c".into()],
            values: vec![f64::NAN, -0.5],
            value_label: "r".into(),
        };
        let drawn = option(&figure(mark), &theme());
        assert_eq!(drawn["series"][0]["data"], json!([[1, 0, -0.5]]));
        assert_eq!(drawn["visualMap"]["max"], 0.5);
    }

    fn axis() -> Axis {
        Axis {
            label: "x".into(),
            unit: String::new(),
            scale: Scale::Linear,
        }
    }
}
