//! From a file to a skill that can run.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock},
};

use invar_host_api::{Membrane, add_to_linker};
use invar_trace::Entry;
use invar_world::Digest;
use wasmparser::Parser;
use wasmtime::component::{Component, ComponentExportIndex, InstancePre, Linker};

use crate::{
    adapt::{adapt, adapter_name},
    bounds,
    cache::{Cache, CacheProblem},
    compile::Compiler,
    config::{self, Runs},
    entry::{check_server, entry},
    error::LoadError,
    imports::{Import, imports},
    names,
    not_wasm::NotWasm,
    slots::Slots,
    survey::Survey,
    tool::Tool,
};

/// Bytes of a skill's file. Stops a file that would take the host's memory to compile.
const SKILL_BYTES_MAX: usize = 64 << 20;

/// Compiles and runs skills.
pub struct Engine {
    originals: LinkedEngines,
    /// Made when the first copy is: most commands need none.
    copies: OnceLock<Result<LinkedEngines, LoadError>>,
    runs_at_once: u32,
    digest: Digest,
    cache: Option<Cache>,
    compiler: Option<Box<dyn Compiler>>,
    problems: Mutex<Vec<CacheProblem>>,
    pub(crate) slots: Slots,
}

/// A wasmtime engine with the membrane linked.
pub(crate) struct LinkedEngine {
    engine: wasmtime::Engine,
    pub(crate) linker: Linker<Membrane>,
}

impl LinkedEngine {
    fn new(pool: Option<u32>, runs: Runs) -> wasmtime::Result<Self> {
        let engine = wasmtime::Engine::new(&config::config(pool, runs))?;
        let mut linker = Linker::new(&engine);
        add_to_linker(&mut linker)?;
        Ok(Self { engine, linker })
    }
}

/// The engines that the same code runs in.
pub(crate) struct LinkedEngines {
    /// None where the host does not let the pool reserve its addresses.
    pooled: Option<LinkedEngine>,
    on_demand: LinkedEngine,
    code_digest: Digest,
    runs: Runs,
}

impl LinkedEngines {
    fn new(runs: Runs, runs_at_once: u32) -> Result<Self, LoadError> {
        let failed = |error: wasmtime::Error| LoadError::Engine(format!("{error:#}"));
        // A limit on addresses (`ulimit -v`) leaves no room for the pool: runs are slower without it and the same.
        let pooled = LinkedEngine::new(Some(runs_at_once), runs).ok();
        let on_demand = LinkedEngine::new(None, runs).map_err(failed)?;
        let code_digest = config::code_digest(&pooled.as_ref().unwrap_or(&on_demand).engine);
        Ok(Self { pooled, on_demand, code_digest, runs })
    }

    /// Compiled code in the pool, or outside it if it does not fit there: it runs all the same.
    pub(crate) fn placed(&self, code: &Code) -> Result<(&LinkedEngine, Component), LoadError> {
        let pooled = self.pooled.as_ref().and_then(|engine| Some((engine, engine.component(code).ok()?)));
        match pooled {
            Some(pooled) => Ok(pooled),
            None => Ok((&self.on_demand, self.on_demand.component(code).map_err(LoadError::invalid)?)),
        }
    }
}

/// A skill, compiled and linked.
#[derive(Clone)]
pub struct Skill {
    /// SHA-256 of the file.
    pub digest: Digest,
    /// The adapter, if the file was a WASI p1 module.
    pub adapter: Option<String>,
    /// The entry point.
    pub entry: Entry,
    /// The interfaces it imports, in order.
    pub imports: Vec<Import>,
    /// The functions it exports beside those of WASI, in order.
    pub tools: Arc<[Tool]>,
    /// The component: the file, or what a p1 module was adapted to.
    pub component: Arc<[u8]>,
    /// Ready to be instantiated.
    pub(crate) linked: Linked,
}

/// A component linked in one of the engines.
#[derive(Clone)]
pub(crate) struct Linked {
    pub(crate) pre: InstancePre<Membrane>,
    /// None: functions are called by their names.
    pub(crate) entry: Option<ComponentExportIndex>,
}

impl Skill {
    /// The same skill, entered as a run of this entry point was.
    #[must_use]
    pub fn entered(&self, entry: Entry) -> Self {
        Self { entry, ..self.clone() }
    }
}

impl Engine {
    /// An engine with room for the usual number of runs at once; compiled code is kept in `cache`.
    ///
    /// # Errors
    /// The host cannot run wasmtime.
    pub fn new(cache: Option<Cache>) -> Result<Self, LoadError> {
        Self::sized(cache, config::RUNS_AT_ONCE)
    }

    /// The same with room for so many runs at once: their address space is reserved here.
    ///
    /// # Errors
    /// The host cannot run wasmtime.
    pub fn sized(cache: Option<Cache>, runs_at_once: u32) -> Result<Self, LoadError> {
        Ok(Self {
            originals: LinkedEngines::new(Runs::Originals, runs_at_once)?,
            runs_at_once,
            copies: OnceLock::new(),
            digest: config::lab_digest(),
            cache,
            compiler: None,
            problems: Mutex::default(),
            slots: Slots::new(runs_at_once),
        })
    }

    /// The same, which has `compiler` compile.
    #[must_use]
    pub fn with_compiler(self, compiler: Box<dyn Compiler>) -> Self {
        Self { compiler: Some(compiler), ..self }
    }

    /// The engines of instrumented copies.
    pub(crate) fn copies(&self) -> Result<&LinkedEngines, LoadError> {
        self.copies
            .get_or_init(|| LinkedEngines::new(Runs::Copies, self.runs_at_once))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The digest of everything in the engine that a trace depends on.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What kept the cache from being used, since it was last asked.
    pub fn take_problems(&self) -> Vec<CacheProblem> {
        std::mem::take(&mut self.problems.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Loads a skill from the bytes of its file.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub fn load(&self, file: &[u8]) -> Result<Skill, LoadError> {
        if !Parser::is_component(file) && !Parser::is_core_wasm(file) {
            return Err(NotWasm::of(file).into());
        }
        if file.len() > SKILL_BYTES_MAX {
            return Err(LoadError::TooLarge { bytes: file.len(), max: SKILL_BYTES_MAX });
        }
        bounds::check(file)?;
        let survey = Survey::of(file).map_err(|error| LoadError::Invalid(error.to_string()))?;
        survey.check()?;
        let digest = Digest::of(file);
        let (component, adapter) = match Parser::is_component(file) {
            true => (None, None),
            false => (Some(adapt_module(file, &survey)?), Some(adapter_name())),
        };
        let bytes: Arc<[u8]> = component.map_or_else(|| Arc::from(file), Arc::from);
        let code = self.code(&self.originals, code_key(digest, adapter.as_deref(), &bytes), &bytes);
        let code = code.map_err(|error| match (error, survey.refusal_of_invalid()) {
            (LoadError::Invalid(_), Some(refusal)) => refusal.into(),
            (error, _) => error,
        })?;
        let (linked_engine, component) = self.originals.placed(&code)?;
        check_server(&linked_engine.engine, &component)?;
        let imports = imports(&linked_engine.engine, &component)?;
        let tools: Arc<[Tool]> = Tool::all(&linked_engine.engine, &component).into();
        let (entry, _) = entry(&linked_engine.engine, &component, &tools)?;
        let linked = linked_engine.link(&linked_engine.linker, &component, &tools)?;
        Ok(Skill { digest, adapter, entry, imports, tools, component: bytes, linked })
    }

    /// The same skill outside the pool, as one that does not fit there runs.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub fn outside_pool(&self, file: &[u8]) -> Result<Skill, LoadError> {
        let skill = self.load(file)?;
        let key = code_key(skill.digest, skill.adapter.as_deref(), &skill.component);
        let code = self.code(&self.originals, key, &skill.component)?;
        let engine = &self.originals.on_demand;
        let component = engine.component(&code).map_err(LoadError::invalid)?;
        Ok(Skill { linked: engine.link(&engine.linker, &component, &skill.tools)?, ..skill })
    }

    /// The compiled code: from the cache if it is sealed there.
    pub(crate) fn code(
        &self,
        engines: &LinkedEngines,
        digest: Digest,
        component: &[u8],
    ) -> Result<Code, LoadError> {
        let cached = self.cache.as_ref().map_or(Ok(None), |cache| cache.load(digest, engines.code_digest));
        match cached {
            Ok(Some(path)) => return Ok(Code::Kept(path)),
            Ok(None) => {}
            Err(problem) => self.note(problem),
        }
        let code = match &self.compiler {
            Some(compiler) => compiler.compile(engines.runs, component)?,
            None => engines.on_demand.engine.precompile_component(component).map_err(LoadError::invalid)?,
        };
        if let Some(cache) = &self.cache
            && let Err(problem) = cache.store(digest, engines.code_digest, &code)
        {
            self.note(problem);
        }
        Ok(Code::Compiled(code))
    }

    fn note(&self, problem: CacheProblem) {
        let mut problems = self.problems.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
}

impl LinkedEngine {
    pub(crate) fn link(
        &self,
        linker: &Linker<Membrane>,
        component: &Component,
        tools: &[Tool],
    ) -> Result<Linked, LoadError> {
        let (_, entry) = entry(&self.engine, component, tools)?;
        let pre = linker
            .instantiate_pre(component)
            .map_err(|error| LoadError::NotLinkable(names::message(&format!("{error:#}"))))?;
        Ok(Linked { pre, entry })
    }

    fn component(&self, code: &Code) -> wasmtime::Result<Component> {
        // SAFETY: the code comes from `precompile_component` in this process or in one that the operator's own compiler
        // trusts as much, or from a file that carries a seal of this installation over exactly this code, in a
        // directory that nobody else can write to. Who could change
        // it after the check is this user, who could seal anything.
        #[expect(unsafe_code, reason = "compiled code cannot be checked, only trusted; see above")]
        unsafe {
            match code {
                Code::Compiled(bytes) => Component::deserialize(&self.engine, bytes),
                Code::Kept(path) => Component::deserialize_file(&self.engine, path),
            }
        }
    }
}

/// Compiled code.
pub(crate) enum Code {
    /// Just made.
    Compiled(Vec<u8>),
    /// In a sealed file, of which only what is executed is read.
    Kept(PathBuf),
}

/// Compiled code is kept by the component that it is of. Another adapter makes another one of the same file.
fn code_key(file: Digest, adapter: Option<&str>, component: &[u8]) -> Digest {
    if adapter.is_some() { Digest::of(component) } else { file }
}

/// The component of a module, or what the module is if there is none.
fn adapt_module(module: &[u8], survey: &Survey<'_>) -> Result<Vec<u8>, LoadError> {
    survey.check_module()?;
    adapt(module).map_err(|error| survey.refusal_of_imports().map_or(error, LoadError::from))
}
