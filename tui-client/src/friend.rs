//! What to give to a friend: the invite into a room of the server that is configured, or why there is none.
//! It must never invite to a link that anybody could listen in on.

use protocol::invite::Invite;
use server::invitation;

use crate::address::{is_this_machine, wants_tls};
use crate::config::network::Network;
use crate::pins::Pins;
use crate::trust::Known;

/// The invite to the server that the client's config names, which is in this process's config if it is here.
///
/// # Errors
/// Why nobody can be invited, and what to do about it.
pub fn invite(
    client: &Network,
    server: &server::config::Config,
    pins: &Pins,
    host: Option<&str>,
) -> Result<Invite, String> {
    let room = client.rooms.first().cloned();
    let mut invite = if is_this_machine(&client.host) {
        invitation::to(server, host)?
    } else {
        to_server_elsewhere(client, pins)?
    };
    invite.room = room;
    if let Some(host) = host {
        host.clone_into(&mut invite.host);
    }
    Ok(invite)
}

fn to_server_elsewhere(client: &Network, pins: &Pins) -> Result<Invite, String> {
    let Network { host, port, .. } = client;
    if !wants_tls(host, client.tls) {
        let why = "tls = \"off\": whoever follows an invite would want an encrypted link";
        return Err(why.to_owned());
    }
    let known = pins.find(&crate::address::shown(host, *port));
    let fingerprint = match known.map_err(|error| error.to_string())? {
        None => {
            return Err(format!(
                "{host} has not been met yet: enter it once with parlor, so that it is known by its certificate"
            ));
        }
        // Such a certificate is renewed now and then, and believed anyway.
        Some(Known::System) => None,
        Some(Known::Pinned(fingerprint)) => Some(fingerprint),
    };
    Ok(Invite {
        host: host.clone(),
        port: invitation::other_than_usual(*port),
        room: None,
        fingerprint,
        token: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_here_needs_a_door_for_others() {
        let name = format!("parlor-friend-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let mut server = server::config::Config {
            data_dir: folder.display().to_string(),
            ..server::config::Config::default()
        };
        let client = Network::default();
        let pins = Pins::default();
        let why = invite(&client, &server, &pins, None).unwrap_err();
        assert!(why.contains("[server.tls]"), "{why}");
        server.tls.listen = vec!["127.0.0.1:6697".parse().unwrap()];
        assert!(invite(&client, &server, &pins, None).is_err());

        server.tls.listen = vec!["10.1.2.3:7000".parse().unwrap()];
        let given = invite(&client, &server, &pins, None).unwrap();
        let key = server::certs::fingerprint_of(&server).unwrap();
        assert_eq!(
            given.to_string(),
            format!("parlor://10.1.2.3:7000/lobby?key={key}")
        );
        let named = invite(&client, &server, &pins, Some("chat.example")).unwrap();
        assert_eq!(named.host, "chat.example");
        assert_eq!(
            named.fingerprint, given.fingerprint,
            "the key stays the same"
        );
        assert!(
            invitation::picture(&named.to_string())
                .unwrap()
                .lines()
                .count()
                > 10
        );
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_server_elsewhere_must_be_known() {
        let name = format!("parlor-friend-pins-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let pins = Pins::of(Some(&folder));
        let client = Network {
            host: "chat.example".to_owned(),
            port: 6697,
            ..Network::default()
        };
        let server = server::config::Config::default();
        let why = invite(&client, &server, &pins, None).unwrap_err();
        assert!(why.contains("met"), "{why}");
        pins.keep("chat.example:6697", &Known::System).unwrap();
        let given = invite(&client, &server, &pins, None).unwrap();
        assert_eq!(given.to_string(), "parlor://chat.example/lobby");
        let print = crate::trust::fingerprint_of(b"x");
        let known = Known::Pinned(print.clone());
        pins.keep("chat.example:6697", &known).unwrap();
        let given = invite(&client, &server, &pins, None).unwrap();
        assert_eq!(given.fingerprint, Some(print));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
