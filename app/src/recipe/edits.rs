//! What a mapper did to texts: removed parts struck through, added ones underlined.

use leptos::prelude::*;
use sluice_analysis::StepId;
use sluice_protocol::recipe::{Change, Edit, EditPiece, RecipeAnswer, RecipeQuery};

use super::spans::visible_space;
use super::state::{Tab, ask, use_recipe};
use super::text;
use crate::state::use_app;
use crate::text as page_text;

const N_EDITS: u32 = 12;
/// Unchanged text kept on each side of a change, in code points.
const CONTEXT_CHARS: usize = 60;

#[component]
pub fn Edits(id: StepId) -> impl IntoView {
    let state = use_app();
    let recipe = use_recipe();
    let question = move || {
        Some(RecipeQuery::Edits {
            step: id,
            count: N_EDITS,
        })
    };
    let answered = ask(state, recipe, question, |answer| match answer {
        RecipeAnswer::Edits(edits) => Some(edits),
        _ => None,
    });
    let list = move || {
        let edits = answered.value.get()?;
        if edits.is_empty() {
            return Some(view! { <p class="muted">{text::NO_EDITS}</p> }.into_any());
        }
        let items = edits.iter().map(|edit| {
            let row = edit.row;
            view! {
                <li class="edit">
                    <button
                        type="button"
                        class="link-button"
                        title=text::TAB_WHY
                        on:click=move |_| {
                            recipe.picked_row.set(Some(row));
                            recipe.tab.set(Tab::Why);
                        }
                    >
                        {page_text::sentence(&text::row(row))}
                    </button>
                    <p class="edit-text" dir="auto">{pieces(edit)}</p>
                </li>
            }
        });
        Some(view! { <ul class="plain-list edits">{items.collect_view()}</ul> }.into_any())
    };
    view! {
        <section data-testid="edits">
            <h3 class="section-title">{text::LARGEST_EDITS}</h3>
            {list}
            {move || answered.failure.get().map(|f| view! {
                <p class="bad" role="alert">{page_text::sentence(&f)}</p>
            })}
        </section>
    }
}

fn pieces(edit: &Edit) -> impl IntoView + use<> {
    let shown = shown(&edit.pieces);
    let cut = edit.is_cut.then_some("…");
    let pieces = shown
        .into_iter()
        .map(|(change, text)| match change {
            Change::Same => view! { <span>{text}</span> }.into_any(),
            Change::Removed => view! {
                <del class="edit-removed">
                    <span class="visually-hidden">{text::WAS_REMOVED}" "</span>
                    {text}
                </del>
            }
            .into_any(),
            Change::Added => view! {
                <ins class="edit-added">
                    <span class="visually-hidden">{text::WAS_ADDED}" "</span>
                    {text}
                </ins>
            }
            .into_any(),
        })
        .collect_view();
    view! { {pieces}{cut} }
}

/// The pieces as they are shown: far from changes text is left out, and white space that changed can be seen.
fn shown(pieces: &[EditPiece]) -> Vec<(Change, String)> {
    let n = pieces.len();
    pieces
        .iter()
        .enumerate()
        .map(|(idx, piece)| {
            let text = match piece.change {
                Change::Same => around(&piece.text, idx > 0, idx + 1 < n),
                _ if piece.text.trim().is_empty() => visible_space(&piece.text),
                _ => piece.text.clone(),
            };
            (piece.change, text)
        })
        .collect()
}

/// Unchanged text with its middle left out, or the end that no change touches.
fn around(text: &str, has_before: bool, has_after: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let n = chars.len();
    let head = if has_before { CONTEXT_CHARS } else { 0 };
    let tail = if has_after { CONTEXT_CHARS } else { 0 };
    if n <= head + tail + 1 || (!has_before && !has_after) {
        return text.to_owned();
    }
    let head: String = chars[..head].iter().collect();
    let tail: String = chars[n - tail..].iter().collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(change: Change, text: &str) -> EditPiece {
        EditPiece {
            change,
            text: text.to_owned(),
        }
    }

    #[test]
    fn changed_white_space_can_be_seen_and_other_white_space_stays() {
        let pieces = [
            piece(Change::Same, "a b"),
            piece(Change::Removed, "  \n"),
            piece(Change::Added, "x y"),
        ];
        let texts: Vec<String> = shown(&pieces).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["a b", "··↵\n", "x y"]);
    }

    #[test]
    fn text_far_from_changes_is_left_out() {
        let long = "ä".repeat(500);
        assert_eq!(
            around(&long, true, true).chars().count(),
            2 * CONTEXT_CHARS + 1
        );
        assert!(around(&long, false, true).starts_with('…'));
        assert!(around(&long, true, false).ends_with('…'));
        assert_eq!(around("short", true, true), "short");
        assert_eq!(around(&long, false, false), long);
    }
}
