//! Foreign text made fit for cells: styled, broken into rows, cut into portions.
//! It must never trust that text is short, printable or well formed.

pub mod fold;
pub mod format;
pub mod portion;
pub mod wrap;
