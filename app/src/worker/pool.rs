//! Pool workers: engines without a session, which run registered kernels on chunks.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{Array, Object, Reflect, Uint8Array};
use sluice_analysis::SourceId;
use sluice_engine::{Chunk, Kernel, LocalBoxFuture, TableError, kernel_named};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, File, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::blob::read_range;
use super::serve::{own_memory_bytes, scope};

/// More workers than this only cost memory: parsing is bound by the engine that collects their results.
const MAX_WORKERS: usize = 4;

/// The engine's workers, started when first needed.
pub struct Pool {
    width: Cell<usize>,
    compute_width: Cell<usize>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    workers: Vec<PoolWorker>,
    queue: VecDeque<Job>,
    files: BTreeMap<SourceId, Vec<File>>,
}

struct PoolWorker {
    worker: Worker,
    job: Option<Job>,
    memory_bytes: u64,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

struct Job {
    message: Object,
    transfer: Array,
    answer: Rc<Answer>,
}

#[derive(Default)]
struct Answer {
    result: RefCell<Option<Result<Vec<u8>, TableError>>>,
    waker: Cell<Option<Waker>>,
}

struct Waiting(Rc<Answer>);

impl Future for Waiting {
    type Output = Result<Vec<u8>, TableError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.0.result.borrow_mut().take() {
            Some(result) => Poll::Ready(result),
            None => {
                self.0.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl Answer {
    fn give(&self, result: Result<Vec<u8>, TableError>) {
        *self.result.borrow_mut() = Some(result);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Pool {
    pub fn new() -> Rc<Self> {
        Rc::new(Self {
            width: Cell::new(0),
            compute_width: Cell::new(0),
            state: RefCell::default(),
        })
    }

    /// One core is the engine's own and one the page's, which draws what the engine sends: with two cores a million
    /// rows of CSV load in 1.4 s without a pool and in 1.7 s with one.
    pub fn set_width(&self, n_cores: u32) {
        let n_cores = n_cores as usize;
        self.width.set(n_cores.saturating_sub(2).min(MAX_WORKERS));
        self.compute_width
            .set(n_cores.saturating_sub(1).min(MAX_WORKERS));
    }

    /// Of work that leaves the page little to draw: its core counts too.
    pub fn compute_width(&self) -> usize {
        self.compute_width.get()
    }

    pub fn width(&self) -> usize {
        self.width.get()
    }

    pub fn n_started(&self) -> u32 {
        self.state.borrow().workers.len() as u32
    }

    pub fn memory_bytes(&self) -> u64 {
        self.state
            .borrow()
            .workers
            .iter()
            .map(|worker| worker.memory_bytes)
            .sum()
    }

    pub fn set_files(&self, source: SourceId, files: Vec<File>) {
        self.state.borrow_mut().files.insert(source, files);
    }

    pub fn submit(
        self: &Rc<Self>,
        kernel: Kernel,
        params: Rc<[u8]>,
        chunk: Chunk,
    ) -> LocalBoxFuture<'static, Result<Vec<u8>, TableError>> {
        let message = Object::new();
        let transfer = Array::new();
        set(&message, "kernel", &kernel.name.into());
        set(&message, "params", &Uint8Array::from(&*params));
        match chunk {
            Chunk::Bytes(bytes) => {
                let array = Uint8Array::from(bytes.as_slice());
                transfer.push(&array.buffer());
                set(&message, "bytes", &array);
            }
            Chunk::FileRange {
                source,
                file_idx,
                range,
            } => {
                let file = self
                    .state
                    .borrow()
                    .files
                    .get(&source)
                    .and_then(|files| files.get(file_idx).cloned());
                let Some(file) = file else {
                    return Box::pin(async { Err(TableError::NoPool) });
                };
                set(&message, "file", &file);
                set(&message, "start", &(range.start as f64).into());
                set(&message, "end", &(range.end as f64).into());
            }
        }
        let answer = Rc::new(Answer::default());
        let job = Job {
            message,
            transfer,
            answer: Rc::clone(&answer),
        };
        self.state.borrow_mut().queue.push_back(job);
        self.dispatch();
        Box::pin(Waiting(answer))
    }

    /// Hands queued jobs to idle workers, starting workers up to the number for computing: others submit fewer jobs.
    fn dispatch(self: &Rc<Self>) {
        loop {
            let idle = self
                .state
                .borrow()
                .workers
                .iter()
                .position(|worker| worker.job.is_none());
            let n_workers = self.state.borrow().workers.len();
            if self.state.borrow().queue.is_empty() {
                return;
            }
            let worker_idx = match idle {
                Some(idx) => idx,
                None if n_workers < self.compute_width() => match self.start_worker() {
                    Ok(worker) => {
                        self.state.borrow_mut().workers.push(worker);
                        n_workers
                    }
                    Err(_) => return self.fail_queue(),
                },
                None => return,
            };
            let mut state = self.state.borrow_mut();
            let Some(job) = state.queue.pop_front() else {
                return;
            };
            let Some(worker) = state.workers.get_mut(worker_idx) else {
                return;
            };
            worker
                .worker
                .post_message_with_transfer(&job.message, &job.transfer)
                .ok();
            worker.job = Some(job);
        }
    }

    fn fail_queue(&self) {
        let queue = std::mem::take(&mut self.state.borrow_mut().queue);
        for job in queue {
            job.answer.give(Err(TableError::NoPool));
        }
    }

    fn start_worker(self: &Rc<Self>) -> Result<PoolWorker, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name("pool");
        let worker = Worker::new_with_options(&scope().location().href(), &options)?;
        let start = Object::new();
        // Compiled once here and shared: the worker does not fetch or compile again.
        set(&start, "module", &wasm_bindgen::module());
        worker.post_message(&start)?;
        let key = worker.clone();
        let weak = Rc::downgrade(self);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(pool) = weak.upgrade() {
                pool.finish(&key, &event.data());
            }
        });
        let key = worker.clone();
        let weak = Rc::downgrade(self);
        let on_error = Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(pool) = weak.upgrade() {
                pool.lose(&key);
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(PoolWorker {
            worker,
            job: None,
            memory_bytes: 0,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    fn finish(self: &Rc<Self>, key: &Worker, data: &JsValue) {
        let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if field("crash").is_string() {
            return self.lose(key);
        }
        let job = {
            let mut state = self.state.borrow_mut();
            let Some(worker) = state
                .workers
                .iter_mut()
                .find(|worker| &worker.worker == key)
            else {
                return;
            };
            worker.memory_bytes = field("memory").as_f64().unwrap_or(0.0) as u64;
            worker.job.take()
        };
        if let Some(job) = job {
            let result = match (
                field("result").dyn_into::<Uint8Array>(),
                field("error").as_string(),
            ) {
                (Ok(bytes), _) => Ok(bytes.to_vec()),
                (Err(_), reason) => Err(TableError::Internal {
                    context: "a pool worker failed",
                    reason: reason.unwrap_or_else(|| "it gave no reason".to_owned()),
                }),
            };
            job.answer.give(result);
        }
        self.dispatch();
    }

    /// A worker trapped: its job fails, the next job starts a fresh one.
    fn lose(self: &Rc<Self>, key: &Worker) {
        key.terminate();
        let lost = {
            let mut state = self.state.borrow_mut();
            let idx = state
                .workers
                .iter()
                .position(|worker| &worker.worker == key);
            idx.map(|idx| state.workers.remove(idx))
        };
        if let Some(job) = lost.and_then(|worker| worker.job) {
            job.answer.give(Err(TableError::Internal {
                context: "a pool worker stopped",
                reason: "it ran out of memory or met a fault; try a smaller input".to_owned(),
            }));
        }
        self.dispatch();
    }
}

/// Runs kernels for the engine until the worker ends.
pub fn serve_pool() {
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        spawn_local(async move {
            let answer = Object::new();
            let transfer = Array::new();
            match run_job(&event.data()).await {
                Ok(bytes) => {
                    let array = Uint8Array::from(bytes.as_slice());
                    transfer.push(&array.buffer());
                    set(&answer, "result", &array);
                }
                Err(reason) => set(&answer, "error", &reason.into()),
            }
            set(&answer, "memory", &(own_memory_bytes() as f64).into());
            scope().post_message_with_transfer(&answer, &transfer).ok();
        });
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
}

async fn run_job(data: &JsValue) -> Result<Vec<u8>, String> {
    let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let name = field("kernel").as_string().unwrap_or_default();
    let kernel = kernel_named(&name).ok_or_else(|| format!("kernel “{name}” is not registered"))?;
    let params = field("params")
        .dyn_into::<Uint8Array>()
        .map(|p| p.to_vec())
        .unwrap_or_default();
    let bytes = match (
        field("bytes").dyn_into::<Uint8Array>(),
        field("file").dyn_into::<File>(),
    ) {
        (Ok(bytes), _) => bytes.to_vec(),
        (Err(_), Ok(file)) => {
            let at = |name: &str| field(name).as_f64().unwrap_or(0.0) as u64;
            read_range(&file, at("start")..at("end")).await?
        }
        (Err(_), Err(_)) => return Err("the job has no data".to_owned()),
    };
    (kernel.run)(&params, &bytes).map_err(|error| error.to_string())
}

fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).ok();
}
