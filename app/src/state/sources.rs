//! Files that were offered, which source each belongs to, and whether it is the one the document means.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_analysis::{Analysis, FileIdentity, Origin, Params, Ref, SourceId, link};
use sluice_protocol::message::{Request, Response};
use web_sys::File;

use super::examples::Sample;
use super::{AppState, edits};
use crate::platform::files::{self, PickedFile};
use crate::platform::{fetch, storage};
use crate::{recipe, text};

/// Pasted text up to this length travels in the document; longer text is held like a file.
const EMBEDDED_BYTES: usize = 16 << 10;

/// The ending of a saved document.
pub const DOCUMENT_ENDING: &str = ".sluice.json";

/// Whether the files offered are those the document was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The content is the same.
    Same,
    /// Name and size are the same; there is no hash to compare, or it is being computed.
    Alike,
    Different,
}

#[derive(Clone, Copy)]
pub struct Sources {
    held: StoredValue<BTreeMap<SourceId, Vec<File>>, LocalStorage>,
    /// How often files were offered, by source.
    pub attached: RwSignal<BTreeMap<SourceId, u32>>,
    /// Hashes of the files offered, once computed.
    pub identities: RwSignal<BTreeMap<SourceId, Vec<FileIdentity>>>,
    /// Names and sizes of the files offered.
    offered: RwSignal<BTreeMap<SourceId, Vec<(String, u64)>>>,
    dropped_together: StoredValue<BTreeSet<SourceId>>,
    /// Sources whose stored handle can open the file with one click.
    pub reopenable: RwSignal<BTreeSet<SourceId>>,
}

impl Sources {
    pub fn new() -> Self {
        Self {
            held: StoredValue::new_local(BTreeMap::new()),
            attached: RwSignal::default(),
            identities: RwSignal::default(),
            offered: RwSignal::default(),
            dropped_together: StoredValue::default(),
            reopenable: RwSignal::default(),
        }
    }

    pub fn forget_all(self) {
        self.held.set_value(BTreeMap::new());
        self.attached.set(BTreeMap::new());
        self.identities.set(BTreeMap::new());
        self.offered.set(BTreeMap::new());
        self.dropped_together.set_value(BTreeSet::new());
        self.reopenable.set(BTreeSet::new());
    }

    /// Whether the source waits for files that nobody has offered.
    pub fn needs_files(self, doc: &Analysis, id: SourceId) -> bool {
        let is_outside = doc
            .source(id)
            .is_some_and(|source| matches!(source.origin, Origin::Files(_) | Origin::Url { .. }));
        is_outside && self.held.with_value(|held| !held.contains_key(&id))
    }

    pub fn was_dropped_together(self, id: SourceId) -> bool {
        self.dropped_together
            .with_value(|sources| sources.contains(&id))
    }

    /// `None` for sources without files, or while none are offered.
    pub fn verdict(self, doc: &Analysis, id: SourceId) -> Option<Verdict> {
        let Origin::Files(expected) = &doc.source(id)?.origin else {
            return None;
        };
        let offered = self.offered.with(|offered| offered.get(&id).cloned())?;
        let found = self
            .identities
            .with(|identities| identities.get(&id).cloned());
        Some(verdict(expected, &offered, found.as_deref()))
    }
}

/// Compares what the document names with what was offered; hashes decide where both are known.
pub fn verdict(
    expected: &[FileIdentity],
    offered: &[(String, u64)],
    found: Option<&[FileIdentity]>,
) -> Verdict {
    if expected.len() != offered.len()
        || expected
            .iter()
            .zip(offered)
            .any(|(e, (_, size))| e.size_bytes != *size)
    {
        return Verdict::Different;
    }
    let Some(found) = found else {
        return Verdict::Alike;
    };
    let mut all_known = true;
    for (expected, found) in expected.iter().zip(found) {
        match (&expected.blake3, &found.blake3) {
            (Some(a), Some(b)) if a == b => {}
            (Some(_), Some(_)) => return Verdict::Different,
            _ => all_known = false,
        }
    }
    if all_known {
        Verdict::Same
    } else {
        Verdict::Alike
    }
}

/// Files that are likely parts of one table: same ending. Keeps the order of first appearance.
pub fn groups<T>(files: Vec<T>, name: impl Fn(&T) -> String) -> Vec<Vec<T>> {
    let mut groups: Vec<(String, Vec<T>)> = Vec::new();
    for file in files {
        let name = name(&file).to_lowercase();
        let ending = name
            .split_once('.')
            .map_or(String::new(), |(_, ending)| ending.to_owned());
        match groups.iter_mut().find(|(other, _)| *other == ending) {
            Some((_, group)) => group.push(file),
            None => groups.push((ending, vec![file])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn described(file: &File) -> FileIdentity {
    FileIdentity {
        name: file.name(),
        size_bytes: file.size() as u64,
        head_tail_blake3: None,
        blake3: None,
    }
}

/// Where a file's handle is stored; any document that names the same file finds it.
fn handle_key(name: &str, size_bytes: u64) -> String {
    format!("{size_bytes}|{name}")
}

impl AppState {
    /// Opens what a person dropped, picked or pasted: a saved document, files that sources wait for, or new tables.
    pub fn open_files(self, mut picked: Vec<PickedFile>) {
        if let Some(index) = picked
            .iter()
            .position(|p| p.file.name().ends_with(DOCUMENT_ENDING))
        {
            let document = picked.swap_remove(index);
            spawn_local(async move {
                let text = files::text_of(&document.file).await.unwrap_or_default();
                match link::from_json(&text) {
                    Ok(analysis) => {
                        self.open(analysis);
                        self.remember_reopenable();
                        if !picked.is_empty() {
                            self.open_files(picked);
                        }
                    }
                    Err(error) => self.ui.warn(text::sentence(&error.to_string())),
                }
            });
            return;
        }
        let (recipes, picked): (Vec<_>, Vec<_>) = picked
            .into_iter()
            .partition(|p| recipe::is_recipe(&p.file.name()));
        for recipe in recipes {
            self.import_recipe(recipe.file);
        }
        let picked = self.offer_to_waiting(picked);
        if picked.is_empty() {
            return;
        }
        for group in groups(picked, |p| p.file.name()) {
            let Some(first) = group.first() else { continue };
            let name = text::files_name(&first.file.name(), group.len());
            let origin = Origin::Files(group.iter().map(|p| described(&p.file)).collect());
            let id = self.edit(&text::label_open(&name), |doc| {
                edits::add_source(doc, &name, origin)
            });
            if group.len() > 1 {
                self.sources.dropped_together.update_value(|all| {
                    all.insert(id);
                });
            }
            self.attach(id, group);
        }
    }

    /// Gives files to the sources that wait for one of that name, or to the only one that waits.
    fn offer_to_waiting(self, picked: Vec<PickedFile>) -> Vec<PickedFile> {
        let doc = self.doc.get_untracked();
        let mut waiting: Vec<(SourceId, Vec<FileIdentity>)> = Vec::new();
        for source in &doc.sources {
            if let Origin::Files(expected) = &source.origin
                && self.sources.needs_files(&doc, source.id)
            {
                waiting.push((source.id, expected.clone()));
            }
        }
        let mut rest = picked;
        for (id, expected) in &waiting {
            let mut found = Vec::new();
            for wanted in expected {
                if let Some(index) = rest.iter().position(|p| p.file.name() == wanted.name) {
                    found.push(rest.remove(index));
                }
            }
            if found.len() == expected.len() && !found.is_empty() {
                self.attach(*id, found);
            } else {
                rest.append(&mut found);
            }
        }
        if let ([(id, expected)], false) = (waiting.as_slice(), rest.is_empty())
            && rest.len() == expected.len()
            && self.sources.needs_files(&doc, *id)
        {
            self.attach(*id, rest);
            return Vec::new();
        }
        rest
    }

    /// Hands a source its files.
    pub fn attach(self, id: SourceId, picked: Vec<PickedFile>) {
        let sources = self.sources;
        for PickedFile { file, handle } in &picked {
            if let Some(handle) = handle.clone() {
                let key = handle_key(&file.name(), file.size() as u64);
                spawn_local(async move {
                    // Where it cannot be stored, the person is asked for the file again.
                    storage::put_handle(&key, &handle).await;
                });
            }
        }
        let files: Vec<File> = picked.into_iter().map(|p| p.file).collect();
        let offered = files
            .iter()
            .map(|file| (file.name(), file.size() as u64))
            .collect();
        self.engine.attach(id, files.clone());
        sources
            .held
            .update_value(|held| drop(held.insert(id, files)));
        sources.identities.update(|all| {
            all.remove(&id);
        });
        sources.offered.update(|all| {
            all.insert(id, offered);
        });
        sources.reopenable.update(|all| {
            all.remove(&id);
        });
        sources
            .attached
            .update(|all| *all.entry(id).or_default() += 1);
        // The engine was told already; a table that failed for want of the file is read again.
        self.tables.retry(Ref::Source(id));
    }

    /// Makes pasted text a table.
    pub fn open_text(self, text: &str) {
        let trimmed = text.trim();
        if !trimmed.contains(char::is_whitespace) && trimmed.contains("#a=") {
            return match link::decode(trimmed) {
                Ok(analysis) => {
                    self.open(analysis);
                    self.remember_reopenable();
                }
                Err(error) => self.ui.warn(text::sentence(&error.to_string())),
            };
        }
        let name = text::PASTED_NAME;
        if text.len() <= EMBEDDED_BYTES {
            let origin = Origin::Embedded {
                file_name: name.to_owned(),
                bytes: text.as_bytes().to_vec(),
            };
            self.edit(&text::label_open(name), |doc| {
                edits::add_source(doc, name, origin)
            });
        } else if let Some(file) = files::from_text(name, text) {
            let handle = Some(file.clone().into());
            self.open_files(vec![PickedFile { file, handle }]);
        }
    }

    /// Opens a sample; one of several tables becomes several sources.
    pub fn open_sample(self, sample: Sample) {
        let Sample {
            op,
            title,
            tables: names,
            ..
        } = sample;
        let params = self.default_params(op);
        self.edit(&text::label_open(title), |doc| {
            if doc.title.is_empty() {
                title.clone_into(&mut doc.title);
            }
            let mut tables = Vec::new();
            for (i, name) in names.iter().enumerate() {
                let origin = Origin::Sample {
                    op: op.to_owned(),
                    params: params.clone(),
                };
                let id = edits::add_source(doc, name, origin);
                if i > 0 {
                    edits::set_load(doc, id, "table", Some((i as i64).into()));
                }
                tables.push(Ref::Source(id));
            }
            if let [a, b, ..] = tables[..] {
                edits::look_at(doc, a);
                edits::compare_with(doc, Some(b));
            }
        });
    }

    /// An operation's parameters as they are before anyone changed them.
    pub fn default_params(self, op: &str) -> Params {
        let spec = self.engine.operation(op);
        let defaults =
            spec.and_then(|spec| serde_json::from_str::<serde_json::Value>(&spec.defaults).ok());
        match defaults.map(sluice_analysis::Value::from) {
            Some(sluice_analysis::Value::Map(params)) => params,
            _ => Params::new(),
        }
    }

    /// Fetches an address that the person entered, as a new source or for one that waits.
    pub fn open_url(self, url: String, waiting: Option<SourceId>) {
        spawn_local(async move {
            match fetch::file(&url).await {
                Ok(file) => {
                    let id = waiting.unwrap_or_else(|| {
                        let name = file.name();
                        let origin = Origin::Url { url };
                        self.edit(&text::label_open(&name), |doc| {
                            edits::add_source(doc, &name, origin)
                        })
                    });
                    self.attach(id, vec![file.into()]);
                }
                Err(error) => self.ui.warn(text::fetch_failed(&url, &error)),
            }
        });
    }

    /// Files that were taken for one table become one source each.
    pub fn split(self, id: SourceId) {
        let files = self
            .sources
            .held
            .with_value(|held| held.get(&id).cloned())
            .unwrap_or_default();
        self.sources.dropped_together.update_value(|all| {
            all.remove(&id);
        });
        let ids = self.edit(text::LABEL_SPLIT, |doc| edits::split_source(doc, id));
        for (id, file) in ids.into_iter().zip(files) {
            self.attach(id, vec![file.into()]);
        }
        self.ui.tell(text::SPLIT);
    }

    /// Computes the hashes that links name files by.
    pub fn identify(self, id: SourceId) {
        let is_known = self
            .sources
            .identities
            .with_untracked(|all| all.contains_key(&id));
        if is_known || !untrack(|| self.is_outside(Ref::Source(id))) {
            return;
        }
        spawn_local(async move {
            let asked = self.engine.ask(
                Some(text::TASK_IDENTIFY.to_owned()),
                Request::Identify { source: id },
            );
            if let Ok(Response::Identity(files)) = asked.answer.await {
                self.sources.identities.update(|all| {
                    all.insert(id, files);
                });
            }
        });
    }

    /// Looks for stored handles of the files that sources wait for.
    pub fn remember_reopenable(self) {
        let doc = self.doc.get_untracked();
        for source in &doc.sources {
            let Origin::Files(expected) = &source.origin else {
                continue;
            };
            let (id, keys) = (source.id, keys_of(expected));
            spawn_local(async move {
                for key in &keys {
                    if storage::get_handle(key).await.is_none() {
                        return;
                    }
                }
                self.sources.reopenable.update(|all| {
                    all.insert(id);
                });
            });
        }
    }

    /// Opens a source's files through their stored handles; the browser may ask the person.
    pub fn reopen(self, id: SourceId) {
        let doc = self.doc.get_untracked();
        let Some(Origin::Files(expected)) = doc.source(id).map(|source| source.origin.clone())
        else {
            return;
        };
        spawn_local(async move {
            let mut picked = Vec::new();
            for key in keys_of(&expected) {
                let Some(handle) = storage::get_handle(&key).await else {
                    break;
                };
                let Some(file) = files::reopen(&handle).await else {
                    break;
                };
                picked.push(PickedFile {
                    file,
                    handle: Some(handle),
                });
            }
            if picked.len() == expected.len() {
                self.attach(id, picked);
            } else {
                self.sources.reopenable.update(|all| {
                    all.remove(&id);
                });
                self.ui.warn(text::REOPEN_FAILED);
            }
        });
    }
}

fn keys_of(files: &[FileIdentity]) -> Vec<String> {
    files
        .iter()
        .map(|file| handle_key(&file.name, file.size_bytes))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(size_bytes: u64, blake3: Option<&str>) -> FileIdentity {
        FileIdentity {
            name: "a.csv".to_owned(),
            size_bytes,
            head_tail_blake3: None,
            blake3: blake3.map(str::to_owned),
        }
    }

    #[test]
    fn a_hash_decides_where_both_are_known() {
        let offered = [("a.csv".to_owned(), 3)];
        let check = |expected: FileIdentity, found: Option<FileIdentity>| {
            let found = found.map(|found| vec![found]);
            verdict(&[expected], &offered, found.as_deref())
        };
        assert_eq!(
            check(file(3, Some("aa")), Some(file(3, Some("aa")))),
            Verdict::Same
        );
        assert_eq!(
            check(file(3, Some("aa")), Some(file(3, Some("bb")))),
            Verdict::Different
        );
        assert_eq!(check(file(3, Some("aa")), None), Verdict::Alike);
        assert_eq!(
            check(file(3, None), Some(file(3, Some("aa")))),
            Verdict::Alike
        );
        assert_eq!(check(file(4, Some("aa")), None), Verdict::Different);
        assert_eq!(verdict(&[], &offered, None), Verdict::Different);
    }

    #[test]
    fn files_with_the_same_ending_are_offered_as_one_table() {
        let names = [
            "part-1.parquet",
            "notes.txt",
            "part-2.PARQUET",
            "a.csv.gz",
            "b.csv",
        ];
        let grouped = groups(names.to_vec(), |name| (*name).to_owned());
        assert_eq!(
            grouped,
            [
                vec!["part-1.parquet", "part-2.PARQUET"],
                vec!["notes.txt"],
                vec!["a.csv.gz"],
                vec!["b.csv"]
            ]
        );
    }
}
