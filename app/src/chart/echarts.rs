//! The chart library, loaded when the first panel needs it. The only place that knows it.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, MutationObserver, MutationObserverInit};

use crate::format;
use crate::platform::worker::versioned;

#[wasm_bindgen(inline_js = "export const load_charts = (url) => import(url);")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn load_charts(url: &str) -> Result<Promise, JsValue>;
}

/// A drawn chart; dropping it frees the library's state.
pub struct Chart {
    instance: JsValue,
    /// Writes the numbers of axes as everywhere on the page.
    number: Closure<dyn Fn(f64) -> String>,
}

impl Chart {
    /// Loads the library if need be and prepares `element`.
    pub async fn attach(element: &HtmlElement) -> Result<Self, String> {
        let explain = |error: JsValue| {
            format!("the chart library could not be loaded ({error:?}); reload the page")
        };
        let module = JsFuture::from(load_charts(&versioned("echarts.js")).map_err(explain)?)
            .await
            .map_err(explain)?;
        let library = Reflect::get(&module, &"echarts".into()).map_err(explain)?;
        let init: Function = method(&library, "init").ok_or("the chart library has no “init”")?;
        let settings = js_sys::Object::new();
        Reflect::set(&settings, &"renderer".into(), &"svg".into()).ok();
        let instance = init
            .call3(&library, element, &JsValue::NULL, &settings)
            .map_err(explain)?;
        let number = Closure::<dyn Fn(f64) -> String>::new(format::number);
        Ok(Self { instance, number })
    }

    /// Draws, replacing what was drawn.
    pub fn draw(&self, option: &serde_json::Value) {
        if let (Some(set), Ok(option)) = (
            method(&self.instance, "setOption"),
            js_sys::JSON::parse(&option.to_string()),
        ) {
            for axis in ["xAxis", "yAxis"] {
                self.format_numbers(&property(&option, axis));
            }
            set.call2(&self.instance, &option, &JsValue::TRUE).ok();
        }
    }

    /// A function cannot be in the JSON that the rest of the option is.
    fn format_numbers(&self, axis: &JsValue) {
        let kind = property(axis, "type").as_string().unwrap_or_default();
        let label = property(axis, "axisLabel");
        if (kind == "value" || kind == "log") && label.is_object() {
            Reflect::set(&label, &"formatter".into(), self.number.as_ref()).ok();
        }
    }

    pub fn resize(&self) {
        self.call("resize");
    }

    fn call(&self, name: &str) {
        if let Some(function) = method(&self.instance, name) {
            function.call0(&self.instance).ok();
        }
    }
}

impl Drop for Chart {
    fn drop(&mut self) {
        self.call("dispose");
    }
}

/// Watches the page's theme until dropped.
pub struct ThemeObserver {
    observer: MutationObserver,
    _callback: Closure<dyn FnMut()>,
}

impl ThemeObserver {
    pub fn new(on_change: impl FnMut() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(on_change);
        let observer = MutationObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        let settings = MutationObserverInit::new();
        settings.set_attributes(true);
        settings.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        let root = web_sys::window()?.document()?.document_element()?;
        observer.observe_with_options(&root, &settings).ok()?;
        Some(Self {
            observer,
            _callback: callback,
        })
    }
}

impl Drop for ThemeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Undefined where there is none, also of what is no object.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}
