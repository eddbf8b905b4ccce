//! The world itself.

use std::{collections::BTreeMap, net::IpAddr};

use minicbor::{Decode, Encode};

use crate::{Digest, FirstRun, InboundClient, Machine, NetworkCondition, Responder, Timestamp};

/// The inputs that all runs of a series share. Files are in a separate [`crate::Tree`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct World {
    /// Wall clock at the start of run 1.
    #[n(0)]
    pub start: Timestamp,
    /// Virtual time between the starts of two runs, in nanoseconds.
    #[n(1)]
    pub interval_ns: u64,
    /// What the seeds of all runs come from.
    #[n(2)]
    pub seed: u64,
    /// How fast the machine seems.
    #[n(3)]
    pub speed: Speed,
    /// Arguments after the program's name.
    #[n(4)]
    pub args: Vec<String>,
    /// Refuse what the envelope does not declare, rather than answer and record it.
    #[n(5)]
    pub enforce: bool,
    /// Variables.
    #[n(6)]
    pub env: BTreeMap<String, String>,
    /// Values by key, for `wasi:config/store`.
    #[cbor(n(16), default, skip_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, String>,
    /// The network script: the first entry that matches answers.
    #[n(7)]
    pub network: Vec<Responder>,
    /// Guest directories handed over at start; none means `/`.
    #[n(8)]
    pub preopens: Option<Vec<String>>,
    /// Guest directories in which nothing can be changed.
    #[n(10)]
    pub read_only: Vec<String>,
    /// Names whose addresses go before what the script says; none: the name does not exist.
    #[n(9)]
    pub names: BTreeMap<String, Vec<IpAddr>>,
    /// The state of the whole network; none: as the script says.
    #[n(11)]
    pub network_condition: Option<NetworkCondition>,
    /// Random bytes begin with these; then they are the seed's.
    #[cbor(n(12), with = "minicbor::bytes", skip_if = "Vec::is_empty")]
    pub random_first: Vec<u8>,
    /// Waiting returns at once, and no time passes for it.
    #[cbor(n(13), skip_if = "std::ops::Not::not")]
    pub skips_sleep: bool,
    /// Those who come to where the skill waits for others.
    #[cbor(n(15), default, skip_if = "Vec::is_empty")]
    pub inbound_clients: Vec<InboundClient>,
    /// Argument 0; none: the name of the skill.
    #[cbor(n(17), default, skip_if = "Option::is_none")]
    pub program: Option<String>,
    /// What the machine is like.
    #[cbor(n(18), default, skip_if = "Machine::is_default")]
    pub machine: Machine,
    /// How long the machine has been up when run 1 starts, in nanoseconds; none: as the seed has it.
    #[cbor(n(19), default, skip_if = "Option::is_none")]
    pub uptime_ns: Option<u64>,
    /// Seeds of run 1 that are not those of the world's seed.
    #[cbor(n(20), default, skip_if = "FirstRun::is_default")]
    pub first_run: FirstRun,
}

/// How long an instruction takes: picoseconds of virtual time per unit of fuel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Speed(#[n(0)] pub u32);

impl Speed {
    const PS_PER_NS: f64 = 1000.0;
    /// 1 ms per unit of fuel; slower and a run would outlast the calendar.
    const NS_PER_FUEL_MAX: f64 = 1e6;

    /// From nanoseconds per unit of fuel; none unless above zero and at most 1 ms.
    #[must_use]
    pub fn from_ns_per_fuel(ns: f64) -> Option<Self> {
        let in_range = ns.is_finite() && ns * Self::PS_PER_NS >= 1.0 && ns <= Self::NS_PER_FUEL_MAX;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, checked above")]
        in_range.then(|| Self((ns * Self::PS_PER_NS).round() as u32))
    }

    /// A machine `factor` times as fast; none if that is out of range.
    #[must_use]
    pub fn times(self, factor: f64) -> Option<Self> {
        Self::from_ns_per_fuel(f64::from(self.0) / Self::PS_PER_NS / factor)
    }
}

impl Default for World {
    fn default() -> Self {
        Self {
            start: Timestamp(1_768_492_800_000_000_000), // 2026-01-15T16:00:00Z, a Thursday
            interval_ns: 3_600_000_000_000,
            seed: 7,
            speed: Speed(1000),
            args: Vec::new(),
            enforce: false,
            env: BTreeMap::new(),
            config: BTreeMap::new(),
            network: Vec::new(),
            preopens: None,
            names: BTreeMap::new(),
            read_only: Vec::new(),
            network_condition: None,
            random_first: Vec::new(),
            skips_sleep: false,
            inbound_clients: Vec::new(),
            program: None,
            machine: Machine::default(),
            uptime_ns: None,
            first_run: FirstRun::default(),
        }
    }
}

impl World {
    /// Gives a name other addresses, or none: it does not exist then. Goes before what the script says of it.
    pub fn set_name(&mut self, name: &str, addresses: &[IpAddr]) {
        self.names.insert(name.to_ascii_lowercase(), addresses.to_vec());
    }

    /// Deterministic CBOR: equal worlds give equal bytes.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default() // writing to memory cannot fail
    }

    /// The digest that traces and reports name the world by.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_cbor())
    }
}

#[cfg(test)]
mod tests {
    use super::{Speed, World};
    use crate::{InboundClient, Machine, Protocol};

    #[test]
    fn written_and_read_again_is_the_same() {
        let world = World { args: vec!["a".into()], ..World::default() };
        assert_eq!(minicbor::decode::<World>(&world.to_cbor()).unwrap(), world);
        let inbound_clients = vec![InboundClient::new(Protocol::Udp, 53)];
        let machine = Machine { is_terminal: true, ..Machine::default() };
        let (random_first, program) = (vec![0, 255], Some("tool".to_owned()));
        let set = World { random_first, skips_sleep: true, inbound_clients, program, machine, ..world };
        assert_eq!(minicbor::decode::<World>(&set.to_cbor()).unwrap(), set);
    }

    #[test]
    fn what_is_not_set_is_not_written() {
        // Worlds of older traces keep their digests.
        let world = World::default().to_cbor();
        assert_eq!(minicbor::Decoder::new(&world).map().unwrap(), Some(10));
    }

    #[test]
    fn the_default_start_is_the_documented_one() {
        assert_eq!(World::default().start.to_string(), "2026-01-15T16:00:00Z");
    }

    #[test]
    fn speeds_out_of_range_are_refused() {
        assert_eq!(Speed::from_ns_per_fuel(1.0), Some(Speed(1000)));
        assert_eq!(Speed(1000).times(20.0), Some(Speed(50)));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-9, 1e12] {
            assert_eq!(Speed::from_ns_per_fuel(bad), None, "{bad}");
        }
    }
}
