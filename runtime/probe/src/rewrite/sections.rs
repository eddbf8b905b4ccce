//! The sections of a module: an import, a memory, helpers and a start function more.

use invar_trace::PROBE_FUNCTION;
use wasm_encoder::{
    CodeSection, EntityType, FunctionSection, ImportSection, MemorySection, MemoryType, SectionId,
    StartSection, TypeSection, ValType,
    reencode::{Error, Reencode, utils},
};
use wasmparser::{
    CodeSectionReader, FunctionSectionReader, ImportSectionReader, MemorySectionReader, TypeSectionReader,
};

use super::{
    HitFilter, Omission, Probes,
    helpers::{self, Helper},
    layout::COUNTERS,
};
use crate::{
    Site,
    dormant::{Code, Shape},
};

type Failure = Error<std::convert::Infallible>;

const PAGE_BYTES: u64 = 1 << 16;

/// What a module gets.
pub(super) struct Module<'a> {
    pub(super) number: u32,
    pub(super) probes: Probes,
    import: &'a str,
    pub(super) shape: Shape,
    pub(super) sites: &'a mut Vec<Site>,
    /// The first site of this module.
    first_site: u32,
    pub(super) code: &'a Code,
    /// The next body.
    pub(super) function: u32,
    has_imports: bool,
    has_memories: bool,
    has_start: bool,
    /// The functions as they will be.
    pub(super) bodies: Vec<Vec<u8>>,
    pub(super) left_out: &'a mut Vec<Omission>,
}

/// Where a module goes, and by what its probes know each other.
pub(super) struct Context<'a> {
    pub(super) number: u32,
    pub(super) probes: Probes,
    /// The name of the import.
    pub(super) import: &'a str,
}

impl<'a> Module<'a> {
    pub(super) fn new(
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

    /// The size of the memory of the counters.
    pub(super) fn memory_bytes(&self) -> u64 {
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
        imports.import(self.import, PROBE_FUNCTION, EntityType::Function(self.shape.types));
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
