//! What a skill may consist of, counted before anything of it is compiled.
//!
//! A few hundred bytes can ask for a billion instances, and a few megabytes for hours of the compiler. Everything that
//! the work of loading follows is counted while the file is parsed, which takes as long as reading it.

use thiserror::Error;
use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentTypeRef, Encoding, FunctionBody, Instance, Operator, Parser, Payload,
};

/// Core and component instances that one instantiation comes to. Stops components that instantiate each other, ten
/// times each: nine of them, in 761 bytes, come to a billion.
const INSTANCES_MAX: u64 = 1_000;
/// Components and modules inside each other. Stops a parser from being asked to nest without end.
const NESTING_MAX: usize = 64;
/// Functions of all modules. Stops empty functions, of which each takes the compiler as long as a short one.
const FUNCTIONS_MAX: u64 = 150_000;
/// Types of all modules and components. Stops what is looked up in each type that there is.
const TYPES_MAX: u64 = 200_000;
/// Tables and memories of all modules. Stops what is reserved for each.
const TABLES_AND_MEMORIES_MAX: u64 = 1_000;
/// Imports, exports, globals, elements and data segments of all modules and components. Stops lists without end.
const ENTRIES_MAX: u64 = 1_000_000;
/// Locals of all functions, parameters apart. Stops functions of 50,000 locals each: the compiler looks after each in
/// each block.
const LOCALS_MAX: u64 = 2_000_000;
/// Targets of all jump tables. Stops tables whose every entry is an edge for the compiler: six million take gigabytes.
const JUMP_TARGETS_MAX: u64 = 500_000;

/// A skill that asks the host for more than it may.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BoundsError {
    /// It has more of something than a skill may have.
    #[error("it has {what} past the limit of {max}: nothing of it was compiled")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// At most so many.
        max: u64,
    },
    /// It cannot be parsed.
    #[error("{0}")]
    Malformed(String),
}

impl From<BinaryReaderError> for BoundsError {
    fn from(error: BinaryReaderError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Counts what a component or module asks for, before anything of it is compiled.
///
/// # Errors
/// It has more of something than it may, or cannot be parsed.
pub(crate) fn check(bytes: &[u8]) -> Result<(), BoundsError> {
    let mut counts = Counts::default();
    let mut frames: Vec<Frame> = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        counts.take(payload?, &mut frames)?;
    }
    Ok(())
}

/// One component or module that is being parsed.
#[derive(Default)]
struct Frame {
    is_component: bool,
    /// Instances that one instantiation of it comes to, itself apart.
    instances: u64,
    /// What an instantiation of each of its components comes to, by index.
    components: Vec<u64>,
}

#[derive(Default)]
struct Counts {
    functions: u64,
    types: u64,
    tables: u64,
    entries: u64,
    locals: u64,
    targets: u64,
    /// The most that an instantiation of any component until now comes to: for one that is handed in from elsewhere.
    largest: u64,
}

fn within(what: &'static str, count: u64, max: u64) -> Result<(), BoundsError> {
    if count > max { Err(BoundsError::TooMany { what, max }) } else { Ok(()) }
}

/// Adds to a count, and holds it against its limit.
fn add(to: &mut u64, by: impl Into<u64>, what: &'static str, max: u64) -> Result<(), BoundsError> {
    *to = to.saturating_add(by.into());
    within(what, *to, max)
}

impl Counts {
    fn take(&mut self, payload: Payload<'_>, frames: &mut Vec<Frame>) -> Result<(), BoundsError> {
        const ENTRIES: &str = "imports, exports, globals, elements and segments";
        let entries = |sum: &mut u64, count: u32| add(sum, count, ENTRIES, ENTRIES_MAX);
        match payload {
            Payload::Version { encoding, .. } => {
                within("components inside each other", frames.len() as u64 + 1, NESTING_MAX as u64)?;
                frames.push(Frame { is_component: encoding == Encoding::Component, ..Frame::default() });
            }
            Payload::End(_) => self.close(frames),
            Payload::TypeSection(section) => self.types(section.count())?,
            Payload::CoreTypeSection(section) => self.types(section.count())?,
            Payload::ComponentTypeSection(section) => self.types(section.count())?,
            Payload::FunctionSection(section) => {
                add(&mut self.functions, section.count(), "functions", FUNCTIONS_MAX)?;
            }
            Payload::TableSection(section) => self.tables(section.count())?,
            Payload::MemorySection(section) => self.tables(section.count())?,
            Payload::ImportSection(section) => entries(&mut self.entries, section.count())?,
            Payload::ExportSection(section) => entries(&mut self.entries, section.count())?,
            Payload::GlobalSection(section) => entries(&mut self.entries, section.count())?,
            Payload::ElementSection(section) => entries(&mut self.entries, section.count())?,
            Payload::DataSection(section) => entries(&mut self.entries, section.count())?,
            Payload::CodeSectionEntry(body) => self.body(&body)?,
            Payload::ComponentCanonicalSection(section) => entries(&mut self.entries, section.count())?,
            Payload::ComponentImportSection(section) => {
                entries(&mut self.entries, section.count())?;
                for import in section {
                    if let ComponentTypeRef::Component(_) = import?.ty {
                        self.add_component(frames, None);
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                entries(&mut self.entries, section.count())?;
                for export in section {
                    let export = export?;
                    if export.kind == ComponentExternalKind::Component {
                        let instances = frames
                            .last()
                            .and_then(|frame| frame.components.get(export.index as usize).copied());
                        self.add_component(frames, instances);
                    }
                }
            }
            Payload::ComponentAliasSection(section) => {
                entries(&mut self.entries, section.count())?;
                for alias in section {
                    self.alias(frames, &alias?);
                }
            }
            Payload::InstanceSection(section) => {
                for instance in section {
                    let instances = match instance? {
                        Instance::Instantiate { .. } => 1,
                        Instance::FromExports(exports) => {
                            add(&mut self.entries, exports.len() as u64, ENTRIES, ENTRIES_MAX)?;
                            0
                        }
                    };
                    Self::instantiate(frames, instances)?;
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    let instances = match instance? {
                        ComponentInstance::Instantiate { component_index, .. } => {
                            let known = frames
                                .last()
                                .and_then(|frame| frame.components.get(component_index as usize));
                            known.copied().unwrap_or(self.largest).saturating_add(1)
                        }
                        ComponentInstance::FromExports(_) => 0,
                    };
                    Self::instantiate(frames, instances)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What was parsed is a component of the one around it.
    fn close(&mut self, frames: &mut Vec<Frame>) {
        let Some(done) = frames.pop() else { return };
        if done.is_component && !frames.is_empty() {
            self.largest = self.largest.max(done.instances);
            self.add_component(frames, Some(done.instances));
        }
    }

    /// One more component that can be instantiated here; none: nobody says which.
    fn add_component(&self, frames: &mut [Frame], instances: Option<u64>) {
        if let Some(frame) = frames.last_mut() {
            frame.components.push(instances.unwrap_or(self.largest));
        }
    }

    fn alias(&self, frames: &mut [Frame], alias: &ComponentAlias<'_>) {
        match *alias {
            ComponentAlias::InstanceExport { kind: ComponentExternalKind::Component, .. } => {
                self.add_component(frames, None);
            }
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, count, index } => {
                let at = frames.len().checked_sub(1 + count as usize);
                let outer = at.and_then(|at| frames.get(at)?.components.get(index as usize).copied());
                self.add_component(frames, outer);
            }
            _ => {}
        }
    }

    fn instantiate(frames: &mut [Frame], instances: u64) -> Result<(), BoundsError> {
        let Some(frame) = frames.last_mut() else { return Ok(()) };
        add(&mut frame.instances, instances, "instances of modules and components", INSTANCES_MAX)
    }

    fn types(&mut self, count: u32) -> Result<(), BoundsError> {
        add(&mut self.types, count, "types", TYPES_MAX)
    }

    fn tables(&mut self, count: u32) -> Result<(), BoundsError> {
        add(&mut self.tables, count, "tables and memories", TABLES_AND_MEMORIES_MAX)
    }

    fn body(&mut self, body: &FunctionBody<'_>) -> Result<(), BoundsError> {
        for locals in body.get_locals_reader()? {
            add(&mut self.locals, locals?.0, "locals of functions", LOCALS_MAX)?;
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            if let Operator::BrTable { targets } = operators.read()? {
                add(&mut self.targets, targets.len(), "targets of jump tables", JUMP_TARGETS_MAX)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{BoundsError, check};

    fn refused(text: &str) -> &'static str {
        match check(&wat::parse_str(text).unwrap()) {
            Err(BoundsError::TooMany { what, .. }) => what,
            other => panic!("{other:?}"),
        }
    }

    /// `levels` components, each instantiating the one before ten times.
    fn nested(levels: usize) -> String {
        let mut text = String::from("(component (component $c0)");
        for level in 1..=levels {
            let before = level - 1;
            let instances = format!("(instance (instantiate $i{before}))").repeat(10);
            let alias = format!("(alias outer 1 $c{before} (component $i{before}))");
            text.push_str(&format!("(component $c{level} {alias} {instances})"));
        }
        text + &format!("(instance (instantiate $c{levels})))")
    }

    #[test]
    fn instances_are_counted_over_all_levels() {
        assert_eq!(refused(&nested(9)), "instances of modules and components");
        assert_eq!(refused(&nested(30)), "instances of modules and components");
        assert_eq!(check(&wat::parse_str(nested(2)).unwrap()), Ok(()));
    }

    #[test]
    fn components_that_are_handed_around_count_as_the_largest() {
        let large = "(instance (instantiate $m))".repeat(10);
        let text = format!(
            "(component (component $m)
               (component $large {} )
               (component $holds (alias outer 1 $large (component $l)) (export \"c\" (component $l)))
               (instance $i (instantiate $holds))
               (alias export $i \"c\" (component $again))
               {})",
            "(alias outer 1 $m (component $m))".to_owned() + &large,
            "(instance (instantiate $again))".repeat(100)
        );
        assert_eq!(refused(&text), "instances of modules and components");
    }

    #[test]
    fn functions_types_locals_and_jump_tables_are_counted() {
        let functions = format!("(module {})", "(func)".repeat(150_001));
        assert_eq!(refused(&functions), "functions");
        let inside = format!("(component (core module {}))", "(func)".repeat(150_001));
        assert_eq!(refused(&inside), "functions");
        let locals = format!("(func (local {}))", "i32 ".repeat(49_990)).repeat(41);
        assert_eq!(refused(&format!("(module {locals})")), "locals of functions");
        let table = format!("(func (block (br_table {} (i32.const 0))))", "0 ".repeat(6_500)).repeat(80);
        assert_eq!(refused(&format!("(module {table})")), "targets of jump tables");
        let memories = "(memory 0)".repeat(90);
        let many = format!("(component {})", format!("(core module {memories})").repeat(12));
        assert_eq!(refused(&many), "tables and memories");
        let types = format!("(module {})", "(type (func))".repeat(200_001));
        assert_eq!(refused(&types), "types");
        let globals = "(global i32 (i32.const 0))".repeat(1_000_001);
        assert_eq!(
            refused(&format!("(module {globals})")),
            "imports, exports, globals, elements and segments"
        );
    }

    #[test]
    fn what_cannot_be_parsed_is_said_so() {
        assert!(matches!(check(b"\0asm\x01\0\0\0\x01\xff"), Err(BoundsError::Malformed(_))));
    }
}
