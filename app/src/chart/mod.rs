//! Charts: small ones are our own SVG, panels are drawn by ECharts; both from plain data.

mod echarts;
mod figure;
mod option;
mod small;
mod theme;

pub use figure::{FigureView, twin_table};
pub use small::SmallHistogram;
