//! Places in a component that are watched.

/// Operands and results of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// 32-bit integers.
    I32,
    /// 64-bit integers.
    I64,
    /// Floats; those of 32 bits are widened. Operands are the bits of an `f64`.
    Float,
}

/// How two operands are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Equal; `eqz` compares with zero.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Greater.
    Gt,
    /// Less or equal.
    Le,
    /// Greater or equal.
    Ge,
}

/// One comparison instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comparison {
    /// Of its operands.
    pub width: Width,
    /// What it asks.
    pub relation: Relation,
    /// Whether integers have a sign. Equality does not mind.
    pub signed: bool,
}

/// What is watched at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SiteKind {
    /// A comparison: both operands.
    Compare(Comparison),
    /// Exclusive or: both operands. Compilers compare short texts so.
    Xor(Width),
    /// A comparison of vectors: one half of both operands, the lower one first.
    Vector,
    /// A jump table: the index, and the number of targets. It has so many different ones.
    Switch(u32),
    /// A call of a function by its address: its index in the table. The type of the function.
    Indirect(u32),
    /// An operand that decides nothing by itself, and what is special about it: a divisor and zero, two that are
    /// subtracted and each other.
    Operand(Width),
    /// The address of a load from a table.
    Address,
    /// A function is entered: its first parameters, two in each operand.
    Enter,
    /// What the parameter of that number points at: 16 bytes. The next site is a [`SiteKind::Half`].
    Text(u8),
    /// The call of a function from which an effect can be reached.
    Call,
    /// The 16 bytes after those of the site before it.
    Half,
}

/// A place that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// The core module, in the order of the component.
    pub module: u32,
    /// The function, by the number it has in the original module.
    pub function: u32,
    /// Where the instruction stands in the original file.
    pub offset: u64,
    /// What is watched.
    pub kind: SiteKind,
}

impl Comparison {
    /// What it answers.
    #[must_use]
    pub fn holds(self, a: u64, b: u64) -> bool {
        let order = match (self.width, self.signed) {
            (Width::Float, _) => f64::from_bits(a).partial_cmp(&f64::from_bits(b)),
            (Width::I32, true) => Some(low(a).cmp(&low(b))),
            (Width::I64, true) => Some(a.cast_signed().cmp(&b.cast_signed())),
            (_, false) => Some(a.cmp(&b)),
        };
        match self.relation {
            Relation::Eq => order == Some(std::cmp::Ordering::Equal),
            Relation::Ne => order != Some(std::cmp::Ordering::Equal),
            Relation::Lt => order.is_some_and(std::cmp::Ordering::is_lt),
            Relation::Gt => order.is_some_and(std::cmp::Ordering::is_gt),
            Relation::Le => order.is_some_and(std::cmp::Ordering::is_le),
            Relation::Ge => order.is_some_and(std::cmp::Ordering::is_ge),
        }
    }

    /// A left operand with which it answers the opposite; none if there is none, as for less than the least.
    #[must_use]
    pub fn flipped(self, a: u64, b: u64) -> Option<u64> {
        let one = match self.width {
            Width::Float => f64::from_bits(b) + 1.0,
            _ => 0.0,
        };
        let above = match self.width {
            Width::I32 => u64::from(u32::try_from(b).unwrap_or(u32::MAX).wrapping_add(1)),
            Width::I64 => b.wrapping_add(1),
            Width::Float => one.to_bits(),
        };
        let below = match self.width {
            Width::I32 => u64::from(u32::try_from(b).unwrap_or(u32::MAX).wrapping_sub(1)),
            Width::I64 => b.wrapping_sub(1),
            Width::Float => (f64::from_bits(b) - 1.0).to_bits(),
        };
        let now = self.holds(a, b);
        [b, above, below].into_iter().find(|other| self.holds(*other, b) != now)
    }
}

/// The signed value of 32 bits.
fn low(value: u64) -> i32 {
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or(0).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Relation, Width};

    #[test]
    fn a_flipped_comparison_answers_the_opposite_or_cannot() {
        let relations = [Relation::Eq, Relation::Ne, Relation::Lt, Relation::Gt, Relation::Le, Relation::Ge];
        for width in [Width::I32, Width::I64, Width::Float] {
            for (relation, signed) in
                relations.iter().flat_map(|relation| [(*relation, true), (*relation, false)])
            {
                let comparison = Comparison { width, relation, signed };
                for (a, b) in [(7, 7), (3, 9), (9, 3)] {
                    let bits = |value: u32| match width {
                        Width::Float => f64::from(value).to_bits(),
                        _ => u64::from(value),
                    };
                    let (a, b) = (bits(a), bits(b));
                    let flipped = comparison.flipped(a, b).unwrap();
                    assert_ne!(
                        comparison.holds(a, b),
                        comparison.holds(flipped, b),
                        "{comparison:?} {a} {b}"
                    );
                }
            }
        }
        let below_zero = Comparison { width: Width::I32, relation: Relation::Lt, signed: false };
        assert_eq!(below_zero.flipped(5, 0), None, "nothing is less than the least");
    }

    #[test]
    fn integers_are_compared_with_their_sign_where_the_instruction_says_so() {
        let less = |signed| Comparison { width: Width::I32, relation: Relation::Lt, signed };
        assert!(less(true).holds(u64::from(u32::MAX), 0), "-1 < 0");
        assert!(!less(false).holds(u64::from(u32::MAX), 0));
    }
}
