//! One value put in another's place.

use std::net::IpAddr;

use minicbor::{Decode, Decoder, Encode, decode};

use crate::{Connect, Late, NetworkCondition, Reply, Timestamp, field, http, network};

/// Arguments that a run can be given by changes. Stops one that would fill memory with empty arguments before it.
pub const ARGS_MAX: u32 = 4096;

/// Variables and arguments that one change adds. Stops one that would fill memory.
const MORE_MAX: u32 = 1024;

/// A change of one input of a run.
///
/// All but an answer are made at the value, so that every later answer agrees with it: a file that is
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
    /// The key of `wasi:config/store` has this value, or none.
    #[n(18)]
    Config {
        /// The key.
        #[n(0)]
        key: String,
        /// None: it is not configured.
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
    /// One argument of a call of a tool skill is this.
    #[n(17)]
    Field {
        /// The place, such as `path`, `filter.limit` or, of another call than the first, `2.path`.
        #[cbor(n(0), decode_with = "decode_place")]
        place: String,
        /// The text where a text was, else JSON.
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
    Network(#[n(0)] NetworkCondition),
    /// These directories are handed over at start.
    #[n(11)]
    Preopens(#[n(0)] Vec<String>),
    /// Random bytes begin with these, of whichever interface they are drawn first; then they are the seed's.
    /// Numbers are drawn little endian.
    #[n(12)]
    RandomBytes(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// A connection there is accepted, sent these bytes and closed, whatever the script says.
    #[n(13)]
    Answered {
        /// `HOST:PORT`: a name, or an address.
        #[cbor(n(0), decode_with = "decode_destination")]
        destination: String,
        /// The bytes that are sent.
        #[cbor(n(1), with = "minicbor::bytes")]
        bytes: Vec<u8>,
    },
    /// The file was last modified, and changed, at this time.
    #[n(14)]
    Modified {
        /// Absolute guest path.
        #[n(0)]
        path: String,
        /// When.
        #[n(1)]
        time: Timestamp,
    },
    /// Requests there get this reply, whatever the script says.
    #[n(16)]
    Requested {
        /// `[METHOD ]URL`: a name or an address, and a path or all.
        #[cbor(n(0), decode_with = "decode_target")]
        target: String,
        /// How.
        #[n(1)]
        reply: Reply,
    },
    /// Waiting returns at once, and no time passes for it: what some sandboxes do.
    #[n(15)]
    SkipSleep,
    /// The standard streams are a terminal's, or not.
    #[n(19)]
    Terminal(#[n(0)] bool),
    /// The clocks are exact to so many nanoseconds.
    #[n(20)]
    Resolution(#[n(0)] u64),
    /// Numbers of files count from here.
    #[n(21)]
    Inodes(#[n(0)] u64),
    /// There are so many more variables, whose names and values mean nothing.
    #[n(22)]
    MoreVariables(#[cbor(n(0), decode_with = "decode_more")] u32),
    /// There are so many more arguments, which mean nothing.
    #[n(23)]
    MoreArguments(#[cbor(n(0), decode_with = "decode_more")] u32),
    /// A reading of the clock comes late.
    #[n(24)]
    Late(#[n(0)] Late),
    /// What becomes of connections there, whatever the script says.
    #[n(25)]
    Connected {
        /// `HOST:PORT`: a name, or an address.
        #[cbor(n(0), decode_with = "decode_destination")]
        destination: String,
        /// What.
        #[n(1)]
        connect: Connect,
    },
    /// Each datagram that is sent there is answered with one of these bytes, whatever the script says.
    #[n(26)]
    Datagram {
        /// `HOST:PORT`: a name, or an address.
        #[cbor(n(0), decode_with = "decode_destination")]
        destination: String,
        /// The bytes that are sent.
        #[cbor(n(1), with = "minicbor::bytes")]
        bytes: Vec<u8>,
    },
    /// The machine has been up for so many nanoseconds; the wall clock is untouched.
    #[n(27)]
    Uptime(#[n(0)] u64),
    /// The answer of one host call is this JSON, whatever the world would say: fault injection.
    #[n(9)]
    Answer(#[n(0)] String),
}

impl Change {
    /// The variables that [`Change::MoreVariables`] adds.
    pub fn more_variables(number: u32) -> impl Iterator<Item = (String, String)> {
        (1..=number).map(|number| (format!("EXTRA_{number}"), "1".to_owned()))
    }

    /// An argument that [`Change::MoreArguments`] adds.
    pub const MORE_ARGUMENT: &str = "extra";
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

/// Whether a run can have an argument there.
pub(crate) fn check_index(index: u32) -> Result<(), String> {
    match index < ARGS_MAX {
        true => Ok(()),
        false => Err(format!("there are at most {ARGS_MAX} arguments, from 0 to {}", ARGS_MAX - 1)),
    }
}

/// Whether so many more can be added at once.
pub(crate) fn check_more(number: u32) -> Result<(), String> {
    match (1..=MORE_MAX).contains(&number) {
        true => Ok(()),
        false => Err(format!("{number} is no number from 1 to {MORE_MAX}")),
    }
}

/// A change that was not read from a user's words is held to the same.
fn decode_index<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<u32, decode::Error> {
    let index = d.u32()?;
    check_index(index).map_err(decode::Error::message)?;
    Ok(index)
}

/// As [`decode_index`].
fn decode_more<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<u32, decode::Error> {
    let number = d.u32()?;
    check_more(number).map_err(decode::Error::message)?;
    Ok(number)
}

/// As [`decode_index`].
fn decode_place<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, decode::Error> {
    let place = d.str()?;
    field::check_place(place).map_err(decode::Error::message)?;
    Ok(place.to_owned())
}

/// As [`decode_index`].
fn decode_destination<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, decode::Error> {
    let destination = d.str()?;
    network::destination(destination).map_err(decode::Error::message)?;
    Ok(destination.to_owned())
}

/// As [`decode_index`].
fn decode_target<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, decode::Error> {
    let target = d.str()?;
    http::target(target).map_err(decode::Error::message)?;
    Ok(target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Change, Reply};

    #[test]
    fn what_no_user_could_write_is_refused_wherever_it_comes_from() {
        let read = |change: Change| {
            let written = minicbor::to_vec(&change).unwrap();
            minicbor::decode::<Change>(&written)
                .map(|decoded| assert_eq!(decoded, change))
                .map_err(|e| e.to_string())
        };
        let argument = |index| read(Change::Arg { index, value: String::new() });
        assert_eq!(argument(4095), Ok(()));
        let error = argument(4096).unwrap_err();
        assert!(error.contains("at most 4096 arguments"), "{error}");
        let more = |number| read(Change::MoreVariables(number)).and(read(Change::MoreArguments(number)));
        assert_eq!(more(24), Ok(()));
        assert!(more(0).is_err() && more(1025).is_err());
        let answered =
            |destination: &str| read(Change::Answered { destination: destination.into(), bytes: vec![7] });
        assert_eq!(answered("db.example:5432"), Ok(()));
        assert!(answered("db.example").unwrap_err().contains("is not a destination"));
        let requested =
            |target: &str| read(Change::Requested { target: target.into(), reply: Reply::Body(vec![7]) });
        assert_eq!(requested("GET https://a.example/v1"), Ok(()));
        assert!(requested("tcp://a.example:1").unwrap_err().contains("is not the URL"));
    }
}
