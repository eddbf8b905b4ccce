//! Is this call inside the envelope?

use std::{fmt, net::SocketAddr};

use crate::{Bindings, Envelope, NetworkPattern, PathPattern, Request, Scheme};

/// What one host call asks for, after paths are resolved and names normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessRequest<'a> {
    /// Nothing that an envelope speaks about, or something decided when its handle was opened.
    Nothing,
    /// Pass through, or learn the existence of, a path.
    Traverse(&'a str),
    /// Read, list or stat a path.
    Read(&'a str),
    /// Create, change or remove a path.
    Write(&'a str),
    /// Read and write a path.
    ReadWrite(&'a str),
    /// Give what is at one path another, or one more: both ends of a rename or link.
    Move {
        /// The path it has.
        from: &'a str,
        /// The path it gets.
        to: &'a str,
        /// It is a directory: everything below moves with it.
        below: bool,
    },
    /// Ask for the addresses of a name.
    Lookup(&'a str),
    /// Read the value of a variable, or of a key of `wasi:config/store`.
    Variable(&'a str),
    /// Open a raw connection; `names` are those that lookups of this run answered with the address.
    Connect {
        /// TCP or UDP.
        scheme: Scheme,
        /// Where to.
        address: SocketAddr,
        /// Names that stood for the address in this run.
        names: &'a [String],
    },
    /// Send a request through the HTTP interface.
    Request(Request<'a>),
    /// Wait for others to come: listen, or bind to a port that others can know.
    Listen {
        /// TCP or UDP.
        scheme: Scheme,
        /// Where, the port included.
        address: SocketAddr,
    },
    /// Read the time of day.
    WallClock,
    /// Read the time since some start, or wait for it.
    MonotonicClock,
    /// Draw random bytes.
    Random,
}

/// What an envelope lacks for a call. Shown, it is the line that would allow it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingPermission {
    /// The key in `[envelope]`.
    pub key: String,
    /// The value to add.
    pub value: String,
}

impl MissingPermission {
    fn new(key: &str, value: impl fmt::Display) -> Self {
        Self { key: key.to_owned(), value: value.to_string() }
    }
}

impl MissingPermission {
    /// Whether an entry of this value allows what was asked for and nothing else: a star in a name would stand for others.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !self.value.contains('*')
    }

    /// The same line for every run, where what it is about is what a variable stands for in this one: an argument, or
    /// something below a directory of the user's.
    #[must_use]
    pub fn in_variables(&self, bindings: &Bindings<'_>) -> Self {
        let line = match self.key.as_str() {
            "files.read" | "files.write" => bindings.path_in_variables(&self.value),
            "network" => bindings.destination_in_variables(&self.value),
            _ => None,
        };
        Self { key: self.key.clone(), value: line.unwrap_or_else(|| self.value.clone()) }
    }
}

impl fmt::Display for MissingPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "random" => write!(f, "random = true"),
            // The key, too: one that was read from a trace may be anybody's.
            key => write!(f, "{} = [\"{}\"]", key.escape_debug(), self.value.escape_debug()),
        }
    }
}

impl Envelope {
    /// Decides one call.
    ///
    /// # Errors
    /// The first thing the call needs that is not declared.
    pub fn decide(&self, wants: &AccessRequest<'_>) -> Result<(), MissingPermission> {
        match *wants {
            AccessRequest::Nothing => Ok(()),
            AccessRequest::Traverse(path) => match self.is_above_a_root(path) {
                true => Ok(()),
                false => self.read(path),
            },
            AccessRequest::Read(path) => self.read(path),
            AccessRequest::Write(path) => self.write(path),
            AccessRequest::ReadWrite(path) => self.read(path).and_then(|()| self.write(path)),
            AccessRequest::Move { from, to, below: false } => self.move_file(from, to),
            AccessRequest::Move { from, to, below: true } => self.move_directory(from, to),
            AccessRequest::Lookup(name) => match self.network.iter().any(|entry| entry.allows_lookup(name)) {
                true => Ok(()),
                false => Err(MissingPermission::new("network", format_args!("https://{name}"))),
            },
            AccessRequest::Connect { scheme, address, names } => {
                match self.network.iter().any(|entry| entry.allows_socket(scheme, address, names)) {
                    true => Ok(()),
                    false => Err(MissingPermission::new("network", connection(scheme, address, names))),
                }
            }
            AccessRequest::Request(request) => {
                match self.network.iter().any(|entry| entry.allows_request(&request)) {
                    true => Ok(()),
                    false => Err(MissingPermission::new("network", request.entry())),
                }
            }
            AccessRequest::Listen { scheme, address } => {
                match self.listen.iter().any(|entry| entry.allows_socket(scheme, address, &[])) {
                    true => Ok(()),
                    false => Err(MissingPermission::new("listen", connection(scheme, address, &[]))),
                }
            }
            AccessRequest::Variable(name) => {
                declared(self.env.iter().any(|pattern| pattern.matches(name)), "env", name)
            }
            AccessRequest::WallClock => declared(self.clocks.wall, "clock", "wall"),
            AccessRequest::MonotonicClock => declared(self.clocks.monotonic, "clock", "monotonic"),
            AccessRequest::Random => declared(self.random, "random", "true"),
        }
    }

    /// How many entries [`Envelope::decide`] compares with what is wanted, at most. Long paths and several names count
    /// as several: it is what a decision costs.
    #[must_use]
    pub fn entries_for(&self, wants: &AccessRequest<'_>) -> u64 {
        const PATH_BYTES: usize = 64;
        let values = |patterns: &[PathPattern]| patterns.iter().map(PathPattern::values).sum::<usize>();
        let hosts = || self.network.iter().map(NetworkPattern::values).sum::<usize>();
        let (read, write) = (values(&self.files_read), values(&self.files_write));
        let on_path = |entries: usize, path: &str| entries * (1 + path.len() / PATH_BYTES);
        let entries = match *wants {
            AccessRequest::Nothing
            | AccessRequest::WallClock
            | AccessRequest::MonotonicClock
            | AccessRequest::Random => 0,
            AccessRequest::Traverse(path) => on_path(2 * read + write, path),
            AccessRequest::Read(path) => on_path(read, path),
            AccessRequest::Write(path) => on_path(write, path),
            AccessRequest::ReadWrite(path) => on_path(read + write, path),
            AccessRequest::Move { from, to, .. } => on_path(read + write, from) + on_path(read + write, to),
            AccessRequest::Lookup(_) => hosts(),
            AccessRequest::Variable(name) => on_path(self.env.len(), name),
            AccessRequest::Connect { names, .. } => hosts() * names.len().max(1),
            AccessRequest::Request(request) => on_path(hosts(), request.path),
            AccessRequest::Listen { .. } => self.listen.len(),
        };
        entries as u64
    }

    fn read(&self, path: &str) -> Result<(), MissingPermission> {
        let inside = self.files_read.iter().any(|pattern| pattern.matches(path));
        declared(inside, "files.read", path)
    }

    fn write(&self, path: &str) -> Result<(), MissingPermission> {
        let inside = self.files_write.iter().any(|pattern| pattern.matches(path));
        declared(inside, "files.write", path)
    }

    /// What gets a name where it can be read must have been readable: a name is no way to read.
    fn move_file(&self, from: &str, to: &str) -> Result<(), MissingPermission> {
        self.write(from)?;
        self.write(to)?;
        match self.read(to) {
            Ok(()) => self.read(from),
            Err(_) => Ok(()),
        }
    }

    /// A directory takes all below it along: what is asked of a file is asked of everything that moves.
    fn move_directory(&self, from: &str, to: &str) -> Result<(), MissingPermission> {
        all_below(&self.files_write, "files.write", from)?;
        all_below(&self.files_write, "files.write", to)?;
        match self.files_read.iter().any(|pattern| pattern.touches_below(to)) {
            true => all_below(&self.files_read, "files.read", from),
            false => Ok(()),
        }
    }

    /// Roots must be reachable: what lies above one, and the root itself, can be passed and stat'ed.
    fn is_above_a_root(&self, path: &str) -> bool {
        self.files_read.iter().chain(&self.files_write).any(|pattern| pattern.is_under(path))
    }
}

/// Whether one entry means a directory and everything below it.
fn all_below(entries: &[PathPattern], key: &str, directory: &str) -> Result<(), MissingPermission> {
    let inside = entries.iter().any(|pattern| pattern.matches_all_below(directory));
    declared(inside, key, &format!("{}/**", directory.trim_end_matches('/')))
}

fn declared(inside: bool, key: &str, value: &str) -> Result<(), MissingPermission> {
    match inside {
        true => Ok(()),
        false => Err(MissingPermission::new(key, value)),
    }
}

/// A connection as an entry would name it: by the looked-up name if there was one.
fn connection(scheme: Scheme, address: SocketAddr, names: &[String]) -> String {
    match names.first() {
        Some(name) => format!("{}://{name}:{}", scheme.as_str(), address.port()),
        None => format!("{}://{address}", scheme.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::AccessRequest;
    use crate::{Bindings, Document, Envelope, Manifest, Request, Scheme};

    fn decide(envelope: &str, wants: &AccessRequest<'_>) -> Result<(), String> {
        let text = format!("[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n[envelope]\n{envelope}");
        let manifest = Manifest::parse(Document { name: "skill.toml", text: &text }).unwrap();
        manifest.envelope.decide(wants).map_err(|missing| missing.to_string())
    }

    #[test]
    fn a_refusal_names_the_line_that_would_allow_the_call() {
        let refused = |wants| decide("", &wants).unwrap_err();
        assert_eq!(refused(AccessRequest::Read("/a")), "files.read = [\"/a\"]");
        assert_eq!(refused(AccessRequest::Write("/a\"\n")), "files.write = [\"/a\\\"\\n\"]");
        assert_eq!(refused(AccessRequest::Lookup("a.example")), "network = [\"https://a.example\"]");
        assert_eq!(refused(AccessRequest::WallClock), "clock = [\"wall\"]");
        assert_eq!(refused(AccessRequest::Random), "random = true");
        let address = "203.0.113.9:443".parse().unwrap();
        let connect = |names| AccessRequest::Connect { scheme: Scheme::Tcp, address, names };
        assert_eq!(refused(connect(&[])), "network = [\"tcp://203.0.113.9:443\"]");
        assert_eq!(refused(connect(&["a.example".into()])), "network = [\"tcp://a.example:443\"]");
    }

    #[test]
    fn a_line_names_the_variable_that_led_there_and_still_allows_the_call() {
        let arguments = ["-o".to_owned(), "out/a.txt".to_owned(), "a.example".to_owned()];
        let bindings = Bindings {
            home: Some("/home/u"),
            tmpdir: Some("/var/tmp"),
            arguments: &arguments,
            ..Bindings::default()
        };
        let address = "203.0.113.9:443".parse().unwrap();
        let names = ["a.example".to_owned()];
        let connect = AccessRequest::Connect { scheme: Scheme::Tcp, address, names: &names };
        for (wants, line) in [
            (AccessRequest::Read("/home/u/.textrc"), "files.read = [\"$HOME/.textrc\"]"),
            (AccessRequest::Write("/out/a.txt"), "files.write = [\"$ARG:2\"]"),
            (AccessRequest::Write("/var/tmp/x"), "files.write = [\"$TMPDIR/x\"]"),
            (AccessRequest::Write("/out/a.txt.tmp"), "files.write = [\"/out/a.txt.tmp\"]"),
            (AccessRequest::Read("/home/u"), "files.read = [\"/home/u\"]"),
            (connect, "network = [\"tcp://$ARG:3:443\"]"),
        ] {
            let missing = Envelope::default().decide(&wants).unwrap_err().in_variables(&bindings);
            assert_eq!(missing.to_string(), line);
            let document = Document { name: "envelope", text: &format!("[envelope]\n{line}") };
            let envelope = Manifest::parse_envelope(document).unwrap();
            assert_eq!(envelope.bind(&bindings).decide(&wants), Ok(()), "{line}");
        }
    }

    #[test]
    fn the_line_a_refusal_names_does_allow_the_call() {
        let address = "203.0.113.9:443".parse().unwrap();
        let wants = [
            AccessRequest::Read("/a/b"),
            AccessRequest::Write("/a/b"),
            AccessRequest::Lookup("a.example"),
            AccessRequest::Connect { scheme: Scheme::Tcp, address, names: &[] },
            AccessRequest::Request(Request {
                scheme: Scheme::Https,
                method: "POST",
                host: "a.example",
                port: 8443,
                path: "/v1/users",
                query: Some("all"),
            }),
            AccessRequest::Listen { scheme: Scheme::Udp, address },
            AccessRequest::WallClock,
            AccessRequest::MonotonicClock,
            AccessRequest::Random,
        ];
        for wants in wants {
            let line = decide("", &wants).unwrap_err();
            assert_eq!(decide(&line, &wants), Ok(()), "{line}");
        }
    }

    #[test]
    fn to_connect_is_not_to_listen_and_an_entry_holds_for_its_own_scheme() {
        let any = AccessRequest::Listen { scheme: Scheme::Tcp, address: "[::]:80".parse().unwrap() };
        assert_eq!(decide("", &any).unwrap_err(), "listen = [\"tcp://[::]:80\"]");
        let address = "127.0.0.1:80".parse().unwrap();
        let listen = AccessRequest::Listen { scheme: Scheme::Tcp, address };
        let missing = Err("listen = [\"tcp://127.0.0.1:80\"]".to_owned());
        assert_eq!(decide("network = [\"tcp://127.0.0.1:80\"]", &listen), missing);
        assert_eq!(decide("listen = [\"udp://127.0.0.1:80\"]", &listen), missing);
        assert_eq!(decide("listen = [\"tcp://127.0.0.0/8\"]", &listen), Ok(()));
        let connect = AccessRequest::Connect { scheme: Scheme::Tcp, address, names: &[] };
        assert!(decide("listen = [\"tcp://127.0.0.1:80\"]", &connect).is_err());
    }

    #[test]
    fn write_does_not_imply_read_but_roots_can_be_passed() {
        let envelope = "files.write = [\"/tmp/cache/**\"]";
        assert!(decide(envelope, &AccessRequest::Write("/tmp/cache/a")).is_ok());
        assert!(decide(envelope, &AccessRequest::Read("/tmp/cache/a")).is_err());
        assert!(decide(envelope, &AccessRequest::ReadWrite("/tmp/cache/a")).is_err());
        assert!(decide(envelope, &AccessRequest::Traverse("/tmp")).is_ok());
        assert!(decide(envelope, &AccessRequest::Traverse("/tmp/cache")).is_ok());
        assert!(decide(envelope, &AccessRequest::Traverse("/tmp/cache/a")).is_err());
        let envelope = "files.write = [\"/logs/*\"]";
        assert!(decide(envelope, &AccessRequest::Traverse("/logs")).is_ok());
        assert_eq!(
            decide(envelope, &AccessRequest::Traverse("/logs/private.db")).unwrap_err(),
            "files.read = [\"/logs/private.db\"]"
        );
    }

    fn moved(envelope: &str, from: &str, to: &str, below: bool) -> Result<(), String> {
        decide(envelope, &AccessRequest::Move { from, to, below })
    }

    #[test]
    fn what_moves_is_written_on_both_ends() {
        let envelope = "files.write = [\"/tmp/cache/**\"]";
        assert_eq!(moved(envelope, "/tmp/cache/a", "/tmp/cache/b", false), Ok(()));
        assert_eq!(moved(envelope, "/tmp/cache/a", "/tmp/cache/b", true), Ok(()));
        let missing = |path: &str| Err(format!("files.write = [\"{path}\"]"));
        assert_eq!(moved(envelope, "/tmp/cache/a", "/tmp/b", false), missing("/tmp/b"));
        assert_eq!(moved(envelope, "/tmp/b", "/tmp/cache/a", false), missing("/tmp/b"));
        assert_eq!(moved(envelope, "/tmp/b", "/tmp/cache/a", true), missing("/tmp/b/**"));
        // What is in the directory could not be written where it was.
        let envelope = "files.write = [\"/*\", \"/w/**\"]";
        assert_eq!(moved(envelope, "/x", "/w/x", true), missing("/x/**"));
        assert_eq!(moved(envelope, "/x", "/w/x", false), Ok(()));
    }

    #[test]
    fn what_could_not_be_read_cannot_be_moved_to_where_it_can() {
        let envelope = "files.read = [\"/r/**\"]\nfiles.write = [\"/**\"]";
        let missing = |path: &str| Err(format!("files.read = [\"{path}\"]"));
        assert_eq!(moved(envelope, "/x", "/r/x", false), missing("/x"));
        assert_eq!(moved(envelope, "/x", "/r/x", true), missing("/x/**"));
        assert_eq!(moved(envelope, "/x", "/y", true), Ok(()));
        assert_eq!(moved(envelope, "/r/x", "/r/y", true), Ok(()));
        assert_eq!(moved(envelope, "/r/x", "/y", true), Ok(()));
        // Only something below the new path could be read.
        let envelope = "files.read = [\"/a/b/*.txt\"]\nfiles.write = [\"/**\"]";
        assert_eq!(moved(envelope, "/x", "/a", true), missing("/x/**"));
        assert_eq!(moved(envelope, "/x", "/a/b", true), missing("/x/**"));
        assert_eq!(moved(envelope, "/x", "/a/c", true), Ok(()));
    }

    #[test]
    fn the_lines_that_refusals_of_a_move_name_allow_it_together() {
        for (below, read) in [(false, "/r/**"), (true, "/r/**"), (true, "/r/x/y")] {
            let (mut reads, mut writes) = (vec![read.to_owned()], Vec::new());
            let allowed = (0..4).any(|_| {
                let lines = format!("files.read = {reads:?}\nfiles.write = {writes:?}");
                match moved(&lines, "/x", "/r/x", below) {
                    Ok(()) => return true,
                    Err(line) => {
                        let value = line.split('"').nth(1).unwrap().to_owned();
                        if line.starts_with("files.read") { reads.push(value) } else { writes.push(value) }
                    }
                }
                false
            });
            assert!(allowed, "{reads:?} {writes:?}");
        }
    }
}
