//! What an audit trail keeps of a run: what it was given, what it did and what it cost, and nothing to be read in it.

use invar_world::{Digest, Hasher};

use crate::{Behaviour, EffectKind, Payload, Resources, Trace, TraceError};

/// Missing lines that are named in an account, and bytes of each. Stops a skill that asks for everything from filling the
/// trail; the rest is counted.
const LINES_MAX: usize = 16;
const LINE_BYTES_MAX: usize = 512;

/// What is kept of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSummary {
    /// Of the series, from 1; 0 for a run that was made to find something out.
    pub number: u32,
    /// SHA-256 of what it was given to read.
    pub input: Digest,
    /// Digest of everything the host answered, in order.
    pub answers: Digest,
    /// Digest of everything that was observed: runs with the same did the same, at the same cost.
    pub content: Digest,
    /// Exit status; none if it was stopped.
    pub status: Option<u8>,
    /// What it cost.
    pub resources: Resources,
    /// Lines that its envelope lacks, the first ones.
    pub missing: Vec<String>,
    /// How many it lacks.
    pub missing_count: u64,
    /// Whether it was refused something.
    pub was_denied: bool,
    /// Whether it reached the network.
    pub reached_network: bool,
    /// Whether it changed files.
    pub changed_files: bool,
}

impl RunSummary {
    /// Of run `number`, whose trace and behaviour these are.
    ///
    /// # Errors
    /// The trace is not whole.
    pub fn of(number: u32, trace: &Trace, behaviour: &Behaviour) -> Result<Self, TraceError> {
        let lines = behaviour
            .violations
            .keys()
            .take(LINES_MAX)
            .map(|missing| shortened(missing.to_string(), LINE_BYTES_MAX));
        let did = |is: fn(EffectKind) -> bool| behaviour.effects.iter().any(|effect| is(effect.kind));
        Ok(Self {
            number,
            input: trace.header()?.input,
            answers: answers(trace)?,
            content: content(behaviour),
            status: behaviour.ending.status(),
            resources: behaviour.resources,
            missing: lines.collect(),
            missing_count: behaviour.violations.len() as u64,
            was_denied: behaviour.violations.values().any(|violation| violation.denied),
            reached_network: !behaviour.traffic.is_empty() || did(EffectKind::is_contact),
            changed_files: did(|kind| EffectKind::CHANGES_OF_FILES.contains(&kind)),
        })
    }
}

fn answers(trace: &Trace) -> Result<Digest, TraceError> {
    let mut hashing = Hasher::new("invar/answers");
    for event in trace.events() {
        let event = event?;
        hashing.add(&event.function.0.to_be_bytes());
        match event.answer {
            None => hashing.add(&[0]),
            Some(Payload::Inline(bytes)) => {
                hashing.add(&[1]);
                hashing.add(&(bytes.len() as u64).to_be_bytes());
                hashing.add(bytes);
            }
            Some(Payload::Blob { digest, .. }) => {
                hashing.add(&[2]);
                hashing.add(&digest.0);
            }
        }
    }
    Ok(hashing.digest())
}

fn content(behaviour: &Behaviour) -> Digest {
    let mut hashing = Hasher::new("invar/behaviour");
    let mut text = |text: &str| {
        hashing.add(&(text.len() as u64).to_be_bytes());
        hashing.add(text.as_bytes());
    };
    text(&behaviour.ending.to_string());
    text(&format!("{} effects", behaviour.effects.len()));
    behaviour.effects.iter().for_each(|effect| text(&effect.to_string()));
    text(&format!("{} missing lines", behaviour.violations.len()));
    for (missing, violation) in &behaviour.violations {
        text(&format!("{missing} {}", violation.times));
    }
    for digest in [
        behaviour.stdout.digest,
        behaviour.stderr.digest,
        behaviour.sent.unwrap_or(Digest([0; 32])),
        behaviour.path,
        behaviour.files,
    ] {
        hashing.add(&digest.0);
    }
    // Time is the world's, not the skill's doing.
    let Resources { fuel, memory_peak_bytes, host_calls, bytes, .. } = behaviour.resources;
    for number in [
        fuel,
        memory_peak_bytes,
        host_calls,
        bytes.file_read,
        bytes.file_written,
        bytes.network_sent,
        bytes.network_received,
    ] {
        hashing.add(&number.to_be_bytes());
    }
    hashing.digest()
}

/// The beginning of a text, so many bytes at most and an ellipsis, cut between characters.
#[must_use]
pub fn shortened(mut text: String, bytes_max: usize) -> String {
    if text.len() > bytes_max {
        text.truncate(text.floor_char_boundary(bytes_max));
        text.push('…');
    }
    text
}
