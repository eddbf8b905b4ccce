//! How bad a change of behaviour is.

use invar_envelope::MissingPermission;
use invar_trace::{Effect, EffectKind, Ending};
use invar_world::Change;

use crate::{
    Cost, Declared, Deviation, Severity,
    class::environment::control::{ControlRun, Hit, undeclared},
    missing_line::is_line_for,
    named::{self, Named, is_led_by},
    runtimes,
    source::Source,
};

/// How bad a change of behaviour is: by the effects, and by what the skill claims to depend on.
pub(super) fn severity(declared: &Declared, control: &ControlRun, hit: &Hit<'_>) -> Severity {
    let source = &hit.condition.source;
    // Whoever goes by the first directory it is handed finds other files below it: no sign of anything. To reach
    // out is.
    if *source == Source::Preopens {
        let contacts = |deviation: &Deviation| match deviation {
            Deviation::New(effects) | Deviation::Missing(effects) => effects
                .iter()
                .any(|effect| effect.kind.is_contact() && effect.kind != EffectKind::NetworkLookup),
            _ => false,
        };
        return match hit.deviations.iter().any(contacts) {
            true => Severity::Critical,
            false => Severity::Info,
        };
    }
    let given = control.given.changed(hit.changes);
    let declared = declared.given(&given.bindings());
    let declared = declared.as_ref();
    let named = Named::of(&given);
    let undeclared = undeclared(control, hit);
    let is_led = |missing: &MissingPermission| hit.is_led(missing, declared, control);
    let lines = undeclared.iter().map(|missing| match is_led(missing) {
        true => Severity::Minor,
        false => of_line(missing, hit, &named),
    });
    let of_lines = lines.max().unwrap_or(Severity::Info);
    if of_lines == Severity::Critical || (declared.envelope.is_none() && does_more(hit, &named)) {
        return Severity::Critical;
    }
    // What it stops doing is what should not have been done: it hides.
    let hides = control
        .behaviour
        .violations
        .keys()
        .any(|missing| reaches_out(missing) && !hit.behaviour.violations.contains_key(missing));
    if hides {
        return Severity::Major;
    }
    // Without an envelope there is no line for what the caller named.
    let is_named = declared.envelope.is_none() && does_more(hit, &Named::default());
    let of_lines = if is_named { Severity::Minor } else { of_lines };
    of_lines.max(of_change(declared, control, hit))
}

fn reaches_out(missing: &MissingPermission) -> bool {
    matches!(missing.key.as_str(), "network" | "listen" | "files.write")
}

/// Whether something that lasts is done, and not to what the caller named.
fn does_more(hit: &Hit<'_>, named: &Named) -> bool {
    hit.deviations.iter().any(|deviation| match deviation {
        Deviation::New(effects) => {
            effects.iter().any(|effect| effect.is_lasting() && !named.is_about(effect))
        }
        _ => false,
    })
}

/// How bad it is that a line of the envelope is missing for what is done then.
fn of_line(missing: &MissingPermission, hit: &Hit<'_>, named: &Named) -> Severity {
    match missing.key.as_str() {
        _ if named.has(missing) || is_for_named_requests(missing, hit, named) => Severity::Minor,
        "network" | "listen" | "files.write" => Severity::Critical,
        "files.read" if !hit.finds(&missing.value) => Severity::Minor,
        // What depends on it is reported by itself.
        "clock" | "random" => Severity::Minor,
        _ => Severity::Major,
    }
}

/// Whether a line for a whole host is missing for requests alone that the caller named: their paths are such as no entry can
/// hold.
fn is_for_named_requests(missing: &MissingPermission, hit: &Hit<'_>, named: &Named) -> bool {
    let is_below_line = |effect: &&Effect| {
        let rest = effect.subject.strip_prefix(&missing.value);
        effect.kind.is_contact() && rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let new = hit.deviations.iter().filter_map(|deviation| match deviation {
        Deviation::New(effects) => Some(effects),
        _ => None,
    });
    let mut requests = new.flatten().filter(is_below_line).peekable();
    missing.key == "network" && requests.peek().is_some() && requests.all(|effect| named.is_about(effect))
}

impl Hit<'_> {
    /// Whether a path is there, and not only because it was put there to see what happens.
    fn finds(&self, path: &str) -> bool {
        let is_placed =
            |change: &Change| matches!(change, Change::File { path: placed, .. } if placed == path);
        let is_found = |effect: &Effect| effect.subject == path && effect.failed.is_none();
        !self.changes.iter().any(is_placed) && self.behaviour.effects.iter().any(is_found)
    }

    /// Whether everything that a line is missing for is what the control run does, led elsewhere by what was changed: an
    /// argument, or a variable that is declared.
    fn is_led(&self, missing: &MissingPermission, declared: &Declared, control: &ControlRun) -> bool {
        let values = self.changes.iter().filter_map(|change| match change {
            Change::Arg { value, .. } | Change::Field { value, .. } => Some(value.as_str()),
            Change::Env { name, value: Some(value) }
                if declared.is_declared(&Source::Variable(name.clone())) =>
            {
                Some(value.as_str())
            }
            _ => None,
        });
        let values: Vec<&str> = values.collect();
        let mut of_line =
            self.behaviour.effects.iter().filter(|effect| is_line_for(missing, effect)).peekable();
        of_line.peek().is_some()
            && of_line.all(|effect| is_led_by(effect, &values, &control.behaviour.effects))
    }

    /// Whether all it does is to stop with an error: it does nothing that lasts, and says no more than the beginning
    /// of what it says else.
    fn is_a_stop(&self, control: &ControlRun) -> bool {
        let ending = &self.behaviour.ending;
        let is_error =
            !matches!(ending, Ending::Returned | Ending::Exited(0)) && *ending != control.behaviour.ending;
        is_error
            && !does_more(self, &Named::default())
            && control.behaviour.text.starts_with(&self.behaviour.text)
    }

    /// Whether all it does is to stop, with a status that the claims name: the quota of a day is used up.
    fn is_a_claimed_stop(&self, declared: &Declared, control: &ControlRun) -> bool {
        let is_claimed = |status: u8| declared.claims.exit.as_ref().is_some_and(|all| all.contains(&status));
        matches!(self.behaviour.ending, Ending::Exited(status) if is_claimed(status))
            && self.is_a_stop(control)
    }

    /// Whether a file is only looked for because declared data is not there or cannot be read, or because a variable says
    /// so.
    fn is_second_choice(&self, path: &str, declared: &Declared) -> bool {
        self.changes.iter().any(|change| match change {
            Change::File { path: changed, content } => {
                changed != path
                    && content.as_ref().is_none_or(|content| is_no_text(content))
                    && declared.is_declared(&Source::File(changed.clone()))
            }
            Change::Env { name, value: Some(value) } => {
                named::is_below(path, value) && declared.is_declared(&Source::Variable(name.clone()))
            }
            _ => false,
        })
    }
}

/// Whether a file holds nothing that is read as text.
fn is_no_text(content: &[u8]) -> bool {
    content.is_empty() || std::str::from_utf8(content).is_err()
}

/// How bad it is that the skill minds such a change, whatever it does that is not declared.
fn of_change(declared: &Declared, control: &ControlRun, hit: &Hit<'_>) -> Severity {
    let source = &hit.condition.source;
    let runtime = match source {
        Source::Variable(name) => runtimes::of_variable(name),
        _ => None,
    };
    let is_visible = |deviation: &Deviation| match deviation {
        Deviation::New(effects) | Deviation::Missing(effects) => {
            effects.iter().any(|effect| effect.is_lasting())
        }
        Deviation::Output | Deviation::Payload | Deviation::Ending => true,
        Deviation::Errors => false,
        // A setting of a runtime costs what it costs.
        Deviation::Cost(cost) | Deviation::Growth(cost) => *cost != Cost::Written && runtime.is_none(),
    };
    let is_claimed = !hit.is_jump || hit.is_a_claimed_stop(declared, control);
    if is_claimed && declared.is_expected_in(&hit.in_calls(control).functions(), source) {
        return Severity::Info;
    }
    if !hit.deviations.iter().any(is_visible) {
        let says_so = hit.deviations.contains(&Deviation::Errors) && runtime.is_none();
        return if says_so { Severity::Minor } else { Severity::Info };
    }
    match source {
        // A runtime with a nonsensical setting does not start.
        _ if hit.is_a_stop(control) && runtime.is_some() => Severity::Info,
        // Files of the world are input, as long as they are declared: to stop without them is no worse than to say
        // something else.
        Source::File(path) if declared.reads(path) && !hit.is_jump => Severity::Info,
        // Data that is taken away or is nonsense stops many a program; that time has passed stops none.
        _ if hit.is_a_stop(control) && source.is_data() && declared.is_declared(source) => Severity::Minor,
        Source::File(path) if hit.is_second_choice(path, declared) => Severity::Minor,
        _ => Severity::Major,
    }
}
