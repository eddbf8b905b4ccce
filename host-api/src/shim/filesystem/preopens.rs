//! `wasi:filesystem/preopens`

use invar_trace::functions::preopens as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::filesystem::{
        preopens::{Host as Marker, HostWithStore},
        types::Descriptor as DescriptorResource,
    },
    funnel::{Host, NO_ARGUMENTS, infallible},
    handles::{Descriptor, Handle},
    port::Kind,
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn get_directories(host: Host<'_>) -> wasmtime::Result<Vec<(Resource<DescriptorResource>, String)>> {
        infallible(host, f::GET_DIRECTORIES, NO_ARGUMENTS, (), |membrane, _| {
            let mut directories = Vec::new();
            for name in membrane.preopens.clone() {
                // A world without that directory hands over the others.
                let Some(node) = membrane.ports.files.preopen(&name) else { continue };
                membrane.ports.files.hold(node);
                let path = membrane.ports.files.path_of(node);
                let descriptor = Descriptor { node, kind: Kind::Directory, read: true, write: true, path };
                directories.push((membrane.handles.open(Handle::Descriptor(descriptor))?, name));
            }
            membrane.check_file_work()?;
            Ok(directories)
        })
    }
}
