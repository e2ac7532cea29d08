//! Whether everything that is drawn stays where it belongs: each pane is drawn alone onto blotting paper.
//! It must never ask the code that draws how far it went.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Color;

use crate::hues::Hues;
use crate::model::Model;
use crate::model::overlay::Overlay;
use crate::rows::Plain;
use crate::stage::Stage;
use crate::theme::{Depth, Theme};
use crate::{pen, view, width};

/// What the paper shows where nobody drew; nobody draws it.
const BLANK: &str = "\u{2592}";
/// So many cells of paper lie around the screen.
const MARGIN: u16 = 3;

fn paper(model: &Model) -> Buffer {
    let (width, height) = model.size;
    let area = Rect::new(0, 0, width + MARGIN, height + MARGIN);
    Buffer::filled(area, Cell::new(BLANK))
}

fn is_touched(cell: &Cell) -> bool {
    const UNTOUCHED: Cell = Cell::new(BLANK);
    *cell != UNTOUCHED
}

/// The cells that were drawn lie within this.
#[track_caller]
fn within(what: &str, area: Rect, paper: &Buffer) {
    for place in paper.area.positions() {
        let cell = &paper[place];
        assert!(
            !is_touched(cell) || area.contains(place),
            "{what} has {area:?} and draws {:?} at {place:?}",
            cell.symbol()
        );
    }
}

/// Draws the whole screen.
#[track_caller]
pub(super) fn together(stage: &mut Stage, (theme, depth): (Theme, Depth)) {
    let layout = stage.model.layout();
    let mut whole = paper(&stage.model);
    let cursor = stage.painted(theme, &mut whole);
    within("the screen", layout.area, &whole);
    let model = &stage.model;
    if model.overlay.is_none() {
        let is_inside = cursor
            .is_none_or(|cursor| !layout.area.contains(cursor) || layout.input.contains(cursor));
        assert!(
            is_inside,
            "the cursor is at {cursor:?}, outside {:?}",
            layout.input
        );
    }
    rows(layout.area, &whole);
    counted(model);
    if model.overlay.is_none() && model.completion.is_none() {
        edges(model, &whole);
    }
    if depth == Depth::Mono {
        let is_plain = |cell: &Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        let mut cells = whole.content().iter();
        assert!(cells.all(is_plain), "there is colour where none is wanted");
    }
}

/// Each row is as wide as the screen: what is wide has both its cells.
#[track_caller]
fn rows(area: Rect, whole: &Buffer) {
    for y in area.y..area.bottom() {
        let mut x = area.x;
        while x < area.right() {
            x += width::of(pen::shown(whole[(x, y)].symbol())).max(1);
        }
        assert_eq!(x, area.right(), "row {y} is not as wide as the screen");
    }
}

/// What is counted as failed is what one finds.
#[track_caller]
fn counted(model: &Model) {
    for window in &model.windows {
        let failed = window.scrollback.iter().filter(|entry| entry.has_failed());
        assert_eq!(
            window.scrollback.unsent().0,
            failed.count(),
            "{}",
            window.name
        );
    }
}

/// The lines between the panes stand whole.
#[track_caller]
fn edges(model: &Model, whole: &Buffer) {
    let layout = model.layout();
    for y in layout.messages.y..layout.messages.bottom() {
        if layout.rooms.width > 0 {
            assert_eq!(whole[(layout.rooms.right(), y)].symbol(), "│");
        }
        if layout.members.width > 0 {
            assert_eq!(whole[(layout.members.x - 1, y)].symbol(), "│");
        }
    }
}

/// Draws each pane alone.
#[track_caller]
pub(super) fn alone(model: &Model, theme: Theme) {
    let layout = model.layout();
    let mut hues = Hues::default();
    let mut try_out = |what: &str, area: Rect, draw: &mut dyn FnMut(&mut Buffer, &mut Hues)| {
        let mut paper = paper(model);
        draw(&mut paper, &mut hues);
        within(what, area, &paper);
    };
    try_out("the title", layout.title, &mut |buf, _| {
        view::title::draw(model, theme, layout.title, buf);
    });
    try_out("the rooms", layout.rooms, &mut |buf, _| {
        view::rooms::draw(model, theme, layout.rooms, buf);
    });
    try_out("the messages", layout.messages, &mut |buf, hues| {
        if model.is_outside() {
            view::outside::draw(model, theme, layout.messages, buf);
        } else {
            view::messages::draw(model, (theme, hues), layout.messages, buf, &mut Plain);
        }
    });
    try_out("the members", layout.members, &mut |buf, hues| {
        view::members::draw(model, (theme, hues), layout.members, buf);
    });
    try_out("the rule", layout.rule, &mut |buf, _| {
        view::rule::draw(model, theme, layout, buf);
    });
    try_out("the input", layout.input, &mut |buf, _| {
        view::input::draw(model, theme, layout.input, buf);
    });
    try_out("the footer", layout.footer, &mut |buf, _| {
        view::footer::draw(model, theme, layout.footer, buf);
    });
    let above = Rect {
        height: layout.rule.y.min(layout.input.y),
        ..layout.area
    };
    try_out("the completion", above, &mut |buf, _| {
        view::popup::completion(model, theme, above, buf);
    });
    if let Some(overlay) = &model.overlay {
        let mut paper = paper(model);
        view::over(model, (theme, &mut hues), overlay, &mut paper);
        within("what lies over it", layout.area, &paper);
        framed(overlay, &paper);
    }
}

/// What lies over the screen is a box, and nothing outside of it: its frame is whole but for words in its lines.
#[track_caller]
fn framed(overlay: &Overlay, paper: &Buffer) {
    let touched = || {
        paper
            .area
            .positions()
            .filter(|place| is_touched(&paper[*place]))
    };
    let Some(left) = touched().map(|place| place.x).min() else {
        return;
    };
    let right = touched().map(|place| place.x).max().unwrap();
    let top = touched().map(|place| place.y).min().unwrap();
    let bottom = touched().map(|place| place.y).max().unwrap();
    if right == left || bottom == top {
        return;
    }
    let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
    let corners = corners.map(|place| paper[place].symbol());
    assert_eq!(corners, ["╭", "╮", "╰", "╯"], "{overlay:?}");
    for y in top + 1..bottom {
        assert_eq!(paper[(left, y)].symbol(), "│", "{overlay:?}");
        assert_eq!(paper[(right, y)].symbol(), "│", "{overlay:?}");
    }
}
