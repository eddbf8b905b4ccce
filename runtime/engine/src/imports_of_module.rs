//! What a module for WASI p1 imports, by what it can reach with it.

use std::collections::BTreeMap;

use invar_host_api::p1;
use invar_trace::Capability;
use wasmtime::Module;

use crate::imports::Import;

/// The functions that a module imports: one entry for each capability, under the one name that all have.
pub(crate) fn imports_of_module(module: &Module) -> Vec<Import> {
    let mut functions: BTreeMap<Capability, Vec<String>> = BTreeMap::new();
    for import in module.imports() {
        functions.entry(capability(import.name())).or_default().push(import.name().to_owned());
    }
    let import = |(capability, functions)| Import { name: p1::MODULE.to_owned(), capability, functions };
    functions.into_iter().map(import).collect()
}

/// What a function reaches.
///
/// All that is opened is opened by `path_open`, or handed over as a directory: functions that work on any descriptor, as
/// those that read and write, reach no more than standard streams without it. Sockets reach nothing: none can be made.
fn capability(function: &str) -> Capability {
    match function {
        "args_get" | "args_sizes_get" | "environ_get" | "environ_sizes_get" => Capability::Env,
        "clock_res_get" | "clock_time_get" | "poll_oneoff" => Capability::Clock,
        "random_get" => Capability::Random,
        "fd_advise"
        | "fd_allocate"
        | "fd_datasync"
        | "fd_filestat_set_size"
        | "fd_filestat_set_times"
        | "fd_pread"
        | "fd_prestat_dir_name"
        | "fd_prestat_get"
        | "fd_pwrite"
        | "fd_readdir"
        | "fd_sync" => Capability::Files,
        _ if function.starts_with("path_") => Capability::Files,
        _ if function.starts_with("fd_") => Capability::Stdio,
        _ => Capability::Process,
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::Capability;

    use super::imports_of_module;

    #[test]
    fn functions_are_listed_by_what_they_reach() {
        let text = r#"(module
            (import "wasi_snapshot_preview1" "path_open" (func))
            (import "wasi_snapshot_preview1" "fd_write" (func))
            (import "wasi_snapshot_preview1" "fd_readdir" (func))
            (import "wasi_snapshot_preview1" "sock_send" (func)))"#;
        let module =
            wasmtime::Module::new(&wasmtime::Engine::default(), wat::parse_str(text).unwrap()).unwrap();
        let imports = imports_of_module(&module);
        let listed: Vec<(Capability, Vec<&str>)> = imports
            .iter()
            .map(|import| (import.capability, import.functions.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            listed,
            [
                (Capability::Files, vec!["path_open", "fd_readdir"]),
                (Capability::Stdio, vec!["fd_write"]),
                (Capability::Process, vec!["sock_send"]),
            ]
        );
    }
}
