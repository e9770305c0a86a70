//! A wire between a desk and a server that can be cut, or lose the answer to what it has carried.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

/// What the wire does with a new connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Wire {
    Whole,
    /// Nothing passes.
    Cut,
    /// The first request with a body arrives, and its answer does not come back.
    LosesAnswer,
}

/// The wire.
pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<AtomicU8>,
    open: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Proxy {
    /// Lays a wire to a server.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(AtomicU8::new(Wire::Whole as u8));
        let open: Arc<Mutex<Vec<AbortHandle>>> = Arc::default();
        let (told, kept) = (state.clone(), open.clone());
        tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let how = told.load(Ordering::Acquire);
                let task = tokio::spawn(async move {
                    if how == Wire::Cut as u8 {
                        return;
                    }
                    let Ok(far) = TcpStream::connect(server).await else {
                        return;
                    };
                    if how == Wire::Whole as u8 {
                        let (mut desk, mut far) = (desk, far);
                        let _ = copy_bidirectional(&mut desk, &mut far).await;
                    } else {
                        lose_an_answer(desk, far).await;
                    }
                });
                kept.lock().unwrap().push(task.abort_handle());
            }
        });
        Self { address, state, open }
    }

    /// Changes the wire; what was open on it is torn.
    pub fn set(&self, wire: Wire) {
        self.state.store(wire as u8, Ordering::Release);
        for task in self.open.lock().unwrap().drain(..) {
            task.abort();
        }
    }
}

/// Carries questions and answers until something is written, and loses the answer to that.
async fn lose_an_answer(mut desk: TcpStream, mut far: TcpStream) {
    let (mut up, mut down) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let mut writing = false;
    loop {
        tokio::select! {
            read = desk.read(&mut up) => {
                let Ok(n @ 1..) = read else { return };
                writing |= up[..n].starts_with(b"POST") || up[..n].starts_with(b"PUT");
                if far.write_all(&up[..n]).await.is_err() {
                    return;
                }
            }
            read = far.read(&mut down) => {
                let Ok(n @ 1..) = read else { return };
                if writing || desk.write_all(&down[..n]).await.is_err() {
                    return;
                }
            }
        }
    }
}
