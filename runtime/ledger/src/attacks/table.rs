//! The table of attacks in `docs/ledger.md`.

use std::path::Path;

use super::{Attack, compacted, cuts, epochs, events, files, histories, signatures, times};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ledger.md");
const BEGIN: &str =
    "<!-- The attacks: made by the tests, with INVAR_BLESS=1 cargo test -p invar-ledger attacks::table -->\n";
const END: &str = "<!-- End of the attacks -->\n";

/// The parts of the table, each with a heading.
const PARTS: &[(&str, &[Attack])] = &[
    ("Events", events::ATTACKS),
    ("The end, and copies from before", cuts::ATTACKS),
    ("Two histories", histories::ATTACKS),
    ("Keys", epochs::ATTACKS),
    ("Times", times::ATTACKS),
    ("Signatures of another protocol", signatures::ATTACKS),
    ("What was pruned", compacted::ATTACKS),
    ("The files beside, and what others hold", files::ATTACKS),
];

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn table() -> String {
    let mut text = String::new();
    for (heading, attacks) in PARTS {
        text.push_str(&format!("\n### {heading}\n\n"));
        text.push_str("| an attacker who | has | is stopped by | and this is printed |\n|---|---|---|---|\n");
        for Attack { does, with, stopped_by, says, .. } in *attacks {
            let says =
                if says.starts_with("nothing: ") { cell(says) } else { format!("`` {} ``", cell(says)) };
            let stopped_by = cell(stopped_by);
            text.push_str(&format!("| {does} | {} | {stopped_by} | {says} |\n", with.words()));
        }
    }
    text.push('\n');
    text
}

#[test]
fn the_table_in_the_docs_is_what_the_tests_show() {
    let path = Path::new(PAGE);
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has no marker where the table begins");
    let (found, after) = rest.split_once(END).expect("the page has no marker where the table ends");
    let expected = table();
    if std::env::var("INVAR_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(path, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(found, expected, "the table is not what the tests show: INVAR_BLESS=1 makes it again");
}
