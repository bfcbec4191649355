//! Damaged characters mended.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, data_juicer, map_with};
use crate::operator::{About, Fault, Foreign};
use crate::text::mappers::unicode::{Fixes, Form, UnicodeFixer};

/// Mends text that was read in the wrong encoding, left-over HTML references, control characters and the like.
///
/// With the dialect `data-juicer` also what is only unusual: ligatures, full-width forms, curly quotation marks and line
/// ends become plain, and the text gets a normal form. With `datatrove` and `nemo` these stay unless asked for.
pub const FIX_UNICODE_MAPPER: Declared<FixUnicodeParams> = Declared {
    about: || About {
        name: "fix_unicode_mapper",
        title: "Mend characters",
        summary: "Mends text that was read in the wrong encoding",
        kind: OperationKind::Map,
        source: "Data-Juicer 1.4.3, fix_unicode_mapper; ftfy 6; datatrove 0.10.1, FTFYFormatter; NeMo Curator 1e2e4275, UnicodeReformatter",
        dialects: &["data-juicer", "datatrove", "nemo"],
    },
    foreign: &[
        data_juicer("fix_unicode_mapper"),
        Foreign {
            system: "datatrove",
            name: "FTFYFormatter",
            dialect: "datatrove",
        },
        Foreign {
            system: "nemo-curator",
            name: "UnicodeReformatter",
            dialect: "nemo",
        },
    ],
    prepare: |params| {
        let fixer = UnicodeFixer::of(params.fixes()).map_err(|reason| Fault::new("", reason))?;
        Ok(map_with(move |text| fixer.fix(text)))
    },
};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FixUnicodeParams {
    /// Whose defaults the settings below have.
    dialect: Dialect,
    /// Normal form of Unicode; not given, `data-juicer` has NFC and the others leave it.
    normalization: Option<NormalForm>,
    /// Turn HTML references into characters, also where tags stand in the text.
    #[schemars(extend("advanced" = true))]
    unescape_html: Option<Unescape>,
    /// Remove the codes that colour the text of terminals.
    #[schemars(extend("advanced" = true))]
    remove_terminal_escapes: Option<bool>,
    /// Mend text that was read in the wrong encoding.
    #[schemars(extend("advanced" = true))]
    fix_encoding: Option<bool>,
    /// Turn control characters that stand for characters of Windows into these.
    #[schemars(extend("advanced" = true))]
    fix_c1_controls: Option<bool>,
    /// Turn ligatures of letters into these.
    #[schemars(extend("advanced" = true))]
    fix_latin_ligatures: Option<bool>,
    /// Turn full-width and half-width characters into ordinary ones.
    #[schemars(extend("advanced" = true))]
    fix_character_width: Option<bool>,
    /// Turn curly quotation marks into straight ones.
    #[schemars(extend("advanced" = true))]
    uncurl_quotes: Option<bool>,
    /// Turn all kinds of line ends into line feeds.
    #[schemars(extend("advanced" = true))]
    fix_line_breaks: Option<bool>,
    /// Remove control characters.
    #[schemars(extend("advanced" = true))]
    remove_control_chars: Option<bool>,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Dialect {
    #[default]
    DataJuicer,
    Datatrove,
    Nemo,
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum NormalForm {
    #[serde(alias = "nfc")]
    Nfc,
    #[serde(alias = "nfd")]
    Nfd,
    #[serde(alias = "nfkc")]
    Nfkc,
    #[serde(alias = "nfkd")]
    Nfkd,
}

/// Always, never, or (`auto`) where no tag stood in the text so far.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Unescape {
    Always(bool),
    Auto(Auto),
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Auto {
    Auto,
}

impl FixUnicodeParams {
    fn fixes(&self) -> Fixes {
        let usual = match self.dialect {
            Dialect::DataJuicer => Fixes::all(Form::Nfc),
            Dialect::Datatrove | Dialect::Nemo => Fixes::broken_only(),
        };
        let form = self.normalization.map(|form| match form {
            NormalForm::Nfc => Form::Nfc,
            NormalForm::Nfd => Form::Nfd,
            NormalForm::Nfkc => Form::Nfkc,
            NormalForm::Nfkd => Form::Nfkd,
        });
        let or = |given: Option<bool>, usual: bool| given.unwrap_or(usual);
        Fixes {
            unescape_html: match self.unescape_html {
                Some(Unescape::Always(always)) => Some(always),
                Some(Unescape::Auto(Auto::Auto)) | None => usual.unescape_html,
            },
            remove_terminal_escapes: or(
                self.remove_terminal_escapes,
                usual.remove_terminal_escapes,
            ),
            fix_encoding: or(self.fix_encoding, usual.fix_encoding),
            fix_c1_controls: or(self.fix_c1_controls, usual.fix_c1_controls),
            fix_latin_ligatures: or(self.fix_latin_ligatures, usual.fix_latin_ligatures),
            fix_character_width: or(self.fix_character_width, usual.fix_character_width),
            uncurl_quotes: or(self.uncurl_quotes, usual.uncurl_quotes),
            fix_line_breaks: or(self.fix_line_breaks, usual.fix_line_breaks),
            remove_control_chars: or(self.remove_control_chars, usual.remove_control_chars),
            normalization: form.or(usual.normalization),
        }
    }
}
