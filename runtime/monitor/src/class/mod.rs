//! The eight classes of invariants, a file or directory each.

mod audit_trail;
pub(crate) mod count;
mod effects;
pub(crate) mod envelope;
pub(crate) mod environment;
mod maintenance;
pub(crate) mod output;
pub(crate) mod performance;
mod resources;
mod view;
mod wording;

use crate::{Class, Section};

pub(crate) use view::View;

/// One section of the report.
pub(crate) fn section(class: Class, view: &View<'_>) -> Section {
    match class {
        Class::OutputDeterminism => output::section(view),
        Class::ResourceUsage => resources::section(view),
        Class::SideEffects => effects::section(view),
        Class::ExecutionCount => count::section(view),
        Class::Environment => environment::section(view),
        Class::Envelope => envelope::section(view),
        Class::Performance => performance::section(view),
        Class::AuditTrail => audit_trail::section(view),
    }
}
