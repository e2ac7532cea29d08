//! Foreign text made fit for cells: cleaned, measured, styled and broken into rows.
//! It must never trust that text is short, printable or well formed.

pub mod fold;
pub mod format;
pub mod link;
pub mod portion;
pub mod sanitise;
pub mod width;
pub mod wrap;
