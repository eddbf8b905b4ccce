//! JSON in which no object has a name twice: which of the two values counts differs between readers.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value as Json};

use crate::names;

/// JSON as it was read.
pub(crate) struct StrictJson(pub(crate) Json);

impl<'de> Deserialize<'de> for StrictJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Self)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(StrictJson(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!(
                    "{} is there twice: write it once",
                    names::Names::quoted([&name])
                )));
            }
            let StrictJson(value) = fields.next_value()?;
            object.insert(name, value);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::StrictJson;

    #[test]
    fn what_is_read_is_what_another_reader_reads_and_a_name_twice_is_an_error() {
        for text in [
            "null",
            "[true, -1, 18446744073709551615, 1.5, \"\\u0000\"]",
            r#"{"a": {"b": [], "c": {"b": 1}}, "b": 2}"#,
        ] {
            let StrictJson(json) = serde_json::from_str(text).unwrap();
            assert_eq!(json, serde_json::from_str::<Json>(text).unwrap());
        }
        for text in [r#"{"a": 1, "a": 1}"#, r#"[{"x": {"a": 1, "b": 2, "\u0061": 3}}]"#] {
            let error = serde_json::from_str::<StrictJson>(text).map(|_| ()).unwrap_err().to_string();
            assert!(error.starts_with("`a` is there twice: write it once at line 1 column "), "{error}");
        }
        assert!(serde_json::from_str::<StrictJson>(&"[".repeat(100_000)).is_err());
    }
}
