//! One core module: an import, a memory, helpers and a start function more, and its bodies with probes.

use wasm_encoder::{
    CodeSection, EntityType, FunctionSection, ImportSection, MemorySection, MemoryType, SectionId,
    StartSection, TypeSection, ValType,
    reencode::{Error, Reencode, utils},
};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, ImportSectionReader, MemorySectionReader, Parser,
    Payload, TypeSectionReader, Validator, WasmFeatures,
};

use super::{
    ENTRY_SITES_MAX, HitFilter, Omission, Probes, SITES_MAX,
    body::{self, Share},
    helpers::{self, Helper},
    layout::{COUNTERS, FUNCTION},
};
use crate::{
    Site,
    dormant::{Code, Shape},
};

type Failure = Error<std::convert::Infallible>;

const PAGE_BYTES: u64 = 1 << 16;
/// Limits of a module, as wasmparser has them: a module that is at one cannot take what probes need.
const MEMORIES_MAX: u32 = 100;
const TYPES_MAX: u32 = 1_000_000;
const FUNCTIONS_MAX: usize = 1_000_000;
const IMPORTS_MAX: u32 = 1_000_000;
/// Bytes of one function.
const BODY_BYTES_MAX: usize = 7_654_321;

/// What a module gets.
pub(super) struct Module<'a> {
    number: u32,
    probes: Probes,
    import: &'a str,
    shape: Shape,
    sites: &'a mut Vec<Site>,
    /// The first site of this module.
    first_site: u32,
    code: &'a Code,
    /// The next body.
    function: u32,
    has_imports: bool,
    has_memories: bool,
    has_start: bool,
    /// The functions as they will be.
    bodies: Vec<Vec<u8>>,
    left_out: &'a mut Vec<Omission>,
}

/// Where a module goes, and by what its probes know each other.
pub(super) struct Context<'a> {
    pub(super) number: u32,
    pub(super) probes: Probes,
    /// The name of the import.
    pub(super) import: &'a str,
}

/// A module with probes.
pub(super) struct RewrittenModule {
    pub(super) bytes: Vec<u8>,
    /// Of the memory that it got.
    pub(super) memory_bytes: u64,
}

/// Rewrites a module; none if it cannot take what probes need, or what came of it is not valid.
pub(super) fn rewrite(
    context: &Context<'_>,
    (parser, module): (&Parser, &[u8]),
    shape: &Shape,
    sites: &mut Vec<Site>,
    code: &Code,
    left_out: &mut Vec<Omission>,
) -> Option<RewrittenModule> {
    if !has_room(shape) {
        return None;
    }
    let mut rewriter = Module::new(context, shape.clone(), sites, code, left_out);
    let first = rewriter.left_out.len();
    rewriter.add_bodies(parser, module).ok()?;
    rewriter.note_used(first);
    let mut out = wasm_encoder::Module::new();
    utils::parse_core_module(&mut rewriter, &mut out, parser.clone(), module).ok()?;
    let memory_bytes = rewriter.memory_bytes();
    let bytes = out.finish();
    // Whatever the encoder does not know, or a limit that is not thought of here, costs this module its probes and
    // no more.
    Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes).ok()?;
    Some(RewrittenModule { bytes, memory_bytes })
}

/// Whether the limits of a module leave room for what probes need.
fn has_room(shape: &Shape) -> bool {
    let helpers = u32::try_from(Helper::ALL.len()).unwrap_or(u32::MAX);
    shape.memories < MEMORIES_MAX
        && shape.types.saturating_add(helpers + 1) <= TYPES_MAX
        && shape.function_types.len() + Helper::ALL.len() + shape.quiet.len() < FUNCTIONS_MAX
        && shape.all_imports < IMPORTS_MAX
}

impl<'a> Module<'a> {
    fn new(
        context: &Context<'a>,
        shape: Shape,
        sites: &'a mut Vec<Site>,
        code: &'a Code,
        left_out: &'a mut Vec<Omission>,
    ) -> Self {
        Self {
            number: context.number,
            probes: context.probes,
            import: context.import,
            function: shape.imported_functions,
            first_site: u32::try_from(sites.len()).unwrap_or(u32::MAX),
            sites,
            code,
            shape,
            has_imports: false,
            has_memories: false,
            has_start: false,
            bodies: Vec::new(),
            left_out,
        }
    }

    /// Rewrites all functions: how many sites they have must be known before the memory is made.
    fn add_bodies(&mut self, parser: &Parser, module: &[u8]) -> Result<(), Failure> {
        for payload in parser.clone().parse_all(module) {
            if let Payload::CodeSectionEntry(body) = payload? {
                self.add_body(&body)?;
                self.function += 1;
            }
        }
        Ok(())
    }

    /// Rewrites one function, with as many probes as it can take.
    fn add_body(&mut self, body: &FunctionBody<'_>) -> Result<(), Failure> {
        let first = self.sites.len();
        for share in [Share::All, Share::Entry, Share::Nothing] {
            self.sites.truncate(first);
            let is_too_long = share == Share::All && body.range().len() > self.probes.body_bytes_max as usize;
            if is_too_long {
                continue;
            }
            let Some(rewritten) = body::rewrite(self, share, body)? else { continue };
            let sites_max = if share == Share::All { SITES_MAX } else { ENTRY_SITES_MAX };
            let fits = rewritten.byte_len() <= BODY_BYTES_MAX && self.sites.len() <= sites_max;
            if share != Share::Nothing && !fits {
                continue;
            }
            if share != Share::All {
                self.leave_out((share == Share::Entry).then_some(first));
            }
            self.bodies.push(rewritten.into_raw_body());
            return Ok(());
        }
        Ok(())
    }

    fn leave_out(&mut self, entry: Option<usize>) {
        self.left_out.push(Omission {
            module: self.number,
            function: Some(self.function),
            functions: 1,
            entry: entry.and_then(|site| u32::try_from(site).ok()),
            reaches_effects: self.code.reaches_effects(self.number, self.function),
            is_used: false,
        });
    }

    /// Says of the functions that were left out, from number `first` of all, whether anything uses them.
    fn note_used(&mut self, first: usize) {
        if self.left_out.len() == first {
            return;
        }
        let mut used = self.code.called(self.number);
        used.extend(self.shape.exported.iter().chain(&self.shape.in_tables).chain(&self.shape.start));
        for omission in &mut self.left_out[first..] {
            omission.is_used = omission.function.is_some_and(|function| used.contains(&function));
        }
    }

    /// The size of the memory of the counters.
    fn memory_bytes(&self) -> u64 {
        self.pages() * PAGE_BYTES
    }

    fn pages(&self) -> u64 {
        let counters = (self.sites.len() - self.first_site as usize) as u64;
        (counters + u64::from(COUNTERS)).div_ceil(PAGE_BYTES) + 1
    }

    /// The index of a helper, once the module is rewritten.
    fn hit(&self) -> u32 {
        self.shape.imported_functions
    }

    pub(super) fn helper(&self, helper: Helper) -> u32 {
        self.shape.imported_functions + self.shape.bodies + 1 + helper as u32
    }

    /// The memory of the counters.
    pub(super) fn counters(&self) -> u32 {
        self.shape.memories
    }

    pub(super) fn gate(&self) -> HitFilter {
        self.probes.gate
    }

    /// Whether functions report what their parameters point at.
    pub(super) fn has_texts(&self) -> bool {
        self.probes.texts
    }

    /// The function that is rewritten now.
    pub(super) fn function(&self) -> u32 {
        self.function
    }

    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Whether an effect can be reached by a call of this function, by its number in the original.
    pub(super) fn reaches_effects(&self, function: u32) -> bool {
        self.code.reaches_effects(self.number, function)
    }

    /// Whether one can be reached by an indirect call of this type.
    pub(super) fn indirect_reaches_effects(&self, ty: u32) -> bool {
        self.code.indirect_reaches_effects(self.number, ty)
    }

    /// A new site: its number in this module.
    pub(super) fn site(&mut self, offset: usize, kind: crate::SiteKind) -> u32 {
        let local = u32::try_from(self.sites.len()).unwrap_or(u32::MAX) - self.first_site;
        self.sites.push(Site { module: self.number, function: self.function, offset: offset as u64, kind });
        local
    }

    /// The function that is exported in the place of one that must be quiet.
    fn quiet(&self, function: u32) -> Option<u32> {
        let at = self.shape.quiet.iter().position(|quiet| *quiet == function)?;
        let behind = u32::try_from(Helper::ALL.len() + at).unwrap_or(0);
        Some(self.helper(Helper::ALL[0]) + behind)
    }

    fn add_imports(&mut self, imports: &mut ImportSection) {
        self.has_imports = true;
        imports.import(self.import, FUNCTION, EntityType::Function(self.shape.types));
    }

    fn add_memories(&mut self, memories: &mut MemorySection) {
        self.has_memories = true;
        let pages = self.pages();
        memories.memory(MemoryType {
            minimum: pages,
            maximum: Some(pages),
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
    }

    fn start(&mut self) -> StartSection {
        self.has_start = true;
        StartSection { function_index: self.helper(Helper::Setup) }
    }
}

/// The order of sections in a module.
fn rank(section: SectionId) -> usize {
    const ORDER: [SectionId; 12] = [
        SectionId::Type,
        SectionId::Import,
        SectionId::Function,
        SectionId::Table,
        SectionId::Memory,
        SectionId::Tag,
        SectionId::Global,
        SectionId::Export,
        SectionId::Start,
        SectionId::Element,
        SectionId::DataCount,
        SectionId::Code,
    ];
    ORDER.iter().position(|known| *known == section).unwrap_or(ORDER.len())
}

impl Reencode for Module<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Failure> {
        Ok(if function >= self.shape.imported_functions { function + 1 } else { function })
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), Failure> {
        utils::parse_type_section(self, types, section)?;
        // The import's type first; then those of the helpers, in their order.
        types.ty().function([ValType::I32, ValType::I64, ValType::I64], [ValType::I64]);
        for helper in Helper::ALL {
            let (parameters, results) = helper.ty();
            types.ty().function(parameters.iter().copied(), results.iter().copied());
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Failure> {
        utils::parse_import_section(self, imports, section)?;
        self.add_imports(imports);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Failure> {
        utils::parse_function_section(self, functions, section)?;
        for helper in Helper::ALL {
            functions.function(self.shape.types + 1 + helper as u32);
        }
        for quiet in &self.shape.quiet {
            functions.function(self.shape.function_types[*quiet as usize]);
        }
        Ok(())
    }

    fn parse_memory_section(
        &mut self,
        memories: &mut MemorySection,
        section: MemorySectionReader<'_>,
    ) -> Result<(), Failure> {
        utils::parse_memory_section(self, memories, section)?;
        self.add_memories(memories);
        Ok(())
    }

    fn start_section(&mut self, _: u32) -> Result<u32, Failure> {
        // The helper calls the original start function of the module.
        Ok(self.start().function_index)
    }

    /// Sections that the module does not have and now needs.
    fn intersperse_section_hook(
        &mut self,
        module: &mut wasm_encoder::Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result<(), Failure> {
        let next = before.map_or(usize::MAX, rank);
        if !self.has_imports && next > rank(SectionId::Import) {
            let mut imports = ImportSection::new();
            self.add_imports(&mut imports);
            module.section(&imports);
        }
        if !self.has_memories && next > rank(SectionId::Memory) {
            let mut memories = MemorySection::new();
            self.add_memories(&mut memories);
            module.section(&memories);
        }
        if !self.has_start && next > rank(SectionId::Start) {
            let start = self.start();
            module.section(&start);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut wasm_encoder::ExportSection,
        export: wasmparser::Export<'_>,
    ) -> Result<(), Failure> {
        let quiet = match export.kind {
            wasmparser::ExternalKind::Func => self.quiet(export.index),
            _ => None,
        };
        match quiet {
            Some(quiet) => {
                exports.export(export.name, wasm_encoder::ExportKind::Func, quiet);
                Ok(())
            }
            None => utils::parse_export(self, exports, export),
        }
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _: CodeSectionReader<'_>,
    ) -> Result<(), Failure> {
        for body in &self.bodies {
            code.raw(body);
        }
        let start = match self.shape.start {
            Some(start) => Some(self.function_index(start)?),
            None => None,
        };
        let place = helpers::HelperContext {
            module: self.number,
            hit: self.hit(),
            first_site: self.first_site,
            counters: self.counters(),
            reads_memory: self.shape.has_plain_memory,
            first: self.helper(Helper::ALL[0]),
        };
        for helper in Helper::ALL {
            code.function(&helpers::body(helper, &place, start));
        }
        for quiet in self.shape.quiet.clone() {
            let parameters = u32::try_from(self.shape.parameters_of(quiet).len()).unwrap_or(0);
            let function = self.function_index(quiet)?;
            code.function(&helpers::quietly(function, parameters, &place));
        }
        Ok(())
    }

    /// Names are by the old numbers, and nobody reads them here.
    fn parse_custom_section(
        &mut self,
        _: &mut wasm_encoder::Module,
        _: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Failure> {
        Ok(())
    }
}
