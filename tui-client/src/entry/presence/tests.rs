//! Sentences as people read them.
//! It must never need a clock or a room.

use super::*;

#[track_caller]
fn check(moves: &[(&str, Move)], expected: &str) {
    let mut all = Vec::new();
    for (nick, what) in moves {
        fold(
            &mut all,
            Coming {
                nick: (*nick).to_owned(),
                what: what.clone(),
            },
        );
    }
    assert_eq!(sentence(&all), expected);
}

fn left(reason: &str) -> Move {
    Move::Left(reason.to_owned())
}

#[test]
fn those_who_do_the_same_are_told_together() {
    check(
        &[
            ("linus", Move::Came),
            ("ken", Move::Came),
            ("dennis", left("bye all")),
        ],
        "linus and ken came in, dennis left (bye all)",
    );
    check(
        &[("ada", Move::Came), ("ken", Move::Came), ("bo", Move::Came)],
        "ada, ken and bo came in",
    );
}

#[test]
fn who_comes_and_goes_is_told_once() {
    check(
        &[("ken", Move::Came), ("ken", left(""))],
        "ken came and went",
    );
    check(&[("ken", left("")), ("ken", Move::Came)], "ken is back");
    check(
        &[("ken", Move::Came), ("ken", left("")), ("ken", Move::Came)],
        "ken came in",
    );
    check(
        &[("ken", left("")), ("ken", Move::Came), ("ken", left("x"))],
        "ken left (x)",
    );
}

#[test]
fn what_programs_say_by_themselves_is_no_reason() {
    check(
        &[
            ("ken", left("Quit: left")),
            ("ada", left("Quit")),
            ("bo", left("")),
            ("linus", left("leaving")),
            ("grace", left("Quit: bye all")),
        ],
        "ken, ada, bo and linus left, grace left (bye all)",
    );
}

#[test]
fn who_renames_is_followed() {
    check(
        &[("ken", Move::Renamed("kt".into())), ("kt", left(""))],
        "ken is now kt, kt left",
    );
}

#[test]
fn a_crowd_is_counted() {
    let names: Vec<String> = (0..20).map(|number| format!("n{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(listed(&names), "n0, n1, n2, n3, n4, n5, n6 and 13 more");
}

fn split(one: &str) -> Split {
    Split {
        one: one.to_owned(),
        other: "b.example".to_owned(),
    }
}

#[test]
fn a_split_has_a_line_of_its_own_and_counts_who_is_back() {
    let names: Vec<String> = (0..60).map(|number| format!("n{number}")).collect();
    let off = || Move::SplitOff(split("a.example"));
    let back = || Move::Rejoined(split("a.example"));
    let mut moves: Vec<(&str, Move)> = names.iter().map(|name| (name.as_str(), off())).collect();
    check(&moves, "a.example ⇹ b.example: 60 people left");
    moves.extend([("n0", back()), ("n2", back())]);
    check(
        &moves,
        "a.example ⇹ b.example: 58 people left, n0 and n2 are back",
    );
    moves.push(("n0", off()));
    check(
        &moves,
        "a.example ⇹ b.example: 58 people left, n2 is back, n0 left",
    );
    check(
        &[("ken", Move::SplitOff(split("*.net")))],
        "netsplit: ken left",
    );
}

#[test]
fn a_split_tells_of_nothing_else() {
    let coming = |nick: &str, what: Move| Coming {
        nick: nick.to_owned(),
        what,
    };
    let mut all = Vec::new();
    for number in 0..100 {
        let one = coming(&format!("n{number}"), Move::SplitOff(split("a.example")));
        assert!(has_space(&all, &one));
        fold(&mut all, one);
    }
    assert!(has_space(
        &all,
        &coming("n5", Move::Rejoined(split("a.example")))
    ));
    assert!(!has_space(
        &all,
        &coming("n5", Move::Rejoined(split("c.example")))
    ));
    assert!(!has_space(&all, &coming("n5", Move::Came)));
    let plain = [coming("ken", Move::Came)];
    assert!(!has_space(
        &plain,
        &coming("bo", Move::SplitOff(split("a.example")))
    ));
    // Who is spoken of stands alone.
    assert_eq!(
        unfold(&mut all, "n7"),
        Some(coming("n7", Move::SplitOff(split("a.example"))))
    );
    assert_eq!(sentence(&all), "a.example ⇹ b.example: 99 people left");
}
