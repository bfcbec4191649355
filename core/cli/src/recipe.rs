//! `sluice run` and `sluice export`: recipes on files, and as other systems write them.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use sluice_analysis::{Analysis, Origin, Params, Ref, Selection, Step, Value, link};
use sluice_engine::{
    Cancelled, Chunk, Engine, Host, Kernel, LocalBoxFuture, TableError, TaskHost, translate_recipe,
};
use sluice_protocol::message::{Failure, Request, Response};
use sluice_protocol::recipe::{RecipeAnswer, RecipeOverview, RecipeQuery};

use crate::host::{TerminalHost, open};
use crate::{Common, output};

#[derive(clap::Args)]
pub struct RunArguments {
    /// An analysis (`.sluice.json`), a link with `#a=`, or a Data-Juicer YAML
    recipe: String,
    /// Input table; repeat it for an analysis of several files
    #[arg(long)]
    input: Vec<String>,
    /// Where the rows that are kept go; the format follows the name
    #[arg(long)]
    output: Option<String>,
    /// Where the ledger goes: a line for each row and operator that would remove it
    #[arg(long)]
    ledger: Option<String>,
    /// Where the removed rows go, with the reason
    #[arg(long)]
    removed: Option<String>,
    /// What was measured, in another system's form: `data-juicer-stats=FILE`, `dolma-attributes=FILE` or
    /// `datatrove-statistics=FILE`; repeat it for several
    #[arg(long, value_name = "FORM=FILE")]
    side_file: Vec<String>,
    /// Leave the measured columns out of the output
    #[arg(long)]
    without_measures: bool,
    /// The column of texts, where the recipe does not say it
    #[arg(long)]
    column: Option<String>,
    /// Format of the input, when content and name mislead
    #[arg(long)]
    format: Option<String>,
}

#[derive(clap::Args)]
pub struct ExportArguments {
    /// An analysis (`.sluice.json`), a link with `#a=`, or a Data-Juicer YAML
    recipe: String,
    /// `data-juicer`, `data-juicer-ray`, `datatrove`, `nemo-curator` or `dolma-mixer`
    #[arg(long)]
    to: String,
    /// Where it goes; `-` is standard output
    #[arg(long, default_value = "-")]
    output: String,
}

pub fn run(arguments: &RunArguments, common: &Common) -> Result<ExitCode, TableError> {
    let read = read_recipe(&arguments.recipe)?;
    let mut document = read.document;
    document.seed = if common.seed == 0 {
        document.seed
    } else {
        common.seed
    };
    if let Some(column) = &arguments.column {
        for step in &mut document.steps {
            step.params
                .insert("column".to_owned(), Value::from(column.as_str()));
        }
    }
    let host = RunHost::new(common);
    let engine = Engine::new();
    attach(&mut document, &engine, arguments)?;
    let table = document.current_table().ok_or_else(|| TableError::Param {
        what: arguments.recipe.clone(),
        reason: "it has neither a source nor a step".to_owned(),
    })?;
    engine.set_document(Arc::new(document.clone()));
    let ask = |request: Request| {
        pollster::block_on(engine.handle(request, &host)).map_err(|failure| said(&failure))
    };
    // Also evaluates the table: its parts are measured once.
    let query = RecipeQuery::Overview { tried: None };
    let overview = match ask(Request::Recipe { table, query }) {
        Ok(Response::Recipe(answer)) => match *answer {
            RecipeAnswer::Overview(overview) => Some(overview),
            _ => None,
        },
        // An analysis may end in something else than a recipe.
        _ => None,
    };
    let rows = |table: Ref| match ask(Request::Evaluate { table })? {
        Response::Table(info) => Ok((info.rows, info.columns)),
        _ => Err(unexpected()),
    };
    let (rows_out, _) = rows(table)?;
    let rows_in = match (&overview, document.sources.first()) {
        (Some(overview), _) => overview.n_rows,
        (None, Some(source)) => rows(Ref::Source(source.id))?.0,
        (None, None) => rows_out,
    };
    let mut steps = Vec::new();
    for step in &document.steps {
        steps.push(step_report(step, overview.as_ref(), &|table| {
            rows(table).map(|(n, _)| n)
        })?);
    }
    let key_numbers = match ask(Request::KeyNumbers)? {
        Response::KeyNumbers(numbers) => numbers,
        _ => Vec::new(),
    };
    let port = |port: u8| match table {
        Ref::Step(id, _) => Ref::Step(id, port),
        source @ Ref::Source(_) => source,
    };
    if let Some(path) = &arguments.output {
        let columns = if arguments.without_measures {
            input_columns(&document, &ask)?
        } else {
            Vec::new()
        };
        write(&engine, &host, table, columns, path)?;
    }
    for (path, number) in [(&arguments.removed, 1), (&arguments.ledger, 2)] {
        if let Some(path) = path {
            if overview.is_none() {
                return Err(TableError::Param {
                    what: path.clone(),
                    reason: "only a recipe has removed rows and a ledger".to_owned(),
                });
            }
            write(&engine, &host, port(number), Vec::new(), path)?;
        }
    }
    for side_file in &arguments.side_file {
        let bad = |reason: &str| TableError::Param {
            what: format!("--side-file {side_file}"),
            reason: reason.to_owned(),
        };
        let (form, path) = side_file
            .split_once('=')
            .ok_or_else(|| bad("write FORM=FILE"))?;
        if !SIDE_FILES.contains(&form) {
            return Err(bad(&format!("there are {}", SIDE_FILES.join(", "))));
        }
        let query = RecipeQuery::Export {
            to: form.to_owned(),
        };
        match ask(Request::Recipe { table, query })? {
            Response::Recipe(answer) => match *answer {
                RecipeAnswer::Exported(exported) => save(path, &exported.text)?,
                _ => return Err(unexpected()),
            },
            _ => return Err(unexpected()),
        }
    }
    drop(host);
    if common.json {
        output::json(&json!({
            "rows_in": rows_in,
            "rows_out": rows_out,
            "steps": steps,
            "key_numbers": key_numbers,
            "notes": read.notes,
        }))?;
    } else if !common.quiet {
        let text = report(rows_in, rows_out, &steps, &read.notes);
        // Rows on standard output are for another program.
        if arguments.output.as_deref() == Some("-") {
            eprint!("{text}");
        } else {
            output::text(&text)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn export(arguments: &ExportArguments, common: &Common) -> Result<ExitCode, TableError> {
    let read = read_recipe(&arguments.recipe)?;
    let exported = translate_recipe(&read.document, &arguments.to)?;
    if common.json {
        let left_out: Vec<Json> = exported
            .untranslated
            .iter()
            .map(|(op, reason)| json!({ "op": op, "reason": reason }))
            .collect();
        if arguments.output != "-" {
            save(&arguments.output, &exported.text)?;
        }
        output::json(&json!({
            "text": exported.text,
            "untranslated": left_out,
            "differing": exported.differing,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for (op, reason) in &exported.untranslated {
        eprintln!("left out: {op}: {reason}");
    }
    for (op, reason) in &exported.differing {
        eprintln!("results differ: {op}: {reason}");
    }
    if arguments.output == "-" {
        output::text(&exported.text)?;
    } else {
        save(&arguments.output, &exported.text)?;
    }
    Ok(ExitCode::SUCCESS)
}

const SIDE_FILES: [&str; 3] = [
    "data-juicer-stats",
    "dolma-attributes",
    "datatrove-statistics",
];

struct Recipe {
    document: Analysis,
    notes: Vec<String>,
}

/// A recipe in any of its forms.
fn read_recipe(recipe: &str) -> Result<Recipe, TableError> {
    let bad = |error: &dyn std::fmt::Display| TableError::Param {
        what: recipe.chars().take(80).collect(),
        reason: error.to_string(),
    };
    let mut notes = Vec::new();
    if recipe.contains("#a=") {
        let document = link::decode(recipe).map_err(|error| bad(&error))?;
        return Ok(Recipe { document, notes });
    }
    let text = std::fs::read_to_string(recipe).map_err(|error| TableError::Read {
        file: recipe.to_owned(),
        reason: error.to_string(),
    })?;
    if recipe.ends_with(".json") {
        let document = link::from_json(&text).map_err(|error| bad(&error))?;
        return Ok(Recipe { document, notes });
    }
    let engine = Engine::new();
    let request = Request::ReadRecipe { text };
    let host = RunHost::quiet();
    let answer =
        pollster::block_on(engine.handle(request, &host)).map_err(|failure| said(&failure))?;
    let Response::Recipe(answer) = answer else {
        return Err(unexpected());
    };
    let RecipeAnswer::Imported(imported) = *answer else {
        return Err(unexpected());
    };
    let mut document = Analysis::new(0);
    let source = document.add_source("input", Origin::Files(Vec::new()), Params::new());
    let mut last = Ref::Source(source);
    notes.extend(imported.notes);
    for step in imported.steps {
        if !step.note.is_empty() {
            notes.push(format!("{}: {}", step.op, step.note));
        }
        let id = document.add_step(step.op, step.op_version, step.params, vec![last]);
        if let Some(added) = document.step_mut(id) {
            added.enabled = step.is_on;
        }
        last = Ref::Step(id, 0);
    }
    document.view.table = Some(last);
    Ok(Recipe { document, notes })
}

/// Gives the input files to the document's sources, in order.
fn attach(
    document: &mut Analysis,
    engine: &Engine,
    arguments: &RunArguments,
) -> Result<(), TableError> {
    let mut paths = arguments.input.iter();
    for source in &mut document.sources {
        if !matches!(source.origin, Origin::Files(_) | Origin::Url { .. }) {
            continue;
        }
        let path = paths.next().ok_or_else(|| TableError::FileMissing {
            name: format!("the file of source “{}” (--input)", source.name),
        })?;
        source.name.clone_from(path);
        if let Some(format) = &arguments.format {
            source
                .load
                .insert("format".to_owned(), Value::from(format.as_str()));
        }
        engine.attach(source.id, vec![open(path)?]);
    }
    match paths.next() {
        Some(path) => Err(TableError::Param {
            what: format!("--input {path}"),
            reason: "the recipe reads fewer tables".to_owned(),
        }),
        None => Ok(()),
    }
}

fn step_report(
    step: &Step,
    overview: Option<&RecipeOverview>,
    rows: &dyn Fn(Ref) -> Result<u64, TableError>,
) -> Result<Json, TableError> {
    let member = overview.and_then(|overview| {
        overview
            .members
            .iter()
            .find(|member| member.step == step.id.0)
    });
    Ok(match member {
        Some(member) => json!({
            "op": step.op,
            "rows_in": member.rows_in,
            "rows_out": member.rows_out,
            "seconds": member.seconds,
            "edited": member.n_edited,
            "only_by_this": member.n_alone,
            "enabled": member.is_on,
            "note": member.note,
        }),
        None => {
            let rows_in = match step.inputs.first() {
                Some(input) => rows(*input)?,
                None => 0,
            };
            json!({
                "op": step.op,
                "rows_in": rows_in,
                "rows_out": rows(Ref::Step(step.id, 0))?,
                "seconds": 0.0,
                "enabled": step.enabled,
            })
        }
    })
}

fn report(rows_in: u64, rows_out: u64, steps: &[Json], notes: &[String]) -> String {
    let mut text = String::new();
    let number = |step: &Json, name: &str| step[name].as_u64().unwrap_or(0);
    for step in steps {
        let removed = number(step, "rows_in").saturating_sub(number(step, "rows_out"));
        text.push_str(&format!(
            "{:>10} rows  −{removed:<8} {}{}\n",
            number(step, "rows_out"),
            step["op"].as_str().unwrap_or_default(),
            match step["note"].as_str() {
                Some(note) if !note.is_empty() => format!("  ({note})"),
                _ => String::new(),
            },
        ));
    }
    for note in notes {
        text.push_str(&format!("note: {note}\n"));
    }
    text.push_str(&format!("{rows_out} of {rows_in} rows kept\n"));
    text
}

/// Names of the input's columns, for an output without measures.
fn input_columns(
    document: &Analysis,
    ask: &dyn Fn(Request) -> Result<Response, TableError>,
) -> Result<Vec<String>, TableError> {
    let Some(source) = document.sources.first() else {
        return Ok(Vec::new());
    };
    let table = Ref::Source(source.id);
    match ask(Request::Evaluate { table })? {
        Response::Table(info) => Ok(info.columns.into_iter().map(|column| column.name).collect()),
        _ => Err(unexpected()),
    }
}

fn write(
    engine: &Engine,
    host: &RunHost,
    table: Ref,
    columns: Vec<String>,
    path: &str,
) -> Result<(), TableError> {
    let out: Box<dyn Write> = if path == "-" {
        Box::new(io::stdout().lock())
    } else {
        Box::new(BufWriter::new(
            File::create(path).map_err(|e| unwritable(path, &e))?,
        ))
    };
    *host.out.borrow_mut() = Some(Out {
        to: out,
        failed: None,
    });
    let format = if path == "-" {
        "jsonl"
    } else {
        output::ending(path)
    };
    let request = Request::Export {
        table,
        pills: Vec::new(),
        selection: Selection::None,
        sort: Vec::new(),
        columns,
        format: format.to_owned(),
    };
    let result = pollster::block_on(engine.handle(request, host));
    let written = host.out.borrow_mut().take();
    result.map_err(|failure| said(&failure))?;
    if let Some(mut out) = written {
        let failed = out.failed.take().or_else(|| out.to.flush().err());
        if let Some(error) = failed {
            return Err(unwritable(path, &error));
        }
    }
    Ok(())
}

fn save(path: &str, text: &str) -> Result<(), TableError> {
    std::fs::write(path, text).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &str, error: &io::Error) -> TableError {
    TableError::Read {
        file: path.to_owned(),
        reason: format!("it could not be written: {error}"),
    }
}

fn said(failure: &Failure) -> TableError {
    TableError::Param {
        what: "run".to_owned(),
        reason: failure.message.clone(),
    }
}

fn unexpected() -> TableError {
    TableError::Internal {
        context: "asking the engine",
        reason: "it answered something else".to_owned(),
    }
}

/// The terminal as the host of requests: bytes that come ahead of an answer go to the open file.
struct RunHost {
    terminal: TerminalHost,
    out: RefCell<Option<Out>>,
}

struct Out {
    to: Box<dyn Write>,
    failed: Option<io::Error>,
}

impl RunHost {
    fn new(common: &Common) -> Self {
        Self {
            terminal: TerminalHost::new(common),
            out: RefCell::default(),
        }
    }

    fn quiet() -> Self {
        Self {
            terminal: TerminalHost::quiet(),
            out: RefCell::default(),
        }
    }
}

impl Host for RunHost {
    fn progress(&self, stage: &str, done: u64, total: u64) {
        self.terminal.progress(stage, done, total);
    }

    fn checkpoint(&self) -> LocalBoxFuture<'_, Result<(), Cancelled>> {
        self.terminal.checkpoint()
    }

    fn memory_budget_bytes(&self) -> u64 {
        self.terminal.memory_budget_bytes()
    }

    fn clock(&self) -> Option<fn() -> f64> {
        self.terminal.clock()
    }

    fn pool_width(&self) -> usize {
        self.terminal.pool_width()
    }

    fn submit(
        &self,
        kernel: Kernel,
        params: Rc<[u8]>,
        chunk: Chunk,
    ) -> LocalBoxFuture<'static, Result<Vec<u8>, TableError>> {
        self.terminal.submit(kernel, params, chunk)
    }
}

impl TaskHost for RunHost {
    fn partial(&self, body: Response) {
        if let (Response::Bytes(bytes), Some(out)) = (body, &mut *self.out.borrow_mut())
            && out.failed.is_none()
        {
            out.failed = out.to.write_all(&bytes).err();
        }
    }
}
