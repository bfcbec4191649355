//! Parameters and defaults of other systems' operators: facts of their public interfaces, one line each.
//!
//! Read from the constructors of Data-Juicer 1.4.3, datatrove at a649de79 and NeMo Curator at 1e2e4275.

use sluice_analysis::Value;

use super::yaml;

/// The table of a system: name, module, then `parameter=default`, with tabs between.
#[derive(Clone, Copy)]
pub(crate) struct Signatures(&'static str);

pub(crate) const DATA_JUICER: Signatures = Signatures(include_str!("signatures/data_juicer.tsv"));
pub(crate) const DATATROVE: Signatures = Signatures(include_str!("signatures/datatrove.tsv"));
pub(crate) const NEMO_CURATOR: Signatures = Signatures(include_str!("signatures/nemo_curator.tsv"));

/// What an operator of another system takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    /// Where a program imports it from; empty where recipes name it alone.
    pub module: &'static str,
    pub params: Vec<(&'static str, Default)>,
}

/// What holds for a parameter that is left out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Default {
    Value(Value),
    /// The greatest or smallest number: no limit.
    Unlimited,
    /// It must be given, or its default is known only there.
    Unknown,
}

impl Signatures {
    pub fn find(self, name: &str) -> Option<Signature> {
        let line = self
            .0
            .lines()
            .find(|line| line.split('\t').next() == Some(name))?;
        let mut cells = line.split('\t').skip(1);
        let module = cells.next().unwrap_or_default();
        let params = cells
            .filter_map(|cell| cell.split_once('='))
            .map(|(name, literal)| (name, default(literal)));
        Some(Signature {
            module,
            params: params.collect(),
        })
    }
}

impl Signature {
    pub fn default(&self, param: &str) -> Option<&Default> {
        self.params
            .iter()
            .find(|(name, _)| *name == param)
            .map(|(_, default)| default)
    }
}

fn default(literal: &str) -> Default {
    match literal {
        "None" => Default::Value(Value::Null),
        "sys.maxsize" | "-sys.maxsize" => Default::Unlimited,
        "!" => Default::Unknown,
        _ if literal.starts_with(|first: char| first.is_ascii_uppercase())
            && literal.contains('_') =>
        {
            Default::Unknown
        }
        // Python's escapes of these literals are doubled backslashes only, and single quotes do not escape in YAML.
        _ => yaml::parse(&literal.replace("\\\\", "\\")).map_or(Default::Unknown, |document| {
            Default::Value(document.root.value())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read() {
        let length = DATA_JUICER.find("text_length_filter").unwrap();
        let limits = [
            ("min_len", Default::Value(Value::Int(10))),
            ("max_len", Default::Unlimited),
        ];
        assert_eq!(length.params, limits);
        let chunk = DATA_JUICER.find("text_chunk_mapper").unwrap();
        assert_eq!(
            chunk.default("split_pattern"),
            Some(&Default::Value(Value::from(r"\n\n")))
        );
        let words = DATA_JUICER.find("stopwords_filter").unwrap();
        assert_eq!(words.default("stopwords_dir"), Some(&Default::Unknown));
        assert_eq!(
            words.default("tokenization"),
            Some(&Default::Value(Value::Bool(false)))
        );
        let gopher = DATATROVE.find("GopherRepetitionFilter").unwrap();
        assert!(
            matches!(gopher.default("top_n_grams"), Some(Default::Value(Value::List(pairs))) if pairs.len() == 3)
        );
        assert!(
            NEMO_CURATOR
                .find("WordCountFilter")
                .unwrap()
                .module
                .ends_with("heuristic.string")
        );
        assert_eq!(DATA_JUICER.find("text_length"), None);
        for table in [DATA_JUICER, DATATROVE, NEMO_CURATOR] {
            for line in table.0.lines() {
                let name = line.split('\t').next().unwrap();
                assert!(table.find(name).is_some(), "{name}");
            }
        }
    }
}
