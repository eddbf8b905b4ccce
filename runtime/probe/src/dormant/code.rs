//! Which calls can reach an effect.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{BinaryReaderError, Operator};

use crate::literals::quoted;

use super::{
    Shape,
    effects::{EffectSet, Effects, effect_of},
    texts::{Memory, Texts},
};

/// The calls of a component's modules, and what they can reach.
#[derive(Debug, Clone, Default)]
pub struct Code {
    pub(crate) modules: Vec<ModuleCode>,
    pub(super) effects: Effects,
    pub(crate) texts: Texts,
    /// Literals of scripts in the data.
    pub(crate) scripted: Vec<String>,
}

/// The calls of one module.
#[derive(Debug, Clone, Default)]
pub(crate) struct ModuleCode {
    /// Imported ones first.
    pub(crate) functions: Vec<FunctionCode>,
    /// Functions that are imported.
    pub(super) imported: u32,
    /// Effects that can be reached from each function by calls that name it. For an imported one, its effect.
    pub(super) reach: Vec<EffectSet>,
    /// Functions from which an effect can be reached, indirect calls included.
    reaching: BTreeSet<u32>,
    /// Types of indirect calls that can come to one of them.
    reaching_types: BTreeSet<u32>,
    pub(super) names: BTreeMap<u32, String>,
    /// Indices of the first table, each with the function there, by its type; those from which an effect can be reached first.
    by_type: BTreeMap<u32, Vec<(u32, u32)>>,
}

/// What one function holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct FunctionCode {
    /// Where it calls which function.
    pub(super) calls: Vec<(u64, u32)>,
    /// Types of functions that it calls by their addresses.
    pub(super) indirect: Vec<u32>,
    /// Where it names which text.
    pub(crate) texts: Vec<(u64, u32)>,
    /// Where straight pieces of code begin, if it names texts.
    pub(super) pieces: Vec<u64>,
}

/// Places in one function at which it names a text.
const TEXTS_MAX: usize = 64;

impl Code {
    /// A module that is not watched.
    pub(crate) fn add_unwatched(&mut self) {
        self.modules.push(ModuleCode::default());
    }

    /// A module that begins at `base` of the component.
    pub(crate) fn add(&mut self, module: &[u8], base: u64, shape: &Shape) -> Result<(), BinaryReaderError> {
        let mut memory = Memory::of(module, shape);
        let functions = functions(module, base, shape, &mut memory)?;
        let mut scripted = std::mem::take(&mut self.scripted).into_iter().collect();
        shape.data.iter().for_each(|(_, range)| quoted(&module[range.clone()], &mut scripted));
        self.scripted = scripted.into_iter().collect();
        let mut code = ModuleCode {
            reach: vec![0; functions.len()],
            functions,
            imported: shape.imported_functions,
            reaching: BTreeSet::new(),
            reaching_types: BTreeSet::new(),
            names: shape.names.clone(),
            by_type: BTreeMap::new(),
        };
        for (function, offset, text) in memory.resolve(&mut self.texts) {
            code.functions[function].texts.push((offset, text));
        }
        for function in code.functions.iter_mut().filter(|function| function.texts.is_empty()) {
            function.pieces = Vec::new();
        }
        for (function, import) in (0..).zip(&shape.imports) {
            if let Some(effect) = effect_of(&import.module, &import.name) {
                code.reach[function as usize] = self.effects.bit(effect);
                code.reaching.insert(function);
            }
        }
        code.spread(shape);
        for (index, function) in &shape.table {
            if let Some(ty) = shape.function_types.get(*function as usize) {
                code.by_type.entry(*ty).or_default().push((*index, *function));
            }
        }
        for all in code.by_type.values_mut() {
            all.sort_by_key(|(index, function)| (!code.reaching.contains(function), *index));
        }
        self.modules.push(code);
        Ok(())
    }

    /// Whether an effect can be reached by a call of a function.
    pub(crate) fn reaches_effects(&self, module: u32, function: u32) -> bool {
        let code = self.modules.get(module as usize);
        code.is_some_and(|code| code.reaching.contains(&function))
    }

    /// Whether any function of a module reaches an effect.
    pub(crate) fn has_effects(&self, module: u32) -> bool {
        self.modules.get(module as usize).is_some_and(|code| !code.reaching.is_empty())
    }

    /// Functions of a module that others in it call by their names.
    pub(crate) fn called(&self, module: u32) -> BTreeSet<u32> {
        let functions = self.modules.get(module as usize).map_or(&[][..], |code| &code.functions);
        let calls = (0..).zip(functions).flat_map(|(caller, code)| {
            code.calls.iter().map(|(_, callee)| *callee).filter(move |callee| *callee != caller)
        });
        calls.collect()
    }

    /// Indices of the first table at which a function of a type stands from which an effect can be reached.
    pub(crate) fn callees(&self, module: u32, ty: u32) -> impl Iterator<Item = u32> + '_ {
        let code = self.modules.get(module as usize);
        let all = code.and_then(|code| code.by_type.get(&ty)).map_or(&[][..], Vec::as_slice);
        let reaches = move |function: &u32| code.is_some_and(|code| code.reaching.contains(function));
        all.iter().filter(move |(_, function)| reaches(function)).map(|(index, _)| *index)
    }

    /// Whether one can be reached by an indirect call of a type.
    pub(crate) fn indirect_reaches_effects(&self, module: u32, ty: u32) -> bool {
        let code = self.modules.get(module as usize);
        code.is_some_and(|code| code.reaching_types.contains(&ty))
    }
}

fn functions(
    module: &[u8],
    base: u64,
    shape: &Shape,
    memory: &mut Memory<'_>,
) -> Result<Vec<FunctionCode>, BinaryReaderError> {
    let mut functions = vec![FunctionCode::default(); shape.imported_functions as usize];
    Shape::each_body(module, shape.imported_functions, |_, body| {
        let function = functions.len();
        let mut code = FunctionCode::default();
        // An address and where it is named, until the next instruction says whether a length follows.
        let mut last: Option<(u64, u32)> = None;
        let mut named = 0;
        let mut name = |offset, address, len| {
            if named < TEXTS_MAX {
                named += usize::from(memory.name(function, offset, address, len));
            }
        };
        let mut begins = true;
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            let (operator, offset) = reader.read_with_offset()?;
            let offset = base + offset as u64;
            if std::mem::take(&mut begins) {
                code.pieces.push(offset);
            }
            let before = last.take();
            if let Some((offset, address)) = before {
                let len = match operator {
                    Operator::I32Const { value } => Some(value.cast_unsigned()),
                    _ => None,
                };
                name(offset, address, len);
            }
            match operator {
                Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                    code.calls.push((offset, function_index));
                }
                Operator::CallIndirect { type_index, .. } => code.indirect.push(type_index),
                Operator::I32Const { value } => last = Some((offset, value.cast_unsigned())),
                // Address and length at once.
                Operator::I64Const { value } => {
                    let [low, high] = [value & 0xffff_ffff, value >> 32].map(u32::try_from);
                    if let (Ok(address), Ok(len @ 4..)) = (low, high) {
                        name(offset, address, Some(len));
                    }
                }
                // A short text that is copied.
                Operator::I32Load { memarg }
                | Operator::I64Load { memarg }
                | Operator::V128Load { memarg } => {
                    if let Ok(address) = u32::try_from(memarg.offset) {
                        name(offset, address, None);
                    }
                }
                Operator::Loop { .. }
                | Operator::If { .. }
                | Operator::Else
                | Operator::End
                | Operator::Br { .. }
                | Operator::BrIf { .. }
                | Operator::BrTable { .. }
                | Operator::Return
                | Operator::Unreachable => begins = true,
                _ => {}
            }
        }
        functions.push(code);
        Ok(())
    })?;
    Ok(functions)
}

impl ModuleCode {
    /// From what is reached to what reaches it, until nothing is added.
    fn spread(&mut self, shape: &Shape) {
        let mut callers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut callers_of_type: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (function, code) in (0..).zip(&self.functions) {
            for (_, callee) in &code.calls {
                callers.entry(*callee).or_default().push(function);
            }
            for ty in &code.indirect {
                callers_of_type.entry(*ty).or_default().push(function);
            }
        }
        let in_tables: BTreeSet<u32> = shape.in_tables.iter().copied().collect();
        let imports: Vec<u32> = self.reaching.iter().copied().collect();
        let mut open = imports.clone();
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
        let mut open = imports;
        while let Some(function) = open.pop() {
            let reach = self.reach[function as usize];
            for caller in callers.get(&function).into_iter().flatten() {
                let known = &mut self.reach[*caller as usize];
                if *known | reach != *known {
                    *known |= reach;
                    open.push(*caller);
                }
            }
        }
    }
}
