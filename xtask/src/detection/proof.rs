//! Holds every trigger that a report calls confirmed against runs of the unmodified skill, made by the command that the
//! report prints for it.

use std::{fmt, fs};

use super::{
    command::{Shown, run_number},
    invar::Invar,
    observed::Observed,
    report::{Report, Trigger},
    sentence::{Sentence, are_shown, refuted},
};
use crate::project::TaskResult;

/// As reports name what was brought about.
const CONFIRMED: &str = "confirmed";

/// A sentence of a report, with the words for its condition.
pub(super) struct Proof {
    pub(super) condition: String,
    pub(super) sentence: Sentence,
}

impl Proof {
    /// Why it is not so; nothing if it is, or cannot be shown.
    pub(super) fn refuted(&self) -> Option<&str> {
        match &self.sentence {
            Sentence::False(why) => Some(why),
            Sentence::True | Sentence::WithoutCommand => None,
        }
    }
}

/// How many sentences came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) shown: usize,
    pub(super) refuted: usize,
    /// Without a command that could show it.
    pub(super) open: usize,
}

impl Tally {
    /// Of those with a command.
    pub(super) fn all(self) -> usize {
        self.shown + self.refuted
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sentences true: {} of {}, and {} without a command", self.shown, self.all(), self.open)
    }
}

/// Counts them.
pub(super) fn tally<'a>(proofs: impl IntoIterator<Item = &'a Proof>) -> Tally {
    proofs.into_iter().fold(Tally::default(), |mut tally, proof| {
        match proof.sentence {
            Sentence::True => tally.shown += 1,
            Sentence::WithoutCommand => tally.open += 1,
            Sentence::False(_) => tally.refuted += 1,
        }
        tally
    })
}

/// Every confirmed trigger of a report whose traces are in the home of this `invar`.
pub(super) fn proofs(invar: &Invar<'_>, report: &Report) -> TaskResult<Vec<Proof>> {
    let confirmed = report.triggers.iter().filter(|trigger| trigger.confidence == CONFIRMED);
    confirmed
        .map(|trigger| {
            let sentence = check(trigger, &|run, sets| replay(invar, run, sets))?;
            Ok(Proof { condition: trigger.condition.clone(), sentence })
        })
        .collect()
}

/// What a recorded run does with these values set, or why there is no such run.
type Replay<'a> = dyn Fn(&str, &[String]) -> TaskResult<Result<Observed, String>> + 'a;

fn check(trigger: &Trigger, replay: &Replay<'_>) -> TaskResult<Sentence> {
    let shown = match Shown::parse(&trigger.reproduce) {
        None if trigger.reproduce.is_empty() => return Ok(Sentence::WithoutCommand),
        None => {
            return Ok(Sentence::False(format!("not a command that shows a run: {}", trigger.reproduce)));
        }
        Some(shown) => shown,
    };
    let sentence = match &shown {
        Shown::Diff { without, with } => two_runs(trigger, replay, with, without)?,
        Shown::Replay { run, sets } if sets.is_empty() => match run_number(run) {
            // A run that does it, beside the first one, or the second if it is the first.
            Some((id, number)) => {
                let other = if number == 1 { 2 } else { 1 };
                two_runs(trigger, replay, run, &format!("{id}/{other}"))?
            }
            None => Err(format!("{run} is no run")),
        },
        Shown::Replay { run, sets } => changed(trigger, replay, run, sets)?,
    };
    Ok(match sentence {
        Ok(()) => Sentence::True,
        Err(why) => Sentence::False(why),
    })
}

/// Two recorded runs, of which one does it.
fn two_runs(
    trigger: &Trigger,
    replay: &Replay<'_>,
    with: &str,
    without: &str,
) -> TaskResult<Result<(), String>> {
    Ok(match (replay(with, &[])?, replay(without, &[])?) {
        (Ok(with), Ok(without)) => held(trigger, &with, &without),
        (Err(why), _) | (_, Err(why)) => Err(why),
    })
}

/// A recorded run, beside the same with the values that the command sets.
fn changed(
    trigger: &Trigger,
    replay: &Replay<'_>,
    run: &str,
    sets: &[String],
) -> TaskResult<Result<(), String>> {
    let (recorded, changed) = match (replay(run, &[])?, replay(run, sets)?) {
        (Ok(recorded), Ok(changed)) => (recorded, changed),
        (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
    };
    // Of a run that does it, the command takes the condition away.
    let first = trigger.first_run.zip(run_number(run));
    let does_it = first.is_some_and(|(first, (_, number))| number >= first);
    if does_it && are_shown(&trigger.effects, &recorded, &changed) {
        return Ok(Ok(()));
    }
    let sentence = held(trigger, &changed, &recorded);
    if sentence.is_err() || sets.len() < 2 {
        return Ok(sentence);
    }
    // Without any one of several, it does not.
    for left_out in 0..sets.len() {
        let mut others = sets.to_vec();
        let without = others.remove(left_out);
        match replay(run, &others)? {
            Err(why) => return Ok(Err(why)),
            Ok(observed) if are_shown(&trigger.effects, &observed, &recorded) => {
                return Ok(Err(format!("{} shows it without {without}, too", trigger.reproduce)));
            }
            Ok(_) => {}
        }
    }
    Ok(Ok(()))
}

fn held(trigger: &Trigger, with: &Observed, without: &Observed) -> Result<(), String> {
    match are_shown(&trigger.effects, with, without) {
        true => Ok(()),
        false if trigger.effects.is_empty() => Err("it names no effect".into()),
        false => {
            let refuted = refuted(&trigger.effects, with, without);
            Err(format!("{} does not show: {}", trigger.reproduce, refuted.join(", ")))
        }
    }
}

/// Runs a recorded run again.
fn replay(invar: &Invar<'_>, run: &str, sets: &[String]) -> TaskResult<Result<Observed, String>> {
    let file = invar.home().join("shown.trace");
    let _ = fs::remove_file(&file);
    let mut command = invar.command();
    command.args(["replay", run]).arg("--record").arg(&file);
    for set in sets {
        command.args(["--set", set]);
    }
    let output = invar.output(&mut command)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Ok(Err(format!("replay {run} {}: {}: {}", sets.join(", "), output.status, said.trim())));
    }
    let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(Observed::read(&bytes))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Observed, Proof, Sentence, Tally, check, tally};
    use crate::detection::report::{Trigger, tests::trigger};

    const CONTACT: &str = "network connect tcp://203.0.113.9:443";

    fn named(fields: Value) -> Trigger {
        let mut fields = fields;
        fields["effects"] = json!([CONTACT]);
        serde_json::from_value(trigger(fields)).unwrap()
    }

    /// What comes of it where a run makes the contact if `acts` says so. There are runs 1 to 20.
    fn checked(trigger: &Trigger, acts: impl Fn(u32, &[&str]) -> bool) -> Sentence {
        check(trigger, &|run, sets| {
            let number = run.strip_prefix("id/").and_then(|number| number.parse().ok()).unwrap();
            if number > 20 {
                return Ok(Err(format!("no run {number}")));
            }
            let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
            let effects = acts(number, &sets).then(|| CONTACT.to_owned()).into_iter().collect();
            Ok(Ok(Observed { effects, ..Observed::default() }))
        })
        .unwrap()
    }

    fn is_false(sentence: &Sentence) -> bool {
        matches!(sentence, Sentence::False(_))
    }

    #[test]
    fn a_condition_must_bring_it_about_and_its_absence_must_not() {
        let one = named(json!({ "reproduce": "invar replay id/1 --set env:CI=1" }));
        assert_eq!(checked(&one, |_, sets| sets == ["env:CI=1"]), Sentence::True);
        assert!(is_false(&checked(&one, |_, _| false)), "never");
        assert!(is_false(&checked(&one, |_, _| true)), "always");
        assert!(is_false(&checked(&one, |_, sets| sets.is_empty())), "the other way round");
    }

    #[test]
    fn of_several_conditions_each_is_needed() {
        let two = named(json!({ "reproduce": "invar replay id/1 --set env:A=1 --set env:B=1" }));
        assert_eq!(checked(&two, |_, sets| sets.len() == 2), Sentence::True);
        assert!(is_false(&checked(&two, |_, sets| sets.contains(&"env:A=1"))), "B is not needed");
        assert!(is_false(&checked(&two, |_, sets| sets.contains(&"env:B=1"))), "A is not needed");
    }

    #[test]
    fn of_a_run_that_does_it_the_condition_may_be_taken_away() {
        let count =
            |first| named(json!({ "first_run": first, "reproduce": "invar replay id/8 --set file:/n!" }));
        assert_eq!(checked(&count(8), |run, sets| run == 8 && sets.is_empty()), Sentence::True);
        assert!(
            is_false(&checked(&count(9), |run, sets| run == 8 && sets.is_empty())),
            "it is run 9 that acts"
        );
    }

    #[test]
    fn a_run_is_held_against_another() {
        let alone = named(json!({ "reproduce": "invar replay id/8" }));
        assert_eq!(checked(&alone, |run, _| run == 8), Sentence::True);
        assert!(is_false(&checked(&alone, |_, _| true)));
        let first = named(json!({ "reproduce": "invar replay id/1" }));
        assert_eq!(checked(&first, |run, _| run == 1), Sentence::True);
        let diff = named(json!({ "reproduce": "invar diff id/2 id/8" }));
        assert_eq!(checked(&diff, |run, _| run == 8), Sentence::True);
        assert!(is_false(&checked(&diff, |run, _| run == 2)));
    }

    #[test]
    fn what_cannot_be_run_is_not_shown() {
        let no_run = named(json!({ "reproduce": "invar replay id/21 --set env:CI=1" }));
        assert!(is_false(&checked(&no_run, |_, sets| !sets.is_empty())));
        assert!(is_false(&checked(&named(json!({ "reproduce": "rm x" })), |_, _| true)));
        assert_eq!(checked(&named(json!({ "reproduce": "" })), |_, _| true), Sentence::WithoutCommand);
    }

    #[test]
    fn sentences_are_counted_by_what_came_of_them() {
        let proof = |sentence| Proof { condition: "CI is set".into(), sentence };
        let all = [
            proof(Sentence::True),
            proof(Sentence::True),
            proof(Sentence::False("no".into())),
            proof(Sentence::WithoutCommand),
        ];
        assert_eq!(tally(&all), Tally { shown: 2, refuted: 1, open: 1 });
        assert_eq!(tally(&all).to_string(), "sentences true: 2 of 3, and 1 without a command");
        assert_eq!(all.iter().filter_map(Proof::refuted).collect::<Vec<_>>(), ["no"]);
    }
}
