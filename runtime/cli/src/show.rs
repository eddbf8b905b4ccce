//! Host calls, shown.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use invar_trace::{
    Capability, Ending, Event, FunctionId, Header, Origin, Payload, Trace, Type, Verdict, arguments_to_json,
    to_json,
};
use serde_json::{Value, json};

use crate::{
    error::{Error, Outcome},
    escape,
};

/// Bytes of a value that people are shown the beginning of. Stops a call with a value of a hundred megabytes from being
/// written out to show a line of it.
const SHOWN_BYTES_MAX: u64 = 1 << 20;
/// Bytes of a value that is written out for programs: as many as the arguments of one call may take. Stops a trace that
/// was made to fill memory.
const WRITTEN_BYTES_MAX: u64 = 64 << 20;

const DIM: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default();

/// What a trace is of, in one line.
pub(crate) fn header_line(header: &Header) -> String {
    let skill = header.skill.escape_debug();
    let component = header.component.short(12);
    match &header.origin {
        Origin::Lab(lab) => {
            let (number, seed, start) = (lab.run.number, lab.world.seed, lab.run.start);
            format!("run {number} of {skill} · sha256:{component} · lab, seed {seed}, from {start}")
        }
        Origin::Live(live) => {
            let (machine, start) = (live.machine.escape_debug(), live.started);
            format!("run of {skill} · sha256:{component} · live on {machine}, from {start}")
        }
    }
}

/// One event in one line, whatever it holds.
pub(crate) fn event_line(trace: &Trace, event: &Event<'_>) -> Outcome<String> {
    #[allow(clippy::cast_precision_loss, reason = "microseconds are shown")]
    let ms = event.time_ns as f64 / 1e6;
    let stamp = format!("{DIM}#{:<4} {ms:>10.3} ms{DIM:#}", event.number);
    if event.function == FunctionId::END {
        return Ok(format!("{stamp}  {}", ending(trace, event)?));
    }
    let call = call(trace, event)?;
    let answer = match event.answer {
        None => " → (stopped)".to_owned(),
        Some(Payload::Blob { bytes, .. }) if bytes > SHOWN_BYTES_MAX => {
            format!(" → ({})", invar_monitor::bytes(bytes))
        }
        Some(payload) => match answer(trace, event, payload)? {
            Value::Null => String::new(),
            value => format!(" → {}", short(&value)),
        },
    };
    let verdict = match event.decision.as_ref().map(|decision| &decision.verdict) {
        Some(Verdict::Violation(missing)) => format!("  {BAD}not declared: {missing}{BAD:#}"),
        Some(Verdict::Denied(missing)) => format!("  {BAD}denied: {missing}{BAD:#}"),
        Some(Verdict::NotGranted(missing)) => format!("  {BAD}not granted: {missing}{BAD:#}"),
        Some(Verdict::Allowed) | None => String::new(),
    };
    Ok(format!("{stamp}  {call}{answer}{verdict}"))
}

/// `filesystem/types descriptor.open-at(self: 3, path: "a")`
fn call(trace: &Trace, event: &Event<'_>) -> Outcome<String> {
    if let Payload::Blob { bytes, .. } = event.request
        && bytes > SHOWN_BYTES_MAX
    {
        return Ok(format!("{}(… {})", event.function, invar_monitor::bytes(bytes)));
    }
    let arguments = arguments(trace, event)?;
    let shown: Vec<String> =
        arguments.iter().map(|(name, value)| format!("{name}: {}", short(value))).collect();
    Ok(format!("{}({})", event.function, shown.join(", ")))
}

/// One event for programs.
pub(crate) fn event_json(trace: &Trace, event: &Event<'_>) -> Outcome<Value> {
    let mut json = json!({
        "event": event.number,
        "fuel": event.fuel,
        "time_ns": event.time_ns,
        "function": event.function.get().map_or_else(|| "end".to_owned(), |function| format!("{}#{}", function.interface, function.name)),
    });
    if event.function == FunctionId::END {
        json["ending"] = json!(ending(trace, event)?);
        return Ok(json);
    }
    json["arguments"] = Value::Object(arguments(trace, event)?.into_iter().collect());
    json["answer"] = match event.answer {
        Some(payload) => answer(trace, event, payload)?,
        None => json!({ "stopped": true }),
    };
    if let Some(decision) = &event.decision {
        json["subject"] = json!(decision.subject.as_ref().map(ToString::to_string));
        json["decision"] = match &decision.verdict {
            Verdict::Allowed => json!("allowed"),
            Verdict::Violation(missing) => json!({ "violation": missing.to_string() }),
            Verdict::Denied(missing) => json!({ "denied": missing.to_string() }),
            Verdict::NotGranted(missing) => json!({ "not_granted": missing.to_string() }),
        };
    }
    Ok(json)
}

fn ending(trace: &Trace, event: &Event<'_>) -> Outcome<String> {
    let ending = Ending::from_cbor(trace.value(event.request)?);
    ending.map(|ending| ending.to_string()).map_err(|error| Error::Input(error.to_string()))
}

fn arguments(trace: &Trace, event: &Event<'_>) -> Outcome<Vec<(String, Value)>> {
    let Some(function) = event.function.get() else { return Ok(Vec::new()) };
    let types: Vec<Type> = function.params.iter().map(|(_, ty)| *ty).collect();
    check_size(event, event.request)?;
    let values = arguments_to_json(&types, trace.value(event.request)?)
        .map_err(|error| Error::Input(format!("event {}: {error}", event.number)))?;
    Ok(function.params.iter().map(|(name, _)| (*name).to_owned()).zip(values).collect())
}

fn answer(trace: &Trace, event: &Event<'_>, payload: Payload<'_>) -> Outcome<Value> {
    let ty = event.function.get().and_then(|function| function.answer.as_ref());
    check_size(event, payload)?;
    to_json(ty, trace.value(payload)?)
        .map_err(|error| Error::Input(format!("event {}: {error}", event.number)))
}

fn check_size(event: &Event<'_>, payload: Payload<'_>) -> Outcome<()> {
    match payload {
        Payload::Blob { bytes, .. } if bytes > WRITTEN_BYTES_MAX => Err(Error::Input(format!(
            "event {}: a value of {bytes} bytes, more than a call can have ({WRITTEN_BYTES_MAX})",
            event.number
        ))),
        _ => Ok(()),
    }
}

/// JSON, cut where it gets long.
fn short(value: &Value) -> String {
    const SHOWN: usize = 96;
    let text = match value {
        Value::Object(object) if object.len() == 1 && object.contains_key("hex") => preview(&object["hex"]),
        Value::Object(object) if object.len() == 1 && object.contains_key("ok") => match &object["ok"] {
            Value::Null => "ok".to_owned(),
            inner => format!("ok {inner}"),
        },
        Value::Object(object) if object.len() == 1 && object.contains_key("err") => {
            format!("err {}", object["err"]).replace('"', "")
        }
        other => other.to_string(),
    };
    let shown = match text.chars().count() > SHOWN {
        true => format!("{}…", text.chars().take(SHOWN).collect::<String>()),
        false => text,
    };
    // JSON escapes control characters, and no others that are not seen.
    escape::line(&shown)
}

/// Bytes that are not text, as far as they can be read: `b"0216,user\x8d…" (2,344 B)`.
fn preview(hex: &Value) -> String {
    const SHOWN: usize = 56;
    let hex = hex.as_str().unwrap_or_default();
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .filter_map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect();
    let shown = bytes[..bytes.len().min(SHOWN)].escape_ascii();
    let more = if bytes.len() > SHOWN { "…" } else { "" };
    format!("b\"{shown}{more}\" ({})", invar_monitor::bytes(bytes.len() as u64))
}

/// What each open handle came from, so that a stream's calls are about what the stream is on.
#[derive(Default)]
pub(crate) struct Origins(BTreeMap<u64, Capability>);

impl Origins {
    /// What a call is about. Calls must come in order.
    pub(crate) fn capability(&mut self, trace: &Trace, event: &Event<'_>) -> Outcome<Option<Capability>> {
        let Some(function) = event.function.get() else { return Ok(None) };
        let of_interface = Capability::of_interface(function.interface);
        let arguments = arguments(trace, event)?;
        let on = arguments
            .iter()
            .zip(function.params)
            .find(|(_, (_, ty))| matches!(ty, Type::Handle(_)))
            .and_then(|((_, value), _)| self.0.get(&value.as_u64()?).copied());
        let capability = match of_interface {
            Capability::Process => on.unwrap_or(of_interface),
            of_interface => of_interface,
        };
        if let (Some(ty), Some(payload)) = (&function.answer, event.answer) {
            let mut handles = Vec::new();
            collect_handles(ty, &answer(trace, event, payload)?, &mut handles);
            self.0.extend(handles.into_iter().map(|handle| (handle, capability)));
        }
        Ok(Some(capability))
    }
}

fn collect_handles(ty: &Type, value: &Value, handles: &mut Vec<u64>) {
    match (*ty, value) {
        (Type::Handle(_), value) => handles.extend(value.as_u64()),
        (Type::Option(of) | Type::List(of), Value::Array(items)) => {
            items.iter().for_each(|item| collect_handles(of, item, handles));
        }
        (Type::Option(of), value) => collect_handles(of, value, handles),
        (Type::Tuple(types), Value::Array(items)) => {
            types.iter().zip(items).for_each(|(ty, item)| collect_handles(ty, item, handles));
        }
        (Type::Result(Some(ok), _), Value::Object(object)) => {
            if let Some(value) = object.get("ok") {
                collect_handles(ok, value, handles);
            }
        }
        _ => {}
    }
}
