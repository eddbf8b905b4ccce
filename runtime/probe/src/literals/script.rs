//! What the scripts in a component's data put in quotes.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind};

/// Shortest text that is taken for a script.
const SCRIPT_BYTES_MIN: usize = 48;
/// Words of which a script has one.
const KEYWORDS: [&str; 8] = ["function", "=>", "const ", "let ", "var ", "def ", "import ", "local "];
/// Longest literal.
const BYTES_MAX: usize = 40;
/// Literals of one component.
const LITERALS_MAX: usize = 128;

/// Adds the literals of the scripts in one piece of data.
pub(crate) fn quoted(data: &[u8], found: &mut BTreeSet<String>) {
    let is_text = |byte: &u8| matches!(byte, b'\n' | b'\r' | b'\t' | 0x20..=0x7e | 0x80..);
    for run in data.split(|byte| !is_text(byte)).filter(|run| run.len() >= SCRIPT_BYTES_MIN) {
        let text = String::from_utf8_lossy(run);
        if KEYWORDS.iter().any(|keyword| text.contains(keyword)) {
            literals(&text, found);
        }
    }
}

fn literals(script: &str, found: &mut BTreeSet<String>) {
    let mut rest = script;
    let mut before = '\n';
    while let Some(at) = rest.find(['"', '\'', '`', '/']) {
        before = rest[..at].chars().rfind(|char| !char.is_whitespace()).unwrap_or(before);
        let quote = rest[at..].chars().next().unwrap_or('"');
        let after = &rest[at + quote.len_utf8()..];
        rest = after;
        if quote == '/' && after.starts_with('/') {
            // A comment holds no literals.
            rest = after.find('\n').map_or("", |end| &after[end..]);
            continue;
        }
        // A pattern stands where a value can; elsewhere it is a division.
        if quote == '/' && !"(=,:!&|?{};[\n".contains(before) {
            continue;
        }
        let Some(end) = closing(after, quote) else { continue };
        let content = &after[..end];
        rest = &after[end + quote.len_utf8()..];
        before = quote;
        let literal = match quote {
            '/' => example(content),
            _ => Some(unescaped(content)),
        };
        let literal = literal.filter(|literal| (2..=BYTES_MAX).contains(&literal.len()));
        if found.len() < LITERALS_MAX {
            found.extend(literal);
        }
    }
}

/// Where a quote is closed, on the same line.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, char) in text.char_indices().take(2 * BYTES_MAX) {
        match char {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' => return None,
            _ if char == quote => return Some(at),
            _ => {}
        }
    }
    None
}

fn unescaped(text: &str) -> String {
    let mut all = String::new();
    let mut left = text.chars();
    while let Some(char) = left.next() {
        all.push(match char {
            '\\' => match left.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(other) => other,
                None => break,
            },
            char => char,
        });
    }
    all
}

/// A text that a pattern matches: the first of each class, the fewest of each repetition, but at least one.
fn example(pattern: &str) -> Option<String> {
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let mut all = String::new();
    write(&hir, &mut all)?;
    Some(all)
}

fn write(hir: &Hir, all: &mut String) -> Option<()> {
    if all.len() > BYTES_MAX {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => all.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => all.push(preferred(class)?),
        HirKind::Class(Class::Bytes(class)) => {
            all.push(class.ranges().first().map(|range| char::from(range.start()))?);
        }
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min.max(1) {
                write(&repetition.sub, all)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, all)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, all))?,
        HirKind::Alternation(parts) => write(parts.first()?, all)?,
    }
    Some(())
}

/// A letter or a digit of a class, if it has one.
fn preferred(class: &regex_syntax::hir::ClassUnicode) -> Option<char> {
    let has = |char: char| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&char));
    ('a'..='z').chain('0'..='9').find(|char| has(*char)).or_else(|| Some(class.ranges().first()?.start()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{example, quoted};

    fn of(data: &[u8]) -> Vec<String> {
        let mut found = BTreeSet::new();
        quoted(data, &mut found);
        found.into_iter().collect()
    }

    #[test]
    fn what_a_script_puts_in_quotes_is_found_between_other_data() {
        let script = "\0\x01// isn't one 'of these'\nconst a = host.env(\"ACME\") ?? '';\nif (a === 'it\\'s') f(`x\\ty`, b / 2 / c);\0";
        assert_eq!(of(script.as_bytes()), ["ACME", "it's", "x\ty"]);
        assert!(of(b"a message that is \"long enough\" and of no language whatever").is_empty());
    }

    #[test]
    fn a_pattern_is_shown_by_an_example() {
        let script = "let is = /^svc-[a-z]+-7$/.test(host.env('USER') ?? \"\") && 1 > 0;";
        assert_eq!(of(script.as_bytes()), ["USER", "svc-a-7"]);
        assert_eq!(example("(eu|us)-\\d{2}[^a-z]?").unwrap(), "eu-000");
        assert_eq!(example("("), None);
        assert_eq!(example("a{50}"), None);
    }
}
