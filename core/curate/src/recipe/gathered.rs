//! Results of chunks that were measured here and in the pool, put in order as they come.

use std::collections::{BTreeMap, VecDeque};

use futures_util::future::poll_immediate;
use sluice_table::{LocalBoxFuture, TableError};

use super::pass::{Found, Plan, decoded};

pub type InPool = (usize, LocalBoxFuture<'static, Result<Vec<u8>, TableError>>);

#[derive(Default)]
pub struct Gathered {
    pub all: Found,
    n_chunks: usize,
    early: BTreeMap<usize, Found>,
}

impl Gathered {
    pub fn add(&mut self, chunk_idx: usize, found: Found) {
        self.early.insert(chunk_idx, found);
        while let Some(found) = self.early.remove(&self.n_chunks) {
            self.all.append(found);
            self.n_chunks += 1;
        }
    }

    pub fn n_rows(&self, plan: &Plan) -> usize {
        if plan.counts_words {
            return self.all.words.len();
        }
        self.all.values.first().map_or(0, Vec::len)
    }
}

pub async fn collect_finished(
    in_pool: &mut VecDeque<InPool>,
    gathered: &mut Gathered,
) -> Result<(), TableError> {
    for _ in 0..in_pool.len() {
        let Some((idx, mut result)) = in_pool.pop_front() else {
            break;
        };
        match poll_immediate(&mut result).await {
            Some(bytes) => gathered.add(idx, decoded(&bytes?)?),
            None => in_pool.push_back((idx, result)),
        }
    }
    Ok(())
}
