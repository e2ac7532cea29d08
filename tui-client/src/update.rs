//! `(Model, now, Msg) -> Effects`: sends each thing that happened to the part that knows about it.
//! It must never wait, draw, or read a clock; what takes time is an effect.

pub mod asking;
pub mod browsing;
pub mod call;
pub mod catching_up;
pub mod chosen;
pub mod command;
pub mod complete;
pub mod compose;
pub mod edit;
pub mod find;
pub mod interrupt;
pub mod keeping;
pub mod marking;
pub mod moment;
pub mod mouse;
pub mod network;
pub mod overlaid;
pub mod panes;
pub mod parents;
pub mod paste;
pub mod pointed;
mod reopening;
pub mod searching;
mod settled;
pub mod stored;
pub mod threshold;
pub mod touched;
pub mod travel;
pub mod watching;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};

use crate::action::Action;
use crate::effect::Effect;
use crate::ids::WindowId;
use crate::keymap::Chord;
use crate::model::Model;
use crate::model::overlay::{Overlay, Purpose, Question};
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, Millis};
use crate::update::compose::Written;
use crate::update::overlaid::Rest;
use crate::{choices, deeds, gestures, reading};

/// Takes one thing that happened; returns what is to be done about it, in order.
pub fn update(model: &mut Model, now: Millis, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    let deadline = moment::deadline(model);
    model.now = now.max(model.now);
    let has_expired = moment::expire(model);
    // Of what comes by the network nothing is the user's doing.
    let is_deed = !matches!(msg, Msg::Network(..));
    let is_message = matches!(msg, Msg::Network(_, Event::Message(_)));
    let held = match msg {
        Msg::Network(..) | Msg::Stored(_) => reading::held(model),
        _ => None,
    };
    let sight = parents::sight(&msg);
    let is_taken = take(model, &mut effects, msg);
    if let Some(held) = held {
        reading::hold(model, held);
    }
    if is_taken || has_expired {
        effects.push(Effect::Draw);
        reading::fill(model, &mut effects);
        parents::ask(model, &mut effects, sight);
        catching_up::ask(model, &mut effects);
    }
    keeping::recall(model, &mut effects);
    watching::tell(model, &mut effects);
    marking::tell(model, &mut effects);
    if is_deed {
        keeping::tell(model, &mut effects);
    }
    if !is_message || moment::has_calls(model) {
        effects.extend(moment::title(model).map(Effect::SetTitle));
    }
    let deadline_now = moment::deadline(model);
    if deadline_now != deadline {
        effects.push(Effect::WakeAt(deadline_now));
    }
    effects
}

/// Whether the screen may look different now.
fn take(model: &mut Model, effects: &mut Vec<Effect>, msg: Msg) -> bool {
    match msg {
        Msg::Pressed(event) if event.kind == KeyEventKind::Release => return false,
        Msg::Pressed(event) => writing(model, effects, |model, effects| {
            key(model, effects, event);
        }),
        Msg::Pasted(text) => writing(model, effects, |model, effects| {
            paste::run(model, effects, &text);
        }),
        Msg::Wrote(line) => wrote(model, effects, &line),
        Msg::Pointed(event) => {
            let (is_something, rest) = mouse::run(model, effects, event);
            rest_of(model, effects, rest);
            return is_something;
        }
        Msg::Resized(width, height) => {
            model.size = (width, height);
            if let Some(line) = model.chosen {
                reading::show(model, line);
            }
        }
        Msg::Focused => {
            model.has_focus = true;
            deeds::look(model, effects);
        }
        Msg::Unfocused => {
            deeds::look(model, effects);
            model.has_focus = false;
            // What comes while nobody looks begins under a new line.
            if let Some(window) = model.here_mut() {
                window.forget_new();
            }
        }
        Msg::Woken => effects.push(Effect::Redraw),
        Msg::NotOpened => {
            deeds::toast(model, "Nothing here can open that link, so it was copied");
        }
        Msg::Edited(done) => compose::edited(model, done),
        Msg::SettingsTold(answer) => settled::run(model, effects, *answer),
        Msg::Ticked => {
            return moment::is_counting(model);
        }
        // A network that was taken away has no more to say.
        Msg::Network(on, _) if !model.networks.has(on) => return false,
        Msg::Network(on, event) => network::run(model, effects, on, event),
        Msg::HostStarted { address, invite } => network::hosting(model, address, invite),
        Msg::DoorOpened { door } => network::door_opened(model, effects, door),
        Msg::HostGuestsChanged { count } => {
            if let Some(hosting) = &mut model.hosting {
                hosting.guests = count;
            }
        }
        Msg::Stored(reply) => stored::run(model, effects, reply),
        Msg::HostStopped { reason } => network::host_stopped(model, &reason),
    }
    true
}

/// Does something; if what is written is another after it, that is told.
fn writing(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    deed: impl FnOnce(&mut Model, &mut Vec<Effect>),
) {
    let before = written(model);
    deed(model, effects);
    if written(model) != before {
        compose::tell(model, effects);
    }
}

/// The open window and what is written in it.
fn written(model: &Model) -> (WindowId, String) {
    let text = model.here().map(|window| window.input.text().to_owned());
    (model.current, text.unwrap_or_default())
}

fn key(model: &mut Model, effects: &mut Vec<Effect>, event: KeyEvent) {
    if model.keymap.action(Chord::of(event)) != Some(Action::Interrupt) {
        interrupt::disarm(model);
    }
    if model.overlay.is_some() {
        let rest = overlaid::key(model, effects, event);
        if rest == Rest::Again {
            // Nothing lies over the screen now.
            return key(model, effects, event);
        }
        return rest_of(model, effects, rest);
    }
    let chord = Chord::of(event);
    if let Some(gesture) = model
        .keymap
        .gesture(chord)
        .filter(|_| model.chosen.is_some())
        && chosen::run(model, effects, gesture)
    {
        return;
    }
    if chord.is_text()
        && let KeyCode::Char(char) = event.code
    {
        return text(model, effects, char);
    }
    if let Some(action) = model.keymap.action(chord) {
        act(model, effects, action);
    }
}

fn rest_of(model: &mut Model, effects: &mut Vec<Effect>, rest: Rest) {
    match rest {
        Rest::Done | Rest::Again => {}
        Rest::Act(action) => act(model, effects, action),
        Rest::Edit(action) => edit_query(model, action),
        Rest::SendAll => send(model, effects, true),
    }
}

fn text(model: &mut Model, effects: &mut Vec<Effect>, char: char) {
    model.chosen = None;
    model.completion = None;
    model.kills.settle();
    if let Some(find) = &mut model.find {
        find.query.insert(&char.to_string());
        return find::changed(model, effects);
    }
    let Some(window) = model.here_mut() else {
        return;
    };
    if char == '?' && window.input.is_empty() {
        model.overlay = Some(Overlay::Help {
            top: 0,
            is_typed: true,
        });
        return;
    }
    window.input.insert(&char.to_string());
    if char == ':' {
        complete::named_emoji(&mut window.input);
    }
}

/// A line stands for itself: nobody is asked about many lines, a question is answered by asking for the same again, and
/// what is said elsewhere in one line takes those that follow nowhere.
fn wrote(model: &mut Model, effects: &mut Vec<Effect>, line: &str) {
    let before = model.current;
    let asked = model.overlay.take();
    if let Some(window) = model.here_mut() {
        window.input.replace(line);
    }
    send(model, effects, true);
    let is_word = |effect: &Effect| matches!(effect, Effect::Send(_, Command::Say(_)));
    if model.current != before && effects.iter().any(is_word) {
        deeds::go(model, effects, before);
    }
    if model.overlay == asked && matches!(asked, Some(Overlay::Question(Question::Quit { .. }))) {
        deeds::quit(model, effects, "");
    }
}

fn edit_query(model: &mut Model, action: Action) {
    if let Some(Overlay::Picker(mut picker)) = model.overlay.take() {
        if action != Action::Newline {
            edit::run(action, &mut picker.query, &mut model.kills);
        }
        choices::fill(model, &mut picker);
        model.overlay = Some(Overlay::Picker(picker));
    }
}

/// Does what a key means, with nothing lying over the screen.
fn act(model: &mut Model, effects: &mut Vec<Effect>, action: Action) {
    if !matches!(
        action,
        Action::Complete | Action::CompleteBack | Action::Close
    ) {
        let is_stepping = matches!(action, Action::Next | Action::Previous);
        if is_stepping && model.completion.is_some() {
            return complete::step(model, action == Action::Previous);
        }
        model.completion = None;
    }
    if action != Action::YankPop && !edit::is_kill(action) {
        model.kills.settle();
    }
    if model.find.is_some() && found(model, effects, action) {
        return;
    }
    let is_input_empty = model.here().is_none_or(|window| window.input.is_empty());
    match action {
        Action::Send if chosen::unfold(model) => {}
        Action::Send => send(model, effects, false),
        Action::Complete => complete::step(model, false),
        Action::CompleteBack => complete::step(model, true),
        Action::Previous => compose::previous(model),
        Action::Next => compose::next(model),
        Action::LineEnd if is_input_empty => reading::bottom(model),
        Action::KillOrSwitch if at_end(model) => pick(model, Purpose::Switch),
        Action::HistorySearch => pick(model, Purpose::Recall),
        Action::Switch => pick(model, Purpose::Switch),
        Action::Mentions => pick(model, Purpose::Mentions),
        Action::Join => threshold::enter(model, effects),
        Action::Leave => threshold::leave(model),
        Action::Close => close(model),
        Action::Find => find::open(model),
        Action::Members => panes::members(model),
        Action::Rooms => panes::rooms(model),
        Action::Help => {
            model.overlay = Some(Overlay::Help {
                top: 0,
                is_typed: false,
            });
        }
        Action::Edit => compose::edit(model, effects),
        Action::Mouse => mouse::toggle(model, effects),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Suspend => deeds::ask_sleep(model, effects),
        Action::Interrupt => interrupt::run(model, effects),
        Action::Quit => deeds::ask_quit(model, effects, ""),
        action => {
            if !travel::run(action, model, effects) {
                edit_input(model, action);
            }
        }
    }
}

fn edit_input(model: &mut Model, action: Action) {
    model.chosen = None;
    let mut kills = std::mem::take(&mut model.kills);
    if let Some(window) = model.here_mut() {
        edit::run(action, &mut window.input, &mut kills);
    }
    model.kills = kills;
}

/// Keys of the open search; false if the key is not the search's.
fn found(model: &mut Model, effects: &mut Vec<Effect>, action: Action) -> bool {
    match action {
        Action::Send | Action::Previous | Action::Find => find::step(model, effects, true),
        Action::Next => find::step(model, effects, false),
        Action::Close | Action::Interrupt => find::close(model),
        Action::Newline | Action::Complete | Action::CompleteBack | Action::HistorySearch => {}
        action => {
            let Some(find) = &mut model.find else {
                return false;
            };
            let before = find.query.text().to_owned();
            let is_edit = edit::run(action, &mut find.query, &mut model.kills);
            if is_edit && find.query.text() != before {
                find::changed(model, effects);
            }
            return is_edit;
        }
    }
    true
}

fn send(model: &mut Model, effects: &mut Vec<Effect>, is_sure: bool) {
    match compose::take(model, is_sure) {
        Written::Nothing => {}
        Written::Command(text) => command::run(model, effects, &text),
        Written::Message(text) => compose::say(model, effects, &text),
    }
}

/// Whether nothing stands right of the cursor, so that there is nothing to kill.
fn at_end(model: &Model) -> bool {
    model
        .here()
        .is_none_or(|window| window.input.after().is_empty())
}

fn pick(model: &mut Model, purpose: Purpose) {
    model.kills.settle();
    model.overlay = Some(Overlay::Picker(choices::open(model, purpose)));
}

/// Closes the uppermost thing that is open, one at a time; then goes to the newest message.
fn close(model: &mut Model) {
    if model.completion.is_some() {
        complete::undo(model);
    } else if model.chosen.is_some() {
        model.chosen = None;
    } else if let Some(window) = model.here_mut() {
        if window.reply_to.is_some() {
            gestures::answer_nothing(window);
        } else {
            window.anchor = None;
            model.read_outside = None;
        }
    }
}

#[cfg(test)]
mod tests;
