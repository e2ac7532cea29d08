//! The box in which a password is typed.
//! It must never be seen there.

use super::{SIZES, afternoon};

#[test]
fn a_password_is_asked_for_and_not_shown() {
    let mut stage = afternoon();
    stage.keys("<ctrl-u>/password<enter>old horse");
    stage.check("asking", SIZES);
    stage.keys("<enter>new horse<enter>new hose<enter>");
    stage.check("asking-differed", SIZES);
    stage.keys("<esc>/login grace<enter>");
    let long = "correct horse battery staple ".repeat(6);
    stage.keys(&long);
    stage.check("asking-login", SIZES);
    stage.keys("<esc>/register ada@example.org<enter><enter>");
    stage.check("asking-register", SIZES);
    stage.keys("<esc>/oper root<enter>sesame");
    stage.check("asking-oper", SIZES);
}
