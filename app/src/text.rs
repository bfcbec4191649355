//! Every sentence of the interface. Sentence case, no full stop on single sentences, “…” when more input follows.

use sluice_analysis::Value;

use crate::format;
use crate::platform::fetch::FetchError;

pub const APP_NAME: &str = "Sluice";

// Compute
pub const NO_WEBGPU: &str = "no WebGPU in this browser";
pub const NO_ADAPTER: &str = "no WebGPU adapter";
pub const ENGINE_NOT_STARTED: &str = "the engine could not be started; reload the page";
pub const TASK_DISTRIBUTIONS: &str = "Counting rows in view";
pub const TASK_ORDER: &str = "Putting rows in order";
pub const TASK_ESTIMATE: &str = "Estimating memory";
pub const TASK_IDENTIFY: &str = "Hashing files for links";
pub const TASK_EXPORT: &str = "Exporting";
pub const TASK_FIGURE: &str = "Computing a chart";
pub const TASK_KEY_NUMBERS: &str = "Computing key numbers";

// Pills
pub const PILL_IS: &str = "is";
pub const PILL_IS_NOT: &str = "is not";
pub const PILL_MISSING: &str = "is missing";
pub const PILL_PRESENT: &str = "is present";
pub const PILL_CONTAINS: &str = "contains";
pub const PILL_MATCHES: &str = "matches";
pub const PILL_ANY_COLUMN: &str = "any column";
pub const PILL_CASE: &str = " (exact case)";

// Commands
pub const CMD_PALETTE: &str = "Search commands…";
pub const CMD_OPEN: &str = "Open files…";
pub const CMD_OPEN_URL: &str = "Open address…";
pub const CMD_NEW: &str = "New analysis";
pub const CMD_SAVE: &str = "Save analysis as file";
pub const CMD_SHARE: &str = "Share…";
pub const CMD_EXPORT: &str = "Export rows…";
pub const CMD_UNDO: &str = "Undo";
pub const CMD_REDO: &str = "Redo";
pub const CMD_ADD_STEP: &str = "Add step…";
pub const CMD_KEEP_VIEW: &str = "Keep only rows in view, as a step";
pub const CMD_ADD_CHART: &str = "Add chart…";
pub const CMD_ADD_OVERVIEW: &str = "Add overview panel";
pub const CMD_ADD_NOTE: &str = "Add note…";
pub const CMD_COMPARE: &str = "Compare…";
pub const CMD_SEARCH: &str = "Search rows…";
pub const CMD_GO_TO_ROW: &str = "Go to row…";
pub const CMD_CLEAR: &str = "Clear filters, then the selection";
pub const CMD_BENCH_DATA: &str = "Data bench";
pub const CMD_BENCH_SHIFT: &str = "Shift bench";
pub const CMD_BENCH_SERVE: &str = "Serve bench";
pub const CMD_INSPECT_TABLE: &str = "Inspect the table";
pub const CMD_THEME: &str = "Switch between light and dark";
pub const CMD_PRINT: &str = "Print…";
pub const CMD_KEYS: &str = "Keyboard shortcuts";
pub const CMD_ABOUT: &str = "About Sluice";

// Labels of edits, as in “Undo sort”
pub const LABEL_GO_BACK: &str = "go back";
pub const LABEL_BENCH: &str = "switch bench";
pub const LABEL_SPLIT: &str = "keep files apart";
pub const LABEL_LOOK: &str = "look at table";
pub const LABEL_FILTER: &str = "filter";
pub const LABEL_REMOVE_FILTER: &str = "remove filter";
pub const LABEL_SORT: &str = "sort";
pub const LABEL_RESIZE: &str = "resize column";
pub const LABEL_PIN: &str = "pin column";
pub const LABEL_HIDE: &str = "hide column";
pub const LABEL_SELECT: &str = "select rows";
pub const LABEL_TITLE: &str = "rename";
pub const LABEL_MOVE_STEP: &str = "move step";
pub const LABEL_REMOVE_STEP: &str = "remove step";
pub const LABEL_SWITCH_STEP: &str = "switch step";
pub const LABEL_EDIT_STEP: &str = "change step";
pub const LABEL_ADD_STEP: &str = "add step";
pub const LABEL_REMOVE_SOURCE: &str = "remove source";
pub const LABEL_LOAD_OPTIONS: &str = "change load options";
pub const LABEL_ACCEPT_FILE: &str = "use this file";
pub const LABEL_REMOVE_PANEL: &str = "remove panel";
pub const LABEL_CHART: &str = "change chart";
pub const LABEL_ADD_CHART: &str = "add chart";
pub const LABEL_NOTE: &str = "change note";
pub const LABEL_COMPARE: &str = "compare";
pub const LABEL_SEARCH: &str = "search";

// Messages
pub const NOT_IN_THIS_BROWSER: &str =
    "This address names a document kept in another browser; ask for a link or a .sluice.json file";
pub const PASTED_NAME: &str = "pasted.csv";
pub const SPLIT: &str = "The files do not have the same columns, so each is a table of its own";
pub const REOPEN_FAILED: &str = "The file could not be opened again; drop it or pick it";
pub const SAVE_REFUSED: &str = "The browser did not save the file";
pub const COPIED: &str = "Copied";
pub const COPY_REFUSED: &str = "The browser did not allow copying";

/// A message of a library as a sentence.
pub fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

pub fn rows_match(in_view: u64, total: u64) -> String {
    format!(
        "{} of {} rows match",
        format::count(in_view),
        format::count(total)
    )
}

pub fn rows(n: u64) -> String {
    format::counted(n, "row", "rows")
}

pub fn table_ready(name: &str, rows: u64) -> String {
    format!("{name} is ready, {}", self::rows(rows))
}

pub fn task_reading(name: &str) -> String {
    format!("Reading {name}")
}

pub fn task_running(name: &str) -> String {
    format!("Running {name}")
}

pub fn task_profiling(name: &str) -> String {
    format!("Profiling {name}")
}

pub fn step_name(place: usize, title: &str) -> String {
    format!("{title} (step {place})")
}

pub fn label_open(name: &str) -> String {
    format!("open {name}")
}

pub fn files_name(first: &str, n: usize) -> String {
    match n {
        0 | 1 => first.to_owned(),
        n => format!("{first} and {} more", n - 1),
    }
}

pub fn command_add_step(title: &str) -> String {
    format!("Add step: {title}…")
}

pub fn window_title(title: &str) -> String {
    format!("{title} · {APP_NAME}")
}

pub fn exported(rows: u64, bytes: &str, file_name: &str) -> String {
    format!("{} written, {bytes}, to {file_name}", self::rows(rows))
}

pub fn fetch_failed(url: &str, error: &FetchError) -> String {
    match error {
        FetchError::NotAnAddress => {
            format!("This is not an address that starts with https:// or http://: {url}")
        }
        FetchError::Unreadable => format!(
            "The address could not be read. Either the network is down, or its server does not let other sites \
             read it (CORS): then download the file and drop it here: {url}"
        ),
        FetchError::Status(status) => format!("The server answered with status {status}: {url}"),
    }
}

pub fn restarted(reason: &str) -> String {
    format!(
        "The engine stopped and was started again; nothing but the running task is lost ({reason})"
    )
}

// Frame
pub const SKIP_TO_MAIN: &str = "Skip to the table";
pub const PICK_FILES: &str = "Pick files";
pub const DROP_HERE: &str = "Drop to open";
pub const BENCHES: &str = "Benches";
pub const BENCH_DATA: &str = "Data";
pub const BENCH_SHIFT: &str = "Shift";
pub const BENCH_SERVE: &str = "Serve";
pub const TITLE: &str = "Title of the analysis";
pub const UNTITLED: &str = "Untitled analysis";
pub const SAVED_HERE: &str = "· saved in this tab";
pub const SEARCH_COMMANDS: &str = "Search commands";
pub const MENU: &str = "More commands";
pub const SHOW_RAIL: &str = "Sources and steps";
pub const SHOW_INSPECTOR: &str = "Inspector";
pub const STATUS: &str = "Status";
pub const SELECTION: &str = "Selection";
pub const MEMORY: &str = "Memory";
pub const OF: &str = "of";
pub const COMPUTE: &str = "Compute";
pub const GPU_READY: &str = " · WebGPU ready";
pub const CANCEL: &str = "Cancel";
pub const CLOSE: &str = "Close";
pub const MESSAGES: &str = "Messages";
pub const DISMISS: &str = "Dismiss";
pub const OUTDATED: &str = "A newer Sluice is loaded in part; reload the page to go on";
pub const RELOAD: &str = "Reload";
pub const FETCH_AGAIN: &str = "Fetch";
pub const REOPEN: &str = "Open it again";
pub const PICK_FILE: &str = "Pick the file…";
pub const ACCEPT_FILE: &str = "Use this file from now on";
pub const NOTHING: &str = "nothing";
pub const DISAGREES: &str = "Some numbers here are not those of the link";

pub fn with_key(label: &str, key: &str) -> String {
    format!("{label} ({key})")
}

pub fn of_rows(n: u64) -> String {
    format!("of {}", rows(n))
}

pub fn rows_word(n: u64) -> &'static str {
    if n == 1 { "row" } else { "rows" }
}

pub fn cpu(n_workers: u32) -> String {
    format!(
        "CPU, {}",
        format::counted(u64::from(n_workers), "worker", "workers")
    )
}

pub fn file_missing(name: &str, bytes: &str) -> String {
    format!(
        "This analysis reads {name} ({bytes}), which is not in the link: drop the file here or pick it"
    )
}

pub fn address_missing(name: &str, url: &str) -> String {
    format!("This analysis reads {name} from {url}; nothing is fetched before you say so")
}

pub fn file_same(name: &str) -> String {
    format!("{name} is the same file, byte for byte")
}

pub fn file_alike(name: &str) -> String {
    format!("{name} has the same size; its content has not been compared")
}

pub fn file_different(name: &str) -> String {
    format!("{name} is another file than the one this analysis was made with: numbers will differ")
}

pub fn agreement(n: usize) -> String {
    let n = format::counted(n as u64, "key number", "key numbers");
    format!("Computed again here: {n} of the link agree")
}

pub fn disagreement(name: &str, there: &str, here: &str) -> String {
    format!("{name}: {there} in the link, {here} here")
}

// Rail
pub const RAIL: &str = "Sources, steps and columns";
pub const SOURCES: &str = "Sources";
pub const AS_SET: &str = "as set";
pub const BUILT_IN: &str = "built-in sample";
pub const WITH_HEADER: &str = "header";
pub const WITHOUT_HEADER: &str = "no header";
pub const DECIMAL_COMMA: &str = "decimal comma";
pub const CHANGE_READING: &str = "How the file was read, and why; click to change it";
pub const READING: &str = "Reading";
pub const STOPPED: &str = "Stopped";
pub const READ_AGAIN: &str = "Read again";
pub const TRY_AGAIN: &str = "Try again";
pub const FILE_NEEDED: &str = "The file is needed; drop it here";
pub const LOOK_AT_STEP: &str = "Look at what this step puts out";
pub const UNKNOWN_STEP: &str =
    "This version of Sluice does not know this step; it lets its input through";
pub const EDIT: &str = "Edit…";
pub const STEP_ON: &str = "Step is on";
pub const MOVE_UP: &str = "Move up";
pub const MOVE_DOWN: &str = "Move down";
pub const MOVE_UP_KEYS: &str = "Move up (Alt ↑)";
pub const MOVE_DOWN_KEYS: &str = "Move down (Alt ↓)";
pub const FIND_COLUMN: &str = "Find a column";
pub const MISSING_SHARE: &str = "Share of missing values";

pub fn steps(n: usize) -> String {
    match n {
        0 => "Steps".to_owned(),
        n => format!("Steps · {n}"),
    }
}

pub fn columns_title(n: usize) -> String {
    match n {
        0 => "Columns".to_owned(),
        n => format!("Columns · {}", format::count(n as u64)),
    }
}

pub fn sampled(share: &str) -> String {
    format!("{share} sampled")
}

pub fn side(side: char) -> String {
    format!("Table {side}")
}

pub fn issues(n: u64) -> String {
    format::counted(n, "problem", "problems")
}

pub fn remove(what: &str) -> String {
    format!("Remove {what}")
}

pub fn tools_of(what: &str) -> String {
    format!("Tools of {what}")
}

pub fn rows_out_of(rows_out: &str, rows_in: &str) -> String {
    format!("{rows_out} of {rows_in} rows come out")
}

// Centre
pub const FILTERS: &str = "Filters";
pub const CLEAR_FILTERS: &str = "Clear";
pub const COPY_PILL: &str = "Copy this condition";
pub const TABLE: &str = "Table";
pub const READING_TABLE: &str = "Reading the table; its first rows appear here";
pub const NO_ROWS_YET: &str = "No rows yet";
pub const NO_TABLE: &str = "Rows appear here once there is a source: drop a file anywhere";
pub const REST_HAS_NO_FILTER: &str =
    "This bar gathers all other values; pick one of the named ones";
pub const UNEXPECTED_ANSWER: &str =
    "the engine gave an answer to another question; reload the page";
pub const HINT_SHIFT: &str =
    "Choose a second table and every panel, column and number is shown for both, A and B";
pub const HINT_SERVE: &str = "A trace is a table of requests: chart a column over time, or filter to an hour and see what changes";

pub fn undo_of(label: &str) -> String {
    format!("Undo {label}")
}

pub fn redo_of(label: &str) -> String {
    format!("Redo {label}")
}

pub fn row_not_in_view(number: u64) -> String {
    format!(
        "Row {} is not in view; clear the filters to see it",
        format::count(number)
    )
}

pub fn grid_label(name: &str, n: u64) -> String {
    format!("{name}, {}", rows(n))
}

pub fn selection_full(limit: u64) -> String {
    format!(
        "At most {} rows can be marked one by one; filter instead",
        format::count(limit)
    )
}

pub fn copied(what: &str) -> String {
    format!("Copied {what}")
}

// Forms
pub const EMPTY: &str = "";
pub const EXPRESSION_EXAMPLE: &str = "for example: price * 1.2";
pub const CHOOSE_COLUMN: &str = "Choose a column";
pub const CHOOSE_TABLE: &str = "Choose a table";
pub const ADD_ITEM: &str = "Add";
pub const KIND: &str = "Kind";
pub const NONE: &str = "none";
pub const SET: &str = "Set";
pub const COLUMN: &str = "Column";
pub const TEST: &str = "Test";
pub const VALUE: &str = "Value";
pub const ADD_CONDITION: &str = "Add condition";
pub const TEST_AT_LEAST: &str = "is at least";
pub const TEST_BELOW: &str = "is below";
pub const TEST_EXPRESSION: &str = "expression is true";

pub fn from_to_name(old: &str, new: &str) -> String {
    format!("{old} → {new}")
}

pub fn item(number: usize) -> String {
    format!("Item {number}")
}

pub fn not(what: &str) -> String {
    format!("not {what}")
}

/// Documentation ends in a full stop and marks code; a single sentence on screen does neither.
pub fn without_final_stop(sentence: &str) -> String {
    let trimmed = sentence.trim().replace('\n', " ").replace('`', "");
    match trimmed.strip_suffix('.') {
        Some(rest) if !rest.contains(". ") => rest.to_owned(),
        _ => trimmed,
    }
}

// Inspector
pub const OTHER_VALUES: &str = "other values";
pub const LOG_SCALE: &str = "log scale";
pub const ALL_MISSING: &str = "Every value is missing";
pub const NONE_MISSING: &str = "none missing";
pub const CONSTANT: &str = "one value throughout";
pub const PROFILE_COMING: &str = "Its profile is being computed";
pub const NO_SUCH_COLUMN: &str = "The table has no such column now";
pub const CHART_COLUMN: &str = "Chart it";
pub const HIDE_COLUMN: &str = "Hide column";
pub const PIN_COLUMN: &str = "Pin column";
pub const UNPIN_COLUMN: &str = "Unpin column";
pub const SHOW_COLUMN: &str = "Show column";
pub const FILTER_BY_VALUE: &str = "Filter by this value";
pub const FILTER_MISSING: &str = "Show the rows where it is missing";
pub const COUNTS: &str = "Counts";
pub const NUMBERS: &str = "Shape";
pub const QUANTILES: &str = "Quantiles";
pub const LENGTHS: &str = "Length in characters";
pub const CHARACTERS: &str = "Kinds of characters";
pub const LANGUAGES: &str = "Languages";
pub const EXAMPLES: &str = "Examples";
pub const ROWS: &str = "Rows";
pub const COLUMNS: &str = "Columns";
pub const MISSING: &str = "Missing";
pub const EMPTY_TEXTS: &str = "Empty texts";
pub const DISTINCT: &str = "Distinct";
pub const ZEROS: &str = "Zero";
pub const NEGATIVES: &str = "Negative";
pub const NANS: &str = "Not a number";
pub const INFINITIES: &str = "Infinite";
pub const MEAN: &str = "Mean";
pub const DEVIATION: &str = "Standard deviation";
pub const SKEWNESS: &str = "Skewness";
pub const KURTOSIS: &str = "Excess kurtosis";
pub const MINIMUM: &str = "Minimum";
pub const MEDIAN: &str = "Median";
pub const MAXIMUM: &str = "Maximum";
pub const RANK_ERROR: &str = "Off in rank by at most";
pub const SHORTEST: &str = "Shortest";
pub const LONGEST: &str = "Longest";
pub const TOP_VALUES: &str = "Most frequent values";
pub const READING_ROW: &str = "Reading the row";
pub const NO_SUCH_ROW: &str = "The table has no such row now";
pub const ROW_BEFORE: &str = "Row before";
pub const ROW_AFTER: &str = "Row after";
pub const SELECT_ROW: &str = "Select row";
pub const UNSELECT_ROW: &str = "Unselect row";
pub const NULL: &str = "missing";
pub const EMPTY_TEXT: &str = "empty text";
pub const READ_ALL: &str = "Read all";
pub const FILTER: &str = "filter";
pub const NOTHING_TO_EXPLAIN: &str =
    "Point at a column or a row, and what it holds is explained here";
pub const PROBLEMS: &str = "Problems";
pub const SAMPLING: &str = "Sampled";
pub const SIZE: &str = "Size";
pub const HOW_READ: &str = "How it was read";
pub const CHANGE: &str = "Change…";
pub const WORTH_A_LOOK: &str = "Worth a look";

pub fn missing_share(share: &str) -> String {
    format!("{share} missing")
}

pub fn from_to(low: &str, high: &str) -> String {
    format!("{low} to {high}")
}

pub fn about(what: &str) -> String {
    format!("about {what}")
}

pub fn are_missing(n: &str, share: &str) -> String {
    format!("{n} ({share}) are missing")
}

pub fn constant(value: &str) -> String {
    format!("one value throughout, {value}")
}

pub fn identifier(distinct: &str) -> String {
    format!("{distinct}, nearly one per row: an identifier")
}

pub fn numbers(kind: &str, range: &str, middle: Option<&str>) -> String {
    match middle {
        Some(middle) => format!("{kind} from {range}, half of them at most {middle}"),
        None => format!("{kind} from {range}"),
    }
}

pub fn texts(kind: &str, mean_length: &str, distinct: &str) -> String {
    format!("{kind} of {mean_length} characters on average, {distinct}")
}

pub fn categories(distinct: &str, most: &str, share: &str) -> String {
    format!("{distinct}, most often {most} ({share})")
}

pub fn column_of(kind: &str, distinct: &str) -> String {
    format!("{kind}, {distinct}")
}

pub fn table_of(rows: &str, columns: &str, n_numeric: usize, n_text: usize) -> String {
    format!("{rows} and {columns}, {n_numeric} of them numbers or times and {n_text} text")
}

pub fn estimated(count: &str, error: &str) -> String {
    format!("{count} ± {error}")
}

pub fn top_values_within(error: &str) -> String {
    format!("Most frequent values, counts up to {error} too high")
}

pub fn distribution_of(column: &str) -> String {
    format!("Distribution of {column}")
}

pub fn row_title(number: u64) -> String {
    format!("Row {}", format::count(number))
}

pub fn row_sentence(n_columns: usize, n_missing: usize) -> String {
    match n_missing {
        0 => format!("All {n_columns} values are present"),
        n if n == n_columns => "Every value is missing".to_owned(),
        n => format!("{n} of {n_columns} values are missing"),
    }
}

/// The value of a load option for people: marks that cannot be seen get a name.
pub fn guess_value(value: &Value) -> String {
    match value {
        Value::Bool(true) => YES.to_owned(),
        Value::Bool(false) => NO.to_owned(),
        Value::Null => NONE.to_owned(),
        Value::List(items) if items.is_empty() => NONE.to_owned(),
        Value::Text(text) => match text.as_str() {
            "\t" => TAB.to_owned(),
            " " => SPACE.to_owned(),
            "" => NONE.to_owned(),
            other => other.to_owned(),
        },
        other => format::value(other),
    }
}

/// The name of a load option for people.
pub fn guess_name(name: &str) -> String {
    match name {
        "null_values" => "Words for missing".to_owned(),
        "skip_rows" => "Lines skipped".to_owned(),
        "decimal" => "Decimal mark".to_owned(),
        "trim" => "Spaces trimmed".to_owned(),
        other => crate::form::schema::words(other),
    }
}

// Panels
pub const UNKNOWN_PANEL: &str = "This version of Sluice does not know this kind of panel";
pub const EDIT_NOTE: &str = "Edit note…";
pub const FIGURE_COMING: &str = "The chart appears here once its table is ready";
pub const OVERVIEW: &str = "Overview";
pub const WHAT_IS_IN_IT: &str = "what is in the table";
pub const NOT_SAMPLED: &str = "no sampling";
pub const OVERVIEW_COMING: &str = "What needs a look appears here as columns are profiled";
pub const TABLE_NEEDS_A_LOOK: &str = "The table as a whole needs a look";
pub const A_AND_B: &str = "A and B, column by column";
pub const A_AND_B_SHAPE: &str = "A and B";
pub const MISSING_A: &str = "missing in A";
pub const MISSING_B: &str = "in B";
pub const MIDDLE_A: &str = "middle of A";
pub const MIDDLE_B: &str = "of B";
pub const DUPLICATES: &str = "Duplicate rows";
pub const MISSING_TOGETHER: &str = "Missing together";
pub fn no_association(least: &str) -> String {
    format!("No two columns are associated by {least} or more")
}

pub const ASSOCIATIONS: &str = "Associations";
pub const AS_HEAT_MAP: &str = "as heat map";
pub const CHART_PAIR: &str = "Chart this pair";
pub const SHOW_ONE: &str = "Show one";

pub fn reads(name: &str) -> String {
    format!("Reads {name}")
}

pub fn on_table(name: &str) -> String {
    format!("on {name}")
}

pub fn nothing_unusual(n: usize) -> String {
    format!(
        "Nothing unusual in {}",
        format::counted(n as u64, "column", "columns")
    )
}

pub fn columns_need_a_look(n: usize, of: usize) -> String {
    let verb = if n == 1 { "needs" } else { "need" };
    format!(
        "{n} of {} {verb} a look",
        format::counted(of as u64, "column", "columns")
    )
}

pub fn profiled_columns(n: usize, of: usize) -> String {
    format!("{n} of {of} columns profiled")
}

pub fn still_computing(what: &str) -> String {
    format!("Still computing: {what}")
}

pub fn and_more(n: usize) -> String {
    format!("and {n} more in the inspector of the table")
}

pub fn duplicates(n: u64, rows: u64) -> String {
    if n == 0 {
        return "No row equals another".to_owned();
    }
    let share = format::percent(n as f64 / rows.max(1) as f64);
    format!("{} ({share}) equal an earlier row", self::rows(n))
}

pub fn complete_rows(share: &str) -> String {
    format!("{share} of the rows are complete")
}

pub fn pair(a: &str, b: &str) -> String {
    format!("{a} · {b}")
}

pub fn a_and_b_of(column: &str) -> String {
    format!("Distribution of {column} in A and in B")
}

// Start page
pub const START_TITLE: &str = "Drop a file to begin";
pub const START_FORMATS: &str = "CSV, JSON, JSON lines, Parquet, Arrow, Excel or plain text, also as .gz or .zst; or paste rows from anywhere";
pub const ADDRESS: &str = "Address of a file";
pub const ADDRESS_HELP: &str = "Fetched by this browser when you press Fetch, not before. The server has to allow other sites to read it (CORS); many do not: then download the file and drop it here";
pub const FETCH: &str = "Fetch";
pub const PROMISE: &str = "Data never leaves this tab: no upload, no account, and it works offline";
pub const SAMPLES: &str = "Or start with a sample";
pub const EXAMPLES_TITLE: &str = "Analyses to take apart";
pub const RECENT: &str = "Open before in this browser";
pub const FORGET: &str = "Forget";
pub const SAMPLE_WEB: &str = "Web text";
pub const SAMPLE_WEB_ABOUT: &str = "A crawl with near-duplicates, boilerplate, spam, several languages and personal data planted in it";
pub const SAMPLE_CENSUS: &str = "Census, before and after";
pub const SAMPLE_CENSUS_ABOUT: &str = "Two tables that differ in known ways: who answers, what they answer, and how one follows from the other";
pub const SAMPLE_REQUESTS: &str = "A day of requests";
pub const SAMPLE_REQUESTS_ABOUT: &str =
    "A language model’s traffic with daily rhythm, bursts and sessions";
pub const EXAMPLE_DATA: &str = "What is in this crawl that should not be?";
pub const EXAMPLE_CURATE: &str =
    "Which pages should a language model not read, and who is hit by each rule?";
pub const EXAMPLE_SHIFT: &str = "Did the people change, or what they answer?";
pub const EXAMPLE_SERVE: &str = "When is the service busiest, and with what?";
pub const EXAMPLE_DATA_TITLE: &str = "Web text, first look";
pub const EXAMPLE_CURATE_TITLE: &str = "Web text, curated";
pub const EXAMPLE_SHIFT_TITLE: &str = "Census, before against after";
pub const EXAMPLE_SERVE_TITLE: &str = "A day of requests";
pub const NOTE_WEB_OVERVIEW: &str = "**Start with what stands out.** Each line names a column and the number behind it; click one to see why.";
pub const NOTE_CURATE: &str = "**Open a rule and move its limit.** Then look under Groups at `planted`, which says what each page really is: it tells how much of it a rule finds, and what it takes besides.";
pub const NOTE_WEB_LANGUAGE: &str = "Most pages are in one language, and the rest is not noise: click a bar and read a few rows before you decide to drop it.";
pub const NOTE_CENSUS_OVERVIEW: &str = "**A is before, B is after.** A column whose lines part has shifted; whether that matters is a question about the label too.";
pub const NOTE_CENSUS_AGE: &str = "The people became older. Filter to one age group and see whether the other columns still differ.";
pub const NOTE_REQUESTS_OVERVIEW: &str =
    "**Each row is a request.** Long prompts are few, but they are what others wait for.";
pub const NOTE_REQUESTS_TOKENS: &str =
    "The view is filtered to long prompts. Remove the filter above to see all of the day.";

pub fn utc(moment: &str) -> String {
    format!("{moment} UTC")
}

// Dialogs
pub const PALETTE_HINT: &str = "What do you want to do?";
pub const COMMANDS: &str = "Commands";
pub const NO_COMMAND: &str = "No command has these words";
pub const KEYS_IN_TABLE: &str = "In the table";
pub const KEYS_ELSEWHERE: [(&str, &str); 6] = [
    ("← ↑ → ↓", "Move between cells"),
    ("PgUp PgDn", "Move by a screen"),
    (
        "Home End",
        "First and last column; with Ctrl, first and last row",
    ),
    ("Enter", "Open a cell, or sort by a header"),
    ("Space", "Select the row"),
    ("Ctrl C", "Copy"),
];
pub const ABOUT_WHAT: &str = "A workbench for three kinds of evidence: what is in a dataset, how two datasets differ, and how a service behaves under load.";
pub const ABOUT_TRUST: &str = "Every number can be checked: an analysis is a link, and whoever opens it computes everything again and is told whether the numbers agree.";
pub const READING_VALUE: &str = "Reading the value";
pub const COPY: &str = "Copy";
pub const OPEN_ADDRESS: &str = "Open an address";
pub const GO_TO_ROW: &str = "Go to row";
pub const GO: &str = "Go";
pub const SEARCH_ROWS: &str = "Search rows";
pub const SEARCH_TEXT: &str = "Text to find";
pub const SEARCH_IN: &str = "In";
pub const ALL_COLUMNS: &str = "All columns";
pub const REGEX: &str = "Regular expression";
pub const EXACT_CASE: &str = "Exact case";
pub const SEARCH: &str = "Search";
pub const NOTE_BESIDE_PANEL: &str = "Note beside the panel";
pub const NOTE_OF_ANALYSIS: &str = "Note on the analysis";
pub const NOTE_TEXT: &str = "Text";
pub const NOTE_HELP: &str =
    "Markdown: **bold**, *italic*, lists, [links](https://…). An empty note is removed";
pub const PREVIEW: &str = "Preview";
pub const SAVE_NOTE: &str = "Save note";
pub const COMPARE_TITLE: &str = "Compare two tables";
pub const COMPARE_WITH: &str = "B, compared with it";
pub const COMPARE_NONE: &str =
    "There is no second table yet: open another file, or add a step and compare before with after";
pub const OPEN_ANOTHER: &str = "Open another file…";
pub const STOP_COMPARING: &str = "Stop comparing";
pub const ISSUES_TITLE: &str = "What could not be read as it is";
pub const LINE: &str = "Line";
pub const REASON: &str = "Reason";
pub const FILE: &str = "File";
pub const SHOW_MORE: &str = "Show more";
pub const LOAD_HELP: &str =
    "Each line is a guess from the file’s content. Change one and the file is read again";
pub const WHAT: &str = "What";
pub const READ_AS: &str = "Read as";
pub const WHY: &str = "Why";
pub const SKIP_HELP: &str = "Lines before the table begins";
pub const GUESS_AGAIN: &str = "Guess again";
pub const DONE: &str = "Done";
pub const YES: &str = "yes";
pub const NO: &str = "no";
pub const TAB: &str = "tab";
pub const SPACE: &str = "space";
pub const TOO_LARGE_TITLE: &str = "Too large to read whole";
pub const SHARE_TO_READ: &str = "Share to read";
pub const SHARE_HELP: &str =
    "Parts spread over the whole file; every number then says that it is of a sample";
pub const COLUMNS_TO_READ: &str = "Columns to read";
pub const READ_THIS_MUCH: &str = "Read this much";
pub const ADD_STEP_TITLE: &str = "Add a step";
pub const FIND_OPERATION: &str = "Find an operation";
pub const RUN_STEP: &str = "Run";
pub const OTHER_TABLE: &str = "Other table";
pub const OTHER_TABLES: &str = "Other tables";
pub const NO_OTHER_TABLE: &str = "There is no other table yet: open a second file first";
pub const CHART_AUTO: &str = "What fits";
pub const CHART_HISTOGRAM: &str = "Histogram";
pub const CHART_BAR: &str = "Bars";
pub const CHART_LINE: &str = "Line";
pub const CHART_SCATTER: &str = "Scatter";
pub const CHART_BOX: &str = "Boxes";
pub const CHART_HEAT_MAP: &str = "Heat map";
pub const CHART_ECDF: &str = "Cumulative share";
pub const CHANGE_CHART: &str = "Change the chart";
pub const ADD_CHART_TITLE: &str = "Add a chart";
pub const CHART_X: &str = "Column";
pub const CHART_Y: &str = "Second column";
pub const CHART_COLOR: &str = "Colour by";
pub const CHART_KIND: &str = "Kind of chart";
pub const CHART_SELECTED: &str = "Only selected rows";
pub const DRAW: &str = "Draw";
pub const EXPORT_TITLE: &str = "Export rows";
pub const EXPORT_VIEW: &str = "All in view";
pub const EXPORT_SELECTED: &str = "The selection";
pub const EXPORT_ALL: &str = "All rows";
pub const FORMAT: &str = "Format";
pub const GZIP: &str = "compressed (.gz)";
pub const EXPORT: &str = "Export";
pub const SHARE_TITLE: &str = "Share this analysis";
pub const LINK: &str = "Link";
pub const COPY_LINK: &str = "Copy link";
pub const LINK_COPIED: &str = "Link copied";
pub const LINK_CONTAINS: &str = "It contains";
pub const NEEDS_NOTHING: &str = "Whoever opens it needs nothing else";
pub const KEY_NUMBERS_COMING: &str =
    "The key numbers are being computed; the link is complete when they are in it";

pub fn build(id: &str) -> String {
    format!("Build {id}")
}

pub fn cell_title(column: &str, row: u64) -> String {
    format!("{column}, row {}", format::count(row))
}

pub fn row_range(n: &str) -> String {
    format!("Row number, 1 to {n}")
}

pub fn compare_a(name: &str) -> String {
    format!("A is {name}, the table looked at")
}

pub fn issues_sentence(n: u64) -> String {
    let n = format::counted(n, "problem was", "problems were");
    format!("{n} found; everything else was read. Nothing was dropped without a line here")
}

pub fn load_title(name: &str) -> String {
    format!("How {name} is read")
}

pub fn too_large(name: &str, file: &str, memory: &str, budget: &str) -> String {
    format!("{name} has {file} and would take about {memory} in memory; this tab can use {budget}")
}

pub fn expected_memory(expected: &str, budget: &str) -> String {
    format!("About {expected} of {budget}")
}

pub fn after(source: &str) -> String {
    format!("After {source}")
}

pub fn columns_of(chosen: &str, all: usize) -> String {
    format!(
        "{chosen} of {}",
        format::counted(all as u64, "column", "columns")
    )
}

pub fn link_length(n: &str, is_long: bool) -> String {
    if is_long {
        format!(
            "{n} characters; some programs cut links this long, so better save it as a .sluice.json file and send that"
        )
    } else {
        format!("{n} characters; it opens anywhere a link can be sent")
    }
}

pub fn embedded_data(bytes: &str) -> String {
    format!("the data itself, {bytes}")
}

pub fn needs_files(names: &str, hashed: bool) -> String {
    if hashed {
        format!("Whoever opens it needs {names}, and is told whether it is the same file")
    } else {
        format!("Whoever opens it needs {names}; its hash is still being computed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_cannot_be_seen_have_names() {
        assert_eq!(guess_value(&"\t".into()), TAB);
        assert_eq!(guess_value(&";".into()), ";");
        assert_eq!(guess_value(&"".into()), NONE);
        assert_eq!(guess_value(&Value::Bool(false)), NO);
    }

    #[test]
    fn single_sentences_have_no_full_stop() {
        assert_eq!(without_final_stop("How much."), "How much");
        assert_eq!(
            without_final_stop("How much. Or none."),
            "How much. Or none."
        );
    }
}
