//! Is this call inside the envelope?

use std::{fmt, net::SocketAddr};

use crate::{Envelope, Scheme};

/// What one host call asks for, after paths are resolved and names normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants<'a> {
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
    /// Change two paths: both ends of a rename.
    WriteBoth(&'a str, &'a str),
    /// Ask for the addresses of a name.
    Lookup(&'a str),
    /// Open a raw connection; `names` are those that lookups of this run answered with the address.
    Connect {
        /// TCP or UDP.
        scheme: Scheme,
        /// Where to.
        address: SocketAddr,
        /// Names that stood for the address in this run.
        names: &'a [String],
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
pub struct Missing {
    /// The key in `[envelope]`.
    pub key: String,
    /// The value to add.
    pub value: String,
}

impl Missing {
    fn new(key: &str, value: impl fmt::Display) -> Self {
        Self { key: key.to_owned(), value: value.to_string() }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "random" => write!(f, "random = true"),
            key => write!(f, "{key} = [\"{}\"]", self.value.escape_debug()),
        }
    }
}

impl Envelope {
    /// Decides one call.
    ///
    /// # Errors
    /// The first thing the call needs that is not declared.
    pub fn decide(&self, wants: &Wants<'_>) -> Result<(), Missing> {
        match *wants {
            Wants::Nothing => Ok(()),
            Wants::Traverse(path) => match self.is_above_a_root(path) {
                true => Ok(()),
                false => self.read(path),
            },
            Wants::Read(path) => self.read(path),
            Wants::Write(path) => self.write(path),
            Wants::ReadWrite(path) => self.read(path).and_then(|()| self.write(path)),
            Wants::WriteBoth(from, to) => self.write(from).and_then(|()| self.write(to)),
            Wants::Lookup(name) => match self.network.iter().any(|entry| entry.allows_lookup(name)) {
                true => Ok(()),
                false => Err(Missing::new("network", format_args!("https://{name}"))),
            },
            Wants::Connect { scheme, address, names } => {
                match self.network.iter().any(|entry| entry.allows_socket(scheme, address, names)) {
                    true => Ok(()),
                    false => Err(Missing::new("network", connection(scheme, address, names))),
                }
            }
            Wants::WallClock => declared(self.clocks.wall, "clock", "wall"),
            Wants::MonotonicClock => declared(self.clocks.monotonic, "clock", "monotonic"),
            Wants::Random => declared(self.random, "random", "true"),
        }
    }

    fn read(&self, path: &str) -> Result<(), Missing> {
        let inside = self.files_read.iter().any(|pattern| pattern.matches(path));
        declared(inside, "files.read", path)
    }

    fn write(&self, path: &str) -> Result<(), Missing> {
        let inside = self.files_write.iter().any(|pattern| pattern.matches(path));
        declared(inside, "files.write", path)
    }

    /// Roots must be reachable: what lies above one, and the root itself, can be passed and stat'ed.
    fn is_above_a_root(&self, path: &str) -> bool {
        self.files_read.iter().chain(&self.files_write).any(|pattern| pattern.is_under(path))
    }
}

fn declared(inside: bool, key: &str, value: &str) -> Result<(), Missing> {
    match inside {
        true => Ok(()),
        false => Err(Missing::new(key, value)),
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
    use super::Wants;
    use crate::{Document, Manifest, Scheme};

    fn decide(envelope: &str, wants: &Wants<'_>) -> Result<(), String> {
        let text = format!("[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n[envelope]\n{envelope}");
        let manifest = Manifest::parse(Document { name: "skill.toml", text: &text }).unwrap();
        manifest.envelope.decide(wants).map_err(|missing| missing.to_string())
    }

    #[test]
    fn a_refusal_names_the_line_that_would_allow_the_call() {
        let refused = |wants| decide("", &wants).unwrap_err();
        assert_eq!(refused(Wants::Read("/a")), "files.read = [\"/a\"]");
        assert_eq!(refused(Wants::Write("/a\"\n")), "files.write = [\"/a\\\"\\n\"]");
        assert_eq!(refused(Wants::Lookup("a.example")), "network = [\"https://a.example\"]");
        assert_eq!(refused(Wants::WallClock), "clock = [\"wall\"]");
        assert_eq!(refused(Wants::Random), "random = true");
        let address = "203.0.113.9:443".parse().unwrap();
        let connect = |names| Wants::Connect { scheme: Scheme::Tcp, address, names };
        assert_eq!(refused(connect(&[])), "network = [\"tcp://203.0.113.9:443\"]");
        assert_eq!(refused(connect(&["a.example".into()])), "network = [\"tcp://a.example:443\"]");
    }

    #[test]
    fn the_line_a_refusal_names_does_allow_the_call() {
        let address = "203.0.113.9:443".parse().unwrap();
        let wants = [
            Wants::Read("/a/b"),
            Wants::Write("/a/b"),
            Wants::Lookup("a.example"),
            Wants::Connect { scheme: Scheme::Tcp, address, names: &[] },
            Wants::WallClock,
            Wants::MonotonicClock,
            Wants::Random,
        ];
        for wants in wants {
            let line = decide("", &wants).unwrap_err();
            assert_eq!(decide(&line, &wants), Ok(()), "{line}");
        }
    }

    #[test]
    fn write_does_not_imply_read_but_roots_can_be_passed() {
        let envelope = "files.write = [\"/tmp/cache/**\"]";
        assert!(decide(envelope, &Wants::Write("/tmp/cache/a")).is_ok());
        assert!(decide(envelope, &Wants::Read("/tmp/cache/a")).is_err());
        assert!(decide(envelope, &Wants::ReadWrite("/tmp/cache/a")).is_err());
        assert!(decide(envelope, &Wants::Traverse("/tmp")).is_ok());
        assert!(decide(envelope, &Wants::Traverse("/tmp/cache")).is_ok());
        assert!(decide(envelope, &Wants::Traverse("/tmp/cache/a")).is_err());
        assert!(decide(envelope, &Wants::WriteBoth("/tmp/cache/a", "/tmp/b")).is_err());
    }
}
