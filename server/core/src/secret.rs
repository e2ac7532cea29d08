//! Whether two secrets are the same, without telling by its duration how much of one was right. It never keeps any.

use subtle::ConstantTimeEq;

/// Compares in a time that depends on the lengths alone.
pub fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
