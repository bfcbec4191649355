//! One program for all tests of the document.

#[cfg(test)]
mod archived;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod history;
#[cfg(test)]
mod hostile;
#[cfg(test)]
#[path = "../../../../fuzz/properties/link_codec.rs"]
mod link_codec;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod strategies;
#[cfg(test)]
mod validation;
#[cfg(test)]
mod view;
