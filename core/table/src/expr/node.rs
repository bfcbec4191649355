//! Nodes with types: what an expression is after every name and type was checked.

use regex::Regex;
use sluice_protocol::load::ColumnType;

use crate::error::TableError;
use crate::expr::calendar::{MICROS_PER_DAY, parse_date, parse_datetime, parse_time};
use crate::expr::functions::Function;
use crate::expr::syntax::{Arithmetic, Comparison};
use crate::expr::token::error;
use crate::view::text_set::TextSet;
use crate::view::vector::is_single;

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
    In {
        value: Box<Node>,
        set: Set,
        negated: bool,
    },
    IsMissing(Box<Node>),
    Case {
        arms: Vec<(Node, Node)>,
        otherwise: Box<Node>,
    },
    Call(Function, Vec<Node>),
    Regex {
        function: Function,
        text: Box<Node>,
        pattern: Regex,
        group: usize,
    },
}

/// What `in` compares with; sorted.
#[derive(Debug)]
pub(super) enum Set {
    Bool(Vec<bool>),
    Int(Vec<i64>),
    Float(Vec<f64>),
    Text(TextSet),
}

/// An operand with its place in the text, for messages.
pub(super) struct Operand {
    pub(super) node: Node,
    pub(super) at: usize,
}

pub(super) fn boolean(op: Op) -> Node {
    Node {
        column_type: ColumnType::Boolean,
        op,
    }
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
            (Op::Text(text), _, T::Date | T::DateTime | T::Time) => {
                date_literal(text, wanted, self.at)
            }
            (Op::Int(value), T::Integer, T::Float) => Ok(Node {
                column_type: wanted,
                op: Op::Float(*value as f64),
            }),
            (_, T::Null, _) | (_, T::Integer, T::Float) | (_, T::Date, T::DateTime) => Ok(Node {
                column_type: wanted,
                op: Op::Convert(Box::new(self.node)),
            }),
            _ => {
                let hint = match wanted {
                    T::Text if is_single(found) => "; to_text(…) converts it",
                    T::Float if found == T::Text => "; to_number(…) converts it",
                    T::Integer if matches!(found, T::Text | T::Float) => {
                        "; to_integer(…) converts it"
                    }
                    T::Date | T::DateTime if found == T::Text => {
                        "; to_date(…) or to_datetime(…) converts it"
                    }
                    T::Boolean if found == T::Integer || found == T::Float => {
                        "; compare it, as in x != 0"
                    }
                    _ => "",
                };
                let (wanted, found) = (named(wanted), named(found));
                Err(error(
                    self.at,
                    format!("{wanted} is needed {place}, not {found}{hint}"),
                ))
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

/// The type that all can become; `Null` when all are missing.
pub(super) fn common_type(operands: &[Operand], place: &str) -> Result<ColumnType, TableError> {
    use ColumnType as T;
    let mut common = T::Null;
    let mut literal_text_at = None;
    for operand in operands {
        let found = operand.column_type();
        if !is_single(found) {
            return Err(error(
                operand.at,
                format!("{} cannot stand {place}", named(found)),
            ));
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
            Err(error(
                at,
                format!("text and {} cannot be mixed {place}", named(common)),
            ))
        }
        (_, common) => Ok(common),
    }
}

pub(super) fn date_literal(
    text: &str,
    column_type: ColumnType,
    at: usize,
) -> Result<Node, TableError> {
    let (value, form) = match column_type {
        ColumnType::Date => (parse_date(text), "a date such as 2026-01-31"),
        ColumnType::Time => (parse_time(text), "a time such as 14:30:00"),
        _ => (
            parse_datetime(text),
            "a date-time such as 2026-01-31T14:30:00Z",
        ),
    };
    match value {
        Some(value) => Ok(Node {
            column_type,
            op: Op::Int(value),
        }),
        None => Err(error(at, format!("'{text}' is not {form}"))),
    }
}

/// All nodes are literals of the same type.
pub(super) fn set_of(nodes: impl Iterator<Item = Node>, common: ColumnType) -> Set {
    let mut set = match common {
        ColumnType::Boolean => Set::Bool(Vec::new()),
        ColumnType::Float => Set::Float(Vec::new()),
        ColumnType::Text => return Set::Text(TextSet::new(nodes.filter_map(text_of).collect())),
        _ => Set::Int(Vec::new()),
    };
    for node in nodes {
        match (&mut set, node.op) {
            (Set::Bool(values), Op::Bool(value)) => values.push(value),
            (Set::Int(values), Op::Int(value)) => values.push(value),
            (Set::Int(values), Op::Convert(inner)) => values.extend(converted_date(&inner)),
            (Set::Float(values), Op::Float(value)) => values.push(value),
            _ => {}
        }
    }
    match &mut set {
        Set::Bool(values) => values.sort_unstable(),
        Set::Int(values) => values.sort_unstable(),
        Set::Float(values) => values.sort_unstable_by(f64::total_cmp),
        Set::Text(_) => {}
    }
    set
}

fn text_of(node: Node) -> Option<String> {
    match node.op {
        Op::Text(text) => Some(text),
        _ => None,
    }
}

/// A date literal among date-times.
fn converted_date(node: &Node) -> Option<i64> {
    match node.op {
        Op::Int(days) => days.checked_mul(MICROS_PER_DAY),
        _ => None,
    }
}
