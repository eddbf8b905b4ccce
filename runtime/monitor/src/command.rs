//! Commands that show what was found: only such as were tried.

use invar_world::{Change, Reply, Substitution};
use jiff::SignedDuration;

use crate::text;

/// Longest value that is put into a command: longer ones help no reader, and shells refuse them.
const VALUE_BYTES_MAX: usize = 8192;

/// Longest input that is put into a command: it stands there in hexadecimal.
const INPUT_BYTES_MAX: usize = 4096;

/// `invar replay ID/8 --set …`
pub(crate) fn replay(id: &str, of: u32, targets: &[String]) -> String {
    let sets: String = targets.iter().map(|target| format!(" --set {}", text::shell_word(target))).collect();
    format!("invar replay {id}/{of}{sets}")
}

/// A change as `--set` reads it; none if it cannot be written there, or is too long for a command.
///
/// What is printed was read back: no name and no value can mean something else there.
pub(crate) fn target(change: &Change) -> Option<String> {
    written(change)?.into_iter().find(|text| {
        let no_file = |_: &str| Err(String::new());
        let is_same = |read: &Substitution| read.change == *change && read.from.is_none();
        !text.contains(char::is_control) && Substitution::parse(text, no_file).as_ref().is_ok_and(is_same)
    })
}

/// A change at an event, as `--set` reads it; none if it cannot be written there. Read back, like [`target`].
pub(crate) fn at_event(change: &Change, event: u64) -> Option<Substitution> {
    let ways = match change {
        Change::Answer(json) => vec![format!("event:{event}={json}")],
        change => written(change)?.into_iter().map(|text| format!("{text}@{event}")).collect(),
    };
    ways.into_iter().find_map(|text| {
        let read = Substitution::parse(&text, |_: &str| Err(String::new())).ok()?;
        let is_same = read.change == *change && read.from == Some(event);
        (is_same && !text.contains(char::is_control)).then_some(read)
    })
}

/// The ways to write a change, the plainest first.
fn written(change: &Change) -> Option<Vec<String>> {
    Some(match change {
        Change::File { path, content: None } => vec![format!("file:{path}!")],
        Change::File { path, content: Some(content) } => values(&format!("file:{path}="), content)?,
        Change::Env { name, value: None } => vec![format!("env:{name}!")],
        Change::Env { name, value: Some(value) } => values(&format!("env:{name}="), value.as_bytes())?,
        Change::Config { key, value: None } => vec![format!("config:{key}!")],
        Change::Config { key, value: Some(value) } => values(&format!("config:{key}="), value.as_bytes())?,
        Change::Arg { index, value } => values(&format!("arg:{index}="), value.as_bytes())?,
        Change::Field { place, value } => values(&format!("arg:{place}="), value.as_bytes())?,
        Change::Stdin(bytes) if bytes.len() <= INPUT_BYTES_MAX => {
            vec![format!("stdin=hex:{}", text::hex(bytes))]
        }
        Change::Clock(time) => vec![format!("clock={time}")],
        Change::Advance(ns) => vec![format!("clock+={}", SignedDuration::from_nanos(*ns))],
        Change::Speed(bits) => vec![format!("speed={}", f64::from_bits(*bits))],
        Change::Random(seed) => vec![format!("random={seed}")],
        Change::RandomBytes(bytes) if bytes.len() <= VALUE_BYTES_MAX => {
            vec![format!("random=hex:{}", text::hex(bytes))]
        }
        Change::Dns { name, addresses } if addresses.is_empty() => vec![format!("dns:{name}=nxdomain")],
        Change::Dns { name, addresses } => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            vec![format!("dns:{name}={}", addresses.join(","))]
        }
        Change::Answered { destination, bytes } => values(&format!("tcp:{destination}="), bytes)?,
        Change::Requested { target, reply: Reply::Status(status) } => {
            vec![format!("http:{target}=status:{status}")]
        }
        Change::Requested { target, reply: Reply::Body(body) } => {
            values(&format!("http:{target}=body:"), body)?
        }
        Change::Requested { target, reply: Reply::Fails(failure) } => {
            vec![format!("http:{target}={failure}")]
        }
        Change::Network(network_condition) => vec![format!("network={}", network_condition.as_str())],
        Change::Modified { path, time } => vec![format!("mtime:{path}={time}")],
        Change::Datagram { destination, bytes } => values(&format!("udp:{destination}="), bytes)?,
        Change::Connected { destination, connect } => {
            vec![format!("connect:{destination}={}", connect.as_str())]
        }
        Change::MoreVariables(number) => vec![format!("env+={number}")],
        Change::MoreArguments(number) => vec![format!("arg+={number}")],
        Change::Terminal(is_terminal) => {
            vec![format!("terminal={}", if *is_terminal { "yes" } else { "no" })]
        }
        Change::Resolution(ns) => vec![format!("resolution={}", text::exact_duration(*ns))],
        Change::Inodes(first) => vec![format!("inodes={first}")],
        Change::Late(late) => vec![format!("late:{}={}", late.reading, text::exact_duration(late.by_ns))],
        Change::Uptime(ns) => vec![format!("uptime={}", text::exact_duration(*ns))],
        Change::SkipSleep => vec!["sleep=skip".to_owned()],
        Change::Preopens(paths) => vec![format!("preopens={}", paths.join(","))],
        Change::Stdin(_) | Change::RandomBytes(_) | Change::Answer(_) => return None,
    })
}

/// A value as text if it is some, and in hexadecimal. Text with an `@` could be misread once an event is
/// added to it.
fn values(target: &str, value: &[u8]) -> Option<Vec<String>> {
    let text = std::str::from_utf8(value).ok().filter(|text| !text.contains('@'));
    let ways = text.map(|text| format!("{target}{text}")).into_iter();
    (value.len() <= VALUE_BYTES_MAX)
        .then(|| ways.chain([format!("{target}hex:{}", text::hex(value))]).collect())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use invar_world::{Change, Connect, Failure, Late, NetworkCondition, Reply, Substitution, Timestamp};
    use proptest::prelude::*;

    use super::{VALUE_BYTES_MAX, at_event, target};

    #[test]
    fn a_file_is_printed_as_plainly_as_can_be() {
        let file = |content: Option<&[u8]>| {
            target(&Change::File { path: "/a/index".into(), content: content.map(<[u8]>::to_vec) })
        };
        assert_eq!(file(Some(b"7")).unwrap(), "file:/a/index=7");
        assert_eq!(file(Some(b"7\n")).unwrap(), "file:/a/index=hex:370a");
        assert_eq!(file(Some(b"x@3")).unwrap(), "file:/a/index=hex:784033");
        assert_eq!(file(Some(b"a=b!")).unwrap(), "file:/a/index=a=b!");
        assert_eq!(file(None).unwrap(), "file:/a/index!");
        assert_eq!(file(Some(&[b'a'; VALUE_BYTES_MAX + 1])), None, "nobody pastes that");
    }

    #[test]
    fn every_kind_of_change_but_an_answer_is_printed() {
        let printed = |change: Change| target(&change).unwrap();
        let time = Timestamp::parse("2020-02-29T12:00:00Z").unwrap();
        assert_eq!(printed(Change::Env { name: "A".into(), value: Some("@=!".into()) }), "env:A=hex:403d21");
        assert_eq!(printed(Change::Arg { index: 1, value: "two words".into() }), "arg:1=two words");
        assert_eq!(printed(Change::Arg { index: 1, value: "hex:zz".into() }), "arg:1=hex:6865783a7a7a");
        let field = |value: &str| Change::Field { place: "1.filter.limit".into(), value: value.into() };
        assert_eq!(printed(field("3")), "arg:1.filter.limit=3");
        assert_eq!(printed(field("a@3")), "arg:1.filter.limit=hex:614033");
        assert_eq!(printed(Change::Advance(-3_600_000_000_000)), "clock+=-PT1H");
        assert_eq!(printed(Change::RandomBytes(vec![0, 255])), "random=hex:00ff");
        let addresses = ["10.0.0.1", "::1"].map(|address| address.parse().unwrap()).to_vec();
        assert_eq!(
            printed(Change::Dns { name: "a.example".into(), addresses }),
            "dns:a.example=10.0.0.1,::1"
        );
        assert_eq!(
            printed(Change::Dns { name: "a.example".into(), addresses: vec![] }),
            "dns:a.example=nxdomain"
        );
        let datagram = Change::Datagram { destination: "ns.example:53".into(), bytes: b"yes".to_vec() };
        assert_eq!(printed(datagram), "udp:ns.example:53=yes");
        let refused = Change::Connected { destination: "db.example:5432".into(), connect: Connect::Refused };
        assert_eq!(printed(refused), "connect:db.example:5432=refused");
        assert_eq!(printed(Change::MoreVariables(24)), "env+=24");
        assert_eq!(printed(Change::MoreArguments(3)), "arg+=3");
        assert_eq!(printed(Change::Terminal(true)), "terminal=yes");
        assert_eq!(printed(Change::Terminal(false)), "terminal=no");
        assert_eq!(printed(Change::Resolution(1_000_000)), "resolution=1ms");
        assert_eq!(printed(Change::Inodes(2)), "inodes=2");
        assert_eq!(printed(Change::Late(Late { reading: 2, by_ns: 3_000_000_000 })), "late:2=3s");
        assert_eq!(printed(Change::Uptime(120_000_000_000)), "uptime=2m");
        let answered =
            |bytes: &[u8]| Change::Answered { destination: "[::1]:80".into(), bytes: bytes.to_vec() };
        assert_eq!(printed(answered(b"run")), "tcp:[::1]:80=run");
        assert_eq!(printed(answered(b"run\r\n")), "tcp:[::1]:80=hex:72756e0d0a");
        let asked = |reply| Change::Requested { target: "GET https://a.example/v1".into(), reply };
        assert_eq!(printed(asked(Reply::Status(404))), "http:GET https://a.example/v1=status:404");
        assert_eq!(printed(asked(Reply::Body(b"a=b".to_vec()))), "http:GET https://a.example/v1=body:a=b");
        assert_eq!(printed(asked(Reply::Body(vec![0]))), "http:GET https://a.example/v1=body:hex:00");
        assert_eq!(printed(asked(Reply::Fails(Failure::Tls))), "http:GET https://a.example/v1=tls-error");
        assert_eq!(printed(Change::Modified { path: "/a".into(), time }), "mtime:/a=2020-02-29T12:00:00Z");
        assert_eq!(printed(Change::SkipSleep), "sleep=skip");
        assert_eq!(target(&Change::Answer("{}".into())), None, "it needs an event");
    }

    #[test]
    fn what_would_be_read_as_something_else_is_not_printed() {
        for path in ["/a=b", "a", "/a/../b", "/a\u{1b}[2J"] {
            assert_eq!(target(&Change::File { path: path.into(), content: None }), None, "{path:?}");
        }
        let paths = vec!["/a,/b".to_owned()];
        assert_eq!(target(&Change::Preopens(paths)), None);
        assert_eq!(target(&Change::Speed(f64::NAN.to_bits())), None);
        assert_eq!(target(&Change::Answered { destination: "db.example".into(), bytes: vec![] }), None);
    }

    /// Text with what `--set` takes for something else, and any other.
    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof!["[@=!:,a0 ]{0,6}", "(hex:|@|nxdomain)[0-9a-f]{0,4}(@[0-9]{1,3})?", ".{0,12}"]
    }

    fn path() -> impl Strategy<Value = String> {
        any_text().prop_map(|text| format!("/{text}"))
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![any_text().prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..70)]
    }

    fn reply() -> impl Strategy<Value = Reply> {
        prop_oneof![
            any::<u16>().prop_map(Reply::Status),
            bytes().prop_map(Reply::Body),
            prop::sample::select(Failure::ALL.to_vec()).prop_map(Reply::Fails),
        ]
    }

    fn change() -> impl Strategy<Value = Change> {
        let time = || any::<u64>().prop_map(Timestamp);
        let addresses = || prop::collection::vec(any::<IpAddr>(), 0..3);
        let destination = prop_oneof![
            any_text(),
            Just("db.example:5432".to_owned()),
            any::<std::net::SocketAddr>().prop_map(|address| address.to_string()),
        ];
        let target_of_requests =
            prop_oneof![any_text(), "(GET |get )?https?://a[.]example(:[0-9]{1,5})?(/[a-z=*]{0,4}){0,2}",];
        prop_oneof![
            (path(), prop::option::of(bytes())).prop_map(|(path, content)| Change::File { path, content }),
            (any_text(), prop::option::of(any_text())).prop_map(|(name, value)| Change::Env { name, value }),
            (any_text(), prop::option::of(any_text())).prop_map(|(key, value)| Change::Config { key, value }),
            (0u32..5000, any_text()).prop_map(|(index, value)| Change::Arg { index, value }),
            ("([0-9][.])?[a-z.0-9-]{0,6}", any_text())
                .prop_map(|(place, value)| Change::Field { place, value }),
            bytes().prop_map(Change::Stdin),
            time().prop_map(Change::Clock),
            any::<i64>().prop_map(Change::Advance),
            prop_oneof![any::<u64>(), any::<f64>().prop_map(f64::to_bits)].prop_map(Change::Speed),
            any::<u64>().prop_map(Change::Random),
            bytes().prop_map(Change::RandomBytes),
            (any_text(), addresses()).prop_map(|(name, addresses)| Change::Dns { name, addresses }),
            (destination, bytes()).prop_map(|(destination, bytes)| Change::Answered { destination, bytes }),
            (target_of_requests, reply()).prop_map(|(target, reply)| Change::Requested { target, reply }),
            prop::sample::select(NetworkCondition::ALL.to_vec()).prop_map(Change::Network),
            (path(), time()).prop_map(|(path, time)| Change::Modified { path, time }),
            Just(Change::SkipSleep),
            prop::collection::vec(path(), 0..3).prop_map(Change::Preopens),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_is_printed_is_read_back_as_it_was(change in change()) {
            if let Some(text) = target(&change) {
                let read = Substitution::parse(&text, |_| Err("no file was meant".into())).unwrap();
                prop_assert_eq!((read.change, read.from), (change, None));
                prop_assert!(!text.contains(char::is_control));
            }
        }

        #[test]
        fn what_is_printed_for_an_event_is_read_back_for_it(change in change(), event in any::<u64>()) {
            if let Some(substitution) = at_event(&change, event) {
                let read = Substitution::parse(&substitution.text, |_| Err("no file was meant".into())).unwrap();
                prop_assert_eq!((read.change, read.from), (change, Some(event)));
            }
        }

        #[test]
        fn any_value_can_be_printed(bytes in bytes(), text in any_text(), ns in any::<i64>()) {
            let changes = [
                Change::File { path: "/a".into(), content: Some(bytes.clone()) },
                Change::Answered { destination: "a:1".into(), bytes },
                Change::Env { name: "A".into(), value: Some(text.clone()) },
                Change::Arg { index: 1, value: text },
                Change::Advance(ns),
            ];
            for change in changes {
                prop_assert!(target(&change).is_some(), "{:?}", change);
            }
        }
    }
}
