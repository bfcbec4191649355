//! Some of the rows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec, Scope};
use sluice_stats::random::Stream;

use crate::error::TableError;
use crate::host::{Host, LocalBoxFuture};
use crate::operation::{Operation, Outcome, RunContext, typed};
use crate::steps::{About, ONE, one_input, param_error, spec};
use crate::table::Table;
use crate::view::gather::gathered;
use crate::view::require_row_numbers_of;
use crate::view::slices::SLICE_ROWS;

/// Parameters of [`Sample`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SampleParams {
    /// Which rows to take.
    pub from: SampleFrom,
    /// How many rows to take; all if there are fewer.
    #[schemars(extend("unit" = "rows"))]
    pub n_rows: u64,
    /// Share of the rows to take instead, 0 to 1; rounded to whole rows, halves up.
    pub share: Option<f64>,
    /// Leaves the rows in the table's order; otherwise they are shuffled.
    pub keep_order: bool,
}

impl Default for SampleParams {
    fn default() -> Self {
        Self {
            from: SampleFrom::Random,
            n_rows: 1_000,
            share: None,
            keep_order: true,
        }
    }
}

/// Which rows are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SampleFrom {
    /// Every set of so many rows is equally likely.
    #[default]
    Random,
    /// The first rows.
    Head,
    /// The last rows.
    Tail,
}

/// Takes some of the rows, without replacement.
pub struct Sample;

const NAME: &str = "sample";

impl Operation for Sample {
    fn spec(&self) -> OperationSpec {
        spec::<SampleParams>(About {
            name: NAME,
            title: "Sample",
            summary: "Takes some of the rows, at random or from one end",
            kind: OperationKind::Select,
            inputs: ONE,
            scope: Scope::Corpus,
            source: "Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithms S and P",
        })
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: SampleParams = typed(NAME, params)?;
            let input = one_input(NAME, inputs)?;
            require_row_numbers_of(input)?;
            let n_all = input.n_rows();
            let n = n_taken(&params, n_all)?;
            let slice = |start: usize| Table::from_frame(input.frame().slice(start as i64, n));
            let mut rows = match (params.from, params.keep_order) {
                (SampleFrom::Head, true) => return Ok(Outcome::table(slice(0))),
                (SampleFrom::Tail, true) => return Ok(Outcome::table(slice(n_all - n))),
                // Row numbers fit: the table was checked.
                (SampleFrom::Head, false) => (0..n as u32).collect(),
                (SampleFrom::Tail, false) => ((n_all - n) as u32..n_all as u32).collect(),
                (SampleFrom::Random, _) => {
                    chosen(n, n_all, &mut context.random("rows"), context.host).await?
                }
            };
            if !params.keep_order {
                shuffle(&mut rows, &mut context.random("order"), context.host).await?;
            }
            Ok(Outcome::table(gathered(input, &rows, context.host).await?))
        })
    }
}

fn n_taken(params: &SampleParams, n_all: usize) -> Result<usize, TableError> {
    let Some(share) = params.share else {
        return Ok(usize::try_from(params.n_rows)
            .unwrap_or(usize::MAX)
            .min(n_all));
    };
    if !(0.0..=1.0).contains(&share) {
        return Err(param_error(
            "share",
            format!("{share} is not between 0 and 1"),
        ));
    }
    Ok((libm::floor(share * n_all as f64 + 0.5) as usize).min(n_all))
}

/// `n` of `n_all` rows, ascending: each row is taken with the probability that it is among the
/// rows still wanted, given how many are left.
async fn chosen(
    n: usize,
    n_all: usize,
    stream: &mut Stream,
    host: &dyn Host,
) -> Result<Vec<u32>, TableError> {
    let mut rows = Vec::with_capacity(n);
    for start in (0..n_all).step_by(SLICE_ROWS) {
        host.checkpoint().await?;
        for row in start..(start + SLICE_ROWS).min(n_all) {
            if below(stream, (n_all - row) as u64)? < (n - rows.len()) as u64 {
                rows.push(row as u32);
            }
        }
    }
    Ok(rows)
}

async fn shuffle(rows: &mut [u32], stream: &mut Stream, host: &dyn Host) -> Result<(), TableError> {
    for last in (1..rows.len()).rev() {
        if last % SLICE_ROWS == 0 {
            host.checkpoint().await?;
        }
        let other = below(stream, last as u64 + 1)? as usize;
        rows.swap(last, other);
    }
    Ok(())
}

fn below(stream: &mut Stream, n: u64) -> Result<u64, TableError> {
    stream
        .uniform_int(0..n)
        .map_err(|error| TableError::Internal {
            context: "drawing rows",
            reason: error.to_string(),
        })
}
