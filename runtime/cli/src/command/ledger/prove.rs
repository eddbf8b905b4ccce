//! `invar ledger prove` and `receipt`: proofs that an event is in the trail, which can be checked anywhere.

use invar_ledger::{
    Body, Proof, SignedCheckpoint, published,
    reader::{self, Entry},
};

use super::{trail::ReadTrail, trust::policy};
use crate::{
    args::{ProveArgs, ReceiptArgs, TrustArgs},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    ledger::trail_error,
    out::Out,
    witnesses,
};

pub(super) fn prove(home: &Home, args: &ProveArgs, out: &mut Out) -> Outcome {
    let proof = proof_of(home, args.event, &args.trust, out)?;
    write(&proof, args.output.as_deref(), out)
}

pub(super) fn receipt(home: &Home, args: &ReceiptArgs, out: &mut Out) -> Outcome {
    let index = find_run(home, &args.run)?;
    let proof = proof_of(home, index, &args.trust, out)?;
    if let Some(path) = &args.cose {
        let event = path.with_extension("event");
        if event == *path {
            return Err(Error::Usage(format!(
                "{} is the file for the event: choose another name for the receipt",
                path.display()
            )));
        }
        let ledger = crate::ledger::open(home)?;
        let receipt = ledger.log().receipt(index).map_err(|error| {
            Error::Input(format!("the audit trail in {}: {error}", home.ledger().display()))
        })?;
        files::write(path, &receipt)?;
        files::write(&event, proof.extra())?;
    }
    write(&proof, args.output.as_deref(), out)
}

/// The event of a run: of a report by `ID/N`, or by its index.
fn find_run(home: &Home, run: &str) -> Outcome<u64> {
    let trail = ReadTrail::of(home, None)?;
    if let Ok(index) = run.parse::<u64>() {
        return match trail.entry(index)?.0 {
            Entry::Event { event, .. } if matches!(event.body, Body::Run(_)) => Ok(index),
            Entry::Event { event, .. } => Err(Error::Usage(format!(
                "event {index} is not a run but of kind {}; `invar ledger prove {index}` proves any event",
                event.body.kind()
            ))),
            Entry::Tombstone => Ok(index),
        };
    }
    let parts = run.rsplit_once('/').and_then(|(id, number)| Some((id, number.parse::<u32>().ok()?)));
    let Some((id, number)) = parts.filter(|(id, _)| !id.is_empty()) else {
        return Err(Error::Usage(format!(
            "{} is neither ID/N, run N of report ID, nor the index of an event",
            run.escape_debug()
        )));
    };
    // The same report may exist more than once: the last one counts.
    let mut found = None;
    reader::for_each(&trail.disk, 0, |index, entry, _| {
        if let Entry::Event { event, .. } = entry
            && let Body::Run(run_event) = &event.body
            && run_event.number == number
            && run_event.report.as_ref().is_some_and(|report| report.starts_with(id))
        {
            found = Some(index);
        }
        true
    })
    .map_err(|error| trail.error(error))?;
    found.ok_or_else(|| Error::Usage(format!("run {run} is not in the audit trail")))
}

/// The proof of an event, under the last checkpoint, or a new one if that is older than the event.
fn proof_of(home: &Home, index: u64, trust: &TrustArgs, out: &mut Out) -> Outcome<Proof> {
    let path = home.ledger();
    let (entry, _) = ReadTrail::of(home, None)?.entry(index)?;
    let Entry::Event { bytes, .. } = entry else {
        return Err(Error::Input(format!("event {index} was pruned: only its hash is left")));
    };
    let mut ledger = crate::ledger::open(home)?;
    let failed = |error: invar_ledger::LogError| trail_error(&path, error);
    let is_new = |signed: &SignedCheckpoint| signed.checkpoint().size() > index;
    let checkpoint = match published::read(ledger.log().disk()).map_err(failed)?.filter(is_new) {
        Some(checkpoint) => checkpoint,
        None => {
            let checkpoint = witnesses::publish(ledger, home, &policy(trust, Some(&path))?, out)?;
            ledger = crate::ledger::open(home)?;
            checkpoint
        }
    };
    ledger.log_mut().prove(index, bytes, checkpoint).map_err(failed)
}

fn write(proof: &Proof, to: Option<&std::path::Path>, out: &mut Out) -> Outcome {
    match to {
        None => out.result(&proof.to_string()),
        Some(path) => {
            files::write(path, proof.to_string().as_bytes())?;
            out.result(&format!("wrote the proof of event {} to {}\n", proof.index(), path.display()));
        }
    }
    Ok(exit::DONE)
}
