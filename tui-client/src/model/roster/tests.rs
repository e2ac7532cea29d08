//! Order, standing, and who is completed first.
//! It must never sort by anything that the list does not show.

use super::*;

fn roster(members: &[(&str, &str)]) -> Roster {
    let mut roster = Roster::default();
    let members = members.iter().map(|(nick, prefixes)| Member {
        nick: (*nick).to_owned(),
        prefixes: (*prefixes).to_owned(),
        ..Member::default()
    });
    roster.replace(members.collect(), "~&@%+");
    roster
}

#[track_caller]
fn check(roster: &Roster, expected: &str) {
    let shown: Vec<String> = roster
        .iter()
        .map(|member| {
            let prefix: String = member.prefixes.chars().take(1).collect();
            let away = if member.is_away { "(away)" } else { "" };
            format!("{prefix}{}{away}", member.nick)
        })
        .collect();
    assert_eq!(shown.join(" "), expected);
    assert_eq!(roster.places.len(), roster.members.len());
}

#[test]
fn standing_first_then_names_then_who_is_away() {
    let mut room = roster(&[("linus", ""), ("Ken", ""), ("grace", "+"), ("ada", "@+")]);
    check(&room, "@ada +grace Ken linus");
    room.change("ada", |member| member.is_away = true);
    check(&room, "+grace Ken linus @ada(away)");
    assert_eq!((room.here(), room.len()), (3, 4));
    room.stand("KEN", '@', true);
    room.stand("ken", '+', true);
    room.stand("ada", '@', false);
    check(&room, "@Ken +grace linus +ada(away)");
    room.change("Ken", |member| member.nick = "kt".into());
    assert!(room.get("ken").is_none());
    assert_eq!(
        room.remove("KT").map(|member| member.prefixes),
        Some("@+".into())
    );
}

#[test]
fn who_spoke_last_is_completed_first() {
    let mut room = roster(&[("alan", ""), ("ada", ""), ("al", ""), ("bo", "")]);
    assert_eq!(room.completions("a"), ["ada", "al", "alan"]);
    room.spoke("alan");
    room.spoke("al");
    assert_eq!(room.completions("A"), ["al", "alan", "ada"]);
    room.change("alan", |member| member.nick = "turing".into());
    assert_eq!(room.completions(""), ["al", "turing", "ada", "bo"]);
}
