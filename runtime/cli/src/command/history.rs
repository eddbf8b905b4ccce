//! `invar history`: executions that were recorded elsewhere.

use std::{
    collections::BTreeSet,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use invar_history::{Execution, History, Log};
use invar_host::store::Store;
use invar_monitor::report_id;
use invar_trace::Trace;
use sha2::{Digest, Sha256};

use crate::{
    args::{Format, HistoryArgs, VerdictArg},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    out::Out,
    report,
};

/// What a trace begins with, and no line of JSON does.
const TRACE_START: u8 = 0x89;

pub(super) fn analyze(args: &HistoryArgs, out: &mut Out) -> Outcome {
    let store = Home::find()?.store();
    let mut log = Log::default();
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for name in &args.logs {
        parts.push(read(name, &store, &mut log)?);
    }
    parts.push(format!("{:?} {:?}", args.skill, args.agent).into_bytes());
    filter(&mut log, args)?;
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let history = History::of(&log, report_id(&parts), env!("CARGO_PKG_VERSION").into());
    match (args.format, &args.output) {
        (Format::Human, None) => out.styled(&report::history::human(&history)),
        (Format::Human, Some(path)) => {
            files::write(path, report::plain(&report::history::human(&history)).as_bytes())?;
        }
        (Format::Json, None) => out.result(&report::history::json(&history)?),
        (Format::Json, Some(path)) => files::write(path, report::history::json(&history)?.as_bytes())?,
    }
    Ok(match args.fail_on.map(VerdictArg::verdict) {
        Some(least) if history.verdict < least => exit::DONE,
        _ => history.verdict.exit_code(),
    })
}

/// Adds what a log or trace holds; the digest of it.
fn read(name: &str, store: &Store, log: &mut Log) -> Outcome<Vec<u8>> {
    let path = Path::new(name);
    if name == "-" {
        return lines("standard input", files::stdin(), log);
    }
    if files::exists(path) {
        let mut file = files::open(path)?;
        let start = file.fill_buf().map_err(|error| Error::Input(format!("cannot read {name}: {error}")))?;
        if start.first() != Some(&TRACE_START) {
            return lines(name, file, log);
        }
    }
    let trace = store.trace(name)?;
    add(&trace, name, log).map_err(|error| Error::Input(format!("{name}: {error}")))
}

fn add(trace: &Trace, name: &str, log: &mut Log) -> Result<Vec<u8>, invar_trace::TraceError> {
    log.push(Execution::of_trace(trace, name)?);
    Ok(trace.head().map(|head| head.0.to_vec()).unwrap_or_default())
}

fn lines(name: &str, from: impl BufRead, log: &mut Log) -> Outcome<Vec<u8>> {
    let mut hashed = Hashed { from, hash: Sha256::new() };
    log.read(name, BufReader::new(&mut hashed))?;
    Ok(hashed.hash.finalize().to_vec())
}

/// Hashes what is read through it.
struct Hashed<R> {
    from: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(buffer)?;
        self.hash.update(&buffer[..length]);
        Ok(length)
    }
}

/// Keeps what was asked for.
fn filter(log: &mut Log, args: &HistoryArgs) -> Outcome<()> {
    let skills: BTreeSet<_> = log.executions().iter().map(|execution| execution.skill.clone()).collect();
    let agents: BTreeSet<_> =
        log.executions().iter().filter_map(|execution| execution.agent.clone()).collect();
    log.retain(|execution| {
        args.skill.as_deref().is_none_or(|wanted| *execution.skill == *wanted)
            && args.agent.as_deref().is_none_or(|wanted| execution.agent.as_deref() == Some(wanted))
    });
    match log.executions().is_empty() {
        false => Ok(()),
        true => Err(Error::Input(format!(
            "no execution matches; the logs hold {} by {}",
            few("skill", &skills),
            few("agent", &agents)
        ))),
    }
}

/// `skills a, b and 3 more`
fn few(what: &str, names: &BTreeSet<std::sync::Arc<str>>) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| name.to_string()).collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    match names.len() {
        0 => format!("no {what}"),
        1 => format!("{what} {}", shown[0]),
        _ => format!("{what}s {}", invar_monitor::join(&shown)),
    }
}
