//! The value lies between two bounds.

use sluice_protocol::load::ColumnType;

use crate::expr::calendar::MICROS_PER_DAY;
use crate::view::vector::{Data, Vector};

/// Bounds as the document has them: numbers as they are, times in microseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) high_inclusive: bool,
}

impl Bounds {
    /// For each value whether it is within; of missing ones it is unspecified. NaN is never within.
    /// `decimal_unit` is 10 to the power of a decimal column's places.
    pub(crate) fn contain(&self, vector: &Vector<'_>, decimal_unit: f64) -> Vec<bool> {
        match &vector.data {
            Data::Int(values) => {
                let per_value = match vector.column_type {
                    ColumnType::Date => MICROS_PER_DAY as f64,
                    _ => 1.0,
                };
                let (low, high) = self.whole(per_value);
                let low = i64::try_from(low.max(i128::from(i64::MIN)));
                let high = i64::try_from(high.min(i128::from(i64::MAX)));
                match (low, high) {
                    (Ok(low), Ok(high)) => values
                        .iter()
                        .map(|value| low <= *value && *value <= high)
                        .collect(),
                    // The range lies beyond what 64 bits hold.
                    _ => vec![false; values.len()],
                }
            }
            Data::Wide(values) if vector.column_type == ColumnType::Decimal => values
                .iter()
                .map(|value| self.holds(*value as f64 / decimal_unit))
                .collect(),
            Data::Wide(values) => {
                let (low, high) = self.whole(1.0);
                values
                    .iter()
                    .map(|value| low <= *value && *value <= high)
                    .collect()
            }
            Data::Float(values) => values.iter().map(|value| self.holds(*value)).collect(),
            Data::Bool(values) => values
                .iter()
                .map(|value| self.holds(f64::from(u8::from(*value))))
                .collect(),
            Data::Text(texts) => vec![false; texts.len()],
        }
    }

    #[inline]
    fn holds(&self, value: f64) -> bool {
        // A missing bound is infinite; written so that NaN fails, and any value passes an absent bound.
        let above = self.low.is_none_or(|low| low <= value);
        let below = self
            .high
            .is_none_or(|high| value < high || (self.high_inclusive && value == high));
        above && below && !value.is_nan()
    }

    /// The smallest and the largest integer within, in units of `per_value`: exact where
    /// floats would round a large integer.
    fn whole(&self, per_value: f64) -> (i128, i128) {
        if self.low.is_some_and(f64::is_nan) || self.high.is_some_and(f64::is_nan) {
            return (1, 0);
        }
        // The conversions saturate.
        let low = self
            .low
            .map_or(i128::MIN, |low| libm::ceil(low / per_value) as i128);
        let high = self.high.map_or(i128::MAX, |high| {
            let bound = high / per_value;
            let whole = libm::floor(bound) as i128;
            if libm::floor(bound) == bound && !self.high_inclusive {
                whole.saturating_sub(1)
            } else {
                whole
            }
        });
        (low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_exact() {
        let check = |low: Option<f64>,
                     high: Option<f64>,
                     high_inclusive: bool,
                     value: i64,
                     within: bool| {
            let bounds = Bounds {
                low,
                high,
                high_inclusive,
            };
            let ints = Vector {
                column_type: ColumnType::Integer,
                data: Data::Int(vec![value]),
                present: None,
            };
            assert_eq!(
                bounds.contain(&ints, 1.0),
                [within],
                "{value} in {bounds:?}"
            );
            if value.unsigned_abs() < 1 << 53 {
                let data = Data::Float(vec![value as f64]);
                let floats = Vector {
                    column_type: ColumnType::Float,
                    data,
                    present: None,
                };
                assert_eq!(
                    bounds.contain(&floats, 1.0),
                    [within],
                    "{value} in {bounds:?}"
                );
            }
        };
        check(Some(1.0), Some(3.0), false, 1, true);
        check(Some(1.0), Some(3.0), false, 3, false);
        check(Some(1.0), Some(3.0), true, 3, true);
        check(Some(1.5), Some(3.5), false, 1, false);
        check(Some(1.5), Some(3.5), false, 3, true);
        check(None, Some(0.0), false, i64::MIN, true);
        check(Some(f64::INFINITY), None, false, i64::MAX, false);
        check(Some(f64::NAN), None, false, 1, false);
        check(Some(9.3e18), None, false, i64::MAX, false);
        check(
            Some((1_u64 << 60) as f64),
            None,
            false,
            (1 << 60) - 1,
            false,
        );
    }

    #[test]
    fn dates_are_compared_at_midnight() {
        let day = MICROS_PER_DAY as f64;
        let within = |low: f64, high: f64| {
            let bounds = Bounds {
                low: Some(low),
                high: Some(high),
                high_inclusive: false,
            };
            let data = Data::Int(vec![10, 11, 12]);
            bounds.contain(
                &Vector {
                    column_type: ColumnType::Date,
                    data,
                    present: None,
                },
                1.0,
            )
        };
        assert_eq!(within(10.0 * day, 12.0 * day), [true, true, false]);
        assert_eq!(
            within(10.0 * day + 1.0, 12.0 * day + 1.0),
            [false, true, true]
        );
    }
}
