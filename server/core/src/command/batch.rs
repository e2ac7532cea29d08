//! `BATCH +<reference> draft/multiline <target>` … `BATCH -<reference>`: one message of many lines (draft/multiline).

use protocol::Message;
use protocol::capability::Capability as C;

use crate::deadline;
use crate::handler::Ctx;
use crate::multiline::no;
use crate::refusal::{self, Refusal};
use crate::session::OpenBatch;
use crate::speech::{self, Speech};
use crate::storage::EntryKind;

/// Milliseconds within which a batch must be complete.
const BATCH_MS_MAX: u64 = 15_000;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let word = message.param(0).unwrap_or_default();
    if let Some(reference) = word.strip_prefix('+') {
        return begin(ctx, message, reference);
    }
    match word.strip_prefix('-') {
        Some(reference) => end(ctx, reference),
        None => Err(refusal::need_more_params("BATCH")),
    }
}

fn begin(ctx: &mut Ctx<'_>, message: &Message<'_>, reference: &str) -> Result<(), Refusal> {
    if message.param(1) != Some("draft/multiline") || !ctx.has(C::Multiline) {
        return Err(no(
            "UNKNOWN_TYPE",
            &[],
            "Only draft/multiline is understood here",
        ));
    }
    let target = message
        .param(2)
        .ok_or_else(|| refusal::need_more_params("BATCH"))?;
    let (client_tags, own_id) = speech::client_tags(ctx, message);
    let label = message
        .tags
        .value_of("label")
        .map(std::borrow::Cow::into_owned);
    let deadline = ctx.now.steady + BATCH_MS_MAX;
    let Some(session) = ctx.state.network.session_mut(ctx.session) else {
        return Ok(());
    };
    if session.multiline.is_some() {
        session.multiline = None;
        return Err(no("MULTILINE_INVALID", &[], "A batch was open already"));
    }
    session.multiline = Some(OpenBatch {
        reference: reference.to_owned(),
        target: target.to_owned(),
        verb: None,
        label,
        client_tags,
        own_id,
        lines: Vec::new(),
        bytes: 0,
        spoilt: None,
        deadline,
    });
    // The label is answered when the batch is complete.
    ctx.response.set_label(None);
    deadline::rearm(ctx.state, ctx.now, ctx.session);
    Ok(())
}

fn end(ctx: &mut Ctx<'_>, reference: &str) -> Result<(), Refusal> {
    let open = ctx
        .state
        .network
        .session_mut(ctx.session)
        .and_then(|session| {
            session
                .multiline
                .take_if(|batch| batch.reference == reference)
        });
    let Some(batch) = open else {
        return Err(no("MULTILINE_INVALID", &[], "There is no such batch"));
    };
    ctx.response.set_label(batch.label);
    if let Some((code, context)) = batch.spoilt {
        let context: Vec<&str> = context.split_ascii_whitespace().collect();
        return Err(no(code, &context, "The message was not sent"));
    }
    if batch.lines.iter().all(|line| line.text.is_empty()) {
        return Err(no("MULTILINE_INVALID", &[], "The message is blank"));
    }
    let notice = batch.verb.as_deref() == Some("NOTICE");
    let kind = if notice {
        EntryKind::Notice
    } else {
        EntryKind::Privmsg
    };
    let speech = Speech {
        kind,
        lines: batch.lines,
        client_tags: batch.client_tags,
        own_id: batch.own_id,
    };
    speech::to_all(ctx, &batch.target, &speech)
}
