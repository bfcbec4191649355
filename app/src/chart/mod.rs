//! Charts: small ones are our own SVG, panels are drawn by ECharts; both from plain data.

mod echarts;
mod figure;
mod option;
mod small;
mod theme;

pub use figure::FigureView;
pub use small::SmallHistogram;
