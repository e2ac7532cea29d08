//! The full-screen client as a library: a value (`model`), what happens to it (`msg`, `update`),
//! what it wants done (`effect`), how it looks (`view`), and the session that speaks IRC below it.
//! Nothing here may decide anything in a file that waits, nor wait in a file that decides.

pub mod action;
pub mod address;
pub mod admissions;
pub mod app;
pub mod attention;
pub mod background;
pub mod boxed;
pub mod choices;
pub mod cli;
pub mod clock;
pub mod config;
pub mod deeds;
pub mod dial;
pub mod editor;
pub mod effect;
pub mod emoji;
pub mod entry;
pub mod first_start;
pub mod folder;
pub mod friend;
pub mod gestures;
pub mod greeter;
pub mod host;
pub mod hues;
pub mod identity;
pub mod ids;
pub mod keymap;
pub mod keyring;
pub mod level;
pub mod linear;
pub mod login;
pub mod manual;
pub mod model;
pub mod msg;
pub mod name;
pub mod net;
pub mod offer;
pub mod opener;
pub mod outside_editor;
pub mod packaging;
pub mod painter;
pub mod password_command;
pub mod pen;
pub mod perform;
pub mod pins;
pub mod plan;
pub mod policies;
pub mod preferences;
pub mod reading;
pub mod report;
pub mod rows;
pub mod sanitise;
pub mod session;
pub mod sidebar;
pub mod signals;
pub mod slash;
pub mod store;
pub mod surface;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod tls;
pub mod trust;
pub mod unsent;
pub mod update;
pub mod view;
pub mod watch;
pub mod width;
pub mod window;
pub mod wires;

#[cfg(test)]
mod screens;
#[cfg(test)]
mod stage;
