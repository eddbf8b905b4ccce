//! The skills that are measured.

use std::path::PathBuf;

use super::truth::Truth;
use crate::{
    componentized,
    guests::JAVASCRIPT,
    project::{self, TaskResult},
};

const CORPUS: &str = "skills-examples/corpus";
const C: &str = "skills-examples/guests/c";

/// Which skills are measured, and what of them.
pub(crate) enum Choice<'a> {
    /// All of them, and simpler ways of looking beside the monitor.
    All,
    /// All of them, and nothing beside.
    Checked,
    /// Those with one of these texts in their name.
    Named(&'a [&'a str]),
    /// The componentized guests, or those with one of these texts in their name.
    Componentized(&'a [&'a str]),
}

/// What a skill is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    Rust,
    C,
    JavaScript,
    /// With componentize-py.
    Python,
    /// JavaScript with componentize-qjs.
    Quickjs,
}

/// A skill of the corpus, or a guest.
pub(super) struct Case {
    /// Its directory; of a guest with the one above it, such as `c/tier-gold`.
    pub(super) name: String,
    pub(super) language: Language,
    pub(super) directory: PathBuf,
    pub(super) truth: Truth,
}

impl Case {
    /// Puts the skill together, if that is not done and it is not committed.
    pub(super) fn build(&self) -> TaskResult {
        let name = self.directory.file_name().unwrap_or_default().to_string_lossy();
        match self.language {
            Language::Python | Language::Quickjs => componentized::build(self.language.root(), &name),
            Language::Rust | Language::C | Language::JavaScript => Ok(()),
        }
    }
}

impl Language {
    const ALL: [Self; 3] = [Self::Rust, Self::C, Self::JavaScript];
    const COMPONENTIZED: [Self; 2] = [Self::Python, Self::Quickjs];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::C => "C",
            Self::JavaScript => "JavaScript",
            Self::Python => "Python",
            Self::Quickjs => "JavaScript, componentized",
        }
    }

    /// Where its skills are.
    fn root(self) -> &'static str {
        match self {
            Self::Rust => CORPUS,
            Self::C => C,
            Self::JavaScript => JAVASCRIPT,
            Self::Python => componentized::PYTHON,
            Self::Quickjs => componentized::JAVASCRIPT,
        }
    }

    /// Where a skill of it runs: what is not committed is put together elsewhere.
    fn built(self, source: PathBuf, name: &str) -> PathBuf {
        match self {
            Self::Python | Self::Quickjs => project::path(&componentized::built(self.root(), name)),
            _ => source,
        }
    }

    /// What the names of its skills begin with: the same name can be there in several languages.
    fn prefix(self) -> &'static str {
        match self {
            Self::Rust => "",
            Self::C => "c/",
            Self::JavaScript => "javascript/",
            Self::Python => "componentized/python/",
            Self::Quickjs => "componentized/javascript/",
        }
    }
}

impl Choice<'_> {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::All | Self::Checked | Self::Componentized([]) => true,
            Self::Named(texts) | Self::Componentized(texts) => texts.iter().any(|text| name.contains(text)),
        }
    }

    /// The skills, by language and name.
    pub(super) fn cases(&self) -> TaskResult<Vec<Case>> {
        let mut cases = Vec::new();
        let languages: &[Language] = match self {
            Self::Componentized(_) => &Language::COMPONENTIZED,
            _ => &Language::ALL,
        };
        for &language in languages {
            for directory in project::list(&project::path(language.root()))? {
                let directory_name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let name = format!("{}{directory_name}", language.prefix());
                if directory.join("skill.toml").exists() && self.has(&name) {
                    let path = format!("{}/{directory_name}/truth.toml", language.root());
                    let truth = Truth::parse(&project::read(&path)?);
                    let truth = truth.map_err(|error| format!("{path}: {error}"))?;
                    let directory = language.built(directory, &directory_name);
                    cases.push(Case { name, language, directory, truth });
                }
            }
        }
        match (cases.is_empty(), self) {
            (true, Self::Named(texts) | Self::Componentized(texts)) => {
                Err(format!("no skill has {} in its name", texts.join(" or ")))
            }
            _ => Ok(cases),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::truth::MARGINAL, Choice, Language};

    #[test]
    fn the_corpus_is_as_large_as_it_should_be_and_every_truth_can_be_read() {
        let cases = Choice::All.cases().unwrap();
        let count = |turns: bool| cases.iter().filter(|case| case.truth.turns == turns).count();
        assert!(count(true) >= 240 && count(false) >= 154, "{} and {}", count(true), count(false));
        let searched = |language| {
            cases.iter().filter(|case| case.language == language && case.truth.needs_search()).count()
        };
        assert!(searched(Language::Rust) >= 67);
        assert!(searched(Language::C) >= 13 && searched(Language::JavaScript) >= 13);
        assert!(cases.iter().filter(|case| case.truth.is_opaque()).count() >= 7);
        let benign = cases.iter().filter(|case| !case.truth.turns);
        assert!(benign.filter(|case| case.truth.verdict == MARGINAL).count() <= 7);
    }

    #[test]
    fn the_componentized_guests_are_as_many_as_they_should_be() {
        let cases = Choice::Componentized(&[]).cases().unwrap();
        for language in Language::COMPONENTIZED {
            let count = |turns: bool| {
                cases.iter().filter(|case| case.language == language && case.truth.turns == turns).count()
            };
            assert!(count(true) >= 20 && count(false) >= 6, "{} and {}", count(true), count(false));
        }
        assert!(cases.iter().all(|case| case.directory.starts_with(crate::project::path("target"))));
    }

    #[test]
    fn skills_are_chosen_by_parts_of_their_names() {
        let cases = Choice::Named(&["c/tier-", "word-of-no-skill"]).cases().unwrap();
        assert_eq!(cases.iter().map(|case| case.name.as_str()).collect::<Vec<_>>(), ["c/tier-gold"]);
        assert!(Choice::Named(&["word-of-no-skill"]).cases().is_err());
    }
}
