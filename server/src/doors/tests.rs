//! What becomes of a listener when the machine has nothing to give.

use super::*;

#[test]
fn accepting_rests_when_the_machine_has_nothing_to_give() {
    let mut rest = REST_FIRST;
    let mut after = |error: io::Error| rest_after(&error, &mut rest);
    assert_eq!(after(ErrorKind::ConnectionAborted.into()), None);
    // No more files (EMFILE) and no memory are errors that Rust has no name for.
    let rests: Vec<u128> = (0..9)
        .filter_map(|_| after(io::Error::from_raw_os_error(24)))
        .map(|rest| rest.as_millis())
        .collect();
    assert_eq!(rests, [10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
}

#[tokio::test]
async fn figures_are_served_again_and_again() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let serving = serve_metrics(listener, Arc::default());
    // Some who say nothing sensible and go, then somebody who asks.
    for _ in 0..3 {
        let rude = TcpStream::connect(address).await.unwrap();
        SockRef::from(&rude)
            .set_linger(Some(Duration::ZERO))
            .unwrap();
    }
    let mut asker = TcpStream::connect(address).await.unwrap();
    asker
        .write_all(b"GET /metrics HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    asker.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    serving.abort();
}
