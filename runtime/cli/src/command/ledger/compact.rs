//! `invar ledger compact`: prunes old runs.

use invar_monitor::bytes;

use crate::{
    error::Outcome,
    exit,
    home::Home,
    ledger::{self, trail_error},
    out::Out,
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

pub(super) fn compact(home: &Home, keep_days: u32, out: &mut Out) -> Outcome {
    let mut ledger = ledger::open(home)?;
    let path = home.ledger();
    let before_ms = ledger::now_ms().saturating_sub(u64::from(keep_days) * DAY_MS);
    let done = ledger.log_mut().compact(before_ms).map_err(|error| trail_error(&path, error))?;
    ledger.close()?;
    out.result(&match done.segments {
        0 => format!("no complete segment is older than {keep_days} days: nothing was pruned\n"),
        _ => format!(
            "pruned {} runs and violations in {} segments, from {} to {}; every proof of them stays valid\n",
            done.events,
            done.segments,
            bytes(done.bytes_before),
            bytes(done.bytes_after)
        ),
    });
    Ok(exit::DONE)
}
