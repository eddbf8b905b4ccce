//! CBOR of a value behind an [`Arc`]: that of the value.

use std::sync::Arc;

use minicbor::{
    Decode, Decoder, Encode, Encoder,
    decode::Error as DecodeError,
    encode::{Error as EncodeError, Write},
};

pub(super) fn encode<T: Encode<C>, C, W: Write>(
    value: &Arc<T>,
    encoder: &mut Encoder<W>,
    context: &mut C,
) -> Result<(), EncodeError<W::Error>> {
    value.as_ref().encode(encoder, context)
}

pub(super) fn decode<'b, T: Decode<'b, C>, C>(
    decoder: &mut Decoder<'b>,
    context: &mut C,
) -> Result<Arc<T>, DecodeError> {
    T::decode(decoder, context).map(Arc::new)
}
