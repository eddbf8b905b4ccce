//! Listing a directory, a buffer at a time.

use super::{
    call::Call,
    errno::{Answer, Errno},
    stat::{filetype, type_number},
    table::{Entry, Handle, Listing, descriptor, resource},
};
use crate::{
    Shim,
    bindings::wasi::filesystem::types::{
        HostDescriptorWithStore as Files, HostDirectoryEntryStreamWithStore as Entries, PathFlags,
    },
};

/// Bytes of a `dirent`, before the name.
const DIRENT_BYTES: usize = 24;
/// The first cookie that is not that of `.` or `..`.
const FIRST_COOKIE: u64 = 2;

impl Listing {
    fn open(call: &mut Call<'_>, directory: Handle) -> Answer<Self> {
        let stream = <Shim as Files<_>>::read_directory(call.host(), descriptor(directory))??.rep();
        Ok(Self { stream, cookie: FIRST_COOKIE, next: None })
    }

    pub(super) fn close(self, call: &mut Call<'_>) -> Answer<()> {
        Ok(<Shim as Entries<_>>::drop(call.host(), resource(self.stream))?)
    }

    /// Passes entries until the one with this cookie comes next. False if there are not so many.
    fn skip_to(&mut self, call: &mut Call<'_>, cookie: u64) -> Answer<bool> {
        while self.cookie < cookie {
            if read(call, self.stream)?.is_none() {
                return Ok(false);
            }
            self.cookie += 1;
        }
        Ok(true)
    }

    /// The next entry, which comes again until it is [passed](Self::pass).
    fn peek(&mut self, call: &mut Call<'_>, directory: Handle) -> Answer<Option<Entry>> {
        if self.next.is_none()
            && let Some((name, filetype)) = read(call, self.stream)?
        {
            let hash = <Shim as Files<_>>::metadata_hash_at(
                call.host(),
                descriptor(directory),
                PathFlags::empty(),
                name.clone(),
            )?;
            // Without a number is what is gone already, or not to be looked at.
            let inode = hash.map_or(0, |hash| hash.lower);
            self.next = Some(Entry { name, filetype, inode });
        }
        Ok(self.next.clone())
    }

    fn pass(&mut self) {
        self.next = None;
        self.cookie += 1;
    }
}

/// The next entry of a stream: its name and type.
fn read(call: &mut Call<'_>, stream: Handle) -> Answer<Option<(String, u8)>> {
    let entry = <Shim as Entries<_>>::read_directory_entry(call.host(), resource(stream))??;
    Ok(entry.map(|entry| (entry.name, type_number(entry.type_))))
}

/// The part of a buffer that is left.
struct Room {
    at: u32,
    left: u32,
}

impl Room {
    /// Puts as much of the bytes as there is room for. False: that was not all of them, or the buffer is full now.
    fn put(&mut self, call: &mut Call<'_>, bytes: &[u8]) -> Answer<bool> {
        let len = bytes.len().min(self.left as usize);
        self.at = call.put_before(self.at, &bytes[..len])?;
        self.left -= u32::try_from(len).unwrap_or(self.left);
        Ok(self.left > 0)
    }

    /// Puts one entry. False if it did not fit, or leaves no room.
    fn put_entry(&mut self, call: &mut Call<'_>, cookie: u64, entry: &Entry) -> Answer<bool> {
        let len = u32::try_from(entry.name.len()).map_err(|_| Errno::Overflow)?;
        let mut record = [0; DIRENT_BYTES];
        record[..8].copy_from_slice(&(cookie + 1).to_le_bytes());
        record[8..16].copy_from_slice(&entry.inode.to_le_bytes());
        record[16..20].copy_from_slice(&len.to_le_bytes());
        record[20] = entry.filetype;
        Ok(self.put(call, &record)? && self.put(call, entry.name.as_bytes())?)
    }

    fn has_room_for(&self, entry: &Entry) -> bool {
        self.left as usize >= DIRENT_BYTES + entry.name.len()
    }
}

pub(super) fn fd_readdir(
    call: &mut Call<'_>,
    fd: u32,
    buffer: u32,
    len: u32,
    cookie: u64,
    out: u32,
) -> Answer<()> {
    let directory = call.directory(fd)?;
    let (handle, begun) = (directory.handle, directory.listing.take());
    let mut room = Room { at: buffer, left: len };
    let mut listing = match begun {
        Some(listing) if listing.cookie == cookie => listing,
        begun => {
            if let Some(listing) = begun {
                listing.close(call)?;
            }
            Listing::open(call, handle)?
        }
    };
    match fill(call, handle, &mut listing, &mut room, cookie) {
        // Who asks for more once it is over asks for a new one.
        Ok(true) => listing.close(call)?,
        Ok(false) => call.directory(fd)?.listing = Some(listing),
        Err(failure) => {
            call.directory(fd)?.listing = Some(listing);
            return Err(failure);
        }
    }
    call.put_u32(out, len - room.left)
}

/// Fills a buffer with entries, the one of `cookie` first. True: there are no more.
fn fill(
    call: &mut Call<'_>,
    directory: Handle,
    listing: &mut Listing,
    room: &mut Room,
    cookie: u64,
) -> Answer<bool> {
    if cookie < FIRST_COOKIE {
        let inode = <Shim as Files<_>>::metadata_hash(call.host(), descriptor(directory))??.lower;
        for (at, name) in (0..).zip([".", ".."]).skip_while(|(at, _)| *at < cookie) {
            let entry = Entry { name: name.to_owned(), filetype: filetype::DIRECTORY, inode };
            if !room.put_entry(call, at, &entry)? {
                return Ok(false);
            }
        }
    }
    if !listing.skip_to(call, cookie)? {
        return Ok(true);
    }
    while let Some(entry) = listing.peek(call, directory)? {
        let is_whole = room.has_room_for(&entry);
        let has_room = room.put_entry(call, listing.cookie, &entry)?;
        if is_whole {
            listing.pass();
        }
        if !has_room {
            return Ok(false);
        }
    }
    Ok(true)
}
