use sluice_analysis::{Analysis, Predicate, Ref, TextMatch, Value};

use crate::graph::draw;
use crate::samples::pill;

#[test]
fn a_pill_replaces_its_like() {
    let range = |low| {
        let bounds = Predicate::Range {
            low: Some(low),
            high: None,
            high_inclusive: false,
        };
        pill("x", bounds)
    };
    let search = |pattern: &str| {
        let pattern = pattern.to_owned();
        pill(
            "",
            Predicate::Text {
                pattern,
                mode: TextMatch::Contains,
                case_sensitive: false,
            },
        )
    };
    let expression = |text: &str| pill("", Predicate::Expression(text.to_owned()));
    let mut analysis = Analysis::new(1);
    for one in [
        range(1.0),
        search("a"),
        expression("x > 1"),
        pill("x", Predicate::Missing(false)),
        range(2.0),
        search("ab"),
        expression("y > 1"),
        expression("x > 1"),
    ] {
        analysis.set_pill(one);
    }
    let expected = [
        range(2.0),
        search("ab"),
        expression("x > 1"),
        pill("x", Predicate::Missing(false)),
        expression("y > 1"),
    ];
    assert_eq!(analysis.view.pills, expected);
    assert_eq!(analysis.remove_pill(1), Some(search("ab")));
    assert_eq!(analysis.remove_pill(4), None);
    analysis.clear_pills();
    assert_eq!(analysis.view.pills, []);
}

#[test]
fn a_value_is_toggled_in_its_columns_list() {
    let mut analysis = Analysis::new(1);
    let mut check = |column: &str, value: Value, expected: &str| {
        analysis.toggle_value(column, value);
        let pills = analysis
            .view
            .pills
            .iter()
            .map(|pill| match &pill.predicate {
                Predicate::OneOf {
                    values,
                    negated: false,
                } => format!("{}: {values:?}", pill.column),
                other => panic!("{other:?}"),
            });
        assert_eq!(pills.collect::<Vec<_>>().join(" and "), expected);
    };
    check("k", "a".into(), r#"k: [Text("a")]"#);
    check("k", "b".into(), r#"k: [Text("a"), Text("b")]"#);
    check(
        "x",
        f64::NAN.into(),
        r#"k: [Text("a"), Text("b")] and x: [Float(NaN)]"#,
    );
    check("k", "a".into(), r#"k: [Text("b")] and x: [Float(NaN)]"#);
    check("x", f64::NAN.into(), r#"k: [Text("b")]"#);
    check("k", "b".into(), "");

    let excluded = Predicate::OneOf {
        values: vec!["a".into()],
        negated: true,
    };
    analysis.set_pill(pill("k", excluded));
    analysis.toggle_value("k", "b".into());
    let expected = Predicate::OneOf {
        values: vec!["a".into(), "b".into()],
        negated: true,
    };
    assert_eq!(analysis.view.pills, [pill("k", expected)]);
}

#[test]
fn a_grid_is_made_once() {
    let mut analysis = draw("s t");
    let [s, t] = [0, 1].map(|i| Ref::Source(analysis.sources[i].id));
    assert_eq!(analysis.grid(s), None);
    analysis.grid_mut(s).hidden.push("x".to_owned());
    analysis.grid_mut(t);
    analysis.grid_mut(s).hidden.push("y".to_owned());
    assert_eq!(analysis.grid(s).unwrap().hidden, ["x", "y"]);
    assert_eq!(analysis.view.grids.len(), 2);
}
