//! Operators as operations: a step of the document, an entry of the palette, a command.

use std::cell::RefCell;
use std::sync::LazyLock;

use sluice_analysis::{Params, StepId};
use sluice_protocol::spec::OperationSpec;
use sluice_table::{LocalBoxFuture, Operation, Outcome, RunContext, Table, TableError};

use crate::operator::Operator;
use crate::operators;
use crate::recipe::{self, RecipeCache, RecipeStep};

/// An operator by itself: a recipe of one.
///
/// A chain of them in a document is run as one recipe by the engine; this is for callers with a single operator.
struct AsOperation {
    operator: &'static dyn Operator,
    spec: OperationSpec,
}

/// All operators, as operations.
pub fn all() -> Vec<&'static dyn Operation> {
    static ALL: LazyLock<Vec<AsOperation>> = LazyLock::new(|| {
        let made = |operator: &&'static dyn Operator| AsOperation {
            operator: *operator,
            spec: operator.spec(),
        };
        operators::all().iter().map(made).collect()
    });
    ALL.iter()
        .map(|operator| operator as &dyn Operation)
        .collect()
}

impl Operation for AsOperation {
    fn spec(&self) -> OperationSpec {
        self.spec.clone()
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let spec = &self.spec;
            let (Some(base), true) = (inputs.first(), inputs.len() <= spec.inputs.max.into())
            else {
                return Err(TableError::Inputs {
                    op: spec.title.clone(),
                    expected: spec.inputs.min.to_string(),
                    got: inputs.len(),
                });
            };
            // A fault is an error here: there is no list of operators in which it could be shown.
            recipe::prepared(self.operator, params).map_err(|fault| TableError::Param {
                what: spec.title.clone(),
                reason: fault.to_string(),
            })?;
            let step = RecipeStep {
                id: StepId(0),
                op: &spec.name,
                params,
                enabled: true,
                reference: inputs.get(1).map(|table| (table.clone(), [1; 32])),
            };
            let cache = RefCell::new(RecipeCache::default());
            let run = recipe::run(base, [0; 32], &[step], &cache, context, None).await?;
            let mut tables = Vec::new();
            for port in 0..recipe::N_PORTS {
                tables.push(recipe::port(&run, port, &cache, context.host).await?);
            }
            Ok(Outcome {
                tables,
                issues: run.issues().clone(),
                ..Outcome::default()
            })
        })
    }
}
