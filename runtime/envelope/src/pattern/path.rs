//! Guest paths.

use std::fmt;

use super::{PatternError, wildcard};

/// A glob on absolute guest paths: `*` stays in one segment, and a last segment `**` means the directory
/// before it and all below.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathPattern {
    /// Without the leading slash and a last `**`.
    segments: Vec<String>,
    /// Ends in `/**`.
    below: bool,
}

/// The bytes of a path, as on Linux.
const PATH_BYTES_MAX: usize = 4096;

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
        let Some(rest) = text.strip_prefix('/') else {
            return Err(PatternError::new(
                format!("glob \"{shown}\" does not begin with \"/\""),
                "write the guest path from the root, such as \"/data/**\"",
            ));
        };
        if text.contains(['?', '[', ']', '{', '}', '\\', '\0']) {
            return Err(PatternError::new(
                format!("glob \"{shown}\" uses a wildcard other than \"*\""),
                "\"*\" is any run of characters in one segment, a last \"**\" is everything below; \
                 write each alternative as a separate entry",
            ));
        }
        let mut segments: Vec<String> = rest.split('/').map(str::to_owned).collect();
        let below = segments.last().is_some_and(|last| last == "**");
        if below {
            segments.pop();
        } else if segments == [""] {
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
                segment if segment.contains("**") => {
                    return Err(PatternError::new(
                        format!("glob \"{shown}\" has \"**\" where it is not the last segment"),
                        "only \"/dir/**\" is understood; name the directories in between",
                    ));
                }
                _ => {}
            }
        }
        Ok(Self { segments, below })
    }

    /// Whether `path`, absolute and resolved, is meant.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let mut patterns = self.segments.iter();
        let mut segments = segments_of(path);
        loop {
            match (patterns.next(), segments.next()) {
                (Some(pattern), Some(segment)) if wildcard::matches(pattern, segment) => {}
                (None, None) => return true,
                (None, Some(_)) => return self.below,
                _ => return false,
            }
        }
    }

    /// Whether a directory and everything below it is meant.
    #[must_use]
    pub fn matches_all_below(&self, directory: &str) -> bool {
        self.below && self.matches(directory)
    }

    /// Whether a directory, or anything that can be below it, is meant.
    #[must_use]
    pub fn touches_below(&self, directory: &str) -> bool {
        let mut patterns = self.segments.iter();
        for segment in segments_of(directory) {
            match patterns.next() {
                Some(pattern) if wildcard::matches(pattern, segment) => {}
                Some(_) => return false,
                None => return self.below,
            }
        }
        true
    }

    /// Whether `path` is this pattern's root or lies above it, so that it must be passed to get there.
    ///
    /// What a wildcard means lies below the root: to pass there is to learn which of the meant names exist.
    #[must_use]
    pub fn is_under(&self, path: &str) -> bool {
        let mut root = self.root_segments().iter();
        segments_of(path).all(|segment| root.next().is_some_and(|expected| expected == segment))
    }

    /// The declared root: the longest directory without wildcards that all meant paths share. It ends before the
    /// first wildcard; for `X/**` it is `X`, for one file its directory.
    #[must_use]
    pub fn root(&self) -> String {
        format!("/{}", self.root_segments().join("/"))
    }

    fn root_segments(&self) -> &[String] {
        let fixed = self.segments.iter().take_while(|segment| !segment.contains('*')).count();
        // A pattern without wildcards means one file: its directory is the root.
        let is_file = !self.below && fixed == self.segments.len();
        &self.segments[..fixed - usize::from(is_file && fixed > 0)]
    }

    /// Whether every path that `inner` means, this pattern means too.
    #[must_use]
    pub fn covers(&self, inner: &Self) -> bool {
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
        for segment in &self.segments {
            write!(f, "/{segment}")?;
        }
        match (self.below, self.segments.is_empty()) {
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
        assert_eq!(glob("/data/in/**").root(), "/data/in");
        assert_eq!(glob("/data/*/in").root(), "/data");
        assert_eq!(glob("/data/in/a.csv").root(), "/data/in");
        assert_eq!(glob("/**").root(), "/");
    }

    #[test]
    fn what_cannot_be_enforced_is_refused() {
        for bad in ["data/**", "/a/../b", "/a//b", "/a/", "/**/x", "/a**", "/[ab]", "/a?", "", "/./a"] {
            assert!(PathPattern::parse(bad).is_err(), "{bad}");
        }
    }

    fn pattern() -> impl Strategy<Value = String> {
        (proptest::collection::vec("[ab*]{1,2}", 0..3), any::<bool>()).prop_map(|(segments, below)| {
            let segments: Vec<_> = segments.iter().map(|s| s.replace("**", "*")).collect();
            let path = format!("/{}", segments.join("/"));
            match (below, path.as_str()) {
                (true, "/") => "/**".to_owned(),
                (true, path) => format!("{path}/**"),
                (false, path) => path.to_owned(),
            }
        })
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
        fn covers_is_sound(outer in pattern(), inner in pattern(), path in "(/[abc]{1,2}){0,4}") {
            let path = if path.is_empty() { "/".to_owned() } else { path };
            if glob(&outer).covers(&glob(&inner)) && glob(&inner).matches(&path) {
                prop_assert!(glob(&outer).matches(&path));
            }
        }
    }
}
