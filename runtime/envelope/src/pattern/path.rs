//! Guest paths.

use std::fmt;

use super::{Bindings, PatternError, Variable, variable::PATH_BYTES_MAX, wildcard};

/// A glob on absolute guest paths: `*` stays in one segment, and a last segment `**` means the directory
/// before it and all below. It may begin with a [`Variable`], and matches nothing until that is bound.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathPattern {
    /// What it begins with; none: the root.
    variable: Option<Variable>,
    /// The paths that the variable stands for, taken literally.
    bound: Vec<Vec<String>>,
    /// Without the leading slash and a last `**`.
    segments: Vec<String>,
    /// Ends in `/**`.
    below: bool,
}

/// What a pattern without a variable begins with.
const ROOT: &[Vec<String>] = &[Vec::new()];

/// One segment of a pattern.
#[derive(Clone, Copy)]
enum Segment<'a> {
    Literal(&'a str),
    Glob(&'a str),
}

impl Segment<'_> {
    fn matches(self, segment: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == segment,
            Self::Glob(glob) => wildcard::matches(glob, segment),
        }
    }
}

impl PathPattern {
    /// Reads a glob.
    ///
    /// # Errors
    /// Not absolute, with `.`, `..` or empty segments, with `**` anywhere but last, or with a wildcard
    /// other than `*`: the last two would be read differently by different people.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let shown = text.escape_debug();
        if text.len() > PATH_BYTES_MAX {
            return Err(PatternError::new(
                format!("a glob of {} bytes is longer than a path can be", text.len()),
                "4,096 bytes at most",
            ));
        }
        let (variable, path) = match text.starts_with('$') {
            true => Variable::split(text, &['/']).map(|(variable, path)| (Some(variable), path))?,
            false => (None, text),
        };
        let rest = match (&variable, path.strip_prefix('/')) {
            (_, Some(rest)) => Some(rest),
            (Some(variable), None) if variable.is_argument() => None,
            (Some(_), None) => {
                return Err(PatternError::new(
                    format!("glob \"{shown}\" means a directory and nothing in it"),
                    "write what it means there, such as \"$HOME/.config\" or \"$TMPDIR/**\"",
                ));
            }
            (None, None) => {
                return Err(PatternError::new(
                    format!("glob \"{shown}\" does not begin with \"/\""),
                    "write the guest path from the root, such as \"/data/**\"",
                ));
            }
        };
        if path.contains(['?', '[', ']', '{', '}', '\\', '\0']) {
            return Err(PatternError::new(
                format!("glob \"{shown}\" uses a wildcard other than \"*\""),
                "\"*\" is any run of characters in one segment, a last \"**\" is everything below; \
                 write each alternative as a separate entry",
            ));
        }
        let mut segments: Vec<String> =
            rest.map(|rest| rest.split('/').map(str::to_owned).collect()).unwrap_or_default();
        let below = segments.last().is_some_and(|last| last == "**");
        if below {
            segments.pop();
        } else if variable.is_none() && segments == [""] {
            // "/" alone: the root itself.
            segments.clear();
        }
        for segment in &segments {
            match segment.as_str() {
                "" | "." | ".." => {
                    return Err(PatternError::new(
                        format!("glob \"{shown}\" has an empty, \".\" or \"..\" segment"),
                        "write the path as it is after resolving, without a slash at the end",
                    ));
                }
                segment if variable.is_some() && segment.starts_with('$') => {
                    return Err(PatternError::new(
                        format!("glob \"{shown}\" has a second variable"),
                        "one variable, at the beginning, is understood; write a second entry for the other",
                    ));
                }
                segment if segment.contains("**") => {
                    return Err(PatternError::new(
                        format!("glob \"{shown}\" has \"**\" where it is not the last segment"),
                        "only \"/dir/**\" is understood; name the directories in between",
                    ));
                }
                _ => {}
            }
        }
        Ok(Self { variable, bound: Vec::new(), segments, below })
    }

    /// The same with what its variable stands for. Of several values each counts.
    #[must_use]
    pub fn bind(&self, bindings: &Bindings<'_>) -> Self {
        let bound = self.variable.as_ref().map(|variable| bindings.paths(variable)).unwrap_or_default();
        Self { bound, ..self.clone() }
    }

    /// The variable that it begins with.
    #[must_use]
    pub fn variable(&self) -> Option<&Variable> {
        self.variable.as_ref()
    }

    /// How many values a path is compared with, at most.
    pub(crate) fn values(&self) -> usize {
        self.beginnings().len().max(1)
    }

    /// The paths that it begins with.
    fn beginnings(&self) -> &[Vec<String>] {
        match &self.variable {
            None => ROOT,
            Some(_) => &self.bound,
        }
    }

    /// Its segments behind one of its beginnings.
    fn behind<'a>(&'a self, beginning: &'a [String]) -> impl Iterator<Item = Segment<'a>> + Clone {
        let literal = beginning.iter().map(|segment| Segment::Literal(segment));
        literal.chain(self.segments.iter().map(|segment| Segment::Glob(segment)))
    }

    /// Whether `path`, absolute and resolved, is meant.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.beginnings().iter().any(|beginning| {
            let mut patterns = self.behind(beginning);
            let mut segments = segments_of(path);
            loop {
                match (patterns.next(), segments.next()) {
                    (Some(pattern), Some(segment)) if pattern.matches(segment) => {}
                    (None, None) => return true,
                    (None, Some(_)) => return self.below,
                    _ => return false,
                }
            }
        })
    }

    /// Whether a directory and everything below it is meant.
    #[must_use]
    pub fn matches_all_below(&self, directory: &str) -> bool {
        self.below && self.matches(directory)
    }

    /// Whether a directory, or anything that can be below it, is meant.
    #[must_use]
    pub fn touches_below(&self, directory: &str) -> bool {
        self.beginnings().iter().any(|beginning| {
            let mut patterns = self.behind(beginning);
            for segment in segments_of(directory) {
                match patterns.next() {
                    Some(pattern) if pattern.matches(segment) => {}
                    Some(_) => return false,
                    None => return self.below,
                }
            }
            true
        })
    }

    /// Whether `path` is this pattern's root or lies above it, so that it must be passed to get there.
    ///
    /// What a wildcard means lies below the root: to pass there is to learn which of the meant names exist.
    #[must_use]
    pub fn is_under(&self, path: &str) -> bool {
        self.beginnings().iter().any(|beginning| {
            let mut root = self.root_behind(beginning);
            segments_of(path).all(|segment| root.next().is_some_and(|expected| expected == segment))
        })
    }

    /// The declared roots: for each value the longest directory without wildcards that all meant paths share. It ends before
    /// the first wildcard; for `X/**` it is `X`, for one file its directory.
    pub fn roots(&self) -> impl Iterator<Item = String> {
        self.beginnings().iter().map(|beginning| {
            let root: Vec<&str> = self.root_behind(beginning).collect();
            format!("/{}", root.join("/"))
        })
    }

    fn root_behind<'a>(&'a self, beginning: &'a [String]) -> impl Iterator<Item = &'a str> {
        let is_fixed = |segment: &String| !segment.contains('*');
        let fixed = beginning.len() + self.segments.iter().take_while(|segment| is_fixed(segment)).count();
        // A pattern without wildcards means one file: its directory is the root.
        let is_file = !self.below && self.segments.iter().all(is_fixed);
        let len = fixed - usize::from(is_file && fixed > 0);
        beginning.iter().chain(&self.segments).take(len).map(String::as_str)
    }

    /// Whether it means every path.
    fn is_all(&self) -> bool {
        self.variable.is_none() && self.segments.is_empty() && self.below
    }

    /// Whether every path that `inner` means, this pattern means too, whatever variables stand for: a variable is covered by
    /// itself, and by `/**`.
    #[must_use]
    pub fn covers(&self, inner: &Self) -> bool {
        if self.is_all() {
            return true;
        }
        if self.variable != inner.variable {
            return false;
        }
        let shared = self.segments.len().min(inner.segments.len());
        let prefix = self.segments[..shared]
            .iter()
            .zip(&inner.segments[..shared])
            .all(|(outer, inner)| wildcard::matches(outer, inner));
        prefix
            && match self.below {
                true => inner.segments.len() >= self.segments.len(),
                false => !inner.below && inner.segments.len() == self.segments.len(),
            }
    }
}

/// The segments of an absolute path; none for `/`.
fn segments_of(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(variable) = &self.variable {
            write!(f, "{variable}")?;
        }
        for segment in &self.segments {
            write!(f, "/{segment}")?;
        }
        match (self.below, self.segments.is_empty() && self.variable.is_none()) {
            (true, _) => f.write_str("/**"),
            (false, true) => f.write_str("/"),
            (false, false) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PathPattern;
    use crate::Bindings;

    fn glob(text: &str) -> PathPattern {
        PathPattern::parse(text).unwrap()
    }

    #[test]
    fn a_star_stays_in_one_segment_and_two_stars_mean_the_directory_and_all_below() {
        assert!(glob("/data/*.csv").matches("/data/a.csv"));
        assert!(!glob("/data/*.csv").matches("/data/x/a.csv"));
        assert!(glob("/data/**").matches("/data"));
        assert!(glob("/data/**").matches("/data/x/y"));
        assert!(!glob("/data/**").matches("/database"));
        assert!(glob("/**").matches("/"));
        assert!(glob("/").matches("/") && !glob("/").matches("/a"));
    }

    #[test]
    fn what_lies_above_a_root_can_be_passed() {
        for (pattern, root) in
            [("/var/cache/**", "/var/cache"), ("/var/cache/*", "/var/cache"), ("/var/cache/a", "/var/cache")]
        {
            for above in ["/", "/var", root] {
                assert!(glob(pattern).is_under(above), "{pattern} {above}");
            }
            assert!(!glob(pattern).is_under("/var/cache/a"), "{pattern}");
            assert!(!glob(pattern).is_under("/etc"), "{pattern}");
        }
        assert!(glob("/var/*/cache/**").is_under("/var"));
        assert!(!glob("/var/*/cache/**").is_under("/var/x"));
        assert!(glob("/**").is_under("/") && glob("/").is_under("/"));
    }

    #[test]
    fn the_root_ends_before_the_first_wildcard() {
        let root = |text: &str| glob(text).roots().next().unwrap();
        assert_eq!(root("/data/in/**"), "/data/in");
        assert_eq!(root("/data/*/in"), "/data");
        assert_eq!(root("/data/in/a.csv"), "/data/in");
        assert_eq!(root("/**"), "/");
    }

    #[test]
    fn what_cannot_be_enforced_is_refused() {
        for bad in ["data/**", "/a/../b", "/a//b", "/a/", "/**/x", "/a**", "/[ab]", "/a?", "", "/./a"] {
            assert!(PathPattern::parse(bad).is_err(), "{bad}");
        }
    }

    fn named(text: &str, arguments: &[&str]) -> PathPattern {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        glob(text).bind(&Bindings { arguments: &arguments, home: Some("/home/u"), ..Bindings::default() })
    }

    #[test]
    fn a_variable_means_nothing_until_it_is_bound_and_is_shown_as_it_was_written() {
        for text in ["$HOME/.jqrc", "$TMPDIR/**", "$ARG:1", "$ARG:*", "$ARG:path/**", "$ARG:1/*.md"] {
            let pattern = glob(text);
            assert_eq!(pattern.to_string(), text);
            assert!(!pattern.matches("/") && !pattern.touches_below("/") && pattern.roots().next().is_none());
            assert_eq!(named(text, &["/a"]).to_string(), text, "bound, too");
        }
        assert!(named("$HOME/.jqrc", &[]).matches("/home/u/.jqrc"));
        assert!(named("$HOME/**", &[]).matches_all_below("/home/u"));
        assert_eq!(named("$HOME/.cache/**", &[]).roots().collect::<Vec<_>>(), ["/home/u/.cache"]);
        assert_eq!(named("$ARG:*", &["/out/a", "b"]).roots().collect::<Vec<_>>(), ["/", "/out"]);
        assert!(named("$ARG:1/*.md", &["/notes"]).matches("/notes/a.md"));
        assert!(named("$ARG:2", &["/a", "b"]).matches("/b") && !named("$ARG:2", &["/a", "b"]).matches("/a"));
    }

    #[test]
    fn what_a_variable_stands_for_is_literal() {
        assert!(named("$ARG:1", &["/data/*"]).matches("/data/*"));
        assert!(!named("$ARG:1", &["/data/*"]).matches("/data/a"));
        assert!(!named("$ARG:1", &["/data/**"]).matches("/data/x/y"));
        assert!(!named("$ARG:1", &["$HOME/x"]).matches("/home/u/x"), "a value is no pattern");
        assert!(!named("$ARG:1", &["/data"]).matches("/data/a"), "a directory is not what is in it");
    }

    #[test]
    fn a_variable_is_covered_by_itself_and_by_everything() {
        for text in ["$HOME/.jqrc", "$ARG:1", "$ARG:*"] {
            assert!(glob(text).covers(&glob(text)) && glob("/**").covers(&glob(text)));
            assert!(!glob(text).covers(&glob("/a")) && !glob("/*").covers(&glob(text)));
        }
        assert!(glob("$HOME/**").covers(&glob("$HOME/.jqrc")));
        assert!(!glob("$ARG:*").covers(&glob("$ARG:1")) && !glob("$ARG:1").covers(&glob("$ARG:2")));
    }

    #[test]
    fn a_directory_variable_needs_something_in_it() {
        for bad in [
            "$HOME",
            "$TMPDIR",
            "$HOME/",
            "$HOME/../x",
            "$ARG:1/",
            "$ARG:1/**/x",
            "$USER/x",
            "$HOME/$ARG:1",
            "$ARG:1.gz?",
        ] {
            assert!(PathPattern::parse(bad).is_err(), "{bad}");
        }
    }

    fn pattern() -> impl Strategy<Value = String> {
        let start = proptest::sample::select(vec!["", "", "", "$HOME", "$ARG:1", "$ARG:*"]);
        (start, proptest::collection::vec("[ab*]{1,2}", 0..3), any::<bool>()).prop_map(
            |(start, segments, below)| {
                let segments: Vec<_> = segments.iter().map(|s| s.replace("**", "*")).collect();
                let path = format!("{start}/{}", segments.join("/"));
                match (below, path.as_str()) {
                    (below, _) if segments.is_empty() && !start.is_empty() => match below || start == "$HOME"
                    {
                        true => format!("{start}/**"),
                        false => start.to_owned(),
                    },
                    (true, "/") => "/**".to_owned(),
                    (true, path) => format!("{path}/**"),
                    (false, path) => path.to_owned(),
                }
            },
        )
    }

    proptest! {
        #[test]
        fn shown_and_read_again_is_the_same(text in pattern()) {
            prop_assert_eq!(glob(&text).to_string(), text);
        }

        #[test]
        fn what_is_meant_below_a_directory_touches_it(text in pattern(), path in "(/[abc]{1,2}){1,4}") {
            if glob(&text).matches(&path) {
                for (end, _) in path.match_indices('/').skip(1).chain([(path.len(), "")]) {
                    prop_assert!(glob(&text).touches_below(&path[..end]));
                }
                prop_assert!(glob(&text).touches_below("/"));
            }
            if glob(&text).matches_all_below(&path) {
                let below = format!("{path}/x/y");
                prop_assert!(glob(&text).matches(&below));
            }
        }

        #[test]
        fn covers_is_reflexive(text in pattern()) {
            prop_assert!(glob(&text).covers(&glob(&text)));
        }

        #[test]
        fn covers_is_transitive(a in pattern(), b in pattern(), c in pattern()) {
            if glob(&a).covers(&glob(&b)) && glob(&b).covers(&glob(&c)) {
                prop_assert!(glob(&a).covers(&glob(&c)));
            }
        }

        #[test]
        fn covers_is_sound(
            outer in pattern(),
            inner in pattern(),
            path in "(/[abc]{1,2}){0,4}",
            home in "(/[abc*]{1,2}){0,2}",
            arguments in proptest::collection::vec("/?([abc*.]{1,2}/){0,2}", 0..3),
        ) {
            let path = if path.is_empty() { "/".to_owned() } else { path };
            let bindings = Bindings { arguments: &arguments, home: Some(&home), ..Bindings::default() };
            let bound = |text: &str| glob(text).bind(&bindings);
            if glob(&outer).covers(&glob(&inner)) && bound(&inner).matches(&path) {
                prop_assert!(bound(&outer).matches(&path));
            }
        }
    }
}
