//! The address bar follows the document; links carry file hashes and the numbers that their author saw.

use std::collections::BTreeMap;

use leptos::prelude::*;
use sluice_analysis::{Analysis, FileIdentity, KeyNumber, Origin, SourceId, link};

use super::{AppState, Shared, local};
use crate::platform::time::Debounce;
use crate::platform::url;
use crate::text;

/// Longer documents stay out of the address bar and are kept in this browser.
pub const MAX_ADDRESS_BYTES: usize = 32 << 10;
/// Some programs cut longer links.
pub const LONG_LINK_BYTES: usize = 8 << 10;

const URL_DELAY_MILLIS: u64 = 200;

#[derive(Clone, Copy)]
pub struct LinkState {
    /// The address has not caught up with the document yet.
    pub is_pending: RwSignal<bool>,
    /// The document's name in this browser's storage.
    pub local_id: StoredValue<String>,
    delay: Debounce,
    /// Key numbers that came with the link, while they have not been compared.
    pub expected: RwSignal<Vec<KeyNumber>>,
    pub agreement: RwSignal<Option<Agreement>>,
}

/// How the numbers of a link compare with those computed here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    pub n_same: usize,
    /// Name, in the link, here.
    pub different: Vec<(String, f64, Option<f64>)>,
}

impl LinkState {
    pub fn new() -> Self {
        Self {
            is_pending: RwSignal::new(false),
            local_id: StoredValue::new(local::new_id()),
            delay: Debounce::new(URL_DELAY_MILLIS),
            expected: RwSignal::default(),
            agreement: RwSignal::new(None),
        }
    }
}

/// Compares by name, each number within its tolerance.
pub fn compare(expected: &[KeyNumber], found: &[KeyNumber]) -> Agreement {
    let mut agreement = Agreement::default();
    for number in expected {
        let here = found
            .iter()
            .find(|other| other.name == number.name)
            .map(|other| other.value);
        let is_same = here.is_some_and(|here| {
            let size = number.value.abs().max(here.abs());
            (number.value - here).abs() <= number.rel_tolerance * size
                || (number.value.is_nan() && here.is_nan())
        });
        if is_same {
            agreement.n_same += 1;
        } else {
            agreement
                .different
                .push((number.name.clone(), number.value, here));
        }
    }
    agreement
}

/// The document with the hashes of its files where they are known, as links carry it.
pub fn with_identities(doc: &Analysis, known: &BTreeMap<SourceId, Vec<FileIdentity>>) -> Analysis {
    let mut doc = doc.clone();
    for source in &mut doc.sources {
        let Origin::Files(files) = &mut source.origin else {
            continue;
        };
        let Some(found) = known
            .get(&source.id)
            .filter(|found| found.len() == files.len())
        else {
            continue;
        };
        for (file, found) in files.iter_mut().zip(found) {
            // A file of another size is not the one the document is about.
            if file.blake3.is_none() && file.size_bytes == found.size_bytes {
                file.clone_from(found);
            }
        }
    }
    doc
}

/// Whether there is anything in the document worth an address.
pub fn is_empty(doc: &Analysis) -> bool {
    doc.sources.is_empty() && doc.steps.is_empty() && doc.panels.is_empty() && doc.notes.is_empty()
}

/// The document named by an address fragment: a link, or one kept in this browser. `None` without either.
pub fn of_fragment(fragment: &str) -> Option<Result<Analysis, String>> {
    if fragment.starts_with("#a=") {
        return Some(link::decode(fragment).map_err(|error| text::sentence(&error.to_string())));
    }
    let id = fragment.strip_prefix("#d=")?;
    Some(local::load(id).ok_or_else(|| text::NOT_IN_THIS_BROWSER.to_owned()))
}

/// Keeps the address up with the document, and the document with the back button.
pub fn start(state: AppState) {
    let links = state.links;
    Effect::new(move |before: Option<Shared<Analysis>>| {
        let doc = state.doc.get();
        state.sources.identities.track();
        // The first state is where the tab came in, and hashes are no step of the person's.
        let is_step = before.is_some_and(|before| before != doc);
        links.is_pending.set(true);
        let written = doc.clone();
        links.delay.run(move || {
            write(state, &written, is_step);
            links.is_pending.set(false);
        });
        doc
    });
    url::on_navigate(move || match of_fragment(&url::fragment()) {
        Some(Ok(analysis)) => {
            let is_shown = state.sources.identities.with_untracked(|known| {
                with_identities(&state.doc.get_untracked(), known)
                    == with_identities(&analysis, known)
            });
            if !is_shown {
                state.travel_to(analysis);
            }
        }
        Some(Err(message)) => state.ui.warn(message),
        None if is_empty(&state.doc.get_untracked()) => {}
        None => state.travel_to(Analysis::new(crate::platform::time::random_seed())),
    });
}

fn write(state: AppState, doc: &Analysis, is_step: bool) {
    let title = if doc.title.is_empty() {
        text::APP_NAME.to_owned()
    } else {
        text::window_title(&doc.title)
    };
    url::set_title(&title);
    let id = state.links.local_id.get_value();
    let fragment = if is_empty(doc) {
        String::new()
    } else {
        let known = state.sources.identities.get_untracked();
        let doc = with_identities(doc, &known);
        let Ok(fragment) = link::to_fragment(&doc) else {
            return;
        };
        local::save(&id, &doc, &fragment);
        if fragment.len() <= MAX_ADDRESS_BYTES {
            fragment
        } else {
            format!("#d={id}")
        }
    };
    if fragment == url::fragment() {
        return;
    }
    if is_step {
        url::push(&fragment, &id);
    } else {
        url::replace(&fragment, &id);
    }
}

#[cfg(test)]
mod tests {
    use sluice_analysis::Params;

    use super::*;

    fn number(name: &str, value: f64, rel_tolerance: f64) -> KeyNumber {
        KeyNumber {
            name: name.to_owned(),
            value,
            rel_tolerance,
        }
    }

    #[test]
    fn numbers_agree_within_their_tolerance_and_missing_ones_do_not() {
        let expected = [
            number("rows", 10.0, 0.0),
            number("mean", 1.0, 1e-9),
            number("gone", 1.0, 1.0),
        ];
        let found = [number("mean", 1.0 + 1e-12, 1e-9), number("rows", 11.0, 0.0)];
        let agreement = compare(&expected, &found);
        assert_eq!(agreement.n_same, 1);
        assert_eq!(
            agreement.different,
            [
                ("rows".to_owned(), 10.0, Some(11.0)),
                ("gone".to_owned(), 1.0, None)
            ]
        );
    }

    #[test]
    fn hashes_are_filled_in_for_the_same_file_only() {
        let file = |size_bytes, blake3: Option<&str>| FileIdentity {
            name: "a".to_owned(),
            size_bytes,
            head_tail_blake3: None,
            blake3: blake3.map(str::to_owned),
        };
        let mut doc = Analysis::new(1);
        let id = doc.add_source("a", Origin::Files(vec![file(3, None)]), Params::new());
        let blake3 = |known: FileIdentity| match &with_identities(
            &doc,
            &BTreeMap::from([(id, vec![known])]),
        )
        .sources[0]
            .origin
        {
            Origin::Files(files) => files[0].blake3.clone(),
            _ => None,
        };
        assert_eq!(blake3(file(3, Some("aa"))).as_deref(), Some("aa"));
        assert_eq!(blake3(file(4, Some("aa"))), None);
    }

    #[test]
    fn other_fragments_name_no_document() {
        assert!(of_fragment("").is_none());
        assert!(of_fragment("#about").is_none());
        assert!(of_fragment("#a=1.!!").unwrap().is_err());
    }
}
