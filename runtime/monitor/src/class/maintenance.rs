//! Maintenance work: runs that cost more because they renew what the skill keeps.

use crate::{Declared, Row, Severity, followup::FollowUp, growth::Growth, source::Source};

/// How bad it is that runs cost more than three times what the first ones cost.
pub(super) fn severity(growth: Option<&Growth>, is_maintenance: bool) -> Severity {
    match growth {
        Some(Growth::Affine) => Severity::Info,
        // Maintenance ends: this stays, or continues to grow.
        Some(Growth::Excess(_)) => Severity::Major,
        Some(Growth::Flat) | None if is_maintenance => Severity::Minor,
        Some(Growth::Flat) | None => Severity::Major,
    }
}

/// Whether costly runs do maintenance work: they do nothing undeclared and make a declared write, their cost depends only
/// on files that the skill may write itself, and they read, write or fetch more than the other runs do, in proportion. A
/// counter that every run writes excuses nothing.
pub(super) fn is_maintenance(
    declared: &Declared,
    rows: &[Row],
    group: &FollowUp,
    sources: &[Source],
) -> bool {
    let Some(envelope) = &declared.envelope else { return false };
    let may_write_all = sources.iter().all(|source| match source {
        Source::File(path) => envelope.files_write.iter().any(|glob| glob.matches(path)),
        _ => false,
    });
    let (costly, others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| group.runs.contains(&row.run));
    may_write_all
        && costly.into_iter().all(|row| {
            row.run_effects.violations.is_empty()
                && row.run_effects.effects.iter().any(|effect| effect.is_lasting())
                && works_for_it(row, &others)
        })
}

/// Fuel that maintenance work may cost beyond its bytes: two milliseconds, enough to compute a small table.
const WORK_FUEL_MAX: u64 = 2_000_000;

/// Fuel for each additional byte. Stops a skill from passing arbitrary work off as a cache renewal by writing a few bytes
/// more: parsing, sorting and compressing take a hundredth of it.
const FUEL_PER_BYTE_MAX: u64 = 20_000;

/// Whether a run reads, writes or fetches more bytes than any of the others, and its fuel is in proportion to those. Each
/// counts by itself: what one run writes the others read.
fn works_for_it(row: &Row, others: &[&Row]) -> bool {
    let moved = |row: &Row| {
        let bytes = row.resources.bytes;
        [bytes.file_read, bytes.file_written, bytes.network_received]
    };
    let usual = |at: usize| others.iter().map(|row| moved(row)[at]).max().unwrap_or(0);
    let more: u64 = (0..).zip(moved(row)).map(|(at, bytes)| bytes.saturating_sub(usual(at))).sum();
    let fuel = others.iter().map(|row| row.resources.fuel).max().unwrap_or(0);
    let allowed = WORK_FUEL_MAX.saturating_add(FUEL_PER_BYTE_MAX.saturating_mul(more));
    more > 0 && row.resources.fuel.saturating_sub(fuel) <= allowed
}
