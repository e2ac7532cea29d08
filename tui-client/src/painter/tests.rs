//! Frames on terminals that disagree about widths: nothing strays, whatever was there before.
//! They must never compare two frames as values: only what a terminal makes of the bytes counts.

mod glass;

use std::cell::{Ref, RefCell};
use std::io;
use std::rc::Rc;

use proptest::prelude::*;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{TerminalOptions, Viewport};

use self::glass::{Belief, Glass, Pane};
use super::*;
use crate::msg::Msg;
use crate::stage::Stage;
use crate::theme::{Depth, Sheet};
use crate::width;

/// Clusters that terminals dispute, and some that they do not.
const CLUSTERS: &[&str] = &[
    "🇩🇪",
    "🇩",
    "👨‍👩‍👧‍👦",
    "👩‍🚀",
    "👍🏽",
    "☝🏽",
    "❤\u{fe0f}",
    "1\u{fe0f}\u{20e3}",
    "🏳\u{fe0f}‍🌈",
    "🫨",
    "世",
    "é",
    "क्षि",
    "का",
    "கா",
    "\u{600}1",
    "☰",
    "䷀",
    "㉈",
    "ｶﾞ",
    "ab",
    " ",
    "https://a.example/ü",
];
const SIZE: (u16, u16) = (40, 12);

/// A screen on a terminal that believes this.
struct Shown {
    terminal: Terminal<CrosstermBackend<Pane>>,
    painter: Painter,
    glass: Rc<RefCell<Glass>>,
}

impl Shown {
    fn new(belief: Belief) -> Self {
        let (width, height) = SIZE;
        let glass = Rc::new(RefCell::new(Glass::new(SIZE, belief)));
        let backend = CrosstermBackend::new(Pane(Rc::clone(&glass)));
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        Self {
            terminal,
            painter: Painter::default(),
            glass,
        }
    }

    fn draw(&mut self, model: &Model) {
        let mut theme = Theme::new(Sheet::built_in("dark").unwrap(), Depth::Full, true);
        theme.has_links = true;
        self.painter
            .frame(&mut self.terminal, model, theme)
            .unwrap();
        self.terminal.backend_mut().end();
        io::Write::flush(self.terminal.backend_mut()).unwrap();
    }

    fn glass(&self) -> Ref<'_, Glass> {
        self.glass.borrow()
    }
}

/// What the terminal shows is what a new one would show, and every cell that is not disputed is right.
fn check(model: &Model, shown: &Shown, belief: Belief) {
    let mut anew = Shown::new(belief);
    anew.draw(model);
    assert_eq!(
        shown.glass().text(),
        anew.glass().text(),
        "{belief:?}: something of an earlier frame is still there"
    );
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    let theme = Theme::new(Sheet::built_in("dark").unwrap(), Depth::Full, true);
    view::paint(model, theme, &mut view::Cache::default(), &mut buffer);
    for y in 0..SIZE.1 {
        let mut x = 0;
        while let Some(cell) = buffer.cell((x, y)) {
            let cells = cell.cell_width().max(1);
            let glass = shown.glass();
            let seen = glass.at(x, y);
            assert!(
                is_disputed(cell) || cell.symbol().contains('\u{1b}') || seen == cell.symbol(),
                "{belief:?}: {seen:?} stands at {x}, {y}, where {:?} belongs\n{}",
                cell.symbol(),
                glass.text()
            );
            x += cells;
        }
    }
    assert_eq!(shown.glass().cursor(), anew.glass().cursor());
}

fn keys() -> impl Strategy<Value = Vec<String>> {
    let key = prop_oneof![
        4 => prop::sample::select(CLUSTERS.to_vec()).prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "<backspace>", "<left>", "<right>", "<home>", "<delete>", "<ctrl-w>", "<ctrl-u>",
            "<ctrl-y>", "<alt-enter>", "<pageup>", "<esc>", "<ctrl-t>", "<f1>", "<ctrl-up>",
        ]).prop_map(str::to_owned),
        1 => Just("<enter>".to_owned()),
        1 => prop::collection::vec(prop::sample::select(CLUSTERS.to_vec()), 1..12)
            .prop_map(|said| format!("say {}", said.concat())),
    ];
    prop::collection::vec(key, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_strays_whatever_the_terminal_believes(
        keys in keys(),
        belief in prop::sample::select(Belief::ALL.to_vec()),
    ) {
        width::add_up(belief.adds_up());
        let mut stage = Stage::in_lobby();
        stage.tell(Msg::Resized(SIZE.0, SIZE.1));
        let mut shown = Shown::new(belief);
        for key in keys {
            match key.strip_prefix("say ") {
                Some(said) => stage.say("14:01", "grace", said),
                None => stage.keys(&key),
            }
            shown.draw(&stage.model);
            check(&stage.model, &shown, belief);
        }
    }
}

#[test]
fn a_family_that_is_taken_back_leaves_nothing() {
    for belief in Belief::ALL {
        width::add_up(belief.adds_up());
        let mut stage = Stage::in_lobby();
        stage.tell(Msg::Resized(SIZE.0, SIZE.1));
        let mut shown = Shown::new(*belief);
        for key in [
            "a",
            "🇩🇪",
            "👨‍👩‍👧‍👦",
            "❤\u{fe0f}",
            "x",
            "<left>",
            "<backspace>",
            "<backspace>",
            "<backspace>",
        ] {
            stage.keys(key);
            shown.draw(&stage.model);
            check(&stage.model, &shown, *belief);
        }
        assert!(
            shown.glass().text().contains("ax"),
            "{}",
            shown.glass().text()
        );
    }
}

#[test]
fn rows_that_stay_are_not_painted_again() {
    let mut stage = Stage::in_lobby();
    stage.tell(Msg::Resized(SIZE.0, SIZE.1));
    stage.say("14:01", "grace", "👨‍👩‍👧‍👦 🇩🇪");
    let mut shown = Shown::new(Belief::Clusters);
    shown.draw(&stage.model);
    let before = shown.glass().text();
    shown.glass.borrow_mut().clear();
    shown.draw(&stage.model);
    assert!(
        shown.glass().text().trim().is_empty(),
        "{}",
        shown.glass().text()
    );
    // Unless the terminal may show anything.
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    shown.terminal.resize(area).unwrap();
    shown.painter.forget();
    shown.draw(&stage.model);
    assert_eq!(shown.glass().text(), before);
}

#[test]
fn a_letter_behind_a_family_is_seen_on_a_terminal_that_adds_up() {
    width::add_up(width::adds_up_on("foot-extra"));
    let mut stage = Stage::in_lobby();
    stage.tell(Msg::Resized(SIZE.0, SIZE.1));
    let mut shown = Shown::new(Belief::Sums);
    for said in ["👨‍👩‍👧‍👦 all 👍🏽 well", "a👩‍🚀b", "plain"] {
        stage.say("14:01", "grace", said);
        shown.draw(&stage.model);
        check(&stage.model, &shown, Belief::Sums);
    }
    stage.keys("👨‍👩‍👧‍👦x<left>");
    shown.draw(&stage.model);
    check(&stage.model, &shown, Belief::Sums);
    // Before the x, behind eight cells.
    let cursor = shown.glass().cursor().unwrap();
    assert_eq!(shown.glass().at(u16::try_from(cursor.0).unwrap(), 10), "x");
}
