//! `invar trace`: the host calls of a run.

use serde_json::Value;

use crate::{
    args::{CapabilityArg, Format, TraceArgs},
    error::Outcome,
    exit,
    home::Home,
    out::Out,
    show::{Origins, event_json, event_line, header_line},
    store::Store,
};

pub(super) fn trace(args: &TraceArgs, out: &mut Out) -> Outcome {
    let trace = Store::new(&Home::find()?).trace(&args.trace)?;
    let wanted = args.only.map(CapabilityArg::capability);
    let mut origins = Origins::default();
    let mut shown = Vec::new();
    for event in trace.events() {
        let event = event.map_err(invar_trace::TraceError::from)?;
        let capability = origins.capability(&trace, &event)?;
        if wanted.is_none_or(|wanted| capability == Some(wanted)) {
            shown.push(event);
        }
    }
    match args.format {
        Format::Human => {
            out.styled(&format!("{}\n\n", header_line(trace.header()?)));
            for event in &shown {
                out.styled(&format!("{}\n", event_line(&trace, event)?));
            }
        }
        Format::Json => {
            let events = shown.iter().map(|event| event_json(&trace, event)).collect::<Outcome<Value>>()?;
            out.result(&format!("{events:#}\n"));
        }
    }
    Ok(exit::DONE)
}
