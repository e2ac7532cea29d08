//! `INFO`, `VERSION`, `TIME`, `ADMIN` and `LINKS`: about this server.

use protocol::{Message, numeric as n};

use crate::greeting;
use crate::handler::Ctx;
use crate::refusal::Refusal;

/// INFO.
pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    ctx.must_be_here(message.param(0))?;
    let (version, created) = (
        ctx.state.settings.version.clone(),
        ctx.state.settings.created,
    );
    let lines = [
        format!("This is {version}, group chat that belongs to the people who use it."),
        "A message that is shown as sent is stored, in one order for everybody.".to_owned(),
        format!("On-line since {created}"),
    ];
    for line in lines {
        ctx.reply(n::RPL_INFO, &[], &line);
    }
    ctx.reply(n::RPL_ENDOFINFO, &[], "End of INFO list");
    Ok(())
}

/// VERSION.
pub fn version(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    ctx.must_be_here(message.param(0))?;
    let (version, name) = (ctx.state.settings.version.clone(), ctx.server_name());
    let about = ctx.state.settings.description.clone();
    ctx.reply(n::RPL_VERSION, &[&version, &name], &about);
    greeting::isupport(ctx);
    Ok(())
}

/// TIME.
pub fn time(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    ctx.must_be_here(message.param(0))?;
    let (name, now) = (ctx.server_name(), ctx.now.wall);
    ctx.reply(
        n::RPL_TIME,
        &[&name, &now.seconds().to_string(), "0"],
        &now.to_string(),
    );
    Ok(())
}

/// ADMIN.
pub fn admin(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    ctx.must_be_here(message.param(0))?;
    let (name, about) = (ctx.server_name(), ctx.state.settings.description.clone());
    ctx.reply(n::RPL_ADMINME, &[&name], "Administrative info");
    ctx.reply(n::RPL_ADMINLOC1, &[], &about);
    let network = ctx.state.settings.network.clone();
    ctx.reply(
        n::RPL_ADMINEMAIL,
        &[],
        &format!("Ask the operators of {network}"),
    );
    Ok(())
}

/// LINKS: one server, and nothing it is linked to.
pub fn links(ctx: &mut Ctx<'_>, _message: &Message<'_>) -> Result<(), Refusal> {
    let (name, about) = (ctx.server_name(), ctx.state.settings.description.clone());
    ctx.reply(n::RPL_LINKS, &[&name, &name], &format!("0 {about}"));
    ctx.reply(n::RPL_ENDOFLINKS, &["*"], "End of LINKS list");
    Ok(())
}

/// ISUPPORT (draft/extended-isupport): the tokens again, as a batch where that is understood.
pub fn isupport(ctx: &mut Ctx<'_>, _message: &Message<'_>) -> Result<(), Refusal> {
    let name = ctx.server_name();
    ctx.response.open_batch("draft/isupport", &[], "", &name);
    greeting::isupport(ctx);
    ctx.response.close_batch(&name);
    Ok(())
}
