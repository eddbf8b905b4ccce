//! The functions that modules can import.

use invar_engine::LoadError;
use wasmtime::{Linker, Store};
use wasmtime_wasi::p1::{self, WasiP1Ctx};

use super::player::{FUNCTIONS, module};
use crate::helpers::{Fixture, Invar};

#[test]
fn the_46_functions_of_preview_1_are_linked_with_their_types() {
    // The player imports all of them: one that is missing, or of another type, is a link error.
    Fixture::engine().0.load(&wat::parse_str(module()).unwrap()).unwrap();
    let engine = wasmtime::Engine::default();
    let mut linker = Linker::<WasiP1Ctx>::new(&engine);
    p1::add_to_linker_sync(&mut linker, |context| context).unwrap();
    let mut store = Store::new(&engine, wasmtime_wasi::WasiCtx::builder().build_p1());
    let mut theirs: Vec<String> = linker.iter(&mut store).map(|(_, name, _)| name.to_owned()).collect();
    theirs.sort();
    let mut ours: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
    ours.sort_unstable();
    assert_eq!(ours, theirs);
}

#[test]
fn a_function_that_is_missing_or_of_another_type_is_a_link_error_that_names_it() {
    let load = |import: &str| {
        let text =
            format!(r#"(module (import {import}) (memory (export "memory") 1) (func (export "_start")))"#);
        Fixture::engine().0.load(&wat::parse_str(text).unwrap()).err().unwrap()
    };
    let error = load(r#""wasi_snapshot_preview1" "fd_copy" (func)"#);
    assert!(matches!(error, LoadError::UnknownFunction(_)), "{error:?}");
    assert!(error.to_string().contains("`wasi_snapshot_preview1.fd_copy`"), "{error}");
    let error = load(r#""wasi_snapshot_preview1" "fd_write" (func (param i64))"#).to_string();
    assert!(error.contains("fd_write"), "{error}");
    let error = load(r#""wasi_snapshot_preview0" "fd_write" (func)"#).to_string();
    assert!(error.contains("`wasi_snapshot_preview0.fd_write`"), "{error}");
    let error = load(r#""wasi_unstable" "fd_write" (func)"#).to_string();
    assert!(error.contains("WASI before preview 1"), "{error}");
}

#[test]
fn a_start_of_another_type_is_refused() {
    let text = r#"(module (memory (export "memory") 1) (func (export "_start") (param i32)))"#;
    let error = Fixture::engine().0.load(&wat::parse_str(text).unwrap()).err().unwrap().to_string();
    assert!(error.contains("`_start`"), "{error}");
}

#[test]
fn what_a_module_can_reach_is_listed_by_capability() {
    let invar = Invar::new();
    let program = "skills-examples/programs/wasm/c-tree.wasm";
    let shown = invar.run(&["inspect", program, "--format", "json"]).expect(0).json();
    assert_eq!(
        (&shown["kind"], &shown["entry"]),
        (&"module".into(), &"_start of a WASI preview 1 module".into())
    );
    let functions = |capability: &str| {
        let functions = &shown["capabilities"][capability]["imports"]["wasi_snapshot_preview1"];
        functions.as_array().cloned().unwrap_or_default()
    };
    assert!(functions("files").contains(&"path_open".into()), "{shown:#}");
    assert!(functions("stdio").contains(&"fd_write".into()), "{shown:#}");
    let shown = invar.run(&["inspect", program]).expect(0).stdout;
    assert!(shown.contains("9 functions of wasi_snapshot_preview1"), "{shown}");
}
