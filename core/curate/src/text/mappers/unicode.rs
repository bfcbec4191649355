//! Mending text that was decoded in the wrong encoding, and other slips of characters.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use super::html::reference;
use super::html_references::named;
use super::mojibake::Decoder;

/// A normal form of Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

/// Which slips are mended, by the names and in the order of ftfy's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixes {
    /// References of HTML; `None` where no `<` stands in this line or one before.
    pub unescape_html: Option<bool>,
    pub remove_terminal_escapes: bool,
    /// UTF-8 that was read in another encoding.
    pub fix_encoding: bool,
    pub fix_c1_controls: bool,
    pub fix_latin_ligatures: bool,
    pub fix_character_width: bool,
    pub uncurl_quotes: bool,
    pub fix_line_breaks: bool,
    pub remove_control_chars: bool,
    /// `None`: as it is.
    pub normalization: Option<Form>,
}

impl Fixes {
    /// Every mend, and a normal form: ftfy's defaults, with NFC.
    pub const fn all(form: Form) -> Self {
        Self {
            unescape_html: None,
            remove_terminal_escapes: true,
            fix_encoding: true,
            fix_c1_controls: true,
            fix_latin_ligatures: true,
            fix_character_width: true,
            uncurl_quotes: true,
            fix_line_breaks: true,
            remove_control_chars: true,
            normalization: Some(form),
        }
    }

    /// Mends what is broken and keeps what is only unusual (ligatures, widths, curly quotation marks, line ends, normal
    /// form): the defaults of NeMo Curator's `UnicodeReformatter` and datatrove's `FTFYFormatter`.
    pub const fn broken_only() -> Self {
        Self {
            fix_latin_ligatures: false,
            fix_character_width: false,
            uncurl_quotes: false,
            fix_line_breaks: false,
            normalization: None,
            ..Self::all(Form::Nfc)
        }
    }
}

/// What [`UnicodeFixer::fix`] needs, made once.
pub struct UnicodeFixer {
    fixes: Fixes,
    decoder: Decoder,
}

impl UnicodeFixer {
    /// A fixer that gives text in a normal form, NFC by default.
    ///
    /// # Errors
    ///
    /// None in practice: the patterns are fixed.
    pub fn new(form: Form) -> Result<Self, String> {
        Self::of(Fixes::all(form))
    }

    /// A fixer that mends some slips.
    ///
    /// # Errors
    ///
    /// None in practice: the patterns are fixed.
    pub fn of(fixes: Fixes) -> Result<Self, String> {
        let decoder = Decoder::new()?;
        Ok(Self { fixes, decoder })
    }

    /// Mends each line until it no longer changes.
    ///
    /// In order: references of HTML, unless a `<` stood in this line or one before; UTF-8 that was read in another
    /// encoding, where the text has sequences that speak for it and is UTF-8 when written in that encoding; C1 controls
    /// that are characters of Windows-1252; Latin ligatures; full- and half-width forms; curly quotation marks; line
    /// ends; terminal escapes; control characters; normal form. The empty text stays.
    ///
    /// Not mended: UTF-8 that lost bytes, CESU-8, and parts of lines that were read in another encoding than
    /// Windows-1252.
    ///
    /// # Source
    ///
    /// Data-Juicer 1.4.3, `fix_unicode_mapper`, by the description of ftfy 6 with its defaults.
    pub fn fix<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text
            .bytes()
            .all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~') && byte != b'&')
        {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut unescape = true;
        for line in text.split_inclusive('\n') {
            unescape = match self.fixes.unescape_html {
                Some(always) => always,
                None => unescape && !line.contains('<'),
            };
            let mut line = line.to_owned();
            loop {
                let fixed = self.fix_once(&line, unescape);
                if fixed == line {
                    break;
                }
                line = fixed;
            }
            out.push_str(&line);
        }
        Cow::Owned(out)
    }

    fn fix_once(&self, line: &str, unescape: bool) -> String {
        let mut text = match unescape && line.contains('&') {
            true => unescape_html(line),
            false => line.to_owned(),
        };
        if self.fixes.fix_encoding {
            while let Some(decoded) = self.decoder.decode(&text) {
                text = decoded;
            }
        }
        let chars = map_chars(&text, &self.fixes);
        let plain = match self.fixes.remove_terminal_escapes {
            true => without_terminal_escapes(&chars),
            false => Cow::Borrowed(chars.as_str()),
        };
        let removes_controls = self.fixes.remove_control_chars;
        let plain = plain
            .chars()
            .filter(|c| !(removes_controls && is_control(*c)));
        match self.fixes.normalization {
            None => plain.collect(),
            Some(Form::Nfc) => plain.nfc().collect(),
            Some(Form::Nfd) => plain.nfd().collect(),
            Some(Form::Nfkc) => plain.nfkc().collect(),
            Some(Form::Nfkd) => plain.nfkd().collect(),
        }
    }
}

/// References with their semicolon become characters; names of lower case also in upper case, for the upper case.
fn unescape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('&');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let name = part.strip_prefix('#').unwrap_or(part);
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let has_end = name[end..].starts_with(';') && (1..=24).contains(&end);
        let whole = &part[..part.len() - name.len() + end + usize::from(has_end)];
        let found = match reference(whole) {
            _ if !has_end => None,
            Some((text, "")) => Some(text),
            _ => {
                let lower = name[..end].to_ascii_lowercase();
                let upper = lower.to_ascii_uppercase() == name[..end];
                let found = named(&lower).filter(|_| upper && !part.starts_with('#'));
                found.map(|found| found.text.to_uppercase())
            }
        };
        match found {
            Some(text) => {
                out.push_str(&text);
                out.push_str(&part[whole.len()..]);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    out
}

/// C1 controls, ligatures, widths, quotation marks and line ends.
fn map_chars(text: &str, fixes: &Fixes) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\u{80}'..='\u{9f}' if fixes.fix_c1_controls => windows_1252(c),
            c => c,
        };
        match c {
            '\r' if fixes.fix_line_breaks => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' if fixes.fix_line_breaks => out.push('\n'),
            '\u{2bc}' | '\u{2018}'..='\u{201b}' if fixes.uncurl_quotes => out.push('\''),
            '\u{201c}'..='\u{201f}' if fixes.uncurl_quotes => out.push('"'),
            '\u{3000}' if fixes.fix_character_width => out.push(' '),
            // The ligature of long s keeps it.
            'ﬅ' if fixes.fix_latin_ligatures => out.push_str("ſt"),
            'ŉ' if fixes.fix_latin_ligatures => out.push_str("'n"),
            'Ĳ' | 'ĳ' | 'Ǆ'..='ǌ' | 'Ǳ'..='ǳ' | 'ﬀ'..='ﬆ' if fixes.fix_latin_ligatures => {
                out.extend([c].into_iter().nfkc());
            }
            '\u{ff01}'..='\u{ffef}' if fixes.fix_character_width => {
                out.extend([c].into_iter().nfkc())
            }
            c => out.push(c),
        }
    }
    out
}

/// The character of Windows-1252 that a C1 control stands for, or the control where there is none.
fn windows_1252(control: char) -> char {
    let number = u32::from(control);
    let whole = format!("#{number};");
    reference(&whole)
        .and_then(|(text, _)| text.chars().next())
        .unwrap_or(control)
}

/// Without the sequences `ESC [ digits and semicolons letter`.
fn without_terminal_escapes(text: &str) -> Cow<'_, str> {
    let start = "\u{1b}[";
    if !text.contains(start) {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split(start);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest =
            part.trim_start_matches(|c: char| c == ';' || crate::text::python::is_decimal(c));
        match rest.strip_prefix(|c: char| c.is_ascii_alphabetic()) {
            Some(rest) => out.push_str(rest),
            None => {
                out.push_str(start);
                out.push_str(part);
            }
        }
    }
    Cow::Owned(out)
}

/// Control characters that do nothing to text, and the mark of byte order.
fn is_control(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_mended_and_right_text_stays() {
        let check = |text: &str, expected: &str| {
            let fixed = UnicodeFixer::new(Form::Nfc).map(|fixer| fixer.fix(text).into_owned());
            assert_eq!(fixed.as_deref(), Ok(expected), "{text:?}");
        };
        check("Ã©tÃ© Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "été привет");
        check("été, “ça”", "été, \"ça\"");
        check("&lt;&NTILDE;&amp;lt; &copy &#39;", "<Ñ< &copy '");
        check("<b> &amp;", "<b> &amp;");
        check("ＡＢ　ｶﾞ ﬁ ǆ", "AB ガ fi dž");
        // A part of a line.
        check("“Itâ€™s” Ã©té", "\"It's\" été");
        // A space that was one byte of a letter.
        check("voilÃ  le travail", "voilà le travail");
        check("\u{1b}[31;1mred\u{1b}[0m\u{feff}\u{0}", "red");
        check("a\r\nb\rc\u{2028}", "a\nb\nc\n");
    }

    #[test]
    fn what_is_only_unusual_can_stay() {
        let fix = |fixes: Fixes, text: &str| {
            UnicodeFixer::of(fixes).map(|fixer| fixer.fix(text).into_owned())
        };
        let broken = Fixes::broken_only();
        assert_eq!(
            fix(broken, "Ã©tÃ© ﬁ Ａ\u{0}\r\ne\u{301} “&amp;”").as_deref(),
            Ok("été ﬁ Ａ\r\ne\u{301} “&”")
        );
        let straight = Fixes {
            uncurl_quotes: true,
            unescape_html: Some(true),
            ..broken
        };
        assert_eq!(fix(straight, "<b>’&gt;").as_deref(), Ok("<b>'>"));
    }
}
