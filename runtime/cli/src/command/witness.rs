//! `invar witness`: cosigns the checkpoints of other machines' audit trails.

#![expect(clippy::disallowed_methods, reason = "a witness listens to the network")]

use std::net::TcpListener;

use invar_ledger::{VerifierKey, note::KeyName};
use invar_witness::{Logs, Server, Witness, WitnessKey};

use crate::{
    args::WitnessArgs,
    error::{Error, Outcome},
    exit, files,
    out::Out,
};

pub(super) fn witness(args: &WitnessArgs, out: &mut Out) -> Outcome {
    let name = KeyName::new(&args.name).map_err(|error| Error::Usage(format!("--name: {error}")))?;
    let bad = |error: &dyn std::fmt::Display| Error::Input(error.to_string());
    files::make_private_directory(&args.state)?;
    let path = args.key.clone().unwrap_or_else(|| args.state.join("key"));
    let key = match files::exists(&path) {
        true => WitnessKey::open(&path, name),
        false => WitnessKey::create(&path, name),
    }
    .map_err(|error| bad(&error))?;
    let logs: Vec<VerifierKey> = args
        .log
        .iter()
        .map(|text| {
            text.parse().map_err(|error| Error::Usage(format!("--log {}: {error}", text.escape_debug())))
        })
        .collect::<Outcome<_>>()?;
    let logs = Logs::of(logs).map_err(|error| Error::Usage(format!("--log: {error}")))?;
    // Held until the server ends.
    let (signer, _held) = key.hold().map_err(|error| bad(&error))?;
    let witness = Witness::open(signer, logs, &args.state).map_err(|error| bad(&error))?;
    let key = witness.key();
    let listener = TcpListener::bind(&args.listen)
        .map_err(|error| Error::Input(format!("cannot listen on {}: {error}", args.listen.escape_debug())))?;
    let server = Server::new(listener, witness).map_err(|error| bad(&error))?;
    out.result(&format!("witness {} {key} http://{}\n", args.name, server.address()));
    let stop = server.stop();
    let _ = ctrlc::set_handler(move || stop.stop());
    server
        .run(|report| {
            use std::io::Write;
            // Nobody need be there to read it. What a peer sent is in it.
            let text = crate::escape::line(&report.text);
            let _ = writeln!(std::io::stderr(), "{} {} {text}", report.peer, report.status);
        })
        .map_err(|error| bad(&error))?;
    Ok(exit::DONE)
}
