//! Builds a program by its script.

use std::{fs, path::Path, process::Command};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{fetch, program::Program, tools::succeed};
use crate::project::{self, TaskResult};

/// What wasi-libc lacks, for all programs in C.
const SHIMS: &str = "xtask/real/shims";
const CFLAGS: &str = "--target=wasm32-wasi -O2 -w -std=gnu11 -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_GETPID \
                      -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_MMAN -include compat.h";
const LIBS: &str = "-lwasi-emulated-signal -lwasi-emulated-getpid -lwasi-emulated-process-clocks \
                    -lwasi-emulated-mman -lm -Wl,--strip-all -Wl,-z,stack-size=1048576";

/// Builds a program, unless the same was built before: what runs.
///
/// # Errors
///
/// If it cannot be fetched or built.
pub(super) fn build(program: &Program) -> TaskResult<Vec<u8>> {
    let (mark, wasm) = (program.directory().join("built"), program.wasm());
    let wanted = mark_of(program)?;
    if wasm.exists() && fs::read_to_string(&mark).is_ok_and(|built| built == wanted) {
        return read(&wasm);
    }
    let source = fetch::unpack(program)?;
    let _ = (fs::remove_file(&wasm), fs::remove_file(program.directory().join("compiled")));
    let shims = project::path(SHIMS);
    let mut script = Command::new("nice");
    script
        .args(["-n", "10", "sh", "-euc", &program.build])
        .current_dir(source)
        .env("CC", format!("clang-19 {CFLAGS} -isystem {}", shims.display()))
        .env("LIBS", format!("{}/compat.c {LIBS}", shims.display()))
        .env("OUT", &wasm)
        .env("CARGO_TARGET_DIR", project::path("target/real/cargo"))
        .env("CARGO_BUILD_JOBS", "1");
    succeed(&mut script)?;
    let binary = read(&wasm)?;
    fs::write(&mark, wanted).map_err(|error| format!("{}: {error}", mark.display()))?;
    Ok(binary)
}

/// A digest of everything that the program is built of.
fn mark_of(program: &Program) -> TaskResult<String> {
    let mut all = Sha256::new();
    for text in [&program.sha256, &program.build, CFLAGS, LIBS] {
        all.update(text);
        all.update([0]);
    }
    for path in project::list(&project::path(SHIMS))? {
        all.update(read(&path)?);
    }
    Ok(HEXLOWER.encode(&all.finalize()))
}

fn read(path: &Path) -> TaskResult<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}
