//! Native profiles equal the recorded ones; `app/tests/web.rs` holds the browser to the same file.

mod profiles;

#[test]
fn native_profiles_equal_the_recorded_ones() {
    let got = pollster::block_on(profiles::profiles());
    // `SLUICE_RECORD=1 cargo test -p sluice-engine --test recorded_profiles` after an intended change; read the diff.
    if std::env::var_os("SLUICE_RECORD").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/profiles/recorded.json");
        std::fs::write(path, serde_json::to_string_pretty(&got).unwrap() + "\n").unwrap();
        return;
    }
    let expected = serde_json::from_str(profiles::RECORDED).unwrap();
    assert_eq!(profiles::differences(&got, &expected), Vec::<String>::new());
}
