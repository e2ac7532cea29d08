//! `MONITOR +|-|C|L|S [<nick>{,<nick>}]`: be told when somebody comes or goes (IRCv3 monitor).

use protocol::{Folded, Message, name, numeric as n};

use crate::handler::Ctx;
use crate::refusal::{self, Refusal};

/// Bytes of names in one line.
const NAMES_BYTES_MAX: usize = 380;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let names = message.param(1).unwrap_or_default();
    match message.param(0).unwrap_or_default() {
        "+" => return add(ctx, names),
        "-" => remove(ctx, names),
        "C" | "c" => {
            let all: Vec<String> = ctx.my_session().monitored.values().cloned().collect();
            remove(ctx, &all.join(","));
        }
        "L" | "l" => {
            let all: Vec<String> = ctx.my_session().monitored.values().cloned().collect();
            tell(ctx, n::RPL_MONLIST, &all);
            ctx.reply(n::RPL_ENDOFMONLIST, &[], "End of MONITOR list");
        }
        "S" | "s" => {
            let all: Vec<String> = ctx.my_session().monitored.values().cloned().collect();
            status(ctx, &all);
        }
        _ => return Err(refusal::need_more_params("MONITOR")),
    }
    Ok(())
}

fn add(ctx: &mut Ctx<'_>, names: &str) -> Result<(), Refusal> {
    let limits = &ctx.state.settings.limits;
    let (most, nick_max) = (limits.monitor_max, limits.nick_bytes_max);
    let mut added = Vec::new();
    let mut left_out = Vec::new();
    for nick in names
        .split(',')
        .filter(|nick| name::check_nick(nick, nick_max).is_ok())
    {
        let folded = Folded::new(nick);
        let id = ctx.session;
        let Some(session) = ctx.state.network.session_mut(id) else {
            break;
        };
        if !session.monitored.contains_key(&folded) {
            if session.monitored.len() >= most {
                left_out.push(nick.to_owned());
                continue;
            }
            session.monitored.insert(folded.clone(), nick.to_owned());
            ctx.state.network.watch(folded, id);
        }
        added.push(nick.to_owned());
    }
    status(ctx, &added);
    if !left_out.is_empty() {
        let limit = most.to_string();
        let list = left_out.join(",");
        ctx.reply(n::ERR_MONLISTFULL, &[&limit, &list], "Monitor list is full");
    }
    Ok(())
}

fn remove(ctx: &mut Ctx<'_>, names: &str) {
    let id = ctx.session;
    for nick in names.split(',') {
        let folded = Folded::new(nick);
        if let Some(session) = ctx.state.network.session_mut(id)
            && session.monitored.shift_remove(&folded).is_some()
        {
            ctx.state.network.unwatch(&folded, id);
        }
    }
}

/// Who of these is here (730) and who is not (731).
fn status(ctx: &mut Ctx<'_>, nicks: &[String]) {
    let mut online = Vec::new();
    let mut offline = Vec::new();
    for nick in nicks {
        match ctx.state.network.find_user(nick) {
            Some(user) => online.push(ctx.state.network.user(user).mask.clone()),
            None => offline.push(nick.clone()),
        }
    }
    tell(ctx, n::RPL_MONONLINE, &online);
    tell(ctx, n::RPL_MONOFFLINE, &offline);
}

fn tell(ctx: &mut Ctx<'_>, code: u16, names: &[String]) {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut() {
            Some(line) if line.len() + name.len() < NAMES_BYTES_MAX => {
                line.push(',');
                line.push_str(name);
            }
            _ => lines.push(name.clone()),
        }
    }
    for line in lines {
        ctx.reply(code, &[], &line);
    }
}
