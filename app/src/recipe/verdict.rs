//! Why a row stays or goes, in a sentence.

use sluice_analysis::StepId;
use sluice_protocol::recipe::{RowReasons, ValueVerdict, Verdict};

use super::text;
use crate::format;

/// `titles` are of the operators in their order, by step.
pub fn sentence(reasons: &RowReasons, titles: &[(StepId, String)]) -> String {
    let title = |verdict: &Verdict| {
        let found = titles.iter().find(|(step, _)| step.0 == verdict.step);
        found.map_or_else(
            || text::row_of_step(verdict.step),
            |(_, title)| title.clone(),
        )
    };
    if reasons.is_kept {
        let editors: Vec<String> = reasons
            .verdicts
            .iter()
            .filter(|v| v.is_edited)
            .map(title)
            .collect();
        return if editors.is_empty() {
            text::KEPT_SENTENCE.to_owned()
        } else {
            text::kept_and_edited(&text::listed(&editors))
        };
    }
    let Some(first) = remover(reasons, titles) else {
        return text::REMOVED_SENTENCE.to_owned();
    };
    let others: Vec<String> = reasons
        .verdicts
        .iter()
        .filter(|verdict| !verdict.passes && verdict.step != first.step)
        .map(title)
        .collect();
    let why = why(first);
    let others = if others.is_empty() {
        text::NO_OTHER.to_owned()
    } else {
        text::also_by(&text::listed(&others))
    };
    format!("{} {others}", text::removed_by(&title(first), &why))
}

/// The operator that removes the row first. Positions count operators, not verdicts.
fn remover<'a>(reasons: &'a RowReasons, titles: &[(StepId, String)]) -> Option<&'a Verdict> {
    let place = reasons.removed_by? as usize;
    let at_place = titles.get(place).and_then(|(step, _)| {
        reasons
            .verdicts
            .iter()
            .find(|verdict| verdict.step == step.0 && !verdict.passes)
    });
    at_place.or_else(|| reasons.verdicts.iter().find(|verdict| !verdict.passes))
}

/// The first condition that does not hold, as a comparison; in words where there is none.
fn why(verdict: &Verdict) -> String {
    let failing = verdict.values.iter().find(|value| !value.holds);
    let compared = failing.and_then(comparison);
    compared.unwrap_or_else(|| verdict.reason.clone())
}

/// `12 < 20`. `None` where the value is not on the wrong side of a limit: missing, a category, or exactly at it.
fn comparison(value: &ValueVerdict) -> Option<String> {
    if !value.label.is_empty() {
        return None;
    }
    let number = format::number;
    if value.value < value.min {
        Some(format!("{} < {}", number(value.value), number(value.min)))
    } else if value.value > value.max {
        Some(format!("{} > {}", number(value.value), number(value.max)))
    } else {
        None
    }
}

/// A value as the table of operators shows it.
pub fn value(value: &ValueVerdict) -> String {
    if !value.label.is_empty() {
        value.label.clone()
    } else if value.value.is_nan() {
        text::NO_VALUE.to_owned()
    } else {
        text::value(value.value, &value.unit)
    }
}

/// What the value had to be.
pub fn limits(value: &ValueVerdict) -> String {
    match (value.min.is_finite(), value.max.is_finite()) {
        _ if !value.label.is_empty() => String::new(),
        (true, true) => {
            crate::text::from_to(&format::number(value.min), &format::number(value.max))
        }
        (true, false) => format!("≥ {}", format::number(value.min)),
        (false, true) => format!("≤ {}", format::number(value.max)),
        (false, false) => text::NO_LIMIT.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(step: u32, passes: bool, value: f64, min: f64, max: f64) -> Verdict {
        Verdict {
            step,
            passes,
            values: vec![ValueVerdict {
                title: "Words".to_owned(),
                unit: "words".to_owned(),
                value,
                label: String::new(),
                min,
                max,
                holds: passes,
            }],
            reason: if passes {
                String::new()
            } else {
                "out of range".to_owned()
            },
            is_edited: false,
        }
    }

    fn titles() -> Vec<(StepId, String)> {
        [(7, "Words"), (8, "Word repetition"), (9, "Language")]
            .map(|(step, title)| (StepId(step), title.to_owned()))
            .into()
    }

    const NONE: f64 = f64::INFINITY;

    #[test]
    fn the_first_reason_is_named_and_whether_it_is_the_only_one() {
        let mut reasons = RowReasons {
            removed_by: Some(0),
            only_by: Some(0),
            verdicts: vec![
                verdict(7, false, 12.0, 20.0, NONE),
                verdict(8, true, 0.1, -NONE, 0.2),
            ],
            ..RowReasons::default()
        };
        assert_eq!(
            sentence(&reasons, &titles()),
            "Removed by Words, 12 < 20. No other operator removes it."
        );
        reasons.verdicts[1] = verdict(8, false, 0.38, -NONE, 0.2);
        assert_eq!(
            sentence(&reasons, &titles()),
            "Removed by Words, 12 < 20. Word repetition would remove it too."
        );
        // Whatever comes first in the recipe, it is the position that says who removes it.
        reasons.removed_by = Some(1);
        assert_eq!(
            sentence(&reasons, &titles()),
            "Removed by Word repetition, 0.38 > 0.2. Words would remove it too."
        );
    }

    #[test]
    fn reasons_without_a_limit_are_in_words() {
        let mut duplicate = verdict(9, false, f64::NAN, 0.0, 1.0);
        duplicate.values.clear();
        duplicate.reason = "repeats row 12".to_owned();
        let reasons = RowReasons {
            removed_by: Some(2),
            verdicts: vec![duplicate],
            ..RowReasons::default()
        };
        assert_eq!(
            sentence(&reasons, &titles()),
            "Removed by Language, repeats row 12. No other operator removes it."
        );
    }

    #[test]
    fn kept_rows_say_who_edited_them() {
        let mut reasons = RowReasons {
            is_kept: true,
            verdicts: vec![verdict(7, true, 50.0, 20.0, NONE)],
            ..RowReasons::default()
        };
        assert_eq!(sentence(&reasons, &titles()), text::KEPT_SENTENCE);
        reasons.verdicts[0].is_edited = true;
        assert_eq!(
            sentence(&reasons, &titles()),
            "Kept, with its text changed by Words"
        );
    }

    #[test]
    fn limits_read_as_conditions() {
        let of = |min, max| limits(&verdict(1, true, 1.0, min, max).values[0]);
        assert_eq!(of(20.0, NONE), "≥ 20");
        assert_eq!(of(-NONE, 0.2), "≤ 0.2");
        assert_eq!(of(1.0, 2.0), "1 to 2");
        assert_eq!(of(-NONE, NONE), text::NO_LIMIT);
    }
}
