//! From a value to JSON.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json, json};
use wasmtime::component::Val;

use super::{ValueType, number_of};

impl ValueType {
    /// The JSON of a value of this type.
    pub(crate) fn write(&self, value: &Val) -> Json {
        match (self, value) {
            (Self::Resource { resource, .. }, value) => {
                json!({ "handle": number_of(value), "resource": &*resource.name })
            }
            (_, Val::Bool(value)) => (*value).into(),
            (_, Val::S8(value)) => (*value).into(),
            (_, Val::U8(value)) => (*value).into(),
            (_, Val::S16(value)) => (*value).into(),
            (_, Val::U16(value)) => (*value).into(),
            (_, Val::S32(value)) => (*value).into(),
            (_, Val::U32(value)) => (*value).into(),
            (_, Val::S64(value)) => (*value).into(),
            (_, Val::U64(value)) => (*value).into(),
            (_, Val::Float32(value)) => float(shortest(*value)),
            (_, Val::Float64(value)) => float(*value),
            (_, Val::Char(c)) => c.to_string().into(),
            (_, Val::String(text) | Val::Enum(text)) => text.as_str().into(),
            (Self::Bytes, Val::List(values)) => {
                let byte = |value: &Val| if let Val::U8(byte) = value { *byte } else { 0 };
                STANDARD.encode(values.iter().map(byte).collect::<Vec<u8>>()).into()
            }
            (Self::List(ty), Val::List(values)) => values.iter().map(|value| ty.write(value)).collect(),
            (Self::Record(fields), Val::Record(values)) => Json::Object(write_fields(fields, values)),
            (Self::Tuple(types), Val::Tuple(values)) => {
                types.iter().zip(values).map(|(ty, value)| ty.write(value)).collect()
            }
            (Self::Variant(cases), Val::Variant(tag, value)) => {
                let ty = cases.iter().find(|(name, _)| name == tag).and_then(|(_, ty)| ty.as_ref());
                write_case(tag, ty, value.as_deref())
            }
            (Self::Result { ok, err }, Val::Result(result)) => match result {
                Ok(value) => write_case("ok", ok.as_deref(), value.as_deref()),
                Err(value) => write_case("err", err.as_deref(), value.as_deref()),
            },
            (Self::Option(ty), Val::Option(Some(value))) if ty.is_optional() => {
                Json::Object(Map::from_iter([("some".to_owned(), ty.write(value))]))
            }
            (Self::Option(ty), Val::Option(Some(value))) => ty.write(value),
            (_, Val::Flags(names)) => names.iter().map(String::as_str).collect(),
            // None; wasmtime gives no value of another type than the function has.
            _ => Json::Null,
        }
    }
}

/// Fields of a record, or arguments by name; those that have no value are left out.
pub(crate) fn write_fields(fields: &[(String, ValueType)], values: &[(String, Val)]) -> Map<String, Json> {
    let is_there = |value: &Val| !matches!(value, Val::Option(None));
    fields
        .iter()
        .zip(values)
        .filter(|(_, (_, value))| is_there(value))
        .map(|((name, ty), (_, value))| (name.clone(), ty.write(value)))
        .collect()
}

fn write_case(tag: &str, ty: Option<&ValueType>, value: Option<&Val>) -> Json {
    let mut object = Map::from_iter([("tag".to_owned(), Json::from(tag))]);
    if let (Some(ty), Some(value)) = (ty, value) {
        object.insert("val".to_owned(), ty.write(value));
    }
    Json::Object(object)
}

fn float(value: f64) -> Json {
    let text = match value {
        value if value.is_nan() => "NaN",
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        value => return value.into(),
    };
    text.into()
}

/// The double with the fewest digits that is this float again, so that 0.1 is written as 0.1.
fn shortest(value: f32) -> f64 {
    let exact = f64::from(value);
    let short = value.to_string().parse().unwrap_or(exact);
    #[expect(clippy::cast_possible_truncation, reason = "whether it is the same float is the question")]
    let is_same = (short as f32).to_bits() == value.to_bits();
    if is_same { short } else { exact }
}
