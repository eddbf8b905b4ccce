//! Paths that the calls of the tests use, where the player has them in its memory.

/// Where they begin.
const AT: u32 = 0x8000;

/// Every path of a test, in the order in which they lie in memory.
pub(super) const NAMES: [&str; 57] = [
    "a",
    "b",
    "c",
    "e",
    "c/a",
    "c/b",
    "c/c",
    "e/a",
    "e/c",
    "c/c/a",
    "s",
    "s/a",
    "r",
    "e/s",
    "x",
    "c/x",
    "./a",
    "c/./a",
    "c//a",
    "c/../a",
    "x/../a",
    "a/../b",
    "..",
    "../a",
    "c/..",
    ".",
    "c/.",
    "/a",
    "",
    "s/..",
    "a/b",
    "s/b",
    "LONG255",
    "LONG256",
    "none",
    "../../x",
    "/tmp",
    "tmp",
    "tmp/a",
    "tmp/b",
    "tmp/c",
    "tmp/s",
    "tmp/../a",
    "some text",
    "f1",
    "f2",
    "f3",
    "f4",
    "d",
    "d/f",
    "a/",
    "b/",
    "c/",
    "e/",
    "s/",
    "r/",
    "none//",
];

/// A name as it lies in memory.
pub(super) fn text(name: &str) -> String {
    match name {
        "LONG255" => "n".repeat(255),
        "LONG256" => "n".repeat(256),
        name => name.to_owned(),
    }
}

/// Address and length of a name.
pub(super) fn place(name: &str) -> [u64; 2] {
    let mut at = AT;
    for known in NAMES {
        let len = u32::try_from(text(known).len()).unwrap();
        if known == name {
            return [at.into(), len.into()];
        }
        at += len;
    }
    panic!("{name:?} is none of the names");
}

/// The segment of data that holds them all.
pub(super) fn segment() -> String {
    let all: String = NAMES.iter().map(|name| text(name)).collect();
    format!("(data (i32.const {AT}) \"{all}\")")
}
