//! Literals of a component, tried as inputs that it may wait for.

use std::sync::Arc;

use super::{
    Observation, Search, StopReason,
    candidates::{Candidate, Texts, is_name, is_variable},
    draft::Draft,
    state::State,
};
use crate::{
    ObservedInputs, Source, Value,
    solve::{lines, words},
};

/// Words of one source in whose place a literal is put.
const WORDS_MAX: usize = 12;
/// And lines.
const LINES_MAX: usize = 12;
/// Names that are tried with each literal as value.
const PAIRED_MAX: usize = 24;

impl Search<'_, '_> {
    /// Tries each literal as each source, and in the place of its words; as a name, and as the value of each other
    /// literal's name.
    pub(super) fn try_literals(
        &mut self,
        state: &State,
        base: &Observation,
        inputs: &ObservedInputs,
        sources: &[(Source, Value)],
    ) -> Result<(), StopReason> {
        let all: Vec<Vec<u8>> = match self.plan.is_interpreter {
            true => self.plan.code.scripted().iter().map(|text| text.as_bytes().to_vec()).collect(),
            false => self.plan.code.literals(self.plan.sites, &self.executed),
        };
        // An address among the inputs is no condition of a contact there.
        let literals: Vec<Vec<u8>> = all.into_iter().filter(|literal| !is_address(literal)).collect();
        let mut texts = Texts::default();
        literals.iter().for_each(|literal| texts.add(literal));
        let names = self.names(inputs, &texts);
        self.try_all(state, base, names)?;
        for (source, value) in sources {
            let mut all = Vec::new();
            literals.iter().for_each(|literal| place(source, value, &literal.as_slice().into(), &mut all));
            self.try_all(state, base, all)?;
        }
        if let Some(variables) = &inputs.variables {
            self.try_all(state, base, pairs(&literals, |name| variables.contains_key(name)))?;
        }
        Ok(())
    }
}

/// Whether a text is an address: a path, a URL, a host.
fn is_address(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let host = text.split(':').next().unwrap_or_default();
    text.starts_with('/')
        || text.starts_with("~/")
        || text.contains("://")
        || host.parse::<std::net::IpAddr>().is_ok()
}

fn place(source: &Source, value: &Value, literal: &Arc<[u8]>, all: &mut Vec<Candidate>) {
    let mut offer = |draft: Draft| all.push(Candidate::guess(source.clone(), draft));
    let whole = || Draft::Whole(Value::Bytes(literal.clone()));
    match (source, value) {
        (Source::Terminal | Source::Resolution | Source::Inodes | Source::Sleep, _) => {}
        (Source::Random | Source::Name(_) | Source::Entry(_) | Source::NewVariable(_), _) => {}
        (_, Value::Absent) => offer(whole()),
        (
            Source::Variable(_) | Source::Config(_) | Source::Argument(_) | Source::Field(_),
            Value::Bytes(_),
        ) => offer(whole()),
        (_, Value::Bytes(bytes)) => {
            offer(whole());
            offer(Draft::Appended { base: bytes.clone(), line: literal.clone() });
            let words = words(bytes).into_iter().take(WORDS_MAX);
            for word in words.chain(lines(bytes).into_iter().take(LINES_MAX)) {
                offer(Draft::Spliced { base: bytes.clone(), range: word, with: literal.clone() });
            }
        }
        _ => {}
    }
}

/// Variables that are not there, each literal that can be a name with each other one as its value; those first that
/// are written as variables are.
fn pairs(literals: &[Vec<u8>], is_there: impl Fn(&str) -> bool) -> Vec<Candidate> {
    let is_new = |name: &&[u8]| is_name(name);
    let mut names: Vec<&str> = literals
        .iter()
        .map(Vec::as_slice)
        .filter(is_new)
        .filter_map(|name| std::str::from_utf8(name).ok())
        .filter(|name| !is_there(name))
        .collect();
    names.sort_by_key(|name| !is_variable(name.as_bytes()));
    names.truncate(PAIRED_MAX);
    names
        .iter()
        .flat_map(|name| {
            let values = literals.iter().filter(|value| value.as_slice() != name.as_bytes());
            values
                .take(PAIRED_MAX)
                .map(|value| Candidate::guess(Source::Variable((*name).to_owned()), Draft::of(value)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{pairs, place};
    use crate::{Source, Value};

    fn placed(source: Source, value: &[u8]) -> Vec<String> {
        let mut all = Vec::new();
        place(&source, &Value::Bytes(value.into()), &b"by".as_slice().into(), &mut all);
        all.iter()
            .map(|candidate| match &candidate.draft.value() {
                Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn a_literal_is_put_as_all_of_a_source_as_a_line_and_for_each_word() {
        let texts = placed(Source::File("/a".into()), b"{\"in\":\"de\"}");
        assert_eq!(texts[..2], ["by", "{\"in\":\"de\"}\nby\n"]);
        assert!(texts.contains(&"{\"in\":\"by\"}".to_owned()), "{texts:?}");
        assert_eq!(placed(Source::Variable("A".into()), b"x"), ["by"]);
        assert!(placed(Source::Random, b"x").is_empty());
    }

    #[test]
    fn names_that_are_there_are_not_made_up_again() {
        let literals = [b"gold".to_vec(), b"ACME_TIER".to_vec(), b"HOME".to_vec()];
        let all = pairs(&literals, |name| name == "HOME");
        let first = &all[0];
        assert_eq!(first.source, Source::Variable("ACME_TIER".into()));
        assert_eq!(first.draft.value(), Value::Bytes(b"gold".as_slice().into()));
        assert!(all.iter().all(|candidate| candidate.source != Source::Variable("HOME".into())));
    }
}
