//! Any past moment can be asked for, as it was and as this desk knew it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use domain::{
    label::{DeliveredLabel, LabelKind, LabelSource},
    place::{Period, Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind},
};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use store::{
    Applied, Cache, CacheReader, CacheWriter, Change, Complete, Incoming, Limits, Versions, Write, cache::Interval,
};

fn at(minutes: i64) -> Timestamp {
    let three: Timestamp = "2026-11-22T03:00:00+01:00".parse().unwrap();
    three + SignedDuration::from_mins(minutes)
}

fn key(id: &str) -> RecordKey {
    RecordKey::new(RecordKind::Place, id)
}

fn bed(id: &str, operational: &str) -> Fact {
    Fact::Place(Place {
        status: Some("active".to_owned()),
        operational_status: Some(operational.to_owned()),
        ..Place::new(id.into(), PlaceKind::Bed, id, Some("k1".into()))
    })
}

fn put(id: &str, version: u32, minutes: i64, operational: &str) -> Change {
    let version = version.to_string();
    Change::put(key(id), Some(&version), at(minutes), &bed(id, operational), "{}").unwrap()
}

/// Stores deliveries as the desk does, each known at a minute, and opens a reader on what came of them.
fn stored(path: &Path, deliveries: Vec<(i64, Vec<Change>)>) -> CacheReader {
    let (writer, _) = CacheWriter::start(path, at(0), Limits::default(), |_| {}).unwrap();
    for (known, changes) in deliveries {
        writer.store(Write {
            changes,
            ..Write::of("", at(known))
        });
    }
    drop(writer);
    CacheReader::open(path).unwrap()
}

/// The operational status of the one bed there is; `-` when there is none.
fn status(reader: &CacheReader, valid: i64, known: Option<i64>) -> String {
    let facts = reader.facts_at(at(valid), known.map(at)).unwrap();
    assert!(facts.unreadable.is_empty(), "{:?}", facts.unreadable);
    match facts.read.first().map(|f| &f.fact) {
        Some(Fact::Place(place)) => place.operational_status.clone().unwrap(),
        None => "-".to_owned(),
        Some(other) => unreachable!("{other:?}"),
    }
}

#[test]
fn a_bed_comes_back_to_the_letter_whatever_was_delivered_of_it() {
    let label = DeliveredLabel {
        kind: LabelKind::Covidcapaciteit,
        element: "kliniek-covid".into(),
        system: None,
        display: None,
        source: LabelSource::Epd,
    };
    let Fact::Place(plain) = bed("b", "U") else {
        unreachable!()
    };
    let beds = [
        plain.clone(),
        Place {
            status: None,
            operational_status: None,
            ..plain.clone()
        },
        Place {
            status: Some("retired?".to_owned()),
            operational_status: Some(String::new()),
            ..plain.clone()
        },
        Place {
            status: Some("suspended".to_owned()),
            labels: vec![label],
            blocked_reason: Some("personeel".to_owned()),
            reservation: Some(Period {
                start: Some(at(0)),
                end: None,
            }),
            ..plain
        },
    ];
    let mut cache = Cache::in_memory().unwrap();
    for (minutes, place) in (0..).zip(&beds) {
        let (key, fact) = (key("b"), Fact::Place(place.clone()));
        let incoming = Incoming {
            key: &key,
            version: None,
            updated: at(minutes),
            fact: Some(&fact),
            raw: "{}",
        };
        assert_eq!(
            cache.apply(&[incoming], None, at(minutes)).unwrap().applied,
            [Applied::Changed]
        );
        let found = cache.facts(None).unwrap().pop().unwrap();
        assert_eq!((found.fact, found.written), (fact, at(minutes)));
    }
}

#[test]
fn a_correction_is_told_apart_from_what_was_known_then() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    // At 03:30 the source says of 03:10 that the bed was not free but occupied.
    let reader = stored(
        &path,
        vec![(11, vec![put("b", 1, 10, "U")]), (30, vec![put("b", 2, 10, "O")])],
    );
    assert_eq!(status(&reader, 20, None), "O", "as corrected since");
    assert_eq!(status(&reader, 20, Some(20)), "U", "as this desk knew it then");
    assert_eq!(status(&reader, 20, Some(5)), "-", "before it was delivered nobody knew");
    assert_eq!(status(&reader, 5, None), "-");
}

#[test]
fn a_version_that_comes_late_fills_the_past_and_leaves_the_present_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let reader = stored(
        &path,
        vec![
            (11, vec![put("b", 1, 10, "U")]),
            (41, vec![put("b", 3, 40, "K")]),
            (60, vec![put("b", 2, 20, "O")]),
        ],
    );
    assert_eq!(status(&reader, 50, None), "K");
    assert_eq!(status(&reader, 30, None), "O", "what happened between two looks");
    assert_eq!(status(&reader, 30, Some(50)), "U", "which was not known then");
    let raw_version = reader.versions().unwrap().judge(&put("b", 2, 20, "O"));
    assert_eq!(
        raw_version,
        Applied::Older,
        "and the newest version is still the newest"
    );
}

#[test]
fn a_version_that_comes_late_twice_is_kept_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let late = || vec![put("b", 2, 20, "O")];
    let reader = stored(
        &path,
        vec![
            (11, vec![put("b", 1, 10, "U")]),
            (41, vec![put("b", 3, 40, "K")]),
            (60, late()),
            (70, late()),
        ],
    );
    let c = rusqlite::Connection::open(&path).unwrap();
    let rows: u32 = c.query_row("SELECT count(*) FROM fact", [], |r| r.get(0)).unwrap();
    assert_eq!(rows, 3);
    assert_eq!(status(&reader, 30, None), "O");
}

#[test]
fn an_older_version_of_the_same_second_never_takes_the_place_of_a_newer_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let reader = stored(
        &path,
        vec![(11, vec![put("b", 2, 10, "O")]), (12, vec![put("b", 1, 10, "U")])],
    );
    assert_eq!(status(&reader, 20, None), "O");
}

#[test]
fn a_bed_that_is_gone_is_gone_from_then_on_and_not_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let gone = Change::delete(key("b"), Some("2"), at(30));
    let reader = stored(
        &path,
        vec![
            (11, vec![put("b", 1, 10, "U")]),
            (31, vec![gone]),
            (51, vec![put("b", 3, 50, "O")]),
        ],
    );
    let seen: Vec<String> = [20, 30, 40, 50].map(|m| status(&reader, m, None)).into();
    assert_eq!(seen, ["U", "-", "-", "O"]);
    let history: Vec<(Timestamp, Option<Timestamp>)> = reader
        .history(&key("b"), at(0))
        .unwrap()
        .into_iter()
        .map(|(from, to, _): Interval| (from, to))
        .collect();
    assert_eq!(history, [(at(10), Some(at(30))), (at(50), None)]);
}

#[test]
fn history_begins_with_what_stood_at_its_first_moment_and_can_be_asked_for_as_it_was_known() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let reader = stored(
        &path,
        vec![
            (1, vec![put("b", 1, 0, "U")]),
            (11, vec![put("b", 2, 10, "O")]),
            (21, vec![put("b", 3, 20, "K")]),
            (60, vec![put("b", 4, 20, "H")]),
        ],
    );
    let said = |known: Option<i64>| -> Vec<(i64, String)> {
        let history = reader.history_as_known(&key("b"), at(15), known.map(at)).unwrap();
        history
            .into_iter()
            .map(|(from, _, fact)| match fact {
                Fact::Place(p) => (from.duration_since(at(0)).as_mins(), p.operational_status.unwrap()),
                other => unreachable!("{other:?}"),
            })
            .collect()
    };
    assert_eq!(said(None), [(10, "O".to_owned()), (20, "H".to_owned())]);
    assert_eq!(said(Some(30)), [(10, "O".to_owned()), (20, "K".to_owned())]);
}

#[test]
fn both_ends_of_an_interval_can_be_looked_into_with_an_sql_prompt() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    drop(stored(
        &path,
        vec![
            (11, vec![put("b", 1, 10, "U")]),
            (12, vec![put("b", 2, 10, "O")]),
            (21, vec![put("b", 3, 20, "K")]),
        ],
    ));
    let c = rusqlite::Connection::open(&path).unwrap();
    let mut statement = c
        .prepare("SELECT valid_from, valid_to, known_from, known_to FROM interval ORDER BY valid_from, known_from")
        .unwrap();
    let us = |m: i64| Some(at(m).as_microsecond());
    let rows: Vec<[Option<i64>; 4]> = statement
        .query_map([], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        rows,
        [
            [us(10), us(20), us(11), us(12)],
            [us(10), us(20), us(12), None],
            [us(20), None, us(21), None]
        ]
    );
}

#[test]
fn a_past_moment_is_one_seek_a_thing_whatever_the_history_holds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let many = (0..200_i64).map(|n| (n, vec![put("b", 1 + n as u32, n, if n % 2 == 0 { "U" } else { "O" })]));
    drop(stored(&path, many.collect()));
    // With statistics, since these are what changes a plan.
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("ANALYZE")
        .unwrap();
    let plan = CacheReader::open(&path).unwrap().plan().unwrap();
    let table = |alias: &str| plan.iter().filter(|line| line.contains(alias)).collect::<Vec<_>>();
    for alias in [" f ", " g "] {
        assert_eq!(table(alias).len(), 2, "{plan:#?}");
        assert!(
            table(alias)
                .iter()
                .all(|l| l.contains("SEARCH") && l.contains("USING PRIMARY KEY (thing=? AND valid_from")),
            "{plan:#?}"
        );
    }
    let bad = ["SCAN f", "SCAN g", "MULTI-INDEX", "TEMP B-TREE", "AUTOMATIC"];
    assert!(!plan.iter().any(|l| bad.iter().any(|b| l.contains(b))), "{plan:#?}");
    assert!(
        plan.iter().any(|l| l.contains("SCAN i USING INDEX thing_site")),
        "in the order of the sites: {plan:#?}"
    );
}

#[test]
fn what_belongs_to_a_site_can_be_asked_for_alone_and_comes_together() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let of = |id: &str, site: &str| put(id, 1, 0, "U").of_site(site);
    let reader = stored(
        &path,
        vec![(
            1,
            vec![
                of("a1", "isala"),
                of("b1", "deventer"),
                of("a2", "isala"),
                of("b2", "deventer"),
            ],
        )],
    );
    let ids = |facts: Vec<store::StoredFact>| facts.into_iter().map(|f| f.key.id).collect::<Vec<_>>();
    assert_eq!(
        ids(reader.facts_of_site("isala", at(5), None).unwrap().read),
        ["a1", "a2"]
    );
    assert_eq!(
        ids(reader.facts_at(at(5), None).unwrap().read),
        ["a1", "a2", "b1", "b2"]
    );
}

#[test]
fn one_fact_that_cannot_be_read_costs_that_fact_and_names_the_source_to_ask() {
    for damage in [
        "UPDATE body SET json = '{\"half\":' WHERE id = (SELECT body FROM fact JOIN thing ON id = thing WHERE name = 'bron2~b')",
        "UPDATE body SET json = CAST(X'22FF22' AS TEXT) WHERE id = (SELECT body FROM fact JOIN thing ON id = thing WHERE name = 'bron2~b')",
        "UPDATE fact SET operational = 42 WHERE thing = (SELECT id FROM thing WHERE name = 'bron2~b')",
        "DELETE FROM body WHERE id = (SELECT body FROM fact JOIN thing ON id = thing WHERE name = 'bron2~b')",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.sqlite");
        let change = || put("bron2~b", 1, 0, "U");
        let reader = stored(&path, vec![(1, vec![put("a", 1, 0, "U"), change()])]);
        rusqlite::Connection::open(&path)
            .unwrap()
            .execute_batch(damage)
            .unwrap();
        let facts = reader.facts_at(at(5), None).unwrap();
        assert_eq!(facts.read.len(), 1, "{damage}");
        assert_eq!(
            facts.sources_to_ask().into_iter().collect::<Vec<_>>(),
            ["bron2"],
            "{damage}"
        );
        let (key, unreadable) = facts.unreadable.into_iter().next().unwrap();
        assert_eq!(
            (unreadable.table, unreadable.row.as_str()),
            ("fact", "place/bron2~b"),
            "{damage}"
        );

        // Asked again, the source says the same, and that mends it.
        let (writer, _) = CacheWriter::start(&path, at(9), Limits::default(), |_| {}).unwrap();
        writer.ask_again("bron2", vec![key]);
        writer.store(Write {
            changes: vec![change()],
            ..Write::of("bron2", at(10))
        });
        drop(writer);
        let mended = reader.facts_at(at(15), None).unwrap();
        assert_eq!((mended.read.len(), mended.unreadable.len()), (2, 0), "{damage}");
    }
}

#[test]
fn what_is_judged_in_memory_is_what_the_file_says_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let reader = stored(
        &path,
        vec![
            (
                1,
                vec![put("a", 1, 0, "U"), put("b", 1, 0, "U"), put("bron2~c", 1, 0, "U")],
            ),
            (6, vec![Change::delete(key("a"), Some("2"), at(5))]),
        ],
    );
    let mut versions = reader.versions().unwrap();
    assert_eq!(versions.len(), 3);
    assert_eq!(
        versions.judge(&put("a", 1, 0, "U")),
        Applied::Older,
        "it was deleted since"
    );
    assert_eq!(versions.judge(&put("b", 2, 9, "U")), Applied::Same);
    assert_eq!(versions.judge(&put("b", 3, 10, "O")), Applied::Changed);
    assert_eq!(versions.judge(&put("d", 1, 10, "O")), Applied::Changed);
    assert_eq!(
        versions.judge(&Change::delete(key("e"), None, at(10))),
        Applied::Same,
        "it was never there"
    );
}

#[test]
fn what_everything_of_a_source_does_not_name_is_gone_and_nothing_else_is() {
    let mut versions = Versions::default();
    for id in ["a", "b", "kept", "bron2~c"] {
        versions.judge(&put(id, 2, 2, "U"));
    }
    let other = RecordKey::new(RecordKind::Note, "n");
    let note = Change::put(other, None, at(0), &Fact::Other, "{}").unwrap();
    versions.judge(&note);
    let (a, kept) = (key("a"), [key("kept")].into());
    let gone = versions.gone("", &[RecordKind::Place], &[&a].into(), &kept);
    assert_eq!(gone, [key("b")]);
    for older in [put("b", 1, 0, "U"), put("b", 1, 2, "U")] {
        assert_eq!(
            versions.judge(&older),
            Applied::Older,
            "what was overtaken before does not bring it back"
        );
    }
    assert_eq!(
        versions.judge(&put("b", 2, 2, "U")),
        Applied::Changed,
        "named again it is there again"
    );
}

#[test]
fn what_was_deleted_is_not_brought_back_by_the_version_that_stood_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let mut versions = Versions::default();
    let (stood, deleted) = (put("b", 1, 0, "U"), Change::delete(key("b"), Some("2"), at(3)));
    versions.judge(&stood);
    // First one load does not name it, then its source says that it deleted it.
    let kinds = vec![RecordKind::Place];
    versions.gone("", &kinds, &[].into(), &[].into());
    versions.judge(&deleted);
    drop(stored(&path, vec![(1, vec![stood.clone()])]));
    let (writer, _) = CacheWriter::start(&path, at(2), Limits::default(), |_| {}).unwrap();
    writer.store(Write {
        complete: Some(Complete {
            kinds,
            ..Complete::default()
        }),
        ..Write::of("", at(2))
    });
    writer.store(Write {
        changes: vec![deleted],
        ..Write::of("", at(4))
    });
    drop(writer);
    let on_disk = CacheReader::open(&path).unwrap().versions().unwrap();
    for mut known in [versions, on_disk] {
        assert_eq!(known.judge(&stood), Applied::Older);
    }
}

#[test]
fn what_one_load_missed_is_gone_on_disk_until_it_is_named_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let stood = put("b", 1, 0, "U");
    drop(stored(&path, vec![(1, vec![stood.clone()])]));
    let (writer, _) = CacheWriter::start(&path, at(9), Limits::default(), |_| {}).unwrap();
    writer.store(Write {
        complete: Some(Complete {
            kinds: vec![RecordKind::Place],
            ..Complete::default()
        }),
        ..Write::of("", at(10))
    });
    drop(writer);
    let reader = stored(&path, vec![(20, vec![stood])]);
    let seen: Vec<String> = [5, 10, 19, 20, 30].map(|m| status(&reader, m, None)).into();
    assert_eq!(seen, ["U", "-", "-", "U", "U"]);
}

#[test]
fn the_file_agrees_with_memory_about_what_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let first = ["a", "b", "kept", "bron2~c"].map(|id| put(id, 1, 0, "U"));
    drop(stored(&path, vec![(1, first.into())]));
    let (writer, _) = CacheWriter::start(&path, at(9), Limits::default(), |_| {}).unwrap();
    writer.store(Write {
        changes: vec![put("a", 1, 0, "U")],
        complete: Some(Complete {
            kinds: vec![RecordKind::Place],
            kept: [key("kept")].into(),
        }),
        ..Write::of("", at(10))
    });
    drop(writer);
    let facts = CacheReader::open(&path).unwrap().facts(None).unwrap();
    let mut ids: Vec<String> = facts.into_iter().map(|f| f.key.id).collect();
    ids.sort();
    assert_eq!(ids, ["a", "bron2~c", "kept"]);
}

#[test]
fn a_bed_is_gone_also_where_the_clock_of_its_source_is_ahead_of_ours() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let mut versions = Versions::default();
    let ahead = put("b", 5, 5, "U");
    versions.judge(&ahead);
    let kinds = vec![RecordKind::Place];
    drop(stored(&path, vec![(1, vec![ahead.clone()])]));
    let (writer, _) = CacheWriter::start(&path, at(2), Limits::default(), |_| {}).unwrap();
    writer.store(Write {
        complete: Some(Complete {
            kinds: kinds.clone(),
            ..Complete::default()
        }),
        ..Write::of("", at(2))
    });
    drop(writer);
    let gone = versions.gone("", &kinds, &[].into(), &[].into());
    assert_eq!(gone, [key("b")]);
    let reader = CacheReader::open(&path).unwrap();
    assert_eq!(status(&reader, 9, None), "-");
    for mut known in [versions, reader.versions().unwrap()] {
        assert_eq!(
            known.judge(&put("b", 4, 4, "O")),
            Applied::Older,
            "what was overtaken before it was gone does not bring it back"
        );
        assert_eq!(
            known.judge(&ahead),
            Applied::Changed,
            "if it is named again it is there again"
        );
    }
}
