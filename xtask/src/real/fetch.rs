//! Archives: fetched once, held to their digest, and unpacked.

use std::{fs, path::PathBuf, process::Command};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{program::Program, tools::succeed};
use crate::project::TaskResult;

/// A download that stalls ends after ten minutes, and a redirect stays within the web.
const CURL: &[&str] = &["-sSfL", "--proto-redir", "=https,http", "--retry", "3", "--max-time", "600"];

/// Fetches the archive of a program unless it is there, and checks its digest.
///
/// # Errors
///
/// If it cannot be fetched, or is another one than the table names.
pub(super) fn archive(program: &Program) -> TaskResult<PathBuf> {
    let directory = program.directory();
    fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let archive = directory.join("archive");
    if !archive.exists() {
        let part = directory.join("archive.part");
        succeed(Command::new("curl").args(CURL).args([&program.url, "-o"]).arg(&part))?;
        fs::rename(&part, &archive).map_err(|error| format!("{}: {error}", archive.display()))?;
    }
    let bytes = fs::read(&archive).map_err(|error| format!("{}: {error}", archive.display()))?;
    let digest = HEXLOWER.encode(&Sha256::digest(&bytes));
    if digest == program.sha256 {
        return Ok(archive);
    }
    let path = archive.display();
    Err(format!("{path} has the digest {digest}, not {}: remove it to fetch it again", program.sha256))
}

/// Unpacks the archive of a program into a fresh directory.
///
/// # Errors
///
/// If it is no archive.
pub(super) fn unpack(program: &Program) -> TaskResult<PathBuf> {
    let archive = archive(program)?;
    let source = program.directory().join("source");
    let _ = fs::remove_dir_all(&source);
    fs::create_dir_all(&source).map_err(|error| format!("{}: {error}", source.display()))?;
    if program.url.ends_with(".whl") {
        succeed(Command::new("unzip").arg("-q").arg(archive).arg("-d").arg(&source))?;
    } else {
        succeed(
            Command::new("tar").arg("xf").arg(archive).arg("--strip-components=1").arg("-C").arg(&source),
        )?;
    }
    Ok(source)
}
