//! Whom a ban or a quiet is meant for: a nick becomes a mask.
//! It must never widen what somebody wrote as a mask.

/// The mask of whoever has this nick; a mask stays as it is.
pub fn of(whom: &str) -> String {
    if whom.contains(['!', '@', '*', ':', '$']) {
        whom.to_owned()
    } else {
        format!("{whom}!*@*")
    }
}
