//! The faults that a run is tried under, from the calls that it made.

use invar_trace::{About, Call, Occurrence, functions as f};
use invar_world::{Change, Substitution, Timestamp};

use super::answers::{answers, doing};
use crate::{TriggerKind, command};

/// Random bytes that are zero: keys and seeds are shorter, and a command with them can still be pasted.
const ZEROES: usize = 128;
const NS_PER_HOUR: u64 = 3_600_000_000_000;

/// One thing that goes wrong in a run.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// `when writing /out/report.txt fails with disk full`
    pub(super) words: String,
    pub(super) about: About,
    /// What is answered, as a report shows values.
    pub(super) value: Option<String>,
    pub(super) substitution: Substitution,
}

impl Fault {
    /// The kind of trigger that it makes.
    pub(super) fn kind(&self) -> TriggerKind {
        match self.about {
            About::File(_) | About::Output | About::Errors => TriggerKind::File,
            About::Connection(_) | About::Name(_) | About::Sockets => TriggerKind::Network,
            About::Input => TriggerKind::Input,
            About::Clock => TriggerKind::Clock,
            About::Random => TriggerKind::Random,
        }
    }

    /// What it reads to know.
    pub(super) fn source(&self) -> String {
        match &self.about {
            About::File(_) => format!("file {}", self.about),
            About::Connection(_) => format!("network {}", self.about),
            About::Name(_) => format!("dns {}", self.about),
            About::Sockets => "network".into(),
            About::Input => "input".into(),
            About::Output | About::Errors => self.about.to_string(),
            About::Clock => "clock".into(),
            About::Random => "random".into(),
        }
    }
}

/// Everything that could go wrong in a run that started then and made these calls, in the order of the calls.
pub(super) fn plan(calls: &[Call], started: Timestamp) -> Vec<Fault> {
    calls
        .iter()
        .flat_map(|call| match call.about {
            About::Clock => of_clock(call, started),
            About::Random => of_random(calls, call),
            _ => of_answers(call),
        })
        .collect()
}

fn of_answers(call: &Call) -> Vec<Fault> {
    let fault = |answer: super::answers::Answer| {
        let value = serde_json::from_str::<serde_json::Value>(&answer.json).ok().map(|json| {
            let error = json.get("err").and_then(|error| error.as_str()).map(str::to_owned);
            error.unwrap_or_else(|| json.to_string())
        });
        let substitution = command::at_event(&Change::Answer(answer.json), call.event)?;
        let words = format!("when {} {}{}", doing(call), answer.words, which(call));
        Some(Fault { words, about: call.about.clone(), value, substitution })
    };
    answers(call).into_iter().filter_map(fault).collect()
}

/// It shows less than it did before, or than an earlier run has noted.
fn of_clock(call: &Call, started: Timestamp) -> Vec<Fault> {
    if call.function != f::wall_clock::NOW {
        return Vec::new();
    }
    let back = |(hours, words): (u64, &str)| {
        let now = started.after(call.time_ns);
        let time = Timestamp(now.0.saturating_sub(hours * NS_PER_HOUR));
        let substitution = command::at_event(&Change::Clock(time), call.event)?;
        let words = format!("when the clock is {words} behind as it is read{}", which(call));
        Some(Fault { words, about: About::Clock, value: Some(time.to_string()), substitution })
    };
    [(1, "an hour"), (24, "a day")].into_iter().filter_map(back).collect()
}

/// Once, from the first draw on, whichever function draws.
fn of_random(calls: &[Call], call: &Call) -> Vec<Fault> {
    let is_first = calls.iter().find(|first| first.about == About::Random).is_some_and(|first| first == call);
    let zeroes = Change::RandomBytes(vec![0; ZEROES]);
    let substitution = is_first.then(|| command::at_event(&zeroes, call.event)).flatten();
    let words = "when all random bytes are zero".to_owned();
    substitution
        .map(|substitution| Fault { words, about: About::Random, value: None, substitution })
        .into_iter()
        .collect()
}

fn which(call: &Call) -> &'static str {
    match call.occurrence {
        Occurrence::Only => "",
        Occurrence::First => " the first time",
        Occurrence::Last => " the last time",
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::{About, Call, FunctionId, Occurrence, functions as f};
    use invar_world::{Change, Substitution, Timestamp};

    use super::plan;

    fn call(event: u64, function: FunctionId, about: About) -> Call {
        let occurrence = Occurrence::Only;
        Call { event, function, about, occurrence, time_ns: 5, error: None, answered: Vec::new() }
    }

    fn start() -> Timestamp {
        Timestamp::parse("2026-01-15T16:00:00Z").unwrap()
    }

    #[test]
    fn every_fault_is_read_back_from_the_text_that_a_command_is_given() {
        let calls = [
            call(3, f::filesystem::DESCRIPTOR_OPEN_AT, About::File("/out/a@b".into())),
            call(4, f::wall_clock::NOW, About::Clock),
            call(5, f::random::GET_RANDOM_U64, About::Random),
            call(6, f::random::GET_RANDOM_BYTES, About::Random),
        ];
        let faults = plan(&calls, start());
        assert_eq!(faults.iter().filter(|fault| fault.about == About::Random).count(), 1);
        for fault in faults {
            let read = Substitution::parse(&fault.substitution.text, |_| Err(String::new())).unwrap();
            assert_eq!(read, fault.substitution);
        }
    }

    #[test]
    fn a_fault_is_said_with_what_it_is_about_and_what_it_answers() {
        let report = About::File("/out/report.txt".into());
        let mut write = call(9, f::filesystem::DESCRIPTOR_WRITE_VIA_STREAM, report);
        write.occurrence = Occurrence::Last;
        let fault = plan(&[write], start()).remove(0);
        assert_eq!(fault.words, "when writing /out/report.txt fails with disk full the last time");
        assert_eq!(fault.source(), "file /out/report.txt");
        assert_eq!(fault.value.as_deref(), Some("insufficient-space"));
        assert_eq!(fault.substitution.text, r#"event:9={"err":"insufficient-space"}"#);
    }

    #[test]
    fn the_clock_goes_back_an_hour_and_a_day_from_where_it_was() {
        let faults = plan(&[call(2, f::wall_clock::NOW, About::Clock)], start());
        let time = |at: &str| Timestamp::parse(at).unwrap().after(5);
        let changes: Vec<Change> = faults.into_iter().map(|fault| fault.substitution.change).collect();
        let expected = [time("2026-01-15T15:00:00Z"), time("2026-01-14T16:00:00Z")].map(Change::Clock);
        assert_eq!(changes, expected);
    }
}
