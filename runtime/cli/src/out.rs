//! The terminal: the one way to write to it.

use std::{
    ffi::OsString,
    io::{self, IsTerminal, Write},
    ops::Range,
    process::ExitCode,
};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use clap::Parser;
use invar_envelope::DocumentError;

use crate::{args::Args, error::Error, escape, exit};

/// Standard output for results, standard error for everything else.
pub(crate) struct Out {
    stdout: anstream::AutoStream<io::Stdout>,
    stderr: anstream::AutoStream<io::Stderr>,
    /// The error once the reader of standard output has closed the pipe.
    broken: Option<io::Error>,
}

impl Out {
    /// The streams of this process; colours only where they are wanted.
    pub(crate) fn terminal() -> Self {
        Self { stdout: anstream::stdout(), stderr: anstream::stderr(), broken: None }
    }

    /// Whether standard error is a terminal.
    pub(crate) fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Writes a result.
    pub(crate) fn result(&mut self, text: &str) {
        self.raw(text.as_bytes());
    }

    /// Writes bytes of the skill.
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

    /// Whether the reader of standard output has closed the pipe.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Writes bytes of the skill to standard error.
    pub(crate) fn raw_error(&mut self, bytes: &[u8]) {
        let _ = write(self.stderr.as_inner().lock(), bytes);
    }

    /// Warns of something that does not stop the command.
    pub(crate) fn warning(&mut self, message: &str) {
        let _ = writeln!(self.stderr, "warning: {}", escape::message(message));
    }

    /// Prints the error that ended the command. Its text is escaped: see [`escape`].
    pub(crate) fn error(&mut self, error: &Error) {
        match error {
            Error::BeforeRun(error) => self.error(error),
            Error::ReaderGone => {}
            Error::Document(error) => drop(writeln!(self.stderr, "{}", snippet(error))),
            other => drop(writeln!(self.stderr, "error: {}", escape::message(&other.to_string()))),
        }
    }

    /// Prints what is wrong with the arguments, or the requested help. Arguments that are repeated are untrusted: they may be
    /// names of files that someone else chose.
    pub(crate) fn bad_arguments(
        &mut self,
        error: &clap::Error,
        given: impl Iterator<Item = OsString>,
    ) -> ExitCode {
        let shown: Vec<String> = given.map(|argument| escape::line(&argument.to_string_lossy())).collect();
        let again = Args::try_parse_from(shown).err().filter(|again| again.kind() == error.kind());
        let code = u8::try_from(error.exit_code()).unwrap_or(exit::USAGE);
        let printed = match again {
            Some(again) => again.print(),
            None => writeln!(self.stderr, "error: {}", escape::message(&error.to_string())),
        };
        // It does not matter if nobody reads it.
        drop(printed);
        ExitCode::from(code)
    }

    /// Flushes the output. A reader that has closed the pipe is no error.
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

/// Warns of something that does not stop the command, where nothing else is written meanwhile.
pub(crate) fn warn(message: &str) {
    Out::terminal().warning(message);
}

fn write(mut to: impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes)?;
    to.flush()
}

/// The place in the user's document, shown.
fn snippet(error: &DocumentError) -> String {
    let (text, span) = shown(&error.text, &error.span);
    let path = escape::line(&error.file);
    let title = escape::message(&error.message);
    let help = error.help.as_deref().map(escape::message);
    let snippet =
        Snippet::source(text.as_str()).path(path.as_str()).annotation(AnnotationKind::Primary.span(span));
    let mut group = Level::ERROR.primary_title(title.as_str()).element(snippet);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::styled().render(&[group])
}

/// A document with nothing in it that is not seen but newlines and tabs, and where the place is in that.
fn shown(text: &str, span: &Range<usize>) -> (String, Range<usize>) {
    let mut shown = String::with_capacity(text.len());
    let (mut start, mut end) = (None, None);
    for (at, c) in text.char_indices() {
        if at >= span.start {
            start.get_or_insert(shown.len());
        }
        if at >= span.end {
            end.get_or_insert(shown.len());
        }
        match c {
            '\n' | '\t' => shown.push(c),
            // Before a newline it is part of that.
            '\r' if text[at..].starts_with("\r\n") => {}
            c if escape::is_unseen(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    let start = start.unwrap_or(shown.len());
    let end = end.unwrap_or(shown.len()).max(start);
    (shown, start..end)
}

#[cfg(test)]
mod tests {
    use invar_envelope::Document;

    use super::*;

    #[test]
    fn a_place_in_a_document_is_shown_without_what_is_not_seen() {
        let text = "[skill]\r\nname = \"a\u{1b}[2J\u{202e}b\"\nx = 1\n";
        let at = text.find("\u{202e}").unwrap();
        let mut error = DocumentError::at(
            Document { name: "dir\u{1b}[31m/skill.toml", text },
            at..at + 3,
            "not \"\u{1b}[2J\"\nCONSISTENT",
        );
        error.help = Some("write\u{200b} it".into());
        let shown = anstream::adapter::strip_str(&snippet(&error)).to_string();
        assert!(!shown.chars().any(|c| c != '\n' && escape::is_unseen(c)), "{shown:?}");
        for part in
            ["\\u{1b}[2J\\u{202e}b", "dir\\u{1b}[31m/skill.toml:2:", "| CONSISTENT", "write\\u{200b} it"]
        {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(!shown.lines().any(|line| line.trim_start().starts_with("CONSISTENT")), "{shown}");
    }

    #[test]
    fn the_place_stays_the_place() {
        let text = "a\u{1b}b\r\nc";
        let place = |span: Range<usize>| {
            let (text, span) = super::shown(text, &span);
            text[span].to_owned()
        };
        assert_eq!((place(1..2).as_str(), place(2..3).as_str(), place(5..6).as_str()), ("\\u{1b}", "b", "c"));
        assert_eq!(place(6..6), "");
    }
}
