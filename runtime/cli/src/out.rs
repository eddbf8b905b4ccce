//! The terminal: the one way to write to it.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use invar_envelope::DocumentError;

use crate::{error::Error, exit};

/// Standard output for results, standard error for everything else.
pub(crate) struct Out {
    stdout: anstream::AutoStream<io::Stdout>,
    stderr: anstream::AutoStream<io::Stderr>,
    /// The reader of standard output has gone.
    broken: Option<io::Error>,
}

impl Out {
    /// The process's own; colours only where they are wanted.
    pub(crate) fn terminal() -> Self {
        Self { stdout: anstream::stdout(), stderr: anstream::stderr(), broken: None }
    }

    /// Whether standard error is watched by somebody.
    pub(crate) fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Writes a result.
    pub(crate) fn result(&mut self, text: &str) {
        self.raw(text.as_bytes());
    }

    /// Writes bytes of the skill's.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let stdout = self.stdout.as_inner().lock();
        self.broken = self.broken.take().or(write(stdout, bytes).err());
    }

    /// Standard output, for a result that is written as it comes.
    pub(crate) fn writer(&mut self) -> impl Write {
        io::stdout().lock()
    }

    /// Writes a result with colours in it.
    pub(crate) fn styled(&mut self, text: &str) {
        self.broken = self.broken.take().or(write(&mut self.stdout, text.as_bytes()).err());
    }

    /// Writes bytes of the skill's to standard error.
    pub(crate) fn raw_error(&mut self, bytes: &[u8]) {
        let _ = write(self.stderr.as_inner().lock(), bytes);
    }

    /// Tells of something that does not keep the command from going on.
    pub(crate) fn warning(&mut self, message: &str) {
        let _ = writeln!(self.stderr, "warning: {message}");
    }

    /// Tells of what ended the command.
    pub(crate) fn error(&mut self, error: &Error) {
        match error {
            Error::BeforeRun(error) => self.error(error),
            Error::Document(error) => drop(writeln!(self.stderr, "{}", snippet(error))),
            other => drop(writeln!(self.stderr, "error: {other}")),
        }
    }

    /// Everything is written, or the reader has gone, which is no fault of ours.
    pub(crate) fn finish(mut self) -> Result<(), ExitCode> {
        match self.broken.take().or(self.stdout.flush().err()) {
            None => Ok(()),
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(ExitCode::from(exit::DONE)),
            Some(error) => {
                self.error(&Error::Internal(format!("cannot write the result: {error}")));
                Err(ExitCode::from(exit::INTERNAL))
            }
        }
    }
}

fn write(mut to: impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes)?;
    to.flush()
}

/// The place in the user's document, shown.
fn snippet(error: &DocumentError) -> String {
    let snippet = Snippet::source(&error.text)
        .path(&error.file)
        .annotation(AnnotationKind::Primary.span(error.span.clone()));
    let mut group = Level::ERROR.primary_title(&error.message).element(snippet);
    if let Some(help) = &error.help {
        group = group.element(Level::HELP.message(help));
    }
    Renderer::styled().render(&[group])
}
