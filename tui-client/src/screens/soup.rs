//! Anything at all, at any size, in any theme: nothing may panic, nothing may be drawn outside its pane.
//! It must never be tamed so that it passes.

mod around;
mod happenings;
mod panes;
mod scene;

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use self::around::around;
use self::happenings::{heard, words};
use self::scene::{opening, scene};
use crate::action::{ALL, Action};
use crate::ids::NetworkId;
use crate::keymap::Keymap;
use crate::msg::Msg;
use crate::slash;
use crate::stage::Stage;
use crate::theme::{Depth, Sheet, Theme};
use crate::width;

/// Each pane is drawn alone once in so many steps, because that takes as long as ten screens.
const ALONE: usize = 5;

/// Where the mouse points.
#[derive(Clone, Copy, Debug)]
enum Aim {
    /// Anywhere, also outside.
    At(u16, u16),
    /// Into a part of the screen, so far of its width and height in 255ths.
    Part(Index, u8, u8),
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Told(Box<Msg>),
    /// Written key by key, and sent or not.
    Written(String, bool),
    Pointed(MouseEventKind, Aim),
    /// Keys that open something, so that what follows finds it open; what is open may be closed before.
    Opened(&'static str, bool),
    /// The answers of a slow store come.
    Delivered,
}

fn told(msg: Msg) -> Step {
    Step::Told(Box::new(msg))
}

fn pressed(code: KeyCode) -> Msg {
    Msg::Pressed(KeyEvent::new(code, KeyModifiers::empty()))
}

/// Every chord of every action but one: quitting ends the play.
fn chord() -> impl Strategy<Value = Step> {
    let map = Keymap::default();
    let actions = ALL.iter().filter(|row| row.action != Action::Quit);
    let chords: Vec<String> = actions
        .flat_map(|row| map.chords(row.action).map(|chord| chord.to_string()))
        .collect();
    let kinds = select(vec![
        KeyEventKind::Press,
        KeyEventKind::Press,
        KeyEventKind::Repeat,
        KeyEventKind::Release,
    ]);
    (select(chords), kinds).prop_map(|(chord, kind)| {
        let event = crate::stage::chord::event(&chord);
        told(Msg::Pressed(KeyEvent { kind, ..event }))
    })
}

fn key() -> impl Strategy<Value = Step> {
    let codes = vec![
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Backspace,
        KeyCode::PageUp,
        KeyCode::Char('y'),
        KeyCode::Char('r'),
        KeyCode::Char('d'),
        KeyCode::Char('o'),
        KeyCode::Char('+'),
        KeyCode::Char('?'),
        KeyCode::Char('/'),
        KeyCode::Char(':'),
        KeyCode::Char(' '),
    ];
    prop_oneof![
        3 => select(codes).prop_map(|code| told(pressed(code))),
        1 => any::<char>().prop_map(|char| told(pressed(KeyCode::Char(char)))),
    ]
}

/// Commands with what they take, or with anything, or not complete.
fn command() -> impl Strategy<Value = Step> {
    let rows = slash::ALL.iter();
    let names: Vec<&str> = rows
        .flat_map(|row| row.aliases.iter().copied().chain([row.name]))
        .collect();
    let taken = select(vec![
        "", "#lobby", "#ops", "grace", "on", "list", "kept", "add", "x 1",
    ]);
    let taken = prop_oneof![taken.prop_map(str::to_owned), words()];
    (select(names), taken, any::<bool>())
        .prop_map(|(name, taken, is_sent)| Step::Written(format!("/{name} {taken}"), is_sent))
}

fn mouse() -> impl Strategy<Value = Step> {
    let kinds = vec![
        MouseEventKind::ScrollUp,
        MouseEventKind::ScrollDown,
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::Drag(MouseButton::Left),
        MouseEventKind::Up(MouseButton::Left),
        MouseEventKind::Down(MouseButton::Right),
        MouseEventKind::Down(MouseButton::Middle),
        MouseEventKind::Moved,
    ];
    let aim = prop_oneof![
        (0_u16..140, 0_u16..50).prop_map(|(x, y)| Aim::At(x, y)),
        any::<(Index, u8, u8)>().prop_map(|(part, x, y)| Aim::Part(part, x, y)),
    ];
    (select(kinds), aim).prop_map(|(kind, aim)| Step::Pointed(kind, aim))
}

/// Terminals are also so small, and have no size at all before they are shown.
fn size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        (0_u16..6, 0_u16..6),
        (1_u16..130, 1_u16..45),
        select(vec![(40, 12), (59, 20), (76, 24), (120, 40)]),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => chord(),
        4 => (opening(), any::<bool>()).prop_map(|(keys, is_alone)| Step::Opened(keys, is_alone)),
        3 => key(),
        3 => command(),
        8 => (0_u16..4, heard()).prop_map(|(on, event)| told(Msg::Network(NetworkId(on), event))),
        2 => (words(), any::<bool>()).prop_map(|(text, is_sent)| Step::Written(text, is_sent)),
        1 => words().prop_map(|text| told(Msg::Pasted(text))),
        3 => mouse(),
        2 => prop_oneof![8 => around().prop_map(told), 1 => Just(Step::Delivered)],
        2 => size().prop_map(|(width, height)| told(Msg::Resized(width, height))),
    ]
}

fn theme() -> impl Strategy<Value = (Theme, Depth)> {
    let names: Vec<&str> = Sheet::names().collect();
    let depths = vec![Depth::Mono, Depth::Sixteen, Depth::Indexed, Depth::Full];
    (select(names), select(depths), any::<bool>()).prop_map(|(name, depth, has_links)| {
        let sheet = Sheet::built_in(name).unwrap();
        (Theme::new(sheet, depth, has_links), depth)
    })
}

/// Where that is now.
fn place(stage: &Stage, aim: Aim) -> (u16, u16) {
    let (part, across, down) = match aim {
        Aim::At(x, y) => return (x, y),
        Aim::Part(part, x, y) => (part, x, y),
    };
    let layout = stage.model.layout();
    // The lines beside the panes are parts, too: they can be dragged.
    let line = |x: u16| ratatui::layout::Rect {
        x,
        width: 1,
        ..layout.messages
    };
    let parts = [
        layout.rooms,
        layout.messages,
        layout.members,
        layout.input,
        layout.title,
        layout.rule,
        layout.footer,
        line(layout.rooms.right()),
        line(layout.members.x.saturating_sub(1)),
    ];
    let part = part.get(&parts);
    let share = |length: u16, of: u8| {
        let cells = u32::from(length) * u32::from(of) / 256;
        u16::try_from(cells).unwrap()
    };
    (
        part.x + share(part.width, across),
        part.y + share(part.height, down),
    )
}

fn take(stage: &mut Stage, step: Step) {
    match step {
        Step::Told(msg) => stage.tell(*msg),
        Step::Written(text, is_sent) => {
            for char in text.chars() {
                stage.tell(pressed(KeyCode::Char(char)));
            }
            if is_sent {
                stage.tell(pressed(KeyCode::Enter));
            }
        }
        Step::Pointed(kind, aim) => {
            let at = place(stage, aim);
            stage.point(kind, at);
        }
        Step::Opened(keys, is_alone) => {
            if is_alone {
                stage.keys("<esc><esc>");
            }
            stage.keys(keys);
        }
        Step::Delivered if stage.shelf.is_some() => stage.deliver(),
        Step::Delivered => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_nothing_leaves_its_pane(
        steps in prop::collection::vec(step(), 0..60),
        size in size(),
        scene in scene(),
        theme in theme(),
        adds_up in any::<bool>(),
    ) {
        width::add_up(adds_up);
        let mut stage = scene.begin();
        for (number, step) in steps.into_iter().enumerate() {
            stage.now += 700;
            take(&mut stage, step);
            panes::together(&mut stage, theme);
            if number % ALONE == 0 {
                panes::alone(&stage.model, theme.0);
            }
        }
        stage.tell(Msg::Resized(size.0, size.1));
        for is_bare in [false, true] {
            if is_bare {
                stage.model.overlay = None;
                stage.model.completion = None;
            }
            panes::together(&mut stage, theme);
            panes::alone(&stage.model, theme.0);
        }
    }
}
