//! Every operation on tables, one line each.

use crate::operation::Operation;

pub fn operations() -> Vec<&'static dyn Operation> {
    vec![]
}
