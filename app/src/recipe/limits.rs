//! Limits of a condition as parameters of its step.

use sluice_analysis::{Params, Value};
use sluice_protocol::recipe::{ConditionOverview, LimitSide, MeasureOverview};
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
    /// `None` where it is fixed.
    pub param: Option<String>,
    /// Empty while nothing was chosen: then all are kept.
    pub kept: Vec<String>,
}

impl Chosen {
    pub fn keeps(&self, label: &str) -> bool {
        self.kept.is_empty() || self.kept.iter().any(|kept| kept == label)
    }
}

/// What is kept of a measure's categories. `None` of a measure without a condition.
///
/// The parameter that lists categories has the name of the measure. It may be newer than the condition, so it counts
/// first; where it does not say, and where what is kept is fixed, the condition does.
pub fn chosen(
    measure: &MeasureOverview,
    condition: Option<&ConditionOverview>,
    params: &Params,
    spec: Option<&OperationSpec>,
) -> Option<Chosen> {
    let condition = condition?;
    let has_param = spec.is_some_and(|spec| {
        let fields = fields(&spec.params_schema);
        fields.iter().any(|field| field.name == measure.name)
    });
    let named = params
        .get(&measure.name)
        .filter(|_| has_param)
        .and_then(names);
    let label = |position: &u32| measure.labels.get(*position as usize).cloned();
    let decided = condition.among.as_ref();
    let decided = || decided.map(|kept| kept.iter().filter_map(label).collect());
    Some(Chosen {
        param: has_param.then(|| measure.name.clone()),
        kept: named.or_else(decided).unwrap_or_default(),
    })
}

/// One name or several.
fn names(value: &Value) -> Option<Vec<String>> {
    let names = match value {
        Value::Null => return Some(Vec::new()),
        Value::Text(name) => vec![name.clone()],
        Value::List(names) => names
            .iter()
            .map(|name| name.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
        _ => return None,
    };
    Some(names.into_iter().filter(|name| !name.is_empty()).collect())
}

/// Adds a category to those kept or takes it out; the last one stays, because none would keep all. `None` where what is
/// kept is fixed.
pub fn toggled(params: &Params, chosen: &Chosen, label: &str) -> Option<Params> {
    let mut kept = chosen.kept.clone();
    match kept.iter().position(|other| other == label) {
        Some(_) if kept.len() == 1 => {}
        Some(place) => drop(kept.remove(place)),
        None => kept.push(label.to_owned()),
    }
    let mut params = params.clone();
    let names = kept.into_iter().map(Value::Text).collect();
    params.insert(chosen.param.clone()?, Value::List(names));
    Some(params)
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
            among: None,
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

    fn spec_with(param: &str) -> OperationSpec {
        OperationSpec {
            name: "language_id_score_filter".to_owned(),
            version: 1,
            bench: sluice_analysis::Bench::Data,
            kind: sluice_protocol::spec::OperationKind::Filter,
            title: String::new(),
            summary: String::new(),
            inputs: sluice_protocol::spec::Inputs { min: 1, max: 1 },
            scope: sluice_protocol::spec::Scope::Row,
            source: String::new(),
            dialects: Vec::new(),
            params_schema: format!(
                r#"{{"type": "object", "properties": {{"{param}": {{"type": ["string", "null"]}}}}}}"#
            ),
            defaults: "{}".to_owned(),
        }
    }

    #[test]
    fn categories_kept_are_those_of_the_parameter_else_of_the_condition() {
        let measure = MeasureOverview {
            name: "lang".to_owned(),
            labels: ["de", "en", "fr"].map(str::to_owned).to_vec(),
            ..MeasureOverview::default()
        };
        let among = ConditionOverview {
            among: Some(vec![1, 2]),
            ..condition()
        };
        let list =
            |names: &[&str]| Value::List(names.iter().map(|name| Value::from(*name)).collect());
        let spec = spec_with("lang");
        let of = |condition, params: &Params| chosen(&measure, condition, params, Some(&spec));

        assert_eq!(of(None, &Params::new()), None);
        let decided = of(Some(&among), &Params::new()).unwrap();
        assert_eq!(decided.kept, ["en", "fr"]);
        // The document is newer than what was measured.
        let params = Params::from([("lang".to_owned(), Value::from("en"))]);
        let found = of(Some(&among), &params).unwrap();
        assert!(found.keeps("en") && !found.keeps("de") && !found.keeps("fr"));
        let more = toggled(&params, &found, "de").unwrap();
        assert_eq!(more["lang"], list(&["en", "de"]));
        let same = toggled(&params, &found, "en").unwrap();
        assert_eq!(same["lang"], list(&["en"]));
        // Before anything is chosen all are kept, and the first choice keeps one.
        let none = Params::from([("lang".to_owned(), Value::Null)]);
        let nothing = of(Some(&condition()), &none).unwrap();
        assert!(nothing.keeps("fr"));
        let first = toggled(&none, &nothing, "fr").unwrap();
        assert_eq!(first["lang"], list(&["fr"]));
    }

    #[test]
    fn categories_without_a_parameter_are_fixed() {
        let measure = MeasureOverview {
            name: "has_header".to_owned(),
            labels: vec!["no".to_owned(), "yes".to_owned()],
            ..MeasureOverview::default()
        };
        let among = ConditionOverview {
            among: Some(vec![0]),
            ..condition()
        };
        let params = Params::from([("column".to_owned(), Value::from("no"))]);
        let spec = spec_with("column");
        let fixed = chosen(&measure, Some(&among), &params, Some(&spec)).unwrap();
        assert_eq!((fixed.param.as_deref(), fixed.keeps("yes")), (None, false));
        assert_eq!(toggled(&params, &fixed, "yes"), None);
    }
}
