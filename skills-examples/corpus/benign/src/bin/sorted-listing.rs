//! Lists a directory, sorted, with the lengths of the files.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let mut names = list("/project");
    names.sort_unstable();
    for name in names {
        let len = stat(&format!("/project/{name}")).map_or(0, |stat| stat.len);
        say(&format!("{len:6} {name}\n"));
    }
}
