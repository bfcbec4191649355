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

/// What [`UnicodeFixer::fix`] needs, made once.
pub struct UnicodeFixer {
    form: Form,
    decoder: Decoder,
}

impl UnicodeFixer {
    /// A fixer that gives text in a normal form, NFC by default.
    ///
    /// # Errors
    ///
    /// None in practice: the patterns are fixed.
    pub fn new(form: Form) -> Result<Self, String> {
        let decoder = Decoder::new()?;
        Ok(Self { form, decoder })
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
            unescape &= !line.contains('<');
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
        while let Some(decoded) = self.decoder.decode(&text) {
            text = decoded;
        }
        let chars = map_chars(&text);
        let plain = without_terminal_escapes(&chars);
        let plain = plain.chars().filter(|c| !is_control(*c));
        match self.form {
            Form::Nfc => plain.nfc().collect(),
            Form::Nfd => plain.nfd().collect(),
            Form::Nfkc => plain.nfkc().collect(),
            Form::Nfkd => plain.nfkd().collect(),
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
fn map_chars(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\u{80}'..='\u{9f}' => windows_1252(c),
            c => c,
        };
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            '\u{2bc}' | '\u{2018}'..='\u{201b}' => out.push('\''),
            '\u{201c}'..='\u{201f}' => out.push('"'),
            '\u{3000}' => out.push(' '),
            // The ligature of long s keeps it.
            'ﬅ' => out.push_str("ſt"),
            'ŉ' => out.push_str("'n"),
            'Ĳ' | 'ĳ' | 'Ǆ'..='ǌ' | 'Ǳ'..='ǳ' | 'ﬀ'..='ﬆ' => {
                out.extend([c].into_iter().nfkc());
            }
            '\u{ff01}'..='\u{ffef}' => out.extend([c].into_iter().nfkc()),
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
}
