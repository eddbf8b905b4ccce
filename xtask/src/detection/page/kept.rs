//! Sections that are written by themselves, and stay as they are when the rest of the page is written. They end it.

use super::{guests, real};

/// Cases that are no part of the project.
pub(in super::super) const OUTSIDE: &str = "## Sleepers written against the source\n";

/// Their titles, in the order in which they stand.
const TITLES: [&str; 3] = [real::TITLE, OUTSIDE, guests::TITLE];

/// A page with this section, in place of the one of that title that it has.
pub(in super::super) fn with_section(page: &str, title: &str, section: &str) -> String {
    let sections = TITLES.map(|one| if one == title { Some(section) } else { part(page, one) });
    joined(before(page), &sections)
}

/// A page with the sections that another one has.
pub(in super::super) fn with_sections_of(old: &str, page: &str) -> String {
    joined(before(page), &TITLES.map(|title| part(old, title)))
}

fn joined(first: &str, sections: &[Option<&str>]) -> String {
    let parts: Vec<&str> =
        [first].into_iter().chain(sections.iter().copied().flatten()).map(str::trim_end).collect();
    format!("{}\n", parts.join("\n\n"))
}

/// What stands before all of them.
fn before(page: &str) -> &str {
    let ends = TITLES.into_iter().filter_map(|title| place(page, title));
    &page[..ends.min().unwrap_or(page.len())]
}

/// One of them, up to the next.
fn part<'a>(page: &'a str, title: &str) -> Option<&'a str> {
    let start = place(page, title)?;
    let ends = TITLES.into_iter().filter_map(|title| place(page, title)).filter(|end| *end > start);
    Some(&page[start..ends.min().unwrap_or(page.len())])
}

/// Where a line of that title begins.
fn place(page: &str, title: &str) -> Option<usize> {
    let mut places = page.match_indices(title).map(|(at, _)| at);
    places.find(|at| *at == 0 || page[..*at].ends_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::{OUTSIDE, guests, with_section, with_sections_of};

    #[test]
    fn a_section_is_replaced_and_survives_the_others_and_the_rest_of_the_page() {
        let guests_of = |text: &str| format!("{}\n{text}\n", guests::TITLE);
        let outside_of = |text: &str| format!("{OUTSIDE}\n{text}\n");
        let page = with_section("# Detection\n\nfirst\n", guests::TITLE, &guests_of("one"));
        assert_eq!(page, format!("# Detection\n\nfirst\n\n{}", guests_of("one")));
        let page = with_section(&page, OUTSIDE, &outside_of("two"));
        assert_eq!(page, format!("# Detection\n\nfirst\n\n{}\n{}", outside_of("two"), guests_of("one")));
        assert_eq!(with_section(&page, OUTSIDE, &outside_of("two")), page);
        let changed = with_section(&page, guests::TITLE, &guests_of("three"));
        assert_eq!(changed, page.replace("\none\n", "\nthree\n"));
        assert_eq!(with_sections_of(&page, "# Detection\n\nsecond\n"), page.replace("first", "second"));
        assert_eq!(with_sections_of("old\n", "new\n"), "new\n");
    }

    #[test]
    fn a_title_inside_a_line_begins_no_section() {
        let page = format!("of #{OUTSIDE}\nall\n");
        assert_eq!(with_sections_of("", &page), page);
    }
}
