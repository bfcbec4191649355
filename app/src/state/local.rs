//! Documents kept in this browser: the last ones, offered on the start page.

use serde::{Deserialize, Serialize};
use sluice_analysis::{Analysis, link};

use crate::platform::{storage, time};

/// More would only hide those wanted.
const MAX_RECENT: usize = 8;
const INDEX_KEY: &str = "sluice.recent";

/// A document kept in this browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    pub id: String,
    pub title: String,
    pub changed_millis: f64,
}

pub fn new_id() -> String {
    format!("{:x}", time::random_seed())
}

/// The last first.
pub fn recent() -> Vec<Recent> {
    let index = storage::get(INDEX_KEY).unwrap_or_default();
    serde_json::from_str(&index).unwrap_or_default()
}

pub fn load(id: &str) -> Option<Analysis> {
    link::decode(&storage::get(&document_key(id))?).ok()
}

pub fn save(id: &str, doc: &Analysis, fragment: &str) {
    let entry = Recent {
        id: id.to_owned(),
        title: doc.title.clone(),
        changed_millis: time::now_millis(),
    };
    let (index, dropped) = with_entry(recent(), entry);
    for old in dropped {
        storage::remove(&document_key(&old));
    }
    if storage::set(&document_key(id), fragment)
        && let Ok(index) = serde_json::to_string(&index)
    {
        storage::set(INDEX_KEY, &index);
    }
}

pub fn forget(id: &str) {
    let mut index = recent();
    index.retain(|entry| entry.id != id);
    storage::remove(&document_key(id));
    if let Ok(index) = serde_json::to_string(&index) {
        storage::set(INDEX_KEY, &index);
    }
}

fn document_key(id: &str) -> String {
    format!("sluice.doc.{id}")
}

/// Puts `entry` first; returns the index and the ids that no longer fit.
fn with_entry(mut index: Vec<Recent>, entry: Recent) -> (Vec<Recent>, Vec<String>) {
    index.retain(|other| other.id != entry.id);
    index.insert(0, entry);
    let dropped = index.split_off(index.len().min(MAX_RECENT));
    (index, dropped.into_iter().map(|old| old.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_document_comes_first_and_the_oldest_go() {
        let entry = |id: usize| Recent {
            id: id.to_string(),
            title: String::new(),
            changed_millis: id as f64,
        };
        let mut index = Vec::new();
        let mut gone = Vec::new();
        for id in 0..10 {
            let (next, dropped) = with_entry(index, entry(id));
            index = next;
            gone.extend(dropped);
        }
        let (index, _) = with_entry(index, entry(5));
        assert_eq!(index.len(), MAX_RECENT);
        assert_eq!(index[0].id, "5");
        assert_eq!(gone, ["0", "1"]);
    }
}
