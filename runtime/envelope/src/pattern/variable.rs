//! Variables in patterns, and what they stand for in a run.

use std::{borrow::Cow, fmt};

use super::PatternError;

/// What a pattern begins with, or names as its host, that is known when a run begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// `$HOME`: the directory that the variable `HOME` of the world or the grant names.
    Home,
    /// `$TMPDIR`: the same of `TMPDIR`, and `/tmp` where it is not set.
    Tmpdir,
    /// `$ARG:1`: the argument of that number. The first after the program's name is 1.
    Argument(u32),
    /// `$ARG:*`: each argument.
    EachArgument,
    /// `$ARG:path`: the field of that name of a call's arguments.
    Field(String),
}

/// Arguments of a run, at most: a larger number stands for nothing.
pub(super) const ARGUMENT_MAX: u32 = 1 << 16;
/// The bytes of a path, as on Linux.
pub(super) const PATH_BYTES_MAX: usize = 4096;
/// Bytes of a field's name. Stops a pattern that is longer than any name.
const FIELD_BYTES_MAX: usize = 256;
/// What programs take for `TMPDIR` where it is not set.
const TMPDIR_UNSET: &str = "/tmp";

const ARGUMENT: &str = "$ARG:";

impl Variable {
    /// Splits a text that begins with `$` into its variable and the rest, up to one of `ends`.
    ///
    /// # Errors
    /// A variable of another name.
    pub(super) fn split<'a>(text: &'a str, ends: &[char]) -> Result<(Self, &'a str), PatternError> {
        let (name, rest) = text.split_at(Self::end(text, ends));
        let variable = match name {
            "$HOME" => Some(Self::Home),
            "$TMPDIR" => Some(Self::Tmpdir),
            name => name.strip_prefix(ARGUMENT).and_then(Self::argument),
        };
        let variable = variable.ok_or_else(|| {
            PatternError::new(
                format!("\"{}\" is not a variable of patterns", name.escape_debug()),
                "$HOME and $TMPDIR are directories, $ARG:1 is the first argument, $ARG:* each of them, and $ARG:name a field \
                 of a call's arguments",
            )
        })?;
        Ok((variable, rest))
    }

    /// Where the name of a variable ends. The colon behind `$ARG` is part of it.
    fn end(text: &str, ends: &[char]) -> usize {
        let from = if text.starts_with(ARGUMENT) { ARGUMENT.len() } else { 0 };
        text[from..].find(ends).map_or(text.len(), |at| from + at)
    }

    fn argument(name: &str) -> Option<Self> {
        let is_field = |name: &str| {
            name.len() <= FIELD_BYTES_MAX
                && name.starts_with(|first: char| first.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        match name {
            "*" => Some(Self::EachArgument),
            name if is_field(name) => Some(Self::Field(name.to_owned())),
            // Written in one way only: not as `+1` or `01`.
            name if !name.starts_with(['+', '0']) => {
                name.parse().ok().filter(|number| *number < ARGUMENT_MAX).map(Self::Argument)
            }
            _ => None,
        }
    }

    /// Whether the caller gives its value.
    #[must_use]
    pub fn is_argument(&self) -> bool {
        matches!(self, Self::Argument(_) | Self::EachArgument | Self::Field(_))
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("$HOME"),
            Self::Tmpdir => f.write_str("$TMPDIR"),
            Self::Argument(number) => write!(f, "{ARGUMENT}{number}"),
            Self::EachArgument => write!(f, "{ARGUMENT}*"),
            Self::Field(name) => write!(f, "{ARGUMENT}{name}"),
        }
    }
}

/// What variables stand for in one run.
#[derive(Debug, Clone, Default)]
pub struct Bindings<'a> {
    /// `HOME` of the world or the grant; none: it is not set.
    pub home: Option<&'a str>,
    /// `TMPDIR` of the world or the grant; none: it is not set.
    pub tmpdir: Option<&'a str>,
    /// Arguments, the program's name not among them.
    pub arguments: &'a [String],
    /// Arguments of calls, by their places: `1.path` is the argument `path` of the first, `2.filter.tags.0` an element of a
    /// list in the second.
    pub fields: Cow<'a, [(String, String)]>,
    /// Directories that are handed over at start. What the caller names cannot be one of them: it would be all that
    /// there is.
    pub roots: &'a [String],
}

impl<'a> Bindings<'a> {
    /// Those of a run with these variables and arguments, the program's name the first of them.
    #[must_use]
    pub fn of_run(
        variable: impl Fn(&str) -> Option<&'a str>,
        args: &'a [String],
        roots: &'a [String],
    ) -> Self {
        Self {
            home: variable("HOME"),
            tmpdir: variable("TMPDIR"),
            arguments: args.get(1..).unwrap_or_default(),
            fields: Cow::default(),
            roots,
        }
    }

    /// The values that the caller gives for a variable.
    pub(super) fn named(&self, variable: &Variable) -> Vec<&str> {
        match variable {
            Variable::Home | Variable::Tmpdir => Vec::new(),
            Variable::Argument(number) => {
                let index = usize::try_from(*number).ok().and_then(|number| number.checked_sub(1));
                index.and_then(|index| self.arguments.get(index)).map(String::as_str).into_iter().collect()
            }
            Variable::EachArgument => self.arguments.iter().map(String::as_str).collect(),
            Variable::Field(name) => {
                let fields = self.fields.iter().filter(|(place, _)| field_name(place) == Some(name.as_str()));
                fields.map(|(_, value)| value.as_str()).collect()
            }
        }
    }

    /// The paths that a variable stands for, each as its segments. A value that is no path, or leads to a root, stands for
    /// none.
    pub(super) fn paths(&self, variable: &Variable) -> Vec<Vec<String>> {
        let directory = |value: Option<&str>| value.and_then(segments).into_iter().collect();
        match variable {
            Variable::Home => directory(self.home),
            Variable::Tmpdir => directory(Some(self.tmpdir.unwrap_or(TMPDIR_UNSET))),
            variable => {
                // One above it is all that it is, too.
                let is_root = |path: &Vec<String>| {
                    self.roots.iter().filter_map(|root| segments(root)).any(|root| root.starts_with(path))
                };
                let mut paths: Vec<_> = self
                    .named(variable)
                    .into_iter()
                    .filter_map(segments)
                    .filter(|path| !is_root(path))
                    .collect();
                paths.sort();
                paths.dedup();
                paths
            }
        }
    }
}

/// The name of the field at a place: without the number of its call, and without that of an element of a list.
pub(super) fn field_name(place: &str) -> Option<&str> {
    let (_, name) = place.split_once('.')?;
    match name.rsplit_once('.') {
        Some((list, element)) if element.bytes().all(|byte| byte.is_ascii_digit()) => Some(list),
        _ => Some(name),
    }
}

/// A path resolved from the root, where runs begin; none if it is none, leads to the root or above it.
pub(super) fn segments(path: &str) -> Option<Vec<String>> {
    if path.len() > PATH_BYTES_MAX || path.contains('\0') {
        return None;
    }
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            segment => segments.push(segment.to_owned()),
        }
    }
    (!segments.is_empty()).then_some(segments)
}

#[cfg(test)]
mod tests {
    use super::{Bindings, Variable};

    fn paths(variable: &Variable, arguments: &[&str]) -> Vec<String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let roots = ["/".to_owned(), "/job".to_owned()];
        let bindings = Bindings { arguments: &arguments, roots: &roots, ..Bindings::default() };
        bindings.paths(variable).iter().map(|path| format!("/{}", path.join("/"))).collect()
    }

    #[test]
    fn an_argument_is_a_path_from_the_root() {
        assert_eq!(paths(&Variable::Argument(1), &["out/./a.txt", "/b"]), ["/out/a.txt"]);
        assert_eq!(paths(&Variable::EachArgument, &["x", "/b/../c/", "x"]), ["/c", "/x"]);
        assert_eq!(paths(&Variable::Argument(3), &["x"]), [""; 0]);
    }

    #[test]
    fn what_is_empty_or_leads_to_a_root_stands_for_nothing() {
        assert_eq!(paths(&Variable::Argument(1), &["/job/x"]), ["/job/x"], "in it");
        for hostile in ["", "/", ".", "a/..", "..", "../etc/passwd", "/job", "/job/", "/x/../job", "a\0b"] {
            assert_eq!(paths(&Variable::Argument(1), &[hostile]), [""; 0], "{hostile:?}");
        }
        assert_eq!(paths(&Variable::Argument(1), &["x/".repeat(3000).as_str()]), [""; 0]);
    }

    #[test]
    fn home_must_be_a_directory_below_the_root() {
        let home = |home| Bindings { home, ..Bindings::default() }.paths(&Variable::Home);
        for same in ["/home/u/", "home/u", "/home/./u"] {
            assert_eq!(home(Some(same)), [["home", "u"]], "as a program that follows it resolves it");
        }
        for none in [None, Some(""), Some("/"), Some("/..")] {
            assert!(home(none).is_empty(), "{none:?}");
        }
        let tmpdir = |tmpdir| Bindings { tmpdir, ..Bindings::default() }.paths(&Variable::Tmpdir);
        assert_eq!(tmpdir(None), [["tmp"]], "as programs have it");
        assert_eq!(tmpdir(Some("/var/tmp")), [["var", "tmp"]]);
    }

    #[test]
    fn a_field_is_found_by_its_name_in_every_call_and_in_a_list_of_it() {
        let field = |place: &str, value: &str| (place.to_owned(), value.to_owned());
        let fields = vec![
            field("1.path", "/a"),
            field("2.path", "b"),
            field("2.files.0", "/c"),
            field("2.to.path", "/d"),
        ];
        let bindings = Bindings { fields: fields.into(), ..Bindings::default() };
        let paths = |name: &str| bindings.paths(&Variable::Field(name.into()));
        assert_eq!(paths("path"), [["a"], ["b"]]);
        assert_eq!(paths("files"), [["c"]]);
        assert_eq!(paths("to.path"), [["d"]]);
        assert!(paths("to").is_empty());
    }

    #[test]
    fn each_variable_is_shown_as_it_is_written() {
        for text in ["$HOME", "$TMPDIR", "$ARG:1", "$ARG:*", "$ARG:path", "$ARG:options.out-dir"] {
            let (variable, rest) = Variable::split(text, &['/']).unwrap();
            assert_eq!((variable.to_string().as_str(), rest), (text, ""));
        }
        for bad in [
            "$",
            "$home",
            "$HOMES",
            "$ARG",
            "$ARG:",
            "$ARG:0",
            "$ARG:01",
            "$ARG:+1",
            "$ARG:-1",
            "$ARG:99999999999",
        ] {
            assert!(Variable::split(bad, &['/']).is_err(), "{bad}");
        }
    }
}
