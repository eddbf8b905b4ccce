//! Single arguments of the calls of a tool skill, inside the JSON that lists the calls.
//!
//! A place is written `path`, `filter.tags.0` or, of another call than the first, `2.path`.

use serde_json::{Map, Value as Json};

/// Arguments that are listed. Stops a call with thousands of them from being varied without end.
const FIELDS_MAX: usize = 64;

/// The calls with one argument changed: a text is replaced by `value` as it is, anything else by the JSON that `value` is.
///
/// # Errors
/// The input does not list calls, or has no such place.
pub fn set_field(calls: &[u8], place: &str, value: &str) -> Result<Vec<u8>, String> {
    check_place(place)?;
    let mut plan: Json = read(calls)?;
    let none = || format!("there is no argument {}", place.escape_debug());
    let (call, names) = split(place).ok_or_else(none)?;
    let args = plan.get_mut(call).and_then(|call| call.get_mut("args")).ok_or_else(none)?;
    let (last, inside) = names.split_last().ok_or_else(none)?;
    let mut at = args;
    for name in inside {
        at = member(at, name).ok_or_else(none)?;
    }
    let json = || serde_json::from_str(value).unwrap_or_else(|_| value.into());
    match member(at, last) {
        Some(Json::String(text)) => value.clone_into(text),
        Some(other) => *other = json(),
        // An argument that may be left out.
        None => match at {
            Json::Object(fields) => drop(fields.insert((*last).to_owned(), json())),
            _ => return Err(none()),
        },
    }
    plan.sort_all_objects();
    Ok(plan.to_string().into_bytes())
}

/// The arguments of all calls that are text, numbers or truth values: place and value as text, in order.
#[must_use]
pub fn fields(calls: &[u8]) -> Vec<(String, String)> {
    of_arguments(calls, collect)
}

/// The outermost arguments of all calls that are lists: place and value as JSON, in order. Those that hold handles of resources
/// and those of nothing are left out.
#[must_use]
pub fn lists(calls: &[u8]) -> Vec<(String, String)> {
    of_arguments(calls, collect_lists)
}

/// What `collect` finds in the arguments of all calls, each at its place.
fn of_arguments(
    calls: &[u8],
    collect: impl Fn(String, &Json, &mut Vec<(String, String)>),
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let plan = read(calls).unwrap_or_default();
    for (number, call) in (1..).zip(plan.as_array().into_iter().flatten()) {
        for (name, argument) in call.get("args").and_then(Json::as_object).into_iter().flat_map(Map::iter) {
            collect(format!("{number}.{name}"), argument, &mut found);
        }
    }
    found
}

fn collect_lists(place: String, json: &Json, found: &mut Vec<(String, String)>) {
    match json {
        Json::Array(elements)
            if found.len() < FIELDS_MAX && !elements.is_empty() && !elements.iter().any(has_handle) =>
        {
            found.push((place, json.to_string()));
        }
        Json::Object(fields) => {
            fields.iter().for_each(|(name, json)| collect_lists(format!("{place}.{name}"), json, found));
        }
        _ => {}
    }
}

/// Whether there is a handle of a resource in it. Nesting is bounded by the parser.
fn has_handle(json: &Json) -> bool {
    match json {
        Json::Object(fields) => is_handle(fields) || fields.values().any(has_handle),
        Json::Array(elements) => elements.iter().any(has_handle),
        _ => false,
    }
}

fn is_handle(fields: &Map<String, Json>) -> bool {
    fields.len() == 2 && fields.contains_key("handle") && fields.contains_key("resource")
}

fn collect(place: String, json: &Json, found: &mut Vec<(String, String)>) {
    if found.len() >= FIELDS_MAX {
        return;
    }
    match json {
        Json::Null => {}
        Json::String(text) => found.push((place, text.clone())),
        Json::Bool(_) | Json::Number(_) => found.push((place, json.to_string())),
        Json::Array(elements) => {
            elements.iter().enumerate().for_each(|(at, json)| collect(format!("{place}.{at}"), json, found));
        }
        // A handle of a resource: another number is another handle, and no value to try.
        Json::Object(fields) if is_handle(fields) => {}
        Json::Object(fields) => {
            fields.iter().for_each(|(name, json)| collect(format!("{place}.{name}"), json, found));
        }
    }
}

/// Whether a text can be a place: a name, not only the number of a call.
pub(crate) fn check_place(place: &str) -> Result<(), String> {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    match split(place) {
        Some((_, names)) if names.iter().all(|name| is_name(name)) => Ok(()),
        _ => Err(format!(
            "\"{}\" is neither the index of an argument nor the place of one, such as path, filter.limit or 2.path",
            place.escape_debug()
        )),
    }
}

/// The index of the call, and the names that lead to the argument.
fn split(place: &str) -> Option<(usize, Vec<&str>)> {
    let names: Vec<&str> = place.split('.').collect();
    let (first, rest) = names.split_first()?;
    match first.parse::<usize>() {
        Ok(number) if !rest.is_empty() => Some((number.checked_sub(1)?, rest.to_vec())),
        Ok(_) => None,
        Err(_) => Some((0, names)),
    }
}

fn member<'a>(json: &'a mut Json, name: &str) -> Option<&'a mut Json> {
    match json {
        Json::Object(fields) => fields.get_mut(name),
        Json::Array(elements) => elements.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn read(calls: &[u8]) -> Result<Json, String> {
    let plan: Option<Json> = serde_json::from_slice(calls).ok();
    plan.filter(Json::is_array).ok_or_else(|| "the run makes no calls with arguments by name".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{check_place, fields, set_field};

    const CALLS: &str = r#"[{"args":{"filter":{"limit":3,"tags":["a","b"]},"path":"/a","yes":true},"call":"x"},{"args":{"n":-1},"call":"y"}]"#;

    fn set(place: &str, value: &str) -> Result<String, String> {
        set_field(CALLS.as_bytes(), place, value).map(|calls| String::from_utf8(calls).unwrap())
    }

    #[test]
    fn one_argument_is_changed_and_the_others_stay() {
        for (place, value, from, to) in [
            ("path", "7", r#""/a""#, r#""7""#),
            ("1.path", "{}", r#""/a""#, r#""{}""#),
            ("filter.limit", "4", "3", "4"),
            ("filter.limit", "many", "3", r#""many""#),
            ("filter.tags.1", "c", r#""b""#, r#""c""#),
            ("yes", "false", "true", "false"),
            ("2.n", "18446744073709551615", "-1", "18446744073709551615"),
        ] {
            assert_eq!(set(place, value), Ok(CALLS.replacen(from, to, 1)), "{place}");
        }
        assert_eq!(set("2.a", "1"), Ok(CALLS.replace(r#"{"n""#, r#"{"a":1,"n""#)));
        for place in ["filter.tags.2", "path.x", "3.n", "0.n", "none.x", "", "1", "1."] {
            assert!(set(place, "1").is_err(), "{place}");
        }
        assert!(set_field(b"plain input", "path", "x").is_err());
        assert!(set_field(b"[[]]", "path", "x").is_err());
    }

    #[test]
    fn the_arguments_of_all_calls_are_listed() {
        let listed = fields(CALLS.as_bytes());
        let listed: Vec<(&str, &str)> =
            listed.iter().map(|(place, value)| (place.as_str(), value.as_str())).collect();
        assert_eq!(
            listed,
            [
                ("1.filter.limit", "3"),
                ("1.filter.tags.0", "a"),
                ("1.filter.tags.1", "b"),
                ("1.path", "/a"),
                ("1.yes", "true"),
                ("2.n", "-1"),
            ]
        );
        for (place, value) in fields(CALLS.as_bytes()) {
            assert_eq!(set(&place, &value).as_deref(), Ok(CALLS), "{place}");
        }
        assert!(fields(b"plain input").is_empty());
    }

    #[test]
    fn a_place_is_a_name_or_several() {
        for place in ["path", "2.path", "filter.tags.0"] {
            assert!(check_place(place).is_ok(), "{place}");
        }
        for place in ["", "7", "a..b", "a.", ".a", "a b", "a\u{1b}"] {
            assert!(check_place(place).is_err(), "{place}");
        }
    }
}
