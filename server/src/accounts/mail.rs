//! The seam for e-mail: whoever can send one stands behind this. It never decides what is written.

#[cfg(feature = "mail")]
mod queue;
#[cfg(feature = "mail")]
pub(crate) mod relay;

/// Sends e-mail. Called on the keeper's threads; it may block for as long as its own timeouts say.
pub trait Mailer: Send + Sync {
    /// Sends, now or later, the code with which the owner of an address finishes making an account. The error is in
    /// words for people.
    fn send_code(&self, address: &str, account: &str, code: &str) -> Result<(), String>;

    /// Whether the code of an account will never reach its owner, so that the account may be made anew.
    fn has_given_up(&self, _account: &str) -> bool {
        false
    }

    /// The accounts whose code the relay has taken since this was asked last.
    fn taken(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether anything is sent at all.
    fn can_send(&self) -> bool {
        true
    }
}

/// Sends nothing: the code stays in the database, and the operator hands it out.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMail;

impl Mailer for NoMail {
    fn send_code(&self, _address: &str, _account: &str, _code: &str) -> Result<(), String> {
        Ok(())
    }

    fn can_send(&self) -> bool {
        false
    }
}

/// Whether an address can be written to: one `@` with something before it and a host behind it, and nothing in it by
/// which it could be more than one address.
pub fn is_address(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, ',' | ';' | '<' | '>' | '"' | '\\');
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let host_is_good = !host.is_empty() && !host.starts_with(['.', '-']) && !host.contains('@');
    text.len() <= 254 && !local.is_empty() && host_is_good && text.chars().all(plain)
}
