//! Shared by the tests of the readers: load bytes, and show a table with its issues as text.

use std::rc::Rc;

use polars_core::prelude::AnyValue;
use sluice_analysis::{Params, Value};

use crate::error::TableError;
use crate::host::{ByteSource, Cancelled, Chunk, Host, Kernel, LocalBoxFuture, MemorySource};
use crate::load::Loaded;
use crate::read;

pub(crate) fn params(options: &[(&str, Value)]) -> Params {
    options
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

pub(crate) fn load(
    name: &str,
    bytes: &[u8],
    options: &[(&str, Value)],
) -> Result<Loaded, TableError> {
    load_with(name, bytes, options, &crate::host::PlainHost)
}

pub(crate) fn load_with(
    name: &str,
    bytes: &[u8],
    options: &[(&str, Value)],
    host: &dyn Host,
) -> Result<Loaded, TableError> {
    let source: Rc<dyn ByteSource> = Rc::new(MemorySource::new(name, bytes));
    pollster::block_on(read::load(&[source], &params(options), host))
}

/// Names and types, then the rows, then the issues. Missing values are `∅`.
pub(crate) fn show(loaded: &Result<Loaded, TableError>) -> String {
    match loaded {
        Ok(loaded) => format!("{}{}", show_table(loaded), show_issues(loaded)),
        Err(error) => format!("error: {error}\n"),
    }
}

pub(crate) fn show_table(loaded: &Loaded) -> String {
    let columns = loaded.table.columns();
    let header: Vec<String> = columns
        .iter()
        .map(|column| format!("{}:{}", column.name, column.column_type.label()))
        .collect();
    let mut out = format!("{}\n", header.join(" | "));
    for row in 0..loaded.table.n_rows() {
        let cells: Vec<String> = loaded
            .table
            .frame()
            .columns()
            .iter()
            .map(|column| show_value(&column.get(row).unwrap()))
            .collect();
        out.push_str(&cells.join(" | "));
        out.push('\n');
    }
    out
}

pub(crate) fn show_issues(loaded: &Loaded) -> String {
    let mut out = String::new();
    for issue in loaded.issues.first() {
        let row = issue
            .row
            .map_or_else(|| "-".to_owned(), |row| row.to_string());
        out.push_str(&format!(
            "! {row} {}: {}\n",
            issue.column.as_deref().unwrap_or("-"),
            issue.reason
        ));
    }
    let n_more = loaded.issues.total() - loaded.issues.first().len() as u64;
    if n_more > 0 {
        out.push_str(&format!("! and {n_more} more\n"));
    }
    out
}

fn show_value(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => "∅".to_owned(),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Float64(value) => format!("{value:?}"),
        AnyValue::Date(days) => format!("d{days}"),
        AnyValue::Datetime(micros, ..) => format!("t{micros}"),
        AnyValue::List(items) => {
            let items: Vec<String> = items.iter().map(|item| show_value(&item)).collect();
            format!("[{}]", items.join(","))
        }
        value => value.to_string(),
    }
}

pub(crate) fn guess_value(loaded: &Loaded, name: &str) -> Value {
    loaded
        .guesses
        .iter()
        .find(|guess| guess.name == name)
        .map_or(Value::Null, |guess| guess.value.clone())
}

/// A host that hands slices to a pool of `width`, which answers when it has been asked `lag` times.
pub(crate) struct PoolHost {
    pub(crate) width: usize,
    pub(crate) lag: usize,
    pub(crate) budget_bytes: u64,
}

impl Host for PoolHost {
    fn progress(&self, _stage: &str, _done: u64, _total: u64) {}

    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        Box::pin(async { Ok(()) })
    }

    fn memory_budget_bytes(&self) -> u64 {
        self.budget_bytes
    }

    fn pool_width(&self) -> usize {
        self.width
    }

    fn submit(
        &self,
        kernel: Kernel,
        params: Rc<[u8]>,
        chunk: Chunk,
    ) -> LocalBoxFuture<'static, Result<Vec<u8>, TableError>> {
        let mut n_left = self.lag;
        let mut result = match chunk {
            Chunk::Bytes(bytes) => Some((kernel.run)(&params, &bytes)),
            Chunk::FileRange { .. } => Some(Err(TableError::NoPool)),
        };
        Box::pin(std::future::poll_fn(move |context| {
            if n_left > 0 {
                n_left -= 1;
                context.waker().wake_by_ref();
                return std::task::Poll::Pending;
            }
            std::task::Poll::Ready(result.take().unwrap())
        }))
    }
}

/// A zip archive of stored or deflated entries.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let mut packer =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(data).unwrap();
        let packed = packer.finish().unwrap();
        let mut common = Vec::new();
        // Version 2.0, no flags, deflate, no time, then sizes and name length (APPNOTE 4.3.7).
        for word in [20u16, 0, 8, 0, 0] {
            common.extend(word.to_le_bytes());
        }
        for word in [crc.sum(), packed.len() as u32, data.len() as u32] {
            common.extend(word.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        let offset = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02");
        directory.extend(20u16.to_le_bytes());
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, len, n) = (
        out.len() as u32,
        directory.len() as u32,
        entries.len() as u16,
    );
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(n.to_le_bytes());
    out.extend(n.to_le_bytes());
    out.extend(len.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(0u16.to_le_bytes());
    out
}

/// A workbook of one sheet called "Data" with the given XML rows.
pub(crate) fn workbook(rows: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    );
    zip(&[
        ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#),
        (
            "_rels/.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/styles.xml",
            br#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}
