//! `invar ledger check`: verifies a proof offline, without the trail.

use invar_ledger::{Event, Hash, Proof, show::time_of_seconds as time};

use super::trust::{policy, vkey};
use crate::{
    args::CheckArgs,
    error::{Error, Outcome},
    exit, files,
    out::Out,
};

pub(super) fn check(args: &CheckArgs, out: &mut Out) -> Outcome {
    let log = vkey("--log", &args.log)?;
    let policy = policy(&args.trust, None)?;
    for path in &args.proofs {
        let shown = path.display();
        let proof =
            Proof::parse(&files::read(path)?).map_err(|error| Error::Input(format!("{shown}: {error}")))?;
        let event = Event::from_bytes(proof.extra())
            .map_err(|error| Error::Input(format!("{shown}: its event {error}")))?;
        if event.index != proof.index() {
            return Err(Error::Audit(format!(
                "{shown}: it holds event {}, but proves event {}",
                event.index,
                proof.index()
            )));
        }
        let witnessed = proof
            .check(Hash::leaf(proof.extra()), &log, &policy)
            .map_err(|error| Error::Audit(format!("{shown}: {error}")))?;
        let names: Vec<String> = witnessed
            .iter()
            .map(|cosignature| format!("{} at {}", cosignature.key.name(), time(cosignature.time_s)))
            .collect();
        let trust_status = match names.is_empty() {
            true => "not witnessed".to_owned(),
            false => format!("witnessed by {}", names.join(", ")),
        };
        out.result(&format!(
            "{shown}: in the log, signed by {}; {trust_status}\n  {}\n",
            log.name(),
            invar_ledger::show::lines(&event).join("\n  ")
        ));
    }
    Ok(exit::DONE)
}
