//! What comes of rewriting a component.

use invar_trace::ProbeOverhead;
use thiserror::Error;

use super::MemoryInit;
use crate::{Site, dormant::Code};

/// A component, or a module, that reports what it compares.
#[derive(Debug, Clone)]
pub struct InstrumentedComponent {
    /// The component or module.
    pub bytes: Vec<u8>,
    /// Its sites, by number.
    pub sites: Vec<Site>,
    /// What its code could do.
    pub code: Code,
    /// Functions with a body in the original.
    pub functions: usize,
    /// What could not get its probes, and was copied as it is.
    pub left_out: Vec<Omission>,
    /// What the probes need from the host.
    pub overhead: ProbeOverhead,
}

/// Functions that did not get their probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Omission {
    /// The core module, in the order of the component; 0 if there is no component around it.
    pub module: u32,
    /// The function, by the number it has in the original module; none: all of the module.
    pub function: Option<u32>,
    /// How many functions.
    pub functions: usize,
    /// The site that reports that the function was entered, if it has at least that.
    pub entry: Option<u32>,
    /// Whether an effect can be reached from it.
    pub reaches_effects: bool,
    /// Whether anything calls it, takes its address or exports it; for a module, whether it is instantiated.
    pub is_used: bool,
}

impl InstrumentedComponent {
    /// What makes a site report more hits than others; none if there is no such site.
    #[must_use]
    pub fn more_hits(&self, site: u32) -> Option<MemoryInit> {
        let module = self.sites.get(site as usize)?.module;
        let first = self.sites.partition_point(|site| site.module < module);
        Some(MemoryInit::More { module, site: site - u32::try_from(first).ok()? })
    }
}

/// A component or module that cannot be rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RewriteError {
    /// It is not valid.
    #[error("it is not valid: {0}")]
    Invalid(String),
    /// It uses what the encoder does not know.
    #[error("it cannot be rewritten: {0}")]
    Encoding(String),
}
