//! The other side of a connection: what it says, and when.

use std::{collections::VecDeque, sync::Arc};

use invar_world::{End, Line, Responder};
use memchr::memmem;

use super::timing::IDLE_NS;
use crate::port::{ConnectionId, NetworkError, Received};

/// Bytes that are kept for nothing before they are moved out of the way.
const SEARCHED_BYTES_MAX: usize = 64 << 10;

/// What the other side sends on a connection, in order. Shared with the script: a skill opens as many connections as it likes.
pub(super) enum Dialogue {
    /// The lines of an entry of the script.
    Script(Arc<Vec<Responder>>, usize),
    /// These lines.
    Own(Vec<Line>),
}

impl Dialogue {
    fn lines(&self) -> &[Line] {
        match self {
            Self::Script(script, index) => script.get(*index).map_or(&[], |entry| &entry.dialogue),
            Self::Own(lines) => lines,
        }
    }
}

/// The other side of a connection.
pub(super) struct Connection {
    dialogue: Dialogue,
    /// The line whose turn is next.
    next: usize,
    /// What was sent and no line has waited for yet.
    window: Vec<u8>,
    /// Bytes of it with which the text that the next line waits for does not begin.
    searched: usize,
    arrivals: VecDeque<Arrival>,
    end: End,
    latency_ns: u64,
    /// When the last byte goes either way.
    last_ns: u64,
    /// The script has said everything, or the skill has.
    over: bool,
    /// The other end, if the skill is that itself.
    pub(super) other: Option<ConnectionId>,
}

/// What arrives at once.
struct Arrival {
    at_ns: u64,
    text: Text,
    /// Bytes of it that were received.
    taken: usize,
}

enum Text {
    /// What that line says.
    Line(usize),
    /// What the other end sent.
    Sent(Vec<u8>),
}

impl Connection {
    pub(super) fn new(dialogue: Dialogue, end: End, latency_ns: u64, now_ns: u64) -> Self {
        let mut connection = Self {
            dialogue,
            next: 0,
            window: Vec::new(),
            searched: 0,
            arrivals: VecDeque::new(),
            end,
            latency_ns,
            last_ns: now_ns,
            over: false,
            other: None,
        };
        connection.talk(now_ns);
        connection
    }

    /// Whether no line is left.
    fn is_said(&self) -> bool {
        self.next >= self.dialogue.lines().len()
    }

    /// Says every line whose turn it is. What was searched before is not searched again, but for its last bytes.
    fn talk(&mut self, now_ns: u64) {
        while let Some(Line { after, say }) = self.dialogue.lines().get(self.next) {
            let Some(found) = find(&self.window[self.searched..], after) else {
                self.searched = (self.window.len() + 1).saturating_sub(after.len()).max(self.searched);
                break;
            };
            self.window.drain(..self.searched + found + after.len());
            self.searched = 0;
            self.last_ns = self.last_ns.max(now_ns).saturating_add(self.latency_ns);
            if !say.is_empty() {
                let text = Text::Line(self.next);
                self.arrivals.push_back(Arrival { at_ns: self.last_ns, text, taken: 0 });
            }
            self.next += 1;
            self.over = self.is_said();
        }
        if self.is_said() {
            self.window.clear();
            self.searched = 0;
        }
        // Seldom, so that a byte is moved once and not with every one that follows.
        if self.searched > SEARCHED_BYTES_MAX.max(self.window.len() / 2) {
            self.window.drain(..self.searched);
            self.searched = 0;
        }
    }

    pub(super) fn send(&mut self, bytes: &[u8], now_ns: u64) -> Result<(), NetworkError> {
        if self.end == End::Reset && self.ended_ns().is_some_and(|at| at <= now_ns) {
            return Err(NetworkError::ConnectionReset);
        }
        self.last_ns = self.last_ns.max(now_ns);
        // A line that waits for more than it may waits for ever: no document has one.
        let waiting = self.dialogue.lines().get(self.next).map(|line| line.after.len());
        if waiting.is_some_and(|bytes| bytes <= Line::AFTER_BYTES_MAX) {
            self.window.extend_from_slice(bytes);
            self.talk(now_ns);
        }
        Ok(())
    }

    /// Takes what the other end sends.
    pub(super) fn deliver(&mut self, bytes: &[u8], now_ns: u64) {
        if !bytes.is_empty() && !self.over {
            self.last_ns = self.last_ns.max(now_ns.saturating_add(self.latency_ns));
            let text = Text::Sent(bytes.to_vec());
            self.arrivals.push_back(Arrival { at_ns: self.last_ns, text, taken: 0 });
        }
    }

    /// The other end will say nothing more.
    pub(super) fn close(&mut self, now_ns: u64) {
        if !self.over {
            self.last_ns = self.last_ns.max(now_ns.saturating_add(self.latency_ns));
            self.over = true;
        }
    }

    /// The other end breaks off.
    pub(super) fn reset(&mut self, now_ns: u64) {
        self.end = End::Reset;
        self.close(now_ns);
    }

    pub(super) fn receive(&mut self, len: usize, now_ns: u64) -> Received {
        let lines = self.dialogue.lines();
        let mut data = Vec::new();
        while data.len() < len
            && let Some(arrival) = self.arrivals.front_mut()
            && arrival.at_ns <= now_ns
        {
            let bytes = match &arrival.text {
                Text::Line(line) => lines.get(*line).map_or(&[][..], |line| &line.say),
                Text::Sent(bytes) => bytes,
            };
            let rest = &bytes[arrival.taken..];
            let take = rest.len().min(len - data.len());
            data.extend_from_slice(&rest[..take]);
            arrival.taken += take;
            if arrival.taken == bytes.len() {
                self.arrivals.pop_front();
            }
        }
        match self.ended_ns() {
            _ if !data.is_empty() => Received::Data(data),
            Some(at) if at <= now_ns && self.arrivals.is_empty() => match self.end {
                End::Reset => Received::Reset,
                End::Close | End::Open => Received::Closed,
            },
            _ => Received::Pending,
        }
    }

    pub(super) fn ready_ns(&self) -> Option<u64> {
        self.arrivals.front().map(|arrival| arrival.at_ns).or_else(|| self.ended_ns())
    }

    /// When the other side is done; none: it stays.
    fn ended_ns(&self) -> Option<u64> {
        match (self.end, self.over) {
            (End::Open, _) => None,
            (_, true) => Some(self.last_ns.saturating_add(1)),
            // Nobody gives up waiting for itself.
            (_, false) if self.other.is_some() => None,
            (_, false) => Some(self.last_ns.saturating_add(IDLE_NS)),
        }
    }

    pub(super) fn shutdown(&mut self, now_ns: u64) {
        if !self.over && self.is_said() {
            self.last_ns = self.last_ns.max(now_ns).saturating_add(self.latency_ns);
            self.over = true;
        }
    }
}

/// Where `needle` begins in `hay`; an empty one at its start. In linear time whatever both are.
pub(super) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    memmem::find(hay, needle)
}

#[cfg(test)]
mod tests {
    use invar_world::{End, Line};
    use proptest::prelude::*;

    use super::{Connection, Dialogue, SEARCHED_BYTES_MAX};
    use crate::port::Received;

    fn waiting_for(texts: &[&str]) -> Connection {
        let lines =
            texts.iter().map(|text| Line { after: text.as_bytes().into(), say: b"!".into() }).collect();
        Connection::new(Dialogue::Own(lines), End::Open, 0, 0)
    }

    fn said(connection: &mut Connection) -> usize {
        match connection.receive(1000, u64::MAX) {
            Received::Data(bytes) => bytes.len(),
            _ => 0,
        }
    }

    proptest! {
        #[test]
        fn a_text_is_found_however_it_is_cut(sent in "[ab]{0,40}", cuts in proptest::collection::vec(1..6usize, 40), texts in proptest::collection::vec("[ab]{0,4}", 1..4)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let mut connection = waiting_for(&texts);
            let mut rest = sent.as_bytes();
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                connection.send(now, 0).unwrap();
                rest = later;
            }
            // One line after the other, each behind what the one before waited for.
            let (mut expected, mut left) = (0, sent.as_str());
            for text in &texts {
                let Some(at) = left.find(text) else { break };
                left = &left[at + text.len()..];
                expected += 1;
            }
            prop_assert_eq!(said(&mut connection), expected);
        }
    }

    #[test]
    fn what_no_line_waits_for_is_not_kept() {
        let mut connection = waiting_for(&["END"]);
        for _ in 0..100 {
            connection.send(&[b'x'; 10_000], 0).unwrap();
        }
        assert!(connection.window.len() <= 2 * SEARCHED_BYTES_MAX, "{}", connection.window.len());
        connection.send(b"EN", 0).unwrap();
        assert_eq!(said(&mut connection), 0);
        connection.send(b"D", 0).unwrap();
        assert_eq!(said(&mut connection), 1);
    }
}
