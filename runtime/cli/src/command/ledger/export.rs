//! `invar ledger export` and `import`: the trail in the forms of others, and back.

use std::{
    io::{self, BufWriter, Write},
    path::Path,
};

use invar_ledger::{
    disk::Directory,
    export::{self, ExportError, Exported, files::Folder, import::ImportError},
};

use super::Trail;
use crate::{
    args::{ExportArgs, ExportFormat},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    ledger::Ledger,
    out::Out,
};

pub(super) fn export(home: &Home, args: &ExportArgs, out: &mut Out) -> Outcome {
    let place = Trail::of(home, args.from.as_deref())?;
    let is_part = args.first > 0 || args.last.is_some();
    if is_part && matches!(args.format, ExportFormat::Jsonl | ExportFormat::Tiles) {
        return Err(Error::Usage(
            "--first and --last are for ocsf, otel and scitt: the others are whole".into(),
        ));
    }
    let exported = match (args.format, &args.output) {
        (ExportFormat::Scitt | ExportFormat::Tiles, None) => {
            return Err(Error::Usage(
                "this form is many files: say with -o which directory they go to".into(),
            ));
        }
        (ExportFormat::Scitt, Some(to)) => receipts(home, args, to)?,
        (ExportFormat::Tiles, Some(to)) => {
            export::tiles::write(&place.disk, &mut Folder::new(to)).map_err(|error| failed(&place, &error))?
        }
        (_, Some(path)) => {
            files::check_parent(path)?;
            let mut file = BufWriter::new(files::create(path)?);
            let exported = lines(&place, args, &mut file).map_err(|error| told(&place, &error))?;
            let flushed = file.into_inner().map_err(io::IntoInnerError::into_error);
            flushed
                .and_then(|file| file.sync_all())
                .map_err(|error| Error::Input(format!("cannot write {}: {error}", path.display())))?;
            exported
        }
        (_, None) => {
            return match lines(&place, args, &mut out.writer()) {
                // The reader has gone, which is no fault of ours.
                Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit::DONE),
                other => other.map(|_| exit::DONE).map_err(|error| told(&place, &error)),
            };
        }
    };
    if let Some(path) = &args.output {
        let gone = match exported.gone {
            0 => String::new(),
            gone => format!(", {gone} of them only as hashes"),
        };
        out.result(&format!("{} events{gone} are in {}\n", exported.events + exported.gone, path.display()));
    }
    Ok(exit::DONE)
}

fn lines(place: &Trail, args: &ExportArgs, to: &mut impl Write) -> Result<Exported, ExportError> {
    let events = args.first..args.last.map_or(u64::MAX, |last| last.saturating_add(1));
    match args.format {
        ExportFormat::Ocsf => export::ocsf::write(&place.disk, events, to),
        ExportFormat::Otel => export::otel::write(&place.disk, events, export::otel::RECORDS_MAX, to),
        ExportFormat::Jsonl | ExportFormat::Scitt | ExportFormat::Tiles => {
            export::jsonl::write(&place.disk, to)
        }
    }
}

fn told(place: &Trail, error: &ExportError) -> Error {
    match error {
        ExportError::Log(error) => place.told(error),
        other => failed(place, other),
    }
}

/// Signed anew, so that it needs the keys: it is for the installation whose trail it is.
fn receipts(home: &Home, args: &ExportArgs, to: &Path) -> Outcome<Exported> {
    if args.from.is_some() {
        return Err(Error::Usage(
            "receipts are signed: only the installation whose trail it is can write them".into(),
        ));
    }
    let ledger = Ledger::open(home)?;
    let last = args.last.map_or(ledger.log().head().size, |last| last.saturating_add(1));
    let failed = |error: &dyn std::fmt::Display| {
        Error::Input(format!("the audit trail in {}: {error}", home.ledger().display()))
    };
    files::make_private_directory(to)?;
    ledger.log().export_receipts(args.first..last, to).map_err(|error| failed(&error))
}

pub(super) fn import(file: &Path, to: &Path, out: &mut Out) -> Outcome {
    if files::exists(to) {
        return Err(Error::Usage(format!("{} is there already: name a directory that is not", to.display())));
    }
    // Beside it, and named so once it is whole: what is refused, or cut short, is never there.
    let new = files::NewDirectory::beside(to)?;
    let mut input = files::open(file)?;
    let failed = |error: io::Error| Error::Input(format!("cannot write {}: {error}", to.display()));
    let mut disk = Directory::writing(new.path()).map_err(failed)?;
    let imported = export::import::read(&mut input, &mut disk).map_err(|error| match error {
        ImportError::Read(error) => Error::Input(format!("cannot read {}: {error}", file.display())),
        other => Error::Input(format!("{}: {other}", file.display())),
    })?;
    drop(disk);
    new.put(to)?;
    out.result(&format!(
        "{} events of log {} are in {}; verify them with: invar ledger verify --from {}\n",
        imported.head.size,
        imported.log.short(),
        to.display(),
        invar_monitor::shell_word(&to.display().to_string())
    ));
    Ok(exit::DONE)
}

fn failed(place: &Trail, error: &dyn std::fmt::Display) -> Error {
    Error::Input(format!("the audit trail in {}: {error}", place.path.display()))
}
