//! Who we are where nothing was chosen: the login name as a nick, and a word that tells this run from every other.
//! It must never send more about the user than the login name, which IRC asks for.

use std::time::{SystemTime, UNIX_EPOCH};

use protocol::name::{check_nick, nick_from};

use crate::login::Login;
use crate::session::Settings;

/// The longest nick that is made from a login name.
const NICK_BYTES_MAX: usize = 32;
/// The longest user name that every server takes.
const USER_BYTES_MAX: usize = 10;

/// The login name, as the environment tells it.
pub fn login() -> Option<String> {
    let names = ["USER", "LOGNAME", "USERNAME"];
    let found = names.iter().find_map(|name| std::env::var(name).ok());
    found.filter(|name| !name.is_empty())
}

/// The nick for a login name; `user` and four digits if there is none that could be one.
pub fn nickname(login: Option<&str>) -> String {
    let has_letter = |name: &&str| name.chars().any(|c| c.is_ascii_alphabetic());
    match login.filter(has_letter) {
        Some(login) => nick_from(login, NICK_BYTES_MAX),
        None => format!("user{:04}", number() % 10_000),
    }
}

/// What the session needs to introduce us. It enters no rooms by itself: the screen says when.
pub fn settings(nickname: &str, login: &Login) -> Settings {
    let user = nickname.to_ascii_lowercase();
    let user: String = user.chars().filter(char::is_ascii_alphanumeric).collect();
    let user = protocol::write::clip(&user, USER_BYTES_MAX);
    let is_fine = check_nick(user, USER_BYTES_MAX).is_ok();
    Settings {
        nickname: nickname.to_owned(),
        username: if is_fine { user } else { "user" }.to_owned(),
        realname: nickname.to_owned(),
        login: login.clone(),
        netid: None,
        rooms: Vec::new(),
        nonce: format!("{:x}", number()),
        version: concat!("parlor ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

/// A number that no other run has had: the time in nanoseconds and our process.
fn number() -> u128 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    since.as_nanos() ^ (u128::from(std::process::id()) << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_name_becomes_a_nick() {
        assert_eq!(nickname(Some("ada")), "ada");
        assert_eq!(nickname(Some("ada.lovelace")), "ada_lovelace");
        assert!(nickname(None).starts_with("user"));
        assert!(nickname(Some("世界")).starts_with("user"));
        assert_eq!(nickname(None).len(), 8);
    }

    #[test]
    fn a_user_name_is_plain() {
        assert_eq!(
            settings("[Ada]_Lovelace", &Login::default()).username,
            "adalovelac"
        );
        assert_eq!(settings("___", &Login::default()).username, "user");
    }
}
