//! From references to tables: sources are loaded, steps run, each once.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::lock::Mutex;
use sluice_analysis::{Analysis, Origin, Params, Ref, Source, SourceId, Step};
use sluice_protocol::load::LoadEstimate;
use sluice_table::load::Issues;
use sluice_table::operation::RunContext;
use sluice_table::{ByteSource, Loaded, LocalBoxFuture, TableError, read};

use crate::memo::{Evaluated, Key};
use crate::{Engine, MemorySource, TaskHost, operation_named};

impl Engine {
    /// The table of a reference, computed unless at hand.
    pub(crate) fn evaluate<'a>(
        &'a self,
        table: Ref,
        host: &'a dyn TaskHost,
    ) -> LocalBoxFuture<'a, Result<Rc<Evaluated>, TableError>> {
        // Boxed: a step evaluates its inputs first.
        Box::pin(async move {
            let document = Arc::clone(&self.document.borrow());
            let key = self.key_of(&document, table)?;
            if let Some(evaluated) = self.memo.borrow().tables.get(&key) {
                return Ok(Rc::clone(evaluated));
            }
            let lock = Rc::clone(self.memo.borrow_mut().computing.entry(key).or_default());
            let _computing = lock.lock().await;
            if let Some(evaluated) = self.memo.borrow().tables.get(&key) {
                return Ok(Rc::clone(evaluated));
            }
            let evaluated = match table {
                Ref::Source(id) => self.load_source(source_of(&document, id)?, host).await?,
                Ref::Step(id, port) => {
                    let step = document.step(id).ok_or_else(|| missing(table))?;
                    self.run_step(&document, step, port, host).await?
                }
            };
            let evaluated = Rc::new(evaluated);
            let mut memo = self.memo.borrow_mut();
            memo.tables.insert(key, Rc::clone(&evaluated));
            memo.computing.remove(&key);
            Ok(evaluated)
        })
    }

    /// What loading a source would cost.
    pub(crate) async fn estimate(
        &self,
        id: SourceId,
        host: &dyn TaskHost,
    ) -> Result<LoadEstimate, TableError> {
        let document = Arc::clone(&self.document.borrow());
        let source = source_of(&document, id)?;
        let mut total: Option<LoadEstimate> = None;
        for file in self.files_of(source)? {
            let estimate = read::estimate(&*file, &source.load, host).await?;
            total = Some(match total {
                None => estimate,
                Some(sum) => LoadEstimate {
                    file_bytes: sum.file_bytes + estimate.file_bytes,
                    memory_bytes: sum.memory_bytes + estimate.memory_bytes,
                    ..estimate
                },
            });
        }
        total.ok_or_else(|| TableError::FileMissing {
            name: source.name.clone(),
        })
    }

    /// The bytes of a source: attached files, or what the document carries.
    pub(crate) fn files_of(&self, source: &Source) -> Result<Vec<Rc<dyn ByteSource>>, TableError> {
        if let Origin::Embedded { file_name, bytes } = &source.origin {
            return Ok(vec![Rc::new(MemorySource::new(
                file_name.clone(),
                bytes.as_slice(),
            ))]);
        }
        match self.files.borrow().get(&source.id) {
            Some(files) if !files.is_empty() => Ok(files.clone()),
            _ => Err(TableError::FileMissing {
                name: source.name.clone(),
            }),
        }
    }

    /// Forgets tables that the document no longer reaches, except the few computed last: undo wants them back.
    pub(crate) fn drop_unused(&self) {
        let document = Arc::clone(&self.document.borrow());
        let used: BTreeSet<Key> = document
            .tables()
            .into_iter()
            .filter_map(|table| self.key_of(&document, table).ok())
            .collect();
        let mut memo = self.memo.borrow_mut();
        let unused_bytes: u64 = memo
            .tables
            .iter()
            .filter(|(key, _)| !used.contains(key))
            .map(|(_, evaluated)| evaluated.table.memory_bytes())
            .sum();
        if unused_bytes > UNUSED_KEPT_BYTES {
            memo.tables.retain(|key, _| used.contains(key));
        }
    }

    /// Names a table by all that leads to it: files, load options, operations, parameters, inputs, seed.
    pub(crate) fn key_of(&self, document: &Analysis, table: Ref) -> Result<Key, TableError> {
        match table {
            Ref::Source(id) => {
                let source = source_of(document, id)?;
                let files: Vec<(String, u64)> = match &source.origin {
                    // Another file offered for the same source is another table.
                    Origin::Files(_) | Origin::Url { .. } => self
                        .files
                        .borrow()
                        .get(&id)
                        .map(|files| {
                            files
                                .iter()
                                .map(|f| (f.name().to_owned(), f.size_bytes()))
                                .collect()
                        })
                        .unwrap_or_default(),
                    Origin::Sample { .. } | Origin::Embedded { .. } => Vec::new(),
                };
                Ok(Key::of(&(
                    &source.id,
                    &source.origin,
                    &source.load,
                    files,
                    document.seed,
                )))
            }
            Ref::Step(id, port) => {
                let step = document.step(id).ok_or_else(|| missing(table))?;
                let inputs = step
                    .inputs
                    .iter()
                    .map(|input| self.key_of(document, *input).map(|key| *key.bytes()))
                    .collect::<Result<Vec<_>, _>>()?;
                // The id names the step's random streams, so it is part of what leads to the result.
                Ok(Key::of(&(
                    id,
                    port,
                    &step.op,
                    step.op_version,
                    &step.params,
                    step.enabled,
                    inputs,
                    document.seed,
                )))
            }
        }
    }

    async fn load_source(
        &self,
        source: &Source,
        host: &dyn TaskHost,
    ) -> Result<Evaluated, TableError> {
        if let Origin::Sample { op, params } = &source.origin {
            let mut outputs = self
                .run_operation(op, params, &[], &format!("source {}", source.id.0), host)
                .await?;
            if outputs.tables.is_empty() {
                return Err(TableError::Internal {
                    context: "a sample",
                    reason: "it put out no table".to_owned(),
                });
            }
            // A sample of several tables is several sources, each choosing its own.
            let port = source
                .load
                .get("table")
                .and_then(sluice_analysis::Value::as_int)
                .unwrap_or(0);
            let port = usize::try_from(port)
                .unwrap_or(0)
                .min(outputs.tables.len() - 1);
            let table = outputs.tables.swap_remove(port);
            return Ok(evaluated(
                source.name.clone(),
                op.clone(),
                table,
                outputs.issues,
            ));
        }
        let files = self.files_of(source)?;
        let Loaded {
            table,
            format,
            guesses,
            issues,
            sampling,
        } = read::load(&files, &source.load, host).await?;
        Ok(Evaluated {
            guesses,
            sampling,
            ..evaluated(source.name.clone(), format, table, issues)
        })
    }

    async fn run_step(
        &self,
        document: &Analysis,
        step: &Step,
        port: u8,
        host: &dyn TaskHost,
    ) -> Result<Evaluated, TableError> {
        if let Some(evaluated) = self.run_recipe_step(document, step, port, host).await? {
            return Ok(evaluated);
        }
        let mut inputs = Vec::new();
        for input in &step.inputs {
            inputs.push(self.evaluate(*input, host).await?);
        }
        let operation = operation_named(&step.op);
        let (Some(operation), true) = (operation, step.enabled) else {
            // A step that is switched off, or that this version does not know, lets its first input through.
            let first = inputs
                .first()
                .ok_or_else(|| missing(Ref::Step(step.id, port)))?;
            return Ok(evaluated(
                first.name.clone(),
                first.format.clone(),
                first.table.clone(),
                Issues::default(),
            ));
        };
        let spec = operation.spec();
        let params = if step.op_version < spec.version {
            operation.upgrade(step.op_version, step.params.clone())
        } else {
            step.params.clone()
        };
        let tables: Vec<_> = inputs.iter().map(|input| input.table.clone()).collect();
        let context = RunContext {
            host,
            seed: document.seed,
            stream_name: format!("step {}", step.id.0),
        };
        let mut outcome = operation.run(&tables, &params, &context).await?;
        let port = usize::from(port);
        if port >= outcome.tables.len() {
            return Err(TableError::Param {
                what: spec.title,
                reason: format!("it has no output {port}; it has {}", outcome.tables.len()),
            });
        }
        let table = outcome.tables.swap_remove(port);
        Ok(Evaluated {
            figures: outcome.figures,
            ..evaluated(spec.title, spec.name, table, outcome.issues)
        })
    }

    /// Runs an operation outside the document's steps.
    async fn run_operation(
        &self,
        op: &str,
        params: &Params,
        inputs: &[sluice_table::Table],
        stream_name: &str,
        host: &dyn TaskHost,
    ) -> Result<sluice_table::Outcome, TableError> {
        let operation = operation_named(op).ok_or_else(|| TableError::Param {
            what: op.to_owned(),
            reason: "this version of Sluice does not have this operation; reload the page for the newest".to_owned(),
        })?;
        let seed = self.document.borrow().seed;
        let context = RunContext {
            host,
            seed,
            stream_name: stream_name.to_owned(),
        };
        operation.run(inputs, params, &context).await
    }
}

/// Results that nothing refers to any more are kept below this, for undo.
const UNUSED_KEPT_BYTES: u64 = 256 << 20;

pub(crate) fn evaluated(
    name: String,
    format: String,
    table: sluice_table::Table,
    issues: Issues,
) -> Evaluated {
    Evaluated {
        name,
        table,
        format,
        guesses: Vec::new(),
        issues,
        sampling: None,
        figures: Vec::new(),
        recipe: None,
        base_profile: Mutex::new(None),
        full_profile: std::cell::OnceCell::new(),
        bins: std::cell::RefCell::default(),
        pills: std::cell::RefCell::default(),
        orders: std::cell::RefCell::default(),
        evaluating: std::cell::RefCell::default(),
        ordering: std::cell::RefCell::default(),
    }
}

fn source_of(document: &Analysis, id: SourceId) -> Result<&Source, TableError> {
    document.source(id).ok_or_else(|| missing(Ref::Source(id)))
}

fn missing(table: Ref) -> TableError {
    TableError::Param {
        what: "the analysis".to_owned(),
        reason: format!("it refers to {table:?}, which it does not have"),
    }
}
