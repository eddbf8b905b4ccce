//! `wasi:sockets/udp`

use crate::{
    handles::{Handle, Handles},
    script::Call,
    sockets::{address, endpoint, family, refused},
    wasi::sockets::{network::ErrorCode, udp::OutgoingDatagram, udp_create_socket::create_udp_socket},
};

type Answer = Result<String, String>;

/// Functions that TCP sockets have, too, begin with `udp-` here.
pub(crate) fn answer(function: &str, call: &Call, handles: &mut Handles) -> Option<Answer> {
    Some(match function {
        "create-udp-socket" => Ok(match create_udp_socket(family(call)) {
            Ok(socket) => handles.keep(call, Handle::Udp(socket)),
            Err(error) => refused(error),
        }),
        "stream" => stream(call, handles),
        "receive" | "subscribe-incoming" => incoming(function, call, handles),
        "check-send" | "send" | "subscribe-outgoing" => outgoing(function, call, handles),
        function => return function.strip_prefix("udp-").map(|function| socket(function, call, handles)),
    })
}

/// The streams become `from` and `to`.
fn stream(call: &Call, handles: &mut Handles) -> Answer {
    let remote = call.word(1).is_ok().then(|| address(call, 1)).transpose()?;
    Ok(match handles.udp(call.word(0)?)?.stream(remote) {
        Ok((incoming, outgoing)) => {
            handles.put("from", Handle::Incoming(incoming));
            handles.put("to", Handle::Outgoing(outgoing));
            "ok".to_owned()
        }
        Err(error) => refused(error),
    })
}

fn socket(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let socket = handles.udp(call.word(0)?)?;
    let done = |()| String::new();
    let shown = |value: u64| value.to_string();
    let answer = match function {
        "start-bind" => socket.start_bind(handles.network(call.word(1)?)?, address(call, 2)?).map(done),
        "finish-bind" => socket.finish_bind().map(done),
        "local-address" => socket.local_address().map(endpoint),
        "remote-address" => socket.remote_address().map(endpoint),
        "address-family" => return Ok(format!("{:?}", socket.address_family())),
        "unicast-hop-limit" => socket.unicast_hop_limit().map(|value| value.to_string()),
        "set-unicast-hop-limit" => socket.set_unicast_hop_limit(call.number(1)? as u8).map(done),
        "receive-buffer-size" => socket.receive_buffer_size().map(shown),
        "set-receive-buffer-size" => socket.set_receive_buffer_size(call.number(1)?).map(done),
        "send-buffer-size" => socket.send_buffer_size().map(shown),
        "set-send-buffer-size" => socket.set_send_buffer_size(call.number(1)?).map(done),
        "subscribe" => {
            let pollable = socket.subscribe();
            return Ok(handles.keep(call, Handle::Pollable(pollable)));
        }
        _ => return Err("no such function".to_owned()),
    };
    Ok(shown_or_refused(answer))
}

fn incoming(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let stream = handles.incoming(call.word(0)?)?;
    if function == "subscribe-incoming" {
        let pollable = stream.subscribe();
        return Ok(handles.keep(call, Handle::Pollable(pollable)));
    }
    let shown = |datagrams: Vec<crate::wasi::sockets::udp::IncomingDatagram>| {
        let datagrams = datagrams.into_iter().map(|datagram| {
            format!(
                "{:?} from {}",
                String::from_utf8_lossy(&datagram.data),
                endpoint(datagram.remote_address)
            )
        });
        format!("[{}]", datagrams.collect::<Vec<_>>().join(", "))
    };
    Ok(shown_or_refused(stream.receive(call.number(1)?).map(shown)))
}

/// `send to "text"`, `send to "text" 192.0.2.1:53`; what follows `and` is one more datagram.
fn outgoing(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let stream = handles.outgoing(call.word(0)?)?;
    let answer = match function {
        "check-send" => stream.check_send(),
        "send" => {
            let mut datagrams = Vec::new();
            let mut index = 1;
            while let Ok(data) = call.bytes(index) {
                let has_address = call.word(index + 1).is_ok_and(|word| word != "and");
                let remote_address = has_address.then(|| address(call, index + 1)).transpose()?;
                datagrams.push(OutgoingDatagram { data, remote_address });
                index += if has_address { 3 } else { 2 };
            }
            stream.send(&datagrams)
        }
        _ => {
            let pollable = stream.subscribe();
            return Ok(handles.keep(call, Handle::Pollable(pollable)));
        }
    };
    Ok(shown_or_refused(answer.map(|number| number.to_string())))
}

fn shown_or_refused(answer: Result<String, ErrorCode>) -> String {
    match answer {
        Ok(text) => format!("ok {text}").trim_end().to_owned(),
        Err(error) => refused(error),
    }
}
