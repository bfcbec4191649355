//! A pool of threads for kernels.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use sluice_engine::{Chunk, Kernel, LocalBoxFuture, TableError};

type Job = Box<dyn FnOnce() + Send>;

/// Threads that wait for kernels; they end with the process.
pub struct Threads {
    jobs: Option<Sender<Job>>,
    width: usize,
}

impl Threads {
    /// A pool of `width` threads; none for 0.
    pub fn new(width: usize) -> Self {
        if width == 0 {
            return Self { jobs: None, width };
        }
        let (jobs, waiting) = channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..width {
            let waiting = Arc::clone(&waiting);
            std::thread::spawn(move || {
                loop {
                    let job = waiting
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .recv();
                    match job {
                        Ok(job) => job(),
                        Err(_) => return,
                    }
                }
            });
        }
        Self {
            jobs: Some(jobs),
            width,
        }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn submit(
        &self,
        kernel: Kernel,
        params: Rc<[u8]>,
        chunk: Chunk,
    ) -> LocalBoxFuture<'static, Result<Vec<u8>, TableError>> {
        let (Some(jobs), Chunk::Bytes(bytes)) = (&self.jobs, chunk) else {
            return Box::pin(async { Err(TableError::NoPool) });
        };
        let params: Vec<u8> = params.to_vec();
        let slot = Arc::new(Mutex::new(Slot::default()));
        let filled = Arc::clone(&slot);
        let job: Job = Box::new(move || {
            let run = || (kernel.run)(&params, &bytes);
            // A fault in one chunk is told, not left as a wait for ever.
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
            let result = result.unwrap_or_else(|_| {
                Err(TableError::Internal {
                    context: kernel.name,
                    reason: "it failed on a part of the data".to_owned(),
                })
            });
            let mut slot = filled.lock().unwrap_or_else(PoisonError::into_inner);
            slot.result = Some(result);
            if let Some(waker) = slot.waker.take() {
                waker.wake();
            }
        });
        match jobs.send(job) {
            Ok(()) => Box::pin(Waiting(slot)),
            Err(_) => Box::pin(async { Err(TableError::NoPool) }),
        }
    }
}

#[derive(Default)]
struct Slot {
    result: Option<Result<Vec<u8>, TableError>>,
    waker: Option<Waker>,
}

struct Waiting(Arc<Mutex<Slot>>);

impl Future for Waiting {
    type Output = Result<Vec<u8>, TableError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                slot.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
