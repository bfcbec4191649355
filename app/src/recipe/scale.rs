//! Where values stand on the axis of a histogram, and what a handle there means.

use sluice_protocol::recipe::MeasureOverview;

/// A number line from end to end, even in `ln(1 + x)` if `is_log`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    pub from: f64,
    pub to: f64,
    pub is_log: bool,
}

impl Axis {
    /// `None` where there is nothing to draw.
    pub fn of(measure: &MeasureOverview) -> Option<Self> {
        let axis = Self {
            from: measure.from,
            to: measure.to,
            is_log: measure.is_log,
        };
        let is_drawn = axis.from.is_finite() && axis.to.is_finite() && !measure.n_all.is_empty();
        is_drawn.then_some(axis)
    }

    /// Place of a value, 0 at the left end and 1 at the right one; what is beyond an end stands there.
    pub fn share(self, value: f64) -> f64 {
        let (low, high) = (self.scaled(self.from), self.scaled(self.to));
        let share = (self.scaled(value) - low) / (high - low);
        if share.is_nan() {
            return 0.0;
        }
        share.clamp(0.0, 1.0)
    }

    /// The value at a place.
    pub fn value(self, share: f64) -> f64 {
        if share <= 0.0 {
            return self.from;
        }
        if share >= 1.0 {
            return self.to;
        }
        let (low, high) = (self.scaled(self.from), self.scaled(self.to));
        let scaled = low + share * (high - low);
        if self.is_log {
            scaled.signum() * scaled.abs().exp_m1()
        } else {
            scaled
        }
    }

    /// The value at a place without digits that a hand cannot mean: a hair's breadth there is worth one unit of
    /// the last digit.
    pub fn rounded(self, share: f64, is_whole: bool) -> f64 {
        const HAIR: f64 = 1.0 / 200.0;
        let value = self.value(share);
        let breadth = (self.value(share + HAIR) - self.value(share - HAIR)).abs() / 2.0;
        let rounded = round_to(value, breadth);
        if is_whole { rounded.round() } else { rounded }
    }

    /// The value `n` small steps further, as arrow keys go; a whole number moves by one at least.
    pub fn stepped(self, value: f64, n: f64, is_whole: bool) -> f64 {
        const STEP: f64 = 1.0 / 100.0;
        let moved = self.rounded(self.share(value) + n * STEP, is_whole);
        if is_whole && (moved - value).abs() < 1.0 {
            return (value + n.signum()).clamp(self.from.floor(), self.to.ceil());
        }
        moved
    }

    fn scaled(self, x: f64) -> f64 {
        // Values below 0 mirror those above, so that every finite axis has places for all its values.
        if self.is_log {
            x.signum() * x.abs().ln_1p()
        } else {
            x
        }
    }
}

/// Rounds to the power of ten below `unit`.
fn round_to(x: f64, unit: f64) -> f64 {
    if !(unit > 0.0 && unit.is_finite()) {
        return x;
    }
    let decimals = -unit.log10().floor();
    let factor = 10_f64.powf(decimals.abs());
    if decimals >= 0.0 {
        (x * factor).round() / factor
    } else {
        (x / factor).round() * factor
    }
}

/// A part of a bar between two places of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub from: f64,
    pub to: f64,
    pub is_kept: bool,
}

/// Cuts bar `idx` of `n_bars` where limits are. Infinite limits keep everything on their side; `is_reversed` keeps
/// what is outside.
pub fn parts(
    axis: Axis,
    idx: usize,
    n_bars: usize,
    limits: (f64, f64),
    is_reversed: bool,
) -> Vec<Part> {
    let n = n_bars.max(1) as f64;
    let (from, to) = (idx as f64 / n, (idx + 1) as f64 / n);
    let low = if limits.0 == f64::NEG_INFINITY {
        0.0
    } else {
        axis.share(limits.0)
    };
    let high = if limits.1 == f64::INFINITY {
        1.0
    } else {
        axis.share(limits.1)
    };
    // Beyond the axis there are no rows, so a limit there keeps or drops everything.
    let is_all_out = limits.0 > axis.to || limits.1 < axis.from;
    let (low, high) = if is_all_out { (1.0, 0.0) } else { (low, high) };
    let ends = [from, low.clamp(from, to), high.clamp(from, to), to];
    let is_inside = [false, true, false];
    let mut found: Vec<Part> = Vec::new();
    if low > high {
        return vec![Part {
            from,
            to,
            is_kept: is_reversed,
        }];
    }
    for (pair, is_inside) in ends.windows(2).zip(is_inside) {
        if pair[1] > pair[0] {
            found.push(Part {
                from: pair[0],
                to: pair[1],
                is_kept: is_inside != is_reversed,
            });
        }
    }
    found
}

/// Height of a bar of `n` rows, as a share of the highest; what holds something can be seen.
pub fn height(n: u32, highest: u32) -> f64 {
    if n == 0 || highest == 0 {
        0.0
    } else {
        (f64::from(n) / f64::from(highest)).max(0.012)
    }
}

/// Round values for at most five marks below the axis.
pub fn ticks(axis: Axis) -> Vec<f64> {
    if axis.from >= axis.to {
        return vec![axis.from];
    }
    let mut found: Vec<f64> = if axis.is_log {
        let powers = (0..16).map(|power| 10_f64.powi(power));
        std::iter::once(0.0).chain(powers).collect()
    } else {
        let step = nice_step((axis.to - axis.from) / 4.0);
        let first = (axis.from / step).ceil();
        (0..8).map(|i| (first + f64::from(i)) * step).collect()
    };
    found.retain(|x| axis.from <= *x && *x <= axis.to);
    // Every other one, from the right, until there is room.
    while found.len() > 5 {
        let mut keep = found.len().is_multiple_of(2);
        found.retain(|_| {
            keep = !keep;
            keep
        });
    }
    found
}

/// 1, 2 or 5 times a power of ten, at least `x`.
fn nice_step(x: f64) -> f64 {
    let power = 10_f64.powf(x.log10().floor());
    let times = [1.0, 2.0, 5.0, 10.0];
    times
        .into_iter()
        .map(|times| times * power)
        .find(|step| *step >= x * (1.0 - 1e-9))
        .unwrap_or(power * 10.0)
}

/// Limits three standard deviations around the mean: the rule by which Data-Juicer's analyser proposes thresholds.
/// Shares stay from 0 to 1, and what is never negative stays at 0 or above.
pub fn three_deviations(measure: &MeasureOverview, is_whole: bool) -> Option<(f64, f64)> {
    let (mean, deviation) = (measure.mean, measure.deviation);
    if !(mean.is_finite() && deviation.is_finite()) {
        return None;
    }
    let mut low = mean - 3.0 * deviation;
    let mut high = mean + 3.0 * deviation;
    if measure.unit == "share" {
        (low, high) = (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0));
    } else if measure.min >= 0.0 {
        low = low.max(0.0);
    }
    let tidy = |x: f64| {
        if is_whole {
            x.round()
        } else {
            round_to(x, deviation / 100.0)
        }
    };
    Some((tidy(low), tidy(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: Axis = Axis {
        from: 0.0,
        to: 10.0,
        is_log: false,
    };
    const LOG: Axis = Axis {
        from: 0.0,
        to: 99_999.0,
        is_log: true,
    };

    #[track_caller]
    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{a} {b}");
    }

    #[test]
    fn places_and_values_are_inverse() {
        for axis in [EVEN, LOG, Axis { from: -5.0, ..LOG }] {
            for share in [0.0, 0.1, 0.5, 0.93, 1.0] {
                close(axis.share(axis.value(share)), share);
            }
        }
        close(EVEN.share(2.5), 0.25);
        // ln(1 + 9) is a fifth of ln(1 + 99 999).
        close(LOG.share(9.0), 0.2);
        close(LOG.value(0.4), 99.0);
    }

    #[test]
    fn what_is_beyond_an_end_stands_at_it() {
        assert_eq!(EVEN.share(-3.0), 0.0);
        assert_eq!(EVEN.share(f64::INFINITY), 1.0);
        assert_eq!(EVEN.share(f64::NEG_INFINITY), 0.0);
        assert_eq!(EVEN.value(1.7), 10.0);
        let point = Axis {
            from: 3.0,
            to: 3.0,
            is_log: false,
        };
        assert_eq!(point.share(3.0), 0.0);
    }

    #[test]
    fn dragging_gives_values_a_person_would_write() {
        close(EVEN.rounded(0.234_567, false), 2.35);
        assert_eq!(EVEN.rounded(0.234_567, true), 2.0);
        assert_eq!(LOG.rounded(0.5, true), 320.0);
        let shares = Axis {
            from: 0.0,
            to: 1.0,
            is_log: false,
        };
        close(shares.rounded(0.198_7, false), 0.199);
    }

    #[test]
    fn keys_move_whole_numbers_by_one_at_least() {
        assert_eq!(LOG.stepped(1.0, 1.0, true), 2.0);
        assert_eq!(LOG.stepped(1.0, -1.0, true), 0.0);
        assert_eq!(LOG.stepped(0.0, -1.0, true), 0.0);
        close(EVEN.stepped(5.0, 1.0, false), 5.1);
        close(EVEN.stepped(5.0, -10.0, false), 4.0);
    }

    #[test]
    fn bars_are_cut_where_limits_are() {
        let part = |from, to, is_kept| Part { from, to, is_kept };
        let all = (f64::NEG_INFINITY, f64::INFINITY);
        assert_eq!(parts(EVEN, 0, 2, all, false), [part(0.0, 0.5, true)]);
        assert_eq!(
            parts(EVEN, 0, 2, (2.0, 4.0), false),
            [
                part(0.0, 0.2, false),
                part(0.2, 0.4, true),
                part(0.4, 0.5, false)
            ]
        );
        assert_eq!(
            parts(EVEN, 0, 2, (2.0, f64::INFINITY), true),
            [part(0.0, 0.2, true), part(0.2, 0.5, false)]
        );
        // A limit beyond the axis drops everything, one below it nothing.
        assert_eq!(
            parts(EVEN, 1, 2, (11.0, f64::INFINITY), false),
            [part(0.5, 1.0, false)]
        );
        assert_eq!(
            parts(EVEN, 1, 2, (-1.0, f64::INFINITY), false),
            [part(0.5, 1.0, true)]
        );
        assert_eq!(
            parts(EVEN, 1, 2, (8.0, 2.0), false),
            [part(0.5, 1.0, false)]
        );
    }

    #[test]
    fn rare_values_can_be_seen() {
        assert_eq!(height(0, 10), 0.0);
        assert_eq!(height(5, 10), 0.5);
        assert!(height(1, 1_000_000) > 0.01);
    }

    #[test]
    fn there_are_at_most_five_round_marks() {
        assert_eq!(ticks(EVEN), [0.0, 5.0, 10.0]);
        assert_eq!(ticks(Axis { to: 1.0, ..EVEN }), [0.0, 0.5, 1.0]);
        let log = ticks(LOG);
        assert!(log.len() <= 5 && log.contains(&10_000.0), "{log:?}");
        assert_eq!(ticks(Axis { to: 0.0, ..EVEN }), [0.0]);
    }

    #[test]
    fn proposed_limits_are_possible_values() {
        let measure = |unit: &str, mean: f64, deviation: f64, min: f64| MeasureOverview {
            unit: unit.to_owned(),
            mean,
            deviation,
            min,
            ..MeasureOverview::default()
        };
        assert_eq!(
            three_deviations(&measure("share", 0.9, 0.1, 0.0), false),
            Some((0.6, 1.0))
        );
        assert_eq!(
            three_deviations(&measure("words", 100.0, 50.4, 0.0), true),
            Some((0.0, 251.0))
        );
        assert_eq!(
            three_deviations(&measure("", -1.0, 1.0, -9.0), false),
            Some((-4.0, 2.0))
        );
        assert_eq!(
            three_deviations(&measure("", f64::NAN, 1.0, 0.0), false),
            None
        );
    }
}
