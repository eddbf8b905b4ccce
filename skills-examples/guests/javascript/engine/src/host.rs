//! What scripts may ask of the world: `host`, and `print`.

use std::{
    env, fs,
    io::{Read as _, Write as _},
};

use rquickjs::{Ctx, Function, IntoJs, Object, Result, Value};

use crate::{clock, network};

/// A value, or `null`.
struct OrNull<T>(Option<T>);

impl<'js, T: IntoJs<'js>> IntoJs<'js> for OrNull<T> {
    fn into_js(self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        match self.0 {
            Some(value) => value.into_js(ctx),
            None => Ok(Value::new_null(ctx.clone())),
        }
    }
}

/// Puts the functions in place.
pub fn add(ctx: &Ctx<'_>) -> Result<()> {
    let host = Object::new(ctx.clone())?;
    host.set("input", Function::new(ctx.clone(), input)?)?;
    host.set("args", Function::new(ctx.clone(), || env::args().skip(1).collect::<Vec<_>>())?)?;
    host.set("env", Function::new(ctx.clone(), |name: String| OrNull(env::var(name).ok()))?)?;
    host.set("now", Function::new(ctx.clone(), clock::now_ms)?)?;
    host.set("random", Function::new(ctx.clone(), random)?)?;
    host.set("read", Function::new(ctx.clone(), read)?)?;
    host.set("write", Function::new(ctx.clone(), write)?)?;
    host.set("list", Function::new(ctx.clone(), list)?)?;
    host.set("connect", Function::new(ctx.clone(), connect)?)?;
    ctx.globals().set("host", host)?;
    ctx.globals().set("print", Function::new(ctx.clone(), print)?)
}

/// All of standard input.
fn input() -> String {
    let mut bytes = Vec::new();
    let _ = std::io::stdin().lock().read_to_end(&mut bytes);
    text(&bytes)
}

/// One line to standard output.
fn print(line: String) {
    let _ = std::io::stdout().lock().write_all((line + "\n").as_bytes());
}

/// A file; nothing if it cannot be read.
fn read(path: String) -> OrNull<String> {
    OrNull(fs::read(path).ok().map(|bytes| text(&bytes)))
}

/// A file that holds this; whether that could be done.
fn write(path: String, text: String) -> bool {
    fs::write(path, text).is_ok()
}

/// The names in a directory, sorted; nothing if it cannot be listed.
fn list(path: String) -> OrNull<Vec<String>> {
    let Ok(entries) = fs::read_dir(path) else { return OrNull(None) };
    let mut names: Vec<_> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    OrNull(Some(names))
}

/// What is answered to a text; nothing without a connection.
fn connect(name: String, port: u16, text: String) -> OrNull<String> {
    OrNull(network::ask(&name, port, &text))
}

/// A number from 0 up to 1, of 53 random bits.
fn random() -> f64 {
    unsafe extern "C" {
        fn getentropy(to: *mut u8, len: usize) -> i32;
    }
    let mut bytes = [0; 8];
    // SAFETY: so many bytes may be written there.
    unsafe { getentropy(bytes.as_mut_ptr(), bytes.len()) };
    (u64::from_le_bytes(bytes) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Bytes as a script sees them.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
