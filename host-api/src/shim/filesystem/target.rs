//! What a call on a path is about, and what it asks of the envelope.

use invar_envelope::AccessRequest;
use wasmtime::component::Resource;

use crate::{
    Context,
    access_policy::AccessPolicy,
    bindings::wasi::filesystem::types::{Descriptor, ErrorCode},
    funnel::ToAccessRequest,
    port::{FileError, Kind, Last, NodeId, ResolvedPath},
    stop::Outcome,
};

/// What a call does with its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Passes through it or learns what it is.
    Traverse,
    Read,
    Write,
    ReadWrite,
}

impl Use {
    fn of(self, path: &str) -> AccessRequest<'_> {
        match self {
            Self::Traverse => AccessRequest::Traverse(path),
            Self::Read => AccessRequest::Read(path),
            Self::Write => AccessRequest::Write(path),
            Self::ReadWrite => AccessRequest::ReadWrite(path),
        }
    }
}

/// A path and what is done with it. A path that leads nowhere was asked for all the same.
pub(super) struct Target {
    resolved: Result<ResolvedPath, FileError>,
    path: String,
    used: Use,
}

impl Target {
    /// The path, if something can be there.
    pub(super) fn resolved(self) -> Result<ResolvedPath, FileError> {
        let resolved = self.resolved?;
        resolved.check_name()?;
        Ok(resolved)
    }

    /// The path, whose last name may be too long for anything to be there.
    pub(super) fn end(self) -> Result<ResolvedPath, FileError> {
        self.resolved
    }

    /// The node at the path.
    pub(super) fn node(self) -> Result<NodeId, FileError> {
        let resolved = self.resolved()?;
        match resolved.node {
            Some(_) if resolved.directory_only && !resolved.is_directory => Err(FileError::NotDirectory),
            Some(node) => Ok(node),
            None => Err(FileError::NoEntry),
        }
    }

    /// The same path, used in another way.
    pub(super) fn used(mut self, used: Use) -> Self {
        self.used = used;
        self
    }

    /// What stands there already.
    pub(super) fn existing(&self) -> Option<NodeId> {
        self.resolved.as_ref().ok()?.node
    }
}

impl ToAccessRequest for Target {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        self.used.of(&self.path)
    }
}

/// Both ends of a rename or link: both are written.
pub(super) struct Ends {
    pub(super) from: Target,
    pub(super) to: Target,
    /// What gets the name is a directory.
    below: bool,
}

impl ToAccessRequest for Ends {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        AccessRequest::Move { from: &self.from.path, to: &self.to.path, below: self.below }
    }
}

/// An open file or directory, by its path.
pub(super) struct Opened {
    pub(super) node: NodeId,
    pub(super) path: String,
    used: Use,
}

impl ToAccessRequest for Opened {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        self.used.of(&self.path)
    }
}

impl Context {
    /// Resolves `path` beneath the directory that `descriptor` stands for.
    pub(super) fn target(
        &mut self,
        descriptor: &Resource<Descriptor>,
        path: &str,
        last: Last,
        used: Use,
    ) -> Outcome<Target, ErrorCode> {
        let base = self.directory(descriptor)?;
        let resolved = self.world.files().resolve(base, path, last);
        self.check_file_work()?;
        let target = match resolved {
            Ok(resolved) => Target { path: resolved.path.clone(), resolved: Ok(resolved), used },
            Err(unresolved) => Target { resolved: Err(unresolved.error), path: unresolved.path, used },
        };
        Ok(self.check_read_only(target))
    }

    /// Both ends of a rename or link: a directory and the path in it for each.
    pub(super) fn ends(
        &mut self,
        (from, path): (&Resource<Descriptor>, &str),
        (to, new_path): (&Resource<Descriptor>, &str),
        last: Last,
    ) -> Outcome<Ends, ErrorCode> {
        let mut from = self.target(from, path, last, Use::Write)?;
        let to = self.target(to, new_path, last, Use::Write)?;
        let below = from.resolved.as_ref().is_ok_and(|resolved| resolved.is_directory);
        // It would not be read-only any more under another path.
        if below && self.read_only.iter().any(|root| is_within(root, &from.path)) {
            from.resolved = Err(FileError::NotPermitted);
        }
        Ok(Ends { from, to, below })
    }

    /// What would change something in a read-only directory finds that it cannot.
    pub(super) fn check_read_only(&self, mut target: Target) -> Target {
        if matches!(target.used, Use::Write | Use::ReadWrite) && self.is_read_only(&target.path) {
            target.resolved = Err(FileError::NotPermitted);
        }
        target
    }

    /// Whether nothing can be changed there.
    pub(super) fn is_read_only(&self, path: &str) -> bool {
        self.read_only.iter().any(|root| is_within(path, root))
    }

    /// The directory that a descriptor stands for.
    pub(super) fn directory(&mut self, descriptor: &Resource<Descriptor>) -> Outcome<NodeId, ErrorCode> {
        let descriptor = self.handles.descriptor(descriptor)?;
        match descriptor.kind {
            Kind::Directory => Ok(descriptor.node),
            _ => Err(ErrorCode::NotDirectory.into()),
        }
    }

    /// What a descriptor stands for, to be used as `used`.
    pub(super) fn opened(
        &mut self,
        descriptor: &Resource<Descriptor>,
        used: Use,
    ) -> Outcome<Opened, ErrorCode> {
        let descriptor = self.handles.descriptor(descriptor)?;
        let (node, path) = (descriptor.node, descriptor.path.clone());
        let path = match descriptor.kind {
            // A directory that was renamed has another path by now.
            Kind::Directory => self.world.files().path_of(node),
            _ => path,
        };
        self.check_file_work()?;
        Ok(Opened { node, path, used })
    }
}

/// Whether a path is `above`, or lies below it. What a user wrote can have slashes to spare.
fn is_within(path: &str, above: &str) -> bool {
    let names = |path| str::split(path, '/').filter(|name| !name.is_empty());
    let mut path = names(path);
    names(above).all(|name| path.next() == Some(name))
}
