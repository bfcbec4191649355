//! How a file was read: every guess with its reason, each of which can be overridden.

use leptos::prelude::*;
use sluice_analysis::{Ref, SourceId, Value};
use sluice_protocol::load::Guess;

use super::modal::Modal;
use crate::state::{edits, use_app};
use crate::{format, text};

#[component]
pub fn LoadOptions(id: SourceId) -> impl IntoView {
    let state = use_app();
    let info = move || state.table(Ref::Source(id)).and_then(|table| table.info);
    let name = state
        .doc
        .with_untracked(|doc| doc.source(id).map(|s| s.name.clone()).unwrap_or_default());
    let set = move |name: &str, value: Option<Value>| {
        state.edit(text::LABEL_LOAD_OPTIONS, |doc| {
            edits::set_load(doc, id, name, value)
        });
    };
    let guesses = move || {
        let guesses = info().map(|info| info.guesses.clone()).unwrap_or_default();
        guesses
            .into_iter()
            .map(|guess| view! { <GuessRow id=id guess=guess /> })
            .collect_view()
    };
    let skipped = move || {
        state.doc.with(|doc| {
            let source = doc.source(id);
            let value = source
                .and_then(|source| source.load.get("skip_rows"))
                .and_then(Value::as_int);
            value.unwrap_or(0).to_string()
        })
    };
    view! {
        <Modal title=text::load_title(&name) class="dialog wide">
            <div class="dialog-body">
                <p class="muted">{text::LOAD_HELP}</p>
                <table class="list-table guesses">
                    <thead>
                        <tr>
                            <th scope="col">{text::WHAT}</th>
                            <th scope="col">{text::READ_AS}</th>
                            <th scope="col">{text::WHY}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {guesses}
                        <tr>
                            <th scope="row"><label for="skip-rows">{text::guess_name("skip_rows")}</label></th>
                            <td>
                                <input
                                    id="skip-rows"
                                    class="field number"
                                    type="number"
                                    min="0"
                                    step="1"
                                    prop:value=skipped
                                    on:change=move |event| {
                                        let n: i64 = event_target_value(&event).trim().parse().unwrap_or(0);
                                        set("skip_rows", (n > 0).then_some(Value::Int(n)));
                                    }
                                />
                            </td>
                            <td class="muted">{text::SKIP_HELP}</td>
                        </tr>
                    </tbody>
                </table>
                <crate::shell::TableStatus table=Ref::Source(id) />
                <footer class="dialog-answers">
                    <button type="button" class="button primary" on:click=move |_| state.ui.close()>{text::DONE}</button>
                </footer>
            </div>
        </Modal>
    }
}

#[component]
fn GuessRow(id: SourceId, guess: Guess) -> impl IntoView {
    let state = use_app();
    let Guess {
        name,
        value,
        reason,
        overridden,
        choices,
    } = guess;
    let name = StoredValue::new(name);
    let field_id = name.with_value(|name| format!("guess-{name}"));
    let set = move |value: Option<Value>| {
        name.with_value(|name| {
            state.edit(text::LABEL_LOAD_OPTIONS, |doc| {
                edits::set_load(doc, id, name, value)
            });
        });
    };
    let choices = match &value {
        Value::Bool(_) if choices.is_empty() => vec![Value::Bool(true), Value::Bool(false)],
        _ => choices,
    };
    let is_list = matches!(value, Value::List(_));
    let input = if choices.is_empty() {
        let shown = match &value {
            Value::Text(text) => text.clone(),
            Value::Null => String::new(),
            other => format::value(other),
        };
        let typed = move |text: String| {
            if is_list {
                Value::List(words_of(&text))
            } else {
                Value::Text(text)
            }
        };
        view! {
            <input
                id=field_id.clone()
                class="field"
                type="text"
                prop:value=shown
                on:change=move |event| set(Some(typed(event_target_value(&event))))
            />
        }
        .into_any()
    } else {
        let options = choices
            .iter()
            .enumerate()
            .map(|(i, choice)| {
                let shown = text::guess_value(choice);
                view! { <option value=i.to_string() selected=*choice == value>{shown}</option> }
            })
            .collect_view();
        let is_listed = choices.contains(&value);
        let own = (!is_listed)
            .then(|| view! { <option value="" selected=true>{text::guess_value(&value)}</option> });
        view! {
            <select
                id=field_id.clone()
                class="field"
                on:change=move |event| {
                    let idx: Option<usize> = event_target_value(&event).parse().ok();
                    if let Some(choice) = idx.and_then(|idx| choices.get(idx)) {
                        set(Some(choice.clone()));
                    }
                }
            >
                {own}
                {options}
            </select>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <label for=field_id>{name.with_value(|name| text::guess_name(name))}</label>
            </th>
            <td>{input}</td>
            <td class="muted">
                {reason}
                {overridden.then(|| view! {
                    <button type="button" class="link-button" on:click=move |_| set(None)>{text::GUESS_AGAIN}</button>
                })}
            </td>
        </tr>
    }
}

fn words_of(text: &str) -> Vec<Value> {
    text.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(Value::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_separated_by_commas() {
        assert_eq!(words_of("NA, ?,"), [Value::from("NA"), Value::from("?")]);
    }
}
