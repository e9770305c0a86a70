//! The views that component tests and the gallery draw are recorded from the application: a region built through feed's own
//! encoder, in an engine whose clock stands still. `BEDDENWACHT_WRITE_FIXTURES=1` writes them anew; a difference fails.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use app::{
    AppError, Clock, Handle,
    clock::FixedClock,
    commands::{Desktop, answer},
    frame::ChannelReport,
    sources::SourceRequest,
    text::Language,
};
use beddenwacht_tests::root;
use domain::{
    busyness::{Inputs, Measurement, Process, ProcessStep, Variant},
    contact::Contact,
    label::{DeliveredLabel, LabelKind, LabelSource},
    place::{Organization, Period, Place, PlaceKind, Threshold},
    region::Fact,
    service_day::{OpenSpan, OpeningHours},
    stop::{Stop, StopLevel, StopPoint, StopReason},
    travel::Position,
};
use jiff::{SignedDuration, Timestamp, civil};
use serde_json::{Value, json};
use std::{collections::BTreeMap, env, fs, path::PathBuf, sync::Arc};
use support::{OPERATOR, Region, TestDesk, WORKSTATION, deliver_from, open_desk_of};

const ISALA: &str = "isala-zwolle";
const DEVENTER: &str = "deventer";
const LELYSTAD: &str = "lelystad";

/// When the views are drawn.
fn night() -> Timestamp {
    support::NIGHT.parse().unwrap()
}

fn ago(minutes: i64) -> Timestamp {
    night() - SignedDuration::from_mins(minutes)
}

fn site(id: &str, name: &str) -> Place {
    let mut site = Place::new(id.into(), PlaceKind::Site, name, None);
    site.status = Some("active".to_owned());
    site.organization = Some("isala".into());
    site.phone = Some("038-000 0100".to_owned());
    site
}

fn within(id: &str, kind: PlaceKind, name: &str, parent: &str) -> Place {
    let mut place = Place::new(id.into(), kind, name, Some(parent.into()));
    place.status = Some("active".to_owned());
    place
}

/// A bed with a status of HL7 v2 table 0116 and the two labels that every bed must have.
fn bed(id: &str, room: &str, status: Option<&str>, labels: [&str; 2]) -> Place {
    let mut bed = within(id, PlaceKind::Bed, id, room);
    bed.operational_status = status.map(str::to_owned);
    let kinds = [LabelKind::Specialistisch, LabelKind::Covidcapaciteit];
    for (kind, element) in kinds.into_iter().zip(labels).filter(|(_, element)| !element.is_empty()) {
        bed.labels.push(DeliveredLabel {
            kind,
            element: element.into(),
            system: None,
            display: None,
            source: LabelSource::Epd,
        });
    }
    bed
}

fn service(id: &str, code: &str, at: &str) -> Fact {
    Fact::StopPoint(StopPoint {
        id: id.to_owned(),
        service: code.into(),
        organization: None,
        places: vec![at.into()],
        name: code.to_owned(),
        phone: None,
        hours: OpeningHours::default(),
        closures: vec![],
    })
}

fn stop(id: &str, at: &str, service: &str, level: StopLevel, minutes: i64) -> Fact {
    let reason = |code: &str, text: &str| StopReason {
        code: Some(code.to_owned()),
        text: text.to_owned(),
    };
    Fact::Stop(Stop {
        id: id.into(),
        place: at.into(),
        service: service.into(),
        level,
        active: true,
        start: Some(ago(minutes)),
        end: None,
        expected_end: Some(ago(minutes - 120)),
        reasons: vec![reason("seh-vol", "SEH vol"), reason("kliniek-vol", "kliniek vol")],
        version: None,
    })
}

fn measurement(at: &str, patients: f64, when: Timestamp) -> Fact {
    Fact::Measurement(Measurement {
        place: at.into(),
        variant: Variant::Nedocs,
        score: None,
        inputs: Inputs {
            patients: Some(patients),
            places: Some(24.0),
            boarders: Some(6.0),
            hospital_beds: Some(420.0),
            ventilated: Some(1.0),
            highest_urgency: None,
            longest_boarding_h: Some(4.5),
            last_door_to_bed_h: Some(0.7),
        },
        at: Some(when),
    })
}

/// The region as its server delivers it at a time, with so many patients in Isala's emergency department.
fn delivered(patients: f64, at: Timestamp) -> Region {
    let step = |code: &str, display: &str, value: Option<f64>, unit: &str| ProcessStep {
        code: code.to_owned(),
        display: display.to_owned(),
        value,
        unit: unit.to_owned(),
    };
    let contact = |role: &str, display: &str, phone: Option<&str>| {
        Fact::Contact(Contact {
            sites: vec![ISALA.into()],
            organization: None,
            role: role.to_owned(),
            display: display.to_owned(),
            phone: phone.map(str::to_owned),
            // Around the clock: the same from and until.
            hours: OpeningHours {
                spans: vec![OpenSpan {
                    weekdays: (1..=7).collect(),
                    from: civil::time(0, 0, 0, 0),
                    until: civil::time(0, 0, 0, 0),
                }],
            },
        })
    };
    let organization = |id: &str, name: &str, jurisdiction| {
        Fact::Organization(Organization {
            id: id.into(),
            name: name.to_owned(),
            jurisdiction,
        })
    };
    let (mut isala, mut deventer) = (site(ISALA, "Isala Zwolle"), site(DEVENTER, "Deventer Ziekenhuis"));
    let lies_at = |latitude, longitude| Some(Position { latitude, longitude });
    (isala.position, deventer.position) = (lies_at(52.514, 6.124), lies_at(52.261, 6.191));
    isala.thresholds = vec![Threshold {
        kind: LabelKind::Specialistisch,
        element: "ic-beademd".into(),
        beds: 1,
    }];
    let mut region = Region::new()
        .fact("regio", &organization("regio", "Regio Zwolle", true))
        .fact("isala", &organization("isala", "Isala", false))
        .fact(ISALA, &Fact::Place(isala))
        .fact(DEVENTER, &Fact::Place(deventer))
        .fact(LELYSTAD, &Fact::Place(site(LELYSTAD, "St Jansdal Lelystad")));
    for (id, name, parent) in [
        ("isala-seh", "SEH", ISALA),
        ("isala-ccu", "CCU", ISALA),
        ("deventer-seh", "SEH", DEVENTER),
    ] {
        let mut department = within(id, PlaceKind::Department, name, parent);
        if name == "SEH" {
            department.roles = vec!["ER".to_owned()];
        }
        region = region.fact(id, &Fact::Place(department));
    }
    for (id, name, parent) in [
        ("ic", "Intensive care", ISALA),
        ("a1", "Kliniek A1", ISALA),
        ("d1", "Kliniek D1", DEVENTER),
        ("l1", "Kliniek L1", LELYSTAD),
    ] {
        region = region.fact(id, &Fact::Place(within(id, PlaceKind::Department, name, parent)));
    }
    for (id, name, parent) in [
        ("ic-1", "Kamer 1", "ic"),
        ("ic-2", "Kamer 2", "ic"),
        ("a1-1", "Kamer 1", "a1"),
        ("d1-1", "Kamer 1", "d1"),
        ("l1-1", "Kamer 1", "l1"),
    ] {
        region = region.fact(id, &Fact::Place(within(id, PlaceKind::Room, name, parent)));
    }
    let ic = ["ic-beademd", "ic-non-covid"];
    let ward = ["alg-klinisch", "kliniek-non-covid"];
    let mut reserved = bed("ic-13", "ic-1", Some("U"), ic);
    reserved.reservation = Some(Period {
        start: Some(ago(30)),
        end: Some(ago(-180)),
    });
    let beds = [
        bed("ic-11", "ic-1", Some("U"), ic),
        bed("ic-12", "ic-1", Some("O"), ic),
        reserved,
        bed("ic-14", "ic-1", Some("H"), ic),
        bed("ic-21", "ic-2", Some("I"), ic),
        bed("ic-22", "ic-2", Some("C"), ic),
        bed("ic-23", "ic-2", None, ic),
        bed("ic-24", "ic-2", Some("U"), ic),
        bed("a1-11", "a1-1", Some("U"), ward),
        bed("a1-12", "a1-1", Some("O"), ward),
        bed("a1-13", "a1-1", Some("U"), ["isolatie", "kliniek-non-covid"]),
        bed("a1-14", "a1-1", Some("U"), ["alg-klinisch", ""]),
        bed("d1-11", "d1-1", Some("U"), ic),
        bed("d1-12", "d1-1", Some("O"), ward),
        bed("l1-11", "l1-1", Some("U"), ward),
    ];
    for bed in beds {
        let id = bed.id.0.clone();
        region = region.fact(&id, &Fact::Place(bed));
    }
    region = region
        .fact("isala-seh-dienst", &service("isala-seh-dienst", "seh", "isala-seh"))
        .fact("isala-ehh-dienst", &service("isala-ehh-dienst", "ehh", ISALA))
        .fact("isala-ccu-dienst", &service("isala-ccu-dienst", "ccu", "isala-ccu"))
        .fact("deventer-dienst", &service("deventer-dienst", "seh", "deventer-seh"))
        .fact("drukte-isala", &measurement("isala-seh", patients, at))
        .fact("drukte-deventer", &measurement("deventer-seh", 14.0, at))
        .fact(
            "proces-isala",
            &Fact::Process(Process {
                place: "isala-seh".into(),
                at: Some(at),
                steps: vec![
                    step("wachtend-triage", "Wachtend op triage", Some(3.0), "{patients}"),
                    step("doorlooptijd-mediaan", "Mediane doorlooptijd", Some(186.0), "min"),
                    step("verwacht-huisarts", "Verwacht van de huisarts", None, "{patients}"),
                ],
            }),
        )
        .fact(
            "regiehouder",
            &contact(
                "regiehouder-seh",
                "Beddencoördinator, regiehouder SEH",
                Some("038-000 0101"),
            ),
        )
        .fact("opname", &contact("opnamebureau", "Opnamebureau", None))
        .heartbeat(ISALA, at)
        .heartbeat(DEVENTER, at - SignedDuration::from_mins(12))
        .heartbeat(LELYSTAD, at - SignedDuration::from_mins(40));
    if at > ago(60) {
        region = region
            .fact(
                "stop-isala",
                &stop("stop-isala", "isala-seh", "seh", StopLevel::Stop, 25),
            )
            .fact(
                "stop-deventer",
                &stop("stop-deventer", "deventer-seh", "seh", StopLevel::Threatened, 10),
            )
            .fact("stop-ccu", &stop("stop-ccu", "isala-ccu", "ccu", StopLevel::Stop, 50));
    }
    region
}

/// Isala once more, from a folder of the hospital's own: beds alone.
fn second_copy() -> Region {
    Region::new()
        .fact("z", &Fact::Place(site("z", "Isala Zwolle")))
        .department("w", "z")
        .fact("b1", &Fact::Place(bed("b1", "w", Some("U"), ["alg-klinisch", ""])))
        .heartbeat("z", ago(3))
}

/// The desk as it stands at three in the night, after half a year.
fn desk(dir: &std::path::Path) -> TestDesk {
    let clock = Arc::new(FixedClock::new(ago(0) - SignedDuration::from_hours(24 * 170)));
    let mut desk = open_desk_of(OPERATOR, WORKSTATION, dir, clock.clone());
    let source = |address: &str| SourceRequest {
        address: address.to_owned(),
        ..SourceRequest::default()
    };
    let server = desk.add_source(source("https://regio.example/fhir")).unwrap();
    let folder = desk.add_source(source("https://isala.example/fhir")).unwrap();
    let deliver = |desk: &mut TestDesk, patients: f64| {
        let at = clock.now();
        deliver_from(desk, &server, &[], &delivered(patients, at));
    };
    for week in 0..34_u32 {
        deliver(&mut desk, 12.0 + f64::from(week * 7 % 18));
        clock.advance(SignedDuration::from_hours(5 * 24));
    }
    for (half_hours, patients) in (0..=8)
        .rev()
        .zip([16.0, 17.0, 19.0, 18.0, 21.0, 23.0, 24.0, 26.0, 29.0])
    {
        let at = ago(half_hours * 30);
        clock.advance(at.duration_since(clock.now()));
        deliver(&mut desk, patients);
    }
    deliver_from(&mut desk, &folder, &[], &second_copy());
    desk.read_trends();
    desk
}

/// Nothing that needs a machine around the engine is recorded.
struct NoDesktop;

impl Desktop for NoDesktop {
    async fn test_channels(&self) -> Result<ChannelReport, AppError> {
        Ok(ChannelReport {
            notification: None,
            sound: None,
        })
    }
    async fn open_practice(&self) -> Result<(), AppError> {
        Ok(())
    }
    async fn plug_practice(&self, _: bool) -> Result<(), AppError> {
        Ok(())
    }
    async fn practice_scenario(&self, _: String) -> Result<(), AppError> {
        Ok(())
    }
    async fn try_connection(&self, _: SourceRequest) -> Result<String, AppError> {
        Ok(String::new())
    }
    async fn add_source(&self, _: SourceRequest) -> Result<(), AppError> {
        Ok(())
    }
    async fn sign_in(&self, _: String) -> Result<(), AppError> {
        Ok(())
    }
    async fn remove_source(&self, _: String) -> Result<(), AppError> {
        Ok(())
    }
    async fn first_picture(&self) -> Result<(), AppError> {
        Ok(())
    }
}

async fn ask(handle: &Handle, name: &str, arguments: Value) -> Value {
    let said = answer(handle, &NoDesktop, name, arguments).await;
    serde_json::from_str(&said.unwrap_or_else(|e| panic!("{name}: {e}"))).unwrap()
}

/// Ids that are drawn by lot, by the order in which they are met.
fn without_chance(text: &str) -> String {
    let mut out = String::new();
    let mut met: Vec<String> = vec![];
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        let end = after.find('"').unwrap_or(after.len());
        let (word, tail) = after.split_at(end);
        let drawn = word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
        if drawn {
            let known = met.iter().position(|m| m == word);
            let number = known.unwrap_or_else(|| {
                met.push(word.to_owned());
                met.len() - 1
            });
            out.push_str(&format!("id-{number}"));
        } else {
            out.push_str(word);
        }
        let close = tail.len().min(1);
        out.push_str(tail.get(..close).unwrap_or_default());
        rest = tail.get(close..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Every view of the desk, by the request that answers it.
async fn recorded(language: Language) -> BTreeMap<&'static str, Value> {
    let dir = tempfile::tempdir().unwrap();
    let handle = desk(dir.path()).run();
    // Alarms stand by then: they are said anew.
    ask(&handle, "choose_language", json!({ "language": language })).await;
    let labelled = |element: &str, beds: &[&str], until: Value| json!({ "beds": beds, "kind": "covidcapaciteit", "element": element, "reason": "cohort", "until": until });
    let label = |beds: &[&str], until: Value| labelled("ic-covid", beds, until);
    let set = json!({ "name": "harmonica stand 2", "label": label(&["ic-11", "ic-12", "ic-13"], json!({ "kind": "open" })), "daily": ["22:00", "07:30"], "over_single": false });
    let alarms = ask(&handle, "frame", json!(null)).await["alarms"].clone();
    let id = |title: &str| {
        let all = alarms.as_array().unwrap();
        let alarm = all.iter().find(|a| a["title"].as_str().unwrap().starts_with(title));
        alarm.unwrap_or_else(|| panic!("{title} in {alarms:#}"))["id"].clone()
    };
    for (name, arguments) in [
        (
            "label_beds",
            json!({ "request": labelled("kliniek-covid", &["a1-11"], json!({ "kind": "week" })) }),
        ),
        (
            "label_beds",
            json!({ "request": label(&["ic-11"], json!({ "kind": "next-ten" })) }),
        ),
        (
            "label_beds",
            json!({ "request": label(&["ic-12"], json!({ "kind": "at", "at": "2026-11-22T03:40" })) }),
        ),
        ("save_set", json!({ "request": set })),
        ("acknowledge", json!({ "id": id("CCU") })),
        (
            "confirm",
            json!({ "request": { "site": ISALA, "kind": "specialistisch", "element": "ic-beademd", "actual": 1 } }),
        ),
    ] {
        ask(&handle, name, arguments).await;
    }
    let mut views = BTreeMap::new();
    for (name, arguments) in [
        ("frame", json!(null)),
        ("region", json!(null)),
        ("location", json!({ "id": ISALA, "night": false })),
        ("beds", json!({ "id": ISALA, "kind": "covidcapaciteit" })),
        ("bed", json!({ "id": "ic-11" })),
        ("settings", json!(null)),
        ("label_choices", json!({ "kind": "covidcapaciteit" })),
        (
            "preview_label",
            json!({ "request": label(&["ic-14", "ic-23"], json!({ "kind": "next-ten" })) }),
        ),
        ("preview_set", json!({ "request": set })),
        ("stop_outlook", json!({ "site": ISALA })),
        ("data_quality", json!(null)),
        ("worklist", json!(null)),
        ("alarm_metrics", json!({ "night": false })),
    ] {
        views.insert(name, ask(&handle, name, arguments).await);
    }
    views
}

fn file(name: &str) -> PathBuf {
    root().join("ui/src/backend/fixtures").join(format!("{name}.json"))
}

fn written(view: &Value) -> String {
    without_chance(&serde_json::to_string_pretty(view).unwrap()) + "\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_screens_are_tested_with_is_what_the_application_sends() {
    let views = recorded(Language::Dutch).await;
    if env::var_os("BEDDENWACHT_WRITE_FIXTURES").is_some() {
        fs::create_dir_all(file("frame").parent().unwrap()).unwrap();
        for (name, view) in &views {
            fs::write(file(name), written(view)).unwrap();
        }
    }
    let behind: Vec<_> = views
        .iter()
        .filter(|(name, view)| fs::read_to_string(file(name)).unwrap_or_default() != written(view))
        .map(|(name, _)| *name)
        .collect();
    assert!(
        behind.is_empty(),
        "{behind:?} in ui/src/backend/fixtures are behind: run this test with BEDDENWACHT_WRITE_FIXTURES=1 and commit them"
    );
}

/// Fields that hold codes, and what hospitals call their own things.
const NOT_SAID: [&str; 12] = [
    "id",
    "state",
    "status",
    "freshness",
    "element",
    "kind",
    "code",
    "classification",
    "actions",
    "labels",
    "raw",
    "choice",
];

/// What the region, its code lists and the person of the test call their own things.
fn own_words() -> Vec<String> {
    let codes = app::assets::stop_codes().unwrap();
    let lists = app::assets::code_lists().unwrap();
    let elements = lists
        .0
        .iter()
        .flat_map(|l| l.elements.iter().map(|e| e.display.clone()));
    let given = ["Regio Zwolle", "nacht", "harmonica stand 2"];
    codes
        .reasons
        .into_iter()
        .map(|r| r.display)
        .chain(elements)
        .chain(given.map(str::to_owned))
        .collect()
}

/// Every text that a view says to a person.
fn said(view: &Value, out: &mut Vec<String>) {
    match view {
        Value::String(text) => out.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|v| said(v, out)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if !NOT_SAID.contains(&name.as_str()) || !value.is_string() && name != "actions" {
                    said(value, out);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What a catalogue writes itself between what is filled in, by the sentence.
fn fragments(language: Language) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut id = String::new();
    for line in language.source().lines().filter(|l| !l.starts_with('#')) {
        let text = match line.split_once(" = ") {
            Some((name, text)) if !line.starts_with(' ') => {
                name.clone_into(&mut id);
                text
            }
            _ => line.trim_start_matches([' ', '*', '}']),
        };
        let text = text.split_once("] ").map_or(text, |(_, text)| text);
        let pieces = text.split('{').map(|p| p.split_once('}').map_or(p, |(_, after)| after));
        let pieces = pieces.map(|p| p.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
        found.entry(id.clone()).or_default().extend(pieces);
    }
    found
}

/// Whether a text has these words, and not only as a part of others.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (before, after) = (&text[..at], &text[at + words.len()..]);
        !letter(before.chars().next_back()) && !letter(after.chars().next())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_speaks_english_says_nothing_in_dutch() {
    let english = fragments(Language::English);
    let dutch: Vec<(String, String)> = fragments(Language::Dutch)
        .into_iter()
        .flat_map(|(id, pieces)| pieces.into_iter().map(move |piece| (id.clone(), piece)))
        .filter(|(_, piece)| piece.len() > 3 && !english.values().flatten().any(|own| has_words(own, piece)))
        .collect();
    let own_words = own_words();
    assert!(dutch.len() > 300, "the catalogue was not read");
    let mut found = vec![];
    for (name, view) in recorded(Language::English).await {
        let mut texts = vec![];
        said(&view, &mut texts);
        for text in texts {
            let text = own_words.iter().fold(text, |text, own| text.replace(own, ""));
            // Addresses and paths are the region's too.
            let text: Vec<&str> = text
                .split(' ')
                .filter(|word| !word.contains("://") && !word.contains(".value"))
                .collect();
            let text = text.join(" ");
            let hits = dutch.iter().filter(|(_, piece)| has_words(&text, piece));
            found.extend(hits.map(|(id, piece)| format!("{name}: {text:?} says {piece:?} ({id})")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
