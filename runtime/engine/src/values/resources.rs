//! Handles of resources inside values. In JSON, and until a call is made, a handle is its number within the run.

use wasmtime::component::Val;

use super::{ResourceName, ValueType};

/// How many handles a value of a type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Handles {
    /// At least.
    pub(crate) least: u32,
    /// At most; none: there is no bound.
    pub(crate) most: Option<u32>,
}

impl Handles {
    const NONE: Self = Self { least: 0, most: Some(0) };
    const ONE: Self = Self { least: 1, most: Some(1) };

    /// Of two values.
    fn and(self, other: Self) -> Self {
        let most = self.most.zip(other.most).and_then(|(one, other)| one.checked_add(other));
        Self { least: self.least.saturating_add(other.least), most }
    }

    /// Of either of two values.
    fn or(self, other: Self) -> Self {
        let most = self.most.zip(other.most).map(|(one, other)| one.max(other));
        Self { least: self.least.min(other.least), most }
    }
}

impl ValueType {
    /// How many handles a value of it has.
    pub(crate) fn handles(&self) -> Handles {
        let of = |ty: Option<&Self>| ty.map_or(Handles::NONE, Self::handles);
        match self {
            Self::Resource { .. } => Handles::ONE,
            Self::List(ty) => match ty.handles() {
                Handles::NONE => Handles::NONE,
                _ => Handles { least: 0, most: None },
            },
            Self::Record(fields) => {
                fields.iter().map(|(_, ty)| ty.handles()).fold(Handles::NONE, Handles::and)
            }
            Self::Tuple(types) => types.iter().map(Self::handles).fold(Handles::NONE, Handles::and),
            Self::Variant(cases) => {
                cases.iter().map(|(_, ty)| of(ty.as_ref())).reduce(Handles::or).unwrap_or(Handles::NONE)
            }
            Self::Option(ty) => Handles::NONE.or(ty.handles()),
            Self::Result { ok, err } => of(ok.as_deref()).or(of(err.as_deref())),
            _ => Handles::NONE,
        }
    }

    /// Whether values of it can have handles.
    #[must_use]
    pub fn has_handles(&self) -> bool {
        self.handles() != Handles::NONE
    }

    /// The resources of a type whose values have one number of handles, in the order of their handles.
    pub(crate) fn resources<'a>(&'a self, found: &mut Vec<&'a ResourceName>) {
        match self {
            Self::Resource { resource, .. } => found.push(resource),
            Self::Record(fields) => fields.iter().for_each(|(_, ty)| ty.resources(found)),
            Self::Tuple(types) => types.iter().for_each(|ty| ty.resources(found)),
            _ => {}
        }
    }

    /// The value with each handle in it replaced, in order. `replace` is given the resource and whether the handle is owned.
    ///
    /// # Errors
    /// Those of `replace`.
    pub(crate) fn replace_handles<E>(
        &self,
        value: Val,
        replace: &mut dyn FnMut(&ResourceName, bool, Val) -> Result<Val, E>,
    ) -> Result<Val, E> {
        let mut boxed = |ty: Option<&Self>, value: Option<Box<Val>>| match (ty, value) {
            (Some(ty), Some(value)) => Ok(Some(Box::new(ty.replace_handles(*value, replace)?))),
            (_, value) => Ok(value),
        };
        Ok(match (self, value) {
            (Self::Resource { resource, owned }, value) => replace(resource, *owned, value)?,
            (ty, value) if !ty.has_handles() => value,
            (Self::List(ty), Val::List(values)) => Val::List(
                values
                    .into_iter()
                    .map(|value| ty.replace_handles(value, replace))
                    .collect::<Result<_, _>>()?,
            ),
            (Self::Record(fields), Val::Record(values)) => Val::Record(
                fields
                    .iter()
                    .zip(values)
                    .map(|((_, ty), (name, value))| Ok((name, ty.replace_handles(value, replace)?)))
                    .collect::<Result<_, E>>()?,
            ),
            (Self::Tuple(types), Val::Tuple(values)) => Val::Tuple(
                types
                    .iter()
                    .zip(values)
                    .map(|(ty, value)| ty.replace_handles(value, replace))
                    .collect::<Result<_, _>>()?,
            ),
            (Self::Variant(cases), Val::Variant(tag, value)) => {
                let ty = cases.iter().find(|(name, _)| *name == tag).and_then(|(_, ty)| ty.as_ref());
                let value = boxed(ty, value)?;
                Val::Variant(tag, value)
            }
            (Self::Option(ty), Val::Option(value)) => Val::Option(boxed(Some(&**ty), value)?),
            (Self::Result { ok, err }, Val::Result(result)) => Val::Result(match result {
                Ok(value) => Ok(boxed(ok.as_deref(), value)?),
                Err(value) => Err(boxed(err.as_deref(), value)?),
            }),
            (_, value) => value,
        })
    }
}

/// The number of a handle before its call is made.
pub(crate) fn number_of(value: &Val) -> u32 {
    match value {
        Val::U32(number) => *number,
        _ => 0,
    }
}
