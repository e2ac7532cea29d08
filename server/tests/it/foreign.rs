//! irssi and WeeChat, told where to go and who to be there. Nothing else about them is changed, but for how slowly they
//! send; a certificate is taken for the right one only by its fingerprint.

use std::path::Path;

use crate::program::Program;
use crate::terminal::Terminal;
use crate::world::Folder;

/// How one of them connects, and logs in.
pub(crate) struct Way<'a> {
    pub(crate) port: &'a str,
    pub(crate) nick: &'a str,
    /// The SHA-256 of the server's certificate, in hexadecimal; empty: no TLS.
    pub(crate) fingerprint: &'a str,
    /// The file with its own certificate and key; empty: it shows none.
    pub(crate) certificate: &'a str,
    /// The mechanism of SASL; empty: it logs in by none.
    pub(crate) mechanism: &'a str,
    pub(crate) account: &'a str,
    pub(crate) password: &'a str,
}

impl<'a> Way<'a> {
    /// Unencrypted, as nobody in particular.
    pub(crate) fn open(program: &'a Program, nick: &'a str) -> Self {
        Self {
            port: port_of(&program.address),
            nick,
            fingerprint: "",
            certificate: "",
            mechanism: "",
            account: "",
            password: "",
        }
    }
}

pub(crate) fn port_of(address: &str) -> &str {
    address.rsplit(':').next().unwrap()
}

pub(crate) fn irssi(folder: &Folder, path: &Path, way: &Way<'_>) -> Terminal {
    let (port, nick) = (way.port, way.nick);
    let certificate = match way.certificate {
        "" => String::new(),
        file => format!("tls_cert = \"{file}\";"),
    };
    let mut server = String::new();
    if !way.fingerprint.is_empty() {
        // It writes fingerprints with colons; what it compares is the same.
        let pairs = way.fingerprint.as_bytes().chunks(2);
        let pairs: Vec<_> = pairs.map(String::from_utf8_lossy).collect();
        let pinned = pairs.join(":").to_uppercase();
        server = format!("use_tls = \"yes\"; tls_verify = \"no\"; tls_pinned_cert = \"{pinned}\";");
    }
    let mut network = String::new();
    if !way.mechanism.is_empty() {
        network = format!(
            "sasl_mechanism = \"{}\"; sasl_username = \"{}\"; sasl_password = \"{}\";",
            way.mechanism, way.account, way.password
        );
    }
    let config = format!(
        "servers = ( {{ address = \"127.0.0.1\"; chatnet = \"parlor\"; port = \"{port}\"; \
         autoconnect = \"yes\"; {server} {certificate} }} );\n\
         chatnets = {{ parlor = {{ type = \"IRC\"; {network} }}; }};\n\
         settings = {{ core = {{ real_name = \"{nick}\"; user_name = \"{nick}\"; nick = \"{nick}\"; }}; \
         \"irc/core\" = {{ cmd_queue_speed = \"10msecs\"; cmds_max_at_once = \"20\"; \
         sasl_disconnect_on_failure = \"no\"; }}; }};\n"
    );
    std::fs::write(folder.0.join("config"), config).unwrap();
    let home = format!("--home={}", folder.0.display());
    Terminal::start(&folder.0, path, &[home])
}

pub(crate) fn weechat(folder: &Folder, path: &Path, way: &Way<'_>) -> Terminal {
    let server = "irc.server.parlor";
    let nick = way.nick;
    let mut commands = vec![
        format!("/server add parlor 127.0.0.1/{}", way.port),
        format!("/set {server}.nicks {nick}"),
        format!("/set {server}.username {nick}"),
        // It waits for two seconds between what it sends; the third name is of WeeChat 4.
        format!("/set {server}.anti_flood_prio_high 0"),
        format!("/set {server}.anti_flood_prio_low 0"),
        format!("/set {server}.anti_flood 0"),
        "/set irc.look.smart_filter off".to_owned(),
    ];
    let switch = if way.fingerprint.is_empty() {
        "off"
    } else {
        "on"
    };
    // The options had other names before WeeChat 4; that one of the two is unknown does no harm.
    for tls in ["ssl", "tls"] {
        commands.push(format!("/set {server}.{tls} {switch}"));
        if !way.fingerprint.is_empty() {
            commands.push(format!(
                "/set {server}.{tls}_fingerprint {}",
                way.fingerprint
            ));
        }
        if !way.certificate.is_empty() {
            commands.push(format!("/set {server}.{tls}_cert {}", way.certificate));
        }
    }
    if !way.mechanism.is_empty() {
        commands.push(format!("/set {server}.sasl_mechanism {}", way.mechanism));
        commands.push(format!("/set {server}.sasl_username {}", way.account));
        commands.push(format!("/set {server}.sasl_password {}", way.password));
        commands.push(format!("/set {server}.sasl_fail continue"));
    }
    commands.push("/connect parlor".to_owned());
    commands.push("/buffer irc.server.parlor".to_owned());
    let mut words = vec!["--dir".to_owned(), folder.0.display().to_string()];
    for command in commands {
        words.push("--run-command".to_owned());
        words.push(command);
    }
    Terminal::start(&folder.0, path, &words)
}
