//! The screens of what only servers of other makes do.
//! They must never be accepted without being looked at.

use crate::session::event::Event;
use crate::session::whereabouts::{Member, Surveyed};
use crate::stage::Stage;

const SIZES: &[(u16, u16)] = &[(40, 12), (80, 24), (120, 40)];

fn member(nick: &str, is_away: bool, is_bot: bool) -> Member {
    Member {
        nick: nick.into(),
        is_away,
        is_bot,
        ..Member::default()
    }
}

#[test]
fn programs_have_a_sign() {
    let mut stage = Stage::in_lobby();
    stage.come("rss");
    stage.come("a-very-long-program");
    stage.hear(Event::Surveyed(Surveyed {
        room: "#lobby".into(),
        members: vec![
            member("rss", false, true),
            member("a-very-long-program", false, true),
            member("linus", true, false),
        ],
        has_accounts: false,
    }));
    stage.say("14:02", "grace", "what is new?");
    stage.say("14:03", "rss", "ada: three things");
    stage.say("14:03", "a-very-long-program", "and a fourth");
    stage.say("14:04", "grace", "thanks");
    stage.check("bots", SIZES);
}
