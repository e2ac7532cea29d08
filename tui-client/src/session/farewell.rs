//! What a server's last words (ERROR) mean for coming back.
//! It must never keep us away because of words that a person chose.

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Farewell {
    /// We are not wanted, and nothing is tried until the user does.
    Banned,
    /// We were too fast, and wait longer.
    TooFast,
    /// It was only the end of the link.
    Plain,
}

/// As servers say it, in small letters.
const BANNED: [&str; 9] = [
    "k-line",
    "g-line",
    "z-line",
    "d-line",
    "k:line",
    "g:line",
    "akill",
    "autokill",
    "you are banned",
];
const TOO_FAST: [&str; 6] = [
    "too fast",
    "throttle",
    "too many connections",
    "too many host connections",
    "excess flood",
    "no more connections",
];

/// Reads them.
pub(crate) fn read(words: &str) -> Farewell {
    let words = words.to_lowercase();
    let says = |known: &[&str]| known.iter().any(|known| words.contains(known));
    // What somebody gives as a reason stands behind these.
    let is_chosen = words.contains("(quit:") || words.contains("killed (");
    match () {
        () if is_chosen => Farewell::Plain,
        () if says(&BANNED) => Farewell::Banned,
        () if says(&TOO_FAST) => Farewell::TooFast,
        () => Farewell::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_say_it_in_many_ways() {
        for (words, meaning) in [
            ("Closing Link: 192.0.2.1 (K-Lined)", Farewell::Banned),
            (
                "Closing link: (ada@192.0.2.1) [G-Lined: open proxy]",
                Farewell::Banned,
            ),
            ("You are banned from this server (spam)", Farewell::Banned),
            ("Trying to reconnect too fast.", Farewell::TooFast),
            ("Closing Link: h (Excess Flood)", Farewell::TooFast),
            ("Closing Link: h (Quit: my last k-line)", Farewell::Plain),
            (
                "Closing Link: h (Ping timeout: 240 seconds)",
                Farewell::Plain,
            ),
        ] {
            assert_eq!(read(words), meaning, "{words}");
        }
    }
}
