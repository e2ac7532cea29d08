//! Tests of SCRAM: the example of RFC 7677, section 3, and what must be refused.

use std::num::NonZeroU32;

use super::super::password::scram_keys;
use super::*;

const FIRST: &str = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
const NONCE: &str = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const CHALLENGE: &str = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                         s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
const FINAL: &str = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                     p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
const SHOWN: &str = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

fn challenged(password: &str) -> Challenged {
    let salt = Base64::decode_vec("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
    let keys = scram_keys(password.as_bytes(), &salt, NonZeroU32::new(4096).unwrap());
    ClientFirst::parse(FIRST.as_bytes())
        .unwrap()
        .challenge(NONCE, keys)
}

#[test]
fn the_example_of_the_rfc() {
    let challenged = challenged("pencil");
    assert_eq!(challenged.challenge, CHALLENGE);
    assert_eq!(challenged.check(FINAL.as_bytes()).as_deref(), Some(SHOWN));
}

#[test]
fn anything_else_is_refused() {
    let right = challenged("pencil");
    assert_eq!(challenged("pencil2").check(FINAL.as_bytes()), None);
    let changes = [
        ("c=biws", "c=eSws"),
        ("rOpr", "rOps"),
        ("$k0", "$k1"),
        ("dHzb", "dHzc"),
        ("dHzb", ""),
        (",p=", ",q="),
        ("c=biws,", ""),
        ("VQ=", "VQ"),
    ];
    for (from, to) in changes {
        assert_eq!(
            right.check(FINAL.replace(from, to).as_bytes()),
            None,
            "{from} {to}"
        );
    }
    assert_eq!(right.check(b""), None);
    assert_eq!(right.check(b"c=biws,r=,p="), None);
    assert_eq!(right.check(b"\xff"), None);
}

#[test]
fn first_messages() {
    let account = |text: &str| ClientFirst::parse(text.as_bytes()).map(|first| first.account);
    assert_eq!(account("n,,n=ada,r=x").as_deref(), Some("ada"));
    assert_eq!(account("y,,n=ada,r=x,ext=1").as_deref(), Some("ada"));
    assert_eq!(account("n,a=ADA,n=ada,r=x").as_deref(), Some("ada"));
    assert_eq!(account("n,,n=a=2Cb=3Dc,r=x").as_deref(), Some("a,b=c"));
    let refused = [
        "",
        "n",
        "n,,",
        "n,,n=ada",
        "n,,n=ada,r=",
        "n,,n=,r=x",
        "n,,n=a=2c,r=x",
        "n,,m=ext,n=ada,r=x",
        "n,a=bob,n=ada,r=x",
        "n,bob,n=ada,r=x",
        "p=tls-unique,,n=ada,r=x",
        "x,,n=ada,r=x",
    ];
    for text in refused {
        assert_eq!(account(text), None, "{text}");
    }
    assert_eq!(account(&format!("n,,n=ada,r={}", "x".repeat(4000))), None);
}
