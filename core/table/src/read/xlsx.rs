//! Excel workbooks: one sheet, read cell by cell.
//!
//! The whole file is held in memory while it is read, so its size is bounded, packed and unpacked.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx, XlsxError};
use polars_core::prelude::DataFrame;
use sluice_analysis::Value;
use sluice_protocol::load::{Guess, LoadEstimate, LoadIssue};

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::load::Loaded;
use crate::read::block::READ_BYTES;
use crate::read::column::{Builder, Kind, is_exact_as_float};
use crate::read::names;
use crate::read::options::{Format, LoadOptions};
use crate::read::report::{check_budget, estimate_from, guess, issue, sorted_issues};
use crate::read::sniff::Head;
use crate::read::values::{self, NULL_WORDS, are_few};
use crate::read::zip_size::{ZipRefusal, unpacked_bytes};
use crate::table::Table;

/// Largest workbook that is opened, as a file.
const FILE_MAX_BYTES: u64 = 256 << 20;
/// Workbooks unpack 5 to 15 times; memory while reading is about that, and the table a third of it
/// (an assumption; not measured). The estimate takes the larger end.
const INFLATION: u64 = 15;
/// Cells read between two checkpoints.
const STEP_CELLS: usize = 20_000;

pub(crate) async fn estimate(
    source: &dyn ByteSource,
    _head: &Head,
    _options: &LoadOptions,
    host: &dyn Host,
) -> Result<LoadEstimate, TableError> {
    let memory_bytes = source.size_bytes().saturating_mul(INFLATION);
    Ok(estimate_from(
        source.size_bytes(),
        memory_bytes,
        host.memory_budget_bytes(),
        false,
        Vec::new(),
    ))
}

pub(crate) async fn load(
    source: &dyn ByteSource,
    head: Head,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    let file = source.name();
    let bytes = read_all(source, host).await?;
    let refuse = |reason: String| TableError::Format {
        file: file.to_owned(),
        format: Format::Xlsx.name(),
        reason,
    };
    let limit_bytes = host.memory_budget_bytes() / 2;
    match unpacked_bytes(&bytes, limit_bytes, host).await {
        Ok(_) => {}
        Err(ZipRefusal::Cancelled) => return Err(TableError::Cancelled),
        Err(ZipRefusal::TooLarge) => {
            return Err(TableError::Unpacked {
                file: file.to_owned(),
                limit_bytes,
            });
        }
        Err(ZipRefusal::Damaged) => {
            return Err(refuse("the archive's directory is damaged".to_owned()));
        }
    }
    host.checkpoint().await?;
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error: XlsxError| refuse(error.to_string()))?;
    let sheets = workbook.sheet_names();
    let sheet = match &options.sheet {
        Some(wanted) if sheets.contains(wanted) => wanted.clone(),
        Some(wanted) => {
            return Err(TableError::Param {
                what: "load option “sheet”".to_owned(),
                reason: format!("“{wanted}” does not exist; there are {}", sheets.join(", ")),
            });
        }
        None => sheets
            .first()
            .cloned()
            .ok_or_else(|| refuse("it has no sheet".to_owned()))?,
    };
    let (cells, broken_off) = read_cells(&mut workbook, &sheet, file, host).await?;
    let faults = broken_off
        .map(|reason| {
            issue(
                file,
                None,
                None,
                format!("only a part of the sheet was read: {reason}"),
            )
        })
        .into_iter()
        .collect();
    let choices: Vec<&str> = sheets.iter().map(String::as_str).collect();
    let mut guesses = head.guesses;
    guesses.push(guess(
        "sheet",
        sheet.as_str(),
        "it is the first sheet",
        &choices,
        options.sheet.is_some(),
    ));
    table_of(cells, file, guesses, faults, options, host).await
}

async fn read_all(source: &dyn ByteSource, host: &dyn Host) -> Result<Vec<u8>, TableError> {
    let size = source.size_bytes();
    if size > FILE_MAX_BYTES || size.saturating_mul(2) > host.memory_budget_bytes() {
        return Err(TableError::TooLarge {
            what: format!("reading {}", source.name()),
            needed_bytes: size.saturating_mul(INFLATION),
            budget_bytes: host.memory_budget_bytes(),
            advice: "export the sheet as CSV".to_owned(),
        });
    }
    let mut bytes = Vec::new();
    let stage = format!("reading {}", source.name());
    while (bytes.len() as u64) < size {
        let start = bytes.len() as u64;
        let read = source.read(start..start.saturating_add(READ_BYTES)).await?;
        if read.is_empty() {
            break;
        }
        bytes.extend(read);
        host.progress(&stage, bytes.len() as u64, size);
        host.checkpoint().await?;
    }
    Ok(bytes)
}

/// A cell's content.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Boolean(bool),
    Number(f64),
    Integer(i64),
    Text(String),
    /// Microseconds since 1970-01-01.
    Time(i64),
    /// An Excel error such as `#DIV/0!`.
    Error(String),
}

/// Cells of a column, by ascending row.
type CellColumn = Vec<(u32, Cell)>;

async fn read_cells(
    workbook: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &str,
    file: &str,
    host: &dyn Host,
) -> Result<(Vec<CellColumn>, Option<String>), TableError> {
    let refuse = |error: XlsxError| TableError::Format {
        file: file.to_owned(),
        format: Format::Xlsx.name(),
        reason: format!("sheet “{sheet}”: {error}"),
    };
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(refuse)?;
    let mut columns: Vec<CellColumn> = Vec::new();
    let mut broken_off = None;
    let (mut n_cells, mut n_bytes) = (0usize, 0u64);
    loop {
        let cell = match reader.next_cell() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(error) if n_cells == 0 => return Err(refuse(error)),
            Err(error) => {
                broken_off = Some(error.to_string());
                break;
            }
        };
        let (row, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::Int(value) => Cell::Integer(*value),
            DataRef::Float(value) => Cell::Number(*value),
            DataRef::String(text) => Cell::Text(text.clone()),
            DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
            DataRef::Bool(value) => Cell::Boolean(*value),
            DataRef::DateTime(time) if time.is_duration() => Cell::Number(time.as_f64()),
            DataRef::DateTime(time) => Cell::Time(micros(time)),
            DataRef::DateTimeIso(text) => match values::date_time(text.as_bytes()) {
                Some(instant) => Cell::Time(instant.micros),
                None => match values::date(text.as_bytes()) {
                    Some(days) => Cell::Time(i64::from(days) * MICROS_PER_DAY),
                    None => Cell::Text(text.clone()),
                },
            },
            DataRef::DurationIso(text) => Cell::Text(text.clone()),
            DataRef::Error(error) => Cell::Error(error.to_string()),
        };
        if matches!(&value, Cell::Text(text) if text.is_empty()) {
            continue;
        }
        // 16,384 columns are Excel's own limit; a file can say anything.
        let column = column as usize;
        if column >= 16_384 || row >= 1 << 20 {
            continue;
        }
        if columns.len() <= column {
            columns.resize(column + 1, Vec::new());
        }
        n_bytes += size_of::<(u32, Cell)>() as u64
            + if let Cell::Text(text) = &value {
                text.len() as u64
            } else {
                0
            };
        columns[column].push((row, value));
        n_cells += 1;
        if n_cells.is_multiple_of(STEP_CELLS) {
            check_budget(file, n_bytes, host.memory_budget_bytes())?;
            host.checkpoint().await?;
        }
    }
    for column in &mut columns {
        // Rows are written in order; a file that does not is still readable, and the last of two cells wins.
        column.sort_by_key(|(row, _)| *row);
        column.reverse();
        column.dedup_by_key(|(row, _)| *row);
        column.reverse();
    }
    Ok((columns, broken_off))
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

fn micros(time: &ExcelDateTime) -> i64 {
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let days = values::days_from_civil(i32::from(year), u32::from(month), u32::from(day));
    let millis = ((i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second)) * 1000
        + i64::from(milli);
    i64::from(days) * MICROS_PER_DAY + millis * 1000
}

async fn table_of(
    mut cells: Vec<CellColumn>,
    file: &str,
    mut guesses: Vec<Guess>,
    mut issues: Vec<LoadIssue>,
    options: &LoadOptions,
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    let skipped = u32::try_from(options.skip_rows).unwrap_or(u32::MAX);
    cells
        .iter_mut()
        .for_each(|column| column.retain(|(row, _)| *row >= skipped));
    // Empty columns left of the table are no columns.
    let n_left = cells.iter().take_while(|column| column.is_empty()).count();
    cells.drain(..n_left);
    let first_row = cells
        .iter()
        .filter_map(|column| column.first())
        .map(|(row, _)| *row)
        .min();
    let last_row = cells
        .iter()
        .filter_map(|column| column.last())
        .map(|(row, _)| *row)
        .max();
    let (Some(first_row), Some(last_row)) = (first_row, last_row) else {
        return Err(TableError::Format {
            file: file.to_owned(),
            format: Format::Xlsx.name(),
            reason: "the sheet is empty".to_owned(),
        });
    };
    let (has_header, reason) = match options.header {
        Some(header) => (header, ""),
        None => guess_header(&cells, first_row),
    };
    guesses.push(Guess {
        choices: vec![Value::Bool(true), Value::Bool(false)],
        ..guess("header", has_header, reason, &[], options.header.is_some())
    });
    let names = if has_header {
        let header: Vec<String> = cells
            .iter()
            .map(|column| header_text(column, first_row))
            .collect();
        let (names, renamed) = names::usable(&header);
        for renamed in renamed {
            let reason = format!(
                "the header of column {} is “{}”; it is called “{}”",
                renamed.column_idx + 1,
                renamed.from,
                renamed.to
            );
            issues.push(issue(file, None, Some(&renamed.to), reason));
        }
        names
    } else {
        names::numbered(cells.len())
    };
    let start_row = first_row + u32::from(has_header);
    let n_rows = (last_row + 1).saturating_sub(start_row) as usize;
    check_budget(
        file,
        16 * n_rows as u64 * cells.len() as u64,
        host.memory_budget_bytes(),
    )?;
    for name in options.columns.iter().flatten().chain(options.types.keys()) {
        if !names.contains(name) {
            return Err(TableError::NoColumn {
                column: name.clone(),
                available: names.join(", "),
            });
        }
    }
    let mut columns = Vec::new();
    for (name, column) in names.iter().zip(cells) {
        if options
            .columns
            .as_ref()
            .is_some_and(|wanted| !wanted.contains(name))
        {
            continue;
        }
        let kind = options.types.get(name).copied();
        host.checkpoint().await?;
        let builder = column_of(column, start_row, n_rows, kind, (file, name), &mut issues);
        columns.push(builder.finish(name)?);
    }
    if let Some(wanted) = &options.columns {
        columns.sort_by_key(|column| {
            wanted
                .iter()
                .position(|name| name == column.name().as_str())
        });
    }
    let frame = DataFrame::new(n_rows, columns).map_err(|error| TableError::Internal {
        context: "building a table",
        reason: error.to_string(),
    })?;
    Ok(Loaded {
        table: Table::from_frame(frame),
        format: Format::Xlsx.name().to_owned(),
        guesses,
        issues: sorted_issues(issues, 0),
        sampling: None,
    })
}

fn header_text(column: &CellColumn, row: u32) -> String {
    match column.first() {
        Some((first, cell)) if *first == row => text_of(cell),
        _ => String::new(),
    }
}

/// A first row of texts, with rows below.
fn guess_header(cells: &[CellColumn], first_row: u32) -> (bool, &'static str) {
    let first: Vec<&Cell> = cells
        .iter()
        .filter_map(|column| column.first())
        .filter(|(row, _)| *row == first_row)
        .map(|(_, cell)| cell)
        .collect();
    if first.iter().any(|cell| !matches!(cell, Cell::Text(_))) {
        (false, "the first row holds other values than text")
    } else if cells
        .iter()
        .all(|column| column.last().is_none_or(|(row, _)| *row == first_row))
    {
        (false, "there is one row only")
    } else {
        (true, "the first row holds texts only")
    }
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Boolean(value) => value.to_string(),
        Cell::Integer(value) => value.to_string(),
        Cell::Number(value) => {
            whole(*value).map_or_else(|| format!("{value:?}"), |value| value.to_string())
        }
        Cell::Text(text) | Cell::Error(text) => text.clone(),
        Cell::Time(micros) => iso_text(*micros),
    }
}

/// `YYYY-MM-DD`, or with the time if there is one.
fn iso_text(micros: i64) -> String {
    let days = micros.div_euclid(MICROS_PER_DAY);
    let of_day = micros.rem_euclid(MICROS_PER_DAY);
    let (year, month, day) = values::civil_from_days(days);
    let date = format!("{year:04}-{month:02}-{day:02}");
    if of_day == 0 {
        return date;
    }
    let seconds = of_day / 1_000_000;
    format!(
        "{date} {:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The integer that a float is, if it is one; Excel has no integers of its own.
fn whole(value: f64) -> Option<i64> {
    let int = value as i64;
    (int as f64 == value && is_exact_as_float(int) && !(value == 0.0 && value.is_sign_negative()))
        .then_some(int)
}

/// The kind that nearly all cells have: others may become nulls only if they are few.
fn kind_of(column: &CellColumn, start_row: u32) -> Kind {
    let cells = || {
        column
            .iter()
            .filter(|(row, _)| *row >= start_row)
            .map(|(_, cell)| cell)
    };
    let is_null = |cell: &Cell| match cell {
        Cell::Text(text) => NULL_WORDS.contains(&text.trim()),
        Cell::Error(_) => true,
        _ => false,
    };
    let count = |is_hit: &dyn Fn(&Cell) -> bool| cells().filter(|cell| is_hit(cell)).count() as u64;
    let n_values = count(&|cell| !is_null(cell));
    let n_numbers = count(&|cell| matches!(cell, Cell::Number(_) | Cell::Integer(_)));
    let n_times = count(&|cell| matches!(cell, Cell::Time(_)));
    let n_booleans = count(&|cell| matches!(cell, Cell::Boolean(_)));
    let most = n_numbers.max(n_times).max(n_booleans);
    if most == 0 || !are_few(n_values - most, n_values) {
        Kind::Text
    } else if most == n_numbers {
        let is_fraction =
            |cell: &Cell| matches!(cell, Cell::Number(value) if whole(*value).is_none());
        if count(&is_fraction) > 0 {
            Kind::Float
        } else {
            Kind::Integer
        }
    } else if most == n_times {
        let has_time =
            |cell: &Cell| matches!(cell, Cell::Time(micros) if micros % MICROS_PER_DAY != 0);
        if count(&has_time) > 0 {
            Kind::DateTime
        } else {
            Kind::Date
        }
    } else {
        Kind::Boolean
    }
}

/// Builds a column of `n_rows` from sheet row `start_row` on. `place` is file and column, for issues.
fn column_of(
    column: CellColumn,
    start_row: u32,
    n_rows: usize,
    kind_set: Option<Kind>,
    place: (&str, &str),
    issues: &mut Vec<LoadIssue>,
) -> Builder {
    let kind = kind_set.unwrap_or_else(|| kind_of(&column, start_row));
    let mut builder = Builder::new(kind, n_rows);
    for (row, cell) in column {
        let Some(at) = row.checked_sub(start_row) else {
            continue;
        };
        let n_missing = (at as usize).saturating_sub(builder.len());
        if n_missing > 0 {
            builder.push_nulls(n_missing);
        }
        let is_taken = match (&cell, kind) {
            (Cell::Error(_), _) => false,
            (Cell::Boolean(value), Kind::Boolean) => builder.push_boolean(*value),
            (Cell::Integer(value), Kind::Integer | Kind::Float) => builder.push_integer(*value),
            (Cell::Number(value), Kind::Integer) => {
                whole(*value).is_some_and(|value| builder.push_integer(value))
            }
            (Cell::Number(value), Kind::Float) => builder.push_float(*value),
            (Cell::Time(micros), Kind::Date) if micros % MICROS_PER_DAY == 0 => {
                i32::try_from(micros / MICROS_PER_DAY).is_ok_and(|days| builder.push_date(days))
            }
            (Cell::Time(micros), Kind::DateTime) => builder.push_date_time(*micros),
            (cell, Kind::Text) => builder.push_text(&text_of(cell)),
            _ => false,
        };
        if is_taken {
            continue;
        }
        builder.push_null();
        let text = text_of(&cell);
        if !NULL_WORDS.contains(&text.trim()) {
            let reason = format!("“{text}” is no {} and became a missing value", kind.name());
            issues.push(issue(
                place.0,
                Some(u64::from(row) + 1),
                Some(place.1),
                reason,
            ));
        }
    }
    let n_missing = n_rows.saturating_sub(builder.len());
    if n_missing > 0 {
        builder.push_nulls(n_missing);
    }
    builder
}

#[cfg(test)]
#[path = "xlsx_tests.rs"]
mod tests;
