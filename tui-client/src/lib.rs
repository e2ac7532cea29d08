//! The full-screen client as a library: a value (`model`), what happens to it (`msg`, `update`),
//! what it wants done (`effect`), how it looks (`view`), and the session that speaks IRC below it.
//! Nothing here may decide anything in a file that waits, nor wait in a file that decides.

pub mod action;
pub mod keymap;
pub mod session;
pub mod text;
pub mod theme;
