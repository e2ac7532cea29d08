//! Which servers may be reached by encrypted links only, because they said so, and until when: a file with a line for
//! each. It must never let a server go before its time because its line cannot be read.

use std::io;
use std::path::{Path, PathBuf};

use crate::folder;
use crate::session::event::Millis;

/// The file, in the data folder.
const FILE_NAME: &str = "strict_transport";
/// Servers that are remembered; far more than anybody meets.
const SERVERS_MAX: usize = 1_000;

/// The file; without a data folder nothing is remembered.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    path: Option<PathBuf>,
}

/// A line: a host, the port for encrypted links, and until when.
struct Bound<'t> {
    host: &'t str,
    port: u16,
    until: Millis,
}

fn parse(line: &str) -> Option<Bound<'_>> {
    let mut words = line.split_whitespace();
    Some(Bound {
        host: words.next()?,
        port: words.next()?.parse().ok()?,
        until: words.next()?.parse().ok()?,
    })
}

impl Policies {
    /// Those in a data folder.
    pub fn of(folder: Option<&Path>) -> Self {
        let path = folder.map(|folder| folder.join(FILE_NAME));
        Self { path }
    }

    /// The port at which a host has to be reached encrypted, if it is bound.
    ///
    /// # Errors
    /// When the file is there and cannot be read: then nobody knows who is bound.
    pub fn find(&self, host: &str, now: Millis) -> io::Result<Option<u16>> {
        let text = self.read()?;
        let bound = text.lines().filter_map(parse);
        let mut bound = bound.filter(|bound| bound.until > now);
        let found = bound.find(|bound| bound.host.eq_ignore_ascii_case(host));
        Ok(found.map(|bound| bound.port))
    }

    /// Remembers that a host is bound until then; a time that is over lets it go.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn keep(&self, host: &str, port: u16, until: Millis, now: Millis) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        folder::change(path, |old| {
            let mut text = String::new();
            let others = old.lines().filter(|line| {
                parse(line).is_some_and(|bound| {
                    bound.until > now && !bound.host.eq_ignore_ascii_case(host)
                })
            });
            for line in others.take(SERVERS_MAX) {
                text.push_str(line);
                text.push('\n');
            }
            if until > now {
                let line = format!("{} {port} {until}\n", host.to_ascii_lowercase());
                text.push_str(&line);
            }
            Some(text)
        })
    }

    fn read(&self) -> io::Result<String> {
        let text = self.path.as_deref().map(folder::read).transpose()?;
        Ok(text.flatten().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_bound_until_its_time_is_over() {
        let name = format!("parlor-policies-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let policies = Policies::of(Some(&folder));
        assert_eq!(policies.find("a.example", 0).unwrap(), None);
        policies.keep("A.example", 6697, 1_000, 10).unwrap();
        policies.keep("b.example", 7000, 2_000, 10).unwrap();
        assert_eq!(policies.find("a.EXAMPLE", 999).unwrap(), Some(6697));
        assert_eq!(policies.find("a.example", 1_000).unwrap(), None);
        policies.keep("b.example", 7001, 3_000, 1_500).unwrap();
        let text = std::fs::read_to_string(folder.join(FILE_NAME)).unwrap();
        assert_eq!(text, "b.example 7001 3000\n", "what is over goes");
        policies.keep("b.example", 7001, 0, 1_500).unwrap();
        assert_eq!(policies.find("b.example", 1_600).unwrap(), None);
        std::fs::remove_dir_all(folder).unwrap();
        assert_eq!(Policies::of(None).find("a", 0).unwrap(), None);
    }
}
