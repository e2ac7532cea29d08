//! `STATS <letter>`: for operators: use of commands (m), bans (k, d), operators (o), uptime (u).

use protocol::{Message, numeric as n};

use crate::handler::Ctx;
use crate::modes::UserMode;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let letter = message
        .param(0)
        .and_then(|text| text.chars().next())
        .unwrap_or('*');
    let operator = ctx.me().modes.has(UserMode::Operator);
    if letter != 'u' && !operator {
        return Err(refusal::no_privileges());
    }
    match letter {
        'm' => uses(ctx),
        'k' | 'd' => bans(ctx, letter == 'd'),
        'o' => {
            let names: Vec<String> = ctx
                .state
                .settings
                .operators
                .iter()
                .map(|operator| operator.name.clone())
                .collect();
            for name in names {
                ctx.numeric(n::RPL_STATSOLINE)
                    .param("O")
                    .param("*")
                    .param("*")
                    .last(&name)
                    .end();
            }
        }
        'u' => {
            let seconds = ctx.now.wall.0.saturating_sub(ctx.state.settings.created.0) / 1000;
            let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
            let text = format!(
                "Server up {days} days {hours}:{minutes:02}:{:02}",
                seconds % 60
            );
            ctx.reply(n::RPL_STATSUPTIME, &[], &text);
        }
        _ => {}
    }
    ctx.reply(
        n::RPL_ENDOFSTATS,
        &[&letter.to_string()],
        "End of STATS report",
    );
    Ok(())
}

fn uses(ctx: &mut Ctx<'_>) {
    let rows: Vec<(&str, u64)> = ctx
        .table
        .iter()
        .zip(&ctx.state.uses)
        .filter(|(_, uses)| **uses > 0)
        .map(|(spec, uses)| (spec.verb, *uses))
        .collect();
    for (verb, uses) in rows {
        ctx.numeric(n::RPL_STATSCOMMANDS)
            .param(verb)
            .param(&uses.to_string())
            .param("0")
            .end();
    }
}

fn bans(ctx: &mut Ctx<'_>, address_only: bool) {
    let entries: Vec<_> = ctx
        .state
        .network
        .expelled
        .iter()
        .filter(|entry| entry.address_only == address_only)
        .cloned()
        .collect();
    let (code, sign) = if address_only {
        (n::RPL_STATSDLINE, "D")
    } else {
        (n::RPL_STATSKLINE, "K")
    };
    for entry in entries {
        let until = entry
            .until
            .map_or_else(|| "*".to_owned(), |until| until.to_string());
        ctx.reply(
            code,
            &[sign, &entry.mask, &until, &entry.setter],
            &entry.reason,
        );
    }
}
