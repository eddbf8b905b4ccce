//! The report for a comment on a pull request: the human report's content in its order, in GitHub's Markdown.
//!
//! Names and values are untrusted: each is escaped so that it stays text.

use invar_monitor::{Class, Status, bytes, count};

use super::{
    Material,
    human::sparkline,
    prose::{
        self, CONTINUE, EffectsRow, Happened, REPRODUCE, capitalised, coverage, effort, listed, summary,
    },
};

/// Writes the report.
pub(crate) fn markdown(material: &Material<'_>) -> String {
    let Material { report, world, again, more, .. } = material;
    let mut page = Page::default();
    page.paragraph(format!("## {}", report.verdict));
    page.paragraph(text(&capitalised(&report.reason)));
    let skill = format!("{} {}", report.skill.name, report.skill.version);
    let head = [format!("**{}**", text(skill.trim_end()))];
    let identity = prose::identity(report, world);
    page.paragraph(
        head.into_iter().chain(identity.iter().map(|part| text(part))).collect::<Vec<_>>().join(" · "),
    );
    for sentence in summary(report) {
        page.paragraph(text(&sentence));
    }
    page.paragraph(text(&coverage(report)));
    if let Some(sentence) = prose::no_answer(report) {
        page.paragraph(text(&sentence));
        page.block("toml", &prose::answer_entries(report));
    }
    page.paragraph(format!("{} {REPRODUCE}", text(&effort(report))));
    page.code(again);
    if let Some(more) = more {
        page.paragraph(text(CONTINUE));
        page.code(more);
    }

    let sections = (1..).zip(Class::ALL).filter_map(|(number, class)| {
        let section = report.invariants.get(&class)?;
        Some([
            number.to_string(),
            prose::class(class),
            status(section.status).into(),
            text(&prose::evidence(report, class, section)),
        ])
    });
    page.table(["", "invariant", "status", "why"], sections);
    page.paragraph(format!("**fuel by run** `{}`", sparkline(&report.rows)));

    let Happened { rows, more } = prose::happened(report);
    if rows.len() > 1 {
        page.open("What happened");
        let rows = rows.iter().map(|EffectsRow { row, effects }| {
            let resources = &row.resources;
            [
                row.run.to_string(),
                count(resources.fuel),
                bytes(resources.memory_peak_bytes),
                bytes(resources.bytes.network_sent),
                text(effects),
            ]
        });
        page.table(["run", "fuel", "memory", "sent", "new effects"], rows);
        if more > 0 {
            page.paragraph(format!("{more} more runs differ"));
        }
        page.close();
    }
    if !report.columns.is_empty() {
        page.open("Declared and observed");
        let cells =
            report.columns.iter().map(|row| prose::envelope_cells(row).map(|cell| text(&cell.join(", "))));
        page.table(prose::ENVELOPE_HEADS, cells);
        page.close();
    }
    page.open("Detection power");
    let power = &report.detection_power;
    let mut lines = vec![
        format!("- **tested:** {}", text(&listed(&power.conditions_tested))),
        format!("- **not tested:** {}", text(&listed(&power.untested))),
        format!("- **bound:** {}", text(&power.bound)),
    ];
    lines.extend(power.dormant.iter().map(|sentence| format!("- **dormant:** {}", text(sentence))));
    page.lines(&lines);
    page.close();
    if report.findings().next().is_some() {
        page.open(&format!("All findings ({})", report.findings().count()));
        let findings = report.findings().map(|finding| {
            let details = prose::details(finding);
            let shown: Vec<String> = details
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(label, value)| format!("{label}: {}", text(value)))
                .collect();
            let severity = prose::severity(finding.severity).to_owned();
            [severity, prose::class(finding.class), text(&finding.what), shown.join("<br>")]
        });
        page.table(["severity", "invariant", "what", "details"], findings);
        page.close();
    }
    if !report.recommendations.is_empty() {
        page.paragraph("### Recommended".into());
        for (number, action) in (1..).zip(&report.recommendations) {
            page.paragraph(format!("{number}\\. {}", text(&action.what)));
            if !action.command.is_empty() {
                page.code(&action.command);
            }
        }
    }
    page.text
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Warn => "**warn**",
        Status::Fail => "**FAIL**",
        Status::NotChecked => "–",
    }
}

/// What is written so far.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn paragraph(&mut self, paragraph: String) {
        self.lines(&[paragraph]);
    }

    fn lines(&mut self, lines: &[String]) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        for line in lines {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn table<const N: usize>(&mut self, head: [&str; N], rows: impl Iterator<Item = [String; N]>) {
        let mut lines = vec![format!("| {} |", head.join(" | ")), format!("|{}", "---|".repeat(N))];
        lines.extend(rows.map(|row| format!("| {} |", row.join(" | "))));
        self.lines(&lines);
    }

    /// A command, in a fence that nothing in it can end.
    fn code(&mut self, command: &str) {
        self.block("sh", &[command]);
    }

    fn block(&mut self, language: &str, lines: &[&str]) {
        let lines: Vec<String> = lines.iter().map(|line| prose::visible(line)).collect();
        let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.lines(&[vec![format!("{fence}{language}")], lines, vec![fence]].concat());
    }

    fn open(&mut self, summary: &str) {
        self.lines(&[format!("<details><summary>{summary}</summary>")]);
    }

    fn close(&mut self) {
        self.lines(&["</details>".into()]);
    }
}

/// Text that stays text: no markup, no HTML, no link, and no mention.
fn text(text: &str) -> String {
    // What GitHub finds in plain text, an empty comment takes apart: addresses, names and issues.
    const APART: &str = "<!-- -->";
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in prose::visible(text).char_indices() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' | '#' => {
                escaped.push_str(APART);
                escaped.push('\\');
                escaped.push(c);
                escaped.push_str(APART);
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '$' | '^' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // At the start of a line: a list, a heading, a rule.
            '-' | '+' | '=' | '.' if at == 0 => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    for scheme in ["http", "https", "ftp", "mailto", "xmpp", "www"] {
        escaped = parted(&escaped, scheme, APART);
    }
    escaped
}

/// With `apart` after every such scheme, whichever its case.
fn parted(text: &str, scheme: &str, apart: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut parted = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in lower.match_indices(scheme) {
        let end = at + scheme.len();
        if lower[end..].starts_with([':', '.']) {
            parted.push_str(&text[done..end]);
            parted.push_str(apart);
            done = end;
        }
    }
    parted.push_str(&text[done..]);
    parted
}

#[cfg(test)]
mod tests {
    use super::{Page, text};

    #[test]
    fn what_others_wrote_stays_text() {
        for (hostile, shown) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert\\(1\\)&lt;/script&gt;"),
            ("a|b\n# c", "a\\|b\\\\u\\{a\\}<!-- -->\\#<!-- --> c"),
            ("[x](http://e)", "\\[x\\]\\(http<!-- -->://e\\)"),
            ("</details>", "&lt;/details&gt;"),
            ("- x", "\\- x"),
            ("@team WWW.e", "<!-- -->\\@<!-- -->team WWW<!-- -->.e"),
            ("```", "\\`\\`\\`"),
        ] {
            assert_eq!(text(hostile), shown);
        }
    }

    #[test]
    fn a_command_cannot_end_its_fence() {
        let mut page = Page::default();
        page.code("a '\n````\u{202e}'");
        assert_eq!(page.text, "`````sh\na '\\u{a}````\\u{202e}'\n`````\n");
    }
}
