//! Where the operands of an instruction come from, as far as a straight piece of code shows it.

use std::collections::BTreeMap;

use wasmparser::Operator;

/// What made a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Origin {
    /// A comparison: it is watched there.
    Truth,
    /// An instruction that names it.
    Const(i64),
    /// A variable.
    Value,
    /// Anything else.
    #[default]
    Other,
}

/// The latest two values, and what variables hold.
#[derive(Debug, Default)]
pub(super) struct Origins {
    below: Origin,
    top: Origin,
    /// The number that was last added, if that made the latest value.
    added: Option<i64>,
    locals: BTreeMap<u32, Origin>,
}

impl Origins {
    /// The operand below the upper one, and the upper one.
    pub(super) fn operands(&self) -> (Origin, Origin) {
        (self.below, self.top)
    }

    /// Whether the latest value is an address in static data, which begins at `least`.
    pub(super) fn is_in_table(&self, least: u64) -> bool {
        self.added.and_then(|added| u64::try_from(added).ok()).is_some_and(|added| added >= least)
    }

    fn push(&mut self, origin: Origin) {
        (self.below, self.top) = (self.top, origin);
        self.added = None;
    }

    /// Nothing is known of what lies below a result.
    fn only(&mut self, origin: Origin) {
        (self.below, self.top) = (Origin::Other, origin);
        self.added = None;
    }

    /// Goes on behind an instruction.
    pub(super) fn pass(&mut self, operator: &Operator<'_>) {
        use Operator as Op;
        match operator {
            Op::I32Const { value } => self.push(Origin::Const(i64::from(*value))),
            Op::I64Const { value } => self.push(Origin::Const(*value)),
            Op::LocalGet { local_index } => {
                let held = self.locals.get(local_index).copied().unwrap_or_default();
                self.push(if held == Origin::Truth { held } else { Origin::Value });
            }
            Op::LocalTee { local_index } => {
                self.locals.insert(*local_index, self.top);
            }
            Op::LocalSet { local_index } => {
                self.locals.insert(*local_index, self.top);
                self.only(Origin::Other);
            }
            // The one bit of a comparison is all of it; others are looked at where they are used.
            Op::I32And if self.is_bit() => self.only(Origin::Truth),
            Op::I32Add => {
                let added = match (self.below, self.top) {
                    (_, Origin::Const(added)) | (Origin::Const(added), _) => Some(added),
                    _ => None,
                };
                self.only(Origin::Other);
                self.added = added;
            }
            operator if is_comparison(operator) => self.only(Origin::Truth),
            // Where paths meet, a variable may hold what another path has put there.
            Op::Loop { .. } | Op::Else | Op::End => {
                self.locals.clear();
                self.only(Origin::Other);
            }
            _ => self.only(Origin::Other),
        }
    }

    fn is_bit(&self) -> bool {
        matches!(
            (self.below, self.top),
            (Origin::Truth, Origin::Const(1)) | (Origin::Const(1), Origin::Truth)
        )
    }
}

/// Whether an instruction compares, with a result that says how it came out.
fn is_comparison(operator: &Operator<'_>) -> bool {
    use Operator as Op;
    matches!(
        operator,
        Op::I32Eqz
            | Op::I64Eqz
            | Op::I32Eq
            | Op::I32Ne
            | Op::I32LtS
            | Op::I32LtU
            | Op::I32GtS
            | Op::I32GtU
            | Op::I32LeS
            | Op::I32LeU
            | Op::I32GeS
            | Op::I32GeU
            | Op::I64Eq
            | Op::I64Ne
            | Op::I64LtS
            | Op::I64LtU
            | Op::I64GtS
            | Op::I64GtU
            | Op::I64LeS
            | Op::I64LeU
            | Op::I64GeS
            | Op::I64GeU
            | Op::F32Eq
            | Op::F32Ne
            | Op::F32Lt
            | Op::F32Gt
            | Op::F32Le
            | Op::F32Ge
            | Op::F64Eq
            | Op::F64Ne
            | Op::F64Lt
            | Op::F64Gt
            | Op::F64Le
            | Op::F64Ge
            | Op::I8x16Eq
            | Op::I8x16Ne
            | Op::I16x8Eq
            | Op::I16x8Ne
            | Op::I32x4Eq
            | Op::I32x4Ne
            | Op::I64x2Eq
            | Op::I64x2Ne
    )
}

#[cfg(test)]
mod tests {
    use wasmparser::Operator as Op;

    use super::{Origin, Origins};

    fn after(operators: &[Op<'_>]) -> Origins {
        let mut origins = Origins::default();
        operators.iter().for_each(|operator| origins.pass(operator));
        origins
    }

    #[test]
    fn what_a_comparison_made_is_known_through_variables_and_its_bit() {
        let kept = [Op::I32Eqz, Op::LocalTee { local_index: 3 }];
        assert_eq!(after(&kept).operands().1, Origin::Truth);
        let read = [Op::I32Eqz, Op::LocalSet { local_index: 3 }, Op::LocalGet { local_index: 3 }];
        let masked = [read.as_slice(), &[Op::I32Const { value: 1 }, Op::I32And]].concat();
        assert_eq!(after(&masked).operands().1, Origin::Truth);
        let met = [Op::I32Eqz, Op::LocalSet { local_index: 3 }, Op::End, Op::LocalGet { local_index: 3 }];
        assert_eq!(after(&met).operands().1, Origin::Value);
    }

    #[test]
    fn two_comparisons_together_are_a_condition_of_their_own() {
        let get = Op::LocalGet { local_index: 0 };
        let both = [get.clone(), Op::I32Eqz, get, Op::I32Eqz, Op::I32And];
        assert_eq!(after(&both).operands().1, Origin::Other);
    }

    #[test]
    fn an_address_in_static_data_is_a_number_with_its_beginning_added() {
        let get = Op::LocalGet { local_index: 0 };
        let table = [get.clone(), Op::I32Const { value: 2048 }, Op::I32Add];
        assert!(after(&table).is_in_table(1024));
        assert!(!after(&table[..2]).is_in_table(1024));
        let field = [get, Op::I32Const { value: 8 }, Op::I32Add];
        assert!(!after(&field).is_in_table(1024));
    }
}
