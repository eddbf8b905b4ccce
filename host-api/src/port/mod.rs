//! What the membrane needs from a world. Shims speak to these traits, worlds implement them.

mod clock;
mod connection;
mod datagrams;
mod files;
mod http;
mod interest;
mod local;
mod network;
mod random;

pub use clock::Clock;
pub use connection::{ConnectionId, NetworkError, Received};
pub use datagrams::{Datagram, Datagrams, DatagramsId};
pub use files::{
    Access, FileError, FileWork, Files, Kind, Last, Listing, NodeId, ResolvedPath, Stat, Times, Unresolved,
};
pub use http::{EndOfRequest, ExchangeId, FieldList, Head, Http, Request, RequestError, Timeouts};
pub use interest::Interest;
use invar_world::{Change, Tree};
pub use local::{Accepted, ListenerId, Local, machine, source};
pub use network::{AttemptId, LookupId, Network};
pub use random::Random;
use thiserror::Error;

use crate::stop::Stop;

/// What answers a run's calls.
///
/// A world knows its time: no call says when it is made. What takes time is started and finished, and waited for as an
/// [`Interest`] in between.
pub trait World: Send {
    /// Time.
    fn clock(&mut self) -> &mut dyn Clock;

    /// Files.
    fn files(&mut self) -> &mut dyn Files;

    /// Names, connections, requests.
    fn network(&mut self) -> &mut dyn Network;

    /// Random bytes.
    fn random(&mut self) -> &mut dyn Random;

    /// Waits until one of these is ready.
    ///
    /// # Errors
    /// [`Stop::Deadlock`]: none of them can ever be.
    fn wait(&mut self, any_of: &[Interest]) -> Result<(), Stop>;

    /// Whether this is ready now.
    fn is_ready(&mut self, interest: Interest) -> bool;

    /// Puts a value in another's place, for all answers from now on.
    ///
    /// # Errors
    /// This world's values are not ours to choose.
    fn substitute(&mut self, change: &Change) -> Result<(), NotSubstitutable>;

    /// The run is over. Gives the files as it leaves them, if they are a lab's.
    fn finish(self: Box<Self>) -> Option<Tree>;
}

/// A value that cannot be put in another's place, since the world is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the values of a real world cannot be substituted")]
pub struct NotSubstitutable;
