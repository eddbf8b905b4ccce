//! The ceilings of one run. An envelope's limits are findings; these stop a run.
//!
//! They are part of what determines a run: a replay must stop at the same call. So all of them are counted by what follows
//! from requests and answers, never by host time.

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode, encode::Write};

/// Declares the fields once, with what each is in the lab.
macro_rules! limits {
    ($($(#[$doc:meta])* $index:literal $name:ident = $lab:expr,)*) => {
        /// The ceilings of one run. A call that would cross one stops the run, with the ceiling's name as its ending.
        ///
        /// As CBOR a map of those that are not the lab's: most runs have none, and their traces should not pay for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Limits {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Limits {
            /// Those of the lab. No run has larger ones: the engine reserves memory for these.
            pub const LAB: Self = Self { $($name: $lab,)* };

            /// Each at most what it is in `other`.
            #[must_use]
            pub fn at_most(&self, other: &Self) -> Self {
                Self { $($name: self.$name.min(other.$name),)* }
            }
        }

        impl<C> Encode<C> for Limits {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
                let others = [$(self.$name != Self::LAB.$name,)*];
                e.map(others.into_iter().filter(|is_other| *is_other).count() as u64)?;
                $(if self.$name != Self::LAB.$name {
                    e.u8($index)?.u64(self.$name)?;
                })*
                Ok(())
            }
        }

        impl<'b, C> Decode<'b, C> for Limits {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                let len = d.map()?.ok_or_else(|| decode::Error::message("limits without a length"))?;
                let mut limits = Self::LAB;
                for _ in 0..len {
                    match d.u8()? {
                        $($index => limits.$name = d.u64()?,)*
                        _ => return Err(decode::Error::message("an unknown limit")),
                    }
                }
                Ok(limits)
            }
        }
    };
}

limits! {
    /// Fuel: some ten seconds of computing. Stops endless loops.
    0 fuel = 10_000_000_000,
    /// Linear memory, all memories together. Stops memory bombs.
    1 memory_bytes = 512 << 20,
    /// Table elements, all tables together. Stops bombs made of tables.
    2 table_elements = 1_000_000,
    /// Standard output and error together. Stops output floods.
    3 output_bytes = 64 << 20,
    /// Calls through the membrane. Stops a skill that spends the host's time instead of its fuel.
    4 host_calls = 5_000_000,
    /// Bytes of the trace. Stops a skill that fills the host's memory or disk through its record.
    5 trace_bytes = 256 << 20,
    /// Handles open at once. Stops a skill that fills the host's memory with handles.
    6 open_handles = 10_000,
    /// Handles opened, closed ones too. Stops a skill that opens and closes without end.
    7 opened_handles = 1_000_000,
    /// Pollables that calls of `poll` go through. Stops a skill that waits for long lists again and again.
    8 polled_pollables = 10_000_000,
    /// File bytes read and written. Stops a skill that has the host copy (`splice`), skip and write zeroes without end;
    /// what passes through the skill itself is in the trace, whose bytes come to their limit first.
    9 file_bytes = 4 << 30,
    /// Chunks of files, of 32 KiB each, that come or go as files are cut and extended. Stops a skill that makes an empty
    /// file large and small again without writing a byte.
    10 resized_chunks = 50_000_000,
    /// Network bytes both ways. Stops the same over the network.
    11 network_bytes = 256 << 20,
    /// Bytes of header fields that are written, copies that are changed too. Stops a skill that fills the host's memory
    /// with them.
    12 written_fields_bytes = 256 << 20,
    /// Entries that calls are compared with: those of the envelope, of the world's script, of lists of header fields. Long
    /// paths and names count as several. Stops a skill that brings long lists and has them searched.
    13 compared_entries = 50_000_000,
    /// Directory entries that renames of directories look at. Stops a skill that has the host walk a large directory
    /// again and again for the price of a call.
    14 walked_entries = 10_000_000,
    /// Directory entries that are listed, one by one. Stops a skill that lists without end.
    15 read_entries = 2_000_000,
    /// Names that the host walks along paths, in those of links and on the way up to the root, too. Stops a skill that
    /// nests links (40 of them, each `x/../` again and again, are 65,000 steps a call) or directories.
    16 path_steps = 20_000_000,
    /// Different names looked up. Stops a skill that takes every address the lab has to give, and one that fills the
    /// host's memory with names.
    17 looked_up_names = 10_000,
}

impl Default for Limits {
    fn default() -> Self {
        Self::LAB
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn the_smaller_of_two_holds_field_by_field() {
        let low_fuel = Limits { fuel: 5, ..Limits::LAB };
        let low_memory = Limits { memory_bytes: 7, fuel: u64::MAX, ..Limits::LAB };
        let both = low_fuel.at_most(&low_memory);
        assert_eq!(both, Limits { fuel: 5, memory_bytes: 7, ..Limits::LAB });
        assert_eq!(both.at_most(&Limits::LAB), both);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let limits = Limits { looked_up_names: 3, ..Limits::LAB };
        let bytes = minicbor::to_vec(limits).unwrap();
        assert_eq!(minicbor::decode::<Limits>(&bytes).unwrap(), limits);
        assert_eq!(minicbor::to_vec(Limits::LAB).unwrap(), [0xa0], "an empty map");
        let unknown = minicbor::to_vec(std::collections::BTreeMap::from([(99_u8, 1_u64)])).unwrap();
        assert!(minicbor::decode::<Limits>(&unknown).is_err());
    }
}
