//! What is allowed, but cannot be meant.

use super::*;

#[track_caller]
fn refused(text: &str, words: &str) {
    let config = Config::parse(text, "parlor.toml").unwrap();
    let error = check(&config, "parlor.toml").expect_err(text);
    assert_eq!(error.to_string(), format!("parlor.toml: {words}"));
}

#[track_caller]
fn taken(text: &str) {
    let config = Config::parse(text, "parlor.toml").unwrap();
    assert_eq!(check(&config, "parlor.toml"), Ok(()), "{text}");
}

#[test]
fn the_defaults_can_be_meant_and_so_can_much_else() {
    taken("");
    taken("[server]\nlisten = []\n[server.plain]\nlisten = [\"127.0.0.1:0\"]\n");
    taken("[server]\ndefault_user_modes = \"+iw\"\n[[server.operator]]\nname = \"op\"\n");
    taken("[server.accounts]\nenabled = false\npersistent_sessions = \"disabled\"\n");
    taken("[server.websocket]\nlisten = [\"127.0.0.1:0\"]\norigins = [\"*\"]\n");
}

#[test]
fn a_server_needs_a_door_that_people_can_use() {
    refused(
        "[server]\nlisten = []\n",
        "`server.listen` is empty, and so is the list of every other door: nobody could come in; \
         right would be: such as [\"127.0.0.1:6667\"]",
    );
    refused(
        "[server]\npassword = \"x\"\n[server.plain]\nlisten = [\"127.0.0.1:0\"]\n",
        "`server.plain.listen` has an address, but whoever comes in there cannot give the \
         `password` of [server]; right would be: [], or no password",
    );
    refused(
        "[server.limits]\nchannel_length = 5\n[server.plain]\nlisten = [\"127.0.0.1:0\"]\n",
        "`server.plain.room` has 6 bytes, and `channel_length` of [server.limits] is 5; \
         right would be: a shorter name",
    );
    refused(
        "[server.websocket]\norigins = [\"*\"]\n",
        "`server.websocket.origins` lets pages in, but there is no WebSocket door; right would be: \
         [], or an address in `listen` or `listen_tls` of [server.websocket]",
    );
    refused(
        "[server.limits]\nconnections = 5\n",
        "`server.limits.connections_per_address` is more than `connections`, which is for all \
         addresses together; right would be: less, or 0 for no limit",
    );
}

#[test]
fn a_certificate_is_shown_and_can_be_read() {
    let both = "[server.tls]\ncertificate = \"/no/such.pem\"\nkey = \"/no/such.key\"\n";
    refused(
        both,
        "`server.tls.certificate` is never shown: there is no encrypted door; right would be: \
         \"\", or an address in `listen` of [server.tls]",
    );
    let config = Config::parse(&format!("{both}listen = [\"127.0.0.1:0\"]\n"), "f").unwrap();
    let error = check(&config, "f").unwrap_err();
    assert_eq!(error.key, "server.tls.certificate");
    assert!(error.reason.contains("/no/such.pem"), "{error}");
}

#[test]
fn accounts_and_operators_can_be_what_they_are() {
    let text = "[server.accounts]\nregistration_requires_email = true\n";
    let error = check(&Config::parse(text, "f").unwrap(), "f").unwrap_err();
    assert_eq!(error.key, "server.accounts.registration_requires_email");
    refused(
        "[server.accounts]\nenabled = false\npersistent_sessions = \"mandatory\"\n",
        "`server.accounts.persistent_sessions` keeps people with an account, but `enabled` is \
         false: there are none; right would be: \"disabled\"",
    );
    refused(
        "[server]\ndefault_user_modes = \"ix\"\n",
        "`server.default_user_modes` has 'x', which is no user mode; right would be: such as \"i\"",
    );
    refused(
        "[[server.operator]]\nname = \"op\"\n[[server.operator]]\nname = \"op\"\n",
        "`server.operator.name` is \"op\" twice; right would be: a name of their own for each",
    );
    refused(
        "[[server.gateway]]\npassword = \"x\"\n",
        "`server.gateway.addresses` is empty: the gateway is never believed; right would be: \
         where it connects from",
    );
}

#[test]
fn a_data_folder_can_be_made() {
    let folder = crate::storage::tests::Folder::new();
    std::fs::write(folder.file(), "no folder").unwrap();
    let config = Config {
        data_dir: folder.file().join("data").display().to_string(),
        ..Config::default()
    };
    let error = check(&config, "f").unwrap_err();
    assert_eq!(error.key, "server.data_dir");
}
