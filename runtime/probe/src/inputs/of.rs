//! The inputs that a run observed, from its trace and its initial state.

use invar_trace::{Behaviour, EffectKind, Event, Payload, Trace, TraceError, to_json};
use invar_world::{Run, Tree, World, fields};
use minicbor::Decoder;

use super::{ObservedInputs, statuses::Statuses};

/// The initial state of a run.
#[derive(Debug, Clone, Copy)]
pub struct InitialState<'a> {
    /// The world.
    pub world: &'a World,
    /// Its clock and seeds.
    pub run: &'a Run,
    /// Files.
    pub files: &'a Tree,
    /// Arguments, the program's name first.
    pub args: &'a [String],
    /// Standard input, or the typed input.
    pub input: &'a [u8],
    /// Whether the input is an argument of the entry point.
    pub is_typed: bool,
    /// Longest input that is looked into: see [`input_bytes_max`].
    pub input_bytes_max: usize,
}

/// Random bytes that are worth setting.
const RANDOM_BYTES_MAX: usize = 64;
/// Largest file that is looked into.
const FILE_BYTES_MAX: u64 = 64 << 10;
/// Largest input that is looked into, where the one that was given is no larger.
const MADE_INPUT_BYTES_MAX: usize = 64 << 10;
/// Largest input that is looked into.
pub const INPUT_BYTES_MAX: usize = 512 << 10;

/// The largest input that is looked into where one of so many bytes was given: a long one that the search makes of a
/// short one leads nowhere, and takes long.
#[must_use]
pub fn input_bytes_max(given: usize) -> usize {
    match given <= MADE_INPUT_BYTES_MAX {
        true => MADE_INPUT_BYTES_MAX,
        false => given.saturating_add(MADE_INPUT_BYTES_MAX).min(INPUT_BYTES_MAX),
    }
}
/// Files, and names of each kind, that are looked at. Stops a skill that looks for names without end.
const NAMES_MAX: usize = 64;

impl ObservedInputs {
    /// The inputs that a run observed, from its initial state and its trace.
    ///
    /// # Errors
    /// An event cannot be read.
    pub fn of(trace: &Trace, behaviour: &Behaviour, initial: InitialState<'_>) -> Result<Self, TraceError> {
        let mut inputs = Self::default();
        if initial.is_typed && initial.input.len() <= initial.input_bytes_max {
            // Calls are varied argument by argument: any other change of their JSON is refused.
            inputs.fields = fields(initial.input).into_iter().collect();
            inputs.input = inputs.fields.is_empty().then(|| initial.input.to_vec());
        }
        for effect in &behaviour.effects {
            let is_look =
                matches!(effect.kind, EffectKind::FileRead | EffectKind::FileStat | EffectKind::FileWrite);
            match (effect.kind, effect.failed.as_deref()) {
                (EffectKind::FileWrite, Some(_)) => {}
                (_, None) if is_look => inputs.look_at(&effect.subject, initial.files),
                (_, Some("no-entry")) if is_look && inputs.missing.len() < NAMES_MAX => {
                    inputs.missing.insert(effect.subject.clone());
                }
                (EffectKind::NetworkLookup, failed) if inputs.names.len() < NAMES_MAX => {
                    let address =
                        initial.world.names.get(&effect.subject).and_then(|addresses| addresses.first());
                    let address = address.and_then(|address| match address {
                        std::net::IpAddr::V4(address) => Some(address.octets()),
                        std::net::IpAddr::V6(_) => None,
                    });
                    // The address itself is in the answers; any other shows what the skill makes of it.
                    let address = address.or_else(|| failed.is_none().then_some([198, 18, 0, 1]));
                    inputs.names.insert(effect.subject.clone(), address);
                }
                _ => {}
            }
        }
        for effect in behaviour.effects.iter().filter(|effect| effect.kind == EffectKind::NetworkDatagram) {
            if let Some(destination) = effect.subject.strip_prefix("udp://")
                && inputs.datagrams.len() < NAMES_MAX
            {
                let answer = behaviour.received_prefix.get(&effect.subject).cloned();
                inputs.datagrams.insert(destination.to_owned(), answer);
            }
        }
        // No change replaces what inbound clients send.
        for effect in &behaviour.effects {
            let Some(bytes) = behaviour.received_prefix.get(&effect.subject) else { continue };
            match (effect.kind, effect.subject.strip_prefix("tcp://")) {
                (EffectKind::NetworkConnect, Some(destination)) if inputs.answers.len() < NAMES_MAX => {
                    inputs.answers.insert(destination.to_owned(), bytes.clone());
                }
                (EffectKind::HttpRequest, _) if inputs.bodies.len() < NAMES_MAX => {
                    inputs.bodies.insert(effect.subject.clone(), bytes.clone());
                }
                _ => {}
            }
        }
        // What was sent and answered with nothing may be answered with something.
        for effect in behaviour.effects.iter().filter(|effect| effect.kind == EffectKind::HttpRequest) {
            if inputs.bodies.len() < NAMES_MAX {
                inputs.bodies.entry(effect.subject.clone()).or_default();
            }
        }
        let mut resolved: Option<String> = None;
        let mut statuses = Statuses::default();
        for event in trace.events() {
            let event = event?;
            inputs.event(trace, &event, &initial, &mut resolved);
            if let Some((target, status)) = statuses.event(trace, &event)
                && inputs.statuses.len() < NAMES_MAX
            {
                inputs.statuses.entry(target).or_insert(status);
            }
        }
        Ok(inputs)
    }

    fn look_at(&mut self, path: &str, files: &Tree) {
        let Some(ino) = files.find(path) else { return };
        let (Some(content), Some(inode)) = (files.content(ino), files.get(ino)) else { return };
        if self.files.len() < NAMES_MAX && content.len() <= FILE_BYTES_MAX {
            self.files.insert(path.to_owned(), content.to_vec());
            self.modified.insert(path.to_owned(), inode.modified.0);
        }
    }

    fn event(
        &mut self,
        trace: &Trace,
        event: &Event<'_>,
        initial: &InitialState<'_>,
        resolved: &mut Option<String>,
    ) {
        let Some(function) = event.function.get() else { return };
        let machine = &initial.world.machine;
        self.terminal |= function.name.starts_with("get-terminal-") && !machine.is_terminal;
        self.resolution |= function.name == "resolution" && machine.resolution_ns.is_none();
        self.inodes |= function.name.contains("metadata-hash") && machine.inodes_from.is_none();
        let subject = || event.decision.as_ref()?.subject.as_ref().map(ToString::to_string);
        match (function.interface, function.name) {
            ("wasi:cli/environment", "get-environment") => self.variables = Some(initial.world.env.clone()),
            ("wasi:config/store", "get") => {
                if let Some(key) = subject().filter(|_| self.config.len() < NAMES_MAX) {
                    let value = initial.world.config.get(&key).cloned();
                    self.config.insert(key, value);
                }
            }
            ("wasi:config/store", _) => {
                let all = initial.world.config.iter().take(NAMES_MAX);
                self.config.extend(all.map(|(key, value)| (key.clone(), Some(value.clone()))));
            }
            ("wasi:cli/environment", "get-arguments") => {
                self.program = initial.args.first().cloned();
                self.arguments = Some(initial.args.get(1..).unwrap_or_default().to_vec());
            }
            ("wasi:cli/stdin", _) if initial.input.len() <= initial.input_bytes_max => {
                self.input = Some(initial.input.to_vec());
            }
            ("wasi:clocks/wall-clock", "now") => self.wall = Some(initial.run.start.0),
            ("wasi:clocks/monotonic-clock", name) => {
                self.uptime = Some(initial.run.uptime_ns);
                self.sleeps |= name.starts_with("subscribe");
            }
            ("wasi:filesystem/types", "[method]descriptor.read-directory") => {
                if let Some(path) = subject().filter(|_| self.listed.len() < NAMES_MAX) {
                    self.listed.insert(path);
                }
            }
            ("wasi:sockets/ip-name-lookup", "resolve-addresses") => *resolved = subject(),
            ("wasi:sockets/ip-name-lookup", _) => {
                if let (Some(name), Some(address)) = (resolved.as_ref(), address_in(event)) {
                    self.names.entry(name.clone()).and_modify(|known| *known = Some(address));
                }
            }
            ("wasi:random/random" | "wasi:random/insecure", _) => {
                let left = RANDOM_BYTES_MAX.saturating_sub(self.random.len());
                let drawn = drawn_in(trace, event);
                self.random.extend_from_slice(&drawn[..drawn.len().min(left)]);
            }
            _ => {}
        }
    }
}

/// Random bytes in an answer: the bytes, or those of a number.
fn drawn_in(trace: &Trace, event: &Event<'_>) -> Vec<u8> {
    let Some(cbor) = event.answer.and_then(|answer| trace.value(answer).ok()) else { return Vec::new() };
    let mut d = Decoder::new(cbor);
    match d.bytes() {
        Ok(bytes) => bytes.to_vec(),
        Err(_) => Decoder::new(cbor).u64().map(|number| number.to_le_bytes().to_vec()).unwrap_or_default(),
    }
}

/// The four bytes of an address in the answer to a lookup.
fn address_in(event: &Event<'_>) -> Option<[u8; 4]> {
    fn find(value: &serde_json::Value) -> Option<[u8; 4]> {
        match value {
            serde_json::Value::Array(all) if all.len() == 4 => {
                let bytes: Vec<u8> =
                    all.iter().filter_map(|number| u8::try_from(number.as_u64()?).ok()).collect();
                bytes.try_into().ok()
            }
            serde_json::Value::Array(all) => all.iter().find_map(find),
            serde_json::Value::Object(all) => all.values().find_map(find),
            _ => None,
        }
    }
    let Some(Payload::Inline(cbor)) = event.answer else { return None };
    find(&to_json(event.function.get()?.answer.as_ref(), cbor).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{INPUT_BYTES_MAX, input_bytes_max};

    #[test]
    fn a_long_input_is_looked_into_where_one_was_given() {
        assert_eq!([0, 44, 64 << 10].map(input_bytes_max), [64 << 10; 3]);
        assert_eq!(input_bytes_max(100 << 10), 164 << 10);
        assert_eq!(input_bytes_max(usize::MAX), INPUT_BYTES_MAX);
    }
}
