//! Calls of functions: how many arguments, of which types, giving what.

use sluice_protocol::load::ColumnType;

use crate::error::TableError;
use crate::expr::functions::{Function, FunctionInfo, functions};
use crate::expr::node::{Node, Op, Operand, boolean, common_type, is_number, named};
use crate::expr::resolve::{Scope, case, operand, resolve};
use crate::expr::suggest::did_you_mean;
use crate::expr::syntax::Expr;
use crate::expr::token::error;
use crate::view::search::compiled;
use crate::view::vector::is_single;

pub(super) fn resolve_call(
    name: &str,
    args: &[Expr],
    at: usize,
    scope: &Scope<'_>,
) -> Result<Node, TableError> {
    let Some(info) = functions()
        .iter()
        .find(|info| info.name.eq_ignore_ascii_case(name))
    else {
        let hint = did_you_mean(name, functions().iter().map(|info| info.name));
        return Err(error(at, format!("there is no function “{name}”{hint}")));
    };
    let (least, most) = arity(info.function);
    if args.len() < least || args.len() > most {
        let reason = format!(
            "{}({}) got {} arguments",
            info.name,
            info.arguments,
            args.len()
        );
        return Err(error(at, reason));
    }
    if info.function == Function::IsNull {
        return Ok(boolean(Op::IsMissing(Box::new(resolve(&args[0], scope)?))));
    }
    if info.function == Function::If {
        let arm = (args[0].clone(), args[1].clone());
        return case(&[arm], Some(&args[2]), scope);
    }
    let operands = args
        .iter()
        .map(|arg| operand(arg, scope))
        .collect::<Result<Vec<_>, _>>()?;
    typed(info, at, operands)
}

/// The least and the most arguments.
fn arity(function: Function) -> (usize, usize) {
    use Function as F;
    const MANY: usize = 64;
    match function {
        F::RowNumber => (0, 0),
        F::If | F::Clip | F::Replace | F::SplitPart => (3, 3),
        F::Coalesce | F::Concat => (1, MANY),
        F::Min | F::Max => (2, MANY),
        F::Round => (1, 2),
        F::Contains | F::StartsWith | F::EndsWith | F::RegexMatch => (2, 2),
        F::RegexExtract | F::Substring => (2, 3),
        _ => (1, 1),
    }
}

fn typed(info: &FunctionInfo, at: usize, operands: Vec<Operand>) -> Result<Node, TableError> {
    use ColumnType as T;
    use Function as F;
    let function = info.function;
    let place = format!("in {}", info.name);
    let call = |column_type: T, nodes: Vec<Node>| Node {
        column_type,
        op: Op::Call(function, nodes),
    };
    let all_as = |operands: Vec<Operand>, wanted: &[T]| {
        operands
            .into_iter()
            .zip(wanted)
            .map(|(operand, wanted)| operand.needed_as(*wanted, &place))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(match function {
        F::RowNumber => call(T::Integer, Vec::new()),
        F::Abs | F::Floor | F::Ceil | F::Round => {
            let wanted = match operands[0].column_type() {
                T::Integer => T::Integer,
                T::Duration if function == F::Abs => T::Duration,
                _ => T::Float,
            };
            if let Some(digits) = operands.get(1)
                && !matches!(digits.node.op, Op::Int(-300..=300))
            {
                return Err(error(
                    digits.at,
                    "the number of digits is a plain integer from −300 to 300",
                ));
            }
            call(wanted, all_as(operands, &[wanted, T::Integer])?)
        }
        F::Sqrt | F::Exp | F::Ln | F::Log10 => call(T::Float, all_as(operands, &[T::Float])?),
        F::Min | F::Max | F::Clip | F::Coalesce => {
            let common = common_type(&operands, &place)?;
            if function != F::Coalesce && common == T::Boolean {
                return Err(error(at, format!("booleans have no order {place}")));
            }
            if function == F::Clip && !is_number(common) {
                return Err(error(operands[0].at, format!("a number is needed {place}")));
            }
            let n_args = operands.len();
            call(common, all_as(operands, &vec![common; n_args])?)
        }
        F::Length => call(T::Integer, all_as(operands, &[T::Text])?),
        F::Lower | F::Upper | F::Trim => call(T::Text, all_as(operands, &[T::Text])?),
        F::Contains | F::StartsWith | F::EndsWith => {
            call(T::Boolean, all_as(operands, &[T::Text; 2])?)
        }
        F::Replace => call(T::Text, all_as(operands, &[T::Text; 3])?),
        F::Substring => call(
            T::Text,
            all_as(operands, &[T::Text, T::Integer, T::Integer])?,
        ),
        F::SplitPart => call(T::Text, all_as(operands, &[T::Text, T::Text, T::Integer])?),
        F::RegexMatch | F::RegexExtract => regex_call(function, operands, &place)?,
        F::Concat => {
            let texts = operands.into_iter().map(|operand| as_text(operand, &place));
            call(T::Text, texts.collect::<Result<Vec<_>, _>>()?)
        }
        F::Year | F::Month | F::Day | F::Weekday => {
            let wanted = match operands[0].column_type() {
                T::DateTime => T::DateTime,
                _ => T::Date,
            };
            call(T::Integer, all_as(operands, &[wanted])?)
        }
        F::Hour | F::Minute | F::Second => {
            let wanted = match operands[0].column_type() {
                T::Time => T::Time,
                _ => T::DateTime,
            };
            call(T::Integer, all_as(operands, &[wanted])?)
        }
        F::EpochS => {
            let wanted = match operands[0].column_type() {
                T::Duration => T::Duration,
                _ => T::DateTime,
            };
            call(T::Float, all_as(operands, &[wanted])?)
        }
        F::ToDate => conversion(operands, T::Date, &[T::Text, T::DateTime, T::Date], &place)?,
        F::ToDatetime => {
            let from = [T::Text, T::Date, T::DateTime, T::Integer, T::Float];
            conversion(operands, T::DateTime, &from, &place)?
        }
        F::ToNumber => {
            let from = [T::Text, T::Integer, T::Float, T::Boolean];
            conversion(operands, T::Float, &from, &place)?
        }
        F::ToInteger => {
            let from = [T::Text, T::Integer, T::Float, T::Boolean];
            conversion(operands, T::Integer, &from, &place)?
        }
        F::ToText => {
            let Some(operand) = operands.into_iter().next() else {
                return Err(error(at, "to_text needs a value"));
            };
            as_text(operand, &place)?
        }
        F::If | F::IsNull => return Err(error(at, format!("{} is not expected here", info.name))),
    })
}

fn as_text(operand: Operand, place: &str) -> Result<Node, TableError> {
    let found = operand.column_type();
    if !is_single(found) {
        return Err(error(
            operand.at,
            format!("{} cannot stand {place}", named(found)),
        ));
    }
    Ok(match found {
        ColumnType::Text => operand.node,
        _ => Node {
            column_type: ColumnType::Text,
            op: Op::Convert(Box::new(operand.node)),
        },
    })
}

fn conversion(
    operands: Vec<Operand>,
    to: ColumnType,
    from: &[ColumnType],
    place: &str,
) -> Result<Node, TableError> {
    let Some(operand) = operands.into_iter().next() else {
        return Err(error(1, format!("a value is needed {place}")));
    };
    let found = operand.column_type();
    if found != ColumnType::Null && !from.contains(&found) {
        return Err(error(
            operand.at,
            format!("{} cannot stand {place}", named(found)),
        ));
    }
    Ok(Node {
        column_type: to,
        op: Op::Convert(Box::new(operand.node)),
    })
}

fn regex_call(function: Function, operands: Vec<Operand>, place: &str) -> Result<Node, TableError> {
    let mut operands = operands.into_iter();
    let (Some(text), Some(pattern)) = (operands.next(), operands.next()) else {
        return Err(error(1, format!("a text and a pattern are needed {place}")));
    };
    let Op::Text(source) = &pattern.node.op else {
        return Err(error(pattern.at, "the pattern is a plain text in quotes"));
    };
    let at = pattern.at;
    let compiled = compiled(source, true)
        .map_err(|reason| error(at, format!("this pattern is not valid: {reason}")))?;
    let group = match operands.next() {
        None => 0,
        Some(Operand {
            node: Node {
                op: Op::Int(group), ..
            },
            at,
        }) => usize::try_from(group)
            .ok()
            .filter(|group| *group < compiled.captures_len())
            .ok_or_else(|| {
                let n_groups = compiled.captures_len() - 1;
                error(at, format!("the pattern has {n_groups} groups"))
            })?,
        Some(other) => return Err(error(other.at, "the group is a plain number")),
    };
    let column_type = match function {
        Function::RegexMatch => ColumnType::Boolean,
        _ => ColumnType::Text,
    };
    let text = Box::new(text.needed_as(ColumnType::Text, place)?);
    Ok(Node {
        column_type,
        op: Op::Regex {
            function,
            text,
            pattern: compiled,
            group,
        },
    })
}
