//! Which certificate newcomers are shown while the operator's files change.

use std::fs::File;

use super::*;

/// Files of a pair that were written so many seconds after the first ones.
fn write(folder: &Path, later: u64) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["chat.example".to_owned()]).unwrap();
    (
        put(folder, "its.pem", &made.cert.pem(), later),
        put(folder, "its.key", &made.signing_key.serialize_pem(), later),
    )
}

fn put(folder: &Path, name: &str, text: &str, later: u64) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + later);
    let file = File::options().append(true).open(&path).unwrap();
    file.set_modified(moment).unwrap();
    path.display().to_string()
}

#[test]
fn a_renewed_certificate_is_shown_to_newcomers_and_half_a_pair_is_not() {
    let folder = std::env::temp_dir().join(format!("parlord-certs-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut config = Config::default();
    (config.tls.certificate, config.tls.key) = write(&folder, 0);
    let certs = Certs::load(&config).unwrap();
    let start = Instant::now();
    let after = |seconds| certs.current_at(start + Duration::from_secs(seconds));
    let first = after(0);
    assert!(Arc::ptr_eq(&first, &after(10)), "nothing has changed");

    // The new certificate is there, its key not yet.
    let key = std::fs::read_to_string(folder.join("its.key")).unwrap();
    write(&folder, 1);
    let new_key = std::fs::read_to_string(folder.join("its.key")).unwrap();
    put(&folder, "its.key", &key, 0);
    assert!(Arc::ptr_eq(&first, &after(20)));
    put(&folder, "its.key", &new_key, 2);
    let second = after(30);
    assert!(!Arc::ptr_eq(&first, &second));

    // A rush of newcomers looks once; files that are gone change nothing.
    write(&folder, 3);
    assert!(Arc::ptr_eq(
        &second,
        &certs.current_at(start + Duration::from_millis(30_500))
    ));
    std::fs::remove_file(folder.join("its.pem")).unwrap();
    assert!(Arc::ptr_eq(&second, &after(40)));
    std::fs::remove_dir_all(&folder).unwrap();
}
