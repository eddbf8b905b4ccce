//! `invar ledger verify`: the whole trail, and its agreement with what others hold of it.

use std::{num::NonZero, path::Path};

use indicatif::ProgressBar;
use invar_ledger::{
    VerifierKey,
    export::{files::Folder, tiles},
    show::time_of_seconds as time,
    verify::{Audit, AuditError, Held, TrustStatus, Verifier},
};
use serde_json::json;

use super::{
    trail::ReadTrail,
    trust::{policy, vkey},
};
use crate::{
    args::{Format, VerifyArgs},
    error::{Error, Outcome},
    escape, exit, files,
    home::Home,
    out::Out,
};

pub(super) fn verify(home: &Home, args: &VerifyArgs, out: &mut Out) -> Outcome {
    let trail = ReadTrail::of(home, args.from.as_deref())?;
    if files::is_directory(&trail.path.join("tile")) {
        return tiles(&trail.path, args, out);
    }
    let policy = policy(&args.trust, Some(&trail.path))?;
    let witnesses: Vec<VerifierKey> = policy.witnesses().iter().map(|witness| witness.key.clone()).collect();
    let log = args.log.as_deref().map(|text| vkey("--log", text)).transpose()?;
    let held = args.held.iter().map(|path| held(path)).collect::<Outcome<Vec<_>>>()?;
    let jobs =
        args.jobs.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN));
    let verifier = Verifier { witnesses: &witnesses, log: log.as_ref(), held, jobs };
    let spinner = out.is_watched().then(ProgressBar::new_spinner);
    let found = verifier.verify(&trail.disk, &mut |events| {
        if let Some(spinner) = &spinner {
            spinner.set_message(format!("{events} events"));
            spinner.tick();
        }
    });
    spinner.iter().for_each(ProgressBar::finish_and_clear);
    let audit = found.map_err(|error| failed(args, &trail, &error, out))?;
    let trust_status = TrustStatus::of(&audit, &policy);
    match args.format {
        Format::Human => out.result(&human(&audit, &trust_status)),
        Format::Json => out.result(&format!("{:#}\n", to_json(&audit, &trust_status))),
    }
    match trust_status.missing {
        Some(lacks) => Err(Error::Audit(lacks)),
        None => Ok(exit::DONE),
    }
}

/// A trail that is served as tiles: only what was published.
fn tiles(path: &Path, args: &VerifyArgs, out: &mut Out) -> Outcome {
    let policy = policy(&args.trust, None)?;
    let witnesses: Vec<VerifierKey> = policy.witnesses().iter().map(|witness| witness.key.clone()).collect();
    let log = args.log.as_deref().map(|text| vkey("--log", text)).transpose()?;
    let audit = tiles::verify(&Folder::new(path), log.as_ref(), &witnesses, &mut |_, _| {})
        .map_err(|error| Error::Audit(format!("the tiles in {}: {error}", path.display())))?;
    let names: Vec<String> = audit
        .cosigned
        .iter()
        .map(|cosignature| format!("{} at {}", cosignature.witness.name(), time(cosignature.time_s)))
        .collect();
    let is_witnessed = !names.is_empty()
        && policy.satisfied_by(audit.cosigned.iter().map(|cosignature| &cosignature.witness));
    let text = match is_witnessed {
        true => format!("witnessed by {}", names.join(", ")),
        false => "locally consistent, not witnessed".to_owned(),
    };
    let head = audit.head;
    match args.format {
        Format::Human => out.result(&format!(
            "  {} · log {}\n\n  {}: chain, tree and the signature of the checkpoint are valid\n  {text}\n  head {} of {} events\n",
            audit.genesis.origin.escape_debug(),
            audit.log.short(),
            counted(head.size, "event"),
            head.root,
            head.size
        )),
        Format::Json => out.result(&format!("{:#}\n", json!({
            "state": text,
            "witnessed": is_witnessed,
            "log_id": audit.log.to_string(),
            "origin": audit.genesis.origin,
            "events": head.size,
            "head": head.root.to_string(),
        }))),
    }
    match is_witnessed || policy.witnesses().is_empty() {
        true => Ok(exit::DONE),
        false => Err(Error::Audit("fewer witnesses cosigned these tiles than the policy requires".into())),
    }
}

fn failed(args: &VerifyArgs, trail: &ReadTrail, error: &AuditError, out: &mut Out) -> Error {
    if args.format == Format::Json {
        out.result(&format!("{:#}\n", json!({ "state": "failed", "error": error.to_string() })));
    }
    match error {
        AuditError::Log(error) => Error::Audit(trail.error(error).to_string()),
        other => Error::Audit(format!("the audit trail in {}: {other}", trail.path.display())),
    }
}

/// A checkpoint or a proof that was kept elsewhere.
fn held(path: &Path) -> Outcome<Held> {
    let bytes = files::read(path)?;
    let what = path.display().to_string();
    Held::parse(what, &bytes).map_err(|error| Error::Input(error.to_string()))
}

fn human(audit: &Audit, trust_status: &TrustStatus) -> String {
    let Audit { genesis, log, head, signatures, epoch, .. } = audit;
    let mut text = format!(
        "  {} · log {} · {}\n\n",
        genesis.origin.escape_debug(),
        log.short(),
        genesis.software.escape_debug()
    );
    text.push_str(&format!(
        "  {}, {}: chain, tree and {} are valid\n",
        counted(head.size, "event"),
        counted(u64::from(epoch + 1), "epoch"),
        counted(*signatures, "signature")
    ));
    text.push_str(&format!("  {}\n", trust_status.text));
    for remark in audit.remarks() {
        text.push_str(&format!("  {remark}\n"));
    }
    if let Some(before) = &genesis.predecessor {
        text.push_str(&format!(
            "  it replaces {}, which was last known to have {}: {}\n",
            before.log.short(),
            counted(before.size, "event"),
            escape::line(&before.reason)
        ));
    }
    if genesis.host != crate::ledger::host() {
        text.push_str("  it was created on another machine\n");
    }
    text.push_str(&format!("  head {} of {} events\n", head.root, head.size));
    text
}

fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn to_json(audit: &Audit, trust_status: &TrustStatus) -> serde_json::Value {
    json!({
        "state": trust_status.text,
        "witnessed": trust_status.is_witnessed,
        "log_id": audit.log.to_string(),
        "origin": audit.genesis.origin,
        "predecessor": audit.genesis.predecessor.as_ref().map(|before| json!({
            "log_id": before.log.to_string(),
            "events": before.size,
            "head": before.root.to_string(),
            "reason": before.reason,
        })),
        "events": audit.head.size,
        "head": audit.head.root.to_string(),
        "epochs": audit.epoch + 1,
        "signatures": audit.signatures,
        "gone": audit.gone,
        "bytes_behind": audit.behind_bytes,
        "closed": audit.is_closed,
        "cosigned": audit.cosigned.iter().map(|cosignature| json!({
            "witness": cosignature.witness.to_string(),
            "time": time(cosignature.time_s),
            "events": cosignature.size,
        })).collect::<Vec<_>>(),
    })
}
