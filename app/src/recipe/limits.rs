//! Limits of a condition as parameters of its step.

use sluice_analysis::{Params, Value};
use sluice_protocol::recipe::{ConditionOverview, LimitSide};
use sluice_protocol::spec::OperationSpec;

use crate::form::fields;
use crate::form::schema::Kind;

/// The parameter that holds a limit; `None` where the limit is fixed.
pub fn param(condition: &ConditionOverview, side: LimitSide) -> Option<&str> {
    let name = match side {
        LimitSide::Min => &condition.min_param,
        LimitSide::Max => &condition.max_param,
    };
    (!name.is_empty()).then_some(name.as_str())
}

/// The limits with these parameters, which may be newer than the condition. Infinite where there is none.
pub fn limits(condition: &ConditionOverview, params: &Params) -> (f64, f64) {
    let limit = |side: LimitSide, measured: f64, none: f64| {
        let value = param(condition, side).and_then(|name| params.get(name));
        match value {
            Some(Value::Null) => none,
            Some(value) => value.as_f64().unwrap_or(measured),
            None => measured,
        }
    };
    (
        limit(LimitSide::Min, condition.min, f64::NEG_INFINITY),
        limit(LimitSide::Max, condition.max, f64::INFINITY),
    )
}

/// Sets a limit, or with an infinite one takes it away.
pub fn set(params: &mut Params, name: &str, limit: f64, is_whole: bool) {
    let value = if !limit.is_finite() {
        Value::Null
    } else if is_whole {
        // Counts that anyone limits are far below 2⁵³.
        Value::Int(limit.round() as i64)
    } else {
        Value::Float(limit)
    };
    params.insert(name.to_owned(), value);
}

/// What is typed into a field: nothing is no limit, and `None` is no number.
pub fn typed(text: &str, side: LimitSide) -> Option<f64> {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '−' => '-',
            ',' => '.',
            c => c,
        })
        .collect();
    if text.is_empty() {
        return Some(match side {
            LimitSide::Min => f64::NEG_INFINITY,
            LimitSide::Max => f64::INFINITY,
        });
    }
    text.parse().ok().filter(|x: &f64| x.is_finite())
}

/// A limit as its field shows it.
pub fn shown(limit: f64) -> String {
    if limit.is_finite() {
        limit.to_string()
    } else {
        String::new()
    }
}

/// Whether a parameter takes whole numbers only.
pub fn is_whole(spec: &OperationSpec, name: &str) -> bool {
    fields(&spec.params_schema)
        .into_iter()
        .find(|field| field.name == name)
        .is_some_and(|field| match field.kind {
            Kind::Integer { .. } => true,
            Kind::Nullable(inner) => matches!(inner.kind, Kind::Integer { .. }),
            _ => false,
        })
}

/// The limit whose examples say most: of two the one nearer to the mean, where most rows are.
pub fn nearer(limits: (f64, f64), mean: f64) -> Option<LimitSide> {
    match (limits.0.is_finite(), limits.1.is_finite()) {
        (true, false) => Some(LimitSide::Min),
        (false, true) => Some(LimitSide::Max),
        (false, false) => None,
        (true, true) if (mean - limits.0).abs() <= (limits.1 - mean).abs() => Some(LimitSide::Min),
        (true, true) => Some(LimitSide::Max),
    }
}

/// Which categories a step keeps, and the parameter that says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    pub param: String,
    /// Empty while nothing was chosen: then all are kept.
    pub kept: Vec<String>,
}

impl Chosen {
    pub fn keeps(&self, label: &str) -> bool {
        self.kept.is_empty() || self.kept.iter().any(|kept| kept == label)
    }
}

/// Operators name the parameter that lists categories as they like, so it is known by what it holds: some of the
/// labels; or nothing yet, in a field for texts. `None` where the categories kept are fixed.
pub fn chosen(params: &Params, labels: &[String], spec: Option<&OperationSpec>) -> Option<Chosen> {
    let names_of = |value: &Value| -> Option<Vec<String>> {
        let names: Option<Vec<String>> = match value {
            Value::Text(name) => Some(vec![name.clone()]),
            Value::List(names) => names
                .iter()
                .map(|name| name.as_str().map(str::to_owned))
                .collect(),
            _ => None,
        };
        names.filter(|names| !names.is_empty() && names.iter().all(|name| labels.contains(name)))
    };
    let filled = params.iter().find_map(|(name, value)| {
        Some(Chosen {
            param: name.clone(),
            kept: names_of(value)?,
        })
    });
    filled.or_else(|| {
        let is_open = |value: Option<&Value>| match value {
            None | Some(Value::Null) => true,
            Some(Value::List(names)) => names.is_empty(),
            Some(_) => false,
        };
        let mut fields = fields(&spec?.params_schema).into_iter();
        let open = fields.find(|field| {
            let kind = match &field.kind {
                Kind::Nullable(inner) => &inner.kind,
                kind => kind,
            };
            let takes_texts = matches!(
                kind,
                Kind::Text | Kind::List { .. } | Kind::Names(_) | Kind::Variant(_) | Kind::Json
            );
            takes_texts && is_open(params.get(&field.name))
        });
        open.map(|field| Chosen {
            param: field.name,
            kept: Vec::new(),
        })
    })
}

/// Adds a category to those kept or takes it out; the last one stays, because none would drop every row.
pub fn toggled(params: &Params, chosen: &Chosen, label: &str) -> Params {
    let mut kept = chosen.kept.clone();
    match kept.iter().position(|other| other == label) {
        Some(_) if kept.len() == 1 => {}
        Some(place) => drop(kept.remove(place)),
        None => kept.push(label.to_owned()),
    }
    let mut params = params.clone();
    let names = kept.into_iter().map(Value::Text).collect();
    params.insert(chosen.param.clone(), Value::List(names));
    params
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition() -> ConditionOverview {
        ConditionOverview {
            measure: 0,
            min: 10.0,
            max: 90.0,
            min_param: "min_num".to_owned(),
            max_param: String::new(),
            reason: String::new(),
            n_failing: 0,
        }
    }

    #[test]
    fn parameters_count_before_what_was_measured_with() {
        let mut params = Params::new();
        assert_eq!(limits(&condition(), &params), (10.0, 90.0));
        set(&mut params, "min_num", 20.4, true);
        assert_eq!(params["min_num"], Value::Int(20));
        assert_eq!(limits(&condition(), &params), (20.0, 90.0));
        set(&mut params, "min_num", f64::NEG_INFINITY, true);
        assert_eq!(params["min_num"], Value::Null);
        assert_eq!(limits(&condition(), &params), (f64::NEG_INFINITY, 90.0));
    }

    #[test]
    fn an_empty_field_is_no_limit() {
        assert_eq!(typed(" ", LimitSide::Max), Some(f64::INFINITY));
        assert_eq!(typed("", LimitSide::Min), Some(f64::NEG_INFINITY));
        assert_eq!(typed("1 200", LimitSide::Min), Some(1200.0));
        assert_eq!(typed("−0,5", LimitSide::Min), Some(-0.5));
        assert_eq!(typed("much", LimitSide::Min), None);
        assert_eq!(shown(0.25), "0.25");
        assert_eq!(shown(f64::INFINITY), "");
    }

    #[test]
    fn the_limit_nearer_to_the_mean_is_looked_at() {
        assert_eq!(nearer((10.0, 100.0), 20.0), Some(LimitSide::Min));
        assert_eq!(nearer((10.0, 100.0), 90.0), Some(LimitSide::Max));
        assert_eq!(nearer((f64::NEG_INFINITY, 1.0), 0.0), Some(LimitSide::Max));
        assert_eq!(nearer((f64::NEG_INFINITY, f64::INFINITY), 0.0), None);
    }

    #[test]
    fn categories_are_found_by_what_a_parameter_holds() {
        let labels = ["de", "en", "fr"].map(str::to_owned);
        let list =
            |names: &[&str]| Value::List(names.iter().map(|name| Value::from(*name)).collect());
        let params = Params::from([
            ("column".to_owned(), Value::from("text")),
            ("lang".to_owned(), list(&["en"])),
        ]);
        let found = chosen(&params, &labels, None).unwrap();
        assert_eq!(
            (found.param.as_str(), found.keeps("en"), found.keeps("de")),
            ("lang", true, false)
        );
        let more = toggled(&params, &found, "de");
        assert_eq!(more["lang"], list(&["en", "de"]));
        assert_eq!(toggled(&params, &found, "en")["lang"], list(&["en"]));
        assert_eq!(chosen(&Params::new(), &labels, None), None);
        // Before anything is chosen all are kept, and the first choice keeps one.
        let nothing = Chosen {
            param: "lang".to_owned(),
            kept: Vec::new(),
        };
        assert!(nothing.keeps("fr"));
        assert_eq!(toggled(&params, &nothing, "fr")["lang"], list(&["fr"]));
    }
}
