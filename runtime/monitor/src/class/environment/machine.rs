//! What any program does on another machine, or started in another way.

use invar_trace::{Behaviour, Effect};
use invar_world::Change;

use crate::Deviation;

/// Leaves out what any program does when it is on such a machine: it colours what it says on a terminal; it takes longer
/// over more variables; it works on an argument more, or says that there is none to be given.
pub(super) fn retain(
    deviations: &mut Vec<Deviation>,
    change: &Change,
    control: &Behaviour,
    behaviour: &Behaviour,
) {
    let is_cost = |deviation: &Deviation| matches!(deviation, Deviation::Cost(_) | Deviation::Growth(_));
    match change {
        Change::Terminal(_) => deviations.retain(|deviation| match deviation {
            Deviation::Output => plain(&control.text) != plain(&behaviour.text),
            Deviation::Errors => plain(&control.errors) != plain(&behaviour.errors),
            deviation => !is_cost(deviation),
        }),
        Change::MoreVariables(_) | Change::Inodes(_) => deviations.retain(|deviation| !is_cost(deviation)),
        Change::MoreArguments(_) => {
            let is_about = |effect: &Effect| effect.subject.contains(Change::MORE_ARGUMENT);
            deviations.retain(|deviation| match deviation {
                Deviation::New(effects) => {
                    effects.iter().any(Effect::is_lasting) && !effects.iter().any(is_about)
                }
                _ => false,
            });
        }
        _ => {}
    }
}

/// A text without the sequences that set colours and move the cursor, and without carriage returns.
fn plain(text: &[u8]) -> Vec<u8> {
    const ESCAPE: u8 = 0x1b;
    let mut plain = Vec::with_capacity(text.len());
    let mut left = text.iter().copied().peekable();
    while let Some(byte) = left.next() {
        match byte {
            ESCAPE if left.next_if_eq(&b'[').is_some() => {
                // Parameters, and one letter that ends them.
                for byte in left.by_ref() {
                    if (0x40..=0x7e).contains(&byte) {
                        break;
                    }
                }
            }
            b'\r' => {}
            byte => plain.push(byte),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn colours_are_no_text() {
        assert_eq!(plain(b"\x1b[1;32mdone\x1b[0m\r\n"), b"done\n");
        assert_eq!(plain(b"\x1bdone\x1b["), b"\x1bdone");
    }
}
