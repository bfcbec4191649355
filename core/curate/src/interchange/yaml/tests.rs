use sluice_analysis::Value;

use super::{Writer, parse, write_value};

#[test]
fn what_is_written_is_read_back() {
    let texts = [
        "en",
        "yes",
        "No",
        "y",
        "5e5",
        "1_000",
        "r'\\d+'",
        "a: b",
        "# no",
        "-",
        "",
        " blank ",
        "it's",
        "two\nlines",
        "tab\there",
        "\u{0}\u{7f}\u{85}\u{2028}\u{feff}\u{1f600}",
        "中文，标点",
        "'",
        "\"",
        "\\p{P}",
        "{a}",
        "[x",
        "*alias",
        "&anchor",
        "!tag",
        "%",
        "@",
        "`",
        "null",
        "~",
        "=",
        "<<",
        "2024-01-01",
        "key:",
        ":",
        "?",
        "a #b",
        "\u{202e}",
        "\u{fffe}",
    ];
    let mut values: Vec<Value> = texts.iter().map(|text| Value::from(*text)).collect();
    values.extend(
        [
            0.1,
            1.0,
            -0.0,
            1e-7,
            5e5,
            1e300,
            1.5e-300,
            f64::INFINITY,
            f64::NAN,
        ]
        .map(Value::Float),
    );
    values.extend([0, -1, i64::MAX, i64::MIN].map(Value::Int));
    values.extend([Value::Null, Value::Bool(true), Value::List(vec![])]);
    values.push(Value::Map([].into()));
    values.push(Value::List(vec![
        Value::Map(
            [
                ("a".to_owned(), Value::Int(1)),
                ("b".to_owned(), Value::List(vec![])),
            ]
            .into(),
        ),
        Value::List(values.clone()),
        Value::Map([].into()),
    ]));
    let mut fields: std::collections::BTreeMap<String, Value> = texts
        .iter()
        .map(|text| ((*text).to_owned(), Value::from(*text)))
        .collect();
    fields.insert("x".repeat(3000), Value::Int(1));
    values.push(Value::Map(fields));
    let mut writer = Writer::default();
    writer.entry(0, "all", &Value::List(values.clone()));
    writer.comment(0, "two\nlines");
    let document = parse(&writer.text).unwrap();
    let Value::Map(read) = document.root.value() else {
        panic!("{}", writer.text);
    };
    let Value::List(read) = &read["all"] else {
        panic!("{}", writer.text);
    };
    for (read, value) in read.iter().zip(&values) {
        assert_eq!(read, value, "{}", writer.text);
    }
    assert_eq!(read.len(), values.len());
}

#[test]
fn anchors_merges_and_repeated_keys_follow_yaml() {
    let text = "base: &b {lang: en, k: 1}\none:\n  <<: *b\n  k: 2\ntwo: *b\nk: 1\nk: 3\n";
    let document = parse(text).unwrap();
    let read = write_value(&document.root.value());
    assert_eq!(
        read,
        "{base: {k: 1, lang: en}, k: 3, one: {k: 2, lang: en}, two: {k: 1, lang: en}}"
    );
    assert_eq!(document.repeated_keys.len(), 1);
}

#[test]
fn bombs_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let item = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", [item.as_str(); 10].join(", "));
    }
    let mut deep = "a0: &a0 x\n".to_owned();
    for level in 1..500 {
        deep += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    let nested = "[".repeat(100_000);
    let block = "- ".repeat(100_000);
    let long = format!(
        "a: &a '{}'\nb: [{}]\n",
        "x".repeat(500_000),
        ["*a"; 50].join(", ")
    );
    for text in [bomb, deep, nested, block, long, "a: &a [*a]".to_owned()] {
        assert!(parse(&text).is_err(), "{}", &text[..20]);
    }
}
