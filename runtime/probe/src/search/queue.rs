//! States that wait to be looked at.

use super::{
    DEPTH_MAX,
    outcomes::News,
    running::Search,
    state::{EQUAL, Pass, State},
};
use crate::{Assignment, Source, Value};

/// States that wait to be looked at.
const STATES_MAX: usize = 4096;
/// Bytes of the values that states were made with. Stops long inputs and files from filling memory.
const STATES_BYTES_MAX: usize = 64 << 20;

impl Search<'_, '_> {
    pub(super) fn next_number(&mut self) -> i64 {
        self.queued += 1;
        self.queued
    }

    pub(super) fn push(&mut self, state: &State, source: &Source, assignment: Assignment, news: News) {
        let is_noise =
            self.plan.is_interpreter && !matches!(news, News::Flipped | News::Further | News::Equal);
        if is_noise || state.depth >= DEPTH_MAX {
            return;
        }
        // The other values are shared with the state that it comes from.
        let bytes = assignment.get(source).and_then(Value::len).unwrap_or(0);
        if self.queue.len() >= STATES_MAX || self.state_bytes + bytes > STATES_BYTES_MAX {
            self.unfollowed += 1;
            return;
        }
        self.state_bytes += bytes;
        let flag = self.remember(state, source, &assignment, news);
        let number = self.next_number();
        let order = match news {
            News::Equal => (Pass::Quick, EQUAL, -number),
            News::Further | News::NewDirection => (Pass::Quick, 1, number),
            News::Flipped | News::Reached | News::None => (Pass::Quick, 2, number),
        };
        // A loop that goes further is followed by itself, and is one condition however long it is.
        let is_loop = news == News::Further;
        let next = State {
            assignment,
            depth: if is_loop { state.depth } else { state.depth + 1 },
            last: Some(source.clone()),
            pass: if is_loop { Pass::Loop } else { Pass::Quick },
            parent: self.states.len().checked_sub(1),
            more: state.more.clone(),
            flag,
        };
        self.queue.insert(order, next);
    }
}
