//! Headers and ends that tests record with.

use std::sync::Arc;

use invar_world::{Digest, Limits, Timestamp, Tree, World};

use crate::{Bytes, End, Ending, Entry, Format, Header, LabOrigin, Origin, OutputDigest};

/// The header of run 1 of a command in the default world.
pub(crate) fn header(files: &Tree, input: &[u8]) -> Header {
    let world = World::default();
    let run = world.run(1, Timestamp(0));
    let origin = LabOrigin { world: Arc::new(world), run, files: files.digest() };
    Header {
        format: Format::default(),
        component: Digest::of(b"component"),
        adapter: None,
        entry: Entry::Command,
        engine: Digest::of(b"engine"),
        skill: "sample".into(),
        envelope: None,
        origin: Origin::Lab(Box::new(origin)),
        args: vec!["sample".into()],
        input: Digest::of(input),
        limits: Limits { fuel: 1000, ..Limits::LAB },
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
        calls: None,
        stdout: OutputDigest::of(b""),
        stderr: OutputDigest::of(b""),
        files: files.digest(),
    }
}
