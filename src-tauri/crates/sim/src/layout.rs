//! The region's standing parts: organisations, sites, wards, rooms, beds, services, contacts.

use domain::{
    contact::Contact,
    ids::PlaceId,
    label::{DeliveredLabel, LabelKind, LabelSource},
    place::{Organization, Place, PlaceKind, Threshold},
    region::Fact,
    service_day::{OpenSpan, OpeningHours},
    stop::StopPoint,
    travel::Position,
};
use jiff::civil;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Layout {
    pub region: Named,
    pub organizations: Vec<Named>,
    pub sites: Vec<SiteLayout>,
}

#[derive(Debug, Deserialize)]
pub struct Named {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct SiteLayout {
    pub id: String,
    pub name: String,
    pub organization: String,
    pub latitude: f64,
    pub longitude: f64,
    /// Staffed clinical beds, intensive care included.
    pub beds: u32,
    pub ic: u32,
    pub seh_places: u32,
    /// `24/7`, `08:00-22:00`, or empty where there is no SEH.
    pub seh_hours: String,
    pub area_code: String,
    pub services: Vec<String>,
}

/// The practice region that ships with the application.
///
/// # Errors
/// When the shipped file is broken, which a test rules out.
pub fn zwolle() -> Result<Layout, serde_json::Error> {
    serde_json::from_str(include_str!("../../../../assets/zwolle.json"))
}

/// A nationwide layout for load: the Zwolle sites over and over until there are `sites` with `beds` in all.
///
/// # Errors
/// As [`zwolle`].
pub fn national(sites: u32, beds: u32) -> Result<Layout, serde_json::Error> {
    let mut layout = zwolle()?;
    let own = layout.sites.clone();
    layout.sites = (0..sites)
        .zip(own.iter().cycle())
        .map(|(i, site)| SiteLayout {
            id: format!("{}-{i}", site.id),
            name: format!("{} {i}", site.name),
            beds: beds / sites + u32::from(i < beds % sites),
            ..site.clone()
        })
        .collect();
    Ok(layout)
}

/// Wards by share of the beds that are left after intensive care; role, short name, element, specialism, surgical.
const WARDS: [(&str, &str, &str, &str, &str, bool); 12] = [
    ("6.1 Chirurgie", "HU", "alg-klinisch", "0303", "CHI", true),
    ("6.2 Interne", "HU", "alg-klinisch", "0313", "INT", false),
    ("5.1 Orthopedie", "HU", "alg-klinisch", "0305", "ORT", true),
    ("5.2 Neurologie / stroke", "HU", "stroke", "0330", "NEU", false),
    ("4.1 Cardiologie", "HU", "bewaakt", "0320", "CAR", false),
    ("4.2 Longgeneeskunde", "HU", "alg-klinisch", "0322", "LON", false),
    ("3.1 AOA", "HU", "aoa", "0313", "AOA", false),
    ("3.2 MDL", "HU", "alg-klinisch", "0318", "MDL", false),
    ("2.1 Kindergeneeskunde", "PEDU", "kind", "0316", "KIN", false),
    ("2.2 Kraam en verlos", "HU", "kraam", "0307", "GYN", false),
    ("1.1 Geriatrie", "HU", "geriatrie", "0335", "GER", false),
    ("7.1 Urologie", "HU", "alg-klinisch", "0306", "URO", true),
];

/// A bed with what the simulation needs to know of it.
#[derive(Debug, Clone)]
pub struct BedLayout {
    pub place: Place,
    pub ward: usize,
    pub ic: bool,
}

/// Name, role, element, specialism, short name, surgical, beds, intensive care.
type WardPlan = (
    String,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    u32,
    bool,
);

/// A site's facts and its beds.
#[derive(Debug)]
pub struct Built {
    pub facts: Vec<(&'static str, String, Fact)>,
    pub beds: Vec<BedLayout>,
    pub seh: Option<PlaceId>,
}

fn place(id: String, kind: PlaceKind, name: &str, part_of: Option<&str>, site: &SiteLayout) -> Place {
    Place {
        identifier: Some(format!("urn:oefenregio:{}|{id}", site.organization)),
        organization: Some(site.organization.as_str().into()),
        status: Some("active".to_owned()),
        ..Place::new(PlaceId(id), kind, name, part_of.map(Into::into))
    }
}

fn label(kind: LabelKind, element: &str) -> DeliveredLabel {
    DeliveredLabel {
        kind,
        element: element.into(),
        system: None,
        display: None,
        source: LabelSource::Epd,
    }
}

fn span(weekdays: &[i8], from: i8, until: i8) -> OpenSpan {
    OpenSpan {
        weekdays: weekdays.to_vec(),
        from: civil::time(from, 0, 0, 0),
        until: civil::time(until, 0, 0, 0),
    }
}

/// When a bed coordinator answers.
fn office_hours() -> OpeningHours {
    OpeningHours {
        spans: vec![span(&[1, 2, 3, 4, 5], 8, 17)],
    }
}

/// Evenings, nights and weekends: when the WAN-hoofd does.
fn other_hours() -> OpeningHours {
    OpeningHours {
        spans: vec![span(&[1, 2, 3, 4, 5], 17, 8), span(&[6, 7], 0, 0), span(&[1], 0, 8)],
    }
}

/// Builds one site.
pub fn build(site: &SiteLayout) -> Built {
    let mut facts: Vec<(&'static str, String, Fact)> = vec![];
    let mut beds = vec![];
    let mut add = |p: Place| facts.push(("Location", p.id.0.clone(), Fact::Place(p)));
    let mut root = place(site.id.clone(), PlaceKind::Site, &site.name, None, site);
    root.roles = vec!["HOSP".to_owned()];
    root.position = Some(Position {
        latitude: site.latitude,
        longitude: site.longitude,
    });
    root.phone = Some(format!("{}-000 00 00", site.area_code));
    if site.ic > 0 {
        let held = |element: &str, beds| Threshold {
            kind: LabelKind::Specialistisch,
            element: element.into(),
            beds,
        };
        root.thresholds = vec![held("ic-beademd", 1), held("alg-klinisch", 1 + site.beds / 150)];
    }
    add(root);
    let mut seh = None;
    if site.seh_places > 0 {
        let id = format!("{}-seh", site.id);
        let mut ward = place(
            id.clone(),
            PlaceKind::Department,
            "Spoedeisende hulp",
            Some(&site.id),
            site,
        );
        ward.roles = vec!["ER".to_owned()];
        add(ward);
        seh = Some(PlaceId(id));
    }
    let mut wards: Vec<WardPlan> = vec![];
    if site.ic > 0 {
        wards.push((
            "IC".to_owned(),
            "ICU",
            "ic-beademd",
            "0313",
            "ICB",
            false,
            site.ic,
            true,
        ));
    }
    let rest = site.beds.saturating_sub(site.ic);
    let mc = if rest >= 100 { 6 + rest / 50 } else { 0 };
    let ccu = if site.services.iter().any(|s| s == "ccu") {
        4 + rest / 80
    } else {
        0
    };
    if mc > 0 {
        wards.push(("MC / HC".to_owned(), "HU", "mc", "0313", "MC", false, mc, false));
    }
    if ccu > 0 {
        wards.push(("CCU".to_owned(), "CCU", "ccu", "0320", "CCU", false, ccu, false));
    }
    let general = rest.saturating_sub(mc + ccu);
    if site.ic == 0 {
        wards.push((
            "Dagbehandeling".to_owned(),
            "HU",
            "dagbehandeling",
            "0313",
            "DAG",
            false,
            general,
            false,
        ));
    } else {
        let count = (general / 24).max(2);
        for n in 0..count {
            let share = general / count + u32::from(n < general % count);
            if let Some((name, role, element, specialism, short, surgical)) =
                WARDS.get(n as usize % WARDS.len()).copied()
            {
                let round = n as usize / WARDS.len();
                let name = if round == 0 {
                    name.to_owned()
                } else {
                    format!("{name} {}", round + 1)
                };
                wards.push((name, role, element, specialism, short, surgical, share, false));
            }
        }
    }
    for (w, (name, role, element, specialism, short, surgical, count, ic)) in wards.into_iter().enumerate() {
        let ward_id = format!("{}-w{w:02}", site.id);
        let mut ward = place(ward_id.clone(), PlaceKind::Department, &name, Some(&site.id), site);
        ward.roles = vec![role.to_owned()];
        ward.alias = Some(short.to_owned());
        add(ward);
        // Rooms of two and four in turns, as wards have them.
        let (mut room, mut in_room, mut size) = (0, 0, 0);
        for n in 0..count {
            if in_room == size {
                room += 1;
                in_room = 0;
                size = if room % 3 == 0 { 4 } else { 2 };
                let id = format!("{ward_id}-k{room:02}");
                add(place(
                    id,
                    PlaceKind::Room,
                    &format!("{short} kamer {room}"),
                    Some(&ward_id),
                    site,
                ));
            }
            in_room += 1;
            let room_id = format!("{ward_id}-k{room:02}");
            let mut bed = place(
                format!("{room_id}-b{in_room}"),
                PlaceKind::Bed,
                &format!("{room}.{in_room}"),
                Some(&room_id),
                site,
            );
            let isolation = !ic && n % 11 == 5 && element == "alg-klinisch";
            bed.labels.push(label(
                LabelKind::Specialistisch,
                if isolation { "isolatie" } else { element },
            ));
            bed.labels.push(label(LabelKind::Specialisme, specialism));
            bed.labels.push(label(
                LabelKind::SnijdendBeschouwend,
                if surgical { "snijdend" } else { "beschouwend" },
            ));
            // Every ninth bed lacks the mandatory label, as in life.
            if n % 29 != 28 {
                bed.labels.push(label(
                    LabelKind::Covidcapaciteit,
                    if ic { "ic-non-covid" } else { "kliniek-non-covid" },
                ));
            }
            bed.operational_status = Some("U".to_owned());
            beds.push(BedLayout {
                place: bed,
                ward: w,
                ic,
            });
        }
    }
    let all_week: Vec<i8> = (1..=7).collect();
    let hours = match site.seh_hours.split_once('-') {
        Some((from, until)) => OpeningHours {
            spans: vec![OpenSpan {
                weekdays: all_week,
                from: from.parse().unwrap_or(civil::Time::midnight()),
                until: until.parse().unwrap_or(civil::Time::midnight()),
            }],
        },
        None => OpeningHours {
            spans: vec![OpenSpan {
                weekdays: all_week,
                from: civil::Time::midnight(),
                until: civil::Time::midnight(),
            }],
        },
    };
    if let Some(seh) = &seh {
        let services = std::iter::once("seh".to_owned()).chain(site.services.iter().cloned());
        for service in services {
            let id = format!("{}-hs-{service}", site.id);
            let point = StopPoint {
                id: id.clone(),
                name: format!("{} {}", service.to_uppercase(), site.name),
                service: service.as_str().into(),
                organization: Some(site.organization.as_str().into()),
                places: vec![seh.clone()],
                phone: Some(format!("{}-000 01 12", site.area_code)),
                hours: hours.clone(),
                closures: vec![],
            };
            facts.push(("HealthcareService", id, Fact::StopPoint(point)));
        }
    }
    for (n, (role, display, hours)) in [
        ("regiehouder-seh", "Beddencoördinator, regiehouder SEH", office_hours()),
        ("regiehouder-seh", "WAN-hoofd, regiehouder SEH", other_hours()),
        ("beddencoordinator", "Beddencoördinator", office_hours()),
        ("beddencoordinator", "WAN-hoofd", other_hours()),
        ("contact-stop", "Contact stop", OpeningHours::default()),
    ]
    .into_iter()
    .enumerate()
    {
        if seh.is_none() && role != "beddencoordinator" {
            continue;
        }
        let contact = Contact {
            sites: vec![site.id.as_str().into()],
            organization: None,
            role: role.to_owned(),
            display: display.to_owned(),
            phone: Some(format!("{}-000 02 {n}0", site.area_code)),
            hours,
        };
        let id = format!("{}-{role}-{n}", site.id);
        facts.push(("PractitionerRole", id, Fact::Contact(contact)));
    }
    Built { facts, beds, seh }
}

/// The organisations of the region.
pub fn organizations(layout: &Layout) -> Vec<(&'static str, String, Fact)> {
    let one = |n: &Named, jurisdiction| {
        let fact = Fact::Organization(Organization {
            id: n.id.as_str().into(),
            name: n.name.clone(),
            jurisdiction,
        });
        ("Organization", n.id.clone(), fact)
    };
    std::iter::once(one(&layout.region, true))
        .chain(layout.organizations.iter().map(|o| one(o, false)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_practice_region_has_eight_locations_seven_sehs_and_about_1700_beds() {
        let layout = zwolle().unwrap();
        let built: Vec<_> = layout.sites.iter().map(build).collect();
        assert_eq!(built.len(), 8);
        assert_eq!(built.iter().filter(|b| b.seh.is_some()).count(), 7);
        let beds: usize = built.iter().map(|b| b.beds.len()).sum();
        assert_eq!(beds, 1717);
        assert_eq!(built.iter().flat_map(|b| &b.beds).filter(|b| b.ic).count(), 78);
        let national: u32 = super::national(116, 40_000).unwrap().sites.iter().map(|s| s.beds).sum();
        assert_eq!(national, 40_000);
    }
}
