//! The values of `wasi:config/store` and `wasi:logging/logging`.

use minicbor::{Decoder, decode};

use super::{Decode, Encode, Out, case};
use crate::bindings::wasi::{config::store::Error, logging::logging::Level};

impl Encode for Error {
    fn encode(&self, out: &mut Out<'_>) {
        match self {
            Self::Upstream(message) => case(out, 0, message),
            Self::Io(message) => case(out, 1, message),
        }
    }
}

impl Decode for Error {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.array()?;
        match d.u8()? {
            0 => String::decode(d).map(Self::Upstream),
            1 => String::decode(d).map(Self::Io),
            _ => Err(decode::Error::message("no such case")),
        }
    }
}

enums! {
    Level { Trace, Debug, Info, Warn, Error, Critical }
}
