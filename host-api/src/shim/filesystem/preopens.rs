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
        infallible(host, f::GET_DIRECTORIES, NO_ARGUMENTS, (), |context, _| {
            let mut directories = Vec::new();
            for name in context.preopens.clone() {
                // A world without that directory hands over the others.
                let Some(node) = context.world.files().preopen(&name) else { continue };
                context.world.files().hold(node);
                let path = context.world.files().path_of(node);
                let descriptor = Descriptor { node, kind: Kind::Directory, read: true, write: true, path };
                directories.push((context.handles.open(Handle::Descriptor(descriptor))?, name));
            }
            context.check_file_work()?;
            Ok(directories)
        })
    }
}
