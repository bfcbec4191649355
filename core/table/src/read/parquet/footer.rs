//! The footer of a Parquet file: read from its end, checked before a library trusts it.

use std::ops::Range;

use polars_arrow::datatypes::{ArrowDataType, Field as ArrowField, TimeUnit};
use polars_parquet::parquet::metadata::{FileMetadata, RowGroupMetadata, ThriftFileMetadata};
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::parquet::schema::types::ParquetType;
use polars_parquet::read::n_columns;
use polars_parquet::read::schema::{
    SchemaInferenceOptions, parquet_to_arrow_schema_with_options, read_custom_key_value_metadata,
    read_schema_from_metadata,
};
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{ColumnChunk, RowGroup, SchemaElement, Type};

use crate::error::TableError;
use crate::host::ByteSource;
use crate::read::columnar::readable;

/// What a file says of itself.
pub(super) struct Footer {
    pub(super) groups: Vec<RowGroupMetadata>,
    pub(super) parts: Vec<Part>,
    /// Fields that cannot be read, and why.
    pub(super) unread: Vec<(String, String)>,
    /// Where the footer begins; column chunks end before it.
    pub(super) data_end: u64,
}

/// A column of the table: a field of the schema, or of its structs, down to what is no struct.
pub(super) struct Part {
    /// The top-level field that it is in.
    pub(super) root: String,
    /// Dotted.
    pub(super) name: String,
    /// The top-level field with this part alone: structs of one field around it.
    pub(super) field: ArrowField,
    /// Texts that become a category.
    pub(super) is_category: bool,
    /// Its columns in each row group.
    pub(super) leaves: Range<usize>,
    /// The structs and lists in it that have more than one column.
    pub(super) groups: Vec<Group>,
}

/// A node of the schema whose columns share levels.
pub(super) struct Group {
    /// Counted from the part's first.
    pub(super) leaves: Range<usize>,
    pub(super) max_rep: u8,
    pub(super) max_def: u8,
}

impl Footer {
    pub(super) fn n_rows(&self) -> u64 {
        self.groups
            .iter()
            .map(|group| group.num_rows() as u64)
            .sum()
    }
}

const MAGIC: &[u8] = b"PAR1";
const MAGIC_ENCRYPTED: &[u8] = b"PARE";
/// Length of the footer and the closing magic number.
const TAIL_BYTES: u64 = 8;
/// Most footers are smaller, so that one read is enough.
const FIRST_READ_BYTES: u64 = 64 * 1024;
/// Footers of files with thousands of columns and row groups stay below.
const FOOTER_BYTES_MAX: u64 = 256 << 20;

/// Reads the footer.
///
/// # Errors
///
/// [`TableError::Format`] says what is damaged and what to do; [`TableError::Read`] from the source.
pub(super) async fn read(source: &dyn ByteSource) -> Result<Footer, TableError> {
    let size = source.size_bytes();
    let damaged = |reason: String| TableError::Format {
        file: source.name().to_owned(),
        format: "Parquet",
        reason,
    };
    let first_read = source
        .read(size.saturating_sub(FIRST_READ_BYTES)..size)
        .await?;
    let tail = first_read
        .len()
        .checked_sub(TAIL_BYTES as usize)
        .and_then(|start| first_read.get(start..));
    let Some(&[a, b, c, d, ref magic @ ..]) = tail else {
        return Err(damaged(format!(
            "it has only {size} bytes; copy or download it again"
        )));
    };
    if magic == MAGIC_ENCRYPTED {
        return Err(damaged(
            "it is encrypted; write it again without encryption".to_owned(),
        ));
    }
    if magic != MAGIC {
        return Err(damaged(
            "its last bytes are not those of a Parquet file, so it was cut off or is another format; \
             copy or download it again"
                .to_owned(),
        ));
    }
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let data_end = (size - TAIL_BYTES)
        .checked_sub(length)
        .filter(|start| *start >= MAGIC.len() as u64 && length <= FOOTER_BYTES_MAX)
        .ok_or_else(|| {
            damaged(format!(
                "its index claims {length} bytes of {size}; copy or download it again"
            ))
        })?;
    let footer = match (first_read.len() as u64).checked_sub(length + TAIL_BYTES) {
        Some(start) => first_read[start as usize..first_read.len() - TAIL_BYTES as usize].to_vec(),
        None => source.read(data_end..size - TAIL_BYTES).await?,
    };
    parse(&footer, data_end).map_err(|reason| {
        damaged(format!(
            "its index is damaged ({reason}); copy or download it again"
        ))
    })
}

fn parse(bytes: &[u8], data_end: u64) -> Result<Footer, String> {
    // Every element of the index takes at least half a byte, which bounds what a wrong count can allocate.
    let mut protocol = TCompactInputProtocol::new(bytes, bytes.len() * 2 + 1024);
    let metadata = ThriftFileMetadata::read_from_in_protocol(&mut protocol)
        .map_err(|error| error.to_string())?;
    let leaf_types = check_schema(&metadata.schema)?;
    metadata
        .row_groups
        .iter()
        .try_for_each(|group| check_group(group, &leaf_types))?;
    let metadata = FileMetadata::try_from_thrift(metadata).map_err(|error| error.to_string())?;
    let (parts, unread) = parts(&metadata);
    Ok(Footer {
        groups: metadata.row_groups,
        parts,
        unread,
        data_end,
    })
}

/// Deeper schemas than this are no tables, and would exhaust the stack.
const DEPTH_MAX: usize = 32;

/// Physical types of the leaves, in order.
fn check_schema(elements: &[SchemaElement]) -> Result<Vec<Type>, String> {
    fn walk(
        elements: &[SchemaElement],
        next: &mut usize,
        depth: usize,
        leaves: &mut Vec<Type>,
    ) -> Result<(), String> {
        let element = elements.get(*next).ok_or("the schema is cut off")?;
        *next += 1;
        if depth > DEPTH_MAX {
            return Err("the schema is nested too deeply".to_owned());
        }
        match element.num_children {
            Some(n_children) if n_children > 0 => {
                (0..n_children).try_for_each(|_| walk(elements, next, depth + 1, leaves))
            }
            _ if depth == 0 => Err("it has no columns".to_owned()),
            _ => {
                let physical = element
                    .type_
                    .filter(|physical| (0..=7).contains(&physical.0));
                let physical = physical.ok_or("a column has no type")?;
                let length = element.type_length.unwrap_or(0);
                if physical == Type::FIXED_LEN_BYTE_ARRAY && !(1..=1 << 20).contains(&length) {
                    return Err(format!(
                        "values of {length} bytes in column “{}”",
                        element.name
                    ));
                }
                leaves.push(physical);
                Ok(())
            }
        }
    }
    let (mut next, mut leaves) = (0, Vec::new());
    walk(elements, &mut next, 0, &mut leaves)?;
    if next != elements.len() {
        return Err("the schema has more than one root".to_owned());
    }
    Ok(leaves)
}

fn check_group(group: &RowGroup, leaf_types: &[Type]) -> Result<(), String> {
    if group.num_rows < 0 || u32::try_from(group.num_rows).is_err() || group.total_byte_size < 0 {
        return Err(format!("a row group of {} rows", group.num_rows));
    }
    if group.columns.len() != leaf_types.len() {
        return Err(format!(
            "a row group of {} columns instead of {}",
            group.columns.len(),
            leaf_types.len()
        ));
    }
    group
        .columns
        .iter()
        .zip(leaf_types)
        .try_for_each(|(column, leaf_type)| check_chunk(column, *leaf_type))
}

fn check_chunk(column: &ColumnChunk, leaf_type: Type) -> Result<(), String> {
    if column.file_path.is_some() {
        return Err("its columns are in other files, which cannot be opened from here".to_owned());
    }
    if column.crypto_metadata.is_some() {
        return Err("its columns are encrypted".to_owned());
    }
    let chunk = column
        .meta_data
        .as_ref()
        .ok_or("a column without a description")?;
    let sound = chunk.type_ == leaf_type
        && chunk.num_values >= 0
        && chunk.total_compressed_size >= 0
        && chunk.total_uncompressed_size >= 0
        && chunk.data_page_offset >= 0
        && chunk
            .dictionary_page_offset
            .is_none_or(|offset| offset >= 0)
        && (0..=7).contains(&chunk.codec.0);
    if sound {
        Ok(())
    } else {
        Err("a column with impossible sizes or types".to_owned())
    }
}

fn parts(metadata: &FileMetadata) -> (Vec<Part>, Vec<(String, String)>) {
    // The Arrow schema that many writers add knows durations and categories.
    // It is only a hint: where it does not fit the columns, they are right.
    let mut key_values = read_custom_key_value_metadata(&metadata.key_value_metadata);
    let long_enough = key_values
        .get("ARROW:schema")
        .is_some_and(|text| text.len() >= ARROW_SCHEMA_CHARS_MIN);
    let hints = match long_enough {
        true => read_schema_from_metadata(&mut key_values).ok().flatten(),
        false => None,
    };
    let (mut parts, mut unread) = (Vec::new(), Vec::new());
    let mut next_leaf = 0;
    for root in metadata.schema_descr.fields() {
        let leaves = next_leaf..next_leaf + n_leaves(root);
        next_leaf = leaves.end;
        let name = root.name();
        let options = SchemaInferenceOptions {
            int96_coerce_to_timeunit: TimeUnit::Microsecond,
        };
        let inferred =
            parquet_to_arrow_schema_with_options(std::slice::from_ref(root), &Some(options));
        let field = match inferred.iter_values().next() {
            Some(field) => readable(&field.dtype)
                .map(|dtype| ArrowField::new(field.name.clone(), dtype, field.is_nullable)),
            None => Err("its structure is not read".to_owned()),
        };
        let field = field.and_then(|field| match n_columns(&field.dtype) == leaves.len() {
            true => Ok(field),
            false => Err("its structure is not read".to_owned()),
        });
        match field {
            Ok(field) => {
                let hint = hints.as_ref().and_then(|hints| hints.get(name));
                let mut shared = Vec::new();
                groups(root, leaves.start, (0, 0), &mut shared);
                let mut next_leaf = leaves.start;
                for chain in chains(&field, hint) {
                    let leaves = next_leaf..next_leaf + n_columns(&chain.field.dtype);
                    next_leaf = leaves.end;
                    let inside = |group: &&Group| {
                        leaves.start <= group.leaves.start && group.leaves.end <= leaves.end
                    };
                    let groups = shared
                        .iter()
                        .filter(inside)
                        .map(|group| Group {
                            leaves: group.leaves.start - leaves.start
                                ..group.leaves.end - leaves.start,
                            ..*group
                        })
                        .collect();
                    parts.push(Part {
                        root: name.to_owned(),
                        leaves,
                        groups,
                        ..chain
                    });
                }
            }
            Err(reason) => unread.push((name.to_owned(), reason)),
        }
    }
    (parts, unread)
}

/// The parts of a field, with the hint's type where both are stored alike.
fn chains(field: &ArrowField, hint: Option<&ArrowField>) -> Vec<Part> {
    use ArrowDataType as D;
    if let D::Struct(fields) = &field.dtype {
        let hints = match hint.map(|hint| &hint.dtype) {
            Some(D::Struct(hints)) => hints.as_slice(),
            _ => &[],
        };
        return fields
            .iter()
            .flat_map(|inner| chains(inner, hints.iter().find(|hint| hint.name == inner.name)))
            .map(|part| Part {
                name: format!("{}.{}", field.name, part.name),
                field: ArrowField::new(
                    field.name.clone(),
                    D::Struct(vec![part.field]),
                    field.is_nullable,
                ),
                ..part
            })
            .collect();
    }
    let (dtype, is_category) = match (&field.dtype, hint.map(|hint| &hint.dtype)) {
        (D::Int64, Some(D::Duration(unit))) => (D::Duration(*unit), false),
        (D::Utf8View, Some(D::Dictionary(..))) => (D::Utf8View, true),
        (dtype, _) => (dtype.clone(), false),
    };
    let name = field.name.to_string();
    let field = ArrowField::new(field.name.clone(), dtype, field.is_nullable);
    vec![Part {
        root: String::new(),
        name,
        field,
        is_category,
        leaves: 0..0,
        groups: Vec::new(),
    }]
}

/// Shorter Base64 cannot hold a schema, and the library reads its first bytes unchecked.
const ARROW_SCHEMA_CHARS_MIN: usize = 64;

/// Collects the groups of `field`, whose columns begin at `first_leaf`; `levels` are those around it.
fn groups(field: &ParquetType, first_leaf: usize, levels: (u8, u8), out: &mut Vec<Group>) {
    let (max_rep, max_def) = match field.get_field_info().repetition {
        Repetition::Required => levels,
        Repetition::Optional => (levels.0, levels.1 + 1),
        Repetition::Repeated => (levels.0 + 1, levels.1 + 1),
    };
    let ParquetType::GroupType { fields, .. } = field else {
        return;
    };
    let leaves = first_leaf..first_leaf + n_leaves(field);
    if leaves.len() > 1 {
        out.push(Group {
            leaves,
            max_rep,
            max_def,
        });
    }
    let mut next_leaf = first_leaf;
    for inner in fields {
        groups(inner, next_leaf, (max_rep, max_def), out);
        next_leaf += n_leaves(inner);
    }
}

fn n_leaves(field: &ParquetType) -> usize {
    match field {
        ParquetType::PrimitiveType(_) => 1,
        ParquetType::GroupType { fields, .. } => fields.iter().map(n_leaves).sum(),
    }
}
