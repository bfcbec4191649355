//! Files that a person drops, pastes or picks, with the handle that can open them again where the browser has one.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry,
    FileSystemFileEntry, HtmlInputElement,
};

/// More files than this in one folder are more likely a mistake than an analysis.
const MAX_FILES: usize = 1_000;

/// A file, and what opens it again after a reload.
#[derive(Clone, Debug)]
pub struct PickedFile {
    pub file: File,
    /// A `FileSystemFileHandle`; `None` where the browser gives none.
    pub handle: Option<JsValue>,
}

impl From<File> for PickedFile {
    fn from(file: File) -> Self {
        Self { file, handle: None }
    }
}

/// Whether a drag carries files, as far as can be known before the drop.
pub fn carries_files(transfer: &DataTransfer) -> bool {
    transfer.types().includes(&"Files".into(), 0)
}

/// What a drop carries, taken out before its event ends and empties it.
pub enum Dropped {
    Entry(FileSystemEntry),
    File(File, Option<Promise>),
}

pub fn dropped(transfer: &DataTransfer) -> Vec<Dropped> {
    let items = transfer.items();
    let mut found = Vec::new();
    for index in 0..items.length() {
        let Some(item) = items.get(index).filter(|item| item.kind() == "file") else {
            continue;
        };
        let entry = item.webkit_get_as_entry().ok().flatten();
        match entry {
            Some(entry) if entry.is_directory() => found.push(Dropped::Entry(entry)),
            _ => {
                let handle = call(&item, "getAsFileSystemHandle").and_then(|p| p.dyn_into().ok());
                if let Ok(Some(file)) = item.get_as_file() {
                    found.push(Dropped::File(file, handle));
                }
            }
        }
    }
    found
}

/// The files of a drop, folders walked through and sorted by path.
pub async fn files_of(dropped: Vec<Dropped>) -> Vec<PickedFile> {
    let mut files = Vec::new();
    for item in dropped {
        match item {
            Dropped::Entry(entry) => walk(entry, &mut files).await,
            Dropped::File(file, promise) => {
                let handle = match promise {
                    Some(promise) => JsFuture::from(promise).await.ok(),
                    None => None,
                };
                files.push(PickedFile { file, handle });
            }
        }
    }
    files
}

async fn walk(root: FileSystemEntry, files: &mut Vec<PickedFile>) {
    let mut open = vec![root];
    let mut found: Vec<(String, File)> = Vec::new();
    while let Some(entry) = open.pop() {
        if found.len() >= MAX_FILES {
            break;
        }
        if let Some(directory) = entry.dyn_ref::<FileSystemDirectoryEntry>() {
            let reader = directory.create_reader();
            loop {
                // A reader gives a part at a time and ends with an empty one.
                let part =
                    from_callbacks(|done, _| reader.read_entries_with_callback(done).ok()).await;
                let part = part
                    .and_then(|part| part.dyn_into::<Array>().ok())
                    .unwrap_or_default();
                if part.length() == 0 {
                    break;
                }
                open.extend(part.iter().filter_map(|entry| entry.dyn_into().ok()));
            }
        } else if let Some(file_entry) = entry.dyn_ref::<FileSystemFileEntry>() {
            let file = from_callbacks(|done, _| {
                file_entry.file_with_callback(done);
                Some(())
            })
            .await;
            if let Some(file) = file.and_then(|file| file.dyn_into::<File>().ok())
                && !file.name().starts_with('.')
            {
                found.push((entry.full_path(), file));
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    files.extend(found.into_iter().map(|(_, file)| PickedFile::from(file)));
}

/// Turns a call that takes success and failure callbacks into a value; `None` on failure.
async fn from_callbacks(start: impl Fn(&Function, &Function) -> Option<()>) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        if start(&resolve, &reject).is_none() {
            reject.call0(&JsValue::NULL).ok();
        }
    });
    JsFuture::from(promise).await.ok()
}

/// The files of an `<input type=file>`; the input is emptied so that the same file can be picked again.
pub fn of_input(input: &HtmlInputElement) -> Vec<PickedFile> {
    let files = input.files().map(|list| of_list(&list)).unwrap_or_default();
    input.set_value("");
    files
}

/// The files of a paste or of an input.
pub fn of_list(list: &FileList) -> Vec<PickedFile> {
    (0..list.length())
        .filter_map(|index| list.get(index))
        .map(PickedFile::from)
        .collect()
}

/// Whether the browser has an open dialog that gives handles.
pub fn has_open_picker() -> bool {
    Reflect::has(&window(), &"showOpenFilePicker".into()).unwrap_or(false)
}

/// Opens the browser's dialog; empty when the person closed it.
pub async fn pick() -> Vec<PickedFile> {
    let options = js_sys::Object::new();
    Reflect::set(&options, &"multiple".into(), &JsValue::TRUE).ok();
    let promise = Reflect::get(&window(), &"showOpenFilePicker".into())
        .ok()
        .and_then(|f| f.dyn_into::<Function>().ok())
        .and_then(|f| f.call1(&window(), &options).ok())
        .and_then(|promise| promise.dyn_into::<Promise>().ok());
    let Some(promise) = promise else {
        return Vec::new();
    };
    let Ok(handles) = JsFuture::from(promise).await else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for handle in Array::from(&handles).iter() {
        if let Some(file) = file_of_handle(&handle).await {
            files.push(PickedFile {
                file,
                handle: Some(handle),
            });
        }
    }
    files
}

/// Reads the file behind a stored handle, asking for permission if the browser wants it asked.
/// Needs a click when permission has to be asked for.
pub async fn reopen(handle: &JsValue) -> Option<File> {
    if let Some(blob) = handle.dyn_ref::<File>() {
        return Some(blob.clone());
    }
    let mode = js_sys::Object::new();
    Reflect::set(&mode, &"mode".into(), &"read".into()).ok();
    let granted = match call1(handle, "requestPermission", &mode) {
        Some(promise) => JsFuture::from(Promise::from(promise))
            .await
            .ok()?
            .as_string()?,
        None => return None,
    };
    if granted != "granted" {
        return None;
    }
    file_of_handle(handle).await
}

async fn file_of_handle(handle: &JsValue) -> Option<File> {
    let promise = call(handle, "getFile")?.dyn_into::<Promise>().ok()?;
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// A file made of text, as if it had been dropped.
pub fn from_text(name: &str, text: &str) -> Option<File> {
    let parts = Array::of1(&JsValue::from_str(text));
    File::new_with_str_sequence(&parts, name).ok()
}

/// A file made of bytes.
pub fn from_bytes(name: &str, bytes: &[u8]) -> Option<File> {
    let parts = Array::of1(&js_sys::Uint8Array::from(bytes));
    File::new_with_u8_array_sequence(&parts, name).ok()
}

/// Makes one blob of parts that the engine sent.
pub fn blob(parts: &[js_sys::Uint8Array], media_type: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts: Array = parts.iter().collect();
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// A blob of text.
pub fn blob_of_text(text: &str, media_type: &str) -> Option<Blob> {
    let bytes = js_sys::Uint8Array::from(text.as_bytes());
    blob(&[bytes], media_type)
}

/// The whole text of a small file.
pub async fn text_of(file: &File) -> Option<String> {
    JsFuture::from(file.text()).await.ok()?.as_string()
}

fn call(target: &JsValue, method: &str) -> Option<JsValue> {
    let function = Reflect::get(target, &method.into())
        .ok()?
        .dyn_into::<Function>()
        .ok()?;
    function.call0(target).ok()
}

fn call1(target: &JsValue, method: &str, argument: &JsValue) -> Option<JsValue> {
    let function = Reflect::get(target, &method.into())
        .ok()?
        .dyn_into::<Function>()
        .ok()?;
    function.call1(target, argument).ok()
}

/// Files dropped before the page program had loaded; `boot.js` keeps them.
pub fn take_early() -> Vec<PickedFile> {
    let key = "__sluice_early_files".into();
    let held = Reflect::get(&window(), &key)
        .ok()
        .and_then(|held| held.dyn_into::<Array>().ok());
    Reflect::delete_property(&window(), &key).ok();
    let files = held.unwrap_or_default();
    files
        .iter()
        .filter_map(|file| file.dyn_into::<File>().ok())
        .map(PickedFile::from)
        .collect()
}
