//! From JSON to a value.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json};
use wasmtime::component::Val;

use super::{ValueError, ValueType};

impl ValueType {
    /// The value that JSON is; none: nothing is there.
    ///
    /// # Errors
    /// It is not of this type.
    pub(crate) fn read(&self, json: Option<&Json>) -> Result<Val, ValueError> {
        let Some(json) = json else {
            return match self {
                Self::Option(_) => Ok(Val::Option(None)),
                _ => Err(ValueError::absent(self.expected())),
            };
        };
        let other = || ValueError::other(self.expected(), json);
        Ok(match (self, json) {
            (Self::Bool, Json::Bool(value)) => Val::Bool(*value),
            (Self::Integer { signed, bits }, Json::Number(number)) => {
                let value = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
                integer(*signed, *bits, value.ok_or_else(other)?).ok_or_else(other)?
            }
            (Self::Float32, _) => Val::Float32(float32(float(json).ok_or_else(other)?).ok_or_else(other)?),
            (Self::Float64, _) => Val::Float64(float(json).ok_or_else(other)?),
            (Self::Char, Json::String(text)) => {
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Val::Char(c),
                    _ => return Err(other()),
                }
            }
            (Self::Text, Json::String(text)) => Val::String(text.clone()),
            (Self::Bytes, Json::String(text)) => {
                let bytes = STANDARD.decode(text).map_err(|_| other())?;
                Val::List(bytes.into_iter().map(Val::U8).collect())
            }
            (Self::Bytes, Json::Array(_)) => Self::List(Box::new(Self::BYTE)).read(Some(json))?,
            (Self::List(ty), Json::Array(elements)) => {
                let element =
                    |(index, json)| ty.read(Some(json)).map_err(|error: ValueError| error.in_element(index));
                Val::List(elements.iter().enumerate().map(element).collect::<Result<_, _>>()?)
            }
            (Self::Record(fields), Json::Object(object)) => Val::Record(read_fields(fields, object)?),
            (Self::Tuple(types), Json::Array(elements)) if elements.len() == types.len() => {
                let element = |(index, (ty, json)): (usize, (&Self, &Json))| {
                    ty.read(Some(json)).map_err(|error| error.in_element(index))
                };
                let pairs = types.iter().zip(elements).enumerate();
                Val::Tuple(pairs.map(element).collect::<Result<_, _>>()?)
            }
            (Self::Variant(cases), Json::Object(object)) => {
                let all = cases.iter().map(|(name, ty)| (name.as_str(), ty.as_ref())).collect::<Vec<_>>();
                let (tag, value) = self.read_case(&all, object)?;
                Val::Variant(tag, value)
            }
            (Self::Result { ok, err }, Json::Object(object)) => {
                let cases = [("ok", ok.as_deref()), ("err", err.as_deref())];
                let (tag, value) = self.read_case(&cases, object)?;
                Val::Result(if tag == "ok" { Ok(value) } else { Err(value) })
            }
            (Self::Enum(names), Json::String(name)) => match names.contains(name) {
                true => Val::Enum(name.clone()),
                false => return Err(ValueError::unknown("one of", name, names.iter().map(String::as_str))),
            },
            (Self::Flags(names), Json::Array(set)) => Val::Flags(read_flags(names, set)?),
            (Self::Resource { resource, .. }, Json::Object(object)) => {
                let number =
                    object.get("handle").and_then(Json::as_u64).and_then(|number| number.try_into().ok());
                let is_it =
                    object.len() == 2 && object.get("resource").is_some_and(|name| name == &*resource.name);
                match number {
                    Some(number @ 1..) if is_it => Val::U32(number),
                    _ => return Err(other()),
                }
            }
            (Self::Option(_), Json::Null) => Val::Option(None),
            (Self::Option(ty), json) if ty.is_optional() => match json {
                Json::Object(object) if object.len() == 1 && object.contains_key("some") => {
                    let inner = ty.read(object.get("some")).map_err(|error| error.in_field("some"))?;
                    Val::Option(Some(Box::new(inner)))
                }
                _ => return Err(other()),
            },
            (Self::Option(ty), json) => Val::Option(Some(Box::new(ty.read(Some(json))?))),
            _ => return Err(other()),
        })
    }

    /// `{"tag": name, "val": value}`
    fn read_case(
        &self,
        cases: &[(&str, Option<&Self>)],
        object: &Map<String, Json>,
    ) -> Result<(String, Option<Box<Val>>), ValueError> {
        const KEYS: [&str; 2] = ["tag", "val"];
        if let Some(key) = object.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(ValueError::unknown("no fields but", key, KEYS.into_iter()));
        }
        let known = || cases.iter().map(|(name, _)| *name);
        let tag = match object.get("tag") {
            Some(Json::String(tag)) => tag,
            other => {
                let expected = format!("one of {}", crate::names::Names::plain(known()));
                let error = other.map_or_else(
                    || ValueError::absent(expected.as_str()),
                    |json| ValueError::other(expected.as_str(), json),
                );
                return Err(error.in_field("tag"));
            }
        };
        let (name, ty) = cases
            .iter()
            .find(|(name, _)| name == tag)
            .ok_or_else(|| ValueError::unknown("one of", tag, known()).in_field("tag"))?;
        let value = match (ty, object.get("val")) {
            (Some(ty), json) => Some(Box::new(ty.read(json).map_err(|error| error.in_field("val"))?)),
            (None, None | Some(Json::Null)) => None,
            (None, Some(json)) => {
                return Err(ValueError::other("nothing: the case has no value", json).in_field("val"));
            }
        };
        Ok(((*name).to_owned(), value))
    }

    /// What it is, in the words of an error.
    fn expected(&self) -> String {
        match self {
            Self::Bool => "true or false".into(),
            Self::Integer { signed, bits } => {
                let (least, most) = Self::range(*signed, *bits);
                format!("an integer from {least} to {most}")
            }
            Self::Float32 | Self::Float64 => "a number, \"NaN\", \"Infinity\" or \"-Infinity\"".into(),
            Self::Char => "text of one character".into(),
            Self::Text => "text".into(),
            Self::Bytes => "base64 text or an array of bytes".into(),
            Self::List(_) => "an array".into(),
            Self::Record(_) => "an object".into(),
            Self::Tuple(types) => format!("an array of {}", types.len()),
            Self::Variant(_) | Self::Result { .. } => "an object with `tag` and `val`".into(),
            Self::Enum(_) => "the name of a case".into(),
            Self::Option(ty) if ty.is_optional() => "null or an object with `some` alone".into(),
            Self::Option(ty) => ty.expected(),
            Self::Flags(_) => "an array of names".into(),
            Self::Resource { .. } => format!("a handle such as {}", self.example()),
        }
    }

    const BYTE: Self = Self::Integer { signed: false, bits: 8 };
}

/// The fields of a record, or the arguments of a function.
///
/// # Errors
/// One is missing, of another type, or not known.
pub(crate) fn read_fields(
    fields: &[(String, ValueType)],
    object: &Map<String, Json>,
) -> Result<Vec<(String, Val)>, ValueError> {
    if let Some(key) = object.keys().find(|key| !fields.iter().any(|(name, _)| name == *key)) {
        let known = fields.iter().map(|(name, _)| name.as_str());
        return Err(ValueError::unknown("no fields but", key, known));
    }
    let read = |(name, ty): &(String, ValueType)| {
        let value = ty.read(object.get(name)).map_err(|error| error.in_field(name))?;
        Ok((name.clone(), value))
    };
    fields.iter().map(read).collect()
}

fn read_flags(names: &[String], set: &[Json]) -> Result<Vec<String>, ValueError> {
    let known = || names.iter().map(String::as_str);
    let mut found = std::collections::BTreeSet::new();
    for (index, json) in set.iter().enumerate() {
        let name = json.as_str().ok_or_else(|| ValueError::other("a name", json).in_element(index))?;
        if !known().any(|known| known == name) {
            return Err(ValueError::unknown("one of", name, known()).in_element(index));
        }
        if !found.insert(name) {
            return Err(ValueError::other("each name once", json).in_element(index));
        }
    }
    Ok(known().filter(|name| found.contains(name)).map(str::to_owned).collect())
}

fn integer(signed: bool, bits: u8, value: i128) -> Option<Val> {
    Some(match (signed, bits) {
        (true, 8) => Val::S8(value.try_into().ok()?),
        (false, 8) => Val::U8(value.try_into().ok()?),
        (true, 16) => Val::S16(value.try_into().ok()?),
        (false, 16) => Val::U16(value.try_into().ok()?),
        (true, 32) => Val::S32(value.try_into().ok()?),
        (false, 32) => Val::U32(value.try_into().ok()?),
        (true, _) => Val::S64(value.try_into().ok()?),
        (false, _) => Val::U64(value.try_into().ok()?),
    })
}

fn float(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// The nearest of fewer bits; none: it would be infinite.
fn float32(value: f64) -> Option<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "the nearest float is what is wanted")]
    let narrow = value as f32;
    (narrow.is_finite() || !value.is_finite()).then_some(narrow)
}
