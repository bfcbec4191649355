//! Texts that no Sluice wrote. None may panic, exhaust the stack or reserve memory that it does not fill.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use sluice_analysis::{
    Analysis, DocumentError, FileIdentity, Origin, Ref, Selection, SortKey, Value, link,
};

use crate::samples::{every_variant, nested, params, typical, with_param};

/// The code whose postcard bytes are these.
fn code_of(bytes: &[u8]) -> String {
    format!("1.{}", URL_SAFE_NO_PAD.encode(compress_to_vec(bytes, 1)))
}

fn bytes_of(analysis: &Analysis) -> Vec<u8> {
    postcard::to_stdvec(analysis).unwrap()
}

#[test]
fn other_texts_are_not_links() {
    for text in [
        "",
        " ",
        ".",
        "1",
        "a.b",
        "0.AA",
        "01.AA",
        "+1.AA",
        "-1.AA",
        "1 .AA",
        "99999999999.AA",
        "#a=",
        "#a=1",
        "#b=1.AA",
        "https://example.org/",
        "https://example.org/#a=",
        "é.é",
    ] {
        assert_eq!(link::decode(text), Err(DocumentError::NotALink), "{text}");
    }
    for (text, version) in [
        ("2.anything", 2),
        ("https://x.org/#a=4294967295.", u32::MAX),
    ] {
        assert_eq!(
            link::decode(text),
            Err(DocumentError::NewerVersion { version }),
            "{text}"
        );
    }
    for text in ["1.A", "1.AA=", "1.AB", "1.a b", "1.a+b"] {
        assert_eq!(link::decode(text), Err(DocumentError::Base64), "{text}");
    }
    for text in ["1.", "1._____w"] {
        assert_eq!(link::decode(text), Err(DocumentError::Deflate), "{text}");
    }
}

#[test]
fn a_truncated_link_is_refused() {
    let code = link::encode(&typical()).unwrap();
    for length in 0..code.len() {
        assert!(
            link::decode(&code[..length]).is_err(),
            "the first {length} characters"
        );
    }
    let bytes = bytes_of(&every_variant());
    for length in 0..bytes.len() {
        let result = link::decode(&code_of(&bytes[..length]));
        assert_eq!(
            result,
            Err(DocumentError::Decode),
            "the first {length} bytes"
        );
    }
}

#[test]
fn what_follows_a_document_is_refused() {
    let bytes = bytes_of(&typical());
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(link::decode(&code_of(&longer)), Err(DocumentError::Decode));
    let packed = [compress_to_vec(&bytes, 1), vec![0]].concat();
    let code = format!("1.{}", URL_SAFE_NO_PAD.encode(packed));
    assert_eq!(link::decode(&code), Err(DocumentError::Deflate));
}

#[test]
fn flipped_bits_never_panic() {
    let bytes = bytes_of(&every_variant());
    let packed = compress_to_vec(&bytes, 9);
    for bit in 0..packed.len() * 8 {
        let mut flipped = packed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let code = format!("1.{}", URL_SAFE_NO_PAD.encode(flipped));
        crate::link_codec::check(code.as_bytes());
    }
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        crate::link_codec::check(code_of(&flipped).as_bytes());
    }
}

#[test]
fn a_bomb_is_refused_while_it_unpacks() {
    let bomb = code_of(&vec![0; 64 << 20]);
    assert!(
        bomb.len() < link::MAX_CODE_BYTES,
        "{} characters",
        bomb.len()
    );
    let limit = link::MAX_DOCUMENT_BYTES;
    assert_eq!(link::decode(&bomb), Err(DocumentError::TooLarge { limit }));
}

#[test]
fn a_long_text_is_refused_unread() {
    let limit = link::MAX_CODE_BYTES;
    let code = format!("1.{}", "A".repeat(limit));
    let refused = Err(DocumentError::TooLong {
        length: limit + 2,
        limit,
    });
    assert_eq!(link::decode(&code), refused);
    assert_eq!(
        link::decode(&format!("https://example.org/#a={code}")),
        refused
    );

    let limit = link::MAX_DOCUMENT_BYTES;
    let refused = Err(DocumentError::TooLong {
        length: limit + 1,
        limit,
    });
    assert_eq!(link::from_json(&" ".repeat(limit + 1)), refused);
}

/// Each byte in turn is replaced by a length of 2^32 − 1 and of 2^64 − 1. If any were believed, reserving that much
/// would abort the test.
#[test]
fn a_claimed_length_reserves_nothing() {
    let bytes = bytes_of(&every_variant());
    for index in 0..bytes.len() {
        for length in [[0xff; 4].as_slice(), &[0xff; 9]] {
            let last = if length.len() == 4 { 0x0f } else { 0x01 };
            let hostile = [&bytes[..index], length, &[last], &bytes[index + 1..]].concat();
            crate::link_codec::check(code_of(&hostile).as_bytes());
        }
    }
}

/// A null takes a byte in a link and 32 in memory, a map of one field 4 and some 650, and deflate makes almost nothing
/// of their repetition. So they are counted while they are read.
#[test]
fn many_small_items_are_refused_while_reading() {
    let one_field = Value::Map(params(&[("", Value::Null)]));
    for (value, count) in [(Value::Null, 1 << 20), (one_field, 1 << 17)] {
        let analysis = with_param(Value::List(vec![value; count]));
        let code = code_of(&bytes_of(&analysis));
        assert!(code.len() < 1 << 14, "{} characters", code.len());
        assert_eq!(link::decode(&code), Err(DocumentError::Decode));
    }
    let json = link::to_json(&with_param("PLACE".into())).unwrap();
    let many = format!("[{}null]", "null,".repeat(1 << 20));
    let error = link::from_json(&json.replace("\"PLACE\"", &many)).unwrap_err();
    assert!(
        error.to_string().contains("too many parameter values"),
        "{error}"
    );

    // Other items have one limit together.
    let mut analysis = Analysis::new(1);
    let source = analysis.add_source("s", Origin::Files(Vec::new()), params(&[]));
    analysis.grid_mut(Ref::Source(source)).hidden = vec![String::new(); 3 << 20];
    assert_eq!(
        link::decode(&code_of(&bytes_of(&analysis))),
        Err(DocumentError::Decode)
    );
}

#[test]
fn deep_nesting_is_refused_without_recursion() {
    assert_eq!(
        link::encode(&with_param(nested(33))),
        Err(DocumentError::TooDeep { limit: 32 })
    );
    let code = code_of(&bytes_of(&with_param(nested(33))));
    assert_eq!(link::decode(&code), Err(DocumentError::Decode));

    // A source with the URL "" and the load option `x`: a list of one list of one list…
    let mut bytes = vec![0, 1, 1, 0, 3, 0, 1, 1, b'x'];
    bytes.extend([5, 1].repeat(1_000_000));
    assert_eq!(link::decode(&code_of(&bytes)), Err(DocumentError::Decode));

    let json = link::to_json(&with_param(Value::from("PLACE"))).unwrap();
    // The innermost brackets are empty and one less deep than there are.
    for depth in [34, 35, 100, 1_000_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let result = link::from_json(&json.replace("\"PLACE\"", &deep));
        let is_refused = matches!(
            result,
            Err(DocumentError::Json { .. } | DocumentError::TooDeep { .. })
        );
        assert!(is_refused, "{depth}: {result:?}");
    }
    assert!(
        link::decode(&link::encode(&typical()).unwrap()).is_ok(),
        "depth is counted afresh"
    );
}

/// The bound on reading must not refuse what `validate` accepts.
#[test]
fn the_largest_document_comes_back() {
    let mut analysis = Analysis::new(u64::MAX);
    analysis.next_id = 1 << 29;
    let file = FileIdentity {
        name: "n".repeat(200),
        size_bytes: u64::MAX,
        head_tail_blake3: Some(String::new()),
        blake3: Some(String::new()),
    };
    let origin = Origin::Files(vec![file; 10_000]);
    let source = analysis.add_source("s", origin, params(&[]));
    for _ in 1..256 {
        let url = Origin::Url { url: String::new() };
        analysis.add_source("s", url, params(&[]));
    }
    let mut input = Ref::Source(source);
    for _ in 0..4096 {
        let step = analysis.add_step("op", u32::MAX, params(&[]), vec![input; 4]);
        input = Ref::Step(step, 0);
    }
    for _ in 0..1024 {
        analysis.add_panel("kind", input, Some(input), params(&[]));
    }
    analysis.steps[0].params =
        params(&[("value", Value::List(vec![Value::Int(i64::MIN); 50_000 - 1]))]);
    let key = SortKey {
        column: "c".repeat(128),
        descending: true,
    };
    analysis.grid_mut(input).sort = vec![key; 32_768];
    let rows = u64::MAX - Selection::MAX_ROWS as u64..u64::MAX;
    analysis.view.selection = Selection::Rows(rows.collect());

    let code = link::encode(&analysis).unwrap();
    assert_eq!(link::decode(&code), Ok(analysis));
}

#[test]
fn a_damaged_file_is_refused_with_its_place() {
    let check = |text: &str, line: usize, column: usize, expected: &str| match link::from_json(text)
    {
        Err(DocumentError::Json {
            line: l,
            column: c,
            reason,
        }) => {
            assert_eq!((l, c), (line, column), "{text}: {reason}");
            assert!(reason.contains(expected), "{text}: {reason}");
        }
        other => panic!("{text}: {other:?}"),
    };
    check("", 1, 0, "EOF");
    check("[]", 1, 2, "a Sluice analysis file");
    check("{\n  \"analysis\": {}\n}", 3, 1, "missing field `sluice`");
    check("{\"sluice\": 0, \"analysis\": {}}", 0, 0, "version 0");
    check(
        "{\"sluice\": 1,\n \"analysis\": {\"titel\": \"\"}}",
        2,
        21,
        "unknown field `titel`",
    );
    check("{\"sluice\": 1, \"x\": 2}", 1, 17, "unknown field `x`");
    let newer = "{\"sluice\": 2, \"tables\": []}";
    assert_eq!(
        link::from_json(newer),
        Err(DocumentError::NewerVersion { version: 2 })
    );

    let json = link::to_json(&every_variant()).unwrap();
    for (end, _) in json.trim_end().char_indices() {
        assert!(
            link::from_json(&json[..end]).is_err(),
            "the first {end} bytes"
        );
    }
    assert!(
        link::from_json(&format!("{json}{{}}")).is_err(),
        "something follows the document"
    );
    let misspelt = json.replace("\"high\":", "\"hihg\":");
    assert!(
        link::from_json(&misspelt).is_err(),
        "a misspelt bound is not an open one"
    );
}
