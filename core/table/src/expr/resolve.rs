//! The syntax tree against a table's columns: every name found, every type checked.

use sluice_protocol::load::{ColumnInfo, ColumnType};

use crate::error::TableError;
use crate::expr::call::resolve_call;
use crate::expr::node::{Node, Op, Operand, boolean, common_type, date_literal, set_of};
use crate::expr::suggest::did_you_mean;
use crate::expr::syntax::{Arithmetic, Comparison, Expr, ExprKind};
use crate::expr::token::error;

/// The columns that names refer to.
pub(super) struct Scope<'a> {
    pub(super) schema: &'a [ColumnInfo],
}

/// # Errors
///
/// [`TableError::Expression`] with the place, for unknown names and types that do not fit.
pub(super) fn resolve(expr: &Expr, scope: &Scope<'_>) -> Result<Node, TableError> {
    let at = expr.at;
    let node = match &expr.kind {
        ExprKind::Int(value) => Node {
            column_type: ColumnType::Integer,
            op: Op::Int(*value),
        },
        ExprKind::Float(value) => Node {
            column_type: ColumnType::Float,
            op: Op::Float(*value),
        },
        ExprKind::Text(text) => Node {
            column_type: ColumnType::Text,
            op: Op::Text(text.clone()),
        },
        ExprKind::Bool(value) => Node {
            column_type: ColumnType::Boolean,
            op: Op::Bool(*value),
        },
        ExprKind::Null => Node {
            column_type: ColumnType::Null,
            op: Op::Null,
        },
        ExprKind::Date(text) => date_literal(text, ColumnType::Date, at)?,
        ExprKind::DateTime(text) => date_literal(text, ColumnType::DateTime, at)?,
        ExprKind::Column(name) => column(name, at, scope)?,
        ExprKind::Not(inner) => {
            let inner = operand(inner, scope)?.needed_as(ColumnType::Boolean, "after “not”")?;
            boolean(Op::Not(Box::new(inner)))
        }
        ExprKind::And(a, b) => {
            let [a, b] = booleans(a, b, "with “and”", scope)?;
            boolean(Op::And(a, b))
        }
        ExprKind::Or(a, b) => {
            let [a, b] = booleans(a, b, "with “or”", scope)?;
            boolean(Op::Or(a, b))
        }
        ExprKind::Negate(inner) => negate(operand(inner, scope)?)?,
        ExprKind::Arithmetic(op, a, b) => {
            arithmetic(*op, at, operand(a, scope)?, operand(b, scope)?)?
        }
        ExprKind::Compare(op, a, b) => compare(*op, at, operand(a, scope)?, operand(b, scope)?)?,
        ExprKind::In {
            value,
            list,
            negated,
        } => membership(value, list, *negated, at, scope)?,
        ExprKind::IsNull { value, negated } => {
            let missing = boolean(Op::IsMissing(Box::new(resolve(value, scope)?)));
            if *negated {
                boolean(Op::Not(Box::new(missing)))
            } else {
                missing
            }
        }
        ExprKind::Case { arms, otherwise } => case(arms, otherwise.as_deref(), scope)?,
        ExprKind::Call { name, args } => resolve_call(name, args, at, scope)?,
    };
    Ok(node)
}

pub(super) fn operand(expr: &Expr, scope: &Scope<'_>) -> Result<Operand, TableError> {
    Ok(Operand {
        node: resolve(expr, scope)?,
        at: expr.at,
    })
}

fn booleans(
    a: &Expr,
    b: &Expr,
    place: &str,
    scope: &Scope<'_>,
) -> Result<[Box<Node>; 2], TableError> {
    let a = operand(a, scope)?.needed_as(ColumnType::Boolean, place)?;
    let b = operand(b, scope)?.needed_as(ColumnType::Boolean, place)?;
    Ok([Box::new(a), Box::new(b)])
}

fn column(name: &str, at: usize, scope: &Scope<'_>) -> Result<Node, TableError> {
    let Some(idx) = scope.schema.iter().position(|column| column.name == name) else {
        let names = scope.schema.iter().map(|column| column.name.as_str());
        let hint = did_you_mean(name, names);
        return Err(error(at, format!("there is no column “{name}”{hint}")));
    };
    let column_type = match scope.schema[idx].column_type {
        ColumnType::Category => ColumnType::Text,
        ColumnType::Decimal => ColumnType::Float,
        other => other,
    };
    Ok(Node {
        column_type,
        op: Op::Column(idx),
    })
}

fn negate(inner: Operand) -> Result<Node, TableError> {
    let column_type = match inner.column_type() {
        ColumnType::Integer | ColumnType::Duration => inner.column_type(),
        _ => ColumnType::Float,
    };
    let inner = inner.needed_as(column_type, "after “−”")?;
    Ok(match inner.op {
        Op::Int(value) if value != i64::MIN => Node {
            column_type,
            op: Op::Int(-value),
        },
        Op::Float(value) => Node {
            column_type,
            op: Op::Float(-value),
        },
        op => Node {
            column_type,
            op: Op::Negate(Box::new(Node { column_type, op })),
        },
    })
}

fn arithmetic(op: Arithmetic, at: usize, a: Operand, b: Operand) -> Result<Node, TableError> {
    use Arithmetic as A;
    use ColumnType as T;
    let (left, right) = (a.column_type(), b.column_type());
    let is_moment = |t: T| matches!(t, T::Date | T::DateTime);
    let (operands, column_type) = match (op, left, right) {
        (A::Subtract, l, r) if is_moment(l) && is_moment(r) => {
            ((T::DateTime, T::DateTime), T::Duration)
        }
        (A::Add | A::Subtract, l, T::Duration) if is_moment(l) => {
            ((T::DateTime, T::Duration), T::DateTime)
        }
        (A::Add, T::Duration, r) if is_moment(r) => ((T::Duration, T::DateTime), T::DateTime),
        (A::Add | A::Subtract, T::Duration, T::Duration) => {
            ((T::Duration, T::Duration), T::Duration)
        }
        (A::Subtract, T::Time, T::Time) => ((T::Time, T::Time), T::Duration),
        (A::Add, T::Text, _) | (A::Add, _, T::Text) => {
            return Err(error(at, "texts are joined with concat(…), not “+”"));
        }
        (A::Divide | A::Power, _, _) => ((T::Float, T::Float), T::Float),
        (_, T::Integer, T::Integer) => ((T::Integer, T::Integer), T::Integer),
        _ => ((T::Float, T::Float), T::Float),
    };
    let a = a.needed_as(operands.0, "in arithmetic")?;
    let b = b.needed_as(operands.1, "in arithmetic")?;
    Ok(Node {
        column_type,
        op: Op::Arithmetic(op, Box::new(a), Box::new(b)),
    })
}

fn compare(op: Comparison, at: usize, a: Operand, b: Operand) -> Result<Node, TableError> {
    if matches!(a.node.op, Op::Null) || matches!(b.node.op, Op::Null) {
        return Err(error(
            at,
            "nothing compares with null; write “is null” or “is not null”",
        ));
    }
    let mut operands = [a, b];
    let common = common_type(&operands, "in a comparison")?;
    if common == ColumnType::Boolean && !matches!(op, Comparison::Equal | Comparison::NotEqual) {
        return Err(error(
            at,
            "booleans have no order; only “=” and “!=” compare them",
        ));
    }
    let [a, b] = operands.each_mut().map(|operand| {
        let node = Node {
            column_type: ColumnType::Null,
            op: Op::Null,
        };
        Operand {
            node: std::mem::replace(&mut operand.node, node),
            at: operand.at,
        }
    });
    let a = a.needed_as(common, "in this comparison")?;
    let b = b.needed_as(common, "in this comparison")?;
    Ok(boolean(Op::Compare(op, Box::new(a), Box::new(b))))
}

fn membership(
    value: &Expr,
    list: &[Expr],
    negated: bool,
    at: usize,
    scope: &Scope<'_>,
) -> Result<Node, TableError> {
    let mut operands = vec![operand(value, scope)?];
    for item in list {
        let item = operand(item, scope)?;
        match item.node.op {
            Op::Bool(_) | Op::Int(_) | Op::Float(_) | Op::Text(_) => operands.push(item),
            Op::Null => {
                return Err(error(item.at, "null is in no list; add “or … is null”"));
            }
            _ => {
                return Err(error(
                    item.at,
                    "only plain values can stand in the list of “in”",
                ));
            }
        }
    }
    if operands.len() == 1 {
        return Err(error(at, "the list of “in” is empty"));
    }
    let common = common_type(&operands, "in the list of “in”")?;
    let mut nodes = operands
        .into_iter()
        .map(|operand| operand.needed_as(common, "in the list of “in”"))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter();
    let Some(value) = nodes.next() else {
        return Err(error(at, "the list of “in” is empty"));
    };
    let set = set_of(nodes, common);
    Ok(boolean(Op::In {
        value: Box::new(value),
        set,
        negated,
    }))
}

pub(super) fn case(
    arms: &[(Expr, Expr)],
    otherwise: Option<&Expr>,
    scope: &Scope<'_>,
) -> Result<Node, TableError> {
    let mut conditions = Vec::with_capacity(arms.len());
    let mut values = Vec::with_capacity(arms.len() + 1);
    for (condition, value) in arms {
        conditions
            .push(operand(condition, scope)?.needed_as(ColumnType::Boolean, "as a condition")?);
        values.push(operand(value, scope)?);
    }
    values.push(match otherwise {
        Some(expr) => operand(expr, scope)?,
        None => Operand {
            node: Node {
                column_type: ColumnType::Null,
                op: Op::Null,
            },
            at: 1,
        },
    });
    let column_type = common_type(&values, "as results of one condition")?;
    let mut nodes = values
        .into_iter()
        .map(|value| value.needed_as(column_type, "as a result"))
        .collect::<Result<Vec<_>, _>>()?;
    let otherwise = nodes.pop().unwrap_or(Node {
        column_type,
        op: Op::Null,
    });
    let arms = conditions.into_iter().zip(nodes).collect();
    Ok(Node {
        column_type,
        op: Op::Case {
            arms,
            otherwise: Box::new(otherwise),
        },
    })
}
