//! The header of format 1.

use std::sync::Arc;

use invar_world::{Digest, Limits, Run, Substitution, World};
use minicbor::{Decode, Encode, bytes::ByteVec};

use super::types::{Entry, Format, Header, LabOrigin, Origin};

/// As format 1 has it. Of the limits only the fuel was written; the others were the lab's.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct FirstHeader {
    #[n(0)]
    component: Digest,
    #[n(1)]
    adapter: Option<String>,
    #[n(2)]
    entry: Entry,
    #[n(3)]
    engine: Digest,
    #[n(4)]
    skill: String,
    #[n(5)]
    envelope: Option<ByteVec>,
    #[cbor(n(6), with = "super::shared")]
    world: Arc<World>,
    #[n(7)]
    run: Run,
    #[n(8)]
    args: Vec<String>,
    #[n(9)]
    input: Digest,
    #[n(10)]
    files: Digest,
    #[n(11)]
    fuel_limit: u64,
    #[n(12)]
    substitutions: Vec<Substitution>,
}

impl FirstHeader {
    pub(super) fn of(header: &Header, lab: &LabOrigin) -> Self {
        let LabOrigin { world, run, files } = lab.clone();
        let Header { component, adapter, entry, engine, skill, envelope, args, input, .. } = header.clone();
        let (fuel_limit, substitutions) = (header.limits.fuel, header.substitutions.clone());
        Self {
            component,
            adapter,
            entry,
            engine,
            skill,
            envelope,
            world,
            run,
            args,
            input,
            files,
            fuel_limit,
            substitutions,
        }
    }
}

impl From<FirstHeader> for Header {
    fn from(header: FirstHeader) -> Self {
        let FirstHeader { world, run, files, fuel_limit, .. } = header;
        Self {
            format: Format::One,
            component: header.component,
            adapter: header.adapter,
            entry: header.entry,
            engine: header.engine,
            skill: header.skill,
            envelope: header.envelope,
            origin: Origin::Lab(Box::new(LabOrigin { world, run, files })),
            args: header.args,
            input: header.input,
            limits: Limits { fuel: fuel_limit, ..Limits::LAB },
            substitutions: header.substitutions,
        }
    }
}
