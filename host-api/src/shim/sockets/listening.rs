//! Listening, and who has come.

use std::net::SocketAddr;

use invar_envelope::Scheme;
use wasmtime::component::Resource;

use super::{
    Socket,
    binding::LocalEndpoint,
    socket::{Options, State},
};
use crate::{
    Context,
    bindings::wasi::{
        io::streams::{InputStream, OutputStream},
        sockets::{network::ErrorCode, tcp::TcpSocket},
    },
    handles::{Handle, Input, Sink},
    port::Accepted,
    stop::Outcome,
};

/// A socket that was accepted, and its streams.
type Streams = (Resource<TcpSocket>, Resource<InputStream>, Resource<OutputStream>);

/// Connections that may wait, at most: as on Linux.
const BACKLOG_MAX: u32 = 4096;

impl Context {
    /// Where a socket would listen.
    pub(super) fn listening_endpoint(
        &mut self,
        socket: &Resource<TcpSocket>,
    ) -> Outcome<LocalEndpoint, ErrorCode> {
        let socket = self.handles.socket(socket)?;
        match (&socket.state, socket.bound) {
            (State::Unconnected, Some(address)) => Ok(LocalEndpoint { scheme: Scheme::Tcp, address }),
            (State::Binding | State::Connecting { .. } | State::ListenStarted, _) => {
                Err(ErrorCode::ConcurrencyConflict.into())
            }
            (State::Closed(error), _) => Err((*error).into()),
            _ => Err(ErrorCode::InvalidState.into()),
        }
    }

    pub(super) fn finish_listen(&mut self, socket: &Resource<TcpSocket>) -> Outcome<(), ErrorCode> {
        let socket = self.handles.socket(socket)?;
        let (State::ListenStarted, Some(address)) = (&socket.state, socket.bound) else {
            return Err(ErrorCode::NotInProgress.into());
        };
        let listener = self.world.network().listen(address, socket.options.backlog);
        socket.state = State::Listening(listener);
        Ok(())
    }

    pub(super) fn accept(&mut self, socket: &Resource<TcpSocket>) -> Outcome<Streams, ErrorCode> {
        let socket = self.handles.socket(socket)?;
        let listener = match socket.state {
            State::Listening(listener) => listener,
            State::Closed(error) => return Err(error.into()),
            _ => return Err(ErrorCode::InvalidState.into()),
        };
        let (family, options) = (socket.family, socket.options.clone());
        let Some(Accepted { connection, local, remote }) = self.world.network().accept(listener) else {
            return Err(ErrorCode::WouldBlock.into());
        };
        let state = State::Connected { remote, connection };
        let accepted = Socket { family, state, local: Some(local), bound: None, options };
        Ok((
            self.handles.open(Handle::Socket(Box::new(accepted)))?,
            self.handles.open(Handle::Input(Input::Tcp(connection)))?,
            self.handles.open(Handle::Output(Sink::Tcp(connection)))?,
        ))
    }

    pub(super) fn set_backlog(&mut self, socket: &Resource<TcpSocket>, value: u64) -> Outcome<(), ErrorCode> {
        if value == 0 {
            return Err(ErrorCode::InvalidArgument.into());
        }
        let backlog = u32::try_from(value).unwrap_or(u32::MAX).min(BACKLOG_MAX);
        let socket = self.handles.socket(socket)?;
        match socket.state {
            State::Connecting { .. } | State::Connected { .. } => Err(ErrorCode::InvalidState.into()),
            State::Closed(error) => Err(error.into()),
            State::Listening(listener) => {
                socket.options.backlog = backlog;
                self.world.network().set_backlog(listener, backlog);
                Ok(())
            }
            State::Unconnected | State::Binding | State::ListenStarted => {
                let Options { backlog: waiting, .. } = &mut socket.options;
                *waiting = backlog;
                Ok(())
            }
        }
    }

    /// Closes what a dropped socket held.
    pub(super) fn close_socket(&mut self, state: &State, bound: Option<SocketAddr>) {
        match state {
            State::Connected { connection, .. } => self.world.network().shutdown(*connection),
            State::Connecting { attempt, .. } => self.world.network().cancel_connect(*attempt),
            State::Listening(listener) => self.world.network().close_listener(*listener),
            _ => {}
        }
        if let Some(address) = bound {
            self.world.network().unbind(Scheme::Tcp, address);
        }
    }
}
