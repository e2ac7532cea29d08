//! The path of a message through the core: appended to its log first; only when the log has it do others hear of it,
//! and does its sender read an echo. It never parses a command.

use std::sync::Arc;

use protocol::capability::Capability as C;
use protocol::tags::Tags;
use protocol::{LINE_BYTES_MAX, Message, name, numeric as n};

use crate::flood::Bucket;
use crate::handler::Ctx;
use crate::hearers;
use crate::ids::ChannelId;
use crate::modes::{Flag, Rank, UserMode};
use crate::pending::{Purpose, Target};
use crate::policy::{self, Voicing};
use crate::refusal::{self, Refusal};
use crate::storage::{Entry, EntryKind, EntryLine, LogKey, StorageReply, StorageRequest};

/// The tag by which a client names its message, so that a second sending is recognised.
const OWN_ID_TAGS: [&str; 2] = ["+parlor.chat/id", "parlor.chat/id"];
/// Longest own id, in bytes.
const OWN_ID_BYTES_MAX: usize = 64;

/// What somebody says, before it is known to whom.
#[derive(Clone, Debug)]
pub struct Speech {
    /// PRIVMSG, NOTICE or TAGMSG.
    pub kind: EntryKind,
    /// The words.
    pub lines: Vec<EntryLine>,
    /// Client-only tags, as written.
    pub client_tags: String,
    /// Its sender's id for it.
    pub own_id: Option<String>,
}

/// The client-only tags that are passed on, and the own id, which is not.
pub fn client_tags(ctx: &Ctx<'_>, message: &Message<'_>) -> (String, Option<String>) {
    if message.tags.is_empty() || !ctx.has(C::MessageTags) {
        return (String::new(), None);
    }
    let own_id = OWN_ID_TAGS
        .iter()
        .find_map(|key| message.tags.value_of(key))
        .filter(|id| !id.is_empty() && id.len() <= OWN_ID_BYTES_MAX);
    let mut passed = String::new();
    for tag in Tags::iter(&message.tags) {
        if tag.is_client_only() && !OWN_ID_TAGS.contains(&tag.key) {
            if !passed.is_empty() {
                passed.push(';');
            }
            passed.push_str(tag.key);
            if !tag.raw.is_empty() {
                passed.push('=');
                passed.push_str(tag.raw);
            }
        }
    }
    (passed, own_id.map(std::borrow::Cow::into_owned))
}

/// Says it to every target; each is refused on its own.
pub fn to_all(ctx: &mut Ctx<'_>, targets: &str, speech: &Speech) -> Result<(), Refusal> {
    let most = ctx.state.settings.limits.targets_max;
    let silent = speech.kind == EntryKind::Notice && !ctx.response.is_labeled();
    ctx.pay_for(targets);
    for (place, target) in targets.split(',').enumerate() {
        let said = if place < most {
            to_one(ctx, target, speech)
        } else {
            Err(refusal::too_many_targets(target))
        };
        if let Err(refusal) = said {
            let refusal = if silent { Refusal::Silent } else { refusal };
            if let Err(refusal) = recognise(ctx, target, speech, refusal) {
                ctx.refuse(refusal);
            }
        }
        if place >= most {
            break;
        }
    }
    Ok(())
}

/// What may not be said may be in the log already: said before its sender was silenced, or the reader left, and only the
/// echo was lost. Then it is not failed.
fn recognise(
    ctx: &mut Ctx<'_>,
    target: &str,
    speech: &Speech,
    refusal: Refusal,
) -> Result<(), Refusal> {
    let Ok(entry) = entry(ctx, target.into(), speech) else {
        return Err(refusal);
    };
    if !entry.is_sure() || !ctx.state.settings.history.enabled {
        return Err(refusal);
    }
    let network = &ctx.state.network;
    let room = if name::is_channel(target) {
        match network.room(target) {
            Some(channel) => Some(channel.room),
            None => return Err(refusal),
        }
    } else {
        None
    };
    let request = StorageRequest::Recognise { room, entry };
    ctx.store(request, Purpose::Recognise { refusal });
    Ok(())
}

/// The log has been asked for a message that may not be sent.
pub fn recognised(ctx: &mut Ctx<'_>, refusal: Refusal, reply: StorageReply) -> Result<(), Refusal> {
    match reply {
        StorageReply::Found(Some(entry)) => {
            hearers::echo(ctx, &entry);
            Ok(())
        }
        _ => Err(refusal),
    }
}

fn to_one(ctx: &mut Ctx<'_>, target: &str, speech: &Speech) -> Result<(), Refusal> {
    let room = target.trim_start_matches(|c| Rank::from_prefix(c).is_some());
    if name::is_channel(room) {
        let signs = target.strip_suffix(room).unwrap_or_default();
        let lowest = signs.chars().filter_map(Rank::from_prefix).min();
        return to_channel(ctx, room, lowest, speech);
    }
    to_user(ctx, target, speech)
}

fn to_channel(
    ctx: &mut Ctx<'_>,
    room: &str,
    rank: Option<Rank>,
    speech: &Speech,
) -> Result<(), Refusal> {
    let (id, channel) = ctx.channel_named(room)?;
    let voicing = policy::may_speak(channel, ctx.user, ctx.me())?;
    if channel.flags.has(Flag::NoCtcp) && is_ctcp(speech) {
        return Err(refusal::no_ctcp_there(&channel.name));
    }
    let log = channel.log();
    let voiced = channel.ranks(ctx.user).at_least(Rank::Voice);
    let shown = match rank {
        Some(rank) => format!("{}{}", rank.prefix(), channel.name).into_boxed_str(),
        None => channel.name.as_str().into(),
    };
    let entry = entry(ctx, shown, speech)?;
    if !voiced {
        slow_down(ctx, id);
    }
    let target = match voicing {
        Voicing::Everybody => Target::Channel(id),
        Voicing::Operators => Target::Operators(id),
    };
    // What only some of the members hear is in no log that all of them read.
    if rank.is_some() || voicing == Voicing::Operators {
        pass_on(ctx, entry, target, rank);
        return Ok(());
    }
    keep(ctx, log, entry, target);
    Ok(())
}

/// How many messages one counts as while a room is too busy.
const BUSY_COST: u32 = 3;

/// While a room is too busy, each message costs its sender more, so that all of them slow down before anybody is
/// dropped for flooding.
fn slow_down(ctx: &mut Ctx<'_>, id: ChannelId) {
    let limits = &ctx.state.settings.limits;
    if !limits.flood_control {
        return;
    }
    let (burst, rate, now) = (
        limits.room_burst,
        limits.room_messages_per_second,
        ctx.now.steady,
    );
    let Some(channel) = ctx.state.network.channel_mut(id) else {
        return;
    };
    let tempo = channel
        .tempo
        .get_or_insert_with(|| Bucket::full(burst, now));
    if tempo.take(burst, rate, now).is_err()
        && let Some(session) = ctx.state.network.session_mut(ctx.session)
    {
        session.bucket.charge(BUSY_COST);
    }
}

fn to_user(ctx: &mut Ctx<'_>, nick: &str, speech: &Speech) -> Result<(), Refusal> {
    let id = ctx
        .state
        .network
        .find_user(nick)
        .ok_or_else(|| refusal::no_such_nick(nick))?;
    let user = ctx.state.network.user(id);
    let me = ctx.me();
    let known = me.account.is_some()
        || user.accepted.contains(&protocol::Folded::new(&me.nick))
        || id == ctx.user;
    if user.modes.has(UserMode::RegisteredOnly) && !known {
        return Err(Refusal::Numeric {
            code: n::ERR_NEEDREGGEDNICK,
            params: vec![user.nick.clone()],
            text: "Only people who are logged in may write to them".into(),
        });
    }
    if user.modes.has(UserMode::NoCtcp) && is_ctcp(speech) {
        return Err(refusal::no_ctcp_there(&user.nick));
    }
    let shown = user.nick.clone();
    let away = user
        .away
        .clone()
        .filter(|_| speech.kind == EntryKind::Privmsg);
    let log = LogKey::pair(&me.identity(), &user.identity());
    let entry = entry(ctx, shown.as_str().into(), speech)?;
    if let Some(away) = away {
        ctx.reply(n::RPL_AWAY, &[&shown], &away);
    }
    // Whom one writes to may answer, whatever the own +R says.
    let answerer = protocol::Folded::new(&shown);
    if ctx.me().modes.has(UserMode::RegisteredOnly)
        && let Some(me) = ctx.state.network.user_mut(ctx.user)
    {
        me.await_answer(answerer);
    }
    keep(ctx, log, entry, Target::User(id));
    Ok(())
}

/// CTCP other than ACTION: `\x01` first, and a word.
fn is_ctcp(speech: &Speech) -> bool {
    speech.lines.iter().any(|line| {
        line.text
            .strip_prefix('\u{1}')
            .is_some_and(|rest| !rest.starts_with("ACTION"))
    })
}

fn entry(ctx: &mut Ctx<'_>, target: Box<str>, speech: &Speech) -> Result<Arc<Entry>, Refusal> {
    let origin = ctx.origin();
    // What others will read must fit into a line; it is never cut.
    let overhead = origin.source.len() + target.len() + ": PRIVMSG  :\r\n".len();
    if speech
        .lines
        .iter()
        .any(|line| overhead + line.text.len() > LINE_BYTES_MAX)
    {
        return Err(refusal::too_long());
    }
    if let Some(user) = ctx.state.network.user_mut(ctx.user) {
        user.active = origin.time;
    }
    Ok(Arc::new(Entry {
        id: origin.id,
        own_id: speech.own_id.as_deref().map(Into::into),
        time: origin.time,
        kind: speech.kind,
        source: origin.source.into_boxed_str(),
        account: origin.account,
        bot: origin.bot,
        target,
        client_tags: speech.client_tags.as_str().into(),
        lines: speech.lines.clone(),
        event: "".into(),
    }))
}

/// Appends a message to its log; it is delivered when the log has it. What is not kept is delivered at once.
fn keep(ctx: &mut Ctx<'_>, log: LogKey, entry: Arc<Entry>, target: Target) {
    let kept = ctx.state.settings.history.enabled
        && (entry.kind != EntryKind::Tagmsg || is_lasting(&entry));
    if !kept {
        return pass_on(ctx, entry, target, None);
    }
    if let Target::Channel(id) = target
        && let Some(channel) = ctx.state.network.channel_mut(id)
    {
        channel.used = true;
    }
    let request = StorageRequest::Append {
        log,
        entry: Arc::clone(&entry),
    };
    ctx.store(request, Purpose::Message { entry, target });
}

/// Delivers what no log keeps, unless it was delivered before.
fn pass_on(ctx: &mut Ctx<'_>, entry: Arc<Entry>, target: Target, rank: Option<Rank>) {
    match ctx.state.passed.repeated(&entry) {
        Some(first) => hearers::echo(ctx, &first),
        None => {
            hearers::tell(ctx, &entry, target, rank);
            ctx.state.passed.note(entry);
        }
    }
}

/// Whether tags alone are worth keeping: all but who is typing.
fn is_lasting(entry: &Entry) -> bool {
    let mut tags = Tags::new(&entry.client_tags).iter();
    tags.any(|tag| !matches!(tag.key, "+typing" | "+draft/typing"))
}

/// The log has answered.
pub fn stored(
    ctx: &mut Ctx<'_>,
    entry: &Arc<Entry>,
    target: Target,
    reply: StorageReply,
) -> Result<(), Refusal> {
    match reply {
        StorageReply::Appended { time } if time == entry.time => {
            hearers::tell(ctx, entry, target, None);
        }
        StorageReply::Appended { time } => {
            let entry = Arc::new(Entry {
                time,
                ..Entry::clone(entry)
            });
            hearers::tell(ctx, &entry, target, None);
        }
        // Everybody heard it the first time; only its sender did not know.
        StorageReply::Repeated { entry } => hearers::echo(ctx, &entry),
        StorageReply::Failed(why) => {
            let command = match entry.kind {
                EntryKind::Notice => "NOTICE",
                EntryKind::Tagmsg => "TAGMSG",
                EntryKind::Privmsg | EntryKind::Event => "PRIVMSG",
            };
            let text = format!("Your message was not stored, and nobody has read it: {why}");
            return Err(refusal::fail(command, "NOT_STORED", &[&entry.target], text));
        }
        _ => {}
    }
    Ok(())
}
