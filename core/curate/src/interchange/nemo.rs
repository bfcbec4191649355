//! NeMo Curator: pipelines for Hydra, and the older lists of filters.

mod read;
mod write;

pub use read::read;
pub use write::write;

use super::signatures;
use super::translate::{System, Unlimited};

const SYSTEM: System = System {
    id: "nemo-curator",
    title: "NeMo Curator",
    signatures: signatures::NEMO_CURATOR,
    unlimited: Unlimited::Infinity,
    has_range_flags: false,
    execution: &[],
};

const TARGET: &str = "_target_";
const TEXT_FIELD: &str = "${text_field}";

#[cfg(test)]
mod tests {
    use sluice_analysis::{Params, Value};

    use super::read::{class, read_with};
    use super::write::write_with;
    use crate::interchange::{RecipeOperator, fakes};

    const PIPELINE: &str = include_str!("fixtures/nemo-english.yaml");

    #[test]
    fn stages_are_read_and_written_back() {
        let registry = fakes::registry();
        let read = read_with(&registry, PIPELINE).unwrap();
        let seen: Vec<_> = read
            .operators
            .iter()
            .map(|step| (class(&step.name), step.enabled))
            .collect();
        let expected = [
            ("NonAlphaNumericFilter", false),
            ("repeated_lines_filter", true),
            ("UrlRemover", false),
            ("QualityClassifier", false),
        ];
        assert_eq!(seen, expected);
        let lines = &read.operators[1];
        assert_eq!(lines.params["dialect"], Value::from("nemo"));
        assert_eq!(
            lines.params["max_repeated_line_fraction"],
            Value::Float(0.6)
        );
        assert!(read.header.contains_key("reader") && read.header.contains_key("writer"));
        let exported = write_with(&registry, &read.operators, &read.header);
        assert_eq!(exported.untranslated, []);
        let again = read_with(&registry, &exported.text).unwrap();
        assert_eq!(again.operators, read.operators, "{}", exported.text);
    }

    #[test]
    fn older_lists_of_filters_are_read() {
        let text = "input_field: body\nfilters:\n  - name: nemo_curator.filters.heuristic_filter.RepeatedLinesFilter\n    params:\n      max_repeated_line_fraction: 0.7\n  - name: x.Other\n";
        let read = read_with(&fakes::registry(), text).unwrap();
        assert_eq!(read.operators[0].params["column"], Value::from("body"));
        assert_eq!(
            (read.operators[1].name.as_str(), read.operators[1].enabled),
            ("x.Other", false)
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let recipe = ["repeated_lines_filter", "ours_filter"].map(|name| RecipeOperator {
            name: name.to_owned(),
            enabled: true,
            ..RecipeOperator::default()
        });
        let exported = write_with(&fakes::registry(), &recipe, &Params::new());
        let names: Vec<_> = exported
            .untranslated
            .iter()
            .map(|lost| lost.name.as_str())
            .collect();
        // Without a dialect its numbers are datatrove's.
        assert_eq!(names, ["repeated_lines_filter", "ours_filter"]);
    }

    #[test]
    fn mistakes_have_a_place() {
        for text in [
            "",
            "a: 1",
            "stages: x",
            "stages:\n- x",
            "stages:\n- a: 1",
            "stages:\n- _target_: [a]",
        ] {
            assert!(
                read_with(&fakes::registry(), text)
                    .unwrap_err()
                    .place()
                    .is_some(),
                "{text}"
            );
        }
    }
}
