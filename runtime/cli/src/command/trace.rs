//! `invar trace`: the host calls of a run.
//!
//! They are written while they are read: a trace may be hostile, and its events may need more memory than the trace.

use std::io::{self, Write};

use invar_trace::{Event, Trace};
use serde::{Serializer as _, ser::SerializeSeq as _};

use crate::{
    args::{CapabilityArg, Format, TraceArgs},
    error::{Error, Outcome},
    exit,
    home::Home,
    out::Out,
    show::{Origins, event_json, event_line, header_line},
};

/// Bytes of lines that are written at once.
const LINES_BYTES: usize = 64 << 10;

pub(super) fn trace(args: &TraceArgs, out: &mut Out) -> Outcome {
    let trace = Home::find()?.store().trace(&args.trace)?;
    match args.format {
        Format::Human => {
            let mut lines = format!("{}\n\n", header_line(trace.header()?));
            let written = for_each(&trace, args, |event| {
                lines.push_str(&event_line(&trace, event)?);
                lines.push('\n');
                if lines.len() >= LINES_BYTES {
                    out.styled(&std::mem::take(&mut lines));
                }
                Ok(!out.is_broken())
            });
            // What was read before an event that cannot be read is shown.
            out.styled(&lines);
            written?;
        }
        Format::Json => {
            let mut to = io::BufWriter::with_capacity(LINES_BYTES, out.writer());
            let mut json = serde_json::Serializer::pretty(&mut to);
            let mut list = json.serialize_seq(None).map_err(|error| broken(&error))?;
            for_each(&trace, args, |event| {
                list.serialize_element(&event_json(&trace, event)?).map_err(|error| broken(&error))?;
                Ok(true)
            })?;
            list.end().map_err(|error| broken(&error))?;
            to.write_all(b"\n").and_then(|()| to.flush()).map_err(|error| Error::of_output(&error))?;
        }
    }
    Ok(exit::DONE)
}

/// Passes the wanted events to `take`, in order, until it returns false.
fn for_each(
    trace: &Trace,
    args: &TraceArgs,
    mut take: impl FnMut(&Event<'_>) -> Outcome<bool>,
) -> Outcome<()> {
    let wanted = args.only.map(CapabilityArg::capability);
    let mut origins = Origins::default();
    for event in trace.events() {
        let event = event.map_err(invar_trace::TraceError::from)?;
        let is_wanted = match wanted {
            None => true,
            Some(wanted) => origins.capability(trace, &event)? == Some(wanted),
        };
        if is_wanted && !take(&event)? {
            break;
        }
    }
    Ok(())
}

fn broken(error: &serde_json::Error) -> Error {
    match error.io_error_kind() {
        Some(kind) => Error::of_output(&kind.into()),
        None => Error::Internal(error.to_string()),
    }
}
