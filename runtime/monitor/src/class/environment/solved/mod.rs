//! What a search found in the comparisons of an instrumented copy, confirmed on the original and narrowed: where a time
//! or a number begins to count, which runs a counter fires at, how often chance does.

mod confirm;
mod count;
mod forward;
mod named_values;
mod narrow;
mod number;
mod query;
mod search;
mod time;
mod usual;
mod words;

pub(super) use forward::forward;
pub(super) use search::search;
pub(super) use words::{finding, line, trigger};
