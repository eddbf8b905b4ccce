//! Values that would flip a branch.

use std::{collections::BTreeMap, sync::Arc};

use invar_trace::Hit;

use super::{
    draft::Draft,
    outcomes::BranchOutcomes,
    perturb::{Meaning, Perturbation},
};
use crate::{
    HitIndex, Source, Value, Width,
    solve::{Curve, Lanes, Step, View, solve, words},
};

/// A value to try, and the comparison that it is for.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) source: Source,
    pub(super) draft: Draft,
    /// Whether the comparison has only come out one way so far: those first.
    pub(super) is_open: bool,
    /// The comparison that it is to flip, if it is made for one.
    pub(super) aim: Option<HitIndex>,
    /// Whether it has as many bytes as the value of the source.
    pub(super) keeps_length: bool,
}

impl Candidate {
    /// A value for no comparison in particular.
    pub(super) fn guess(source: Source, draft: Draft) -> Self {
        Self { source, draft, is_open: true, aim: None, keeps_length: false }
    }
}

/// Numbers that are tried for a value that a branch takes as it is: it is zero or not.
const RAW_MAX: usize = 2;

/// Candidates of one state.
const CANDIDATES_MAX: usize = 40_000;

/// A hit whose operands a perturbation has moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct OperandChange {
    pub(super) at: HitIndex,
    pub(super) before: Hit,
    pub(super) after: Hit,
}

/// Which operand of a comparison, of a run.
type Operand = (HitIndex, bool);

/// Candidates from the operands that perturbations of one source changed.
pub(super) fn of_source(
    source: &Source,
    value: &Value,
    answers: &[(Perturbation, Vec<OperandChange>)],
    outcomes: &BranchOutcomes,
) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut lanes: BTreeMap<Operand, (Lanes, u64, u64)> = BTreeMap::new();
    let mut more: BTreeMap<Operand, (Lanes, u64, u64)> = BTreeMap::new();
    let mut curves: BTreeMap<Operand, (Curve, Width, u64)> = BTreeMap::new();
    let bytes: Arc<[u8]> = match value {
        Value::Bytes(bytes) => bytes.clone(),
        _ => Arc::default(),
    };
    let add = |draft: Draft, keeps_length: bool, at: HitIndex, found: &mut Vec<Candidate>| {
        if found.len() < CANDIDATES_MAX {
            let is_open = outcomes.is_open(at.site);
            found.push(Candidate { source: source.clone(), draft, is_open, aim: Some(at), keeps_length });
        }
    };
    for (perturbation, moved) in answers {
        for OperandChange { at, before, after } in moved.iter().copied() {
            let Some(comparison) = outcomes.comparison(at.site) else { continue };
            let sides = [
                (true, before.left, after.left, before.right),
                (false, before.right, after.right, before.left),
            ];
            for (is_left, operand, changed, other) in
                sides.into_iter().filter(|(_, operand, changed, _)| operand != changed)
            {
                match &perturbation.meaning {
                    Meaning::Coarse => {}
                    Meaning::ByteFlip(index) => {
                        let entry = lanes.entry((at, is_left));
                        let (lanes, ..) = entry.or_insert_with(|| (Lanes::default(), operand, other));
                        lanes.add(*index, operand, changed);
                        let from = bytes[*index];
                        if outcomes.is_vector(at.site) {
                            lanes.add_step(*index, (from, from ^ crate::solve::FLIP_MASK), operand, changed);
                        }
                        // A byte that is calculated with: as a number, of which the operand is a line.
                        if (operand ^ changed) & 0xff != u64::from(crate::solve::FLIP_MASK) {
                            let from = i128::from(bytes[*index]);
                            let to = i128::from(bytes[*index] ^ crate::solve::FLIP_MASK);
                            let step = Step { from, to, before: operand, after: changed };
                            for solved in solve(step, other, comparison.width).into_iter().take(3) {
                                let Ok(byte) = u8::try_from(solved) else { continue };
                                add(Draft::set(&bytes, [(*index, byte)]), true, at, &mut found);
                            }
                        }
                    }
                    Meaning::Step { view, from, to } => {
                        // One byte more shows where those behind would.
                        if let (Some(View::Length(range)), Value::Bytes(longer)) = (view, &perturbation.value)
                            && range.end == bytes.len()
                            && longer.len() == bytes.len() + 1
                            && outcomes.is_vector(at.site)
                        {
                            let entry = more.entry((at, is_left));
                            let (lanes, ..) = entry.or_insert_with(|| (Lanes::default(), operand, other));
                            lanes.add_step(bytes.len(), (0, longer[bytes.len()]), operand, changed);
                        }
                        let step = Step { from: *from, to: *to, before: operand, after: changed };
                        if view.is_none() && comparison.width != Width::Float {
                            let entry = curves.entry((at, is_left));
                            let (curve, ..) =
                                entry.or_insert_with(|| (Curve::default(), comparison.width, other));
                            curve.add(step);
                        }
                        let most = if outcomes.is_raw(at.site) { RAW_MAX } else { usize::MAX };
                        for solved in solve(step, other, comparison.width).into_iter().take(most) {
                            let draft = match view {
                                None => u64::try_from(solved)
                                    .ok()
                                    .map(|time| (Draft::Whole(Value::Time(time)), bytes.len() + 1)),
                                Some(view) => Draft::number(&bytes, view, solved),
                            };
                            if let Some((draft, len)) = draft {
                                add(draft, len == bytes.len(), at, &mut found);
                            }
                        }
                    }
                }
            }
        }
    }
    for ((at, _), (curve, width, other)) in curves {
        for solved in curve.solve(other, width) {
            if let Ok(time) = u64::try_from(solved) {
                add(Draft::Whole(Value::Time(time)), false, at, &mut found);
            }
        }
    }
    let is_text = matches!(source, Source::Variable(_) | Source::Config(_) | Source::Argument(_));
    for ((at, _), (lanes, operand, other)) in more {
        if let Some(text) = lanes.solve_text(&bytes, operand, other) {
            add(Draft::of(&text), false, at, &mut found);
        }
    }
    for ((at, _), (lanes, operand, other)) in lanes {
        if lanes.is_empty() {
            continue;
        }
        if is_text
            && outcomes.is_vector(at.site)
            && let Some(text) = lanes.solve_text(&bytes, operand, other)
        {
            add(Draft::of(&text), text.len() == bytes.len(), at, &mut found);
        }
        let near = [other, other.wrapping_add(1), other.wrapping_sub(1)];
        let most = if outcomes.is_raw(at.site) { 1 } else { near.len() };
        for wanted in near.into_iter().take(most) {
            if let Some(solved) = lanes.solve(&bytes, operand, wanted) {
                // The other case too: what folds case shows only one.
                if wanted == other {
                    let folded = solved.iter().map(|(at, new)| match new.is_ascii_alphabetic() {
                        true => (*at, new ^ 0x20),
                        false => (*at, *new),
                    });
                    add(Draft::set(&bytes, folded), true, at, &mut found);
                }
                add(Draft::set(&bytes, solved), true, at, &mut found);
            }
        }
    }
    found
}

/// Longest text that is taken for a name or a value.
const TEXT_BYTES_MAX: usize = 32;

/// Texts that functions were handed: each up to its zero, and as long as a number that was handed along.
pub(super) fn texts(state: &crate::Log, sites: &[crate::Site]) -> Texts {
    let mut all = Texts::default();
    for entered in state.entered(sites) {
        let by_parameter: Vec<Vec<Vec<u8>>> = (0..4)
            .map(|at| match entered.texts[at] {
                None => Vec::new(),
                Some(bytes) => readings(&bytes, &entered.parameters),
            })
            .collect();
        for (at, readings) in by_parameter.iter().enumerate() {
            for reading in readings {
                all.add(reading);
                for other in by_parameter.iter().skip(at + 1).flatten() {
                    all.pair(reading, other);
                }
            }
        }
    }
    all
}

/// What texts a state has shown.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) all: Vec<Vec<u8>>,
    /// Texts that were handed to one function together.
    pairs: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Texts of one state. Stops a skill that hands itself texts without end.
const TEXTS_MAX: usize = 1024;
const PAIRS_MAX: usize = 4096;

impl Texts {
    pub(super) fn add(&mut self, text: &[u8]) {
        if self.all.len() < TEXTS_MAX && !self.all.iter().any(|known| known == text) {
            self.all.push(text.to_vec());
        }
    }

    fn pair(&mut self, one: &[u8], other: &[u8]) {
        if one != other && self.pairs.len() < PAIRS_MAX {
            self.pairs.push((one.to_vec(), other.to_vec()));
        }
    }

    /// What stood beside a text.
    pub(super) fn paired_with<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.pairs.iter().filter_map(move |(one, other)| match () {
            () if one == text => Some(other.as_slice()),
            () if other == text => Some(one.as_slice()),
            () => None,
        })
    }
}

fn readings(bytes: &[u8], parameters: &[u32; 4]) -> Vec<Vec<u8>> {
    let is_text = |byte: &u8| (0x20..0x7f).contains(byte) || matches!(byte, b'\n' | b'\t') || *byte >= 0x80;
    let run = bytes.iter().take_while(|byte| is_text(byte)).count();
    let mut all = Vec::new();
    if run > 0 && run < bytes.len() && bytes[run] == 0 {
        all.push(bytes[..run].to_vec());
    }
    for len in parameters.iter().filter_map(|len| usize::try_from(*len).ok()) {
        if (1..=run.min(TEXT_BYTES_MAX)).contains(&len) && !all.iter().any(|text| text.len() == len) {
            all.push(bytes[..len].to_vec());
        }
    }
    all
}

/// A source with one of its words, or all of it, being a text that stood beside it.
pub(super) fn of_texts(source: &Source, value: &Value, texts: &Texts) -> Vec<Candidate> {
    let Value::Bytes(bytes) = value else { return Vec::new() };
    let mut found = Vec::new();
    let mut ranges = words(bytes);
    ranges.insert(0, 0..bytes.len());
    for range in ranges {
        let word = &bytes[range.clone()];
        for other in texts.paired_with(word) {
            let draft = Draft::Spliced { base: bytes.clone(), range: range.clone(), with: other.into() };
            found.push(Candidate::guess(source.clone(), draft));
        }
    }
    found
}

/// Whether a text may be the name of a variable.
pub(super) fn is_name(text: &[u8]) -> bool {
    (2..=32).contains(&text.len())
        && text[0].is_ascii_alphabetic()
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// Whether a name is written as those of variables are.
pub(super) fn is_variable(name: &[u8]) -> bool {
    is_name(name)
        && name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
}
