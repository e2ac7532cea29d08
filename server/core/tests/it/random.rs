//! Random lines against the core: whatever comes, it does not panic, and all its indexes agree.

use proptest::prelude::*;
use server_core::Door;

use crate::world::World;

const NAMES: [&str; 3] = ["ada", "ken", "eve"];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("ada".to_owned()),
        Just("ken".to_owned()),
        Just("eve2".to_owned()),
        Just("#a".to_owned()),
        Just("#b,#a".to_owned()),
        Just("@#a".to_owned()),
        Just("*".to_owned()),
        Just("-1".to_owned()),
        Just("9999999999999".to_owned()),
        Just("+ntlk-o+b".to_owned()),
        Just("+qaohvbeIkfliCmMnRstuUZ".to_owned()),
        Just("*!*@*".to_owned()),
        Just("LS".to_owned()),
        Just("+x".to_owned()),
        Just("-x".to_owned()),
        Just("draft/multiline".to_owned()),
        Just("timestamp=2026-01-01T12:00:00.000Z".to_owned()),
        Just("op".to_owned()),
        Just("secret".to_owned()),
        "\\PC{0,12}",
    ]
}

fn line() -> impl Strategy<Value = String> {
    let verbs = prop::sample::select(vec![
        "ACCEPT",
        "AUTHENTICATE",
        "AWAY",
        "BATCH",
        "CAP",
        "CHATHISTORY",
        "DLINE",
        "HELP",
        "INFO",
        "INVITE",
        "ISON",
        "ISUPPORT",
        "JOIN",
        "JOIN",
        "JOIN",
        "KICK",
        "KILL",
        "KLINE",
        "KNOCK",
        "LIST",
        "MARKREAD",
        "MODE",
        "MODE",
        "MONITOR",
        "NAMES",
        "NICK",
        "NICK",
        "NOTICE",
        "OPER",
        "PART",
        "PASS",
        "PING",
        "PRIVMSG",
        "PRIVMSG",
        "QUIT",
        "REDACT",
        "REGISTER",
        "RENAME",
        "SAJOIN",
        "SAMODE",
        "SANICK",
        "SEARCH",
        "SETNAME",
        "STATS",
        "TAGMSG",
        "TOPIC",
        "USER",
        "USERHOST",
        "VERSION",
        "WALLOPS",
        "WEBIRC",
        "WHO",
        "WHOIS",
        "WHOWAS",
        "NONSENSE",
    ]);
    let tags = prop_oneof![
        4 => Just(String::new()),
        1 => Just("@label=x ".to_owned()),
        1 => Just("@batch=x;+a=b ".to_owned()),
        1 => "@[a-z+/;=]{0,12} ",
    ];
    (tags, verbs, prop::collection::vec(word(), 0..5))
        .prop_map(|(tags, verb, words)| format!("{tags}{verb} {}", words.join(" ")))
}

#[derive(Clone, Debug)]
enum Step {
    Line(usize, Vec<u8>),
    Pass(u64),
    Reconnect(usize),
    Hold,
    Release,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => (0..3_usize, line()).prop_map(|(who, line)| Step::Line(who, line.into_bytes())),
        1 => (0..3_usize, prop::collection::vec(any::<u8>(), 0..60))
            .prop_map(|(who, mut line)| {
                line.retain(|byte| !matches!(byte, b'\r' | b'\n'));
                Step::Line(who, line)
            }),
        1 => (0..100_000_u64).prop_map(Step::Pass),
        1 => (0..3_usize).prop_map(Step::Reconnect),
        1 => Just(Step::Hold),
        1 => Just(Step::Release),
    ]
}

fn arrive(world: &mut World, name: &str, round: usize) {
    world.open(name, "127.0.0.1", Door::Tcp);
    let caps = "CAP REQ :batch labeled-response echo-message message-tags draft/multiline";
    for line in [
        caps,
        &format!("NICK {name}{round}"),
        "USER u 0 * :r",
        "CAP END",
    ] {
        world.send(name, line.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn random_lines_leave_everything_in_order(steps in prop::collection::vec(any_step(), 1..60)) {
        let mut world = World::new(|_| {});
        for name in NAMES {
            arrive(&mut world, name, 0);
            world.send(name, b"JOIN #a");
        }
        for (round, step) in steps.into_iter().enumerate() {
            match step {
                Step::Line(who, line) => world.send(NAMES[who], &line),
                Step::Pass(ms) => world.pass(ms),
                Step::Reconnect(who) => {
                    world.drop_link(NAMES[who]);
                    arrive(&mut world, NAMES[who], round + 1);
                }
                Step::Hold => world.hold_storage(),
                Step::Release => world.release_storage(),
            }
        }
        world.release_storage();
        prop_assert_eq!(world.server.pending_count(), 0);
    }
}
