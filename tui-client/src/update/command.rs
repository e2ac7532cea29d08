//! Runs the commands that are written: one small function each.
//! It must never know a command by anything but the table in `slash`.

pub mod account;
pub mod bouncer;
pub mod links;
pub mod masks;
pub mod networks;
pub mod people;
pub mod rooms;

use crate::alias::{self, Alias, Missing};
use crate::attention;
use crate::choices;
use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::model::Model;
use crate::model::overlay::{Overlay, Purpose};
use crate::session::command::{Account, Command};
use crate::slash::{self, Slash, misspelt};
use crate::store::Request;
use crate::update::browsing;
use crate::update::call::{Call, split};
use crate::update::searching;
use crate::window;

/// Runs a command, given without its slash.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, text: &str) {
    let (name, rest) = split(text);
    let Some(row) = slash::named(name) else {
        if let Some(alias) = model.habits.alias(name).cloned() {
            return own(model, effects, &alias, rest);
        }
        return deeds::note_here(model, Tone::Trouble, &unknown(name));
    };
    handler(row.slash)(Call {
        model,
        effects,
        row,
        rest,
    });
}

fn unknown(name: &str) -> String {
    match misspelt::nearest(name) {
        Some(near) => format!("There is no /{name}. Did you mean /{near}?"),
        None => format!("There is no /{name}. /help lists the commands; //{name} says it."),
    }
}

/// Runs a command of the user's own. It stands for one of the table, so that this comes back but once.
fn own(model: &mut Model, effects: &mut Vec<Effect>, alias: &Alias, rest: &str) {
    let network = model.network();
    let here = model.here();
    let place = alias::Place {
        channel: here
            .filter(|window| window.kind != window::Kind::Server)
            .map(|window| window.name.as_str()),
        nick: &network.nick,
        server: &network.label,
    };
    let why = match alias.filled(rest, place) {
        Ok(line) => return run(model, effects, &line),
        Err(Missing::Word(1)) => "it wants a word behind it".to_owned(),
        Err(Missing::Word(number)) => format!("it wants {number} words behind it"),
        Err(Missing::Channel) => "it works in a room".to_owned(),
    };
    let text = format!("/{} (/{}): {why}.", alias.name, alias.line);
    deeds::note_here(model, Tone::Trouble, &text);
}

fn handler(slash: Slash) -> fn(Call<'_>) {
    match slash {
        Slash::Join => rooms::join,
        Slash::Leave => rooms::leave,
        Slash::Close => rooms::close,
        Slash::Window => window,
        Slash::Nick => |call| call.word(Command::Nick),
        Slash::Say => people::say,
        Slash::Format => people::format,
        Slash::Me => people::me,
        Slash::Msg => people::msg,
        Slash::Notice => people::notice,
        Slash::Topic => rooms::topic,
        Slash::Names => rooms::names,
        Slash::List => browsing::list,
        Slash::Who => people::who,
        Slash::Whois => people::whois,
        Slash::Ctcp => people::ctcp,
        Slash::Ping => |call| {
            call.word(|nick| Command::Ctcp {
                nick,
                verb: "PING".to_owned(),
            });
        },
        Slash::Oper => account::oper,
        Slash::Through(..) => |call| call.through(),
        Slash::Away => people::away,
        Slash::Metadata => people::metadata,
        Slash::Back => |call| call.send(Command::Away { message: None }),
        Slash::Invite => rooms::invite,
        Slash::InviteLink => links::invite_link,
        Slash::Kick => rooms::kick,
        Slash::KickBan => rooms::kick_and_ban,
        Slash::Cycle => rooms::cycle,
        Slash::Ban => |call| masks::change(call, masks::List::Bans, '+'),
        Slash::Unban => |call| masks::change(call, masks::List::Bans, '-'),
        Slash::Quiet => |call| masks::change(call, masks::List::Quiets, '+'),
        Slash::Unquiet => |call| masks::change(call, masks::List::Quiets, '-'),
        Slash::Stand(..) => rooms::stand,
        Slash::Mode => rooms::mode,
        Slash::Bot => people::bot,
        Slash::Search => search,
        Slash::Mute => |call| attention::mute(call.model, split(call.rest).0),
        Slash::Notify => |call| attention::notify(call.model, split(call.rest).0),
        Slash::Ignore => |call| attention::ignore(call.model, split(call.rest).0),
        Slash::Clear => clear,
        Slash::Device => account::device,
        Slash::Login => account::login,
        Slash::Password => account::password,
        Slash::Erase => account::erase,
        Slash::Register => account::register,
        Slash::Verify => |call| {
            call.word(|code| Command::Account(Account::Verify { code }));
        },
        Slash::Trust => |call| call.effects.push(Effect::Trust(call.model.on())),
        Slash::Connect => networks::connect,
        Slash::Disconnect => networks::disconnect,
        Slash::Network => networks::network,
        Slash::Bouncer => bouncer::run,
        Slash::Knock => rooms::knock,
        Slash::Accept => people::accept,
        Slash::Edit => |call| call.effects.push(Effect::Edit(call.rest.to_owned())),
        Slash::Set => set,
        Slash::Raw => |call| call.line(),
        Slash::Help => |call| help(call.model, call.rest),
        Slash::Quit => |call| deeds::ask_quit(call.model, call.effects, call.rest),
    }
}

fn set(call: Call<'_>) {
    let (name, value) = split(call.rest);
    let (name, value) = (name.to_owned(), value.to_owned());
    call.effects.push(Effect::Set { name, value });
}

fn search(call: Call<'_>) {
    if call.rest.is_empty() {
        return call.usage();
    }
    searching::begin(call.model, call.effects, call.rest);
}

/// Goes to a window by its number, its name, or the beginning or a part of it; without any, offers them.
fn window(call: Call<'_>) {
    let wanted = call.rest.trim();
    if wanted.is_empty() {
        let picker = choices::open(call.model, Purpose::Switch);
        call.model.overlay = Some(Overlay::Picker(picker));
        return;
    }
    match choices::window(call.model, wanted) {
        Some(id) => deeds::go(call.model, call.effects, id),
        None => {
            let text = format!("There is no window like {wanted}; /join enters a room.");
            deeds::note_here(call.model, Tone::Trouble, &text);
        }
    }
}

/// Empties the window; what is kept of it on this machine only if that is said.
fn clear(call: Call<'_>) {
    let id = call.model.current;
    if let Some(window) = call.model.here_mut() {
        window.clear();
    }
    if call.rest == "kept"
        && let Some(place) = call.model.kept_as(id)
    {
        call.effects.push(Effect::Keep(Request::Forget(place)));
    }
}

fn help(model: &mut Model, rest: &str) {
    let name = rest.trim_start_matches('/');
    if let Some(alias) = model.habits.alias(name) {
        let text = format!("/{} is yours: /{}", alias.name, alias.line);
        return deeds::note_here(model, Tone::Answer, &text);
    }
    match slash::named(name) {
        Some(row) => {
            let text = format!("/{} {}: {}", row.name, row.args, row.help);
            deeds::note_here(model, Tone::Answer, &text);
        }
        None if !name.is_empty() => deeds::note_here(model, Tone::Trouble, &unknown(name)),
        None => {
            model.overlay = Some(Overlay::Help {
                top: 0,
                is_typed: false,
            });
        }
    }
}
