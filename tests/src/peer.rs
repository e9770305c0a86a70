//! The third-party FHIR R4 server, started by the test and filled with the practice region.

use crate::{Running, free_port, now, target, until};
use reqwest::Client;
use serde_json::{Value, json};
use sim::{Scenario, World, layout};
use std::{
    fs,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A running server; it ends with the test.
pub struct Peer {
    pub base: String,
    pub http: Client,
    _process: Running,
    _dir: TempDir,
}

impl Peer {
    /// Starts an empty server.
    pub async fn start() -> Self {
        let program = target().join("fhir-peer/bin/sekmet");
        assert!(
            program.exists(),
            "run `cargo xtask test`: it installs the FHIR server for the tests"
        );
        let dir = tempfile::tempdir().unwrap();
        let port = free_port();
        let base = format!("http://127.0.0.1:{port}/fhir");
        let settings = format!(
            "base_url: {base}\nhost: 127.0.0.1\nport: {port}\ndb_path: peer.db\nlog_inbound: false\nsimulator: {{enabled: false}}\n"
        );
        fs::write(dir.path().join("settings.yaml"), settings).unwrap();
        let log = fs::File::create(dir.path().join("peer.log")).unwrap();
        let child = Command::new(program)
            .args(["serve", "-c", "settings.yaml"])
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let peer = Self {
            base,
            http: Client::new(),
            _process: Running(child),
            _dir: dir,
        };
        until("the FHIR server answers", 60, async || {
            peer.get("metadata").await.is_some()
        })
        .await;
        peer
    }

    /// Fills it with the practice region as hospitals would: resource by resource, in transactions.
    pub async fn fill(&self) {
        // The tour begins without a stop that chance left standing.
        let mut world = World::new(&layout::zwolle().unwrap(), 1, now(), 1.0, Scenario::Tour);
        let profile = feed::Profile::shipped().unwrap();
        let resources: Vec<Value> = world
            .snapshot()
            .iter()
            .filter_map(|(_, id, fact)| feed::fhir::encode::fact(id, fact, &profile))
            .collect();
        for part in resources.chunks(400) {
            self.transaction(part).await;
        }
    }

    /// Writes resources by their own ids.
    pub async fn transaction(&self, resources: &[Value]) {
        let entries: Vec<Value> = resources
            .iter()
            .map(|r| {
                let url = format!("{}/{}", r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap());
                json!({ "resource": r, "request": { "method": "PUT", "url": url } })
            })
            .collect();
        let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
        let answer = self
            .http
            .post(&self.base)
            .header("Content-Type", "application/fhir+json")
            .body(bundle.to_string())
            .send()
            .await
            .unwrap();
        let (status, body) = (answer.status(), answer.text().await.unwrap());
        assert!(
            status.is_success(),
            "{status}: {}",
            body.chars().take(600).collect::<String>()
        );
    }

    /// Gets a resource or a search.
    pub async fn get(&self, path: &str) -> Option<Value> {
        let answer = self.http.get(format!("{}/{path}", self.base)).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        serde_json::from_str(&answer.text().await.ok()?).ok()
    }
}
