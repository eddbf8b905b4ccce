//! `fields`: the headers or trailers of a message.

use invar_trace::functions::http as f;
use wasmtime::component::Resource;

use super::header_fields::{Fields, weight};
use crate::{
    Context, Membrane, Shim,
    bindings::wasi::http::types::{Fields as FieldsHandle, HeaderError, HostFields, HostFieldsWithStore},
    funnel::{Host, NO_ARGUMENTS, infallible, unchecked},
    handles::Handle,
    shim::no_methods,
    stop::Stop,
};

no_methods!(HostFields);

type HostResult<T> = wasmtime::Result<Result<T, HeaderError>>;

impl HostFieldsWithStore<Membrane> for Shim {
    fn new(host: Host<'_>) -> wasmtime::Result<Resource<FieldsHandle>> {
        infallible(host, f::FIELDS_NEW, NO_ARGUMENTS, (), |context, _| {
            context.handles.open(Handle::Fields(Fields::default()))
        })
    }

    fn from_list(host: Host<'_>, entries: Vec<(String, Vec<u8>)>) -> HostResult<Resource<FieldsHandle>> {
        let request = (&entries,);
        unchecked(host, f::FIELDS_FROM_LIST, &request, |context| {
            let fields = Fields::from_list(entries.clone())?;
            context.http.count_fields(fields.bytes())?;
            Ok(context.handles.open(Handle::Fields(fields))?)
        })
    }

    fn get(host: Host<'_>, fields: Resource<FieldsHandle>, name: String) -> wasmtime::Result<Vec<Vec<u8>>> {
        let request = (&fields, &name);
        infallible(host, f::FIELDS_GET, &request, (), |context, _| {
            context.count_searched(&fields)?;
            Ok(context.handles.fields(&fields)?.get(&name))
        })
    }

    fn has(host: Host<'_>, fields: Resource<FieldsHandle>, name: String) -> wasmtime::Result<bool> {
        let request = (&fields, &name);
        infallible(host, f::FIELDS_HAS, &request, (), |context, _| {
            context.count_searched(&fields)?;
            Ok(context.handles.fields(&fields)?.has(&name))
        })
    }

    fn set(
        host: Host<'_>,
        fields: Resource<FieldsHandle>,
        name: String,
        values: Vec<Vec<u8>>,
    ) -> HostResult<()> {
        let request = (&fields, &name, &values);
        unchecked(host, f::FIELDS_SET, &request, |context| {
            context.count_searched(&fields)?;
            let fields = context.handles.fields(&fields)?;
            let added: u64 = values.iter().map(|value| weight(&name, value)).sum();
            context.http.count_fields(fields.price().saturating_add(added))?;
            fields.set(&name, values.clone())
        })
    }

    fn delete(host: Host<'_>, fields: Resource<FieldsHandle>, name: String) -> HostResult<()> {
        let request = (&fields, &name);
        unchecked(host, f::FIELDS_DELETE, &request, |context| {
            context.count_searched(&fields)?;
            let fields = context.handles.fields(&fields)?;
            context.http.count_fields(fields.price())?;
            fields.delete(&name)
        })
    }

    fn append(
        host: Host<'_>,
        fields: Resource<FieldsHandle>,
        name: String,
        value: Vec<u8>,
    ) -> HostResult<()> {
        let request = (&fields, &name, &value);
        unchecked(host, f::FIELDS_APPEND, &request, |context| {
            let fields = context.handles.fields(&fields)?;
            context.http.count_fields(fields.price().saturating_add(weight(&name, &value)))?;
            fields.append(&name, value.clone())
        })
    }

    fn entries(host: Host<'_>, fields: Resource<FieldsHandle>) -> wasmtime::Result<Vec<(String, Vec<u8>)>> {
        let request = (&fields,);
        infallible(host, f::FIELDS_ENTRIES, &request, (), |context, _| {
            Ok(context.handles.fields(&fields)?.list().to_vec())
        })
    }

    fn clone(host: Host<'_>, fields: Resource<FieldsHandle>) -> wasmtime::Result<Resource<FieldsHandle>> {
        let request = (&fields,);
        infallible(host, f::FIELDS_CLONE, &request, (), |context, _| {
            let copy = context.handles.fields(&fields)?.mutable_copy();
            context.handles.open(Handle::Fields(copy))
        })
    }

    fn drop(host: Host<'_>, fields: Resource<FieldsHandle>) -> wasmtime::Result<()> {
        let request = (&fields,);
        infallible(host, f::FIELDS_DROP, &request, (), |context, _| context.handles.close(&fields).map(drop))
    }
}

impl Context {
    /// Counts the fields that a name is searched among.
    fn count_searched(&mut self, fields: &Resource<FieldsHandle>) -> Result<(), Stop> {
        let fields = self.handles.fields(fields)?.list().len() as u64;
        self.count_compared(fields)
    }
}
