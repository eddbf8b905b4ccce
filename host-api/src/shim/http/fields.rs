//! `fields`: the headers or trailers of a message.

use std::sync::Arc;

use invar_trace::functions::http as f;
use wasmtime::component::Resource;

use super::syntax::{is_field_value, is_forbidden, is_token};
use crate::{
    Context, Membrane, Shim,
    bindings::wasi::http::types::{Fields as FieldsHandle, HeaderError, HostFields, HostFieldsWithStore},
    funnel::{Host, NO_ARGUMENTS, infallible, unchecked},
    handles::Handle,
    limits::FIELDS_BYTES_MAX,
    port::FieldList,
    shim::no_methods,
    stop::{Outcome, Stop},
};

no_methods!(HostFields);

/// Header fields in their order. Copies share them until one is changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    list: FieldList,
    /// They belong to a message.
    is_immutable: bool,
    /// What they take.
    bytes: u64,
}

/// What one more field takes beside its name and value.
const ENTRY_BYTES: u64 = 32;

fn weight(name: &str, value: &[u8]) -> u64 {
    (name.len() + value.len()) as u64 + ENTRY_BYTES
}

impl Fields {
    /// The fields of a message, which nobody can change.
    pub(super) fn of_message(list: &FieldList) -> Self {
        let bytes = list.iter().map(|(name, value)| weight(name, value)).sum();
        Self { list: list.clone(), is_immutable: true, bytes }
    }

    pub(super) fn list(&self) -> &FieldList {
        &self.list
    }

    fn from_list(entries: Vec<(String, Vec<u8>)>) -> Outcome<Self, HeaderError> {
        for (name, value) in &entries {
            check_name(name)?;
            check_value(value)?;
        }
        let bytes = entries.iter().map(|(name, value)| weight(name, value)).sum();
        let fields = Self { list: Arc::new(entries), is_immutable: false, bytes };
        fields.check_bytes()?;
        Ok(fields)
    }

    fn get(&self, name: &str) -> Vec<Vec<u8>> {
        let own = self.list.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        own.map(|(_, value)| value.clone()).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.list.iter().any(|(own, _)| own.eq_ignore_ascii_case(name))
    }

    fn set(&mut self, name: &str, values: Vec<Vec<u8>>) -> Outcome<(), HeaderError> {
        check_name(name)?;
        values.iter().try_for_each(|value| check_value(value))?;
        self.check_mutable()?;
        self.remove(name);
        for value in values {
            self.push(name, value)?;
        }
        Ok(())
    }

    fn delete(&mut self, name: &str) -> Outcome<(), HeaderError> {
        check_name(name)?;
        self.check_mutable()?;
        self.remove(name);
        Ok(())
    }

    fn append(&mut self, name: &str, value: Vec<u8>) -> Outcome<(), HeaderError> {
        check_name(name)?;
        check_value(&value)?;
        self.check_mutable()?;
        self.push(name, value)
    }

    fn push(&mut self, name: &str, value: Vec<u8>) -> Outcome<(), HeaderError> {
        self.bytes += weight(name, &value);
        self.check_bytes()?;
        Arc::make_mut(&mut self.list).push((name.to_owned(), value));
        Ok(())
    }

    fn remove(&mut self, name: &str) {
        if self.has(name) {
            Arc::make_mut(&mut self.list).retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            self.bytes = self.list.iter().map(|(name, value)| weight(name, value)).sum();
        }
    }

    /// What a change of them costs: a copy of all if they are shared.
    fn price(&self) -> u64 {
        if Arc::strong_count(&self.list) > 1 { self.bytes } else { 0 }
    }

    fn check_mutable(&self) -> Outcome<(), HeaderError> {
        match self.is_immutable {
            true => Err(HeaderError::Immutable.into()),
            false => Ok(()),
        }
    }

    fn check_bytes(&self) -> Result<(), Stop> {
        match self.bytes > FIELDS_BYTES_MAX {
            true => Err(Stop::Limit("header fields")),
            false => Ok(()),
        }
    }
}

fn check_name(name: &str) -> Outcome<(), HeaderError> {
    match () {
        () if !is_token(name) => Err(HeaderError::InvalidSyntax.into()),
        () if is_forbidden(name) => Err(HeaderError::Forbidden.into()),
        () => Ok(()),
    }
}

fn check_value(value: &[u8]) -> Outcome<(), HeaderError> {
    match is_field_value(value) {
        true => Ok(()),
        false => Err(HeaderError::InvalidSyntax.into()),
    }
}

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
            context.http.count_fields(fields.bytes)?;
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
            let own = context.handles.fields(&fields)?;
            let added: u64 = values.iter().map(|value| weight(&name, value)).sum();
            context.http.count_fields(own.price().saturating_add(added))?;
            own.set(&name, values.clone())
        })
    }

    fn delete(host: Host<'_>, fields: Resource<FieldsHandle>, name: String) -> HostResult<()> {
        let request = (&fields, &name);
        unchecked(host, f::FIELDS_DELETE, &request, |context| {
            context.count_searched(&fields)?;
            let own = context.handles.fields(&fields)?;
            context.http.count_fields(own.price())?;
            own.delete(&name)
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
            let own = context.handles.fields(&fields)?;
            context.http.count_fields(own.price().saturating_add(weight(&name, &value)))?;
            own.append(&name, value.clone())
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
            let copy = Fields { is_immutable: false, ..context.handles.fields(&fields)?.clone() };
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
        let fields = self.handles.fields(fields)?.list.len() as u64;
        self.count_compared(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, HeaderError};
    use crate::stop::{Fail, Outcome, Stop};

    fn fields(entries: &[(&str, &str)]) -> Fields {
        let entries = entries.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        Fields::from_list(entries.collect()).unwrap()
    }

    fn error<T: std::fmt::Debug>(outcome: Outcome<T, HeaderError>) -> HeaderError {
        match outcome.unwrap_err() {
            Fail::Guest(error) => error,
            Fail::Stop(stop) => panic!("{stop}"),
        }
    }

    #[test]
    fn names_are_the_same_in_any_case_and_keep_the_one_they_were_given_in() {
        let mut own = fields(&[("Accept", "a"), ("X-One", "1"), ("accept", "b")]);
        assert_eq!(own.get("ACCEPT"), [b"a".to_vec(), b"b".to_vec()]);
        assert_eq!(own.list()[0].0, "Accept");
        own.set("ACCEPT", vec![b"c".to_vec()]).unwrap();
        assert_eq!(own.get("accept"), [b"c".to_vec()]);
        own.append("x-one", b"2".to_vec()).unwrap();
        assert_eq!(own.get("X-One").len(), 2);
        own.delete("x-ONE").unwrap();
        assert!(!own.has("x-one") && own.has("accept"));
        assert_eq!(own.get("no name"), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn what_is_forbidden_or_no_header_says_so() {
        let mut own = fields(&[]);
        let one = || vec![b"x".to_vec()];
        assert!(matches!(error(own.append("a b", b"x".to_vec())), HeaderError::InvalidSyntax));
        assert!(matches!(error(own.append("a", b"x\r\ny: z".to_vec())), HeaderError::InvalidSyntax));
        assert!(matches!(error(own.set("Host", one())), HeaderError::Forbidden));
        assert!(matches!(error(own.delete("")), HeaderError::InvalidSyntax));
        assert!(own.list().is_empty());
        let entries = vec![("transfer-encoding".to_owned(), b"chunked".to_vec())];
        assert!(matches!(error(Fields::from_list(entries)), HeaderError::Forbidden));
    }

    #[test]
    fn the_fields_of_a_message_cannot_be_changed_but_a_copy_can() {
        let mut own = Fields::of_message(fields(&[("a", "1")]).list());
        assert!(matches!(error(own.append("b", b"2".to_vec())), HeaderError::Immutable));
        assert!(matches!(error(own.delete("a")), HeaderError::Immutable));
        let mut copy = Fields { is_immutable: false, ..own.clone() };
        assert!(copy.price() > 0, "it is paid for");
        copy.append("b", b"2".to_vec()).unwrap();
        assert!(!own.has("b") && copy.has("b"));
        assert_eq!(copy.price(), 0);
    }

    #[test]
    fn a_flood_of_fields_is_stopped() {
        let mut own = fields(&[]);
        let stopped = (0..10_000).find_map(|_| own.append("a", vec![b'x'; 100]).err());
        assert!(matches!(stopped, Some(Fail::Stop(Stop::Limit("header fields")))));
    }
}
