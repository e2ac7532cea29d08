//! Whether a server's certificate is to be believed: decided from what it is, what the system says of it, and what is
//! known of this server from before or from an invite. It must never read a file nor a socket.

use protocol::fingerprint::Fingerprint;

/// By what a public key is known, as it stands in a certificate (DER of `SubjectPublicKeyInfo`, as RFC 7469 pins it): it
/// is the same when a new certificate is made for the same key.
pub fn fingerprint_of(key: &[u8]) -> Fingerprint {
    let digest = ring::digest::digest(&ring::digest::SHA256, key);
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Fingerprint::of_digest(bytes)
}

/// What is known of a server from before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Its certificate was one that the system trusts.
    System,
    /// It had this key.
    Pinned(Fingerprint),
}

/// What is expected of a server before it shows anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// From before.
    pub known: Option<Known>,
    /// From the invite that was followed.
    pub invited: Option<Fingerprint>,
    /// Whether a token will be shown, which nobody may have but the server that it is for.
    pub has_token: bool,
}

/// Why a certificate is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
    /// The system trusts whoever signed it.
    System,
    /// It is the one that is pinned.
    Pinned,
    /// It is the one that the invite names.
    Invited,
    /// Nothing is known of this server: the first one counts.
    FirstSeen,
}

/// Why it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// Another one is pinned.
    Changed {
        /// That one.
        pinned: Fingerprint,
        /// The one that it shows.
        seen: Fingerprint,
    },
    /// It had one that the system trusts, and has none any more.
    Downgraded {
        /// The one that it shows.
        seen: Fingerprint,
    },
    /// The invite names another one.
    NotInvited {
        /// That one.
        invited: Fingerprint,
        /// The one that it shows.
        seen: Fingerprint,
    },
    /// A token is for it, and nothing tells that it is the right one.
    Unproven {
        /// The one that it shows.
        seen: Fingerprint,
    },
}

/// Decides. `is_system`: the system trusts it for this server.
///
/// # Errors
/// Why it is not believed.
pub fn judge(seen: &Fingerprint, is_system: bool, expected: &Expected) -> Result<Belief, Distrust> {
    let seen_too = || seen.clone();
    match &expected.known {
        Some(Known::Pinned(pinned)) if pinned != seen => {
            return Err(Distrust::Changed {
                pinned: pinned.clone(),
                seen: seen_too(),
            });
        }
        Some(Known::System) if !is_system => {
            return Err(Distrust::Downgraded { seen: seen_too() });
        }
        _ => {}
    }
    match &expected.invited {
        Some(invited) if invited != seen => {
            return Err(Distrust::NotInvited {
                invited: invited.clone(),
                seen: seen_too(),
            });
        }
        _ => {}
    }
    Ok(match (is_system, &expected.known, &expected.invited) {
        (true, _, _) => Belief::System,
        (false, Some(_), _) => Belief::Pinned,
        (false, None, Some(_)) => Belief::Invited,
        (false, None, None) if expected.has_token => {
            return Err(Distrust::Unproven { seen: seen_too() });
        }
        (false, None, None) => Belief::FirstSeen,
    })
}

impl Distrust {
    /// The certificate that was shown.
    pub fn seen(&self) -> &Fingerprint {
        match self {
            Self::Changed { seen, .. }
            | Self::Downgraded { seen }
            | Self::Unproven { seen }
            | Self::NotInvited { seen, .. } => seen,
        }
    }

    /// What happened and what to do, for people.
    pub fn explained(&self, address: &str) -> String {
        let what = match self {
            Self::Changed { pinned, seen } => format!(
                "The key of {address} is another than before: somebody may be listening in, or the server \
                 was set up anew. It was {pinned}, and now it is {seen}."
            ),
            Self::Downgraded { seen } => format!(
                "The certificate of {address} was one that this system trusts, and the one it shows now is not: \
                 somebody may be listening in. Now it is {seen}."
            ),
            Self::NotInvited { invited, seen } => format!(
                "{address} is not the server that the invite is for, or the invite is old: somebody may be \
                 listening in. The invite names {invited}, and the server shows {seen}."
            ),
            Self::Unproven { seen } => format!(
                "The invite does not say by what {address} is known, so that somebody else could take your token. The \
                 server shows {seen}."
            ),
        };
        format!(
            "{what} Nothing was sent. Ask whoever runs the server for its fingerprint; if it is the new one, /trust \
             takes it from now on."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(name: &str) -> Fingerprint {
        fingerprint_of(name.as_bytes())
    }

    fn expected(known: Option<Known>, invited: Option<Fingerprint>) -> Expected {
        Expected {
            known,
            invited,
            has_token: false,
        }
    }

    #[test]
    fn a_token_is_only_for_a_server_that_is_known() {
        let judged = |is_system, known, invited: Option<&str>| {
            let expected = Expected {
                has_token: true,
                ..expected(known, invited.map(print))
            };
            judge(&print("a"), is_system, &expected)
        };
        let unproven = Distrust::Unproven { seen: print("a") };
        assert_eq!(judged(false, None, None), Err(unproven));
        assert_eq!(judged(false, None, Some("a")), Ok(Belief::Invited));
        assert_eq!(judged(true, None, None), Ok(Belief::System));
        let pinned = Some(Known::Pinned(print("a")));
        assert_eq!(judged(false, pinned, None), Ok(Belief::Pinned));
        assert!(judged(false, None, Some("b")).is_err());
    }

    fn judged(
        seen: &str,
        is_system: bool,
        known: Option<Known>,
        invited: Option<&str>,
    ) -> Result<Belief, Distrust> {
        let invited = invited.map(print);
        judge(&print(seen), is_system, &expected(known, invited))
    }

    #[test]
    fn a_fingerprint_is_read_as_people_write_it() {
        let ours = print("a");
        let text = ours.to_string();
        assert_eq!(
            text,
            "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
        );
        let pairs: Vec<String> = text
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair).to_ascii_uppercase())
            .collect();
        assert_eq!(Fingerprint::parse(&pairs.join(":")), Some(ours));
        assert_eq!(Fingerprint::parse("ab12"), None);
        assert_eq!(Fingerprint::parse(&"x".repeat(64)), None);
    }

    #[test]
    fn what_is_known_comes_before_everything() {
        let pin = |name| Some(Known::Pinned(print(name)));
        assert_eq!(judged("a", false, None, None), Ok(Belief::FirstSeen));
        assert_eq!(judged("a", true, None, None), Ok(Belief::System));
        assert_eq!(judged("a", false, pin("a"), None), Ok(Belief::Pinned));
        assert_eq!(judged("a", false, None, Some("a")), Ok(Belief::Invited));
        assert_eq!(
            judged("a", true, Some(Known::System), None),
            Ok(Belief::System)
        );
        for (is_system, known, invited) in [
            (false, pin("b"), None),
            (true, pin("b"), None),
            (false, pin("b"), Some("a")),
            (false, Some(Known::System), None),
            (false, Some(Known::System), Some("a")),
            (false, None, Some("b")),
            (true, None, Some("b")),
            (false, pin("a"), Some("b")),
        ] {
            let refused = judged("a", is_system, known, invited).unwrap_err();
            assert_eq!(refused.seen(), &print("a"));
            let text = refused.explained("h:1");
            assert!(text.contains(&print("a").to_string()) && text.contains("/trust"));
        }
    }
}
