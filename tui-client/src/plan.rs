//! From what the config or the user says of a network to what its task needs, and what the screen shows of it.
//! It must never decide whether a network is opened.

use std::path::PathBuf;

use protocol::invite::Invite;

use crate::address::is_this_machine;
use crate::admissions::{Admission, Admissions};
use crate::config::network::{Network, Tls};
use crate::dial::Target;
use crate::host::Host;
use crate::identity;
use crate::login::Login;
use crate::model::network;
use crate::session::Settings;

/// All that a network's task needs to begin.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where to go.
    pub target: Target,
    /// Who we are there.
    pub settings: Settings,
    /// How to host, where that may be.
    pub host: Option<Host>,
}

/// What the screen has to know of a network of the config.
pub fn shown(network: &Network) -> network::Settings {
    network::Settings {
        name: network.name.clone(),
        host: network.host.clone(),
        port: network.port,
        nick: network.nickname.clone(),
        rooms: network.rooms.clone(),
        join_at_start: network.join_at_start,
        bound: None,
    }
}

/// How a network of the config is reached; `folder` is the data folder.
pub fn of(network: &Network, folder: Option<PathBuf>) -> Plan {
    let target = Target {
        name: network.name.clone(),
        host: network.host.clone(),
        port: network.port,
        tls: network.tls,
        certificate: network.login.key.clone(),
        invited: None,
        has_token: false,
        folder,
        roots: None,
    };
    let admissions = Admissions::of(target.folder.as_deref()).all(&target.address());
    let mut plan = Plan {
        target,
        settings: identity::settings(&network.nickname, &network.login),
        host: None,
    };
    plan.admit(admissions);
    plan
}

/// Whether a room is hosted there where nobody listens: on this machine, unless a password, an account or a way to log
/// in stands for it in the config. That is a bouncer's, or another server's that is not running just now; who says how
/// the server here is to be means to host all the same.
pub fn is_for_hosting(network: &Network, server: &server::config::Config) -> bool {
    let is_ours = *server != server::config::Config::default();
    is_this_machine(&network.host) && (is_ours || !network.login.is_of_a_server())
}

impl Plan {
    /// Goes where an invite leads, which is where this plan goes.
    pub fn follow(&mut self, invite: &Invite) {
        self.target.invited.clone_from(&invite.fingerprint);
        let kept = Admissions::of(self.target.folder.as_deref());
        if let (Some(token), Some(room)) = (&invite.token, &invite.room) {
            // Where it cannot be kept, coming again after the end of this run may count as a second person.
            let (admissions, _) = kept.follow(&self.target.address(), room, token);
            self.admit(admissions);
        }
    }

    /// How a network behind this bouncer is reached: the same way, as the same person.
    #[must_use]
    pub fn through(&self, name: &str, netid: &str) -> Self {
        let mut plan = self.clone();
        name.clone_into(&mut plan.target.name);
        plan.settings.netid = Some(netid.to_owned());
        plan.host = None;
        plan
    }

    fn admit(&mut self, admissions: Vec<Admission>) {
        self.target.has_token = !admissions.is_empty();
        self.settings.login.admissions = admissions;
    }
}

/// How a network is reached that the user named while the program runs.
pub fn named(settings: &network::Settings, folder: Option<PathBuf>) -> Plan {
    let network = Network {
        name: settings.name.clone(),
        host: settings.host.clone(),
        port: settings.port,
        nickname: settings.nick.clone(),
        rooms: settings.rooms.clone(),
        join_at_start: settings.join_at_start,
        tls: Tls::Auto,
        login: Login::default(),
    };
    of(&network, folder)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Both;

    fn is_hosted(text: &str) -> bool {
        let both = Both::parse(text, Path::new("c.toml")).unwrap();
        is_for_hosting(&both.client.first, &both.server)
    }

    #[test]
    fn where_a_bouncer_is_meant_no_room_is_hosted() {
        for text in [
            "",
            "port = 7000",
            "mechanism = \"none\"",
            "account = \"ada\"\n[server]\nname = \"ada.example\"",
        ] {
            assert!(is_hosted(text), "{text}");
        }
        for text in [
            "host = \"chat.example\"",
            "server_password = \"ada/libera:secret\"",
            "account = \"ada\"",
            "password = \"secret\"",
            "password_command = [\"pass\", \"bouncer\"]",
            "mechanism = \"plain\"",
        ] {
            assert!(!is_hosted(text), "{text}");
        }
    }
}
