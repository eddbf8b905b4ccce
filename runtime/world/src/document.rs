//! `world.toml`.

use std::{collections::BTreeMap, net::IpAddr};

use invar_envelope::{
    Document, DocumentError, NetworkPattern, PatternError, Scheme, parse_duration, parse_size,
};
use serde::Deserialize;
use toml::Spanned;

use crate::{
    Connect, End, FILE_AGE_NS, Failure, FileSource, FileTimes, FirstRun, InboundClient, Late, Line, Lookup,
    Machine, NetworkCondition, Protocol, Responder, Seed, Speed, Timestamp, World,
    file_source::{self, RawBody, RawFile},
};

/// A world as its document says it: files are still names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorldDocument {
    /// Everything but the files.
    pub world: World,
    /// Guest path and where its content comes from, in the order of the paths.
    pub files: BTreeMap<String, FileSource>,
    /// Times of guest paths that have some of their own.
    pub times: BTreeMap<String, FileTimes>,
    /// Time of all other files; none: they are a week old.
    pub files_modified: Option<Timestamp>,
    /// Entries of the network, by their index, whose body is a file beside the document, below it.
    pub bodies: BTreeMap<usize, String>,
}

impl WorldDocument {
    /// Time of the files that have none of their own.
    #[must_use]
    pub fn files_time(&self) -> Timestamp {
        self.files_modified.unwrap_or(Timestamp(self.world.start.0.saturating_sub(FILE_AGE_NS)))
    }

    /// Reads a world.
    ///
    /// # Errors
    /// An unknown key, a bad time, duration, speed, path or network entry: with file, line and column.
    pub fn parse(document: Document<'_>) -> Result<Self, DocumentError> {
        let raw: RawWorld = document.read()?;
        let at = Reader { document };
        let default = World::default();
        let world = World {
            start: at.optional(raw.start.as_ref(), time)?.unwrap_or(default.start),
            interval_ns: at.optional(raw.interval.as_ref(), parse_duration)?.unwrap_or(default.interval_ns),
            seed: raw.seed.unwrap_or(default.seed),
            speed: match &raw.ns_per_fuel {
                None => default.speed,
                Some(value) => Speed::from_ns_per_fuel(*value.get_ref()).ok_or_else(|| {
                    DocumentError::at(document, value.span(), "ns_per_fuel is out of range")
                        .with_help("a number from 0.001 to 1000000; 1.0 is a machine of our days")
                })?,
            },
            args: raw.args,
            enforce: raw.enforce,
            env: raw
                .env
                .into_iter()
                .map(|(name, value)| Ok((at.value(&name, variable_name)?, value)))
                .collect::<Result<_, DocumentError>>()?,
            config: raw.config,
            network: raw.network.iter().map(|entry| at.responder(entry)).collect::<Result<_, _>>()?,
            preopens: raw
                .preopens
                .map(|list| list.iter().map(|path| at.value(path, guest_path)).collect())
                .transpose()?,
            names: at.names(&raw.names)?,
            read_only: raw
                .read_only
                .iter()
                .map(|path| at.value(path, guest_path))
                .collect::<Result<_, DocumentError>>()?,
            network_condition: at.optional(raw.network_condition.as_ref(), network_condition)?,
            random_first: at.optional(raw.random_first.as_ref(), hex)?.unwrap_or_default(),
            skips_sleep: raw.skips_sleep,
            program: raw.program,
            machine: Machine {
                is_terminal: raw.terminal,
                resolution_ns: at.optional(raw.clock_resolution.as_ref(), Machine::read_resolution)?,
                inodes_from: raw.inodes_from,
                late: raw.late.as_ref().map(|late| at.late(late)).transpose()?,
            },
            inbound_clients: raw.inbound.iter().map(|entry| at.inbound(entry)).collect::<Result<_, _>>()?,
            uptime_ns: at.optional(raw.uptime.as_ref(), parse_duration)?,
            first_run: FirstRun {
                random: at.optional(raw.first_run.random.as_ref(), seed)?,
                jitter: at.optional(raw.first_run.clock.as_ref(), seed)?,
            },
        };
        let files_modified = at.optional(raw.files_modified.as_ref(), time)?;
        let (mut files, mut times) = (BTreeMap::new(), BTreeMap::new());
        for (path, entry) in raw.files {
            let path = at.value(&path, guest_path)?;
            let (source, of_file) = file_source::read(document, entry)?;
            if of_file != FileTimes::default() {
                times.insert(path.clone(), of_file);
            }
            files.insert(path, source);
        }
        let mut bodies = BTreeMap::new();
        for (index, entry) in raw.network.iter().enumerate() {
            bodies.extend(at.body_file(entry)?.map(|file| (index, file)));
        }
        Ok(Self { world, files, times, files_modified, bodies })
    }
}

struct Reader<'a> {
    document: Document<'a>,
}

/// What is wrong with a value, and what to write instead.
struct Complaint {
    message: String,
    help: Option<&'static str>,
}

impl From<String> for Complaint {
    fn from(message: String) -> Self {
        Self { message, help: None }
    }
}

impl From<PatternError> for Complaint {
    fn from(error: PatternError) -> Self {
        Self { message: error.to_string(), help: Some(error.help) }
    }
}

impl Reader<'_> {
    fn value<T, E: Into<Complaint>>(
        &self,
        raw: &Spanned<String>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<T, DocumentError> {
        parse(raw.get_ref()).map_err(|error| {
            let Complaint { message, help } = error.into();
            let error = DocumentError::at(self.document, raw.span(), message);
            match help {
                Some(help) => error.with_help(help),
                None => error,
            }
        })
    }

    fn optional<T, E: Into<Complaint>>(
        &self,
        raw: Option<&Spanned<String>>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Option<T>, DocumentError> {
        raw.map(|raw| self.value(raw, parse)).transpose()
    }

    /// The file that the body of an entry is to be read from.
    fn body_file(&self, raw: &Spanned<RawResponder>) -> Result<Option<String>, DocumentError> {
        match &raw.get_ref().body {
            Some(RawBody::Import(path)) => {
                file_source::check_import(self.document, path, raw.span())?;
                Ok(Some(path.clone()))
            }
            Some(RawBody::Text(_)) | None => Ok(None),
        }
    }

    fn names(
        &self,
        raw: &BTreeMap<Spanned<String>, Vec<IpAddr>>,
    ) -> Result<BTreeMap<String, Vec<IpAddr>>, DocumentError> {
        let mut world = World::default();
        for (name, addresses) in raw {
            let name = self.value(name, host_name)?;
            world.set_name(&name, addresses);
        }
        Ok(world.names)
    }

    fn late(&self, raw: &Spanned<RawLate>) -> Result<Late, DocumentError> {
        let by_ns = self.value(&raw.get_ref().by, parse_duration)?;
        match raw.get_ref().reading {
            0 => Err(DocumentError::at(self.document, raw.span(), "readings of the clock count from 1")),
            reading => Ok(Late { reading, by_ns }),
        }
    }

    fn responder(&self, raw: &Spanned<RawResponder>) -> Result<Responder, DocumentError> {
        let span = raw.span();
        let raw = raw.get_ref();
        let at_entry = |message: &str| DocumentError::at(self.document, span.clone(), message);
        let matches = NetworkPattern::parse(raw.matches.get_ref()).map_err(|error| {
            DocumentError::at(self.document, raw.matches.span(), error.to_string()).with_help(error.help)
        })?;
        let is_http = matches!(matches.scheme(), Scheme::Http | Scheme::Https);
        let says_http =
            raw.status.is_some() || raw.body.is_some() || raw.bytes.is_some() || raw.fails.is_some();
        let has_fields =
            !raw.headers.is_empty() || !raw.request_headers.is_empty() || !raw.trailers.is_empty();
        if !is_http && (says_http || has_fields) {
            return Err(at_entry(
                "status, headers, body, bytes, trailers, request_headers and fails belong to http entries",
            ));
        }
        if raw.status.is_some_and(|status| !(200..=999).contains(&status)) {
            return Err(at_entry("a status is a number from 200 to 999"));
        }
        let body = match &raw.body {
            Some(RawBody::Text(text)) => text.clone().into_bytes(),
            // Read by whoever reads files.
            Some(RawBody::Import(_)) | None => Vec::new(),
        };
        let is_empty = body.is_empty() && !matches!(raw.body, Some(RawBody::Import(_)));
        if raw.bytes.is_some() && is_empty {
            return Err(at_entry("bytes needs a body that can be repeated"));
        }
        if is_http && (!raw.dialogue.is_empty() || raw.end.is_some()) {
            return Err(at_entry("dialogue and end belong to tcp and udp entries"));
        }
        if matches.scheme() == Scheme::Udp && raw.end.is_some() {
            return Err(at_entry("end belongs to tcp entries: datagrams have none"));
        }
        let lookup = match (&raw.lookup, raw.addresses.is_empty()) {
            (Some(_), false) => return Err(at_entry("an entry has either lookup or addresses")),
            (None, false) => Lookup::Addresses(raw.addresses.clone()),
            (None, true) => Lookup::Own,
            (Some(RawLookup::Nxdomain), true) => Lookup::Nxdomain,
            (Some(RawLookup::Timeout), true) => Lookup::Timeout,
        };
        Ok(Responder {
            lookup,
            latency_ns: self.optional(raw.latency.as_ref(), parse_duration)?.unwrap_or(Responder::LATENCY_NS),
            connect: raw.connect.unwrap_or_default().into(),
            dialogue: RawLine::read_all(&raw.dialogue).map_err(at_entry)?,
            end: raw.end.unwrap_or_default().into(),
            status: raw.status.unwrap_or(200),
            headers: raw.headers.clone().into_iter().collect(),
            body,
            request_headers: raw.request_headers.clone().into_iter().collect(),
            trailers: raw.trailers.clone().into_iter().collect(),
            fails: self.optional(raw.fails.as_ref(), failure)?,
            body_bytes: self.optional(raw.bytes.as_ref(), size)?,
            ..Responder::new(matches)
        })
    }

    fn inbound(&self, raw: &Spanned<RawInbound>) -> Result<InboundClient, DocumentError> {
        let span = raw.span();
        let raw = raw.get_ref();
        let at_entry = |message: &str| DocumentError::at(self.document, span.clone(), message);
        let protocol = raw.protocol.unwrap_or_default().into();
        if raw.port == 0 {
            return Err(at_entry("nobody comes to port 0"));
        }
        if protocol == Protocol::Udp && raw.end.is_some() {
            return Err(at_entry("end belongs to clients over tcp: datagrams have none"));
        }
        let latency_ns = self.optional(raw.latency.as_ref(), parse_duration)?;
        Ok(InboundClient {
            from: raw.from.map(|from| from.to_canonical()),
            after_ns: self.optional(raw.after.as_ref(), parse_duration)?.unwrap_or(Responder::LATENCY_NS),
            latency_ns: latency_ns.unwrap_or(Responder::LATENCY_NS),
            dialogue: RawLine::read_all(&raw.dialogue).map_err(at_entry)?,
            end: raw.end.unwrap_or_default().into(),
            ..InboundClient::new(protocol, raw.port)
        })
    }
}

fn failure(text: &str) -> Result<Failure, String> {
    Failure::named(text).ok_or_else(|| {
        let known = Failure::ALL.map(Failure::as_str).join(", ");
        format!("\"{}\" is no way to fail; {known} are known", text.escape_debug())
    })
}

fn size(text: &str) -> Result<u64, String> {
    parse_size(text).map_err(|error| error.to_string())
}

const LONG_AFTER: &str = "a line waits for 4,096 bytes at most";
const NOT_HEX: &str = "after_hex and say_hex hold pairs of hexadecimal digits";

fn variable_name(text: &str) -> Result<String, String> {
    match text.is_empty() || text.contains(['=', '\0']) {
        false => Ok(text.to_owned()),
        true => Err(format!("\"{}\" cannot be the name of a variable", text.escape_debug())),
    }
}

/// An absolute path without `.`, `..` or empty segments.
pub(crate) fn guest_path(text: &str) -> Result<String, String> {
    let valid = text == "/"
        || text.strip_prefix('/').is_some_and(|rest| {
            rest.split('/').all(|segment| !matches!(segment, "" | "." | "..")) && !rest.contains('\0')
        });
    match valid {
        true => Ok(text.to_owned()),
        false => Err(format!("\"{}\" is not an absolute guest path", text.escape_debug())),
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

fn hex(text: &str) -> Result<Vec<u8>, String> {
    from_hex(text).ok_or_else(|| "write pairs of hexadecimal digits".into())
}

fn seed(text: &str) -> Result<Seed, String> {
    Seed::from_hex(text).ok_or_else(|| "the seed of a run has 64 hexadecimal digits".into())
}

fn network_condition(text: &str) -> Result<NetworkCondition, String> {
    NetworkCondition::named(text).ok_or_else(|| {
        let known = NetworkCondition::ALL.map(NetworkCondition::as_str).join(", ");
        format!("\"{}\" is no state of a network; {known} are known", text.escape_debug())
    })
}

fn host_name(text: &str) -> Result<String, String> {
    match text.is_empty() || text.contains(|c: char| c.is_whitespace() || matches!(c, '/' | ':' | '*' | '\0'))
    {
        false => Ok(text.to_owned()),
        true => Err(format!("\"{}\" is not the name of a host", text.escape_debug())),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct RawWorld {
    start: Option<Spanned<String>>,
    interval: Option<Spanned<String>>,
    seed: Option<u64>,
    ns_per_fuel: Option<Spanned<f64>>,
    program: Option<String>,
    args: Vec<String>,
    terminal: bool,
    clock_resolution: Option<Spanned<String>>,
    inodes_from: Option<u64>,
    enforce: bool,
    env: BTreeMap<Spanned<String>, String>,
    config: BTreeMap<String, String>,
    files: BTreeMap<Spanned<String>, Spanned<RawFile>>,
    network: Vec<Spanned<RawResponder>>,
    preopens: Option<Vec<Spanned<String>>>,
    read_only: Vec<Spanned<String>>,
    inbound: Vec<Spanned<RawInbound>>,
    uptime: Option<Spanned<String>>,
    first_run: RawFirstRun,
    files_modified: Option<Spanned<String>>,
    names: BTreeMap<Spanned<String>, Vec<IpAddr>>,
    network_condition: Option<Spanned<String>>,
    random_first: Option<Spanned<String>>,
    skips_sleep: bool,
    late: Option<Spanned<RawLate>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawFirstRun {
    random: Option<Spanned<String>>,
    clock: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLate {
    reading: u64,
    by: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawResponder {
    #[serde(rename = "match")]
    matches: Spanned<String>,
    lookup: Option<RawLookup>,
    #[serde(default)]
    addresses: Vec<IpAddr>,
    latency: Option<Spanned<String>>,
    connect: Option<RawConnect>,
    #[serde(default)]
    dialogue: Vec<RawLine>,
    end: Option<RawEnd>,
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<RawBody>,
    bytes: Option<Spanned<String>>,
    #[serde(default)]
    request_headers: BTreeMap<String, String>,
    #[serde(default)]
    trailers: BTreeMap<String, String>,
    fails: Option<Spanned<String>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum RawLookup {
    Nxdomain,
    Timeout,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "lowercase")]
enum RawConnect {
    #[default]
    Accept,
    Refused,
    Timeout,
    Unreachable,
}

impl From<RawConnect> for Connect {
    fn from(raw: RawConnect) -> Self {
        match raw {
            RawConnect::Accept => Self::Accept,
            RawConnect::Refused => Self::Refused,
            RawConnect::Timeout => Self::Timeout,
            RawConnect::Unreachable => Self::Unreachable,
        }
    }
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "lowercase")]
enum RawEnd {
    #[default]
    Close,
    Open,
    Reset,
}

impl From<RawEnd> for End {
    fn from(raw: RawEnd) -> Self {
        match raw {
            RawEnd::Close => Self::Close,
            RawEnd::Open => Self::Open,
            RawEnd::Reset => Self::Reset,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInbound {
    port: u16,
    protocol: Option<RawProtocol>,
    from: Option<IpAddr>,
    after: Option<Spanned<String>>,
    latency: Option<Spanned<String>>,
    #[serde(default)]
    dialogue: Vec<RawLine>,
    end: Option<RawEnd>,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "lowercase")]
enum RawProtocol {
    #[default]
    Tcp,
    Udp,
}

impl From<RawProtocol> for Protocol {
    fn from(raw: RawProtocol) -> Self {
        match raw {
            RawProtocol::Tcp => Self::Tcp,
            RawProtocol::Udp => Self::Udp,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawLine {
    after: String,
    after_hex: String,
    say: String,
    say_hex: String,
}

impl RawLine {
    fn read_all(lines: &[Self]) -> Result<Vec<Line>, &'static str> {
        let lines: Vec<Line> = lines.iter().map(Self::read).collect::<Option<_>>().ok_or(NOT_HEX)?;
        match lines.iter().any(|line| line.after.len() > Line::AFTER_BYTES_MAX) {
            true => Err(LONG_AFTER),
            false => Ok(lines),
        }
    }

    fn read(&self) -> Option<Line> {
        let bytes = |text: &str, hex: &str| Some([text.as_bytes(), &from_hex(hex)?].concat());
        Some(Line { after: bytes(&self.after, &self.after_hex)?, say: bytes(&self.say, &self.say_hex)? })
    }
}

/// Pairs of hexadecimal digits as bytes; white space between pairs is allowed.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
                Some(digit(*high)? << 4 | digit(*low)?)
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use invar_envelope::{Document, DocumentError};
    use proptest::prelude::*;

    use super::{WorldDocument, from_hex};
    use crate::{Connect, End, FileSource, FileTimes, Lookup, NetworkCondition, Protocol, Timestamp, World};

    const WHOLE: &str = r#"
start       = "2026-01-15T16:00:00Z"
interval    = "30m"
seed        = 9
ns_per_fuel = 2.0
program     = "tool"
args        = ["--fast"]
terminal    = true
clock_resolution = "1us"
inodes_from = 2
enforce     = true
preopens    = ["/data"]
read_only   = ["/data/fixed"]
[env]
LANG = "C"
[files]
"/data/a.txt" = "hello"
"/data/customers.csv" = { import = "customers.csv" }
[[network]]
match = "GET https://api.example.com/v1/*"
status = 200
body = "{\"tier\":\"gold\"}"
[[network]]
match = "tcp://db.internal:5432"
addresses = ["10.0.0.7"]
latency = "20ms"
connect = "refused"
[[network]]
match = "tcp://mail.example:25"
dialogue = [{ say = "220 hi\r\n" }, { after = "HELO", say_hex = "32 35 30" }]
end = "open"
[[inbound]]
port = 8080
from = "2001:db8::7"
after = "2s"
dialogue = [{ say = "GET /\r\n" }]
end = "reset"
[[inbound]]
protocol = "udp"
port = 53
"#;

    fn parse(text: &str) -> Result<WorldDocument, DocumentError> {
        WorldDocument::parse(Document { name: "world.toml", text })
    }

    #[test]
    fn a_whole_world_is_read() {
        let WorldDocument { world, files, .. } = parse(WHOLE).unwrap();
        assert_eq!(world.interval_ns, 1_800_000_000_000);
        assert_eq!(world.env["LANG"], "C");
        assert_eq!(world.program.as_deref(), Some("tool"));
        assert!(world.machine.is_terminal);
        assert_eq!((world.machine.resolution_ns, world.machine.inodes_from), (Some(1_000), Some(2)));
        assert_eq!(world.read_only, ["/data/fixed"]);
        assert_eq!(files["/data/a.txt"], FileSource::Text("hello".into()));
        assert_eq!(files["/data/customers.csv"], FileSource::Import("customers.csv".into()));
        assert_eq!(world.network[1].lookup, Lookup::Addresses(vec!["10.0.0.7".parse().unwrap()]));
        assert_eq!(world.network[1].connect, Connect::Refused);
        assert_eq!(world.network[2].dialogue[1].say, b"250");
        let [first, second] = world.inbound_clients.as_slice() else { panic!("{:?}", world.inbound_clients) };
        assert_eq!((first.protocol, first.port, first.end), (Protocol::Tcp, 8080, End::Reset));
        assert_eq!((first.after_ns, first.latency_ns), (2_000_000_000, 5_000_000));
        assert_eq!(first.dialogue[0].say, b"GET /\r\n");
        assert_eq!((second.protocol, second.from), (Protocol::Udp, None));
        assert_eq!(minicbor::decode::<World>(&world.to_cbor()).unwrap(), world);
    }

    #[test]
    fn an_empty_document_is_the_default_world() {
        assert_eq!(parse("").unwrap().world, World::default());
    }

    #[test]
    fn an_error_names_the_place_of_the_value() {
        let at = |from: &str, to: &str| {
            let error = parse(&WHOLE.replace(from, to)).unwrap_err();
            (error.line, error.message)
        };
        assert_eq!(at("2026-01-15T16:00:00Z", "soon").0, 2);
        assert_eq!(at("30m", "30"), (3, "\"30\" is not a duration".into()));
        assert_eq!(at("2.0", "-2.0").0, 5);
        assert_eq!(at("1us", "1h").0, 9);
        assert_eq!(at("[\"/data\"]", "[\"data\"]").0, 12);
        assert_eq!(at("/data/fixed", "/data/../etc").0, 13);
        assert_eq!(at("\"/data/a.txt\"", "\"data/a.txt\"").0, 17);
        assert_eq!(at("{ import = \"customers.csv\" }", "{ import = \"../x\" }").0, 18);
        assert!(at("{ import = \"customers.csv\" }", "{ imprt = \"x\" }").1.contains("imprt"));
        assert!(at("{ import = \"customers.csv\" }", "7").1.contains("content as a string"));
        assert_eq!(at("tcp://db.internal:5432", "db.internal").0, 24);
        assert!(at("connect = \"refused\"", "status = 200").1.contains("http entries"));
        assert!(at("port = 8080", "port = 0").1.contains("port 0"));
        assert!(at("port = 53", "port = 53\nend = \"close\"").1.contains("datagrams have none"));
        assert!(
            at("match = \"tcp://mail.example:25\"", "match = \"udp://mail.example:25\"")
                .1
                .contains("tcp entries")
        );
        assert!(at("say_hex = \"32 35 30\"", "say_hex = \"3\"").1.contains("hexadecimal"));
    }

    #[test]
    fn what_changes_can_set_a_document_can_say() {
        let seed = "ab".repeat(32);
        let text = format!(
            "uptime = \"3d\"\nlate = {{ reading = 2, by = \"3s\" }}\nrandom_first = \"00ff\"\nskips_sleep = true\n\
             network_condition = \"down\"\nfiles_modified = \"1970-01-01T00:00:01Z\"\n[first_run]\nrandom = \"{seed}\"\n\
             [names]\n\"A.example\" = []\n[files]\n\"/a\" = {{ text = \"x\", modified = \"1970-01-01T00:00:02Z\" }}\n\
             \"/b\" = {{ link = \"a\" }}\n\"/c\" = {{ directory = true }}\n"
        )
        .replace("3d", "72h");
        let document = parse(&text).unwrap();
        let world = &document.world;
        assert_eq!((world.uptime_ns, world.skips_sleep), (Some(259_200_000_000_000), true));
        assert_eq!(world.network_condition, Some(NetworkCondition::Down));
        assert_eq!((world.random_first.as_slice(), world.names["a.example"].len()), (&[0, 255][..], 0));
        assert_eq!(world.first_run.random.unwrap().to_string(), seed);
        assert_eq!(document.files_time(), Timestamp(1_000_000_000));
        let modified = Some(Timestamp(2_000_000_000));
        assert_eq!(document.times["/a"], FileTimes { modified, ..FileTimes::default() });
        assert_eq!(document.files["/b"], FileSource::Link("a".into()));
        for (line, message) in [
            ("network_condition = \"wet\"", "down, refused"),
            ("late = { reading = 0, by = \"1s\" }", "count from 1"),
            ("random_first = \"0\"", "pairs of hexadecimal"),
            ("[first_run]\nclock = \"ab\"", "64 hexadecimal"),
            ("[names]\n\"a b\" = []", "not the name of a host"),
            ("[files]\n\"/a\" = { text = \"\", link = \"b\" }", "one of import, text, link"),
            ("[files]\n\"/a\" = { modified = \"1970-01-01T00:00:02Z\" }", "one of import, text, link"),
            ("[files]\n\"/a\" = { link = \"\" }", "needs a target"),
            ("[files]\n\"/a\" = { text = \"\", modified = \"soon\" }", "is not a time"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.message.contains(message), "{line}: {}", error.message);
        }
    }

    #[test]
    fn hexadecimal_digits_come_in_pairs() {
        assert_eq!(from_hex("00 fF"), Some(vec![0, 255]));
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("zz"), None);
    }

    proptest! {
        #[test]
        fn a_broken_world_never_makes_it_panic(at in 0..WHOLE.len(), with in any::<char>()) {
            let mut text = WHOLE.to_owned();
            if text.is_char_boundary(at) {
                text.insert(at, with);
            }
            let _ = parse(&text);
        }
    }
}
