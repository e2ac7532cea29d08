//! What is asked of an authority when doors come and go, and which addresses other machines reach.

use super::*;

#[cfg(feature = "acme")]
#[tokio::test]
async fn an_authority_is_asked_only_while_there_is_an_encrypted_door() {
    let folder = std::env::temp_dir().join(format!("parlord-house-{}", std::process::id()));
    let address = "127.0.0.1:0".parse().unwrap();
    let mut config = Config {
        listen: vec![address],
        data_dir: folder.display().to_string(),
        ..Config::default()
    };
    config.tls.acme_hosts = vec!["chat.example.org".to_owned()];
    // Nobody is there.
    config.tls.acme_directory = "https://127.0.0.1:1/dir".to_owned();
    config.tls.acme_listen = Vec::new();
    config.websocket.listen_tls = vec![address];
    let (_inbox, happenings, _answers) = crate::inbox::Inbox::new();
    let certs = certificate(&config).unwrap();
    let bindings = Bindings::new(&config, certs).unwrap();
    let mut house = House::open(&config, bindings, happenings, &Arc::default()).unwrap();
    assert!(house.authority.is_some());
    assert!(!house.is_vouched_for(), "it has only its own certificate");
    config.websocket.listen_tls.clear();
    house.rearrange(&config).unwrap();
    assert!(house.authority.is_none(), "nobody sees the certificate");
    config.websocket.listen_tls.push(address);
    house.rearrange(&config).unwrap();
    assert!(house.authority.is_some());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_other_machines_reach_is_known() {
    for (address, is_reached) in [
        ("127.0.0.1:5000", false),
        ("[::1]:5000", false),
        ("[::ffff:127.0.0.1]:5000", false),
        ("0.0.0.0:5000", true),
        ("[::]:5000", true),
        ("192.168.0.5:5000", true),
    ] {
        let parsed = address.parse().unwrap();
        assert_eq!(is_for_others(parsed), is_reached, "{address}");
    }
}
