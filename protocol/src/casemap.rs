//! When two names are the same name. The mapping is `ascii`: only A to Z have another case.

use std::borrow::Borrow;
use std::fmt;

/// A name in the form in which names are compared. What people see is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Folded(Box<str>);

impl Folded {
    /// Folds a name.
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_lowercase().into_boxed_str())
    }

    /// Looks something up by a name, which is copied only where it has to be folded.
    pub fn look_up<T>(name: &str, find: impl FnOnce(&str) -> T) -> T {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            find(&name.to_ascii_lowercase())
        } else {
            find(name)
        }
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Folded {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether two names are the same name.
pub fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}
