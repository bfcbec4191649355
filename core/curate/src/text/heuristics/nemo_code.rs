//! NeMo Curator's scores of source code.
//!
//! Source: NeMo Curator at 1e2e4275 (`stages/text/filters/heuristic/code.py`), Apache-2.0; rules from StarCoder (Li et
//! al. 2023).

use super::html_text::visible_text;
use crate::text::python;

/// Share of letters. Kept from 0.25; `None` for an empty text.
pub fn alphabetic_share(text: &str) -> Option<f64> {
    let n_letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (!text.is_empty()).then(|| n_letters as f64 / python::len(text) as f64)
}

/// Whether `<?xml version=` stands within the first `n_chars` characters (100). Kept if not.
pub fn has_xml_header(text: &str, n_chars: usize) -> bool {
    let end = text
        .char_indices()
        .nth(n_chars)
        .map_or(text.len(), |(at, _)| at);
    text[..end].contains("<?xml version=")
}

/// One more than the number of `\n`. Kept from 10 to 20 000.
pub fn line_count(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count() + 1
}

/// Characters of the visible text of an HTML page over those of the page, 0 if there are fewer than `min_chars` (100).
/// Kept from 0.2; `None` for an empty page.
pub fn html_text_share(page: &str, min_chars: usize) -> Option<f64> {
    let n_visible = python::len(&visible_text(page));
    let share = if n_visible < min_chars {
        0.0
    } else {
        n_visible as f64 / python::len(page) as f64
    };
    (!page.is_empty()).then_some(share)
}
