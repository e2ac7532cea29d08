//! A search over all rooms: what is found, page by page, as far as somebody reads the list.
//! It must never look at cells, except for what stands over the list.

use crate::ids::NetworkId;
use crate::model::overlay::Overlay;
use crate::model::search::PAGES_MAX;
use crate::session::command::Command;
use crate::session::event::{Event, Message, Millis};
use crate::session::query::Query;
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada, at, message};

fn hit(number: u64) -> Message {
    let mut hit = message(
        "#lobby",
        "ken",
        &format!("hay {number}"),
        at("09:00") + number * 1_000,
    );
    hit.msgid = Some(format!("m{number}"));
    hit
}

fn query() -> Query {
    Query {
        text: "hay".into(),
        named_in: None,
    }
}

/// Up to when the server was asked to search, if it was.
fn asked(stage: &mut Stage) -> Option<Millis> {
    stage.sent().into_iter().find_map(|command| match command {
        Command::Search { before, .. } => Some(before.unwrap_or(Millis::MAX)),
        _ => None,
    })
}

fn found(stage: &mut Stage, numbers: impl Iterator<Item = u64>) {
    stage.hear(Event::Found {
        query: query(),
        is_part: false,
        messages: numbers.map(hit).collect(),
    });
}

fn rows(stage: &Stage) -> (usize, usize) {
    let Some(Overlay::Picker(picker)) = &stage.model.overlay else {
        panic!("the list is closed");
    };
    (picker.rows.len(), picker.chosen)
}

#[test]
fn more_is_asked_for_at_the_end_of_the_list() {
    let mut stage = Stage::in_lobby();
    stage.keys("/search hay<enter>");
    assert_eq!(asked(&mut stage), Some(Millis::MAX));
    found(&mut stage, 900..1_000);
    stage.check("found-more", &[(40, 12), (80, 24), (120, 40)]);
    for _ in 0..20 {
        stage.keys("<pagedown>");
    }
    assert_eq!(rows(&stage), (100, 99));
    assert_eq!(
        asked(&mut stage),
        Some(hit(900).at + 1),
        "what shares its moment, too"
    );
    assert!(stage.picture(80, 24).contains("Found 100, more is coming"));
    stage.keys("<down><down>");
    assert_eq!(
        (rows(&stage), asked(&mut stage)),
        ((100, 99), None),
        "once, and one stays there"
    );

    found(&mut stage, 801..=900);
    assert_eq!(rows(&stage), (199, 99));
    stage.keys("<down>");
    assert_eq!(rows(&stage), (199, 100));
    for _ in 0..20 {
        stage.keys("<pagedown>");
    }
    assert_eq!(asked(&mut stage), Some(hit(801).at + 1));
    // The last page is a small one.
    found(&mut stage, 790..=801);
    assert_eq!(rows(&stage).0, 210);
    assert!(stage.picture(80, 24).contains("Found 210 ─"));
    for _ in 0..3 {
        stage.keys("<pagedown>");
    }
    stage.keys("<down>");
    assert_eq!(
        (rows(&stage), asked(&mut stage)),
        ((210, 0), None),
        "from the end to the beginning"
    );
}

#[test]
fn a_search_has_an_end_and_says_so() {
    let mut stage = Stage::in_lobby();
    stage.keys("/search hay<enter>");
    let mut next = 100_000;
    let mut count = 0;
    while asked(&mut stage).is_some() {
        found(&mut stage, next - 100..next);
        next -= 100;
        count += 1;
        for _ in 0..15 {
            stage.keys("<pagedown>");
        }
    }
    assert_eq!(count, usize::from(PAGES_MAX) + 1);
    assert!(
        stage
            .picture(80, 24)
            .contains("Found 2100 and more: add a word")
    );
}

#[test]
fn an_answer_to_another_search_is_not_shown() {
    let mut stage = Stage::in_lobby();
    stage.keys("/search straw<enter>");
    found(&mut stage, 0..5);
    assert_eq!(rows(&stage).0, 0);
}

#[test]
fn the_local_store_is_searched_to_the_end_as_well() {
    let mut stage = Stage::keeping(ada(), Shelf::new());
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    for number in 0..450 {
        stage.hear(Event::Message(hit(number)));
    }
    stage.keys("/clear<enter>/search hay<enter>");
    assert_eq!(rows(&stage).0, 200);
    for _ in 0..100 {
        stage.keys("<pagedown>");
    }
    assert_eq!(rows(&stage).0, 450, "without doubles");
}

#[test]
fn what_names_us_beyond_the_last_page_is_found_by_the_server() {
    let mut stage = Stage::in_lobby();
    stage.enter("#side", &[("ada", ""), ("ken", "")]);
    stage.keys("<alt-1>");
    stage
        .model
        .named_mut(NetworkId::FIRST, "#side")
        .unwrap()
        .pages_missed = 10;
    stage.hear(Event::ReadElsewhere {
        target: "#side".into(),
        at: at("08:00"),
    });
    stage.sent();
    let said = |text: &str, time: &str| message("#side", "ken", text, at(time));
    stage.hear(crate::stage::page("#side", vec![said("so", "15:00")], None));
    let sought = stage.sent();
    let [
        Command::Search {
            query,
            after,
            before,
            ..
        },
    ] = sought.as_slice()
    else {
        panic!("{sought:?}");
    };
    assert_eq!(
        (query.text.as_str(), query.named_in.as_deref()),
        ("ada", Some("#side"))
    );
    assert_eq!(
        (*after, *before),
        (Some(at("08:00")), Some(at("15:00") + 1))
    );
    stage.hear(Event::Found {
        query: query.clone(),
        is_part: false,
        messages: vec![
            said("ada: are you there?", "09:00"),
            said("adapters", "09:10"),
        ],
    });
    let side = stage.model.named(NetworkId::FIRST, "#side").unwrap();
    assert_eq!(crate::sidebar::counts(side), "1+ @1");
    stage.keys("<f9>");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("ken: ada: are you there?"), "{picture}");
    stage.hear(Event::ReadElsewhere {
        target: "#side".into(),
        at: at("10:00"),
    });
    let side = stage.model.named(NetworkId::FIRST, "#side").unwrap();
    assert_eq!(side.mentions, 0, "it was read on another device");
}

#[test]
fn a_page_of_one_moment_is_not_called_the_end() {
    let mut stage = Stage::in_lobby();
    let moment = |count: u64| {
        let hits = (0..count).map(|number| Message {
            at: at("09:00"),
            ..hit(number)
        });
        Event::Found {
            query: query(),
            is_part: false,
            messages: hits.collect(),
        }
    };
    stage.keys("/search hay<enter>");
    stage.hear(moment(100));
    for _ in 0..20 {
        stage.keys("<pagedown>");
    }
    assert!(asked(&mut stage) > Some(at("09:00")));
    stage.hear(moment(100));
    let picture = stage.picture(80, 24);
    assert!(
        picture.contains("Found 100 and more: add a word"),
        "{picture}"
    );
}
