//! Tests of passwords.

use super::*;

#[test]
fn a_password_is_right_or_wrong() {
    let hasher = Hasher::new(HashCost::Minimum);
    let kept = hasher.hash(b"sesame").unwrap();
    assert!(hasher.is_right(b"sesame", Some(&kept)));
    assert!(!hasher.is_right(b"Sesame", Some(&kept)));
    assert!(!hasher.is_right(b"", Some(&kept)));
    assert!(!hasher.is_right(b"", None));
    assert_ne!(hasher.hash(b"sesame").unwrap().password, kept.password);
}

#[test]
fn the_strong_hash_is_what_is_recommended() {
    let hasher = Hasher::new(HashCost::Strong);
    let kept = hasher.hash(b"sesame").unwrap();
    assert!(kept.password.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_eq!(kept.scram.rounds, 100_000);
    // A hash of another cost is still understood.
    assert!(Hasher::new(HashCost::Minimum).is_right(b"sesame", Some(&kept)));
}

#[test]
fn nothing_of_it_is_printed() {
    let kept = Hasher::new(HashCost::Minimum).hash(b"sesame").unwrap();
    assert_eq!(format!("{kept:?}"), "(credentials)");
    assert_eq!(format!("{:?}", kept.scram), "(keys)");
}
