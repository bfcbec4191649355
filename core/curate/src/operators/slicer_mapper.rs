//! A part of texts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, map_with, nemo};
use crate::operator::About;
use crate::text::heuristics::nemo_modifiers::{Edge, slice};
use crate::text::python;

/// Keeps the part of a text between two ends. An end is a position in characters, negative from the end, or a mark: its first
/// occurrence on the left, its last on the right; without any, nothing is left.
pub static SLICER_MAPPER: Declared<SlicerParams> = Declared {
    about: || About {
        name: "slicer_mapper",
        title: "Slice",
        summary: "Keeps the part between two positions or marks",
        kind: OperationKind::Map,
        source: "NeMo Curator 1e2e4275, Slicer",
        dialects: &[],
    },
    foreign: &[nemo("Slicer")],
    prepare: |params| {
        let SlicerParams {
            left,
            right,
            include_left,
            include_right,
            strip,
        } = params;
        Ok(map_with(move |text| {
            let part = slice(
                text,
                edge(left.as_ref(), include_left),
                edge(right.as_ref(), include_right),
            );
            if strip {
                python::strip(part).into()
            } else {
                part.into()
            }
        }))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SlicerParams {
    /// Left end: a position or a mark.
    left: Option<End>,
    /// Right end: a position or a mark.
    right: Option<End>,
    /// Keep the mark on the left.
    include_left: bool,
    /// Keep the mark on the right.
    include_right: bool,
    /// Strip white space off the part.
    strip: bool,
}

impl Default for SlicerParams {
    fn default() -> Self {
        Self {
            left: None,
            right: None,
            include_left: true,
            include_right: true,
            strip: true,
        }
    }
}

/// Where a part ends.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum End {
    At(i64),
    Mark(String),
}

fn edge(end: Option<&End>, included: bool) -> Edge<'_> {
    match end {
        None => Edge::Text,
        Some(End::At(index)) => Edge::Index(*index),
        Some(End::Mark(mark)) => Edge::Of { mark, included },
    }
}
