//! Results in groups, and what cells of tables show of them.

use std::{collections::BTreeMap, time::Duration};

use crate::detection::score::Measurement;

/// A text as a cell of a table shows it: nothing in it is Markdown.
pub(in super::super) fn cell(text: &str) -> String {
    let mut cell = String::new();
    for character in text.chars() {
        if "\\`*_<>|[]".contains(character) {
            cell.push('\\');
        }
        cell.push(if character.is_control() { ' ' } else { character });
    }
    cell
}

/// In groups, ordered by what they are grouped by.
pub(super) fn by<'a, T, K: Ord>(results: &[&'a T], key: impl Fn(&'a T) -> K) -> BTreeMap<K, Vec<&'a T>> {
    let mut groups: BTreeMap<K, Vec<&T>> = BTreeMap::new();
    for result in results {
        groups.entry(key(result)).or_default().push(result);
    }
    groups
}

pub(super) fn of<'a>(
    results: impl IntoIterator<Item = &'a Measurement>,
    wanted: impl Fn(&Measurement) -> bool,
) -> Vec<&'a Measurement> {
    results.into_iter().filter(|result| wanted(result)).collect()
}

pub(in super::super) fn share(part: usize, whole: usize) -> String {
    // Rounded down: 99.6 % are not all.
    match (part * 100).checked_div(whole) {
        Some(percent) => format!("{part} of {whole} ({percent} %)"),
        None => "none to count".into(),
    }
}

/// Skills, conditions of their reports, and why the command of the report does not show those.
pub(in super::super) fn refuted_table<'a>(
    refuted: impl Iterator<Item = (&'a str, &'a str, &'a str)>,
) -> String {
    let rows: String = refuted
        .map(|(name, condition, why)| format!("| {name} | {} | {} |\n", cell(condition), cell(why)))
        .collect();
    match rows.is_empty() {
        true => "Not shown: none.\n".into(),
        false => format!("| skill | condition | not shown |\n|---|---|---|\n{rows}"),
    }
}

pub(super) fn seconds(time: Option<Duration>) -> String {
    time.map_or_else(|| "–".into(), |time| format!("{:.2} s", time.as_secs_f64()))
}

/// The smallest value that is not below that percentage of all; none of nothing.
pub(super) fn percentile<T: Ord + Copy>(mut values: Vec<T>, percent: usize) -> Option<T> {
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100);
    values.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::{cell, percentile, refuted_table, share};

    #[test]
    fn conditions_that_are_not_shown_are_listed() {
        assert_eq!(refuted_table([].into_iter()), "Not shown: none.\n");
        let table = refuted_table([("a-skill", "CI is \"1|2\"", "it does not")].into_iter());
        assert!(table.ends_with("| a-skill | CI is \"1\\|2\" | it does not |\n"), "{table}");
    }

    #[test]
    fn a_cell_shows_what_was_written() {
        assert_eq!(cell("*T03|<b>\n`x_y`"), "\\*T03\\|\\<b\\> \\`x\\_y\\`");
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        assert_eq!(percentile(vec![4, 1, 3, 2], 50), Some(2));
        assert_eq!(percentile((1..=100).collect(), 95), Some(95));
        assert_eq!(percentile(vec![7], 95), Some(7));
        assert_eq!(percentile(Vec::<u32>::new(), 50), None);
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        assert_eq!(share(199, 200), "199 of 200 (99 %)");
        assert_eq!(share(0, 0), "none to count");
    }
}
