//! `PRIVMSG`, `NOTICE` and `TAGMSG <target>{,<target>} [:<words>]`: says something. How it goes its way is
//! `speech`'s business; the lines of a batch are `multiline`'s.

use protocol::Message;
use protocol::capability::Capability as C;

use crate::handler::Ctx;
use crate::multiline;
use crate::refusal::{self, Refusal};
use crate::speech::{self, Speech};
use crate::storage::{EntryKind, EntryLine};

/// PRIVMSG.
pub fn privmsg(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    said(ctx, message, EntryKind::Privmsg)
}

/// NOTICE: never answered with an error (RFC 1459, 4.4.2), but where the client asked by a label.
pub fn notice(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let labeled = ctx.response.is_labeled();
    said(ctx, message, EntryKind::Notice).map_err(|no| if labeled { no } else { Refusal::Silent })
}

/// TAGMSG.
pub fn tagmsg(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    if !ctx.has(C::MessageTags) {
        return Err(refusal::unknown_command("TAGMSG"));
    }
    let (client_tags, own_id) = speech::client_tags(ctx, message);
    let speech = Speech {
        kind: EntryKind::Tagmsg,
        lines: Vec::new(),
        client_tags,
        own_id,
    };
    speech::to_all(ctx, message.param(0).unwrap_or_default(), &speech)
}

fn said(ctx: &mut Ctx<'_>, message: &Message<'_>, kind: EntryKind) -> Result<(), Refusal> {
    if let Some(reference) = message.tags.value_of("batch") {
        return multiline::line(ctx, message, &reference);
    }
    let targets = message
        .param(0)
        .filter(|text| !text.is_empty())
        .ok_or_else(refusal::no_recipient)?;
    let text = message
        .param(1)
        .filter(|text| !text.is_empty())
        .ok_or_else(refusal::no_text)?;
    let (client_tags, own_id) = speech::client_tags(ctx, message);
    let lines = vec![EntryLine {
        text: text.into(),
        concat: false,
    }];
    speech::to_all(
        ctx,
        targets,
        &Speech {
            kind,
            lines,
            client_tags,
            own_id,
        },
    )
}
