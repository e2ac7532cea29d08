//! The link by which others find the server that we are linked to, before a room and a token stand in it.
//! It must never offer a server by a link on which anybody could listen in.

use protocol::invite::Invite;
use server::invitation;

use crate::address;
use crate::dial::Target;
use crate::host::Host;
use crate::tls::Sight;
use crate::trust::Belief;

/// The link, or why none can be given; `sight` is what an encrypted link has shown, `host` how we would serve here.
///
/// # Errors
/// Why there is none, in words for people.
pub fn base(target: &Target, sight: Option<&Sight>, host: Option<&Host>) -> Result<Invite, String> {
    // The address that we use to reach this machine means another machine elsewhere.
    if let Some(host) = host.filter(|_| address::is_this_machine(&target.host)) {
        let hint = "nobody can come in from another machine yet; /invite-link open opens a door for encrypted links";
        return host
            .base()
            .map_err(|why| if host.is_open() { why } else { hint.to_owned() });
    }
    let Some(sight) = sight else {
        return Err(
            "this link is not encrypted, and whoever follows an invite must not be overheard; a door for encrypted \
             links is opened by listen under [server.tls] in the server's config"
                .to_owned(),
        );
    };
    // A certificate that the system trusts is renewed now and then, and is believed anyway.
    let own = Some(sight.fingerprint.clone()).filter(|_| sight.belief != Belief::System);
    Ok(Invite {
        host: target.host.clone(),
        port: invitation::other_than_usual(target.port),
        room: None,
        fingerprint: own,
        token: None,
    })
}
