//! Dialogs on native `<dialog>`: it traps focus, closes on Escape, and gives focus back.

mod about;
mod cell;
mod chart;
mod compare;
mod export;
mod issues;
mod load_options;
pub mod modal;
mod note;
mod palette;
mod search;
mod share;
mod small;
mod step;
mod too_large;

use leptos::prelude::*;

use crate::state::ui::Dialog;
use crate::state::use_app;

/// The dialog that is open, if one is.
#[component]
pub fn Dialogs() -> impl IntoView {
    let state = use_app();
    move || {
        state.ui.dialog.get().map(|dialog| match dialog {
            Dialog::Palette => view! { <palette::Palette /> }.into_any(),
            Dialog::Keys => view! { <about::Keys /> }.into_any(),
            Dialog::About => view! { <about::About /> }.into_any(),
            Dialog::LoadOptions(id) => view! { <load_options::LoadOptions id=id /> }.into_any(),
            Dialog::Issues(table) => view! { <issues::Issues table=table /> }.into_any(),
            Dialog::TooLarge(id, estimate) => {
                view! { <too_large::TooLarge id=id estimate=estimate /> }.into_any()
            }
            Dialog::AddStep(op) => view! { <step::AddStep op=op after=None /> }.into_any(),
            Dialog::AddOperator { after, op } => {
                view! { <step::AddStep op=op after=Some(after) /> }.into_any()
            }
            Dialog::ExportRecipe(table) => {
                view! { <crate::recipe::ExportRecipe table=table /> }.into_any()
            }
            Dialog::EditStep(id) => view! { <step::EditStep id=id /> }.into_any(),
            Dialog::Chart(panel) => view! { <chart::ChartDialog panel=panel /> }.into_any(),
            Dialog::Compare => view! { <compare::Compare /> }.into_any(),
            Dialog::Share => view! { <share::Share /> }.into_any(),
            Dialog::Export => view! { <export::Export /> }.into_any(),
            Dialog::OpenUrl => view! { <small::OpenUrl /> }.into_any(),
            Dialog::GoToRow => view! { <small::GoToRow /> }.into_any(),
            Dialog::Search => view! { <search::Search /> }.into_any(),
            Dialog::Note(panel) => view! { <note::NoteDialog panel=panel /> }.into_any(),
            Dialog::Cell { table, row, column } => {
                view! { <cell::Cell table=table row=row column=column /> }.into_any()
            }
        })
    }
}
