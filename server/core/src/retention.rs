//! How much of a room's log is kept where those who answer for the room want less than the server does. It never takes
//! anything out itself: storage does.
//!
//! The wish is metadata of the room, so that everybody can read it and it is kept with the room.

use crate::channel::Channel;
use crate::effect::Effect;
use crate::handler::{Ctx, NOBODY_WAITS};
use crate::ids::ChannelId;
use crate::modes::{Rank, UserMode};
use crate::settings::HistorySettings;
use crate::storage::{DAY_MS, Keep, StorageRequest};

const DAYS: &str = "parlor.chat/keep-days";
const MESSAGES: &str = "parlor.chat/keep-messages";
const MIB: &str = "parlor.chat/keep-mib";

/// The highest value of each key: what the configuration may say, too.
const MOST: [(&str, u64); 3] = [(DAYS, 36_500), (MESSAGES, 1_000_000_000), (MIB, 1 << 20)];

/// Whether a key of a room's metadata is about what is kept of it.
pub fn is_key(key: &str) -> bool {
    MOST.iter().any(|(name, _)| *name == key)
}

/// Whether a key may have that value: a whole number from 1.
pub fn is_value(key: &str, value: &str) -> bool {
    let number = value.parse::<u64>().unwrap_or(0);
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    digits && (1..=most(key)).contains(&number)
}

fn most(key: &str) -> u64 {
    let found = MOST.iter().find(|(name, _)| *name == key);
    found.map_or(0, |(_, most)| *most)
}

/// Whether the asker may say what is kept of a room: its operators, if it has a founder, and those of the server. A room
/// without a founder belongs to nobody: whoever came first must not make everybody's words go.
pub fn may_set(ctx: &Ctx<'_>, id: ChannelId) -> bool {
    let channel = ctx.state.network.channel(id);
    let answers = channel.is_some_and(|channel| {
        channel.founder.is_some() && channel.ranks(ctx.user).at_least(Rank::Operator)
    });
    answers || ctx.me().modes.has(UserMode::Operator)
}

/// Has storage keep as much of a room as its metadata says by now.
pub fn changed(ctx: &mut Ctx<'_>, id: ChannelId) {
    if let Some(channel) = ctx.state.network.channel(id)
        && ctx.state.settings.history.enabled
    {
        let request = StorageRequest::Retain {
            log: channel.log(),
            keep: wish(channel),
        };
        ctx.effects.push(ask(request));
    }
}

/// Has storage keep as much of all logs as the settings say.
pub fn begin(history: &HistorySettings, effects: &mut Vec<Effect>) {
    if history.enabled {
        effects.push(ask(StorageRequest::RetainAll {
            each: history.keep,
            total_bytes: history.total_bytes,
        }));
    }
}

fn ask(request: StorageRequest) -> Effect {
    Effect::Store {
        ticket: NOBODY_WAITS,
        request,
    }
}

fn wish(channel: &Channel) -> Keep {
    let number = |key| channel.metadata.get(key)?.parse::<u64>().ok();
    Keep {
        age_ms: number(DAYS).map(|days| days.saturating_mul(DAY_MS)),
        entries: number(MESSAGES),
        bytes: number(MIB).map(|most| most << 20),
    }
}
