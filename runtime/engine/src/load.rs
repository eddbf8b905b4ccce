//! From a file to a skill that can run.

use std::sync::{Arc, Mutex, OnceLock};

use invar_trace::Entry;
use invar_world::Digest;
use wasmparser::Parser;

use crate::{
    bounds,
    cache::{Cache, CacheProblem},
    compile::{Compiler, compile_in},
    config::{self, Runs},
    entry::{check_server, entry},
    error::LoadError,
    imports::{Import, imports},
    imports_of_module::imports_of_module,
    linked::{Binary, Code, CodePlace, Linked, LinkedEngine},
    not_wasm::NotWasm,
    slots::Slots,
    survey::Survey,
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
    pub(crate) fn placed(&self, code: &Code) -> Result<(&LinkedEngine, Binary), LoadError> {
        let pooled = self.pooled.as_ref().and_then(|engine| Some((engine, engine.binary(code).ok()?)));
        match pooled {
            Some(pooled) => Ok(pooled),
            None => Ok((&self.on_demand, self.on_demand.binary(code).map_err(LoadError::invalid)?)),
        }
    }
}

/// A skill, compiled and linked.
#[derive(Clone)]
pub struct Skill {
    /// SHA-256 of the file.
    pub digest: Digest,
    /// The entry point.
    pub entry: Entry,
    /// The interfaces it imports, in order.
    pub imports: Vec<Import>,
    /// The file: a component, or a module for WASI p1.
    pub component: Arc<[u8]>,
    /// Ready to be instantiated.
    pub(crate) linked: Linked,
}

impl Skill {
    /// Whether it is a module for WASI p1.
    #[must_use]
    pub fn is_module(&self) -> bool {
        matches!(self.linked, Linked::Module(_))
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
        if Parser::is_core_wasm(file) {
            survey.check_module()?;
        }
        let digest = Digest::of(file);
        let code = self.code(&self.originals, digest, file).map_err(|error| explained(error, &survey))?;
        let (linked_engine, binary) = self.originals.placed(&code)?;
        let (imports, entry) = match &binary {
            Binary::Component(component) => {
                check_server(&linked_engine.engine, component)?;
                let imports = imports(&linked_engine.engine, component)?;
                (imports, entry(&linked_engine.engine, component)?.0)
            }
            Binary::Module(module) => (imports_of_module(module), Entry::Command),
        };
        let linked = linked_engine.link(&linked_engine.linkers, &binary);
        let linked = linked.map_err(|error| explained(error, &survey))?;
        Ok(Skill { digest, entry, imports, component: Arc::from(file), linked })
    }

    /// The same skill outside the pool, as one that does not fit there runs.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub fn outside_pool(&self, file: &[u8]) -> Result<Skill, LoadError> {
        let skill = self.load(file)?;
        let code = self.code(&self.originals, skill.digest, &skill.component)?;
        let engine = &self.originals.on_demand;
        let binary = engine.binary(&code).map_err(LoadError::invalid)?;
        Ok(Skill { linked: engine.link(&engine.linkers, &binary)?, ..skill })
    }

    /// The compiled code: from the cache if it is sealed there.
    pub(crate) fn code(
        &self,
        engines: &LinkedEngines,
        digest: Digest,
        component: &[u8],
    ) -> Result<Code, LoadError> {
        let is_module = Parser::is_core_wasm(component);
        let code = |at| Code { at, is_module };
        let cached = self.cache.as_ref().map_or(Ok(None), |cache| cache.load(digest, engines.code_digest));
        match cached {
            Ok(Some(path)) => return Ok(code(CodePlace::Kept(path))),
            Ok(None) => {}
            Err(problem) => self.note(problem),
        }
        let compiled = match &self.compiler {
            Some(compiler) => compiler.compile(engines.runs, component)?,
            None => compile_in(&engines.on_demand.engine, component)?,
        };
        if let Some(cache) = &self.cache
            && let Err(problem) = cache.store(digest, engines.code_digest, &compiled)
        {
            self.note(problem);
        }
        Ok(code(CodePlace::Compiled(compiled)))
    }

    fn note(&self, problem: CacheProblem) {
        let mut problems = self.problems.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
}

/// An error in the words of what the file is, if that says more.
fn explained(error: LoadError, survey: &Survey<'_>) -> LoadError {
    let refusal = match &error {
        LoadError::Invalid(_) => survey.refusal_of_invalid(),
        LoadError::UnknownFunction(_) | LoadError::NotLinkable(_) => survey.refusal_of_imports(),
        _ => None,
    };
    refusal.map_or(error, LoadError::from)
}
