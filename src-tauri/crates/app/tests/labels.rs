//! Labels by hand: an overlay with an end, sets that come back, decisions, and what they cost.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock, ErrorCode,
    clock::FixedClock,
    labels::{Decision, LabelKey, LabelRequest, SetRequest, Until},
    worklist::{WorkRow, WorklistView},
};
use domain::label::{LabelKind, LabelSource};
use jiff::SignedDuration;
use std::{collections::BTreeMap, fs, sync::Arc};
use support::{Bed, Region, TestDesk, night_clock, open_desk};
use tempfile::TempDir;

const COVID: &str = "covidcapaciteit";

struct Ward {
    desk: TestDesk,
    clock: Arc<FixedClock>,
    dir: TempDir,
}

impl Ward {
    /// A ward of two rooms with two beds each, at three in the night.
    fn open() -> Self {
        let clock = night_clock();
        let dir = TempDir::new().unwrap();
        let mut ward = Self {
            desk: open_desk(dir.path(), &clock),
            clock,
            dir,
        };
        ward.deliver("kliniek-non-covid", "alg-klinisch");
        ward
    }

    /// The desk is closed and opened again, after what was delivered came to lie on disk.
    fn reopen(&mut self) {
        self.desk.wait_until_stored().unwrap();
        self.desk = open_desk(self.dir.path(), &self.clock);
    }

    /// The next delivery, in which the record says this of every bed; an empty code is no label.
    fn deliver(&mut self, covid: &str, specialist: &str) {
        let bed = |id: &str, room: &str| {
            let labels = [
                (LabelKind::Covidcapaciteit, covid),
                (LabelKind::Specialistisch, specialist),
            ];
            let given = labels.into_iter().filter(|(_, code)| !code.is_empty());
            given.fold(Bed::new(id, room), |bed, (kind, code)| bed.label(kind, code))
        };
        let region = Region::new()
            .site("isala", "isala")
            .department("a1", "isala")
            .room("k1", "a1")
            .room("k2", "a1")
            .bed(bed("b1", "k1"))
            .bed(bed("b2", "k1"))
            .bed(bed("b3", "k2"))
            .bed(bed("b4", "k2"))
            .heartbeat("isala", self.clock.now());
        support::deliver(&mut self.desk, &region);
    }

    fn later(&mut self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
        self.desk.tick().unwrap();
    }

    fn label(&mut self, beds: &[&str], element: &str, until: Until) {
        self.desk.label_beds(&request(beds, COVID, element, until)).unwrap();
    }

    /// What every bed shows in a classification, with whether a person said so.
    fn shown(&self) -> BTreeMap<String, (String, bool)> {
        let beds = self.desk.beds_report("isala").unwrap().beds;
        beds.into_iter()
            .map(|b| {
                let label = &b.labels[COVID];
                (b.id, (label.element.clone(), label.source == LabelSource::Handmatig))
            })
            .collect()
    }

    fn by_hand(&self) -> Vec<String> {
        self.shown()
            .into_iter()
            .filter(|(_, (_, manual))| *manual)
            .map(|(id, _)| id)
            .collect()
    }

    fn rows(&self, group: &str) -> Vec<WorkRow> {
        let view: WorklistView = self.desk.worklist();
        let found = view.groups.into_iter().find(|g| g.code == group);
        found.map_or_else(Vec::new, |g| g.rows)
    }
}

fn request(beds: &[&str], kind: &str, element: &str, until: Until) -> LabelRequest {
    LabelRequest {
        beds: beds.iter().map(|b| (*b).to_owned()).collect(),
        kind: kind.to_owned(),
        element: element.to_owned(),
        reason: "harmonica".to_owned(),
        until,
    }
}

fn key(bed: &str) -> LabelKey {
    LabelKey {
        bed: bed.to_owned(),
        classification: COVID.to_owned(),
    }
}

fn set(name: &str, beds: &[&str], element: &str, daily: Option<(&str, &str)>) -> SetRequest {
    SetRequest {
        name: name.to_owned(),
        label: request(beds, COVID, element, Until::Open),
        daily: daily.map(|(from, until)| (from.to_owned(), until.to_owned())),
        over_single: false,
    }
}

#[test]
fn where_the_record_comes_to_agree_the_label_dissolves_and_says_so() {
    let mut ward = Ward::open();
    ward.label(&["b1", "b2"], "kliniek-covid", Until::Open);
    assert_eq!(ward.by_hand(), ["b1", "b2"]);
    ward.clock.advance(SignedDuration::from_mins(5));
    ward.deliver("kliniek-covid", "alg-klinisch");
    assert!(ward.by_hand().is_empty(), "the record says so itself");
    assert_eq!(ward.shown()["b1"].0, "kliniek-covid");
    assert_eq!(ward.rows("dissolved")[0].lines, ["2 × Kliniek – Covid"]);
    ward.clock.advance(SignedDuration::from_mins(5));
    ward.deliver("kliniek-non-covid", "alg-klinisch");
    assert_eq!(
        ward.shown()["b1"].0,
        "kliniek-non-covid",
        "what dissolved does not come back"
    );
    let trail = ward.desk.audit_trail();
    assert!(trail.iter().any(|r| r.what == "label" && r.to.is_none()), "{trail:?}");
}

#[test]
fn where_the_record_changes_under_a_label_the_person_is_asked_and_the_label_stands_meanwhile() {
    let mut ward = Ward::open();
    ward.label(&["b1", "b2"], "kliniek-covid", Until::Open);
    ward.clock.advance(SignedDuration::from_mins(5));
    ward.deliver("ic-covid", "alg-klinisch");
    assert_eq!(ward.shown()["b1"].0, "kliniek-covid");
    let asked = ward.rows("contradicts");
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].lines[1].contains("zei Kliniek – Non-Covid, zegt nu IC – Covid"),
        "{asked:?}"
    );
    ward.desk
        .decide(&Decision::Keep {
            labels: vec![key("b1")],
        })
        .unwrap();
    ward.desk
        .decide(&Decision::LetGo {
            labels: vec![key("b2")],
        })
        .unwrap();
    assert!(
        ward.rows("contradicts").is_empty(),
        "what was decided is not asked again"
    );
    assert_eq!(
        (ward.shown()["b1"].0.as_str(), ward.shown()["b2"].0.as_str()),
        ("kliniek-covid", "ic-covid")
    );
}

#[test]
fn a_label_that_ends_soon_or_has_ended_is_extended_let_go_or_repeated_from_the_list() {
    let mut ward = Ward::open();
    ward.label(&["b1", "b2"], "kliniek-covid", Until::NextTen);
    assert!(ward.rows("ending").is_empty(), "seven hours is not soon");
    ward.later(6);
    ward.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(ward.rows("ending").len(), 1);
    ward.desk
        .decide(&Decision::Extend {
            labels: vec![key("b1")],
        })
        .unwrap();
    ward.later(1);
    assert_eq!(ward.by_hand(), ["b1"]);
    let ended = ward.rows("ended");
    assert_eq!(
        (ended.len(), ended[0].actions.clone()),
        (1, vec!["repeat", "label"]),
        "{ended:?}"
    );
    ward.desk
        .decide(&Decision::Repeat {
            labels: vec![key("b2")],
        })
        .unwrap();
    assert_eq!(ward.by_hand(), ["b1", "b2"]);
}

#[test]
fn a_label_can_end_on_friday_at_ten_by_the_clock_on_the_wall() {
    let mut ward = Ward::open();
    let friday = Until::At {
        at: "2026-11-27T10:00".to_owned(),
    };
    ward.label(&["b1"], "kliniek-covid", friday);
    ward.later(5 * 24 + 6);
    assert_eq!(ward.by_hand(), ["b1"]);
    ward.later(1);
    assert!(ward.by_hand().is_empty());
}

#[test]
fn a_set_shows_what_it_touches_leaves_single_labels_alone_and_switches_a_ward_on_and_off() {
    let mut ward = Ward::open();
    ward.label(&["b4"], "ic-covid", Until::Open);
    let harmonica = set("harmonica stand 2", &["b1", "b2", "b3", "b4"], "kliniek-covid", None);
    let preview = ward.desk.preview_set(&harmonica).unwrap();
    assert_eq!(preview.beds, 4);
    assert_eq!(
        preview.touches,
        ["a1: 4 bedden → Kliniek – Covid"],
        "a whole ward is named as one"
    );
    assert_eq!(preview.single, ["a1 · k2 · b4"]);
    ward.desk.save_set(&harmonica).unwrap();
    assert_eq!(ward.shown()["b3"].0, "kliniek-covid");
    assert_eq!(
        ward.shown()["b4"].0,
        "ic-covid",
        "a person labelled it singly, and was not asked"
    );
    let id = ward.desk.worklist().sets[0].id.clone();
    let moment = SignedDuration::from_secs(5);
    ward.clock.advance(moment);
    ward.desk.switch_set(&id, false).unwrap();
    assert_eq!(ward.by_hand(), ["b4"]);
    ward.desk.tick().unwrap();
    assert_eq!(ward.by_hand(), ["b4"], "off stays off");
    ward.clock.advance(moment);
    ward.desk.switch_set(&id, true).unwrap();
    assert_eq!(ward.by_hand(), ["b1", "b2", "b3", "b4"]);
    ward.clock.advance(moment);
    let asked = SetRequest {
        over_single: true,
        ..set("harmonica stand 2", &["b1", "b2", "b3", "b4"], "kliniek-covid", None)
    };
    ward.desk.save_set(&asked).unwrap();
    assert_eq!(ward.shown()["b4"].0, "kliniek-covid", "now a person said so");
}

#[test]
fn a_set_for_every_night_comes_back_by_itself_and_what_a_person_took_back_stays_taken_back() {
    let mut ward = Ward::open();
    ward.desk
        .save_set(&set("nacht", &["b1", "b2"], "kliniek-covid", Some(("22:00", "07:30"))))
        .unwrap();
    assert_eq!(ward.by_hand(), ["b1", "b2"], "it is night");
    ward.desk
        .decide(&Decision::LetGo {
            labels: vec![key("b1")],
        })
        .unwrap();
    ward.desk.tick().unwrap();
    assert_eq!(ward.by_hand(), ["b2"]);
    ward.later(5);
    assert!(ward.by_hand().is_empty(), "in the morning it ends by itself");
    ward.reopen();
    ward.later(15);
    assert_eq!(
        ward.by_hand(),
        ["b1", "b2"],
        "the next night it is back, also after a restart"
    );
}

#[test]
fn two_sets_that_want_one_bed_say_so_and_the_first_stays() {
    let mut ward = Ward::open();
    ward.desk
        .save_set(&set("a", &["b1", "b2"], "kliniek-covid", None))
        .unwrap();
    let second = set("b", &["b2", "b3"], "ic-covid", None);
    assert_eq!(ward.desk.preview_set(&second).unwrap().conflicts, ["a1 · k1 · b2 (a)"]);
    ward.desk.save_set(&second).unwrap();
    let shown = ward.shown();
    assert_eq!(
        (shown["b2"].0.as_str(), shown["b3"].0.as_str()),
        ("kliniek-covid", "ic-covid")
    );
}

#[test]
fn a_less_specialised_label_than_the_record_has_is_met_with_the_better_one() {
    let mut ward = Ward::open();
    ward.deliver("kliniek-non-covid", "isolatie");
    let preview = |element: &str| {
        let asked = request(&["b1", "b2"], "specialistisch", element, Until::Day);
        ward.desk.preview_label(&asked).unwrap().suggestion
    };
    assert_eq!(preview("alg-klinisch").map(|s| s.element).as_deref(), Some("isolatie"));
    assert_eq!(preview("ic-beademd"), None);
}

#[test]
fn beds_without_a_mandatory_label_stand_on_the_list_a_ward_at_a_time() {
    let mut ward = Ward::open();
    ward.deliver("", "alg-klinisch");
    let rows = ward.rows("missing");
    assert_eq!(
        (rows.len(), rows[0].beds.len(), rows[0].classification.as_str()),
        (1, 4, COVID)
    );
    ward.label(&["b1", "b2", "b3", "b4"], "kliniek-non-covid", Until::Open);
    assert!(ward.rows("missing").is_empty());
}

#[test]
fn labels_may_be_given_only_where_the_account_may() {
    let mut ward = Ward::open();
    fs::write(ward.dir.path().join("account.json"), r#"{"labels":["deventer"]}"#).unwrap();
    ward.reopen();
    let asked = request(&["b1"], COVID, "kliniek-covid", Until::Day);
    assert_eq!(ward.desk.label_beds(&asked).unwrap_err().code, ErrorCode::NotAllowed);
    assert!(!ward.desk.beds_view("isala", COVID).may_label);
    assert!(ward.desk.outbox_report().is_empty());
    fs::write(ward.dir.path().join("account.json"), "not json").unwrap();
    ward.reopen();
    assert_eq!(
        ward.desk.label_beds(&asked).unwrap_err().code,
        ErrorCode::NotAllowed,
        "a broken file allows nothing"
    );
}

#[test]
fn s_07_s_08_the_trail_says_who_changed_what_from_what_to_what_and_a_changed_row_breaks_it() {
    let mut ward = Ward::open();
    ward.label(&["b1"], "kliniek-covid", Until::Day);
    ward.desk.undo_label().unwrap();
    let trail = ward.desk.audit_trail();
    let change = |row: &app::journal::AuditRow| (row.who.clone(), row.about.clone(), row.from.clone(), row.to.clone());
    let (non, covid) = (
        Some("Kliniek – Non-Covid".to_owned()),
        Some("Kliniek – Covid".to_owned()),
    );
    let who = ("wan-hoofd".to_owned(), "a1 · k1 · b1".to_owned());
    assert_eq!(change(&trail[0]), (who.0.clone(), who.1.clone(), non, covid.clone()));
    assert_eq!(change(&trail[1]), (who.0, who.1, covid, None));
    let state = |desk: &TestDesk| {
        desk.records()
            .check()
            .unwrap()
            .into_iter()
            .find(|(what, _)| what == "audit-trail")
            .unwrap()
            .1
    };
    assert_eq!(state(&ward.desk), "ok");
    let raw = rusqlite::Connection::open(ward.dir.path().join("ledger.sqlite")).unwrap();
    raw.execute("UPDATE journal SET who = 'iemand anders' WHERE seq = 1", [])
        .unwrap();
    assert_eq!(state(&ward.desk), "broken at row 1");
}

#[test]
fn the_days_labels_go_back_to_the_record_and_what_is_made_for_weeks_is_advised() {
    let mut ward = Ward::open();
    ward.label(&["b1", "b2"], "kliniek-covid", Until::Open);
    let day = jiff::civil::date(2026, 11, 22);
    let into = ward.dir.path().join("uit");
    let paths =
        app::labels::export_labels(&ward.desk.moment(), ward.desk.records(), day, Some("isala"), &into).unwrap();
    let csv = fs::read_to_string(&paths[0]).unwrap();
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.contains("isala;a1;k1;b1;b1;Covidcapaciteit;Kliniek – Covid;Kliniek – Non-Covid;wan-hoofd;harmonica;2026-11-22 03:00;tot intrekken"), "{csv}");
    assert!(
        fs::read(&paths[1]).unwrap().starts_with(b"PK"),
        "a workbook is a zip file"
    );
    assert!(ward.desk.worklist().advice.is_empty());
    ward.later(15 * 24);
    let advice = ward.desk.worklist().advice;
    assert_eq!((advice.len(), advice[0].beds), (1, 2), "{advice:?}");
}

#[test]
fn what_labelling_costs_is_measured_and_named_only_for_who_agrees() {
    let mut ward = Ward::open();
    ward.desk.begin_labelling();
    ward.clock.advance(SignedDuration::from_secs(8));
    ward.label(&["b1", "b2", "b3"], "kliniek-covid", Until::Day);
    assert_eq!(ward.desk.worklist().time, ["vandaag: 1 keer, 3 bedden, 0 min 08 s"]);
    ward.desk.share_label_time(true).unwrap();
    ward.desk.begin_labelling();
    ward.clock.advance(SignedDuration::from_secs(2));
    ward.label(&["b4"], "kliniek-covid", Until::Day);
    assert!(
        ward.desk
            .worklist()
            .time
            .contains(&"vandaag (wan-hoofd): 1 keer, 1 bed, 0 min 02 s".to_owned())
    );
}

#[test]
fn a_code_list_from_outside_replaces_ours_without_a_build_and_old_codes_stay_readable() {
    let mut ward = Ward::open();
    ward.label(&["b1"], "kliniek-covid", Until::Open);
    let file = ward.dir.path().join("lijst.json");
    let list = r#"{"resourceType":"CodeSystem","url":"https://nieuw.example/covid","version":"2027","concept":[
        {"code":"kliniek-non-covid","display":"Kliniek gewoon"},
        {"code":"kliniek-cohort","display":"Kliniek cohort","property":[{"code":"short","valueString":"COH"}]}]}"#;
    fs::write(&file, list).unwrap();
    let paths = app::Paths {
        dir: ward.dir.path().to_owned(),
    };
    let known = app::assets::code_lists().unwrap();
    assert!(
        app::settings::import(&paths, &file, None, &known).is_err(),
        "of which classification?"
    );
    app::settings::import(&paths, &file, Some(COVID), &known).unwrap();
    ward.reopen();
    let choices = ward.desk.label_choices(COVID).unwrap();
    let codes: Vec<&str> = choices.elements.iter().map(|e| e.code.as_str()).collect();
    assert_eq!(codes, ["kliniek-non-covid", "kliniek-cohort"]);
    let trail = ward.desk.audit_trail();
    assert_eq!(
        trail[0].to.as_deref(),
        Some("Kliniek – Covid"),
        "what was given is still readable"
    );
    let old = request(&["b2"], COVID, "kliniek-covid", Until::Day);
    assert_eq!(
        ward.desk.label_beds(&old).unwrap_err().code,
        ErrorCode::Invalid,
        "but it is given no more"
    );
}
