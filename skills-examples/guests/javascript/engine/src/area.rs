//! Where the script lies: a static area that a tool overwrites in the built component.
//!
//! It is a marker, the number of bytes in use (32 bits, little endian), and room for the script. Whoever changes
//! this changes `xtask/src/guests.rs` with it.

/// Room for a script, in bytes.
const SCRIPT_BYTES_MAX: usize = 16 * 1024;

#[repr(C)]
struct Area {
    marker: [u8; 16],
    len: [u8; 4],
    script: [u8; SCRIPT_BYTES_MAX],
}

#[used]
static AREA: Area = Area { marker: *b"<invar-js-here!>", len: [0; 4], script: [0; SCRIPT_BYTES_MAX] };

/// The script that was put in; empty as long as none was.
pub fn script() -> Vec<u8> {
    let len = u32::from_le_bytes(AREA.len.each_ref().map(read)) as usize;
    AREA.script.iter().take(len).map(read).collect()
}

/// A byte of the area as it is now: what the compiler knows of it does not hold once a script was put in.
fn read(byte: &u8) -> u8 {
    // SAFETY: a reference is valid to read.
    unsafe { std::ptr::read_volatile(byte) }
}
