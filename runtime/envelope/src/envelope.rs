//! The envelope itself.

use minicbor::{Decode, Encode};

use crate::{Bindings, NamePattern, NetworkPattern, PathPattern, PatternError};

/// What a skill may touch. Nothing else is allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Open for reading, read, list, stat, read links.
    pub files_read: Vec<PathPattern>,
    /// Create, open for writing, truncate, unlink, rename, make directories and links, set times.
    pub files_write: Vec<PathPattern>,
    /// Where it may connect; a lookup needs an entry with that host.
    pub network: Vec<NetworkPattern>,
    /// Local addresses at which it may listen, TCP and UDP.
    pub listen: Vec<NetworkPattern>,
    /// Variables it may read.
    pub env: Vec<NamePattern>,
    /// Clocks it may read.
    pub clocks: Clocks,
    /// Whether it may draw random bytes.
    pub random: bool,
    /// Upper bounds on what a run costs.
    pub limits: Limits,
}

/// The clocks a skill may read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Clocks {
    /// The time of day.
    #[n(0)]
    pub wall: bool,
    /// Time since some start.
    #[n(1)]
    pub monotonic: bool,
}

/// Upper bounds on what one run costs; none means undeclared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Limits {
    /// Instructions, in wasmtime's fuel.
    #[n(0)]
    pub fuel: Option<u64>,
    /// Linear memory, all memories together, in bytes.
    #[n(1)]
    pub memory_bytes: Option<u64>,
    /// Time without sleeps, in nanoseconds.
    #[n(2)]
    pub wall_time_ns: Option<u64>,
    /// Standard output and error together, in bytes.
    #[n(3)]
    pub output_bytes: Option<u64>,
    /// Calls through the membrane.
    #[n(4)]
    pub host_calls: Option<u64>,
    /// File bytes read and written.
    #[n(5)]
    pub file_bytes: Option<u64>,
    /// Network bytes both ways.
    #[n(6)]
    pub network_bytes: Option<u64>,
}

impl Limits {
    /// Name in the manifest and value of every limit, in the order of the manifest.
    pub fn named(&self) -> [(&'static str, Option<u64>); 7] {
        [
            ("fuel", self.fuel),
            ("memory", self.memory_bytes),
            ("wall_time", self.wall_time_ns),
            ("output", self.output_bytes),
            ("host_calls", self.host_calls),
            ("file_bytes", self.file_bytes),
            ("network_bytes", self.network_bytes),
        ]
    }

    /// The names of the limits within which `inner` does not stay.
    fn exceeded(&self, inner: &Self) -> impl Iterator<Item = &'static str> {
        self.named().into_iter().zip(inner.named()).filter_map(|((name, outer), (_, inner))| {
            let is_within = outer.is_none_or(|outer| inner.is_some_and(|inner| inner <= outer));
            (!is_within).then_some(name)
        })
    }
}

impl Envelope {
    /// Whether everything that `inner` allows, this envelope allows too.
    ///
    /// Sound, not complete: two entries that only together allow what one inner entry does are not joined.
    #[must_use]
    pub fn covers(&self, inner: &Self) -> bool {
        self.lacks(inner).is_empty()
    }

    /// What `inner` allows and this envelope does not: each key with the entry, and with the name of a limit that `inner`
    /// does not keep.
    #[must_use]
    pub fn lacks(&self, inner: &Self) -> Vec<(&'static str, String)> {
        fn each<T: ToString>(
            key: &'static str,
            outer: &[T],
            inner: &[T],
            covers: fn(&T, &T) -> bool,
        ) -> Vec<(&'static str, String)> {
            let lacking = inner.iter().filter(|inner| !outer.iter().any(|outer| covers(outer, inner)));
            lacking.map(|entry| (key, entry.to_string())).collect()
        }
        let flag = |key, outer: bool, inner: bool, value: &str| {
            (inner && !outer).then(|| (key, value.to_owned())).into_iter().collect::<Vec<_>>()
        };
        [
            each("files.read", &self.files_read, &inner.files_read, PathPattern::covers),
            each("files.write", &self.files_write, &inner.files_write, PathPattern::covers),
            each("network", &self.network, &inner.network, NetworkPattern::covers),
            each("listen", &self.listen, &inner.listen, NetworkPattern::covers),
            each("env", &self.env, &inner.env, NamePattern::covers),
            flag("clock", self.clocks.wall, inner.clocks.wall, "wall"),
            flag("clock", self.clocks.monotonic, inner.clocks.monotonic, "monotonic"),
            flag("random", self.random, inner.random, "true"),
            self.limits.exceeded(&inner.limits).map(|name| ("limits", name.to_owned())).collect(),
        ]
        .concat()
    }

    /// What it allows in one run: its variables with what they stand for. Written and shown it is the same.
    #[must_use]
    pub fn bind(&self, bindings: &Bindings<'_>) -> Self {
        let paths =
            |patterns: &[PathPattern]| patterns.iter().map(|pattern| pattern.bind(bindings)).collect();
        Self {
            files_read: paths(&self.files_read),
            files_write: paths(&self.files_write),
            network: self.network.iter().map(|entry| entry.bind(bindings)).collect(),
            ..self.clone()
        }
    }

    /// Whether what it allows differs from run to run.
    #[must_use]
    pub fn has_variables(&self) -> bool {
        let mut files = self.files_read.iter().chain(&self.files_write);
        files.any(|pattern| pattern.variable().is_some())
            || self.network.iter().any(|entry| entry.variable().is_some())
    }

    /// The directories that the lab makes so that declared files have a place to be.
    pub fn roots(&self) -> impl Iterator<Item = String> {
        self.files_read.iter().chain(&self.files_write).flat_map(PathPattern::roots)
    }

    /// Deterministic CBOR: equal envelopes give equal bytes. This is what is hashed and kept in traces.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        fn texts<T: ToString>(patterns: &[T]) -> Vec<String> {
            patterns.iter().map(T::to_string).collect()
        }
        let wire = Wire {
            files_read: texts(&self.files_read),
            files_write: texts(&self.files_write),
            network: texts(&self.network),
            listen: texts(&self.listen),
            env: texts(&self.env),
            clocks: self.clocks,
            random: self.random,
            limits: self.limits,
        };
        minicbor::to_vec(wire).unwrap_or_default() // writing to memory cannot fail
    }

    /// Reads what [`Envelope::to_cbor`] wrote.
    ///
    /// # Errors
    /// Other bytes, or patterns that are not valid.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, PatternError> {
        fn each<T>(
            texts: &[String],
            parse: fn(&str) -> Result<T, PatternError>,
        ) -> Result<Vec<T>, PatternError> {
            texts.iter().map(|text| parse(text)).collect()
        }
        let wire: Wire = minicbor::decode(bytes).map_err(|error| {
            PatternError::new(format!("not an envelope: {error}"), "record the trace again")
        })?;
        Ok(Self {
            files_read: each(&wire.files_read, PathPattern::parse)?,
            files_write: each(&wire.files_write, PathPattern::parse)?,
            network: each(&wire.network, NetworkPattern::parse_declared)?,
            listen: each(&wire.listen, NetworkPattern::parse_listen)?,
            env: each(&wire.env, NamePattern::parse)?,
            clocks: wire.clocks,
            random: wire.random,
            limits: wire.limits,
        })
    }
}

/// The envelope as it stands in a trace.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire {
    #[n(0)]
    files_read: Vec<String>,
    #[n(1)]
    files_write: Vec<String>,
    #[n(2)]
    network: Vec<String>,
    #[n(3)]
    env: Vec<String>,
    #[n(4)]
    clocks: Clocks,
    #[n(5)]
    random: bool,
    #[n(6)]
    limits: Limits,
    /// Envelopes without it keep their digests.
    #[cbor(n(7), default, skip_if = "Vec::is_empty")]
    listen: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{Clocks, Envelope, Limits};
    use crate::{NamePattern, NetworkPattern, PathPattern};

    fn sample() -> Envelope {
        Envelope {
            files_read: vec![PathPattern::parse("/data/**").unwrap()],
            files_write: vec![PathPattern::parse("/tmp/cache/**").unwrap()],
            network: vec![NetworkPattern::parse("GET https://api.example.com/v1/*").unwrap()],
            listen: vec![NetworkPattern::parse_listen("tcp://0.0.0.0:8080").unwrap()],
            env: vec![NamePattern::parse("AWS_*").unwrap()],
            clocks: Clocks { wall: true, monotonic: false },
            random: true,
            limits: Limits { fuel: Some(5), ..Limits::default() },
        }
    }

    #[test]
    fn written_and_read_again_is_the_same() {
        assert_eq!(Envelope::from_cbor(&sample().to_cbor()), Ok(sample()));
    }

    #[test]
    fn every_field_counts_in_covers() {
        let whole = sample();
        assert!(
            whole.covers(&whole) && whole.covers(&Envelope { limits: whole.limits, ..Envelope::default() })
        );
        let without = [
            Envelope { files_read: vec![], ..sample() },
            Envelope { files_write: vec![], ..sample() },
            Envelope { network: vec![], ..sample() },
            Envelope { listen: vec![], ..sample() },
            Envelope { env: vec![], ..sample() },
            Envelope { clocks: Clocks::default(), ..sample() },
            Envelope { random: false, ..sample() },
            Envelope { limits: Limits { fuel: Some(4), ..Limits::default() }, ..sample() },
        ];
        for outer in without {
            assert!(!outer.covers(&whole), "{outer:?}");
        }
        assert!(!whole.covers(&Envelope { limits: Limits::default(), ..sample() }), "no limit is the widest");
    }
}
