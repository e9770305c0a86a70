//! Killed at any moment between keypress and network: what the screen confirmed is there afterwards.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{bedden, now};
use jiff::SignedDuration;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};
use store::Ledger;
use support::{Bed, Region};

#[test]
fn r_01_every_label_that_the_desk_confirmed_survives_a_kill_at_any_moment() {
    let rounds: u64 = std::env::var("BEDDENWACHT_CRASH_ROUNDS").map_or(100, |n| n.parse().unwrap());
    let seed: u64 = std::env::var("BEDDENWACHT_SEED").map_or(1, |n| n.parse().unwrap());
    println!("{rounds} rounds, seed {seed} (BEDDENWACHT_SEED, BEDDENWACHT_CRASH_ROUNDS)");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let dir = tempfile::tempdir().unwrap();
    let site = Region::new().site("zh", "zh");
    let region = (0..40).fold(site, |region, n| region.bed(Bed::new(&format!("b{n}"), "zh")));
    let file = region.write(&dir.path().join("region.json"));
    assert!(bedden(dir.path(), &["import", file.to_str().unwrap()]).status.success());

    let mut confirmed = BTreeSet::new();
    for _ in 0..rounds {
        let mut child = Command::new(env!("CARGO_BIN_EXE_label-until-killed"))
            .arg(dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (tell, told) = mpsc::channel();
        let reading = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        // Not before its first label, so that every round is a round; then anywhere.
        confirmed.insert(told.recv_timeout(Duration::from_secs(30)).unwrap());
        std::thread::sleep(Duration::from_micros(rng.random_range(0..30_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        reading.join().unwrap();
        confirmed.extend(told.try_iter());
    }
    let (ledger, opening) = Ledger::open(&dir.path().join("ledger.sqlite"), now()).unwrap();
    assert_eq!(opening.set_aside, None, "no file had to be set aside");
    assert_eq!(ledger.integrity().unwrap(), "ok");
    assert_eq!(ledger.first_broken_link().unwrap(), None, "the audit trail is whole");
    let kept = ledger.labels_since(now() - SignedDuration::from_hours(24)).unwrap();
    let kept: BTreeSet<String> = kept.into_iter().map(|(_, l)| l.reason).collect();
    let waiting = ledger.outbox().unwrap();
    let lost: Vec<&String> = confirmed.difference(&kept).collect();
    assert!(
        lost.is_empty(),
        "{} of {} confirmed labels are lost: {lost:?}",
        lost.len(),
        confirmed.len()
    );
    assert_eq!(waiting.len(), kept.len(), "and each is on its way to the server");
    println!(
        "{} labels confirmed in {rounds} rounds, {} kept",
        confirmed.len(),
        kept.len()
    );
}
