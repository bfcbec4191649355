use std::fs;
use std::path::Path;

/// What the fuzzer starts from is checked in every ordinary test run.
#[test]
fn fuzz_seeds_of_the_link_codec_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/link_codec");
    let mut n_seeds = 0;
    for entry in fs::read_dir(folder).unwrap() {
        crate::link_codec::check(&fs::read(entry.unwrap().path()).unwrap());
        n_seeds += 1;
    }
    assert!(n_seeds > 0, "there are seeds");
}
