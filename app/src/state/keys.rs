//! What determines a table's content, as a number: tables whose number did not change are not asked for again.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use sluice_analysis::{Analysis, Origin, Ref, Source, SourceId, Step};

/// The tables of the document and their content keys, sources first: main outputs, and those others that are looked
/// at. A disabled step passes its input on.
///
/// `attached` counts how often files were offered for a source: other files are other content.
/// The keys are of this sitting only.
pub fn table_keys(doc: &Analysis, attached: &BTreeMap<SourceId, u32>) -> Vec<(Ref, u64)> {
    let mut keys: BTreeMap<Ref, u64> = BTreeMap::new();
    let mut tables = Vec::new();
    for source in &doc.sources {
        let times = attached.get(&source.id).copied().unwrap_or_default();
        let table = Ref::Source(source.id);
        let key = source_key(source, times, doc.seed);
        keys.insert(table, key);
        tables.push((table, key));
    }
    for step in &doc.steps {
        let inputs: Vec<u64> = step
            .inputs
            .iter()
            .map(|input| key_of(&keys, *input).unwrap_or_default())
            .collect();
        let table = Ref::Step(step.id, 0);
        let key = step_key(step, &inputs, doc.seed);
        keys.insert(table, key);
        tables.push((table, key));
    }
    let of_panels = doc
        .panels
        .iter()
        .flat_map(|panel| std::iter::once(panel.a).chain(panel.b));
    let looked_at = doc.view.table.into_iter().chain(doc.view.compare);
    for table in looked_at.chain(of_panels) {
        let is_listed = tables.iter().any(|(listed, _)| *listed == table);
        if !is_listed && let Some(key) = key_of(&keys, table) {
            tables.push((table, key));
        }
    }
    tables
}

/// The key of a table, given those of main outputs: the outputs of a step have their content from the same run.
fn key_of(keys: &BTreeMap<Ref, u64>, table: Ref) -> Option<u64> {
    match table {
        Ref::Source(_) | Ref::Step(_, 0) => keys.get(&table).copied(),
        Ref::Step(id, port) => {
            let mut hasher = DefaultHasher::new();
            (keys.get(&Ref::Step(id, 0))?, port).hash(&mut hasher);
            Some(hasher.finish().max(1))
        }
    }
}

fn source_key(source: &Source, times_attached: u32, seed: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    source.id.hash(&mut hasher);
    match &source.origin {
        // Identities are filled in as hashes become known; that is no other content.
        Origin::Files(files) => files.len().hash(&mut hasher),
        Origin::Sample { op, params } => (seed, op, postcard_of(params)).hash(&mut hasher),
        Origin::Embedded { file_name, bytes } => (file_name, bytes).hash(&mut hasher),
        Origin::Url { url } => url.hash(&mut hasher),
    }
    (times_attached, postcard_of(&source.load)).hash(&mut hasher);
    hasher.finish().max(1)
}

fn step_key(step: &Step, inputs: &[u64], seed: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    let params = postcard_of(&step.params);
    (
        seed,
        step.id,
        &step.op,
        step.op_version,
        params,
        step.enabled,
        inputs,
    )
        .hash(&mut hasher);
    hasher.finish().max(1)
}

fn postcard_of(value: &impl serde::Serialize) -> Vec<u8> {
    // Plain maps into a growing vector cannot fail.
    postcard::to_allocvec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use sluice_analysis::{FileIdentity, Params, Value};

    use super::*;

    fn chain() -> (Analysis, Ref, Ref) {
        let mut doc = Analysis::new(1);
        let a = doc.add_source("a.csv", Origin::Files(vec![]), Params::new());
        let first = doc.add_step("sort", 1, Params::new(), vec![Ref::Source(a)]);
        let second = doc.add_step("drop", 1, Params::new(), vec![Ref::Step(first, 0)]);
        (doc, Ref::Source(a), Ref::Step(second, 0))
    }

    fn key(doc: &Analysis, table: Ref) -> u64 {
        let keys = table_keys(doc, &BTreeMap::new());
        keys.iter()
            .find(|(t, _)| *t == table)
            .map(|(_, key)| *key)
            .unwrap()
    }

    #[test]
    fn a_parameter_changes_what_follows_and_nothing_before() {
        let (mut doc, source, end) = chain();
        let before = (key(&doc, source), key(&doc, end));
        doc.steps[0]
            .params
            .insert("by".to_owned(), Value::from("x"));
        assert_eq!(key(&doc, source), before.0);
        assert_ne!(key(&doc, end), before.1);
    }

    #[test]
    fn looking_elsewhere_changes_no_content() {
        let (mut doc, _, end) = chain();
        let before = key(&doc, end);
        doc.title = "another".to_owned();
        doc.view.table = Some(end);
        doc.sources[0].name = "renamed".to_owned();
        assert_eq!(key(&doc, end), before);
    }

    #[test]
    fn a_hash_that_becomes_known_is_no_other_content_but_other_files_are() {
        let mut doc = Analysis::new(1);
        let identity = |blake3: Option<&str>| FileIdentity {
            name: "a.csv".to_owned(),
            size_bytes: 3,
            head_tail_blake3: None,
            blake3: blake3.map(str::to_owned),
        };
        let id = doc.add_source("a", Origin::Files(vec![identity(None)]), Params::new());
        let table = Ref::Source(id);
        let before = key(&doc, table);
        doc.sources[0].origin = Origin::Files(vec![identity(Some("00"))]);
        assert_eq!(key(&doc, table), before);
        let again = table_keys(&doc, &BTreeMap::from([(id, 2)]));
        assert_ne!(again[0].1, before);
    }

    #[test]
    fn other_outputs_are_tables_once_they_are_looked_at() {
        let (mut doc, _, end) = chain();
        let Ref::Step(last, _) = end else {
            unreachable!("the chain ends in a step")
        };
        let removed = Ref::Step(last, 1);
        let n_tables = table_keys(&doc, &BTreeMap::new()).len();
        doc.view.table = Some(removed);
        assert_eq!(table_keys(&doc, &BTreeMap::new()).len(), n_tables + 1);
        let before = key(&doc, removed);
        assert_ne!(before, key(&doc, end));
        doc.steps[0]
            .params
            .insert("by".to_owned(), Value::from("x"));
        assert_ne!(key(&doc, removed), before);
    }

    #[test]
    fn switching_a_step_off_changes_what_follows() {
        let (mut doc, _, end) = chain();
        let before = key(&doc, end);
        let first = doc.steps[0].id;
        doc.set_enabled(first, false).unwrap();
        assert_ne!(key(&doc, end), before);
    }
}
