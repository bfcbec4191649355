#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sluice_table::read::fuzz_one(data));
