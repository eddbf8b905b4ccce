//! One function body, with a probe before each instruction that is watched.

use std::collections::BTreeSet;

use wasm_encoder::{
    BlockType, Function, Instruction, InstructionSink, MemArg, ValType,
    reencode::{Error, Reencode},
};
use wasmparser::{BrTable, FunctionBody, Operator};

use super::{
    HitFilter,
    helpers::Helper,
    layout::{COMPARISONS_HITS_MAX, COUNTERS, ENTER_HITS},
    origin::{Origin, Origins},
    sections::Module,
};
use crate::{Comparison, Relation, SiteKind, Width};

type Failure = Error<std::convert::Infallible>;

/// How many probes a function gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// All.
    All,
    /// One that reports that it was entered. It needs no locals.
    Entry,
    /// None.
    Nothing,
}

/// Locals of one function, parameters too, as wasmparser has it.
const LOCALS_MAX: u32 = 50_000;

/// What a probe does with an instruction.
#[derive(Clone, Copy)]
enum Watch {
    /// Two operands of a type.
    Pair(SiteKind, ValType),
    /// One operand, held against zero.
    Zero(SiteKind, ValType),
    /// The number that is shifted until its sign is left, held against zero; above it is how far.
    Sign(SiteKind, ValType),
    /// The index of a jump table.
    Switch(SiteKind, u32),
    /// A call from which an effect can be reached.
    Call,
    /// The same by an address, and which.
    IndirectCall(u32),
}

/// Locals that probes keep operands in, two of each type, behind those of the function.
struct Scratch {
    first: u32,
}

impl Scratch {
    const TYPES: [ValType; 5] = [ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::V128];

    fn pair(&self, ty: ValType) -> (u32, u32) {
        let at = Self::TYPES.iter().position(|scratch| *scratch == ty).unwrap_or(0);
        let left = self.first + 2 * u32::try_from(at).unwrap_or(0);
        (left, left + 1)
    }
}

/// A function with its probes; none if it cannot take so many locals.
pub(super) fn rewrite(
    module: &mut Module<'_>,
    share: Share,
    body: &FunctionBody<'_>,
) -> Result<Option<Function>, Failure> {
    let parameters = module.shape().parameters_of(module.function()).to_vec();
    let mut locals = Vec::new();
    let mut count = u32::try_from(parameters.len()).unwrap_or(u32::MAX);
    for pair in body.get_locals_reader()? {
        let (number, ty) = pair?;
        count = count.saturating_add(number);
        locals.push((number, module.val_type(ty)?));
    }
    if share == Share::All {
        let scratch = 2 * u32::try_from(Scratch::TYPES.len()).unwrap_or(u32::MAX);
        if count.saturating_add(scratch) > LOCALS_MAX {
            return Ok(None);
        }
        locals.extend(Scratch::TYPES.map(|ty| (2, ty)));
    }
    let mut out = Function::new(locals);
    let scratch = Scratch { first: count };
    let offset = body.range().start;
    match share {
        Share::All if module.has_texts() => enter(module, offset, &parameters, &mut out),
        Share::All | Share::Entry => {
            let site = module.site(offset, SiteKind::Enter);
            once(module, site, &mut out);
        }
        Share::Nothing => {}
    }
    let mut reader = body.get_operators_reader()?;
    let mut origins = Origins::default();
    while !reader.eof() {
        let (operator, offset) = reader.read_with_offset()?;
        let watched = watch(module, &operator).or_else(|| watch_operand(module, &operator, &origins));
        origins.pass(&operator);
        match watched.filter(|_| share == Share::All) {
            None => drop(out.instruction(&module.instruction(operator)?)),
            Some(watch) => {
                let instruction = module.instruction(operator)?;
                probe(module, &scratch, watch, offset, &instruction, &mut out);
            }
        }
    }
    Ok(Some(out))
}

fn counter(module: &Module<'_>, site: u32) -> MemArg {
    MemArg { offset: u64::from(COUNTERS) + u64::from(site), align: 0, memory_index: module.counters() }
}

/// Reports the first four parameters, and what they point at.
fn enter(module: &mut Module<'_>, offset: usize, parameters: &[wasmparser::ValType], out: &mut Function) {
    const PARAMETERS: usize = 4;
    let site = module.site(offset, SiteKind::Enter);
    let words: Vec<usize> = (0..parameters.len())
        .filter(|at| matches!(parameters[*at], wasmparser::ValType::I32 | wasmparser::ValType::I64))
        .take(PARAMETERS)
        .collect();
    // Only what is there can point at something.
    for parameter in 0..words.len() {
        module.site(offset, SiteKind::Text(u8::try_from(parameter).unwrap_or(u8::MAX)));
        module.site(offset, SiteKind::Half);
    }
    let counters = module.counters();
    let helper = match module.gate() {
        HitFilter::First => Helper::Enter,
        HitFilter::Known => Helper::KnownEnter,
    };
    let (gate, enter) = (module.gate(), module.helper(helper));
    let counter = counter(module, site);
    let mut code = out.instructions();
    if gate == HitFilter::First {
        let hits = MemArg { offset: u64::from(ENTER_HITS), align: 0, memory_index: counters };
        code.i32_const(0).i32_load8_u(counter).i32_const(0).i32_load8_u(hits).i32_lt_u();
        code.if_(BlockType::Empty);
    }
    code.i32_const(site.cast_signed());
    for at in &words {
        code.local_get(u32::try_from(*at).unwrap_or(0));
        if parameters[*at] == wasmparser::ValType::I64 {
            code.i32_wrap_i64();
        }
    }
    for _ in words.len()..PARAMETERS {
        code.i32_const(0);
    }
    code.call(enter);
    if gate == HitFilter::First {
        code.end();
    }
}

fn probe(
    module: &mut Module<'_>,
    scratch: &Scratch,
    watch: Watch,
    offset: usize,
    instruction: &Instruction<'_>,
    out: &mut Function,
) {
    match watch {
        Watch::Pair(kind, ty) => {
            let site = module.site(offset, kind);
            if kind == SiteKind::Vector {
                module.site(offset, kind);
            }
            let (left, right) = scratch.pair(ty);
            let mut code = out.instructions();
            code.local_set(right).local_set(left);
            report(module, site, ty, (left, Some(right)), &mut code);
            code.local_get(left).local_get(right);
        }
        Watch::Zero(kind, ty) => {
            let site = module.site(offset, kind);
            if kind == SiteKind::Vector {
                module.site(offset, kind);
            }
            let (left, _) = scratch.pair(ty);
            let mut code = out.instructions();
            code.local_set(left);
            report(module, site, ty, (left, None), &mut code);
            code.local_get(left);
        }
        Watch::Sign(kind, ty) => {
            let site = module.site(offset, kind);
            let (left, right) = scratch.pair(ty);
            let mut code = out.instructions();
            code.local_set(right).local_set(left);
            report(module, site, ty, (left, None), &mut code);
            code.local_get(left).local_get(right);
        }
        Watch::Switch(kind, targets) => {
            let site = module.site(offset, kind);
            let (left, right) = scratch.pair(ValType::I32);
            let mut code = out.instructions();
            code.local_set(left).i32_const(targets.cast_signed()).local_set(right);
            report(module, site, ValType::I32, (left, Some(right)), &mut code);
            code.local_get(left);
        }
        Watch::Call => {
            let site = module.site(offset, SiteKind::Call);
            once(module, site, out);
        }
        Watch::IndirectCall(ty) => {
            let call = module.site(offset, SiteKind::Call);
            once(module, call, out);
            if module.gate() == HitFilter::First {
                let site = module.site(offset, SiteKind::Indirect(ty));
                let (left, _) = scratch.pair(ValType::I32);
                let mut code = out.instructions();
                code.local_set(left);
                report(module, site, ValType::I32, (left, None), &mut code);
                code.local_get(left);
            }
        }
    }
    out.instruction(instruction);
}

/// Targets of a jump table, each once. It was validated: what cannot be read is not there.
fn different(targets: &BrTable<'_>) -> u32 {
    let all: BTreeSet<u32> = targets.targets().filter_map(Result::ok).collect();
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}

/// Reports that a site was come to, the first time.
fn once(module: &Module<'_>, site: u32, out: &mut Function) {
    let (counter, helper) = (counter(module, site), module.helper(Helper::Report32));
    let mut code = out.instructions();
    code.i32_const(0).i32_load8_u(counter).i32_eqz().if_(BlockType::Empty);
    code.i32_const(site.cast_signed()).i32_const(0).i32_const(0).call(helper).drop().end();
}

/// Reports the operands in two locals, and puts back the left one.
fn report(
    module: &Module<'_>,
    site: u32,
    ty: ValType,
    (left, right): (u32, Option<u32>),
    code: &mut InstructionSink<'_>,
) {
    let is_first = module.gate() == HitFilter::First;
    if is_first {
        code.i32_const(0).i32_load8_s(counter(module, site));
        code.i32_const(COMPARISONS_HITS_MAX).i32_lt_s().if_(BlockType::Empty);
    }
    let helper = |first: Helper, known: Helper| module.helper(if is_first { first } else { known });
    match ty {
        ValType::I32 => {
            code.i32_const(site.cast_signed()).local_get(left);
            match right {
                Some(right) => code.local_get(right),
                None => code.i32_const(0),
            };
            code.call(helper(Helper::Report32, Helper::Known32)).local_set(left);
        }
        ValType::I64 => {
            code.i32_const(site.cast_signed()).local_get(left);
            match right {
                Some(right) => code.local_get(right),
                None => code.i64_const(0),
            };
            code.call(helper(Helper::Report64, Helper::Known64)).local_set(left);
        }
        ValType::F32 => {
            code.i32_const(site.cast_signed()).local_get(left).f64_promote_f32();
            code.local_get(right.unwrap_or(left)).f64_promote_f32();
            code.call(helper(Helper::ReportFloat, Helper::KnownFloat)).f32_demote_f64().local_set(left);
        }
        ValType::F64 => {
            code.i32_const(site.cast_signed()).local_get(left).local_get(right.unwrap_or(left));
            code.call(helper(Helper::ReportFloat, Helper::KnownFloat)).local_set(left);
        }
        // Both halves.
        _ => {
            for lane in 0..2u8 {
                code.local_get(left);
                code.i32_const(site.cast_signed() + i32::from(lane));
                code.local_get(left).i64x2_extract_lane(lane);
                match right {
                    Some(right) => code.local_get(right).i64x2_extract_lane(lane),
                    None => code.i64_const(0),
                };
                code.call(helper(Helper::Report64, Helper::Known64)).i64x2_replace_lane(lane).local_set(left);
            }
        }
    }
    if is_first {
        code.end();
    }
}

/// What is watched of an instruction.
fn watch(module: &Module<'_>, operator: &Operator<'_>) -> Option<Watch> {
    use Operator as Op;
    use Relation::{Eq, Ge, Gt, Le, Lt, Ne};

    let compare = |width, relation, signed| {
        let ty = if width == Width::I32 { ValType::I32 } else { ValType::I64 };
        Some(Watch::Pair(SiteKind::Compare(Comparison { width, relation, signed }), ty))
    };
    let float = |ty, relation| {
        let comparison = Comparison { width: Width::Float, relation, signed: true };
        Some(Watch::Pair(SiteKind::Compare(comparison), ty))
    };
    let zero = |width, ty| {
        Some(Watch::Zero(SiteKind::Compare(Comparison { width, relation: Eq, signed: false }), ty))
    };
    match operator {
        Op::I32Eqz => zero(Width::I32, ValType::I32),
        Op::I64Eqz => zero(Width::I64, ValType::I64),
        Op::I32Eq => compare(Width::I32, Eq, false),
        Op::I32Ne => compare(Width::I32, Ne, false),
        Op::I32LtS => compare(Width::I32, Lt, true),
        Op::I32LtU => compare(Width::I32, Lt, false),
        Op::I32GtS => compare(Width::I32, Gt, true),
        Op::I32GtU => compare(Width::I32, Gt, false),
        Op::I32LeS => compare(Width::I32, Le, true),
        Op::I32LeU => compare(Width::I32, Le, false),
        Op::I32GeS => compare(Width::I32, Ge, true),
        Op::I32GeU => compare(Width::I32, Ge, false),
        Op::I64Eq => compare(Width::I64, Eq, false),
        Op::I64Ne => compare(Width::I64, Ne, false),
        Op::I64LtS => compare(Width::I64, Lt, true),
        Op::I64LtU => compare(Width::I64, Lt, false),
        Op::I64GtS => compare(Width::I64, Gt, true),
        Op::I64GtU => compare(Width::I64, Gt, false),
        Op::I64LeS => compare(Width::I64, Le, true),
        Op::I64LeU => compare(Width::I64, Le, false),
        Op::I64GeS => compare(Width::I64, Ge, true),
        Op::I64GeU => compare(Width::I64, Ge, false),
        Op::F32Eq => float(ValType::F32, Eq),
        Op::F32Ne => float(ValType::F32, Ne),
        Op::F32Lt => float(ValType::F32, Lt),
        Op::F32Gt => float(ValType::F32, Gt),
        Op::F32Le => float(ValType::F32, Le),
        Op::F32Ge => float(ValType::F32, Ge),
        Op::F64Eq => float(ValType::F64, Eq),
        Op::F64Ne => float(ValType::F64, Ne),
        Op::F64Lt => float(ValType::F64, Lt),
        Op::F64Gt => float(ValType::F64, Gt),
        Op::F64Le => float(ValType::F64, Le),
        Op::F64Ge => float(ValType::F64, Ge),
        Op::I32Xor => Some(Watch::Pair(SiteKind::Xor(Width::I32), ValType::I32)),
        Op::I64Xor => Some(Watch::Pair(SiteKind::Xor(Width::I64), ValType::I64)),
        Op::BrTable { targets } => Some(Watch::Switch(SiteKind::Switch(different(targets)), targets.len())),
        Op::Call { function_index } if module.reaches_effects(*function_index) => Some(Watch::Call),
        Op::CallIndirect { type_index, table_index, .. } if module.indirect_reaches_effects(*type_index) => {
            Some(match module.shape().has_plain_table() && *table_index == 0 {
                true => Watch::IndirectCall(*type_index),
                false => Watch::Call,
            })
        }
        // Equality and order of lanes; the other relations of integers are the same with operands exchanged.
        Op::I8x16Eq
        | Op::I8x16Ne
        | Op::I8x16LtS
        | Op::I8x16LtU
        | Op::I8x16GtS
        | Op::I8x16GtU
        | Op::I16x8Eq
        | Op::I16x8Ne
        | Op::I16x8LtS
        | Op::I16x8LtU
        | Op::I16x8GtS
        | Op::I16x8GtU
        | Op::I32x4Eq
        | Op::I32x4Ne
        | Op::I32x4LtS
        | Op::I32x4LtU
        | Op::I32x4GtS
        | Op::I32x4GtU
        | Op::I64x2Eq
        | Op::I64x2Ne
        | Op::I64x2LtS
        | Op::I64x2GtS
        | Op::F32x4Eq
        | Op::F32x4Ne
        | Op::F64x2Eq
        | Op::F64x2Ne
        | Op::I8x16Sub
        | Op::I16x8Sub
        | Op::I32x4Sub
        | Op::I64x2Sub
        | Op::V128Xor => Some(Watch::Pair(SiteKind::Vector, ValType::V128)),
        _ => None,
    }
}

/// Addresses of static data begin here: below are small numbers.
const TABLE_MIN: u64 = 1024;

/// What is watched of an instruction whose operand no comparison made. An interpreter passes these too often: only its
/// comparisons say what its script compares.
fn watch_operand(module: &Module<'_>, operator: &Operator<'_>, origins: &Origins) -> Option<Watch> {
    use Operator as Op;
    use Origin::{Const, Truth, Value};

    if module.gate() != HitFilter::First {
        return None;
    }
    let compare = |width, relation, signed| SiteKind::Compare(Comparison { width, relation, signed });
    let zero = |kind, ty| Some(Watch::Zero(kind, ty));
    let (below, top) = origins.operands();
    let is_made = matches!(top, Truth | Const(_));
    match operator {
        // Taken if it is not zero.
        Op::BrIf { .. } | Op::If { .. } | Op::Select | Op::TypedSelect { .. } if !is_made => {
            zero(compare(Width::I32, Relation::Ne, false), ValType::I32)
        }
        // The sign of a number, without a comparison.
        Op::I32ShrU | Op::I32ShrS if top == Const(31) => {
            Some(Watch::Sign(compare(Width::I32, Relation::Lt, true), ValType::I32))
        }
        Op::I64ShrU | Op::I64ShrS if top == Const(63) => {
            Some(Watch::Sign(compare(Width::I64, Relation::Lt, true), ValType::I64))
        }
        Op::I32DivS | Op::I32DivU | Op::I32RemS | Op::I32RemU if !is_made => {
            zero(SiteKind::Operand(Width::I32), ValType::I32)
        }
        Op::I64DivS | Op::I64DivU | Op::I64RemS | Op::I64RemU if !is_made => {
            zero(SiteKind::Operand(Width::I64), ValType::I64)
        }
        // All of their bits are counted for zero alone.
        Op::I32Clz | Op::I32Ctz | Op::I32Popcnt if !is_made => {
            zero(SiteKind::Operand(Width::I32), ValType::I32)
        }
        Op::I64Clz | Op::I64Ctz | Op::I64Popcnt if !is_made => {
            zero(SiteKind::Operand(Width::I64), ValType::I64)
        }
        // Something taken from what is fixed.
        Op::I32Sub if matches!((below, top), (Const(_), Value)) => {
            Some(Watch::Pair(SiteKind::Operand(Width::I32), ValType::I32))
        }
        Op::I64Sub if matches!((below, top), (Const(_), Value)) => {
            Some(Watch::Pair(SiteKind::Operand(Width::I64), ValType::I64))
        }
        Op::V128AnyTrue
        | Op::I8x16AllTrue
        | Op::I16x8AllTrue
        | Op::I32x4AllTrue
        | Op::I64x2AllTrue
        | Op::I8x16Bitmask
        | Op::I16x8Bitmask
        | Op::I32x4Bitmask
        | Op::I64x2Bitmask
            if top != Truth =>
        {
            zero(SiteKind::Vector, ValType::V128)
        }
        Op::I32Load8U { memarg }
        | Op::I32Load8S { memarg }
        | Op::I32Load16U { memarg }
        | Op::I32Load16S { memarg }
        | Op::I32Load { memarg }
        | Op::I64Load { memarg }
            if memarg.memory == 0
                && module.shape().has_plain_memory
                && (memarg.offset >= TABLE_MIN || origins.is_in_table(TABLE_MIN))
                && !matches!(top, Const(_)) =>
        {
            zero(SiteKind::Address, ValType::I32)
        }
        _ => None,
    }
}
