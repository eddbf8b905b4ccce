//! What a run under a fault does that its control run does not, and how bad it is.

use std::{collections::BTreeSet, sync::Arc};

use invar_envelope::MissingPermission;
use invar_trace::{About, Behaviour, Effect, EffectKind};

use crate::{
    Declared, Deviation, Severity,
    fault::plan::Fault,
    grouping::{Shape, shapes},
    missing_line::{is_line_for, is_undeclared},
    source::Source,
};

/// A run in which nothing goes wrong.
pub(super) struct ControlRun {
    pub(super) run: u32,
    pub(super) behaviour: Arc<Behaviour>,
}

/// A fault under which a run does more than its control run.
pub(super) struct Hit<'a> {
    pub(super) fault: &'a Fault,
    pub(super) behaviour: Arc<Behaviour>,
    /// What it does beside failing.
    pub(super) effects: BTreeSet<Effect>,
    pub(super) shapes: Vec<Shape>,
    /// What it does that is not declared and its control run does not do.
    pub(super) undeclared: Vec<MissingPermission>,
    pub(super) severity: Severity,
}

/// None if all it does is to fail.
pub(super) fn judge<'a>(
    declared: &Declared,
    control: &ControlRun,
    fault: &'a Fault,
    behaviour: Arc<Behaviour>,
) -> Option<Hit<'a>> {
    let usual = usual(&control.behaviour, fault);
    // Names are made up from what is read: another one in a declared place is what it does anyway.
    let is_one_more = |effect: &Effect| {
        declared.envelope.is_some()
            && !is_undeclared(effect, &behaviour.violations)
            && usual.has_beside(effect)
    };
    let effects: BTreeSet<Effect> = behaviour
        .effects
        .iter()
        .filter(|effect| effect.is_lasting() && !usual.has(effect) && !is_one_more(effect))
        .cloned()
        .collect();
    let is_new = |missing: &&MissingPermission| !control.behaviour.violations.contains_key(*missing);
    // Opening a file in another mode after a failure adds a line for what it does anyway.
    let is_about_usual = |missing: &&MissingPermission| {
        let reached = behaviour.effects.iter().filter(|effect| effect.kind.is_lasting());
        reached.filter(|effect| is_line_for(missing, effect)).any(|effect| usual.has(effect))
    };
    let undeclared: Vec<MissingPermission> = behaviour
        .violations
        .keys()
        .filter(is_new)
        .filter(|missing| !is_about_usual(missing))
        .cloned()
        .collect();
    if effects.is_empty() && undeclared.is_empty() {
        return None;
    }
    let reaches_out =
        undeclared.iter().any(|missing| matches!(missing.key.as_str(), "network" | "listen" | "files.write"))
            || effects.iter().any(|effect| is_undeclared(effect, &behaviour.violations));
    let severity = match (reaches_out, &declared.envelope) {
        (true, _) => Severity::Critical,
        (false, None) if !effects.is_empty() => Severity::Critical,
        // It varies with that anyway.
        _ if undeclared.is_empty() && is_expected(declared, fault) => return None,
        // A way out that is declared, or a look at something that is not.
        _ => Severity::Minor,
    };
    let shapes = shapes(&[Deviation::New(effects.clone())], &behaviour.violations);
    let shapes = shapes.into_iter().map(|(shape, _)| shape).collect();
    Some(Hit { fault, behaviour, effects, shapes, undeclared, severity })
}

/// Whether what the fault is about is known to make a difference: another input to everyone, all else if declared.
fn is_expected(declared: &Declared, fault: &Fault) -> bool {
    let source = match &fault.about {
        About::Input => return true,
        About::Output | About::Errors => return false,
        About::File(path) => Source::File(path.clone()),
        About::Connection(_) | About::Name(_) | About::Sockets => Source::Network,
        About::Clock => Source::Clock,
        About::Random => Source::Random,
    };
    declared.is_expected(&source)
}

/// What a skill may do when something goes wrong, whatever that is.
struct Usual<'a> {
    /// What it does anyway: to try again is to do it more than once.
    run_effects: BTreeSet<(EffectKind, &'a str)>,
    /// Paths that it makes, changes or removes anyway, and the one that failed: cleaning up is allowed.
    paths: BTreeSet<&'a str>,
}

fn usual<'a>(control: &'a Behaviour, fault: &'a Fault) -> Usual<'a> {
    let lasting = || control.effects.iter().filter(|effect| effect.is_lasting());
    let mut paths: BTreeSet<&str> = lasting().flat_map(ends).filter(|path| path.starts_with('/')).collect();
    if let About::File(path) = &fault.about {
        paths.extend(path.split(" -> "));
    }
    Usual { run_effects: lasting().map(|effect| (effect.kind, effect.subject.as_str())).collect(), paths }
}

impl Usual<'_> {
    fn has(&self, effect: &Effect) -> bool {
        if self.run_effects.contains(&(effect.kind, effect.subject.as_str())) {
            return true;
        }
        // The directory that holds one of these files.
        let is_above = |directory: &str| {
            self.paths
                .iter()
                .any(|path| path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/')))
        };
        ends(effect)
            .all(|path| self.paths.contains(path) || (effect.kind == EffectKind::FileMkdir && is_above(path)))
    }

    /// Whether it does the same to another file of that directory.
    fn has_beside(&self, effect: &Effect) -> bool {
        let directory = |path: &str| path.rsplit_once('/').map(|(directory, _)| directory.to_owned());
        ends(effect).all(|path| {
            let parent = directory(path);
            let is_like = |(kind, subject): &(EffectKind, &str)| {
                *kind == effect.kind && subject.split(" -> ").any(|path| directory(path) == parent)
            };
            parent.is_some() && self.run_effects.iter().any(is_like)
        })
    }
}

/// What an effect is about: a path, both ends of a rename, a destination.
fn ends(effect: &Effect) -> impl Iterator<Item = &str> {
    effect.subject.split(" -> ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use invar_envelope::MissingPermission;
    use invar_trace::{About, Behaviour, Effect, EffectKind, FunctionId, Violation};
    use invar_world::{Change, Substitution};

    use super::{ControlRun, Fault, judge};
    use crate::{Declared, Severity, fake_lab::FakeRun};

    fn doing(effects: &[(EffectKind, &str)], undeclared: &[&str]) -> Arc<Behaviour> {
        let mut behaviour = Behaviour::clone(&FakeRun::default().behaviour());
        for (kind, subject) in effects {
            behaviour.effects.insert(Effect { kind: *kind, subject: (*subject).into(), failed: None });
        }
        for value in undeclared {
            let violation = Violation { event: 1, function: FunctionId(1), times: 1, denied: false };
            let missing = MissingPermission { key: "files.write".into(), value: (*value).into() };
            behaviour.violations.insert(missing, violation);
        }
        behaviour.into()
    }

    /// How bad it is, under a fault of `/out/new`, beside what the control run does.
    fn severity(effects: &[(EffectKind, &str)], undeclared: &[&str]) -> Option<Severity> {
        let fault = Fault {
            words: String::new(),
            about: About::File("/out/new".into()),
            value: None,
            substitution: Substitution {
                change: Change::Answer(String::new()),
                from: Some(1),
                text: String::new(),
            },
        };
        let behaviour = doing(&[(EffectKind::FileRename, "/out/new.part -> /out/old")], &[]);
        let declared = Declared { envelope: Some(Default::default()), ..Declared::default() };
        judge(&declared, &ControlRun { run: 1, behaviour }, &fault, doing(effects, undeclared))
            .map(|hit| hit.severity)
    }

    #[test]
    fn to_clean_up_to_try_again_and_to_make_its_own_directory_is_its_own_affair() {
        assert_eq!(severity(&[(EffectKind::FileRemove, "/out/new.part")], &[]), None);
        assert_eq!(severity(&[(EffectKind::FileWrite, "/out/old")], &[]), None);
        assert_eq!(severity(&[(EffectKind::FileWrite, "/out/new")], &["/out/new"]), None);
        assert_eq!(severity(&[(EffectKind::FileMkdir, "/out")], &["/out"]), None);
    }

    #[test]
    fn another_name_in_a_declared_place_is_what_it_does_anyway() {
        let renamed = [(EffectKind::FileRename, "/out/b.part -> /out/b")];
        assert_eq!(severity(&renamed, &[]), None);
        assert_eq!(severity(&renamed, &["/out/b"]), Some(Severity::Critical));
        assert_eq!(severity(&[(EffectKind::FileRemove, "/out/c")], &[]), Some(Severity::Minor));
        let away = [(EffectKind::FileRename, "/out/b.part -> /home/b")];
        assert_eq!(severity(&away, &[]), Some(Severity::Minor));
    }

    #[test]
    fn to_do_it_elsewhere_is_worse_if_it_is_not_declared() {
        assert_eq!(severity(&[(EffectKind::FileMkdir, "/ou")], &[]), Some(Severity::Minor));
        assert_eq!(severity(&[(EffectKind::FileWrite, "/tmp/x")], &[]), Some(Severity::Minor));
        assert_eq!(severity(&[(EffectKind::FileRemove, "/home/x")], &["/home/x"]), Some(Severity::Critical));
        assert_eq!(severity(&[(EffectKind::FileRead, "/etc/x")], &[]), None);
    }
}
