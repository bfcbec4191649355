//! Column chunks of a row group to series, a few pages at a time.

use std::io::Cursor;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars_core::prelude::{Categories, DataType, Series};
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::metadata::{ColumnChunkMetadata, RowGroupMetadata};
use polars_parquet::parquet::read::{BasicDecompressor, PageMetaData, PageReader};
use polars_parquet::read::column_iter_to_arrays;

use crate::error::TableError;
use crate::host::{ByteSource, Host};
use crate::read::columnar::{compact, flat_columns};
use crate::read::parquet::ahead::Ahead;
use crate::read::parquet::check::{Levels, agree};
use crate::read::parquet::footer::{Footer, Part};
use crate::read::parquet::pages::{Bad, Pages, Unpacked};

/// What is decoded between two checkpoints: a few milliseconds of work, and few enough pieces of a column.
const SLICE_BYTES: usize = 2 << 20;
const SLICE_VALUES: usize = 256 * 1024;

/// Reads `runs` of rows of a row group: one series for each of `part_idxs`. After each column it calls `on_column`
/// with the number of columns that are done.
pub(super) async fn group(
    source: &Ahead<'_>,
    footer: &Footer,
    group: &RowGroupMetadata,
    part_idxs: &[usize],
    runs: &[Range<usize>],
    host: &dyn Host,
    on_column: &dyn Fn(usize),
) -> Result<Vec<Series>, Bad> {
    let parts: Vec<&Part> = part_idxs
        .iter()
        .filter_map(|&part_idx| footer.parts.get(part_idx))
        .collect();
    let mut columns = Vec::with_capacity(parts.len());
    for part in parts {
        let chunks = group
            .parquet_columns()
            .get(part.leaves.clone())
            .unwrap_or_default();
        let n_rows = group.num_rows();
        let reader = Reader {
            source,
            data_end: footer.data_end,
            part,
            n_rows,
            host,
        };
        let result = match chunks {
            [chunk] => reader.one_leaf(chunk, runs).await,
            chunks => reader.many_leaves(chunks, runs).await,
        };
        columns.push(result.map_err(|bad| match bad {
            Bad::Chunk(reason) => Bad::Chunk(format!("column “{}”: {reason}", part.name)),
            stop => stop,
        })?);
        on_column(columns.len());
    }
    Ok(columns)
}

/// The columns of a table without rows.
pub(super) fn empty(footer: &Footer, part_idxs: &[usize]) -> Vec<Series> {
    part_idxs
        .iter()
        .filter_map(|&part_idx| footer.parts.get(part_idx))
        .map(|part| {
            let mut dtype = DataType::from_arrow_dtype(&part.field.dtype);
            while let DataType::Struct(fields) = &dtype
                && let [field] = fields.as_slice()
            {
                dtype = field.dtype().clone();
            }
            let dtype = if part.is_category { category() } else { dtype };
            Series::new_empty(part.name.as_str().into(), &dtype)
        })
        .collect()
}

fn category() -> DataType {
    DataType::from_categories(Categories::global())
}

struct Reader<'a> {
    source: &'a dyn ByteSource,
    data_end: u64,
    part: &'a Part,
    /// Rows of the row group.
    n_rows: usize,
    host: &'a dyn Host,
}

impl Reader<'_> {
    /// A column of one leaf, in slices; pages without chosen rows are passed over where rows are values.
    async fn one_leaf(
        &self,
        chunk: &ColumnChunkMetadata,
        runs: &[Range<usize>],
    ) -> Result<Series, Bad> {
        let mut pages = Pages::new(self.source, chunk, self.data_end)?;
        let dictionary = pages.dictionary().await?;
        let rows_are_values = chunk.descriptor().descriptor.max_rep_level == 0;
        let mut kept = Kept { runs, series: None };
        let mut slice = Slice::new(&dictionary);
        let mut next_row = 0;
        while let Some(page) = pages.next().await? {
            let rows = next_row..next_row + page.n_values;
            if rows_are_values
                && !runs
                    .iter()
                    .any(|run| run.start < rows.end && rows.start < run.end)
            {
                self.decode(chunk, &mut slice, &dictionary, next_row, &mut kept)?;
                pages.skip(&page).await?;
                next_row = rows.end;
                continue;
            }
            let unpacked = pages.take(page, None).await?;
            let is_full = slice.unpacked.n_values >= SLICE_VALUES
                || slice.unpacked.bytes.len() >= SLICE_BYTES;
            if is_full && unpacked.starts_row {
                self.decode(chunk, &mut slice, &dictionary, next_row, &mut kept)?;
                self.host.checkpoint().await.map_err(TableError::from)?;
            }
            next_row += unpacked.n_rows;
            slice.unpacked.append(&unpacked);
        }
        self.decode(chunk, &mut slice, &dictionary, next_row, &mut kept)?;
        self.host.checkpoint().await.map_err(TableError::from)?;
        self.check_rows(next_row)?;
        kept.finish()
    }

    /// A list of structs: its leaves only make sense together.
    async fn many_leaves(
        &self,
        chunks: &[ColumnChunkMetadata],
        runs: &[Range<usize>],
    ) -> Result<Series, Bad> {
        let mut leaves = Vec::with_capacity(chunks.len());
        let mut levels_of_leaves = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let mut pages = Pages::new(self.source, chunk, self.data_end)?;
            let mut unpacked = pages.dictionary().await?;
            let mut levels = Levels::new();
            while let Some(page) = pages.next().await? {
                unpacked.append(&pages.take(page, Some(&mut levels)).await?);
                self.host.checkpoint().await.map_err(TableError::from)?;
            }
            self.check_rows(unpacked.n_rows)?;
            leaves.push((chunk, unpacked));
            levels_of_leaves.push(levels);
        }
        for group in &self.part.groups {
            let of_group = levels_of_leaves
                .get(group.leaves.clone())
                .unwrap_or_default();
            if !of_group
                .windows(2)
                .all(|pair| agree(&pair[0], &pair[1], group.max_rep, group.max_def))
            {
                return Err(Bad::Chunk(
                    "its fields disagree on how many values there are".to_owned(),
                ));
            }
        }
        let mut kept = Kept { runs, series: None };
        kept.add(0, series(self.part, leaves, self.n_rows)?)?;
        kept.finish()
    }

    fn check_rows(&self, n_rows: usize) -> Result<(), Bad> {
        if n_rows == self.n_rows {
            return Ok(());
        }
        Err(Bad::Chunk(format!(
            "it has {n_rows} rows instead of {}",
            self.n_rows
        )))
    }

    /// Decodes `slice`, whose rows end before `end_row`, and begins the next one.
    fn decode(
        &self,
        chunk: &ColumnChunkMetadata,
        slice: &mut Slice,
        dictionary: &Unpacked,
        end_row: usize,
        kept: &mut Kept<'_>,
    ) -> Result<(), Bad> {
        if slice.unpacked.n_values == 0 {
            return Ok(());
        }
        let Slice { unpacked } = std::mem::replace(slice, Slice::new(dictionary));
        let n_rows = unpacked.n_rows;
        kept.add(
            end_row - n_rows,
            series(self.part, vec![(chunk, unpacked)], n_rows)?,
        )
    }
}

/// Pages that are decoded together, after the dictionary.
struct Slice {
    unpacked: Unpacked,
}

impl Slice {
    fn new(dictionary: &Unpacked) -> Self {
        Self {
            unpacked: Unpacked {
                bytes: dictionary.bytes.clone(),
                ..Unpacked::default()
            },
        }
    }
}

/// The chosen rows of what was decoded.
struct Kept<'a> {
    runs: &'a [Range<usize>],
    series: Option<Series>,
}

impl Kept<'_> {
    fn finish(self) -> Result<Series, Bad> {
        let series = self
            .series
            .ok_or_else(|| Bad::Chunk("it has no rows".to_owned()))?;
        // What lies between the runs is freed.
        Ok(if self.runs.len() > 1 {
            compact(&series)
        } else {
            series
        })
    }

    /// Adds the chosen rows of `decoded`, whose first row is `start_row` of the row group.
    fn add(&mut self, start_row: usize, decoded: Series) -> Result<(), Bad> {
        let end_row = start_row + decoded.len();
        for run in self.runs {
            let (start, end) = (run.start.max(start_row), run.end.min(end_row));
            if start >= end {
                continue;
            }
            let part = decoded.slice((start - start_row) as i64, end - start);
            match &mut self.series {
                Some(series) => {
                    series
                        .append_owned(part)
                        .map_err(|error| Bad::Chunk(error.to_string()))?;
                }
                None => self.series = Some(part),
            }
        }
        Ok(())
    }
}

fn series(
    part: &Part,
    leaves: Vec<(&ColumnChunkMetadata, Unpacked)>,
    n_rows: usize,
) -> Result<Series, Bad> {
    let decode = || {
        let (columns, types) = leaves
            .into_iter()
            .map(|(chunk, unpacked)| {
                let descriptor = &chunk.descriptor().descriptor;
                let meta = PageMetaData::new(
                    0,
                    unpacked.n_values as i64,
                    Compression::Uncompressed,
                    descriptor.clone(),
                );
                let reader = PageReader::new_with_page_meta(
                    Cursor::new(unpacked.bytes.into()),
                    meta,
                    Vec::new(),
                    usize::MAX,
                );
                (
                    BasicDecompressor::new(reader, Vec::new()),
                    &descriptor.primitive_type,
                )
            })
            .unzip();
        let (arrays, _) = column_iter_to_arrays(columns, types, part.field.clone(), None)?;
        // Out of its structs, of which each has one field.
        let mut columns = flat_columns(Series::try_from((&part.field, arrays))?)?;
        let series = columns.pop().unwrap_or_default();
        if part.is_category {
            series.cast(&category())
        } else {
            Ok(series)
        }
    };
    // The checks leave the decoder nothing to panic at that is known; what is not known costs a row group
    // here. In wasm, where panics abort, it costs the worker, which is started again.
    let decoded = catch_unwind(AssertUnwindSafe(decode))
        .map_err(|_| Bad::Chunk("the decoder gave up on damaged data".to_owned()))?;
    let series = decoded.map_err(|error| Bad::Chunk(error.to_string()))?;
    if series.len() != n_rows {
        return Err(Bad::Chunk(format!(
            "it decodes to {} rows instead of {n_rows}",
            series.len()
        )));
    }
    Ok(series)
}
