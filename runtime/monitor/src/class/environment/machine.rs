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
            // What is done beside that is not the caller's wish.
            deviations.retain_mut(|deviation| match deviation {
                Deviation::New(effects) => {
                    effects.retain(|effect| !is_about(effect));
                    effects.iter().any(Effect::is_lasting)
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
    use std::{collections::BTreeSet, sync::Arc};

    use invar_trace::{Behaviour, Effect, EffectKind};
    use invar_world::Change;

    use super::{plain, retain};
    use crate::{Deviation, fake_lab::FakeRun};

    fn write(subject: &str) -> Effect {
        Effect { kind: EffectKind::FileWrite, subject: subject.into(), failed: None }
    }

    #[test]
    fn what_is_done_beside_what_one_more_argument_names_stays() {
        let run: Arc<Behaviour> = FakeRun::default().behaviour();
        let named = write(&format!("/{}", Change::MORE_ARGUMENT));
        let kept = |effects: [Effect; 2]| {
            let mut deviations = vec![Deviation::New(BTreeSet::from(effects))];
            retain(&mut deviations, &Change::MoreArguments(1), &run, &run);
            deviations
        };
        let beside = kept([named.clone(), write("/tmp/.sync")]);
        assert_eq!(beside, [Deviation::New(BTreeSet::from([write("/tmp/.sync")]))]);
        assert!(kept([named.clone(), Effect { failed: Some("no-entry".into()), ..named }]).is_empty());
    }

    #[test]
    fn colours_are_no_text() {
        assert_eq!(plain(b"\x1b[1;32mdone\x1b[0m\r\n"), b"done\n");
        assert_eq!(plain(b"\x1bdone\x1b["), b"\x1bdone");
    }
}
