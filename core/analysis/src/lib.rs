//! The [`Analysis`] document: every decision a person made (sources, steps, panels, view, notes, seed)
//! and nothing that can be recomputed.
//!
//! Undo is a move in its [`History`], a share link is its encoding ([`link`]), the command line runs it.
//! No state outside it may change a result.
//!
//! **Invariant.** Types of a shipped version (`v1`) never change shape: postcard is not self-describing,
//! so a new field means a new version module and an upgrader.

#![forbid(unsafe_code)]

mod document;
mod error;
mod forms;
mod history;
pub mod link;
pub mod v1;
mod value;

pub use error::DocumentError;
pub use history::{Gesture, History};
pub use v1::{
    Analysis, Bench, ColumnSpan, FileIdentity, GridView, KeyNumber, Note, Origin, Panel, PanelId,
    Pill, Point, Predicate, Ref, Selection, SortKey, Source, SourceId, Step, StepId, TextMatch,
    View,
};
pub use value::{Params, Value};
