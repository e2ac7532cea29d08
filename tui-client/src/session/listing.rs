//! The rooms of a network, as the answer to LIST tells them.
//! It must never hold anything that can act.

/// What is told of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// The server was asked.
    Asked {
        /// Only for rooms of so many members and more; 0: for all.
        least: u32,
    },
    /// A room.
    Room {
        /// Its name.
        room: String,
        /// How many are in it.
        members: u32,
        /// What it is about.
        topic: String,
    },
    /// These are all; why not, if something went wrong.
    Ended(Option<String>),
}
