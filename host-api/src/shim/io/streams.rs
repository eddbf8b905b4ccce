//! `wasi:io/streams`

use invar_trace::functions::streams as f;
use wasmtime::component::Resource;

use crate::{
    Context, Membrane, Shim,
    bindings::wasi::io::{
        poll::Pollable,
        streams::{
            Host as Marker, HostInputStream, HostInputStreamWithStore, HostOutputStream,
            HostOutputStreamWithStore, InputStream, OutputStream, StreamError,
        },
    },
    funnel::{GuestError, Host, infallible, unchecked},
    handles::{Handle, Input, Pollable as Waits, Sink, StreamFailure},
    limits::{BLOCKING_WRITE_BYTES_MAX, READ_BYTES_MAX, WRITE_PERMIT_BYTES},
    port::{FileError, Interest, NetworkError, NodeId, Received},
    shim::{http::Written, no_methods},
    stop::{Fail, Outcome, Stop},
};

no_methods!(Marker, HostInputStream, HostOutputStream);

impl GuestError for StreamError {
    const REFUSED: Self = Self::Closed;
}

impl From<StreamError> for Fail<StreamError> {
    fn from(error: StreamError) -> Self {
        Self::Guest(error)
    }
}

type Done<T> = Outcome<T, StreamError>;

impl HostInputStreamWithStore<Membrane> for Shim {
    fn read(
        host: Host<'_>,
        stream: Resource<InputStream>,
        len: u64,
    ) -> wasmtime::Result<Result<Vec<u8>, StreamError>> {
        let request = (&stream, len);
        unchecked(host, f::INPUT_STREAM_READ, &request, |context| context.read_stream(&stream, len, false))
    }

    fn blocking_read(
        host: Host<'_>,
        stream: Resource<InputStream>,
        len: u64,
    ) -> wasmtime::Result<Result<Vec<u8>, StreamError>> {
        let request = (&stream, len);
        unchecked(host, f::INPUT_STREAM_BLOCKING_READ, &request, |context| {
            context.read_stream(&stream, len, true)
        })
    }

    fn skip(
        host: Host<'_>,
        stream: Resource<InputStream>,
        len: u64,
    ) -> wasmtime::Result<Result<u64, StreamError>> {
        let request = (&stream, len);
        unchecked(host, f::INPUT_STREAM_SKIP, &request, |context| {
            context.read_stream(&stream, len, false).map(|bytes| bytes.len() as u64)
        })
    }

    fn blocking_skip(
        host: Host<'_>,
        stream: Resource<InputStream>,
        len: u64,
    ) -> wasmtime::Result<Result<u64, StreamError>> {
        let request = (&stream, len);
        unchecked(host, f::INPUT_STREAM_BLOCKING_SKIP, &request, |context| {
            context.read_stream(&stream, len, true).map(|bytes| bytes.len() as u64)
        })
    }

    fn subscribe(host: Host<'_>, stream: Resource<InputStream>) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&stream,);
        infallible(host, f::INPUT_STREAM_SUBSCRIBE, &request, (), |context, _| {
            let waits = match *context.handles.input(&stream)? {
                Input::Tcp(connection) => Waits::For(Interest::Receive(connection)),
                Input::Body { exchange, is_over: false } => Waits::For(Interest::Body(exchange)),
                Input::Body { is_over: true, .. } => Waits::For(Interest::Always),
                Input::Stdin | Input::File { .. } | Input::Unreadable | Input::Closed => {
                    Waits::For(Interest::Always)
                }
            };
            context.handles.open(Handle::Pollable(waits))
        })
    }

    fn drop(host: Host<'_>, stream: Resource<InputStream>) -> wasmtime::Result<()> {
        let request = (&stream,);
        infallible(host, f::INPUT_STREAM_DROP, &request, (), |context, _| {
            match context.handles.close(&stream)? {
                Handle::Input(Input::File { node, .. }) => context.world.files().release(node),
                Handle::Input(Input::Body { exchange, .. }) => context.http.stop_reading(exchange),
                _ => {}
            }
            Ok(())
        })
    }
}

impl HostOutputStreamWithStore<Membrane> for Shim {
    fn check_write(
        host: Host<'_>,
        stream: Resource<OutputStream>,
    ) -> wasmtime::Result<Result<u64, StreamError>> {
        let request = (&stream,);
        unchecked(host, f::OUTPUT_STREAM_CHECK_WRITE, &request, |context| context.check_write(&stream))
    }

    fn write(
        host: Host<'_>,
        stream: Resource<OutputStream>,
        contents: Vec<u8>,
    ) -> wasmtime::Result<Result<(), StreamError>> {
        let request = (&stream, &contents);
        unchecked(host, f::OUTPUT_STREAM_WRITE, &request, |context| {
            if contents.len() as u64 > WRITE_PERMIT_BYTES {
                return Err(misuse("more bytes were written than check-write permits"));
            }
            context.write_stream(&stream, &contents)
        })
    }

    fn blocking_write_and_flush(
        host: Host<'_>,
        stream: Resource<OutputStream>,
        contents: Vec<u8>,
    ) -> wasmtime::Result<Result<(), StreamError>> {
        let request = (&stream, &contents);
        unchecked(host, f::OUTPUT_STREAM_BLOCKING_WRITE_AND_FLUSH, &request, |context| {
            if contents.len() as u64 > BLOCKING_WRITE_BYTES_MAX {
                return Err(misuse("blocking-write-and-flush takes at most 4096 bytes"));
            }
            context.write_stream(&stream, &contents)
        })
    }

    fn flush(host: Host<'_>, stream: Resource<OutputStream>) -> wasmtime::Result<Result<(), StreamError>> {
        let request = (&stream,);
        unchecked(host, f::OUTPUT_STREAM_FLUSH, &request, |context| context.flush(&stream))
    }

    fn blocking_flush(
        host: Host<'_>,
        stream: Resource<OutputStream>,
    ) -> wasmtime::Result<Result<(), StreamError>> {
        let request = (&stream,);
        unchecked(host, f::OUTPUT_STREAM_BLOCKING_FLUSH, &request, |context| context.flush(&stream))
    }

    fn subscribe(host: Host<'_>, stream: Resource<OutputStream>) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&stream,);
        infallible(host, f::OUTPUT_STREAM_SUBSCRIBE, &request, (), |context, _| {
            context.handles.output(&stream)?;
            context.handles.open(Handle::Pollable(Waits::For(Interest::Always)))
        })
    }

    fn write_zeroes(
        host: Host<'_>,
        stream: Resource<OutputStream>,
        len: u64,
    ) -> wasmtime::Result<Result<(), StreamError>> {
        let request = (&stream, len);
        unchecked(host, f::OUTPUT_STREAM_WRITE_ZEROES, &request, |context| {
            context.write_zeroes(&stream, len, WRITE_PERMIT_BYTES)
        })
    }

    fn blocking_write_zeroes_and_flush(
        host: Host<'_>,
        stream: Resource<OutputStream>,
        len: u64,
    ) -> wasmtime::Result<Result<(), StreamError>> {
        let request = (&stream, len);
        unchecked(host, f::OUTPUT_STREAM_BLOCKING_WRITE_ZEROES_AND_FLUSH, &request, |context| {
            context.write_zeroes(&stream, len, BLOCKING_WRITE_BYTES_MAX)
        })
    }

    fn splice(
        host: Host<'_>,
        stream: Resource<OutputStream>,
        from: Resource<InputStream>,
        len: u64,
    ) -> wasmtime::Result<Result<u64, StreamError>> {
        let request = (&stream, &from, len);
        unchecked(host, f::OUTPUT_STREAM_SPLICE, &request, |context| {
            context.splice(&stream, &from, len, false)
        })
    }

    fn blocking_splice(
        host: Host<'_>,
        stream: Resource<OutputStream>,
        from: Resource<InputStream>,
        len: u64,
    ) -> wasmtime::Result<Result<u64, StreamError>> {
        let request = (&stream, &from, len);
        unchecked(host, f::OUTPUT_STREAM_BLOCKING_SPLICE, &request, |context| {
            context.splice(&stream, &from, len, true)
        })
    }

    fn drop(host: Host<'_>, stream: Resource<OutputStream>) -> wasmtime::Result<()> {
        let request = (&stream,);
        infallible(host, f::OUTPUT_STREAM_DROP, &request, (), |context, _| {
            match context.handles.close(&stream)? {
                Handle::Output(Sink::File { node, .. }) => context.world.files().release(node),
                // Dropping its stream is how a skill says that it will send nothing more.
                Handle::Output(Sink::Tcp(connection)) => {
                    context.world.network().shutdown(connection);
                }
                Handle::Output(Sink::Body(body)) => context.http.stop_writing(body),
                _ => {}
            }
            Ok(())
        })
    }
}

fn misuse(what: &str) -> Fail<StreamError> {
    Fail::Stop(Stop::Misuse(what.to_owned()))
}

impl Context {
    fn read_stream(&mut self, stream: &Resource<InputStream>, len: u64, block: bool) -> Done<Vec<u8>> {
        let len = usize::try_from(len).unwrap_or(usize::MAX).min(READ_BYTES_MAX);
        let input = self.handles.input(stream)?;
        match input {
            Input::Closed => Err(StreamError::Closed.into()),
            Input::Unreadable => {
                *input = Input::Closed;
                self.fail(StreamFailure::File(FileError::BadDescriptor))
            }
            _ if len == 0 => Ok(Vec::new()),
            Input::Stdin => {
                let bytes = self.stdio.read(len);
                if bytes.is_empty() { Err(StreamError::Closed.into()) } else { Ok(bytes) }
            }
            Input::File { node, offset } => {
                let bytes = match self.world.files().read(*node, *offset, len) {
                    Ok(bytes) => bytes,
                    Err(error) => return self.fail(StreamFailure::File(error)),
                };
                // The end is the end, even if the file grows: as elsewhere.
                if bytes.is_empty() {
                    let node = *node;
                    *input = Input::Closed;
                    self.world.files().release(node);
                    return Err(StreamError::Closed.into());
                }
                *offset += bytes.len() as u64;
                self.bytes.file_read += bytes.len() as u64;
                self.check_file_bytes()?;
                Ok(bytes)
            }
            Input::Body { is_over: true, .. } => Err(StreamError::Closed.into()),
            Input::Body { exchange, is_over: false } => {
                let exchange = *exchange;
                if block {
                    self.world.wait(&[Interest::Body(exchange)])?;
                }
                match self.world.network().body(exchange, len) {
                    Ok(Received::Data(bytes)) => {
                        self.bytes.network_received += bytes.len() as u64;
                        self.check_network_bytes()?;
                        Ok(bytes)
                    }
                    Ok(Received::Pending) => Ok(Vec::new()),
                    Ok(Received::Closed | Received::Reset) => Err(StreamError::Closed.into()),
                    Err(error) => {
                        *self.handles.input(stream)? = Input::Body { exchange, is_over: true };
                        self.fail(StreamFailure::Request(error))
                    }
                }
            }
            Input::Tcp(connection) => {
                let connection = *connection;
                if block {
                    self.world.wait(&[Interest::Receive(connection)])?;
                }
                match self.world.network().receive(connection, len) {
                    Received::Data(bytes) => {
                        self.bytes.network_received += bytes.len() as u64;
                        self.check_network_bytes()?;
                        Ok(bytes)
                    }
                    Received::Pending => Ok(Vec::new()),
                    Received::Closed => {
                        *self.handles.input(stream)? = Input::Closed;
                        Err(StreamError::Closed.into())
                    }
                    Received::Reset => {
                        *self.handles.input(stream)? = Input::Closed;
                        self.fail(StreamFailure::Network(NetworkError::ConnectionReset))
                    }
                }
            }
        }
    }

    fn check_write(&mut self, stream: &Resource<OutputStream>) -> Done<u64> {
        match self.handles.output(stream)? {
            Sink::Closed => Err(StreamError::Closed.into()),
            _ => Ok(WRITE_PERMIT_BYTES),
        }
    }

    fn flush(&mut self, stream: &Resource<OutputStream>) -> Done<()> {
        self.check_write(stream).map(drop)
    }

    fn write_stream(&mut self, stream: &Resource<OutputStream>, bytes: &[u8]) -> Done<()> {
        match *self.handles.output(stream)? {
            Sink::Closed => Err(StreamError::Closed.into()),
            Sink::Unwritable => {
                self.close_output(stream)?;
                self.fail(StreamFailure::File(FileError::BadDescriptor))
            }
            Sink::Stdout => Ok(self.stdio.write(false, bytes)?),
            Sink::Stderr => Ok(self.stdio.write(true, bytes)?),
            Sink::File { node, offset } => {
                let (written, outcome) = self.write_file(node, offset, bytes);
                self.bytes.file_written += written;
                if let Err(error) = outcome {
                    self.close_output(stream)?;
                    self.world.files().release(node);
                    return self.fail(StreamFailure::File(error));
                }
                let offset = offset.map(|offset| offset + written);
                *self.handles.output(stream)? = Sink::File { node, offset };
                self.check_file_work()?;
                Ok(self.check_file_bytes()?)
            }
            Sink::Body(body) => match self.http.write(body, bytes, self.world.network())? {
                Written::Sent => {
                    self.bytes.network_sent += bytes.len() as u64;
                    Ok(self.check_network_bytes()?)
                }
                Written::Kept => Ok(()),
                Written::Closed => Err(StreamError::Closed.into()),
                Written::TooLong(bytes) => self.fail(StreamFailure::BodySize(bytes)),
            },
            Sink::Tcp(connection) => {
                let mut rest = bytes;
                loop {
                    match self.world.network().send(connection, rest) {
                        Ok(sent) => {
                            let sent = sent.min(rest.len());
                            self.bytes.network_sent += sent as u64;
                            self.check_network_bytes()?;
                            rest = &rest[sent..];
                        }
                        Err(error) => {
                            self.close_output(stream)?;
                            return self.fail(StreamFailure::Network(error));
                        }
                    }
                    if rest.is_empty() {
                        break;
                    }
                    self.world.wait(&[Interest::Send(connection)])?;
                }
                Ok(())
            }
        }
    }

    /// Writes all of it; gives how many bytes were written before anything failed.
    fn write_file(
        &mut self,
        node: NodeId,
        offset: Option<u64>,
        bytes: &[u8],
    ) -> (u64, Result<(), FileError>) {
        let mut written = 0;
        loop {
            let rest = &bytes[written..];
            let at = offset.map(|offset| offset + written as u64);
            match self.world.files().write(node, at, rest) {
                Ok(0) if !rest.is_empty() => return (written as u64, Err(FileError::InsufficientSpace)),
                Ok(more) => written += more.min(rest.len()),
                Err(error) => return (written as u64, Err(error)),
            }
            if written == bytes.len() {
                return (written as u64, Ok(()));
            }
        }
    }

    fn write_zeroes(&mut self, stream: &Resource<OutputStream>, len: u64, most: u64) -> Done<()> {
        if len > most {
            return Err(misuse("more zeroes were written than are permitted"));
        }
        self.write_stream(stream, &vec![0; usize::try_from(len).unwrap_or_default()])
    }

    fn splice(
        &mut self,
        to: &Resource<OutputStream>,
        from: &Resource<InputStream>,
        len: u64,
        block: bool,
    ) -> Done<u64> {
        let permit = self.check_write(to)?;
        let bytes = self.read_stream(from, len.min(permit), block)?;
        self.write_stream(to, &bytes)?;
        Ok(bytes.len() as u64)
    }

    fn close_output(&mut self, stream: &Resource<OutputStream>) -> Result<(), Stop> {
        *self.handles.output(stream)? = Sink::Closed;
        Ok(())
    }

    /// Answers that the operation failed, with a handle on why.
    fn fail<T>(&mut self, failure: StreamFailure) -> Done<T> {
        let error = self.handles.open(Handle::Error(failure))?;
        Err(StreamError::LastOperationFailed(error).into())
    }

    pub(crate) fn check_file_bytes(&self) -> Result<(), Stop> {
        match self.bytes.file_read + self.bytes.file_written > self.limits.file_bytes {
            true => Err(Stop::Limit("file bytes")),
            false => Ok(()),
        }
    }

    pub(crate) fn check_network_bytes(&self) -> Result<(), Stop> {
        match self.bytes.network_sent + self.bytes.network_received > self.limits.network_bytes {
            true => Err(Stop::Limit("network bytes")),
            false => Ok(()),
        }
    }
}
