//! The hospital's side: a mapping is tried, and its file goes to a FHIR server that others wrote, only what changed, once.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    SystemClock,
    sources::{Delivered, Mapping, Order, SourceRequest, deliver},
};
use beddenwacht_tests::{
    bedden, desk_of, json, now,
    peer::Peer,
    proxy::{Proxy, Wire},
    root, skipped,
};
use serde_json::{Value, json as value};
use std::{fs, path::Path, time::Duration};
use tempfile::TempDir;

const HEADER: &str =
    "Unit,Room,Bed label,Staffed,Bed status,Planned,Care type,Department code,Extracted at,Ward phone\n";

/// A hospital's own export; `statuses` of its beds.
fn export(dir: &Path, statuses: &[&str], minute: u32) -> std::path::PathBuf {
    let at = now() - jiff::SignedDuration::from_mins(20) + jiff::SignedDuration::from_mins(i64::from(minute));
    let at = at
        .to_zoned(domain::service_day::dutch_zone())
        .strftime("%d-%m-%Y %H:%M")
        .to_string();
    let rows = statuses.iter().enumerate().map(|(n, status)| {
        let care = if n == 0 { "INTENSIVE" } else { "GENERAL" };
        format!("A1,{},{},Y,{status},N,{care},0303,{at},4711\n", n / 2, n % 2)
    });
    let path = dir.join("stand.csv");
    fs::write(&path, HEADER.to_owned() + &rows.collect::<String>()).unwrap();
    path
}

fn mapping_file() -> std::path::PathBuf {
    root().join("assets/csv-mappings/voorbeeld-epd.json")
}

fn mapping() -> Mapping {
    Mapping::parse(&fs::read_to_string(mapping_file()).unwrap()).unwrap()
}

async fn send(to: &str, dir: &Path, csv: &Path) -> Result<Delivered, app::AppError> {
    let request = SourceRequest {
        address: to.to_owned(),
        ..SourceRequest::default()
    };
    let (mapping, state) = (mapping(), dir.join("levering.json"));
    let order = Order {
        csv,
        mapping: &mapping,
        state: &state,
        accept_shrunk: false,
        now: app::Clock::now(&SystemClock),
    };
    deliver(&request, order).await
}

fn version(resource: &Value) -> u64 {
    resource["meta"]["versionId"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_mapping_can_be_tried_and_says_what_it_would_read_and_changes_nothing() {
    let dir = TempDir::new().unwrap();
    let csv = export(dir.path(), &["Occupied", "Empty", "Dirty", "Verhuisd"], 1);
    let mapping = mapping_file().display().to_string();
    let arguments = ["import", "--mapping", &mapping, "--dry-run", csv.to_str().unwrap()];
    let tried = json(&bedden(dir.path(), &arguments));
    let column = |name: &str| {
        let all = tried["columns"].as_array().unwrap();
        all.iter().find(|c| c["column"] == name).unwrap()["from"].clone()
    };
    assert_eq!(column("bezet"), "column Bed status");
    assert_eq!(column("locatie"), "constant Voorbeeldziekenhuis");
    assert_eq!(column("covidcapaciteit"), Value::Null);
    assert_eq!(tried["unused_columns"], value!(["Ward phone"]));
    assert_eq!(tried["rows"], 4);
    assert_eq!(
        tried["beds"],
        value!({ "free": 2, "occupied": 1, "unknown": 1 }),
        "unknown is never free"
    );
    assert_eq!(
        tried["elements"]["specialistisch"],
        value!({ "alg-klinisch": 3, "ic-beademd": 1 })
    );
    let problems = tried["problems"].to_string();
    assert!(problems.contains("Verhuisd"), "{problems}");
    assert_eq!(
        json(&bedden(dir.path(), &["region", "--json"]))["locations"],
        value!([])
    );

    // A mapping that names a column of ours wrongly says which and where.
    let wrong = dir.path().join("fout.json");
    fs::write(&wrong, r#"{"name":"x","columns":{"bezetting":"Bed status"}}"#).unwrap();
    let out = bedden(
        dir.path(),
        &[
            "import",
            "--mapping",
            wrong.to_str().unwrap(),
            "--dry-run",
            csv.to_str().unwrap(),
        ],
    );
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        !out.status.success() && said.contains("fout.json") && said.contains("bezetting"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn r_12_a_hospital_delivers_only_what_changed_with_its_heartbeat_and_what_others_said_stays() {
    let peer = Peer::start().await;
    let dir = TempDir::new().unwrap();
    let csv = export(dir.path(), &["Occupied", "Empty", "Empty", "Dirty"], 1);
    let first = send(&peer.base, dir.path(), &csv).await.unwrap();
    // Four beds, two rooms, a ward, the site, and the heartbeat.
    assert_eq!((first.rows, first.written, first.unchanged), (4, 9, 0), "{first:?}");

    // The same file again: nothing at all is written.
    let again = send(&peer.base, dir.path(), &csv).await.unwrap();
    assert_eq!((again.written, again.unchanged), (0, 9), "{again:?}");

    // The region names the site and marks a bed: an extension of its own.
    let bed = "Location/voorbeeldziekenhuis-a1-0-1";
    let mut marked = peer.get(bed).await.unwrap();
    let own = value!({ "url": "https://regio.example/kenmerk", "valueString": "raam" });
    marked["extension"].as_array_mut().unwrap().push(own);
    let mut site = peer.get("Location/voorbeeldziekenhuis").await.unwrap();
    site["name"] = value!("Voorbeeldziekenhuis Zwolle");
    peer.transaction(&[marked, site]).await;

    // Five minutes later one bed was taken: that bed and the heartbeat go, over the version that we did not know.
    let csv = export(dir.path(), &["Occupied", "Occupied", "Empty", "Dirty"], 6);
    let later = send(&peer.base, dir.path(), &csv).await.unwrap();
    assert_eq!(later.written, 2, "{later:?}");
    let now_there = peer.get(bed).await.unwrap();
    assert_eq!(now_there["operationalStatus"]["code"], "O");
    assert!(
        now_there["extension"].to_string().contains("raam"),
        "what the region said stays"
    );
    let site = peer.get("Location/voorbeeldziekenhuis").await.unwrap();
    assert_eq!(site["name"], "Voorbeeldziekenhuis Zwolle");

    // A bed that the file no longer names is no longer offered; nothing is deleted.
    let csv = export(dir.path(), &["Occupied", "Occupied", "Empty"], 11);
    let fewer = send(&peer.base, dir.path(), &csv).await.unwrap();
    assert_eq!(fewer.retired, 1, "{fewer:?}");
    assert_eq!(
        peer.get("Location/voorbeeldziekenhuis-a1-1-1").await.unwrap()["status"],
        "inactive"
    );

    // A file that lost over half of its beds is not believed without a person's word.
    let csv = export(dir.path(), &["Occupied"], 16);
    let shrunk = send(&peer.base, dir.path(), &csv).await.unwrap_err();
    assert!(shrunk.detail.contains("1 beds instead of 3"), "{shrunk}");

    // A desk in the region sees it.
    let data = TempDir::new().unwrap();
    let desk = desk_of("wan-hoofd", data.path());
    desk.set_source(&peer.base).await;
    let mut follower = desk.follow(&peer.base);
    follower.round().await;
    let report = desk.moment().region_report();
    let totals = &report.locations[0].totals;
    assert_eq!((totals.occupied, totals.available), (Some(2), Some(1)));
    assert!(
        report.locations[0].age_s.is_some_and(|s| s < 3600),
        "the heartbeat came along"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn r_12_a_delivery_whose_answer_is_lost_is_recognised_and_not_written_twice() {
    let peer = Peer::start().await;
    let wire = Proxy::to(peer.base.parse::<url::Url>().unwrap().socket_addrs(|| None).unwrap()[0]).await;
    let dir = TempDir::new().unwrap();
    let csv = export(dir.path(), &["Occupied", "Empty"], 1);
    wire.set(Wire::LosesAnswer);
    let (address, folder) = (format!("http://{}/fhir", wire.address), dir.path().to_owned());
    let sending = tokio::spawn(async move { send(&address, &folder, &csv).await });
    // Meanwhile the server has everything, and nobody told the hospital.
    tokio::time::sleep(Duration::from_millis(900)).await;
    wire.set(Wire::Whole);
    let sent = sending.await.unwrap().unwrap();
    assert_eq!(sent.unchanged + sent.written, 6, "{sent:?}");
    for id in [
        "voorbeeldziekenhuis-a1-0-0",
        "voorbeeldziekenhuis-a1-0-1",
        "voorbeeldziekenhuis",
    ] {
        let there = peer.get(&format!("Location/{id}")).await.unwrap();
        assert_eq!(version(&there), 1, "{id} was written twice");
    }
    let heartbeat = peer.get("MeasureReport/voorbeeldziekenhuis-levering").await.unwrap();
    assert_eq!(version(&heartbeat), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_followed_through_its_mapping_and_a_file_that_cannot_be_read_is_listed() {
    let (data, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fs::copy(mapping_file(), folder.path().join("mapping.json")).unwrap();
    let desk = desk_of("wan-hoofd", data.path());
    desk.set_source(&folder.path().display().to_string()).await;
    let mut watch = desk.watch(folder.path());
    let csv = export(folder.path(), &["Occupied", "Empty"], 1);
    watch.look();
    let beds = async || {
        let moment = desk.settled().await;
        let is_bed = |p: &&domain::place::Place| p.kind == domain::place::PlaceKind::Bed;
        moment.region.places().filter(is_bed).count()
    };
    assert_eq!(beds().await, 0, "a file that may still grow is left alone");
    watch.look();
    assert_eq!(beds().await, 2);

    fs::write(folder.path().join("half.csv"), "Unit,Room\nA1,1\n").unwrap();
    watch.look();
    watch.look();
    let listed = desk.settled().await.not_understood.clone();
    assert!(
        listed
            .iter()
            .any(|n| n.path.ends_with("half.csv") && n.detail.contains("is missing")),
        "{listed:?}"
    );
    assert_eq!(beds().await, 2);

    // The folder is gone: what was known stays, marked as old.
    fs::remove_file(csv).unwrap();
    drop(folder);
    watch.look();
    assert_eq!(beds().await, 2);
    assert_eq!(desk.frame().connection.state, "offline");
}

#[test]
fn the_shipped_units_are_ones_that_systemd_takes() {
    let Ok(version) = std::process::Command::new("systemd-analyze").arg("--version").output() else {
        return skipped("systemd is not on this machine");
    };
    assert!(version.status.success());
    let dir = TempDir::new().unwrap();
    for name in ["beddenwacht-levering.service", "beddenwacht-levering.timer"] {
        let text = fs::read_to_string(root().join("assets/systemd").join(name)).unwrap();
        fs::write(dir.path().join(name), text.replace("/usr/bin/bedden", "/bin/true")).unwrap();
    }
    let verified = std::process::Command::new("systemd-analyze")
        .args(["verify", "beddenwacht-levering.service", "beddenwacht-levering.timer"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
}
