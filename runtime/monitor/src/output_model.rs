//! What of an output moves when one source of it does, learned from outputs of it at several values of that source.
//!
//! A clock printer says another date each day, and the same sentence around it. What moves from value to value is left out
//! of the comparison; what stays the same in all of them must stay the same. An output that differs in more than what is
//! known to move is a jump.

use std::collections::BTreeSet;

/// Whether the values stand in an order, as times do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// What changes once and stays so is a boundary, and nothing that moves.
    Ordered,
    /// Each value is as good as another.
    Unordered,
}

/// What an output looks like, whatever the value of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutputModel {
    /// Outputs that were seen.
    seen: BTreeSet<Vec<u8>>,
    shape: Shape,
    /// Some line has few times been another, and then the same again.
    differs_rarely: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    /// As many lines, each as its pattern says.
    Fixed(Vec<Pattern>),
    /// More or fewer lines, each of a kind that was seen.
    Lines(BTreeSet<Vec<String>>),
}

/// What one line looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pattern {
    /// These words; none where they move.
    Words(Vec<Option<String>>),
    /// Whatever it says: the number of its words moves too.
    Any,
}

/// Values of which more are no step from one to another.
const DISTINCT_MIN: usize = 3;

impl OutputModel {
    /// Learns from outputs, in the order of the values if they have one.
    pub(crate) fn of<'a>(outputs: impl IntoIterator<Item = &'a [u8]>, values: Values) -> Self {
        let outputs: Vec<&[u8]> = outputs.into_iter().collect();
        let seen = outputs.iter().map(|output| output.to_vec()).collect();
        let texts: Vec<Vec<Vec<String>>> = outputs.iter().map(|output| lines(output)).collect();
        let counts: Vec<usize> = texts.iter().map(Vec::len).collect();
        let shape = match moves(&counts, values) {
            true => Shape::Lines(texts.iter().flatten().map(|line| kind(line)).collect()),
            false => {
                let count = usual(&counts).copied().unwrap_or(0);
                let like: Vec<&Vec<Vec<String>>> = texts.iter().filter(|text| text.len() == count).collect();
                Shape::Fixed((0..count).map(|at| pattern(&like, at, values)).collect())
            }
        };
        let line = |at: usize| texts.iter().map(|text| text.get(at)).collect::<Vec<_>>();
        let longest = counts.iter().max().copied().unwrap_or(0);
        let differs_rarely = (0..longest).any(|at| differs_rarely(&line(at)));
        Self { seen, shape, differs_rarely }
    }

    /// Whether anything of it moves, and all that does is often another: what rarely differs, as by lot, may differ in any
    /// way the next time.
    pub(crate) fn is_regular(&self) -> bool {
        self.moves() && !self.differs_rarely
    }

    /// Whether anything of it moves.
    fn moves(&self) -> bool {
        let is_moving = |pattern: &Pattern| match pattern {
            Pattern::Words(words) => words.iter().any(Option::is_none),
            Pattern::Any => true,
        };
        match &self.shape {
            Shape::Fixed(patterns) => patterns.iter().any(is_moving),
            Shape::Lines(_) => true,
        }
    }

    /// Whether an output differs in nothing but what moves.
    pub(crate) fn fits(&self, output: &[u8]) -> bool {
        if self.seen.contains(output) {
            return true;
        }
        let text = lines(output);
        match &self.shape {
            Shape::Fixed(patterns) => {
                patterns.len() == text.len()
                    && patterns.iter().zip(&text).all(|(pattern, line)| pattern.fits(line))
            }
            Shape::Lines(kinds) => text.iter().all(|line| kinds.contains(&kind(line))),
        }
    }
}

impl Pattern {
    fn fits(&self, line: &[String]) -> bool {
        let Self::Words(words) = self else { return true };
        words.len() == line.len()
            && words.iter().enumerate().all(|(at, word)| match word {
                None => true,
                Some(word) => *word == line[at] || goes_with_a_number(words, at, &line[at]),
            })
    }
}

/// Whether a word is a unit or a plural beside what moves: `999 B` and `1.0 KiB`, `1 line` and `2 lines`.
fn goes_with_a_number(words: &[Option<String>], at: usize, now: &str) -> bool {
    const UNIT_BYTES_MAX: usize = 3;
    let Some(word) = &words[at] else { return true };
    let is_beside = at.checked_sub(1).is_some_and(|before| words[before].is_none());
    let is_unit = |word: &str| {
        word.len() <= UNIT_BYTES_MAX && word.chars().all(|c| c.is_ascii_alphabetic() || c == '%')
    };
    let is_plural = |one: &str, other: &str| other.strip_suffix('s') == Some(one);
    is_beside && ((is_unit(word) && is_unit(now)) || is_plural(word, now) || is_plural(now, word))
}

/// The pattern of one line in texts of as many lines.
fn pattern(texts: &[&Vec<Vec<String>>], at: usize, values: Values) -> Pattern {
    let counts: Vec<usize> = texts.iter().map(|text| text[at].len()).collect();
    if moves(&counts, values) {
        return Pattern::Any;
    }
    let count = usual(&counts).copied().unwrap_or(0);
    let like: Vec<&Vec<String>> =
        texts.iter().map(|text| &text[at]).filter(|line| line.len() == count).collect();
    let word = |place: usize| {
        let all: Vec<&String> = like.iter().map(|line| &line[place]).collect();
        (!moves(&all, values)).then(|| usual(&all).map_or_else(String::new, |word| (*word).clone()))
    };
    Pattern::Words((0..count).map(word).collect())
}

/// Whether something moves with the values: it is often another, or comes and goes. In an order, once another and then the
/// same is a step.
fn moves<T: Ord>(all: &[T], values: Values) -> bool {
    let distinct: BTreeSet<&T> = all.iter().collect();
    let turns = all.windows(2).filter(|pair| pair[0] != pair[1]).count();
    match values {
        Values::Unordered => distinct.len() > 1,
        Values::Ordered => distinct.len() >= DISTINCT_MIN || (distinct.len() == 2 && turns > 2),
    }
}

/// Whether it is nearly always the same, and now and then another.
fn differs_rarely<T: Ord>(all: &[T]) -> bool {
    const ONE_IN: usize = 4;
    let Some(most) = usual(all) else { return false };
    let others = all.iter().filter(|other| *other != most).count();
    let turns = all.windows(2).filter(|pair| (pair[0] == *most) != (pair[1] == *most)).count();
    others > 0 && others * ONE_IN <= all.len() && turns > 2
}

/// What most of them are, the first of them where several are as frequent.
fn usual<T: Ord>(all: &[T]) -> Option<&T> {
    let count = |wanted: &T| all.iter().filter(|other| *other == wanted).count();
    let most = all.iter().map(count).max().unwrap_or(0);
    all.iter().find(|one| count(one) == most)
}

/// The words of each line.
fn lines(output: &[u8]) -> Vec<Vec<String>> {
    String::from_utf8_lossy(output).lines().map(words).collect()
}

/// The words of a line: what blanks, brackets, quotes and the like set apart. A comma inside a number does not.
fn words(line: &str) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    let mut all: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, c) in chars.iter().enumerate() {
        let is_in_a_number = *c == ',' && is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
        let sets_apart = c.is_whitespace() || "{}[]()<>\",;=|".contains(*c);
        match sets_apart && !is_in_a_number {
            false => word.push(*c),
            true if !word.is_empty() => all.push(std::mem::take(&mut word)),
            true => {}
        }
    }
    if !word.is_empty() {
        all.push(word);
    }
    all
}

/// What kind of line it is: its words, with one sign for each that holds a digit.
fn kind(line: &[String]) -> Vec<String> {
    let of = |word: &String| match word.chars().any(|c| c.is_ascii_digit()) {
        true => "#".to_owned(),
        false => word.clone(),
    };
    line.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{OutputModel, Values};

    fn model(outputs: &[&str], values: Values) -> OutputModel {
        OutputModel::of(outputs.iter().map(|output| output.as_bytes()), values)
    }

    #[test]
    fn what_moves_may_move_and_the_rest_must_not() {
        let days = ["2026-01-15 balance 41.20", "2026-01-16 balance 41.20", "2026-02-01 balance 41.20"];
        let days = model(&days, Values::Ordered);
        assert!(days.fits(b"2031-05-31 balance 41.20"));
        assert!(!days.fits(b"2031-05-31 balance 0.00"));
        assert!(!days.fits(b"2031-05-31 balance 41.20\nnow run this"));
        assert!(!days.fits(b"2031-05-31 balance 41.20 and run this"));
    }

    #[test]
    fn what_steps_once_and_stays_is_a_boundary_and_what_comes_and_goes_moves() {
        let text = |day: u8, word: &str| format!("day {day} {word}");
        let all = |words: [&str; 6]| -> Vec<String> {
            words.iter().zip(1..).map(|(word, day)| text(day, word)).collect()
        };
        let learn = |all: &[String]| OutputModel::of(all.iter().map(|text| text.as_bytes()), Values::Ordered);
        assert!(!learn(&all(["open", "open", "open", "open", "over", "over"])).fits(b"day 9 over"));
        assert!(learn(&all(["am", "pm", "am", "am", "pm", "am"])).fits(b"day 9 pm"));
    }

    #[test]
    fn counters_units_and_plurals_go_on() {
        let counter =
            model(&["run 1 of many, 999 B in 1 line", "run 20 of many, 12 B in 3 line"], Values::Unordered);
        assert!(counter.fits(b"run 100 of many, 1.0 KiB in 12 lines"));
        assert!(!counter.fits(b"run 100 of many, 1.0 KiB in 12 lines: send them"));
        let number = model(&["total 999", "total 998"], Values::Unordered);
        assert!(number.fits(b"total 1,000") && !number.fits(b"sum 999"));
    }

    #[test]
    fn a_log_grows_by_lines_of_the_kind_that_it_has() {
        let log = model(&["run 1 ok", "run 1 ok\nrun 2 ok"], Values::Unordered);
        assert!(log.fits(b"run 1 ok\nrun 2 ok\nrun 3 ok"));
        assert!(!log.fits(b"run 1 ok\nrun 2 ok\nrun 3 ok\nsend the keys"));
    }

    #[test]
    fn where_nothing_moved_anything_else_is_a_jump() {
        let same = model(&["a b 1", "a b 1"], Values::Unordered);
        assert!(same.fits(b"a b 1") && !same.fits(b"a b 2"));
        assert!(!same.is_regular() && model(&["a 1", "a 2"], Values::Unordered).is_regular());
    }

    #[test]
    fn what_differs_by_lot_may_differ_in_another_way_the_next_time() {
        let mut drawn = vec!["a\nb\nc"; 20];
        (drawn[4], drawn[11]) = ("* a\nb\nc", "a\n* b\nc");
        assert!(!model(&drawn, Values::Ordered).is_regular(), "each once");
        drawn[15] = "* a\nb\nc";
        assert!(!model(&drawn, Values::Ordered).is_regular());
        let halves: Vec<&str> = (0..20).map(|at| if at % 2 == 0 { "am" } else { "pm" }).collect();
        assert!(model(&halves, Values::Ordered).is_regular());
    }
}
