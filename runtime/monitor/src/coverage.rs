//! How much of a skill was looked at.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{Class, Lab, NoAnswer, Row, SearchKind, Section, Status, results::Investigation, text};

/// How many there are, and how many of them were looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Functions {
    /// Functions of the component.
    pub exist: usize,
    /// Those that an instrumented run executed.
    pub executed: usize,
}

/// Call sites from which an effect on the outside can be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sites {
    /// In the component.
    pub exist: usize,
    /// Those that an instrumented run came to.
    pub reached: usize,
}

/// How much of a skill was looked at: part of every report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Classes of invariants that were judged, of eight.
    pub classes_checked: usize,
    /// What was given other values, or came to have them in the series.
    pub sources_varied: Vec<String>,
    /// Comparisons that depend on inputs of a run and never flipped.
    pub comparisons_open: usize,
    /// Functions; none exist where no instrumented copy ran.
    pub functions: Functions,
    /// Call sites with effects; none exist where no instrumented copy ran.
    pub effectful_sites: Sites,
    /// How conditions were searched for.
    pub search: SearchKind,
    /// What the runs asked of the network without an answer, where code that could do something was not reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_answer: Option<NoAnswer>,
    /// What ended before everything was looked at, and why.
    #[serde(skip)]
    pub limits: Vec<String>,
    /// A budget ended the search for conditions: with a larger one it goes on.
    #[serde(skip)]
    pub is_search_cut: bool,
}

impl Coverage {
    pub(crate) fn of(
        invariants: &BTreeMap<Class, Section>,
        investigation: &Investigation,
        rows: &[Row],
        lab: &dyn Lab,
    ) -> Self {
        let code = investigation.code.unwrap_or_default();
        let search = match investigation.code {
            Some(code) => code.search,
            None if investigation.searched.runs > 0 && !investigation.searched.literals.is_empty() => {
                SearchKind::Interpreter
            }
            None if investigation.searched.runs > 0 => SearchKind::Full,
            None if lab.copy_runs() > 0 => SearchKind::Unfaithful,
            None if investigation.searched.forward > 0 => SearchKind::Forward,
            None => SearchKind::None,
        };
        let sites_left = code.sites_exist.saturating_sub(code.sites_reached);
        let effects = rows.iter().map(|row| row.run_effects.as_ref());
        let effectful_sites = Sites { exist: code.sites_exist, reached: code.sites_reached };
        let mut coverage = Self {
            classes_checked: 0,
            sources_varied: sources(investigation, lab),
            comparisons_open: investigation.searched.open,
            functions: Functions { exist: code.functions_exist, executed: code.functions_executed },
            effectful_sites,
            search,
            no_answer: NoAnswer::of(sites_left, lab.script(), effects),
            limits: limits(investigation, lab, code.functions_left_out),
            is_search_cut: !investigation.searched.ended.is_empty() || investigation.searched.is_forward_cut,
        };
        coverage.count_classes(invariants);
        coverage
    }

    /// Counts the classes that were judged, again once the audit trail is one of them.
    pub(crate) fn count_classes(&mut self, invariants: &BTreeMap<Class, Section>) {
        let is_checked = |section: &&Section| section.status != Status::NotChecked;
        self.classes_checked = invariants.values().filter(is_checked).count();
    }

    /// `8 of 8 classes; 212 of 480 functions executed; 26 comparisons open`, and what did not go the whole way.
    #[must_use]
    pub fn words(&self) -> String {
        let mut parts = vec![format!("{} of {} classes", self.classes_checked, Class::ALL.len())];
        if self.functions.exist > 0 {
            parts.push(format!("{} of {} functions executed", self.functions.executed, self.functions.exist));
            let Sites { exist, reached } = self.effectful_sites;
            parts.push(match exist {
                0 => "no call site has an effect".into(),
                _ => format!("{reached} of {exist} effectful call sites reached"),
            });
        }
        if self.comparisons_open > 0 {
            parts.push(format!("{} open", text::several(self.comparisons_open, "comparisons")));
        }
        parts.extend(match self.search {
            SearchKind::Full => None,
            SearchKind::Interpreter => {
                Some("interpreter: no condition in its comparisons is located".to_owned())
            }
            SearchKind::Unfaithful => {
                Some("no search of its comparisons: an instrumented copy does not do the same".to_owned())
            }
            SearchKind::Forward => {
                Some("its comparisons were not searched; runs after the series were made instead".to_owned())
            }
            SearchKind::None => Some("no search for conditions".to_owned()),
        });
        parts.extend(self.limits.iter().cloned());
        parts.join("; ")
    }
}

/// What has other values in some runs than in others.
fn sources(investigation: &Investigation, lab: &dyn Lab) -> Vec<String> {
    // The series varies these by itself.
    let mut names = BTreeSet::from(["execution-count", "clock", "random"]);
    for (name, number) in &investigation.environment.tried {
        if *number > 0 {
            names.insert(match *name {
                "variables" => "environment-variables",
                "network states" => "network",
                "sets of directories" => "directories",
                "machine speeds" => "machine-speed",
                "machines and ways to be started" => "machine",
                "dates and hours" => "clock",
                "random seeds" => "random",
                other => other,
            });
        }
    }
    if !investigation.envelope.variables.is_empty() {
        names.insert("environment-variables");
    }
    if investigation.performance.series.iter().any(|measured| measured.points.len() > 1)
        || !lab.other_inputs().is_empty()
    {
        names.insert("input");
    }
    names.into_iter().map(str::to_owned).collect()
}

/// What ended early, each once.
fn limits(investigation: &Investigation, lab: &dyn Lab, left_out: usize) -> Vec<String> {
    let mut limits = Vec::new();
    if lab.is_interrupted() {
        limits.push("partial: it was interrupted".to_owned());
    } else {
        limits.extend(investigation.out_of_budget.map(|spent| spent.to_string()));
    }
    if investigation.output.uncompared > 0 {
        let runs = text::several(investigation.output.uncompared as usize, "runs");
        limits.push(format!("outputs of {runs} not compared"));
    }
    for why in &investigation.searched.ended {
        let is_said = lab.is_interrupted() || limits.contains(why);
        if !is_said {
            limits.push(format!("search ended early: {why}"));
        }
    }
    if left_out > 0 {
        limits.push(format!("{} could not be instrumented", text::several(left_out, "functions")));
    }
    limits
}
