//! Files that cannot be run: the message says what the file is and what to do. And imports that need no function.

use std::fmt::Write as _;

use invar_engine::{ForeignHost, LoadError, NotWasm, Refusal};
use invar_trace::{Ending, Keep, Memory};

use crate::helpers::{Fixture, Invar, load_wat, start};

/// A component in which these fields stand before its core module.
fn component(fields: &str, exports: &str) -> String {
    format!(
        r#"(component {fields}
            (core module $m (func (export "run") (result i32) (i32.const 0)))
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            {exports})"#
    )
}

/// The same, as a command.
fn command(fields: &str) -> String {
    component(
        fields,
        r#"(instance $cli (export "run" (func $run))) (export "wasi:cli/run@0.2.0" (instance $cli))"#,
    )
}

/// A component whose only function gives a resource.
const OPEN: &str = r#"(component
    (import "wasi:io/error@0.2.0" (instance $errors (export "error" (type (sub resource)))))
    (alias export $errors "error" (type $error))
    (core module $m (func (export "open") (result i32) (i32.const 0)))
    (core instance $i (instantiate $m))
    (func $open (result (own $error)) (canon lift (core func $i "open")))
    (export "open" (func $open)))"#;

/// What loading a file comes to.
#[track_caller]
fn error(file: &[u8]) -> LoadError {
    Fixture::engine().0.load(file).map(drop).unwrap_err()
}

#[track_caller]
fn refusal(text: &str) -> (Refusal, String) {
    let error = error(&wat::parse_str(text).unwrap());
    let shown = error.to_string();
    match error {
        LoadError::Refused(refusal) => (refusal, shown),
        other => panic!("{other:?}"),
    }
}

/// What the commands say of a file: one line, with 33, or 126 from `run`.
#[track_caller]
fn shown(name: &str, file: impl AsRef<[u8]>) -> String {
    let invar = Invar::new();
    let path = invar.write(name, file);
    let inspected = invar.run(&["inspect", &path]).expect(33);
    let ran = invar.run(&["run", &path, "--world", "lab"]).expect(126);
    assert_eq!((inspected.stdout.as_str(), ran.stdout.as_str()), ("", ""));
    assert_eq!(inspected.stderr, ran.stderr);
    assert_eq!(inspected.stderr.lines().count(), 1, "{}", inspected.stderr);
    inspected.stderr
}

#[test]
fn a_component_for_wasi_0_3_is_named_as_such() {
    let imports = r#"(import "wasi:cli/environment@0.3.0" (instance (export "get-initial-cwd" (func))))"#;
    let exports =
        r#"(instance $cli (export "run" (func $run))) (export "wasi:cli/run@0.3.0" (instance $cli))"#;
    for (text, uses) in [
        (command(imports), "it uses wasi:cli/environment@0.3.0;"),
        (component("", exports), "it uses wasi:cli/run@0.3.0;"),
    ] {
        let (refusal, shown) = refusal(&text);
        assert!(matches!(refusal, Refusal::Wasi03(_)), "{refusal:?}");
        assert!(shown.starts_with("it is built for WASI 0.3, which is not supported yet"), "{shown}");
        assert!(shown.contains(uses), "{shown}");
    }
}

#[test]
fn asynchronous_functions_are_of_wasi_0_3() {
    let text = r#"(component
        (core module $m (func (export "run") (result i32) (i32.const 0)))
        (core instance $i (instantiate $m))
        (func $run (result (result)) (canon lift (core func $i "run") async))
        (instance $cli (export "run" (func $run)))
        (export "wasi:cli/run@0.3.0" (instance $cli)))"#;
    let (refused, shown) = refusal(text);
    assert!(matches!(refused, Refusal::Wasi03(_)), "{refused:?}");
    assert!(shown.contains("it uses asynchronous functions and wasi:cli/run@0.3.0;"), "{shown}");
    // In a component inside it, too.
    let inside = command(r#"(component (core func (canon backpressure.inc)))"#);
    assert!(matches!(refusal(&inside).0, Refusal::Wasi03(_)));
}

#[test]
fn a_server_is_named_as_such() {
    let handler = r#"(instance $h (export "handle" (func $run)))
        (export "wasi:http/incoming-handler@0.2.0" (instance $h))"#;
    let (refused, shown) = refusal(&component("", handler));
    assert!(matches!(refused, Refusal::Server(_)), "{refused:?}");
    assert!(
        shown.starts_with(
            "it is an HTTP server: it exports wasi:http/incoming-handler@0.2.0, and servers are not"
        ),
        "{shown}"
    );
    // What it imports matters less than what it is.
    let imports = r#"(import "acme:store/keys@1.0.0" (instance (export "get" (func))))"#;
    assert!(matches!(refusal(&component(imports, handler)).0, Refusal::Server(_)));
}

#[test]
fn a_component_whose_functions_cannot_be_called_is_told_why() {
    let (refused, shown) = refusal(OPEN);
    assert!(matches!(refused, Refusal::NotCallable(_)), "{refused:?}");
    assert_eq!(
        shown,
        "it exports no function that can be called: open (its result has a resource that the component does not export, which JSON cannot hold)"
    );
}

#[test]
fn a_reactor_is_to_become_a_component() {
    let text = r#"(module (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_initialize"))
        (func (export "redact") (param i32) (result i32) (local.get 0)))"#;
    let (refused, shown) = refusal(text);
    assert!(matches!(refused, Refusal::Library(_)), "{refused:?}");
    assert!(shown.starts_with("this module exports `_initialize` and `redact` and no `_start`"), "{shown}");
    assert!(shown.contains("wasm-tools component new"), "{shown}");
}

#[test]
fn a_module_for_another_runtime_is_told_which() {
    for (module, name, host) in [
        ("env", "mystery", ForeignHost::Env),
        ("env", "emscripten_memcpy_js", ForeignHost::Emscripten),
        ("a", "b", ForeignHost::Emscripten),
        ("env", "abort", ForeignHost::AssemblyScript),
        ("wasi_unstable", "fd_write", ForeignHost::WasiUnstable),
        ("wbg", "__wbg_log_1", ForeignHost::WasmBindgen),
        ("__wbindgen_placeholder__", "__wbindgen_throw", ForeignHost::WasmBindgen),
        ("gojs", "runtime.wasmExit", ForeignHost::GoInJavaScript),
        ("wasmedge_process", "wasmedge_process_run", ForeignHost::WasmEdge),
        ("extism:host/env", "input_length", ForeignHost::Extism),
    ] {
        for export in ["_start", "main"] {
            let (refused, shown) = refusal(&format!(
                r#"(module (import "{module}" "{name}" (func)) (func (export "{export}")))"#
            ));
            assert!(matches!(refused, Refusal::ForeignHost { host: is, .. } if is == host), "{refused:?}");
            assert!(shown.contains(&format!("it imports `{module}.{name}`")), "{shown}");
        }
    }
}

#[test]
fn threads_are_named_as_such() {
    let memory = r#"(module (memory 1 1 shared) (func (export "_start")))"#;
    let imported = r#"(module (import "env" "memory" (memory 1 1 shared)) (func (export "_start")))"#;
    let spawns = r#"(module (import "wasi" "thread-spawn" (func (param i32) (result i32)))
        (func (export "_start")))"#;
    let inside = command("(core module (memory 1 1 shared))");
    let interface = command(r#"(import "wasi:thread-spawn/spawn@0.1.0" (instance (export "start" (func))))"#);
    for (text, uses) in [
        (memory, "shared memory"),
        (imported, "shared memory"),
        (spawns, "the import wasi.thread-spawn"),
        (&inside, "shared memory"),
        (&interface, "the import wasi:thread-spawn"),
    ] {
        assert_eq!(refusal(text).0, Refusal::Threads(uses), "{text}");
    }
    assert!(refusal(memory).1.starts_with("it uses threads (shared memory), which are not supported"));
}

#[test]
fn precompiled_code_is_never_run() {
    let code = wasmtime::Engine::default().precompile_component(&wat::parse_str("(component)").unwrap());
    assert_eq!(error(&code.unwrap()), LoadError::NotWasm(NotWasm::Precompiled("wasmtime")));
    assert_eq!(error(b"\0wasmer-universal\0\0"), LoadError::NotWasm(NotWasm::Precompiled("Wasmer")));
    let shown = shown("skill.cwasm", b"\0wasmer-universal\0\0");
    assert!(shown.contains("precompiled code of Wasmer: code of another engine is never run"), "{shown}");
}

#[test]
fn what_is_not_webassembly_and_can_be_recognised_is_named() {
    for (name, file, what) in [
        ("skill.wasm", "\u{1f}\u{8b}\u{8}", "gzip"),
        ("skill.wasm", "PK\u{3}\u{4}", "a zip archive"),
        ("skill", "\u{7f}ELF\u{2}\u{1}\u{1}\0", "an ELF program"),
        ("skill.wat", "(component)", "its text format"),
        ("skill.js", "export function invoke(input) {\n", "JavaScript source"),
        ("skill.py", "import os\n", "Python source"),
        ("skill.wasm", "<!DOCTYPE html>\n<html></html>\n", "an HTML page"),
    ] {
        // Each character is one byte here.
        let file: Vec<u8> = file.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let shown = shown(name, file);
        assert!(shown.contains("not WebAssembly") && shown.contains(what), "{shown}");
    }
}

#[test]
fn the_commands_show_a_refusal_in_one_line() {
    for (text, says) in [
        (OPEN, "it exports no function that can be called: open (its result has a resource"),
        (r#"(module (memory 1 1 shared) (func (export "_start")))"#, "it uses threads (shared memory)"),
        (r#"(module (func (export "_initialize")) (func (export "redact")))"#, "`_initialize` and `redact`"),
        (r#"(module (import "wbg" "x" (func)) (func (export "main")))"#, "wasm-bindgen"),
    ] {
        let shown = shown("skill.wasm", wat::parse_str(text).unwrap());
        assert!(shown.contains(says), "{shown}");
    }
}

#[test]
fn names_in_a_refusal_are_escaped_and_few() {
    let hostile = |number| format!(r"{number}\0averdict: CONSISTENT\1b[2K\e2\80\ae{}", "n".repeat(10_000));
    let mut imports = String::new();
    let mut exports = String::new();
    let mut others = String::new();
    for number in 0..1_000 {
        let _ = write!(imports, r#"(import "env" "{}" (func))"#, hostile(number));
        let _ = write!(others, r#"(import "{}" "f" (func))"#, hostile(number));
        let _ = write!(exports, r#"(func (export "{}"))"#, hostile(number));
    }
    for text in [
        format!(r#"(module {imports} (func (export "_start")))"#),
        format!(r#"(module {others} (func (export "_start")))"#),
        format!("(module {exports})"),
    ] {
        let file = wat::parse_str(&text).unwrap();
        let shown = error(&file).to_string();
        assert!(shown.len() < 2_000, "{} bytes", shown.len());
        assert!(!shown.contains(|c: char| c.is_control() || c == '\u{202e}'), "{shown:?}");
    }
}

/// Imports of types alone.
const TYPES: [(&str, &str); 4] = [
    (
        "an interface without a shim",
        r#"(import "acme:shapes/types@0.1.0" (instance
            (type $point (record (field "x" u32)))
            (export "point" (type (eq $point)))))"#,
    ),
    (
        "an interface of another version of WASI",
        r#"(import "wasi:http/types@0.3.0" (instance
            (type $method (enum "get" "put"))
            (export "method" (type (eq $method)))))"#,
    ),
    ("a type by itself", r#"(type $bytes (list u8)) (import "bytes" (type (eq $bytes)))"#),
    (
        "a resource of a shim under another name",
        r#"(import "wasi:io/error@0.2.0" (instance $io (export "error" (type (sub resource)))))
            (alias export $io "error" (type $error))
            (import "acme:errors/types@0.1.0" (instance
                (alias outer 1 $error (type $error))
                (export "cause" (type (eq $error)))))"#,
    ),
];

#[test]
fn imports_of_types_alone_need_no_shim() {
    let (engine, _) = Fixture::engine();
    for (what, import) in TYPES {
        let skill = load_wat(engine, &command(import));
        let outcome = engine.run(&skill, &start(), Box::new(Memory::new(Keep::Events))).unwrap();
        assert_eq!(outcome.end.ending, Ending::Returned, "{what}");
        assert!(skill.imports.iter().all(|import| import.name.starts_with("wasi:io/error")), "{what}");
    }
}

#[test]
fn a_wasi_interface_reduced_to_types_loads() {
    let (engine, _) = Fixture::engine();
    let import = r#"(import "wasi:http/types@0.2.0" (instance
        (type $scheme (variant (case "HTTP") (case "HTTPS") (case "other" string)))
        (export "scheme" (type (eq $scheme)))
        (export "fields" (type (sub resource)))))
        (import "wasi:io/error@0.2.0" (instance (export "error" (type (sub resource)))))"#;
    let skill = load_wat(engine, &command(import));
    assert!(skill.imports.iter().all(|import| import.functions.is_empty()), "{:?}", skill.imports);
}

#[test]
fn a_resource_that_no_shim_defines_is_an_unknown_import() {
    for (import, name) in [
        (
            r#"(import "acme:files/types@0.1.0" (instance (export "file" (type (sub resource)))))"#,
            "acme:files/types@0.1.0",
        ),
        (r#"(import "file" (type (sub resource)))"#, "file"),
    ] {
        let error = error(&wat::parse_str(command(import)).unwrap());
        assert_eq!(error, LoadError::UnknownImports(vec![name.to_owned()]));
    }
}

#[test]
fn a_skill_with_imports_of_types_is_instrumented_as_any_other() {
    let invar = Invar::new();
    let imports: String = TYPES.iter().map(|(_, import)| *import).collect();
    let path = invar.write("skill.wasm", wat::parse_str(command(&imports)).unwrap());
    let report = invar.run(&["monitor", &path, "--runs", "3", "--format", "json"]).expect(0).json();
    assert_eq!(report["coverage"]["search"], "full", "{report}");
}
