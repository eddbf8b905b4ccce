//! What one run did.
//!
//! While a skill runs, the membrane hands every host call to a [`Recorder`], which writes it as an event,
//! chains events in frames, and gives the frames to a [`Sink`]. What comes out is a [`Trace`]: a header that
//! names all inputs of the run, the events, the content they refer to by digest, and the end. A trace
//! holds all that replaying it needs but the component.
//!
//! From a trace follow its [`Behaviour`], which is what the invariants compare, and the [`Divergence`] of two
//! traces: where they part and which answer from outside made them.
//!
//! Numbers are deterministic CBOR throughout: equal runs give equal bytes.

mod behaviour;
mod call_end;
mod calls;
mod cbor;
mod chain;
mod cursor;
mod divergence;
mod effect;
mod end;
mod event;
mod event_values;
mod file;
mod function;
pub mod functions;
mod header;
mod log_line;
mod memory;
mod output_digest;
mod probe;
mod recorder;
mod requests;
mod run_summary;
mod sink;
mod stream;
#[cfg(test)]
mod testing;
mod unanswered;
mod unseen;
mod value;

pub use behaviour::{Behaviour, OutputDigests, Refusal, Resources, Traffic, Violation};
pub use call_end::{CallEnd, CallResult, without_result};
pub use calls::{About, Call, Occurrence};
pub use cbor::Writer;
pub use chain::Chain;
pub use cursor::{Cursor, RecordedCall};
pub use divergence::{Divergence, InputDifference, Step};
pub use effect::{Effect, EffectKind};
pub use end::{Bytes, End, Ending};
pub use event::{Decision, Event, EventError, Payload, Subject, Verdict, Want};
pub use file::{Trace, TraceError, Version};
pub use function::{Capability, FUNCTIONS, Function, FunctionId, Type};
pub use header::{Entry, Format, Header, LabOrigin, LiveOrigin, Origin};
pub use log_line::log_line;
pub use memory::Memory;
pub use output_digest::OutputDigest;
pub use probe::{
    Hit, PROBE_FUNCTION, PROBE_IMPORT, PROBE_SETUP, PROBE_SETUP_END, PROBE_SETUP_MODULE, ProbeOverhead,
};
pub use recorder::{INLINE_BYTES_MAX, OpenEvent, Recorder};
pub use run_summary::{RunSummary, shortened};
pub use sink::{Discard, Keep, Record, RecordKind, Sink, SinkError};
pub use stream::Stream;
pub use unanswered::Unanswered;
pub use unseen::{in_one_line, is_unseen};
pub use value::{ValueError, arguments_to_json, from_json, to_json};
