#![no_main]

#[path = "../properties/link_codec.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
