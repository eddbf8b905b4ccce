//! Conditions that are asked about first and combined later.
//!
//! A program that reads its settings into a structure asks about each by itself, and combines what it found without a
//! comparison that depends on a source. So each change that made a comparison come out as it never had is remembered,
//! and once nothing else is open, runs are made with two and three of them at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Observation, Search, StopReason,
    outcomes::News,
    state::{Pass, State},
    waiting::Flag,
};
use crate::{Assignment, Log, Source, Value};

/// Flags that are remembered.
const FLAGS_MAX: usize = 4096;
/// Bytes of values of one flag: long inputs are no settings.
const FLAG_BYTES_MAX: usize = 4096;
/// Flags of one source that are combined.
const OF_A_SOURCE: usize = 8;
/// Flags that are combined in pairs, and in triples.
const IN_PAIRS: usize = 40;
const IN_TRIPLES: usize = 12;
/// The same for a script, most of whose comparisons are its interpreter's.
const INTERPRETED_IN_PAIRS: usize = 10;
const INTERPRETED_IN_TRIPLES: usize = 0;
/// Variables that a state is tried with all at once.
const VARIABLES_MAX: usize = 48;

const DAY: u64 = 86_400_000_000_000;

/// One of the flags that are combined, with what the run with it alone does.
struct Member {
    flag: Flag,
    seen: Observation,
}

impl Search<'_, '_> {
    /// Remembers a state, if what was new in it may be one of several conditions; returns its number.
    pub(super) fn remember(
        &mut self,
        state: &State,
        source: &Source,
        assignment: &Assignment,
        news: News,
    ) -> Option<usize> {
        let bytes: usize = assignment.values().filter_map(Value::len).sum();
        if self.flags.len() >= FLAGS_MAX || bytes > FLAG_BYTES_MAX {
            return None;
        }
        let goes_on = matches!(news, News::Equal | News::Further | News::Flipped);
        if let Some(before) = state.flag.filter(|_| goes_on && state.last.as_ref() == Some(source)) {
            self.flags[before].is_superseded = true;
        }
        let rank = match news {
            News::Equal => 0,
            News::NewDirection => 1,
            News::Flipped | News::Further => 2,
            News::Reached | News::None => 3,
        };
        let assignment = named(assignment);
        // What it is remembered for: a name that was made up stands for the variable of that name.
        let source = match assignment.contains_key(source) {
            true => source.clone(),
            false => assignment.keys().next_back().cloned()?,
        };
        self.flags.push(Flag { assignment, source, rank, is_superseded: false });
        Some(self.flags.len() - 1)
    }

    /// Runs with two and with three of what was remembered at once. Returns whether that led to new states.
    pub(super) fn unite(&mut self) -> Result<bool, StopReason> {
        let Some(plain) = self.plain.clone() else { return Ok(false) };
        let chosen = self.chosen();
        let assignments: Vec<Assignment> = chosen.iter().map(|flag| flag.assignment.clone()).collect();
        let mut members = Vec::new();
        for (at, seen) in self.make(&assignments, &[])? {
            let seen = Observation { log: Log::default(), ..seen };
            members.push(Member { flag: chosen[at].clone(), seen });
        }
        let before = self.queue.len();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for a in 0..members.len() {
            sets.extend((a + 1..members.len()).map(|b| vec![a, b]));
        }
        let triples = if self.plan.is_interpreter { INTERPRETED_IN_TRIPLES } else { IN_TRIPLES };
        let few = members.len().min(triples);
        for a in 0..few {
            for b in a + 1..few {
                sets.extend((b + 1..few).map(|c| vec![a, b, c]));
            }
        }
        for batch in sets.chunks(self.batch()) {
            let mut made: Vec<(&[usize], Assignment)> = Vec::new();
            for set in batch {
                for assignment in union(set.iter().map(|at| &members[*at].flag.assignment)) {
                    if self.is_new(&assignment) {
                        made.push((set, assignment));
                    }
                }
            }
            let assignments: Vec<Assignment> =
                made.iter().map(|(_, assignment)| assignment.clone()).collect();
            for (at, seen) in self.make(&assignments, &[])? {
                let (set, assignment) = &made[at];
                self.take_union(&plain, set, &members, assignment, &seen)?;
            }
        }
        Ok(self.queue.len() > before)
    }

    /// Adds a run with several flags at once.
    fn take_union(
        &mut self,
        plain: &Observation,
        set: &[usize],
        members: &[Member],
        assignment: &Assignment,
        seen: &Observation,
    ) -> Result<(), StopReason> {
        let Some(source) = set.last().map(|at| members[*at].flag.source.clone()) else { return Ok(()) };
        let found = self.found.len();
        let news = self.take(plain, &source, assignment, seen)?;
        // None of them shows alone, and all do together.
        let is_plain =
            |at: &usize| says_the_same(&members[*at].seen, plain) && !costs_more(&members[*at].seen, plain);
        let is_other = !says_the_same(seen, plain) || costs_more(seen, plain);
        if is_other && self.found.len() == found && set.iter().all(is_plain) && self.is_another(&source) {
            self.find(assignment.clone(), plain, BTreeSet::new())?;
        }
        if news > News::Reached {
            let state = State { depth: set.len(), pass: Pass::Quick, ..State::default() };
            self.push(&state, &source, assignment.clone(), news);
        }
        Ok(())
    }

    /// The flags that are combined: the words that were solved to their end first, and some of each source.
    fn chosen(&self) -> Vec<Flag> {
        let mut order: Vec<&Flag> = self.flags.iter().collect();
        let bytes = |flag: &Flag| flag.assignment.values().filter_map(Value::len).sum::<usize>();
        order.sort_by_key(|flag| {
            (self.is_made_of(flag), flag.rank, flag.is_superseded, flag.assignment.len(), bytes(flag))
        });
        let mut known = BTreeSet::new();
        order.retain(|flag| known.insert(&flag.assignment));
        let mut of_source: BTreeMap<&Source, usize> = BTreeMap::new();
        order.retain(|flag| {
            let count = of_source.entry(&flag.source).or_default();
            *count += 1;
            *count <= OF_A_SOURCE
        });
        let mut chosen: Vec<Flag> = order.into_iter().cloned().collect();
        chosen.truncate(if self.plan.is_interpreter { INTERPRETED_IN_PAIRS } else { IN_PAIRS });
        chosen
    }

    /// Whether it has a variable whose name nothing was handed: letters that were made up to see what happens.
    fn is_made_of(&self, flag: &Flag) -> bool {
        let given = self.first.variables.as_ref();
        flag.assignment.keys().any(|source| match source {
            Source::Variable(name) => {
                !self.variables.contains(name) && !given.is_some_and(|given| given.contains_key(name))
            }
            _ => false,
        })
    }

    /// Tries a state with all variables at once whose names functions were handed, and that the world does not have: that
    /// one is set may matter in this state alone.
    pub(super) fn try_variables(&mut self, state: &State, base: &Observation) -> Result<(), StopReason> {
        let is_given = |name: &String| state.assignment.contains_key(&Source::Variable(name.clone()));
        let names: Vec<String> =
            self.variables.iter().filter(|name| !is_given(name)).take(VARIABLES_MAX).cloned().collect();
        let with = |names: &[String]| {
            let mut assignment = state.assignment.clone();
            let set = |name: &String| (Source::Variable(name.clone()), Value::Bytes(b"1".as_slice().into()));
            assignment.extend(names.iter().map(set));
            assignment
        };
        let all = with(&names);
        if names.is_empty() || !self.is_new(&all) {
            return Ok(());
        }
        let Some((_, seen)) = self.make(&[all], &state.more)?.pop() else { return Ok(()) };
        let is_news = !self.new_effects(&seen.effects).is_empty()
            || !says_the_same(&seen, base)
            || costs_more(&seen, base);
        if !is_news {
            return Ok(());
        }
        let each: Vec<Assignment> = names.iter().map(|name| with(std::slice::from_ref(name))).collect();
        for (at, seen) in self.make(&each, &state.more)? {
            let source = Source::Variable(names[at].clone());
            let news = self.take(base, &source, &each[at], &seen)?;
            if news > News::Reached {
                self.push(state, &source, each[at].clone(), news);
            }
        }
        Ok(())
    }
}

/// An assignment in which each variable that was made up stands under its name: the numbers that they have else are those of
/// one state.
fn named(assignment: &Assignment) -> Assignment {
    let mut all = Assignment::new();
    for (source, value) in assignment {
        match (source, value) {
            (Source::NewVariable(_), Value::Bytes(name)) => {
                if let Ok(name) = std::str::from_utf8(name) {
                    let set = Value::Bytes(b"1".as_slice().into());
                    all.entry(Source::Variable(name.to_owned())).or_insert(set);
                }
            }
            (source, value) => drop(all.insert(source.clone(), value.clone())),
        }
    }
    all
}

fn says_the_same(one: &Observation, other: &Observation) -> bool {
    one.output_digests == other.output_digests && one.ending == other.ending
}

fn costs_more(one: &Observation, other: &Observation) -> bool {
    const FUEL_RATIO: u64 = 4;
    const FUEL_MIN: u64 = 1_000_000;
    one.fuel > other.fuel.saturating_mul(FUEL_RATIO) && one.fuel > FUEL_MIN
}

/// What several assignments come to together: none if two give a source different values, but for times, of which the day
/// of one and the time of day of the other are taken, both ways.
fn union<'a>(all: impl Iterator<Item = &'a Assignment>) -> Vec<Assignment> {
    let mut made = vec![Assignment::new()];
    for assignment in all {
        made = made.iter().flat_map(|one| united(one, assignment)).collect();
    }
    made
}

fn united(one: &Assignment, other: &Assignment) -> Vec<Assignment> {
    let mut made = vec![one.clone()];
    for (source, value) in other {
        let values = match (one.get(source), source) {
            (None, _) => vec![value.clone()],
            (Some(known), _) if known == value => continue,
            (Some(Value::Time(a)), Source::Wall) => match value {
                Value::Time(b) => vec![at_time_of(*a, *b), at_time_of(*b, *a)],
                _ => return Vec::new(),
            },
            (Some(_), _) => return Vec::new(),
        };
        let with = |assignment: &Assignment, value: &Value| {
            let mut assignment = assignment.clone();
            assignment.insert(source.clone(), value.clone());
            assignment
        };
        made = made.iter().flat_map(|one| values.iter().map(|value| with(one, value))).collect();
    }
    made
}

/// The day of one time at the time of day of another.
fn at_time_of(day: u64, time: u64) -> Value {
    Value::Time(day / DAY * DAY + time % DAY)
}

#[cfg(test)]
mod tests {
    use super::{DAY, union};
    use crate::{Assignment, Source, Value};

    fn bytes(text: &str) -> Value {
        Value::Bytes(text.as_bytes().into())
    }

    fn of(all: &[(Source, Value)]) -> Assignment {
        all.iter().cloned().collect()
    }

    #[test]
    fn values_of_different_sources_are_united_and_different_values_of_one_are_not() {
        let [a, b] = ["A", "B"].map(|name| Source::Variable(name.into()));
        let (one, two) = (of(&[(a.clone(), bytes("x"))]), of(&[(b.clone(), bytes("y"))]));
        assert_eq!(union([&one, &two].into_iter()), [of(&[(a.clone(), bytes("x")), (b, bytes("y"))])]);
        assert!(union([&one, &of(&[(a, bytes("z"))])].into_iter()).is_empty());
    }

    #[test]
    fn of_two_times_the_day_and_the_time_of_day_are_united() {
        let time = |ns| of(&[(Source::Wall, Value::Time(ns))]);
        let made = union([&time(3 * DAY + 7), &time(9 * DAY + 11)].into_iter());
        assert_eq!(made, [time(3 * DAY + 11), time(9 * DAY + 7)]);
    }
}
