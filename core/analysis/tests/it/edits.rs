use proptest::prelude::*;
use sluice_analysis::{
    Analysis, DocumentError, Note, Origin, PanelId, Params, Predicate, Ref, Selection, SourceId,
    StepId,
};

use crate::graph::{draw, print, step};
use crate::samples::{params, pill, polygon};
use crate::strategies;

#[test]
fn ids_are_shared_and_never_given_twice() {
    let mut analysis = Analysis::new(7);
    let url = || Origin::Url { url: String::new() };
    let source = analysis.add_source("s", url(), Params::new());
    let step = analysis.add_step("op", 1, Params::new(), vec![Ref::Source(source)]);
    let panel = analysis.add_panel("panel", Ref::Step(step, 0), None, Params::new());
    assert_eq!((source, step, panel), (SourceId(1), StepId(2), PanelId(3)));
    analysis.remove_source(source).unwrap();
    assert_eq!(analysis.add_source("t", url(), Params::new()), SourceId(4));
}

#[test]
fn removing_a_step_relinks_what_reads_it() {
    let check = |before: &str, name: &str, after: &str| {
        let mut analysis = draw(before);
        analysis.remove_step(step(&analysis, name)).unwrap();
        assert_eq!(print(&analysis), after, "{before} without {name}");
    };
    check("s | a(s)", "a", "s");
    check("s | a(s) b(a) c(b)", "b", "s | a(s) c(a)");
    check("s | a(s) b(a) c(a)", "a", "s | b(s) c(s)");
    check("s t | a(s,t) b(a)", "a", "s t | b(s)");
    check("s | a(s) b(a) | [b] [b/s]", "b", "s | a(s) | [a] [a/s]");
    // Before and after the removed step are now the same table.
    check("s | a(s) b(a) | [b/a]", "b", "s | a(s) | [a]");
    // A comparison of a table with itself was meant so.
    check("s | a(s) b(a) | [b/b]", "b", "s | a(s) | [a/a]");
    // What a step set aside goes with it.
    check(
        "s | a(s) b(a.1) c(b) d(a) | [a.1] [a/a.1] [c]",
        "a",
        "s | d(s) | [s]",
    );
    // A step without inputs is like a source.
    check(
        "s | g() a(g) b(s,a) c(s) | [b] [c/g]",
        "g",
        "s | c(s) | [c]",
    );
}

#[test]
fn removing_a_source_removes_what_depends_on_it() {
    let check = |before: &str, after: &str| {
        let mut analysis = draw(before);
        analysis.remove_source(analysis.sources[0].id).unwrap();
        assert_eq!(print(&analysis), after, "{before}");
    };
    check("s", "");
    check("s t | a(s) b(a) c(t) | [a] [c/a] [t]", "t | c(t) | [c] [t]");
    check(
        "s t | a(t) b(a,s) c(b) d(a) | [c] [d/b.1]",
        "t | a(t) d(a) | [d]",
    );
}

#[test]
fn removing_takes_along_notes_grids_and_conditions() {
    let mut analysis = draw("s t | a(s) b(t) | [a] [b]");
    let [a, b] = [0, 1].map(|i| analysis.panels[i].id);
    for panel in [None, Some(a), Some(b)] {
        analysis.notes.push(Note {
            panel,
            text: "text".to_owned(),
        });
    }
    for table in analysis.tables() {
        analysis.grid_mut(table);
    }
    let a_table = Ref::Step(step(&analysis, "a"), 0);
    analysis.view.table = Some(a_table);
    analysis.view.compare = Some(Ref::Source(analysis.sources[0].id));
    analysis.set_pill(pill("x", Predicate::Missing(true)));
    analysis.view.selection = polygon(&[(0.0, 0.0)]);

    let mut other = analysis.clone();
    other.remove_source(analysis.sources[1].id).unwrap();
    assert_eq!(
        other.view.pills.len(),
        1,
        "the pill is about rows of the other source"
    );
    assert_eq!(other.view.table, Some(a_table), "the view stays");

    let source = analysis.sources[0].id;
    analysis.remove_source(source).unwrap();
    let noted: Vec<_> = analysis.notes.iter().map(|note| note.panel).collect();
    assert_eq!(
        noted,
        [None, Some(b)],
        "the note beside the removed panel goes"
    );
    assert_eq!(
        analysis.view.grids.len(),
        2,
        "the grids of the two removed tables go"
    );
    assert_eq!(analysis.view.table, None);
    assert_eq!(analysis.view.compare, None);
    assert_eq!(analysis.view.pills, []);
    assert_eq!(analysis.view.selection, Selection::None);

    analysis.remove_panel(b).unwrap();
    assert_eq!(
        analysis.notes.len(),
        1,
        "the note beside the whole analysis stays"
    );
}

#[test]
fn row_numbers_are_forgotten_when_rows_may_change() {
    let check = |what: &str, is_kept: bool, edit: &dyn Fn(&mut Analysis)| {
        let mut analysis = draw("s t | a(s) b(a) c(t)");
        analysis.view.table = Some(Ref::Step(step(&analysis, "b"), 0));
        analysis.view.selection = Selection::Rows(vec![1, 2]);
        edit(&mut analysis);
        assert_eq!(
            analysis.view.selection == Selection::Rows(vec![1, 2]),
            is_kept,
            "{what}"
        );
    };
    let id = |analysis: &Analysis, name| step(analysis, name);
    check("upstream step off", false, &|a| {
        a.set_enabled(id(a, "a"), false).unwrap()
    });
    check("other step off", true, &|a| {
        a.set_enabled(id(a, "c"), false).unwrap()
    });
    check("step on that is on", true, &|a| {
        a.set_enabled(id(a, "a"), true).unwrap()
    });
    check("upstream step removed", false, &|a| {
        a.remove_step(id(a, "a")).unwrap()
    });
    check("other step removed", true, &|a| {
        a.remove_step(id(a, "c")).unwrap()
    });
    check("chain re-linked", false, &|a| {
        a.move_step(id(a, "b"), 0).unwrap()
    });
    check("only the list reordered", true, &|a| {
        a.move_step(id(a, "c"), 0).unwrap()
    });
}

#[test]
fn moving_a_step_relinks_its_chain() {
    let check = |before: &str, name: &str, new_index: usize, after: &str| {
        let mut analysis = draw(before);
        analysis
            .move_step(step(&analysis, name), new_index)
            .unwrap();
        assert_eq!(
            print(&analysis),
            after,
            "{before} with {name} at {new_index}"
        );
    };
    let chain = "s | a(s) b(a) c(b)";
    check(chain, "c", 1, "s | a(s) c(a) b(c)");
    check(chain, "c", 0, "s | c(s) a(c) b(a)");
    check(chain, "a", 1, "s | b(s) a(b) c(a)");
    check(chain, "a", 2, "s | b(s) c(b) a(c)");
    check(chain, "a", 99, "s | b(s) c(b) a(c)");
    check(chain, "b", 1, chain);
    // Without links between them only the list changes.
    check("s t | a(s) b(t)", "b", 0, "s t | b(t) a(s)");
    check("s t | a(s) x(t) b(a)", "b", 1, "s t | a(s) b(a) x(t)");
    // Steps of other chains in between stay out of it.
    check(
        "s t | a(s) x(t) b(a) y(x)",
        "b",
        0,
        "s t | b(s) a(b) x(t) y(x)",
    );
    // What read the chain's end reads its new end; panels stay with their step.
    check(
        "s | a(s) b(a) c(b) d(b) | [b] [a/s]",
        "b",
        0,
        "s | b(s) a(b) c(a) d(a) | [b] [a/s]",
    );
    // Second inputs from before the chain, and side outputs of its end, stay.
    check(
        "s t | a(s) b(a,t) c(b.1)",
        "b",
        0,
        "s t | b(s,t) a(b) c(b.1)",
    );
}

#[test]
fn a_move_that_has_no_meaning_is_refused() {
    let check = |before: &str, name: &str, new_index: usize, expected: &str| {
        let mut analysis = draw(before);
        let result = analysis.move_step(step(&analysis, name), new_index);
        assert_eq!(result.unwrap_err().to_string(), expected, "{before}");
        assert_eq!(analysis, draw(before), "a refused move changes nothing");
    };
    // `d` reads from the middle, and would see `c` applied or not.
    let forked = "s | a(s) b(a) d(a)";
    check(
        forked,
        "b",
        0,
        "step 3 cannot move there: step 4 is not in one chain with it",
    );
    // The moved step would come before its second input.
    let joined = "s t | a(s) x(t) b(a,x)";
    check(
        joined,
        "b",
        0,
        "step 5 cannot move there: step 4 is not in one chain with it",
    );
    // The step after it reads what it sets aside.
    let side = "s | a(s) b(a,a.1)";
    check(
        side,
        "a",
        1,
        "step 2 cannot move there: step 3 is not in one chain with it",
    );
    // Nothing comes before a step that makes rows of its own.
    check(
        "s | g() a(g)",
        "a",
        0,
        "step 3 cannot move there: step 2 is not in one chain with it",
    );
    let mut analysis = draw("s");
    assert_eq!(
        analysis.move_step(StepId(9), 0),
        Err(DocumentError::UnknownId { id: 9 })
    );
}

#[test]
fn unknown_ids_are_refused() {
    let mut analysis = draw("s | a(s)");
    let refused = Err(DocumentError::UnknownId { id: 9 });
    assert_eq!(analysis.remove_source(SourceId(9)), refused);
    assert_eq!(analysis.remove_step(StepId(9)), refused);
    assert_eq!(analysis.remove_panel(PanelId(9)), refused);
    assert_eq!(analysis.set_enabled(StepId(9), true), refused);
}

#[test]
fn the_current_table_is_chosen_or_the_last() {
    let mut analysis = draw("s t | a(s) b(a)");
    let [a, b] = ["a", "b"].map(|name| step(&analysis, name));
    let check = |analysis: &Analysis, expected: Ref| {
        assert_eq!(analysis.current_table(), Some(expected));
    };
    check(&analysis, Ref::Step(b, 0));
    analysis.set_enabled(b, false).unwrap();
    check(&analysis, Ref::Step(a, 0));
    analysis.set_enabled(a, false).unwrap();
    check(&analysis, Ref::Source(analysis.sources[0].id));
    analysis.view.table = Some(Ref::Step(b, 1));
    check(&analysis, Ref::Step(b, 1));
    assert_eq!(Analysis::new(1).current_table(), None);
}

#[test]
fn dependence_goes_through_steps_and_by_port() {
    let analysis = draw("s t | a(s) b(a) c(b.1,t)");
    let [a, b, c] = ["a", "b", "c"].map(|name| step(&analysis, name));
    let source = |i: usize| Ref::Source(analysis.sources[i].id);
    assert!(analysis.depends_on(c, source(0)));
    assert!(analysis.depends_on(c, Ref::Step(a, 0)));
    assert!(analysis.depends_on(c, Ref::Step(b, 1)));
    assert!(!analysis.depends_on(c, Ref::Step(b, 0)));
    assert!(!analysis.depends_on(b, source(1)));
    assert!(!analysis.depends_on(b, Ref::Step(b, 0)));
    assert!(!analysis.depends_on(StepId(99), source(0)));
}

#[test]
fn params_of_steps_and_panels_can_be_edited() {
    let mut analysis = draw("s | a(s) | [a]");
    let (step, panel) = (analysis.steps[0].id, analysis.panels[0].id);
    analysis.step_mut(step).unwrap().params = params(&[("min", 1.into())]);
    analysis.panel_mut(panel).unwrap().spec = params(&[("n_bins", 8.into())]);
    analysis.source_mut(SourceId(1)).unwrap().name = "renamed".to_owned();
    assert_eq!(analysis.step(step).unwrap().params["min"].as_int(), Some(1));
    assert_eq!(
        analysis.panel(panel).unwrap().spec["n_bins"].as_int(),
        Some(8)
    );
    assert_eq!(analysis.source(SourceId(1)).unwrap().name, "renamed");
}

proptest! {
    #[test]
    fn every_edit_leaves_a_valid_document(
        mut analysis in strategies::analysis(),
        edits in proptest::collection::vec((0..4, any::<usize>(), any::<usize>()), 1..8),
    ) {
        for (kind, which, place) in edits {
            let step = analysis.steps.get(which % 6).map_or(StepId(0), |step| step.id);
            let source = analysis.sources.get(which % 4).map_or(SourceId(0), |source| source.id);
            let panel = analysis.panels.get(which % 4).map_or(PanelId(0), |panel| panel.id);
            let before = analysis.clone();
            let result = match kind {
                0 => analysis.move_step(step, place % 6),
                1 => analysis.remove_step(step),
                2 => analysis.remove_source(source),
                _ => analysis.remove_panel(panel),
            };
            prop_assert_eq!(analysis.validate(), Ok(()));
            if result.is_err() {
                prop_assert_eq!(format!("{:?}", analysis), format!("{:?}", before));
            }
        }
    }
}
