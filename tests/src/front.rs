//! A server's front: every question goes through it, and it may let an answer trickle, keep a writer waiting, or refuse.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What is done with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Handed on, and its answer back.
    On,
    /// Its answer comes back a byte a second.
    Trickle,
    /// Handed on after a while.
    After(Duration),
    /// Answered here, by this status.
    Refuse(u16),
}

/// A question: method, and path with query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub method: String,
    pub target: String,
}

impl Question {
    /// Whether something is to be written by it.
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }

    /// The resource type that is asked for.
    pub fn resource(&self) -> &str {
        let path = self.target.trim_start_matches("/fhir/");
        path.split(['/', '?']).next().unwrap_or_default()
    }

    /// Whether it asks for what changed.
    pub fn of_history(&self) -> bool {
        self.target.contains("/_history")
    }
}

type Rule = Box<dyn Fn(&Question) -> Pass + Send + Sync>;
/// The body of an answer as it is to arrive, where it is to be another one.
type Change = Box<dyn Fn(&Question, &str) -> Option<String> + Send + Sync>;

struct Inner {
    server: SocketAddr,
    address: SocketAddr,
    rule: Mutex<Arc<Rule>>,
    change: Mutex<Arc<Change>>,
    asked: Mutex<Vec<Question>>,
    trickling: AtomicUsize,
}

/// The front.
#[derive(Clone)]
pub struct Front(Arc<Inner>);

impl Front {
    /// Stands before a server, and hands everything on until it is told otherwise.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let on: Rule = Box::new(|_| Pass::On);
        let same: Change = Box::new(|_, _| None);
        let inner = Arc::new(Inner {
            server,
            address: listener.local_addr().unwrap(),
            rule: Mutex::new(Arc::new(on)),
            change: Mutex::new(Arc::new(same)),
            asked: Mutex::default(),
            trickling: AtomicUsize::new(0),
        });
        let shared = inner.clone();
        tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let inner = shared.clone();
                // A line that is torn is the desk's business.
                tokio::spawn(async move { drop(answer(desk, &inner).await) });
            }
        });
        Self(inner)
    }

    /// The front of a FHIR server that listens on this machine.
    pub async fn before_url(url: &str) -> Self {
        let url: url::Url = url.parse().unwrap();
        Self::before(url.socket_addrs(|| None).unwrap()[0]).await
    }

    /// The FHIR base address, as the desk is to know it.
    pub fn url(&self) -> String {
        format!("http://{}/fhir", self.0.address)
    }

    /// What is done with questions from now on.
    pub fn rule(&self, rule: impl Fn(&Question) -> Pass + Send + Sync + 'static) {
        let rule: Arc<Rule> = Arc::new(Box::new(rule));
        *self.0.rule.lock().unwrap_or_else(PoisonError::into_inner) = rule;
    }

    /// How the answers to reading are changed from now on.
    pub fn change(&self, change: impl Fn(&Question, &str) -> Option<String> + Send + Sync + 'static) {
        let change: Arc<Change> = Arc::new(Box::new(change));
        *self.0.change.lock().unwrap_or_else(PoisonError::into_inner) = change;
    }

    /// What was asked, in order.
    pub fn asked(&self) -> Vec<Question> {
        self.0.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many answers trickle at this moment.
    pub fn trickling(&self) -> usize {
        self.0.trickling.load(Ordering::Relaxed)
    }
}

/// One question a line: the answer of each is whole when its line ends.
async fn answer(mut desk: TcpStream, inner: &Inner) -> std::io::Result<()> {
    let Some((head, body)) = read(&mut desk).await? else {
        return Ok(());
    };
    let mut first = head.split(' ');
    let question = Question {
        method: first.next().unwrap_or_default().to_owned(),
        target: first.next().unwrap_or_default().to_owned(),
    };
    let rule = inner.rule.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let pass = rule(&question);
    inner
        .asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(question.clone());
    match pass {
        Pass::Refuse(status) => {
            let refusal = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            return desk.write_all(refusal.as_bytes()).await;
        }
        Pass::After(wait) => tokio::time::sleep(wait).await,
        Pass::On | Pass::Trickle => {}
    }
    let mut server = TcpStream::connect(inner.server).await?;
    if head.to_ascii_lowercase().contains("\r\nupgrade:") {
        server.write_all(format!("{head}\r\n\r\n").as_bytes()).await?;
        return tokio::io::copy_bidirectional(&mut desk, &mut server).await.map(drop);
    }
    let kept = head
        .split("\r\n")
        .filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let head = kept.collect::<Vec<_>>().join("\r\n");
    server
        .write_all(format!("{head}\r\nconnection: close\r\n\r\n").as_bytes())
        .await?;
    server.write_all(&body).await?;
    if pass == Pass::Trickle {
        inner.trickling.fetch_add(1, Ordering::Relaxed);
        let done = trickle(&mut server, &mut desk).await;
        inner.trickling.fetch_sub(1, Ordering::Relaxed);
        return done;
    }
    let mut text = String::new();
    server.read_to_string(&mut text).await?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    // Where the server names itself, it is to be found behind this front.
    let names_itself = question.target.contains("metadata") || question.target.contains("$get-ws-binding-token");
    let here = names_itself.then(|| body.replace(&inner.server.to_string(), &inner.address.to_string()));
    let body = here.as_deref().unwrap_or(body);
    let change = inner.change.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let changed = (!question.writes()).then(|| change(&question, body)).flatten();
    if changed.is_none() && here.is_none() {
        return desk.write_all(text.as_bytes()).await;
    }
    let body = changed.as_deref().unwrap_or(body);
    let kept = head
        .split("\r\n")
        .filter(|line| !line.to_ascii_lowercase().starts_with("content-length:"));
    let head = kept.collect::<Vec<_>>().join("\r\n");
    let length = body.len();
    let text = format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}");
    desk.write_all(text.as_bytes()).await
}

/// The head at once and the body a byte a second, for as long as somebody waits for it.
async fn trickle(server: &mut TcpStream, desk: &mut TcpStream) -> std::io::Result<()> {
    let mut all = vec![];
    server.read_to_end(&mut all).await?;
    let body = all.windows(4).position(|w| w == b"\r\n\r\n").map_or(0, |at| at + 4);
    desk.write_all(&all[..body]).await?;
    let mut gone = [0];
    for byte in &all[body..] {
        desk.write_all(&[*byte]).await?;
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            // The desk hung up.
            _ = desk.read(&mut gone) => return Ok(()),
        }
    }
    Ok(())
}

/// Head and body of a question.
async fn read(desk: &mut TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = vec![];
    let mut part = vec![0; 64 << 10];
    loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
            let length = head.split("\r\n").find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let is = name.eq_ignore_ascii_case("content-length");
                is.then(|| value.trim().parse::<usize>().ok())?
            });
            let whole = at + 4 + length.unwrap_or(0);
            while bytes.len() < whole {
                match desk.read(&mut part).await? {
                    0 => return Ok(None),
                    n => bytes.extend_from_slice(&part[..n]),
                }
            }
            return Ok(Some((head, bytes[at + 4..whole].to_vec())));
        }
        match desk.read(&mut part).await? {
            0 => return Ok(None),
            n => bytes.extend_from_slice(&part[..n]),
        }
    }
}
