//! What a body says, field by field, under the names that people and exports know.

use serde::{Serialize, Serializer};

use crate::{
    Body, Hash,
    body::{
        Bytes32, Decision, Genesis, Grant, Install, KeyEpoch, Predecessor, Run, SamplingCommit,
        SamplingReveal, Signing, Summary, Trust, Verdict, Violation, flags,
    },
};

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field<'a> {
    /// Nothing is known.
    None,
    /// Text that somebody else may have chosen.
    Text(&'a str),
    /// Several of them.
    Texts(&'a [String]),
    /// One of a few words of ours.
    Name(&'static str),
    /// Several of them.
    Names(Vec<String>),
    /// A number.
    Number(u64),
    /// Whether it is so.
    Truth(bool),
    /// 32 bytes.
    Hash(Hash),
    /// Several of them.
    Hashes(&'a [Hash]),
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Texts(texts) => serializer.collect_seq(texts.iter()),
            Self::Name(name) => serializer.serialize_str(name),
            Self::Names(names) => serializer.collect_seq(names),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Truth(truth) => serializer.serialize_bool(*truth),
            Self::Hash(hash) => serializer.collect_str(hash),
            Self::Hashes(hashes) => serializer.collect_seq(hashes.iter().map(Hash::to_string)),
        }
    }
}

fn text(text: Option<&str>) -> Field<'_> {
    text.map_or(Field::None, Field::Text)
}

fn hash<'a>(hash: Option<Hash>) -> Field<'a> {
    hash.map_or(Field::None, Field::Hash)
}

fn bytes<'a>(bytes: &Bytes32) -> Field<'a> {
    Field::Hash(Hash((*bytes).into()))
}

fn number<'a>(number: impl Into<u64>) -> Field<'a> {
    Field::Number(number.into())
}

/// The names of the bits that are set; a bit without a name has its number.
fn flag_names(set: u32) -> Vec<String> {
    let name = |bit: u32| {
        let known = flags::NAMES.iter().find(|(flag, _)| *flag == 1 << bit);
        known.map_or_else(|| format!("bit-{bit}"), |(_, name)| (*name).to_owned())
    };
    (0..u32::BITS).filter(|bit| set >> bit & 1 == 1).map(name).collect()
}

/// The fields of a body, in order. Each is named as in [`crate::body`].
pub(crate) fn fields(body: &Body) -> Vec<(&'static str, Field<'_>)> {
    // Each body is taken apart whole, so that none can get a field that is missing here.
    match body {
        Body::Genesis(body) => genesis(body),
        Body::Run(body) => run(body),
        Body::Violation(Violation { component, run, lines, count, denied }) => vec![
            ("component", Field::Hash(*component)),
            ("run", number(*run)),
            ("lines", Field::Texts(lines)),
            ("count", number(*count)),
            ("denied", Field::Truth(*denied)),
        ],
        Body::Verdict(body) => verdict(body),
        Body::Grant(Grant { component, skill, envelope, bindings }) => vec![
            ("component", Field::Hash(*component)),
            ("skill", Field::Text(skill)),
            ("envelope", Field::Hash(*envelope)),
            ("bindings", Field::Texts(bindings)),
        ],
        Body::Quarantine(Decision { component, skill, reason })
        | Body::Release(Decision { component, skill, reason }) => vec![
            ("component", Field::Hash(*component)),
            ("skill", Field::Text(skill)),
            ("reason", Field::Text(reason)),
        ],
        Body::Trust(Trust { component, trust, reason }) => vec![
            ("component", Field::Hash(*component)),
            ("trust", number(*trust)),
            ("reason", Field::Text(reason)),
        ],
        Body::KeyEpoch(KeyEpoch { key, path }) => vec![("key", bytes(key)), ("path", Field::Hashes(path))],
        Body::SamplingCommit(SamplingCommit { period, commitment, beacon }) => vec![
            ("period", number(*period)),
            ("commitment", Field::Hash(*commitment)),
            ("beacon", text(beacon.as_deref())),
        ],
        Body::SamplingReveal(SamplingReveal { period, secret }) => {
            vec![("period", number(*period)), ("secret", bytes(secret))]
        }
        Body::Close => Vec::new(),
        Body::Install(Install { component, skill, version, publisher, envelope, verdict, note }) => vec![
            ("component", Field::Hash(*component)),
            ("skill", Field::Text(skill)),
            ("version", Field::Text(version)),
            ("publisher", Field::Text(publisher)),
            ("envelope", hash(*envelope)),
            ("verdict", text(verdict.as_deref())),
            ("note", text(note.as_deref())),
        ],
        Body::Summary(Summary { root, runs }) => {
            vec![("root", Field::Hash(*root)), ("runs", Field::Hash(*runs))]
        }
    }
}

fn genesis(genesis: &Genesis) -> Vec<(&'static str, Field<'_>)> {
    let Genesis {
        origin,
        log_key,
        epoch_keys,
        epochs,
        epoch_events_max,
        epoch_ms_max,
        signing,
        host,
        software,
        nonce,
        predecessor,
    } = genesis;
    let signing = match signing {
        Signing::Batch => "batch",
        Signing::Each => "each",
    };
    let mut fields = vec![
        ("origin", Field::Text(origin)),
        ("log_key", bytes(log_key)),
        ("epoch_keys", Field::Hash(*epoch_keys)),
        ("epochs", number(*epochs)),
        ("epoch_events_max", number(*epoch_events_max)),
        ("epoch_ms_max", number(*epoch_ms_max)),
        ("signing", Field::Name(signing)),
        ("host", Field::Hash(*host)),
        ("software", Field::Text(software)),
        ("nonce", bytes(nonce)),
    ];
    if let Some(Predecessor { log, size, root, reason }) = predecessor {
        fields.extend([
            ("predecessor_log", Field::Hash(*log)),
            ("predecessor_size", number(*size)),
            ("predecessor_root", Field::Hash(*root)),
            ("predecessor_reason", Field::Text(reason)),
        ]);
    }
    fields
}

fn run(run: &Run) -> Vec<(&'static str, Field<'_>)> {
    let Run {
        skill,
        component,
        engine,
        envelope,
        agent,
        run_index,
        report,
        number: of_report,
        place,
        input,
        answers,
        content,
        status,
        fuel,
        memory_peak_bytes,
        host_calls,
        file_read_bytes,
        file_written_bytes,
        network_sent_bytes,
        network_received_bytes,
        flags,
    } = run;
    vec![
        ("skill", Field::Text(skill)),
        ("component", Field::Hash(*component)),
        ("engine", Field::Hash(*engine)),
        ("envelope", hash(*envelope)),
        ("agent", text(agent.as_deref())),
        ("run_index", number(*run_index)),
        ("report", text(report.as_deref())),
        ("number", number(*of_report)),
        ("place", Field::Name(place.as_str())),
        ("input_hash", Field::Hash(*input)),
        ("host_answer_hash", Field::Hash(*answers)),
        ("content_hash", Field::Hash(*content)),
        ("status", status.map_or(Field::None, number)),
        ("fuel", number(*fuel)),
        ("memory_peak_bytes", number(*memory_peak_bytes)),
        ("host_calls", number(*host_calls)),
        ("file_read_bytes", number(*file_read_bytes)),
        ("file_written_bytes", number(*file_written_bytes)),
        ("network_sent_bytes", number(*network_sent_bytes)),
        ("network_received_bytes", number(*network_received_bytes)),
        ("flags", Field::Names(flag_names(*flags))),
    ]
}

fn verdict(verdict: &Verdict) -> Vec<(&'static str, Field<'_>)> {
    let Verdict { component, report, verdict, reason, first, runs, findings, confirmed } = verdict;
    vec![
        ("component", Field::Hash(*component)),
        ("report", Field::Text(report)),
        ("verdict", Field::Text(verdict)),
        ("reason", Field::Text(reason)),
        ("first", number(*first)),
        ("runs", number(*runs)),
        ("findings", Field::Hash(*findings)),
        ("confirmed", number(*confirmed)),
    ]
}
