//! `--set`: changes as a user writes them.

use invar_envelope::parse_duration;
use thiserror::Error;

use crate::{
    Change, Connect, Failure, Late, Machine, NetworkCondition, Reply, Substitution, Timestamp,
    change::{check_index, check_more},
    document::{from_hex, guest_path},
    field, http, network,
};

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
        if let (Change::Field { .. }, Some(_)) = (&change, from) {
            return Err(fail(
                "arguments of calls are passed before the run: leave out @EVENT, or write hex:…".into(),
            ));
        }
        Ok(Self { change, from, text: text.to_owned() })
    }
}

/// Splits `…@EVENT`: digits after the last `@`, unless the `@` stands where a file is named.
fn split_event(text: &str) -> (&str, Option<u64>) {
    match text.rsplit_once('@') {
        Some((target, event)) if !target.ends_with('=') && !target.ends_with("=body:") => match event.parse()
        {
            Ok(event) => (target, Some(event)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

/// Reads a file of the user's.
type ReadFile<'a> = dyn FnMut(&str) -> Result<Vec<u8>, String> + 'a;

fn read_change(target: &str, read_file: &mut ReadFile<'_>) -> Result<Change, String> {
    let (kind, rest) = target.split_at(target.find([':', '=']).map_or(target.len(), |at| at + 1));
    match kind {
        "file:" => read_content(rest, read_file),
        "env:" => read_variable(rest),
        "config:" => read_config(rest),
        "arg:" => read_argument(rest),
        "stdin=" => bytes(rest, read_file).map(Change::Stdin),
        "clock=" => read_time(rest).map(Change::Clock),
        "clock+=" => read_duration(rest).map(Change::Advance),
        "speed=" => read_speed(rest),
        "random=" => read_random(rest),
        "dns:" => read_name(rest),
        "tcp:" => read_answer(rest, read_file),
        "http:" => read_reply(rest, read_file),
        "network=" => NetworkCondition::named(rest)
            .map(Change::Network)
            .ok_or_else(|| shape("network=down, =refused, =nxdomain or =slow")),
        "mtime:" => read_modified(rest),
        "udp:" => read_datagram(rest, read_file),
        "connect:" => read_connect(rest),
        "env+=" => read_more(rest).map(Change::MoreVariables),
        "arg+=" => read_more(rest).map(Change::MoreArguments),
        "terminal=" => match rest {
            "yes" => Ok(Change::Terminal(true)),
            "no" => Ok(Change::Terminal(false)),
            _ => Err(shape("terminal=yes or =no")),
        },
        "resolution=" => Machine::read_resolution(rest).map(Change::Resolution),
        "inodes=" => rest.parse().map(Change::Inodes).map_err(|_| shape("inodes=FIRST, a number")),
        "late:" => read_late(rest),
        "uptime=" => parse_duration(rest).map(Change::Uptime).map_err(|error| error.to_string()),
        "sleep=" if rest == "skip" => Ok(Change::SkipSleep),
        "sleep=" => Err(shape("sleep=skip")),
        "preopens=" => read_preopens(rest),
        _ => Err(
            "unknown target; file:, env:, env+=, config:, arg:, arg+=, stdin=, clock=, clock+=, uptime=, late:, resolution=, speed=, random=, dns:, tcp:, udp:, connect:, http:, network=, mtime:, inodes=, terminal=, sleep=, preopens=, event: are known"
                .into(),
        ),
    }
}

fn shape(shape: &str) -> String {
    format!("write {shape}")
}

/// `TEXT`, `@FILE` or `hex:…`
fn bytes(value: &str, read_file: &mut ReadFile<'_>) -> Result<Vec<u8>, String> {
    match value.strip_prefix('@') {
        Some(file) => read_file(file),
        None => plain_bytes(value),
    }
}

/// `TEXT` or `hex:…`
fn plain_bytes(value: &str) -> Result<Vec<u8>, String> {
    match value.strip_prefix("hex:") {
        Some(hex) => from_hex(hex).ok_or_else(|| shape("pairs of hexadecimal digits after hex:")),
        None => Ok(value.as_bytes().to_vec()),
    }
}

/// `TEXT` or `hex:…`, where only text can stand.
fn text(value: &str) -> Result<String, String> {
    String::from_utf8(plain_bytes(value)?).map_err(|_| "the bytes after hex: are not UTF-8".into())
}

fn read_content(rest: &str, read_file: &mut ReadFile<'_>) -> Result<Change, String> {
    match (rest.split_once('='), rest.strip_suffix('!')) {
        (Some((path, value)), _) => {
            Ok(Change::File { path: guest_path(path)?, content: Some(bytes(value, read_file)?) })
        }
        (None, Some(path)) => Ok(Change::File { path: guest_path(path)?, content: None }),
        (None, None) => Err(shape("file:PATH=TEXT, =@FILE, =hex:…, or file:PATH! for absent")),
    }
}

fn read_variable(rest: &str) -> Result<Change, String> {
    match (rest.split_once('='), rest.strip_suffix('!')) {
        (Some((name, value)), _) if !name.is_empty() => {
            Ok(Change::Env { name: name.to_owned(), value: Some(text(value)?) })
        }
        (None, Some(name)) if !name.is_empty() => Ok(Change::Env { name: name.to_owned(), value: None }),
        _ => Err(shape("env:NAME=VALUE, =hex:…, or env:NAME! for unset")),
    }
}

fn read_config(rest: &str) -> Result<Change, String> {
    match (rest.split_once('='), rest.strip_suffix('!')) {
        (Some((key, value)), _) if !key.is_empty() => {
            Ok(Change::Config { key: key.to_owned(), value: Some(text(value)?) })
        }
        (None, Some(key)) if !key.is_empty() => Ok(Change::Config { key: key.to_owned(), value: None }),
        _ => Err(shape("config:KEY=VALUE, =hex:…, or config:KEY! for not configured")),
    }
}

fn read_argument(rest: &str) -> Result<Change, String> {
    let how = "arg:INDEX=VALUE, =hex:… or, for calls of functions, arg:NAME=VALUE, arg:NAME.FIELD=VALUE";
    let (index, value) = rest.split_once('=').ok_or_else(|| shape(how))?;
    let Ok(index) = index.parse() else {
        field::check_place(index)?;
        return Ok(Change::Field { place: index.to_owned(), value: text(value)? });
    };
    check_index(index)?;
    Ok(Change::Arg { index, value: text(value)? })
}

fn read_name(rest: &str) -> Result<Change, String> {
    let (name, answer) = rest.split_once('=').ok_or_else(|| shape("dns:NAME=ADDRESS or =nxdomain"))?;
    let addresses = match answer {
        "nxdomain" => Vec::new(),
        list => list
            .split(',')
            .map(|address| address.parse().map_err(|_| format!("\"{address}\" is not an address")))
            .collect::<Result<_, _>>()?,
    };
    Ok(Change::Dns { name: name.to_owned(), addresses })
}

fn read_answer(rest: &str, read_file: &mut ReadFile<'_>) -> Result<Change, String> {
    let (destination, value) =
        rest.split_once('=').ok_or_else(|| shape("tcp:HOST:PORT=TEXT, =@FILE or =hex:…"))?;
    network::destination(destination)?;
    Ok(Change::Answered { destination: destination.to_owned(), bytes: bytes(value, read_file)? })
}

fn read_datagram(rest: &str, read_file: &mut ReadFile<'_>) -> Result<Change, String> {
    let (destination, value) =
        rest.split_once('=').ok_or_else(|| shape("udp:HOST:PORT=TEXT, =@FILE or =hex:…"))?;
    network::destination(destination)?;
    Ok(Change::Datagram { destination: destination.to_owned(), bytes: bytes(value, read_file)? })
}

fn read_connect(rest: &str) -> Result<Change, String> {
    let how = "connect:HOST:PORT=accept, =refused, =timeout or =unreachable";
    let (destination, connect) = rest.split_once('=').ok_or_else(|| shape(how))?;
    network::destination(destination)?;
    let connect = Connect::named(connect).ok_or_else(|| shape(how))?;
    Ok(Change::Connected { destination: destination.to_owned(), connect })
}

fn read_more(number: &str) -> Result<u32, String> {
    let number = number.parse().map_err(|_| shape("how many more, a number"))?;
    check_more(number)?;
    Ok(number)
}

fn read_late(rest: &str) -> Result<Change, String> {
    let how = "late:READING=DURATION, such as late:2=3s";
    let (reading, by) = rest.split_once('=').ok_or_else(|| shape(how))?;
    let reading = reading.parse().ok().filter(|reading| *reading > 0).ok_or_else(|| shape(how))?;
    let by_ns = parse_duration(by).map_err(|error| error.to_string())?;
    Ok(Change::Late(Late { reading, by_ns }))
}

fn read_reply(rest: &str, read_file: &mut ReadFile<'_>) -> Result<Change, String> {
    let how = "http:[METHOD ]URL=status:404, =body:TEXT, =body:@FILE, =body:hex:… or =refused, =reset, =timeout, =nxdomain, =tls-error";
    let (target, value) = rest.split_once('=').ok_or_else(|| shape(how))?;
    http::target(target)?;
    let reply = match value.split_once(':') {
        Some(("status", status)) => Reply::Status(read_status(status)?),
        Some(("body", body)) => Reply::Body(bytes(body, read_file)?),
        Some(_) => return Err(shape(how)),
        None => Failure::named(value).map(Reply::Fails).ok_or_else(|| shape(how))?,
    };
    Ok(Change::Requested { target: target.to_owned(), reply })
}

/// The status of a response: of three digits, and not one of those that announce another.
pub(crate) fn read_status(text: &str) -> Result<u16, String> {
    let status = text.parse().ok().filter(|status| (200..=999).contains(status));
    status.ok_or_else(|| {
        format!("\"{}\" is not the status of a response; write 200 to 999", text.escape_debug())
    })
}

fn read_modified(rest: &str) -> Result<Change, String> {
    let (path, time) = rest.split_once('=').ok_or_else(|| shape("mtime:PATH=TIME"))?;
    Ok(Change::Modified { path: guest_path(path)?, time: read_time(time)? })
}

fn read_time(time: &str) -> Result<Timestamp, String> {
    Timestamp::parse(time).map_err(|error| error.to_string())
}

fn read_duration(duration: &str) -> Result<i64, String> {
    let ns = duration.parse::<jiff::SignedDuration>().ok();
    ns.and_then(|duration| i64::try_from(duration.as_nanos()).ok())
        .ok_or_else(|| format!("\"{duration}\" is not a duration; write 3d, 36h, -5s"))
}

fn read_speed(factor: &str) -> Result<Change, String> {
    match factor.parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(Change::Speed(value.to_bits())),
        _ => Err(format!("\"{factor}\" is not a speed; 2 is twice as fast, 0.05 twenty times slower")),
    }
}

fn read_random(value: &str) -> Result<Change, String> {
    if value.starts_with("hex:") {
        return plain_bytes(value).map(Change::RandomBytes);
    }
    value
        .parse()
        .map(Change::Random)
        .map_err(|_| format!("\"{value}\" is not a seed of 64 bits; the bytes themselves are hex:…"))
}

fn read_preopens(list: &str) -> Result<Change, String> {
    let paths = list.split(',').filter(|path| !path.is_empty()).map(guest_path);
    paths.collect::<Result<_, _>>().map(Change::Preopens)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{Change, Connect, Failure, Late, Reply, Substitution, Timestamp};

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
        assert_eq!(
            set("env:A=hex:403d21"),
            Ok((Change::Env { name: "A".into(), value: Some("@=!".into()) }, None))
        );
        assert_eq!(set("arg:1=hex:c3a9"), Ok((Change::Arg { index: 1, value: "é".into() }, None)));
        assert_eq!(set("random=hex:00ff"), Ok((Change::RandomBytes(vec![0, 255]), None)));
        assert_eq!(set("random=hex:@3"), Ok((Change::RandomBytes(vec![]), Some(3))));
        let answered = |destination: &str, bytes: &[u8]| Change::Answered {
            destination: destination.into(),
            bytes: bytes.to_vec(),
        };
        assert_eq!(set("tcp:db.example:5432=no=x"), Ok((answered("db.example:5432", b"no=x"), None)));
        assert_eq!(set("tcp:[::1]:80=@here"), Ok((answered("[::1]:80", b"from a file"), None)));
        assert_eq!(set("tcp:10.0.0.1:80=hex:00@9"), Ok((answered("10.0.0.1:80", &[0]), Some(9))));
        assert_eq!(set("env+=24"), Ok((Change::MoreVariables(24), None)));
        assert_eq!(set("arg+=3@5"), Ok((Change::MoreArguments(3), Some(5))));
        assert_eq!(set("terminal=yes"), Ok((Change::Terminal(true), None)));
        assert_eq!(set("terminal=no"), Ok((Change::Terminal(false), None)));
        assert_eq!(set("resolution=1ms"), Ok((Change::Resolution(1_000_000), None)));
        assert_eq!(set("inodes=2"), Ok((Change::Inodes(2), None)));
        assert_eq!(set("uptime=2m"), Ok((Change::Uptime(120_000_000_000), None)));
        let late = Change::Late(Late { reading: 2, by_ns: 3_000_000_000 });
        assert_eq!(set("late:2=3s"), Ok((late, None)));
        let datagram = Change::Datagram { destination: "ns.example:53".into(), bytes: b"a=b".to_vec() };
        assert_eq!(set("udp:ns.example:53=a=b"), Ok((datagram, None)));
        for connect in [Connect::Accept, Connect::Refused, Connect::Timeout, Connect::Unreachable] {
            let destination = "[::1]:80".to_owned();
            let text = format!("connect:{destination}={}", connect.as_str());
            assert_eq!(set(&text), Ok((Change::Connected { destination, connect }, None)));
        }
        let time = Timestamp::parse("2020-02-29T12:00:00Z").unwrap();
        let modified = Change::Modified { path: "/a".into(), time };
        assert_eq!(set("mtime:/a=2020-02-29T12:00:00Z"), Ok((modified, None)));
        assert_eq!(set("sleep=skip@4"), Ok((Change::SkipSleep, Some(4))));
        let requested = |target: &str, reply| Change::Requested { target: target.into(), reply };
        let (get, any) = ("GET https://a.example/v1", "http://a.example");
        assert_eq!(
            set("http:GET https://a.example/v1=status:404"),
            Ok((requested(get, Reply::Status(404)), None))
        );
        assert_eq!(
            set("http:http://a.example=body:x=y@3"),
            Ok((requested(any, Reply::Body(b"x=y".to_vec())), Some(3)))
        );
        assert_eq!(
            set("http:http://a.example=body:@here"),
            Ok((requested(any, Reply::Body(b"from a file".to_vec())), None))
        );
        assert_eq!(
            set("http:http://a.example=body:hex:00"),
            Ok((requested(any, Reply::Body(vec![0])), None))
        );
        for failure in Failure::ALL {
            let text = format!("http:http://a.example={failure}");
            assert_eq!(set(&text), Ok((requested(any, Reply::Fails(failure)), None)));
        }
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
            "arg:x y=1",
            "arg:4096=x",
            "arg:100000000=x@1",
            "clock=soon",
            "clock+=later",
            "speed=0",
            "speed=nan",
            "random=-1",
            "random=hex:0",
            "env:A=hex:ff",
            "arg:1=hex:ff",
            "dns:a=b",
            "tcp:db.example:80",
            "tcp:db.example=x",
            "tcp:db.example:0=x",
            "tcp:*.example:80=x",
            "tcp:10.0.0.0/8:80=x",
            "tcp:https://db.example:80=x",
            "http:https://a.example",
            "http:https://a.example=200",
            "http:https://a.example=status:20",
            "http:https://a.example=status:1000",
            "http:https://a.example=status:ok",
            "http:https://a.example=body:hex:0",
            "http:https://a.example=broken",
            "http:https://*.example=refused",
            "http:tcp://a.example:80=refused",
            "http:a.example=refused",
            "mtime:/a",
            "mtime:a=2020-02-29T12:00:00Z",
            "mtime:/a=then",
            "env+=",
            "env+=0",
            "env+=1025",
            "arg+=-1",
            "terminal=",
            "terminal=maybe",
            "resolution=0s",
            "resolution=2s",
            "resolution=fine",
            "inodes=-1",
            "inodes=few",
            "late:2",
            "late:0=3s",
            "late:x=3s",
            "late:2=soon",
            "uptime=long",
            "udp:ns.example=x",
            "udp:ns.example:53",
            "connect:db.example:5432",
            "connect:db.example:5432=open",
            "connect:db.example=refused",
            "sleep",
            "sleep=well",
            "event:x=1",
            "event:1",
            "weather=sunny",
        ] {
            assert!(set(bad).is_err(), "{bad}");
        }
        assert!(set("arg:4095=x").is_ok());
        assert!(set("weather=sunny").unwrap_err().contains("unknown target"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = set(&text);
        }
    }
}
