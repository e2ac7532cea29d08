//! What is told to services and must not be read by anybody else: the passwords in it.
//! It must never be asked what to send: only what is shown and kept.

/// What stands for a password.
const HIDDEN: &str = "•••";

/// Who takes passwords by message.
const KEEPERS: [&str; 6] = ["nickserv", "authserv", "userserv", "q", "x", "ns"];

/// Words after which a password comes, and how many others stand before it at most.
const VERBS: [(&str, usize); 16] = [
    ("auth", 1),
    ("confirm", 0),
    ("drop", 1),
    ("ghost", 1),
    ("id", 1),
    ("identify", 1),
    ("login", 1),
    ("passwd", 0),
    ("recover", 1),
    ("regain", 1),
    ("register", 0),
    ("release", 1),
    ("resetpass", 0),
    ("setpass", 1),
    ("unregister", 1),
    ("verify", 1),
];

/// The same text without its password, if it is one that is told to services. Where only one word follows it is the
/// password; but who is to be put out or given back is named first.
pub fn masked(target: &str, text: &str) -> Option<String> {
    let name = target.split('@').next().unwrap_or_default();
    if !KEEPERS.contains(&name.to_ascii_lowercase().as_str()) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (verb, rest) = words.split_first()?;
    let lower = verb.to_ascii_lowercase();
    let is_set = lower == "set" && rest.first().is_some_and(|word| is_password(word));
    let before = match VERBS.iter().find(|(known, _)| *known == lower) {
        Some((_, before)) => *before,
        None if is_set => 1,
        None => return None,
    };
    let names_first = is_set
        || [
            "drop",
            "ghost",
            "recover",
            "regain",
            "release",
            "unregister",
        ]
        .contains(&lower.as_str());
    let shown = if names_first {
        before
    } else {
        before.min(rest.len().saturating_sub(1))
    };
    if rest.len() <= shown {
        return None;
    }
    let mut told: Vec<&str> = vec![verb];
    told.extend(rest.iter().take(shown));
    told.push(HIDDEN);
    Some(told.join(" "))
}

fn is_password(word: &str) -> bool {
    ["password", "passwd", "pass"].contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shown(target: &str, text: &str, expected: &str) {
        assert_eq!(masked(target, text).as_deref().unwrap_or(text), expected);
    }

    #[test]
    fn passwords_are_hidden_and_nothing_else_is() {
        shown("NickServ", "IDENTIFY secret", "IDENTIFY •••");
        shown("NickServ", "identify ada secret", "identify ada •••");
        shown("NickServ", "REGISTER secret a@b.example", "REGISTER •••");
        shown("nickserv", "SET PASSWORD secret", "SET PASSWORD •••");
        shown("NickServ", "set password", "set password");
        shown("NickServ", "GHOST ada secret", "GHOST ada •••");
        shown("NickServ", "REGAIN ada", "REGAIN ada");
        shown("Q@CServe.quakenet.org", "AUTH ada secret", "AUTH ada •••");
        shown("NickServ", "help identify", "help identify");
        shown("NickServ", "identify", "identify");
        shown("ChanServ", "REGISTER #den", "REGISTER #den");
        shown("bob", "identify yourself", "identify yourself");
    }
}
