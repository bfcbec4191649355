//! Personal data behind masks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sluice_protocol::spec::OperationKind;

use super::declare::{Declared, map_with};
use crate::operator::{About, Fault};
use crate::text::personal_data::{Kind, mask};

/// Replaces e-mail and network addresses and numbers of telephones, cards, accounts and persons by masks such as
/// `[EMAIL]`. What is found is what `personal_data_filter` finds.
pub const MASK_PERSONAL_DATA_MAPPER: Declared<MaskPersonalDataParams> = Declared {
    about: || About {
        name: "mask_personal_data_mapper",
        title: "Mask personal data",
        summary: "Replaces addresses and numbers of persons by masks",
        kind: OperationKind::Map,
        source: "Sluice; ISO/IEC 7812 (Luhn), ISO 13616 (IBAN), RFC 4291, RFC 5321",
        dialects: &[],
    },
    foreign: &[],
    prepare: |params| {
        if params.kinds.is_empty() {
            return Err(Fault::new(
                "kinds",
                "nothing to mask; name at least one kind",
            ));
        }
        let masks: Vec<(Kind, String)> = params
            .kinds
            .iter()
            .map(|kind| {
                let kind = Kind::from(*kind);
                (kind, params.placeholder.replace("{kind}", kind.label()))
            })
            .collect();
        Ok(map_with(move |text| match mask(text, &masks) {
            Some(masked) => masked.into(),
            None => text.into(),
        }))
    },
};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MaskPersonalDataParams {
    /// What to mask.
    kinds: Vec<MaskedKind>,
    /// What to put in its place; `{kind}` becomes `EMAIL`, `PHONE`, `IP_ADDRESS`, `CARD`, `IBAN` or `SSN`.
    placeholder: String,
}

impl Default for MaskPersonalDataParams {
    fn default() -> Self {
        use MaskedKind::{Card, Email, Iban, IpAddress, Phone, SocialSecurity};
        Self {
            kinds: vec![Email, Phone, IpAddress, Card, Iban, SocialSecurity],
            placeholder: "[{kind}]".to_owned(),
        }
    }
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum MaskedKind {
    Email,
    Phone,
    IpAddress,
    Card,
    Iban,
    SocialSecurity,
}

impl From<MaskedKind> for Kind {
    fn from(kind: MaskedKind) -> Self {
        match kind {
            MaskedKind::Email => Self::Email,
            MaskedKind::Phone => Self::Phone,
            MaskedKind::IpAddress => Self::IpAddress,
            MaskedKind::Card => Self::Card,
            MaskedKind::Iban => Self::Iban,
            MaskedKind::SocialSecurity => Self::SocialSecurity,
        }
    }
}
