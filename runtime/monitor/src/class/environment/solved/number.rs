//! A text that is a number, or holds one: from which on it counts.

use invar_world::Change;

use crate::{LabError, class::environment::solved::query::PartQuery, results::Part, text};

/// Finds out whether the first number in a value is a threshold, and where it is.
pub(super) fn narrow(
    part: &mut Part,
    value: &str,
    with: &dyn Fn(String) -> Change,
    query: &mut PartQuery<'_>,
) -> Result<(), LabError> {
    let Some(start) = value.find(|c: char| c.is_ascii_digit()) else { return Ok(()) };
    let digits = value[start..].find(|c: char| !c.is_ascii_digit()).map_or(value.len(), |end| start + end);
    let Ok(number) = value[start..digits].parse::<u64>() else { return Ok(()) };
    let put = |number: u64| with(format!("{}{number}{}", &value[..start], &value[digits..]));
    let above = [1, 7, 1000].map(|more| put(number.saturating_add(more)));
    if query.show(&above)? != [true, true, true] {
        return Ok(());
    }
    if query.show(&[put(0)])? == [true] {
        return Ok(());
    }
    let (mut low, mut high) = (0, number);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match query.show(&[put(middle)])?[0] {
            true => high = middle,
            false => low = middle,
        }
    }
    part.change = put(high);
    part.bisected = true;
    let shown = format!("{}{high}{}", &value[..start], &value[digits..]);
    part.value = Some(shown.trim_end().to_owned());
    part.boundary.from = Some(low.to_string());
    part.boundary.to = Some(high.to_string());
    part.condition = format!("{} holds {high} or more: {}", part.source, text::quoted(shown.as_bytes()));
    Ok(())
}
