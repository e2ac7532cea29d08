//! Who a message comes from: `nick!user@host`, or a server's name. It never checks that such a one exists.

use std::fmt;

/// A source, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The nick, or the server's name.
    pub name: &'a str,
    /// What stands between `!` and `@`.
    pub user: Option<&'a str>,
    /// What stands behind `@`.
    pub host: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// Takes `nick[!user][@host]` apart; everything is optional but the name.
    pub fn parse(whole: &'a str) -> Self {
        let (front, host) = match whole.split_once('@') {
            Some((front, host)) => (front, Some(host)),
            None => (whole, None),
        };
        let (name, user) = match front.split_once('!') {
            Some((name, user)) => (name, Some(user)),
            None => (front, None),
        };
        Self { name, user, host }
    }
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if let Some(user) = self.user {
            write!(f, "!{user}")?;
        }
        if let Some(host) = self.host {
            write!(f, "@{host}")?;
        }
        Ok(())
    }
}
