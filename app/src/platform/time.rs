//! The clock and waiting.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::{GetValue, LocalStorage, SetValue, StoredValue, UpdateValue};

/// Milliseconds since 1970.
pub fn now_millis() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds since the page was opened, by the precise clock.
pub fn performance_millis() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// A seed nobody chose, for a new document. 53 bits, so that JSON keeps it.
pub fn random_seed() -> u64 {
    (js_sys::Math::random() * (1_u64 << 53) as f64) as u64
}

/// Runs the last of several calls that follow each other closely.
#[derive(Clone, Copy)]
pub struct Debounce {
    waiting: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    delay: Duration,
}

impl Debounce {
    pub fn new(delay_millis: u64) -> Self {
        Self {
            waiting: StoredValue::new_local(None),
            delay: Duration::from_millis(delay_millis),
        }
    }

    pub fn run(self, f: impl FnOnce() + 'static) {
        self.cancel();
        let waiting = self.waiting;
        let call = move || {
            waiting.set_value(None);
            f();
        };
        self.waiting
            .set_value(set_timeout_with_handle(call, self.delay).ok());
    }

    pub fn cancel(self) {
        self.waiting.update_value(|waiting| {
            if let Some(handle) = waiting.take() {
                handle.clear();
            }
        });
    }

    pub fn is_waiting(self) -> bool {
        self.waiting.get_value().is_some()
    }
}
