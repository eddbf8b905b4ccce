//! The same program as `table-in-two-places`; its envelope names the first place alone.

use std::{io, process::ExitCode};

fn main() -> io::Result<ExitCode> {
    everyday::translate()
}
