//! A world as a document: what [`crate::WorldDocument::parse`] reads.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Display, Write as _},
};

use invar_envelope::{Scheme, show_size, toml_text};
use jiff::SignedDuration;

use crate::{
    Connect, End, FILE_AGE_NS, FileTimes, InboundClient, Inode, Line, Lookup, Node, Protocol, Responder,
    Timestamp, Tree, World,
};

/// Bytes of a text that stands in the document itself. Longer ones, and what is not text, are files beside it: a document of
/// megabytes is read by nobody.
const INLINE_BYTES_MAX: usize = 64 << 10;
/// Characters that a file beside the document takes from the name of the guest's file.
const NAME_CHARS_MAX: usize = 64;

/// A world as a document, and the files that it imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenWorld {
    /// The document.
    pub text: String,
    /// What it imports, by the name in the directory beside it.
    pub imports: BTreeMap<String, Vec<u8>>,
}

impl WrittenWorld {
    /// Writes a world and its files. `given` are directories that every run of the skill finds, so that they need no entry;
    /// `directory` is the one beside the document that imports are read from.
    #[must_use]
    pub fn new(world: &World, files: &Tree, given: &BTreeSet<String>, directory: &str) -> Self {
        let mut writer = Writer { text: String::new(), imports: BTreeMap::new(), directory };
        let default = Timestamp(world.start.0.saturating_sub(FILE_AGE_NS));
        let usual = usual_time(files, default);
        writer.inputs(world);
        if usual != default {
            writer.line("files_modified", toml_line(&usual.to_string()));
        }
        writer.tables(world);
        // What a run finds by itself has the default time.
        let given = given.iter().filter(|_| usual == default).map(String::as_str).collect();
        writer.files(files, usual, &given);
        for entry in &world.network {
            writer.responder(entry);
        }
        for client in &world.inbound_clients {
            writer.inbound(client);
        }
        Self { text: writer.text, imports: writer.imports }
    }
}

/// The time that most files have.
fn usual_time(files: &Tree, default: Timestamp) -> Timestamp {
    let mut times: BTreeMap<Timestamp, usize> = BTreeMap::new();
    for inode in files.walk().filter_map(|(_, ino)| files.get(ino)) {
        *times.entry(inode.modified).or_default() += 1;
    }
    let most = times.iter().max_by_key(|(time, count)| (**count, **time == default));
    most.map_or(default, |(time, _)| *time)
}

struct Writer<'a> {
    text: String,
    imports: BTreeMap<String, Vec<u8>>,
    directory: &'a str,
}

impl Writer<'_> {
    fn line(&mut self, key: &str, value: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{key} = {value}");
    }

    fn table(&mut self, head: &str) {
        let _ = writeln!(self.text, "\n{head}");
    }

    /// Everything that is one line.
    fn inputs(&mut self, world: &World) {
        let default = World::default();
        self.line("start", toml_line(&world.start.to_string()));
        if world.interval_ns != default.interval_ns {
            self.line("interval", duration(world.interval_ns));
        }
        self.line("seed", integer(world.seed));
        if world.speed != default.speed {
            self.line("ns_per_fuel", format!("{:?}", f64::from(world.speed.0) / 1000.0));
        }
        if let Some(program) = &world.program {
            self.line("program", toml_line(program));
        }
        if !world.args.is_empty() {
            self.line("args", list(&world.args));
        }
        if world.enforce {
            self.line("enforce", true);
        }
        if let Some(preopens) = &world.preopens {
            self.line("preopens", list(preopens));
        }
        if !world.read_only.is_empty() {
            self.line("read_only", list(&world.read_only));
        }
        if world.machine.is_terminal {
            self.line("terminal", true);
        }
        if let Some(first) = world.machine.inodes_from {
            self.line("inodes_from", integer(first));
        }
        if let Some(ns) = world.machine.resolution_ns {
            self.line("clock_resolution", duration(ns));
        }
        if let Some(late) = world.machine.late {
            self.line("late", format!("{{ reading = {}, by = {} }}", late.reading, duration(late.by_ns)));
        }
        if let Some(ns) = world.uptime_ns {
            self.line("uptime", duration(ns));
        }
        if !world.random_first.is_empty() {
            self.line("random_first", hex(&world.random_first));
        }
        if world.skips_sleep {
            self.line("skips_sleep", true);
        }
        if let Some(condition) = world.network_condition {
            self.line("network_condition", toml_line(condition.as_str()));
        }
    }

    fn tables(&mut self, world: &World) {
        if !world.first_run.is_default() {
            self.table("[first_run]");
            let seeds = [("random", world.first_run.random), ("clock", world.first_run.jitter)];
            for (key, seed) in seeds.into_iter().filter_map(|(key, seed)| Some((key, seed?))) {
                self.line(key, toml_line(&seed.to_string()));
            }
        }
        for (head, values) in [("[env]", &world.env), ("[config]", &world.config)] {
            if !values.is_empty() {
                self.table(head);
            }
            for (name, value) in values {
                self.line(&toml_line(name), toml_text(value));
            }
        }
        if !world.names.is_empty() {
            self.table("[names]");
        }
        for (name, addresses) in &world.names {
            self.line(&toml_line(name), list(addresses));
        }
    }

    fn files(&mut self, files: &Tree, usual: Timestamp, given: &BTreeSet<&str>) {
        let paths: BTreeMap<String, _> = files.walk().collect();
        let mut is_begun = false;
        for (path, ino) in paths {
            let Some(inode) = files.get(ino) else { continue };
            let times = times(inode, usual);
            let is_there = |is_empty: bool| !is_empty || path == "/" || given.contains(path.as_str());
            let source = match inode.node() {
                Node::File(content) => self.content(&path, &content.to_vec()),
                Node::Symlink(target) => Source::Table(format!("link = {}", toml_line(target))),
                Node::Directory(directory) => {
                    if times.is_empty() && is_there(directory.is_empty()) {
                        continue;
                    }
                    Source::Table("directory = true".into())
                }
            };
            if !std::mem::replace(&mut is_begun, true) {
                self.table("[files]");
            }
            let value = match (source, times.is_empty()) {
                (Source::Text(text), true) => text,
                (Source::Text(text), false) => format!("{{ text = {text}, {times} }}"),
                (Source::Table(source), true) => format!("{{ {source} }}"),
                (Source::Table(source), false) => format!("{{ {source}, {times} }}"),
            };
            self.line(&toml_line(&path), value);
        }
    }

    /// Text that the document holds, or the import of a file beside it.
    fn content(&mut self, path: &str, bytes: &[u8]) -> Source {
        match std::str::from_utf8(bytes) {
            Ok(text) if bytes.len() <= INLINE_BYTES_MAX => Source::Text(toml_text(text)),
            _ => Source::Table(format!("import = {}", toml_line(&self.import(path, bytes)))),
        }
    }

    /// Puts content beside the document; returns where.
    fn import(&mut self, path: &str, bytes: &[u8]) -> String {
        let is_usual = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let last = path.rsplit('/').next().unwrap_or_default();
        let last: String = last.chars().filter(is_usual).take(NAME_CHARS_MAX).collect();
        let name = format!("{}-{last}", self.imports.len() + 1);
        self.imports.insert(name.clone(), bytes.to_vec());
        format!("{}/{name}", self.directory)
    }

    fn responder(&mut self, entry: &Responder) {
        let is_http = matches!(entry.matches.scheme(), Scheme::Http | Scheme::Https);
        self.table("[[network]]");
        self.line("match", toml_line(&entry.matches.to_string()));
        match &entry.lookup {
            Lookup::Own => {}
            Lookup::Addresses(addresses) => self.line("addresses", list(addresses)),
            Lookup::Nxdomain => self.line("lookup", toml_line("nxdomain")),
            Lookup::Timeout => self.line("lookup", toml_line("timeout")),
        }
        if entry.latency_ns != Responder::LATENCY_NS {
            self.line("latency", duration(entry.latency_ns));
        }
        if entry.connect != Connect::Accept {
            self.line("connect", toml_line(entry.connect.as_str()));
        }
        match is_http {
            true => self.response(entry),
            false => {
                self.dialogue(&entry.dialogue);
                self.end(entry.end);
            }
        }
    }

    fn response(&mut self, entry: &Responder) {
        let fields = |fields: &[(String, String)]| {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{} = {}", toml_line(name), toml_line(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        };
        if !entry.request_headers.is_empty() {
            self.line("request_headers", fields(&entry.request_headers));
        }
        if let Some(failure) = entry.fails {
            self.line("fails", toml_line(failure.as_str()));
        }
        self.line("status", entry.status);
        if !entry.headers.is_empty() {
            self.line("headers", fields(&entry.headers));
        }
        if !entry.body.is_empty() {
            let body = match self.content("body", &entry.body) {
                Source::Text(text) => text,
                Source::Table(import) => format!("{{ {import} }}"),
            };
            self.line("body", body);
            if let Some(bytes) = entry.body_bytes {
                self.line("bytes", toml_line(&show_size(bytes)));
            }
        }
        if !entry.trailers.is_empty() {
            self.line("trailers", fields(&entry.trailers));
        }
    }

    fn inbound(&mut self, client: &InboundClient) {
        self.table("[[inbound]]");
        self.line("port", client.port);
        if client.protocol == Protocol::Udp {
            self.line("protocol", toml_line("udp"));
        }
        if let Some(from) = client.from {
            self.line("from", toml_line(&from.to_string()));
        }
        for (key, ns) in [("after", client.after_ns), ("latency", client.latency_ns)] {
            if ns != Responder::LATENCY_NS {
                self.line(key, duration(ns));
            }
        }
        self.dialogue(&client.dialogue);
        self.end(client.end);
    }

    fn dialogue(&mut self, lines: &[Line]) {
        if lines.is_empty() {
            return;
        }
        let bytes = |key: &str, bytes: &[u8]| match (bytes, std::str::from_utf8(bytes)) {
            ([], _) => None,
            (_, Ok(text)) => Some(format!("{key} = {}", toml_line(text))),
            (_, Err(_)) => Some(format!("{key}_hex = {}", hex(bytes))),
        };
        self.text.push_str("dialogue = [\n");
        for line in lines {
            let parts = [bytes("after", &line.after), bytes("say", &line.say)];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            let _ = writeln!(self.text, "    {{ {} }},", parts.join(", "));
        }
        self.text.push_str("]\n");
    }

    fn end(&mut self, end: End) {
        match end {
            End::Close => {}
            End::Open => self.line("end", toml_line("open")),
            End::Reset => self.line("end", toml_line("reset")),
        }
    }
}

/// Where the content of a file comes from.
enum Source {
    /// A value.
    Text(String),
    /// A key and its value.
    Table(String),
}

/// The times of a file that are not the usual ones, as keys of its table; empty if all are.
fn times(inode: &Inode, usual: Timestamp) -> String {
    let Inode { modified, accessed, changed, .. } = *inode;
    let FileTimes { modified: of_file, accessed, changed } = FileTimes {
        modified: (modified != usual).then_some(modified),
        accessed: (accessed != modified).then_some(accessed),
        changed: (changed != modified).then_some(changed),
    };
    let times = [("modified", of_file), ("accessed", accessed), ("changed", changed)];
    let times = times.into_iter().filter_map(|(key, time)| Some(format!("{key} = \"{}\"", time?)));
    times.collect::<Vec<_>>().join(", ")
}

fn list<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(|item| toml_line(&item.to_string())).collect();
    format!("[{}]", items.join(", "))
}

/// The largest integers of 64 bits cannot stand in a document.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn duration(ns: u64) -> String {
    match i64::try_from(ns) {
        Ok(ns) => toml_line(&format!("{:#}", SignedDuration::from_nanos(ns))),
        Err(_) => toml_line(&format!("{}s {}ns", ns / 1_000_000_000, ns % 1_000_000_000)),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    toml_line(&digits)
}

/// A text as a TOML string of one line, which can also be a key. Characters that are not seen are escaped.
#[must_use]
pub fn toml_line(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\'' => quoted.push(c),
            c if c.escape_debug().count() > 1 => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use invar_envelope::{Document, NetworkPattern};
    use proptest::prelude::*;

    use super::WrittenWorld;
    use crate::{
        Connect, End, Failure, FileSource, FirstRun, InboundClient, Late, Line, Lookup, Machine,
        NetworkCondition, Node, Protocol, Responder, Seed, Speed, Timestamp, Tree, World, WorldDocument,
    };

    fn write(world: &World, files: &Tree) -> WrittenWorld {
        WrittenWorld::new(world, files, &BTreeSet::from(["/tmp".into()]), "answers.files")
    }

    fn read(written: &WrittenWorld) -> WorldDocument {
        match WorldDocument::parse(Document { name: "answers.toml", text: &written.text }) {
            Ok(document) => document,
            Err(error) => panic!("{error}\n{}", written.text),
        }
    }

    fn whole() -> World {
        let entry = |text| Responder::new(NetworkPattern::parse(text).unwrap());
        let line = |after: &[u8], say: &[u8]| Line { after: after.to_vec(), say: say.to_vec() };
        let fields = |name: &str| vec![(name.to_owned(), "a \"b\"\\".to_owned())];
        World {
            start: Timestamp(1_768_492_800_000_000_123),
            interval_ns: 61_000_000_007,
            seed: 9,
            speed: Speed(1),
            args: vec!["--a".into(), "b\n\"c\"".into()],
            enforce: true,
            env: BTreeMap::from([("A B".into(), "1\r\n\u{0}".into()), ("LANG".into(), "C".into())]),
            config: BTreeMap::from([("TIER".into(), "gold".into())]),
            network: vec![
                Responder {
                    lookup: Lookup::Addresses(vec!["10.0.0.7".parse().unwrap(), "::1".parse().unwrap()]),
                    latency_ns: 1,
                    headers: fields("x-one"),
                    request_headers: fields("Accept"),
                    trailers: fields("x-sum"),
                    status: 404,
                    body: b"{\"tier\": 'gold'}\n".to_vec(),
                    body_bytes: Some(1_000_001),
                    ..entry("GET https://api.example.com/v1/*")
                },
                Responder { fails: Some(Failure::Tls), ..entry("https://*.internal") },
                Responder {
                    dialogue: vec![line(b"", b"220 hi\r\n"), line(b"HELO", &[0xff, 0])],
                    end: End::Reset,
                    connect: Connect::Refused,
                    lookup: Lookup::Nxdomain,
                    ..entry("tcp://10.0.0.0/8:25")
                },
                Responder { lookup: Lookup::Timeout, ..entry("udp://[2001:db8::1]:53") },
            ],
            preopens: Some(vec!["/data".into()]),
            read_only: vec!["/etc".into()],
            names: BTreeMap::from([
                ("gone.example".into(), vec![]),
                ("a.example".into(), vec!["10.0.0.1".parse().unwrap()]),
            ]),
            network_condition: Some(NetworkCondition::Slow),
            random_first: vec![0, 255],
            skips_sleep: true,
            inbound_clients: vec![
                InboundClient {
                    from: Some("2001:db8::7".parse().unwrap()),
                    after_ns: 2_000_000_000,
                    dialogue: vec![line(b"a", b"b")],
                    end: End::Open,
                    ..InboundClient::new(Protocol::Tcp, 80)
                },
                InboundClient::new(Protocol::Udp, 53),
            ],
            program: Some("tool".into()),
            machine: Machine {
                is_terminal: true,
                resolution_ns: Some(1000),
                inodes_from: Some(2),
                late: Some(Late { reading: 2, by_ns: 3_000_000_000 }),
            },
            uptime_ns: Some(200_000_000_000_007),
            first_run: FirstRun { random: Some(Seed::of(b"r")), jitter: Some(Seed::of(b"c")) },
        }
    }

    fn tree() -> Tree {
        let (usual, later) = (Timestamp(5_000_000_000), Timestamp(7_000_000_001));
        let mut tree = Tree::new(usual);
        tree.put_file("/data/a.txt", b"one\ntwo \"3\"\n", usual).unwrap();
        tree.put_file("/data/b \"x\".bin", &[0xff, 0], later).unwrap();
        tree.put_file("/data/long.txt", &vec![b'x'; 70_000], usual).unwrap();
        tree.make_directories("/empty", usual).unwrap();
        tree.make_directories("/tmp", usual).unwrap();
        let link = tree.create(Node::Symlink("data/a.txt".into()), usual).unwrap();
        tree.link(Tree::ROOT, "soft", link);
        tree.set_modified("/data/a.txt", later).unwrap();
        tree
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (world, tree) = (whole(), tree());
        let written = write(&world, &tree);
        let document = read(&written);
        assert_eq!(document.world, world, "{}", written.text);
        assert_eq!(document.bodies, BTreeMap::new());
        let sources: Vec<(&str, &FileSource)> =
            document.files.iter().map(|(path, source)| (path.as_str(), source)).collect();
        let import = |name: &str| FileSource::Import(format!("answers.files/{name}"));
        assert_eq!(
            sources,
            [
                ("/data/a.txt", &FileSource::Text("one\ntwo \"3\"\n".into())),
                ("/data/b \"x\".bin", &import("1-bx.bin")),
                ("/data/long.txt", &import("2-long.txt")),
                ("/empty", &FileSource::Directory),
                ("/soft", &FileSource::Link("data/a.txt".into())),
                ("/tmp", &FileSource::Directory),
            ]
        );
        assert_eq!(written.imports["1-bx.bin"], [0xff, 0]);
        assert_eq!(document.files_modified, Some(Timestamp(5_000_000_000)));
        let of = |path: &str| document.times.get(path).copied().unwrap_or_default();
        assert_eq!(of("/data/a.txt").modified, Some(Timestamp(7_000_000_001)));
        assert_eq!(of("/data/a.txt").accessed, Some(Timestamp(5_000_000_000)));
        assert_eq!((of("/data/b \"x\".bin").accessed, of("/soft")), (None, crate::FileTimes::default()));
    }

    #[test]
    fn the_usual_world_takes_two_lines() {
        let world = World::default();
        let time = Timestamp(world.start.0 - crate::FILE_AGE_NS);
        let mut tree = Tree::new(time);
        tree.make_directories("/tmp", time).unwrap();
        let written = write(&world, &tree);
        assert_eq!(written.text, "start = \"2026-01-15T16:00:00Z\"\nseed = 7\n");
        assert_eq!(read(&written).world, world);
    }

    #[test]
    fn a_body_that_is_no_text_is_a_file() {
        let pattern = NetworkPattern::parse("https://a.example").unwrap();
        let network = vec![Responder { body: vec![0xff], ..Responder::new(pattern) }];
        let written = write(&World { network, ..World::default() }, &Tree::new(Timestamp(0)));
        assert_eq!(read(&written).bodies[&0], "answers.files/1-body");
        assert_eq!(written.imports["1-body"], [0xff]);
    }

    proptest! {
        #[test]
        fn texts_of_all_kinds_come_back(
            name in "[^=\u{0}]{1,20}", value in any::<String>(), file in any::<String>(), say in any::<Vec<u8>>(),
            ns in any::<u64>(), seed in any::<u64>(), speed in 1..=1_000_000_000_u32,
        ) {
            let tcp = Responder {
                dialogue: vec![Line { after: say.clone(), say }],
                latency_ns: ns >> 1,
                ..Responder::new(NetworkPattern::parse("tcp://a.example:1").unwrap())
            };
            let http = Responder {
                headers: vec![(name.clone(), value.clone())],
                body: value.clone().into_bytes(),
                ..Responder::new(NetworkPattern::parse("GET http://a.example/x").unwrap())
            };
            let world = World {
                env: BTreeMap::from([(name, value.clone())]),
                args: vec![value],
                uptime_ns: Some(ns >> 1),
                seed: seed >> 1,
                speed: Speed(speed),
                network: vec![tcp, http],
                ..World::default()
            };
            let mut tree = Tree::new(Timestamp(1));
            tree.put_file("/a", file.as_bytes(), Timestamp(1)).unwrap();
            let document = read(&write(&world, &tree));
            prop_assert_eq!(&document.world, &world);
            prop_assert_eq!(&document.files["/a"], &FileSource::Text(file));
        }
    }
}
