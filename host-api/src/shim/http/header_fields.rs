//! The headers or trailers of a message, in their order.

use std::sync::Arc;

use super::syntax::{is_field_value, is_forbidden, is_token};
use crate::{
    bindings::wasi::http::types::HeaderError,
    limits::FIELDS_BYTES_MAX,
    port::FieldList,
    stop::{Outcome, Stop},
};

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

/// What a field takes.
pub(super) fn weight(name: &str, value: &[u8]) -> u64 {
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

    pub(super) fn from_list(entries: Vec<(String, Vec<u8>)>) -> Outcome<Self, HeaderError> {
        for (name, value) in &entries {
            check_name(name)?;
            check_value(value)?;
        }
        let bytes = entries.iter().map(|(name, value)| weight(name, value)).sum();
        let fields = Self { list: Arc::new(entries), is_immutable: false, bytes };
        fields.check_bytes()?;
        Ok(fields)
    }

    pub(super) fn get(&self, name: &str) -> Vec<Vec<u8>> {
        let values = self.list.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.map(|(_, value)| value.clone()).collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.list.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn set(&mut self, name: &str, values: Vec<Vec<u8>>) -> Outcome<(), HeaderError> {
        check_name(name)?;
        values.iter().try_for_each(|value| check_value(value))?;
        self.check_mutable()?;
        self.remove(name);
        for value in values {
            self.push(name, value)?;
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, name: &str) -> Outcome<(), HeaderError> {
        check_name(name)?;
        self.check_mutable()?;
        self.remove(name);
        Ok(())
    }

    pub(super) fn append(&mut self, name: &str, value: Vec<u8>) -> Outcome<(), HeaderError> {
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
            Arc::make_mut(&mut self.list).retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            self.bytes = self.list.iter().map(|(name, value)| weight(name, value)).sum();
        }
    }

    /// A copy that can be changed.
    pub(super) fn mutable_copy(&self) -> Self {
        Self { is_immutable: false, ..self.clone() }
    }

    /// What they take.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What a change of them costs: a copy of all if they are shared.
    pub(super) fn price(&self) -> u64 {
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
        let mut headers = fields(&[("Accept", "a"), ("X-One", "1"), ("accept", "b")]);
        assert_eq!(headers.get("ACCEPT"), [b"a".to_vec(), b"b".to_vec()]);
        assert_eq!(headers.list()[0].0, "Accept");
        headers.set("ACCEPT", vec![b"c".to_vec()]).unwrap();
        assert_eq!(headers.get("accept"), [b"c".to_vec()]);
        headers.append("x-one", b"2".to_vec()).unwrap();
        assert_eq!(headers.get("X-One").len(), 2);
        headers.delete("x-ONE").unwrap();
        assert!(!headers.has("x-one") && headers.has("accept"));
        assert_eq!(headers.get("no name"), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn what_is_forbidden_or_no_header_says_so() {
        let mut headers = fields(&[]);
        let one = || vec![b"x".to_vec()];
        assert!(matches!(error(headers.append("a b", b"x".to_vec())), HeaderError::InvalidSyntax));
        assert!(matches!(error(headers.append("a", b"x\r\ny: z".to_vec())), HeaderError::InvalidSyntax));
        assert!(matches!(error(headers.set("Host", one())), HeaderError::Forbidden));
        assert!(matches!(error(headers.delete("")), HeaderError::InvalidSyntax));
        assert!(headers.list().is_empty());
        let entries = vec![("transfer-encoding".to_owned(), b"chunked".to_vec())];
        assert!(matches!(error(Fields::from_list(entries)), HeaderError::Forbidden));
    }

    #[test]
    fn the_fields_of_a_message_cannot_be_changed_but_a_copy_can() {
        let mut headers = Fields::of_message(fields(&[("a", "1")]).list());
        assert!(matches!(error(headers.append("b", b"2".to_vec())), HeaderError::Immutable));
        assert!(matches!(error(headers.delete("a")), HeaderError::Immutable));
        let mut copy = headers.mutable_copy();
        assert!(copy.price() > 0, "it is paid for");
        copy.append("b", b"2".to_vec()).unwrap();
        assert!(!headers.has("b") && copy.has("b"));
        assert_eq!(copy.price(), 0);
    }

    #[test]
    fn a_flood_of_fields_is_stopped() {
        let mut headers = fields(&[]);
        let stopped = (0..10_000).find_map(|_| headers.append("a", vec![b'x'; 100]).err());
        assert!(matches!(stopped, Some(Fail::Stop(Stop::Limit("header fields")))));
    }
}
