//! Reports on logs: a ranking, then the details of each skill that is not consistent.

use invar_history::{History, HistoryRow, SkillHistory};
use invar_monitor::{Class, Verdict, bytes, count};

use super::{
    human::{BOLD, DIM, WIDTH, section_lines, style, wrap},
    prose::{self, capitalised, listed, visible},
};
use crate::error::{Error, Outcome};

/// Executions that a report for people lists.
const LISTED: usize = 6;
/// Columns of a name in the ranking.
const NAME_WIDTH: usize = 28;
/// Columns of a list of versions or agents in it.
const LIST_WIDTH: usize = 14;

/// One JSON document: `docs/schema/invar-history-1.json`.
pub(crate) fn json(history: &History) -> Outcome<String> {
    serde_json::to_string_pretty(history)
        .map(|text| text + "\n")
        .map_err(|error| Error::Internal(error.to_string()))
}

/// For people.
pub(crate) fn human(history: &History) -> String {
    let mut lines = vec![String::new(), head(history), String::new()];
    lines.extend(history.notes.iter().map(|note| format!("{DIM}{}{DIM:#}", visible(note))));
    lines.extend((!history.notes.is_empty()).then(String::new));
    lines.extend(ranking(&history.skills));
    let is_only = history.skills.len() == 1;
    for skill in history.skills.iter().filter(|skill| is_only || skill.verdict != Verdict::Consistent) {
        lines.push(String::new());
        lines.extend(one(skill));
    }
    lines.push(String::new());
    let indented = |line: String| match line.is_empty() {
        true => "\n".to_owned(),
        false => format!("  {}\n", line.trim_end()),
    };
    lines.into_iter().map(indented).collect()
}

fn head(history: &History) -> String {
    format!(
        "{BOLD}{}{BOLD:#} · {} · {} to {} · report {}",
        number(history.skills.len(), "skill"),
        number(history.executions, "execution"),
        history.since,
        history.until,
        history.id
    )
}

/// The skills, the worst first.
fn ranking(skills: &[SkillHistory]) -> Vec<String> {
    let cells: Vec<[String; 5]> = skills
        .iter()
        .map(|skill| {
            let versions: Vec<&str> = skill.versions.iter().map(|version| version.version.as_str()).collect();
            let agents: Vec<&str> = skill.agents.iter().map(String::as_str).collect();
            [
                skill.verdict.to_string(),
                cut(&visible(&skill.name), NAME_WIDTH),
                count(skill.executions as u64),
                few(&versions),
                few(&agents),
            ]
        })
        .collect();
    let titles = ["verdict", "skill", "executions", "versions", "agents"];
    let widths: Vec<usize> = (0..titles.len())
        .map(|at| {
            cells.iter().map(|row| row[at].chars().count()).chain([titles[at].len()]).max().unwrap_or(0)
        })
        .collect();
    let row = |cells: [&str; 5]| {
        let [verdict, skill, executions, versions, agents] = cells;
        format!(
            "{verdict:<0$}  {skill:<1$}  {executions:>2$}  {versions:<3$}  {agents:<4$}",
            widths[0], widths[1], widths[2], widths[3], widths[4]
        )
    };
    let indent = widths.iter().sum::<usize>() + 2 * widths.len();
    let mut lines = vec![format!("{DIM}{}  why{DIM:#}", row(titles))];
    for (skill, cells) in skills.iter().zip(&cells) {
        let line = row([&cells[0], &cells[1], &cells[2], &cells[3], &cells[4]]);
        let style = style(skill.verdict);
        let line = format!("{style}{}{style:#}{}", cells[0], &line[cells[0].len()..]);
        let room = (WIDTH - 2).saturating_sub(indent);
        // Beside the others if there is room for it, else below.
        const ROOM_MIN: usize = 40;
        match room >= ROOM_MIN {
            true => {
                let mut parts = wrap(&visible(&skill.reason), room).into_iter();
                lines.push(format!("{line}  {}", parts.next().unwrap_or_default()));
                lines.extend(parts.map(|part| format!("{:indent$}{part}", "")));
            }
            false => {
                lines.push(line);
                lines.extend(
                    wrap(&visible(&skill.reason), WIDTH - 8).into_iter().map(|part| format!("    {part}")),
                );
            }
        }
    }
    lines
}

/// All about one skill.
fn one(skill: &SkillHistory) -> Vec<String> {
    let versions: Vec<&str> = skill.versions.iter().map(|version| version.version.as_str()).collect();
    let agents: Vec<&str> = skill.agents.iter().map(String::as_str).collect();
    let by = if agents.is_empty() { String::new() } else { format!(" by {}", few(&agents)) };
    let mut lines = vec![
        format!(
            "{BOLD}{}{BOLD:#} {} · {}{by} · {} to {}",
            visible(&skill.name),
            few(&versions),
            number(skill.executions, "execution"),
            skill.since,
            skill.until
        ),
        String::new(),
    ];
    let style = style(skill.verdict);
    let in_one_line = format!("{}   {}", skill.verdict, visible(&skill.reason));
    match in_one_line.chars().count() <= WIDTH - 2 {
        true => lines.push(format!("{style}{}{style:#}   {}", skill.verdict, visible(&skill.reason))),
        false => {
            lines.extend([format!("{style}{}{style:#}", skill.verdict), String::new()]);
            lines.extend(wrap(&capitalised(&visible(&skill.reason)), WIDTH - 2));
        }
    }
    lines.push(String::new());
    for trigger in &skill.triggers {
        let numbers = invar_monitor::runs(&trigger.runs).replacen("run", "execution", 1);
        lines.extend(wrap(&format!("Suspected: {} ({numbers}).", visible(&trigger.condition)), WIDTH - 2));
    }
    lines.extend((!skill.triggers.is_empty()).then(String::new));
    for (at, class) in (1..).zip(Class::ALL) {
        if let Some(section) = skill.invariants.get(&class) {
            lines.extend(section_lines(at, class, section, &prose::why(section)));
        }
    }
    lines.extend(happened(skill));
    lines.extend([String::new(), format!("{BOLD}Detection power{BOLD:#}")]);
    let power = &skill.detection_power;
    for (label, items) in [("tested:    ", &power.conditions_tested), ("not tested:", &power.untested)] {
        for (index, part) in wrap(&listed(items), WIDTH - 18).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            lines.push(format!("  {label:<11} {part}"));
        }
    }
    lines.push(format!("  bound:      {}", power.bound));
    if !skill.recommendations.is_empty() {
        lines.extend([String::new(), format!("{BOLD}Recommended{BOLD:#}")]);
        for (at, action) in (1..).zip(&skill.recommendations) {
            let command = match action.command.as_str() {
                "" => String::new(),
                command => format!(":    {}", visible(command)),
            };
            let text = format!("  {at} {}{command}", visible(&action.what));
            // A command stays in one line, to be pasted.
            match command.is_empty() {
                true => lines.extend(wrap(text.trim_start(), WIDTH - 6).into_iter().enumerate().map(
                    |(index, part)| if index == 0 { format!("  {part}") } else { format!("    {part}") },
                )),
                false => lines.push(text),
            }
        }
    }
    lines
}

/// The first execution, and those that differ.
fn happened(skill: &SkillHistory) -> Vec<String> {
    let rows: Vec<&HistoryRow> = skill.per_run.iter().filter(|row| !row.differs.is_empty()).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        String::new(),
        format!("{BOLD}What happened{BOLD:#}"),
        format!(
            "{DIM}  {:>5}  {:<20}  {:>8}  {:>8}  {:>8}  {}{DIM:#}",
            "no.", "time", "fuel", "memory", "sent", "differs"
        ),
    ];
    let baseline = skill.per_run.first().filter(|row| row.differs.is_empty());
    let mut last = String::new();
    for row in baseline.into_iter().chain(rows.iter().copied().take(LISTED)) {
        let amount = |value: Option<u64>, show: fn(u64) -> String| value.map_or_else(|| "–".into(), show);
        let start = format!(
            "  {:>5}  {:<20}  {:>8}  {:>8}  {:>8}  ",
            row.run,
            row.time,
            amount(row.fuel, count),
            amount(row.memory_peak_bytes, bytes),
            amount(row.network_sent, bytes),
        );
        let differs = match row.differs.as_slice() {
            [] => "(the first)".to_owned(),
            words => visible(&words.join(" · ")),
        };
        let shown = if differs == last { "the same".to_owned() } else { differs.clone() };
        last = differs;
        let room = WIDTH.saturating_sub(start.chars().count() + 2);
        for (index, part) in wrap(&shown, room).into_iter().enumerate() {
            let start = if index == 0 { start.clone() } else { " ".repeat(start.chars().count()) };
            lines.push(format!("{start}{part}"));
        }
    }
    let more = rows.len().saturating_sub(LISTED) + skill.more;
    if more > 0 {
        let differ = if more == 1 { "differs" } else { "differ" };
        lines.push(format!("         {} more {differ}", count(more as u64)));
    }
    lines
}

/// `1 skill`, `3 skills`.
fn number(number: usize, what: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!("{} {what}{many}", count(number as u64))
}

/// The last two of them, and how many more.
fn few(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().map(|name| visible(name)).filter(|name| !name.is_empty()).collect();
    let text = match shown.as_slice() {
        [] => "–".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one}, {two}"),
        [one, .., last] => format!("{one} … {last}"),
    };
    match text.chars().count() <= LIST_WIDTH {
        true => text,
        false if shown.len() > 1 => format!("{} of them", shown.len()),
        false => cut(&text, LIST_WIDTH),
    }
}

fn cut(text: &str, width: usize) -> String {
    match text.chars().count() <= width {
        true => text.to_owned(),
        false => format!("{}…", text.chars().take(width - 1).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::few;

    #[test]
    fn lists_are_short_whatever_is_in_them() {
        assert_eq!(few(&[]), "–");
        assert_eq!(few(&[""]), "–");
        assert_eq!(few(&["1.0", "1.1"]), "1.0, 1.1");
        assert_eq!(few(&["1.0", "1.1", "1.2"]), "1.0 … 1.2");
        assert_eq!(few(&[&"x".repeat(99)]).chars().count(), 14);
    }
}
