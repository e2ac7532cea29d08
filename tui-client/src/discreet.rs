//! What is told to services and servers and must not be read by anybody else: the passwords in it.
//! It must never be asked what to send: only what is shown and kept.

/// What stands for a password.
const HIDDEN: &str = "•••";

/// Who takes passwords by message.
const KEEPERS: [&str; 4] = ["nickserv", "authserv", "userserv", "ns"];
/// Who does so, too, where an address is written behind the name; without it this may be somebody's nick.
const ADDRESSED: [&str; 2] = ["q", "x"];
/// What looks like a password even then: the verb, and how many words stand behind it.
const LOGINS: [(&str, usize); 3] = [("auth", 2), ("login", 2), ("newpass", 3)];

/// Verbs behind which somebody is named; the password, if there is one, stands behind that.
const NAMES_FIRST: [&str; 6] = [
    "drop",
    "ghost",
    "recover",
    "regain",
    "release",
    "unregister",
];
/// Verbs behind which an account may be named before the password: where only one word follows, it is the password.
const MAY_NAME: [&str; 7] = [
    "auth", "group", "id", "identify", "login", "setpass", "verify",
];
/// Verbs behind which no password comes. Of any other, known or misspelt, nothing is shown but itself.
const HARMLESS: [&str; 22] = [
    "acc",
    "access",
    "ajoin",
    "alist",
    "cert",
    "chanlev",
    "glist",
    "help",
    "info",
    "invite",
    "list",
    "listchans",
    "logout",
    "op",
    "status",
    "ungroup",
    "update",
    "userinfo",
    "version",
    "voice",
    "whoami",
    "whois",
];
/// What can be SET and is no password.
const SETTINGS: [&str; 18] = [
    "autoop",
    "display",
    "email",
    "emailmemos",
    "enforce",
    "greet",
    "hide",
    "hidemail",
    "kill",
    "language",
    "message",
    "neverop",
    "nomemo",
    "noop",
    "private",
    "property",
    "quietchg",
    "secure",
];

/// Verbs of IRC whose lines carry a secret.
const SECRET_VERBS: [&str; 9] = [
    "AUTHENTICATE",
    "DEVICE",
    "NICKSERV",
    "NS",
    "OPER",
    "PASS",
    "PASSWD",
    "REGISTER",
    "VERIFY",
];

/// The same text without its password, if it may be one that is told to services.
pub fn masked(target: &str, text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (verb, rest) = words.split_first()?;
    let lower = verb.to_ascii_lowercase();
    let is_one = |list: &[&str]| list.contains(&lower.as_str());
    if !is_keeper(target, &lower, rest.len()) || is_one(&HARMLESS) {
        return None;
    }
    let shown = if is_one(&NAMES_FIRST) {
        1
    } else if is_one(&MAY_NAME) {
        rest.len().saturating_sub(1).min(1)
    } else if lower == "set" {
        match rest.first().map(|what| what.to_ascii_lowercase()) {
            Some(what) if SETTINGS.contains(&what.as_str()) => return None,
            Some(what) => usize::from(["password", "passwd", "pass"].contains(&what.as_str())),
            None => 0,
        }
    } else {
        0
    };
    if rest.len() <= shown {
        return None;
    }
    let mut told: Vec<&str> = vec![verb];
    told.extend(rest.iter().take(shown));
    told.push(HIDDEN);
    Some(told.join(" "))
}

/// Whether somebody of that name takes passwords by a message of this verb, with so many words behind it.
fn is_keeper(target: &str, verb: &str, words: usize) -> bool {
    let (name, is_addressed) = match target.split_once('@') {
        Some((name, _)) => (name.to_ascii_lowercase(), true),
        None => (target.to_ascii_lowercase(), false),
    };
    let may_be = ADDRESSED.contains(&name.as_str());
    KEEPERS.contains(&name.as_str()) || may_be && (is_addressed || LOGINS.contains(&(verb, words)))
}

/// Whether a line of IRC holds a secret: one of the server's, or one that is told to services.
pub fn is_secret_line(line: &str) -> bool {
    let (verb, rest) = split(line);
    let mut secret = SECRET_VERBS.iter();
    if secret.any(|one| one.eq_ignore_ascii_case(verb)) {
        return true;
    }
    let mut said = ["PRIVMSG", "NOTICE", "SQUERY"].iter();
    let (target, text) = split(rest);
    let text = text.trim_start_matches([' ', ':']);
    said.any(|one| one.eq_ignore_ascii_case(verb)) && masked(target, text).is_some()
}

/// The first word, and what stands behind it.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(' ').unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shown(target: &str, text: &str, expected: &str) {
        let masked_once = masked(target, text);
        assert_eq!(masked_once.as_deref().unwrap_or(text), expected);
        // What was kept so is known as one without its password.
        assert_eq!(masked(target, expected), masked_once);
    }

    #[test]
    fn passwords_are_hidden_and_nothing_else_is() {
        shown("NickServ", "IDENTIFY secret", "IDENTIFY •••");
        shown("NickServ", "identify ada secret", "identify ada •••");
        shown("NickServ", "REGISTER secret a@b.example", "REGISTER •••");
        shown("nickserv", "SET PASSWORD secret", "SET PASSWORD •••");
        shown("NickServ", "set password", "set password");
        shown("NickServ", "set email a@b.example", "set email a@b.example");
        shown("NickServ", "GHOST ada secret", "GHOST ada •••");
        shown("NickServ", "REGAIN ada", "REGAIN ada");
        shown("NickServ", "GROUP ada secret", "GROUP ada •••");
        shown("AuthServ", "PASS old new", "PASS •••");
        shown("Q@CServe.quakenet.org", "AUTH ada secret", "AUTH ada •••");
        shown(
            "Q@CServe.quakenet.org",
            "NEWPASS old new new",
            "NEWPASS •••",
        );
        shown("NickServ", "help identify", "help identify");
        shown("NickServ", "identify", "identify");
        shown("ChanServ", "REGISTER #den", "REGISTER #den");
        shown("bob", "identify yourself", "identify yourself");
    }

    #[test]
    fn what_is_misspelt_is_hidden() {
        shown("NickServ", "identfy secret", "identfy •••");
        shown("NickServ", "identfy ada secret", "identfy •••");
        shown("NickServ", "set pasword secret", "set •••");
    }

    #[test]
    fn somebody_who_is_called_as_services_are_elsewhere_is_spoken_with() {
        shown("x", "drop it now", "drop it now");
        shown("q", "login with your key", "login with your key");
        shown("Q", "AUTH ada secret", "AUTH ada •••");
    }

    #[test]
    fn lines_with_secrets_are_known() {
        assert!(is_secret_line(
            "PRIVMSG Q@CServe.quakenet.org :AUTH ada secret"
        ));
        assert!(is_secret_line("oper ada secret"));
        assert!(!is_secret_line("MODE ada +x"));
        assert!(!is_secret_line("PRIVMSG bob :identify yourself"));
    }
}
