//! What the screen does to the document, as plain functions.

use sluice_analysis::{
    Analysis, Bench, FileIdentity, GridView, Origin, PanelId, Params, Pill, Predicate, Ref,
    Selection, SortKey, Source, SourceId, StepId, Value,
};

/// The panel that a first table gets.
pub const OVERVIEW: &str = "overview";
pub const CHART: &str = "chart";

/// The table compared with the current one.
pub fn compared(doc: &Analysis) -> Option<Ref> {
    let current = doc.current_table();
    doc.view
        .compare
        .filter(|table| doc.has_table(*table) && Some(*table) != current)
}

/// Adds a source and looks at it. The first one gets an overview beside it.
pub fn add_source(doc: &mut Analysis, name: &str, origin: Origin) -> SourceId {
    let is_first = doc.sources.is_empty();
    let id = doc.add_source(name, origin, Params::new());
    let table = Ref::Source(id);
    if is_first {
        doc.add_panel(OVERVIEW, table, None, Params::new());
        if doc.title.is_empty() {
            doc.title = title_of(name);
        }
    } else {
        look_at(doc, table);
    }
    id
}

/// A file name without its last extensions.
fn title_of(name: &str) -> String {
    let stem = name.split('.').next().filter(|stem| !stem.is_empty());
    stem.unwrap_or(name).to_owned()
}

/// Replaces a source of several files by one source per file; they did not make one table.
pub fn split_source(doc: &mut Analysis, id: SourceId) -> Vec<SourceId> {
    let Some(Source {
        origin: Origin::Files(files),
        load,
        ..
    }) = doc.source(id).cloned()
    else {
        return Vec::new();
    };
    let mut ids = vec![id];
    for (i, file) in files.into_iter().enumerate() {
        let name = file.name.clone();
        let origin = Origin::Files(vec![file]);
        if i == 0 {
            if let Some(source) = doc.source_mut(id) {
                source.name = name;
                source.origin = origin;
            }
        } else {
            ids.push(doc.add_source(name, origin, load.clone()));
        }
    }
    ids
}

/// Looks at a table. Pills and selection are about the rows of the table before and go.
pub fn look_at(doc: &mut Analysis, table: Ref) {
    if doc.current_table() == Some(table) {
        return;
    }
    doc.view.table = Some(table);
    doc.view.pills.clear();
    doc.view.selection = Selection::None;
    if doc.view.compare == Some(table) {
        doc.view.compare = None;
    }
}

/// Appends a step that reads the current table (and `others`), and looks at its output. Panels that looked at
/// the current table follow.
pub fn append_step(
    doc: &mut Analysis,
    op: &str,
    op_version: u32,
    params: Params,
    others: Vec<Ref>,
) -> Option<StepId> {
    let current = doc.current_table()?;
    Some(append_step_after(
        doc, current, op, op_version, params, others,
    ))
}

/// Like [`append_step`], after a table that need not be the current one.
pub fn append_step_after(
    doc: &mut Analysis,
    after: Ref,
    op: &str,
    op_version: u32,
    params: Params,
    others: Vec<Ref>,
) -> StepId {
    let inputs = std::iter::once(after).chain(others).collect();
    let id = doc.add_step(op, op_version, params, inputs);
    let table = Ref::Step(id, 0);
    for panel in doc.panels.iter_mut().filter(|panel| panel.a == after) {
        panel.a = table;
    }
    let arrangement = doc.grid(after).cloned();
    look_at(doc, table);
    if let Some(arrangement) = arrangement {
        *doc.grid_mut(table) = GridView {
            table,
            ..arrangement
        };
    }
    id
}

/// Sets or clears what overrides a guess of the sniffer.
pub fn set_load(doc: &mut Analysis, id: SourceId, name: &str, value: Option<Value>) {
    if let Some(source) = doc.source_mut(id) {
        match value {
            Some(value) => drop(source.load.insert(name.to_owned(), value)),
            None => drop(source.load.remove(name)),
        }
    }
}

/// Takes the files offered now for those of the source.
pub fn accept_files(doc: &mut Analysis, id: SourceId, files: Vec<FileIdentity>) {
    if let Some(source) = doc.source_mut(id) {
        source.origin = Origin::Files(files);
    }
}

/// Compares with `other`, or stops comparing.
pub fn compare_with(doc: &mut Analysis, other: Option<Ref>) {
    let current = doc.current_table();
    // Held fast: the last step would else become another table when steps are added.
    doc.view.table = current;
    doc.view.compare = other.filter(|other| Some(*other) != current);
    let b = doc.view.compare;
    for panel in doc
        .panels
        .iter_mut()
        .filter(|panel| Some(panel.a) == current)
    {
        panel.b = b;
    }
}

pub fn set_bench(doc: &mut Analysis, bench: Bench) {
    doc.view.bench = bench;
}

/// Adds a chart of `columns` of the current table.
pub fn add_chart(doc: &mut Analysis, spec: Params) -> Option<PanelId> {
    let a = doc.current_table()?;
    let b = compared(doc);
    Some(doc.add_panel(CHART, a, b, spec))
}

/// Moves a step by `offset` places in the list.
pub fn shift_step(
    doc: &mut Analysis,
    id: StepId,
    offset: isize,
) -> Result<(), sluice_analysis::DocumentError> {
    match doc.steps.iter().position(|step| step.id == id) {
        Some(index) => doc.move_step(id, index.saturating_add_signed(offset)),
        None => Ok(()),
    }
}

/// Sets a condition, or takes it away if it is there already.
pub fn toggle_pill(doc: &mut Analysis, pill: Pill) {
    match doc.view.pills.iter().position(|other| *other == pill) {
        Some(pill_idx) => drop(doc.remove_pill(pill_idx)),
        None => doc.set_pill(pill),
    }
}

/// Marks or unmarks a row; false if the selection would hold more rows than a document may.
pub fn toggle_row(doc: &mut Analysis, row: u64) -> bool {
    let mut rows = match &doc.view.selection {
        Selection::Rows(rows) => rows.clone(),
        _ => Vec::new(),
    };
    match rows.binary_search(&row) {
        Ok(place) => drop(rows.remove(place)),
        Err(_) if rows.len() >= Selection::MAX_ROWS => return false,
        Err(place) => rows.insert(place, row),
    }
    doc.view.selection = if rows.is_empty() {
        Selection::None
    } else {
        Selection::Rows(rows)
    };
    true
}

/// Adds a name to a list or takes it out.
pub fn toggle(names: &mut Vec<String>, name: String) {
    match names.iter().position(|other| *other == name) {
        Some(place) => drop(names.remove(place)),
        None => names.push(name),
    }
}

/// Sorts the grid by a column: by it alone, or after the keys there are. A third click unsorts.
pub fn cycle_sort(sort: &[SortKey], column: &str, add: bool) -> Vec<SortKey> {
    let place = sort.iter().position(|key| key.column == column);
    let next = match place.map(|i| sort[i].descending) {
        None => Some(false),
        Some(false) => Some(true),
        Some(true) => None,
    };
    let key = next.map(|descending| SortKey {
        column: column.to_owned(),
        descending,
    });
    if !add {
        return key.into_iter().collect();
    }
    let mut keys = sort.to_vec();
    match (place, key) {
        (Some(i), Some(key)) => keys[i] = key,
        (Some(i), None) => drop(keys.remove(i)),
        (None, Some(key)) => keys.push(key),
        (None, None) => {}
    }
    keys
}

/// Replaces the search pill over all columns; an empty pattern removes it.
pub fn search(
    doc: &mut Analysis,
    pattern: &str,
    mode: sluice_analysis::TextMatch,
    case_sensitive: bool,
) {
    let is_search =
        |pill: &Pill| pill.column.is_empty() && matches!(pill.predicate, Predicate::Text { .. });
    if pattern.is_empty() {
        doc.view.pills.retain(|pill| !is_search(pill));
    } else {
        let predicate = Predicate::Text {
            pattern: pattern.to_owned(),
            mode,
            case_sensitive,
        };
        doc.set_pill(Pill {
            column: String::new(),
            predicate,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_sources() -> (Analysis, Ref, Ref) {
        let mut doc = Analysis::new(1);
        let a = add_source(&mut doc, "a.csv", Origin::Files(vec![]));
        let b = add_source(&mut doc, "b.csv", Origin::Files(vec![]));
        look_at(&mut doc, Ref::Source(a));
        (doc, Ref::Source(a), Ref::Source(b))
    }

    #[test]
    fn the_first_source_brings_a_title_and_an_overview() {
        let (doc, a, _) = two_sources();
        assert_eq!(doc.title, "a");
        assert_eq!(doc.panels.len(), 1);
        assert_eq!(
            (doc.panels[0].kind.as_str(), doc.panels[0].a),
            (OVERVIEW, a)
        );
    }

    #[test]
    fn a_new_step_is_looked_at_and_panels_follow() {
        let (mut doc, a, b) = two_sources();
        compare_with(&mut doc, Some(b));
        let id = append_step(&mut doc, "sort", 1, Params::new(), vec![]).unwrap();
        assert_eq!(doc.step(id).unwrap().inputs, [a]);
        assert_eq!(doc.current_table(), Some(Ref::Step(id, 0)));
        assert_eq!(doc.panels[0].a, Ref::Step(id, 0));
        assert_eq!(doc.panels[0].b, Some(b));
        assert_eq!(compared(&doc), Some(b));
    }

    #[test]
    fn looking_at_b_ends_the_comparison_with_it() {
        let (mut doc, _, b) = two_sources();
        compare_with(&mut doc, Some(b));
        doc.toggle_value("x", Value::from(1_i64));
        look_at(&mut doc, b);
        assert_eq!(compared(&doc), None);
        assert!(doc.view.pills.is_empty());
    }

    #[test]
    fn a_table_is_not_compared_with_itself() {
        let (mut doc, a, _) = two_sources();
        compare_with(&mut doc, Some(a));
        assert_eq!(compared(&doc), None);
    }

    #[test]
    fn files_that_make_no_single_table_become_one_source_each() {
        let identity = |name: &str| FileIdentity {
            name: name.to_owned(),
            size_bytes: 1,
            head_tail_blake3: None,
            blake3: None,
        };
        let mut doc = Analysis::new(1);
        let files = vec![identity("x.csv"), identity("y.csv")];
        let id = add_source(&mut doc, "x.csv and 1 more", Origin::Files(files));
        let ids = split_source(&mut doc, id);
        let names: Vec<&str> = doc.sources.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["x.csv", "y.csv"]);
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], id);
    }

    #[test]
    fn clicks_on_a_header_sort_up_then_down_then_not() {
        let up = cycle_sort(&[], "x", false);
        assert!(!up[0].descending);
        let down = cycle_sort(&up, "x", false);
        assert!(down[0].descending);
        assert!(cycle_sort(&down, "x", false).is_empty());
        let both = cycle_sort(&up, "y", true);
        assert_eq!(
            both.iter().map(|k| k.column.as_str()).collect::<Vec<_>>(),
            ["x", "y"]
        );
        assert_eq!(cycle_sort(&both, "z", false).len(), 1);
    }

    #[test]
    fn marked_rows_stay_in_order() {
        let (mut doc, ..) = two_sources();
        for row in [5, 1, 3, 1] {
            assert!(toggle_row(&mut doc, row));
        }
        assert_eq!(doc.view.selection, Selection::Rows(vec![3, 5]));
        assert!(toggle_row(&mut doc, 3));
        assert!(toggle_row(&mut doc, 5));
        assert_eq!(doc.view.selection, Selection::None);
    }

    #[test]
    fn there_is_one_search_at_a_time() {
        let (mut doc, ..) = two_sources();
        search(&mut doc, "a", sluice_analysis::TextMatch::Contains, false);
        search(&mut doc, "b.*", sluice_analysis::TextMatch::Regex, false);
        assert_eq!(doc.view.pills.len(), 1);
        search(&mut doc, "", sluice_analysis::TextMatch::Contains, false);
        assert!(doc.view.pills.is_empty());
    }
}
