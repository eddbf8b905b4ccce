//! JSON Schema (draft 2020-12) of a type.

use serde_json::{Map, Value as Json, json};

use super::ValueType;

impl ValueType {
    /// The schema that all JSON of its values validates against.
    #[must_use]
    pub fn schema(&self) -> Json {
        match self {
            Self::Bool => json!({ "type": "boolean" }),
            Self::Integer { signed, bits } => {
                let (least, most) = Self::range(*signed, *bits);
                let number = |value: i128| {
                    i64::try_from(value)
                        .map_or_else(|_| json!(u64::try_from(value).unwrap_or(u64::MAX)), Json::from)
                };
                json!({ "type": "integer", "minimum": number(least), "maximum": number(most) })
            }
            Self::Float32 | Self::Float64 => {
                json!({ "anyOf": [{ "type": "number" }, { "enum": ["NaN", "Infinity", "-Infinity"] }] })
            }
            Self::Char => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
            Self::Text => json!({ "type": "string" }),
            Self::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
            Self::List(ty) => json!({ "type": "array", "items": ty.schema() }),
            Self::Record(fields) => object_schema(fields),
            Self::Tuple(types) => json!({
                "type": "array",
                "prefixItems": types.iter().map(Self::schema).collect::<Vec<_>>(),
                "items": false,
                "minItems": types.len(),
            }),
            Self::Variant(cases) => {
                any_of(cases.iter().map(|(name, ty)| case_schema(name, ty.as_ref())).collect())
            }
            Self::Result { ok, err } => {
                any_of(vec![case_schema("ok", ok.as_deref()), case_schema("err", err.as_deref())])
            }
            Self::Enum(names) => json!({ "enum": names }),
            Self::Option(ty) if ty.is_optional() => {
                let some = json!({
                    "type": "object",
                    "properties": { "some": ty.schema() },
                    "required": ["some"],
                    "additionalProperties": false,
                });
                any_of(vec![some, json!({ "type": "null" })])
            }
            Self::Option(ty) => any_of(vec![ty.schema(), json!({ "type": "null" })]),
            Self::Resource { resource, .. } => json!({
                "type": "object",
                "properties": {
                    "handle": { "type": "integer", "minimum": 1, "maximum": u32::MAX },
                    "resource": { "const": &*resource.name },
                },
                "required": ["handle", "resource"],
                "additionalProperties": false,
            }),
            Self::Flags(names) => {
                json!({ "type": "array", "items": { "enum": names }, "uniqueItems": true })
            }
        }
    }
}

/// The schema of a record, or of the arguments of a function.
pub(crate) fn object_schema(fields: &[(String, ValueType)]) -> Json {
    let required: Vec<&str> =
        fields.iter().filter(|(_, ty)| !ty.is_optional()).map(|(name, _)| name.as_str()).collect();
    let properties: Map<String, Json> = fields.iter().map(|(name, ty)| (name.clone(), ty.schema())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn case_schema(name: &str, ty: Option<&ValueType>) -> Json {
    let mut properties = Map::from_iter([("tag".to_owned(), json!({ "const": name }))]);
    let mut required = vec!["tag"];
    if let Some(ty) = ty {
        properties.insert("val".to_owned(), ty.schema());
        required.extend((!ty.is_optional()).then_some("val"));
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn any_of(schemas: Vec<Json>) -> Json {
    json!({ "anyOf": schemas })
}
