//! The engine's side of the browser: its worker's message loop, its host, its pool.

mod blob;
mod host;
mod pool;
mod serve;
mod turn;

pub use pool::serve_pool;
pub use serve::serve_engine;

/// Whether this worker was started by the engine's pool.
pub fn is_pool() -> bool {
    serve::scope().name() == "pool"
}
