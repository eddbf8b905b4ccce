//! The files that a run in the lab leaves behind, from its host calls: the lab writes nothing to disk.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde_json::Value;

use crate::project::TaskResult;

/// Content by name.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// Where the directory of a program is, as it sees it.
const ROOT: &str = "/w/";

/// What is written to: a file, from an offset on; at its end without one.
struct Stream {
    name: String,
    offset: Option<usize>,
}

/// The files of `/w` after these calls, from those before.
///
/// # Errors
///
/// If a call writes in a way that is not known here.
pub(super) fn files(events: &[Value], before: Files) -> TaskResult<Files> {
    let mut files = before;
    let mut open: BTreeMap<u64, String> = BTreeMap::new();
    let mut streams: BTreeMap<u64, Stream> = BTreeMap::new();
    for event in events {
        let (answer, arguments) = (&event["answer"], &event["arguments"]);
        let function = event["function"].as_str().unwrap_or_default();
        let function = function.rsplit(['#', ']']).next().unwrap_or_default();
        if answer.get("err").is_some() {
            continue;
        }
        let own = arguments["self"].as_u64().unwrap_or(u64::MAX);
        let offset = || arguments["offset"].as_u64().map(index);
        let subject = event["subject"].as_str().unwrap_or_default();
        match function {
            "descriptor.open-at" => {
                let Some(name) = name(subject) else { continue };
                let flags = arguments["open-flags"].as_array();
                let has = |flag: &str| flags.is_some_and(|flags| flags.iter().any(|each| each == flag));
                if has("truncate") {
                    files.insert(name.clone(), Vec::new());
                } else if has("create") {
                    files.entry(name.clone()).or_default();
                }
                open.extend(answer["ok"].as_u64().map(|handle| (handle, name)));
            }
            "descriptor.write-via-stream" | "descriptor.append-via-stream" => {
                let (Some(handle), Some(name)) = (answer["ok"].as_u64(), open.get(&own)) else { continue };
                let offset = if function.contains("append") { None } else { offset() };
                streams.insert(handle, Stream { name: name.clone(), offset });
            }
            "descriptor.write" => {
                let Some(name) = open.get(&own) else { continue };
                let mut content = bytes(&arguments["buffer"])?;
                content.truncate(answer["ok"].as_u64().map_or(0, index));
                put(files.entry(name.clone()).or_default(), offset().unwrap_or_default(), &content);
            }
            "output-stream.write" | "output-stream.blocking-write-and-flush" => {
                let Some(stream) = streams.get_mut(&own) else { continue };
                let content = bytes(&arguments["contents"])?;
                let file = files.entry(stream.name.clone()).or_default();
                put(file, stream.offset.unwrap_or(file.len()), &content);
                stream.offset = stream.offset.map(|offset| offset + content.len());
            }
            "descriptor.set-size" => {
                let Some(name) = open.get(&own) else { continue };
                files.entry(name.clone()).or_default().resize(arguments["size"].as_u64().map_or(0, index), 0);
            }
            "descriptor.unlink-file-at" => drop(name(subject).and_then(|name| files.remove(&name))),
            "descriptor.rename-at" => {
                let Some((old, new)) = subject.split_once(" -> ") else { continue };
                if let (Some(old), Some(new)) = (name(old), name(new))
                    && let Some(content) = files.remove(&old)
                {
                    files.insert(new, content);
                }
            }
            "descriptor" => drop(open.remove(&own)),
            "output-stream" => drop(streams.remove(&own)),
            "output-stream.splice" | "output-stream.write-zeroes" => {
                return Err(format!("{function} is not followed"));
            }
            _ => {}
        }
    }
    Ok(files)
}

/// The name of a file below `/w`.
fn name(path: &str) -> Option<String> {
    path.strip_prefix(ROOT).map(str::to_owned)
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Bytes as a trace shows them: text, or hexadecimal.
fn bytes(value: &Value) -> TaskResult<Vec<u8>> {
    match (value.as_str(), value["hex"].as_str()) {
        (Some(text), _) => Ok(text.as_bytes().to_vec()),
        (None, Some(hex)) => {
            HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|error| format!("bytes of a trace: {error}"))
        }
        (None, None) => Err(format!("bytes of a trace: {value}")),
    }
}

fn put(file: &mut Vec<u8>, offset: usize, content: &[u8]) {
    let end = offset + content.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[offset..end].copy_from_slice(content);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_renamed_and_removed_is_followed() {
        let call = |function: &str, subject: &str, arguments: Value, answer: Value| json!({ "function": format!("wasi:filesystem/types#[method]{function}"), "subject": subject, "arguments": arguments, "answer": answer });
        let events = [
            call(
                "descriptor.open-at",
                "/w/a",
                json!({ "self": 1, "open-flags": ["create", "truncate"] }),
                json!({ "ok": 5 }),
            ),
            call(
                "descriptor.write",
                "",
                json!({ "self": 5, "offset": 1, "buffer": "bcd" }),
                json!({ "ok": 2 }),
            ),
            call("descriptor.append-via-stream", "", json!({ "self": 5 }), json!({ "ok": 6 })),
            call(
                "output-stream.write",
                "",
                json!({ "self": 6, "contents": { "hex": "ff" } }),
                json!({ "ok": null }),
            ),
            call("descriptor.rename-at", "/w/a -> /w/b", json!({ "self": 1 }), json!({ "ok": null })),
            call("descriptor.unlink-file-at", "/w/old", json!({ "self": 1 }), json!({ "ok": null })),
            call("descriptor.unlink-file-at", "/w/kept", json!({ "self": 1 }), json!({ "err": "access" })),
        ];
        let before = Files::from([("old".to_owned(), vec![1]), ("kept".to_owned(), vec![2])]);
        let after = Files::from([("b".to_owned(), b"\0bc\xff".to_vec()), ("kept".to_owned(), vec![2])]);
        assert_eq!(files(&events, before).unwrap(), after);
    }
}
