//! Headers and ends that tests record with.

use invar_world::{Digest, Timestamp, Tree, World};

use crate::{Bytes, End, Ending, Entry, Header, OutputDigest};

/// The header of run 1 of a command in the default world.
pub(crate) fn header(files: &Tree, input: &[u8]) -> Header {
    let world = World::default();
    Header {
        component: Digest::of(b"component"),
        adapter: None,
        entry: Entry::Command,
        engine: Digest::of(b"engine"),
        skill: "sample".into(),
        envelope: None,
        run: world.run(1, Timestamp(0)),
        world,
        args: vec!["sample".into()],
        input: Digest::of(input),
        files: files.digest(),
        fuel_limit: 1000,
        substitutions: vec![],
    }
}

/// The end of a run that returned without output.
pub(crate) fn end(files: &Tree) -> End {
    End {
        ending: Ending::Returned,
        events: 1,
        fuel: 1,
        virtual_ns: 1,
        waited_ns: 0,
        memory_peak_bytes: 0,
        bytes: Bytes::default(),
        stdout: OutputDigest::of(b""),
        stderr: OutputDigest::of(b""),
        files: files.digest(),
    }
}
