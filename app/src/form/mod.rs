//! Forms made from an operation's JSON Schema: no operation has a form of its own.

mod field;
mod predicate;
pub mod schema;
pub mod summary;
mod value;

pub use field::{FieldView, FormContext};
pub use schema::{Field, fields};
pub use value::Path;
