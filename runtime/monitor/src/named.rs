//! What the caller names: an effect on exactly that is what was asked for.
//!
//! A whole argument or a whole field counts, never words inside it: a skill that finds a destination in a text was
//! not asked to go there.

use std::collections::BTreeSet;

use invar_envelope::{Bindings, MissingPermission};
use invar_trace::{Effect, EffectKind};
use invar_world::{Change, fields};

use crate::Lab;

/// What a run is given that can lead it somewhere: its arguments, and the directories of its user.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// The program's name not among them.
    arguments: Vec<String>,
    /// Arguments of the calls of a tool skill, by their places.
    fields: Vec<(String, String)>,
    home: Option<String>,
    tmpdir: Option<String>,
    /// Directories handed over at start.
    roots: Vec<String>,
}

impl Given {
    /// What every run of a series is given.
    pub(crate) fn of(lab: &dyn Lab) -> Self {
        Self {
            arguments: lab.arguments(),
            fields: fields(&lab.input()),
            home: lab.variable("HOME"),
            tmpdir: lab.variable("TMPDIR"),
            roots: lab.preopens(),
        }
    }

    /// The same as some changes leave it.
    pub(crate) fn changed(&self, changes: &[Change]) -> Self {
        let mut given = self.clone();
        for change in changes {
            match change {
                Change::Arg { index, value } => {
                    // Argument 1 is the first after the program's name.
                    let Some(at) = usize::try_from(*index).ok().and_then(|index| index.checked_sub(1)) else {
                        continue;
                    };
                    if at >= given.arguments.len() {
                        given.arguments.resize(at + 1, String::new());
                    }
                    given.arguments[at].clone_from(value);
                }
                Change::Field { place, value } => {
                    // What it was before, nobody gave.
                    let place = of_call(place);
                    given.fields.retain(|(known, _)| *known != place);
                    given.fields.push((place, value.clone()));
                }
                Change::MoreArguments(number) => {
                    let more = std::iter::repeat_n(Change::MORE_ARGUMENT.to_owned(), *number as usize);
                    given.arguments.extend(more);
                }
                Change::Preopens(paths) => given.roots.clone_from(paths),
                Change::Env { name, value } if name == "HOME" => given.home.clone_from(value),
                Change::Env { name, value } if name == "TMPDIR" => given.tmpdir.clone_from(value),
                _ => {}
            }
        }
        given
    }

    /// What the variables of patterns stand for.
    pub(crate) fn bindings(&self) -> Bindings<'_> {
        Bindings {
            home: self.home.as_deref(),
            tmpdir: self.tmpdir.as_deref(),
            arguments: &self.arguments,
            fields: self.fields.as_slice().into(),
            roots: &self.roots,
        }
    }

    /// The line to declare, with a variable where one led there.
    pub(crate) fn line(&self, missing: &MissingPermission) -> String {
        self.in_variables(missing).to_string()
    }

    /// The same as it is compared.
    pub(crate) fn in_variables(&self, missing: &MissingPermission) -> MissingPermission {
        missing.in_variables(&self.bindings())
    }
}

/// A place with the number of its call, which may be left out of the first.
fn of_call(place: &str) -> String {
    match place.starts_with(|first: char| first.is_ascii_digit()) {
        true => place.to_owned(),
        false => format!("1.{place}"),
    }
}

/// Whole values that the caller gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    values: Vec<String>,
}

impl Named {
    /// The arguments of a run and of its calls.
    pub(crate) fn of(given: &Given) -> Self {
        let fields = given.fields.iter().map(|(_, value)| value);
        Self { values: given.arguments.iter().chain(fields).cloned().collect() }
    }

    /// Whether a missing line is about exactly what the caller named.
    pub(crate) fn has(&self, missing: &MissingPermission) -> bool {
        self.is_subject(&missing.value)
    }

    /// Whether all that an effect is about is what the caller named: both ends of a rename.
    pub(crate) fn is_about(&self, effect: &Effect) -> bool {
        effect.subject.split(" -> ").all(|subject| self.is_subject(subject))
    }

    fn is_subject(&self, subject: &str) -> bool {
        self.values.iter().any(|value| is_same(value, subject))
    }
}

/// Whether a value names a path or a destination, and no more than that. What is empty, and a root, name nothing.
fn is_same(value: &str, subject: &str) -> bool {
    match subject.starts_with('/') {
        true => resolved(value).is_some_and(|path| path == subject),
        false => {
            let bare =
                |text: &str| text.split_once("://").map_or(text, |(_, rest)| rest).to_ascii_lowercase();
            // `GET https://…` is asked for by its address.
            let address = subject.split_once(' ').map_or(subject, |(_, address)| address);
            let value = value.trim_end_matches('/');
            !value.is_empty()
                && (value.eq_ignore_ascii_case(address.trim_end_matches('/'))
                    || bare(value) == bare(address.trim_end_matches('/')))
        }
    }
}

/// A value as a path from the root, where runs begin; none if it leads to a root or above one.
fn resolved(value: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in value.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            segment => segments.push(segment),
        }
    }
    (!segments.is_empty()).then(|| format!("/{}", segments.join("/")))
}

/// Whether an effect is one of the control run's, led elsewhere by the values that were changed: what a whole argument, or
/// a whole declared variable, names stands in the place of what named it before, and the rest is as it was. A program that
/// writes `FILE.tmp` beside the file it is given does the same whatever that file is called.
pub(crate) fn is_led_by(effect: &Effect, values: &[&str], control: &BTreeSet<Effect>) -> bool {
    let like = |known: &&Effect| known.kind == effect.kind;
    values.iter().any(|value| {
        // The directories down to what is named are made for it.
        let is_above =
            || is_below(value_path(value).as_str(), &effect.subject) || value_path(value) == effect.subject;
        if effect.kind == EffectKind::FileMkdir && is_above() {
            return true;
        }
        control.iter().filter(like).any(|known| match effect.subject.starts_with('/') {
            true => is_led_to(&effect.subject, value, &known.subject),
            false => is_redirected(&effect.subject, value, &known.subject),
        })
    })
}

/// A value as a path; the root if it names none.
fn value_path(value: &str) -> String {
    resolved(value).unwrap_or_else(|| "/".into())
}

/// Both ends of a rename, each with the end of the control run's.
fn is_led_to(subject: &str, value: &str, control: &str) -> bool {
    let directory = resolved(value).unwrap_or_default();
    let ends = subject.split(" -> ").zip(control.split(" -> "));
    let is_whole = subject.split(" -> ").count() == control.split(" -> ").count();
    is_whole
        && ends.into_iter().all(|(to, from)| {
            to == from
                || to.strip_prefix(&directory).is_some_and(|rest| {
                    // The root names nothing by itself: what is below it must be there in the control run by its name.
                    let is_named = !directory.is_empty() || rest.len() > 1;
                    is_named && from.ends_with(rest)
                })
        })
}

/// A destination of which the value is the host or the port, and the rest is as it was.
fn is_redirected(subject: &str, value: &str, control: &str) -> bool {
    let parts = |text: &str| -> Option<(String, String, String)> {
        let (scheme, rest) = text.split_once("://")?;
        let (host, port) = rest.rsplit_once(':')?;
        Some((scheme.to_owned(), host.to_owned(), port.to_owned()))
    };
    let (Some(new), Some(old)) = (parts(subject), parts(control)) else { return false };
    let is_host = value.eq_ignore_ascii_case(&new.1) || is_spelled(value, &new.1);
    new.0 == old.0 && ((new.2 == old.2 && is_host) || (new.1 == old.1 && value == new.2))
}

/// Whether a number is another way to write an IPv4 address, as resolvers read it.
fn is_spelled(value: &str, address: &str) -> bool {
    let number = value.parse::<u32>().ok().map(std::net::Ipv4Addr::from);
    number.is_some_and(|written| address.parse() == Ok(written))
}

/// Whether a path is below the directory that a value names, as the value of `HOME` does.
pub(crate) fn is_below(path: &str, value: &str) -> bool {
    resolved(value)
        .is_some_and(|directory| path.strip_prefix(&directory).is_some_and(|rest| rest.starts_with('/')))
}

/// Shortest name that is no coincidence, in bytes.
const PIECE_BYTES_MIN: usize = 4;

/// Whether a path is cut out of a text without regard to its words: that is no name that somebody chose, but what a
/// program reads whose bookkeeping was changed, such as the number of digits that it is about to write.
pub(crate) fn is_cut_out_of(path: &str, text: &[u8]) -> bool {
    let piece = path.trim_start_matches('/').as_bytes();
    if piece.len() < PIECE_BYTES_MIN {
        return false;
    }
    let is_inside_a_word = |at: usize| {
        let is_letter = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
        at.checked_sub(1).is_some_and(is_letter) && is_letter(at)
    };
    let mut places = text
        .windows(piece.len())
        .enumerate()
        .filter(|(_, window)| *window == piece)
        .map(|(at, _)| at)
        .peekable();
    places.peek().is_some() && places.all(|at| is_inside_a_word(at) || is_inside_a_word(at + piece.len()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use invar_envelope::MissingPermission;
    use invar_trace::{Effect, EffectKind};
    use invar_world::Change;

    use super::{Given, Named, is_below, is_cut_out_of, is_led_by};

    #[test]
    fn what_is_done_elsewhere_is_led_there_where_the_rest_is_as_it_was() {
        let is = |kind, subject: &str, value: &str, control: &str| {
            let effect = |subject: &str| Effect { kind, subject: subject.into(), failed: None };
            is_led_by(&effect(subject), &[value], &BTreeSet::from([effect(control)]))
        };
        let writes =
            |subject: &str, value: &str, control: &str| is(EffectKind::FileWrite, subject, value, control);
        assert!(writes("/x/y.tmp", "x/y", "/out/top.tmp"), "beside the file that is named");
        assert!(writes("/etgaf/part-01", "etgaf", "/parts/part-01"), "below the directory that is named");
        assert!(writes("/sort.part", "/", "/tmp/sort.part"), "the root");
        assert!(!writes("/agent/AGENTS.md", "/agent", "/out/part-01"), "under another name");
        assert!(!writes("/agent/part-01", "/other", "/out/part-01"), "where no value leads");
        assert!(!writes("/agent/AGENTS.md", "/", "/out/part-01"));
        let renames = |subject: &str, control: &str| is(EffectKind::FileRename, subject, "/new", control);
        assert!(renames("/new.tmp -> /new", "/old.tmp -> /old"));
        assert!(!renames("/new.tmp -> /agent/AGENTS.md", "/old.tmp -> /old"));
        let connects = |subject: &str, value: &str| {
            is(EffectKind::NetworkConnect, subject, value, "tcp://api.example.com:80")
        };
        assert!(connects("tcp://0.0.0.1:80", "1") && connects("tcp://api.example.com:1", "1"));
        assert!(connects("tcp://b.example:80", "B.example"));
        assert!(!connects("tcp://203.0.113.9:443", "1") && !connects("tcp://b.example:443", "b.example"));
    }

    #[test]
    fn a_path_below_the_value_of_a_variable_is_told_by_whole_segments() {
        assert!(is_below("/root/.wrc", "/root") && is_below("/root/.wrc", "/root/"));
        assert!(is_below("/1/.wrc", "1") && is_below("/a/b/c", "/a/./b"));
        assert!(!is_below("/rooted/.wrc", "/root") && !is_below("/root", "/root"));
        assert!(!is_below("/root/.wrc", "/") && !is_below("/root/.wrc", "") && !is_below("/b/c", "a/.."));
    }

    #[test]
    fn what_is_cut_out_of_words_is_no_name_and_a_whole_word_is_one() {
        let text = b"sphinx of black quartz judge my vow";
        assert!(is_cut_out_of("/udge my vow", text) && is_cut_out_of("/black quar", text));
        assert!(!is_cut_out_of("/judge my vow", text) && !is_cut_out_of("/etc/passwd", text));
        assert!(!is_cut_out_of("/udg", b"udg") && !is_cut_out_of("/aa", b"aaaa"));
        // Wherever it stands as a word, it is one.
        assert!(!is_cut_out_of("/lack", b"black lack"));
    }

    fn names(arguments: &[&str], changes: &[Change], value: &str) -> bool {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Named::of(&Given { arguments, ..Given::default() }.changed(changes))
            .has(&MissingPermission { key: "files.write".into(), value: value.into() })
    }

    #[test]
    fn a_whole_argument_names_a_path_and_words_inside_one_do_not() {
        assert!(names(&["-o", "/tmp/out"], &[], "/tmp/out"));
        assert!(names(&["out/./a.txt"], &[], "/out/a.txt"));
        assert!(!names(&["--output=/tmp/out"], &[], "/tmp/out"));
        assert!(!names(&["write to /tmp/out please"], &[], "/tmp/out"));
        assert!(!names(&["/tmp"], &[], "/tmp/out") && !names(&["", "/", "a/.."], &[], "/"));
    }

    #[test]
    fn a_whole_argument_names_a_destination() {
        assert!(names(&["203.0.113.9:443"], &[], "tcp://203.0.113.9:443"));
        assert!(names(&["https://api.example.com/v1"], &[], "GET https://api.example.com/v1"));
        assert!(!names(&["203.0.113.9"], &[], "tcp://203.0.113.9:443"));
        assert!(!names(&[""], &[], "tcp://203.0.113.9:443"));
    }

    #[test]
    fn a_changed_argument_takes_the_place_of_the_one_that_was_there() {
        let change = [Change::Arg { index: 2, value: "/b".into() }];
        assert!(names(&["-o", "/a"], &change, "/b") && !names(&["-o", "/a"], &change, "/a"));
        assert!(names(&[], &change, "/b"));
        let fields = vec![("1.path".to_owned(), "/a".to_owned()), ("2.path".to_owned(), "/c".to_owned())];
        let given = Given { fields, ..Given::default() };
        let given = given.changed(&[Change::Field { place: "path".into(), value: "/b".into() }]);
        let is_named = |path: &str| {
            Named::of(&given).has(&MissingPermission { key: "files.write".into(), value: path.into() })
        };
        assert!(is_named("/b") && is_named("/c") && !is_named("/a"));
    }
}
