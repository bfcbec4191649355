//! The syntax tree.

use crate::error::TableError;
use crate::expr::token::error;

/// Deeper trees are refused: evaluation recurses, and a browser's stack is small.
pub(super) const MAX_DEPTH: usize = 200;

/// A node of the syntax tree and the character where it starts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    pub(super) at: usize,
    pub(super) kind: ExprKind,
    /// Levels from here to the lowest leaf.
    depth: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExprKind {
    Int(i64),
    Float(f64),
    Text(String),
    Date(String),
    DateTime(String),
    Bool(bool),
    Null,
    Column(String),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
    },
    IsNull {
        value: Box<Expr>,
        negated: bool,
    },
    Call {
        name: String,
        args: Vec<Expr>,
    },
    /// Conditions with their values, and the value when none holds.
    Case {
        arms: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A node, unless the tree gets too deep: chains such as `a + a + …` are deep without nesting.
pub(super) fn node(at: usize, kind: ExprKind) -> Result<Expr, TableError> {
    let below = |exprs: &[&Expr]| exprs.iter().map(|expr| expr.depth).max().unwrap_or(0);
    let depth = 1 + match &kind {
        ExprKind::Not(a) | ExprKind::Negate(a) => below(&[a]),
        ExprKind::IsNull { value, .. } => below(&[value]),
        ExprKind::Arithmetic(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::And(a, b)
        | ExprKind::Or(a, b) => below(&[a, b]),
        ExprKind::In { value, list, .. } => {
            list.iter().map(|e| e.depth).fold(value.depth, usize::max)
        }
        ExprKind::Call { args, .. } => args.iter().map(|e| e.depth).max().unwrap_or(0),
        ExprKind::Case { arms, otherwise } => arms
            .iter()
            .map(|(condition, value)| condition.depth.max(value.depth))
            .chain(otherwise.iter().map(|e| e.depth))
            .max()
            .unwrap_or(0),
        _ => 0,
    };
    if depth > MAX_DEPTH {
        return Err(error(at, format!("more than {MAX_DEPTH} operations deep")));
    }
    Ok(Expr { at, kind, depth })
}
