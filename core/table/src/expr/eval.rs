//! Evaluation over one slice of rows: operators, conditions, choices.

use std::ops::Range;

use polars_core::prelude::Column;
use sluice_protocol::load::ColumnType;

use crate::error::TableError;
use crate::expr::convert::{all_missing, convert};
use crate::expr::functions::Function;
use crate::expr::node::{Node, Op, Set};
use crate::expr::syntax::{Arithmetic, Comparison};
use crate::expr::{eval_number, eval_text, eval_time};
use crate::view::vector::{Data, OwnedTexts, Texts, Vector, read_plain, read_present};

/// Rows that an expression is evaluated on.
#[derive(Clone)]
pub(super) struct Slice<'a> {
    pub(super) columns: &'a [Column],
    pub(super) rows: Range<usize>,
}

pub(super) fn eval<'a>(node: &'a Node, slice: &Slice<'a>) -> Result<Vector<'a>, TableError> {
    let n = slice.rows.len();
    let all = |data: Data<'a>| Vector {
        column_type: node.column_type,
        data,
        present: None,
    };
    Ok(match &node.op {
        Op::Column(idx) => read_plain(&slice.columns[*idx], slice.rows.clone())?,
        Op::Bool(value) => all(Data::Bool(vec![*value; n])),
        Op::Int(value) => all(Data::Int(vec![*value; n])),
        Op::Float(value) => all(Data::Float(vec![*value; n])),
        Op::Text(text) => all(Data::Text(Texts::Borrowed(vec![text; n]))),
        Op::Null => all_missing(node.column_type, n),
        Op::Convert(inner) => {
            let inner = eval(inner, slice)?;
            let from = inner.column_type;
            convert(inner, node.column_type).ok_or_else(|| TableError::Internal {
                context: "expression",
                reason: format!(
                    "no conversion from {} to {}",
                    from.label(),
                    node.column_type.label()
                ),
            })?
        }
        Op::Not(inner) => {
            let inner = eval(inner, slice)?;
            let negated = bools(&inner).iter().map(|value| !value).collect();
            Vector {
                column_type: ColumnType::Boolean,
                data: Data::Bool(negated),
                present: inner.present,
            }
        }
        Op::And(a, b) => logic(eval(a, slice)?, eval(b, slice)?, false),
        Op::Or(a, b) => logic(eval(a, slice)?, eval(b, slice)?, true),
        Op::Negate(inner) => eval_number::negate(eval(inner, slice)?),
        Op::Arithmetic(op, a, b) => {
            let (a, b) = (eval(a, slice)?, eval(b, slice)?);
            arithmetic(*op, a, b, node.column_type)
        }
        Op::Compare(op, a, b) => compare(*op, &eval(a, slice)?, &eval(b, slice)?),
        Op::In {
            value,
            set,
            negated,
        } => membership(eval(value, slice)?, set, *negated),
        Op::IsMissing(inner) => all(Data::Bool(missing(inner, slice)?)),
        Op::Case { arms, otherwise } => {
            let mut choice = vec![arms.len(); n];
            let mut branches = Vec::with_capacity(arms.len() + 1);
            // The first condition that holds wins, so the last is written first.
            for (idx, (condition, _)) in arms.iter().enumerate().rev() {
                let holds = true_rows(&eval(condition, slice)?);
                choice
                    .iter_mut()
                    .zip(holds)
                    .filter(|(_, holds)| *holds)
                    .for_each(|(c, _)| *c = idx);
            }
            for (_, value) in arms {
                branches.push(eval(value, slice)?);
            }
            branches.push(eval(otherwise, slice)?);
            select(&choice, &branches, node.column_type)
        }
        Op::Regex {
            function,
            text,
            pattern,
            group,
        } => eval_text::regex(*function, eval(text, slice)?, pattern, *group),
        Op::Call(function, args) => {
            let args = args
                .iter()
                .map(|arg| eval(arg, slice))
                .collect::<Result<Vec<_>, _>>()?;
            call(*function, args, node.column_type, slice)
        }
    })
}

/// Where the value is present and true.
pub(super) fn true_rows(vector: &Vector<'_>) -> Vec<bool> {
    let values = bools(vector);
    match &vector.present {
        Some(present) => values
            .iter()
            .zip(present)
            .map(|(value, present)| *value && *present)
            .collect(),
        None => values.to_vec(),
    }
}

/// The values of a vector that type checking found to be boolean.
fn bools<'v>(vector: &'v Vector<'_>) -> &'v [bool] {
    match &vector.data {
        Data::Bool(values) => values,
        _ => &[],
    }
}

pub(super) fn both_present(a: Option<Vec<bool>>, b: Option<Vec<bool>>) -> Option<Vec<bool>> {
    match (a, b) {
        (None, present) | (present, None) => present,
        (Some(a), Some(b)) => Some(a.into_iter().zip(b).map(|(a, b)| a && b).collect()),
    }
}

fn call<'a>(
    function: Function,
    args: Vec<Vector<'a>>,
    column_type: ColumnType,
    slice: &Slice<'a>,
) -> Vector<'a> {
    use Function as F;
    match function {
        F::RowNumber => {
            let numbers = slice.rows.clone().map(|row| row as i64).collect();
            Vector {
                column_type,
                data: Data::Int(numbers),
                present: None,
            }
        }
        F::Coalesce => {
            let choose = |row: usize| args.iter().position(|arg| arg.is_present(row)).unwrap_or(0);
            let choice: Vec<usize> = (0..slice.rows.len()).map(choose).collect();
            select(&choice, &args, column_type)
        }
        F::Min => extreme(&args, column_type, slice.rows.len(), Comparison::Less),
        F::Max => extreme(&args, column_type, slice.rows.len(), Comparison::Greater),
        F::Abs | F::Round | F::Floor | F::Ceil | F::Sqrt | F::Exp | F::Ln | F::Log10 | F::Clip => {
            eval_number::call(function, args, column_type)
        }
        F::Year | F::Month | F::Day | F::Weekday | F::Hour | F::Minute | F::Second | F::EpochS => {
            eval_time::call(function, args)
        }
        _ => eval_text::call(function, args),
    }
}

fn arithmetic<'a>(
    op: Arithmetic,
    a: Vector<'a>,
    b: Vector<'a>,
    column_type: ColumnType,
) -> Vector<'a> {
    let present = both_present(a.present, b.present);
    match (a.data, b.data) {
        (Data::Int(a), Data::Int(b)) => eval_number::optional_ints(
            column_type,
            present,
            a.into_iter()
                .zip(b)
                .map(|(a, b)| eval_number::int_arithmetic(op, a, b)),
        ),
        (Data::Float(a), Data::Float(b)) => eval_number::optional_floats(
            column_type,
            present,
            a.into_iter()
                .zip(b)
                .map(|(a, b)| eval_number::float_arithmetic(op, a, b)),
        ),
        (a, _) => Vector {
            column_type,
            data: a,
            present,
        },
    }
}

/// Three-valued `and` (`decisive` false) and `or` (`decisive` true): the decisive value on one side
/// decides even when the other side is missing.
fn logic<'a>(a: Vector<'a>, b: Vector<'a>, decisive: bool) -> Vector<'a> {
    let (left, right) = (bools(&a), bools(&b));
    let combine = |a: bool, b: bool| if decisive { a || b } else { a && b };
    let values: Vec<bool> = match (&a.present, &b.present) {
        (None, None) => left
            .iter()
            .zip(right)
            .map(|(a, b)| combine(*a, *b))
            .collect(),
        _ => (0..left.len())
            .map(|idx| {
                let known =
                    |v: &Vector<'_>, value: bool| if v.is_present(idx) { value } else { !decisive };
                combine(known(&a, left[idx]), known(&b, right[idx]))
            })
            .collect(),
    };
    let present = (a.present.is_some() || b.present.is_some()).then(|| {
        (0..values.len())
            .map(|idx| values[idx] == decisive || (a.is_present(idx) && b.is_present(idx)))
            .collect()
    });
    Vector {
        column_type: ColumnType::Boolean,
        data: Data::Bool(values),
        present,
    }
}

fn compare<'a>(op: Comparison, a: &Vector<'a>, b: &Vector<'a>) -> Vector<'a> {
    fn each<T: PartialOrd>(
        op: Comparison,
        a: impl Iterator<Item = T>,
        b: impl Iterator<Item = T>,
    ) -> Vec<bool> {
        let pairs = a.zip(b);
        match op {
            Comparison::Equal => pairs.map(|(a, b)| a == b).collect(),
            Comparison::NotEqual => pairs.map(|(a, b)| a != b).collect(),
            Comparison::Less => pairs.map(|(a, b)| a < b).collect(),
            Comparison::LessOrEqual => pairs.map(|(a, b)| a <= b).collect(),
            Comparison::Greater => pairs.map(|(a, b)| a > b).collect(),
            Comparison::GreaterOrEqual => pairs.map(|(a, b)| a >= b).collect(),
        }
    }
    let values = match (&a.data, &b.data) {
        (Data::Bool(a), Data::Bool(b)) => each(op, a.iter(), b.iter()),
        (Data::Int(a), Data::Int(b)) => each(op, a.iter(), b.iter()),
        (Data::Float(a), Data::Float(b)) => each(op, a.iter(), b.iter()),
        (Data::Text(a), Data::Text(b)) => each(op, a.iter(), b.iter()),
        _ => vec![false; a.len()],
    };
    let present = both_present(a.present.clone(), b.present.clone());
    Vector {
        column_type: ColumnType::Boolean,
        data: Data::Bool(values),
        present,
    }
}

fn membership<'a>(value: Vector<'a>, set: &Set, negated: bool) -> Vector<'a> {
    let values = match (&value.data, set) {
        (Data::Bool(values), Set::Bool(set)) => {
            values.iter().map(|v| set.contains(v) != negated).collect()
        }
        (Data::Int(values), Set::Int(set)) => values
            .iter()
            .map(|v| set.binary_search(v).is_ok() != negated)
            .collect(),
        (Data::Float(values), Set::Float(set)) => values
            .iter()
            .map(|v| set.iter().any(|member| member == v) != negated)
            .collect(),
        (Data::Text(texts), Set::Text(set)) => texts
            .iter()
            .map(|text| set.contains(text) != negated)
            .collect(),
        _ => vec![negated; value.len()],
    };
    Vector {
        column_type: ColumnType::Boolean,
        data: Data::Bool(values),
        present: value.present,
    }
}

/// Columns of any type can be asked whether they are missing.
fn missing<'a>(inner: &'a Node, slice: &Slice<'a>) -> Result<Vec<bool>, TableError> {
    let present = match inner.op {
        Op::Column(idx) => read_present(&slice.columns[idx], slice.rows.clone()),
        _ => eval(inner, slice)?.present,
    };
    Ok(match present {
        Some(present) => present.into_iter().map(|present| !present).collect(),
        None => vec![false; slice.rows.len()],
    })
}

/// For each row the argument that compares as `wanted` with the others; missing if any is.
fn extreme<'a>(
    args: &[Vector<'a>],
    column_type: ColumnType,
    n: usize,
    wanted: Comparison,
) -> Vector<'a> {
    let mut choice = vec![0; n];
    let mut best = args[0].clone();
    for (idx, arg) in args.iter().enumerate().skip(1) {
        let better = match (&arg.data, &best.data) {
            // NaN is the extreme as soon as there is one.
            (Data::Float(values), Data::Float(best)) => values
                .iter()
                .zip(best)
                .map(|(value, best)| {
                    let better = if wanted == Comparison::Less {
                        value < best
                    } else {
                        value > best
                    };
                    !best.is_nan() && (better || value.is_nan())
                })
                .collect(),
            _ => bools(&compare(wanted, arg, &best)).to_vec(),
        };
        choice
            .iter_mut()
            .zip(&better)
            .filter(|(_, better)| **better)
            .for_each(|(c, _)| *c = idx);
        best = select(&choice, &args[..=idx], column_type);
    }
    best.present = args.iter().fold(None, |present, arg| {
        both_present(present, arg.present.clone())
    });
    best
}

/// The value of `branches[choice[row]]` in each row; all branches have the same kind of buffer.
fn select<'a>(choice: &[usize], branches: &[Vector<'a>], column_type: ColumnType) -> Vector<'a> {
    fn picked<T: Copy>(choice: &[usize], buffers: &[&[T]]) -> Vec<T> {
        choice
            .iter()
            .enumerate()
            .map(|(row, branch)| buffers[*branch][row])
            .collect()
    }
    macro_rules! pick {
        ($variant:ident) => {{
            let buffers: Vec<_> = branches
                .iter()
                .map(|branch| match &branch.data {
                    Data::$variant(values) => values.as_slice(),
                    _ => &[],
                })
                .collect();
            Data::$variant(picked(choice, &buffers))
        }};
    }
    let data = match branches[0].data {
        Data::Bool(_) => pick!(Bool),
        Data::Int(_) => pick!(Int),
        Data::Wide(_) => pick!(Wide),
        Data::Float(_) => pick!(Float),
        Data::Text(_) => {
            let mut texts = OwnedTexts::with_capacity(choice.len());
            for (row, branch) in choice.iter().enumerate() {
                match &branches[*branch].data {
                    Data::Text(values) => texts.push(values.get(row)),
                    _ => texts.push(""),
                }
            }
            Data::Text(Texts::Owned(texts))
        }
    };
    let any_missing = branches.iter().any(|branch| branch.present.is_some());
    let present = any_missing.then(|| {
        choice
            .iter()
            .enumerate()
            .map(|(row, branch)| branches[*branch].is_present(row))
            .collect()
    });
    Vector {
        column_type,
        data,
        present,
    }
}
