//! The rule by which every Data-Juicer filter keeps a record for its value.

/// A range of values, and whether a filter keeps what is in it or what is not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keep {
    pub min: f64,
    pub max: f64,
    /// Whether `min` itself is in the range.
    pub min_closed: bool,
    /// Whether `max` itself is in the range.
    pub max_closed: bool,
    /// Keeps what is outside. The ends then belong to the kept side if they are closed.
    pub reversed: bool,
}

impl Keep {
    /// The closed range from `min` to `max`.
    pub fn between(min: f64, max: f64) -> Self {
        Self {
            min,
            max,
            min_closed: true,
            max_closed: true,
            reversed: false,
        }
    }

    /// `min ≤ value ≤ max`, each end with `<` where it is open. Reversed: both closednesses are inverted, then the
    /// result. NaN is in no range.
    ///
    /// Source: Data-Juicer `Filter.get_keep_boolean`.
    pub fn holds(&self, value: f64) -> bool {
        let above = if self.min_closed != self.reversed {
            value >= self.min
        } else {
            value > self.min
        };
        let below = if self.max_closed != self.reversed {
            value <= self.max
        } else {
            value < self.max
        };
        (above && below) != self.reversed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reversed_range_keeps_its_closed_ends() {
        let range = Keep::between(1.0, 2.0);
        assert!(range.holds(1.0) && range.holds(2.0) && !range.holds(2.1));
        let outside = Keep {
            reversed: true,
            ..range
        };
        assert!(outside.holds(1.0) && outside.holds(2.0) && !outside.holds(1.5));
        let open_outside = Keep {
            min_closed: false,
            ..outside
        };
        assert!(!open_outside.holds(1.0) && open_outside.holds(2.0));
    }
}
