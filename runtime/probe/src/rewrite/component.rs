//! The component around the modules: one more import, handed to each of them.

use invar_trace::PROBE_IMPORT;
use wasm_encoder::{
    CanonicalFunctionSection, Component, ComponentImportSection, ComponentTypeRef, ComponentTypeSection,
    ExportKind, InstanceSection, ModuleArg, ModuleSection, PrimitiveValType,
    reencode::{Error, Reencode, ReencodeComponent, component_utils},
};
use wasmparser::{ComponentImportSectionReader, Instance, InstantiationArgKind, Parser};

use super::{
    Gate, Instrumented, RewriteError, SITES_MAX,
    layout::FUNCTION,
    module::{Module, is_adapter},
};
use crate::{Site, dormant::Code};

type Failure = Error<std::convert::Infallible>;

/// Rewrites a valid component.
pub(super) fn rewrite(component: &[u8], gate: Gate) -> Result<Instrumented, RewriteError> {
    let mut rewriter = Rewriter { gate, ..Rewriter::default() };
    let mut out = Component::new();
    begin(&mut out);
    rewriter
        .parse_component(&mut out, Parser::new(0), component)
        .map_err(|error| RewriteError::Encoding(error.to_string()))?;
    if rewriter.is_taken {
        return Err(RewriteError::Taken);
    }
    if rewriter.sites.len() > SITES_MAX as usize {
        return Err(RewriteError::TooLarge { max: SITES_MAX });
    }
    let Rewriter { sites, code, left_alone, .. } = rewriter;
    Ok(Instrumented { bytes: out.finish(), sites, code, left_alone })
}

/// Defines, before everything else, a type, the import, its lowering and an instance that exports it: one more
/// index in each of those spaces, for whatever comes after.
fn begin(out: &mut Component) {
    let mut types = ComponentTypeSection::new();
    types
        .function()
        .params([
            ("site", PrimitiveValType::U32),
            ("left", PrimitiveValType::U64),
            ("right", PrimitiveValType::U64),
        ])
        .result(Some(PrimitiveValType::U64.into()));
    out.section(&types);
    let mut imports = ComponentImportSection::new();
    imports.import(PROBE_IMPORT, ComponentTypeRef::Func(0));
    out.section(&imports);
    let mut canonical = CanonicalFunctionSection::new();
    canonical.lower(0, []);
    out.section(&canonical);
    let mut instances = InstanceSection::new();
    instances.export_items([(FUNCTION, ExportKind::Func, 0)]);
    out.section(&instances);
}

/// Definitions that [`begin`] puts before those of the component, in each index space that it touches.
const SHIFT: u32 = 1;
/// The core instance that exports the import.
const PROBE_INSTANCE: u32 = 0;

#[derive(Default)]
struct Rewriter {
    gate: Gate,
    /// How deep inside types and nested components; the outermost component is 0.
    depth: u32,
    sites: Vec<Site>,
    code: Code,
    /// For each module of the outermost component, whether it was rewritten.
    modules: Vec<bool>,
    left_alone: u32,
    /// Whether the component has something of the name that the import gets.
    is_taken: bool,
}

impl Rewriter {
    fn shift(&self, index: u32) -> u32 {
        if self.depth == 0 { index + SHIFT } else { index }
    }
}

impl Reencode for Rewriter {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Failure> {
        Ok(self.shift(function))
    }
}

impl ReencodeComponent for Rewriter {
    fn component_type_index(&mut self, ty: u32) -> u32 {
        self.shift(ty)
    }

    fn component_func_index(&mut self, function: u32) -> u32 {
        self.shift(function)
    }

    fn instance_index(&mut self, instance: u32) -> u32 {
        self.shift(instance)
    }

    fn outer_component_type_index(&mut self, count: u32, ty: u32) -> u32 {
        if self.depth == count { ty + SHIFT } else { ty }
    }

    fn push_depth(&mut self) {
        self.depth += 1;
    }

    fn pop_depth(&mut self) {
        self.depth -= 1;
    }

    fn parse_component_import_section(
        &mut self,
        imports: &mut ComponentImportSection,
        section: ComponentImportSectionReader<'_>,
    ) -> Result<(), Failure> {
        for import in section {
            let import = import?;
            self.is_taken |= self.depth == 0 && import.name.name == PROBE_IMPORT;
            imports.import(import.name, self.component_type_ref(import.ty)?);
        }
        Ok(())
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        parser: Parser,
        module: &[u8],
    ) -> Result<(), Failure> {
        if self.depth > 0 {
            self.left_alone += 1;
            return copy(component, module);
        }
        let number = u32::try_from(self.modules.len()).unwrap_or(u32::MAX);
        // What joins a p1 module to the interfaces is not the skill's code.
        let is_watched = !is_adapter(module)?;
        self.modules.push(is_watched);
        if !is_watched {
            self.code.add_unwatched();
            return copy(component, module);
        }
        let mut out = wasm_encoder::Module::new();
        let at = (parser.offset(), module);
        let mut rewriter = Module::new(number, self.gate, at, &mut self.sites, &mut self.code)?;
        wasm_encoder::reencode::utils::parse_core_module(&mut rewriter, &mut out, parser, module)?;
        component.section(&ModuleSection(&out));
        Ok(())
    }

    fn parse_instance(
        &mut self,
        instances: &mut InstanceSection,
        instance: Instance<'_>,
    ) -> Result<(), Failure> {
        match instance {
            Instance::Instantiate { module_index, args }
                if self.depth == 0 && self.modules.get(module_index as usize) == Some(&true) =>
            {
                self.is_taken |= args.iter().any(|arg| arg.name == PROBE_IMPORT);
                let own = args.iter().map(|arg| match arg.kind {
                    InstantiationArgKind::Instance => {
                        (arg.name, ModuleArg::Instance(self.instance_index(arg.index)))
                    }
                });
                let probe = (PROBE_IMPORT, ModuleArg::Instance(PROBE_INSTANCE));
                let all: Vec<_> = own.chain([probe]).collect();
                instances.instantiate(module_index, all);
                Ok(())
            }
            other => component_utils::parse_instance(self, instances, other),
        }
    }
}

/// A module as it is.
fn copy(component: &mut Component, module: &[u8]) -> Result<(), Failure> {
    component.section(&wasm_encoder::RawSection {
        id: wasm_encoder::ComponentSectionId::CoreModule.into(),
        data: module,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{Gate, RewriteError, instrument};

    #[test]
    fn a_component_with_something_of_the_name_of_the_probe_is_refused() {
        let component = |text: &str| wat::parse_str(format!("(component {text})")).unwrap();
        let import = component(r#"(import "invar-probe" (func (param "site" u32) (result u64)))"#);
        assert_eq!(instrument(&import, Gate::First).unwrap_err(), RewriteError::Taken);
        let argument = component(
            r#"(core module $a (func (export "hit")))
               (core module $b (import "invar-probe" "hit" (func)) (func (export "run") (call 0)))
               (core instance $a (instantiate $a))
               (core instance (instantiate $b (with "invar-probe" (instance $a))))"#,
        );
        assert_eq!(instrument(&argument, Gate::First).unwrap_err(), RewriteError::Taken);
        assert!(instrument(&component(""), Gate::First).is_ok());
    }
}
