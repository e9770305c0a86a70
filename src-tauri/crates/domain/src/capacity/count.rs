//! Counting with unknowns: unknown is a value, never 0.

use serde::{Deserialize, Serialize};

/// A number that a source delivered, or the fact that it did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<u32>", into = "Option<u32>")]
pub enum Count {
    /// Delivered.
    Known(u32),
    /// Not delivered, or not understood; shown as `?` and written as `null`.
    #[default]
    Unknown,
}

impl Count {
    /// The number, if it is known.
    pub fn known(self) -> Option<u32> {
        match self {
            Count::Known(n) => Some(n),
            Count::Unknown => None,
        }
    }

    /// `max(0, self − other)`; unknown as soon as one of both is (domain.md 2.4: never a negative offer).
    pub fn saturating_sub(self, other: Count) -> Count {
        match (self, other) {
            (Count::Known(a), Count::Known(b)) => Count::Known(a.saturating_sub(b)),
            _ => Count::Unknown,
        }
    }
}

impl From<Option<u32>> for Count {
    fn from(n: Option<u32>) -> Self {
        n.map_or(Count::Unknown, Count::Known)
    }
}

impl From<Count> for Option<u32> {
    fn from(c: Count) -> Self {
        c.known()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_number_is_written_as_null_and_never_as_zero() {
        assert_eq!(serde_json::to_string(&Count::Unknown).unwrap(), "null");
        assert_eq!(serde_json::from_str::<Count>("null").unwrap(), Count::Unknown);
        assert_eq!(serde_json::to_string(&Count::Known(0)).unwrap(), "0");
    }

    #[test]
    fn what_is_offered_is_never_negative_and_unknown_when_either_side_is() {
        assert_eq!(Count::Known(1).saturating_sub(Count::Known(3)), Count::Known(0));
        assert_eq!(Count::Known(4).saturating_sub(Count::Known(1)), Count::Known(3));
        assert_eq!(Count::Unknown.saturating_sub(Count::Known(1)), Count::Unknown);
    }
}
