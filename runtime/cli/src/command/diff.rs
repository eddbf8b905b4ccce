//! `invar diff`: the first divergence between two runs.

use invar_trace::{Behaviour, Divergence, Trace};
use serde_json::json;

use crate::{
    args::{DiffArgs, Format},
    error::Outcome,
    escape, exit,
    home::Home,
    out::Out,
    show::{event_json, event_line, header_line},
};

pub(super) fn diff(args: &DiffArgs, out: &mut Out) -> Outcome {
    let store = Home::find()?.store();
    let (left, right) = (store.trace(&args.left)?, store.trace(&args.right)?);
    match args.format {
        Format::Human => {
            out.styled(&format!(
                "left   {}\nright  {}\n\n",
                header_line(left.header()?),
                header_line(right.header()?)
            ));
            out.styled(&divergence_text(&left, &right)?);
        }
        Format::Json => {
            let divergence = divergence_json(&left, &right)?;
            out.result(&format!("{divergence:#}\n"));
        }
    }
    Ok(exit::DONE)
}

/// The first divergence, and what differs in effects, output and cost, for people.
pub(super) fn divergence_text(left: &Trace, right: &Trace) -> Outcome<String> {
    const ANSWERS_SHOWN: usize = 3;
    let divergence = Divergence::of(left, right)?;
    if divergence.is_same() {
        return Ok(
            "the runs are identical: the same calls, the same host responses, the same end\n".to_owned()
        );
    }
    let mut text = String::new();
    for given in &divergence.given {
        text.push_str(&format!(
            "different {}\n  left  {}\n  right {}\n",
            given.what, given.left, given.right
        ));
    }
    match &divergence.step {
        None => text.push_str("both runs make the same calls\n"),
        Some(step) => {
            text.push_str(&format!("first divergence at event {}\n", step.number));
            for (side, trace, event) in [("left ", left, &step.left), ("right", right, &step.right)] {
                match event {
                    Some(event) => text.push_str(&format!("  {side} {}\n", event_line(trace, event)?)),
                    None => text.push_str(&format!("  {side} has ended\n")),
                }
            }
        }
    }
    match divergence.answers.first() {
        None if divergence.given.is_empty() => text.push_str(
            "no host response differs before: the cause of the divergence is not in these traces\n",
        ),
        None => text.push_str("no host response differs before\n"),
        Some(_) => {
            text.push_str(&format!(
                "host responses that differ before: {}; first:\n",
                divergence.answers_total
            ));
            for (one, two) in divergence.answers.iter().take(ANSWERS_SHOWN) {
                text.push_str(&format!("  left  {}\n", event_line(left, one)?));
                text.push_str(&format!("  right {}\n", event_line(right, two)?));
            }
        }
    }
    text.push_str(&outcome_text(left, right)?);
    Ok(text)
}

/// What differs in effects, output and cost.
fn outcome_text(left: &Trace, right: &Trace) -> Outcome<String> {
    let (one, two) = (Behaviour::of(left)?, Behaviour::of(right)?);
    let mut text = String::from("\n");
    for (sign, from, to) in [("only left ", &one, &two), ("only right", &two, &one)] {
        for effect in from.effects.difference(&to.effects) {
            text.push_str(&format!("  {sign}  {}\n", escape::line(&effect.to_string())));
        }
    }
    let same = |same: bool| if same { "identical" } else { "different" };
    text.push_str(&format!(
        "  output {}, end {} ({} | {})\n",
        same((one.stdout, one.stderr) == (two.stdout, two.stderr)),
        same(one.ending == two.ending),
        escape::line(&one.ending.to_string()),
        escape::line(&two.ending.to_string()),
    ));
    if one.files != two.files {
        text.push_str("  files left behind different\n");
    }
    let (left, right) = (one.resources, two.resources);
    text.push_str(&format!(
        "  fuel {} | {}, sent {} | {}\n",
        invar_monitor::count(left.fuel),
        invar_monitor::count(right.fuel),
        invar_monitor::bytes(left.bytes.network_sent),
        invar_monitor::bytes(right.bytes.network_sent),
    ));
    Ok(text)
}

/// The same for programs.
pub(super) fn divergence_json(left: &Trace, right: &Trace) -> Outcome<serde_json::Value> {
    let divergence = Divergence::of(left, right)?;
    let (one, two) = (Behaviour::of(left)?, Behaviour::of(right)?);
    let side = |trace: &Trace, event: &Option<invar_trace::Event<'_>>| match event {
        Some(event) => event_json(trace, event),
        None => Ok(serde_json::Value::Null),
    };
    let step = match &divergence.step {
        None => serde_json::Value::Null,
        Some(step) => json!({
            "event": step.number,
            "left": side(left, &step.left)?,
            "right": side(right, &step.right)?,
        }),
    };
    let answers = divergence
        .answers
        .iter()
        .map(|(one, two)| Ok(json!({ "left": event_json(left, one)?, "right": event_json(right, two)? })))
        .collect::<Outcome<serde_json::Value>>()?;
    let only = |from: &Behaviour, to: &Behaviour| {
        from.effects.difference(&to.effects).map(ToString::to_string).collect::<Vec<_>>()
    };
    let given: Vec<_> = divergence
        .given
        .iter()
        .map(|given| json!({ "what": given.what, "left": given.left, "right": given.right }))
        .collect();
    Ok(json!({
        "same": divergence.is_same(),
        "given": given,
        "parts_at": step,
        "answers": answers,
        "answers_total": divergence.answers_total,
        "effects": { "only_left": only(&one, &two), "only_right": only(&two, &one) },
        "output_same": (one.stdout, one.stderr) == (two.stdout, two.stderr),
        "ending": { "left": one.ending.to_string(), "right": two.ending.to_string() },
        "fuel": { "left": one.resources.fuel, "right": two.resources.fuel },
    }))
}
