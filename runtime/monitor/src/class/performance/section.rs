//! The section of the performance fingerprint.

use invar_envelope::Complexity;

use crate::{
    Class, Estimate, Finding, Section, Severity,
    class::view::View,
    results::{Measurements, Performance},
    text,
};

pub(crate) fn section(view: &View<'_>) -> Section {
    let performance = &view.investigation.performance;
    let mut findings = Vec::new();
    let mut lines = Vec::new();
    for measured in &performance.series {
        if let Some((line, found)) = of_series(view, measured) {
            lines.push(line);
            findings.extend(found);
        }
    }
    if lines.is_empty() {
        return Section::not_checked(why_not(view));
    }
    lines.extend(left_out(performance));
    let mut why = lines.join("; ");
    for finding in findings.iter().filter(|finding| finding.severity > Severity::Info) {
        why = format!("{}; {why}", finding.what);
    }
    Section::of(why, findings)
}

/// Why nothing was measured.
fn why_not(view: &View<'_>) -> String {
    let performance = &view.investigation.performance;
    match performance.series.first() {
        _ if view.investigation.out_of_budget.is_some() => "the budget ran out before it".into(),
        None => match left_out(performance) {
            Some(why) => why,
            None => "there is no input to scale".into(),
        },
        Some(first) => match failures(first) {
            Some(failures) => format!("too few sizes ended like the input itself; {failures}"),
            None => "too few sizes ended like the input itself".into(),
        },
    }
}

/// `not measured: version and now (no text …)`; none if every function was.
fn left_out(performance: &Performance) -> Option<String> {
    const SHOWN_MAX: usize = 8;
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, why) in performance.left_out() {
        match by_reason.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(name),
            None => by_reason.push((why, vec![name])),
        }
    }
    let line = |(why, names): (&str, Vec<&str>)| {
        let mut shown: Vec<String> =
            names.iter().take(SHOWN_MAX).map(|name| name.escape_debug().to_string()).collect();
        if names.len() > SHOWN_MAX {
            shown.push(text::several(names.len() - SHOWN_MAX, "more functions"));
        }
        format!("not measured: {} ({why})", text::join(&shown))
    };
    let lines: Vec<String> = by_reason.into_iter().map(line).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// What one series shows, in one line, and what was found; none if it has too few sizes.
fn of_series(view: &View<'_>, measured: &Measurements) -> Option<(String, Vec<Finding>)> {
    let (rule, fuel) = (measured.rule.as_ref()?, measured.fuel.as_ref()?);
    let of = measured.function.as_ref().map(|name| format!("{}: ", name.escape_debug())).unwrap_or_default();
    let noun = rule.noun();
    let mut findings = Vec::new();
    findings.extend(failures(measured).map(|what| Finding {
        class: Class::Performance,
        severity: Severity::Info,
        runs: vec![1],
        what,
        expected: "the same end at every size".into(),
        observed: measured.failed.first().map_or_else(String::new, |(_, ending)| ending.to_string()),
        cause: "input size".into(),
        owasp_ast: "AST01",
    }));
    let claim = measured.claimed(view.declared);
    findings.extend(claim.and_then(|claim| against_claim(fuel, claim)));
    findings.extend(fuel.change.map(of_change));
    findings.extend(fuel.jump.filter(|_| fuel.change.is_none()).map(|jump| of_jump(jump, &noun)));
    findings.extend(measured.thresholds.iter().map(|threshold| Finding {
        class: Class::Performance,
        severity: if threshold.undeclared { Severity::Critical } else { Severity::Info },
        runs: vec![1],
        what: format!(
            "with {noun} of {} or more: {}{}",
            text::bytes(threshold.to),
            text::join(&threshold.effects),
            threshold.in_calls.words()
        ),
        expected: "the same effects at every size".into(),
        observed: text::join(&threshold.effects),
        cause: "input size".into(),
        owasp_ast: "AST01",
    }));
    findings.extend(measured.drifted.first().map(|(size, then, now)| Finding {
        class: Class::Performance,
        severity: Severity::Major,
        runs: vec![1],
        what: format!(
            "{} of {} sizes cost something else than when the baseline was stored: {} took {} fuel, and takes {}",
            measured.drifted.len(),
            measured.points.len(),
            text::bytes(*size),
            text::count(*then),
            text::count(*now)
        ),
        expected: "the same fuel for the same component, engine, world and input".into(),
        observed: text::count(*now),
        cause: "not the skill: the same code on the same input costs the same; look at the store and the machine".into(),
        owasp_ast: "AST01",
    }));
    for finding in &mut findings {
        finding.what.insert_str(0, &of);
    }
    let (least, most) = match (measured.points.first(), measured.points.last()) {
        (Some((least, _)), Some((most, _))) => (*least, *most),
        _ => (0, 0),
    };
    let claimed = match claim {
        None => String::new(),
        Some(claim) if fuel.class() == Some(claim) => ", as claimed".into(),
        Some(claim) if fuel.is_explained_by(claim) => format!(", and {claim} as claimed to within 15 %"),
        Some(claim) => format!("; {claim} is claimed"),
    };
    let mut why = format!(
        "{of}fuel {}{claimed} over {} sizes from {} to {} ({})",
        fuel.words(),
        measured.points.len(),
        text::bytes(least),
        text::bytes(most),
        rule.words()
    );
    for (name, estimate) in [("memory", &measured.memory), ("bytes read and written", &measured.bytes)] {
        // What does not grow, or is undecided, is left out: no claim is about it.
        if let Some(class) =
            estimate.as_ref().and_then(Estimate::class).filter(|class| *class > Complexity::One)
        {
            why.push_str(&format!("; {name} {class}"));
        }
    }
    if let Some(failures) = failures(measured) {
        why.push_str(&format!("; {failures}"));
    }
    if let Some(report) = measured.stored.as_ref().filter(|_| measured.drifted.is_empty()) {
        why.push_str(&format!("; the same as stored by report {report}"));
    }
    Some((why, findings))
}

/// The sizes at which it ends differently than with the original input; none: there are none.
fn failures(measured: &Measurements) -> Option<String> {
    let Measurements { failed, tried, .. } = measured;
    let (first, ending) = failed.first()?;
    let (last, _) = failed.last()?;
    let sizes = match first == last {
        true => format!("of {}", text::bytes(*first)),
        false => format!("from {} to {}", text::bytes(*first), text::bytes(*last)),
    };
    Some(format!("at {} of {tried} sizes, {sizes}, it ends differently: {ending}", failed.len()))
}

/// Worse than claimed is major; better is information.
fn against_claim(fuel: &Estimate, claim: Complexity) -> Option<Finding> {
    let finding = |severity, what: String| Finding {
        class: Class::Performance,
        severity,
        runs: vec![1],
        what,
        expected: format!("fuel in {claim} of the input"),
        observed: fuel.words(),
        cause: "input size".into(),
        owasp_ast: "AST01",
    };
    if fuel.is_explained_by(claim) {
        return None;
    }
    let best = fuel.fits.iter().map(|fit| fit.class).min()?;
    let worst = fuel.fits.iter().map(|fit| fit.class).max()?;
    if best > claim {
        return Some(finding(
            Severity::Major,
            format!("fuel grows in {}, not in {claim} as claimed", fuel.words()),
        ));
    }
    (worst < claim)
        .then(|| finding(Severity::Info, format!("fuel grows in {}, less than claimed", fuel.words())))
}

fn of_jump((at, times): (u64, f64), noun: &str) -> Finding {
    Finding {
        class: Class::Performance,
        severity: Severity::Major,
        runs: vec![1],
        what: format!(
            "{noun} of {} takes {} the fuel of a slightly smaller one",
            text::bytes(at),
            text::ratio(times)
        ),
        expected: "cost that grows with size, and does not jump".into(),
        observed: format!("a jump at {}", text::bytes(at)),
        cause: "input size".into(),
        owasp_ast: "AST01",
    }
}

fn of_change((at, below, above): (u64, Complexity, Complexity)) -> Finding {
    Finding {
        class: Class::Performance,
        severity: if above > below { Severity::Major } else { Severity::Info },
        runs: vec![1],
        what: format!("fuel grows in {below} below {} and in {above} above", text::bytes(at)),
        expected: "one class at all sizes".into(),
        observed: format!("{below}, then {above}"),
        cause: "input size".into(),
        owasp_ast: "AST01",
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::Ending;

    use super::failures;
    use crate::results::Measurements;

    #[test]
    fn sizes_at_which_it_fails_are_said_with_how_it_ends() {
        let trap = || Ending::Trapped("unreachable".into());
        let failed = vec![(12_303, trap()), (131_072, trap())];
        let measured = Measurements { failed, tried: 18, ..Measurements::default() };
        let said = failures(&measured).unwrap();
        assert!(said.starts_with("at 2 of 18 sizes, from 12.0 KiB to 128 KiB"), "{said}");
        assert!(said.contains("unreachable"), "{said}");
        assert_eq!(failures(&Measurements { tried: 18, ..Measurements::default() }), None);
    }
}
