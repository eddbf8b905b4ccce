//! Which runtime a core module was built for, by what it imports.

use std::fmt;

/// A runtime with functions of its own, which modules built for it import.
///
/// In order: where a module imports from several, the first says most about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ForeignHost {
    /// JavaScript, called through `wasm-bindgen`.
    WasmBindgen,
    /// JavaScript, called through Go's `wasm_exec.js`.
    GoInJavaScript,
    /// JavaScript that Emscripten writes.
    Emscripten,
    /// Extism.
    Extism,
    /// Wasmer with WASIX.
    Wasix,
    /// WasmEdge.
    WasmEdge,
    /// WASI before preview 1.
    WasiUnstable,
    /// Whatever offers a module `env`: its name says no more.
    Env,
    /// JavaScript that AssemblyScript's loader writes.
    AssemblyScript,
}

/// What Emscripten's functions in `env` begin with.
const EMSCRIPTEN: [&str; 7] =
    ["emscripten_", "_emscripten_", "invoke_", "__syscall_", "__cxa_", "_embind_", "_emval_"];
/// The functions of AssemblyScript's standard library that a host has to offer.
const ASSEMBLY_SCRIPT: [&str; 4] = ["abort", "seed", "trace", "console.log"];

impl ForeignHost {
    /// The runtime that an import is for; none if it could be any, or is WASI.
    pub(crate) fn of_import(module: &str, name: &str) -> Option<Self> {
        let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        Some(match module {
            "wbg" => Self::WasmBindgen,
            _ if module.starts_with("__wbindgen") || module.ends_with("_bg.js") => Self::WasmBindgen,
            "gojs" | "go" => Self::GoInJavaScript,
            // Optimised builds shorten all names.
            "a" if name.len() <= 2 => Self::Emscripten,
            "env" if begins(&EMSCRIPTEN) => Self::Emscripten,
            "env" if begins(&["extism_"]) => Self::Extism,
            "env" if ASSEMBLY_SCRIPT.contains(&name) => Self::AssemblyScript,
            "env" => Self::Env,
            _ if module.starts_with("extism:host/") => Self::Extism,
            _ if module.starts_with("wasix_") => Self::Wasix,
            _ if module.starts_with("wasmedge") => Self::WasmEdge,
            "wasi_unstable" => Self::WasiUnstable,
            _ => return None,
        })
    }
}

impl fmt::Display for ForeignHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WasmBindgen => {
                "it seems to be built for JavaScript with wasm-bindgen; build it without, for wasm32-wasip2"
            }
            Self::GoInJavaScript => {
                "it seems to be built for JavaScript with GOOS=js; build it with GOOS=wasip1"
            }
            Self::Emscripten => {
                "it seems to be built for JavaScript with Emscripten; build it with wasi-sdk, or with -sSTANDALONE_WASM"
            }
            Self::Extism => {
                "it seems to be a plug-in for Extism; build its functions as a command for wasm32-wasip1 or wasm32-wasip2"
            }
            Self::Wasix => {
                "it seems to be built for Wasmer with WASIX; build it for WASI (wasm32-wasip1 or wasm32-wasip2)"
            }
            Self::WasmEdge => {
                "it seems to be built for WasmEdge; build it without its extensions (wasm32-wasip1 or wasm32-wasip2)"
            }
            Self::WasiUnstable => {
                "it is built for WASI before preview 1; build it with a current compiler (wasm32-wasip1 or wasm32-wasip2)"
            }
            Self::Env => {
                "it seems to be built for a runtime with functions of its own, or misses symbols that its linker did not \
                 find; build it for WASI alone (wasm32-wasip1 or wasm32-wasip2)"
            }
            Self::AssemblyScript => {
                "it seems to be built for JavaScript with AssemblyScript; build it with @assemblyscript/wasi-shim"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ForeignHost;

    #[test]
    fn runtimes_are_told_apart_by_what_modules_import_from_them() {
        for (module, name, host) in [
            ("wbg", "__wbg_log_1", Some(ForeignHost::WasmBindgen)),
            ("__wbindgen_placeholder__", "__wbindgen_throw", Some(ForeignHost::WasmBindgen)),
            ("./skill_bg.js", "__wbindgen_throw", Some(ForeignHost::WasmBindgen)),
            ("gojs", "runtime.wasmExit", Some(ForeignHost::GoInJavaScript)),
            ("a", "b", Some(ForeignHost::Emscripten)),
            ("env", "emscripten_resize_heap", Some(ForeignHost::Emscripten)),
            ("env", "invoke_vii", Some(ForeignHost::Emscripten)),
            ("env", "abort", Some(ForeignHost::AssemblyScript)),
            ("env", "db_read", Some(ForeignHost::Env)),
            ("extism:host/env", "input_length", Some(ForeignHost::Extism)),
            ("extism:host/user", "log", Some(ForeignHost::Extism)),
            ("wasix_32v1", "futex_wait", Some(ForeignHost::Wasix)),
            ("wasmedge_process", "wasmedge_process_run", Some(ForeignHost::WasmEdge)),
            ("wasi_unstable", "fd_write", Some(ForeignHost::WasiUnstable)),
            ("wasi_snapshot_preview1", "fd_write", None),
            ("wasi:cli/exit@0.2.0", "exit", None),
        ] {
            assert_eq!(ForeignHost::of_import(module, name), host, "{module} {name}");
        }
    }
}
