//! `wasi:config`

mod store;

pub(crate) use store::add_draft_to_linker;
