//! The section about the real programs, which is written by itself.

use std::{fmt::Write as _, time::Duration};

use super::tables::{by, cell, percentile, seconds, share};
use crate::detection::real::{Rank, RealResult};

pub(in super::super) const TITLE: &str = "## Real programs\n";

/// Bytes of a megabyte, as sizes of components are given.
const MEGABYTE: usize = 1_000_000;

/// How many of the command lines may come to a verdict, in words.
const fn target(rank: Rank) -> &'static str {
    match rank {
        Rank::Consistent => "",
        Rank::Marginal => "at most 10 %",
        Rank::Inconclusive => "at most 5 %",
        Rank::Variant | Rank::Activation | Rank::None => "none",
    }
}

/// The section.
pub(in super::super) fn section(results: &[RealResult]) -> String {
    format!(
        "{TITLE}\n\
         Written by `cargo xtask detection --real`, which monitors the [programs of others](compatibility.md#programs) with every\n\
         command line of `xtask/real/programs.toml`. The envelope of a line is what `invar envelope learn` prints for the same\n\
         input, arguments and directory, unchanged. Then comes `invar monitor --envelope FILE`, twice: verdict and time are of\n\
         the second, whose compiled code is cached, and both must report the same. Time of all cores is\n\
         that of the process and its compiler: other work on the machine changes it less. Memory is the larger peak of the two:\n\
         resident pages of the process, or of its compiler process if those are more, from `wait4`.\n\n\
         {}\n{}\n### Command lines with another verdict\n\n{}",
        summary(results),
        programs(results),
        others(results),
    )
}

/// Verdicts, times and memory, each beside its target.
fn summary(results: &[RealResult]) -> String {
    let mut page = String::from("| command lines | | target |\n|---|---|---|\n");
    for rank in Rank::ALL {
        let count = results.iter().filter(|result| result.rank() == rank).count();
        let _ = writeln!(page, "| {} | {} | {} |", rank.as_str(), share(count, results.len()), target(rank));
    }
    for (name, is_engine, targets) in [
        ("below 10 MB", false, ["below 2 s", "below 10 s", "", "", "below 1 GiB"]),
        ("engines of 10 MB and more", true, ["", "", "", "", "below 1 GiB"]),
    ] {
        let some: Vec<&RealResult> =
            results.iter().filter(|result| result.is_engine() == is_engine).collect();
        let times: Vec<Duration> = some.iter().map(|result| result.time).collect();
        let cpu_times: Vec<Duration> = some.iter().map(|result| result.cpu_time).collect();
        let peak = some.iter().map(|result| result.peak_kib).max();
        let rows = [
            ("time, median", seconds(percentile(times.clone(), 50))),
            ("time, 95 %", seconds(percentile(times, 95))),
            ("time of all cores, median", seconds(percentile(cpu_times.clone(), 50))),
            ("time of all cores, 95 %", seconds(percentile(cpu_times, 95))),
            ("memory, largest", peak.map_or_else(|| "–".into(), memory)),
        ];
        for ((what, value), target) in rows.into_iter().zip(targets) {
            let _ = writeln!(page, "| {name}: {what} | {value} | {target} |");
        }
    }
    page
}

/// The worst of each program's command lines.
fn programs(results: &[RealResult]) -> String {
    let mut page = String::from(
        "| program | size | lines | verdict, worst | time, median | time, slowest | of all cores | memory |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for (program, lines) in by(&results.iter().collect::<Vec<_>>(), |result| result.program.as_str()) {
        let times: Vec<Duration> = lines.iter().map(|line| line.time).collect();
        let _ = writeln!(
            page,
            "| {program} | {} | {} | {} | {} | {} | {} | {} |",
            lines.first().map_or_else(String::new, |line| size(line.component_bytes)),
            lines.len(),
            lines.iter().map(|line| line.rank()).max().map_or("", Rank::as_str),
            seconds(percentile(times.clone(), 50)),
            seconds(percentile(times, 100)),
            seconds(lines.iter().map(|line| line.cpu_time).max()),
            lines.iter().map(|line| line.peak_kib).max().map_or_else(String::new, memory),
        );
    }
    page
}

/// Those that are not CONSISTENT, with the reason.
fn others(results: &[RealResult]) -> String {
    let rows: String = results
        .iter()
        .filter(|result| result.rank() != Rank::Consistent)
        .map(|result| {
            format!("| {} | {} | {} |\n", result.command, result.rank().as_str(), cell(&result.why()))
        })
        .collect();
    match rows.is_empty() {
        true => "None.\n".into(),
        false => format!("| command line | verdict | why, and what settles it |\n|---|---|---|\n{rows}"),
    }
}

fn size(bytes: usize) -> String {
    let tenths = (bytes * 10).div_ceil(MEGABYTE);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

fn memory(kib: u64) -> String {
    format!("{} MiB", kib.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::{section, size};
    use crate::detection::real::tests::result;

    #[test]
    fn the_section_counts_verdicts_and_keeps_engines_apart() {
        let results = [
            result("jq", 490_000, &["CONSISTENT", "CONSISTENT"]),
            result("jq", 490_000, &["MARGINAL", "MARGINAL"]),
            result("python", 26_000_000, &["CONSISTENT", "CONSISTENT"]),
            result("sd", 1_495_000, &["CONSISTENT", "VARIANT"]),
        ];
        let page = section(&results);
        for line in [
            "| CONSISTENT | 2 of 4 (50 %) |  |",
            "| MARGINAL | 1 of 4 (25 %) | at most 10 % |",
            "| VARIANT | 0 of 4 (0 %) | none |",
            "| no report | 1 of 4 (25 %) | none |",
            "| below 10 MB: time, 95 % | 4.00 s | below 10 s |",
            "| engines of 10 MB and more: memory, largest | 2 MiB | below 1 GiB |",
            "| jq | 0.5 MB | 2 | MARGINAL | 4.00 s | 4.00 s | 6.00 s | 2 MiB |",
            "| python | 26.0 MB | 1 | CONSISTENT | 4.00 s | 4.00 s | 6.00 s | 2 MiB |",
            "| `jq -c` | MARGINAL | it differs; declare files.read = \\[\"/a\\|b\"\\] |",
        ] {
            assert!(page.contains(&format!("{line}\n")), "{line}\n{page}");
        }
        assert!(!page.contains("| `python -c` |"), "{page}");
        assert!(section(&results[..1]).ends_with("### Command lines with another verdict\n\nNone.\n"));
    }

    #[test]
    fn sizes_are_in_megabytes() {
        assert_eq!(
            (size(1), size(100_000), size(26_267_001)),
            ("0.1 MB".into(), "0.1 MB".into(), "26.3 MB".into())
        );
    }
}
