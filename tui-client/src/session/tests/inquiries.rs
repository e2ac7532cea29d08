//! Transcripts of answers about the server and about who has left it, as solanum, InspIRCd and Ergo give them.

use super::*;
use crate::session::event::Subject;

#[track_caller]
fn check(lines: &[&str], told: &[&str]) {
    let mut peer = Peer::settled("");
    peer.hear(lines);
    let rows: Vec<String> = peer
        .events()
        .into_iter()
        .filter(|event| !matches!(event, Event::Facts(_) | Event::RealnameChanged { .. }))
        .map(|event| match event {
            Event::Listed {
                subject: Subject::Asked,
                window: None,
                text,
            } => text,
            Event::ServerNotice {
                severity: Severity::Error,
                text,
                ..
            } => format!("no: {text}"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(rows, told);
}

#[test]
fn what_is_asked_about_a_server_is_told_in_sentences() {
    check(
        &[
            ":srv 351 ada solanum-1.0-dev(20260101,abc). srv :eIMQZ6 TS6ow",
            ":srv 005 ada CHANTYPES=# :are supported by this server",
        ],
        &["srv runs solanum-1.0-dev(20260101,abc). (eIMQZ6 TS6ow)"],
    );
    check(
        &[":srv 391 ada srv :Saturday November 21 2026 -- 18:00 +00:00"],
        &["Saturday November 21 2026 -- 18:00 +00:00 at srv"],
    );
    check(
        &[
            ":srv 375 ada :- srv Message of the Day - ",
            ":srv 372 ada :- Be kind.",
            ":srv 372 ada :-",
            ":srv 376 ada :End of /MOTD command.",
        ],
        &["- srv Message of the Day - ", "Be kind.", ""],
    );
    check(
        &[
            ":srv 364 ada srv srv :0 the first",
            ":srv 364 ada leaf srv :1 a leaf",
            ":srv 365 ada * :End of /LINKS list.",
        ],
        &["srv (the first)", "leaf (a leaf), by way of srv, 1 away"],
    );
    check(
        &[
            ":srv 251 ada :There are 2 users and 1 invisible on 1 servers",
            ":srv 252 ada 3 :IRC Operators online",
            ":srv 265 ada 3 9 :Current local users 3, max 9",
        ],
        &[
            "There are 2 users and 1 invisible on 1 servers",
            "3 IRC Operators online",
            "Current local users 3, max 9",
        ],
    );
    check(
        &[
            ":srv 242 ada :Server Up 3 days, 1:02:03",
            ":srv 219 ada u :End of /STATS report",
        ],
        &["Server Up 3 days, 1:02:03", "That is all of STATS u."],
    );
}

#[test]
fn who_has_left_was_somewhere() {
    check(
        &[
            ":srv 314 ada bo ~bo host.example * :Bo Peep",
            ":srv 312 ada bo srv :Sat Nov 21 17:00:00 2026",
            ":srv 369 ada bo :End of WHOWAS",
        ],
        &[
            "bo was ~bo@host.example (Bo Peep)",
            "bo was on srv, until Sat Nov 21 17:00:00 2026",
        ],
    );
    check(
        &[
            ":srv 406 ada bo :There was no such nickname",
            ":srv 369 ada bo :End of WHOWAS",
        ],
        &["no: bo: There was no such nickname"],
    );
}

#[test]
fn what_we_asked_for_is_answered_where_the_server_says_little() {
    check(
        &[
            ":srv 422 ada :MOTD File is missing",
            ":ada!u@h SETNAME :Ada Lovelace",
            ":bo!u@h SETNAME :Bo",
        ],
        &[
            "The server has no message of the day.",
            "Your real name is Ada Lovelace now.",
        ],
    );
}

#[test]
fn what_goes_on_behind_a_name_is_one_sentence() {
    check(
        &[
            ":srv 443 ada bo #lobbies :is already on channel",
            ":srv 421 ada FOO :Unknown command",
            ":srv 461 ada KICK :Not enough parameters",
            ":srv 712 ada #closed :Too many KNOCKs (user).",
        ],
        &[
            "no: bo is in #lobbies already.",
            "no: The server does not know FOO.",
            "no: KICK: Not enough parameters",
            "no: #closed: Too many KNOCKs (user).",
        ],
    );
}

#[test]
fn a_wrong_password_of_an_operator_ends_no_link() {
    let mut peer = Peer::settled("");
    peer.hear(&[":srv 464 ada :Password Incorrect"]);
    assert_eq!(peer.session.take_close(), None);
    let pause = peer.session.lost("gone", 0, peer.now);
    assert!(pause.is_some(), "and it is made again");
}
