//! Texts that functions name by their addresses.

use std::{collections::BTreeMap, ops::Range};

use super::Shape;

/// Longest text that is kept of what a function names.
const TEXT_BYTES_MAX: usize = 120;
/// Shortest text that is meaningful.
const TEXT_BYTES_MIN: usize = 4;
/// Addresses below are taken for numbers.
const ADDRESS_MIN: u32 = 1024;
/// Bytes of all texts of one component: a large one names as many as it likes.
const ALL_BYTES_MAX: usize = 1 << 20;
/// Places of one module at which a text is named.
const PLACES_MAX: usize = 1 << 17;

/// All texts, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    all: Vec<String>,
    bytes: usize,
}

/// What lies in a module's memory from the start.
pub(super) struct Memory<'a> {
    module: &'a [u8],
    /// By address.
    segments: Vec<(u32, Range<usize>)>,
    /// Texts that were named: function, where, address, and the length if it is named, too.
    named: Vec<(usize, u64, u32, Option<u32>)>,
}

impl<'a> Memory<'a> {
    pub(super) fn of(module: &'a [u8], shape: &Shape) -> Self {
        let mut segments = shape.data.clone();
        segments.sort_by_key(|(start, _)| *start);
        Self { module, segments, named: Vec::new() }
    }

    /// What stands at an address, to the end of its segment.
    fn at(&self, address: u32) -> Option<&'a [u8]> {
        let (start, range) =
            &self.segments[..self.segments.partition_point(|(start, _)| *start <= address)].last()?;
        self.module.get(range.clone())?.get((address - start) as usize..)
    }

    /// Printable bytes from an address on.
    fn run(&self, address: u32) -> &'a [u8] {
        let bytes = self.at(address).unwrap_or_default();
        let is_text = |byte: &&u8| (0x20..0x7f).contains(*byte);
        &bytes[..bytes.iter().take(TEXT_BYTES_MAX).take_while(is_text).count()]
    }

    /// Notes that a function names an address, if a text is there. Says whether one is.
    pub(super) fn name(&mut self, function: usize, offset: u64, address: u32, len: Option<u32>) -> bool {
        let is_full = self.named.len() >= PLACES_MAX;
        let is_text = !is_full && address >= ADDRESS_MIN && self.run(address).len() >= TEXT_BYTES_MIN;
        if is_text {
            self.named.push((function, offset, address, len));
        }
        is_text
    }

    /// The texts, each with the function that names it and where. Texts lie side by side and often nothing is
    /// between them: one ends at its stated length, or where another begins.
    pub(super) fn resolve(self, texts: &mut Texts) -> Vec<(usize, u64, u32)> {
        let mut starts: Vec<u32> = self.named.iter().map(|(_, _, address, _)| *address).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut known = BTreeMap::new();
        let mut found = Vec::new();
        for (function, offset, address, len) in &self.named {
            let run = self.run(*address);
            let said = len.and_then(|len| usize::try_from(len).ok());
            let len = match said.filter(|len| (TEXT_BYTES_MIN..=run.len()).contains(len)) {
                Some(len) => len,
                None => {
                    let next = starts.get(starts.partition_point(|start| start <= address));
                    next.map_or(run.len(), |next| run.len().min((next - address) as usize))
                }
            };
            let text = known.entry((*address, len)).or_insert_with(|| texts.add(&run[..len]));
            if let Some(text) = *text {
                found.push((*function, *offset, text));
            }
        }
        found
    }
}

impl Texts {
    fn add(&mut self, text: &[u8]) -> Option<u32> {
        if text.len() < TEXT_BYTES_MIN || self.bytes + text.len() > ALL_BYTES_MAX {
            return None;
        }
        self.bytes += text.len();
        self.all.push(String::from_utf8_lossy(text).into_owned());
        u32::try_from(self.all.len() - 1).ok()
    }

    /// Whether one of them is this, or ends with it.
    pub(crate) fn has(&self, place: &str) -> bool {
        self.all.iter().any(|text| text.ends_with(place))
    }

    pub(crate) fn get(&self, number: u32) -> &str {
        self.all.get(number as usize).map_or("", String::as_str)
    }
}

/// Whether a text looks like something outside: a path, a URL, a host, an address. Where something stands in the
/// source of a program is none.
pub(super) fn is_place(text: &str) -> bool {
    const SOURCES: [&str; 5] = [".rs", ".c", ".h", ".go", ".zig"];
    if text.contains(char::is_whitespace) || SOURCES.iter().any(|end| text.ends_with(end)) {
        return false;
    }
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
    };
    if let Some((scheme, rest)) = text.split_once("://") {
        return is_part(scheme) && !rest.is_empty();
    }
    let (host, _) = text.split_once(':').unwrap_or((text, ""));
    let labels: Vec<&str> = host.split('.').collect();
    let is_name = |label: &&str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_host = labels.len() >= 2
        && labels.iter().all(is_name)
        && labels.last().is_some_and(|last| {
            last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_lowercase()) || labels.len() == 4
        });
    let path = text.trim_end_matches('/');
    let is_path = path.contains('/') && path.split('/').skip(1).all(is_part);
    is_host || is_path || text.starts_with("~/")
}

#[cfg(test)]
mod tests {
    use super::is_place;

    #[test]
    fn places_outside_are_told_from_other_words() {
        for text in [
            "/out/EXFIL.bin",
            "/tmp/.token",
            "https://example.org/x?y",
            "203.0.113.9",
            "203.0.113.9:443",
            "data.example.org",
            "reports/2026",
            "AGENTS.md",
            "~/.ssh",
        ] {
            assert!(is_place(text), "{text}");
        }
        for text in
            ["/rustc/1234/library/core/src/fmt/mod.rs", "a / b", "called on a None value", "/", "total "]
        {
            assert!(!is_place(text), "{text}");
        }
    }
}
