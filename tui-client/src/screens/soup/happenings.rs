//! Everything that can happen, with anything in it: what the random play is made of.
//! It must never leave out a kind of event because the screen does not take it well.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use crate::session::event::{Event, Message, OwnId, Severity, Subject, Typing};
use crate::session::gap::Gap;
use crate::session::link::{Connected, Facts, Link, NewLink, Upstream};
use crate::session::listing::Listing;
use crate::session::profile::{Described, Key};
use crate::session::query::Query;
use crate::session::whereabouts::{Member, RoomRenamed, Split, Standing, Surveyed, Watched};
use crate::stage::message;

type Any<T> = BoxedStrategy<T>;

/// What people write and servers pass on: plain, wide, joined, long, formatted, broken.
pub(super) fn words() -> Any<String> {
    prop_oneof![
        3 => "[a-z ]{0,30}",
        1 => Just("👩‍🚀 世界 ❤\u{fe0f} e\u{301} 🇩🇪 1\u{fe0f}\u{20e3} क्षि".to_owned()),
        1 => Just("世".repeat(90)),
        1 => Just("https://a.example/with/a/very/long/path?and=a&query=too#and-a-fragment".to_owned()),
        1 => Just("\u{3}4,2red\u{f} \u{2}bold\u{2} `code` **strong** \u{1b}[31m\u{202e}esrever".to_owned()),
        1 => Just("ada: a\nb\nc\n\n```\nfn main() {}\n```".to_owned()),
        1 => "\\PC{0,40}",
        1 => any::<String>(),
    ]
    .boxed()
}

fn target() -> Any<String> {
    let known = select(vec![
        "#lobby", "#ops", "grace", "ada", "#nowhere", "#世界", "",
    ]);
    known.prop_map(str::to_owned).boxed()
}

fn nick() -> Any<String> {
    let known = select(vec![
        "ada",
        "grace",
        "世界",
        "a-very-long-nick-indeed-it-is",
    ]);
    known.prop_map(str::to_owned).boxed()
}

/// Any time that can be written, but mostly one near to the others.
fn time() -> Any<u64> {
    let near = 1_763_733_000_000_u64..1_763_740_000_000;
    prop_oneof![6 => near, 1 => 0_u64..253_402_300_800_000].boxed()
}

fn own_id() -> Any<OwnId> {
    (0_u64..5).prop_map(OwnId).boxed()
}

/// Ids are few, so that they meet.
fn msgid() -> Any<String> {
    (0_u8..6).prop_map(|number| format!("m{number}")).boxed()
}

/// Something in a room that everybody is in.
pub(super) fn line() -> Any<Message> {
    said()
        .prop_map(|said| Message {
            target: "#lobby".into(),
            ..said
        })
        .boxed()
}

fn said() -> Any<Message> {
    let ids = (
        prop::option::of(msgid()),
        prop::option::of(msgid()),
        prop::option::of(own_id()),
    );
    (target(), nick(), words(), time(), ids)
        .prop_map(
            |(target, nick, text, at, (msgid, reply_to, own_id))| Message {
                msgid,
                reply_to,
                own_id,
                ..message(&target, &nick, &text, at)
            },
        )
        .boxed()
}

fn member() -> Any<Member> {
    let prefixes = select(vec!["", "@", "+", "~&@%+"]).prop_map(str::to_owned);
    (nick(), prefixes, any::<bool>(), any::<bool>())
        .prop_map(|(nick, prefixes, is_away, is_bot)| Member {
            nick,
            prefixes,
            is_away,
            account: None,
            is_bot,
        })
        .boxed()
}

/// Who is concerned, where, with which words, whether it is us, and when.
type About = (String, String, String, bool, u64);

fn comings((room, nick, reason, is_own, at): About) -> Vec<Event> {
    let account = is_own.then(|| reason.clone());
    let (by, to) = (reason.clone(), reason.clone());
    vec![
        Event::Joined {
            room: room.clone(),
            nick: nick.clone(),
            account,
            is_own,
            at,
        },
        Event::Left {
            room: room.clone(),
            nick: nick.clone(),
            reason: reason.clone(),
            is_own,
            at,
        },
        Event::Quit {
            nick: nick.clone(),
            reason: reason.clone(),
            split: is_own.then(|| Split {
                one: reason.clone(),
                other: nick.clone(),
            }),
            at,
        },
        Event::Kicked {
            room: room.clone(),
            nick: nick.clone(),
            by,
            reason: reason.clone(),
            is_own,
            at,
        },
        Event::Renamed {
            from: nick.clone(),
            to,
            is_own,
            at,
        },
    ]
}

fn changes((room, nick, reason, is_own, at): About) -> Vec<Event> {
    let standing = Standing {
        nick: nick.clone(),
        prefix: '@',
        is_given: is_own,
    };
    vec![
        Event::ModeChanged {
            target: room.clone(),
            by: nick.clone(),
            text: reason.clone(),
            standings: vec![standing],
            at,
        },
        Event::TopicChanged {
            room: room.clone(),
            by: nick.clone(),
            topic: reason.clone(),
            at,
        },
        Event::TopicIs {
            room: room.clone(),
            topic: reason.clone(),
        },
        Event::JoinRefused {
            room: room.clone(),
            reason: reason.clone(),
        },
        Event::Invited {
            room: room.clone(),
            by: nick.clone(),
            nick: "ada".into(),
            is_own,
            at,
        },
        Event::AwayChanged {
            nick: nick.clone(),
            message: is_own.then(|| reason.clone()),
        },
        Event::AccountChanged {
            nick: nick.clone(),
            account: is_own.then(|| reason.clone()),
        },
        Event::RealnameChanged {
            nick: nick.clone(),
            realname: reason.clone(),
        },
        Event::Described(Described {
            nick: nick.clone(),
            key: Key::ALL[reason.len() % Key::ALL.len()],
            value: (!is_own).then(|| reason.clone()),
        }),
        Event::BotSeen(nick.clone()),
        Event::OwnAwayChanged { is_away: is_own },
        Event::Watched(Watched {
            nick: nick.clone(),
            is_here: is_own,
            at,
        }),
        Event::RoomRenamed(RoomRenamed {
            from: room,
            to: "#ops".into(),
            by: nick,
            reason,
            at,
        }),
    ]
}

fn people() -> Any<Event> {
    let about = || (target(), nick(), words(), any::<bool>(), time());
    let comings = about().prop_flat_map(|about| select(comings(about)));
    let changes = about().prop_flat_map(|about| select(changes(about)));
    let members = (
        target(),
        prop::collection::vec(member(), 0..40),
        any::<bool>(),
    );
    let members = members.prop_map(|(room, members, is_survey)| {
        if is_survey {
            Event::Surveyed(Surveyed {
                room,
                members,
                has_accounts: true,
            })
        } else {
            Event::Names { room, members }
        }
    });
    prop_oneof![3 => comings, 3 => changes, 1 => members].boxed()
}

fn talk() -> Any<Event> {
    let page = || prop::collection::vec(said(), 0..12);
    let about = (
        target(),
        msgid(),
        nick(),
        words(),
        any::<bool>(),
        time(),
        own_id(),
    );
    let about = about.prop_flat_map(|(target, msgid, nick, text, flag, at, own_id)| {
        let state = if flag { Typing::Active } else { Typing::Done };
        let (by, reason) = (nick.clone(), text.clone());
        select(vec![
            Event::Sending { own_id },
            Event::Confirmed {
                own_id,
                msgid: flag.then(|| msgid.clone()),
                at,
            },
            Event::Refused {
                own_id,
                reason: text.clone(),
            },
            Event::Typing {
                target: target.clone(),
                nick: nick.clone(),
                state,
                at,
            },
            Event::Reacted {
                target: target.clone(),
                msgid: msgid.clone(),
                nick,
                reaction: text,
                is_given: flag,
            },
            Event::Redacted {
                target: target.clone(),
                msgid,
                by,
                reason,
            },
            Event::GapFound {
                target: target.clone(),
                gap: Gap::between(at, at.saturating_add(1)),
            },
            Event::ReadElsewhere { target, at },
        ])
    });
    prop_oneof![
        6 => said().prop_map(Event::Message),
        1 => said().prop_map(Event::Waiting),
        4 => about,
        1 => (target(), msgid(), prop::option::of(said()))
            .prop_map(|(target, msgid, message)| Event::ParentTold { target, msgid, message }),
        1 => (words(), target(), any::<bool>(), page()).prop_map(|(text, room, is_named, messages)| {
            let named_in = is_named.then_some(room);
            Event::Found { query: Query { text, named_in }, is_part: is_named, messages }
        }),
        2 => (target(), page(), any::<bool>(), time()).prop_map(|(target, messages, is_complete, at)| {
            let gap = is_complete.then(|| Gap::between(at, at.saturating_add(9)));
            Event::History { target, messages, is_complete, gap }
        }),
    ]
    .boxed()
}

fn link() -> Any<Event> {
    let state = (nick(), words(), any::<bool>(), 0_u32..5, time());
    let state = state.prop_flat_map(|(nick, text, flag, attempt, at)| {
        let connected = Connected {
            nick,
            is_encrypted: flag,
            server: text.clone(),
            network: text.clone(),
            has_echo: flag,
        };
        select(vec![
            Link::Idle,
            Link::Connecting { attempt },
            Link::Registering,
            Link::Connected(connected),
            Link::Lost {
                reason: text.clone(),
                attempt,
                retry_at: at,
            },
            Link::Refused { reason: text },
            Link::Closed,
        ])
    });
    let facts = (0_usize..600, any::<[bool; 5]>()).prop_map(|(bytes, flags)| {
        let [
            has_history,
            has_multiline,
            has_tags,
            has_monitor,
            is_bouncer,
        ] = flags;
        Event::Facts(Facts {
            target_and_text_bytes_max: bytes,
            has_history,
            has_multiline,
            has_tags,
            has_monitor,
            is_bouncer,
            ..Facts::default()
        })
    });
    let upstream = (0_u8..3, words(), any::<bool>()).prop_map(|(netid, name, is_there)| {
        let netid = netid.to_string();
        Event::Bouncer(if is_there {
            Upstream::There {
                netid,
                name: Some(name),
                trouble: None,
            }
        } else {
            Upstream::Gone { netid }
        })
    });
    prop_oneof![
        3 => state.prop_map(Event::Link),
        2 => facts,
        1 => time().prop_map(Event::LagMeasured),
        1 => prop::option::of(time()).prop_map(Event::Silent),
        1 => upstream,
        1 => (nick(), nick()).prop_map(|(wanted, now)| Event::NickTaken { wanted, now }),
    ]
    .boxed()
}

/// A room that there is.
pub(super) fn listed() -> Any<Event> {
    let names = prop_oneof![target(), "#[a-z]{1,12}"];
    let members = prop_oneof![0_u32..50, any::<u32>()];
    (names, members, words())
        .prop_map(|(room, members, topic)| {
            Event::Listing(Listing::Room {
                room,
                members,
                topic,
            })
        })
        .boxed()
}

fn answers() -> Any<Event> {
    let subjects = select(vec![
        Subject::Rooms,
        Subject::Who,
        Subject::Whois,
        Subject::Names,
        Subject::Text,
    ]);
    let window = || prop::option::of(target());
    let link = (target(), words(), time()).prop_map(|(room, text, until)| {
        let (number, uses) = ("1".to_owned(), "0/5".to_owned());
        Event::LinkMade(NewLink {
            room,
            number,
            link: text,
            uses,
            until,
        })
    });
    prop_oneof![
        (subjects, window(), words()).prop_map(|(subject, window, text)| Event::Listed {
            subject,
            window,
            text
        }),
        listed(),
        any::<u32>().prop_map(|least| Event::Listing(Listing::Asked { least })),
        prop::option::of(words()).prop_map(|why| Event::Listing(Listing::Ended(why))),
        link,
        (any::<bool>(), window(), words(), time()).prop_map(|(is_bad, window, text, at)| {
            let severity = if is_bad {
                Severity::Error
            } else {
                Severity::Info
            };
            Event::ServerNotice {
                severity,
                window,
                text,
                at,
            }
        }),
    ]
    .boxed()
}

/// What a session may tell.
pub(super) fn heard() -> Any<Event> {
    Union::new_weighted(vec![
        (4, people()),
        (6, talk()),
        (2, link()),
        (1, answers()),
    ])
    .boxed()
}
