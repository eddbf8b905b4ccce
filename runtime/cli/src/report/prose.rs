//! Sentences that all formats of a report share.

use invar_monitor::{
    Class, Confidence, Cost, Deviation, EnvelopeRow, Finding, Proof, Report, Row, Section, Severity, Status,
    Trigger, Verdict, bytes, in_calls, join, runs,
};
use invar_trace::EffectKind;
use invar_world::World;

/// The name of a class, in words.
pub(crate) fn class(class: Class) -> String {
    class.as_str().replace('-', " ")
}

/// The property that a class checks.
pub(crate) fn claim(class: Class) -> &'static str {
    match class {
        Class::OutputDeterminism => "The same input gives the same output.",
        Class::ResourceUsage => "The same input costs the same.",
        Class::SideEffects => "The same input has the same side effects.",
        Class::ExecutionCount => "Behaviour does not depend on the number of earlier runs.",
        Class::Environment => "Behaviour does not depend on undeclared input from the environment.",
        Class::Envelope => "The skill does only what its envelope declares.",
        Class::Performance => "Cost grows with the input as claimed.",
        Class::AuditTrail => "Every run is recorded in the audit trail.",
    }
}

/// Who made the skill, which bytes it is, and where it was run.
pub(crate) fn identity(report: &Report, world: &World) -> Vec<String> {
    let skill = &report.skill;
    let digest = &skill.component_sha256;
    let mut parts: Vec<String> =
        (!skill.publisher.is_empty()).then(|| skill.publisher.clone()).into_iter().collect();
    parts.push(format!("sha256:{}…{}", &digest[..6], &digest[62..]));
    parts.push(format!("lab, seed {}, from {}", report.seed, world.start));
    parts
}

/// The word of a severity.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Minor => "minor",
        Severity::Major => "major",
        Severity::Critical => "critical",
    }
}

/// Why a section has its status.
pub(crate) fn why(section: &Section) -> String {
    match section.status {
        Status::NotChecked => format!("not checked: {}", section.why),
        _ => section.why.clone(),
    }
}

/// The same; for the audit trail also the head of the log, which identifies its state.
pub(crate) fn evidence(report: &Report, class: Class, section: &Section) -> String {
    const HEAD_DIGITS: usize = 12;
    let head = report.ledger.as_ref().filter(|_| class == Class::AuditTrail);
    match head.and_then(|ledger| ledger.head.get(..HEAD_DIGITS)) {
        Some(head) => format!("{}; head {head}", why(section)),
        None => why(section),
    }
}

/// What was expected and observed, the cause, and the OWASP category, as parts of a list.
pub(crate) fn details(finding: &Finding) -> [(&'static str, &str); 4] {
    [
        ("expected", &finding.expected),
        ("observed", &finding.observed),
        ("cause", &finding.cause),
        ("OWASP", finding.owasp_ast),
    ]
}

/// `20 runs of one input, 18 follow-up runs, 0.1 s.`
pub(crate) fn effort(report: &Report) -> String {
    let inputs = match report.inputs.len() {
        0 | 1 => "one input".to_owned(),
        several => format!("the worst of {several} inputs"),
    };
    format!("{} runs of {inputs}, {}, {}.", report.runs, followups(report.followups), real_time(report))
}

/// `Coverage: 8 of 8 classes; 212 of 480 functions executed; …`
pub(crate) fn coverage(report: &Report) -> String {
    format!("Coverage: {}.", report.coverage.words())
}

/// What the runs asked for without an answer, in one sentence; none if nothing was. The entries that would answer it follow.
pub(crate) fn no_answer(report: &Report) -> Option<String> {
    let no_answer = report.coverage.no_answer.as_ref()?;
    let sites = report.coverage.effectful_sites;
    let asked: Vec<String> = no_answer.asked.iter().map(|asked| visible(asked)).collect();
    let more = match no_answer.more {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Some(format!(
        "No answer in this world: {}{more}. {} of {} effectful call sites were not reached; some may need the answer. Add to a \
         world file (--world):",
        join(&asked),
        sites.exist - sites.reached.min(sites.exist),
        sites.exist,
    ))
}

/// The lines of a world file that give the answers.
pub(crate) fn answer_entries(report: &Report) -> Vec<&str> {
    let no_answer = report.coverage.no_answer.iter();
    no_answer.flat_map(|no_answer| no_answer.entries.lines()).filter(|line| !line.is_empty()).collect()
}

/// Stands before the command that reproduces a report.
pub(crate) const REPRODUCE: &str = "Reproduce with:";

/// Stands before the command that continues a search.
pub(crate) const CONTINUE: &str = "Continue the search:";

/// The cells of one row of the envelope: the key, what is declared, granted and seen. Several things in a cell
/// are on separate lines.
pub(crate) fn envelope_cells(row: &EnvelopeRow) -> [Vec<String>; 4] {
    const SHOWN: usize = 4;
    let listed = |items: Vec<String>| {
        let more = items.len().saturating_sub(SHOWN);
        let mut shown: Vec<String> =
            items.into_iter().take(SHOWN).map(|item| item.escape_debug().to_string()).collect();
        match (shown.is_empty(), more) {
            (true, _) => shown.push("–".into()),
            (false, 0) => {}
            (false, more) => shown.push(format!("and {more} more")),
        }
        shown
    };
    let undeclared = row.undeclared.iter().map(|item| format!("not declared: {item}"));
    let declared = row.observed.iter().filter(|item| !row.undeclared.contains(item)).cloned();
    let observed = match row.key {
        "env" => vec!["all are passed to the skill".into()],
        _ => undeclared.chain(declared).collect(),
    };
    [
        vec![row.key.to_owned()],
        listed(row.declared.clone()),
        vec!["all (virtual)".to_owned()],
        listed(observed),
    ]
}

/// The heads of those cells.
pub(crate) const ENVELOPE_HEADS: [&str; 4] = ["", "declared", "granted", "observed"];

/// What the skill does and how that was confirmed, in sentences.
pub(crate) fn summary(report: &Report) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut grave: Vec<&Finding> =
        report.findings().filter(|finding| finding.severity > invar_monitor::Severity::Info).collect();
    grave.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let worst = grave.first().map(|finding| finding.severity);
    let is_pattern = report.verdict == Verdict::ActivationPatternDetected;
    let decisive = report.triggers.first().filter(|trigger| is_pattern || Some(trigger.severity) >= worst);
    // What decides comes first: a trigger of something milder does not hide it. Where the reason says it, the trigger
    // says the rest.
    let is_said = |finding: &Finding| is_pattern || (decisive.is_some() && finding.what == report.reason);
    if let Some(finding) = grave.first().filter(|finding| !is_said(finding)) {
        sentences.push(with_cause(finding));
    }
    if let Some(trigger) = decisive {
        let fired: Vec<&Row> = report.rows.iter().filter(|row| trigger.runs.contains(&row.run)).collect();
        sentences.extend(trigger.sentence.clone().or_else(|| effects_sentence(report, trigger, &fired)));
        sentences.extend(trigger.proof.as_ref().map(|proof| proof_sentence(trigger, proof)));
    }
    if decisive.is_none() {
        sentences.extend(grave.iter().skip(sentences.len()).take(2).map(|finding| with_cause(finding)));
    }
    if sentences.is_empty() && report.verdict == Verdict::Consistent {
        let did = match is_the_same(report) {
            true => format!("All {} runs behaved the same", report.runs),
            false => format!("The {} runs differ only in what is declared, claimed or expected", report.runs),
        };
        sentences.push(format!("{did}, as far as this series can detect; its limits are listed below."));
    }
    sentences
}

/// Whether all runs had the same output, effects and exit status.
fn is_the_same(report: &Report) -> bool {
    let mut rows = report.per_run.iter();
    let Some(first) = rows.next() else { return true };
    rows.all(|row| {
        (&row.output_sha256, &row.effects, row.exit) == (&first.output_sha256, &first.effects, first.exit)
    })
}

/// `Run 8: another output on the same input. Cause: the clock.`
pub(crate) fn with_cause(finding: &Finding) -> String {
    format!("{}. Cause: {}.", capitalised(&finding.what), finding.cause)
}

/// `Runs 8 and 16 do 47 times the work and send 2.3 kB to tcp://…, which the envelope does not declare.`
fn effects_sentence(report: &Report, trigger: &Trigger, fired: &[&Row]) -> Option<String> {
    let first = fired.first()?;
    let numbers: Vec<u32> = fired.iter().map(|row| row.run).collect();
    let mut actions = Vec::new();
    let usual = report.baseline.usual(Cost::Fuel).max(1);
    let times = (first.resources.fuel + usual / 2) / usual;
    if times >= 2 {
        actions.push(format!("do {times} times the work"));
    }
    for (destination, traffic) in &first.run_effects.traffic {
        actions.push(format!("send {} to {destination}", bytes(traffic.sent)));
    }
    actions.extend(contacts(first));
    let written: Vec<String> = trigger
        .effects
        .iter()
        .filter_map(|effect| effect.strip_prefix("file write "))
        .map(|path| format!("leave {path} behind"))
        .collect();
    actions.extend(written);
    if actions.is_empty() {
        actions.push(format!("behave differently: {}", trigger.effects.join(", ")));
    }
    if numbers.len() == 1 {
        actions = actions.iter().map(|action| third_person(action)).collect();
    }
    let undeclared = undeclared(report, first);
    let place = in_calls(&trigger.calls);
    Some(format!("{} {}{place}{undeclared}.", capitalised(&named(&numbers)), join(&actions)))
}

/// The effects of a run that the envelope does not declare, as a clause; empty if all are declared.
fn undeclared(report: &Report, row: &Row) -> String {
    if report.skill.envelope_sha256.is_empty() {
        return String::new();
    }
    let new = row.deviations.iter().flat_map(|deviation| match deviation {
        Deviation::New(effects) => effects.iter().filter(|effect| effect.is_lasting()).collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    let (lacking, declared): (Vec<_>, Vec<_>) =
        new.partition(|effect| row.run_effects.lacks_line_for(effect));
    match (lacking.is_empty(), declared.is_empty()) {
        (true, _) => String::new(),
        (false, true) => ", which the envelope does not declare".into(),
        (false, false) => {
            let names: Vec<String> =
                lacking.iter().map(|effect| effect.subject.escape_debug().to_string()).collect();
            format!("; the envelope does not declare {}", join(&names))
        }
    }
}

/// `sends 6 B to …` for `send 6 B to …`.
fn third_person(action: &str) -> String {
    let (verb, rest) = action.split_once(' ').unwrap_or((action, ""));
    let verb = match verb {
        "do" => "does".to_owned(),
        "try" => "tries".to_owned(),
        other => format!("{other}s"),
    };
    format!("{verb} {rest}")
}

/// Destinations that a run tries to reach without sending anything there.
fn contacts(row: &Row) -> Vec<String> {
    let new = row.deviations.iter().flat_map(|deviation| match deviation {
        Deviation::New(effects) => effects.iter().collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    new.filter(|effect| !row.run_effects.traffic.contains_key(&effect.subject))
        .filter_map(|effect| match effect.kind {
            EffectKind::NetworkConnect => {
                Some(format!("try to connect to {}", effect.subject.escape_debug()))
            }
            EffectKind::HttpRequest => Some(format!("try to send {}", effect.subject.escape_debug())),
            EffectKind::NetworkDatagram => {
                Some(format!("try to send a datagram to {}", effect.subject.escape_debug()))
            }
            EffectKind::NetworkListen => Some(format!("listen at {}", effect.subject.escape_debug())),
            EffectKind::NetworkLookup => Some(format!("look up {}", effect.subject.escape_debug())),
            _ => None,
        })
        .collect()
}

/// `Proof: put … back to "0" and run 8 behaves like run 1; set it to "7" and run 1 behaves like run 8.`
fn proof_sentence(trigger: &Trigger, proof: &Proof) -> String {
    let Proof { fired, reference, value_before, sufficient } = proof;
    let source = trigger.source.strip_prefix("file ");
    let back = match (source, value_before) {
        (Some(path), Some(value)) => format!("put {path} back to {value}"),
        (Some(path), None) => format!("take {path} away"),
        (None, _) => format!("give it the {} of run {reference}", trigger.source),
    };
    let set = match (source, &trigger.value) {
        (Some(_), Some(value)) => format!("set it to \"{}\"", value.escape_debug()),
        _ => format!("give run {reference} that of run {fired}"),
    };
    let word = if trigger.confidence == Confidence::Confirmed { "Proof" } else { "Seen" };
    match sufficient {
        true => format!(
            "{word}: {back} and run {fired} behaves like run {reference}; {set} and run {reference} behaves like run {fired}."
        ),
        false => format!("{word}: {back} and run {fired} behaves like run {reference}."),
    }
}

/// Items in one line.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => "nothing".into(),
        items => items.join("; "),
    }
}

/// How many follow-up runs.
fn followups(number: u32) -> String {
    match number {
        0 => "no follow-up runs".into(),
        1 => "1 follow-up run".into(),
        number => format!("{number} follow-up runs"),
    }
}

/// Host time of all runs.
fn real_time(report: &Report) -> String {
    #[allow(clippy::cast_precision_loss, reason = "a tenth of a second is shown")]
    let seconds = report.real_ms as f64 / 1000.0;
    format!("{seconds:.1} s")
}

/// The runs that a report lists.
pub(crate) struct Happened<'a> {
    /// The first run, and those that differ from it.
    pub(crate) rows: Vec<EffectsRow<'a>>,
    /// How many more differ.
    pub(crate) more: usize,
}

/// One of them.
pub(crate) struct EffectsRow<'a> {
    /// The run.
    pub(crate) row: &'a Row,
    /// How it differs, in words.
    pub(crate) effects: String,
}

/// The first run, and those that differ from it.
pub(crate) fn happened(report: &Report) -> Happened<'_> {
    const SHOWN: usize = 6;
    let deviating: Vec<&Row> = report.rows.iter().filter(|row| row.stands_out).collect();
    let shown = deviating.iter().take(SHOWN).copied().filter(|row| row.run != 1);
    let mut last = String::new();
    let rows = report.rows.first().into_iter().chain(shown).map(|row| {
        let effects = match !row.stands_out {
            true => "(baseline)".to_owned(),
            false => new_effects(row),
        };
        let shown = if effects == last { "the same".to_owned() } else { effects.clone() };
        last = effects;
        EffectsRow { row, effects: shown }
    });
    Happened { rows: rows.collect(), more: deviating.len().saturating_sub(SHOWN) }
}

/// How a run differs, in words.
fn new_effects(row: &Row) -> String {
    let mut words = Vec::new();
    for deviation in row.deviations.iter() {
        match deviation {
            Deviation::New(effects) => {
                words.extend(effects.iter().filter(|effect| effect.is_lasting()).map(ToString::to_string))
            }
            Deviation::Missing(effects) => words.extend(effects.iter().map(|effect| format!("no {effect}"))),
            Deviation::Output => words.push("different output".into()),
            Deviation::Errors => words.push("different standard error".into()),
            Deviation::Payload => words.push("different bytes sent".into()),
            Deviation::Ending => words.push(row.ending.to_string()),
            Deviation::Cost(cost) | Deviation::Growth(cost) => {
                words.push(format!("more {}", cost.as_str()));
            }
        }
    }
    words.join(" · ")
}

/// `run 8`, `runs 8 and 16`.
fn named(numbers: &[u32]) -> String {
    match numbers {
        [_, _] | [_, _, _] => {
            let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
            format!("runs {}", join(&numbers))
        }
        other => runs(other),
    }
}

/// With a capital first.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Untrusted text with every character visible: none ends the line, none reverses its direction.
pub(crate) fn visible(text: &str) -> String {
    crate::escape::line(text)
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_that_others_wrote_is_unseen() {
        assert_eq!(visible("naïve £ 日本"), "naïve £ 日本");
        assert_eq!(visible("a\nb\u{202e}c\u{0}"), "a\\u{a}b\\u{202e}c\\u{0}");
    }
}
