//! Fields of dates and times.

use sluice_protocol::load::ColumnType;

use crate::expr::calendar::{MICROS_PER_DAY, MICROS_PER_SECOND, civil_from_days, iso_weekday};
use crate::expr::functions::Function;
use crate::view::vector::{Data, Vector};

pub(super) fn call<'a>(function: Function, args: Vec<Vector<'a>>) -> Vector<'a> {
    let Some(Vector {
        column_type,
        data,
        present,
    }) = args.into_iter().next()
    else {
        return crate::expr::convert::all_missing(ColumnType::Integer, 0);
    };
    let Data::Int(values) = data else {
        return Vector {
            column_type,
            data,
            present,
        };
    };
    if function == Function::EpochS {
        let seconds = values
            .into_iter()
            .map(|micros| micros as f64 / MICROS_PER_SECOND as f64);
        return Vector {
            column_type: ColumnType::Float,
            data: Data::Float(seconds.collect()),
            present,
        };
    }
    let days = |value: i64| match column_type {
        ColumnType::Date => value,
        _ => value.div_euclid(MICROS_PER_DAY),
    };
    let seconds_of_day = |value: i64| value.rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND;
    let field = |value: i64| match function {
        Function::Year => civil_from_days(days(value)).0,
        Function::Month => i64::from(civil_from_days(days(value)).1),
        Function::Day => i64::from(civil_from_days(days(value)).2),
        Function::Weekday => iso_weekday(days(value)),
        Function::Hour => seconds_of_day(value) / 3_600,
        Function::Minute => seconds_of_day(value) / 60 % 60,
        _ => seconds_of_day(value) % 60,
    };
    let fields = values.into_iter().map(field).collect();
    Vector {
        column_type: ColumnType::Integer,
        data: Data::Int(fields),
        present,
    }
}
