//! The syntax tree against a table's columns: every name found, every type checked.

use regex::{Regex, RegexBuilder};
use sluice_protocol::load::{ColumnInfo, ColumnType};

use crate::error::TableError;
use crate::expr::calendar::{parse_date, parse_datetime, parse_time};
use crate::expr::call::resolve_call;
use crate::expr::functions::Function;
use crate::expr::parse::{Arithmetic, Comparison, Expr, ExprKind};
use crate::expr::suggest::did_you_mean;
use crate::expr::token::error;

/// A node whose operands have the types that its operation needs.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) column_type: ColumnType,
    pub(super) op: Op,
}

#[derive(Debug)]
pub(super) enum Op {
    /// The column of this index.
    Column(usize),
    Bool(bool),
    /// An integer, or a date or time in its unit.
    Int(i64),
    Float(f64),
    Text(String),
    Null,
    /// To the node's type.
    Convert(Box<Node>),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Negate(Box<Node>),
    /// Both operands are integers or times, or both are floats.
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    In { value: Box<Node>, set: Set, negated: bool },
    IsMissing(Box<Node>),
    Case { arms: Vec<(Node, Node)>, otherwise: Box<Node> },
    Call(Function, Vec<Node>),
    Regex { function: Function, text: Box<Node>, pattern: Regex, group: usize },
}

/// What `in` compares with; sorted.
#[derive(Debug)]
pub(super) enum Set {
    Bool(Vec<bool>),
    Int(Vec<i64>),
    Float(Vec<f64>),
    Text(Vec<String>),
}

/// An operand with its place in the text, for messages.
pub(super) struct Operand {
    pub(super) node: Node,
    pub(super) at: usize,
}

pub(super) struct Scope<'a> {
    pub(super) schema: &'a [ColumnInfo],
}

/// # Errors
///
/// [`TableError::Expression`] with the place, for unknown names and types that do not fit.
pub(super) fn resolve(expr: &Expr, scope: &Scope<'_>) -> Result<Node, TableError> {
    let at = expr.at;
    let node = match &expr.kind {
        ExprKind::Int(value) => Node { column_type: ColumnType::Integer, op: Op::Int(*value) },
        ExprKind::Float(value) => Node { column_type: ColumnType::Float, op: Op::Float(*value) },
        ExprKind::Text(text) => Node { column_type: ColumnType::Text, op: Op::Text(text.clone()) },
        ExprKind::Bool(value) => Node { column_type: ColumnType::Boolean, op: Op::Bool(*value) },
        ExprKind::Null => Node { column_type: ColumnType::Null, op: Op::Null },
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
        ExprKind::In { value, list, negated } => membership(value, list, *negated, at, scope)?,
        ExprKind::IsNull { value, negated } => {
            let missing = boolean(Op::IsMissing(Box::new(resolve(value, scope)?)));
            if *negated { boolean(Op::Not(Box::new(missing))) } else { missing }
        }
        ExprKind::Case { arms, otherwise } => case(arms, otherwise.as_deref(), scope)?,
        ExprKind::Call { name, args } => resolve_call(name, args, at, scope)?,
    };
    Ok(node)
}

pub(super) fn operand(expr: &Expr, scope: &Scope<'_>) -> Result<Operand, TableError> {
    Ok(Operand { node: resolve(expr, scope)?, at: expr.at })
}

pub(super) fn boolean(op: Op) -> Node {
    Node { column_type: ColumnType::Boolean, op }
}

impl Operand {
    pub(super) fn column_type(&self) -> ColumnType {
        self.node.column_type
    }

    /// The node as `wanted`: integers become floats, dates date-times, and a text literal a date
    /// or time, without being asked to.
    pub(super) fn needed_as(self, wanted: ColumnType, place: &str) -> Result<Node, TableError> {
        use ColumnType as T;
        let found = self.column_type();
        if found == wanted {
            return Ok(self.node);
        }
        match (&self.node.op, found, wanted) {
            (Op::Text(text), _, T::Date | T::DateTime | T::Time) => date_literal(text, wanted, self.at),
            (Op::Int(value), T::Integer, T::Float) => {
                Ok(Node { column_type: wanted, op: Op::Float(*value as f64) })
            }
            (_, T::Null, _) | (_, T::Integer, T::Float) | (_, T::Date, T::DateTime) => {
                Ok(Node { column_type: wanted, op: Op::Convert(Box::new(self.node)) })
            }
            _ => {
                let hint = match wanted {
                    T::Text if is_single(found) => "; to_text(…) converts it",
                    T::Float if found == T::Text => "; to_number(…) converts it",
                    T::Integer if matches!(found, T::Text | T::Float) => "; to_integer(…) converts it",
                    T::Date | T::DateTime if found == T::Text => "; to_date(…) or to_datetime(…) converts it",
                    T::Boolean if found == T::Integer || found == T::Float => "; compare it, as in x != 0",
                    _ => "",
                };
                let (wanted, found) = (named(wanted), named(found));
                Err(error(self.at, format!("{wanted} is needed {place}, not {found}{hint}")))
            }
        }
    }
}

/// A type in a sentence.
pub(super) fn named(column_type: ColumnType) -> String {
    match column_type {
        ColumnType::Float => "a number".to_owned(),
        ColumnType::Null => "a missing value".to_owned(),
        ColumnType::Integer => "an integer".to_owned(),
        ColumnType::Text => "text".to_owned(),
        other => format!("a {}", other.label()),
    }
}

pub(super) fn is_number(column_type: ColumnType) -> bool {
    matches!(column_type, ColumnType::Integer | ColumnType::Float)
}

/// Whether values have a buffer of ours.
pub(crate) fn is_single(column_type: ColumnType) -> bool {
    !matches!(column_type, ColumnType::List | ColumnType::Struct | ColumnType::Binary)
}

/// The type that all can become; `Null` when all are missing.
pub(super) fn common_type(operands: &[Operand], place: &str) -> Result<ColumnType, TableError> {
    use ColumnType as T;
    let mut common = T::Null;
    let mut literal_text_at = None;
    for operand in operands {
        let found = operand.column_type();
        if !is_single(found) {
            return Err(error(operand.at, format!("{} cannot stand {place}", named(found))));
        }
        if matches!(operand.node.op, Op::Text(_)) {
            literal_text_at.get_or_insert(operand.at);
            continue;
        }
        common = match (common, found) {
            (T::Null, other) | (other, T::Null) => other,
            (a, b) if a == b => a,
            (T::Integer, T::Float) | (T::Float, T::Integer) => T::Float,
            (T::Date, T::DateTime) | (T::DateTime, T::Date) => T::DateTime,
            (a, b) => {
                let reason = format!("{} and {} cannot be mixed {place}", named(a), named(b));
                return Err(error(operand.at, reason));
            }
        };
    }
    match (literal_text_at, common) {
        (Some(_), T::Null) => Ok(T::Text),
        (Some(at), common) if !matches!(common, T::Text | T::Date | T::DateTime | T::Time) => {
            Err(error(at, format!("text and {} cannot be mixed {place}", named(common))))
        }
        (_, common) => Ok(common),
    }
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
    Ok(Node { column_type, op: Op::Column(idx) })
}

fn date_literal(text: &str, column_type: ColumnType, at: usize) -> Result<Node, TableError> {
    let (value, form) = match column_type {
        ColumnType::Date => (parse_date(text), "a date such as 2026-01-31"),
        ColumnType::Time => (parse_time(text), "a time such as 14:30:00"),
        _ => (parse_datetime(text), "a date-time such as 2026-01-31T14:30:00Z"),
    };
    match value {
        Some(value) => Ok(Node { column_type, op: Op::Int(value) }),
        None => Err(error(at, format!("'{text}' is not {form}"))),
    }
}

fn negate(inner: Operand) -> Result<Node, TableError> {
    let column_type = match inner.column_type() {
        ColumnType::Integer | ColumnType::Duration => inner.column_type(),
        _ => ColumnType::Float,
    };
    let inner = inner.needed_as(column_type, "after “−”")?;
    Ok(match inner.op {
        Op::Int(value) if value != i64::MIN => Node { column_type, op: Op::Int(-value) },
        Op::Float(value) => Node { column_type, op: Op::Float(-value) },
        op => Node { column_type, op: Op::Negate(Box::new(Node { column_type, op })) },
    })
}

fn arithmetic(op: Arithmetic, at: usize, a: Operand, b: Operand) -> Result<Node, TableError> {
    use Arithmetic as A;
    use ColumnType as T;
    let (left, right) = (a.column_type(), b.column_type());
    let is_moment = |t: T| matches!(t, T::Date | T::DateTime);
    let (operands, column_type) = match (op, left, right) {
        (A::Subtract, l, r) if is_moment(l) && is_moment(r) => ((T::DateTime, T::DateTime), T::Duration),
        (A::Add | A::Subtract, l, T::Duration) if is_moment(l) => ((T::DateTime, T::Duration), T::DateTime),
        (A::Add, T::Duration, r) if is_moment(r) => ((T::Duration, T::DateTime), T::DateTime),
        (A::Add | A::Subtract, T::Duration, T::Duration) => ((T::Duration, T::Duration), T::Duration),
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
    Ok(Node { column_type, op: Op::Arithmetic(op, Box::new(a), Box::new(b)) })
}

fn compare(op: Comparison, at: usize, a: Operand, b: Operand) -> Result<Node, TableError> {
    if matches!(a.node.op, Op::Null) || matches!(b.node.op, Op::Null) {
        return Err(error(at, "nothing compares with null; write “is null” or “is not null”"));
    }
    let mut operands = [a, b];
    let common = common_type(&operands, "in a comparison")?;
    if common == ColumnType::Boolean && !matches!(op, Comparison::Equal | Comparison::NotEqual) {
        return Err(error(at, "booleans have no order; only “=” and “!=” compare them"));
    }
    let [a, b] = operands.each_mut().map(|operand| {
        let node = Node { column_type: ColumnType::Null, op: Op::Null };
        Operand { node: std::mem::replace(&mut operand.node, node), at: operand.at }
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
            _ => return Err(error(item.at, "only plain values can stand in the list of “in”")),
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
    let Some(value) = nodes.next() else { return Err(error(at, "the list of “in” is empty")) };
    let set = set_of(nodes, common);
    Ok(boolean(Op::In { value: Box::new(value), set, negated }))
}

/// All nodes are literals of the same type.
fn set_of(nodes: impl Iterator<Item = Node>, common: ColumnType) -> Set {
    let mut set = match common {
        ColumnType::Boolean => Set::Bool(Vec::new()),
        ColumnType::Float => Set::Float(Vec::new()),
        ColumnType::Text => Set::Text(Vec::new()),
        _ => Set::Int(Vec::new()),
    };
    for node in nodes {
        match (&mut set, node.op) {
            (Set::Bool(values), Op::Bool(value)) => values.push(value),
            (Set::Int(values), Op::Int(value)) => values.push(value),
            (Set::Int(values), Op::Convert(inner)) => values.extend(converted_date(&inner)),
            (Set::Float(values), Op::Float(value)) => values.push(value),
            (Set::Text(values), Op::Text(text)) => values.push(text),
            _ => {}
        }
    }
    match &mut set {
        Set::Bool(values) => values.sort_unstable(),
        Set::Int(values) => values.sort_unstable(),
        Set::Float(values) => values.sort_unstable_by(f64::total_cmp),
        Set::Text(values) => values.sort_unstable(),
    }
    set
}

/// A date literal among date-times.
fn converted_date(node: &Node) -> Option<i64> {
    match node.op {
        Op::Int(days) => days.checked_mul(crate::expr::calendar::MICROS_PER_DAY),
        _ => None,
    }
}

pub(super) fn case(
    arms: &[(Expr, Expr)],
    otherwise: Option<&Expr>,
    scope: &Scope<'_>,
) -> Result<Node, TableError> {
    let mut conditions = Vec::with_capacity(arms.len());
    let mut values = Vec::with_capacity(arms.len() + 1);
    for (condition, value) in arms {
        conditions.push(operand(condition, scope)?.needed_as(ColumnType::Boolean, "as a condition")?);
        values.push(operand(value, scope)?);
    }
    values.push(match otherwise {
        Some(expr) => operand(expr, scope)?,
        None => Operand { node: Node { column_type: ColumnType::Null, op: Op::Null }, at: 1 },
    });
    let column_type = common_type(&values, "as results of one condition")?;
    let mut nodes = values
        .into_iter()
        .map(|value| value.needed_as(column_type, "as a result"))
        .collect::<Result<Vec<_>, _>>()?;
    let otherwise = nodes.pop().unwrap_or(Node { column_type, op: Op::Null });
    let arms = conditions.into_iter().zip(nodes).collect();
    Ok(Node { column_type, op: Op::Case { arms, otherwise: Box::new(otherwise) } })
}

/// A pattern, with a bound on the size of its program.
pub(super) fn compiled_pattern(pattern: &str, at: usize) -> Result<Regex, TableError> {
    const MAX_PROGRAM_BYTES: usize = 1 << 20;
    RegexBuilder::new(pattern).size_limit(MAX_PROGRAM_BYTES).build().map_err(|cause| {
        let reason = match cause {
            regex::Error::CompiledTooBig(_) => "this pattern is too large".to_owned(),
            other => format!("this pattern is not valid: {}", last_line(&other.to_string())),
        };
        error(at, reason)
    })
}

/// The regex crate draws a picture of the place before it says what is wrong.
pub(crate) fn last_line(message: &str) -> &str {
    message.lines().last().unwrap_or(message).trim_start_matches("error: ")
}
