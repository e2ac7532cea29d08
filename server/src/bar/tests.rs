//! The bar, drawn.

use super::picture;

#[test]
fn it_grows_from_nothing_to_the_whole() {
    for (done, drawn) in [
        (0, "copying [..............................]   0 %"),
        (1, "copying [##########....................]  33 %"),
        (2, "copying [####################..........]  66 %"),
        (3, "copying [##############################] 100 %"),
        (9, "copying [##############################] 100 %"),
    ] {
        assert_eq!(picture("copying", done, 3), drawn);
    }
}

#[test]
fn nothing_to_do_is_nothing_done() {
    let empty = "copying [..............................]   0 %";
    assert_eq!(picture("copying", 0, 0), empty);
}
