//! The splitter against `csv-core`, and where it says more.

use proptest::prelude::*;

use super::dialect::cell_text;
use super::split::{Dialect, Fields, ProblemKind, RECORD_MAX_BYTES, Shape, last_record_end, split};

fn ours(text: &str, dialect: &Dialect) -> Vec<Vec<String>> {
    let mut fields = Fields::default();
    let end = split(
        text.as_bytes(),
        0,
        dialect,
        Shape::Ragged,
        usize::MAX,
        true,
        &mut fields,
    );
    assert_eq!(end, text.len());
    (0..fields.n_rows)
        .map(|row| {
            fields
                .ragged_row(row)
                .iter()
                .map(|span| cell_text(*span, text, dialect))
                .collect()
        })
        .collect()
}

fn theirs(text: &str, dialect: &Dialect) -> Vec<Vec<String>> {
    let mut builder = csv_core::ReaderBuilder::new();
    builder
        .delimiter(dialect.delimiter)
        .comment(dialect.comment);
    match dialect.quote {
        Some(quote) => builder.quote(quote),
        None => builder.quoting(false),
    };
    let mut reader = builder.build();
    let (mut out, mut ends) = (vec![0; text.len() + 16], vec![0; text.len() + 16]);
    let mut rest = text.as_bytes();
    let mut records = Vec::new();
    // A record may come in parts: the input's end is told by an empty read.
    let (mut n_out, mut n_ends) = (0, 0);
    loop {
        let (result, n_in, n_written, n_fields) =
            reader.read_record(rest, &mut out[n_out..], &mut ends[n_ends..]);
        rest = &rest[n_in..];
        n_out += n_written;
        n_ends += n_fields;
        match result {
            csv_core::ReadRecordResult::Record => {
                let mut start = 0;
                let record = ends[..n_ends]
                    .iter()
                    .map(|end| {
                        let field = String::from_utf8(out[start..*end].to_vec()).unwrap();
                        start = *end;
                        field
                    })
                    .collect();
                records.push(record);
                (n_out, n_ends) = (0, 0);
            }
            csv_core::ReadRecordResult::InputEmpty => {}
            csv_core::ReadRecordResult::End => return records,
            full => panic!("{full:?}"),
        }
    }
}

/// An unclosed quote is where we differ by intent.
fn has_unclosed_quote(text: &str, dialect: &Dialect) -> bool {
    let mut fields = Fields::default();
    split(
        text.as_bytes(),
        0,
        dialect,
        Shape::Ragged,
        usize::MAX,
        true,
        &mut fields,
    );
    fields
        .problems
        .iter()
        .any(|problem| problem.kind == ProblemKind::UnclosedQuote)
}

#[test]
fn records_as_csv_core_splits_them() {
    let check = |text: &str, expected: &[&[&str]]| {
        assert_eq!(ours(text, &Dialect::COMMA), expected, "{text:?}");
        assert_eq!(theirs(text, &Dialect::COMMA), expected, "{text:?}");
    };
    check("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]);
    check("a,b\r\n1,2", &[&["a", "b"], &["1", "2"]]);
    check("a,b\r1,2\r", &[&["a", "b"], &["1", "2"]]);
    check("a,,\n", &[&["a", "", ""]]);
    check("\n\na\n\n", &[&["a"]]);
    check(",\n", &[&["", ""]]);
    check("\"a,b\",\"c\nd\"\n", &[&["a,b", "c\nd"]]);
    check("\"a\"\"b\"\n", &[&["a\"b"]]);
    check("\"\"\n", &[&[""]]);
    check("\"\"\"\"\n", &[&["\""]]);
    check("a\"b\",c\n", &[&["a\"b\"", "c"]]);
    check("\"a\"b,c\n", &[&["ab", "c"]]);
    check("\"a\"\"b\"c\"d,e\n", &[&["a\"bc\"d", "e"]]);
    check("", &[]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_splits_as_csv_core_splits_it(text in "[ab,;\"\r\n# é]{0,200}", quote in 0..2u8, comment in 0..2u8) {
        let dialect = Dialect {
            quote: (quote == 0).then_some(b'"'),
            comment: (comment == 0).then_some(b'#'),
            ..Dialect::COMMA
        };
        // A comment cut off by the end is an empty record for `csv-core`.
        let text = format!("{text}\n");
        // For `csv-core` only a line feed ends a comment, which makes one comment of a file with CR line ends.
        let has_lone_cr = dialect.comment.is_some() && text.replace("\r\n", "").contains('\r');
        if has_lone_cr || has_unclosed_quote(&text, &dialect) {
            return Ok(());
        }
        prop_assert_eq!(ours(&text, &dialect), theirs(&text, &dialect));
    }

    #[test]
    fn long_fields_split_as_csv_core_splits_them(parts in proptest::collection::vec("[a-z]{0,90}[,\n]|\"[a-z,\n]{0,90}\"[,\n]", 0..30)) {
        let text = parts.concat();
        prop_assert_eq!(ours(&text, &Dialect::COMMA), theirs(&text, &Dialect::COMMA));
    }

    #[test]
    fn pieces_give_the_records_of_the_whole(text in "[ab,\"\r\n#]{0,120}", cut in 0..120usize) {
        let dialect = Dialect { comment: Some(b'#'), ..Dialect::COMMA };
        if has_unclosed_quote(&text, &dialect) {
            return Ok(());
        }
        let cut = cut.min(text.len());
        let mut fields = Fields::default();
        let end = split(&text.as_bytes()[..cut], 0, &dialect, Shape::Ragged, usize::MAX, false, &mut fields);
        let mut pieces = ours(&text[..end], &dialect);
        prop_assert_eq!(pieces.len(), fields.n_rows);
        pieces.extend(ours(&text[end..], &dialect));
        prop_assert_eq!(pieces, ours(&text, &dialect));
    }

    #[test]
    fn a_text_can_be_parted_at_its_last_record_end(text in "[ab,\"\r\n ]{0,120}", cut in 0..120usize, trim in any::<bool>()) {
        let dialect = Dialect { trim, ..Dialect::COMMA };
        if has_unclosed_quote(&text, &dialect) {
            return Ok(());
        }
        let cut = cut.min(text.len());
        if let Some(end) = last_record_end(&text.as_bytes()[..cut], 0, &dialect) {
            prop_assert!(end <= cut && text[..end].ends_with('\n'));
            let mut parts = ours(&text[..end], &dialect);
            parts.extend(ours(&text[end..], &dialect));
            prop_assert_eq!(parts, ours(&text, &dialect));
        }
    }
}

#[test]
fn problems_name_the_record() {
    let check = |text: &str, expected: &[(usize, ProblemKind)]| {
        let mut fields = Fields::default();
        split(
            text.as_bytes(),
            0,
            &Dialect::COMMA,
            Shape::Columns(2),
            usize::MAX,
            true,
            &mut fields,
        );
        let got: Vec<_> = fields
            .problems
            .iter()
            .map(|p| (p.record_start, p.kind.clone()))
            .collect();
        assert_eq!(got, expected, "{text:?}");
        assert_eq!(fields.spans.len(), 2 * fields.n_rows, "{text:?}");
    };
    check("a,b\n", &[]);
    check("a\nb,c\n", &[(0, ProblemKind::TooFew { found: 1 })]);
    check(
        "a,b\nc,d,e,f\n",
        &[(
            4,
            ProblemKind::TooMany {
                found: 4,
                first: "e".to_owned(),
            },
        )],
    );
    // Empty fields beyond the last column lose nothing.
    check("a,b,\nc,d,,\n", &[]);
    check("a,\"b\n1,2\n", &[(0, ProblemKind::UnclosedQuote)]);
    check("a,\"b\"c\n", &[(0, ProblemKind::TextAfterQuote)]);
}

#[test]
fn a_record_without_end_is_cut_at_the_limit() {
    let text = "a".repeat(RECORD_MAX_BYTES + 10);
    let mut fields = Fields::default();
    let end = split(
        text.as_bytes(),
        0,
        &Dialect::COMMA,
        Shape::Ragged,
        usize::MAX,
        true,
        &mut fields,
    );
    assert_eq!((end, fields.n_rows), (text.len(), 2));
    assert_eq!(
        fields.ragged_row(0)[0].bytes(text.as_bytes()).len(),
        RECORD_MAX_BYTES
    );
    assert_eq!(fields.problems[0].kind, ProblemKind::TooLong);
}

#[test]
fn one_stray_quote_does_not_swallow_the_rest() {
    let text = format!("1,\"open\n{}", "2,x\n".repeat(RECORD_MAX_BYTES / 4 + 10));
    let mut fields = Fields::default();
    split(
        text.as_bytes(),
        0,
        &Dialect::COMMA,
        Shape::Columns(2),
        usize::MAX,
        false,
        &mut fields,
    );
    assert_eq!(fields.n_rows, RECORD_MAX_BYTES / 4 + 11);
    assert_eq!(fields.problems.len(), 1);
}

#[test]
fn spaces_around_delimiters_are_dropped_on_request() {
    let dialect = Dialect {
        trim: true,
        ..Dialect::COMMA
    };
    assert_eq!(ours("a, \"b, c\" , d\n", &dialect), [["a", "b, c", "d"]]);
}
