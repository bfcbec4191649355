//! Columns of a figure: numbers or categories of the rows looked at, read evenly when there are too many.

use std::collections::BTreeMap;

use sluice_protocol::figure::{Axis, Scale};
use sluice_protocol::load::ColumnType;
use sluice_table::{Table, TableError};

use super::Looked;

/// Categories drawn one by one; the rest are one bar.
pub const MAX_CATEGORIES: usize = 24;

/// Values of one column, one per row looked at.
pub enum Values {
    Numbers(Vec<Option<f64>>),
    /// Index into the names, most frequent first.
    Categories {
        codes: Vec<Option<u32>>,
        names: Vec<String>,
    },
}

pub fn column_type(table: &Table, name: &str) -> Result<ColumnType, TableError> {
    table
        .columns()
        .into_iter()
        .find(|column| column.name == name)
        .map(|column| column.column_type)
        .ok_or_else(|| TableError::NoColumn {
            column: name.to_owned(),
            available: table.column_names().join(", "),
        })
}

pub fn axis(name: &str, column_type: ColumnType) -> Axis {
    let scale = match column_type {
        ColumnType::Date | ColumnType::DateTime => Scale::Time,
        column_type if column_type.is_ordered_numeric() => Scale::Linear,
        _ => Scale::Category,
    };
    Axis {
        label: name.to_owned(),
        unit: String::new(),
        scale,
    }
}

pub fn count_axis() -> Axis {
    Axis {
        label: "rows".to_owned(),
        unit: String::new(),
        scale: Scale::Linear,
    }
}

/// A numeric column of the rows looked at; not finite values count as missing.
pub fn numbers(looked: &Looked, name: &str) -> Result<Vec<Option<f64>>, TableError> {
    let column = looked.table.f64_values(name)?;
    let value = |row: usize| column.get(row).filter(|value| value.is_finite());
    Ok(match &looked.rows {
        None => (0..looked.table.n_rows()).map(value).collect(),
        Some(rows) => rows.iter().map(|row| value(*row as usize)).collect(),
    })
}

/// A column as categories: texts as they are, booleans and numbers by their text.
pub fn categories(
    looked: &Looked,
    name: &str,
) -> Result<(Vec<Option<u32>>, Vec<String>), TableError> {
    let mut ids: BTreeMap<String, u32> = BTreeMap::new();
    let mut counts: Vec<u64> = Vec::new();
    let mut codes: Vec<Option<u32>> = Vec::with_capacity(looked.n_rows());
    let mut push = |text: Option<&str>| {
        codes.push(text.map(|text| {
            let id = match ids.get(text) {
                Some(id) => *id,
                None => {
                    let id = ids.len() as u32;
                    ids.insert(text.to_owned(), id);
                    counts.push(0);
                    id
                }
            };
            if let Some(count) = counts.get_mut(id as usize) {
                *count += 1;
            }
            id
        }));
    };
    match column_type(&looked.table, name)? {
        ColumnType::Text | ColumnType::Category | ColumnType::Null => {
            let mut rows = looked
                .rows
                .as_ref()
                .map(|rows| rows.iter().copied().peekable());
            let mut row = 0_u32;
            looked.table.for_each_text(name, |text| {
                match &mut rows {
                    None => push(text),
                    Some(rows) => {
                        if rows.next_if_eq(&row).is_some() {
                            push(text);
                        }
                    }
                }
                row += 1;
            })?;
        }
        ColumnType::Boolean => {
            for value in numbers(looked, name)? {
                push(value.map(|value| if value == 0.0 { "false" } else { "true" }));
            }
        }
        _ => {
            for value in numbers(looked, name)? {
                push(value.map(|value| value.to_string()).as_deref());
            }
        }
    }
    // Most frequent first, ties by name, so that nothing depends on the order of rows.
    let mut order: Vec<(String, u32)> = ids.into_iter().collect();
    order.sort_by_key(|(_, id)| std::cmp::Reverse(counts.get(*id as usize).copied().unwrap_or(0)));
    let mut rank = vec![0_u32; order.len()];
    for (position, (_, id)) in order.iter().enumerate() {
        if let Some(rank) = rank.get_mut(*id as usize) {
            *rank = position as u32;
        }
    }
    let codes = codes
        .into_iter()
        .map(|code| code.and_then(|id| rank.get(id as usize).copied()))
        .collect();
    Ok((codes, order.into_iter().map(|(name, _)| name).collect()))
}

/// The column as the figure needs it: numbers where it has an order and many values, else categories.
pub fn values(looked: &Looked, name: &str, as_categories: bool) -> Result<Values, TableError> {
    if !as_categories && column_type(&looked.table, name)?.is_ordered_numeric() {
        return numbers(looked, name).map(Values::Numbers);
    }
    let (codes, names) = categories(looked, name)?;
    Ok(Values::Categories { codes, names })
}
