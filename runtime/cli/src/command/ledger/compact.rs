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
    let keep_ms = milliseconds(keep)?;
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

/// A duration as envelopes have it, or a number of days.
fn milliseconds(text: &str) -> Outcome<u64> {
    const NS_PER_MS: u64 = 1_000_000;
    const DAY_MS: u64 = 24 * 60 * 60 * 1000;
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u64>().ok());
    match days.and_then(|days| days.checked_mul(DAY_MS)) {
        Some(ms) => Ok(ms),
        None => parse_duration(text)
            .map(|ns| ns / NS_PER_MS)
            .map_err(|error| Error::Usage(format!("--keep: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn what_is_kept_is_told_in_days_or_as_a_duration() {
        assert_eq!(milliseconds("90d").unwrap(), 7_776_000_000);
        assert_eq!(milliseconds("1h 30m").unwrap(), 5_400_000);
        for wrong in ["d", "-1d", "1.5d", "99999999999999999d", "90"] {
            assert!(milliseconds(wrong).is_err(), "{wrong}");
        }
    }
}
