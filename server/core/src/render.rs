//! An entry of the log as lines on the wire, for whoever hears it, echoes it, or reads it later. It never decides
//! who does.

use protocol::capability::Capability as C;
use protocol::tags::Tags;
use protocol::{Caps, LineWriter};

use crate::ids::Reference;
use crate::storage::{Entry, EntryKind};

/// The capabilities that change the form of an entry.
pub const FORM_CAPS: &[C] = &[C::Batch, C::Multiline];

/// Whether a session with these capabilities can be told the entry at all.
pub fn tellable(entry: &Entry, caps: Caps) -> bool {
    entry.kind != EntryKind::Tagmsg || caps.has(C::MessageTags)
}

/// Writes an entry. `outer` is the batch it is part of; `reference` names the batch it needs if it has many lines
/// and the reader takes them as one.
pub fn entry(
    out: &mut Vec<u8>,
    entry: &Entry,
    caps: Caps,
    outer: Option<&str>,
    reference: Reference,
) {
    match entry.kind {
        EntryKind::Tagmsg => {
            let mut line = LineWriter::new(out);
            tags(&mut line, entry, caps, outer, true);
            line.source(&entry.source)
                .command("TAGMSG")
                .param(&entry.target)
                .end();
        }
        EntryKind::Event => event(out, entry, caps, outer),
        EntryKind::Privmsg | EntryKind::Notice if entry.lines.len() > 1 => {
            if caps.has(C::Multiline) && caps.has(C::Batch) {
                batch(out, entry, caps, outer, reference);
            } else {
                split(out, entry, caps, outer);
            }
        }
        EntryKind::Privmsg | EntryKind::Notice => {
            let mut line = LineWriter::new(out);
            tags(&mut line, entry, caps, outer, true);
            let text = entry.lines.first().map_or("", |line| &*line.text);
            line.source(&entry.source)
                .command(verb(entry))
                .param(&entry.target);
            line.trailing(text).end();
        }
    }
}

fn verb(entry: &Entry) -> &'static str {
    if entry.kind == EntryKind::Notice {
        "NOTICE"
    } else {
        "PRIVMSG"
    }
}

fn event(out: &mut Vec<u8>, entry: &Entry, caps: Caps, outer: Option<&str>) {
    let mut line = LineWriter::new(out);
    tags(&mut line, entry, caps, outer, true);
    line.source(&entry.source);
    line.end();
    // The event holds verb and parameters as they were on the wire; they stand between source and line end.
    out.truncate(out.len() - 2);
    out.extend_from_slice(entry.event.as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// One batch (draft/multiline): its tags stand on the opening line alone.
fn batch(out: &mut Vec<u8>, entry: &Entry, caps: Caps, outer: Option<&str>, reference: Reference) {
    let mut line = LineWriter::new(out);
    tags(&mut line, entry, caps, outer, true);
    line.source(&entry.source)
        .command("BATCH")
        .param(&format!("+{reference}"));
    line.param("draft/multiline").param(&entry.target).end();
    for part in &entry.lines {
        let mut line = LineWriter::new(out);
        line.tag("batch", &reference.to_string());
        if part.concat {
            line.tag("draft/multiline-concat", "");
        }
        line.source(&entry.source)
            .command(verb(entry))
            .param(&entry.target);
        line.trailing(&part.text).end();
    }
    LineWriter::new(out)
        .source(&entry.source)
        .command("BATCH")
        .param(&format!("-{reference}"))
        .end();
}

/// Single messages, blank ones left out; the id on the first alone (draft/multiline, "Fallback").
fn split(out: &mut Vec<u8>, entry: &Entry, caps: Caps, outer: Option<&str>) {
    let mut first = true;
    for part in entry.lines.iter().filter(|part| !part.text.is_empty()) {
        let mut line = LineWriter::new(out);
        tags(&mut line, entry, caps, outer, first);
        first = false;
        line.source(&entry.source)
            .command(verb(entry))
            .param(&entry.target);
        line.trailing(&part.text).end();
    }
}

fn tags(line: &mut LineWriter<'_>, entry: &Entry, caps: Caps, outer: Option<&str>, first: bool) {
    if let Some(outer) = outer {
        line.tag("batch", outer);
    }
    if caps.has(C::ServerTime) {
        line.time(entry.time);
    }
    if caps.has(C::AccountTag)
        && let Some(account) = &entry.account
    {
        line.tag("account", account);
    }
    if caps.has(C::MessageTags) {
        if first && !entry.id.is_empty() {
            line.tag("msgid", &entry.id);
        }
        if entry.bot {
            line.tag("bot", "");
        }
        for tag in Tags::new(&entry.client_tags).iter() {
            line.tag_raw(tag.key, tag.raw);
        }
    }
}
