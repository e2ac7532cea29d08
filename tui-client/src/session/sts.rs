//! Strict transport security (the `sts` capability): a server that wants encrypted links only, and for how long.
//! It must never be believed in the direction of less: a link that is not encrypted can only ask for one that is.

use crate::session::link::Policy;
use crate::session::state::State;

/// The longest time a server may bind us for, in seconds: a year.
const DURATION_S_MAX: u64 = 365 * 24 * 60 * 60;

/// The value of the capability: `port=6697,duration=300,preload`. On each sort of link only one of the two counts.
fn parse(value: &str, is_encrypted: bool) -> Option<Policy> {
    let number = |key: &str| {
        let mut pairs = value.split(',').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(known, number)| (known == key).then(|| number.parse::<u64>().ok())?)
    };
    if is_encrypted {
        let duration_s = number("duration")?.min(DURATION_S_MAX);
        return Some(Policy::Persist { duration_s });
    }
    let port = number("port").and_then(|port| u16::try_from(port).ok());
    let port = port.filter(|port| *port > 0)?;
    Some(Policy::Upgrade { port })
}

/// The server offers the capability, which is never asked for. Within this machine nobody listens, and it means nothing.
pub(crate) fn offered(state: &mut State, value: &str) {
    if state.wire.is_local {
        return;
    }
    let policy = parse(value, state.wire.is_encrypted);
    if let Some(Policy::Upgrade { .. }) = policy {
        state.close = Some("the server wants encrypted links only; coming back by one".to_owned());
    }
    state.policy = policy.or(state.policy);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sort_of_link_has_its_own_key() {
        let upgrade = Some(Policy::Upgrade { port: 6697 });
        assert_eq!(parse("port=6697,duration=300", false), upgrade);
        assert_eq!(parse("duration=300", false), None);
        assert_eq!(parse("port=0", false), None);
        assert_eq!(parse("port=99999", false), None);
        let persist = |duration_s| Some(Policy::Persist { duration_s });
        assert_eq!(parse("duration=300,port=6697,preload", true), persist(300));
        assert_eq!(parse("port=6697,duration=0", true), persist(0));
        assert_eq!(parse("duration=99999999999", true), persist(DURATION_S_MAX));
        assert_eq!(parse("port=6697", true), None);
        assert_eq!(parse("", false), None);
    }
}
