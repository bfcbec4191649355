//! A day of LLM-serving requests, generated.
//!
//! # What is planted
//!
//! - **Daily rhythm**: sessions start as a Poisson process whose rate is
//!   `sessions_per_hour · (1 − 0.6 · cos(2π · (t − 4 h) / 24 h))`: lowest at 04:00, highest at 16:00.
//! - **Two bursts**: from 12:10 to 12:25 client `client_00` starts sessions at six times the usual rate, and from
//!   20:40 to 20:45 at fifteen times. In them requests fail more often (8 % instead of 0.5 %).
//! - **Sessions**: geometric number of turns with mean `1 / (1 − 0.65)`; each prompt carries the whole conversation so far,
//!   so `prompt_tokens` of a turn is at least prompt and output of the turn before; the carried part is `shared_prefix_tokens`.
//!   Think time between turns is log-normal with median 30 s.
//! - **Lengths**: new prompt tokens log-normal (median 180) with 3 % from a Pareto tail (α = 1.1, from 2 000);
//!   output tokens log-normal (median 220), longer for model `large`.
//! - **Clients**: 24 of Zipf-distributed weight (exponent 1.1).
//! - **Latency**: time to the first token is 0.04 s + 0.00012 s per new prompt token, times an exponential queueing factor
//!   that grows with the rate; each further token takes 0.018 s (`small`) or 0.042 s (`large`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_analysis::{Bench, Params};
use sluice_protocol::spec::{Inputs, OperationKind, OperationSpec, Scope};
use sluice_stats::random::Stream;
use sluice_table::operation::{schema_and_defaults, typed};
use sluice_table::{
    LocalBoxFuture, Operation, Outcome, OwnedColumn, RunContext, Table, TableError,
};

pub struct SampleRequests;

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SampleRequestsParams {
    /// Mean number of conversations that start in an hour.
    #[schemars(range(min = 1.0, max = 100_000.0), extend("unit" = "1/h"))]
    sessions_per_hour: f64,
    /// How long the trace is.
    #[schemars(range(min = 0.1, max = 240.0), extend("unit" = "h"))]
    duration_h: f64,
}

impl Default for SampleRequestsParams {
    fn default() -> Self {
        Self {
            sessions_per_hour: 280.0,
            duration_h: 24.0,
        }
    }
}

const NAME: &str = "sample_requests";

const N_CLIENTS: usize = 24;
const CLIENT_EXPONENT: f64 = 1.1;
const CONTINUE_PROB: f64 = 0.65;
const RHYTHM: f64 = 0.6;
const QUIETEST_H: f64 = 4.0;
/// Start and end in hours, factor on the rate.
const BURSTS: [(f64, f64, f64); 2] = [
    (12.0 + 10.0 / 60.0, 12.0 + 25.0 / 60.0, 6.0),
    (20.0 + 40.0 / 60.0, 20.75, 15.0),
];
/// The trace starts at midnight of 2026-03-02, a Monday, in microseconds since 1970.
const START_US: i64 = 1_772_409_600_000_000;
/// Conversations longer than this are cut: no model reads more.
const MAX_CONTEXT_TOKENS: i64 = 128_000;

impl Operation for SampleRequests {
    fn spec(&self) -> OperationSpec {
        let (params_schema, defaults) = schema_and_defaults::<SampleRequestsParams>();
        OperationSpec {
            name: NAME.to_owned(),
            version: 1,
            bench: Bench::Serve,
            kind: OperationKind::Generate,
            title: "Sample: a day of requests".to_owned(),
            summary: "Generates LLM-serving requests with daily rhythm, two bursts and growing conversations".to_owned(),
            inputs: Inputs { min: 0, max: 0 },
            scope: Scope::Corpus,
            source: "Sluice; shapes after ServeGen (2025) and the Azure LLM inference traces".to_owned(),
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
            let params: SampleRequestsParams = typed(NAME, params)?;
            let requests = generate(&params, context).await?;
            into_table(requests).map(Outcome::table)
        })
    }
}

struct Request {
    arrival_s: f64,
    client: usize,
    session: i64,
    turn: i64,
    is_large: bool,
    prompt_tokens: i64,
    shared_prefix_tokens: i64,
    output_tokens: i64,
    has_failed: bool,
    time_to_first_token_s: f64,
    end_to_end_s: f64,
}

async fn generate(
    params: &SampleRequestsParams,
    context: &RunContext<'_>,
) -> Result<Vec<Request>, TableError> {
    let duration_s = params.duration_h * 3600.0;
    let weights: Vec<f64> = (1..=N_CLIENTS)
        .map(|rank| libm::pow(rank as f64, -CLIENT_EXPONENT))
        .collect();
    let mut starts = context.random("session starts");
    let mut draws = context.random("sessions");
    // Thinning (Lewis and Shedler 1979): candidates at the highest rate, kept in proportion to the rate there.
    let highest_per_s = params.sessions_per_hour / 3600.0 * (1.0 + RHYTHM) * 15.0;
    let mut requests = Vec::new();
    let mut at_s = 0.0;
    let mut session = 0;
    loop {
        at_s += starts.exponential(highest_per_s)?;
        if at_s >= duration_s {
            break;
        }
        let (rate_per_s, burst) = session_rate(at_s, params.sessions_per_hour / 3600.0);
        if starts.uniform() * highest_per_s >= rate_per_s {
            continue;
        }
        session += 1;
        let is_burst = draws.uniform() < 1.0 - 1.0 / burst;
        let client = if is_burst {
            0
        } else {
            draws.choose_weighted(&weights)?
        };
        conversation(
            &mut draws,
            at_s,
            session,
            client,
            (duration_s, burst),
            &mut requests,
        )?;
        if session % 512 == 0 {
            context
                .host
                .progress("generating requests", at_s as u64, duration_s as u64);
            context.host.checkpoint().await?;
        }
    }
    // Arrivals of one session never tie with another's except by chance; then the session decides.
    requests.sort_by(|a, b| {
        a.arrival_s
            .total_cmp(&b.arrival_s)
            .then(a.session.cmp(&b.session))
    });
    Ok(requests)
}

/// Sessions per second at a time, and the burst's factor (1 outside bursts).
fn session_rate(at_s: f64, mean_per_s: f64) -> (f64, f64) {
    let hour = (at_s / 3600.0) % 24.0;
    let rhythm = 1.0 - RHYTHM * libm::cos(std::f64::consts::TAU * (hour - QUIETEST_H) / 24.0);
    let burst = BURSTS
        .iter()
        .find(|(from, to, _)| *from <= hour && hour < *to)
        .map_or(1.0, |(_, _, factor)| *factor);
    (mean_per_s * rhythm * burst, burst)
}

fn conversation(
    draws: &mut Stream,
    start_s: f64,
    session: i64,
    client: usize,
    (end_s, burst): (f64, f64),
    requests: &mut Vec<Request>,
) -> Result<(), TableError> {
    let is_large = draws.uniform() < if client.is_multiple_of(3) { 0.5 } else { 0.15 };
    let mut arrival_s = start_s;
    let mut context_tokens = 0;
    for turn in 1.. {
        let new_tokens = if draws.uniform() < 0.03 {
            // Pareto by inversion.
            2_000.0 * libm::pow(1.0 - draws.uniform(), -1.0 / 1.1)
        } else {
            draws.log_normal(libm::log(180.0), 1.0)?
        };
        let new_tokens = (new_tokens as i64).clamp(1, MAX_CONTEXT_TOKENS);
        let median_output: f64 = if is_large { 320.0 } else { 220.0 };
        let output_tokens =
            (draws.log_normal(libm::log(median_output), 0.8)? as i64).clamp(1, 8_192);
        let prompt_tokens = (context_tokens + new_tokens).min(MAX_CONTEXT_TOKENS);
        let queueing = draws.exponential(1.0)? * 0.15 * burst;
        let time_to_first_token_s = (0.04 + 0.000_12 * new_tokens as f64) * (1.0 + queueing);
        let per_token_s = if is_large { 0.042 } else { 0.018 };
        let end_to_end_s = time_to_first_token_s + per_token_s * (output_tokens - 1) as f64;
        let has_failed = draws.uniform() < if burst > 1.0 { 0.08 } else { 0.005 };
        requests.push(Request {
            arrival_s,
            client,
            session,
            turn,
            is_large,
            prompt_tokens,
            shared_prefix_tokens: context_tokens.min(prompt_tokens),
            output_tokens: if has_failed { 0 } else { output_tokens },
            has_failed,
            time_to_first_token_s,
            end_to_end_s,
        });
        context_tokens = prompt_tokens + output_tokens;
        arrival_s += end_to_end_s + draws.log_normal(libm::log(30.0), 0.9)?;
        if draws.uniform() >= CONTINUE_PROB
            || arrival_s >= end_s
            || context_tokens >= MAX_CONTEXT_TOKENS
        {
            return Ok(());
        }
    }
    Ok(())
}

/// Microseconds: finer digits would only be noise.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

fn into_table(requests: Vec<Request>) -> Result<Table, TableError> {
    let column = |pick: fn(&Request) -> i64| {
        OwnedColumn::Int(requests.iter().map(|r| Some(pick(r))).collect())
    };
    let text = |pick: &dyn Fn(&Request) -> String| {
        OwnedColumn::Text(requests.iter().map(|r| Some(pick(r))).collect())
    };
    // A failed request has no latencies.
    let latency = |pick: fn(&Request) -> f64| {
        OwnedColumn::Float(
            requests
                .iter()
                .map(|r| (!r.has_failed).then(|| rounded(pick(r))))
                .collect(),
        )
    };
    let columns = vec![
        (
            "time",
            OwnedColumn::DateTime(
                requests
                    .iter()
                    .map(|r| Some(START_US + (r.arrival_s * 1e6).round() as i64))
                    .collect(),
            ),
        ),
        (
            "arrival_s",
            OwnedColumn::Float(
                requests
                    .iter()
                    .map(|r| Some(rounded(r.arrival_s)))
                    .collect(),
            ),
        ),
        ("client", text(&|r| format!("client_{:02}", r.client))),
        ("session", column(|r| r.session)),
        ("turn", column(|r| r.turn)),
        (
            "model",
            text(&|r| if r.is_large { "large" } else { "small" }.to_owned()),
        ),
        ("prompt_tokens", column(|r| r.prompt_tokens)),
        ("shared_prefix_tokens", column(|r| r.shared_prefix_tokens)),
        ("output_tokens", column(|r| r.output_tokens)),
        (
            "status",
            text(&|r| if r.has_failed { "failed" } else { "ok" }.to_owned()),
        ),
        (
            "time_to_first_token_s",
            latency(|r| r.time_to_first_token_s),
        ),
        ("end_to_end_s", latency(|r| r.end_to_end_s)),
    ];
    Table::from_columns(
        columns
            .into_iter()
            .map(|(name, column)| (name.to_owned(), column))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use sluice_table::host::PlainHost;

    use super::*;

    fn sample(sessions_per_hour: f64) -> Vec<Request> {
        let params = SampleRequestsParams {
            sessions_per_hour,
            duration_h: 24.0,
        };
        let context = RunContext {
            host: &PlainHost,
            seed: 7,
            stream_name: "test".to_owned(),
        };
        pollster::block_on(generate(&params, &context)).unwrap()
    }

    #[test]
    fn requests_arrive_in_order_and_conversations_grow() {
        let requests = sample(100.0);
        assert!(
            requests
                .windows(2)
                .all(|pair| pair[0].arrival_s <= pair[1].arrival_s)
        );
        let mut last = std::collections::BTreeMap::new();
        for request in &requests {
            if let Some((turn, tokens)) =
                last.insert(request.session, (request.turn, request.prompt_tokens))
            {
                assert_eq!(request.turn, turn + 1);
                assert!(
                    request.shared_prefix_tokens >= tokens,
                    "{}",
                    request.session
                );
            }
        }
    }

    #[test]
    fn the_day_has_its_rhythm_and_its_bursts() {
        let requests = sample(280.0);
        let starts_between = |from_h: f64, to_h: f64| {
            let hours = requests
                .iter()
                .filter(|r| r.turn == 1)
                .map(|r| r.arrival_s / 3600.0);
            hours.filter(|hour| from_h <= *hour && *hour < to_h).count() as f64 / (to_h - from_h)
        };
        assert!(starts_between(15.0, 17.0) > 2.0 * starts_between(3.0, 5.0));
        let (from, to, _) = BURSTS[0];
        assert!(starts_between(from, to) > 4.0 * starts_between(11.0, 12.0));
    }

    #[test]
    fn the_same_seed_gives_the_same_trace() {
        let digest = |requests: &[Request]| {
            requests.iter().fold(0_i64, |sum, r| {
                sum.wrapping_mul(31)
                    .wrapping_add(r.prompt_tokens + r.output_tokens)
            })
        };
        assert_eq!(digest(&sample(50.0)), digest(&sample(50.0)));
    }
}
