//! Profiles of test tables, as JSON: the same body runs natively and in the browser, against one recorded file.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use sluice_analysis::{Analysis, Origin, Params, Ref};
use sluice_engine::{Cancelled, Engine, Host, LocalBoxFuture, TaskHost};
use sluice_protocol::message::{ProfileLevel, Request, Response};

/// What native and wasm are both held to.
pub const RECORDED: &str = include_str!("recorded.json");

struct Quiet;

impl Host for Quiet {
    fn progress(&self, _stage: &str, _done: u64, _total: u64) {}
    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        Box::pin(async { Ok(()) })
    }
    fn memory_budget_bytes(&self) -> u64 {
        1 << 30
    }
}

impl TaskHost for Quiet {
    fn partial(&self, _body: Response) {}
}

fn sources() -> Vec<(&'static str, Origin)> {
    let file = |name: &str, text: &str| Origin::Embedded {
        file_name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let sample = |op: &str, rows: Option<i64>| {
        let params: Params = rows
            .map(|rows| ("n_rows".to_owned(), rows.into()))
            .into_iter()
            .collect();
        Origin::Sample {
            op: op.to_owned(),
            params,
        }
    };
    let mut mixed = String::from("id,amount,when,kind,ratio,note,flag\n");
    for row in 0..1500_i64 {
        let amount = if row % 7 == 0 {
            String::new()
        } else {
            format!("{}.{:02}", row * 37 % 911, row % 100)
        };
        let ratio = if row % 11 == 0 {
            "NaN".to_owned()
        } else {
            format!("{}e-{}", row % 13, row % 5)
        };
        let note = match row % 5 {
            0 => "\"quoted, with a comma\"".to_owned(),
            1 => "\"two\nlines\"".to_owned(),
            2 => "Zürich ☂".to_owned(),
            3 => String::new(),
            _ => format!("note {}", row % 40),
        };
        mixed.push_str(&format!(
            "{row},{amount},2026-{:02}-{:02},{},{ratio},{note},{}\n",
            row % 12 + 1,
            row % 28 + 1,
            ["red", "green", "blue"][(row % 3) as usize],
            row % 2 == 0
        ));
    }
    let nested = (0..300)
        .map(|row| {
            let tags = if row % 3 == 0 { "[\"a\",\"b\"]" } else { "[]" };
            format!(
                "{{\"a\":{{\"b\":{row},\"c\":\"x{}\"}},\"tags\":{tags},\"big\":{}}}\n",
                row % 9,
                row * 1_000_003
            )
        })
        .collect::<String>();
    vec![
        ("mixed.csv", file("mixed.csv", &mixed)),
        ("nested.jsonl", file("nested.jsonl", &nested)),
        (
            "ragged.csv",
            file("ragged.csv", "a,a,\n1,2,3\n4\n5,6,7,8\nx,6,7\n"),
        ),
        ("one_row.csv", file("one_row.csv", "x,y\n1,\n")),
        ("sample_web_text", sample("sample_web_text", Some(400))),
        ("sample_census", sample("sample_census", Some(1000))),
        ("sample_requests", sample("sample_requests", None)),
    ]
}

/// The full profile of every test table, by name.
pub async fn profiles() -> Json {
    let mut found = serde_json::Map::new();
    for (name, origin) in sources() {
        let mut document = Analysis::new(11);
        let id = document.add_source(name, origin, Params::new());
        let engine = Engine::new();
        engine.set_document(Arc::new(document));
        let request = Request::Profile {
            table: Ref::Source(id),
            pills: Vec::new(),
            level: ProfileLevel::Full,
        };
        let profile = match engine.handle(request, &Quiet).await {
            Ok(Response::Profile(profile)) => serde_json::to_value(&*profile).unwrap_or(Json::Null),
            Ok(other) => json!(format!("not a profile: {other:?}")),
            Err(failure) => json!(failure.message),
        };
        found.insert(name.to_owned(), profile);
    }
    Json::Object(found)
}

/// The places where `got` differs from `expected`: integers and texts must be equal, floats agree to 1e-9 relative.
pub fn differences(got: &Json, expected: &Json) -> Vec<String> {
    let mut found = Vec::new();
    compare("", got, expected, &mut found);
    found
}

fn compare(path: &str, got: &Json, expected: &Json, found: &mut Vec<String>) {
    match (got, expected) {
        (Json::Object(a), Json::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let (a, b) = (
                    a.get(key).unwrap_or(&Json::Null),
                    b.get(key).unwrap_or(&Json::Null),
                );
                compare(&format!("{path}/{key}"), a, b, found);
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (idx, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}/{idx}"), a, b, found);
            }
        }
        (Json::Number(a), Json::Number(b)) if !a.is_i64() || !b.is_i64() => {
            let (a, b) = (
                a.as_f64().unwrap_or(f64::NAN),
                b.as_f64().unwrap_or(f64::NAN),
            );
            if (a - b).abs() > (1e-9 * b.abs()).max(1e-12) {
                found.push(format!("{path}: got {a}, recorded {b}"));
            }
        }
        (a, b) if a != b => found.push(format!("{path}: got {a}, recorded {b}")),
        _ => {}
    }
}
