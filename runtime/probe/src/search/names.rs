//! Names of variables and files that are not there.

use super::{
    Search,
    candidates::{Candidate, Texts, is_name, is_variable},
    draft::Draft,
    outcomes::News,
    state::State,
};
use crate::{ObservedInputs, Source, Value};

/// Texts that are tried as names, for each state.
const NAMES_MAX: usize = 96;

impl Search<'_, '_> {
    /// Notes the names of variables that functions were handed, as far as the world does not have them.
    pub(super) fn note_variables(&mut self, inputs: &ObservedInputs, texts: &Texts) {
        const KEPT_MAX: usize = 256;
        let Some(variables) = &inputs.variables else { return };
        let names = texts.all.iter().filter(|text| is_variable(text));
        let names = names.filter_map(|text| String::from_utf8(text.clone()).ok());
        let left = KEPT_MAX.saturating_sub(self.variables.len());
        self.variables.extend(names.filter(|name| !variables.contains_key(name)).take(left));
    }

    /// Names that only this state looks for are there: that one is found shows nowhere, if it is found where others
    /// are.
    pub(super) fn follow_names(&mut self, state: &State, names: Vec<Candidate>) {
        const FOLLOWED_MAX: usize = 4;
        let is_spelled = |candidate: &Candidate| candidate.draft.text().is_some_and(is_variable);
        for candidate in names.into_iter().filter(is_spelled).take(FOLLOWED_MAX) {
            let mut assignment = state.assignment.clone();
            assignment.insert(candidate.source.clone(), candidate.draft.value());
            self.push(state, &candidate.source, assignment, News::NewDirection);
        }
    }

    /// States with one more variable, or one more file in a directory that is listed, that nobody looks for.
    pub(super) fn make_up_names(&mut self, state: &State, inputs: &ObservedInputs) {
        const NAME: &[u8] = b"INVARQ";
        const NAMES_MAX: usize = 2;
        if state.assignment.keys().filter(|source| is_name_of(source)).count() >= NAMES_MAX {
            return;
        }
        let slot = inputs.variables.as_ref().map(|variables| u32::try_from(variables.len()).unwrap_or(0));
        let sources = slot.map(Source::NewVariable).into_iter();
        let all: Vec<Source> =
            sources.chain(inputs.listed.iter().map(|path| Source::Entry(path.clone()))).collect();
        for source in all {
            let mut assignment = state.assignment.clone();
            assignment.insert(source.clone(), Value::Bytes(NAME.into()));
            if self.is_new(&assignment) {
                self.push(state, &source, assignment, News::Reached);
            }
        }
    }

    /// Names that are not there: of variables, of files in directories that are listed.
    pub(super) fn names(&mut self, inputs: &ObservedInputs, texts: &Texts) -> Vec<Candidate> {
        let all: Vec<&[u8]> = texts.all.iter().map(Vec::as_slice).collect();
        let all: Vec<&[u8]> = all.into_iter().filter(|text| self.named.insert(text.to_vec())).collect();
        let mut found = Vec::new();
        let variables = inputs.variables.as_ref();
        let mut offer = |source: Source, value: &[u8]| {
            found.push(Candidate::guess(source, Draft::of(value)));
        };
        if let Some(variables) = variables {
            let slot = u32::try_from(variables.len()).unwrap_or(0);
            let is_new = |text: &&&[u8]| {
                is_name(text) && std::str::from_utf8(text).is_ok_and(|text| !variables.contains_key(text))
            };
            for text in all.iter().filter(is_new).take(NAMES_MAX) {
                offer(Source::NewVariable(slot), text);
            }
        }
        for directory in &inputs.listed {
            for text in all.iter().filter(|text| is_name(text)).take(NAMES_MAX) {
                offer(Source::Entry(directory.clone()), text);
            }
        }
        for path in &inputs.missing {
            for text in all.iter().take(NAMES_MAX) {
                offer(Source::File(path.clone()), text);
            }
        }
        found
    }
}

/// Whether a source is the name of something new.
pub(super) fn is_name_of(source: &Source) -> bool {
    matches!(source, Source::NewVariable(_) | Source::Entry(_))
}
