//! `invar ledger compact`: lets go of old runs.

use invar_envelope::parse_duration;
use invar_monitor::bytes;

use crate::{
    error::{Error, Outcome},
    exit,
    home::Home,
    ledger::{self, Ledger, told},
    out::Out,
};

pub(super) fn compact(home: &Home, keep: &str, out: &mut Out) -> Outcome {
    const NS_PER_MS: u64 = 1_000_000;
    let keep_ms = parse_duration(keep).map_err(|error| Error::Usage(format!("--keep: {error}")))? / NS_PER_MS;
    let mut ledger = Ledger::open(home)?;
    let path = home.ledger();
    let before_ms = ledger::now_ms().saturating_sub(keep_ms);
    let done = ledger.log_mut().compact(before_ms).map_err(|error| told(&path, &error))?;
    ledger.close()?;
    out.result(&match done.segments {
        0 => format!("nothing is older than {keep} in whole segments: nothing was let go of\n"),
        _ => format!(
            "let go of {} runs and violations in {} segments: {} became {}; every proof of them stays valid\n",
            done.events,
            done.segments,
            bytes(done.bytes_before),
            bytes(done.bytes_after)
        ),
    });
    Ok(exit::DONE)
}
