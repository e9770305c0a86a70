//! Everything that can happen to a region, over few ids and few moments, so that it meets itself often: circles, wards
//! sent as beds, beds before their wards, one site in another, reservations that begin and end.

use crate::{
    alarms::Acknowledgement,
    busyness::{Inputs, Measurement, Process, Variant},
    calendar::{Calendar, Slot},
    confirmation::Confirmation,
    contact::Contact,
    count::Count,
    ids::PlaceId,
    label::{DeliveredLabel, LabelKind, LabelOverride, LabelSource},
    place::{Organization, Period, Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind, SiteReport, StopAcknowledgement},
    service_day::{OpenSpan, OpeningHours},
    stop::{Closure, Stop, StopLevel, StopPoint},
};
use jiff::{SignedDuration, Timestamp, civil};
use proptest::{
    collection::vec,
    option::{of, weighted},
    prelude::*,
    sample::select,
};

/// Sites, wards and beds; which of them is what may change.
pub const PLACES: [&str; 14] = [
    "s1", "s2", "a~s3", "b~s4", "w1", "w2", "w3", "w4", "b1", "b2", "b3", "b4", "b5", "b6",
];

#[derive(Clone, Debug)]
pub enum Step {
    Put(RecordKey, Box<Fact>, Timestamp),
    Remove(RecordKey),
    Lay(Box<LabelOverride>),
    Withdraw(PlaceId, LabelKind),
    /// A source's clock is measured.
    Skew(&'static str, SignedDuration),
    /// Time goes by, or is set back.
    Time(Timestamp),
}

/// Around 10:00, when the cut-off for reservations jumps.
pub fn at(minute: i64) -> Timestamp {
    let nine: Timestamp = "2026-11-22T09:00:00+01:00".parse().unwrap();
    nine + SignedDuration::from_mins(minute)
}

fn moment() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        (-8..40_i64).prop_map(|n| at(n * 5)),
        (-3..3_i64).prop_map(|n| at(n * 24 * 60))
    ]
}

fn place_id() -> impl Strategy<Value = PlaceId> {
    select(&PLACES[..]).prop_map(PlaceId::from)
}

fn id(letter: &'static str) -> impl Strategy<Value = String> {
    (0..4_u8).prop_map(move |n| format!("{letter}{n}"))
}

fn period() -> impl Strategy<Value = Period> {
    (of(moment()), of(moment())).prop_map(|(start, end)| Period { start, end })
}

fn kind() -> impl Strategy<Value = LabelKind> {
    select(&LabelKind::ALL[..])
}

fn element() -> impl Strategy<Value = crate::ElementCode> {
    select(&["ic", "mc", "kliniek"][..]).prop_map(crate::ElementCode::from)
}

fn text(of: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    weighted(0.9, select(of)).prop_map(|code| code.map(str::to_owned))
}

/// Mostly as a source has it: a site on top, wards in sites, beds in wards. Sometimes anything in anything.
fn place() -> impl Strategy<Value = Place> {
    let shape = (place_id(), any::<u8>(), place_id(), any::<u8>()).prop_map(|(id, odd, parent, which)| {
        let letter = id.as_str().rsplit('~').next().and_then(|name| name.chars().next());
        let (kind, within) = match letter {
            _ if odd < 30 => {
                let kinds = [PlaceKind::Site, PlaceKind::Department, PlaceKind::Bed];
                (kinds[usize::from(which) % 3].clone(), Some(parent))
            }
            Some('s') => (PlaceKind::Site, None),
            Some('w') => (PlaceKind::Department, Some(PLACES[usize::from(which) % 4].into())),
            _ => (PlaceKind::Bed, Some(PLACES[4 + usize::from(which) % 4].into())),
        };
        (id, kind, within)
    });
    let state = (
        text(&["active", "active", "active", "suspended", "inactive"]),
        text(&["U", "U", "U", "O", "C", "K", "X"]),
        weighted(0.3, period()),
        vec((kind(), element()), 0..4),
    );
    let rest = (
        weighted(0.1, Just(true)),
        select(&["Isala", "isala", "Deventer"][..]),
        weighted(0.3, select(&["agb|1", "agb|2"][..])),
        weighted(0.3, Just("hospital")),
        weighted(0.2, Just("ER".to_owned())),
    );
    (shape, state, rest).prop_map(|((id, kind, part_of), state, rest)| Place {
        status: state.0,
        operational_status: state.1,
        reservation: state.2,
        labels: state
            .3
            .into_iter()
            .map(|(kind, element)| DeliveredLabel {
                kind,
                element,
                system: None,
                display: None,
                source: LabelSource::Epd,
            })
            .collect(),
        shadow: rest.0.is_some(),
        identifier: rest.2.map(str::to_owned),
        organization: rest.3.map(Into::into),
        roles: rest.4.into_iter().collect(),
        ..Place::new(id, kind, rest.1, part_of)
    })
}

fn label() -> impl Strategy<Value = LabelOverride> {
    (place_id(), kind(), element(), moment(), of(moment())).prop_map(|(bed, kind, element, from, until)| {
        LabelOverride {
            bed,
            kind,
            element,
            system: None,
            author: "wan-hoofd".into(),
            reason: String::new(),
            from,
            until,
            delivered: None,
            set: None,
            ended: None,
            version: None,
            server_id: None,
        }
    })
}

fn hours() -> impl Strategy<Value = OpeningHours> {
    (1..7_i8, 8..12_i8, 8..12_i8).prop_map(|(day, from, until)| OpeningHours {
        spans: vec![OpenSpan {
            weekdays: vec![day, day + 1, 7],
            from: civil::time(from, 0, 0, 0),
            until: civil::time(until, 30, 0, 0),
        }],
    })
}

fn stop() -> impl Strategy<Value = (String, Fact)> {
    (
        id("f"),
        place_id(),
        any::<(bool, bool)>(),
        of(moment()),
        of(moment()),
        of(moment()),
    )
        .prop_map(|(id, place, (seh, active), start, end, expected_end)| {
            let stop = Stop {
                id: id.as_str().into(),
                place,
                service: if seh { "seh" } else { "ccu" }.into(),
                level: if active { StopLevel::Stop } else { StopLevel::Threatened },
                active,
                start,
                end,
                expected_end,
                reasons: vec![],
                version: None,
            };
            (id, Fact::Stop(stop))
        })
}

fn point() -> impl Strategy<Value = (String, Fact)> {
    let closure = (of(moment()), of(moment())).prop_map(|(start, end)| Closure {
        text: "verbouwing".into(),
        start,
        end,
    });
    (
        id("p"),
        any::<bool>(),
        vec(place_id(), 0..3),
        of(hours()),
        vec(closure, 0..2),
    )
        .prop_map(|(id, seh, places, hours, closures)| {
            let point = StopPoint {
                id: id.clone(),
                service: if seh { "seh" } else { "ccu" }.into(),
                organization: None,
                places,
                name: id.clone(),
                phone: None,
                hours: hours.unwrap_or_default(),
                closures,
            };
            (id, Fact::StopPoint(point))
        })
}

fn observation() -> impl Strategy<Value = (String, Fact)> {
    (id("o"), place_id(), any::<(bool, bool)>(), of(moment())).prop_map(|(id, place, (process, nedocs), at)| {
        let fact = if process {
            Fact::Process(Process {
                place,
                at,
                steps: vec![],
            })
        } else {
            Fact::Measurement(Measurement {
                place,
                variant: if nedocs { Variant::Nedocs } else { Variant::Mnedocs },
                score: Some(80.0),
                inputs: Inputs::default(),
                at,
            })
        };
        (id, fact)
    })
}

fn note() -> impl Strategy<Value = (String, Fact)> {
    let what = prop_oneof![
        4 => label().prop_map(Fact::Label),
        1 => (id("f"), moment()).prop_map(|(stop, at)| Fact::Acknowledgement(StopAcknowledgement {
            stop: stop.as_str().into(),
            by: Acknowledgement { by: "waco".into(), workstation: "meldkamer".into(), at },
        })),
        1 => (place_id(), kind(), element(), moment()).prop_map(|(site, kind, element, at)| {
            Fact::Confirmation(Confirmation {
                site,
                kind,
                element,
                delivered: Count::Known(1),
                actual: 1,
                by: "waco".into(),
                at,
            })
        }),
    ];
    (id("n"), what)
}

fn report() -> impl Strategy<Value = (String, Fact)> {
    (id("r"), place_id(), of(moment()), of(0..9_u32), of(0..9_u32)).prop_map(
        |(id, place, heartbeat, occupied, available)| {
            let report = SiteReport {
                place,
                heartbeat,
                occupied: occupied.into(),
                available: available.into(),
            };
            (id, Fact::Report(report))
        },
    )
}

fn contact() -> impl Strategy<Value = (String, Fact)> {
    (id("c"), vec(place_id(), 0..2), of(Just("hospital"))).prop_map(|(id, sites, organization)| {
        let contact = Contact {
            sites,
            organization: organization.map(Into::into),
            role: "contact-stop".into(),
            display: id.clone(),
            phone: None,
            hours: OpeningHours::default(),
        };
        (id, Fact::Contact(contact))
    })
}

fn reservation() -> impl Strategy<Value = (RecordKind, String, Fact)> {
    prop_oneof![
        (id("k"), vec(place_id(), 0..3)).prop_map(|(id, beds)| (
            RecordKind::Calendar,
            id,
            Fact::Calendar(Calendar { beds })
        )),
        (id("t"), id("k"), any::<bool>(), period()).prop_map(|(id, calendar, held, period)| {
            (RecordKind::Slot, id, Fact::Slot(Slot { calendar, held, period }))
        }),
    ]
}

/// A fact with its key.
pub fn fact() -> impl Strategy<Value = (RecordKey, Fact)> {
    let named = |kind: RecordKind| move |(id, fact): (String, Fact)| (RecordKey::new(kind.clone(), id), fact);
    prop_oneof![
        20 => place().prop_map(|p| (RecordKey::new(RecordKind::Place, p.id.as_str()), Fact::Place(p))),
        3 => stop().prop_map(named(RecordKind::Stop)),
        2 => point().prop_map(named(RecordKind::Service)),
        2 => observation().prop_map(named(RecordKind::Observation)),
        4 => note().prop_map(named(RecordKind::Note)),
        2 => report().prop_map(named(RecordKind::Report)),
        1 => contact().prop_map(named(RecordKind::Contact)),
        4 => reservation().prop_map(|(kind, id, fact)| (RecordKey::new(kind, id), fact)),
        1 => Just((
            RecordKey::new(RecordKind::Organization, "hospital"),
            Fact::Organization(Organization { id: "hospital".into(), name: "Isala".into(), jurisdiction: false }),
        )),
    ]
}

pub fn put() -> impl Strategy<Value = Step> {
    (fact(), moment()).prop_map(|((key, fact), written)| Step::Put(key, Box::new(fact), written))
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => put(),
        3 => fact().prop_map(|(key, _)| Step::Remove(key)),
        2 => label().prop_map(|label| Step::Lay(Box::new(label))),
        1 => (place_id(), kind()).prop_map(|(bed, kind)| Step::Withdraw(bed, kind)),
        1 => (select(&["", "a", "b"][..]), -20..20_i64)
            .prop_map(|(source, minutes)| Step::Skew(source, SignedDuration::from_mins(minutes))),
        4 => moment().prop_map(Step::Time),
    ]
}
