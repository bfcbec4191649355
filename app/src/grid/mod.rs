//! The virtual grid: any number of rows and columns, of which only those in sight exist.

mod body;
pub mod cell;
mod header;
mod keys;
mod layout;
mod model;
mod view;

pub use model::{Focus, GridColumn, GridEvent, HeaderBars, Loader, RowRequest, SortMark};
pub use view::Grid;
