//! The front end and its workers. Every web-sys call of the page lives in [`platform`], of the engine in [`worker`].

#![forbid(unsafe_code)]

#[cfg(feature = "page")]
mod bench;
#[cfg(feature = "page")]
pub mod chart;
#[cfg(feature = "page")]
pub mod client;
#[cfg(feature = "page")]
mod commands;
#[cfg(feature = "page")]
mod dialogs;
#[cfg(feature = "page")]
mod form;
#[cfg(feature = "page")]
pub mod format;
#[cfg(feature = "page")]
pub mod grid;
#[cfg(feature = "page")]
mod inspector;
#[cfg(feature = "page")]
pub mod page;
#[cfg(feature = "page")]
mod panels;
#[cfg(feature = "page")]
pub mod platform;
#[cfg(feature = "page")]
mod recipe;
#[cfg(feature = "page")]
mod shell;
#[cfg(feature = "page")]
mod start;
#[cfg(feature = "page")]
mod state;
#[cfg(feature = "page")]
mod text;
#[cfg(feature = "engine")]
pub mod worker;

/// Names the build; page and engine refuse to talk to another build's other half.
pub fn build_id() -> String {
    env!("SLUICE_BUILD_ID").to_owned()
}
