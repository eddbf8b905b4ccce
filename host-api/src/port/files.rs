//! Files, as a POSIX system has them.

use invar_world::Timestamp;

use crate::limits::NAME_BYTES_MAX;

/// Identity of a file, directory or link while the run lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u64);

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
}

/// What `stat` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Names it has.
    pub links: u64,
    /// Bytes.
    pub size: u64,
    /// Its times.
    pub times: Times,
}

/// Times of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Last access.
    pub accessed: Timestamp,
    /// Last change of content.
    pub modified: Timestamp,
    /// Last change of anything.
    pub changed: Timestamp,
}

/// A resolved path: what stands there, or the directory and name where something could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedPath {
    /// The directory that holds the last name.
    pub directory: NodeId,
    /// The last name. Empty if the path ends in `.` or `..`, so that it names a directory by itself.
    pub name: String,
    /// What stands there.
    pub node: Option<NodeId>,
    /// The absolute path, without links and dots.
    pub path: String,
    /// The path ended in a slash: only a directory will do.
    pub directory_only: bool,
    /// What stands there is a directory.
    pub is_directory: bool,
}

impl ResolvedPath {
    /// Whether anything can be there.
    ///
    /// # Errors
    /// The last name is longer than any can be.
    pub fn check_name(&self) -> Result<(), FileError> {
        match self.name.len() > NAME_BYTES_MAX {
            true => Err(FileError::NameTooLong),
            false => Ok(()),
        }
    }

    /// Whether a slash behind the path is right about what stands there, if something does.
    ///
    /// # Errors
    /// It is no directory.
    pub fn check_slash(&self) -> Result<(), FileError> {
        match self.directory_only && self.node.is_some() && !self.is_directory {
            true => Err(FileError::NotDirectory),
            false => Ok(()),
        }
    }
}

/// A path that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// Why.
    pub error: FileError,
    /// The absolute path as far as it is known: what was asked for, without dots, and without the links
    /// that were followed before it ended.
    pub path: String,
}

/// What the last name of a path stands for where it is a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// What the link leads to.
    Followed,
    /// The link; what it leads to if a slash behind it says that a directory is meant.
    Own,
    /// The name itself, to be made, changed or removed.
    Name,
}

/// Names and kinds of what is in a directory, in the order of the names. It can fail midway.
pub type Listing = Box<dyn Iterator<Item = Result<(String, Kind), FileError>> + Send>;

/// How a file is opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Access {
    /// Make it if it is not there.
    pub create: bool,
    /// Fail if it is there.
    pub exclusive: bool,
    /// Fail unless it is a directory.
    pub directory: bool,
    /// Cut it to nothing.
    pub truncate: bool,
    /// Bytes will be read.
    pub read: bool,
    /// Bytes will be written.
    pub write: bool,
}

/// What calls had to do so far, beyond what their answers show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileWork {
    /// Names walked along paths.
    pub path_steps: u64,
    /// Directory entries looked at, beyond those that paths name.
    pub entries_walked: u64,
    /// Chunks of files that came or went as files were cut and extended.
    pub chunks_resized: u64,
}

/// The errors of files, named as in POSIX: those that `wasi:filesystem` has a code for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileError {
    /// EACCES
    Access,
    /// EAGAIN
    WouldBlock,
    /// EALREADY
    Already,
    /// EBADF
    BadDescriptor,
    /// EBUSY
    Busy,
    /// EDEADLK
    Deadlock,
    /// EDQUOT
    Quota,
    /// EEXIST
    Exist,
    /// EFBIG
    FileTooLarge,
    /// EILSEQ
    IllegalByteSequence,
    /// EINPROGRESS
    InProgress,
    /// EINTR
    Interrupted,
    /// EINVAL
    Invalid,
    /// EIO
    Io,
    /// EISDIR
    IsDirectory,
    /// ELOOP
    Loop,
    /// EMLINK
    TooManyLinks,
    /// ENAMETOOLONG
    NameTooLong,
    /// ENODEV
    NoDevice,
    /// ENOENT
    NoEntry,
    /// ENOLCK
    NoLock,
    /// ENOMEM
    InsufficientMemory,
    /// ENOSPC
    InsufficientSpace,
    /// ENOTDIR
    NotDirectory,
    /// ENOTEMPTY
    NotEmpty,
    /// ENOTRECOVERABLE
    NotRecoverable,
    /// ENOTSUP
    Unsupported,
    /// ENOTTY
    NoTty,
    /// ENXIO
    NoSuchDevice,
    /// EOVERFLOW
    Overflow,
    /// EPERM
    NotPermitted,
    /// EPIPE
    Pipe,
    /// EROFS
    ReadOnly,
    /// ESPIPE
    InvalidSeek,
    /// ETXTBSY
    TextFileBusy,
    /// EXDEV
    CrossDevice,
}

/// The files of a world.
///
/// Nodes stay until they have neither name nor open handle: [`Files::hold`] and [`Files::release`] count
/// handles. Every path is resolved beneath the directory it is given for and cannot leave it.
pub trait Files: Send {
    /// The directory that is handed over at start under `name`, if the world has it.
    fn preopen(&mut self, name: &str) -> Option<NodeId>;

    /// Resolves `path` beneath `base`.
    ///
    /// # Errors
    /// Those of path resolution, but not that the last name names nothing.
    fn resolve(&mut self, base: NodeId, path: &str, last: Last) -> Result<ResolvedPath, Unresolved>;

    /// The absolute path of a directory.
    fn path_of(&mut self, directory: NodeId) -> String;

    /// Opens what a path names, and makes it if asked.
    ///
    /// # Errors
    /// Those of `open`.
    fn open(&mut self, resolved: &ResolvedPath, access: Access) -> Result<NodeId, FileError>;

    /// One more handle holds the node.
    fn hold(&mut self, node: NodeId);

    /// One handle fewer holds the node.
    fn release(&mut self, node: NodeId);

    /// What the node is.
    ///
    /// # Errors
    /// There is no such node.
    fn stat(&mut self, node: NodeId) -> Result<Stat, FileError>;

    /// At most `len` bytes of a file from `offset`; none at or past its end.
    ///
    /// # Errors
    /// Not a file.
    fn read(&mut self, node: NodeId, offset: u64, len: usize) -> Result<Vec<u8>, FileError>;

    /// Writes into a file at `offset`, or at its end, as much as there is room for; gives how many bytes.
    ///
    /// # Errors
    /// Not a file, or no space.
    fn write(&mut self, node: NodeId, offset: Option<u64>, bytes: &[u8]) -> Result<usize, FileError>;

    /// Cuts or extends a file.
    ///
    /// # Errors
    /// Not a file, or no space.
    fn resize(&mut self, node: NodeId, len: u64) -> Result<(), FileError>;

    /// Brings what was written to the disk.
    ///
    /// # Errors
    /// Those of `fsync`.
    fn sync(&mut self, node: NodeId) -> Result<(), FileError>;

    /// Sets times; none leaves one as it is.
    ///
    /// # Errors
    /// There is no such node.
    fn set_times(
        &mut self,
        node: NodeId,
        accessed: Option<Timestamp>,
        modified: Option<Timestamp>,
    ) -> Result<(), FileError>;

    /// What is in a directory as it stands now. To ask costs little however much is in it.
    ///
    /// # Errors
    /// Not a directory.
    fn list(&mut self, node: NodeId) -> Result<Listing, FileError>;

    /// What calls cost so far.
    fn work(&self) -> FileWork;

    /// Where a symbolic link points.
    ///
    /// # Errors
    /// Not a symbolic link.
    fn read_link(&mut self, node: NodeId) -> Result<String, FileError>;

    /// Makes a directory.
    ///
    /// # Errors
    /// Those of `mkdir`.
    fn make_directory(&mut self, resolved: &ResolvedPath) -> Result<(), FileError>;

    /// Removes an empty directory.
    ///
    /// # Errors
    /// Those of `rmdir`.
    fn remove_directory(&mut self, resolved: &ResolvedPath) -> Result<(), FileError>;

    /// Takes away the name of a file or link.
    ///
    /// # Errors
    /// Those of `unlink`.
    fn unlink(&mut self, resolved: &ResolvedPath) -> Result<(), FileError>;

    /// Makes a symbolic link.
    ///
    /// # Errors
    /// Those of `symlink`.
    fn symlink(&mut self, target: &str, resolved: &ResolvedPath) -> Result<(), FileError>;

    /// Gives a file one more name.
    ///
    /// # Errors
    /// Those of `link`.
    fn link(&mut self, from: &ResolvedPath, to: &ResolvedPath) -> Result<(), FileError>;

    /// Gives something another name, in place of what had it.
    ///
    /// # Errors
    /// Those of `rename`.
    fn rename(&mut self, from: &ResolvedPath, to: &ResolvedPath) -> Result<(), FileError>;
}
