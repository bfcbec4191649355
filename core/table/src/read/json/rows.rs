//! JSON values to columns: objects flattened to dotted names, lists of equal scalars kept as lists.

use std::collections::BTreeMap;

use polars_core::prelude::{Column, DataFrame};

use super::lists::{Lists, is_scalar, kind_of, push_scalar};
use super::value::Json;
use crate::error::TableError;
use crate::host::Host;
use crate::read::column::{Builder, Kind};

/// Keys beyond this many columns are left out: objects keyed by identifiers are no table.
const COLUMNS_MAX: usize = 5000;

/// The column of values that are no objects.
const VALUE_COLUMN: &str = "value";

/// Something about a column that a person must know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ColumnNote {
    /// The row where it showed first, from 1; absent if it concerns the whole column.
    pub(crate) row: Option<u64>,
    pub(crate) column: String,
    pub(crate) reason: String,
}

/// Rows as they come, columns as they show up.
pub(crate) struct Rows {
    columns: Vec<JsonColumn>,
    by_name: BTreeMap<String, usize>,
    /// Columns to keep; absent keeps all.
    wanted: Option<Vec<String>>,
    types: BTreeMap<String, Kind>,
    n_rows: usize,
    /// The column after the one met last: keys mostly come in the same order.
    next_column: usize,
    path: String,
    n_left_out: u64,
    notes: Vec<ColumnNote>,
}

struct JsonColumn {
    name: String,
    is_wanted: bool,
    data: Data,
    /// Types were mixed, which was noted.
    is_mixed: bool,
    n_twice: u64,
}

enum Data {
    /// Only nulls so far.
    Unknown {
        n: usize,
    },
    Scalar(Builder),
    List(Lists),
    /// Text that is JSON or was mixed with other types.
    Text(Builder),
}

impl Rows {
    pub(crate) fn new(wanted: Option<Vec<String>>, types: BTreeMap<String, Kind>) -> Self {
        Self {
            columns: Vec::new(),
            by_name: BTreeMap::new(),
            wanted,
            types,
            n_rows: 0,
            next_column: 0,
            path: String::new(),
            n_left_out: 0,
            notes: Vec::new(),
        }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Adds one value as a row.
    pub(crate) fn push(&mut self, value: &Json<'_>) {
        self.next_column = 0;
        self.path.clear();
        match value {
            Json::Object(fields) => self.push_fields(fields),
            value => {
                self.path.push_str(VALUE_COLUMN);
                self.push_cell(value);
            }
        }
        self.n_rows += 1;
    }

    fn push_fields(&mut self, fields: &[(std::borrow::Cow<'_, str>, Json<'_>)]) {
        let prefix_len = self.path.len();
        for (key, value) in fields {
            if prefix_len > 0 {
                self.path.push('.');
            }
            self.path.push_str(key);
            match value {
                // An object without fields would leave no trace.
                Json::Object(fields) if !fields.is_empty() => self.push_fields(fields),
                value => self.push_cell(value),
            }
            self.path.truncate(prefix_len);
        }
    }

    /// Adds a value to the column named by the path.
    fn push_cell(&mut self, value: &Json<'_>) {
        let idx = match self.columns.get(self.next_column) {
            Some(column) if column.name == self.path => self.next_column,
            _ => match self.by_name.get(&self.path) {
                Some(idx) => *idx,
                None => {
                    if self.columns.len() >= COLUMNS_MAX {
                        self.n_left_out += 1;
                        return;
                    }
                    let is_wanted = self
                        .wanted
                        .as_ref()
                        .is_none_or(|wanted| wanted.contains(&self.path));
                    self.columns.push(JsonColumn {
                        name: self.path.clone(),
                        is_wanted,
                        data: Data::Unknown { n: 0 },
                        is_mixed: false,
                        n_twice: 0,
                    });
                    self.by_name
                        .insert(self.path.clone(), self.columns.len() - 1);
                    self.columns.len() - 1
                }
            },
        };
        self.next_column = idx + 1;
        if let Some(column) = self.columns.get_mut(idx)
            && column.is_wanted
            && let Some(reason) = column.push(value, self.n_rows)
        {
            let row = Some(self.n_rows as u64 + 1);
            self.notes.push(ColumnNote {
                row,
                column: column.name.clone(),
                reason,
            });
        }
    }

    /// What all columns take, with the nulls that are not written yet.
    pub(crate) fn memory_bytes(&self) -> u64 {
        self.columns
            .iter()
            .filter(|column| column.is_wanted)
            .map(|column| column.memory_bytes(self.n_rows))
            .sum()
    }

    /// Expected bytes per column, for estimates.
    pub(crate) fn column_bytes(&self) -> Vec<(String, u64)> {
        self.columns
            .iter()
            .filter(|column| column.is_wanted)
            .map(|column| (column.name.clone(), column.memory_bytes(self.n_rows)))
            .collect()
    }

    /// The table and what there is to say about its columns.
    ///
    /// # Errors
    ///
    /// [`TableError::NoColumn`] for a wanted column that never came, [`TableError::Param`] for a type that a column
    /// cannot take.
    pub(crate) async fn finish(
        self,
        host: &dyn Host,
    ) -> Result<(DataFrame, Vec<ColumnNote>), TableError> {
        let Self {
            columns,
            wanted,
            types,
            n_rows,
            n_left_out,
            mut notes,
            by_name,
            ..
        } = self;
        let available = || {
            columns
                .iter()
                .map(|column| column.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        for name in wanted.iter().flatten().chain(types.keys()) {
            if !by_name.contains_key(name) {
                return Err(TableError::NoColumn {
                    column: name.clone(),
                    available: available(),
                });
            }
        }
        let mut finished: Vec<(String, Column)> = Vec::new();
        // Only the top level can have an empty key; a column needs a name.
        for (idx, column) in columns.into_iter().enumerate() {
            if !column.is_wanted {
                continue;
            }
            if column.n_twice > 0 {
                notes.push(ColumnNote {
                    row: None,
                    column: column.name.clone(),
                    reason: format!(
                        "the key stands twice in {} rows; the first value was kept",
                        column.n_twice
                    ),
                });
            }
            let mut name = column.name.clone();
            if name.is_empty() {
                name = format!("column_{}", idx + 1);
                while by_name.contains_key(&name) {
                    name.push('_');
                }
            }
            let kind = types.get(&column.name).copied();
            host.checkpoint().await?;
            finished.push((column.name.clone(), column.finish(&name, kind, n_rows)?));
        }
        if n_left_out > 0 {
            notes.push(ColumnNote {
                row: None,
                column: String::new(),
                reason: format!(
                    "{n_left_out} values under keys beyond the first {COLUMNS_MAX} were left out"
                ),
            });
        }
        if let Some(wanted) = &wanted {
            finished.sort_by_key(|(name, _)| wanted.iter().position(|wanted| wanted == name));
        }
        let columns = finished.into_iter().map(|(_, column)| column).collect();
        let frame = DataFrame::new(n_rows, columns).map_err(|error| TableError::Internal {
            context: "building a table",
            reason: error.to_string(),
        })?;
        Ok((frame, notes))
    }
}

impl JsonColumn {
    fn len(&self) -> usize {
        match &self.data {
            Data::Unknown { n } => *n,
            Data::Scalar(builder) | Data::Text(builder) => builder.len(),
            Data::List(lists) => lists.len(),
        }
    }

    fn memory_bytes(&self, n_rows: usize) -> u64 {
        let n_missing = n_rows.saturating_sub(self.len()) as u64;
        match &self.data {
            Data::Unknown { .. } => 16 * n_rows as u64,
            Data::Scalar(builder) | Data::Text(builder) => builder.memory_bytes() + 16 * n_missing,
            Data::List(lists) => lists.memory_bytes() + 8 * n_missing,
        }
    }

    fn push_nulls(&mut self, n: usize) {
        match &mut self.data {
            Data::Unknown { n: n_nulls } => *n_nulls += n,
            Data::Scalar(builder) | Data::Text(builder) => {
                if n > 0 {
                    builder.push_nulls(n);
                }
            }
            Data::List(lists) => lists.push_nulls(n),
        }
    }

    /// Adds the value of row `row`; returns a note if the column had to become text.
    fn push(&mut self, value: &Json<'_>, row: usize) -> Option<String> {
        let len = self.len();
        if len > row {
            self.n_twice += 1;
            return None;
        }
        self.push_nulls(row - len);
        if matches!(value, Json::Null) {
            self.push_nulls(1);
            return None;
        }
        if let Data::Unknown { n } = self.data {
            self.data = Data::for_value(value, n);
        }
        let is_taken = match &mut self.data {
            Data::Unknown { .. } => false,
            Data::Scalar(builder) => push_scalar(builder, value),
            Data::List(lists) => lists.push(value),
            // A column of nested lists is JSON text from the start; nothing is mixed there.
            Data::Text(builder) => {
                if self.is_mixed || matches!(value, Json::List(_) | Json::Object(_)) {
                    builder.push_text(&value.to_cell_text())
                } else {
                    false
                }
            }
        };
        if is_taken {
            return None;
        }
        let before = self.label();
        self.become_text();
        if let Data::Text(builder) = &mut self.data {
            // A text column takes every text.
            let _ = builder.push_text(&value.to_cell_text());
        }
        let is_first = !std::mem::replace(&mut self.is_mixed, true);
        is_first.then(|| {
            format!(
                "{} after {before}: the column is read as text",
                value.label()
            )
        })
    }

    fn label(&self) -> String {
        match &self.data {
            Data::Unknown { .. } => "nulls".to_owned(),
            Data::Scalar(builder) => format!("values of type {}", builder.kind().name()),
            Data::List(_) => "lists of one type".to_owned(),
            Data::Text(_) => "lists or objects".to_owned(),
        }
    }

    fn become_text(&mut self) {
        let data = std::mem::replace(&mut self.data, Data::Unknown { n: 0 });
        self.data = Data::Text(match data {
            Data::Unknown { n } => {
                let mut builder = Builder::new(Kind::Text, 0);
                if n > 0 {
                    builder.push_nulls(n);
                }
                builder
            }
            Data::Scalar(mut builder) => {
                // Booleans, integers, floats and texts can all be text.
                let _ = builder.widen(Kind::Text);
                builder
            }
            Data::List(lists) => lists.into_json_text(),
            Data::Text(builder) => builder,
        });
    }

    fn finish(
        mut self,
        name: &str,
        kind: Option<Kind>,
        n_rows: usize,
    ) -> Result<Column, TableError> {
        self.push_nulls(n_rows.saturating_sub(self.len()));
        if matches!(self.data, Data::Unknown { .. }) {
            self.become_text();
        }
        if kind == Some(Kind::Text) {
            self.become_text();
        }
        let mut builder = match self.data {
            Data::List(lists) => return lists.finish(name),
            Data::Scalar(builder) | Data::Text(builder) => builder,
            Data::Unknown { .. } => Builder::new(Kind::Text, 0),
        };
        if kind.is_none_or(|kind| matches!(kind, Kind::Date | Kind::DateTime)) && !self.is_mixed {
            builder = builder.texts_as_times();
        }
        if let Some(kind) = kind
            && !builder.widen(kind)
        {
            return Err(TableError::Param {
                what: format!("load option “types”, column “{name}”"),
                reason: format!(
                    "its values are {} and cannot be read as {}",
                    builder.kind().name(),
                    kind.name()
                ),
            });
        }
        builder.finish(name)
    }
}

impl Data {
    /// An empty column that takes `value`, after `n_nulls` nulls.
    fn for_value(value: &Json<'_>, n_nulls: usize) -> Self {
        let scalar = |kind| {
            let mut builder = Builder::new(kind, 0);
            if n_nulls > 0 {
                builder.push_nulls(n_nulls);
            }
            builder
        };
        match value {
            Json::List(items) if items.iter().all(is_scalar) => {
                let mut lists = Lists::default();
                lists.push_nulls(n_nulls);
                Self::List(lists)
            }
            value => match kind_of(value) {
                Some(kind) => Self::Scalar(scalar(kind)),
                None => Self::Text(scalar(Kind::Text)),
            },
        }
    }
}
