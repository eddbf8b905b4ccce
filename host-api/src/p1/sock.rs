//! Sockets: preview 1 can neither make one nor be handed one, so that no descriptor is one.

use super::{
    call::Call,
    errno::{Answer, Errno},
    flags::{self, flags},
};

/// `riflags`
const RECEIVE_ALL: u32 = 0b11;
/// `sdflags`
const SHUTDOWN_ALL: u32 = 0b11;

pub(super) fn sock_accept(call: &mut Call<'_>, fd: u32, fdflags: u32, _out: u32) -> Answer<()> {
    flags(fdflags, flags::fd::ALL)?;
    no_socket(call, fd)
}

pub(super) fn sock_recv(
    call: &mut Call<'_>,
    fd: u32,
    _buffers: u32,
    _count: u32,
    riflags: u32,
    _size: u32,
    _roflags: u32,
) -> Answer<()> {
    flags(riflags, RECEIVE_ALL)?;
    no_socket(call, fd)
}

pub(super) fn sock_send(
    call: &mut Call<'_>,
    fd: u32,
    _buffers: u32,
    _count: u32,
    _siflags: u32,
    _size: u32,
) -> Answer<()> {
    no_socket(call, fd)
}

pub(super) fn sock_shutdown(call: &mut Call<'_>, fd: u32, how: u32) -> Answer<()> {
    flags(how, SHUTDOWN_ALL)?;
    no_socket(call, fd)
}

fn no_socket(call: &mut Call<'_>, fd: u32) -> Answer<()> {
    call.descriptor(fd)?;
    Err(Errno::Notsock.into())
}
