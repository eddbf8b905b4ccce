//! Envelope: nothing is done that was not declared.

use std::collections::{BTreeMap, BTreeSet};

use invar_envelope::{Envelope, MissingPermission, NetworkPattern, Scheme};
use invar_trace::{Behaviour, EffectKind, Resources};
use invar_world::Change;

use crate::{
    Class, Declared, Deviation, Dormant, Finding, Lab, LabError, Question, Row, Section, Severity,
    class::view::View, named::Named, results::Investigation, runtimes, source::Source, text,
    tool_calls::of_event,
};

/// Pieces of dormant code that are reported. Stops a large program from filling the report.
const DORMANT_MAX: usize = 8;

/// Names in one directory that are reported one by one.
const NAMES_MAX: usize = 3;

/// Whether a run asks for random bytes, or for a seed, which are constant unless random is declared.
pub(crate) fn draws_random(run: &Behaviour) -> bool {
    run.calls.keys().filter_map(|id| id.get()).any(|function| function.interface.starts_with("wasi:random/"))
}

/// Variables are handed over all at once: which of them is read shows when one is taken away.
pub(crate) fn investigate(
    declared: &Declared,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let Some(envelope) = &declared.envelope else { return Ok(()) };
    let variables: Vec<String> = lab
        .variables()
        .into_iter()
        .filter(|name| !envelope.env.iter().any(|pattern| pattern.matches(name)))
        .collect();
    if variables.is_empty() {
        return Ok(());
    }
    let mut questions = vec![Question::again(1)];
    questions.extend(variables.iter().map(|name| Question {
        changes: vec![Change::Env { name: name.clone(), value: None }],
        ..Question::again(1)
    }));
    let answers = lab.ask(&questions)?;
    let usual = &answers[0];
    investigation.envelope.read = variables
        .iter()
        .zip(&answers[1..])
        .filter_map(|(name, other)| {
            let is_visible = (usual.stdout, &usual.ending, &usual.effects)
                != (other.stdout, &other.ending, &other.effects);
            (is_visible || usual.stderr != other.stderr).then(|| (name.clone(), is_visible))
        })
        .collect();
    investigation.envelope.variables = variables;
    Ok(())
}

pub(super) fn section(view: &View<'_>) -> Section {
    let Some(envelope) = &view.declared.envelope else { return undeclared(view) };
    let mut findings = violations(view);
    for (name, is_visible) in &view.investigation.envelope.read {
        let runtime = runtimes::of_variable(name).filter(|_| !is_visible);
        findings.push(Finding {
            class: Class::Envelope,
            severity: match (is_visible, runtime) {
                (true, _) => Severity::Major,
                (false, Some(_)) => Severity::Info,
                (false, None) => Severity::Minor,
            },
            runs: vec![1],
            what: match runtime {
                Some(runtime) => {
                    format!("the runtime of {runtime} reads the variable {} by itself", name.escape_debug())
                }
                None => format!("reads the variable {}, which is not declared", name.escape_debug()),
            },
            expected: "only declared variables make a difference".into(),
            observed: "another behaviour without it".into(),
            cause: format!("env = [\"{}\"] is missing", name.escape_debug()),
            owasp_ast: "AST03",
        });
    }
    findings.extend(limits(view, &envelope.limits.named()));
    findings.extend(over_asking(view));
    findings.extend(resisting(view));
    findings.extend(view.investigation.dormant.iter().take(DORMANT_MAX).map(|code| dormant(envelope, code)));
    let broken: Vec<&Finding> = findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
    let mut why = match broken.as_slice() {
        [] => "every effect is declared".to_owned(),
        broken => summary(broken),
    };
    if is_dangerous(envelope) {
        why.push_str(&format!("; it declares {DANGEROUS}"));
    }
    Section::of(why, findings)
}

/// Code that was never executed. What every libc carries is information. What is guarded by a comparison of an environment
/// input, and can do what the envelope does not declare, is minor.
fn dormant(envelope: &Envelope, dormant: &Dormant) -> Finding {
    let lacks = dormant.lacks(envelope);
    let names = dormant.names().map(|names| format!("; it names {names}")).unwrap_or_default();
    let guard = dormant.guard.as_ref().map(|guard| format!(" {guard}")).unwrap_or_default();
    Finding {
        class: Class::Envelope,
        severity: if dormant.is_open && !lacks.is_empty() { Severity::Minor } else { Severity::Info },
        runs: Vec::new(),
        what: format!(
            "code that no run executed can reach {}: {}{guard}{names}",
            dormant.actions(),
            dormant.place
        ),
        expected: match lacks.is_empty() {
            true => "what the envelope declares".into(),
            false => format!(
                "an entry of {}",
                text::join(&lacks.iter().map(ToString::to_string).collect::<Vec<_>>())
            ),
        },
        observed: format!(
            "never executed in {}",
            text::several(usize::try_from(dormant.runs).unwrap_or(0), "runs")
        ),
        cause: match dormant.is_open {
            true => "a comparison of an environment input, which never flipped".into(),
            false => "no comparison of an environment input".into(),
        },
        owasp_ast: "AST03",
    }
}

/// What was found, in one line: what the same runs did stands together.
fn summary(broken: &[&Finding]) -> String {
    const SUFFIX: &str = " not declared";
    let mut parts: Vec<(String, Vec<String>)> = Vec::new();
    let mut rest = Vec::new();
    for finding in broken {
        match finding.what.strip_suffix(SUFFIX).and_then(|what| what.split_once(": ")) {
            Some((who, action)) => match parts.iter_mut().find(|(known, _)| known == who) {
                Some((_, actions)) => actions.push(action.to_owned()),
                None => parts.push((who.to_owned(), vec![action.to_owned()])),
            },
            None => rest.push(finding.what.clone()),
        }
    }
    let grouped = parts.into_iter().map(|(who, actions)| format!("{who}: {}{SUFFIX}", text::join(&actions)));
    grouped.chain(rest).collect::<Vec<_>>().join("; ")
}

/// Without an envelope what the baseline does not do counts as undeclared.
fn undeclared(view: &View<'_>) -> Section {
    let mut findings: Vec<Finding> = view
        .investigation
        .groups
        .iter()
        .flat_map(|group| group.deviations.iter().map(move |deviation| (group, deviation)))
        .filter_map(|(group, deviation)| {
            let Deviation::New(effects) = deviation else { return None };
            let lasting: Vec<String> =
                effects.iter().filter(|effect| effect.is_lasting()).map(ToString::to_string).collect();
            (!lasting.is_empty()).then(|| Finding {
                class: Class::Envelope,
                severity: Severity::Critical,
                runs: group.runs.clone(),
                what: format!(
                    "{}{}: {}, which the first runs do not do",
                    text::runs(&group.runs),
                    view.in_calls(group, deviation).words(),
                    lasting.join(", ")
                ),
                expected: "nothing that the first runs do not do".into(),
                observed: lasting.join(", "),
                cause: view.cause(group.attribution_of(|other| other == deviation)),
                owasp_ast: "AST03",
            })
        })
        .collect();
    if view.is_inconclusive {
        return Section::not_checked(
            "nothing is declared, and too few runs came to an end to compare".into(),
        );
    }
    findings.extend(resisting(view));
    let why = match findings.is_empty() {
        true => "nothing is declared; no run does what the first three do not".into(),
        false => findings.iter().map(|finding| finding.what.as_str()).collect::<Vec<_>>().join("; "),
    };
    Section::of(why, findings)
}

/// What of the skill no instrumented copy shows: a skill that is built so cannot be searched as others are.
fn resisting(view: &View<'_>) -> Option<Finding> {
    const SHOWN_MAX: usize = 3;
    let all = &view.investigation.resists;
    if all.is_empty() {
        return None;
    }
    let shown: Vec<&str> = all.iter().take(SHOWN_MAX).map(String::as_str).collect();
    Some(Finding {
        class: Class::Envelope,
        severity: Severity::Minor,
        runs: Vec::new(),
        what: format!("resists analysis: {}", shown.join("; ")),
        expected: "an instrumented copy of all that matters, which does what the skill does".into(),
        observed: "conditions in it were not searched for as in other skills".into(),
        cause: "how the component is built".into(),
        owasp_ast: "AST03",
    })
}

/// One finding for each line that the envelope lacks; lines for several names in one directory are one.
fn violations(view: &View<'_>) -> Vec<Finding> {
    let mut by_place: BTreeMap<(&str, &str), BTreeMap<&MissingPermission, Vec<u32>>> = BTreeMap::new();
    for row in view.rows {
        for missing in row.run_effects.violations.keys() {
            let place = match missing.value.starts_with('/') {
                true => missing.value.rsplit_once('/').map_or("", |(directory, _)| directory),
                false => &missing.value,
            };
            let lines = by_place.entry((missing.key.as_str(), place)).or_default();
            lines.entry(missing).or_default().push(row.run);
        }
    }
    by_place
        .into_values()
        .flat_map(|lines| match lines.len() > NAMES_MAX {
            // Names that are made up: the first stands for all.
            true => {
                let runs: BTreeSet<u32> = lines.values().flatten().copied().collect();
                let more = lines.len() - 1;
                let first = lines.into_keys().next();
                first.map(|missing| (missing, runs.into_iter().collect(), more)).into_iter().collect()
            }
            false => lines.into_iter().map(|(missing, runs)| (missing, runs, 0)).collect::<Vec<_>>(),
        })
        .filter_map(|(missing, runs, more)| violation(view, missing, runs, more))
        .collect()
}

fn violation(view: &View<'_>, missing: &MissingPermission, runs: Vec<u32>, more: usize) -> Option<Finding> {
    let row = view.rows.iter().find(|row| row.run_effects.violations.contains_key(missing))?;
    let violation = row.run_effects.violations.get(missing)?;
    let who = match runs.len() == view.rows.len() {
        true => "every run".to_owned(),
        false => text::runs(&runs),
    };
    let who = format!("{who}{}", of_event(row, violation.event).words());
    let others = if more > 0 { format!(" and {more} more there") } else { String::new() };
    Some(Finding {
        class: Class::Envelope,
        severity: severity(view, missing, &runs),
        what: match absent(view, missing, &runs) {
            true => {
                format!("{who}: try to {}{others}, which is not there, not declared", words(missing, row))
            }
            false => format!("{who}: {}{others} not declared", words(missing, row)),
        },
        expected: format!("the envelope to have {}", view.given.line(missing)),
        observed: format!("{} (event {} of run {})", violation.function, violation.event, row.run),
        cause: cause(view, &runs),
        runs,
        owasp_ast: "AST03",
    })
}

fn severity(view: &View<'_>, missing: &MissingPermission, runs: &[u32]) -> Severity {
    let varies_with = |source: &Source| view.investigation.output.sources.contains(source);
    let is_in_all = runs.len() == view.rows.len();
    match missing.key.as_str() {
        // What the caller named is what was asked for, as long as it is done whenever it is asked for.
        _ if is_in_all && Named::of(&view.given).has(missing) => Severity::Minor,
        "network" | "listen" | "files.write" => Severity::Critical,
        "files.read" if absent(view, missing, runs) => Severity::Minor,
        "files.read" => Severity::Major,
        // Nothing visible depends on it: the runtime may read it.
        "clock" if !varies_with(&Source::Clock) && starts_up(view, missing) => Severity::Info,
        "clock" if !varies_with(&Source::Clock) => Severity::Minor,
        "random" if !varies_with(&Source::Random) => Severity::Minor,
        _ => Severity::Major,
    }
}

/// Whether all that was done to a path is to look for it, and it is not there.
fn absent(view: &View<'_>, missing: &MissingPermission, runs: &[u32]) -> bool {
    let rows = view.rows.iter().filter(|row| runs.contains(&row.run));
    let about =
        rows.flat_map(|row| &row.run_effects.effects).filter(|effect| effect.subject == missing.value);
    let mut failures = about.map(|effect| effect.failed.as_deref() == Some("no-entry")).peekable();
    missing.key == "files.read" && failures.peek().is_some() && failures.all(|is_absent| is_absent)
}

/// Whether no run reads a clock more often than the start of a program does by itself, nor waits for it.
fn starts_up(view: &View<'_>, missing: &MissingPermission) -> bool {
    let mut violations = view.rows.iter().filter_map(|row| row.run_effects.violations.get(missing));
    violations.all(|violation| {
        let is_read = violation.function.get().is_some_and(|function| function.name == "now");
        is_read && runtimes::of_clock(&missing.value, violation.times).is_some()
    })
}

/// What was done, in the words of effects.
fn words(missing: &MissingPermission, row: &Row) -> String {
    let value = missing.value.escape_debug();
    match missing.key.as_str() {
        "files.write" => format!("write {value}"),
        "files.read" => format!("read {value}"),
        "listen" => format!("listen {value}"),
        "clock" => format!("{value} clock"),
        "random" => "random bytes".into(),
        _ => {
            let lookup = row.run_effects.effects.iter().any(|effect| {
                effect.kind == EffectKind::NetworkLookup && missing.value.ends_with(&effect.subject)
            });
            match lookup {
                true => format!("lookup of {}", value.to_string().trim_start_matches("https://")),
                false if is_request(&missing.value) => format!("send {value}"),
                false => format!("connect {value}"),
            }
        }
    }
}

/// Whether a missing line is one for requests.
fn is_request(value: &str) -> bool {
    NetworkPattern::parse(value).is_ok_and(|pattern| matches!(pattern.scheme(), Scheme::Http | Scheme::Https))
}

/// What the runs that do it depend on, if they are a group that was followed up.
fn cause(view: &View<'_>, runs: &[u32]) -> String {
    let group =
        view.investigation.groups.iter().find(|group| group.runs.iter().take(runs.len()).eq(runs.iter()));
    match group.and_then(|group| group.attributions.first()) {
        Some(attribution) => view.cause(Some(attribution)),
        None => "every run does it".into(),
    }
}

/// Declared limits that were crossed. In the lab they do not stop a run.
fn limits(view: &View<'_>, limits: &[(&'static str, Option<u64>)]) -> Vec<Finding> {
    limits
        .iter()
        .filter_map(|(name, limit)| {
            let limit = (*limit)?;
            let used = |row: &Row| used(name, &row.resources, row);
            let runs: Vec<u32> =
                view.rows.iter().filter(|row| used(row) > limit).map(|row| row.run).collect();
            let most = view.rows.iter().map(used).max()?;
            (!runs.is_empty()).then(|| Finding {
                class: Class::Envelope,
                severity: Severity::Major,
                what: format!(
                    "{}: {name} {} above the declared {}",
                    text::runs(&runs),
                    shown(name, most),
                    shown(name, limit)
                ),
                expected: format!("at most {}", shown(name, limit)),
                observed: shown(name, most),
                cause: "the skill uses more than it declares".into(),
                runs,
                owasp_ast: "AST03",
            })
        })
        .collect()
}

/// An amount in the unit of its limit.
fn shown(limit: &str, amount: u64) -> String {
    match limit {
        "fuel" | "host_calls" => text::count(amount),
        "wall_time" => text::duration(amount),
        _ => text::bytes(amount),
    }
}

fn used(limit: &str, resources: &Resources, row: &Row) -> u64 {
    let bytes = resources.bytes;
    match limit {
        "fuel" => resources.fuel,
        "memory" => resources.memory_peak_bytes,
        "wall_time" => resources.virtual_ns.saturating_sub(resources.waited_ns),
        "output" => row.stdout.bytes + row.stderr.bytes,
        "host_calls" => resources.host_calls,
        "file_bytes" => bytes.file_read + bytes.file_written,
        "network_bytes" => bytes.network_sent + bytes.network_received,
        _ => 0,
    }
}

/// Private data, what others wrote, and a way out: any of the three alone does little.
const DANGEROUS: &str =
    "a dangerous combination: data to read, and a network that delivers instructions and takes data out";

fn is_dangerous(envelope: &Envelope) -> bool {
    !envelope.network.is_empty() && (!envelope.files_read.is_empty() || !envelope.env.is_empty())
}

/// Declared and never used: worth knowing; together with a dangerous combination, worth asking about.
fn over_asking(view: &View<'_>) -> Vec<Finding> {
    let Some(envelope) = &view.declared.envelope else { return Vec::new() };
    // Where nothing ran, nothing could be used.
    if view.rows.is_empty() {
        return Vec::new();
    }
    // What is done only where the network is down, or a variable is set, is used too.
    let all = || {
        view.rows.iter().flat_map(|row| &row.run_effects.effects).chain(&view.investigation.environment.did)
    };
    let done = |kind: EffectKind| all().filter(move |effect| effect.kind == kind);
    let mut unused = Vec::new();
    for pattern in &envelope.files_read {
        let kinds = [EffectKind::FileRead, EffectKind::FileStat];
        if !kinds.iter().any(|kind| done(*kind).any(|effect| pattern.matches(&effect.subject))) {
            unused.push(format!("files.read {pattern}"));
        }
    }
    for pattern in &envelope.files_write {
        let touched = all().any(|effect| {
            effect.is_lasting() && effect.subject.split(" -> ").any(|path| pattern.matches(path))
        });
        if !touched {
            unused.push(format!("files.write {pattern}"));
        }
    }
    let reaches =
        |effect: &invar_trace::Effect| effect.kind.is_contact() && effect.kind != EffectKind::NetworkListen;
    let contacted = all().any(reaches);
    if !contacted {
        unused.extend(envelope.network.iter().map(|entry| format!("network {entry}")));
    }
    if done(EffectKind::NetworkListen).next().is_none() {
        unused.extend(envelope.listen.iter().map(|entry| format!("listen {entry}")));
    }
    if envelope.clocks.wall && done(EffectKind::ClockWall).next().is_none() {
        unused.push("clock wall".into());
    }
    if envelope.random && !view.draws_random && done(EffectKind::Random).next().is_none() {
        unused.push("random".into());
    }
    if unused.is_empty() {
        return Vec::new();
    }
    let dangerous = is_dangerous(envelope);
    vec![Finding {
        class: Class::Envelope,
        severity: if dangerous { Severity::Minor } else { Severity::Info },
        runs: Vec::new(),
        what: format!("declared and never used: {}", unused.join(", ")),
        expected: "only what is needed is asked for".into(),
        observed: match dangerous {
            true => format!("no use in these runs; together with {DANGEROUS}"),
            false => "no use in these runs".into(),
        },
        cause: "the envelope".into(),
        owasp_ast: "AST03",
    }]
}

#[cfg(test)]
mod tests {
    use invar_envelope::{Document, Envelope, Manifest};

    use super::dormant;
    use crate::{Dormant, Reach, Severity};

    fn severity(envelope: &str, is_open: bool, reach: Reach) -> Severity {
        let document = Document { name: "envelope", text: &format!("[envelope]\n{envelope}") };
        let envelope: Envelope = Manifest::parse_envelope(document).unwrap();
        let guard = Some("behind a comparison at 0x10 that never held".into());
        let code = Dormant { is_open, guard, reaches: [reach].into(), ..Dormant::default() };
        let finding = dormant(&envelope, &code);
        assert!(finding.what.contains("behind a comparison at 0x10"), "{}", finding.what);
        finding.severity
    }

    #[test]
    fn dormant_reach_is_minor_behind_an_open_condition_on_the_environment_and_undeclared_else_info() {
        assert_eq!(severity("", true, Reach::Connect), Severity::Minor);
        assert_eq!(severity("", true, Reach::Write), Severity::Minor);
        assert_eq!(severity("", false, Reach::Connect), Severity::Info);
        assert_eq!(severity("network = [\"tcp://a.example:1\"]\n", true, Reach::Connect), Severity::Info);
        // What is opened may only be read.
        assert_eq!(severity("", true, Reach::Open), Severity::Info);
    }
}
