//! The colours of the page, as the chart library needs them: read from the style sheet, never written twice.

use wasm_bindgen::JsCast as _;

/// Resolved CSS custom properties.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub ink: String,
    pub ink_secondary: String,
    pub ink_tertiary: String,
    pub line: String,
    pub panel: String,
    pub a: String,
    pub b: String,
    pub series: Vec<String>,
    pub sequential_low: String,
    pub sequential_high: String,
    pub font: String,
}

impl Theme {
    /// The theme in force now.
    pub fn current() -> Self {
        let style = web_sys::window().and_then(|window| {
            let root = window.document()?.document_element()?;
            window
                .get_computed_style(root.unchecked_ref())
                .ok()
                .flatten()
        });
        let value = |name: &str| {
            style
                .as_ref()
                .and_then(|style| style.get_property_value(name).ok())
                .map(|value| value.trim().to_owned())
                .unwrap_or_default()
        };
        Self {
            ink: value("--ink-1"),
            ink_secondary: value("--ink-2"),
            ink_tertiary: value("--ink-3"),
            line: value("--line"),
            panel: value("--panel"),
            a: value("--a"),
            b: value("--b"),
            series: (1..=8)
                .map(|idx| value(&format!("--series-{idx}")))
                .collect(),
            sequential_low: value("--sequential-low"),
            sequential_high: value("--sequential-high"),
            font: value("--font"),
        }
    }
}
