//! Numbers, dates and times of any width as `i64` or `f64`, slice by slice.

use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::datatypes::PhysicalType;
use polars_arrow::types::{NativeType, PrimitiveType};
use polars_core::prelude::{DataType, Series, TimeUnit};

use super::scan::{Present, Slice};

/// How the values of a column are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lane {
    /// Exactly, as integers of a unit.
    Int(Unit),
    /// As floats; decimals beyond 64 bits are multiplied by this power of ten.
    Float { scale: f64 },
}

/// What an integer of a lane stands for: a number, or microseconds for dates and times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    One,
    /// `value + 2⁶³`, for unsigned columns that exceed `i64`.
    FromMin,
    Times(f64),
    Over(f64),
}

const MICROS_PER_DAY: f64 = 86_400e6;
const TWO_POW_63: f64 = 9_223_372_036_854_775_808.0;

impl Unit {
    /// The number that a (possibly interpolated) lane value stands for.
    #[inline]
    pub(super) fn number(self, lane: f64) -> f64 {
        match self {
            Self::One => lane,
            Self::FromMin => lane + TWO_POW_63,
            Self::Times(factor) => lane * factor,
            Self::Over(divisor) => lane / divisor,
        }
    }
}

/// How to read `series`; `None` for columns that are not numbers or times.
pub(super) fn lane_of(series: &Series) -> Option<Lane> {
    let of_unit = |unit: &TimeUnit| match unit {
        TimeUnit::Nanoseconds => Unit::Over(1e3),
        TimeUnit::Microseconds => Unit::One,
        TimeUnit::Milliseconds => Unit::Times(1e3),
    };
    match series.dtype() {
        DataType::Float32 | DataType::Float64 => Some(Lane::Float { scale: 1.0 }),
        DataType::Date => Some(Lane::Int(Unit::Times(MICROS_PER_DAY))),
        DataType::Datetime(unit, _) | DataType::Duration(unit) => Some(Lane::Int(of_unit(unit))),
        DataType::Time => Some(Lane::Int(Unit::Over(1e3))),
        DataType::Decimal(_, n_decimals) => {
            let power = libm::exp10(*n_decimals as f64);
            let exceeds = any_value(series, |value: i128| i64::try_from(value).is_err());
            Some(if exceeds {
                Lane::Float { scale: power }
            } else {
                Lane::Int(Unit::Over(power))
            })
        }
        DataType::UInt64 if any_value(series, |value: u64| i64::try_from(value).is_err()) => {
            Some(Lane::Int(Unit::FromMin))
        }
        dtype if dtype.is_integer() => Some(Lane::Int(Unit::One)),
        _ => None,
    }
}

fn any_value<T: NativeType>(series: &Series, mut is_met: impl FnMut(T) -> bool) -> bool {
    series.chunks().iter().any(|chunk| {
        let array = chunk.as_any().downcast_ref::<PrimitiveArray<T>>();
        array.is_some_and(|array| array.iter().flatten().any(|&value| is_met(value)))
    })
}

/// The present values of a slice as integers of the lane's unit.
pub(super) fn ints<'s>(
    slice: &Slice<'s>,
    present: &Present,
    unit: Unit,
    scratch: &'s mut Vec<i64>,
) -> &'s [i64] {
    if let (None, Some(array)) = (present.positions(), primitive::<i64>(slice.array)) {
        return &array.values()[slice.start..slice.start + slice.len];
    }
    scratch.clear();
    let mut gather = Gather {
        slice,
        present,
        out: scratch,
    };
    match primitive_type(slice.array) {
        Some(PrimitiveType::Int8) => gather.each(|value: i8| value.into()),
        Some(PrimitiveType::Int16) => gather.each(|value: i16| value.into()),
        Some(PrimitiveType::Int32) => gather.each(|value: i32| value.into()),
        Some(PrimitiveType::Int64) => gather.each(|value: i64| value),
        Some(PrimitiveType::UInt8) => gather.each(|value: u8| value.into()),
        Some(PrimitiveType::UInt16) => gather.each(|value: u16| value.into()),
        Some(PrimitiveType::UInt32) => gather.each(|value: u32| value.into()),
        Some(PrimitiveType::UInt64) if unit == Unit::FromMin => {
            gather.each(|value: u64| (value ^ 1 << 63) as i64);
        }
        Some(PrimitiveType::UInt64) => gather.each(|value: u64| value as i64),
        // Only decimals that fit are read as integers.
        Some(PrimitiveType::Int128) => gather.each(|value: i128| value as i64),
        _ => {}
    }
    scratch
}

/// The present values of a slice of a float lane.
pub(super) fn floats<'s>(
    slice: &Slice<'s>,
    present: &Present,
    scale: f64,
    scratch: &'s mut Vec<f64>,
) -> &'s [f64] {
    if let (None, Some(array)) = (present.positions(), primitive::<f64>(slice.array)) {
        return &array.values()[slice.start..slice.start + slice.len];
    }
    scratch.clear();
    let mut gather = Gather {
        slice,
        present,
        out: scratch,
    };
    match primitive_type(slice.array) {
        Some(PrimitiveType::Float32) => gather.each(|value: f32| value.into()),
        Some(PrimitiveType::Float64) => gather.each(|value: f64| value),
        Some(PrimitiveType::Int128) => gather.each(|value: i128| value as f64 / scale),
        _ => {}
    }
    scratch
}

/// The numbers of a lane, in its unit.
pub(super) fn numbers<'s>(
    slice: &Slice<'s>,
    present: &Present,
    lane: Lane,
    ints_scratch: &'s mut Vec<i64>,
    scratch: &'s mut Vec<f64>,
) -> &'s [f64] {
    match lane {
        Lane::Float { scale } => floats(slice, present, scale, scratch),
        Lane::Int(unit) => {
            let ints = ints(slice, present, unit, ints_scratch);
            to_numbers(ints, unit, scratch);
            scratch
        }
    }
}

/// Converts a slice of lane integers to the numbers they stand for.
pub(super) fn to_numbers(ints: &[i64], unit: Unit, numbers: &mut Vec<f64>) {
    numbers.clear();
    match unit {
        Unit::One => numbers.extend(ints.iter().map(|&lane| lane as f64)),
        // The exact value of an unsigned integer, rounded once.
        Unit::FromMin => numbers.extend(ints.iter().map(|&lane| (lane as u64 ^ 1 << 63) as f64)),
        unit => numbers.extend(ints.iter().map(|&lane| unit.number(lane as f64))),
    }
}

fn primitive_type(array: &dyn Array) -> Option<PrimitiveType> {
    match array.dtype().to_physical_type() {
        PhysicalType::Primitive(primitive) => Some(primitive),
        _ => None,
    }
}

fn primitive<T: NativeType>(array: &dyn Array) -> Option<&PrimitiveArray<T>> {
    array.as_any().downcast_ref()
}

struct Gather<'g, 's, O> {
    slice: &'g Slice<'s>,
    present: &'g Present,
    out: &'g mut Vec<O>,
}

impl<O> Gather<'_, '_, O> {
    fn each<T: NativeType>(&mut self, convert: impl Fn(T) -> O) {
        let Some(array) = primitive::<T>(self.slice.array) else {
            return;
        };
        let values = &array.values()[self.slice.start..self.slice.start + self.slice.len];
        match self.present.positions() {
            None => self.out.extend(values.iter().map(|&value| convert(value))),
            Some(positions) => {
                self.out.extend(
                    positions
                        .iter()
                        .map(|&position| convert(values[position as usize])),
                );
            }
        }
    }
}
