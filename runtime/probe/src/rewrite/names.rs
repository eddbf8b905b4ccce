//! A name that nothing in a component or module has, for the import of its probes.

use std::collections::BTreeSet;

use invar_trace::PROBE_IMPORT;
use wasmparser::{BinaryReaderError, ComponentInstance, Instance, Parser, Payload};

/// The first free one of `invar-probe`, `invar-probe-n1`, `invar-probe-n2` and so on: the same component always gets
/// the same.
pub(super) fn free(component: &[u8]) -> Result<String, BinaryReaderError> {
    let taken = taken(component)?;
    let more = (1u64..).map(|number| format!("{PROBE_IMPORT}-n{number}"));
    let mut all = std::iter::once(PROBE_IMPORT.to_owned()).chain(more);
    // There are more names than a component can hold.
    Ok(all.find(|name| !taken.contains(name)).unwrap_or_else(|| PROBE_IMPORT.to_owned()))
}

/// Names that begin like ours, of imports and of what is handed to an instantiation, at any depth. Names of a
/// component are the same whatever their case. Modules inside a component have no say in it: the component gives them
/// what they import.
fn taken(component: &[u8]) -> Result<BTreeSet<String>, BinaryReaderError> {
    let mut taken = BTreeSet::new();
    let mut take = |name: &str| {
        let name = name.to_ascii_lowercase();
        if name.starts_with(PROBE_IMPORT) {
            taken.insert(name);
        }
    };
    let is_module = Parser::is_core_wasm(component);
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ImportSection(imports) if is_module => {
                for import in imports.into_imports() {
                    take(import?.module);
                }
            }
            Payload::ComponentImportSection(imports) => {
                for import in imports {
                    take(import?.name.name);
                }
            }
            Payload::InstanceSection(instances) => {
                for instance in instances {
                    if let Instance::Instantiate { args, .. } = instance? {
                        args.iter().for_each(|arg| take(arg.name));
                    }
                }
            }
            Payload::ComponentInstanceSection(instances) => {
                for instance in instances {
                    if let ComponentInstance::Instantiate { args, .. } = instance? {
                        args.iter().for_each(|arg| take(arg.name));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::free;

    fn name(fields: &str) -> String {
        free(&wat::parse_str(format!("(component {fields})")).unwrap()).unwrap()
    }

    #[test]
    fn the_first_name_that_is_free_is_taken_whatever_the_case_of_the_others() {
        assert_eq!(name(""), "invar-probe");
        let import = |name: &str| format!(r#"(import "{name}" (func))"#);
        assert_eq!(name(&import("invar-probe")), "invar-probe-n1");
        assert_eq!(name(&import("INVAR-probe")), "invar-probe-n1");
        assert_eq!(name(&[import("invar-probe"), import("invar-probe-n1")].concat()), "invar-probe-n2");
        assert_eq!(name(&import("invar-probe-n1")), "invar-probe");
        let inner = format!("(component {})", import("invar-probe"));
        assert_eq!(name(&inner), "invar-probe-n1", "at any depth");
        let module = wat::parse_str(r#"(module (import "invar-probe" "hit" (func)))"#).unwrap();
        assert_eq!(free(&module).unwrap(), "invar-probe-n1");
    }
}
