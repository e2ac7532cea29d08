//! What time it is, and chance: the only readings of the machine that the links need.
//! It must never be asked by anything that decides; that is told the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::session::event::Millis;

/// Milliseconds since 1970, as every part of the client counts time.
pub fn now() -> Millis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

/// The instant at which the session's clock shows `at`.
pub fn instant(at: Millis) -> Instant {
    Instant::now() + Duration::from_millis(at.saturating_sub(now()))
}

/// A number that differs from client to client: enough to spread their return.
pub fn chance() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::from(since.subsec_nanos()) ^ u64::from(std::process::id())
}
