//! Parse → print → parse, for links and for files.

use sluice_analysis::{Analysis, DocumentError, link};

/// Panics if a text that can be read is not written and read again as the same document.
///
/// Documents are compared as printed, because a NaN does not equal itself.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for parsed in [link::decode(text), link::from_json(text)] {
        let Ok(analysis) = parsed else { continue };
        comes_back(&analysis, link::encode, link::decode);
        comes_back(&analysis, link::to_json, link::from_json);
    }
}

fn comes_back(
    analysis: &Analysis,
    print: impl Fn(&Analysis) -> Result<String, DocumentError>,
    parse: impl Fn(&str) -> Result<Analysis, DocumentError>,
) {
    let printed = match print(analysis) {
        Ok(printed) => printed,
        // The two forms have bounds of their own, so what one holds may be too long for the other.
        Err(DocumentError::TooLong { .. } | DocumentError::TooLarge { .. }) => return,
        Err(error) => panic!("what was read cannot be written: {error}"),
    };
    let again = match parse(&printed) {
        Ok(again) => again,
        Err(error) => panic!("what was written cannot be read: {error}"),
    };
    assert_eq!(
        print(&again),
        Ok(printed),
        "it is another document after a round trip"
    );
}
