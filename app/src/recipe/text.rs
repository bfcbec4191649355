//! Every sentence about recipes. Sentence case, no full stop on single sentences, “…” when more input follows.

use crate::format;

pub const TASK_MEASURE: &str = "Measuring the recipe";
pub const TASK_QUERY: &str = "Looking into the recipe";
pub const TASK_READ: &str = "Reading a recipe";

// Commands and labels of edits
pub const CMD_ADD_OPERATOR: &str = "Add operator…";
pub const CMD_IMPORT: &str = "Import recipe…";
pub const CMD_EXPORT: &str = "Export recipe…";
pub const LABEL_MOVE: &str = "move operator";
pub const LABEL_SWITCH: &str = "switch operator";
pub const LABEL_REMOVE: &str = "remove operator";
pub const REMOVE: &str = "Remove";
pub const LABEL_LIMIT: &str = "move limit";
pub const LABEL_DEVIATIONS: &str = "set limits";
pub const LABEL_CATEGORIES: &str = "choose categories";
pub const LABEL_BANDS: &str = "change bands";
pub const LABEL_IMPORT: &str = "import recipe";

// Head
pub const ADD_OPERATOR_TITLE: &str = "Add an operator";
pub const PICK_RECIPE: &str = "Pick a recipe";
pub const OUTPUTS: &str = "Rows in the table below";
pub const KEPT: &str = "Kept";
pub const REMOVED: &str = "Removed";
pub const LEDGER: &str = "Ledger";
pub const MEASURE_AGAIN: &str = "Measure again";
pub const STOPPED: &str = "Measuring was stopped";
pub const TEXTS_ARE_IN: &str = "Texts are in column";
pub const CHOOSE_COLUMN: &str = "Choose…";
pub const LABEL_COLUMN: &str = "choose column of texts";
pub const MEASURING: &str = "Measuring; the funnel appears with the first rows";

// Tabs
pub const TABS: &str = "Views of the recipe";
pub const TAB_FUNNEL: &str = "Funnel";
pub const TAB_WHY: &str = "Why this row";
pub const TAB_GROUPS: &str = "Groups";
pub const TAB_CORPUS: &str = "Before and after";
pub const TAB_DIALECTS: &str = "Disagreement";

// Funnel
pub const KIND_FILTER: &str = "filter";
pub const KIND_MAPPER: &str = "mapper";
pub const KIND_DEDUPLICATOR: &str = "deduplicator";
pub const KIND_SELECTOR: &str = "selector";
pub const ROWS_OUT: &str = "rows out";
pub const ROWS_REMOVED: &str = "removed";
pub const WORDS_OUT: &str = "words out";
pub const IS_OFF: &str = "switched off";
pub const IS_UNKNOWN: &str = "not known here, lets all rows through";
pub const WAITS_FOR_ALL: &str = "decides once all rows are measured";
pub const MOVE_KEYS: &str = "Drag, or Alt ↑ and Alt ↓";

// An operator
pub const NO_NUMBERS_YET: &str = "Its numbers come with the first measured rows";
pub const LOWER: &str = "At least";
pub const UPPER: &str = "At most";
pub const NO_LIMIT: &str = "no limit";
pub const DEVIATIONS: &str = "Mean ± 3 deviations";
pub const LOG_SCALE: &str = "log scale";
pub const EXAMPLES_AT: &str = "Near which limit";
pub const JUST_INSIDE: &str = "Just inside";
pub const JUST_OUTSIDE: &str = "Just outside";
pub const NO_EXAMPLES: &str = "No row is near on this side";
pub const NO_LIMIT_NO_EXAMPLES: &str = "Set a limit, and rows on both sides of it are shown here";
pub const EMPTY_TEXT: &str = "empty text";
pub const CATEGORIES: &str = "Categories";
pub const REVERSED: &str = "keeps what is outside of the limits";
pub const NOTHING_MEASURED: &str =
    "It measures nothing that could be drawn; its choices are in its form";

pub fn title(share: Option<f64>, rows_in: u64, n_operators: usize) -> String {
    let n = format::counted(n_operators as u64, "operator", "operators");
    let rows = format::counted(rows_in, "row", "rows");
    keeping(&n, n_operators, share, &rows)
}

/// While measuring goes on: the share is of the first rows only.
pub fn title_so_far(
    share: Option<f64>,
    n_measured: u64,
    rows_in: u64,
    n_operators: usize,
) -> String {
    let n = format::counted(n_operators as u64, "operator", "operators");
    let rows = format!(
        "the first {} of {}",
        format::count(n_measured),
        format::counted(rows_in, "row", "rows")
    );
    keeping(&n, n_operators, share, &rows)
}

fn keeping(n: &str, n_operators: usize, share: Option<f64>, rows: &str) -> String {
    let keep = if n_operators == 1 { "keeps" } else { "keep" };
    match share {
        Some(share) => format!("{n} {keep} {} of {rows}", format::percent(share)),
        None => format!("Recipe of {n}"),
    }
}

/// `words` of the `words_in` that came; words are not counted in every part that is shown while measuring goes on.
pub fn totals(rows: u64, words: u64, words_in: u64) -> String {
    let rows = format::counted(rows, "row", "rows");
    if words_in == 0 {
        return rows;
    }
    let words_out = format::counted(words, "word", "words");
    let share = format::percent(words as f64 / words_in as f64);
    format!("{rows}, {words_out} ({share} of them)")
}

pub fn counts_of_first(n: u64, of: u64) -> String {
    format!(
        "counts are of the first {} of {}",
        format::count(n),
        format::counted(of, "row", "rows")
    )
}

pub fn off_because(reason: &str) -> String {
    format!("{IS_OFF}: {reason}")
}

pub fn handle(title: &str) -> String {
    format!("Move {title}")
}

pub fn is_on(title: &str) -> String {
    format!("{title} is on")
}

pub fn moved(title: &str, place: usize, n: usize) -> String {
    format!("{title} is now operator {place} of {n}")
}

/// Rows as a difference: `−6 812`.
pub fn removed(n: u64) -> String {
    match n {
        0 => "0".to_owned(),
        n => format!("{}{}", format::MINUS, format::count(n)),
    }
}

pub fn bar(title: &str, kept: f64, removed: f64) -> String {
    format!(
        "After {title} {} of the rows are left, {} go here",
        format::percent(kept),
        format::percent(removed)
    )
}

pub fn only_this(n: u64) -> String {
    format!("only this one: {}", format::count(n))
}

pub fn edited(n: u64) -> String {
    format!("{} edited", format::counted(n, "text", "texts"))
}

pub fn clusters(n: u64) -> String {
    format::counted(n, "cluster", "clusters")
}

pub fn failing(n: u64) -> String {
    format!("{} would go by it alone", format::counted(n, "row", "rows"))
}

pub fn keeps_drops(kept: u64, dropped: u64) -> String {
    format!(
        "keeps {}, drops {}",
        format::count(kept),
        format::count(dropped)
    )
}

pub fn undefined(n: u64) -> String {
    format!("{} without a value", format::counted(n, "row", "rows"))
}

/// A value with its unit; shares are written as they are in parameters.
pub fn value(x: f64, unit: &str) -> String {
    let number = format::number(x);
    match unit {
        "" | "share" => number,
        unit => format!("{number} {unit}"),
    }
}

pub fn lower_limit(of: &str) -> String {
    format!("Lower limit of {of}")
}

pub fn upper_limit(of: &str) -> String {
    format!("Upper limit of {of}")
}

pub fn at_least(value: &str) -> String {
    format!("at least {value}")
}

pub fn at_most(value: &str) -> String {
    format!("at most {value}")
}

pub fn histogram(of: &str, n_rows: u64, from: &str, to: &str) -> String {
    format!(
        "Distribution of {of} over {}, from {from} to {to}",
        format::counted(n_rows, "row", "rows")
    )
}

pub fn mean_and_deviation(mean: &str, deviation: &str) -> String {
    format!("mean {mean}, deviation {deviation}")
}

pub fn category(label: &str, n: u64, is_kept: Option<bool>) -> String {
    let rows = format::counted(n, "row", "rows");
    match is_kept {
        Some(true) => format!("{label}, {rows}, kept"),
        Some(false) => format!("{label}, {rows}, dropped"),
        None => format!("{label}, {rows}"),
    }
}

pub fn row(row: u64) -> String {
    format!("row {}", format::count(row + 1))
}

/// `n_off` of the operators are switched off; why stands at each of them.
pub fn imported(n_all: usize, title: &str, n_off: usize) -> String {
    let n = format::counted(n_all as u64, "operator", "operators");
    let of = if title.is_empty() {
        String::new()
    } else {
        format!(" of {title}")
    };
    let off = match n_off {
        0 => String::new(),
        n if n == n_all => ", switched off".to_owned(),
        n => format!(", {} of them switched off", format::count(n as u64)),
    };
    format!("{n}{of} added{off}")
}

pub const NOTHING_IMPORTED: &str = "The file has no operators";
pub const IMPORT_NEEDS_TABLE: &str = "Open a table first; the recipe is added to it";
pub const UNREADABLE: &str = "The file could not be read as text";

/// What the other outputs of a step are called beside its name.
pub fn port(name: String, port: u8) -> String {
    match port {
        0 => name,
        1 => format!("{name}, removed rows"),
        2 => format!("{name}, ledger"),
        port => format!("{name}, output {port}"),
    }
}

// Export
pub const EXPORT_TITLE: &str = "Export the recipe";
pub const SYSTEM: &str = "For";
pub const COPY: &str = "Copy";
pub const DOWNLOAD: &str = "Download";
pub const LEFT_OUT: &str = "Left out";
pub const DIFFERING: &str = "Translated, but computed differently here";
pub const ALL_TRANSLATED: &str = "Every operator is translated; results were checked equal";

// Mappers
pub const LARGEST_EDITS: &str = "Largest edits";
pub const NO_EDITS: &str = "No text is changed";
pub const WAS_REMOVED: &str = "removed";
pub const WAS_ADDED: &str = "added";

// Deduplicators
pub const CLUSTER_SIZES: &str = "Clusters by size";
pub const LARGER_CLUSTERS: &str = "Larger clusters";
pub const SMALLER_CLUSTERS: &str = "Smaller clusters";
pub const STAYS: &str = "stays";
pub const PAIR: &str = "Side by side";
pub const CURVE_TITLE: &str = "How likely two texts are compared, by similarity";
pub const BANDS: &str = "Bands";
pub const ROWS_PER_BAND: &str = "Rows per band";

pub const CHECK_AGAINST: &str = "Check against column";
pub const NO_COLUMN: &str = "none";

/// `n_right` of the `n_found` rows that go are among the `n_named` duplicates that a column names.
pub fn truth(column: &str, n_named: u64, n_found: u64, n_right: u64) -> String {
    if n_named == 0 {
        return format!("{column} names no duplicates among the rows that come here");
    }
    let share = |of: u64| format::percent(n_right as f64 / of as f64);
    let named = format!(
        "Finds {} of the {} that {column} names",
        share(n_named),
        format::counted(n_named, "duplicate", "duplicates")
    );
    if n_found == 0 {
        return named;
    }
    format!(
        "{named}; {} of the rows it removes are among them",
        share(n_found)
    )
}

pub fn of_size(size: &str) -> String {
    format!("{size} rows")
}

pub fn clusters_of(n_clusters: u64, n_rows: u64) -> String {
    format!(
        "{} of {}",
        format::counted(n_clusters, "cluster", "clusters"),
        format::counted(n_rows, "row", "rows")
    )
}

pub fn rows_of_cluster(n: u64) -> String {
    format::counted(n, "row", "rows")
}

pub fn more_rows(n: u64) -> String {
    format!("and {} more", format::count(n))
}

pub fn similarities(estimated: &str, exact: &str) -> String {
    format!("estimated {estimated}, exact {exact}")
}

pub fn pair_similarity(estimated: &str, exact: &str) -> String {
    format!("Similarity {estimated} as estimated, {exact} exactly; shared parts are marked")
}

pub fn graph(kept: u64, n_rows: u64) -> String {
    format!(
        "Cluster of {} around {}: the nearer, the more alike",
        format::counted(n_rows, "row", "rows"),
        row(kept)
    )
}

pub fn curve(bands: u32, rows: u32, threshold: &str) -> String {
    format!("Curve for {bands} bands of {rows} rows, threshold {threshold}")
}

pub fn threshold(threshold: &str) -> String {
    format!("threshold {threshold}")
}

pub fn curve_errors(positive: &str, negative: &str) -> String {
    format!(
        "{positive} of pairs below the threshold are compared all the same, {negative} above it are missed"
    )
}

pub fn too_long(permutations: u32) -> String {
    format!("Bands times rows must be from 1 to {permutations}, the length of a signature")
}

// Why a row
pub const CHOOSE_ROW: &str =
    "Point at a row of the table below, or name one, and its verdict is explained here";
pub const ROW_OF_INPUT: &str = "Row of the input";
pub const KEPT_SENTENCE: &str = "Kept, because every operator lets it through";
pub const REMOVED_SENTENCE: &str = "Removed";
pub const NO_OTHER: &str = "No other operator removes it.";
pub const NO_VALUE: &str = "no value";
pub const ALL_OPERATORS: &str = "What every operator says of the row";
pub const OPERATOR: &str = "Operator";
pub const VALUE: &str = "Value";
pub const LIMITS: &str = "Limits";
pub const SAYS: &str = "Verdict";
pub const PASSES: &str = "passes";
pub const REMOVES: &str = "removes";
pub const EDITED: &str = "edited";
pub const OFF: &str = "off";
pub const AS_IT_CAME: &str = "Text as it came";
pub const AS_IT_GOES_ON: &str = "Text as it goes on";
pub const KINDS: &str = "Kinds of findings";
pub const NEXT: &str = "Next";
pub const PREVIOUS: &str = "Previous";
pub const NEXT_KEY: &str = "Next finding (n)";
pub const PREVIOUS_KEY: &str = "Previous finding (p)";

pub fn removed_by(title: &str, why: &str) -> String {
    if why.is_empty() {
        format!("Removed by {title}.")
    } else {
        format!("Removed by {title}, {why}.")
    }
}

pub fn also_by(others: &str) -> String {
    format!("{others} would remove it too.")
}

pub fn kept_and_edited(editors: &str) -> String {
    format!("Kept, with its text changed by {editors}")
}

/// `A`, `A and B`, `A, B and C`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

pub fn row_of_step(step: u32) -> String {
    format!("step {step}")
}

pub fn finding(place: usize, n: usize, kind: &str) -> String {
    format!("{kind}, finding {place} of {n}")
}

// Groups
pub const GROUPS_OF: &str = "Groups of";
pub const GROUP: &str = "Group";
pub const BEFORE: &str = "Before";
pub const AFTER: &str = "After";
pub const SHARE_KEPT: &str = "Share kept";
pub const MOST_BY: &str = "Most is removed by";
pub const LOSES_MORE: &str = "loses more";

pub fn most_by(title: &str, n: u64) -> String {
    format!("{title}, {}", format::count(n))
}

pub const FINDINGS: &str = "What each operator finds";
pub const FINDINGS_HELP: &str = "Share of each group that an operator would remove or cut by itself, and where it is at its best";
pub const BEST_AT: &str = "Best at";
pub const FINDS_NOTHING: &str = "No operator finds anything in these groups";

/// `recall` of the group is found; `precision` of what is found is of the group.
pub fn finding_sentence(operator: &str, group: &str, recall: f64, precision: f64) -> String {
    format!(
        "{operator} finds {} of {group}; {} of what it finds is {group}",
        format::percent(recall),
        format::percent(precision)
    )
}

/// Why an operator's best group is its best.
pub fn best_at(group: &str, precision: f64) -> String {
    format!("{group}, {} of what it finds", format::percent(precision))
}

pub fn groups_that_lose(n: usize) -> String {
    match n {
        0 => "No group loses clearly more than the whole".to_owned(),
        1 => "One group loses clearly more than the whole".to_owned(),
        n => format!("{n} groups lose clearly more than the whole"),
    }
}

// Before and after
pub const MEASURE: &str = "Measure";
pub const CHANGE: &str = "Change";
pub const SAME: &str = "the same";

pub fn sampled_rows(n: u64) -> String {
    format!("Of a sample of {}", format::counted(n, "row", "rows"))
}

// Disagreement
pub const ROW: &str = "Row";
pub const KEEPS: &str = "keeps";
pub const DROPS: &str = "drops";
pub const NO_DIALECTS: &str = "No filter of this recipe is defined in several ways";
pub const HAVE_DIALECTS: &str =
    "These filters are; add one, and the rows on which its definitions disagree are shown here";

pub fn dialects_keep(n_rows: u64, kept: &str) -> String {
    format!(
        "Of {} with the present limits each keeps: {kept}",
        format::counted(n_rows, "row", "rows")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_say_how_many_are_off() {
        assert_eq!(
            imported(9, "try", 2),
            "9 operators of try added, 2 of them switched off"
        );
        assert_eq!(imported(1, "", 0), "1 operator added");
        assert_eq!(imported(1, "", 1), "1 operator added, switched off");
    }

    #[test]
    fn titles_say_of_how_many_rows() {
        let thin = |text: String| text.replace('\u{2009}', "");
        assert_eq!(
            thin(title(Some(0.5), 5000, 9)),
            "9 operators keep 50\u{a0}% of 5000 rows".replace('\u{a0}', " ")
        );
        assert_eq!(
            thin(title_so_far(Some(0.5), 2000, 5000, 1)),
            "1 operator keeps 50 % of the first 2000 of 5000 rows"
        );
        assert_eq!(title(None, 5000, 2), "Recipe of 2 operators");
    }

    #[test]
    fn duplicates_are_stated_as_recall_and_precision() {
        let thin = |text: String| text.replace('\u{2009}', "");
        assert_eq!(
            thin(truth("cluster", 1000, 980, 960)),
            "Finds 96 % of the 1000 duplicates that cluster names; 98 % of the rows it removes are among them"
        );
        assert_eq!(
            thin(truth("cluster", 10, 0, 0)),
            "Finds 0 % of the 10 duplicates that cluster names"
        );
        assert!(truth("id", 0, 3, 0).starts_with("id names no duplicates"));
    }
}
