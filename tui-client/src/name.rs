//! Names of people and rooms: which are the same, and which are rooms.
//! It must never be skipped: names are compared folded, and shown as they came.

/// The form in which names are compared.
///
/// ASCII only, as Parlor's servers fold. Who is in a room is told by the server in one spelling; only what people
/// type may be in another, and for that there is [`is_same_on`].
pub fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Whether two names are the same.
pub fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Whether two names are the same on a network, where `[]\\~` may be the capitals of `{}|^` (`CASEMAPPING=rfc1459`).
pub fn is_same_on(is_rfc1459: bool, one: &str, other: &str) -> bool {
    let small = |byte: u8| match byte {
        b'[' => b'{',
        b']' => b'}',
        b'\\' => b'|',
        b'~' => b'^',
        byte => byte.to_ascii_lowercase(),
    };
    is_same(one, other) || (is_rfc1459 && one.bytes().map(small).eq(other.bytes().map(small)))
}

/// Whether the name is a room's, by the first characters that the server allows for rooms.
pub fn is_room(name: &str, prefixes: &str) -> bool {
    name.chars()
        .next()
        .is_some_and(|first| prefixes.contains(first))
}

/// Whether the text names this nick as a word of its own.
pub fn is_mentioned(nick: &str, text: &str) -> bool {
    if nick.is_empty() {
        return false;
    }
    let (nick, text) = (folded(nick), folded(text));
    text.match_indices(&nick).any(|(at, found)| {
        let before = text.get(..at).and_then(|part| part.chars().next_back());
        let after = text
            .get(at + found.len()..)
            .and_then(|part| part.chars().next());
        !before.is_some_and(is_nick_char) && !after.is_some_and(is_nick_char)
    })
}

fn is_nick_char(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '-' | '[' | ']' | '\\' | '`' | '^' | '{' | '}')
}
