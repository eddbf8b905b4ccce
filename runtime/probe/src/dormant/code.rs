//! Which calls can reach an effect.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{BinaryReaderError, Operator};

use super::Shape;

/// The calls of a component's modules, and what they can reach.
#[derive(Debug, Clone, Default)]
pub struct Code {
    pub(super) modules: Vec<ModuleCode>,
}

/// The calls of one module.
#[derive(Debug, Clone, Default)]
pub(super) struct ModuleCode {
    pub(super) functions: Vec<FunctionCode>,
    /// Imported functions with an effect, by number: what they do.
    pub(super) effects: BTreeMap<u32, String>,
    /// Functions from which an effect can be reached.
    pub(super) reaching: BTreeSet<u32>,
    /// Types of indirect calls that can come to one of them.
    pub(super) reaching_types: BTreeSet<u32>,
    pub(super) imported: u32,
    pub(super) names: BTreeMap<u32, String>,
}

/// What one function holds.
#[derive(Debug, Clone, Default)]
pub(super) struct FunctionCode {
    /// Where it calls which function.
    pub(super) calls: Vec<(u64, u32)>,
    /// Where it calls a function of a type.
    pub(super) indirect: Vec<(u64, u32)>,
    /// Texts that it names by address: up to some bytes from there on.
    pub(super) texts: Vec<String>,
}

/// Longest text that is kept of what a function names.
const TEXT_BYTES_MAX: usize = 120;
/// Shortest text that says something.
const TEXT_BYTES_MIN: usize = 4;
/// Texts of one function.
const TEXTS_MAX: usize = 16;

impl Code {
    /// A module that is not watched.
    pub(crate) fn add_unwatched(&mut self) {
        self.modules.push(ModuleCode::default());
    }

    pub(crate) fn add(&mut self, module: &[u8], shape: &Shape) -> Result<(), BinaryReaderError> {
        self.modules.push(ModuleCode::of(module, shape)?);
        Ok(())
    }

    /// Whether an effect can be reached by a call of a function.
    pub(crate) fn reaches_effects(&self, module: u32, function: u32) -> bool {
        let own = self.modules.get(module as usize);
        own.is_some_and(|own| own.reaching.contains(&function))
    }

    /// Whether one can be reached by an indirect call of a type.
    pub(crate) fn indirect_reaches_effects(&self, module: u32, ty: u32) -> bool {
        let own = self.modules.get(module as usize);
        own.is_some_and(|own| own.reaching_types.contains(&ty))
    }
}

impl ModuleCode {
    fn of(module: &[u8], shape: &Shape) -> Result<Self, BinaryReaderError> {
        let effects: BTreeMap<u32, String> = (0..)
            .zip(&shape.imports)
            .filter_map(|(number, import)| Some((number, effect_of(&import.module, &import.name)?)))
            .collect();
        let mut functions = vec![FunctionCode::default(); shape.imported_functions as usize];
        Shape::each_body(module, shape.imported_functions, |_, body| {
            let mut own = FunctionCode::default();
            let mut reader = body.get_operators_reader()?;
            while !reader.eof() {
                let (operator, offset) = reader.read_with_offset()?;
                match operator {
                    Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                        own.calls.push((offset as u64, function_index));
                    }
                    Operator::CallIndirect { type_index, .. } => {
                        own.indirect.push((offset as u64, type_index))
                    }
                    Operator::I32Const { value } if own.texts.len() < TEXTS_MAX => {
                        let text = text_at(module, shape, value.cast_unsigned());
                        if let Some(text) = text.filter(|text| !own.texts.contains(text)) {
                            own.texts.push(text);
                        }
                    }
                    _ => {}
                }
            }
            functions.push(own);
            Ok(())
        })?;
        let mut code = Self {
            functions,
            reaching: effects.keys().copied().collect(),
            effects,
            reaching_types: BTreeSet::new(),
            imported: shape.imported_functions,
            names: shape.names.clone(),
        };
        code.spread(shape);
        Ok(code)
    }

    /// From what is reached to what reaches it, until nothing is added.
    fn spread(&mut self, shape: &Shape) {
        let mut callers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut callers_of_type: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (function, own) in (0..).zip(&self.functions) {
            for (_, callee) in &own.calls {
                callers.entry(*callee).or_default().push(function);
            }
            for (_, ty) in &own.indirect {
                callers_of_type.entry(*ty).or_default().push(function);
            }
        }
        let in_tables: BTreeSet<u32> = shape.in_tables.iter().copied().collect();
        let mut open: Vec<u32> = self.reaching.iter().copied().collect();
        while let Some(function) = open.pop() {
            let mut found: Vec<u32> = callers.get(&function).cloned().unwrap_or_default();
            if in_tables.contains(&function)
                && let Some(ty) = shape.function_types.get(function as usize)
                && self.reaching_types.insert(*ty)
            {
                found.extend(callers_of_type.get(ty).into_iter().flatten());
            }
            open.extend(found.into_iter().filter(|caller| self.reaching.insert(*caller)));
        }
    }
}

/// What an imported function does to the outside; none: nothing that lasts. Output is not counted: every skill has
/// some, and panics end there.
fn effect_of(module: &str, name: &str) -> Option<String> {
    let interface = module.split_once('@').map_or(module, |(interface, _)| interface);
    let is_effect = match interface {
        "wasi:filesystem/types" => [
            "open-at",
            "create-directory-at",
            "link-at",
            "remove-directory-at",
            "rename-at",
            "set-size",
            "symlink-at",
            "unlink-file-at",
            "write-via-stream",
            "append-via-stream",
        ]
        .iter()
        .any(|own| name.strip_prefix("[method]descriptor.") == Some(own)),
        "wasi:sockets/tcp" => name == "[method]tcp-socket.start-connect",
        "wasi:sockets/udp" => name == "[method]udp-socket.stream",
        "wasi:sockets/ip-name-lookup" => name == "resolve-addresses",
        "wasi:http/outgoing-handler" => name == "handle",
        "wasi_snapshot_preview1" => matches!(
            name,
            "path_open"
                | "path_create_directory"
                | "path_link"
                | "path_remove_directory"
                | "path_rename"
                | "path_symlink"
                | "path_unlink_file"
                | "sock_send"
        ),
        _ => false,
    };
    is_effect.then(|| format!("{interface} {}", name.trim_start_matches("[method]")))
}

/// The text that lies at an address from the start, if there is one.
fn text_at(module: &[u8], shape: &Shape, address: u32) -> Option<String> {
    const ADDRESS_MIN: u32 = 1024;
    if address < ADDRESS_MIN {
        return None;
    }
    let bytes = shape.data.iter().find_map(|(start, range)| {
        let at = address.checked_sub(*start)? as usize;
        module.get(range.clone())?.get(at..)
    })?;
    let is_text = |byte: &&u8| (0x20..0x7f).contains(*byte);
    let text: Vec<u8> = bytes.iter().take(TEXT_BYTES_MAX).take_while(is_text).copied().collect();
    (text.len() >= TEXT_BYTES_MIN).then(|| String::from_utf8_lossy(&text).into_owned())
}
