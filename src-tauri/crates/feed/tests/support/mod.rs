//! A FHIR server of a few lines for tests: it answers by a list of rules, remembers what it was asked, and breaks the line
//! where a rule says so. Through a real socket.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What is answered to a question.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A status with a body.
    Says(u16, String),
    /// A busy server, with the seconds that it asks for.
    Busy(u16, u64),
    /// A redirect.
    Elsewhere(String),
    /// Half of an answer, and then silence on a closed line.
    Breaks,
}

/// A question: method, and path with query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    pub target: String,
    pub headers: String,
    pub body: String,
}

type Rule = Box<dyn Fn(&Asked, usize) -> Option<Reply> + Send + Sync>;

/// The server.
pub struct FakeServer {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl FakeServer {
    /// Starts it. The rule is given a question and how often the same was asked before; what it does not answer is an
    /// empty Bundle.
    pub async fn start(rule: impl Fn(&Asked, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (kept, rule): (_, Arc<Rule>) = (asked.clone(), Arc::new(Box::new(rule)));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, rule.clone(), kept.clone()));
            }
        });
        Self { address, asked }
    }

    pub fn base(&self) -> String {
        format!("http://{}/fhir", self.address)
    }

    /// What was asked, in order, as `GET Location?_count=1000`.
    pub fn asked(&self) -> Vec<String> {
        let all = self.asked.lock().unwrap();
        let plain = |a: &Asked| format!("{} {}", a.method, a.target.trim_start_matches("/fhir/"));
        all.iter().map(plain).collect()
    }

    /// The questions themselves.
    pub fn questions(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(mut socket: TcpStream, rule: Arc<Rule>, kept: Arc<Mutex<Vec<Asked>>>) {
    let Some(asked) = read(&mut socket).await else { return };
    let before = {
        let mut all = kept.lock().unwrap();
        let same = |a: &&Asked| a.method == asked.method && a.target == asked.target;
        let before = all.iter().filter(same).count();
        all.push(asked.clone());
        before
    };
    let empty = || Reply::Says(200, bundle(&[], None));
    let text = match rule(&asked, before).unwrap_or_else(empty) {
        Reply::Says(status, body) => http(status, "", &body),
        Reply::Busy(status, seconds) => http(status, &format!("retry-after: {seconds}\r\n"), ""),
        Reply::Elsewhere(to) => http(302, &format!("location: {to}\r\n"), ""),
        Reply::Breaks => "HTTP/1.1 200 OK\r\ncontent-length: 90000\r\n\r\n{\"resourceType\"".to_owned(),
    };
    let _ = socket.write_all(text.as_bytes()).await;
    let _ = socket.shutdown().await;
}

fn http(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/fhir+json\r\nconnection: close\r\ndate: Sun, 22 Nov 2026 03:00:00 GMT\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn read(socket: &mut TcpStream) -> Option<Asked> {
    let mut bytes = vec![];
    let mut part = vec![0; 64 << 10];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| {
                let (name, value) = l.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                let mut first = head.lines().next()?.split(' ');
                return Some(Asked {
                    method: first.next()?.to_owned(),
                    target: first.next()?.to_owned(),
                    headers: head.to_lowercase(),
                    body: body.to_owned(),
                });
            }
        }
        match socket.read(&mut part).await.ok()? {
            0 => return None,
            n => bytes.extend_from_slice(&part[..n]),
        }
    }
}

/// A Bundle of resources, with a next page.
pub fn bundle(resources: &[String], next: Option<&str>) -> String {
    let entries: Vec<String> = resources.iter().map(|r| format!(r#"{{"resource":{r}}}"#)).collect();
    let link = next.map_or_else(String::new, |url| {
        format!(r#","link":[{{"relation":"next","url":"{url}"}}]"#)
    });
    format!(
        r#"{{"resourceType":"Bundle","type":"searchset","meta":{{"lastUpdated":"2026-11-22T03:00:00Z"}}{link},"entry":[{}]}}"#,
        entries.join(",")
    )
}

/// An `OperationOutcome`.
pub fn outcome(text: &str) -> String {
    format!(r#"{{"resourceType":"OperationOutcome","issue":[{{"diagnostics":"{text}"}}]}}"#)
}

/// A location of a kind.
pub fn location(id: &str, kind: &str) -> String {
    format!(
        r#"{{"resourceType":"Location","id":"{id}","status":"active","physicalType":{{"coding":[{{"code":"{kind}"}}]}}}}"#
    )
}

/// A version of a stop.
pub fn stop(id: &str, version: u32, updated: &str, status: &str) -> String {
    const N: &str = "https://lpz.example/fhir";
    format!(
        r#"{{"resourceType":"Flag","id":"{id}","meta":{{"versionId":"{version}","lastUpdated":"{updated}"}},"status":"{status}","code":{{"coding":[{{"system":"{N}/CodeSystem/capaciteitsstop","code":"stop"}},{{"system":"{N}/CodeSystem/stop-dienst","code":"seh"}}]}},"subject":{{"reference":"Location/seh"}},"period":{{"start":"2026-11-22T02:00:00Z"}}}}"#
    )
}
