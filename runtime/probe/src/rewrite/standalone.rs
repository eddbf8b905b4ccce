//! A module that is a skill by itself: it gets the import among its other ones.

use wasmparser::{BinaryReaderError, Parser};

use super::{
    InstrumentedComponent, Omission, Probes, RewriteError, module, names, overhead::Cost, sections::Context,
};
use crate::dormant::{Code, Shape};

/// The number of the one module.
const NUMBER: u32 = 0;

/// Rewrites a valid module.
pub(super) fn rewrite(module: &[u8], probes: Probes) -> Result<InstrumentedComponent, RewriteError> {
    let failed = |error: BinaryReaderError| RewriteError::Encoding(error.to_string());
    let import = names::free(module).map_err(failed)?;
    let shape = Shape::of(module).map_err(failed)?;
    let functions = shape.bodies as usize;
    let (mut sites, mut code, mut left_out) = (Vec::new(), Code::default(), Vec::new());
    code.add(module, 0, &shape).map_err(failed)?;
    let context = Context { number: NUMBER, probes, import: &import };
    let file = (&Parser::new(0), module);
    let rewritten = module::rewrite(&context, file, &shape, &mut sites, &code, &mut left_out);
    let (bytes, cost) = match rewritten {
        Some(rewritten) => (rewritten.bytes, Cost { memories: 1, memory_bytes: rewritten.memory_bytes }),
        None => {
            sites.clear();
            left_out = vec![Omission {
                module: NUMBER,
                function: None,
                functions,
                entry: None,
                reaches_effects: code.has_effects(NUMBER),
                is_used: true,
            }];
            (module.to_vec(), Cost::default())
        }
    };
    let overhead = cost.overhead(probes.gate, import);
    Ok(InstrumentedComponent { bytes, sites, code, functions, left_out, overhead })
}
