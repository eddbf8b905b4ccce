//! One core module with probes in its bodies.

use wasm_encoder::reencode::{Error, utils};
use wasmparser::{FunctionBody, Parser, Payload, Validator, WasmFeatures};

use super::{
    Omission,
    body::{self, Share},
    helpers::Helper,
    sections::{Context, Module},
};
use crate::{
    Site,
    dormant::{Code, Shape},
};

type Failure = Error<std::convert::Infallible>;

/// Limits of a module, as wasmparser has them: a module that is at one cannot take what probes need.
const MEMORIES_MAX: u32 = 100;
const TYPES_MAX: u32 = 1_000_000;
const FUNCTIONS_MAX: usize = 1_000_000;
const IMPORTS_MAX: u32 = 1_000_000;
/// Bytes of one function.
const BODY_BYTES_MAX: usize = 7_654_321;

/// Sites of one component. Stops a generated one from taking the host's memory; an engine for JavaScript has
/// 100,000. Functions past it get a probe at their entry alone.
const SITES_MAX: usize = 4_000_000;
/// The same for those: functions past it are copied as they are.
const ENTRY_SITES_MAX: usize = SITES_MAX + SITES_MAX / 4;

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

impl Module<'_> {
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
}
