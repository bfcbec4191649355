use sluice_analysis::{
    Analysis, DocumentError, Note, PanelId, Predicate, Ref, Selection, SourceId, StepId, Value,
    link,
};

use crate::graph::draw;
use crate::samples::{params, pill, polygon};

/// The edited document is refused with this message, and is neither written as a link nor as a file.
#[track_caller]
fn check(edit: impl FnOnce(&mut Analysis), expected: &str) {
    let mut analysis = draw("s t | a(s) b(a) | [b/t]");
    edit(&mut analysis);
    let error: DocumentError = analysis.validate().unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert_eq!(link::encode(&analysis), Err(error.clone()));
    assert_eq!(link::to_json(&analysis), Err(error));
}

#[test]
fn ids_are_checked() {
    check(
        |a| a.steps[0].id = StepId(1),
        "id 1 is used twice in the analysis",
    );
    check(
        |a| a.next_id = 5,
        "id 5 was never given out: the next one is 5",
    );
    check(
        |a| a.next_id = u32::MAX,
        "the analysis has 4294967295 ids; at most 1073741824 are accepted",
    );
}

#[test]
fn references_are_checked() {
    let missing = Ref::Step(StepId(99), 1);
    check(
        |a| a.steps[1].inputs.push(missing),
        "step 4 reads output 1 of step 99, which does not exist",
    );
    check(
        |a| a.steps[0].inputs = vec![Ref::Step(StepId(3), 1)],
        "step 3 depends on itself",
    );
    check(
        |a| a.steps[0].inputs = vec![Ref::Step(StepId(4), 0)],
        "step 3 depends on itself",
    );
    check(
        |a| a.steps.swap(0, 1),
        "step 4 reads step 3, which comes after it",
    );
    check(
        |a| a.panels[0].a = missing,
        "the panel looks at output 1 of step 99, which does not exist",
    );
    check(
        |a| a.panels[0].b = Some(missing),
        "the panel looks at output 1 of step 99, which does not exist",
    );
    let missing = Ref::Source(SourceId(99));
    check(
        |a| a.view.table = Some(missing),
        "the view looks at source 99, which does not exist",
    );
    check(
        |a| a.view.compare = Some(missing),
        "the view looks at source 99, which does not exist",
    );
    check(
        |a| _ = a.grid_mut(missing),
        "the grid looks at source 99, which does not exist",
    );
    let note = Note {
        panel: Some(PanelId(99)),
        text: String::new(),
    };
    check(
        |a| a.notes.push(note),
        "a note belongs to panel 99, which does not exist",
    );
}

#[test]
fn counts_are_checked() {
    check(
        |a| a.steps[0].inputs = vec![Ref::Source(SourceId(1)); 20_000],
        "the analysis has 20001 inputs; at most 16384 are accepted",
    );
    check(
        |a| a.view.pills = vec![pill("x", Predicate::Missing(true)); 1025],
        "the analysis has 1025 pills; at most 1024 are accepted",
    );
    check(
        |a| a.view.selection = Selection::Where(vec![pill("x", Predicate::Missing(true)); 1025]),
        "the analysis has 1025 conditions; at most 1024 are accepted",
    );
    check(
        |a| a.steps[0].params = params(&[("list", Value::List(vec![Value::Null; 50_000]))]),
        "the analysis has 50001 parameter values; at most 50000 are accepted",
    );
}

#[test]
fn lengths_are_checked() {
    let long = || "x".repeat(4097);
    check(
        |a| a.title = long(),
        "a title is 4097 bytes long; at most 4096 are accepted",
    );
    check(
        |a| a.set_pill(pill(&long(), Predicate::Missing(true))),
        "a column name is 4097 bytes long; at most 4096 are accepted",
    );
    check(
        |a| {
            a.notes.push(Note {
                panel: None,
                text: "x".repeat((1 << 20) + 1),
            })
        },
        "a note is 1048577 bytes long; at most 1048576 are accepted",
    );
}

#[test]
fn selections_are_checked() {
    let rows = |rows: Vec<u64>| move |a: &mut Analysis| a.view.selection = Selection::Rows(rows);
    check(
        rows(vec![2, 1]),
        "the selected rows are not in ascending order",
    );
    check(
        rows(vec![1, 1]),
        "the selected rows are not in ascending order",
    );
    check(
        rows((0..10_001).collect()),
        "the analysis has 10001 selected rows; at most 10000 are accepted",
    );
    check(
        |a| a.view.selection = polygon(&[(0.0, 1.0), (f64::INFINITY, 1.0)]),
        "the selected polygon has a corner that is not a finite number",
    );
}
