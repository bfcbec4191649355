//! JSON lines: one object per row, keys in the order of the columns; a dotted name stays one key.
//!
//! Every key stands in every row, a missing value as `null`. JSON has no number for NaN and infinities:
//! they are `null` too, so that the column stays numeric for every reader.

use crate::error::TableError;
use crate::host::Host;
use crate::render::{Style, write_json_text, write_value};
use crate::write::output::Output;
use crate::write::{Source, internal};

pub(super) async fn write(
    source: &Source<'_>,
    output: &mut Output<'_>,
    host: &dyn Host,
) -> Result<(), TableError> {
    let keys: Vec<String> = source
        .names()
        .enumerate()
        .map(|(column_idx, name)| {
            let mut key = String::from(if column_idx > 0 { "," } else { "" });
            write_json_text(&mut key, name);
            key.push(':');
            key
        })
        .collect();
    let n_rows = source.n_rows() as u64;
    let mut out = String::new();
    for range in source.text_slices() {
        host.progress("writing", range.start as u64, n_rows);
        let n_slice_rows = range.len();
        let frame = source.slice(range)?;
        let columns: Vec<_> = frame
            .columns()
            .iter()
            .map(|column| column.as_materialized_series())
            .collect();
        for row in 0..n_slice_rows {
            out.push('{');
            for (key, column) in keys.iter().zip(&columns) {
                out.push_str(key);
                write_value(
                    &mut out,
                    &column.get(row).map_err(internal)?,
                    Style::Json,
                    usize::MAX,
                );
            }
            out.push_str("}\n");
        }
        output.write(out.as_bytes())?;
        out.clear();
        host.checkpoint().await?;
    }
    Ok(())
}
