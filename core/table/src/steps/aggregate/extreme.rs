//! Smallest and largest values.

use crate::steps::aggregate::integer;
use crate::view::column_order::float_key;
use crate::view::vector::{Data, Vector};

/// The best value so far, in the order that decides.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(super) enum Best {
    Nothing,
    Number(i128),
    Text(String),
    Nan,
}

impl Best {
    /// Takes the value at `idx` if it is better; the first of equal ones stays, and a NaN stays for good.
    pub(super) fn improve(&mut self, vector: &Vector<'_>, idx: usize, smallest: bool) -> bool {
        let candidate = match &vector.data {
            Data::Text(texts) => {
                let text = texts.get(idx);
                let better = match &*self {
                    Self::Text(best) if smallest => text < best.as_str(),
                    Self::Text(best) => text > best.as_str(),
                    _ => true,
                };
                if better {
                    *self = Self::Text(text.to_owned());
                }
                return better;
            }
            Data::Float(values) if values[idx].is_nan() => Self::Nan,
            Data::Float(values) => Self::Number(i128::from(float_key(values[idx]))),
            _ => Self::Number(integer(vector, idx)),
        };
        let better = match (&*self, &candidate) {
            (Self::Nothing, _) => true,
            (Self::Nan, _) => false,
            (_, Self::Nan) => true,
            (best, candidate) if smallest => candidate < best,
            (best, candidate) => candidate > best,
        };
        if better {
            *self = candidate;
        }
        better
    }
}
