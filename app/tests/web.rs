//! The engine in the browser gives the profiles that it gives natively: integers equal, floats to 1e-9.

#![cfg(target_arch = "wasm32")]

#[path = "../../core/engine/tests/profiles/mod.rs"]
mod profiles;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
async fn profiles_equal_those_recorded_natively() {
    let got = profiles::profiles().await;
    let expected = serde_json::from_str(profiles::RECORDED).expect("the recorded file is JSON");
    assert_eq!(profiles::differences(&got, &expected), Vec::<String>::new());
}
