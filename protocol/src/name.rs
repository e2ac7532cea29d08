//! What may be a nick, a room's name, an account's name. It never knows which are taken.

/// Why a name cannot be one. The texts are for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was given.
    Empty,
    /// It has more bytes than allowed.
    TooLong,
    /// Its first character means something else there.
    BadStart,
    /// It has a character that names may not have.
    BadCharacter,
}

impl NameError {
    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Empty => "it is empty",
            Self::TooLong => "it is too long",
            Self::BadStart => "its first character is not allowed there",
            Self::BadCharacter => "it has a character that is not allowed",
        }
    }
}

/// Checks a nick: ASCII letters, digits and ``-_[]\`^{}|``, not starting with a digit or `-` (RFC 1459, 2.3.1).
///
/// ASCII only, because nicks are compared under the `ascii` mapping and a person must be able to tell two apart.
pub fn check_nick(nick: &str, bytes_max: usize) -> Result<(), NameError> {
    let special = |b: u8| b"_[]\\`^{}|".contains(&b);
    let first = nick.bytes().next().ok_or(NameError::Empty)?;
    if nick.len() > bytes_max {
        return Err(NameError::TooLong);
    }
    if !nick
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || special(b))
    {
        return Err(NameError::BadCharacter);
    }
    if first.is_ascii_alphabetic() || special(first) {
        Ok(())
    } else {
        Err(NameError::BadStart)
    }
}

/// Whether some server might allow this nick: one whose letters are of any alphabet, but none that a message, a list or
/// a mask could not carry. Which of them it does, a server says itself.
pub fn may_be_nick(nick: &str, bytes_max: usize) -> bool {
    let is_wrong = |c: char| c.is_control() || c.is_whitespace() || " ,*?!@:.#&$%~+".contains(c);
    let is_wrong_first = |c: char| c.is_ascii_digit() || c == '-';
    !nick.is_empty()
        && nick.len() <= bytes_max
        && !nick.contains(is_wrong)
        && !nick.starts_with(is_wrong_first)
}

/// Checks a room's name: `#`, then anything but spaces, commas, control characters, `*` and `?`.
///
/// The two wildcards are left out because `LIST` and the lists of bans read them as patterns.
pub fn check_channel(name: &str, bytes_max: usize) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    let rest = name.strip_prefix('#').ok_or(NameError::BadStart)?;
    if name.len() > bytes_max {
        return Err(NameError::TooLong);
    }
    if rest.is_empty() {
        return Err(NameError::Empty);
    }
    let bad = |c: char| matches!(c, ' ' | ',' | '*' | '?' | '\u{7f}') || is_unseen(c);
    if rest.chars().any(bad) {
        Err(NameError::BadCharacter)
    } else {
        Ok(())
    }
}

/// Whether a word can be the name or the address of a machine. One colon alone is in no address: a port follows it.
pub fn is_host(word: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '_' | '%');
    let has_port = word.matches(':').count() == 1;
    !word.is_empty() && word.len() <= 255 && word.chars().all(is_plain) && !has_port
}

/// Whether a word can be a room on some server, ours or another.
pub fn is_room(word: &str) -> bool {
    let bad = |c: char| matches!(c, ' ' | ',') || c.is_control();
    word.starts_with(['#', '&', '+', '!']) && word.len() > 1 && !word.contains(bad)
}

/// Whether a word names a room and not a person.
pub fn is_channel(name: &str) -> bool {
    name.starts_with('#')
}

/// Control characters, and those that are invisible or turn the direction of text, by which one name could pose as
/// another.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{a0}' | '\u{3000}' | '\u{e0000}'..='\u{e007f}')
}

/// The nearest valid nick to what somebody typed: other characters dropped, clipped, never empty.
pub fn nick_from(text: &str, bytes_max: usize) -> String {
    let mut nick = String::new();
    for c in text.chars() {
        let c = if c == ' ' || c == '.' { '_' } else { c };
        let grown = format!("{nick}{c}");
        if check_nick(&grown, bytes_max).is_ok() {
            nick = grown;
        }
    }
    if nick.is_empty() {
        "guest".to_owned()
    } else {
        nick
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nicks() {
        for good in ["ada", "[x]", "a-1", "_", "U\\`^{}|"] {
            assert_eq!(check_nick(good, 32), Ok(()), "{good}");
        }
        assert_eq!(check_nick("", 32), Err(NameError::Empty));
        assert_eq!(check_nick("1a", 32), Err(NameError::BadStart));
        assert_eq!(check_nick("-a", 32), Err(NameError::BadStart));
        assert_eq!(check_nick("a b", 32), Err(NameError::BadCharacter));
        assert_eq!(check_nick("é", 32), Err(NameError::BadCharacter));
        assert_eq!(check_nick("abc", 2), Err(NameError::TooLong));
        assert_eq!(nick_from("Zoë Smith", 32), "Zo_Smith");
        assert_eq!(nick_from("42", 32), "guest");
    }

    #[test]
    fn a_nick_of_any_alphabet_may_be_one_somewhere() {
        for good in ["ada", "[x]", "pía", "世界"] {
            assert!(may_be_nick(good, 32), "{good}");
        }
        for bad in [
            "", "1a", "-a", "a b", "a\u{a0}b", "#a", "a,b", "a!b", "a\u{7}", "@a",
        ] {
            assert!(!may_be_nick(bad, 32), "{bad}");
        }
        assert!(!may_be_nick("pía", 3));
    }

    #[test]
    fn rooms() {
        for good in ["#a", "##", "#世界", "#a.b"] {
            assert_eq!(check_channel(good, 64), Ok(()), "{good}");
        }
        assert_eq!(check_channel("#", 64), Err(NameError::Empty));
        assert_eq!(check_channel("a", 64), Err(NameError::BadStart));
        assert_eq!(check_channel("#a,b", 64), Err(NameError::BadCharacter));
        assert_eq!(
            check_channel("#a\u{200b}", 64),
            Err(NameError::BadCharacter)
        );
    }
}
