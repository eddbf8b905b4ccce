//! The report as text: the verdict and its proof on the first screen, then the evidence.

use anstyle::{AnsiColor, Style};
use invar_monitor::{Class, EnvelopeRow, Report, Row, Section, Status, Verdict, bytes, count};
use invar_world::World;

use super::{
    Material,
    prose::{
        self, CONTINUE, EffectsRow, Happened, REPRODUCE, capitalised, coverage, effort, listed, summary,
    },
};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
/// Columns of the report.
pub(super) const WIDTH: usize = 100;

/// Writes the report.
pub(crate) fn human(material: &Material<'_>) -> String {
    let Material { report, world, again, more, .. } = material;
    let mut text = String::from("\n");
    let mut line = |line: String| {
        if !line.is_empty() {
            text.push_str("  ");
            text.push_str(line.trim_end());
        }
        text.push('\n');
    };
    line(head(report, world));
    line(String::new());
    let style = style(report.verdict);
    // A long reason goes below the verdict.
    let in_one_line = format!("{}   {}", report.verdict, report.reason);
    match in_one_line.chars().count() <= WIDTH - 2 {
        true => line(format!("{style}{}{style:#}   {}", report.verdict, report.reason)),
        false => {
            line(format!("{style}{}{style:#}", report.verdict));
            line(String::new());
            wrap(&capitalised(&report.reason), WIDTH - 2).into_iter().for_each(&mut line);
        }
    }
    line(String::new());
    for sentence in summary(report) {
        wrap(&sentence, WIDTH - 2).into_iter().for_each(&mut line);
    }
    wrap(&coverage(report), WIDTH - 2).into_iter().for_each(&mut line);
    if let Some(sentence) = prose::no_answer(report) {
        wrap(&sentence, WIDTH - 2).into_iter().for_each(&mut line);
        prose::answer_entries(report).into_iter().for_each(|entry| line(format!("  {entry}")));
    }
    line(format!("{DIM}{} {REPRODUCE}{DIM:#}", effort(report)));
    line(format!("{DIM}{again}{DIM:#}"));
    if let Some(more) = more {
        line(format!("{DIM}{CONTINUE}{DIM:#}"));
        line(format!("{DIM}{more}{DIM:#}"));
    }
    line(String::new());
    for (number, class) in (1..).zip(Class::ALL) {
        if let Some(section) = report.invariants.get(&class) {
            section_lines(number, class, section, &prose::evidence(report, class, section))
                .into_iter()
                .for_each(&mut line);
        }
    }
    line(String::new());
    line(format!("{BOLD}fuel by run{BOLD:#}   {}", sparkline(&report.rows)));
    let happened = happened(report);
    if happened.len() > 2 {
        line(String::new());
        line(format!("{BOLD}What happened{BOLD:#}"));
        happened.into_iter().for_each(&mut line);
    }
    if !report.columns.is_empty() {
        line(String::new());
        line(format!("{BOLD}Declared and observed{BOLD:#}"));
        envelope(&report.columns).into_iter().for_each(&mut line);
    }
    line(String::new());
    line(format!("{BOLD}Detection power{BOLD:#}"));
    let power = &report.detection_power;
    for (label, items) in [("tested:    ", &power.conditions_tested), ("not tested:", &power.untested)] {
        for (index, part) in wrap(&listed(items), WIDTH - 18).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            line(format!("  {label:<11} {part}"));
        }
    }
    line(format!("  bound:      {}", power.bound));
    for (index, sentence) in power.dormant.iter().enumerate() {
        for (part_index, part) in wrap(sentence, WIDTH - 18).into_iter().enumerate() {
            let label = if index + part_index == 0 { "dormant:" } else { "" };
            line(format!("  {label:<11} {part}"));
        }
    }
    if !report.recommendations.is_empty() {
        line(String::new());
        line(format!("{BOLD}Recommended{BOLD:#}"));
        for (number, action) in (1..).zip(&report.recommendations) {
            match action.command.as_str() {
                "" => line(format!("  {number} {}", action.what)),
                command => line(format!("  {number} {:<25} {command}", format!("{}:", action.what))),
            }
        }
    }
    text.push('\n');
    text
}

fn head(report: &Report, world: &World) -> String {
    let skill = &report.skill;
    let mut parts = vec![format!("{BOLD}{}{BOLD:#} {}", skill.name, skill.version).trim_end().to_owned()];
    parts.extend(prose::identity(report, world));
    parts.join(" · ")
}

pub(super) fn style(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Consistent => AnsiColor::Green,
        Verdict::Marginal | Verdict::Inconclusive => AnsiColor::Yellow,
        Verdict::Variant | Verdict::ActivationPatternDetected => AnsiColor::Red,
    };
    color.on_default().bold()
}

/// The envelope in columns that fit.
fn envelope(rows: &[EnvelopeRow]) -> Vec<String> {
    let mut table = comfy_table::Table::new();
    table
        .load_style(comfy_table::presets::NOTHING)
        .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
        .set_width(u16::try_from(WIDTH - 6).unwrap_or(u16::MAX))
        .set_header(prose::ENVELOPE_HEADS);
    for row in rows {
        table.add_row(prose::envelope_cells(row).map(|cell| cell.join("\n")));
    }
    table.lines().map(|line| format!("  {line}")).collect()
}

pub(super) fn section_lines(number: usize, class: Class, section: &Section, why: &str) -> Vec<String> {
    let (word, style) = match section.status {
        Status::Pass => ("pass", AnsiColor::Green.on_default()),
        Status::Warn => ("warn", AnsiColor::Yellow.on_default()),
        Status::Fail => ("FAIL", AnsiColor::Red.on_default().bold()),
        Status::NotChecked => ("  – ", DIM),
    };
    let name = prose::class(class);
    let mut parts = wrap(why, WIDTH - 32).into_iter();
    let first = parts.next().unwrap_or_default();
    let mut lines = vec![format!("{number:>2} {name:<20} {style}{word}{style:#}   {first}")];
    lines.extend(parts.map(|part| format!("{:<31}{part}", "")));
    lines
}

/// Fuel by run in eight heights; many runs share a column, of which the highest counts.
pub(crate) fn sparkline(rows: &[Row]) -> String {
    const COLUMNS: usize = 64;
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let each = rows.len().div_ceil(COLUMNS).max(1);
    let columns: Vec<u64> = rows
        .chunks(each)
        .map(|chunk| chunk.iter().map(|row| row.resources.fuel).max().unwrap_or(0))
        .collect();
    let most = columns.iter().copied().max().unwrap_or(0).max(1);
    columns
        .iter()
        .map(|fuel| {
            let height = fuel.saturating_mul(BARS.len() as u64 - 1).div_ceil(most);
            BARS[usize::try_from(height).unwrap_or(0).min(BARS.len() - 1)]
        })
        .collect()
}

/// The first run, and those that differ from it.
fn happened(report: &Report) -> Vec<String> {
    let mut lines = vec![format!(
        "{DIM}  {:>4}  {:>8}  {:>8}  {:>8}  {}{DIM:#}",
        "run", "fuel", "memory", "sent", "new effects"
    )];
    let Happened { rows, more } = prose::happened(report);
    for EffectsRow { row, effects } in rows {
        let start = format!(
            "  {:>4}  {:>8}  {:>8}  {:>8}  ",
            row.run,
            count(row.resources.fuel),
            bytes(row.resources.memory_peak_bytes),
            bytes(row.resources.bytes.network_sent),
        );
        for (index, part) in wrap(&effects, WIDTH - start.chars().count()).into_iter().enumerate() {
            let start = if index == 0 { start.clone() } else { " ".repeat(start.chars().count()) };
            lines.push(format!("{start}{part}"));
        }
    }
    if more > 0 {
        lines.push(format!("        {more} more runs differ"));
    }
    lines
}

/// Words in lines of at most `width` characters; a longer word stands alone.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
