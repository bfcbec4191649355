//! The language of a text.

/// Code points that are looked at: enough for a verdict, and bounded.
const LOOKED_AT_CHARS: usize = 1_000;

/// Three-letter code (ISO 639-3) of the most likely language; `None` for a text without letters.
pub fn code_of(text: &str) -> Option<&'static str> {
    let end = text
        .char_indices()
        .nth(LOOKED_AT_CHARS)
        .map_or(text.len(), |(end, _)| end);
    whatlang::detect_lang(text.get(..end)?).map(|language| language.code())
}
