//! The network script: who answers, and what.

use std::net::IpAddr;

use invar_envelope::{Host, NetworkPattern};
use minicbor::{Decode, Encode};

use crate::{Failure, Protocol};

/// One entry of the script: what answers the destinations it matches.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Responder {
    /// Which destinations.
    #[cbor(n(0), with = "pattern")]
    pub matches: NetworkPattern,
    /// What a lookup of the name answers.
    #[n(1)]
    pub lookup: Lookup,
    /// Time that a lookup, a connection and each reply take, in nanoseconds.
    #[n(2)]
    pub latency_ns: u64,
    /// What becomes of a connection attempt.
    #[n(3)]
    pub connect: Connect,
    /// The bytes that are sent on the connection, in order.
    #[n(4)]
    pub dialogue: Vec<Line>,
    /// What happens when the dialogue is over.
    #[n(5)]
    pub end: End,
    /// HTTP status.
    #[n(6)]
    pub status: u16,
    /// HTTP headers.
    #[n(7)]
    pub headers: Vec<(String, String)>,
    /// HTTP body.
    #[cbor(n(8), with = "minicbor::bytes")]
    pub body: Vec<u8>,
    /// Headers that a request must have to be answered by this entry.
    #[cbor(n(9), skip_if = "Vec::is_empty")]
    pub request_headers: Vec<(String, String)>,
    /// Fields after the HTTP body.
    #[cbor(n(10), skip_if = "Vec::is_empty")]
    pub trailers: Vec<(String, String)>,
    /// How HTTP requests fail; none: they are answered.
    #[cbor(n(11), skip_if = "Option::is_none")]
    pub fails: Option<Failure>,
    /// Bytes that the HTTP body is repeated to; none: it stands once.
    #[cbor(n(12), skip_if = "Option::is_none")]
    pub body_bytes: Option<u64>,
}

/// What a lookup answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub enum Lookup {
    /// An address for this name alone, in 198.18.0.0/15, the network reserved for tests (RFC 2544).
    #[default]
    #[n(0)]
    Own,
    /// These addresses.
    #[n(1)]
    Addresses(#[n(0)] Vec<IpAddr>),
    /// The name does not exist.
    #[n(2)]
    Nxdomain,
    /// The resolver does not answer.
    #[n(3)]
    Timeout,
}

/// What becomes of a connection attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Connect {
    /// It is accepted.
    #[default]
    #[n(0)]
    Accept,
    /// It is refused.
    #[n(1)]
    Refused,
    /// Nobody answers.
    #[n(2)]
    Timeout,
    /// There is no way there.
    #[n(3)]
    Unreachable,
}

impl Connect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Refused, Self::Timeout, Self::Unreachable];

    /// As `--set connect:` names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|connect| connect.as_str() == name)
    }
}

/// The state of the whole network, whatever the script says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum NetworkCondition {
    /// There is no way anywhere, and no resolver answers.
    #[n(0)]
    Down,
    /// Names resolve; every connection is refused.
    #[n(1)]
    Refused,
    /// No name exists.
    #[n(2)]
    Nxdomain,
    /// Everything takes half a minute.
    #[n(3)]
    Slow,
}

impl NetworkCondition {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Down, Self::Refused, Self::Nxdomain, Self::Slow];
    /// The time that everything takes when it is slow.
    pub const SLOW_NS: u64 = 30_000_000_000;

    /// As `--set network=` names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Refused => "refused",
            Self::Nxdomain => "nxdomain",
            Self::Slow => "slow",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.as_str() == name)
    }
}

/// One message of the other side.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Line {
    /// Wait until these bytes have been sent by the skill, after what earlier lines waited for.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub after: Vec<u8>,
    /// Its bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub say: Vec<u8>,
}

impl Line {
    /// Bytes that a line waits for at most. Stops a text that what is sent, byte by byte, would be searched for.
    pub const AFTER_BYTES_MAX: usize = 4096;
}

/// What the other side does when it has sent everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum End {
    /// Closes its side.
    #[default]
    #[n(0)]
    Close,
    /// Keeps the connection open and listens.
    #[n(1)]
    Open,
    /// Resets the connection.
    #[n(2)]
    Reset,
}

impl Responder {
    /// The time that a lookup, a connection and a reply take when the script does not say.
    pub const LATENCY_NS: u64 = 5_000_000;

    /// An entry that accepts and sends nothing.
    #[must_use]
    pub fn new(matches: NetworkPattern) -> Self {
        Self {
            matches,
            lookup: Lookup::Own,
            latency_ns: Self::LATENCY_NS,
            connect: Connect::Accept,
            dialogue: Vec::new(),
            end: End::Close,
            status: 200,
            headers: Vec::new(),
            body: Vec::new(),
            request_headers: Vec::new(),
            trailers: Vec::new(),
            fails: None,
            body_bytes: None,
        }
    }

    /// Puts an entry before a script: connections to one destination are accepted, sent `bytes` and closed.
    /// What lookups answer stays as it is, and so does how long everything takes.
    ///
    /// # Errors
    /// Not one destination, as a sentence.
    pub fn answer(script: &mut Vec<Self>, destination: &str, bytes: &[u8]) -> Result<(), String> {
        let entry = Self::beside(script, self::destination(destination)?);
        let dialogue = vec![Line { after: Vec::new(), say: bytes.to_vec() }];
        script.insert(0, Self { dialogue, ..entry });
        Ok(())
    }

    /// Puts an entry before a script: each datagram to one destination is answered with these bytes.
    ///
    /// # Errors
    /// As [`Responder::answer`].
    pub fn answer_datagrams(script: &mut Vec<Self>, destination: &str, bytes: &[u8]) -> Result<(), String> {
        let entry = Self::beside(script, self::at(Protocol::Udp, destination)?);
        let dialogue = vec![Line { after: Vec::new(), say: bytes.to_vec() }];
        script.insert(0, Self { dialogue, ..entry });
        Ok(())
    }

    /// Puts an entry before a script: this becomes of connections to one destination. What is said on one that is
    /// accepted stays as it is.
    ///
    /// # Errors
    /// As [`Responder::answer`].
    pub fn connect(script: &mut Vec<Self>, destination: &str, connect: Connect) -> Result<(), String> {
        let matches = self::destination(destination)?;
        let said = script.iter().find(|entry| entry.matches.covers(&matches));
        let (dialogue, end) = said.map_or_else(Default::default, |entry| (entry.dialogue.clone(), entry.end));
        let entry = Self::beside(script, matches);
        script.insert(0, Self { connect, dialogue, end, ..entry });
        Ok(())
    }

    /// An entry of one destination that answers lookups as the script does, and takes as long.
    fn beside(script: &[Self], matches: NetworkPattern) -> Self {
        let resolves = match matches.host() {
            Host::Name(name) => script.iter().find(|entry| entry.matches.allows_lookup(name)),
            Host::Below(_) | Host::Net(_) | Host::Named(..) => None,
        };
        let covers = script.iter().find(|entry| entry.matches.covers(&matches));
        Self {
            lookup: resolves.map(|entry| entry.lookup.clone()).unwrap_or_default(),
            latency_ns: covers.or(resolves).map_or(Self::LATENCY_NS, |entry| entry.latency_ns),
            ..Self::new(matches)
        }
    }
}

/// Reads `HOST:PORT`, one name or address.
pub(crate) fn destination(text: &str) -> Result<NetworkPattern, String> {
    at(Protocol::Tcp, text)
}

fn at(protocol: Protocol, text: &str) -> Result<NetworkPattern, String> {
    let scheme = match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    };
    NetworkPattern::parse(&format!("{scheme}://{text}"))
        .ok()
        .filter(|pattern| pattern.port().is_some())
        .filter(|pattern| match pattern.host() {
            Host::Name(_) => true,
            Host::Below(_) | Host::Named(..) => false,
            Host::Net(net) => net.prefix_len() == net.max_prefix_len(),
        })
        .ok_or_else(|| format!("\"{}\" is not a destination; write HOST:PORT", text.escape_debug()))
}

/// Patterns stand in traces as they are written.
mod pattern {
    use invar_envelope::NetworkPattern;
    use minicbor::{
        Decoder, Encoder, decode::Error as DecodeError, encode::Error as EncodeError, encode::Write,
    };

    pub(super) fn encode<C, W: Write>(
        value: &NetworkPattern,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        e.str(&value.to_string())?.ok()
    }

    pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<NetworkPattern, DecodeError> {
        NetworkPattern::parse(d.str()?).map_err(DecodeError::message)
    }
}

#[cfg(test)]
mod tests {
    use invar_envelope::NetworkPattern;

    use super::{Connect, Lookup, Responder};

    #[test]
    fn an_answer_goes_before_the_script_and_leaves_lookups_as_they_were() {
        let pattern = |text| NetworkPattern::parse(text).unwrap();
        let addresses = Lookup::Addresses(vec!["10.0.0.7".parse().unwrap()]);
        let mut script = vec![
            Responder { lookup: addresses.clone(), ..Responder::new(pattern("https://db.example")) },
            Responder {
                latency_ns: 9,
                connect: Connect::Refused,
                ..Responder::new(pattern("tcp://*.example:5"))
            },
        ];
        Responder::answer(&mut script, "db.example:5", b"yes").unwrap();
        let [answer, _, _] = script.as_slice() else { panic!("{script:?}") };
        assert_eq!((&answer.lookup, answer.latency_ns, answer.connect), (&addresses, 9, Connect::Accept));
        assert_eq!(answer.dialogue[0].say, b"yes");
        Responder::answer(&mut script, "192.0.2.1:5", b"no").unwrap();
        assert_eq!((&script[0].lookup, script[0].latency_ns), (&Lookup::Own, Responder::LATENCY_NS));
        assert!(Responder::answer(&mut script, "*.example:5", b"").is_err());
        Responder::connect(&mut script, "192.0.2.1:5", Connect::Refused).unwrap();
        assert_eq!((script[0].connect, script[0].dialogue[0].say.as_slice()), (Connect::Refused, &b"no"[..]));
        Responder::answer_datagrams(&mut script, "db.example:53", b"later").unwrap();
        assert_eq!(
            (&script[0].lookup, script[0].matches.to_string().as_str()),
            (&addresses, "udp://db.example:53")
        );
    }
}
