//! The browser, as plain functions. Every web-sys call of the page lives here.

pub mod clipboard;
pub mod dialog;
pub mod download;
pub mod fetch;
pub mod files;
pub mod gpu;
pub mod keyboard;
pub mod media;
pub mod observer;
pub mod pointer;
pub mod storage;
pub mod time;
pub mod url;
pub mod worker;
