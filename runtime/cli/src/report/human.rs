//! The report for people: the first screen decides, the rest is evidence.

use anstyle::{AnsiColor, Style};
use invar_monitor::{
    Class, Confidence, Cost, Deviation, Proof, Report, Row, Section, Status, Trigger, Verdict, bytes, count,
    join, runs,
};
use invar_trace::EffectKind;
use invar_world::World;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
/// Columns of the report.
const WIDTH: usize = 100;

/// Writes the report. `again` is the command that gives the same one.
pub(crate) fn human(report: &Report, world: &World, again: &str) -> String {
    let mut text = String::from("\n");
    let mut line = |line: String| {
        if !line.is_empty() {
            text.push_str("  ");
            text.push_str(line.trim_end());
        }
        text.push('\n');
    };
    line(head(report, world));
    line(String::new());
    let style = style(report.verdict);
    // A long reason stands below the verdict.
    let beside = format!("{}   {}", report.verdict, report.reason);
    match beside.chars().count() <= WIDTH - 2 {
        true => line(format!("{style}{}{style:#}   {}", report.verdict, report.reason)),
        false => {
            line(format!("{style}{}{style:#}", report.verdict));
            line(String::new());
            wrap(&capitalised(&report.reason), WIDTH - 2).into_iter().for_each(&mut line);
        }
    }
    line(String::new());
    for sentence in summary(report) {
        wrap(&sentence, WIDTH - 2).into_iter().for_each(&mut line);
    }
    line(format!(
        "{DIM}{} runs of one input, {}, {}. The same again any time with:{DIM:#}",
        report.runs,
        followups(report.followups),
        real_time(report),
    ));
    line(format!("{DIM}{again}{DIM:#}"));
    line(String::new());
    for (number, class) in (1..).zip(Class::ALL) {
        if let Some(section) = report.invariants.get(&class) {
            section_lines(number, class, section).into_iter().for_each(&mut line);
        }
    }
    line(String::new());
    line(format!("{BOLD}fuel by run{BOLD:#}   {}", sparkline(&report.rows)));
    let told = happened(report);
    if told.len() > 2 {
        line(String::new());
        line(format!("{BOLD}What happened{BOLD:#}"));
        told.into_iter().for_each(&mut line);
    }
    line(String::new());
    line(format!("{BOLD}What this run could have seen, and could not{BOLD:#}"));
    let power = &report.detection_power;
    for (label, items) in [("tested:    ", &power.conditions_tested), ("not tested:", &power.untested)] {
        for (index, part) in wrap(&listed(items), WIDTH - 18).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            line(format!("  {label:<11} {part}"));
        }
    }
    line(format!("  bound:      {}", power.bound));
    if !report.recommendations.is_empty() {
        line(String::new());
        line(format!("{BOLD}Recommended{BOLD:#}"));
        for (number, action) in (1..).zip(&report.recommendations) {
            match action.command.as_str() {
                "" => line(format!("  {number} {}", action.what)),
                command => line(format!("  {number} {:<25} {command}", format!("{}:", action.what))),
            }
        }
    }
    text.push('\n');
    text
}

fn head(report: &Report, world: &World) -> String {
    let skill = &report.skill;
    let mut parts = vec![format!("{BOLD}{}{BOLD:#} {}", skill.name, skill.version).trim_end().to_owned()];
    parts.extend((!skill.publisher.is_empty()).then(|| skill.publisher.clone()));
    let digest = &skill.component_sha256;
    parts.push(format!("sha256:{}…{}", &digest[..6], &digest[62..]));
    parts.push(format!("lab, seed {}, from {}", report.seed, world.start));
    parts.join(" · ")
}

fn style(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Consistent => AnsiColor::Green,
        Verdict::Marginal | Verdict::Inconclusive => AnsiColor::Yellow,
        Verdict::Variant | Verdict::ActivationPatternDetected => AnsiColor::Red,
    };
    color.on_default().bold()
}

/// What it does and how that is known, in sentences.
fn summary(report: &Report) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(trigger) = report.triggers.first() {
        let fired: Vec<&Row> = report.rows.iter().filter(|row| is_fired(report, trigger, row)).collect();
        sentences.extend(trigger.sentence.clone().or_else(|| deed(report, trigger, &fired)));
        sentences.extend(trigger.proof.as_ref().map(|proof| proof_sentence(trigger, proof)));
    }
    if sentences.is_empty() {
        let worst = report.findings().filter(|finding| finding.severity > invar_monitor::Severity::Info);
        sentences.extend(
            worst
                .take(3)
                .map(|finding| format!("{}. It hangs on: {}.", capitalised(&finding.what), finding.cause)),
        );
    }
    if sentences.is_empty() && report.verdict == Verdict::Consistent {
        sentences.push(format!(
            "All {} runs did the same, as far as this protocol can see; what it cannot see stands below.",
            report.runs
        ));
    }
    sentences
}

/// Runs that the trigger speaks of.
fn is_fired(report: &Report, trigger: &Trigger, row: &Row) -> bool {
    let finding = report.findings().find(|finding| {
        finding.class == Class::ExecutionCount && finding.runs.first() == trigger.first_run.as_ref()
    });
    finding.is_some_and(|finding| finding.runs.contains(&row.run))
}

/// `Runs 8 and 16 do 47 times the work and send 2.3 kB to tcp://…, which the envelope does not declare.`
fn deed(report: &Report, trigger: &Trigger, fired: &[&Row]) -> Option<String> {
    let first = fired.first()?;
    let numbers: Vec<u32> = fired.iter().map(|row| row.run).collect();
    let mut deeds = Vec::new();
    let usual = report.baseline.usual(Cost::Fuel).max(1);
    let times = (first.resources.fuel + usual / 2) / usual;
    if times >= 2 {
        deeds.push(format!("do {times} times the work"));
    }
    for (destination, traffic) in &first.deeds.traffic {
        deeds.push(format!("send {} to {destination}", bytes(traffic.sent)));
    }
    deeds.extend(contacts(first));
    let written: Vec<String> = trigger
        .effects
        .iter()
        .filter_map(|effect| effect.strip_prefix("file write "))
        .map(|path| format!("leave {path} behind"))
        .collect();
    deeds.extend(written);
    if deeds.is_empty() {
        deeds.push(format!("do otherwise: {}", trigger.effects.join(", ")));
    }
    let undeclared = match (report.skill.envelope_sha256.is_empty(), first.deeds.violations.is_empty()) {
        (false, false) => ", which the envelope does not declare",
        _ => "",
    };
    Some(format!("{} {}{undeclared}.", capitalised(&named(&numbers)), join(&deeds)))
}

/// What it tries to reach without sending anything there.
fn contacts(row: &Row) -> Vec<String> {
    let new = row.deviations.iter().flat_map(|deviation| match deviation {
        Deviation::New(effects) => effects.iter().collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    new.filter(|effect| !row.deeds.traffic.contains_key(&effect.subject))
        .filter_map(|effect| match effect.kind {
            EffectKind::NetworkConnect => {
                Some(format!("try to connect to {}", effect.subject.escape_debug()))
            }
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

fn listed(items: &[String]) -> String {
    match items {
        [] => "nothing".into(),
        items => items.join("; "),
    }
}

fn followups(number: u32) -> String {
    match number {
        0 => "no follow-up runs".into(),
        1 => "1 follow-up run".into(),
        number => format!("{number} follow-up runs"),
    }
}

fn real_time(report: &Report) -> String {
    #[allow(clippy::cast_precision_loss, reason = "a tenth of a second is shown")]
    let seconds = report.real_ms as f64 / 1000.0;
    format!("{seconds:.1} s")
}

fn section_lines(number: usize, class: Class, section: &Section) -> Vec<String> {
    let (word, style) = match section.status {
        Status::Pass => ("pass", AnsiColor::Green.on_default()),
        Status::Warn => ("warn", AnsiColor::Yellow.on_default()),
        Status::Fail => ("FAIL", AnsiColor::Red.on_default().bold()),
        Status::NotChecked => ("  – ", DIM),
    };
    let name = class.as_str().replace('-', " ");
    let why = match section.status {
        Status::NotChecked => format!("not checked: {}", section.why),
        _ => section.why.clone(),
    };
    let mut parts = wrap(&why, WIDTH - 32).into_iter();
    let first = parts.next().unwrap_or_default();
    let mut lines = vec![format!("{number:>2} {name:<20} {style}{word}{style:#}   {first}")];
    lines.extend(parts.map(|part| format!("{:<31}{part}", "")));
    lines
}

/// Fuel by run in eight heights; many runs share a column, of which the highest counts.
fn sparkline(rows: &[Row]) -> String {
    const COLUMNS: usize = 64;
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let each = rows.len().div_ceil(COLUMNS).max(1);
    let columns: Vec<u64> = rows
        .chunks(each)
        .map(|chunk| chunk.iter().map(|row| row.resources.fuel).max().unwrap_or(0))
        .collect();
    let most = columns.iter().copied().max().unwrap_or(0).max(1);
    columns
        .iter()
        .map(|fuel| {
            let height = fuel.saturating_mul(BARS.len() as u64 - 1).div_ceil(most);
            BARS[usize::try_from(height).unwrap_or(0).min(BARS.len() - 1)]
        })
        .collect()
}

/// The first run, and those that differ from it.
fn happened(report: &Report) -> Vec<String> {
    const SHOWN: usize = 6;
    let mut lines = vec![format!(
        "{DIM}  {:>4}  {:>8}  {:>8}  {:>8}  {}{DIM:#}",
        "run", "fuel", "memory", "sent", "new effects"
    )];
    let baseline = report.rows.first();
    let deviating: Vec<&Row> = report.rows.iter().filter(|row| !row.deviations.is_empty()).collect();
    let mut last = String::new();
    for row in baseline.into_iter().chain(deviating.iter().take(SHOWN).copied().filter(|row| row.run != 1)) {
        let effects = match row.deviations.is_empty() {
            true => "(baseline)".to_owned(),
            false => new_effects(row),
        };
        let shown = if effects == last { "the same".to_owned() } else { effects.clone() };
        last = effects;
        let start = format!(
            "  {:>4}  {:>8}  {:>8}  {:>8}  ",
            row.run,
            count(row.resources.fuel),
            bytes(row.resources.memory_peak_bytes),
            bytes(row.resources.bytes.network_sent),
        );
        for (index, part) in wrap(&shown, WIDTH - start.chars().count()).into_iter().enumerate() {
            let start = if index == 0 { start.clone() } else { " ".repeat(start.chars().count()) };
            lines.push(format!("{start}{part}"));
        }
    }
    if deviating.len() > SHOWN {
        lines.push(format!("        {} more runs differ", deviating.len() - SHOWN));
    }
    lines
}

fn new_effects(row: &Row) -> String {
    let mut words = Vec::new();
    for deviation in row.deviations.iter() {
        match deviation {
            Deviation::New(effects) => {
                words.extend(effects.iter().filter(|own| own.is_lasting()).map(ToString::to_string))
            }
            Deviation::Missing(effects) => words.extend(effects.iter().map(|effect| format!("no {effect}"))),
            Deviation::Output => words.push("another output".into()),
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

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Words in lines of at most `width` characters; a longer word stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
