//! Streams of 0.2, as preview 1 uses them: standard input and output, and the ends of files.

use super::{
    call::Call,
    errno::{Answer, Errno, Failure},
    table::{Descriptor, Handle, Standard, resource},
};
use crate::{
    Shim,
    bindings::wasi::{
        cli::{
            stderr, stdin, stdout,
            terminal_input::{self, TerminalInput},
            terminal_output::{self, TerminalOutput},
            terminal_stderr, terminal_stdin, terminal_stdout,
        },
        filesystem::types as fs,
        io::{error, streams, streams::StreamError},
    },
    limits::BLOCKING_WRITE_BYTES_MAX,
};

impl Call<'_> {
    /// The stream of a standard descriptor. It is asked for when it is first used.
    pub(super) fn standard(&mut self, fd: u32) -> Answer<Handle> {
        let standard = match self.descriptor(fd)? {
            Descriptor::Standard(_, Some(handle)) => return Ok(*handle),
            Descriptor::Standard(standard, None) => *standard,
            _ => return Err(Errno::Badf.into()),
        };
        let stream = match standard {
            Standard::Input => <Shim as stdin::HostWithStore<_>>::get_stdin(self.host())?.rep(),
            Standard::Output => <Shim as stdout::HostWithStore<_>>::get_stdout(self.host())?.rep(),
            Standard::Error => <Shim as stderr::HostWithStore<_>>::get_stderr(self.host())?.rep(),
        };
        *self.descriptor(fd)? = Descriptor::Standard(standard, Some(stream));
        Ok(stream)
    }

    /// Whether a standard stream is a terminal.
    pub(super) fn is_terminal(&mut self, standard: Standard) -> Answer<bool> {
        let output = match standard {
            Standard::Input => {
                let terminal = <Shim as terminal_stdin::HostWithStore<_>>::get_terminal_stdin(self.host())?;
                return self.drop_terminal_input(terminal.map(|terminal| terminal.rep()));
            }
            Standard::Output => {
                <Shim as terminal_stdout::HostWithStore<_>>::get_terminal_stdout(self.host())?
            }
            Standard::Error => <Shim as terminal_stderr::HostWithStore<_>>::get_terminal_stderr(self.host())?,
        };
        let Some(terminal) = output else { return Ok(false) };
        let terminal = resource::<TerminalOutput>(terminal.rep());
        <Shim as terminal_output::HostTerminalOutputWithStore<_>>::drop(self.host(), terminal)?;
        Ok(true)
    }

    fn drop_terminal_input(&mut self, terminal: Option<Handle>) -> Answer<bool> {
        let Some(terminal) = terminal else { return Ok(false) };
        let terminal = resource::<TerminalInput>(terminal);
        <Shim as terminal_input::HostTerminalInputWithStore<_>>::drop(self.host(), terminal)?;
        Ok(true)
    }

    /// Reads from a stream, and waits until there is something; nothing at its end.
    pub(super) fn read_stream(&mut self, stream: Handle, len: u32) -> Answer<Vec<u8>> {
        let read = <Shim as streams::HostInputStreamWithStore<_>>::blocking_read(
            self.host(),
            resource(stream),
            len.into(),
        )?;
        match read {
            // Nothing is no end: the module is to ask again.
            Ok(bytes) if bytes.is_empty() => Err(Errno::Intr.into()),
            Ok(bytes) => Ok(bytes),
            Err(StreamError::Closed) => Ok(Vec::new()),
            Err(error) => Err(self.stream_failure(error)),
        }
    }

    /// Writes all bytes to a stream.
    pub(super) fn write_stream(&mut self, stream: Handle, bytes: &[u8]) -> Answer<()> {
        let most = usize::try_from(BLOCKING_WRITE_BYTES_MAX).unwrap_or(usize::MAX);
        for chunk in bytes.chunks(most) {
            let written = <Shim as streams::HostOutputStreamWithStore<_>>::blocking_write_and_flush(
                self.host(),
                resource(stream),
                chunk.to_vec(),
            )?;
            written.map_err(|error| self.stream_failure(error))?;
        }
        Ok(())
    }

    pub(super) fn drop_input(&mut self, stream: Handle) -> Answer<()> {
        Ok(<Shim as streams::HostInputStreamWithStore<_>>::drop(self.host(), resource(stream))?)
    }

    pub(super) fn drop_output(&mut self, stream: Handle) -> Answer<()> {
        Ok(<Shim as streams::HostOutputStreamWithStore<_>>::drop(self.host(), resource(stream))?)
    }

    /// What a stream's error is as a number: that of the file behind it, if there is one.
    fn stream_failure(&mut self, error: StreamError) -> Failure {
        match error {
            StreamError::Closed => Errno::Io.into(),
            StreamError::LastOperationFailed(error) => {
                self.file_failure(error.rep()).unwrap_or_else(|end| end)
            }
        }
    }

    fn file_failure(&mut self, error: Handle) -> Answer<Failure> {
        let code = <Shim as fs::HostWithStore<_>>::filesystem_error_code(self.host(), resource(error))?;
        <Shim as error::HostErrorWithStore<_>>::drop(self.host(), resource(error))?;
        Ok(code.map_or_else(|| Errno::Io.into(), Failure::from))
    }
}
