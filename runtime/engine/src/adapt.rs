//! From a WASI p1 module to a component, so that there is one surface to guard.
//!
//! The standard adapter knows only success and failure. So a module's `proc_exit` is bound past it, to the function of
//! `wasi:cli/exit` that takes the whole status.

use std::convert::Infallible;

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
};
use wasm_encoder::{CustomSection, ImportSection, Module, reencode, reencode::Reencode};
use wasmparser::{CustomSectionReader, ImportSectionReader, Parser};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::{error::LoadError, names};

/// The one interface that the module imports by itself. Its version is that of the membrane's WIT.
const EXIT: &str = "wasi:cli/exit@0.2.12";
const EXIT_FUNCTION: &str = "exit-with-code";
/// Its WIT, for the component encoder.
const WIT: &str = "
    package invar:p1;

    world module {
        import wasi:cli/exit@0.2.12;
    }

    package wasi:cli@0.2.12 {
        interface exit {
            exit-with-code: func(status-code: u8);
        }
    }
";

/// Makes a component of a WASI p1 module.
///
/// # Errors
/// It is not valid, or imports what the adapter does not have.
pub(crate) fn adapt(module: &[u8]) -> Result<Vec<u8>, LoadError> {
    let failed = |message: String| LoadError::NotAdaptable(names::message(&message));
    let mut module = with_exit_renamed(module).map_err(|error| failed(format!("{error:#}")))?;
    let mut resolve = Resolve::default();
    let world = resolve
        .push_str("exit.wit", WIT)
        .and_then(|package| resolve.select_world(&[package], None))
        .map_err(|error| failed(format!("{error:#}")))?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
        .and_then(|()| ComponentEncoder::default().validate(true).module(&module))
        .and_then(|encoder| {
            encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER)
        })
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| failed(format!("{error:#}")))
}

/// As traces name it. Its version is wasmtime's: they are pinned to each other.
pub(crate) fn adapter_name() -> String {
    format!("{WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME} command 48.0.8, exit-with-code")
}

/// The module with another name for `proc_exit`.
fn with_exit_renamed(module: &[u8]) -> Result<Vec<u8>, reencode::Error> {
    let mut renamed = Module::new();
    ExitRenamer.parse_core_module(&mut renamed, Parser::new(0), module)?;
    Ok(renamed.finish())
}

struct ExitRenamer;

impl Reencode for ExitRenamer {
    type Error = Infallible;

    /// Nothing is renumbered, so that names and the rest stay as they are, readable or not.
    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: CustomSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        module.section(&CustomSection { name: section.name().into(), data: section.data().into() });
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for import in section.into_imports() {
            let import = import?;
            let (module, name) = match (import.module, import.name) {
                (WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, "proc_exit") => (EXIT, EXIT_FUNCTION),
                other => other,
            };
            let ty = self.entity_type(import.ty)?;
            imports.import(module, name, ty);
        }
        Ok(())
    }
}
