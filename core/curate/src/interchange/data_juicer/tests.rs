use sluice_analysis::{Params, Value};

use super::read::read_with;
use super::write::{ray_command_with, write_with};
use crate::interchange::yaml::{Kind, Node, parse};
use crate::interchange::{InterchangeError, MAX_RECIPE_BYTES, RecipeOperator, fakes};

/// Operators and thresholds of the recipes that Data-Juicer 1.4.3 publishes.
const GALLERY: [(&str, usize); 7] = [
    (include_str!("../fixtures/redpajama-c4-refine.yaml"), 15),
    (
        include_str!("../fixtures/redpajama-cc-2019-30-refine.yaml"),
        17,
    ),
    (include_str!("../fixtures/redpajama-arxiv-refine.yaml"), 16),
    (include_str!("../fixtures/pile-freelaw-refine.yaml"), 18),
    (include_str!("../fixtures/alpaca-cot-en-refine.yaml"), 7),
    (include_str!("../fixtures/alpaca-cot-zh-refine.yaml"), 6),
    (include_str!("../fixtures/bloom-oscar.yaml"), 14),
];
const MANY_WAYS: &str = include_str!("../fixtures/many-ways.yaml");

fn steps(text: &str) -> Vec<Value> {
    let document = parse(text).unwrap();
    let Kind::Map(fields) = &document.root.kind else {
        panic!("{text}");
    };
    let process = fields.iter().find(|(key, _)| key == "process").unwrap();
    let Kind::List(steps) = &process.1.kind else {
        panic!("{text}");
    };
    steps.iter().map(Node::value).collect()
}

fn operator(name: &str, params: &[(&str, Value)]) -> RecipeOperator {
    RecipeOperator {
        name: name.to_owned(),
        params: params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        enabled: true,
        note: None,
    }
}

#[test]
fn published_recipes_survive_a_round_trip() {
    let registry = fakes::registry();
    for (text, n_operators) in GALLERY {
        let read = read_with(&registry, text).unwrap();
        assert_eq!((read.operators.len(), &read.issues), (n_operators, &vec![]));
        let written = write_with(&registry, &read.operators, &read.header);
        assert_eq!(written.untranslated, []);
        let again = read_with(&registry, &written.text).unwrap();
        assert_eq!(
            (&again.operators, &again.header),
            (&read.operators, &read.header)
        );
        let (before, after) = (steps(text), steps(&written.text));
        assert_eq!(before.len(), after.len());
        for (operator, (before, after)) in read.operators.iter().zip(before.iter().zip(&after)) {
            assert!(operator.enabled || operator.note.is_some());
            // What was not understood is the same to the letter.
            assert!(operator.enabled || before == after, "{before:?} {after:?}");
        }
    }
}

#[test]
fn everything_that_a_recipe_can_say_is_read() {
    let read = read_with(&fakes::registry(), MANY_WAYS).unwrap();
    let header = &read.header;
    assert_eq!(header["np"], Value::Int(16));
    assert_eq!(header["op_fusion"], Value::Bool(true));
    assert_eq!(header["keep_stats_in_res_ds"], Value::Bool(false));
    assert_eq!(header["export_path"], Value::from("kept/说.jsonl"));
    assert!(!header.contains_key("process"));
    let check = |index: usize, name: &str, enabled: bool, params: &[(&str, Value)]| {
        let expected = operator(name, params);
        let step = &read.operators[index];
        assert_eq!(
            (&step.name, step.enabled, &step.params),
            (&expected.name, enabled, &expected.params),
            "{index}"
        );
        assert_eq!(step.note.is_some(), !enabled);
    };
    let int = |value: i64| Value::Int(value);
    let column = ("column", Value::from("content"));
    check(0, "whitespace_normalization_mapper", false, &[]);
    check(1, "clean_links_mapper", false, &[]);
    // No limit, and a whole number for an integer.
    check(
        2,
        "words_num_filter",
        true,
        &[
            column.clone(),
            ("min_num", int(20)),
            ("max_num", Value::Null),
        ],
    );
    // `no` is a language here, a default that is not ours changes nothing, and an operator may read its own field.
    let params = [
        ("column", "title".into()),
        ("lang", "no".into()),
        ("min_num", int(20)),
        ("max_num", int(500_000)),
    ];
    check(3, "words_num_filter", true, &params);
    // What cannot be honoured stays as it is written.
    check(
        4,
        "words_num_filter",
        false,
        &[("tokenization", Value::Bool(true)), ("min_num", int(1000))],
    );
    check(
        5,
        "words_num_filter",
        false,
        &[("min_num", Value::Float(1.5))],
    );
    let params = [
        column.clone(),
        ("rep_len", int(10)),
        ("max_ratio", Value::Float(1e-3)),
        ("reversed_range", Value::Bool(true)),
    ];
    check(6, "character_repetition_filter", true, &params);
    let list = |items: &[&str]| Value::List(items.iter().map(|item| Value::from(*item)).collect());
    let params = [
        column.clone(),
        ("pattern", list(&["\\d+(?=px)"])),
        ("repl", "编号：".into()),
    ];
    check(7, "replace_content_mapper", true, &params);
    let params = [
        column.clone(),
        ("pattern", list(&["a\\b", "\\p{P}", "plain # text"])),
        ("repl", "".into()),
    ];
    check(8, "replace_content_mapper", true, &params);
    check(
        9,
        "document_deduplicator",
        true,
        &[column, ("lowercase", Value::Bool(true))],
    );
    assert!(read.operators[10..].iter().all(|step| !step.enabled));
    assert_eq!(
        read.operators[11].params["system_prompt"],
        Value::from("两行\n  indented: \"yes\"\n")
    );
    let [issue] = read.issues.as_slice() else {
        panic!("{:?}", read.issues);
    };
    assert_eq!(
        (issue.operator, issue.message.starts_with("num_proc")),
        (Some(3), true)
    );
}

#[test]
fn everything_that_a_recipe_can_say_is_written_back() {
    let registry = fakes::registry();
    let read = read_with(&registry, MANY_WAYS).unwrap();
    let written = write_with(&registry, &read.operators, &read.header);
    let again = read_with(&registry, &written.text).unwrap();
    let mut expected = read.operators.clone();
    // A limit that is none by default is not written.
    assert_eq!(expected[2].params.remove("max_num"), Some(Value::Null));
    assert_eq!(
        (&again.operators, &again.header),
        (&expected, &read.header),
        "{}",
        written.text
    );
}

#[test]
fn recipes_are_written_for_data_juicer() {
    let recipe = [
        operator(
            "words_num_filter",
            &[
                ("min_num", Value::Int(20)),
                ("max_num", Value::Null),
                ("column", "body".into()),
            ],
        ),
        operator(
            "character_repetition_filter",
            &[
                ("column", "body".into()),
                ("max_ratio", Value::Null),
                ("max_closed_interval", Value::Bool(false)),
            ],
        ),
        RecipeOperator {
            enabled: false,
            ..operator("words_num_filter", &[])
        },
        operator("gopher_filter", &[("min_doc_words", Value::Int(3))]),
        operator("words_num_filter", &[("sample", Value::Int(2))]),
        operator("made_up", &[]),
        operator("replace_content_mapper", &[("pattern", "a".into())]),
    ];
    let header = [
        ("np".to_owned(), Value::Int(2)),
        ("project_name".to_owned(), "mine".into()),
    ]
    .into();
    let written = write_with(&fakes::registry(), &recipe, &header);
    let expected = "\
project_name: mine
np: 2
text_keys: body

process:
  - words_num_filter:
      min_num: 20
  - character_repetition_filter:
      max_ratio: 9223372036854775807
      max_closed_interval: false
  # disabled
  # - words_num_filter:
  #     text_key: text
  # left out: Data-Juicer has no such operator
  # - gopher_filter:
  #     min_doc_words: 3
  # left out: words_num_filter of Data-Juicer has no sample
  # - words_num_filter:
  #     sample: 2
  # left out: there is no such operator
  # - made_up:
  # left out: its parameters do not fit: invalid type: string \"a\", expected a sequence
  # - replace_content_mapper:
  #     pattern: a
";
    assert_eq!(written.text, expected);
    let lost: Vec<_> = written.untranslated.iter().map(|lost| lost.index).collect();
    assert_eq!(lost, [3, 4, 5, 6]);
    let nothing = write_with(&fakes::registry(), &[], &Params::new());
    assert_eq!(nothing.text, "process: []\n");
}

/// Our operator of the same name gives other numbers: it is not run instead, and goes back as it came.
#[test]
fn a_name_alone_is_not_an_equal() {
    let registry = fakes::registry();
    let text = "process:\n  - ours_filter:\n      threshold: 1\n";
    let read = read_with(&registry, text).unwrap();
    assert!(!read.operators[0].enabled);
    assert_eq!(
        write_with(&registry, &read.operators, &read.header).text,
        text
    );
    let disabled = RecipeOperator {
        enabled: false,
        ..operator("ours_filter", &[])
    };
    let written = write_with(&registry, &[disabled], &Params::new());
    assert_eq!(
        written.text,
        "process: []\n  # disabled\n  # - ours_filter:\n"
    );
}

#[test]
fn ray_gets_what_it_runs() {
    let registry = fakes::registry();
    let header = [("project_name".to_owned(), Value::from("a'b\nEND_OF_RECIPE"))].into();
    let recipe = [
        operator("words_num_filter", &[]),
        operator("document_deduplicator", &[]),
    ];
    let command = ray_command_with(&registry, &recipe, &header).unwrap();
    let expected = "\
cat > recipe.yaml <<'END_OF_RECIPE'
project_name: \"a'b\\nEND_OF_RECIPE\"
executor_type: ray
ray_address: auto

process:
  - words_num_filter:
  - ray_document_deduplicator:
END_OF_RECIPE
dj-process --config recipe.yaml
";
    assert_eq!(command, expected);
    for name in [
        "gopher_filter",
        "document_simhash_deduplicator",
        "random_selector",
    ] {
        let recipe = [operator("words_num_filter", &[]), operator(name, &[])];
        let error = ray_command_with(&registry, &recipe, &header).unwrap_err();
        assert!(
            matches!(error, InterchangeError::Untranslated { index: 1, .. }),
            "{name}"
        );
    }
}

#[test]
fn mistakes_have_a_place_and_advice() {
    let check = |text: &str, place: Option<(usize, usize)>, part: &str| {
        let error = read_with(&fakes::registry(), text).unwrap_err();
        assert_eq!(error.place(), place, "{text}");
        assert!(
            error.to_string().contains(part) && !error.advice().is_empty(),
            "{error}"
        );
    };
    check("", Some((1, 1)), "mapping");
    check("- a", Some((1, 1)), "a list of 1");
    check("just text", Some((1, 1)), "just text");
    check("stages: []", Some((1, 1)), "NeMo");
    check("a: 1\nb: [1", Some((2, 4)), "unclosed bracket");
    check("process:\n  a: 1", Some((2, 3)), "a list of operators");
    check("process:\n  - 5", Some((2, 5)), "an operator");
    check(
        "process:\n  - a_filter: 5",
        Some((2, 15)),
        "parameters by name",
    );
    check(
        "process:\n  - a_filter:\n    min: 5",
        Some((2, 5)),
        "deeper",
    );
    check(
        "process: []\n---\nprocess: []",
        Some((2, 1)),
        "second document",
    );
    check(
        "process:\n  - !!python/object:os.system {}",
        Some((2, 5)),
        "tag",
    );
    check(&" ".repeat(MAX_RECIPE_BYTES + 1), None, "limit of 1000000");
    check(&format!("process: [{}]", "a,".repeat(4097)), None, "4097");
    assert!(
        read_with(&fakes::registry(), "np: 4")
            .unwrap()
            .operators
            .is_empty()
    );
    let twice = read_with(&fakes::registry(), "np: 4\nnp: 5\nprocess:").unwrap();
    assert_eq!(
        (twice.issues[0].line, &twice.header["np"]),
        (2, &Value::Int(5))
    );
}

#[test]
fn garbage_is_an_error_or_a_recipe() {
    let registry = fakes::registry();
    let mut state = 1_u64;
    let mut draw = |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let odd = [
        "[", "]", "{", "}", "&a ", "*a", "- ", ": ", "? ", "'", "\"", "|", ">", "#", "\n", "\t",
        "\0", "%", "!", "<<", "文",
    ];
    for _ in 0..3000 {
        let mut text: Vec<char> = MANY_WAYS.chars().collect();
        for _ in 0..=draw(6) {
            let at = draw(text.len());
            let until = (at + draw(9)).min(text.len());
            text.splice(at..until, odd[draw(odd.len())].chars());
        }
        let text: String = text.into_iter().collect();
        if let Ok(read) = read_with(&registry, &text) {
            let written = write_with(&registry, &read.operators, &read.header);
            let again = read_with(&registry, &written.text).unwrap();
            assert_eq!(again.operators.len(), read.operators.len(), "{text}");
        }
    }
}
