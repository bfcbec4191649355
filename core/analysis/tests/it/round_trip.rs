use proptest::prelude::*;
use sluice_analysis::{Analysis, Params, Value, link};

use crate::samples::{every_variant, nested, params, polygon, typical, with_param};
use crate::strategies;

/// Through both forms and back. Compared as debug text, in which NaN equals itself and −0 differs from 0.
fn check(analysis: &Analysis) {
    let expected = format!("{analysis:?}");
    let code = link::encode(analysis).unwrap();
    let from_code = link::decode(&code).unwrap();
    assert_eq!(
        format!("{from_code:?}"),
        expected,
        "the code gives back the document"
    );
    assert_eq!(
        link::encode(&from_code).unwrap(),
        code,
        "one document has one code"
    );

    let json = link::to_json(analysis).unwrap();
    let from_json = link::from_json(&json).unwrap();
    assert_eq!(
        format!("{from_json:?}"),
        expected,
        "the file gives back the document:\n{json}"
    );
    assert_eq!(
        link::to_json(&from_json).unwrap(),
        json,
        "one document has one file"
    );
}

#[test]
fn samples_come_back() {
    check(&Analysis::new(0));
    check(&typical());
    check(&every_variant());
    let mut analysis = Analysis::new(1);
    analysis.view.selection = polygon(&[(0.0, 1e-300), (-2.5, 1e300), (1.0 / 3.0, 7.0)]);
    check(&analysis);
}

proptest! {
    #[test]
    fn any_document_comes_back(analysis in strategies::analysis()) {
        check(&analysis);
    }
}

#[test]
fn a_link_is_read_with_and_without_its_address() {
    let analysis = typical();
    let code = link::encode(&analysis).unwrap();
    let fragment = link::to_fragment(&analysis).unwrap();
    assert_eq!(
        fragment,
        format!("#a={code}"),
        "a fragment is the code after #a="
    );
    for text in [
        code.clone(),
        fragment.clone(),
        format!("  {fragment}\n"),
        format!("https://example.org/sluice/{fragment}"),
        format!("http://localhost:8080/?v=1.2.3{fragment}"),
    ] {
        assert_eq!(link::decode(&text), Ok(analysis.clone()), "{text}");
    }
}

#[test]
fn nesting_comes_back_up_to_the_limit() {
    check(&with_param(nested(32)));
    let at_limit = (0..31).fold(Value::Float(f64::NAN), |inner, _| {
        Value::Map(params(&[("$float", inner)]))
    });
    check(&with_param(Value::List(vec![at_limit])));
}

/// The binary form of values must stay as the derived form of an enum with variants in this order.
#[test]
fn values_have_fixed_bytes() {
    let check = |value: Value, expected: &[u8]| {
        assert_eq!(postcard::to_stdvec(&value).unwrap(), expected, "{value:?}");
        assert_eq!(postcard::from_bytes::<Value>(expected), Ok(value));
    };
    check(Value::Null, &[0]);
    check(true.into(), &[1, 1]);
    check((-1).into(), &[2, 1]);
    check(1.0.into(), &[3, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    check("ab".into(), &[4, 2, b'a', b'b']);
    check(Value::List(vec![Value::Null, 1.into()]), &[5, 2, 0, 2, 2]);
    check(
        Value::Map(params(&[("k", Value::Null)])),
        &[6, 1, 1, b'k', 0],
    );
    check(Value::Map(Params::new()), &[6, 0]);
}

#[test]
fn values_are_plain_json() {
    let check = |value: Value, expected: &str| {
        assert_eq!(
            serde_json::to_string(&value).unwrap(),
            expected,
            "{value:?}"
        );
        assert_eq!(
            serde_json::from_str::<Value>(expected).unwrap(),
            value,
            "{expected}"
        );
    };
    check(Value::Null, "null");
    check(3.into(), "3");
    check(3.0.into(), "3.0");
    check(f64::NAN.into(), r#"{"$float":"NaN"}"#);
    check(f64::NEG_INFINITY.into(), r#"{"$float":"-Infinity"}"#);
    check(
        Value::Map(params(&[("$float", "NaN".into())])),
        r#"{"$$float":"NaN"}"#,
    );
    check(
        Value::Map(params(&[("$$float", 1.into())])),
        r#"{"$$$float":1}"#,
    );
    check(
        Value::Map(params(&[("$note", "x".into())])),
        r#"{"$note":"x"}"#,
    );
    let two = params(&[("$float", "NaN".into()), ("other", Value::Null)]);
    check(Value::Map(two), r#"{"$float":"NaN","other":null}"#);
}
