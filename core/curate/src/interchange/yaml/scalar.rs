//! What plain scalars mean.

use sluice_analysis::Value;

/// The value of a plain scalar: null, a boolean, an integer, a float, or the text itself.
///
/// Integers beyond 64 bits become floats. Dates stay text.
///
/// Source: YAML 1.1 types as in PyYAML 6, with the float pattern of jsonargparse 4.
pub fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Value::Bool(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Value::Float(f64::NAN),
        _ => {}
    }
    // Everything else that is not text starts like a number.
    if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
        return Value::Text(text.to_owned());
    }
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) if text.starts_with('-') => (-1.0, digits),
        Some(digits) => (1.0, digits),
        None => (1.0, text),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        return Value::Float(sign * f64::INFINITY);
    }
    // A point comes first only without a sign.
    if digits.starts_with('.') && digits.len() < text.len() {
        return Value::Text(text.to_owned());
    }
    integer(digits, sign < 0.0)
        .or_else(|| float(digits).map(|value| Value::Float(sign * value)))
        .unwrap_or_else(|| Value::Text(text.to_owned()))
}

fn integer(digits: &str, negative: bool) -> Option<Value> {
    let (radix, body) = if let Some(body) = digits.strip_prefix("0b") {
        (2, body)
    } else if let Some(body) = digits.strip_prefix("0x") {
        (16, body)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (8, digits)
    } else {
        (10, digits)
    };
    if radix == 10 && body.contains(':') {
        return sexagesimal(body).map(|value| whole(if negative { -value } else { value }));
    }
    let is_allowed = |character: char| character == '_' || character.is_digit(radix);
    if body.is_empty() || body.starts_with('_') && radix == 10 || !body.chars().all(is_allowed) {
        return None;
    }
    let body = body.replace('_', "");
    if body.is_empty() {
        return None;
    }
    let signed = if negative { format!("-{body}") } else { body };
    match i64::from_str_radix(&signed, radix) {
        Ok(value) => Some(Value::Int(value)),
        Err(_) => signed
            .parse()
            .ok()
            .filter(|_| radix == 10)
            .map(Value::Float),
    }
}

fn whole(value: f64) -> Value {
    // Below 2^53 every whole float is that integer.
    if value.abs() < 9_007_199_254_740_992.0 {
        Value::Int(value as i64)
    } else {
        Value::Float(value)
    }
}

/// Base 60, as in times: `1:30` is 90.
fn sexagesimal(body: &str) -> Option<f64> {
    let mut parts = body.split(':');
    let first = parts.next()?;
    if first.starts_with(['0', '_']) || !first.chars().all(|c| c.is_ascii_digit() || c == '_') {
        return None;
    }
    let mut total: f64 = first.replace('_', "").parse().ok()?;
    for part in parts {
        let is_sixty = match part.as_bytes() {
            [ones] => ones.is_ascii_digit(),
            [b'0'..=b'5', ones] => ones.is_ascii_digit(),
            _ => false,
        };
        if !is_sixty {
            return None;
        }
        total = total * 60.0 + part.parse::<f64>().ok()?;
    }
    Some(total)
}

fn float(digits: &str) -> Option<f64> {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let is_body = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let is_number = match mantissa.split_once('.') {
        Some(("", after)) => !after.is_empty() && is_body(after),
        Some((before, after)) => is_body(before) && is_body(after),
        None => exponent.is_some() && is_body(mantissa),
    };
    if !is_number || mantissa.starts_with('_') {
        return None;
    }
    if let Some(exponent) = exponent {
        let unsigned = exponent.strip_prefix(['+', '-']);
        // `.5e3` needs the sign, by the pattern.
        if mantissa.starts_with('.') && unsigned.is_none() {
            return None;
        }
        let unsigned = unsigned.unwrap_or(exponent);
        if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    digits.replace('_', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Value) {
        assert_eq!(resolve(text), expected, "{text}");
    }

    #[test]
    fn plain_scalars_mean_what_they_mean_to_data_juicer() {
        for text in ["", "~", "null"] {
            check(text, Value::Null);
        }
        for text in ["true", "True", "yes", "On"] {
            check(text, Value::Bool(true));
        }
        check("No", Value::Bool(false));
        for (text, value) in [
            ("12", 12),
            ("-3", -3),
            ("+1_000", 1000),
            ("012", 10),
            ("0x1F", 31),
            ("0b101", 5),
            ("1:30", 90),
            ("9223372036854775807", i64::MAX),
        ] {
            check(text, Value::Int(value));
        }
        for (text, value) in [
            ("5e5", 5e5),
            ("1e-3", 1e-3),
            ("-.inf", f64::NEG_INFINITY),
            ("0.10", 0.1),
            (".5", 0.5),
            ("3.", 3.0),
            ("1E+2", 100.0),
            ("9223372036854775808", 9_223_372_036_854_775_808.0),
        ] {
            check(text, Value::Float(value));
        }
        check(".nan", Value::Float(f64::NAN));
        for text in [
            "r'\\d+'",
            "08",
            "1.2.3",
            "e5",
            "y",
            "2024-01-01",
            "-",
            "+",
            ".",
            "_1",
            "1e",
            "..",
            "0x",
            "tRUE",
            "-.5",
            "1:99",
            "\u{ff11}",
        ] {
            check(text, Value::Text(text.to_owned()));
        }
    }
}
