//! A wire between a desk and a server that can be cut, or lose the answer to what it has carried.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
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
    carried: Arc<AtomicU64>,
    open: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Proxy {
    /// Lays a wire to a server.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(AtomicU8::new(Wire::Whole as u8));
        let open: Arc<Mutex<Vec<AbortHandle>>> = Arc::default();
        let carried: Arc<AtomicU64> = Arc::default();
        let (told, kept, counted) = (state.clone(), open.clone(), carried.clone());
        tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let how = told.load(Ordering::Acquire);
                let counted = counted.clone();
                let task = tokio::spawn(async move {
                    if how == Wire::Cut as u8 {
                        return;
                    }
                    let Ok(far) = TcpStream::connect(server).await else {
                        return;
                    };
                    if how == Wire::Whole as u8 {
                        carry(desk, far, &counted).await;
                    } else {
                        lose_an_answer(desk, far).await;
                    }
                });
                kept.lock().unwrap().push(task.abort_handle());
            }
        });
        Self {
            address,
            state,
            carried,
            open,
        }
    }

    /// Bytes that went over the wire while it was whole, both ways.
    pub fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }

    /// Changes the wire; what was open on it is torn.
    pub fn set(&self, wire: Wire) {
        self.state.store(wire as u8, Ordering::Release);
        for task in self.open.lock().unwrap().drain(..) {
            task.abort();
        }
    }
}

/// Carries both ways, and counts.
async fn carry(desk: TcpStream, far: TcpStream, counted: &AtomicU64) {
    let (mut from_desk, mut to_desk) = desk.into_split();
    let (mut from_far, mut to_far) = far.into_split();
    let one_way = async |from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf| {
        let mut part = vec![0; 64 << 10];
        while let Ok(n @ 1..) = from.read(&mut part).await {
            counted.fetch_add(n as u64, Ordering::Relaxed);
            if to.write_all(&part[..n]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = one_way(&mut from_desk, &mut to_far) => {}
        () = one_way(&mut from_far, &mut to_desk) => {}
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
