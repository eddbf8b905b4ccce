//! A value of a type, to show how its JSON is written.

use serde_json::{Map, Value as Json, json};

use super::ValueType;

impl ValueType {
    /// JSON of a small value of this type.
    #[must_use]
    pub fn example(&self) -> Json {
        match self {
            Self::Bool => json!(true),
            Self::Integer { .. } => json!(1),
            Self::Float32 | Self::Float64 => json!(1.5),
            Self::Char => json!("a"),
            Self::Text => json!("text"),
            Self::Bytes => json!("Ynl0ZXM="),
            Self::List(ty) => json!([ty.example()]),
            Self::Record(fields) => Json::Object(example_fields(fields)),
            Self::Tuple(types) => types.iter().map(Self::example).collect(),
            Self::Variant(cases) => case(cases.first().map(|(name, ty)| (name.as_str(), ty.as_ref()))),
            Self::Result { ok, .. } => case(Some(("ok", ok.as_deref()))),
            Self::Enum(names) => names.first().map_or(Json::Null, |name| json!(name)),
            Self::Option(ty) if ty.is_optional() => json!({ "some": ty.example() }),
            Self::Option(ty) => ty.example(),
            Self::Resource { resource, .. } => json!({ "handle": 1, "resource": &*resource.name }),
            Self::Flags(names) => names.iter().take(1).map(String::as_str).collect(),
        }
    }
}

/// Fields of a record, or arguments of a function.
pub(crate) fn example_fields(fields: &[(String, ValueType)]) -> Map<String, Json> {
    fields.iter().map(|(name, ty)| (name.clone(), ty.example())).collect()
}

fn case(case: Option<(&str, Option<&ValueType>)>) -> Json {
    match case {
        Some((name, Some(ty))) => json!({ "tag": name, "val": ty.example() }),
        Some((name, None)) => json!({ "tag": name }),
        None => Json::Null,
    }
}
