//! Performance fingerprint: cost as a function of input size.

use crate::Section;

pub(super) fn section() -> Section {
    Section::not_checked("not built yet; one input was run, and no growth can be seen".into())
}
