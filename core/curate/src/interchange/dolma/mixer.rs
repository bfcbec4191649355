//! Mixer configurations that decide as our thresholds do.

use serde_json::{Value as Json, json};

use crate::operator::{Condition, Keep};

/// A limit on the score of a document's attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Full name, see [`super::attribute_name`].
    pub attribute: String,
    pub keep: Keep,
    /// Whether a document without the attribute stays.
    pub keeps_undefined: bool,
}

impl Threshold {
    /// The threshold of a condition on a number; a condition on a category has none.
    pub fn of(attribute: &str, condition: &Condition) -> Option<Self> {
        condition.among.is_none().then(|| Self {
            attribute: attribute.to_owned(),
            keep: condition.keep,
            keeps_undefined: condition.keeps_undefined,
        })
    }

    /// Whether the attribute has a score.
    fn is_there(&self) -> String {
        let name = &self.attribute;
        format!("@.{name} && @.{name}[0]")
    }

    /// Paths that match documents that do not stay; one that matches is enough.
    ///
    /// A comparison with a score that is not there is false, so that such a document matches none.
    pub fn exclude(&self) -> Vec<String> {
        let keep = self.keep;
        let score = format!("@.{}[0][2]", self.attribute);
        let there = self.is_there();
        let path = |test: String| format!("$.attributes[?({there} && {test})]");
        let has_min = keep.min > f64::NEG_INFINITY;
        let has_max = keep.max < f64::INFINITY;
        if keep.reversed {
            // The ends belong to the side that stays if they are closed, to what goes if they are open.
            let (above, below) = (
                if keep.min_closed { ">" } else { ">=" },
                if keep.max_closed { "<" } else { "<=" },
            );
            let min = has_min.then(|| format!("{score} {above} {}", keep.min));
            let max = has_max.then(|| format!("{score} {below} {}", keep.max));
            let tests: Vec<_> = min.into_iter().chain(max).collect();
            // Without a limit everything is in the range, and goes.
            return vec![if tests.is_empty() {
                format!("$.attributes[?({there})]")
            } else {
                path(tests.join(" && "))
            }];
        }
        let below = if keep.min_closed { "<" } else { "<=" };
        let above = if keep.max_closed { ">" } else { ">=" };
        let min = has_min.then(|| path(format!("{score} {below} {}", keep.min)));
        let max = has_max.then(|| path(format!("{score} {above} {}", keep.max)));
        min.into_iter().chain(max).collect()
    }
}

/// One stream of a mixer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MixerStream {
    /// Start of the names of its output files.
    pub name: String,
    /// Paths of documents, with at most one `*` each.
    pub documents: Vec<String>,
    /// Names of attribute folders, one per experiment.
    pub attributes: Vec<String>,
    /// A document stays if all hold.
    pub thresholds: Vec<Threshold>,
    pub output_path: String,
    /// Largest output file.
    pub max_size_in_bytes: u64,
}

/// Writes a mixer configuration as JSON.
///
/// Documents outside of a limit are excluded. Documents that lack an attribute are not included, unless it may be
/// undefined; then the include list says nothing of it.
pub fn mixer_config(streams: &[MixerStream], processes: usize) -> String {
    let streams: Vec<Json> = streams.iter().map(stream).collect();
    let config = json!({ "streams": streams, "processes": processes });
    format!("{config:#}\n")
}

fn stream(stream: &MixerStream) -> Json {
    let exclude: Vec<String> = stream
        .thresholds
        .iter()
        .flat_map(Threshold::exclude)
        .collect();
    let mut there: Vec<String> = Vec::new();
    for threshold in stream
        .thresholds
        .iter()
        .filter(|threshold| !threshold.keeps_undefined)
    {
        let test = threshold.is_there();
        if !there.contains(&test) {
            there.push(test);
        }
    }
    let mut filter = json!({ "exclude": exclude });
    if !there.is_empty() {
        // One path: a document that matches any of several would stay.
        filter["include"] = json!([format!("$.attributes[?({})]", there.join(" && "))]);
    }
    let mut config = json!({
        "name": stream.name,
        "documents": stream.documents,
        "attributes": stream.attributes,
        "output": { "path": stream.output_path, "max_size_in_bytes": stream.max_size_in_bytes },
    });
    if !stream.thresholds.is_empty() {
        config["filter"] = filter;
    }
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threshold(keep: Keep) -> Threshold {
        Threshold {
            attribute: "e__t__n".to_owned(),
            keep,
            keeps_undefined: false,
        }
    }

    #[test]
    fn limits_become_paths_that_exclude() {
        let there = "@.e__t__n && @.e__t__n[0]";
        let check = |keep: Keep, expected: &[&str]| {
            let expected: Vec<_> = expected
                .iter()
                .map(|test| format!("$.attributes[?({there} && {test})]"))
                .collect();
            assert_eq!(threshold(keep).exclude(), expected);
        };
        let range = Keep::between(0.5, 100_000.0);
        check(
            range,
            &["@.e__t__n[0][2] < 0.5", "@.e__t__n[0][2] > 100000"],
        );
        check(
            Keep {
                min_closed: false,
                ..range
            },
            &["@.e__t__n[0][2] <= 0.5", "@.e__t__n[0][2] > 100000"],
        );
        check(
            Keep {
                max: f64::INFINITY,
                ..range
            },
            &["@.e__t__n[0][2] < 0.5"],
        );
        check(Keep::between(f64::NEG_INFINITY, f64::INFINITY), &[]);
        let inside = "@.e__t__n[0][2] > 0.5 && @.e__t__n[0][2] < 100000";
        check(
            Keep {
                reversed: true,
                ..range
            },
            &[inside],
        );
    }

    #[test]
    fn a_configuration_asks_for_the_attributes_it_needs() {
        let stream = MixerStream {
            name: "kept".to_owned(),
            documents: vec!["data/*.jsonl.gz".to_owned()],
            attributes: vec!["exp".to_owned()],
            thresholds: vec![
                threshold(Keep::between(1.0, 2.0)),
                threshold(Keep::between(3.0, 4.0)),
            ],
            output_path: "out".to_owned(),
            max_size_in_bytes: 1 << 30,
        };
        let config: Json = serde_json::from_str(&mixer_config(&[stream], 2)).unwrap();
        let filter = &config["streams"][0]["filter"];
        assert_eq!(
            filter["include"],
            json!(["$.attributes[?(@.e__t__n && @.e__t__n[0])]"])
        );
        assert_eq!(filter["exclude"].as_array().unwrap().len(), 4);
        assert_eq!(config["processes"], 2);
    }
}
