//! `wasi:sockets`

use std::net::{IpAddr, SocketAddr};

use crate::{
    handles::{Handle, Handles},
    script::Call,
    wasi::sockets::{
        instance_network::instance_network,
        ip_name_lookup::resolve_addresses,
        network::{
            ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
        },
        tcp::ShutdownType,
        tcp_create_socket::create_tcp_socket,
    },
};

type Answer = Result<String, String>;

pub(crate) fn answer(function: &str, call: &Call, handles: &mut Handles) -> Option<Answer> {
    Some(match function {
        "instance-network" => Ok(handles.keep(call, Handle::Network(instance_network()))),
        "resolve-addresses" | "resolve-next-address" | "subscribe-addresses" => {
            lookup(function, call, handles)
        }
        "create-tcp-socket" => Ok(match create_tcp_socket(family(call)) {
            Ok(socket) => handles.keep(call, Handle::Socket(socket)),
            Err(error) => refused(error),
        }),
        function => return tcp(function, call, handles),
    })
}

fn lookup(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    Ok(match function {
        "resolve-addresses" => match resolve_addresses(handles.network(call.word(0)?)?, call.word(1)?) {
            Ok(addresses) => handles.keep(call, Handle::Addresses(addresses)),
            Err(error) => refused(error),
        },
        "resolve-next-address" => match handles.addresses(call.word(0)?)?.resolve_next_address() {
            Ok(Some(address)) => format!("ok {}", ip(address)),
            Ok(None) => "ok end".to_owned(),
            Err(error) => refused(error),
        },
        _ => {
            let pollable = handles.addresses(call.word(0)?)?.subscribe();
            handles.keep(call, Handle::Pollable(pollable))
        }
    })
}

fn tcp(function: &str, call: &Call, handles: &mut Handles) -> Option<Answer> {
    const FUNCTIONS: [&str; 29] = [
        "start-bind",
        "finish-bind",
        "start-connect",
        "finish-connect",
        "start-listen",
        "finish-listen",
        "accept",
        "local-address",
        "remote-address",
        "is-listening",
        "address-family",
        "set-listen-backlog-size",
        "keep-alive-enabled",
        "set-keep-alive-enabled",
        "keep-alive-idle-time",
        "set-keep-alive-idle-time",
        "keep-alive-interval",
        "set-keep-alive-interval",
        "keep-alive-count",
        "set-keep-alive-count",
        "hop-limit",
        "set-hop-limit",
        "receive-buffer-size",
        "set-receive-buffer-size",
        "send-buffer-size",
        "set-send-buffer-size",
        "subscribe-socket",
        "shutdown",
        "",
    ];
    FUNCTIONS.contains(&function).then(|| socket(function, call, handles))
}

fn socket(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let socket = handles.socket(call.word(0)?)?;
    let done = |()| String::new();
    let shown = |value: u64| value.to_string();
    let answer = match function {
        "start-bind" => socket.start_bind(handles.network(call.word(1)?)?, address(call, 2)?).map(done),
        "finish-bind" => socket.finish_bind().map(done),
        "start-connect" => socket.start_connect(handles.network(call.word(1)?)?, address(call, 2)?).map(done),
        // The streams become `in` and `out`.
        "finish-connect" => match socket.finish_connect() {
            Ok((input, output)) => {
                handles.put("in", Handle::Input(input));
                handles.put("out", Handle::Output(output));
                Ok(String::new())
            }
            Err(error) => Err(error),
        },
        "start-listen" => socket.start_listen().map(done),
        "finish-listen" => socket.finish_listen().map(done),
        // The streams become `in` and `out`.
        "accept" => match socket.accept() {
            Ok((accepted, input, output)) => {
                handles.put("in", Handle::Input(input));
                handles.put("out", Handle::Output(output));
                return Ok(handles.keep(call, Handle::Socket(accepted)));
            }
            Err(error) => Err(error),
        },
        "local-address" => socket.local_address().map(endpoint),
        "remote-address" => socket.remote_address().map(endpoint),
        "is-listening" => return Ok(socket.is_listening().to_string()),
        "address-family" => return Ok(format!("{:?}", socket.address_family())),
        "set-listen-backlog-size" => socket.set_listen_backlog_size(call.number(1)?).map(done),
        "keep-alive-enabled" => socket.keep_alive_enabled().map(|value| value.to_string()),
        "set-keep-alive-enabled" => socket.set_keep_alive_enabled(call.has("true")).map(done),
        "keep-alive-idle-time" => socket.keep_alive_idle_time().map(shown),
        "set-keep-alive-idle-time" => socket.set_keep_alive_idle_time(call.number(1)?).map(done),
        "keep-alive-interval" => socket.keep_alive_interval().map(shown),
        "set-keep-alive-interval" => socket.set_keep_alive_interval(call.number(1)?).map(done),
        "keep-alive-count" => socket.keep_alive_count().map(|value| value.to_string()),
        "set-keep-alive-count" => socket.set_keep_alive_count(call.number(1)? as u32).map(done),
        "hop-limit" => socket.hop_limit().map(|value| value.to_string()),
        "set-hop-limit" => socket.set_hop_limit(call.number(1)? as u8).map(done),
        "receive-buffer-size" => socket.receive_buffer_size().map(shown),
        "set-receive-buffer-size" => socket.set_receive_buffer_size(call.number(1)?).map(done),
        "send-buffer-size" => socket.send_buffer_size().map(shown),
        "set-send-buffer-size" => socket.set_send_buffer_size(call.number(1)?).map(done),
        "shutdown" => {
            let how = match call.word(1)? {
                "receive" => ShutdownType::Receive,
                "send" => ShutdownType::Send,
                _ => ShutdownType::Both,
            };
            socket.shutdown(how).map(done)
        }
        _ => {
            let pollable = socket.subscribe();
            return Ok(handles.keep(call, Handle::Pollable(pollable)));
        }
    };
    Ok(match answer {
        Ok(text) => format!("ok {text}").trim_end().to_owned(),
        Err(error) => refused(error),
    })
}

pub(crate) fn refused(error: ErrorCode) -> String {
    format!("err {}", error.name())
}

pub(crate) fn family(call: &Call) -> IpAddressFamily {
    if call.has("ipv6") { IpAddressFamily::Ipv6 } else { IpAddressFamily::Ipv4 }
}

pub(crate) fn address(call: &Call, index: usize) -> Result<IpSocketAddress, String> {
    let address: SocketAddr = call.word(index)?.parse().map_err(|_| "not an address".to_owned())?;
    Ok(match address {
        SocketAddr::V4(own) => {
            let [a, b, c, d] = own.ip().octets();
            IpSocketAddress::Ipv4(Ipv4SocketAddress { port: own.port(), address: (a, b, c, d) })
        }
        SocketAddr::V6(own) => {
            let [a, b, c, d, e, f, g, h] = own.ip().segments();
            IpSocketAddress::Ipv6(Ipv6SocketAddress {
                port: own.port(),
                flow_info: 0,
                address: (a, b, c, d, e, f, g, h),
                scope_id: 0,
            })
        }
    })
}

fn ip(address: IpAddress) -> IpAddr {
    match address {
        IpAddress::Ipv4((a, b, c, d)) => [a, b, c, d].into(),
        IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => [a, b, c, d, e, f, g, h].into(),
    }
}

pub(crate) fn endpoint(address: IpSocketAddress) -> String {
    match address {
        IpSocketAddress::Ipv4(own) => format!("{}:{}", ip(IpAddress::Ipv4(own.address)), own.port),
        IpSocketAddress::Ipv6(own) => format!("[{}]:{}", ip(IpAddress::Ipv6(own.address)), own.port),
    }
}
