//! Where rows and columns stand, as plain arithmetic.

/// Height of a row.
pub const ROW_HEIGHT_PX: f64 = 28.0;

/// Browsers limit how tall an element may be (Firefox to about 17 million pixels); taller tables scroll to scale.
pub const MAX_SCROLL_PX: f64 = 8_000_000.0;

/// A person can make a column this narrow or wide.
pub const WIDTH_RANGE_PX: std::ops::RangeInclusive<u32> = 48..=1200;

/// How a table of `n_rows` maps to a scroll bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scroll {
    pub n_rows: u64,
    /// Height of the area in which rows show.
    pub viewport_px: f64,
}

impl Scroll {
    /// Height of all rows.
    pub fn content_px(self) -> f64 {
        self.n_rows as f64 * ROW_HEIGHT_PX
    }

    /// Height of the element that is scrolled.
    pub fn spacer_px(self) -> f64 {
        self.content_px().min(MAX_SCROLL_PX)
    }

    /// Whether a pixel of the scroll bar is more than a pixel of rows.
    pub fn is_scaled(self) -> bool {
        self.content_px() > MAX_SCROLL_PX
    }

    /// Largest offset of the rows.
    pub fn max_top_px(self) -> f64 {
        (self.content_px() - self.viewport_px).max(0.0)
    }

    /// Offset of the rows for a position of the scroll bar.
    pub fn top_of_bar(self, bar_px: f64) -> f64 {
        let max_bar_px = (self.spacer_px() - self.viewport_px).max(0.0);
        if max_bar_px == 0.0 {
            return 0.0;
        }
        (bar_px / max_bar_px * self.max_top_px()).clamp(0.0, self.max_top_px())
    }

    /// Position of the scroll bar for an offset of the rows.
    pub fn bar_of_top(self, top_px: f64) -> f64 {
        let max_top_px = self.max_top_px();
        if max_top_px == 0.0 {
            return 0.0;
        }
        top_px / max_top_px * (self.spacer_px() - self.viewport_px).max(0.0)
    }

    /// Rows at least partly visible at an offset: the first, and one past the last.
    pub fn visible_rows(self, top_px: f64) -> std::ops::Range<u64> {
        let first = (top_px / ROW_HEIGHT_PX).floor().max(0.0) as u64;
        let last = ((top_px + self.viewport_px) / ROW_HEIGHT_PX)
            .ceil()
            .max(0.0) as u64;
        first.min(self.n_rows)..last.min(self.n_rows)
    }

    /// The nearest offset at which `row` is wholly visible.
    pub fn top_to_show(self, row: u64, top_px: f64) -> f64 {
        let row_top_px = row as f64 * ROW_HEIGHT_PX;
        let lowest = (row_top_px + ROW_HEIGHT_PX - self.viewport_px).max(0.0);
        // The upper end comes last: in a viewport lower than a row, its top is shown.
        top_px
            .max(lowest)
            .min(row_top_px)
            .clamp(0.0, self.max_top_px())
    }
}

/// Columns from left to right: pinned ones first, which stay when the others scroll.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    pub widths_px: Vec<u32>,
    pub n_pinned: usize,
}

impl Columns {
    pub fn total_px(&self) -> f64 {
        self.widths_px.iter().map(|w| f64::from(*w)).sum()
    }

    pub fn pinned_px(&self) -> f64 {
        self.widths_px
            .iter()
            .take(self.n_pinned)
            .map(|w| f64::from(*w))
            .sum()
    }

    /// Left edge of a column in the unscrolled row.
    pub fn left_px(&self, column_idx: usize) -> f64 {
        self.widths_px
            .iter()
            .take(column_idx)
            .map(|w| f64::from(*w))
            .sum()
    }

    /// Unpinned columns at least partly visible between the pinned ones and the right edge.
    pub fn visible(&self, scroll_left_px: f64, viewport_px: f64) -> std::ops::Range<usize> {
        let from = scroll_left_px + self.pinned_px();
        let to = scroll_left_px + viewport_px;
        let mut left = self.pinned_px();
        let mut range: Option<std::ops::Range<usize>> = None;
        for (idx, width) in self.widths_px.iter().enumerate().skip(self.n_pinned) {
            let right = left + f64::from(*width);
            if right > from && left < to {
                let start = range.map_or(idx, |range| range.start);
                range = Some(start..idx + 1);
            }
            left = right;
        }
        range.unwrap_or(self.n_pinned..self.n_pinned)
    }

    /// The nearest horizontal offset at which a column is wholly visible.
    pub fn left_to_show(&self, column_idx: usize, scroll_left_px: f64, viewport_px: f64) -> f64 {
        let Some(width) = self.widths_px.get(column_idx) else {
            return scroll_left_px;
        };
        if column_idx < self.n_pinned {
            return scroll_left_px;
        }
        let left = self.left_px(column_idx);
        let lowest = left + f64::from(*width) - viewport_px;
        scroll_left_px
            .max(lowest)
            .min(left - self.pinned_px())
            .max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_tables_scroll_pixel_by_pixel() {
        let scroll = Scroll {
            n_rows: 1000,
            viewport_px: 560.0,
        };
        assert!(!scroll.is_scaled());
        assert_eq!(scroll.top_of_bar(123.0), 123.0);
        assert_eq!(scroll.visible_rows(28.0), 1..21);
    }

    #[test]
    fn the_last_row_of_ten_million_is_reached() {
        let scroll = Scroll {
            n_rows: 10_000_000,
            viewport_px: 560.0,
        };
        assert!(scroll.is_scaled());
        let bottom = scroll.top_of_bar(scroll.spacer_px() - scroll.viewport_px);
        assert_eq!(scroll.visible_rows(bottom).end, 10_000_000);
        let middle = scroll.top_of_bar(scroll.bar_of_top(140_000_000.0));
        assert!((middle - 140_000_000.0).abs() < 1e-3, "{middle}");
    }

    #[test]
    fn a_row_is_scrolled_to_by_the_shortest_way() {
        let scroll = Scroll {
            n_rows: 100,
            viewport_px: 280.0,
        };
        let p = |row, top| scroll.top_to_show(row, top);
        assert_eq!(p(5, 0.0), 0.0);
        assert_eq!(p(10, 0.0), 28.0);
        assert_eq!(p(0, 500.0), 0.0);
        assert_eq!(p(99, 0.0), 2520.0);
    }

    #[test]
    fn an_empty_table_has_nothing_to_scroll() {
        let scroll = Scroll {
            n_rows: 0,
            viewport_px: 280.0,
        };
        assert_eq!(scroll.top_of_bar(10.0), 0.0);
        assert_eq!(scroll.visible_rows(0.0), 0..0);
    }

    #[test]
    fn only_columns_in_sight_are_drawn() {
        let columns = Columns {
            widths_px: vec![100; 500],
            n_pinned: 1,
        };
        assert_eq!(columns.visible(0.0, 400.0), 1..4);
        assert_eq!(columns.visible(1000.0, 400.0), 11..14);
        assert_eq!(columns.left_to_show(20, 0.0, 400.0), 1700.0);
        assert_eq!(columns.left_to_show(3, 1000.0, 400.0), 200.0);
    }
}
