//! The recipe above the table: what every operator removes, at which limits, and why a row stays or goes.
//!
//! The page decides nothing: it asks the engine, and writes choices into the document.

mod categories;
mod chain;
mod clusters;
mod column;
mod corpus;
mod dialects;
mod edits;
mod examples;
mod export;
mod findings;
mod funnel;
mod graph;
mod groups;
mod histogram;
mod import;
mod limit_fields;
mod limit_handle;
mod limits;
mod operator;
mod pair;
mod panel;
mod reorder;
mod s_curve;
mod scale;
mod span_view;
mod spans;
mod state;
pub mod text;
mod threshold;
mod truth;
mod verdict;
mod why;

pub use chain::{NewStep, append_all, is_operator};
pub use export::ExportRecipe;
pub use import::{FILE_INPUT_ID, FileInput, is_recipe};
pub use panel::Recipe;
pub use state::{RecipeState, start, use_recipe};

use leptos::prelude::*;
use sluice_analysis::Ref;

use crate::state::AppState;

/// The main output of the recipe that the current table is part of.
pub fn end(state: AppState) -> Option<Ref> {
    let current = state.current.get()?;
    let chain = state.doc.with(|doc| chain::chain_of(doc, current));
    chain.map(|chain| chain.table())
}
