//! Names for things inside the program: networks, windows and lines.
//! They must never be used twice, nor reach the wire.

/// Names a network. It is not kept between two runs; `Target::key` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetworkId(pub u16);

impl NetworkId {
    /// The network at the top of the config: the only one that can be hosted here.
    pub const FIRST: Self = Self(0);
}

/// Names a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowId(pub u32);

/// Names an entry of a scrollback, also in the wrap cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(pub u64);
