//! Tables written as text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, count, data_juicer, map_with};
use crate::operator::{About, Fault};
use crate::text::mappers::table::remove_table_text;

/// Removes blocks of two or more lines with the same number of columns between single blanks or bars.
pub static REMOVE_TABLE_TEXT_MAPPER: Declared<RemoveTableTextParams> = Declared {
    about: || About {
        name: "remove_table_text_mapper",
        title: "Remove tables",
        summary: "Removes tables that are written as text",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, remove_table_text_mapper",
        dialects: &[],
    },
    foreign: &[data_juicer("remove_table_text_mapper")],
    prepare: |params| {
        for (name, value) in [("min_col", params.min_col), ("max_col", params.max_col)] {
            if !(2..=20).contains(&value) {
                return Err(Fault::new(name, "a table has 2 to 20 columns"));
            }
        }
        let (min, max) = (count(params.min_col), count(params.max_col));
        Ok(map_with(move |text| remove_table_text(text, min, max)))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveTableTextParams {
    /// Least number of columns.
    #[schemars(range(min = 2, max = 20), extend("unit" = "columns"))]
    min_col: u64,
    /// Greatest number of columns.
    #[schemars(range(min = 2, max = 20), extend("unit" = "columns"))]
    max_col: u64,
}

impl Default for RemoveTableTextParams {
    fn default() -> Self {
        Self {
            min_col: 2,
            max_col: 20,
        }
    }
}
