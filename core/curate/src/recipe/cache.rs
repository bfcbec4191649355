//! What was measured before, by all that led to it: thresholds are not part of that, so that moving one measures
//! nothing again.

use std::any::Any;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Serialize;
use sluice_stats::hash::hash_bytes_128;

/// Names a result by what led to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key(u128);

impl Key {
    pub fn of(value: &impl Serialize) -> Self {
        // Plain data always encodes; an empty encoding would only cost a recomputation.
        let bytes = postcard::to_allocvec(value).unwrap_or_default();
        Self(hash_bytes_128(&bytes))
    }
}

/// Results of recipes, the ones used longest ago forgotten first.
#[derive(Default)]
pub struct RecipeCache {
    entries: BTreeMap<Key, Entry>,
    bytes: u64,
    /// Counts uses.
    clock: u64,
}

struct Entry {
    value: Rc<dyn Any>,
    bytes: u64,
    used: u64,
}

/// Beyond this the least recently used results go.
const KEPT_BYTES: u64 = 600 << 20;

impl RecipeCache {
    pub fn get<T: 'static>(&mut self, key: Key) -> Option<Rc<T>> {
        self.clock += 1;
        let entry = self.entries.get_mut(&key)?;
        entry.used = self.clock;
        Rc::clone(&entry.value).downcast().ok()
    }

    /// `bytes` is about what the value takes in memory.
    pub fn insert<T: 'static>(&mut self, key: Key, value: Rc<T>, bytes: usize) {
        self.clock += 1;
        let bytes = bytes as u64;
        let entry = Entry {
            value,
            bytes,
            used: self.clock,
        };
        if let Some(old) = self.entries.insert(key, entry) {
            self.bytes -= old.bytes;
        }
        self.bytes += bytes;
        while self.bytes > KEPT_BYTES && self.entries.len() > 1 {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
            let Some(oldest) = oldest.map(|(key, _)| *key) else {
                return;
            };
            if let Some(entry) = self.entries.remove(&oldest) {
                self.bytes -= entry.bytes;
            }
        }
    }
}
