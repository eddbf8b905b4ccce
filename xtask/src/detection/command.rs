//! The commands that reports print to show a trigger.

/// A command, as far as it can be run again in parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A recorded run, and the same with these substitutions; with none, it is the run that does it.
    Replay { run: String, sets: Vec<String> },
    /// Two recorded runs, of which the second does it.
    Diff { without: String, with: String },
}

impl Shown {
    /// Of a command line; nothing if it is another command.
    pub(super) fn parse(command: &str) -> Option<Self> {
        let words = words(command)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["invar", "replay", run, ref rest @ ..] => {
                let sets = rest.chunks(2).map(|pair| match pair {
                    ["--set", set] => Some((*set).to_owned()),
                    _ => None,
                });
                Some(Self::Replay { run: run.to_owned(), sets: sets.collect::<Option<_>>()? })
            }
            ["invar", "diff", without, with] => {
                Some(Self::Diff { without: without.to_owned(), with: with.to_owned() })
            }
            _ => None,
        }
    }
}

/// The number of a run `ID/N`, and the report's `ID`.
pub(super) fn run_number(run: &str) -> Option<(&str, u32)> {
    let (id, number) = run.rsplit_once('/')?;
    Some((id, number.parse().ok()?))
}

/// The words of a command line as a POSIX shell reads them, where it has only plain words and single quotes.
fn words(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut rest = line.chars();
    while let Some(character) = rest.next() {
        match character {
            ' ' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next()? {
                        '\'' => break,
                        quoted => word.push(quoted),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(rest.next()?),
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::{Shown, run_number, words};

    #[test]
    fn words_are_read_as_a_shell_reads_them() {
        assert_eq!(words(r"a 'b c'  d'e''f' 'it'\''s' ''").unwrap(), ["a", "b c", "def", "it's", ""]);
        assert_eq!(words("a 'b"), None, "a quote is open");
    }

    #[test]
    fn a_command_is_read_with_its_substitutions() {
        let replay = |run: &str, sets: &[&str]| Shown::Replay {
            run: run.into(),
            sets: sets.iter().map(|set| (*set).into()).collect(),
        };
        assert_eq!(
            Shown::parse("invar replay id/1 --set env:A=1 --set 'file:/a=x --set y'"),
            Some(replay("id/1", &["env:A=1", "file:/a=x --set y"]))
        );
        assert_eq!(Shown::parse("invar replay id/8"), Some(replay("id/8", &[])));
        let diff = Shown::Diff { without: "id/1".into(), with: "id/8".into() };
        assert_eq!(Shown::parse("invar diff id/1 id/8"), Some(diff));
        assert_eq!(Shown::parse("invar replay id/1 --set"), None);
        assert_eq!(Shown::parse("invar monitor skill"), None);
        assert_eq!(Shown::parse(""), None);
    }

    #[test]
    fn a_run_has_a_report_and_a_number() {
        assert_eq!(run_number("skill-7/12"), Some(("skill-7", 12)));
        assert_eq!(run_number("skill"), None);
    }
}
