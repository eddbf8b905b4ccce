//! `wasi:sockets/tcp`: sockets and connections. Waiting for others: `listening`.

use std::{net::SocketAddr, task::Poll};

use invar_envelope::{AccessRequest, Scheme};
use invar_trace::functions::tcp as f;
use wasmtime::component::Resource;

use super::{
    address,
    binding::{LocalEndpoint, ephemeral_port, without_scope},
    clamp,
    socket::{Options, State},
};
use crate::{
    Context, Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::{
        io::{
            poll::Pollable,
            streams::{InputStream, OutputStream},
        },
        sockets::{
            network::{ErrorCode, IpAddressFamily, IpSocketAddress, Network},
            tcp::{Host as Marker, HostTcpSocket, HostTcpSocketWithStore, ShutdownType, TcpSocket},
        },
    },
    funnel::{Host, ToAccessRequest, fallible, infallible, unchecked},
    handles::{Handle, Input, Pollable as Waits, Sink},
    port::source,
    shim::no_methods,
    stop::Outcome,
};

no_methods!(Marker, HostTcpSocket);

type HostResult<T> = wasmtime::Result<Result<T, ErrorCode>>;

/// Where a socket is to connect.
struct Destination(SocketAddr);

impl ToAccessRequest for Destination {
    fn access_request<'a>(&'a self, policy: &'a AccessPolicy) -> AccessRequest<'a> {
        AccessRequest::Connect { scheme: Scheme::Tcp, address: self.0, names: policy.names_of(self.0.ip()) }
    }
}

/// Reads an option.
fn get<T>(
    context: &mut Context,
    socket: &Resource<TcpSocket>,
    read: fn(&Options) -> T,
) -> Outcome<T, ErrorCode> {
    Ok(read(context.handles.socket(socket)?.options()?))
}

/// Sets an option; most of them cannot be nothing.
fn set(
    context: &mut Context,
    socket: &Resource<TcpSocket>,
    is_zero: bool,
    write: impl FnOnce(&mut Options),
) -> Outcome<(), ErrorCode> {
    if is_zero {
        return Err(ErrorCode::InvalidArgument.into());
    }
    write(context.handles.socket(socket)?.options()?);
    Ok(())
}

impl HostTcpSocketWithStore<Membrane> for Shim {
    fn start_bind(
        host: Host<'_>,
        socket: Resource<TcpSocket>,
        network: Resource<Network>,
        local: IpSocketAddress,
    ) -> HostResult<()> {
        let request = (&socket, &network, &local);
        fallible(
            host,
            f::TCP_SOCKET_START_BIND,
            &request,
            |context| {
                let local = without_scope(SocketAddr::from(&local));
                let socket = context.handles.socket(&socket)?;
                match socket.state {
                    State::Unconnected if socket.local.is_none() => {}
                    State::Binding | State::Connecting { .. } | State::ListenStarted => {
                        return Err(ErrorCode::ConcurrencyConflict.into());
                    }
                    _ => return Err(ErrorCode::InvalidState.into()),
                }
                match address::is_local(local, socket.family) {
                    true => Ok(LocalEndpoint { scheme: Scheme::Tcp, address: local }),
                    false => Err(ErrorCode::InvalidArgument.into()),
                }
            },
            |context, endpoint| {
                let local = context.take_address(&endpoint, socket.rep())?;
                let socket = context.handles.socket(&socket)?;
                (socket.local, socket.bound) = (Some(local), Some(local));
                socket.state = State::Binding;
                Ok(())
            },
        )
    }

    fn finish_bind(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<()> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_FINISH_BIND, &request, |context| {
            let socket = context.handles.socket(&socket)?;
            match socket.state {
                State::Binding => {
                    socket.state = State::Unconnected;
                    Ok(())
                }
                _ => Err(ErrorCode::NotInProgress.into()),
            }
        })
    }

    fn start_connect(
        host: Host<'_>,
        socket: Resource<TcpSocket>,
        network: Resource<Network>,
        remote: IpSocketAddress,
    ) -> HostResult<()> {
        let request = (&socket, &network, &remote);
        fallible(
            host,
            f::TCP_SOCKET_START_CONNECT,
            &request,
            |context| {
                let remote = SocketAddr::from(&remote);
                let socket = context.handles.socket(&socket)?;
                match socket.state {
                    State::Unconnected => {}
                    State::Binding | State::Connecting { .. } | State::ListenStarted => {
                        return Err(ErrorCode::ConcurrencyConflict.into());
                    }
                    _ => return Err(ErrorCode::InvalidState.into()),
                }
                match address::is_remote(remote, socket.family) {
                    true => Ok(Destination(remote)),
                    false => Err(ErrorCode::InvalidArgument.into()),
                }
            },
            |context, Destination(remote)| {
                let names = context.policy.names_of(remote.ip());
                let number = socket.rep();
                let socket = context.handles.socket(&socket)?;
                let local = match socket.local {
                    Some(local) if !local.ip().is_unspecified() => local,
                    Some(local) => SocketAddr::new(source(remote.ip()), local.port()),
                    None => SocketAddr::new(source(remote.ip()), ephemeral_port(number)),
                };
                let attempt = context.world.network().start_connect(local, remote, names);
                socket.local = Some(local);
                socket.state = State::Connecting { remote, attempt };
                Ok(())
            },
        )
    }

    fn finish_connect(
        host: Host<'_>,
        socket: Resource<TcpSocket>,
    ) -> HostResult<(Resource<InputStream>, Resource<OutputStream>)> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_FINISH_CONNECT, &request, |context| {
            let socket = context.handles.socket(&socket)?;
            let State::Connecting { remote, attempt } = socket.state else {
                return Err(ErrorCode::NotInProgress.into());
            };
            let Poll::Ready(outcome) = context.world.network().finish_connect(attempt) else {
                return Err(ErrorCode::WouldBlock.into());
            };
            match outcome {
                Ok(connection) => {
                    socket.state = State::Connected { remote, connection };
                    let input = context.handles.open(Handle::Input(Input::Tcp(connection)))?;
                    let output = context.handles.open(Handle::Output(Sink::Tcp(connection)))?;
                    Ok((input, output))
                }
                Err(error) => {
                    let error = ErrorCode::from(error);
                    socket.state = State::Closed(error);
                    Err(error.into())
                }
            }
        })
    }

    fn start_listen(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<()> {
        let request = (&socket,);
        fallible(
            host,
            f::TCP_SOCKET_START_LISTEN,
            &request,
            |context| context.listening_endpoint(&socket),
            |context, _| {
                context.handles.socket(&socket)?.state = State::ListenStarted;
                Ok(())
            },
        )
    }

    fn finish_listen(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<()> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_FINISH_LISTEN, &request, |context| context.finish_listen(&socket))
    }

    fn accept(
        host: Host<'_>,
        socket: Resource<TcpSocket>,
    ) -> HostResult<(Resource<TcpSocket>, Resource<InputStream>, Resource<OutputStream>)> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_ACCEPT, &request, |context| context.accept(&socket))
    }

    fn local_address(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<IpSocketAddress> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_LOCAL_ADDRESS, &request, |context| {
            Ok(context.handles.socket(&socket)?.local()?.into())
        })
    }

    fn remote_address(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<IpSocketAddress> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_REMOTE_ADDRESS, &request, |context| {
            Ok(context.handles.socket(&socket)?.remote()?.into())
        })
    }

    fn is_listening(host: Host<'_>, socket: Resource<TcpSocket>) -> wasmtime::Result<bool> {
        let request = (&socket,);
        infallible(host, f::TCP_SOCKET_IS_LISTENING, &request, (), |context, _| {
            context.handles.socket(&socket).map(|socket| matches!(socket.state, State::Listening(_)))
        })
    }

    fn address_family(host: Host<'_>, socket: Resource<TcpSocket>) -> wasmtime::Result<IpAddressFamily> {
        let request = (&socket,);
        infallible(host, f::TCP_SOCKET_ADDRESS_FAMILY, &request, (), |context, _| {
            context.handles.socket(&socket).map(|socket| socket.family)
        })
    }

    fn set_listen_backlog_size(host: Host<'_>, socket: Resource<TcpSocket>, value: u64) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::TCP_SOCKET_SET_LISTEN_BACKLOG_SIZE, &request, |context| {
            context.set_backlog(&socket, value)
        })
    }

    fn keep_alive_enabled(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<bool> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_KEEP_ALIVE_ENABLED, &request, |context| {
            get(context, &socket, |options| options.keep_alive)
        })
    }

    fn set_keep_alive_enabled(host: Host<'_>, socket: Resource<TcpSocket>, value: bool) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::TCP_SOCKET_SET_KEEP_ALIVE_ENABLED, &request, |context| {
            set(context, &socket, false, |options| options.keep_alive = value)
        })
    }

    fn keep_alive_idle_time(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<u64> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_KEEP_ALIVE_IDLE_TIME, &request, |context| {
            get(context, &socket, |options| options.keep_alive_idle_ns)
        })
    }

    fn set_keep_alive_idle_time(host: Host<'_>, socket: Resource<TcpSocket>, value: u64) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::TCP_SOCKET_SET_KEEP_ALIVE_IDLE_TIME, &request, |context| {
            set(context, &socket, value == 0, |options| {
                options.keep_alive_idle_ns = clamp::keep_alive_ns(value);
            })
        })
    }

    fn keep_alive_interval(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<u64> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_KEEP_ALIVE_INTERVAL, &request, |context| {
            get(context, &socket, |options| options.keep_alive_interval_ns)
        })
    }

    fn set_keep_alive_interval(host: Host<'_>, socket: Resource<TcpSocket>, value: u64) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::TCP_SOCKET_SET_KEEP_ALIVE_INTERVAL, &request, |context| {
            set(context, &socket, value == 0, |options| {
                options.keep_alive_interval_ns = clamp::keep_alive_ns(value);
            })
        })
    }

    fn keep_alive_count(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<u32> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_KEEP_ALIVE_COUNT, &request, |context| {
            get(context, &socket, |options| options.keep_alive_count)
        })
    }

    fn set_keep_alive_count(host: Host<'_>, socket: Resource<TcpSocket>, value: u32) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::TCP_SOCKET_SET_KEEP_ALIVE_COUNT, &request, |context| {
            set(context, &socket, value == 0, |options| {
                options.keep_alive_count = clamp::keep_alive_count(value);
            })
        })
    }

    fn hop_limit(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<u8> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_HOP_LIMIT, &request, |context| {
            get(context, &socket, |options| options.hop_limit)
        })
    }

    fn set_hop_limit(host: Host<'_>, socket: Resource<TcpSocket>, value: u8) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::TCP_SOCKET_SET_HOP_LIMIT, &request, |context| {
            set(context, &socket, value == 0, |options| options.hop_limit = value)
        })
    }

    fn receive_buffer_size(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<u64> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_RECEIVE_BUFFER_SIZE, &request, |context| {
            get(context, &socket, |options| options.receive_buffer)
        })
    }

    fn set_receive_buffer_size(host: Host<'_>, socket: Resource<TcpSocket>, value: u64) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::TCP_SOCKET_SET_RECEIVE_BUFFER_SIZE, &request, |context| {
            set(context, &socket, value == 0, |options| {
                options.receive_buffer = clamp::receive_buffer(value);
            })
        })
    }

    fn send_buffer_size(host: Host<'_>, socket: Resource<TcpSocket>) -> HostResult<u64> {
        let request = (&socket,);
        unchecked(host, f::TCP_SOCKET_SEND_BUFFER_SIZE, &request, |context| {
            get(context, &socket, |options| options.send_buffer)
        })
    }

    fn set_send_buffer_size(host: Host<'_>, socket: Resource<TcpSocket>, value: u64) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::TCP_SOCKET_SET_SEND_BUFFER_SIZE, &request, |context| {
            set(context, &socket, value == 0, |options| options.send_buffer = clamp::send_buffer(value))
        })
    }

    fn subscribe(host: Host<'_>, socket: Resource<TcpSocket>) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&socket,);
        infallible(host, f::TCP_SOCKET_SUBSCRIBE, &request, (), |context, _| {
            context.handles.socket(&socket)?;
            context.handles.open(Handle::Pollable(Waits::Socket(socket.rep())))
        })
    }

    fn shutdown(host: Host<'_>, socket: Resource<TcpSocket>, how: ShutdownType) -> HostResult<()> {
        let request = (&socket, how);
        unchecked(host, f::TCP_SOCKET_SHUTDOWN, &request, |context| {
            match context.handles.socket(&socket)?.state {
                State::Connected { connection, .. } => {
                    context.handles.shut(connection, how != ShutdownType::Send, how != ShutdownType::Receive);
                    if how != ShutdownType::Receive {
                        context.world.network().shutdown(connection);
                    }
                    Ok(())
                }
                _ => Err(ErrorCode::InvalidState.into()),
            }
        })
    }

    fn drop(host: Host<'_>, socket: Resource<TcpSocket>) -> wasmtime::Result<()> {
        let request = (&socket,);
        infallible(host, f::TCP_SOCKET_DROP, &request, (), |context, _| {
            if let Handle::Socket(closed) = context.handles.close(&socket)? {
                context.close_socket(&closed.state, closed.bound);
            }
            Ok(())
        })
    }
}
