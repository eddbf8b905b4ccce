//! What reports are written from.

use invar_host::skill::Pages;
use invar_monitor::Report;
use invar_world::World;

/// What a report is written from.
pub(crate) struct Material<'a> {
    /// What was found.
    pub(crate) report: &'a Report,
    /// Where the runs were made.
    pub(crate) world: &'a World,
    /// The command that gives the same report.
    pub(crate) again: &'a str,
    /// The command that searches on; none if this was it.
    pub(crate) more: Option<&'a str>,
    /// The documents that findings point into.
    pub(crate) pages: &'a Pages,
    /// What the command exits with.
    pub(crate) exit: u8,
}
