//! Literals: words in a component, of which some may be the input that it waits for.
//!
//! What is compared byte by byte is solved for; what is folded, hashed into a table or matched by an interpreter is
//! not, but the word itself stands in the component's data.

mod script;

use std::collections::BTreeSet;

pub(crate) use script::quoted;

use crate::{Code, Site, SiteCoverage};

/// Literals of one component: enough to try each in every place.
const LITERALS_MAX: usize = 96;
/// Longest text that is taken for a possible input.
const BYTES_MAX: usize = 40;

impl Code {
    /// Words that executed functions name. Those of the language's library, which say how it fails, are left
    /// out as far as they can be recognised.
    pub(crate) fn literals(&self, sites: &[Site], executed: &SiteCoverage) -> Vec<Vec<u8>> {
        let mut functions: Vec<(u32, u32)> = sites
            .iter()
            .enumerate()
            .filter(|(site, _)| executed.has(*site))
            .map(|(_, site)| (site.module, site.function))
            .collect();
        functions.dedup();
        let mut seen = BTreeSet::new();
        functions
            .into_iter()
            .filter(|function| seen.insert(*function))
            .filter_map(|(module, function)| {
                self.modules.get(module as usize)?.functions.get(function as usize)
            })
            .flat_map(|function| &function.texts)
            .map(|(_, text)| self.texts.get(*text))
            .filter(|text| is_word(text))
            .map(|text| text.as_bytes().to_vec())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .take(LITERALS_MAX)
            .collect()
    }

    /// Literals of the scripts that lie in the component's data: what they put in quotes, and an example of each
    /// pattern.
    #[must_use]
    pub fn scripted(&self) -> &[String] {
        &self.scripted
    }
}

fn is_word(text: &str) -> bool {
    let is_message = text.contains(".rs") || text.contains("`") || text.split(' ').count() > 4;
    text.len() <= BYTES_MAX && !is_message && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::is_word;

    #[test]
    fn words_are_told_from_messages() {
        assert!(is_word("channel = amber-7"));
        assert!(is_word("ledger-prod-3"));
        assert!(!is_word("library/alloc/src/fmt.rs"));
        assert!(!is_word("called `Option::unwrap()` on"));
        assert!(!is_word("cannot be read as a number at all"));
        assert!(!is_word("%:"));
    }
}
