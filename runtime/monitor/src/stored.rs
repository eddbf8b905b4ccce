//! A baseline that is kept, for later series of the same skill in the same world.

use std::collections::BTreeMap;

use invar_world::Digest;
use minicbor::{Decode, Encode, decode};

use crate::{Baseline, Report, Scaling};

/// What was measured of a component, and under what.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Stored {
    /// Digest of everything that it depends on beside the component: engine, world, files, input, envelope. A
    /// baseline says nothing about another.
    #[n(0)]
    pub given: Digest,
    /// The report that it was measured for.
    #[n(1)]
    pub report: String,
    /// What the first runs did.
    #[n(2)]
    pub baseline: Baseline,
    /// Bytes of input, and fuel.
    #[n(3)]
    pub points: Vec<(u64, u64)>,
    /// The same of each function of a tool skill, by its name in full.
    #[n(4)]
    pub functions: Option<BTreeMap<String, Vec<(u64, u64)>>>,
}

fn points(scaling: &Scaling) -> impl Iterator<Item = (u64, u64)> {
    scaling.points.iter().map(|point| (point.size, point.cost))
}

fn functions(report: &Report) -> Option<BTreeMap<String, Vec<(u64, u64)>>> {
    let of = |scaling: &Scaling| Some((scaling.function.clone()?, points(scaling).collect()));
    let all: BTreeMap<_, _> = report.scaling.iter().filter_map(of).collect();
    (!all.is_empty()).then_some(all)
}

impl Stored {
    /// What is worth keeping of a report: none if its first runs are nothing to go by.
    #[must_use]
    pub fn of(report: &Report, given: Digest) -> Option<Self> {
        let is_sound = report.verdict <= crate::Verdict::Marginal;
        is_sound.then(|| Self {
            given,
            report: report.id.clone(),
            baseline: report.baseline.clone(),
            points: report
                .scaling
                .iter()
                .filter(|scaling| scaling.function.is_none())
                .flat_map(points)
                .collect(),
            functions: functions(report),
        })
    }

    /// Bytes of input, and fuel: of a function, or of the whole run.
    pub(crate) fn points_of(&self, function: Option<&str>) -> &[(u64, u64)] {
        match function {
            None => &self.points,
            Some(name) => {
                self.functions.as_ref().and_then(|all| all.get(name)).map(Vec::as_slice).unwrap_or_default()
            }
        }
    }

    /// Deterministic CBOR.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default() // writing to memory cannot fail
    }

    /// Reads what [`Stored::to_cbor`] wrote.
    ///
    /// # Errors
    /// Other bytes.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, decode::Error> {
        minicbor::decode(bytes)
    }
}
