//! `wasi:config/store`: what the world's table `[config]` holds. Each key is declared as a variable is.

use invar_envelope::AccessRequest;
use invar_trace::functions::store as f;
use wasmtime::{
    StoreContextMut,
    component::{Access, Linker},
};

use crate::{
    Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::config::store::{Error, Host as Marker, HostWithStore},
    funnel::{Host, NO_ARGUMENTS, ToAccessRequest, infallible},
    shim::no_methods,
};

/// The same interface under an older name, which tools still import.
const DRAFT: &str = "wasi:config/store@0.2.0-draft";

no_methods!(Marker);

type Value = Result<Option<String>, Error>;
type Values = Result<Vec<(String, String)>, Error>;

/// A key that a call asks for.
struct Key(String);

impl ToAccessRequest for Key {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        AccessRequest::Variable(&self.0)
    }
}

impl HostWithStore<Membrane> for Shim {
    fn get(host: Host<'_>, key: String) -> wasmtime::Result<Value> {
        let request = (key.clone(),);
        infallible(host, f::GET, &request, Key(key.clone()), |context, allowed| {
            context.count_compared(1 + context.config.len() as u64)?;
            Ok(Ok(context.config.get(&key).filter(|_| allowed).cloned()))
        })
    }

    /// All keys at once: which of them the skill looks at cannot be seen here. What may not be read is left out.
    fn get_all(host: Host<'_>) -> wasmtime::Result<Values> {
        infallible(host, f::GET_ALL, NO_ARGUMENTS, (), |context, _| {
            context.count_compared(context.config.len() as u64)?;
            let values = context.config.iter().filter(|(key, _)| context.policy.shows_variable(key));
            Ok(Ok(values.map(|(key, value)| (key.clone(), value.clone())).collect()))
        })
    }
}

/// Links the interface by its older name, too.
///
/// # Errors
/// The linker holds it already.
pub(crate) fn add_draft_to_linker(linker: &mut Linker<Membrane>) -> wasmtime::Result<()> {
    let mut draft = linker.instance(DRAFT)?;
    draft.func_wrap("get", |store: StoreContextMut<'_, Membrane>, (key,): (String,)| {
        Ok((<Shim as HostWithStore<Membrane>>::get(Access::new(store, |membrane| membrane), key)?,))
    })?;
    draft.func_wrap("get-all", |store: StoreContextMut<'_, Membrane>, (): ()| {
        Ok((<Shim as HostWithStore<Membrane>>::get_all(Access::new(store, |membrane| membrane))?,))
    })
}
