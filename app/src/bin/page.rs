//! The page program.

fn main() {
    sluice_app::page::start();
}
