//! The reference page says what the operations say.

/// Fails with the command that mends it.
#[test]
fn the_reference_page_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        page == sluice_engine::reference::markdown(),
        "docs/operations.md is old; run: sluice ops --markdown > docs/operations.md"
    );
}
