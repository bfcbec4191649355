//! Rows to a file.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sluice_analysis::{Ref, Selection};
use sluice_protocol::message::{Request, Response};

use super::AppState;
use crate::platform::{download, files};
use crate::{format, text};

/// Which rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    #[default]
    InView,
    Selected,
    All,
}

/// File endings that can be written, the last two without `.gz`.
pub const FORMATS: [(&str, &str); 5] = [
    ("csv", "CSV"),
    ("tsv", "TSV"),
    ("jsonl", "JSON lines"),
    ("parquet", "Parquet"),
    ("arrow", "Arrow"),
];

/// Whether the format is text, which gzip makes smaller.
pub fn is_text(format: &str) -> bool {
    matches!(format, "csv" | "tsv" | "jsonl")
}

impl AppState {
    pub fn export(self, table: Ref, rows: Rows, columns: Vec<String>, format: String) {
        let doc = self.doc.get_untracked();
        let view = &doc.view;
        let body = Request::Export {
            table,
            pills: if rows == Rows::InView {
                view.pills.clone()
            } else {
                Vec::new()
            },
            selection: if rows == Rows::Selected {
                view.selection.clone()
            } else {
                Selection::None
            },
            sort: doc
                .grid(table)
                .map(|grid| grid.sort.clone())
                .unwrap_or_default(),
            columns,
            format,
        };
        // Not a value of the dialog's: the dialog is gone before the first part comes.
        let parts = Rc::new(RefCell::new(Vec::<js_sys::Uint8Array>::new()));
        let collected = Rc::clone(&parts);
        let collect = move |part: Response| {
            if let Response::Bytes(bytes) = part {
                let bytes = js_sys::Uint8Array::from(bytes.as_slice());
                collected.borrow_mut().push(bytes);
            }
        };
        let asked = self
            .engine
            .ask_stream(Some(text::TASK_EXPORT.to_owned()), body, collect);
        spawn_local(async move {
            match asked.answer.await {
                Ok(Response::Exported {
                    rows,
                    bytes,
                    file_name,
                    media_type,
                }) => {
                    let blob = files::blob(&parts.borrow(), &media_type);
                    if blob.is_some_and(|blob| download::save(&blob, &file_name)) {
                        self.ui
                            .tell(text::exported(rows, &format::bytes(bytes), &file_name));
                    } else {
                        self.ui.warn(text::SAVE_REFUSED);
                    }
                }
                Ok(_) => {}
                Err(failure) => self.report(&failure),
            }
        });
    }

    /// Saves the document itself.
    pub fn save_document(self) {
        let doc = self.doc.get_untracked();
        let doc = self
            .sources
            .identities
            .with_untracked(|known| super::links::with_identities(&doc, known));
        match sluice_analysis::link::to_json(&doc) {
            Ok(json) => {
                let name = if doc.title.is_empty() {
                    text::APP_NAME
                } else {
                    &doc.title
                };
                let file_name = format!("{}{}", file_stem(name), super::sources::DOCUMENT_ENDING);
                let bytes = js_sys::Uint8Array::from(json.as_bytes());
                let blob = files::blob(&[bytes], "application/json");
                if !blob.is_some_and(|blob| download::save(&blob, &file_name)) {
                    self.ui.warn(text::SAVE_REFUSED);
                }
            }
            Err(error) => self.ui.warn(text::sentence(&error.to_string())),
        }
    }
}

/// A name that every file system takes.
fn file_stem(title: &str) -> String {
    let clean: String = title
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let clean = clean.trim_matches('-');
    if clean.is_empty() {
        "analysis".to_owned()
    } else {
        clean.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_file_names() {
        assert_eq!(
            file_stem("Census, 2014 against 2018"),
            "Census--2014-against-2018"
        );
        assert_eq!(file_stem("../../etc"), "etc");
        assert_eq!(file_stem("…"), "analysis");
    }
}
