//! What page and workers say to each other: [`message`]s, [`figure`]s, [`profile`]s, operation [`spec`]s.
//!
//! Plain data only: public fields, in the user's words, no behaviour beyond conversion.
//! **Invariant.** No polars, no browser: the page links this crate and must stay small.

#![forbid(unsafe_code)]

pub mod cells;
pub mod figure;
pub mod load;
pub mod message;
pub mod profile;
pub mod recipe;
pub mod spec;
