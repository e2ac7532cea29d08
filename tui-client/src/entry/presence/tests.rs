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

#[test]
fn who_goes_by_a_netsplit_is_counted_and_comes_back_in_the_same_line() {
    let names: Vec<String> = (0..60).map(|number| format!("n{number}")).collect();
    let split = || left("netsplit a.example b.example");
    let mut moves: Vec<(&str, Move)> = names.iter().map(|name| (name.as_str(), split())).collect();
    check(&moves, "60 people left: netsplit a.example b.example");
    moves.extend(
        names
            .iter()
            .step_by(2)
            .take(2)
            .map(|name| (name.as_str(), Move::Came)),
    );
    check(
        &moves,
        "58 people left: netsplit a.example b.example, n0 and n2 are back",
    );
    let mut all = Vec::new();
    for name in &names {
        let (nick, what) = (name.clone(), split());
        let coming = Coming { nick, what };
        assert!(has_space(&all, &coming));
        fold(&mut all, coming);
    }
    let came = |nick: &str| Coming {
        nick: nick.to_owned(),
        what: Move::Came,
    };
    assert!(has_space(&all, &came("n59")));
    assert!(!has_space(&all, &came("somebody")));
    check(
        &[("ken", left("netsplit a b")), ("bo", left("netsplit a b"))],
        "ken and bo left (netsplit a b)",
    );
}
