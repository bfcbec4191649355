//! The functions of the expression language, and what is told about them.

/// What help and completion show of a function.
#[derive(Clone, Copy, Debug)]
pub struct FunctionInfo {
    pub name: &'static str,
    /// Arguments in words: `text, start, length`.
    pub arguments: &'static str,
    pub summary: &'static str,
    pub(super) function: Function,
}

/// All functions, by theme.
pub fn functions() -> &'static [FunctionInfo] {
    &FUNCTIONS
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    If,
    Coalesce,
    IsNull,
    RowNumber,
    Abs,
    Round,
    Floor,
    Ceil,
    Sqrt,
    Exp,
    Ln,
    Log10,
    Min,
    Max,
    Clip,
    Length,
    Lower,
    Upper,
    Trim,
    Contains,
    StartsWith,
    EndsWith,
    Replace,
    RegexMatch,
    RegexExtract,
    Substring,
    SplitPart,
    Concat,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Weekday,
    EpochS,
    ToDate,
    ToDatetime,
    ToNumber,
    ToInteger,
    ToText,
}

const fn info(
    function: Function,
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
) -> FunctionInfo {
    FunctionInfo {
        name,
        arguments,
        summary,
        function,
    }
}

static FUNCTIONS: [FunctionInfo; 41] = {
    use Function as F;
    [
        info(
            F::If,
            "if",
            "condition, then, else",
            "then where the condition is true, else otherwise",
        ),
        info(
            F::Coalesce,
            "coalesce",
            "value, value, …",
            "the first that is not missing",
        ),
        info(F::IsNull, "is_null", "value", "whether it is missing"),
        info(
            F::RowNumber,
            "row_number",
            "",
            "number of the row in the table, from 0",
        ),
        info(F::Abs, "abs", "number", "without its sign"),
        info(
            F::Round,
            "round",
            "number, digits",
            "to so many digits after the point (0 if not given), halves away from zero",
        ),
        info(F::Floor, "floor", "number", "next whole number below"),
        info(F::Ceil, "ceil", "number", "next whole number above"),
        info(
            F::Sqrt,
            "sqrt",
            "number",
            "square root; missing for negative numbers",
        ),
        info(F::Exp, "exp", "number", "e to the power of it"),
        info(
            F::Ln,
            "ln",
            "number",
            "natural logarithm; missing unless above 0",
        ),
        info(
            F::Log10,
            "log10",
            "number",
            "logarithm to base 10; missing unless above 0",
        ),
        info(
            F::Min,
            "min",
            "value, value, …",
            "the smallest of them in each row",
        ),
        info(
            F::Max,
            "max",
            "value, value, …",
            "the largest of them in each row",
        ),
        info(
            F::Clip,
            "clip",
            "number, low, high",
            "low or high where it is beyond",
        ),
        info(
            F::Length,
            "length",
            "text",
            "number of characters (code points)",
        ),
        info(F::Lower, "lower", "text", "in lower case"),
        info(F::Upper, "upper", "text", "in upper case"),
        info(F::Trim, "trim", "text", "without blanks at both ends"),
        info(
            F::Contains,
            "contains",
            "text, part",
            "whether the part stands in it",
        ),
        info(
            F::StartsWith,
            "starts_with",
            "text, part",
            "whether it begins with the part",
        ),
        info(
            F::EndsWith,
            "ends_with",
            "text, part",
            "whether it ends with the part",
        ),
        info(
            F::Replace,
            "replace",
            "text, from, to",
            "every occurrence replaced",
        ),
        info(
            F::RegexMatch,
            "regex_match",
            "text, 'pattern'",
            "whether the pattern matches somewhere",
        ),
        info(
            F::RegexExtract,
            "regex_extract",
            "text, 'pattern', group",
            "what the pattern (or its group of that number) matches first",
        ),
        info(
            F::Substring,
            "substring",
            "text, start, length",
            "from character start (the first is 1); to the end if no length is given",
        ),
        info(
            F::SplitPart,
            "split_part",
            "text, separator, n",
            "the n-th part (the first is 1); missing if there are fewer",
        ),
        info(
            F::Concat,
            "concat",
            "value, value, …",
            "all of them as one text",
        ),
        info(F::Year, "year", "date", "year"),
        info(F::Month, "month", "date", "month, 1 to 12"),
        info(F::Day, "day", "date", "day of the month"),
        info(F::Hour, "hour", "time", "hour, 0 to 23 (UTC)"),
        info(F::Minute, "minute", "time", "minute, 0 to 59"),
        info(
            F::Second,
            "second",
            "time",
            "second, 0 to 59, without a fraction",
        ),
        info(
            F::Weekday,
            "weekday",
            "date",
            "1 for Monday to 7 for Sunday",
        ),
        info(
            F::EpochS,
            "epoch_s",
            "date or duration",
            "seconds since 1970-01-01 UTC, or of the duration",
        ),
        info(
            F::ToDate,
            "to_date",
            "text or date-time",
            "as a date; missing where that is impossible",
        ),
        info(
            F::ToDatetime,
            "to_datetime",
            "text, date or seconds",
            "as a date-time; missing where that is impossible",
        ),
        info(
            F::ToNumber,
            "to_number",
            "value",
            "as a number; missing where that is impossible",
        ),
        info(
            F::ToInteger,
            "to_integer",
            "value",
            "as a whole number, without its fraction; missing where that is impossible",
        ),
        info(F::ToText, "to_text", "value", "as text"),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_lower_case() {
        let mut names: Vec<&str> = functions().iter().map(|f| f.name).collect();
        assert!(names.iter().all(|name| {
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        }));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), functions().len());
    }
}
