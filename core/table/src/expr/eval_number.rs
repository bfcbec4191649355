//! Arithmetic and number functions. Where a result is not defined it is missing: see the language's contract.

use sluice_protocol::load::ColumnType;

use crate::expr::functions::Function;
use crate::expr::syntax::Arithmetic;
use crate::view::vector::{Data, Vector};

pub(super) fn int_arithmetic(op: Arithmetic, a: i64, b: i64) -> Option<i64> {
    match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Remainder => match b {
            // The quotient of i64::MIN and −1 overflows, their remainder does not.
            -1 => Some(0),
            _ => a.checked_rem(b),
        },
        // Type checking makes these float arithmetic.
        Arithmetic::Divide | Arithmetic::Power => None,
    }
}

pub(super) fn float_arithmetic(op: Arithmetic, a: f64, b: f64) -> Option<f64> {
    match op {
        Arithmetic::Add => Some(a + b),
        Arithmetic::Subtract => Some(a - b),
        Arithmetic::Multiply => Some(a * b),
        Arithmetic::Divide => (b != 0.0).then(|| a / b),
        Arithmetic::Remainder => (b != 0.0).then(|| defined(libm::fmod(a, b), a))?,
        Arithmetic::Power if a == 0.0 && b < 0.0 => None,
        Arithmetic::Power => defined(libm::pow(a, b), a + b),
    }
}

/// NaN out of numbers is no value; NaN out of NaN stays.
fn defined(result: f64, operands: f64) -> Option<f64> {
    (!result.is_nan() || operands.is_nan()).then_some(result)
}

pub(super) fn negate<'a>(vector: Vector<'a>) -> Vector<'a> {
    let column_type = vector.column_type;
    match vector.data {
        Data::Int(values) => optional_ints(
            column_type,
            vector.present,
            values.into_iter().map(i64::checked_neg),
        ),
        Data::Float(values) => {
            let negated = values.into_iter().map(|value| -value).collect();
            Vector {
                column_type,
                data: Data::Float(negated),
                present: vector.present,
            }
        }
        data => Vector {
            column_type,
            data,
            present: vector.present,
        },
    }
}

pub(super) fn call<'a>(
    function: Function,
    args: Vec<Vector<'a>>,
    column_type: ColumnType,
) -> Vector<'a> {
    let mut args = args.into_iter();
    let Some(first) = args.next() else {
        return crate::expr::convert::all_missing(column_type, 0);
    };
    if function == Function::Clip {
        return clip(first, args.next(), args.next());
    }
    let digits = args.next().and_then(|digits| match digits.data {
        Data::Int(digits) => digits.first().copied(),
        _ => None,
    });
    let present = first.present;
    match first.data {
        Data::Int(values) => {
            let apply = |value: i64| match function {
                Function::Abs => value.checked_abs(),
                Function::Round => round_int(value, digits.unwrap_or(0)),
                _ => Some(value),
            };
            optional_ints(column_type, present, values.into_iter().map(apply))
        }
        Data::Float(values) => {
            let apply: &dyn Fn(f64) -> Option<f64> = match function {
                Function::Abs => &|x| Some(x.abs()),
                Function::Floor => &|x| Some(libm::floor(x)),
                Function::Ceil => &|x| Some(libm::ceil(x)),
                Function::Sqrt => &|x| defined(libm::sqrt(x), x),
                Function::Exp => &|x| Some(libm::exp(x)),
                Function::Ln => &|x| above_zero(x, libm::log),
                Function::Log10 => &|x| above_zero(x, libm::log10),
                _ => &|x| Some(round_float(x, digits.unwrap_or(0))),
            };
            optional_floats(column_type, present, values.into_iter().map(apply))
        }
        data => Vector {
            column_type,
            data,
            present,
        },
    }
}

fn above_zero(x: f64, logarithm: fn(f64) -> f64) -> Option<f64> {
    (x > 0.0 || x.is_nan()).then(|| logarithm(x))
}

/// `round(x · 10^d) / 10^d`, or `x` itself where it has no such digits.
fn round_float(x: f64, digits: i64) -> f64 {
    if digits == 0 {
        return libm::round(x);
    }
    let unit = libm::exp10(digits.unsigned_abs() as f64);
    let rounded = match digits > 0 {
        true => libm::round(x * unit) / unit,
        false => libm::round(x / unit) * unit,
    };
    // For large x the product overflows, and x is whole anyway.
    if rounded.is_finite() { rounded } else { x }
}

fn round_int(value: i64, digits: i64) -> Option<i64> {
    if digits >= 0 {
        return Some(value);
    }
    let exponent = u32::try_from(-digits).unwrap_or(u32::MAX);
    let Some(unit) = 10_i64.checked_pow(exponent) else {
        return Some(0);
    };
    let half = unit / 2;
    let rest = value % unit;
    let down = value - rest;
    if rest >= half {
        down.checked_add(unit)
    } else if rest <= -half {
        down.checked_sub(unit)
    } else {
        Some(down)
    }
}

/// `low` wins where it is above `high`. NaN stays NaN.
fn clip<'a>(value: Vector<'a>, low: Option<Vector<'a>>, high: Option<Vector<'a>>) -> Vector<'a> {
    let column_type = value.column_type;
    let (Some(low), Some(high)) = (low, high) else {
        return value;
    };
    let bounds = crate::expr::eval::both_present(low.present, high.present);
    let present = crate::expr::eval::both_present(value.present, bounds);
    let data = match (value.data, low.data, high.data) {
        (Data::Int(values), Data::Int(low), Data::Int(high)) => {
            let bounds = low.into_iter().zip(high);
            Data::Int(
                values
                    .into_iter()
                    .zip(bounds)
                    .map(|(x, (low, high))| x.min(high).max(low))
                    .collect(),
            )
        }
        (Data::Float(values), Data::Float(low), Data::Float(high)) => {
            let clip = |(x, (low, high)): (f64, (f64, f64))| {
                let x = if x > high { high } else { x };
                if x < low { low } else { x }
            };
            Data::Float(
                values
                    .into_iter()
                    .zip(low.into_iter().zip(high))
                    .map(clip)
                    .collect(),
            )
        }
        (data, _, _) => data,
    };
    Vector {
        column_type,
        data,
        present,
    }
}

pub(super) fn optional_ints<'a>(
    column_type: ColumnType,
    present: Option<Vec<bool>>,
    results: impl Iterator<Item = Option<i64>>,
) -> Vector<'a> {
    let (values, present) = optional(present, results);
    Vector {
        column_type,
        data: Data::Int(values),
        present,
    }
}

pub(super) fn optional_floats<'a>(
    column_type: ColumnType,
    present: Option<Vec<bool>>,
    results: impl Iterator<Item = Option<f64>>,
) -> Vector<'a> {
    let (values, present) = optional(present, results);
    Vector {
        column_type,
        data: Data::Float(values),
        present,
    }
}

fn optional<T: Default>(
    present: Option<Vec<bool>>,
    results: impl Iterator<Item = Option<T>>,
) -> (Vec<T>, Option<Vec<bool>>) {
    let mut undefined = Vec::new();
    let values: Vec<T> = results
        .enumerate()
        .map(|(idx, result)| {
            if result.is_none() {
                undefined.push(idx);
            }
            result.unwrap_or_default()
        })
        .collect();
    if undefined.is_empty() {
        return (values, present);
    }
    let mut present = present.unwrap_or_else(|| vec![true; values.len()]);
    undefined.into_iter().for_each(|idx| present[idx] = false);
    (values, Some(present))
}
