//! One input of a form, whatever its kind; nested ones contain others.

use leptos::prelude::*;
use serde_json::Value as Json;
use sluice_analysis::Ref;

use super::predicate::PredicateField;
use super::schema::{Choice, Field, Kind, Shape, Variant};
use super::value::{self, Path, get, set};
use crate::text;

/// What the inputs of one form share.
#[derive(Clone, Copy)]
pub struct FormContext {
    /// The parameters as they stand.
    pub params: RwSignal<Json>,
    /// Columns of the table that the step reads.
    pub columns: Signal<Vec<String>>,
    /// Tables that a second input can be.
    pub tables: Signal<Vec<(Ref, String)>>,
}

impl FormContext {
    pub fn get(self, path: &Path) -> Json {
        self.params.with(|params| get(params, path))
    }

    pub fn get_untracked(self, path: &Path) -> Json {
        self.params.with_untracked(|params| get(params, path))
    }

    pub fn set(self, path: &Path, new: Json) {
        self.params.update(|params| set(params, path, new));
    }
}

/// A labelled input.
#[component]
pub fn FieldView(field: Field, path: Path, form: FormContext) -> AnyView {
    let id = path.id();
    let help_id = format!("{id}-help");
    let help = (!field.help.is_empty()).then(|| {
        view! { <p class="help" id=help_id.clone()>{text::without_final_stop(&field.help)}</p> }
    });
    let unit =
        (!field.unit.is_empty()).then(|| view! { <span class="unit">{field.unit.clone()}</span> });
    let is_group = matches!(
        field.kind,
        Kind::Object(_)
            | Kind::List { .. }
            | Kind::Variant(_)
            | Kind::Columns
            | Kind::Names(_)
            | Kind::TextByColumn
            | Kind::Predicate
    );
    let label = field.label.clone();
    let input = input(field, path, form, &id);
    if is_group {
        view! {
            <fieldset class="field-group">
                <legend>{label}</legend>
                {help}
                {input}
            </fieldset>
        }
        .into_any()
    } else {
        view! {
            <div class="field-row">
                <label for=id.clone()>{label}</label>
                <div class="field-input">{input}{unit}</div>
                {help}
            </div>
        }
        .into_any()
    }
}

fn input(field: Field, path: Path, form: FormContext, id: &str) -> AnyView {
    let id = id.to_owned();
    match field.kind {
        Kind::Bool => {
            let is_on = form.get_untracked(&path).as_bool().unwrap_or(false);
            view! {
                <input
                    id=id
                    type="checkbox"
                    prop:checked=is_on
                    on:change=move |event| form.set(&path, Json::Bool(event_target_checked(&event)))
                />
            }
            .into_any()
        }
        Kind::Integer { min, max } => number(form, path, id, min, max, true),
        Kind::Number { min, max } => number(form, path, id, min, max, false),
        Kind::Text => text_input(form, path, id, "field", text::EMPTY),
        Kind::Expression => text_input(form, path, id, "field code", text::EXPRESSION_EXAMPLE),
        Kind::Column => column(form, path, id),
        Kind::Columns => names(form, path, form.columns),
        Kind::Names(all) => names(form, path, Signal::stored(all)),
        Kind::TextByColumn => text_by_column(form, path),
        Kind::Table => table(form, path, id),
        Kind::Choice(choices) => choice(form, path, id, choices),
        Kind::Predicate => view! { <PredicateField path=path form=form /> }.into_any(),
        Kind::Object(fields) => fields
            .into_iter()
            .map(|field| {
                let path = path.key(&field.name);
                view! { <FieldView field=field path=path form=form /> }
            })
            .collect_view()
            .into_any(),
        Kind::List { item, min } => list(form, path, *item, min),
        Kind::Variant(variants) => variant(form, path, id, variants),
        Kind::Nullable(inner) => nullable(form, path, id, *inner),
        Kind::Json => json(form, path, id),
    }
}

fn number(
    form: FormContext,
    path: Path,
    id: String,
    min: Option<f64>,
    max: Option<f64>,
    is_whole: bool,
) -> AnyView {
    let shown = form
        .get_untracked(&path)
        .as_f64()
        .map(|x| x.to_string())
        .unwrap_or_default();
    let on_input = move |event| {
        let typed = event_target_value(&event);
        let parsed = if is_whole {
            typed.trim().parse::<i64>().ok().map(Json::from)
        } else {
            typed.trim().parse::<f64>().ok().map(Json::from)
        };
        // What is not a number yet is kept as text: the engine names the field that does not fit.
        form.set(&path, parsed.unwrap_or(Json::String(typed)));
    };
    view! {
        <input
            id=id
            class="field number"
            type="number"
            step=if is_whole { "1" } else { "any" }
            min=min.map(|min| min.to_string())
            max=max.map(|max| max.to_string())
            prop:value=shown
            on:input=on_input
        />
    }
    .into_any()
}

fn text_input(
    form: FormContext,
    path: Path,
    id: String,
    class: &'static str,
    placeholder: &'static str,
) -> AnyView {
    let shown = form
        .get_untracked(&path)
        .as_str()
        .unwrap_or_default()
        .to_owned();
    view! {
        <input
            id=id
            class=class
            type="text"
            spellcheck="false"
            autocomplete="off"
            placeholder=placeholder
            prop:value=shown
            on:input=move |event| form.set(&path, Json::String(event_target_value(&event)))
        />
    }
    .into_any()
}

fn column(form: FormContext, path: Path, id: String) -> AnyView {
    let chosen = form
        .get_untracked(&path)
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let options = move || {
        let chosen = chosen.clone();
        form.columns
            .get()
            .into_iter()
            .map(|name| {
                let is_chosen = name == chosen;
                view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
            })
            .collect_view()
    };
    view! {
        <select
            id=id
            class="field"
            on:change=move |event| form.set(&path, Json::String(event_target_value(&event)))
        >
            <option value="">{text::CHOOSE_COLUMN}</option>
            {options}
        </select>
    }
    .into_any()
}

/// A list with check boxes; the order of choosing is the order of the columns.
/// Names to tick, numbered in the order of ticking.
fn names(form: FormContext, path: Path, all: Signal<Vec<String>>) -> AnyView {
    let chosen = {
        let path = path.clone();
        Memo::new(move |_| match form.get(&path) {
            Json::Array(items) => items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    };
    let path = StoredValue::new(path);
    let boxes = move || {
        all.get()
            .into_iter()
            .map(|name| {
                let of_change = name.clone();
                let of_place = name.clone();
                let place = move || {
                    chosen
                        .with(|chosen| chosen.iter().position(|c| *c == of_place))
                        .map(|i| i + 1)
                };
                let is_chosen = {
                    let name = name.clone();
                    move || chosen.with(|chosen| chosen.contains(&name))
                };
                view! {
                    <li>
                        <label class="check">
                            <input
                                type="checkbox"
                                prop:checked=is_chosen
                                on:change=move |_| {
                                    let mut names = chosen.get_untracked();
                                    crate::state::edits::toggle(&mut names, of_change.clone());
                                    path.with_value(|path| form.set(path, names.into()));
                                }
                            />
                            <span class="check-name">{name}</span>
                            <span class="check-place">{place}</span>
                        </label>
                    </li>
                }
            })
            .collect_view()
    };
    view! { <ul class="plain-list check-list">{boxes}</ul> }.into_any()
}

/// A field beside each column; empty ones are left out.
fn text_by_column(form: FormContext, path: Path) -> AnyView {
    let before = form.get_untracked(&path);
    let path = StoredValue::new(path);
    let rows =
        move || {
            let before = before.clone();
            form.columns
            .get()
            .into_iter()
            .map(|name| {
                let id = path.with_value(|path| path.key(&name).id());
                let shown = before.get(&name).and_then(Json::as_str).unwrap_or_default().to_owned();
                let of_input = name.clone();
                let on_input = move |event| {
                    let typed = event_target_value(&event);
                    path.with_value(|path| {
                        let mut texts = form.get_untracked(path);
                        if typed.is_empty() {
                            if let Some(texts) = texts.as_object_mut() {
                                texts.remove(&of_input);
                            }
                        } else {
                            set(&mut texts, &Path::default().key(&of_input), Json::String(typed));
                        }
                        form.set(path, texts);
                    });
                };
                view! {
                    <li class="text-by-column">
                        <label for=id.clone() class="check-name">{name}</label>
                        <input id=id class="field" type="text" prop:value=shown on:input=on_input />
                    </li>
                }
            })
            .collect_view()
        };
    view! { <ul class="plain-list check-list">{rows}</ul> }.into_any()
}

fn table(form: FormContext, path: Path, id: String) -> AnyView {
    let options = move || {
        form.tables
            .get()
            .into_iter()
            .map(|(table, name)| {
                let value = serde_json::to_string(&table).unwrap_or_default();
                view! { <option value=value>{name}</option> }
            })
            .collect_view()
    };
    view! {
        <select
            id=id
            class="field"
            on:change=move |event| {
                let chosen = serde_json::from_str(&event_target_value(&event)).unwrap_or_default();
                form.set(&path, chosen);
            }
        >
            <option value="null">{text::CHOOSE_TABLE}</option>
            {options}
        </select>
    }
    .into_any()
}

fn choice(form: FormContext, path: Path, id: String, choices: Vec<Choice>) -> AnyView {
    let chosen = form.get_untracked(&path);
    let options = choices
        .iter()
        .enumerate()
        .map(|(i, choice)| {
            view! {
                <option value=i.to_string() selected=choice.value == chosen title=choice.help.clone()>
                    {choice.label.clone()}
                </option>
            }
        })
        .collect_view();
    view! {
        <select
            id=id
            class="field"
            on:change=move |event| {
                let idx: Option<usize> = event_target_value(&event).parse().ok();
                if let Some(choice) = idx.and_then(|idx| choices.get(idx)) {
                    form.set(&path, choice.value.clone());
                }
            }
        >
            {options}
        </select>
    }
    .into_any()
}

fn list(form: FormContext, path: Path, item: Field, min: usize) -> AnyView {
    // Its first inputs are there without asking for them.
    let mut items = form
        .get_untracked(&path)
        .as_array()
        .cloned()
        .unwrap_or_default();
    if items.len() < min {
        items.resize_with(min, || value::initial(&item));
        form.set(&path, Json::Array(items));
    }
    let length = {
        let path = path.clone();
        Memo::new(move |_| form.get(&path).as_array().map_or(0, Vec::len))
    };
    // Grows with every removal, so that the inputs after the removed one are drawn anew.
    let edition = RwSignal::new(0_u32);
    let (path, item) = (StoredValue::new(path), StoredValue::new(item));
    let change = move |change: &dyn Fn(&mut Vec<Json>)| {
        path.with_value(|path| {
            let mut items = form
                .get_untracked(path)
                .as_array()
                .cloned()
                .unwrap_or_default();
            change(&mut items);
            form.set(path, Json::Array(items));
        });
    };
    let rows = move || {
        edition.track();
        (0..length.get())
            .map(|i| {
                let field = Field {
                    label: text::item(i + 1),
                    ..item.get_value()
                };
                let path = path.with_value(|path| path.index(i));
                view! {
                    <li class="list-item">
                        <FieldView field=field path=path form=form />
                        <button
                            type="button"
                            class="link-button"
                            on:click=move |_| {
                                change(&|items| drop(items.remove(i)));
                                edition.update(|n| *n += 1);
                            }
                        >
                            {text::remove(&text::item(i + 1).to_lowercase())}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ol class="plain-list">{rows}</ol>
        <button
            type="button"
            class="button small"
            on:click=move |_| change(&|items| items.push(item.with_value(value::initial)))
        >
            {text::ADD_ITEM}
        </button>
    }
    .into_any()
}

fn variant(form: FormContext, path: Path, id: String, variants: Vec<Variant>) -> AnyView {
    let variants = StoredValue::new(variants);
    let path = StoredValue::new(path);
    let chosen = Memo::new(move |_| {
        let now = path.with_value(|path| form.get(path));
        variants.with_value(|variants| value::variant_idx(variants, &now))
    });
    let options = move || {
        variants.with_value(|variants| {
            let labels = variants.iter().enumerate().map(|(i, variant)| {
                let label = variant.label.clone();
                view! { <option value=i.to_string() selected=chosen.get_untracked() == Some(i)>{label}</option> }
            });
            labels.collect_view()
        })
    };
    let inner = move || {
        let variant = variants.with_value(|variants| variants.get(chosen.get()?).cloned())?;
        let path = path.with_value(|path| match &variant.shape {
            Shape::Keyed(key) => path.key(key),
            _ => path.clone(),
        });
        let is_empty = matches!(&variant.field.kind, Kind::Object(fields) if fields.is_empty());
        (!is_empty).then(|| view! { <FieldView field=variant.field path=path form=form /> })
    };
    view! {
        <select
            id=id
            class="field"
            aria-label=text::KIND
            on:change=move |event| {
                let idx: Option<usize> = event_target_value(&event).parse().ok();
                let new = variants.with_value(|variants| {
                    idx.and_then(|idx| variants.get(idx)).map(value::initial_variant)
                });
                if let Some(new) = new {
                    path.with_value(|path| form.set(path, new));
                }
            }
        >
            {options}
        </select>
        {inner}
    }
    .into_any()
}

fn nullable(form: FormContext, path: Path, id: String, inner: Field) -> AnyView {
    // Choices and columns have “none” as one more choice.
    if let Kind::Choice(choices) = inner.kind {
        let none = Choice {
            value: Json::Null,
            label: text::NONE.to_owned(),
            help: String::new(),
        };
        let all = std::iter::once(none).chain(choices).collect();
        return choice(form, path, id, all);
    }
    let is_set = {
        let path = path.clone();
        Memo::new(move |_| !form.get(&path).is_null())
    };
    let inner = StoredValue::new(inner);
    let path = StoredValue::new(path);
    let input = move || {
        is_set.get().then(|| {
            let inner_id = path.with_value(|path| format!("{}-value", path.id()));
            input(inner.get_value(), path.get_value(), form, &inner_id)
        })
    };
    view! {
        <label class="check">
            <input
                id=id
                type="checkbox"
                prop:checked=move || is_set.get()
                on:change=move |event| {
                    let is_on = event_target_checked(&event);
                    let new = if is_on { inner.with_value(value::initial) } else { Json::Null };
                    path.with_value(|path| form.set(path, new));
                }
            />
            <span>{text::SET}</span>
        </label>
        {input}
    }
    .into_any()
}

fn json(form: FormContext, path: Path, id: String) -> AnyView {
    let shown = serde_json::to_string(&form.get_untracked(&path)).unwrap_or_default();
    let is_bad = RwSignal::new(false);
    view! {
        <textarea
            id=id
            class="field code"
            rows="3"
            spellcheck="false"
            aria-invalid=move || is_bad.get().to_string()
            prop:value=shown
            on:input=move |event| match serde_json::from_str(&event_target_value(&event)) {
                Ok(new) => {
                    is_bad.set(false);
                    form.set(&path, new);
                }
                Err(_) => is_bad.set(true),
            }
        ></textarea>
    }
    .into_any()
}
