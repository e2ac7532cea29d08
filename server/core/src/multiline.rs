//! Gathers the lines of a multiline message (draft/multiline). It never sends it: its BATCH does, when it ends.

use protocol::Message;

use crate::handler::Ctx;
use crate::refusal::{self, Refusal};
use crate::storage::EntryLine;

/// A refusal of a batch.
pub fn no(code: &'static str, context: &[&str], text: impl Into<String>) -> Refusal {
    refusal::fail("BATCH", code, context, text.into())
}

/// One line of a batch.
pub fn line(ctx: &mut Ctx<'_>, message: &Message<'_>, reference: &str) -> Result<(), Refusal> {
    let limits = &ctx.state.settings.limits;
    let (bytes_max, lines_max) = (limits.multiline_bytes_max, limits.multiline_lines_max);
    let Some(batch) = ctx
        .state
        .network
        .session_mut(ctx.session)
        .and_then(|session| session.multiline.as_mut())
    else {
        return Err(no("MULTILINE_INVALID", &[], "No batch is open"));
    };
    if batch.reference != reference {
        return Err(no("MULTILINE_INVALID", &[], "There is no such batch"));
    }
    let concat = message.tags.value_of("draft/multiline-concat").is_some();
    let text = message.param(1).unwrap_or_default();
    let verb = message.command.to_ascii_uppercase();
    batch.bytes += text.len() + usize::from(!concat && !batch.lines.is_empty());
    let wrong = if message.param(0) != Some(batch.target.as_str()) {
        let given = message.param(0).unwrap_or_default();
        Some((
            "MULTILINE_INVALID_TARGET",
            format!("{} {given}", batch.target),
        ))
    } else if batch.verb.as_ref().is_some_and(|first| *first != verb) || (concat && text.is_empty())
    {
        Some(("MULTILINE_INVALID", String::new()))
    } else if batch.bytes > bytes_max {
        Some(("MULTILINE_MAX_BYTES", bytes_max.to_string()))
    } else if batch.lines.len() >= lines_max {
        Some(("MULTILINE_MAX_LINES", lines_max.to_string()))
    } else {
        None
    };
    match wrong {
        Some(wrong) => {
            batch.spoilt.get_or_insert(wrong);
        }
        None => {
            batch.verb = Some(verb);
            batch.lines.push(EntryLine {
                text: text.into(),
                concat,
            });
        }
    }
    ctx.response.set_label(None);
    Ok(())
}
