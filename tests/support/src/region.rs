//! A region as a hospital delivers it, a fact at a time.
//!
//! What the domain knows is written as feed writes it. What it does not know, because a test wants an odd code or another
//! sender's habit, is laid over that with [`Region::changed`] or put beside it with [`Region::resource`].

use domain::{
    count::Count,
    label::{DeliveredLabel, LabelKind, LabelSource},
    place::{Place, PlaceKind},
    region::{Fact, SiteReport},
    stop::{Stop as DomainStop, StopLevel},
    travel::Position,
};
use feed::Profile;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What is delivered.
#[derive(Clone, Debug)]
pub struct Region {
    profile: Profile,
    resources: Vec<Value>,
}

impl Default for Region {
    fn default() -> Self {
        Self {
            profile: Profile::shipped().unwrap(),
            resources: vec![],
        }
    }
}

impl Region {
    pub fn new() -> Self {
        Self::default()
    }

    /// A hospital's location, with the number to call.
    #[must_use]
    pub fn site(self, id: &str, name: &str) -> Self {
        let mut site = place(id, name, PlaceKind::Site, None);
        site.phone = Some("038-000 00 00".to_owned());
        self.fact(id, &Fact::Place(site))
    }

    /// The same, with where it lies: degrees north and east.
    #[must_use]
    pub fn site_at(self, id: &str, name: &str, (latitude, longitude): (f64, f64)) -> Self {
        let mut site = place(id, name, PlaceKind::Site, None);
        site.position = Some(Position { latitude, longitude });
        self.fact(id, &Fact::Place(site))
    }

    #[must_use]
    pub fn department(self, id: &str, within: &str) -> Self {
        self.fact(id, &Fact::Place(place(id, id, PlaceKind::Department, Some(within))))
    }

    /// An emergency department.
    #[must_use]
    pub fn seh(self, id: &str, within: &str) -> Self {
        let mut seh = place(id, "SEH", PlaceKind::Department, Some(within));
        seh.roles = vec!["ER".to_owned()];
        self.fact(id, &Fact::Place(seh))
    }

    #[must_use]
    pub fn room(self, id: &str, within: &str) -> Self {
        self.fact(id, &Fact::Place(place(id, id, PlaceKind::Room, Some(within))))
    }

    #[must_use]
    pub fn bed(self, bed: Bed) -> Self {
        let Bed(bed) = bed;
        let id = bed.id.0.clone();
        self.fact(&id, &Fact::Place(bed))
    }

    #[must_use]
    pub fn stop(self, stop: Stop) -> Self {
        let Stop(stop) = stop;
        let id = stop.id.0.clone();
        self.fact(&id, &Fact::Stop(stop))
    }

    /// What tells "nothing changed" from "nothing came": when a location last delivered.
    #[must_use]
    pub fn heartbeat(self, site: &str, at: Timestamp) -> Self {
        self.report(site, at, Count::Unknown, Count::Unknown)
    }

    /// The location's own count of occupied and free beds, in which its heartbeat is.
    #[must_use]
    pub fn report(self, site: &str, at: Timestamp, occupied: Count, available: Count) -> Self {
        let report = SiteReport {
            place: site.into(),
            heartbeat: Some(at),
            occupied,
            available,
        };
        self.fact(&format!("stand-{site}"), &Fact::Report(report))
    }

    /// Anything that the domain knows.
    #[must_use]
    pub fn fact(self, id: &str, fact: &Fact) -> Self {
        let resource = feed::fhir::encode::fact(id, fact, &self.profile);
        let resource = resource.unwrap_or_else(|| panic!("{id} has no resource"));
        self.resource(resource)
    }

    /// A resource as somebody else might send it.
    #[must_use]
    pub fn resource(mut self, resource: Value) -> Self {
        self.resources.push(resource);
        self
    }

    /// The last resource, otherwise: these elements replace its own, and `null` takes one away.
    #[must_use]
    pub fn changed(mut self, elements: Value) -> Self {
        let last = self.resources.last_mut().and_then(Value::as_object_mut);
        let (Some(last), Value::Object(elements)) = (last, elements) else {
            panic!("a resource and its elements");
        };
        for (name, value) in elements {
            if value.is_null() {
                last.remove(&name);
            } else {
                last.insert(name, value);
            }
        }
        self
    }

    /// The last resource under a visibility code (`regio`, `eigen`, `schaduw`).
    #[must_use]
    pub fn visible(self, code: &str) -> Self {
        let security = json!([{ "system": self.profile.system("zichtbaarheid"), "code": code }]);
        self.changed(json!({ "meta": { "security": security } }))
    }

    /// Every resource, in the order in which it was put in.
    pub fn resources(&self) -> &[Value] {
        &self.resources
    }

    /// All of it in one Bundle.
    pub fn bundle(&self) -> Value {
        let entries: Vec<Value> = self.resources.iter().map(|r| json!({ "resource": r })).collect();
        json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })
    }

    /// Writes the Bundle to a file.
    pub fn write(&self, file: &Path) -> PathBuf {
        fs::write(file, self.bundle().to_string()).unwrap();
        file.to_owned()
    }
}

/// A bed.
#[derive(Clone, Debug)]
pub struct Bed(Place);

impl Bed {
    /// A free bed without labels, in a room or a department.
    pub fn new(id: &str, within: &str) -> Self {
        Self(place(id, id, PlaceKind::Bed, Some(within))).status("U")
    }

    /// The HL7 v2 0116 code as it is delivered: U free, O occupied, H being cleaned, I isolated, K contaminated, C closed.
    #[must_use]
    pub fn status(mut self, code: &str) -> Self {
        self.0.operational_status = Some(code.to_owned());
        self
    }

    /// Nothing is delivered of whether it is free.
    #[must_use]
    pub fn without_status(mut self) -> Self {
        self.0.operational_status = None;
        self
    }

    /// A label as the hospital's record supplies it.
    #[must_use]
    pub fn label(mut self, kind: LabelKind, element: &str) -> Self {
        self.0.labels.push(DeliveredLabel {
            kind,
            element: element.into(),
            system: None,
            display: None,
            source: LabelSource::Epd,
        });
        self
    }
}

/// A stop of one service at one place.
#[derive(Clone, Debug)]
pub struct Stop(DomainStop);

impl Stop {
    /// A full stop that holds from now on, without an expected end.
    pub fn new(id: &str, place: &str, service: &str, start: Timestamp) -> Self {
        Self(DomainStop {
            id: id.into(),
            place: place.into(),
            service: service.into(),
            level: StopLevel::Stop,
            active: true,
            start: Some(start),
            end: None,
            expected_end: None,
            reasons: vec![],
            version: None,
        })
    }

    #[must_use]
    pub fn expected_end(mut self, at: Timestamp) -> Self {
        self.0.expected_end = Some(at);
        self
    }

    /// Whether it still holds.
    #[must_use]
    pub fn holds(mut self, holds: bool) -> Self {
        self.0.active = holds;
        self
    }
}

fn place(id: &str, name: &str, kind: PlaceKind, within: Option<&str>) -> Place {
    Place {
        id: id.into(),
        kind,
        name: name.to_owned(),
        alias: None,
        part_of: within.map(Into::into),
        organization: None,
        roles: vec![],
        status: Some("active".to_owned()),
        operational_status: None,
        reservation: None,
        blocked_reason: None,
        labels: vec![],
        thresholds: vec![],
        position: None,
        phone: None,
        identifier: None,
        shadow: false,
    }
}
