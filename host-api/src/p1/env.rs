//! Arguments, variables and random bytes.

use super::{
    call::Call,
    errno::{Answer, Errno},
};
use crate::{
    Shim,
    bindings::wasi::{
        cli::environment::HostWithStore as Environment, random::random::HostWithStore as Random,
    },
};

pub(super) fn args_get(call: &mut Call<'_>, argv: u32, buffer: u32) -> Answer<()> {
    let texts = arguments(call)?;
    put_texts(call, &texts, argv, buffer)
}

pub(super) fn args_sizes_get(call: &mut Call<'_>, count: u32, bytes: u32) -> Answer<()> {
    let texts = arguments(call)?;
    put_sizes(call, &texts, count, bytes)
}

pub(super) fn environ_get(call: &mut Call<'_>, environ: u32, buffer: u32) -> Answer<()> {
    let texts = variables(call)?;
    put_texts(call, &texts, environ, buffer)
}

pub(super) fn environ_sizes_get(call: &mut Call<'_>, count: u32, bytes: u32) -> Answer<()> {
    let texts = variables(call)?;
    put_sizes(call, &texts, count, bytes)
}

pub(super) fn random_get(call: &mut Call<'_>, buffer: u32, len: u32) -> Answer<()> {
    let bytes = <Shim as Random<_>>::get_random_bytes(call.host(), len.into())?;
    call.put(buffer, &bytes)
}

fn arguments(call: &mut Call<'_>) -> Answer<Vec<String>> {
    Ok(<Shim as Environment<_>>::get_arguments(call.host())?)
}

fn variables(call: &mut Call<'_>) -> Answer<Vec<String>> {
    let variables = <Shim as Environment<_>>::get_environment(call.host())?;
    Ok(variables.into_iter().map(|(name, value)| format!("{name}={value}")).collect())
}

/// Puts each text, with a zero behind it, into the buffer, and where it begins into the list.
fn put_texts(call: &mut Call<'_>, texts: &[String], list: u32, buffer: u32) -> Answer<()> {
    let (mut list, mut buffer) = (list, buffer);
    for text in texts {
        call.check_aligned(list, 4)?;
        list = call.put_before(list, &buffer.to_le_bytes())?;
        buffer = call.put_before(buffer, text.as_bytes())?;
        buffer = call.put_before(buffer, &[0])?;
    }
    Ok(())
}

/// Puts how many texts there are, and how large a buffer must be.
fn put_sizes(call: &mut Call<'_>, texts: &[String], count: u32, bytes: u32) -> Answer<()> {
    let all = texts.iter().map(|text| text.len() + 1).sum::<usize>();
    let size = |value: usize| u32::try_from(value).map_err(|_| Errno::Overflow);
    call.put_u32(count, size(texts.len())?)?;
    call.put_u32(bytes, size(all)?)
}
