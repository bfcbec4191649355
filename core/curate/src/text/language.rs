//! The language of a text, by the trigrams of its letters.

use std::borrow::Cow;

use whatlang::Info;

/// Bytes of each of the three places of a text that are looked at: about eighty words in all, which the trigrams of
/// seventy languages tell apart, at a cost that does not grow with the text.
const PLACE_BYTES: usize = 176;

/// The most likely language; `None` for a text without letters.
///
/// Texts longer than three places are judged by their beginning, middle and end, so that a foreign heading or footer
/// does not decide alone.
pub fn detected(text: &str) -> Option<Info> {
    whatlang::detect(&places(text))
}

/// Three-letter code (ISO 639-3) of the most likely language; `None` for a text without letters.
pub fn code_of(text: &str) -> Option<&'static str> {
    detected(text).map(|info| info.lang().code())
}

fn places(text: &str) -> Cow<'_, str> {
    if text.len() <= 3 * PLACE_BYTES {
        return Cow::Borrowed(text);
    }
    let part = |start: usize| {
        let from = text.floor_char_boundary(start);
        let to = text.floor_char_boundary(start + PLACE_BYTES);
        text.get(from..to).unwrap_or_default()
    };
    let middle = (text.len() - PLACE_BYTES) / 2;
    let last = text.len() - PLACE_BYTES;
    Cow::Owned([part(0), part(middle), part(last)].join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_judged_by_three_places() {
        let german = "Der Fluss trat nach dem langen Winter über die Ufer und niemand wusste Rat. \
                      Die Brücke blieb drei Tage gesperrt, weil das Wasser bis an die Bögen stand. \
                      Erst als der Wind drehte, konnten die Boote wieder zwischen den Dörfern fahren. \
                      Am Abend saßen alle in der Schule und erzählten, was sie gerettet hatten. ";
        let heading = "Accept all cookies and go on to the page that you were looking for. ";
        let text = format!("{heading}{}", german.repeat(10));
        assert_eq!(code_of(&text), Some("deu"));
        assert!(places(&text).len() <= 3 * PLACE_BYTES + 2);
        // A cut inside of a character moves to its beginning.
        assert_eq!(
            code_of(&"Никто не мог сказать, почему зима. ".repeat(30)),
            Some("rus")
        );
        assert_eq!(code_of("12 %"), None);
    }
}
