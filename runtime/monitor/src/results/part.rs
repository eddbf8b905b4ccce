//! One part of a condition.

use invar_world::{Change, Connect, Reply};

use crate::{Boundary, TriggerKind, source::Source, text, trigger_kind::kind_of};

/// One change that is needed.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) source: Source,
    pub(crate) change: Change,
    pub(crate) kind: TriggerKind,
    /// `environment variable PROD is "1"`
    pub(crate) condition: String,
    pub(crate) boundary: Boundary,
    pub(crate) value: Option<String>,
    pub(crate) first_run: Option<u32>,
    pub(crate) period: Option<u32>,
    /// Where it flips was narrowed.
    pub(crate) bisected: bool,
}

impl Part {
    /// As it was found.
    pub(crate) fn of(source: Source, change: Change) -> Self {
        let value = value(&change);
        Self {
            kind: kind_of(&source),
            condition: condition(&change),
            source,
            change,
            boundary: Boundary::default(),
            value,
            first_run: None,
            period: None,
            bisected: false,
        }
    }
}

/// The value that a change sets, for people; none: it takes something away, or is none.
fn value(change: &Change) -> Option<String> {
    let bytes = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("0x{}", text::hex(bytes)),
    };
    match change {
        Change::Env { value, .. } | Change::Config { value, .. } => value.clone(),
        Change::Arg { value, .. } | Change::Field { value, .. } => Some(value.clone()),
        Change::File { content, .. } => content.as_ref().map(|content| bytes(content).trim_end().to_owned()),
        Change::Stdin(value)
        | Change::Answered { bytes: value, .. }
        | Change::Datagram { bytes: value, .. }
        | Change::Requested { reply: Reply::Body(value), .. } => Some(bytes(value)),
        Change::Requested { reply: Reply::Status(status), .. } => Some(status.to_string()),
        Change::Requested { reply: Reply::Fails(failure), .. } => Some(failure.to_string()),
        Change::RandomBytes(value) => Some(format!("0x{}", text::hex(value))),
        Change::Dns { addresses, .. } => Some(match addresses.first() {
            Some(address) => address.to_string(),
            None => "nxdomain".into(),
        }),
        _ => None,
    }
}

/// A change as a condition.
fn condition(change: &Change) -> String {
    match change {
        Change::Env { name, value: None } => format!("environment variable {} is unset", name.escape_debug()),
        Change::Env { name, value: Some(value) } => {
            format!("environment variable {} is {}", name.escape_debug(), text::quoted(value.as_bytes()))
        }
        Change::Config { key, value: None } => format!("{} is not configured", key.escape_debug()),
        Change::Config { key, value: Some(value) } => {
            format!("{} is configured as {}", key.escape_debug(), text::quoted(value.as_bytes()))
        }
        Change::Arg { index: 0, value } => {
            format!("the program's name, argument 0, is {}", text::quoted(value.as_bytes()))
        }
        Change::Arg { index, value } => format!("argument {index} is {}", text::quoted(value.as_bytes())),
        Change::Field { place, value } => {
            format!("argument {} is {}", place.escape_debug(), text::quoted(value.as_bytes()))
        }
        Change::File { path, content: None } => format!("{} is absent", path.escape_debug()),
        Change::File { path, content: Some(content) } => {
            format!("{} holds {}", path.escape_debug(), text::quoted(content))
        }
        Change::Stdin(bytes) => format!("the input is {}", text::quoted(bytes)),
        Change::Answered { destination, bytes } => {
            format!("{} answers {}", destination.escape_debug(), text::quoted(bytes))
        }
        Change::Requested { target, reply } => {
            let target = target.escape_debug();
            match reply {
                Reply::Status(status) => format!("{target} answers with status {status}"),
                Reply::Body(body) => format!("{target} answers {}", text::quoted(body)),
                Reply::Fails(failure) => format!("{target} fails: {failure}"),
            }
        }
        Change::Dns { name, addresses } => match addresses.first() {
            Some(address) => format!("{} resolves to {address}", name.escape_debug()),
            None => format!("{} does not resolve", name.escape_debug()),
        },
        Change::RandomBytes(bytes) => format!("random bytes begin with 0x{}", text::hex(bytes)),
        Change::Clock(at) => format!("the wall clock shows {at}"),
        Change::Advance(ns) => {
            format!("the machine has been up for {} longer", text::span(ns.unsigned_abs()))
        }
        Change::Modified { path, time } => format!("{} was last changed at {time}", path.escape_debug()),
        Change::SkipSleep => "waiting passes no time".into(),
        Change::Connected { destination, connect } => {
            let destination = destination.escape_debug();
            match connect {
                Connect::Accept => format!("{destination} accepts connections"),
                Connect::Refused => format!("{destination} refuses connections"),
                Connect::Timeout => format!("{destination} does not answer"),
                Connect::Unreachable => format!("{destination} is unreachable"),
            }
        }
        Change::Datagram { destination, bytes } => {
            format!("{} answers datagrams with {}", destination.escape_debug(), text::quoted(bytes))
        }
        Change::MoreVariables(number) => text::several(*number as usize, "more environment variables"),
        Change::MoreArguments(number) => text::several(*number as usize, "more arguments"),
        Change::Terminal(true) => "the standard streams are a terminal".into(),
        Change::Terminal(false) => "the standard streams are no terminal".into(),
        Change::Resolution(ns) => format!("the clocks are exact to {}", text::exact_duration(*ns)),
        Change::Inodes(first) => format!("the numbers of files count from {first}"),
        Change::Late(late) => {
            format!("reading {} of the clock comes {} late", late.reading, text::exact_duration(late.by_ns))
        }
        Change::Uptime(ns) => format!("the machine has been up for {}", text::exact_duration(*ns)),
        other => format!("{other:?}"),
    }
}
