//! A sink that keeps the trace in memory.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    file::Trace,
    sink::{Keep, Record, Sink, SinkError},
};

/// Bytes of records that are kept in memory: the largest files and input that a run can begin with, and as much
/// again of what it does. The lab stops a skill that fills the host's memory through its trace long before; this
/// stops whoever forgets to.
const MEMORY_BYTES_MAX: usize = 1 << 30;

/// Keeps the trace in memory.
#[derive(Debug, Clone)]
pub struct Memory {
    kept: Arc<Mutex<MemoryRecords>>,
    keep: Keep,
}

#[derive(Debug, Default)]
struct MemoryRecords {
    trace: Trace,
    bytes: usize,
}

impl Memory {
    /// Keeps events, or all.
    #[must_use]
    pub fn new(keep: Keep) -> Self {
        Self { kept: Arc::default(), keep }
    }

    /// The trace, once the run is over.
    #[must_use]
    pub fn take(&self) -> Trace {
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner).trace)
    }
}

impl Sink for Memory {
    fn put(&mut self, record: Record) -> Result<(), SinkError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += record.bytes.len();
        if kept.bytes > MEMORY_BYTES_MAX {
            return Err(SinkError(format!("it is larger than {MEMORY_BYTES_MAX} bytes")));
        }
        kept.trace.push(record);
        Ok(())
    }

    fn keeps(&self) -> Keep {
        self.keep
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}
