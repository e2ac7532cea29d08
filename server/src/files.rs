//! How many files this process may have open: every connection is one. It never opens any.

/// Files open at once, as many as the system lets us have, up to this.
const FILES_MAX: u64 = 1 << 20;

/// Files that are no connections: the log and its readers, doors, what is written again meanwhile.
const OWN_FILES: u64 = 64;

/// How somebody gives us more.
pub const REMEDY: &str = "raise it with `ulimit -Hn`, LimitNOFILE= in a unit of systemd, or --ulimit nofile= in a container";

/// Raises the limit as far as the system lets us: the usual one is 1024.
pub fn raise_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = Some(limit.maximum.map_or(FILES_MAX, |most| most.min(FILES_MAX)));
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!("the limit of open files stays as it is: {error}");
        }
    }
}

/// How many may be open at once; `None`: there is no limit.
pub fn limit() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    return None;
}

/// Of so many connections that are asked for, as many as there are files for. One too many would find no file, and nor
/// would the log; so whoever is one too many is told, and the log keeps its own.
pub(crate) fn connections(asked: u64) -> u64 {
    let Some(files) = limit() else {
        return asked;
    };
    let most = files.saturating_sub(OWN_FILES).max(1);
    if most < asked {
        tracing::warn!(
            "there may be {most} connections, not {asked}: this process may open {files} files; {REMEDY}"
        );
    }
    most.min(asked)
}
