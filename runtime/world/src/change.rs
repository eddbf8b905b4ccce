//! One value put in another's place.

use std::net::IpAddr;

use minicbor::{Decode, Decoder, Encode, decode};
use thiserror::Error;

use crate::{
    Timestamp, Weather,
    document::{from_hex, guest_path},
};

/// Arguments that a run can be given by changes. Stops one that would fill memory with empty arguments before it.
pub const ARGS_MAX: u32 = 4096;

/// A change of one thing that a run is told.
///
/// All but the last are made at the value, so that every later answer agrees with it: a file that is
/// replaced has another size, another hash and other bytes, however the skill looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Change {
    /// The file holds this, or is absent.
    #[n(0)]
    File {
        /// Absolute guest path.
        #[n(0)]
        path: String,
        /// None: absent.
        #[cbor(n(1), with = "minicbor::bytes")]
        content: Option<Vec<u8>>,
    },
    /// The variable has this value, or is unset.
    #[n(1)]
    Env {
        /// Name of the variable.
        #[n(0)]
        name: String,
        /// None: unset.
        #[n(1)]
        value: Option<String>,
    },
    /// The argument at `index` is this; 0 is the program's name.
    #[n(2)]
    Arg {
        /// From 0, below [`ARGS_MAX`].
        #[cbor(n(0), decode_with = "decode_index")]
        index: u32,
        /// The argument.
        #[n(1)]
        value: String,
    },
    /// Standard input, or the typed input, is this; from an event on: what is still unread.
    #[n(3)]
    Stdin(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// The wall clock shows this; time since start is untouched.
    #[n(4)]
    Clock(#[n(0)] Timestamp),
    /// This many nanoseconds pass, on every clock.
    #[n(5)]
    Advance(#[n(0)] i64),
    /// The machine is this many times as fast: bits of an `f64`.
    #[n(6)]
    Speed(#[n(0)] u64),
    /// Random bytes come from this seed.
    #[n(7)]
    Random(#[n(0)] u64),
    /// The name has these addresses; none: it does not exist.
    #[n(8)]
    Dns {
        /// The name.
        #[n(0)]
        name: String,
        /// Empty: the name does not exist.
        #[n(1)]
        addresses: Vec<IpAddr>,
    },
    /// The whole network is in this state, whatever the script says.
    #[n(10)]
    Network(#[n(0)] Weather),
    /// These directories are handed over at start.
    #[n(11)]
    Preopens(#[n(0)] Vec<String>),
    /// The answer of one host call is this JSON, whatever the world would say: fault injection.
    #[n(9)]
    Answer(#[n(0)] String),
}

/// A change and the event from which on it holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Substitution {
    /// What changes.
    #[n(0)]
    pub change: Change,
    /// Number of the event before whose answer the change is made; none: before the run starts.
    #[n(1)]
    pub from: Option<u64>,
    /// As the user wrote it.
    #[n(2)]
    pub text: String,
}

/// A `--set` that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("--set {}: {message}", .target.escape_debug())]
pub struct ChangeError {
    target: String,
    message: String,
}

impl Substitution {
    /// Reads a `--set` target. `read_file` reads a file of the user's, for `file:PATH=@FILE`.
    ///
    /// # Errors
    /// An unknown target, or a value that its target cannot have.
    pub fn parse(
        text: &str,
        mut read_file: impl FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, ChangeError> {
        let fail = |message: String| ChangeError { target: text.to_owned(), message };
        let (target, from) = split_event(text);
        if let Some(rest) = target.strip_prefix("event:") {
            let (event, json) = rest.split_once('=').ok_or_else(|| fail("write event:I=JSON".into()))?;
            let event =
                event.parse().map_err(|_| fail(format!("\"{event}\" is not the number of an event")))?;
            let change = Change::Answer(json.to_owned());
            return Ok(Self { change, from: Some(event), text: text.to_owned() });
        }
        let change = read_change(target, &mut read_file).map_err(fail)?;
        Ok(Self { change, from, text: text.to_owned() })
    }
}

fn check_index(index: u32) -> Result<(), String> {
    match index < ARGS_MAX {
        true => Ok(()),
        false => Err(format!("there are at most {ARGS_MAX} arguments, from 0 to {}", ARGS_MAX - 1)),
    }
}

/// A change that was not read from a user's words is held to the same.
fn decode_index<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<u32, decode::Error> {
    let index = d.u32()?;
    check_index(index).map_err(decode::Error::message)?;
    Ok(index)
}

/// Splits `…@EVENT`: digits after the last `@`, unless the `@` stands where a file is named.
fn split_event(text: &str) -> (&str, Option<u64>) {
    match text.rsplit_once('@') {
        Some((target, event)) if !target.ends_with('=') => match event.parse() {
            Ok(event) => (target, Some(event)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

fn read_change(
    target: &str,
    read_file: &mut impl FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<Change, String> {
    let shape = |shape: &str| format!("write {shape}");
    let mut content = |value: &str| match (value.strip_prefix('@'), value.strip_prefix("hex:")) {
        (Some(file), _) => read_file(file),
        (_, Some(hex)) => from_hex(hex).ok_or_else(|| shape("pairs of hexadecimal digits after hex:")),
        _ => Ok(value.as_bytes().to_vec()),
    };
    if let Some(rest) = target.strip_prefix("file:") {
        return match (rest.split_once('='), rest.strip_suffix('!')) {
            (Some((path, value)), _) => {
                Ok(Change::File { path: guest_path(path)?, content: Some(content(value)?) })
            }
            (None, Some(path)) => Ok(Change::File { path: guest_path(path)?, content: None }),
            (None, None) => Err(shape("file:PATH=TEXT, =@FILE, =hex:…, or file:PATH! for absent")),
        };
    }
    if let Some(rest) = target.strip_prefix("env:") {
        return match (rest.split_once('='), rest.strip_suffix('!')) {
            (Some((name, value)), _) if !name.is_empty() => {
                Ok(Change::Env { name: name.to_owned(), value: Some(value.to_owned()) })
            }
            (None, Some(name)) if !name.is_empty() => Ok(Change::Env { name: name.to_owned(), value: None }),
            _ => Err(shape("env:NAME=VALUE, or env:NAME! for unset")),
        };
    }
    if let Some(rest) = target.strip_prefix("arg:") {
        let (index, value) = rest.split_once('=').ok_or_else(|| shape("arg:INDEX=VALUE"))?;
        let index = index.parse().map_err(|_| format!("\"{index}\" is not the index of an argument"))?;
        check_index(index)?;
        return Ok(Change::Arg { index, value: value.to_owned() });
    }
    if let Some(rest) = target.strip_prefix("dns:") {
        let (name, answer) = rest.split_once('=').ok_or_else(|| shape("dns:NAME=ADDRESS or =nxdomain"))?;
        let addresses = match answer {
            "nxdomain" => Vec::new(),
            list => list
                .split(',')
                .map(|address| address.parse().map_err(|_| format!("\"{address}\" is not an address")))
                .collect::<Result<_, _>>()?,
        };
        return Ok(Change::Dns { name: name.to_owned(), addresses });
    }
    if let Some(duration) = target.strip_prefix("clock+=") {
        let ns = duration.parse::<jiff::SignedDuration>().ok();
        return ns
            .and_then(|duration| i64::try_from(duration.as_nanos()).ok())
            .map(Change::Advance)
            .ok_or_else(|| format!("\"{duration}\" is not a duration; write 3d, 36h, -5s"));
    }
    match target.split_once('=') {
        Some(("stdin", value)) => Ok(Change::Stdin(content(value)?)),
        Some(("clock", time)) => {
            Timestamp::parse(time).map(Change::Clock).map_err(|error| error.to_string())
        }
        Some(("speed", factor)) => match factor.parse::<f64>() {
            Ok(value) if value.is_finite() && value > 0.0 => Ok(Change::Speed(value.to_bits())),
            _ => Err(format!("\"{factor}\" is not a speed; 2 is twice as fast, 0.05 twenty times slower")),
        },
        Some(("random", seed)) => {
            seed.parse().map(Change::Random).map_err(|_| format!("\"{seed}\" is not a seed of 64 bits"))
        }
        Some(("network", state)) => Weather::named(state)
            .map(Change::Network)
            .ok_or_else(|| shape("network=down, =refused, =nxdomain or =slow")),
        Some(("preopens", list)) => list
            .split(',')
            .filter(|path| !path.is_empty())
            .map(guest_path)
            .collect::<Result<_, _>>()
            .map(Change::Preopens),
        _ => Err(
            "unknown target; file:, env:, arg:, stdin=, clock=, clock+=, speed=, random=, dns:, network=, preopens=, event: are known"
                .into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Change, Substitution};

    fn set(text: &str) -> Result<(Change, Option<u64>), String> {
        Substitution::parse(text, |file| match file {
            "here" => Ok(b"from a file".to_vec()),
            _ => Err(format!("no file {file}")),
        })
        .map(|substitution| (substitution.change, substitution.from))
        .map_err(|error| error.to_string())
    }

    fn file(path: &str, content: Option<&[u8]>) -> Change {
        Change::File { path: path.into(), content: content.map(<[u8]>::to_vec) }
    }

    #[test]
    fn every_target_is_read() {
        assert_eq!(set("file:/a=7"), Ok((file("/a", Some(b"7")), None)));
        assert_eq!(set("file:/a=x=y"), Ok((file("/a", Some(b"x=y")), None)));
        assert_eq!(set("file:/a=@here"), Ok((file("/a", Some(b"from a file")), None)));
        assert_eq!(set("file:/a=hex:00ff"), Ok((file("/a", Some(&[0, 255])), None)));
        assert_eq!(set("file:/a!"), Ok((file("/a", None), None)));
        assert_eq!(set("file:/a=7@12"), Ok((file("/a", Some(b"7")), Some(12))));
        assert_eq!(set("env:A="), Ok((Change::Env { name: "A".into(), value: Some(String::new()) }, None)));
        assert_eq!(set("env:A!"), Ok((Change::Env { name: "A".into(), value: None }, None)));
        assert_eq!(set("arg:1=x"), Ok((Change::Arg { index: 1, value: "x".into() }, None)));
        assert_eq!(set("stdin=me@home"), Ok((Change::Stdin(b"me@home".to_vec()), None)));
        assert_eq!(set("clock+=1h"), Ok((Change::Advance(3_600_000_000_000), None)));
        assert_eq!(set("speed=0.05"), Ok((Change::Speed(0.05f64.to_bits()), None)));
        assert_eq!(set("random=9"), Ok((Change::Random(9), None)));
        assert_eq!(
            set("dns:a.example=nxdomain"),
            Ok((Change::Dns { name: "a.example".into(), addresses: vec![] }, None))
        );
        assert_eq!(set("event:4={\"err\":\"io\"}"), Ok((Change::Answer("{\"err\":\"io\"}".into()), Some(4))));
        assert!(matches!(set("clock=2027-08-08T00:00:00Z"), Ok((Change::Clock(_), None))));
    }

    #[test]
    fn what_cannot_be_set_is_said() {
        for bad in [
            "",
            "file:",
            "file:a=1",
            "file:/a",
            "file:/a/../b=1",
            "file:/a=hex:0",
            "file:/a=@missing",
            "env:=1",
            "env:A",
            "arg:x=1",
            "arg:4096=x",
            "arg:100000000=x@1",
            "clock=soon",
            "clock+=later",
            "speed=0",
            "speed=nan",
            "random=-1",
            "dns:a=b",
            "event:x=1",
            "event:1",
            "weather=sunny",
        ] {
            assert!(set(bad).is_err(), "{bad}");
        }
        assert!(set("weather=sunny").unwrap_err().contains("unknown target"));
    }

    #[test]
    fn an_argument_beyond_the_last_is_refused_wherever_it_comes_from() {
        assert!(set("arg:4095=x").is_ok());
        let written = |index| minicbor::to_vec(Change::Arg { index, value: String::new() }).unwrap();
        assert!(minicbor::decode::<Change>(&written(4095)).is_ok());
        let error = minicbor::decode::<Change>(&written(4096)).unwrap_err().to_string();
        assert!(error.contains("at most 4096 arguments"), "{error}");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = set(&text);
        }
    }
}
