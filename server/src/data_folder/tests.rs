//! One server at a time.

use super::*;
use crate::storage::tests::Folder;

#[test]
fn a_folder_is_held_by_one_and_free_when_they_end() {
    let folder = Folder::new();
    let path = folder.file().with_file_name("new").join("below");
    let held = hold(&path).unwrap();
    let refused = hold(&path).unwrap_err().to_string();
    let process = std::process::id();
    assert!(refused.starts_with(&format!("another server (process {process}) uses")));
    assert!(refused.contains(&path.display().to_string()), "{refused}");
    drop(held);
    drop(hold(&path).unwrap());
}

#[test]
fn a_file_in_its_place_is_said_so() {
    let folder = Folder::new();
    let path = folder.file();
    std::fs::write(&path, "no folder").unwrap();
    let refused = hold(&path).unwrap_err().to_string();
    assert!(
        refused.starts_with("the data folder cannot be used: "),
        "{refused}"
    );
}
