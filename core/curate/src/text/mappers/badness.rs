//! Sequences of characters that wrongly decoded text has and other text hardly ever.
//!
//! Kinds of characters follow ftfy's description: which characters come up when UTF-8 is read in a single-byte encoding
//! and how each is otherwise used.

use regex::Regex;

/// What finds such sequences.
///
/// # Errors
///
/// None for the pattern as it stands.
///
/// # Source
///
/// Robyn Speer, ftfy 6, heuristic for mojibake.
pub fn badness() -> Result<Regex, String> {
    let symbols = format!("{ACCENTED}{BOX}{START}{END}{CURRENCY}{NUMERIC}¶§");
    let arabic = format!("{COMMON}{CURRENCY}{BAD}{NUMERIC}{START}ŸŠ®°µ»");
    let rules = [
        r"[\x80-\x9f]".to_owned(),
        format!("[{BAD}{symbols}][{BAD}]"),
        format!("[a-zA-Z][{LOWER_COMMON}{UPPER_COMMON}][{BAD}]"),
        format!("[{BAD}][{symbols}]"),
        format!("[{LOWER}{LOWER_COMMON}{BOX}{END}{CURRENCY}{NUMERIC}][{UPPER}]"),
        format!("[{BOX}{END}{CURRENCY}{NUMERIC}][{LOWER}]"),
        format!("[{LOWER}{BOX}{END}][{CURRENCY}]"),
        format!(r"\s[{UPPER}][{CURRENCY}]"),
        format!("[{UPPER}{BOX}][{NUMERIC}¶§]"),
        format!("[{ACCENTED}{BOX}{CURRENCY}{END}][{START}][{NUMERIC}]"),
        format!("[{ACCENTED}{CURRENCY}{NUMERIC}{BOX}¶§][{END}][{START}]"),
        format!("[{CURRENCY}{NUMERIC}{BOX}][{START}]"),
        format!("[a-z][{UPPER}][{START}{CURRENCY}]"),
        format!("[{BOX}][{KAOMOJI}]"),
        format!("[{ACCENTED}{CURRENCY}{NUMERIC}{START}{END}¶§][{BOX}]"),
        format!("[{BOX}][{END}]"),
        format!(r"[{ACCENTED}][{START}{END}]\w"),
        "[Œœ][^A-Za-z]".to_owned(),
        format!("[{UPPER}]°"),
        format!(r"[ÂÃÎÐ][€œŠš¢£Ÿž\xa0\xad®©°·»{START}{END}–—´]"),
        "×[²³]".to_owned(),
        format!("[ØÙ][{arabic}][ØÙ][{arabic}]"),
        "à[²µ¹¼½¾]".to_owned(),
        "√[±∂†≠®™´≤≥¥µø]".to_owned(),
        "≈[°¢]".to_owned(),
        "‚Ä[ìîïòôúùû†°¢π]".to_owned(),
        "‚[âó][àä°ê]".to_owned(),
        "вЂ".to_owned(),
        format!(r"[ВГРС][\x80-\x9f{BAD}{START}{END}{CURRENCY}°µ][ВГРС]"),
        "ГўВЂВ.[A-Za-z ]".to_owned(),
        r"Ã[\xa0¡]".to_owned(),
        r"[a-z]\s?[ÃÂ] ".to_owned(),
        "^[ÃÂ] ".to_owned(),
        format!("[a-z.,?!{END}]Â[ {START}{END}]"),
        r"β€[™\xa0Ά\xad®°]".to_owned(),
        format!(r"[ΒΓΞΟ][\x80-\x9f{BAD}{START}{END}{CURRENCY}°][ΒΓΞΟ]"),
        "ā€".to_owned(),
    ];
    Regex::new(&rules.join("|")).map_err(|error| error.to_string())
}

const COMMON: &str = r"\xa0\xad·´–—―…’";
const BAD: &str = "¦¤¨¬¯¶§¸ƒˆˇ˘˛˜†‡‰⌐◊\u{fffd}ªº";
const CURRENCY: &str = "¢£¥₧€";
const START: &str = "¡«¿©΄΅‘‚“„•‹\u{f8ff}";
const END: &str = "®»˝”›™";
const NUMERIC: &str = "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№";
const KAOMOJI: &str = "Ò-ÖÙ-Üò-öø-üŐ°";
const UPPER: &str = "À-ÑØÜÝĂĄĆČĎĐĘĚĞİĹĽŁŃŇŒŘŚŞŠŢŤŮŰŸŹŻŽҐ";
const LOWER: &str = "ßà-ñăąćčďđęěğĺľłœŕřśşšťůűźżžґﬁﬂ";
const ACCENTED: &str = "À-ÑØÜÝĂĄĆČĎĐĘĚĞİĹĽŁŃŇŒŘŚŞŠŢŤŮŰŸŹŻŽҐßà-ñăąćčďđęěğĺľłœŕřśşšťůűźżžґﬁﬂ";
const UPPER_COMMON: &str = "ÞΑ-ΩΆΈΉΊΌΎΏΪΫЀ-Я";
const LOWER_COMMON: &str = "α-ωάέήίΰа-џ";
const BOX: &str = "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrongly_decoded_text_is_found() {
        let bad = |text: &str| badness().map(|found| found.is_match(text));
        for text in ["âœ” No", "doesnâ€™t", "Ã©tÃ©", "Â©", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚"]
        {
            assert_eq!(bad(text), Ok(true), "{text}");
        }
        for text in [
            "été",
            "¿Cómo estás?",
            "Привет",
            "10 €",
            "Ça va",
            "№ 5",
            "œuvre",
        ] {
            assert_eq!(bad(text), Ok(false), "{text}");
        }
    }
}
