//! Compiling in a child process, which the system stops when it exceeds its limits.
//!
//! The cost of compiling a skill cannot be predicted from its size, so a child process compiles every skill and every
//! instrumented copy: this binary, started with a word that is no command. The component goes in, the code comes out.
//! However the child ends, the parent reports it and continues.

mod child;
mod limits;
mod parent;
mod words;

pub(crate) use child::work_if_asked;
pub(crate) use parent::ChildProcess;
