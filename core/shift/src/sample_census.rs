//! A census-like pair of tables, generated: A is the earlier year, B the later one.
//!
//! # What is planted
//!
//! - **Covariate shift**: in B ages are 3 years higher in the mean (41 instead of 38), and half as many work part-time
//!   (12 % instead of 24 %), so the median of `hours_per_week` moves.
//! - **Label shift**: none by itself; the share of high incomes follows from the other two.
//! - **Concept shift**: the chance of a high income given everything else falls in B by 1.1 on the logit scale
//!   for occupation `transport`, and rises by 0.8 for region `north`; for all others it is the same function.
//! - **Groups**: `sex` has an effect of 0.5 on the logit that nothing else explains; region `south` is a fifth of A
//!   and a tenth of B.
//! - **Unchanged**: `education_years`, `native`, `marital_status` given age.
//! - **Missing**: occupation is missing in 4 % of A and 9 % of B (missingness shift).
//!
//! `income_prob` is the true chance of a high income, for checking what is estimated.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::{Bench, Params};
use sluice_protocol::spec::{Inputs, OperationKind, OperationSpec, Scope};
use sluice_stats::random::Stream;
use sluice_table::operation::{schema_and_defaults, typed};
use sluice_table::{
    LocalBoxFuture, Operation, Outcome, OwnedColumn, RunContext, Table, TableError,
};

pub struct SampleCensus;

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SampleCensusParams {
    /// People in each of the two tables.
    #[schemars(range(min = 1, max = 5_000_000), extend("unit" = "rows"))]
    n_rows: u32,
}

impl Default for SampleCensusParams {
    fn default() -> Self {
        Self { n_rows: 20_000 }
    }
}

const NAME: &str = "sample_census";

const OCCUPATIONS: [(&str, f64); 7] = [
    ("office", 0.4),
    ("service", -0.6),
    ("transport", 0.1),
    ("craft", 0.0),
    ("professional", 1.2),
    ("sales", 0.2),
    ("farming", -0.8),
];
const REGIONS: [&str; 4] = ["north", "east", "south", "west"];
const MARITAL: [&str; 4] = ["never married", "married", "divorced", "widowed"];

/// What differs between the two years.
struct Year {
    mean_age: f64,
    part_time_share: f64,
    region_weights: [f64; 4],
    occupation_missing_share: f64,
    transport_logit: f64,
    north_logit: f64,
}

const A: Year = Year {
    mean_age: 38.0,
    part_time_share: 0.24,
    region_weights: [0.25, 0.3, 0.2, 0.25],
    occupation_missing_share: 0.04,
    transport_logit: 0.0,
    north_logit: 0.0,
};
const B: Year = Year {
    mean_age: 41.0,
    part_time_share: 0.12,
    region_weights: [0.3, 0.33, 0.1, 0.27],
    occupation_missing_share: 0.09,
    transport_logit: -1.1,
    north_logit: 0.8,
};

impl Operation for SampleCensus {
    fn spec(&self) -> OperationSpec {
        let (params_schema, defaults) = schema_and_defaults::<SampleCensusParams>();
        OperationSpec {
            name: NAME.to_owned(),
            version: 1,
            bench: Bench::Shift,
            kind: OperationKind::Generate,
            title: "Sample: two census years".to_owned(),
            summary: "Generates two census-like tables that differ in known ways; output 0 is A, output 1 is B".to_owned(),
            inputs: Inputs { min: 0, max: 0 },
            scope: Scope::Corpus,
            source: "Sluice; columns after UCI Adult and folktables".to_owned(),
            dialects: Vec::new(),
            params_schema,
            defaults,
        }
    }

    fn run<'a>(
        &'a self,
        _inputs: &'a [Table],
        params: &'a Params,
        context: &'a RunContext<'a>,
    ) -> LocalBoxFuture<'a, Result<Outcome, TableError>> {
        Box::pin(async move {
            let params: SampleCensusParams = typed(NAME, params)?;
            // Streams are named after the sample, not the source, so that A and B of one seed always belong together.
            let mut tables = Vec::new();
            for (name, year) in [("A", &A), ("B", &B)] {
                let mut draws = Stream::named(context.seed, &format!("{NAME}/{name}"));
                tables.push(people(params.n_rows, year, &mut draws, context).await?);
            }
            Ok(Outcome {
                tables,
                ..Outcome::default()
            })
        })
    }
}

#[derive(Default)]
struct Columns {
    age: Vec<Option<i64>>,
    sex: Vec<Option<String>>,
    region: Vec<Option<String>>,
    native: Vec<Option<bool>>,
    education_years: Vec<Option<i64>>,
    marital_status: Vec<Option<String>>,
    occupation: Vec<Option<String>>,
    hours_per_week: Vec<Option<i64>>,
    income: Vec<Option<String>>,
    income_prob: Vec<Option<f64>>,
}

async fn people(
    n_rows: u32,
    year: &Year,
    draws: &mut Stream,
    context: &RunContext<'_>,
) -> Result<Table, TableError> {
    let mut columns = Columns::default();
    for row in 0..n_rows {
        person(year, draws, &mut columns)?;
        if row % 4096 == 4095 {
            context
                .host
                .progress("generating people", u64::from(row), u64::from(n_rows));
            context.host.checkpoint().await?;
        }
    }
    Table::from_columns(vec![
        ("age".to_owned(), OwnedColumn::Int(columns.age)),
        ("sex".to_owned(), OwnedColumn::Text(columns.sex)),
        ("region".to_owned(), OwnedColumn::Text(columns.region)),
        ("native".to_owned(), OwnedColumn::Bool(columns.native)),
        (
            "education_years".to_owned(),
            OwnedColumn::Int(columns.education_years),
        ),
        (
            "marital_status".to_owned(),
            OwnedColumn::Text(columns.marital_status),
        ),
        (
            "occupation".to_owned(),
            OwnedColumn::Text(columns.occupation),
        ),
        (
            "hours_per_week".to_owned(),
            OwnedColumn::Int(columns.hours_per_week),
        ),
        ("income".to_owned(), OwnedColumn::Text(columns.income)),
        (
            "income_prob".to_owned(),
            OwnedColumn::Float(columns.income_prob),
        ),
    ])
}

fn person(year: &Year, draws: &mut Stream, columns: &mut Columns) -> Result<(), TableError> {
    // Gamma with a standard deviation of 13 years above the working age of 17.
    let mean_above = year.mean_age - 17.0;
    let scale = 169.0 / mean_above;
    let age = 17.0 + draws.gamma(mean_above / scale, scale)?;
    let age = age.min(90.0);
    let is_male = draws.uniform() < 0.52;
    let region = REGIONS[draws.choose_weighted(&year.region_weights)?];
    let is_native = draws.uniform() < 0.88;
    let education_years = draws.normal(11.5, 2.6)?.clamp(1.0, 20.0).round();
    let marital = match (age, draws.uniform()) {
        (age, chance) if age < 26.0 => usize::from(chance > 0.8),
        (age, chance) if age > 65.0 && chance > 0.6 => 3,
        (_, chance) if chance < 0.22 => 0,
        (_, chance) if chance < 0.8 => 1,
        _ => 2,
    };
    // Longer education makes professionals likelier.
    let mut weights = [2.2, 2.0, 1.0, 1.6, 0.4, 1.4, 0.6];
    weights[4] = 0.4 + 0.5 * (education_years - 10.0).max(0.0);
    let occupation_idx = draws.choose_weighted(&weights)?;
    let (occupation, occupation_logit) = OCCUPATIONS[occupation_idx];
    let hours = if draws.uniform() < year.part_time_share {
        draws.normal(22.0, 5.0)?
    } else {
        draws.normal(41.5, 5.5)?
    };
    let hours = hours.clamp(1.0, 90.0).round();
    let mut logit = -8.6
        + 0.045 * age
        + 0.28 * education_years
        + 0.05 * hours
        + occupation_logit
        + if is_male { 0.5 } else { 0.0 }
        + if marital == 1 { 0.7 } else { 0.0 };
    if occupation == "transport" {
        logit += year.transport_logit;
    }
    if region == "north" {
        logit += year.north_logit;
    }
    let prob = 1.0 / (1.0 + libm::exp(-logit));
    let is_high = draws.uniform() < prob;
    let has_occupation = draws.uniform() >= year.occupation_missing_share;

    columns.age.push(Some(age as i64));
    columns
        .sex
        .push(Some(if is_male { "male" } else { "female" }.to_owned()));
    columns.region.push(Some(region.to_owned()));
    columns.native.push(Some(is_native));
    columns.education_years.push(Some(education_years as i64));
    columns
        .marital_status
        .push(Some(MARITAL[marital].to_owned()));
    columns
        .occupation
        .push(has_occupation.then(|| occupation.to_owned()));
    columns.hours_per_week.push(Some(hours as i64));
    columns
        .income
        .push(Some(if is_high { ">50K" } else { "<=50K" }.to_owned()));
    columns.income_prob.push(Some((prob * 1e6).round() / 1e6));
    Ok(())
}

#[cfg(test)]
mod tests {
    use sluice_table::host::PlainHost;

    use super::*;

    fn tables() -> Vec<Table> {
        let context = RunContext {
            host: &PlainHost,
            seed: 1,
            stream_name: "test".to_owned(),
        };
        pollster::block_on(SampleCensus.run(&[], &Params::new(), &context))
            .unwrap()
            .tables
    }

    fn mean(table: &Table, column: &str) -> f64 {
        let values = table.f64_values(column).unwrap().values;
        values.iter().sum::<f64>() / values.len() as f64
    }

    #[test]
    fn the_two_years_differ_as_documented() {
        let [a, b] = <[Table; 2]>::try_from(tables()).unwrap();
        assert_eq!((a.n_rows(), b.n_rows()), (20_000, 20_000));
        let age_shift = mean(&b, "age") - mean(&a, "age");
        assert!((2.0..4.0).contains(&age_shift), "{age_shift}");
        let hours_shift = mean(&b, "hours_per_week") - mean(&a, "hours_per_week");
        assert!((1.5..3.5).contains(&hours_shift), "{hours_shift}");
        let education_shift = mean(&b, "education_years") - mean(&a, "education_years");
        assert!(education_shift.abs() < 0.15, "{education_shift}");
        let income = mean(&a, "income_prob");
        assert!((0.15..0.45).contains(&income), "{income}");
    }

    #[test]
    fn occupations_are_missing_more_often_in_b() {
        let missing: Vec<f64> = tables()
            .iter()
            .map(|table| {
                let mut missing = 0;
                table
                    .for_each_text("occupation", |text| missing += u32::from(text.is_none()))
                    .unwrap();
                f64::from(missing) / 20_000.0
            })
            .collect();
        assert!(
            (missing[0] - 0.04).abs() < 0.01 && (missing[1] - 0.09).abs() < 0.01,
            "{missing:?}"
        );
    }
}
