//! What has been computed, by the content of what led to it.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::lock::Mutex;
use sluice_analysis::{Pill, SortKey};
use sluice_protocol::figure::Figure;
use sluice_protocol::load::{Guess, Sampling};
use sluice_protocol::profile::{ColumnProfile, TableProfile};
use sluice_stats::bits::{Bitmap, RankIndex};
use sluice_table::Table;
use sluice_table::load::Issues;
use sluice_table::profile::BinIndex;

/// Names a result by everything that led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of anything that can be encoded.
    pub fn of(value: &impl serde::Serialize) -> Self {
        // Plain data always encodes; an empty encoding would only cost a recomputation.
        let bytes = postcard::to_allocvec(value).unwrap_or_default();
        Self(blake3::hash(&bytes).into())
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A table at hand, with what was derived from it so far.
pub struct Evaluated {
    pub name: String,
    pub table: Table,
    pub format: String,
    pub guesses: Vec<Guess>,
    pub issues: Issues,
    pub sampling: Option<Sampling>,
    /// Of the step that made it.
    pub figures: Vec<Figure>,
    /// Of a step that ends a recipe: what every operator says of every row.
    pub recipe: Option<Rc<sluice_curate::recipe::Run>>,
    /// Of all rows. Held while computing, so that a second request waits instead of computing again.
    pub base_profile: Mutex<Option<Rc<Vec<ColumnProfile>>>>,
    pub full_profile: OnceCell<TableProfile>,
    pub bins: RefCell<BTreeMap<String, Rc<BinIndex>>>,
    pub pills: RefCell<Recent<Pill, Option<Rc<Bitmap>>>>,
    /// Held while a pill is being evaluated: rows and distributions ask for the same one at the same time.
    pub evaluating: RefCell<Recent<Pill, Rc<Mutex<()>>>>,
    pub orders: RefCell<Recent<ViewKey, Rc<RowOrder>>>,
    /// Held while a view is being put in order: a screen asks for several blocks of it at once.
    pub ordering: RefCell<Recent<ViewKey, Rc<Mutex<()>>>>,
}

/// Conditions and sort keys of a view.
pub type ViewKey = (Vec<Pill>, Vec<SortKey>);

/// The rows of a view in its order.
pub enum RowOrder {
    All { n_rows: usize },
    Filtered { rows: Rc<Bitmap>, index: RankIndex },
    Sorted(Vec<u32>),
}

impl RowOrder {
    pub fn len(&self) -> usize {
        match self {
            Self::All { n_rows } => *n_rows,
            Self::Filtered { index, .. } => index.n_set(),
            Self::Sorted(rows) => rows.len(),
        }
    }
}

/// Tables by key, and locks of those being computed.
#[derive(Default)]
pub struct Memo {
    pub tables: BTreeMap<Key, Rc<Evaluated>>,
    pub computing: BTreeMap<Key, Rc<Mutex<()>>>,
}

/// The last few results; the oldest goes first.
pub struct Recent<K, V> {
    entries: Vec<(K, V)>,
}

/// Enough to go back and forth between views without recomputing.
const RECENT_KEPT: usize = 16;

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
        }
    }
}

impl<K: PartialEq + Clone> Recent<K, Rc<Mutex<()>>> {
    /// The lock of a result that is being computed.
    pub fn lock_of(&mut self, key: &K) -> Rc<Mutex<()>> {
        self.get(key).unwrap_or_else(|| {
            let lock = Rc::new(Mutex::new(()));
            self.insert(key.clone(), Rc::clone(&lock));
            lock
        })
    }
}

impl<K: PartialEq, V: Clone> Recent<K, V> {
    pub fn get(&mut self, key: &K) -> Option<V> {
        let idx = self.entries.iter().position(|(k, _)| k == key)?;
        let entry = self.entries.remove(idx);
        let value = entry.1.clone();
        self.entries.push(entry);
        Some(value)
    }

    pub fn insert(&mut self, key: K, value: V) {
        self.entries.retain(|(k, _)| k != &key);
        if self.entries.len() >= RECENT_KEPT {
            self.entries.remove(0);
        }
        self.entries.push((key, value));
    }
}
