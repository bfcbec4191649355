//! Tokens to a syntax tree, by binding power (Pratt).

use crate::error::TableError;
use crate::expr::syntax::{Arithmetic, Comparison, Expr, ExprKind, MAX_DEPTH, node};
use crate::expr::token::{Token, TokenKind, error, tokens};

/// Longer texts are refused before anything else is done with them.
const MAX_TEXT_BYTES: usize = 100_000;

/// How tightly an operator binds.
mod power {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const NEGATE: u8 = 7;
    pub(super) const POWER: u8 = 8;
}

const KEYWORDS: [&str; 13] = [
    "and", "or", "not", "in", "is", "null", "true", "false", "case", "when", "then", "else", "end",
];

/// # Errors
///
/// [`TableError::Expression`] with the character and what was expected there.
pub(super) fn parse(text: &str) -> Result<Expr, TableError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(error(1, format!("longer than {MAX_TEXT_BYTES} bytes")));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        next_idx: 0,
        depth: 0,
    };
    if parser.peek().kind == TokenKind::End {
        return Err(error(
            1,
            "an expression is needed, such as price * quantity",
        ));
    }
    let expr = parser.expression(0)?;
    let rest = parser.peek();
    if rest.kind == TokenKind::End {
        return Ok(expr);
    }
    Err(error(
        rest.at,
        format!("{} is not expected here", rest.kind.describe()),
    ))
}

struct Parser {
    tokens: Vec<Token>,
    next_idx: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        // The last token is the end, which is never passed.
        &self.tokens[self.next_idx]
    }

    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        if token.kind != TokenKind::End {
            self.next_idx += 1;
        }
        token
    }

    fn accept_symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek().kind, TokenKind::Symbol(s) if s == symbol);
        if found {
            self.advance();
        }
        found
    }

    fn accept_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek().kind.is_keyword(keyword);
        if found {
            self.advance();
        }
        found
    }

    fn expect_symbol(&mut self, symbol: &str, after: &str) -> Result<(), TableError> {
        if self.accept_symbol(symbol) {
            return Ok(());
        }
        let found = self.peek();
        let reason = format!(
            "“{symbol}” is expected {after}, not {}",
            found.kind.describe()
        );
        Err(error(found.at, reason))
    }

    fn expect_keyword(&mut self, keyword: &str, after: &str) -> Result<(), TableError> {
        if self.accept_keyword(keyword) {
            return Ok(());
        }
        let found = self.peek();
        let reason = format!(
            "“{keyword}” is expected {after}, not {}",
            found.kind.describe()
        );
        Err(error(found.at, reason))
    }

    fn expression(&mut self, min_power: u8) -> Result<Expr, TableError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(error(self.peek().at, "nested too deeply"));
        }
        let mut left = self.operand()?;
        loop {
            let at = self.peek().at;
            let Some((operator, power)) = self.operator() else {
                break;
            };
            if power < min_power {
                break;
            }
            left = self.infix(left, operator, at)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// The operator that comes next, without taking it.
    fn operator(&self) -> Option<(Operator, u8)> {
        use {Arithmetic as A, Comparison as C};
        let found = match &self.peek().kind {
            TokenKind::Symbol(symbol) => match *symbol {
                "+" => (Operator::Arithmetic(A::Add), power::SUM),
                "-" => (Operator::Arithmetic(A::Subtract), power::SUM),
                "*" => (Operator::Arithmetic(A::Multiply), power::PRODUCT),
                "/" => (Operator::Arithmetic(A::Divide), power::PRODUCT),
                "%" => (Operator::Arithmetic(A::Remainder), power::PRODUCT),
                "^" => (Operator::Arithmetic(A::Power), power::POWER),
                "=" | "==" => (Operator::Compare(C::Equal), power::COMPARE),
                "!=" | "<>" => (Operator::Compare(C::NotEqual), power::COMPARE),
                "<" => (Operator::Compare(C::Less), power::COMPARE),
                "<=" => (Operator::Compare(C::LessOrEqual), power::COMPARE),
                ">" => (Operator::Compare(C::Greater), power::COMPARE),
                ">=" => (Operator::Compare(C::GreaterOrEqual), power::COMPARE),
                _ => return None,
            },
            kind if kind.is_keyword("and") => (Operator::And, power::AND),
            kind if kind.is_keyword("or") => (Operator::Or, power::OR),
            kind if kind.is_keyword("in") => (Operator::In { negated: false }, power::COMPARE),
            kind if kind.is_keyword("is") => (Operator::Is, power::COMPARE),
            kind if kind.is_keyword("not") => {
                let after = self.tokens.get(self.next_idx + 1)?;
                if !after.kind.is_keyword("in") {
                    return None;
                }
                (Operator::In { negated: true }, power::COMPARE)
            }
            _ => return None,
        };
        Some(found)
    }

    fn infix(&mut self, left: Expr, operator: Operator, at: usize) -> Result<Expr, TableError> {
        self.advance();
        match operator {
            Operator::Arithmetic(op) => {
                let right = self.expression(match op {
                    Arithmetic::Add | Arithmetic::Subtract => power::SUM + 1,
                    Arithmetic::Multiply | Arithmetic::Divide | Arithmetic::Remainder => {
                        power::PRODUCT + 1
                    }
                    // `^` groups from the right, and `2 ^ -1` is allowed.
                    Arithmetic::Power => power::NEGATE,
                })?;
                node(
                    at,
                    ExprKind::Arithmetic(op, Box::new(left), Box::new(right)),
                )
            }
            Operator::Compare(op) => {
                if matches!(left.kind, ExprKind::Compare(..)) {
                    let reason = "two comparisons in a row; write them with “and” between";
                    return Err(error(at, reason));
                }
                let right = self.expression(power::COMPARE + 1)?;
                node(at, ExprKind::Compare(op, Box::new(left), Box::new(right)))
            }
            Operator::And => {
                let right = self.expression(power::AND + 1)?;
                node(at, ExprKind::And(Box::new(left), Box::new(right)))
            }
            Operator::Or => {
                let right = self.expression(power::OR + 1)?;
                node(at, ExprKind::Or(Box::new(left), Box::new(right)))
            }
            Operator::In { negated } => {
                if negated {
                    self.advance();
                }
                self.expect_symbol("(", "after “in”")?;
                let list = self.list_until_close()?;
                node(
                    at,
                    ExprKind::In {
                        value: Box::new(left),
                        list,
                        negated,
                    },
                )
            }
            Operator::Is => {
                let negated = self.accept_keyword("not");
                self.expect_keyword("null", "after “is”")?;
                node(
                    at,
                    ExprKind::IsNull {
                        value: Box::new(left),
                        negated,
                    },
                )
            }
        }
    }

    fn operand(&mut self) -> Result<Expr, TableError> {
        let Token { at, kind } = self.advance();
        let kind = match kind {
            TokenKind::Int(value) => ExprKind::Int(value),
            TokenKind::Float(value) => ExprKind::Float(value),
            TokenKind::Text(text) => ExprKind::Text(text),
            TokenKind::Date(text) => ExprKind::Date(text),
            TokenKind::DateTime(text) => ExprKind::DateTime(text),
            TokenKind::Name(name) => ExprKind::Column(name),
            TokenKind::Symbol("(") => {
                let inner = self.expression(0)?;
                self.expect_symbol(")", &format!("to close the one at character {at}"))?;
                return Ok(inner);
            }
            TokenKind::Symbol("-") => {
                // The smallest integer has no positive twin, so its sign belongs to the literal.
                if let TokenKind::Float(value) = self.peek().kind
                    && value == -(i64::MIN as f64)
                    && !matches!(
                        self.tokens.get(self.next_idx + 1),
                        Some(Token {
                            kind: TokenKind::Symbol("^"),
                            ..
                        })
                    )
                {
                    self.advance();
                    return node(at, ExprKind::Int(i64::MIN));
                }
                ExprKind::Negate(Box::new(self.expression(power::NEGATE)?))
            }
            TokenKind::Symbol("+") => return self.expression(power::NEGATE),
            TokenKind::Word(word) => return self.word(at, word),
            other => {
                let reason = format!("a value is expected, not {}", other.describe());
                return Err(error(at, reason));
            }
        };
        node(at, kind)
    }

    fn word(&mut self, at: usize, word: String) -> Result<Expr, TableError> {
        let kind = match word.to_ascii_lowercase().as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            "not" => ExprKind::Not(Box::new(self.expression(power::NOT)?)),
            "case" => self.case(at)?,
            _ if self.accept_symbol("(") => ExprKind::Call {
                name: word,
                args: self.list_until_close()?,
            },
            keyword if KEYWORDS.contains(&keyword) => {
                let reason = format!(
                    "a value is expected, not “{word}”; a column of this name goes in `backticks`"
                );
                return Err(error(at, reason));
            }
            _ => ExprKind::Column(word),
        };
        node(at, kind)
    }

    fn case(&mut self, at: usize) -> Result<ExprKind, TableError> {
        let mut arms = Vec::new();
        while self.accept_keyword("when") {
            let condition = self.expression(0)?;
            self.expect_keyword("then", "after the condition")?;
            arms.push((condition, self.expression(0)?));
        }
        if arms.is_empty() {
            return Err(error(at, "“case” needs “when … then …”"));
        }
        let otherwise = match self.accept_keyword("else") {
            true => Some(Box::new(self.expression(0)?)),
            false => None,
        };
        self.expect_keyword("end", &format!("to close the “case” at character {at}"))?;
        Ok(ExprKind::Case { arms, otherwise })
    }

    fn list_until_close(&mut self) -> Result<Vec<Expr>, TableError> {
        let mut items = Vec::new();
        if self.accept_symbol(")") {
            return Ok(items);
        }
        loop {
            items.push(self.expression(0)?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")", "or “,” after a value")?;
        Ok(items)
    }
}

#[derive(Clone, Copy)]
enum Operator {
    Arithmetic(Arithmetic),
    Compare(Comparison),
    And,
    Or,
    In { negated: bool },
    Is,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in prefix form.
    fn written(expr: &Expr) -> String {
        let list = |exprs: &[Expr]| exprs.iter().map(written).collect::<Vec<_>>().join(" ");
        match &expr.kind {
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Float(value) => format!("{value:?}"),
            ExprKind::Text(text) => format!("'{text}'"),
            ExprKind::Date(text) => format!("d'{text}'"),
            ExprKind::DateTime(text) => format!("t'{text}'"),
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Null => "null".into(),
            ExprKind::Column(name) => name.clone(),
            ExprKind::Not(a) => format!("(not {})", written(a)),
            ExprKind::Negate(a) => format!("(- {})", written(a)),
            ExprKind::Arithmetic(op, a, b) => format!("({op:?} {} {})", written(a), written(b)),
            ExprKind::Compare(op, a, b) => format!("({op:?} {} {})", written(a), written(b)),
            ExprKind::And(a, b) => format!("(and {} {})", written(a), written(b)),
            ExprKind::Or(a, b) => format!("(or {} {})", written(a), written(b)),
            ExprKind::In {
                value,
                list: items,
                negated,
            } => {
                format!(
                    "({} {} {})",
                    if *negated { "notin" } else { "in" },
                    written(value),
                    list(items)
                )
            }
            ExprKind::IsNull { value, negated } => {
                format!(
                    "({} {})",
                    if *negated { "notnull" } else { "isnull" },
                    written(value)
                )
            }
            ExprKind::Call { name, args } => format!("({name} {})", list(args)),
            ExprKind::Case { arms, otherwise } => {
                let arms: Vec<String> = arms
                    .iter()
                    .map(|(c, v)| format!("[{} {}]", written(c), written(v)))
                    .collect();
                let otherwise = otherwise.as_ref().map_or("none".into(), |e| written(e));
                format!("(case {} {otherwise})", arms.join(" "))
            }
        }
    }

    #[test]
    fn operators_bind_as_in_arithmetic() {
        let check = |text: &str, expected: &str| {
            assert_eq!(written(&parse(text).expect(text)), expected, "{text}");
        };
        check("a + b * c - d", "(Subtract (Add a (Multiply b c)) d)");
        check("-2 ^ 2", "(- (Power 2 2))");
        check("2 ^ 3 ^ 2", "(Power 2 (Power 3 2))");
        check("2 ^ -1", "(Power 2 (- 1))");
        check("(a + b) % c", "(Remainder (Add a b) c)");
        check("not a = 1 and b or c", "(or (and (not (Equal a 1)) b) c)");
        check(
            "a in (1, 2) and b not in ('x')",
            "(and (in a 1 2) (notin b 'x'))",
        );
        check("a IS NULL or b is not null", "(or (isnull a) (notnull b))");
        check("if(a, 1, 2)", "(if a 1 2)");
        check("case when a then 1 else 2 end", "(case [a 1] 2)");
        check(
            "`my col` <> date'2026-01-31'",
            "(NotEqual my col d'2026-01-31')",
        );
        check("-9223372036854775808", "-9223372036854775808");
        check("f()", "(f )");
    }

    #[test]
    fn mistakes_say_what_was_expected() {
        let check = |text: &str, expected: &str| {
            assert_eq!(
                parse(text).expect_err(text).to_string(),
                format!("expression, character {expected}")
            );
        };
        check("", "1: an expression is needed, such as price * quantity");
        check("a +", "4: a value is expected, not the end");
        check(
            "(a",
            "3: “)” is expected to close the one at character 1, not the end",
        );
        check("a b", "3: “b” is not expected here");
        check(
            "1 < a < 3",
            "7: two comparisons in a row; write them with “and” between",
        );
        check("a is 3", "6: “null” is expected after “is”, not “3”");
        check(
            "end",
            "1: a value is expected, not “end”; a column of this name goes in `backticks`",
        );
        check(
            "case when a then 1",
            "19: “end” is expected to close the “case” at character 1, not the end",
        );
        check("f(a b)", "5: “)” is expected or “,” after a value, not “b”");
    }

    #[test]
    fn deep_trees_are_refused() {
        let nested = format!("{}a{}", "(".repeat(500), ")".repeat(500));
        let chain = vec!["a"; 1000].join(" + ");
        let negations = format!("{}a", "-".repeat(5000));
        for text in [nested, chain, negations] {
            assert!(matches!(parse(&text), Err(TableError::Expression { .. })));
        }
    }
}
