//! Operations: one definition, many faces.
//!
//! A file with typed parameters, documentation, source and the computation, and one line in its crate's registry
//! (`pub fn operations() -> Vec<&'static dyn Operation>`). Forms, palette, command line and reference come from it.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sluice_analysis::{Bench, Params, Value};
use sluice_protocol::figure::Figure;
use sluice_protocol::spec::{Inputs, OperationKind, OperationSpec, Scope};
use sluice_stats::random::Stream;

use crate::error::TableError;
use crate::host::{Host, LocalBoxFuture};
use crate::load::Issues;
use crate::table::Table;

/// One operation of the registry.
pub trait Operation: Sync {
    fn spec(&self) -> OperationSpec;

    /// Runs it. `params` may lack keys (defaults apply); unknown keys are refused.
    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>>;

    /// Rewrites parameters of an older version of this operation.
    fn upgrade(&self, _from_version: u32, params: Params) -> Params {
        params
    }
}

/// What a run knows besides its inputs.
pub struct RunContext<'a> {
    pub host: &'a dyn Host,
    /// The document's seed.
    pub seed: u64,
    /// Names the random streams of this run: the step's id, so that adding a step changes no other's draws.
    pub stream_name: String,
}

impl RunContext<'_> {
    /// The random stream of this step for `purpose`.
    pub fn random(&self, purpose: &str) -> Stream {
        Stream::named(self.seed, &format!("{}/{purpose}", self.stream_name))
    }
}

/// What an operation puts out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Output tables by port; port 0 is the main one.
    pub tables: Vec<Table>,
    pub figures: Vec<Figure>,
    pub issues: Issues,
}

impl Outcome {
    pub fn table(table: Table) -> Self {
        Self {
            tables: vec![table],
            ..Self::default()
        }
    }
}

/// Reads typed parameters, with the operation's defaults for absent keys.
///
/// # Errors
///
/// [`TableError::Param`] names the parameter that does not fit.
pub fn typed<P: DeserializeOwned>(op: &str, params: &Params) -> Result<P, TableError> {
    Value::Map(params.clone())
        .deserialize_into()
        .map_err(|error| TableError::Param {
            what: op.to_owned(),
            reason: error.to_string(),
        })
}

/// JSON Schema and defaults of a parameter type, as the text that [`OperationSpec`] carries.
pub fn schema_and_defaults<P: JsonSchema + Serialize + Default>() -> (String, String) {
    let schema = schemars::schema_for!(P);
    let text = |json: Result<String, serde_json::Error>| json.unwrap_or_else(|_| "{}".to_owned());
    (
        text(serde_json::to_string(&schema)),
        text(serde_json::to_string(&P::default())),
    )
}

/// What an operation of the data bench says of itself beyond its parameters.
pub struct About {
    pub name: &'static str,
    pub title: &'static str,
    pub summary: &'static str,
    pub kind: OperationKind,
    pub inputs: Inputs,
    pub scope: Scope,
    pub source: &'static str,
}

/// Exactly one input.
pub const ONE: Inputs = Inputs { min: 1, max: 1 };

/// The spec of version 1, with form and defaults from the type of the parameters.
pub fn spec<P: JsonSchema + Serialize + Default>(about: About) -> OperationSpec {
    let (params_schema, defaults) = schema_and_defaults::<P>();
    OperationSpec {
        name: about.name.to_owned(),
        version: 1,
        bench: Bench::Data,
        kind: about.kind,
        title: about.title.to_owned(),
        summary: about.summary.to_owned(),
        inputs: about.inputs,
        scope: about.scope,
        source: about.source.to_owned(),
        dialects: Vec::new(),
        params_schema,
        defaults,
    }
}

/// The only input of an operation that takes one.
///
/// # Errors
///
/// [`TableError::Inputs`] for none or several.
pub fn one_input<'a>(op: &str, inputs: &'a [Table]) -> Result<&'a Table, TableError> {
    match inputs {
        [table] => Ok(table),
        _ => Err(wrong_inputs(op, "1", inputs.len())),
    }
}

pub(crate) fn wrong_inputs(op: &str, expected: &str, got: usize) -> TableError {
    TableError::Inputs {
        op: op.to_owned(),
        expected: expected.to_owned(),
        got,
    }
}
