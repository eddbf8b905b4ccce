//! Leaves its result in a file named by the nanosecond, as it declares; and looks at a variable, so that variables are tried.

use std::{
    env, fs,
    io::{self, Read as _},
    time::{SystemTime, UNIX_EPOCH},
};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let title = env::var("JOB_TITLE").unwrap_or_else(|_| "untitled".into());
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_err(io::Error::other)?.as_nanos();
    let path = format!("/out/job-{nanoseconds}.txt");
    fs::write(&path, text)?;
    println!("{title}: {path}");
    Ok(())
}
