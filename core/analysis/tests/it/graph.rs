//! Documents drawn in one line: sources, then steps with what they read, then panels.
//!
//! `s t | a(s) b(a,t) c(b.1) | [c] [c/a]`: `b.1` is the side output of `b`, `[c/a]` a panel on `c` compared with `a`.

use std::collections::BTreeMap;

use sluice_analysis::{Analysis, Origin, Params, Ref, StepId};

pub fn draw(text: &str) -> Analysis {
    let mut analysis = Analysis::new(1);
    let mut tables: BTreeMap<String, Ref> = BTreeMap::new();
    let mut parts = text.split('|').map(str::split_whitespace);
    for name in parts.next().unwrap() {
        let id = analysis.add_source(name, Origin::Url { url: String::new() }, Params::new());
        tables.insert(name.to_owned(), Ref::Source(id));
    }
    let find = |tables: &BTreeMap<String, Ref>, name: &str| match name.split_once('.') {
        None => tables[name],
        Some((step, port)) => match tables[step] {
            Ref::Step(id, _) => Ref::Step(id, port.parse().unwrap()),
            Ref::Source(_) => panic!("a source has one output: {name}"),
        },
    };
    for step in parts.next().unwrap_or("".split_whitespace()) {
        let (name, inputs) = step.trim_end_matches(')').split_once('(').unwrap();
        let inputs = inputs.split(',').filter(|name| !name.is_empty());
        let inputs = inputs.map(|name| find(&tables, name)).collect();
        let id = analysis.add_step(name, 1, Params::new(), inputs);
        tables.insert(name.to_owned(), Ref::Step(id, 0));
    }
    for panel in parts.next().unwrap_or("".split_whitespace()) {
        let panel = panel.trim_matches(['[', ']']);
        let (a, b) = panel
            .split_once('/')
            .map_or((panel, None), |(a, b)| (a, Some(b)));
        let b = b.map(|b| find(&tables, b));
        analysis.add_panel("panel", find(&tables, a), b, Params::new());
    }
    assert_eq!(analysis.validate(), Ok(()), "{text}");
    analysis
}

pub fn print(analysis: &Analysis) -> String {
    assert_eq!(
        analysis.validate(),
        Ok(()),
        "an edit leaves a valid document"
    );
    let name = |table: Ref| match table {
        Ref::Source(id) => analysis.source(id).unwrap().name.clone(),
        Ref::Step(id, 0) => analysis.step(id).unwrap().op.clone(),
        Ref::Step(id, port) => format!("{}.{port}", analysis.step(id).unwrap().op),
    };
    let names = |tables: &[Ref]| tables.iter().map(|table| name(*table)).collect::<Vec<_>>();
    let sources: Vec<_> = analysis
        .sources
        .iter()
        .map(|source| source.name.clone())
        .collect();
    let steps = analysis.steps.iter();
    let steps: Vec<_> = steps
        .map(|step| format!("{}({})", step.op, names(&step.inputs).join(",")))
        .collect();
    let panels = analysis.panels.iter();
    let panels: Vec<_> = panels
        .map(|panel| match panel.b {
            None => format!("[{}]", name(panel.a)),
            Some(b) => format!("[{}/{}]", name(panel.a), name(b)),
        })
        .collect();
    let parts = [sources, steps, panels].map(|part| part.join(" "));
    parts.join(" | ").trim_end_matches([' ', '|']).to_owned()
}

pub fn step(analysis: &Analysis, name: &str) -> StepId {
    analysis
        .steps
        .iter()
        .find(|step| step.op == name)
        .unwrap()
        .id
}
