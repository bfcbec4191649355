//! What `cargo xtask bench` measures: a file opened as if dropped, timed by the page itself.

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::*;
use sluice_analysis::{Pill, Predicate, Value};
use sluice_protocol::load::ColumnType;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::File;

use crate::platform::files::PickedFile;
use crate::platform::time::performance_millis;
use crate::state::tables::Status;
use crate::state::{AppState, edits};
use crate::text;

/// How often the page's state is looked at; the error of every time.
const LOOK_EVERY_MILLIS: i32 = 2;

/// Tasks are stopped after they have run for this long.
const STOP_AFTER_MILLIS: f64 = 100.0;

/// Offers `window.__sluice_bench(file)` and `window.__sluice_bench_cancel(file)`.
pub fn install(state: AppState) {
    offer("__sluice_bench", move |file| measure(state, file));
    offer("__sluice_bench_cancel", move |file| {
        measure_cancel(state, file)
    });
}

fn offer<F>(name: &str, measure: impl Fn(File) -> F + 'static)
where
    F: Future<Output = Result<Object, JsValue>> + 'static,
{
    let measure = Closure::<dyn Fn(File) -> Promise>::new(move |file| {
        let measured = measure(file);
        future_to_promise(async move { measured.await.map(JsValue::from) })
    });
    Reflect::set(&js_sys::global(), &name.into(), measure.as_ref()).ok();
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
    // Rows and counts; the file's hash, which stands aside for both, may still run.
    until(move || {
        let is_counted = state.view.rows_in_view.get_untracked().is_some()
            && state
                .view
                .distributions
                .with_untracked(|all| !all.is_empty());
        let is_fetching = state.engine.running.with_untracked(|running| {
            running
                .values()
                .any(|task| task.label.as_deref() != Some(text::TASK_IDENTIFY))
        });
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

    object(&[
        ("load_ms", loaded - started),
        ("base_profile_ms", profiled - loaded),
        ("full_profile_ms", complete - loaded),
        ("filter_ms", filtered - clicked),
        (
            "wasm_bytes",
            state.engine.status.get_untracked().memory_bytes as f64,
        ),
    ])
}

/// From Cancel until nothing runs, in the page or in the worker: while a file is read, profiled and sorted.
async fn measure_cancel(state: AppState, file: File) -> Result<Object, JsValue> {
    let table = move || {
        let table = state.current.get_untracked()?;
        Some((table, state.tables.get_untracked(table)?))
    };
    state.open_files(vec![PickedFile { file, handle: None }]);
    let load_ms = cancel_in_the_middle(state).await?;
    let Some((current, _)) = table() else {
        return Err("no table was opened".into());
    };
    state.tables.retry(current);
    until(move || Ok(table().is_some_and(|(_, table)| table.is_profiling))).await?;
    let profile_ms = cancel_in_the_middle(state).await?;
    // By all texts, so that it takes long enough to be stopped.
    let texts: Vec<String> = table()
        .and_then(|(_, table)| table.info)
        .iter()
        .flat_map(|info| &info.columns)
        .filter(|column| column.column_type == ColumnType::Text)
        .map(|column| column.name.clone())
        .collect();
    state.edit(text::LABEL_SORT, |doc| {
        let grid = doc.grid_mut(current);
        grid.sort = texts.iter().fold(Vec::new(), |keys, column| {
            edits::cycle_sort(&keys, column, true)
        });
    });
    let sort_ms = cancel_in_the_middle(state).await?;
    object(&[
        ("cancel_load_ms", load_ms),
        ("cancel_profile_ms", profile_ms),
        ("cancel_sort_ms", sort_ms),
    ])
}

async fn cancel_in_the_middle(state: AppState) -> Result<f64, JsValue> {
    let begun = performance_millis();
    // A table that takes less cannot be stopped by a person.
    until(move || {
        Ok(state.engine.foremost().is_some() && performance_millis() - begun > STOP_AFTER_MILLIS)
    })
    .await?;
    let stopped = performance_millis();
    let Some((id, _)) = untrack(|| state.engine.foremost()) else {
        return Err("the task was over before it could be stopped".into());
    };
    state.engine.cancel(id);
    // What waited for it, such as the file's hash, may run now.
    until(move || {
        let is_over = state
            .engine
            .running
            .with_untracked(|running| !running.contains_key(&id));
        Ok(is_over && state.engine.has_let_go())
    })
    .await?;
    Ok(performance_millis() - stopped)
}

fn object(fields: &[(&str, f64)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), &(*value).into())?;
    }
    Ok(object)
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
