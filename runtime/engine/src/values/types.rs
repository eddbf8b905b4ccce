//! The types that arguments and results can have.

use std::{fmt, sync::Arc};

use thiserror::Error;
use wasmtime::component::{ResourceType, types::Type};

use crate::names;

/// Types inside each other. Stops a type whose values would nest deeper than JSON is read.
const TYPE_DEPTH_MAX: usize = 32;
/// Types of one component's functions, with those inside them. Stops types that name each other twice at every level from
/// unfolding without end.
const TYPES_MAX: usize = 100_000;
/// Bytes of all names in them. Stops a few long names from being repeated as often.
const TYPE_NAMES_BYTES_MAX: usize = 4 << 20;

/// The type of an argument or a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueType {
    /// `bool`
    Bool,
    /// `u8` to `s64`
    Integer {
        /// Whether it can be negative.
        signed: bool,
        /// 8, 16, 32 or 64.
        bits: u8,
    },
    /// `float32`
    Float32,
    /// `float64`
    Float64,
    /// `char`
    Char,
    /// `string`
    Text,
    /// `list<u8>`
    Bytes,
    /// Any other list.
    List(Box<ValueType>),
    /// Fields by name, in order.
    Record(Vec<(String, ValueType)>),
    /// Values in order.
    Tuple(Vec<ValueType>),
    /// Cases by name, with the value of each that has one.
    Variant(Vec<(String, Option<ValueType>)>),
    /// Names.
    Enum(Vec<String>),
    /// A value or none.
    Option(Box<ValueType>),
    /// Success or failure, each with a value or without.
    Result {
        /// What success has.
        ok: Option<Box<ValueType>>,
        /// What failure has.
        err: Option<Box<ValueType>>,
    },
    /// Names that are set or not.
    Flags(Vec<String>),
    /// A handle of a resource that the component defines.
    Resource {
        /// Which resource.
        resource: ResourceName,
        /// Whether the handle itself is passed, as opposed to lent for one call.
        owned: bool,
    },
}

/// A resource that a component exports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceName {
    /// The exported interface that has it, with its version; none: the component itself.
    pub interface: Option<Arc<str>>,
    /// Its name there.
    pub name: Arc<str>,
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.interface {
            Some(interface) => write!(f, "{interface}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// Why a function cannot be called by name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsupported {
    /// It is asynchronous.
    #[error("it is asynchronous, which is not supported: build it for WASI 0.2")]
    Async,
    /// It takes or gives what has no JSON; by its name in WIT.
    #[error("{} has a {kind}, which JSON cannot hold", names::message(.place))]
    Kind {
        /// The argument, or the result.
        place: String,
        /// `resource`, `stream`, `future`, …
        kind: &'static str,
    },
    /// Its types nest too deep, or are too many.
    #[error("{} has a type of more than {max} {what}", names::message(.place))]
    Large {
        /// The argument, or the result.
        place: String,
        /// How many there may be.
        max: usize,
        /// What is counted.
        what: &'static str,
    },
}

/// What is left of the bounds while the types of a component are read.
#[derive(Debug)]
pub(crate) struct Budget {
    types: usize,
    name_bytes: usize,
    /// The resources that the component exports.
    resources: Vec<(ResourceType, ResourceName)>,
}

impl Budget {
    pub(crate) fn new(resources: Vec<(ResourceType, ResourceName)>) -> Self {
        Self { types: TYPES_MAX, name_bytes: TYPE_NAMES_BYTES_MAX, resources }
    }
}

/// Why a type cannot be read.
enum Problem {
    Kind(&'static str),
    Large { max: usize, what: &'static str },
}

/// A type as values need it. `place` is the argument or result that has it.
///
/// # Errors
/// It has streams, futures or resources of others, or is larger than types may be.
pub(crate) fn value_type(place: &str, ty: &Type, budget: &mut Budget) -> Result<ValueType, Unsupported> {
    budget.read(ty, 0).map_err(|problem| match problem {
        Problem::Kind(kind) => Unsupported::Kind { place: place.to_owned(), kind },
        Problem::Large { max, what } => Unsupported::Large { place: place.to_owned(), max, what },
    })
}

impl Budget {
    fn read(&mut self, ty: &Type, depth: usize) -> Result<ValueType, Problem> {
        if depth > TYPE_DEPTH_MAX {
            return Err(Problem::Large { max: TYPE_DEPTH_MAX, what: "levels" });
        }
        self.types =
            self.types.checked_sub(1).ok_or(Problem::Large { max: TYPES_MAX, what: "types in all" })?;
        let integer = |signed, bits| ValueType::Integer { signed, bits };
        Ok(match ty {
            Type::Bool => ValueType::Bool,
            Type::S8 => integer(true, 8),
            Type::U8 => integer(false, 8),
            Type::S16 => integer(true, 16),
            Type::U16 => integer(false, 16),
            Type::S32 => integer(true, 32),
            Type::U32 => integer(false, 32),
            Type::S64 => integer(true, 64),
            Type::U64 => integer(false, 64),
            Type::Float32 => ValueType::Float32,
            Type::Float64 => ValueType::Float64,
            Type::Char => ValueType::Char,
            Type::String => ValueType::Text,
            Type::List(list) if list.ty() == Type::U8 => ValueType::Bytes,
            Type::List(list) => ValueType::List(Box::new(self.read(&list.ty(), depth + 1)?)),
            Type::Record(record) => ValueType::Record(
                record
                    .fields()
                    .map(|field| Ok((self.name(field.name)?, self.read(&field.ty, depth + 1)?)))
                    .collect::<Result<_, _>>()?,
            ),
            Type::Tuple(tuple) => {
                ValueType::Tuple(tuple.types().map(|ty| self.read(&ty, depth + 1)).collect::<Result<_, _>>()?)
            }
            Type::Variant(variant) => ValueType::Variant(
                variant
                    .cases()
                    .map(|case| {
                        let ty = case.ty.map(|ty| self.read(&ty, depth + 1)).transpose()?;
                        Ok((self.name(case.name)?, ty))
                    })
                    .collect::<Result<_, _>>()?,
            ),
            Type::Enum(names) => ValueType::Enum(self.names(names.names())?),
            Type::Flags(names) => ValueType::Flags(self.names(names.names())?),
            Type::Option(option) => ValueType::Option(Box::new(self.read(&option.ty(), depth + 1)?)),
            Type::Result(result) => {
                let mut part =
                    |ty: Option<Type>| ty.map(|ty| self.read(&ty, depth + 1).map(Box::new)).transpose();
                ValueType::Result { ok: part(result.ok())?, err: part(result.err())? }
            }
            Type::Own(ty) => self.resource(ty, true)?,
            Type::Borrow(ty) => self.resource(ty, false)?,
            Type::Future(_) => return Err(Problem::Kind("future")),
            Type::Stream(_) => return Err(Problem::Kind("stream")),
            Type::ErrorContext => return Err(Problem::Kind("error-context")),
            Type::Map(_) => return Err(Problem::Kind("map")),
            Type::FixedLengthList(_) => return Err(Problem::Kind("list of fixed length")),
        })
    }

    /// A resource of the component. Handles of others, such as streams of the host, come from nowhere.
    fn resource(&self, ty: &ResourceType, owned: bool) -> Result<ValueType, Problem> {
        let known = self.resources.iter().find(|(known, _)| known == ty);
        let (_, resource) = known.ok_or(Problem::Kind("resource that the component does not export"))?;
        Ok(ValueType::Resource { resource: resource.clone(), owned })
    }

    fn name(&mut self, name: &str) -> Result<String, Problem> {
        let left = self.name_bytes.checked_sub(name.len());
        self.name_bytes =
            left.ok_or(Problem::Large { max: TYPE_NAMES_BYTES_MAX, what: "bytes of names in all" })?;
        Ok(name.to_owned())
    }

    fn names<'a>(&mut self, names: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Problem> {
        names.map(|name| self.name(name)).collect()
    }
}

impl ValueType {
    /// Whether a value of it may be left out.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Option(_))
    }

    /// The least and the largest integer of so many bits.
    pub(crate) fn range(signed: bool, bits: u8) -> (i128, i128) {
        match signed {
            true => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            false => (0, (1 << bits) - 1),
        }
    }
}
