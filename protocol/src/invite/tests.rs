//! Links and credentials as they are written and read.

use super::*;

#[test]
fn what_is_printed_is_read_again() {
    let key = Fingerprint::of_digest([0xab; 32]);
    let token = Token::parse("a-b_9").unwrap();
    for host in ["chat.example", "::1", "10.0.0.1"] {
        for port in [None, Some(6697)] {
            for room in [
                None,
                Some("#lobby"),
                Some("##c++"),
                Some("&a?b"),
                Some("#世/%#"),
            ] {
                for fingerprint in [None, Some(key.clone())] {
                    for token in [None, Some(token.clone())] {
                        let invite = Invite {
                            host: host.to_owned(),
                            port,
                            room: room.map(str::to_owned),
                            fingerprint: fingerprint.clone(),
                            token,
                        };
                        let text = invite.to_string();
                        assert!(text.is_ascii(), "{text}");
                        assert_eq!(text.parse(), Ok(invite), "{text}");
                    }
                }
            }
        }
    }
}

#[test]
fn people_may_write_them_too() {
    let invite: Invite = "parlor://[::1]:6697/%23ops".parse().unwrap();
    assert_eq!((invite.host.as_str(), invite.port), ("::1", Some(6697)));
    assert_eq!(invite.room.as_deref(), Some("#ops"));
    let invite: Invite = "parlor://h/#ops?new=1".parse().unwrap();
    assert_eq!(invite.room.as_deref(), Some("#ops"));
    assert_eq!(invite.fingerprint, None);
}

#[test]
fn what_cannot_be_read_is_no_invite() {
    for text in [
        "",
        "irc://h",
        "parlor://",
        "parlor://h:0",
        "parlor://h:x",
        "parlor://[::1",
        "parlor://h/a b",
        "parlor://h/%zz",
        "parlor://h/%ff",
        "parlor://h/lobby?key=ab12",
        "parlor://h/lobby?token=",
        "parlor://h/lobby?token=a,b",
    ] {
        assert!(text.parse::<Invite>().is_err(), "{text}");
    }
}

#[test]
fn a_credential_is_no_password_like_another() {
    for text in ["parlor.chat/invite:abc", "parlor.chat/invite:abc:def_-1"] {
        assert_eq!(Credential::parse(text).unwrap().text(), text);
    }
    let long = format!("parlor.chat/invite:{}", "a".repeat(65));
    for text in [
        "sesame",
        "parlor.chat/invite:",
        "parlor.chat/invite:a:",
        "parlor.chat/invite:a:b:c",
        &long,
    ] {
        assert_eq!(Credential::parse(text), None, "{text}");
    }
}

#[test]
fn a_token_is_not_shown_where_nobody_asked_for_it() {
    let invite: Invite = "parlor://h/lobby?token=hush".parse().unwrap();
    assert!(!format!("{invite:?}").contains("hush"));
}
