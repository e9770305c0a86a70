//! The CSV delivery: a hospital's own five-minute file (wire-format.md 5).

use crate::{
    csv::mapping::{Columns, Mapping},
    data_quality::IssueCode,
    fhir::reader::Reader,
    privacy::clean_text,
    reading::{Change, Head, Reading},
};
use domain::{
    Count,
    ids::{OrganizationId, PlaceId},
    label::{DeliveredLabel, LabelKind, LabelSource},
    place::{Period, Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind, SiteReport},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Why a file could not be read at all; nothing of it was used.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum Unreadable {
    #[error("line 1: column {0:?} is missing")]
    Column(&'static str),
    #[error("line {line}: {what}")]
    Csv { line: u64, what: String },
    #[error("line 1: no rows")]
    Empty,
}

const LABELS: [(&str, LabelKind); 5] = [
    ("specialistisch", LabelKind::Specialistisch),
    ("specialisme", LabelKind::Specialisme),
    ("snijdend_beschouwend", LabelKind::SnijdendBeschouwend),
    ("covidcapaciteit", LabelKind::Covidcapaciteit),
    ("patienttype", LabelKind::Patienttype),
];

/// Text of a file that may be UTF-8 with or without a BOM, or Windows-1252.
pub fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

/// A logical id from the hospital's own words.
fn slug(parts: &[&str]) -> PlaceId {
    let text = parts.join("-").to_lowercase();
    let mut id = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
        if !(c == '-' && id.ends_with('-')) {
            id.push(c);
        }
    }
    PlaceId(id.trim_matches('-').chars().take(64).collect())
}

/// Whether a bed's name tells it apart from the beds of other rooms. "1", "B" and "raam" are names within a room,
/// "12.1" within a ward, "A1-12-1" within the site; the same one in two rooms is then one bed in two rooms.
fn names_one_bed(bed: &str, same_ward: bool) -> bool {
    let lower = bed.to_lowercase();
    let own = lower.trim_start_matches("bed");
    let length = own.chars().filter(char::is_ascii_alphanumeric).count();
    own.contains(|c: char| c.is_ascii_digit()) && length >= if same_ward { 3 } else { 4 }
}

fn place(id: &PlaceId, kind: PlaceKind, name: &str, part_of: Option<&PlaceId>) -> Place {
    Place {
        status: Some("active".to_owned()),
        ..Place::new(id.clone(), kind, &clean_text(name), part_of.cloned())
    }
}

impl Reader<'_> {
    /// Reads a CSV delivery through a mapping. One row is one bed; what a row does not say is unknown.
    ///
    /// # Errors
    /// When a column without which no bed can be told is missing, or the text is no CSV; nothing is read then.
    pub fn csv(&self, text: &str, mapping: &Mapping) -> Result<Reading, Unreadable> {
        let mut table = ::csv::ReaderBuilder::new()
            .delimiter(u8::try_from(mapping.delimiter).unwrap_or(b';'))
            .trim(::csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers = table.headers().map_err(|e| csv_error(&e))?.clone();
        let columns = Columns::find(mapping, &headers).map_err(Unreadable::Column)?;
        let key = |id: PlaceId| PlaceId(domain::ids::within(self.source, id.as_str()));
        let mut reading = Reading::default();
        let mut places: BTreeMap<PlaceId, Place> = BTreeMap::new();
        let mut rooms: BTreeMap<(String, String), String> = BTreeMap::new();
        let mut delivered: BTreeMap<PlaceId, Option<Timestamp>> = BTreeMap::new();
        for (i, row) in table.records().enumerate() {
            let row = row.map_err(|e| csv_error(&e))?;
            let line = i + 2;
            reading.read += 1;
            let field = |name: &str| columns.field(&row, name);
            let (site, ward, room, bed) = (field("locatie"), field("afdeling"), field("kamer"), field("bed"));
            if site.is_empty() || bed.is_empty() {
                let raw: Vec<&str> = row.iter().collect();
                reading.refuse(
                    format!("row {line}"),
                    IssueCode::Missing,
                    "rij zonder locatie of bed",
                    Some(&raw.join(";")),
                );
                continue;
            }
            let in_room = format!("{ward}/{room}");
            match rooms.get(&(site.to_owned(), bed.to_owned())) {
                Some(other) if *other != in_room && names_one_bed(bed, other.starts_with(&format!("{ward}/"))) => {
                    let raw: Vec<&str> = row.iter().collect();
                    let detail = format!("bed {bed} staat in {other} en in {in_room}: de eerste telt, deze niet");
                    reading.refuse(
                        format!("row {line}, kamer"),
                        IssueCode::BedInTwoRooms,
                        detail,
                        Some(&raw.join(";")),
                    );
                    continue;
                }
                _ => rooms.insert((site.to_owned(), bed.to_owned()), in_room),
            };
            let site_id = key(slug(&[site]));
            let ward_id = key(slug(&[site, ward]));
            let room_id = key(slug(&[site, ward, room]));
            places
                .entry(site_id.clone())
                .or_insert_with(|| place(&site_id, PlaceKind::Site, site, None));
            places
                .entry(ward_id.clone())
                .or_insert_with(|| place(&ward_id, PlaceKind::Department, ward, Some(&site_id)));
            places
                .entry(room_id.clone())
                .or_insert_with(|| place(&room_id, PlaceKind::Room, room, Some(&ward_id)));
            let bed_id = key(slug(&[site, ward, room, bed]));
            let mut one = place(&bed_id, PlaceKind::Bed, bed, Some(&room_id));
            let organization = Some(field("organisatie")).filter(|o| !o.is_empty());
            let organization = organization.map(|o| OrganizationId(domain::ids::within(self.source, o)));
            let flag = |name: &str, reading: &mut Reading| -> Option<bool> {
                match field(name) {
                    "" => None,
                    "1" => Some(true),
                    "0" => Some(false),
                    other => {
                        reading.issue(
                            format!("row {line}, {name}"),
                            IssueCode::UnknownCode,
                            format!("{other:?} is onbekend"),
                        );
                        None
                    }
                }
            };
            let capacity = flag("capaciteit", &mut reading);
            let occupied = flag("bezet", &mut reading);
            let reserved = flag("gereserveerd", &mut reading);
            if capacity.is_none() || occupied.is_none() {
                reading.issue(
                    format!("row {line}"),
                    IssueCode::MissingNumber,
                    format!("bed {bed}: capaciteit of bezet ontbreekt; onbekend, niet vrij"),
                );
            }
            one.status = capacity.map(|c| if c { "active" } else { "suspended" }.to_owned());
            one.operational_status = match (capacity, occupied) {
                (Some(false), _) => Some("C".to_owned()),
                (_, Some(true)) => Some("O".to_owned()),
                (Some(true), Some(false)) => Some("U".to_owned()),
                _ => None,
            };
            if reserved == Some(true) {
                one.reservation = Some(Period {
                    start: mapping.time(field("reservering_start")),
                    end: None,
                });
            }
            for (name, kind) in LABELS {
                if !field(name).is_empty() {
                    one.labels.push(DeliveredLabel {
                        kind,
                        element: clean_text(field(name)).to_lowercase().as_str().into(),
                        system: None,
                        display: None,
                        source: LabelSource::Epd,
                    });
                }
            }
            let at = mapping.time(field("tijdstip"));
            match at {
                Some(t) if t > self.received + jiff::SignedDuration::from_mins(2) => {
                    reading.issue(
                        format!("row {line}, tijdstip"),
                        IssueCode::TimeInFuture,
                        format!("{} ligt in de toekomst", field("tijdstip")),
                    );
                    delivered.entry(site_id).or_default();
                }
                _ => {
                    let newest = delivered.entry(site_id).or_default();
                    *newest = at.max(*newest);
                }
            }
            one.organization.clone_from(&organization);
            if let Some(site) = places.get_mut(&key(slug(&[site]))) {
                site.organization = organization;
            }
            places.insert(bed_id, one);
        }
        if reading.read == 0 {
            return Err(Unreadable::Empty);
        }
        for (site, at) in &delivered {
            let id = format!("{site}-levering");
            let report = SiteReport {
                place: site.clone(),
                heartbeat: *at,
                occupied: Count::Unknown,
                available: Count::Unknown,
            };
            reading
                .changes
                .push(self.put(RecordKind::Report, &id, Fact::Report(report), *at));
            reading.replaces.push(site.clone());
        }
        reading.delivered = delivered.values().flatten().max().copied();
        for (id, one) in places {
            reading
                .changes
                .push(self.put(RecordKind::Place, id.as_str(), Fact::Place(one), None));
        }
        Ok(reading)
    }

    fn put(&self, kind: RecordKind, id: &str, fact: Fact, updated: Option<Timestamp>) -> Change {
        let raw = crate::fhir::encode::fact(id, &fact, self.profile)
            .map(|v| v.to_string())
            .unwrap_or_default();
        Change::Put {
            head: Head {
                key: RecordKey::new(kind, id),
                version: None,
                updated,
            },
            fact,
            raw,
        }
    }
}

fn csv_error(error: &::csv::Error) -> Unreadable {
    Unreadable::Csv {
        line: error.position().map_or(1, ::csv::Position::line),
        what: error.to_string(),
    }
}

/// The names of a file's columns; none when it has no first line.
pub fn headers(text: &str, mapping: &Mapping) -> Vec<String> {
    let mut table = ::csv::ReaderBuilder::new()
        .delimiter(u8::try_from(mapping.delimiter).unwrap_or(b';'))
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = table.headers().map(|h| h.iter().map(str::to_owned).collect());
    headers.unwrap_or_default()
}
