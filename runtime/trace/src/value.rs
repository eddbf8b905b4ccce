//! Values of host calls as JSON, by their WIT type.
//!
//! In a trace a value is CBOR: integers, booleans and text as themselves, `list<u8>` as bytes, lists, tuples
//! and records as arrays, an option as null or the value, a result as `[0 or 1, value]`, a variant as
//! `[case, value]`, an enum as its case, flags as bits, a handle as its number.
//!
//! As JSON, records are objects, cases and flags have their names, a result is `{"ok": …}` or `{"err": …}`,
//! and bytes are text where they are, else `{"hex": "…"}`.

use std::fmt::Write as _;

use minicbor::{Decoder, Encoder, data::Type as CborType, decode, encode};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::Type;

/// A value that is not of its type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ValueError(String);

impl From<decode::Error> for ValueError {
    fn from(error: decode::Error) -> Self {
        Self(error.to_string())
    }
}

impl<E: std::fmt::Display> From<encode::Error<E>> for ValueError {
    fn from(error: encode::Error<E>) -> Self {
        Self(error.to_string())
    }
}

/// A value of a trace as JSON; `ty` none stands for no value.
///
/// # Errors
/// The bytes are not a value of the type.
pub fn to_json(ty: Option<&Type>, cbor: &[u8]) -> Result<Value, ValueError> {
    check_items(cbor)?;
    show(ty, &mut Decoder::new(cbor))
}

/// The arguments of a call as JSON, one each.
///
/// # Errors
/// The bytes are not values of those types.
pub fn arguments_to_json(types: &[Type], cbor: &[u8]) -> Result<Vec<Value>, ValueError> {
    check_items(cbor)?;
    let mut d = Decoder::new(cbor);
    if d.array()? != Some(types.len() as u64) {
        return Err(ValueError(format!("not {} arguments", types.len())));
    }
    types.iter().map(|ty| show(Some(ty), &mut d)).collect()
}

/// Numbers, texts and lists in one value. As JSON each takes a hundred bytes of memory, and one byte in a trace: stops a
/// list of millions from filling memory. What the host answers has at most some ten thousand.
const ITEMS_MAX: usize = 1 << 18;

/// A value that is too large to be shown is refused before any of it is made.
fn check_items(cbor: &[u8]) -> Result<(), ValueError> {
    // As many items as bytes cannot be too many.
    if cbor.len() <= ITEMS_MAX {
        return Ok(());
    }
    let mut rest = cbor;
    for _ in 0..ITEMS_MAX {
        match after_head(rest) {
            Some(after) => rest = after,
            // The end, or what is no CBOR, which whoever reads it says.
            None => return Ok(()),
        }
    }
    match rest.is_empty() {
        true => Ok(()),
        false => Err(ValueError(format!("a value of more than {ITEMS_MAX} items"))),
    }
}

/// What follows the first item, of a list its first one; none at the end.
fn after_head(cbor: &[u8]) -> Option<&[u8]> {
    let (head, rest) = cbor.split_first()?;
    let (number, rest) = match head & 0x1f {
        small @ 0..24 => (u64::from(small), rest),
        kind @ 24..28 => {
            let (bytes, rest) = rest.split_at_checked(1 << (kind - 24))?;
            (bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), rest)
        }
        _ => (0, rest),
    };
    match head >> 5 {
        // Bytes and text.
        2 | 3 => rest.get(usize::try_from(number).ok()?..),
        _ => Some(rest),
    }
}

fn show(ty: Option<&Type>, d: &mut Decoder<'_>) -> Result<Value, ValueError> {
    let Some(ty) = ty else {
        d.null()?;
        return Ok(Value::Null);
    };
    Ok(match *ty {
        Type::Bool => json!(d.bool()?),
        Type::Unsigned | Type::Handle(_) => json!(d.u64()?),
        Type::Signed => json!(d.i64()?),
        Type::Text => json!(d.str()?),
        Type::Bytes => show_bytes(d.bytes()?),
        Type::List(of) => {
            let items = d.array()?.ok_or_else(|| wrong(ty))?;
            (0..items).map(|_| show(Some(of), d)).collect::<Result<Value, _>>()?
        }
        Type::Tuple(types) => {
            expect_array(d, types.len(), ty)?;
            types.iter().map(|ty| show(Some(ty), d)).collect::<Result<Value, _>>()?
        }
        Type::Record(fields) => {
            expect_array(d, fields.len(), ty)?;
            let mut object = Map::new();
            for (name, ty) in fields {
                object.insert((*name).to_owned(), show(Some(ty), d)?);
            }
            Value::Object(object)
        }
        Type::Option(of) => match d.datatype()? {
            CborType::Null => show(None, d)?,
            _ => show(Some(of), d)?,
        },
        Type::Result(ok, err) => {
            expect_array(d, 2, ty)?;
            match d.u8()? {
                0 => json!({ "ok": show(ok, d)? }),
                1 => json!({ "err": show(err, d)? }),
                _ => return Err(wrong(ty)),
            }
        }
        Type::Variant(cases) => {
            expect_array(d, 2, ty)?;
            let (name, of) = cases.get(usize::from(d.u8()?)).ok_or_else(|| wrong(ty))?;
            match of {
                None => {
                    show(None, d)?;
                    json!(name)
                }
                Some(of) => json!({ *name: show(Some(of), d)? }),
            }
        }
        Type::Enum(cases) => json!(cases.get(usize::from(d.u8()?)).ok_or_else(|| wrong(ty))?),
        Type::Flags(names) => {
            let bits = d.u32()?;
            names
                .iter()
                .enumerate()
                .filter(|(bit, _)| bits >> bit & 1 == 1)
                .map(|(_, name)| json!(name))
                .collect()
        }
    })
}

fn show_bytes(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => json!(text),
        _ => {
            let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            json!({ "hex": hex })
        }
    }
}

/// A JSON value as it stands in a trace.
///
/// # Errors
/// It is not of the type.
pub fn from_json(ty: Option<&Type>, value: &Value) -> Result<Vec<u8>, ValueError> {
    let mut bytes = Vec::new();
    read(ty, value, &mut Encoder::new(&mut bytes))?;
    Ok(bytes)
}

fn read(ty: Option<&Type>, value: &Value, e: &mut Encoder<&mut Vec<u8>>) -> Result<(), ValueError> {
    let Some(ty) = ty else {
        return match value {
            Value::Null => Ok(e.null().map(drop)?),
            _ => Err(ValueError(format!("expected null, got {value}"))),
        };
    };
    let bad = || ValueError(format!("expected {}, got {value}", shape(ty)));
    match *ty {
        Type::Bool => drop(e.bool(value.as_bool().ok_or_else(bad)?)?),
        Type::Unsigned => drop(e.u64(value.as_u64().ok_or_else(bad)?)?),
        Type::Signed => drop(e.i64(value.as_i64().ok_or_else(bad)?)?),
        Type::Text => drop(e.str(value.as_str().ok_or_else(bad)?)?),
        Type::Bytes => drop(e.bytes(&read_bytes(value).ok_or_else(bad)?)?),
        Type::Handle(name) => {
            return Err(ValueError(format!(
                "a handle of {name} cannot be made up; answer with an error instead"
            )));
        }
        Type::List(of) => {
            let items = value.as_array().ok_or_else(bad)?;
            e.array(items.len() as u64)?;
            items.iter().try_for_each(|item| read(Some(of), item, e))?;
        }
        Type::Tuple(types) => {
            let items = value.as_array().filter(|items| items.len() == types.len()).ok_or_else(bad)?;
            e.array(items.len() as u64)?;
            types.iter().zip(items).try_for_each(|(ty, item)| read(Some(ty), item, e))?;
        }
        Type::Record(fields) => {
            let object = value.as_object().filter(|object| object.len() == fields.len()).ok_or_else(bad)?;
            e.array(fields.len() as u64)?;
            for (name, ty) in fields {
                read(Some(ty), object.get(*name).ok_or_else(bad)?, e)?;
            }
        }
        Type::Option(of) => match value {
            Value::Null => drop(e.null()?),
            value => read(Some(of), value, e)?,
        },
        Type::Result(ok, err) => {
            let (case, of, value) = match (value.get("ok"), value.get("err"), value.as_object().map(Map::len))
            {
                (Some(value), None, Some(1)) => (0, ok, value),
                (None, Some(value), Some(1)) => (1, err, value),
                _ => return Err(bad()),
            };
            e.array(2)?.u8(case)?;
            read(of, value, e)?;
        }
        Type::Variant(cases) => {
            let (name, value) = match value {
                Value::String(name) => (name, &Value::Null),
                Value::Object(object) if object.len() == 1 => object.iter().next().ok_or_else(bad)?,
                _ => return Err(bad()),
            };
            let case = cases.iter().position(|(case, _)| case == name).ok_or_else(bad)?;
            e.array(2)?.u8(u8::try_from(case).map_err(|_| bad())?)?;
            read(cases[case].1, value, e)?;
        }
        Type::Enum(cases) => {
            let case = cases.iter().position(|case| Some(*case) == value.as_str()).ok_or_else(bad)?;
            e.u8(u8::try_from(case).map_err(|_| bad())?)?;
        }
        Type::Flags(names) => {
            let mut bits = 0u32;
            for flag in value.as_array().ok_or_else(bad)? {
                let bit = names.iter().position(|name| Some(*name) == flag.as_str()).ok_or_else(bad)?;
                bits |= 1 << bit;
            }
            e.u32(bits)?;
        }
    }
    Ok(())
}

fn read_bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.as_bytes().to_vec()),
        Value::Object(object) if object.len() == 1 => {
            let hex = object.get("hex")?.as_str()?;
            let digits =
                (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok());
            digits.collect()
        }
        _ => None,
    }
}

fn expect_array(d: &mut Decoder<'_>, len: usize, ty: &Type) -> Result<(), ValueError> {
    match d.array()? {
        Some(found) if found == len as u64 => Ok(()),
        _ => Err(wrong(ty)),
    }
}

fn wrong(ty: &Type) -> ValueError {
    ValueError(format!("not {}", shape(ty)))
}

/// What a value of the type looks like in JSON.
fn shape(ty: &Type) -> String {
    let inner = |of: Option<&Type>| of.map_or("null".to_owned(), shape);
    match *ty {
        Type::Bool => "true or false".into(),
        Type::Unsigned | Type::Signed | Type::Handle(_) => "a number".into(),
        Type::Text => "a string".into(),
        Type::Bytes => "a string or {\"hex\": \"…\"}".into(),
        Type::List(of) => format!("[{}, …]", shape(of)),
        Type::Option(of) => format!("{} or null", shape(of)),
        Type::Result(ok, err) => format!("{{\"ok\": {}}} or {{\"err\": {}}}", inner(ok), inner(err)),
        Type::Tuple(types) => format!("[{}]", types.iter().map(shape).collect::<Vec<_>>().join(", ")),
        Type::Record(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(name, ty)| format!("\"{name}\": {}", shape(ty))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Type::Variant(cases) => cases.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" or "),
        Type::Enum(cases) => format!("one of {}", cases.join(", ")),
        Type::Flags(names) => format!("a list of {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{arguments_to_json, from_json, to_json};
    use crate::{FUNCTIONS, Type};

    /// Some value of a type without handles.
    fn example(ty: &Type) -> Option<Value> {
        Some(match *ty {
            Type::Bool => json!(true),
            Type::Unsigned => json!(7),
            Type::Signed => json!(-7),
            Type::Text => json!("text"),
            Type::Bytes => json!({ "hex": "00ff" }),
            Type::List(of) => json!([example(of)?, example(of)?]),
            Type::Option(of) => example(of)?,
            Type::Result(_, Some(err)) => json!({ "err": example(err)? }),
            Type::Result(Some(ok), None) => json!({ "ok": example(ok)? }),
            Type::Result(None, None) => json!({ "ok": null }),
            Type::Tuple(types) => types.iter().map(example).collect::<Option<Value>>()?,
            Type::Record(fields) => {
                let fields: Option<Vec<_>> =
                    fields.iter().map(|(name, ty)| Some(((*name).to_owned(), example(ty)?))).collect();
                Value::Object(fields?.into_iter().collect())
            }
            Type::Variant(cases) => match cases.last()? {
                (name, None) => json!(name),
                (name, Some(of)) => json!({ *name: example(of)? }),
            },
            Type::Enum(cases) => json!(cases.last()?),
            Type::Flags(names) => json!([names.first()?, names.last()?]),
            Type::Handle(_) => return None,
        })
    }

    #[test]
    fn every_answer_of_the_membrane_that_holds_no_handle_goes_both_ways() {
        let mut tried = 0;
        for answer in FUNCTIONS.iter().filter_map(|function| function.answer) {
            if let Some(value) = example(&answer) {
                let cbor = from_json(Some(&answer), &value).unwrap();
                assert_eq!(to_json(Some(&answer), &cbor).unwrap(), value);
                tried += 1;
            }
        }
        assert!(tried > 80, "{tried}");
    }

    #[test]
    fn a_value_of_another_type_is_refused_with_the_shape_that_is_expected() {
        let read = crate::functions::filesystem::DESCRIPTOR_READ.get().unwrap();
        let error = from_json(read.answer.as_ref(), &json!({ "err": "boom" })).unwrap_err().to_string();
        assert!(error.starts_with("expected one of access, would-block"), "{error}");
        let open = crate::functions::filesystem::DESCRIPTOR_OPEN_AT.get().unwrap();
        let error = from_json(open.answer.as_ref(), &json!({ "ok": 3 })).unwrap_err().to_string();
        assert!(error.contains("cannot be made up"), "{error}");
        assert!(from_json(open.answer.as_ref(), &json!({ "err": "no-entry" })).is_ok());
    }

    #[test]
    fn a_list_of_millions_is_refused_before_any_of_it_is_made() {
        const NUMBERS: Type = Type::List(&Type::Unsigned);
        let list = |items: usize| {
            let mut cbor = vec![0x9a];
            cbor.extend_from_slice(&u32::try_from(items).unwrap().to_be_bytes());
            cbor.resize(5 + items, 7);
            cbor
        };
        assert_eq!(to_json(Some(&NUMBERS), &list(3)).unwrap(), json!([7, 7, 7]));
        assert!(to_json(Some(&NUMBERS), &list(super::ITEMS_MAX - 1)).is_ok());
        let error = to_json(Some(&NUMBERS), &list(10_000_000)).unwrap_err().to_string();
        assert_eq!(error, "a value of more than 262144 items");
        assert!(arguments_to_json(&[NUMBERS], &[&[0x81], &list(10_000_000)[..]].concat()).is_err());
        // Bytes are one item, however many.
        let bytes = [&[0x5a, 0, 0x10, 0, 0], vec![7; 1 << 20].as_slice()].concat();
        assert!(to_json(Some(&Type::Bytes), &bytes).is_ok());
    }

    #[test]
    fn bytes_are_text_where_they_are() {
        assert_eq!(to_json(Some(&Type::Bytes), &[0x42, b'h', b'i']).unwrap(), json!("hi"));
        assert_eq!(to_json(Some(&Type::Bytes), &[0x41, 0xff]).unwrap(), json!({ "hex": "ff" }));
    }
}
