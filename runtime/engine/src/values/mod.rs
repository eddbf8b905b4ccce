//! Arguments and results of exported functions: one table from the types of the component model to JSON Schema, from JSON
//! to values and from values to JSON.
//!
//! | type | JSON |
//! |---|---|
//! | `bool`, integers, `string` | boolean, integer (exact, `u64` too), text |
//! | `float32`, `float64` | number, or the text `NaN`, `Infinity`, `-Infinity` |
//! | `char` | text of one character |
//! | `list<u8>` | base64 text; an array of numbers is accepted |
//! | `list` | array |
//! | `record` | object; a field whose type is an option may be absent |
//! | `tuple` | array of exactly so many |
//! | `option` | the value, or null; an option of an option is `{"some": value}` or null |
//! | `variant`, `result` | `{"tag": name, "val": value}`; no `val` where the case has none |
//! | `enum` | its name |
//! | `flags` | array of names, in the order of the type |
//! | `own`, `borrow` | `{"handle": number, "resource": name}` |
//!
//! A handle is its number in values, too, until its call is made: [`ValueType::replace_handles`].
//!
//! JSON that comes from a value reads back as the same value, and is the same text each time ([`canonical`]).

mod error;
mod example;
mod read;
mod resources;
mod schema;
mod types;
mod write;

#[cfg(test)]
mod properties;

pub use error::ValueError;
pub use types::{ResourceName, Unsupported, ValueType};

pub(crate) use example::example_fields;
pub(crate) use read::read_fields;
pub(crate) use resources::number_of;
pub(crate) use schema::object_schema;
pub(crate) use types::{Budget, value_type};
pub(crate) use write::write_fields;

/// JSON as one text: objects in the order of their names, no blanks.
#[must_use]
pub fn canonical(json: &serde_json::Value) -> String {
    let mut sorted = json.clone();
    sorted.sort_all_objects();
    sorted.to_string()
}
