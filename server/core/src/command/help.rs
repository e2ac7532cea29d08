//! `HELP [<command>]`: what one can say here, made of the table.

use protocol::{Message, numeric as n};

use crate::handler::Ctx;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let Some(topic) = message.param(0).filter(|topic| !topic.is_empty()) else {
        let verbs: Vec<&str> = ctx.table.iter().map(|spec| spec.verb).collect();
        let mut lines = vec!["HELP <command> says what a command does.".to_owned()];
        lines.extend(verbs.chunks(8).map(|some| some.join(" ")));
        tell(ctx, "*", "Commands", &lines);
        return Ok(());
    };
    let Some(spec) = ctx
        .table
        .iter()
        .find(|spec| spec.verb.eq_ignore_ascii_case(topic))
    else {
        return Err(refusal::no_help(topic));
    };
    let lines: Vec<String> = spec.help.lines().map(str::to_owned).collect();
    tell(ctx, spec.verb, spec.verb, &lines);
    Ok(())
}

fn tell(ctx: &mut Ctx<'_>, subject: &str, title: &str, lines: &[String]) {
    ctx.reply(n::RPL_HELPSTART, &[subject], title);
    for line in lines {
        ctx.reply(n::RPL_HELPTXT, &[subject], line);
    }
    ctx.reply(n::RPL_ENDOFHELP, &[subject], "End of HELP");
}
