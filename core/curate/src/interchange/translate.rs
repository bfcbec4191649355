//! Parameters of an operator from and into another system's, by the names that both have.

use sluice_analysis::{Params, Value};

use super::registry::{Entry, is_unlimited, same};
use super::signatures::{Default as Absent, Signature, Signatures};
use super::yaml::Node;
use crate::operator::{Common, Foreign};

/// Another system, as far as recipes go.
#[derive(Clone, Copy)]
pub(crate) struct System {
    /// As in [`Foreign::system`].
    pub id: &'static str,
    /// For people.
    pub title: &'static str,
    pub signatures: Signatures,
    pub unlimited: Unlimited,
    /// Whether its filters take closed and reversed ranges.
    pub has_range_flags: bool,
    /// Parameters that say how an operator runs, not what it does.
    pub execution: &'static [&'static str],
}

/// How a limit is lifted that has a default.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unlimited {
    MaxSize,
    Null,
    Infinity,
}

const RANGE_FLAGS: [(&str, bool); 3] = [
    ("min_closed_interval", true),
    ("max_closed_interval", true),
    ("reversed_range", false),
];

/// An operator as another system calls it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub name: &'static str,
    pub module: &'static str,
    /// In the order of the other system.
    pub args: Vec<(String, Value)>,
    pub column: String,
}

/// Parameters that were read.
pub(crate) struct Adopted {
    pub params: Params,
    /// What was left out, for a person.
    pub left_out: Vec<String>,
}

impl System {
    /// Reads the parameters of an operator of this system. `own` are not the common ones.
    ///
    /// # Errors
    ///
    /// A sentence on why the operator cannot run here with them.
    pub fn adopt<'n>(
        &self,
        entry: &Entry<'_>,
        foreign: Foreign,
        own: impl Iterator<Item = (&'n str, &'n Node)>,
    ) -> Result<Adopted, String> {
        let form = entry.form();
        let signature = self.signatures.find(foreign.name);
        let absent = |param: &str| {
            signature
                .as_ref()
                .and_then(|signature| signature.default(param))
        };
        let mut params = Params::new();
        let mut left_out = Vec::new();
        for (param, node) in own {
            if form.has(param) && param != "dialect" {
                let value = form.fit(param, node);
                let is_absence = matches!(value, Value::Null)
                    && !form.takes_null(param)
                    && matches!(
                        absent(param),
                        Some(Absent::Value(Value::Null) | Absent::Unlimited)
                    );
                if !is_absence {
                    params.insert(param.to_owned(), value);
                }
            } else if self.execution.contains(&param) {
                let message = format!(
                    "{param} says how {} runs it, and is left out here",
                    self.title
                );
                left_out.push(message);
            } else {
                let value = node.value();
                let changes_nothing = match absent(param) {
                    Some(Absent::Value(default)) => same(default, &value),
                    Some(Absent::Unlimited) => is_unlimited(&value),
                    Some(Absent::Unknown) => matches!(value, Value::Null),
                    None => false,
                };
                if !changes_nothing {
                    return Err(format!(
                        "{param} of {} has no counterpart here; remove it to enable the step",
                        self.title
                    ));
                }
            }
        }
        if !foreign.dialect.is_empty() && form.has("dialect") {
            params.insert("dialect".to_owned(), Value::from(foreign.dialect));
        }
        match entry.check(&params) {
            Ok(()) => Ok(Adopted { params, left_out }),
            Err(fault) if fault.param.is_empty() => Err(fault.reason),
            Err(fault) => Err(fault.to_string()),
        }
    }

    /// Writes an operator with parameters, defaults included where they differ.
    ///
    /// # Errors
    ///
    /// A sentence on what this system lacks.
    pub fn call(&self, entry: &Entry<'_>, params: &Params) -> Result<Call, String> {
        let title = self.title;
        let dialect = entry.dialect(params);
        let mut names = entry.foreign(self.id).peekable();
        if names.peek().is_none() {
            return Err(match self.signatures.find(&entry.spec.name) {
                Some(_) => format!("{title} gives other results under this name"),
                None => format!("{title} has no such operator"),
            });
        }
        let is_same = |foreign: &Foreign| foreign.dialect.is_empty() || foreign.dialect == dialect;
        let Some(foreign) = names.find(is_same) else {
            return Err(format!(
                "the dialect {dialect} gives other numbers than {title}"
            ));
        };
        let (common, own) = Common::split(params).map_err(|fault| fault.to_string())?;
        if let Err(fault) = entry.operator.prepare(&own) {
            return Err(format!("its parameters do not fit: {}", fault.reason));
        }
        let signature = self.signatures.find(foreign.name);
        let mut args = match &signature {
            Some(signature) => self.args(entry, &own, foreign, signature)?,
            None => {
                let is_said = |(name, value): &(&String, &Value)| {
                    name.as_str() != "dialect" && !matches!(value, Value::Null)
                };
                let said = own.iter().filter(is_said);
                said.map(|(name, value)| (name.clone(), value.clone()))
                    .collect()
            }
        };
        let flags = [
            common.min_closed_interval,
            common.max_closed_interval,
            common.reversed_range,
        ];
        for ((flag, default), value) in RANGE_FLAGS.into_iter().zip(flags) {
            if value == default {
                continue;
            }
            if !self.has_range_flags {
                return Err(format!("{title} has no {flag}"));
            }
            args.push((flag.to_owned(), Value::Bool(value)));
        }
        Ok(Call {
            name: foreign.name,
            module: signature.map_or("", |signature| signature.module),
            args,
            column: common.column,
        })
    }

    fn args(
        &self,
        entry: &Entry<'_>,
        own: &Params,
        foreign: Foreign,
        signature: &Signature,
    ) -> Result<Vec<(String, Value)>, String> {
        let form = entry.form();
        let mut args = Vec::new();
        for (param, absent) in &signature.params {
            let given = own.get(*param);
            let Some(value) = given.or_else(|| form.default(param)) else {
                continue;
            };
            let value = match (value, absent) {
                (Value::Null, Absent::Unlimited | Absent::Value(Value::Null)) => continue,
                // What has 0 as its lower limit is never negative: that is no limit.
                (Value::Null, Absent::Value(least))
                    if is_lower(param) && same(least, &Value::Int(0)) =>
                {
                    continue;
                }
                (Value::Null, _) => match self.lifted(param) {
                    // Nothing is said, and what the other system takes for that is its default.
                    Value::Null if given.is_none() || is_empty(absent) => continue,
                    lifted => lifted,
                },
                (value, Absent::Value(default)) if given.is_none() && same(value, default) => {
                    continue;
                }
                (value, _) => value.clone(),
            };
            args.push(((*param).to_owned(), value));
        }
        for (param, value) in own {
            let is_shared = param == "dialect" || signature.default(param).is_some();
            let is_default = form
                .default(param)
                .is_some_and(|default| same(default, value));
            if !is_shared && !is_default {
                return Err(format!("{} of {} has no {param}", foreign.name, self.title));
            }
        }
        Ok(args)
    }

    /// What lifts a limit whose default is a limit.
    fn lifted(&self, param: &str) -> Value {
        let is_upper = param.starts_with("max") || param.starts_with("upper");
        let is_lower = is_lower(param);
        match self.unlimited {
            Unlimited::MaxSize if is_upper => Value::Int(i64::MAX),
            Unlimited::MaxSize if is_lower => Value::Int(-i64::MAX),
            Unlimited::Infinity if is_upper => Value::Float(f64::INFINITY),
            Unlimited::Infinity if is_lower => Value::Float(f64::NEG_INFINITY),
            _ => Value::Null,
        }
    }
}

fn is_empty(absent: &Absent) -> bool {
    match absent {
        Absent::Value(Value::Text(text)) => text.is_empty(),
        Absent::Value(Value::List(items)) => items.is_empty(),
        _ => false,
    }
}

fn is_lower(param: &str) -> bool {
    param.starts_with("min") || param.starts_with("lower")
}

/// Parameters as they are written, with nothing interpreted.
pub(crate) fn verbatim<'n>(own: impl Iterator<Item = (&'n str, &'n Node)>) -> Params {
    own.map(|(name, node)| (name.to_owned(), node.value()))
        .collect()
}
