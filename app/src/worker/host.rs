//! What the engine's worker offers to a running task.

use std::cell::Cell;
use std::rc::Rc;

use sluice_engine::{Cancelled, Chunk, Host, Kernel, LocalBoxFuture, TableError, TaskHost};
use sluice_protocol::message::{FromEngine, Progress, RequestId, Response};

use super::pool::Pool;
use super::serve::post;
use super::turn::{next_turn, now_ms, pause};

/// Work between two turns of the event loop: short enough that a cancel or a scroll is answered at once.
const SLICE_MS: f64 = 8.0;
/// How long work that nobody waits for stands aside before it looks again.
const ASIDE_MS: i32 = 10;
/// Progress messages closer together than this only cost time.
const PROGRESS_EVERY_MS: f64 = 50.0;
/// wasm32 ends at 4 GiB: a table of this size leaves room for its profile, for views of it and for a step's result.
const TABLE_BUDGET_BYTES: u64 = 1_500_000_000;

pub struct WorkerHost {
    pub id: RequestId,
    pub cancelled: Rc<Cell<bool>>,
    pub pool: Rc<Pool>,
    /// Set for work that nobody waits for: how many requests somebody does wait for.
    stands_aside_for: Option<Rc<Cell<usize>>>,
    last_turn_ms: Cell<f64>,
    last_progress_ms: Cell<f64>,
}

impl WorkerHost {
    pub fn new(
        id: RequestId,
        cancelled: Rc<Cell<bool>>,
        pool: Rc<Pool>,
        stands_aside_for: Option<Rc<Cell<usize>>>,
    ) -> Self {
        Self {
            id,
            cancelled,
            pool,
            stands_aside_for,
            last_turn_ms: Cell::new(now_ms()),
            last_progress_ms: Cell::new(0.0),
        }
    }
}

impl Host for WorkerHost {
    fn progress(&self, stage: &str, done: u64, total: u64) {
        let now = now_ms();
        if now - self.last_progress_ms.get() < PROGRESS_EVERY_MS {
            return;
        }
        self.last_progress_ms.set(now);
        let progress = Progress {
            stage: stage.to_owned(),
            done,
            total,
        };
        post(&FromEngine::Progress {
            id: self.id,
            progress,
        });
    }

    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        Box::pin(async {
            if now_ms() - self.last_turn_ms.get() >= SLICE_MS {
                next_turn().await;
                if let Some(n_waited_for) = &self.stands_aside_for {
                    while n_waited_for.get() > 0 && !self.cancelled.get() {
                        pause(ASIDE_MS).await;
                    }
                }
                self.last_turn_ms.set(now_ms());
            }
            if self.cancelled.get() {
                Err(Cancelled)
            } else {
                Ok(())
            }
        })
    }

    fn memory_budget_bytes(&self) -> u64 {
        TABLE_BUDGET_BYTES
    }

    fn pool_width(&self) -> usize {
        self.pool.width()
    }

    fn compute_width(&self) -> usize {
        self.pool.compute_width()
    }

    fn submit(
        &self,
        kernel: Kernel,
        params: Rc<[u8]>,
        chunk: Chunk,
    ) -> LocalBoxFuture<'static, Result<Vec<u8>, TableError>> {
        self.pool.submit(kernel, params, chunk)
    }
}

impl TaskHost for WorkerHost {
    fn partial(&self, body: Response) {
        post(&FromEngine::Partial { id: self.id, body });
    }
}
