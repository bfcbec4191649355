//! Recipes: chains of operators are run as one, so that texts are read once and every row knows all verdicts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::{Poll, Waker};

use sluice_analysis::{Analysis, Ref, Step};
use sluice_curate::{interchange, operators, recipe};
use sluice_protocol::message::Response;
use sluice_protocol::recipe::{ExportedRecipe, RecipeAnswer, RecipeOverview, RecipeQuery};
use sluice_table::operation::RunContext;
use sluice_table::{Table, TableError};

use crate::evaluate::evaluated;
use crate::memo::{Evaluated, Key};
use crate::{Engine, TaskHost, operation_named};

/// What recipes of a session share.
#[derive(Default)]
pub struct Recipes {
    cache: RefCell<recipe::RecipeCache>,
    /// Runs under way that someone watches.
    watched: RefCell<BTreeMap<Key, Watched>>,
}

/// The newest part of a run, until it is fetched.
#[derive(Default)]
struct Watched {
    part: Option<RecipeOverview>,
    waker: Option<Waker>,
}

/// Draws of a recipe are named by the step that draws alone, whichever step is looked at.
const STREAM: &str = "recipe";

/// A chain and the table that it begins with.
struct Chain<'d> {
    base: Ref,
    /// In order; the last one is what was asked for.
    steps: Vec<&'d Step>,
}

/// The operators that lead to a step without a step of another kind in between; `None` if there are none.
///
/// Steps of operations that are not known here are part of it: recipes of other systems bring them along.
fn chain<'d>(document: &'d Analysis, last: &'d Step) -> Option<Chain<'d>> {
    let belongs =
        |step: &Step| operators::named(&step.op).is_some() || operation_named(&step.op).is_none();
    let mut steps = Vec::new();
    let mut step = last;
    let base = loop {
        if !belongs(step) {
            break Ref::Step(step.id, 0);
        }
        steps.push(step);
        match *step.inputs.first()? {
            Ref::Step(id, 0) => step = document.step(id)?,
            base => break base,
        }
    };
    steps.reverse();
    let is_recipe = steps
        .iter()
        .any(|step| operators::named(&step.op).is_some());
    is_recipe.then_some(Chain { base, steps })
}

impl Engine {
    /// Rows of a table. Inside a recipe they are known from the whole recipe's run.
    pub(crate) async fn count_rows(
        &self,
        document: &Analysis,
        table: Ref,
        host: &dyn TaskHost,
    ) -> Result<u64, TableError> {
        if let Ref::Step(id, 0) = table {
            let longest = document.steps.iter().rev().find_map(|last| {
                let chain = chain(document, last)?;
                let place = chain.steps.iter().position(|step| step.id == id)?;
                Some((last, place))
            });
            if let Some((last, place)) = longest {
                let whole = self.evaluate(Ref::Step(last.id, 0), host).await?;
                if let Some(run) = &whole.recipe {
                    return Ok(run.rows_after(place));
                }
            }
        }
        Ok(self.evaluate(table, host).await?.table.n_rows() as u64)
    }

    /// The result of a step that ends a recipe; `None` if it does not.
    pub(crate) async fn run_recipe_step(
        &self,
        document: &Analysis,
        step: &Step,
        port: u8,
        host: &dyn TaskHost,
    ) -> Result<Option<Evaluated>, TableError> {
        let Some(chain) = chain(document, step) else {
            return Ok(None);
        };
        // All outputs of a chain are of one run: the main output's, if it is at hand.
        let main = self.key_of(document, Ref::Step(step.id, 0))?;
        let known = self
            .memo
            .borrow()
            .tables
            .get(&main)
            .and_then(|e| e.recipe.clone());
        let run = match known {
            Some(run) => run,
            None => Rc::new(self.run_chain(document, &chain, main, host).await?),
        };
        let table = recipe::port(&run, port, &self.recipes.cache, host).await?;
        let operation = operation_named(&step.op).map(|operation| operation.spec());
        let (title, name) = operation.map_or_else(
            || (step.op.clone(), step.op.clone()),
            |spec| (spec.title, spec.name),
        );
        Ok(Some(Evaluated {
            recipe: Some(Rc::clone(&run)),
            ..evaluated(title, name, table, run.issues().clone())
        }))
    }

    async fn run_chain(
        &self,
        document: &Analysis,
        chain: &Chain<'_>,
        key: Key,
        host: &dyn TaskHost,
    ) -> Result<recipe::Run, TableError> {
        let base = self.evaluate(chain.base, host).await?;
        let base_key = *self.key_of(document, chain.base)?.bytes();
        let references = self.references(document, chain, host).await?;
        let steps: Vec<_> = chain
            .steps
            .iter()
            .zip(references)
            .map(|(step, reference)| recipe_step(step, &step.params, reference))
            .collect();
        let tell = |part: &recipe::Run| {
            if let Some(watched) = self.recipes.watched.borrow_mut().get_mut(&key) {
                watched.part = Some(recipe::overview(part));
                if let Some(waker) = &watched.waker {
                    waker.wake_by_ref();
                }
            }
        };
        let context = context(document, host);
        let cache = &self.recipes.cache;
        recipe::run(&base.table, base_key, &steps, cache, &context, Some(&tell)).await
    }

    /// Second tables of the chain's steps.
    async fn references(
        &self,
        document: &Analysis,
        chain: &Chain<'_>,
        host: &dyn TaskHost,
    ) -> Result<Vec<Option<(Table, [u8; 32])>>, TableError> {
        let mut references = Vec::new();
        for step in &chain.steps {
            references.push(match step.inputs.get(1) {
                Some(second) => {
                    let key = *self.key_of(document, *second)?.bytes();
                    Some((self.evaluate(*second, host).await?.table.clone(), key))
                }
                None => None,
            });
        }
        Ok(references)
    }

    /// Answers a question about the recipe that ends at a step.
    pub(crate) async fn recipe(
        &self,
        table: Ref,
        query: &RecipeQuery,
        host: &dyn TaskHost,
    ) -> Result<Response, TableError> {
        let evaluated = self.watch(table, host).await?;
        let run = evaluated.recipe.clone().ok_or_else(|| TableError::Param {
            what: "recipe".to_owned(),
            reason: "this table is not made by one".to_owned(),
        })?;
        let answer = match query {
            RecipeQuery::Overview {
                tried: Some((tried, params)),
            } => {
                let document = std::sync::Arc::clone(&self.document.borrow());
                let chain = match table {
                    Ref::Step(id, _) => document.step(id).and_then(|step| chain(&document, step)),
                    Ref::Source(_) => None,
                };
                let chain = chain.ok_or_else(|| TableError::Param {
                    what: "recipe".to_owned(),
                    reason: "this table is not made by one any more".to_owned(),
                })?;
                let references = self.references(&document, &chain, host).await?;
                let steps: Vec<_> = chain
                    .steps
                    .iter()
                    .zip(references)
                    .map(|(step, reference)| {
                        let params = if step.id == *tried {
                            params
                        } else {
                            &step.params
                        };
                        recipe_step(step, params, reference)
                    })
                    .collect();
                let context = context(&document, host);
                let cache = &self.recipes.cache;
                let run =
                    recipe::run(&run.base, run.base_key, &steps, cache, &context, None).await?;
                RecipeAnswer::Overview(recipe::overview(&run))
            }
            query => recipe::answer(&run, query, host).await?,
        };
        Ok(Response::Recipe(Box::new(answer)))
    }

    /// Evaluates a table; what is known of its recipe while that goes on is sent ahead.
    async fn watch(&self, table: Ref, host: &dyn TaskHost) -> Result<Rc<Evaluated>, TableError> {
        let document = std::sync::Arc::clone(&self.document.borrow());
        // Removed rows and ledger come from the main output's run.
        let main = match table {
            Ref::Step(id, _) => Ref::Step(id, 0),
            source @ Ref::Source(_) => source,
        };
        let key = self.key_of(&document, main)?;
        self.recipes.watched.borrow_mut().entry(key).or_default();
        let mut evaluating = self.evaluate(table, host);
        let result = std::future::poll_fn(|cx| {
            if let Poll::Ready(result) = evaluating.as_mut().poll(cx) {
                return Poll::Ready(result);
            }
            let mut part = None;
            if let Some(watched) = self.recipes.watched.borrow_mut().get_mut(&key) {
                part = watched.part.take();
                watched.waker = Some(cx.waker().clone());
            }
            if let Some(part) = part {
                host.partial(Response::Recipe(Box::new(RecipeAnswer::Overview(part))));
            }
            Poll::Pending
        })
        .await;
        self.recipes.watched.borrow_mut().remove(&key);
        result
    }
}

/// A recipe of another system as steps.
pub(crate) fn read(text: &str) -> Result<Response, TableError> {
    let imported = interchange::import(text)?;
    Ok(Response::Recipe(Box::new(RecipeAnswer::Imported(imported))))
}

fn recipe_step<'a>(
    step: &'a Step,
    params: &'a sluice_analysis::Params,
    reference: Option<(Table, [u8; 32])>,
) -> recipe::RecipeStep<'a> {
    recipe::RecipeStep {
        id: step.id,
        op: &step.op,
        params,
        enabled: step.enabled,
        reference,
    }
}

fn context<'a>(document: &Analysis, host: &'a dyn TaskHost) -> RunContext<'a> {
    RunContext {
        host,
        seed: document.seed,
        stream_name: STREAM.to_owned(),
    }
}

/// The recipe that leads to the document's current table, for another system; needs no data.
///
/// # Errors
///
/// [`TableError::Param`] for a document without a recipe, and for a system that is not known.
pub fn translate_recipe(document: &Analysis, to: &str) -> Result<ExportedRecipe, TableError> {
    let last = match document.current_table() {
        Some(Ref::Step(id, _)) => document.step(id),
        _ => None,
    };
    let chain = last.and_then(|last| chain(document, last));
    let chain = chain.ok_or_else(|| TableError::Param {
        what: "export".to_owned(),
        reason: "the analysis has no recipe: no operator of curation leads to its table".to_owned(),
    })?;
    let members: Vec<_> = chain
        .steps
        .iter()
        .map(|step| recipe::Member::new(&recipe_step(step, &step.params, None)))
        .collect();
    interchange::export(&members, to)
}
