//! What the publisher of a component says of its functions: the custom section `package-docs`.
//!
//! It is the publisher's text and nothing else: whoever shows it must escape it, and whoever hands it to an agent must know
//! that it can hold instructions. Its digest shows whether it changed.

use std::collections::{BTreeMap, BTreeSet};

use invar_world::Digest;
use serde_json::{Map, Value as Json};
use wasmparser::{Parser, Payload};

/// The section that `wit-component` and `wit-docs-inject` write.
const SECTION: &str = "package-docs";
/// Bytes of the section. Stops one that takes many times its size while it is read.
const DOCS_BYTES_MAX: usize = 1 << 20;
/// Characters of one function's text. Stops a text that hides everything else.
const TEXT_CHARS_MAX: usize = 4_000;

/// Texts of functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Docs {
    /// SHA-256 of the section.
    pub digest: Digest,
    /// By the name of the interface without its package, and that of the function.
    texts: BTreeMap<(Option<String>, String), String>,
}

impl Docs {
    /// The documentation in the file of a component; none: it has none that can be read.
    #[must_use]
    pub fn of(file: &[u8]) -> Option<Self> {
        if !Parser::is_component(file) {
            return None;
        }
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(file) {
            match payload.ok()? {
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::CustomSection(section) if depth == 1 && section.name() == SECTION => {
                    return Self::read(section.data());
                }
                _ => {}
            }
        }
        None
    }

    /// What is said of a function of an exported interface, or of the component itself.
    #[must_use]
    pub fn text(&self, interface: Option<&str>, function: &str) -> Option<&str> {
        let short = interface.map(|interface| {
            let interface = interface.split('@').next().unwrap_or(interface);
            interface.rsplit('/').next().unwrap_or(interface).to_owned()
        });
        self.texts.get(&(short, function.to_owned())).map(String::as_str)
    }

    /// The functions of which two versions of a component say something else, or one of them nothing.
    #[must_use]
    pub fn changed(before: Option<&Self>, after: Option<&Self>) -> Vec<String> {
        let keys: BTreeSet<_> =
            [before, after].into_iter().flatten().flat_map(|docs| docs.texts.keys()).collect();
        let text = |docs: Option<&'_ Self>, key| docs.and_then(|docs| docs.texts.get(key)).cloned();
        let changed = keys.into_iter().filter(|key| text(before, key) != text(after, key));
        changed
            .map(|(interface, function)| match interface {
                Some(interface) => format!("{interface}.{function}"),
                None => function.clone(),
            })
            .collect()
    }

    /// A byte with the version, and JSON.
    fn read(section: &[u8]) -> Option<Self> {
        let (version, json) = section.split_first().filter(|_| section.len() <= DOCS_BYTES_MAX)?;
        let package: Json = serde_json::from_slice(json).ok().filter(|_| *version <= 1)?;
        let mut docs = Self { digest: Digest::of(section), texts: BTreeMap::new() };
        for (name, interface) in object(&package, "interfaces") {
            docs.add(Some(name), object(interface, "funcs"));
        }
        for (_, world) in object(&package, "worlds") {
            docs.add(None, object(world, "funcs"));
            docs.add(None, object(world, "func_exports"));
            for key in ["interfaces", "interface_exports"] {
                for (name, interface) in object(world, key) {
                    docs.add(Some(name), object(interface, "funcs"));
                }
            }
        }
        Some(docs)
    }

    fn add<'a>(&mut self, interface: Option<&str>, functions: impl Iterator<Item = (&'a str, &'a Json)>) {
        for (name, docs) in functions {
            // Version 0 has the text alone.
            let text = docs.as_str().or_else(|| docs.get("docs")?.as_str());
            if let Some(text) = text {
                let cut = text.chars().take(TEXT_CHARS_MAX).collect();
                self.texts.insert((interface.map(str::to_owned), name.to_owned()), cut);
            }
        }
    }
}

/// The members of an object in an object.
fn object<'a>(json: &'a Json, key: &str) -> impl Iterator<Item = (&'a str, &'a Json)> {
    let members = json.get(key).and_then(Json::as_object).map(Map::iter);
    members.into_iter().flatten().map(|(name, json)| (name.as_str(), json))
}

#[cfg(test)]
mod tests {
    use super::{Docs, TEXT_CHARS_MAX};

    fn component(section: &[u8]) -> Vec<u8> {
        let mut file = wat::parse_str("(component)").unwrap();
        let mut content = vec![12];
        content.extend(b"package-docs");
        content.extend(section);
        file.push(0);
        // The length, as five bytes of LEB128.
        let length = u32::try_from(content.len()).unwrap();
        file.extend((0..5).map(|at| ((length >> (7 * at)) & 0x7f) as u8 | if at < 4 { 0x80 } else { 0 }));
        file.extend(content);
        file
    }

    #[test]
    fn what_is_said_of_functions_is_read_in_both_versions() {
        let text = r#"{"worlds":{"w":{"docs":"W","func_exports":{"a":{"docs":"of a"}},"funcs":{"b":"of b"}}},
            "interfaces":{"graph":{"funcs":{"add":{"docs":"of add","stability":"unknown"},"none":{}}}}}"#;
        for version in [0, 1] {
            let docs = Docs::of(&component(&[&[version], text.as_bytes()].concat())).unwrap();
            assert_eq!(docs.text(None, "a"), Some("of a"));
            assert_eq!(docs.text(None, "b"), Some("of b"));
            assert_eq!(docs.text(Some("acme:notes/graph@1.2.0"), "add"), Some("of add"));
            assert_eq!(docs.text(Some("graph"), "none"), None);
        }
    }

    #[test]
    fn hostile_documentation_is_cut_or_not_read() {
        for section in [b"".as_slice(), b"\x01", b"\x01[", b"\x02{}", b"\x01\xff", &[b'['; 100_000]] {
            assert!(Docs::of(&component(section)).is_none_or(|docs| docs.texts.is_empty()));
        }
        let long =
            format!("\u{1}{{\"worlds\":{{\"w\":{{\"funcs\":{{\"a\":\"{}\"}}}}}}}}", "x".repeat(1 << 19));
        let docs = Docs::of(&component(long.as_bytes())).unwrap();
        assert_eq!(docs.text(None, "a").unwrap().len(), TEXT_CHARS_MAX);
        let huge =
            format!("\u{1}{{\"worlds\":{{\"w\":{{\"funcs\":{{\"a\":\"{}\"}}}}}}}}", "x".repeat(1 << 20));
        assert_eq!(Docs::of(&component(huge.as_bytes())), None);
        assert_eq!(Docs::of(b"not wasm"), None);
    }
}
