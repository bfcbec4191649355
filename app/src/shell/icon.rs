//! Icons: 16 × 16 strokes that take the colour of the text beside them.

use leptos::prelude::*;
use sluice_protocol::load::ColumnType;

pub const MARK: &str = "M1 3h14M3.5 8h9M6 13h4";
pub const CLOSE: &str = "M4 4l8 8M12 4l-8 8";
pub const UP: &str = "M4 10l4-4 4 4";
pub const DOWN: &str = "M4 6l4 4 4-4";
pub const MORE: &str = "M3.5 8h.01M8 8h.01M12.5 8h.01";
pub const RAIL: &str = "M2 3h12v10H2zM6 3v10";
pub const INSPECTOR: &str = "M2 3h12v10H2zM10 3v10";
pub const WARNING: &str = "M8 2.5l6 11H2zM8 7v3M8 12h.01";
pub const PLUS: &str = "M8 3v10M3 8h10";
pub const GRIP: &str = "M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01";
pub const POWER: &str = "M8 2v5M4.6 4.2a5 5 0 1 0 6.8 0";

/// A decorative drawing: what it means stands beside it in words.
pub fn icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=path />
        </svg>
    }
}

/// The shape that stands for a type of values.
pub fn of_type(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Boolean => "M3 8.5l3 3 7-7",
        ColumnType::Integer => "M6 3L5 13M11 3l-1 10M3 6h10.5M2.5 10H13",
        ColumnType::Float | ColumnType::Decimal => "M2 12c3 0 3-8 6-8s3 8 6 8",
        ColumnType::Text => "M3 4V3h10v1M8 3v10M6 13h4",
        ColumnType::Category => "M2.5 8L8 2.5h5.5V8L8 13.5zM10.5 5.5h.01",
        ColumnType::Date | ColumnType::DateTime => "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2v3M10.5 2v3",
        ColumnType::Time | ColumnType::Duration => "M8 2.5a5.5 5.5 0 1 0 .01 0M8 5v3l2 1.5",
        ColumnType::List => "M2.5 4h.01M2.5 8h.01M2.5 12h.01M6 4h8M6 8h8M6 12h8",
        ColumnType::Struct => {
            "M6 2.5C3.5 2.5 5.5 8 3 8c2.5 0 .5 5.5 3 5.5M10 2.5c2.5 0 .5 5.5 3 5.5-2.5 0-.5 5.5-3 5.5"
        }
        ColumnType::Binary => "M4.5 3v4M4.5 9v4M8 3.5h3v3H8zM8 9.5h3v3H8z",
        ColumnType::Null => "M8 2.5a5.5 5.5 0 1 0 .01 0M4.2 11.8l7.6-7.6",
    }
}
