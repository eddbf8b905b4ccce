//! What a file of WebAssembly is, as far as its sections show it: read before anything of it is compiled.

use invar_host_api::p1;
use wasmparser::{
    BinaryReaderError, CanonicalFunction, CanonicalOption, Encoding, ExternalKind, Parser, Payload, TypeRef,
};

use crate::{foreign_host::ForeignHost, names::Names, refusal::Refusal};

/// The function with which a module begins.
pub(crate) const START: &str = "_start";

/// What the sections of a file show.
#[derive(Default)]
pub(crate) struct Survey<'a> {
    /// What of it needs threads.
    threads: Option<&'static str>,
    /// Whether it has asynchronous functions, streams or futures.
    is_async: bool,
    /// Imports and exports of WASI 0.3, of a component.
    wasi_0_3: Vec<&'a str>,
    /// Imports that are not of WASI p1, of a module. Not each is kept: a compact section can list them without end.
    other_imports: Names,
    /// The runtime that these are for.
    host: Option<ForeignHost>,
    /// Functions that a module exports.
    functions: Vec<&'a str>,
}

impl<'a> Survey<'a> {
    /// Reads the sections of a file whose [bounds](crate::bounds) were checked: lists that are kept here are no longer
    /// than those.
    ///
    /// # Errors
    /// It cannot be parsed.
    pub(crate) fn of(file: &'a [u8]) -> Result<Self, BinaryReaderError> {
        let mut survey = Self::default();
        let mut levels: Vec<Encoding> = Vec::new();
        for payload in Parser::new(0).parse_all(file) {
            match payload? {
                Payload::Version { encoding, .. } => levels.push(encoding),
                Payload::End(_) => {
                    levels.pop();
                }
                payload => {
                    survey.inside(&payload)?;
                    match levels.as_slice() {
                        [Encoding::Component] => survey.component(payload)?,
                        [Encoding::Module] => survey.module(payload)?,
                        _ => {}
                    }
                }
            }
        }
        Ok(survey)
    }

    /// Whether it can be run, whatever else it is.
    ///
    /// # Errors
    /// It has what is never run: threads, asynchronous functions.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match (self.threads, self.is_async) {
            (Some(threads), _) => Err(Refusal::Threads(threads)),
            (None, true) => Err(self.built_for_0_3()),
            (None, false) => Ok(()),
        }
    }

    /// Whether a module has something to run.
    ///
    /// # Errors
    /// It has no `_start`.
    pub(crate) fn check_module(&self) -> Result<(), Refusal> {
        match self.functions.contains(&START) {
            true => Ok(()),
            false => Err(self
                .refusal_of_imports()
                .unwrap_or_else(|| Refusal::Library(Names::quoted(&self.functions)))),
        }
    }

    /// What explains that a component is not valid here.
    pub(crate) fn refusal_of_invalid(&self) -> Option<Refusal> {
        (!self.wasi_0_3.is_empty()).then(|| self.built_for_0_3())
    }

    /// What explains that a module cannot be linked.
    pub(crate) fn refusal_of_imports(&self) -> Option<Refusal> {
        let host = self.host?;
        Some(Refusal::ForeignHost { host, imports: self.other_imports.clone() })
    }

    fn built_for_0_3(&self) -> Refusal {
        let functions = self.is_async.then_some("asynchronous functions");
        Refusal::Wasi03(Names::plain(functions.into_iter().chain(self.wasi_0_3.iter().copied())))
    }

    /// A section of the file itself or of a component or module in it.
    fn inside(&mut self, payload: &Payload<'a>) -> Result<(), BinaryReaderError> {
        let shared = Some("shared memory");
        match payload {
            Payload::MemorySection(section) => {
                for memory in section.clone() {
                    if memory?.shared {
                        self.threads = shared;
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    if matches!(import?.ty, TypeRef::Memory(memory) if memory.shared) {
                        self.threads = shared;
                    }
                }
            }
            // The types are not read: they can be nested without end.
            Payload::ComponentCanonicalSection(section) => {
                for function in section.clone() {
                    match function? {
                        CanonicalFunction::Lift { options, .. }
                        | CanonicalFunction::Lower { options, .. } => {
                            let is_async = |option| matches!(option, &CanonicalOption::Async);
                            self.is_async |= options.iter().any(is_async);
                        }
                        CanonicalFunction::ResourceNew { .. }
                        | CanonicalFunction::ResourceDrop { .. }
                        | CanonicalFunction::ResourceRep { .. } => {}
                        CanonicalFunction::ThreadSpawnRef { .. }
                        | CanonicalFunction::ThreadSpawnIndirect { .. }
                        | CanonicalFunction::ThreadAvailableParallelism => {
                            self.threads = Some("functions that start threads");
                        }
                        _ => self.is_async = true,
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A section of a component that is the whole file.
    fn component(&mut self, payload: Payload<'a>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ComponentImportSection(section) => {
                for import in section {
                    self.interface(import?.name.name);
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    self.interface(export?.name.name);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn interface(&mut self, name: &'a str) {
        if is_wasi_0_3(name) {
            self.wasi_0_3.push(name);
        }
        if name.starts_with("wasi:thread-spawn") {
            self.threads = Some("the import wasi:thread-spawn");
        }
    }

    /// A section of a module that is the whole file.
    fn module(&mut self, payload: Payload<'a>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if import.module != p1::MODULE {
                        self.other_imports.push_quoted(|| format!("{}.{}", import.module, import.name));
                        let host = ForeignHost::of_import(import.module, import.name);
                        self.host = self.host.into_iter().chain(host).min();
                    }
                    if (import.module, import.name) == ("wasi", "thread-spawn") {
                        self.threads = Some("the import wasi.thread-spawn");
                    }
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.functions.push(export.name);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Whether an import or export of a component is of WASI 0.3.
pub(crate) fn is_wasi_0_3(name: &str) -> bool {
    name.starts_with("wasi:") && name.split_once('@').is_some_and(|(_, version)| version.starts_with("0.3."))
}
