//! What nobody has read: counted as far as it is here, and found where it is not.
//! It must never look at cells, except to know what is in sight.

use crate::ids::NetworkId;
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, Message, Millis};
use crate::session::gap::Gap;
use crate::session::link::Link;
use crate::sidebar;
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada, at, message};
use crate::window::Window;

/// Messages in a page.
const PAGE: usize = 100;

fn side(messages: Vec<Message>, is_complete: bool, gap: Option<Gap>) -> Event {
    Event::History {
        target: "#side".into(),
        messages,
        is_complete,
        gap,
    }
}

/// A server's log of a room: message number so and so is said in that second.
struct Log(u64);

impl Log {
    fn at(number: u64) -> Millis {
        at("09:00") + number * 1_000
    }

    fn message(number: u64) -> Message {
        let text = if number == 7 { "ada: seven" } else { "words" };
        let mut one = message("#side", "ken", text, Self::at(number));
        one.msgid = Some(format!("m{number}"));
        one
    }

    fn page(&self, numbers: impl Iterator<Item = u64>) -> Vec<Message> {
        numbers
            .filter(|number| *number < self.0)
            .map(Self::message)
            .collect()
    }

    /// Answers what is asked about gaps; how often it was.
    fn serve(&self, stage: &mut Stage) -> usize {
        for count in 0..50 {
            let asked = stage.sent().into_iter().find_map(|command| match command {
                Command::HistoryBetween { gap, is_oldest, .. } => Some((gap, is_oldest)),
                _ => None,
            });
            let Some((gap, is_oldest)) = asked else {
                return count;
            };
            let all = (0..self.0).filter(|number| {
                let at = Self::at(*number);
                at >= gap.since && at < gap.until
            });
            let all: Vec<u64> = all.collect();
            let len = all.len().min(PAGE);
            let page = if is_oldest {
                &all[..len]
            } else {
                &all[all.len() - len..]
            };
            let rest = (len < all.len()).then(|| {
                if is_oldest {
                    Gap {
                        since: Self::at(page[len - 1]),
                        ..gap.clone()
                    }
                } else {
                    Gap {
                        before: Some(format!("m{}", page[0])),
                        ..Gap::between(gap.since, Self::at(page[0]))
                    }
                }
            });
            let asked = Gap {
                before: gap.before.clone().filter(|_| rest.is_none() || !is_oldest),
                ..gap
            };
            stage.hear(side(self.page(page.iter().copied()), false, Some(asked)));
            if let Some(gap) = rest {
                let target = "#side".into();
                stage.hear(Event::GapFound { target, gap });
            }
        }
        panic!("it asks without end");
    }
}

/// In two rooms; the one on the side was read to the end, then the link broke, and so many messages came.
fn missed(count: u64) -> (Stage, Log) {
    let mut stage = Stage::in_lobby();
    stage.picture(80, 24);
    stage.enter("#side", &[("ada", ""), ("ken", "")]);
    stage.hear(side(Log(1).page(0..1), true, None));
    stage.keys("<alt-2><alt-1>");
    let log = Log(count + 1);
    stage.sent();
    let newest = log.0 - log.0.min(50);
    stage.hear(side(log.page(newest..log.0), false, None));
    if newest > 1 {
        let gap = Gap {
            before: Some(format!("m{newest}")),
            ..Gap::between(Log::at(0), Log::at(newest))
        };
        let target = "#side".into();
        stage.hear(Event::GapFound { target, gap });
    }
    (stage, log)
}

fn window(stage: &Stage) -> &Window {
    stage.model.named(NetworkId::FIRST, "#side").unwrap()
}

/// The entries in sight, as numbers of their times.
fn seen(stage: &Stage) -> Vec<u64> {
    let rows = crate::reading::rows(&stage.model).unwrap();
    let range = crate::reading::seen(&stage.model).unwrap();
    let said = range.filter_map(|index| rows.window.scrollback.get(index));
    let said = said.filter(|entry| entry.as_said().is_some());
    said.map(|entry| (entry.at - at("09:00")) / 1_000).collect()
}

#[test]
fn a_count_says_where_it_is_no_more_than_a_beginning() {
    let (mut stage, log) = missed(1_500);
    assert_eq!(
        sidebar::counts(window(&stage)),
        "50+",
        "the rest is on its way"
    );
    assert_eq!(log.serve(&mut stage), 10, "no more pages than that");
    assert_eq!(window(&stage).unread, 1_050);
    assert!(window(&stage).is_more_unread());

    let (mut stage, log) = missed(420);
    log.serve(&mut stage);
    assert_eq!(
        sidebar::counts(window(&stage)),
        "420 @1",
        "all of them are here"
    );

    let (mut stage, _) = missed(420);
    let refused = Gap {
        is_lost: true,
        ..Gap::between(Log::at(0), Log::at(371))
    };
    let (target, gap) = ("#side".into(), refused);
    stage.hear(side(Vec::new(), false, Some(gap.clone())));
    stage.hear(Event::GapFound { target, gap });
    assert_eq!(
        sidebar::counts(window(&stage)),
        "50+",
        "nobody can count the rest"
    );
    assert!(stage.picture(80, 24).contains("50+ │"));
}

#[test]
fn the_first_unread_message_is_found_where_it_is_not_here() {
    for (count, pages) in [(420, 0), (1_500, 1), (5_000, 1)] {
        let (mut stage, log) = missed(count);
        log.serve(&mut stage);
        stage.keys("<alt-2>");
        log.serve(&mut stage);
        assert_eq!(
            seen(&stage).last(),
            Some(&count),
            "one begins with the newest"
        );
        stage.keys("<alt-u>");
        assert_eq!(log.serve(&mut stage), pages, "{count}");
        let shown = seen(&stage);
        assert!(shown.starts_with(&[0, 1, 2, 3]), "{shown:?}");
        let before = stage.picture(80, 24);
        assert!(before.contains("── new ──"), "{before}");
        let line = window(&stage).unread_from.unwrap();
        let scrollback = &window(&stage).scrollback;
        let first = scrollback.get(scrollback.index_of(line).unwrap());
        assert_eq!(first.unwrap().at, Log::at(1));
        stage.keys("<alt-u>");
        assert_eq!(before, stage.picture(80, 24), "once is enough");
        // From there one reads on, in order and with nothing passed over.
        let mut last = *shown.last().unwrap();
        while last < 350 {
            stage.keys("<pagedown>");
            log.serve(&mut stage);
            let shown = seen(&stage);
            assert!(shown[0] <= last + 1, "{last} {shown:?}");
            assert!(shown.is_sorted_by(|a, b| a + 1 == *b), "{shown:?}");
            last = *shown.last().unwrap();
        }
    }
}

#[test]
fn without_a_link_one_hears_that_more_is_unread_above() {
    let (mut stage, _) = missed(1_500);
    stage.keys("<alt-2>");
    stage.hear(Event::Link(Link::Lost {
        reason: "gone".into(),
        attempt: 1,
        retry_at: 0,
    }));
    stage.keys("<alt-u>");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("More is unread above"), "{picture}");
}

#[test]
fn what_was_read_on_another_device_is_where_a_new_one_begins() {
    let mut stage = Stage::in_lobby();
    stage.enter("#side", &[("ada", ""), ("ken", "")]);
    stage.keys("<alt-1>");
    stage.sent();
    let log = Log(200);
    stage.hear(Event::ReadElsewhere {
        target: "#side".into(),
        at: Log::at(3),
    });
    stage.hear(side(log.page(150..200), false, None));
    assert_eq!(sidebar::counts(window(&stage)), "50+");
    log.serve(&mut stage);
    assert_eq!(sidebar::counts(window(&stage)), "196 @1");
}

#[test]
fn in_a_room_that_was_never_looked_at_what_came_since_it_was_entered_is_new() {
    for is_first in [false, true] {
        let mut stage = Stage::keeping(ada(), Shelf::new());
        stage.connect(false);
        stage.enter("#lobby", &[("ada", "")]);
        stage.enter("#side", &[("ada", ""), ("ken", "")]);
        let live = |stage: &mut Stage| stage.hear(Event::Message(Log::message(100)));
        if is_first {
            live(&mut stage);
        }
        stage.hear(side(Log(101).page(50..100), false, None));
        if !is_first {
            live(&mut stage);
        }
        stage.hear(Event::Message(Log::message(101)));
        assert_eq!(sidebar::counts(window(&stage)), "2");
        stage.keys("<ctrl-q>");
        let shelf = stage.shelf.take();
        let stage = Stage::keeping(ada(), shelf.unwrap());
        assert_eq!(
            sidebar::counts(window(&stage)),
            "2",
            "so it is in the next run"
        );
    }
}

#[test]
fn what_is_unread_in_the_local_store_is_counted_and_found() {
    let mut stage = Stage::keeping(ada(), Shelf::new());
    stage.picture(80, 24);
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    stage.enter("#side", &[("ada", ""), ("ken", "")]);
    stage.hear(side(Log(1).page(0..1), true, None));
    stage.keys("<alt-2><alt-1>");
    for number in 1..=420 {
        stage.hear(Event::Message(Log::message(number)));
    }
    assert_eq!(sidebar::counts(window(&stage)), "420 @1");
    stage.keys("<ctrl-q>");
    let shelf = stage.shelf.take();
    let mut stage = Stage::keeping(ada(), shelf.unwrap());
    stage.picture(80, 24);
    assert_eq!(sidebar::counts(window(&stage)), "420 @1");
    stage.keys("<alt-2><ctrl-q>");

    // Whoever begins in that room finds the first one, too.
    let shelf = stage.shelf.take();
    let mut stage = Stage::keeping(ada(), shelf.unwrap());
    stage.picture(80, 24);
    stage.connect(false);
    stage.enter("#side", &[("ada", ""), ("ken", "")]);
    stage.tell(Msg::Unfocused);
    for number in 421..=900 {
        stage.hear(Event::Message(Log::message(number)));
    }
    let shelf = stage.shelf.take();
    let mut stage = Stage::keeping(ada(), shelf.unwrap());
    stage.picture(80, 24);
    assert!(seen(&stage).contains(&900));
    stage.keys("<alt-u>");
    let shown = seen(&stage);
    assert!(shown.contains(&420) && shown.contains(&421), "{shown:?}");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("── new ──"), "{picture}");
    assert_eq!(stage.model.chosen, None);
}
