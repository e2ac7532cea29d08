//! Lines of text become IRC, and IRC becomes lines of text.

use super::*;

/// A conversation as text: `<` is what the person says, `>` what the person reads, `s` what the core says, `c` what
/// the core is told.
fn plays(style: PlainStyle, script: &str) {
    let mut dialect = Dialect::new(style, "#lobby", 61014, 16);
    let mut out = Exchange::default();
    dialect.opened(&mut out);
    for step in script.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (who, words) = step.split_at(1);
        let words = words.trim_start();
        match who {
            "<" | "s" => {
                assert_eq!(out.to_person, "", "unread before: {step}");
                assert!(
                    out.to_core.is_empty(),
                    "unsaid before {step}: {:?}",
                    out.to_core
                );
                if who == "<" {
                    dialect.said(words.as_bytes(), &mut out);
                } else {
                    dialect.heard(words, &mut out);
                }
            }
            ">" => {
                let (line, rest) = match out.to_person.split_once('\n') {
                    Some((line, rest)) => (line.to_owned(), rest.to_owned()),
                    None => (std::mem::take(&mut out.to_person), String::new()),
                };
                assert_eq!(line, words);
                out.to_person = rest;
            }
            "c" => {
                assert!(!out.to_core.is_empty(), "the core is told nothing: {step}");
                assert_eq!(out.to_core.remove(0), words);
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(out.to_person, "");
    assert!(out.to_core.is_empty(), "{:?}", out.to_core);
}

const JOINED: &str = "
    c NICK USER61014
    c USER plain 0 * :USER61014
    s :parlor.local 001 USER61014 :Welcome
    c JOIN #lobby
    s :USER61014!p@h JOIN #lobby
    > Welcome to the chatroom!";

#[test]
fn style_join_names_you_and_never_repeats_you() {
    plays(
        PlainStyle::Join,
        &format!(
            "{JOINED}
            s :USER61015!p@h JOIN #lobby
            > USER61015 has joined the chat
            < Hi Guys!!!
            c PRIVMSG #lobby :Hi Guys!!!
            s :USER61015!p@h PRIVMSG #lobby :Hi!
            > USER61015: Hi!
            s :USER61015!p@h PART #lobby
            > USER61015 has left the chat
            s :bob!p@h QUIT :Ping timeout
            > bob has left the chat
            < LEAVE
            c QUIT :left
            s ERROR :Closing link"
        ),
    );
}

#[test]
fn style_nick_asks_for_a_name_and_repeats_everything() {
    plays(
        PlainStyle::Nick,
        "
        > NICK
        < Jacob
        c CAP REQ :echo-message
        c CAP END
        c NICK Jacob
        c USER plain 0 * :Jacob
        < Jacob: early
        s :parlor.local 001 Jacob :Welcome
        c JOIN #lobby
        s :Jacob!p@h JOIN #lobby
        > Jacob joined the chat!
        > Connected to the server!
        c PRIVMSG #lobby :early
        < Jacob: Hey guys
        c PRIVMSG #lobby :Hey guys
        s :Jacob!p@h PRIVMSG #lobby :Hey guys
        > Jacob: Hey guys
        s :ada!a@h JOIN #lobby
        > ada joined the chat!
        s :ada!a@h QUIT :bye
        > ada left the chat!
        < /Leave
        c QUIT :left",
    );
}

#[test]
fn a_taken_name_gets_a_number_and_is_told_so() {
    plays(
        PlainStyle::Nick,
        "
        > NICK
        < Jacob
        c CAP REQ :echo-message
        c CAP END
        c NICK Jacob
        c USER plain 0 * :Jacob
        s :parlor.local 433 * Jacob :Nickname is already in use
        > Jacob is taken: you are Jacob2 here.
        c NICK Jacob2
        s :parlor.local 433 * Jacob2 :Nickname is already in use
        > Jacob2 is taken: you are Jacob3 here.
        c NICK Jacob3
        s :parlor.local 001 Jacob3 :Welcome
        c JOIN #lobby
        s :Jacob3!p@h JOIN #lobby
        > Jacob3 joined the chat!
        > Connected to the server!
        < Jacob: the prefix is the name as it was given
        c PRIVMSG #lobby :the prefix is the name as it was given
        < Jacob3: or as it is
        c PRIVMSG #lobby :or as it is",
    );
}

#[test]
fn a_name_that_cannot_be_one_is_bent() {
    plays(
        PlainStyle::Nick,
        "
        > NICK
        < Zoë Smith
        > You are called Zo_Smith here.
        c CAP REQ :echo-message
        c CAP END
        c NICK Zo_Smith
        c USER plain 0 * :Zoë Smith",
    );
}

#[test]
fn whoever_is_not_let_in_is_told_why() {
    plays(
        PlainStyle::Join,
        "
        c NICK USER61014
        c USER plain 0 * :USER61014
        s :parlor.local 001 USER61014 :Welcome
        c JOIN #lobby
        s :parlor.local 474 USER61014 #lobby :Cannot join channel (+b)
        > You cannot enter: Cannot join channel (+b)
        c QUIT :cannot enter
        s ERROR :Closing link",
    );
}

#[test]
fn moderation_reaches_people_behind_a_plain_door() {
    plays(
        PlainStyle::Join,
        &format!(
            "{JOINED}
            < spam
            c PRIVMSG #lobby :spam
            s :parlor.local 404 USER61014 #lobby :You cannot speak here
            > You cannot speak here
            s :op!o@h KICK #lobby other :out
            > other has left the chat
            s :op!o@h NICK boss
            > op is now boss
            s :boss!o@h PRIVMSG USER61014 :last warning
            > (to you) boss: last warning
            s :boss!o@h PRIVMSG #lobby :\u{1}ACTION sighs\u{1}
            > boss sighs
            s :boss!o@h PRIVMSG #lobby :\u{1}VERSION\u{1}
            s PING :x
            c PONG :x
            s :boss!o@h KICK #lobby USER61014 :enough
            > boss has put you out of the room: enough
            c QUIT :put out"
        ),
    );
}

#[test]
fn text_is_utf_8_or_latin_1_and_never_obeyed_by_a_terminal() {
    assert_eq!(text_of("grüße".as_bytes()), "grüße");
    assert_eq!(text_of(b"gr\xfc\xdfe"), "grüße");
    assert_eq!(
        text_of(b"a\tb\x1b[31mc\x07\x00\x9bd"),
        "a b[31mc\u{9b}d".replace('\u{9b}', "")
    );
    assert_eq!(
        clean("\u{3}4,12red\u{3} \u{2}bold\u{f} \u{3}1234"),
        "red bold 34"
    );
    assert_eq!(clean("\u{202e}evil"), "evil");
    assert_eq!(clean("👩\u{200d}💻"), "👩\u{200d}💻");
}

#[test]
fn a_long_message_becomes_several_lines() {
    let mut dialect = Dialect::new(PlainStyle::Join, "#lobby", 1, 32);
    let mut out = Exchange::default();
    dialect.phase = Phase::Inside;
    dialect.said("é".repeat(400).as_bytes(), &mut out);
    assert_eq!(out.to_core.len(), 3);
    assert!(out.to_core.iter().all(|line| line.len() <= 400));
    let all: usize = out
        .to_core
        .iter()
        .map(|line| line.matches('é').count())
        .sum();
    assert_eq!(all, 400);
}
