//! Numerics that every bench shares.
//!
//! # Contract
//!
//! Everything is a synchronous, pure function or an accumulator with `update` and `merge`,
//! so that a column can be worked through in slices and by several workers.
//! Unless an item says otherwise, its result is a function of the multiset of values alone:
//! it does not depend, to the last bit, on chunk size, order of chunks or order of merges.
//!
//! - **Missing values** never get here: the caller passes present values and counts the others.
//! - **Non-finite values** are counted apart (`n_nan`, `n_positive_infinity`,
//!   `n_negative_infinity`) and take no part in moments, quantiles and histograms.
//!   Results are never NaN; what is undefined (a variance of one value) is `None`.
//! - **Zeros**: −0 equals 0 everywhere.
//! - **Hashes** are specified and the same on every platform; nothing depends on the order
//!   of a hash map.
//! - **Transcendental functions** come from `libm`; clippy bans the platform's.

#![forbid(unsafe_code)]

pub mod association;
pub mod bits;
pub mod distinct;
pub mod duplicates;
mod error;
pub mod exact_sum;
pub mod hash;
pub mod histogram;
pub mod moments;
pub mod quantiles;
pub mod random;
pub mod text_stats;
pub mod top_values;

pub use error::Error;
