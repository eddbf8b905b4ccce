//! Functions that every rewritten module gets: the slow paths of its probes.

use invar_trace::PROBE_SETUP;
use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, ValType};

use super::layout::{COUNTERS, FILTER, HASH, HASH_SHIFT, QUIET};

/// A function that the rewriting adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Helper {
    /// The start function: takes what the lab puts into the memory, then starts what the module starts.
    Setup,
    /// Reports 64-bit operands: site, left, right → left.
    Report64,
    /// Reports 32-bit operands.
    Report32,
    /// Reports floats.
    ReportFloat,
    /// Reports 64-bit operands if one of them is known.
    Known64,
    /// Reports 32-bit operands if one of them is known.
    Known32,
    /// Reports floats if one of them is known.
    KnownFloat,
    /// Reports four parameters and what they point at: site, then the parameters.
    Enter,
    /// The same, if what one of them points at is known.
    KnownEnter,
    /// Reports what a parameter points at.
    Text,
    /// Whether what a parameter points at is known.
    IsKnownText,
}

const I32: ValType = ValType::I32;
const I64: ValType = ValType::I64;
const F64: ValType = ValType::F64;

impl Helper {
    pub(super) const ALL: [Self; 11] = [
        Self::Setup,
        Self::Report64,
        Self::Report32,
        Self::ReportFloat,
        Self::Known64,
        Self::Known32,
        Self::KnownFloat,
        Self::Enter,
        Self::KnownEnter,
        Self::Text,
        Self::IsKnownText,
    ];

    pub(super) fn ty(self) -> (&'static [ValType], &'static [ValType]) {
        match self {
            Self::Setup => (&[], &[]),
            Self::Report64 | Self::Known64 => (&[I32, I64, I64], &[I64]),
            Self::Report32 | Self::Known32 => (&[I32, I32, I32], &[I32]),
            Self::ReportFloat | Self::KnownFloat => (&[I32, F64, F64], &[F64]),
            Self::Enter | Self::KnownEnter => (&[I32, I32, I32, I32, I32], &[]),
            Self::Text => (&[I32, I32], &[]),
            Self::IsKnownText => (&[I32], &[I32]),
        }
    }
}

/// Indices in the module that the helpers are added to.
pub(super) struct HelperContext {
    pub(super) module: u32,
    /// The import.
    pub(super) hit: u32,
    /// Number of the module's first site among all.
    pub(super) first_site: u32,
    /// Memory of the counters.
    pub(super) counters: u32,
    /// Whether memory 0 can be read with 32-bit addresses.
    pub(super) reads_memory: bool,
    /// Function index of the first helper.
    pub(super) first: u32,
}

/// Known comparisons of one site that are reported: as many as a counter can count.
const KNOWN_HITS_MAX: i32 = 255;
/// Addresses below are taken for numbers.
const ADDRESS_MIN: i32 = 1024;
/// Bytes of what a parameter points at that are reported.
const TEXT_BYTES: i64 = 32;
/// Where a text may begin behind what points at it: at once, or after the header of an object.
const TEXT_STARTS: [u64; 3] = [0, 8, 16];

impl HelperContext {
    fn helper(&self, helper: Helper) -> u32 {
        self.first + helper as u32
    }

    fn counter(&self) -> MemArg {
        MemArg { offset: u64::from(COUNTERS), align: 0, memory_index: self.counters }
    }

    fn slot(&self) -> MemArg {
        MemArg { offset: u64::from(FILTER), align: 0, memory_index: self.counters }
    }
}

/// The body of a helper. `start` is the function that the module itself starts with.
pub(super) fn body(helper: Helper, place: &HelperContext, start: Option<u32>) -> Function {
    let locals: &[(u32, ValType)] = match helper {
        Helper::Setup => &[(1, I32), (1, I64)],
        _ => &[],
    };
    let mut function = Function::new(locals.iter().copied());
    let mut code = function.instructions();
    match helper {
        Helper::Setup => setup(place, start, &mut code),
        Helper::Report64 => {
            unless_quiet(place, &mut code, Some(1));
            count(place, &mut code);
            site(place, &mut code).local_get(1).local_get(2).call(place.hit);
        }
        Helper::Report32 => {
            unless_quiet(place, &mut code, Some(1));
            count(place, &mut code);
            site(place, &mut code)
                .local_get(1)
                .i64_extend_i32_u()
                .local_get(2)
                .i64_extend_i32_u()
                .call(place.hit)
                .i32_wrap_i64();
        }
        Helper::ReportFloat => {
            unless_quiet(place, &mut code, Some(1));
            count(place, &mut code);
            site(place, &mut code)
                .local_get(1)
                .i64_reinterpret_f64()
                .local_get(2)
                .i64_reinterpret_f64()
                .call(place.hit)
                .f64_reinterpret_i64();
        }
        Helper::Known64 => known(place, &mut code, I64, Helper::Report64, |code, local| {
            code.local_get(local);
        }),
        Helper::Known32 => known(place, &mut code, I32, Helper::Report32, |code, local| {
            code.local_get(local).i64_extend_i32_u();
        }),
        Helper::KnownFloat => known(place, &mut code, F64, Helper::ReportFloat, |code, local| {
            code.local_get(local).i64_reinterpret_f64();
        }),
        Helper::Enter => enter(place, &mut code),
        Helper::KnownEnter => {
            for parameter in 1..=4 {
                code.local_get(parameter).call(place.helper(Helper::IsKnownText));
            }
            code.i32_or().i32_or().i32_or();
            code.local_get(0).i32_load8_u(place.counter()).i32_const(KNOWN_HITS_MAX).i32_lt_u().i32_and();
            code.if_(BlockType::Empty);
            for parameter in 0..=4 {
                code.local_get(parameter);
            }
            code.call(place.helper(Helper::Enter)).end();
        }
        Helper::Text => text(place, &mut code),
        Helper::IsKnownText => is_known_text(place, &mut code),
    }
    code.end();
    function
}

/// The body that stands before a function that must be quiet.
pub(super) fn quietly(function: u32, parameters: u32, place: &HelperContext) -> Function {
    let flag = MemArg { offset: u64::from(QUIET), align: 0, memory_index: place.counters };
    let mut body = Function::new([]);
    let mut code = body.instructions();
    code.i32_const(0).i32_const(1).i32_store8(flag);
    for parameter in 0..parameters {
        code.local_get(parameter);
    }
    code.call(function).i32_const(0).i32_const(0).i32_store8(flag).end();
    body
}

/// Returns a local as it is, if nothing may be reported now.
fn unless_quiet(place: &HelperContext, code: &mut InstructionSink<'_>, answer: Option<u32>) {
    let flag = MemArg { offset: u64::from(QUIET), align: 0, memory_index: place.counters };
    code.i32_const(0).i32_load8_u(flag).if_(BlockType::Empty);
    if let Some(answer) = answer {
        code.local_get(answer);
    }
    code.return_().end();
}

/// One more hit of the site in local 0.
fn count(place: &HelperContext, code: &mut InstructionSink<'_>) {
    code.local_get(0)
        .local_get(0)
        .i32_load8_u(place.counter())
        .i32_const(1)
        .i32_add()
        .i32_store8(place.counter());
}

/// The number that the site in local 0 has among those of all modules.
fn site<'c, 'b>(place: &HelperContext, code: &'c mut InstructionSink<'b>) -> &'c mut InstructionSink<'b> {
    code.local_get(0).i32_const(place.first_site.cast_signed()).i32_add()
}

fn setup(place: &HelperContext, start: Option<u32>, code: &mut InstructionSink<'_>) {
    let byte = MemArg { offset: 0, align: 0, memory_index: place.counters };
    code.block(BlockType::Empty).loop_(BlockType::Empty);
    code.i32_const(PROBE_SETUP.cast_signed())
        .i64_const(i64::from(place.module))
        .local_get(0)
        .i64_extend_i32_u()
        .call(place.hit)
        .local_tee(1)
        .i64_const(-1)
        .i64_eq()
        .br_if(1);
    // The address, and below it the byte.
    code.local_get(1).i64_const(8).i64_shr_u().i32_wrap_i64().local_get(1).i32_wrap_i64().i32_store8(byte);
    code.local_get(0).i32_const(1).i32_add().local_set(0).br(0).end().end();
    if let Some(start) = start {
        code.call(start);
    }
}

/// Leaves on the stack whether the value that `read` puts there is known.
fn is_known(place: &HelperContext, code: &mut InstructionSink<'_>) {
    code.i64_const(HASH.cast_signed())
        .i64_mul()
        .i64_const(i64::from(HASH_SHIFT))
        .i64_shr_u()
        .i32_wrap_i64()
        .i32_load8_u(place.slot());
}

fn known(
    place: &HelperContext,
    code: &mut InstructionSink<'_>,
    result: ValType,
    report: Helper,
    read: impl Fn(&mut InstructionSink<'_>, u32),
) {
    read(code, 1);
    is_known(place, code);
    read(code, 2);
    is_known(place, code);
    code.i32_or().local_get(0).i32_load8_u(place.counter()).i32_const(KNOWN_HITS_MAX).i32_lt_u().i32_and();
    code.if_(BlockType::Result(result));
    code.local_get(0).local_get(1).local_get(2).call(place.helper(report));
    code.else_().local_get(1).end();
}

fn enter(place: &HelperContext, code: &mut InstructionSink<'_>) {
    unless_quiet(place, code, None);
    count(place, code);
    site(place, code);
    for [low, high] in [[1, 2], [3, 4]] {
        code.local_get(low).i64_extend_i32_u().local_get(high).i64_extend_i32_u().i64_const(32).i64_shl();
        code.i64_or();
    }
    code.call(place.hit).drop();
    for parameter in 1..=4 {
        // Each text takes two sites.
        let step = 2 * parameter - 1;
        code.local_get(0).i32_const(step).i32_add();
        code.local_get(parameter.cast_unsigned()).call(place.helper(Helper::Text));
    }
}

/// Puts on the stack whether the address in `local` has [`TEXT_BYTES`] of memory behind it.
fn is_address(code: &mut InstructionSink<'_>, local: u32) {
    code.local_get(local).i32_const(ADDRESS_MIN).i32_ge_u();
    code.local_get(local).i64_extend_i32_u().i64_const(TEXT_BYTES).i64_add();
    code.memory_size(0).i64_extend_i32_u().i64_const(16).i64_shl().i64_le_u().i32_and();
}

fn text(place: &HelperContext, code: &mut InstructionSink<'_>) {
    if !place.reads_memory {
        return;
    }
    is_address(code, 1);
    code.if_(BlockType::Empty);
    for half in 0..2u64 {
        site(place, code).i32_const(i32::from(half == 1)).i32_add();
        for word in 0..2 {
            let at = MemArg { offset: half * 16 + word * 8, align: 0, memory_index: 0 };
            code.local_get(1).i64_load(at);
        }
        code.call(place.hit).drop();
    }
    code.end();
}

fn is_known_text(place: &HelperContext, code: &mut InstructionSink<'_>) {
    if !place.reads_memory {
        code.i32_const(0);
        return;
    }
    is_address(code, 0);
    code.if_(BlockType::Result(I32));
    for start in TEXT_STARTS {
        let at = MemArg { offset: start, align: 0, memory_index: 0 };
        code.local_get(0).i32_load(at).i64_extend_i32_u();
        is_known(place, code);
    }
    code.i32_or().i32_or().else_().i32_const(0).end();
}
