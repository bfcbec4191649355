//! A list of conditions, as in the view's pills.

use leptos::prelude::*;
use serde_json::Value as Json;
use sluice_analysis::{Pill, Predicate, TextMatch, Value};

use super::field::FormContext;
use super::value::Path;
use crate::state::pills::sentence;
use crate::text;

/// What can be asked of a column, in the order offered.
const TESTS: [(&str, &str); 9] = [
    ("is", text::PILL_IS),
    ("is-not", text::PILL_IS_NOT),
    ("at-least", text::TEST_AT_LEAST),
    ("below", text::TEST_BELOW),
    ("contains", text::PILL_CONTAINS),
    ("matches", text::PILL_MATCHES),
    ("missing", text::PILL_MISSING),
    ("present", text::PILL_PRESENT),
    ("expression", text::TEST_EXPRESSION),
];

#[component]
pub fn PredicateField(path: Path, form: FormContext) -> impl IntoView {
    let path = StoredValue::new(path);
    let pills = Memo::new(move |_| pills_of(&path.with_value(|path| form.get(path))));
    let put = move |pills: &[Pill]| {
        let json = serde_json::to_value(pills).unwrap_or_default();
        path.with_value(|path| form.set(path, json));
    };
    let column = RwSignal::new(String::new());
    let test = RwSignal::new("is".to_owned());
    let operand = RwSignal::new(String::new());
    let add = move || {
        let column = match column.get_untracked() {
            chosen if chosen.is_empty() => form.columns.with_untracked(|all| all.first().cloned()),
            chosen => Some(chosen),
        };
        let (test, operand) = (test.get_untracked(), operand.get_untracked());
        if let Some(pill) = column.and_then(|column| pill_of(column, &test, &operand)) {
            let mut pills = pills.get_untracked();
            pills.push(pill);
            put(&pills);
        }
    };
    let shown = move || {
        let all = pills.get();
        all.iter()
            .enumerate()
            .map(|(i, pill)| {
                let said = sentence(pill, None);
                view! {
                    <li class="pill">
                        <span class="pill-text">{said.clone()}</span>
                        <button
                            type="button"
                            class="pill-remove"
                            aria-label=text::remove(&said)
                            on:click=move |_| {
                                let mut pills = pills.get_untracked();
                                pills.remove(i);
                                put(&pills);
                            }
                        >
                            "×"
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let needs_operand = move || !["missing", "present"].contains(&test.get().as_str());
    let options = move || {
        form.columns
            .get()
            .into_iter()
            .map(|name| view! { <option value=name.clone()>{name.clone()}</option> })
            .collect_view()
    };
    let tests = TESTS.map(|(value, label)| view! { <option value=value>{label}</option> });
    view! {
        <ul class="plain-list pills">{shown}</ul>
        <div class="predicate-row">
            <select
                class="field"
                aria-label=text::COLUMN
                on:change=move |event| column.set(event_target_value(&event))
            >
                {options}
            </select>
            <select
                class="field"
                aria-label=text::TEST
                on:change=move |event| test.set(event_target_value(&event))
            >
                {tests}
            </select>
            <Show when=needs_operand>
                <input
                    class="field"
                    type="text"
                    aria-label=text::VALUE
                    prop:value=move || operand.get()
                    on:input=move |event| operand.set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            add();
                        }
                    }
                />
            </Show>
            <button type="button" class="button small" on:click=move |_| add()>{text::ADD_CONDITION}</button>
        </div>
    }
}

/// The condition that was put together; `None` if it lacks its value.
fn pill_of(column: String, test: &str, operand: &str) -> Option<Pill> {
    let operand = operand.trim();
    let find = |mode| {
        let pattern = operand.to_owned();
        (!pattern.is_empty()).then_some(Predicate::Text {
            pattern,
            mode,
            case_sensitive: false,
        })
    };
    let one_of = |negated| {
        (!operand.is_empty()).then(|| Predicate::OneOf {
            values: vec![typed(operand)],
            negated,
        })
    };
    let number = || operand.replace(',', ".").parse::<f64>().ok();
    let range = |low, high| Predicate::Range {
        low,
        high,
        high_inclusive: false,
    };
    let predicate = match test {
        "is" => one_of(false)?,
        "is-not" => one_of(true)?,
        "at-least" => range(Some(number()?), None),
        "below" => range(None, Some(number()?)),
        "contains" => find(TextMatch::Contains)?,
        "matches" => find(TextMatch::Regex)?,
        "missing" => Predicate::Missing(true),
        "present" => Predicate::Missing(false),
        "expression" if !operand.is_empty() => {
            return Some(Pill {
                column: String::new(),
                predicate: Predicate::Expression(operand.to_owned()),
            });
        }
        _ => return None,
    };
    Some(Pill { column, predicate })
}

/// What was typed, as the value it looks like.
fn typed(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        text => text
            .parse()
            .map(Value::Int)
            .or_else(|_| text.parse().map(Value::Float))
            .unwrap_or_else(|_| Value::Text(text.to_owned())),
    }
}

fn pills_of(json: &Json) -> Vec<Pill> {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(test: &str, operand: &str, expected: Option<&str>) {
        let pill = pill_of("x".to_owned(), test, operand);
        assert_eq!(pill.map(|pill| sentence(&pill, None)).as_deref(), expected);
    }

    #[test]
    fn a_condition_needs_its_value() {
        check("is", "en", Some("x is en"));
        check("is-not", "5", Some("x is not 5"));
        check("at-least", "0,5", Some("x ≥ 0.5"));
        check("below", "ten", None);
        check("contains", " ", None);
        check("missing", "", Some("x is missing"));
        check("expression", "x > 3", Some("x > 3"));
    }

    #[test]
    fn numbers_and_truth_values_are_recognised() {
        assert_eq!(typed("12"), Value::Int(12));
        assert_eq!(typed("1.5"), Value::Float(1.5));
        assert_eq!(typed("true"), Value::Bool(true));
        assert_eq!(typed("1,5"), Value::from("1,5"));
    }
}
