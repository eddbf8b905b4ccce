//! `invar ledger export` and `import`: the trail in other formats, and back.

use std::{
    io::{self, BufWriter, Write},
    path::Path,
};

use invar_ledger::{
    disk::Directory,
    export::{self, ExportError, Exported, files::Folder, import::ImportError},
};

use super::trail::ReadTrail;
use crate::{
    args::{ExportArgs, ExportFormat},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    out::Out,
};

pub(super) fn export(home: &Home, args: &ExportArgs, out: &mut Out) -> Outcome {
    let trail = ReadTrail::of(home, args.from.as_deref())?;
    let is_part = args.first > 0 || args.last.is_some();
    if is_part && matches!(args.format, ExportFormat::Jsonl | ExportFormat::Tiles) {
        return Err(Error::Usage(
            "--first and --last apply to ocsf, otel and scitt only: the other formats hold the whole trail"
                .into(),
        ));
    }
    let exported = match (args.format, &args.output) {
        (ExportFormat::Scitt | ExportFormat::Tiles, None) => {
            return Err(Error::Usage(
                "this format consists of several files: name a directory with -o".into(),
            ));
        }
        (ExportFormat::Scitt, Some(to)) => receipts(home, args, to)?,
        (ExportFormat::Tiles, Some(to)) => {
            export::tiles::write(&trail.disk, &mut Folder::new(to)).map_err(|error| failed(&trail, &error))?
        }
        (_, Some(path)) => {
            files::check_parent(path)?;
            let mut file = BufWriter::new(files::create(path)?);
            let exported = lines(&trail, args, &mut file).map_err(|error| export_error(&trail, &error))?;
            let flushed = file.into_inner().map_err(io::IntoInnerError::into_error);
            flushed
                .and_then(|file| file.sync_all())
                .map_err(|error| Error::Input(format!("cannot write {}: {error}", path.display())))?;
            exported
        }
        (_, None) => {
            return match lines(&trail, args, &mut out.writer()) {
                // The reader has closed the pipe, which is no error.
                Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit::DONE),
                other => other.map(|_| exit::DONE).map_err(|error| export_error(&trail, &error)),
            };
        }
    };
    if let Some(path) = &args.output {
        let gone = match exported.gone {
            0 => String::new(),
            gone => format!(", {gone} of them pruned to their hashes,"),
        };
        out.result(&format!(
            "exported {} events{gone} to {}\n",
            exported.events + exported.gone,
            path.display()
        ));
    }
    Ok(exit::DONE)
}

fn lines(trail: &ReadTrail, args: &ExportArgs, to: &mut impl Write) -> Result<Exported, ExportError> {
    let events = args.first..args.last.map_or(u64::MAX, |last| last.saturating_add(1));
    match args.format {
        ExportFormat::Ocsf => export::ocsf::write(&trail.disk, events, to),
        ExportFormat::Otel => export::otel::write(&trail.disk, events, export::otel::RECORDS_MAX, to),
        ExportFormat::Jsonl | ExportFormat::Scitt | ExportFormat::Tiles => {
            export::jsonl::write(&trail.disk, to)
        }
    }
}

fn export_error(trail: &ReadTrail, error: &ExportError) -> Error {
    match error {
        ExportError::Log(error) => trail.error(error),
        other => failed(trail, other),
    }
}

/// Receipts are signed again, so they need the keys of this installation.
fn receipts(home: &Home, args: &ExportArgs, to: &Path) -> Outcome<Exported> {
    if args.from.is_some() {
        return Err(Error::Usage(
            "receipts are signed: only the installation that owns the trail can write them".into(),
        ));
    }
    let ledger = crate::ledger::open(home)?;
    let last = args.last.map_or(ledger.log().head().size, |last| last.saturating_add(1));
    let failed = |error: &dyn std::fmt::Display| {
        Error::Input(format!("the audit trail in {}: {error}", home.ledger().display()))
    };
    files::make_private_directory(to)?;
    ledger.log().export_receipts(args.first..last, to).map_err(|error| failed(&error))
}

pub(super) fn import(file: &Path, to: &Path, out: &mut Out) -> Outcome {
    if files::exists(to) {
        return Err(Error::Usage(format!("{} already exists: name a directory that does not", to.display())));
    }
    // A temporary directory that gets the name once it is complete: an import that fails leaves nothing.
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
        "imported {} events of log {} to {}; verify them with: invar ledger verify --from {}\n",
        imported.head.size,
        imported.log.short(),
        to.display(),
        invar_monitor::shell_word(&to.display().to_string())
    ));
    Ok(exit::DONE)
}

fn failed(trail: &ReadTrail, error: &dyn std::fmt::Display) -> Error {
    Error::Input(format!("the audit trail in {}: {error}", trail.path.display()))
}
