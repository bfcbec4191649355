//! The engine worker's program. The same file serves pool workers, told apart by the worker's name.

fn main() {
    console_error_panic_hook::set_once();
    if sluice_app::worker::is_pool() {
        sluice_app::worker::serve_pool();
    } else {
        sluice_app::worker::serve_engine();
    }
}
