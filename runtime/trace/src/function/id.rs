//! Numbers of functions.

use minicbor::{Decode, Encode};

/// Number of a host function, the same in every trace of every version. 0 is the end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct FunctionId(#[n(0)] pub u16);

impl FunctionId {
    /// Not a call: the run's end, the last event of every whole trace.
    pub const END: Self = Self(0);
}
