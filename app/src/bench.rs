//! What `cargo xtask bench` measures: a file opened as if dropped, timed by the page itself.

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::*;
use sluice_analysis::{Pill, Predicate, Value};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::File;

use crate::platform::files::PickedFile;
use crate::platform::time::performance_millis;
use crate::state::AppState;
use crate::state::tables::Status;

/// How often the page's state is looked at; the error of every time.
const LOOK_EVERY_MILLIS: i32 = 2;

/// Offers `window.__sluice_bench(file)`.
pub fn install(state: AppState) {
    let measure = Closure::<dyn Fn(File) -> Promise>::new(move |file| {
        future_to_promise(async move { measure(state, file).await.map(JsValue::from) })
    });
    Reflect::set(
        &js_sys::global(),
        &"__sluice_bench".into(),
        measure.as_ref(),
    )
    .ok();
    measure.forget();
}

async fn measure(state: AppState, file: File) -> Result<Object, JsValue> {
    let table = move || {
        state
            .current
            .get_untracked()
            .and_then(|table| state.tables.get_untracked(table))
    };
    let started = performance_millis();
    state.open_files(vec![PickedFile { file, handle: None }]);
    until(move || {
        let status = table().map(|table| table.status);
        match status {
            Some(Status::Failed(failure)) => Err(failure.message.into()),
            status => Ok(status == Some(Status::Ready)),
        }
    })
    .await?;
    let loaded = performance_millis();
    until(move || {
        Ok(table().is_some_and(|table| {
            table
                .info
                .as_ref()
                .is_some_and(|info| info.columns.len() == table.columns.len())
        }))
    })
    .await?;
    let profiled = performance_millis();
    until(move || Ok(table().is_some_and(|table| table.profile.is_some() && !table.is_profiling)))
        .await?;
    let complete = performance_millis();
    let pills = vec![
        Pill {
            column: "amount".to_owned(),
            predicate: Predicate::Range {
                low: Some(100.0),
                high: None,
                high_inclusive: false,
            },
        },
        Pill {
            column: "category".to_owned(),
            predicate: Predicate::OneOf {
                values: vec![Value::from("c03")],
                negated: false,
            },
        },
    ];
    let clicked = performance_millis();
    state.edit("filter", |doc| doc.view.pills = pills);
    // The rows of the grid are asked for without a label: no person waits for them as for a task.
    until(move || {
        let is_counted = state.view.rows_in_view.get_untracked().is_some()
            && state
                .view
                .distributions
                .with_untracked(|all| !all.is_empty());
        let is_fetching = state
            .engine
            .running
            .with_untracked(|running| running.values().any(|task| task.label.is_none()));
        Ok(is_counted && !is_fetching)
    })
    .await?;
    let filtered = performance_millis();
    // The engine reports its memory when it has nothing to do.
    until(move || {
        Ok(state
            .engine
            .running
            .with_untracked(|running| running.is_empty()))
    })
    .await?;

    let answer = Object::new();
    for (name, value) in [
        ("load_ms", loaded - started),
        ("base_profile_ms", profiled - loaded),
        ("full_profile_ms", complete - loaded),
        ("filter_ms", filtered - clicked),
        (
            "wasm_bytes",
            state.engine.status.get_untracked().memory_bytes as f64,
        ),
    ] {
        Reflect::set(&answer, &name.into(), &value.into())?;
    }
    Ok(answer)
}

async fn until(holds: impl Fn() -> Result<bool, JsValue>) -> Result<(), JsValue> {
    while !holds()? {
        let wait = Promise::new(&mut |resolve, _| {
            if let Some(window) = web_sys::window() {
                window
                    .set_timeout_with_callback_and_timeout_and_arguments_0(
                        &resolve,
                        LOOK_EVERY_MILLIS,
                    )
                    .ok();
            }
        });
        JsFuture::from(wait).await?;
    }
    Ok(())
}
