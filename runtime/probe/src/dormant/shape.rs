//! What a core module is made of, as far as probes and calls go.

use wasmparser::{
    BinaryReaderError, CompositeInnerType, DataKind, ElementItems, ElementKind, FunctionBody, Operator,
    Parser, Payload, TypeRef, ValType,
};

/// A function that a module imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) module: String,
    pub(crate) name: String,
}

/// What a module is made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    /// Parameters of each type; empty for what is not a function.
    parameters: Vec<Vec<ValType>>,
    /// How many results each type has.
    results: Vec<usize>,
    pub(crate) types: u32,
    /// Imported functions, in order.
    pub(crate) imports: Vec<Import>,
    pub(crate) imported_functions: u32,
    /// Type of every function, imported ones first.
    pub(crate) function_types: Vec<u32>,
    /// Functions with a body.
    pub(crate) bodies: u32,
    pub(crate) code_bytes: u32,
    /// Imports of every kind.
    pub(crate) all_imports: u32,
    /// Functions that are exported.
    pub(crate) exported: Vec<u32>,
    pub(crate) memories: u32,
    /// Whether memory 0 is there and has 32-bit addresses.
    pub(crate) has_plain_memory: bool,
    pub(crate) start: Option<u32>,
    /// Functions that are called while the component must not call out: those that allocate memory for an answer,
    /// and those that free it.
    pub(crate) quiet: Vec<u32>,
    /// Functions whose address is taken.
    pub(crate) in_tables: Vec<u32>,
    /// Those of the first table with a fixed place, and the place.
    pub(crate) table: Vec<(u32, u32)>,
    /// Whether each table has 32-bit indices.
    tables: Vec<bool>,
    /// What lies in memory from the start: address and bytes.
    pub(crate) data: Vec<(u32, std::ops::Range<usize>)>,
    /// Names of functions, where the module has kept them.
    pub(crate) names: std::collections::BTreeMap<u32, String>,
}

/// Where a segment begins in the first table, if that is fixed.
fn start_in_table(kind: &ElementKind<'_>) -> Result<Option<u32>, BinaryReaderError> {
    let ElementKind::Active { table_index: None | Some(0), offset_expr } = kind else { return Ok(None) };
    Ok(match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    })
}

impl Shape {
    pub(crate) fn of(module: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut shape = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            shape.section(payload?)?;
        }
        Ok(shape)
    }

    /// Calls `visit` with each body and the number of its function.
    pub(crate) fn each_body(
        module: &[u8],
        imported: u32,
        mut visit: impl FnMut(u32, FunctionBody<'_>) -> Result<(), BinaryReaderError>,
    ) -> Result<(), BinaryReaderError> {
        let mut function = imported;
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CodeSectionEntry(body) = payload? {
                visit(function, body)?;
                function += 1;
            }
        }
        Ok(())
    }

    /// Parameters of a function.
    pub(crate) fn parameters_of(&self, function: u32) -> &[ValType] {
        let ty = self.function_types.get(function as usize);
        ty.and_then(|ty| self.parameters.get(*ty as usize)).map_or(&[], Vec::as_slice)
    }

    /// Whether an exported function is called while the component must not call out. The name alone is no proof: a
    /// skill can give it to anything, and what is quiet reports nothing. Only what allocates has four parameters and a
    /// result, and only what frees has no result.
    fn is_quiet(&self, name: &str, function: u32) -> bool {
        const REALLOC_PARAMETERS: usize = 4;
        let ty = self.function_types.get(function as usize).map(|ty| *ty as usize);
        let results = ty.and_then(|ty| self.results.get(ty)).copied();
        match results {
            Some(1) => name.contains("realloc") && self.parameters_of(function).len() == REALLOC_PARAMETERS,
            Some(0) => name.starts_with("cabi_post_"),
            _ => false,
        }
    }

    fn section(&mut self, payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types {
                    for ty in group?.into_types() {
                        self.types += 1;
                        let (parameters, results) = match ty.composite_type.inner {
                            CompositeInnerType::Func(function) => {
                                (function.params().to_vec(), function.results().len())
                            }
                            _ => (Vec::new(), 0),
                        };
                        self.parameters.push(parameters);
                        self.results.push(results);
                    }
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    self.all_imports += 1;
                    match import.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                            self.imported_functions += 1;
                            self.function_types.push(ty);
                            let (module, name) = (import.module.to_owned(), import.name.to_owned());
                            self.imports.push(Import { module, name });
                        }
                        TypeRef::Memory(ty) => self.memory(ty.memory64),
                        TypeRef::Table(ty) => self.tables.push(!ty.table64),
                        _ => {}
                    }
                }
            }
            Payload::FunctionSection(functions) => {
                for ty in functions {
                    self.function_types.push(ty?);
                }
            }
            Payload::MemorySection(memories) => {
                for ty in memories {
                    self.memory(ty?.memory64);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(!table?.ty.table64);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    let is_quiet = self.is_quiet(export.name, export.index);
                    let is_function = export.kind == wasmparser::ExternalKind::Func;
                    if is_function {
                        self.exported.push(export.index);
                    }
                    if is_quiet && is_function && !self.quiet.contains(&export.index) {
                        self.quiet.push(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(elements) => {
                for element in elements {
                    let element = element?;
                    let start = start_in_table(&element.kind)?;
                    match element.items {
                        ElementItems::Functions(functions) => {
                            for (at, function) in (0u32..).zip(functions) {
                                let function = function?;
                                self.in_tables.push(function);
                                self.table.extend(start.map(|start| (start.wrapping_add(at), function)));
                            }
                        }
                        ElementItems::Expressions(_, expressions) => {
                            for expression in expressions {
                                for operator in expression?.get_operators_reader() {
                                    if let Operator::RefFunc { function_index } = operator? {
                                        self.in_tables.push(function_index);
                                    }
                                }
                            }
                        }
                    }
                }
            }
            Payload::CodeSectionStart { count, size, .. } => (self.bodies, self.code_bytes) = (count, size),
            Payload::DataSection(data) => {
                for segment in data {
                    let segment = segment?;
                    let DataKind::Active { memory_index: 0, offset_expr } = segment.kind else { continue };
                    let mut operators = offset_expr.get_operators_reader();
                    if let Operator::I32Const { value } = operators.read()? {
                        let end = segment.range.end;
                        self.data.push((value.cast_unsigned(), end - segment.data.len()..end));
                    }
                }
            }
            Payload::CustomSection(section) => {
                if let wasmparser::KnownCustom::Name(names) = section.as_known() {
                    for subsection in names.into_iter().flatten() {
                        if let wasmparser::Name::Function(functions) = subsection {
                            let named = functions.into_iter().flatten();
                            self.names.extend(named.map(|naming| (naming.index, naming.name.to_owned())));
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether the first table has 32-bit indices.
    pub(crate) fn has_plain_table(&self) -> bool {
        self.tables.first().copied().unwrap_or(false)
    }

    fn memory(&mut self, is_64: bool) {
        if self.memories == 0 {
            self.has_plain_memory = !is_64;
        }
        self.memories += 1;
    }
}
