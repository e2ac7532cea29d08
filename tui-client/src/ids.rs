//! Names for things inside the program: windows and lines.
//! They must never be used twice, nor reach the wire.

/// Names a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowId(pub u32);

/// Names an entry of a scrollback, also in the wrap cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(pub u64);
