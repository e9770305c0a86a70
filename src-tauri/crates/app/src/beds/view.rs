//! L3: the bed map of a site.

use super::bed::until_in_words;
use crate::{
    AppError,
    moment::Moment,
    say,
    text::{Choosable, freshness_code, kinds, state_code, state_in_words},
};
use domain::{
    PlaceId,
    bed::{self, BedState},
    label::{LabelKind, LabelSource},
    place::{Place, PlaceKind},
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// The beds of a site, ward by ward, in the light of one classification.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BedsView {
    pub id: String,
    pub name: String,
    pub age: String,
    pub freshness: &'static str,
    pub kind: &'static str,
    pub kinds: Vec<Choosable>,
    /// This account may label here.
    pub may_label: bool,
    pub wards: Vec<Ward>,
    pub free: u32,
    pub manual: u32,
    pub without_label: u32,
    pub blocked: u32,
    pub unknown: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct Ward {
    pub id: String,
    pub name: String,
    pub free: u32,
    pub capacity: u32,
    pub rooms: Vec<Room>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct Room {
    pub id: String,
    pub name: String,
    pub beds: Vec<BedCell>,
}

/// One bed's cell.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BedCell {
    pub id: String,
    /// What stands in the cell: room and bed.
    pub name: String,
    pub state: &'static str,
    /// The element's short code, empty where the bed has no label of this classification.
    pub short: String,
    pub element: Option<String>,
    pub manual: bool,
    /// The manual label ends within the hour.
    pub ending: bool,
    /// For the pointer and for screen readers: everything in one sentence.
    pub title: String,
}

/// The bed map of a site.
///
/// # Errors
/// When there is no such site or classification.
pub fn view(m: &Moment, id: &str, kind: &str) -> Result<BedsView, AppError> {
    let now = m.now();
    let id = PlaceId::from(id);
    let site = m.region.place(&id).ok_or_else(|| AppError::not_found(&id))?;
    let kind = LabelKind::from_code(kind).ok_or_else(|| AppError::invalid(format!("{kind:?} is no classification")))?;
    let cutoff = bed::cutoff(now, &m.zone);
    let mut view = BedsView {
        id: id.0.clone(),
        name: site.name.clone(),
        age: m.age_in_words(m.region.age_s(&id, now)),
        freshness: freshness_code(m.region.freshness(&id, now)),
        kind: kind.code(),
        kinds: kinds(m.language),
        may_label: m.account.may_label(id.as_str()),
        wards: vec![],
        free: 0,
        manual: 0,
        without_label: 0,
        blocked: 0,
        unknown: 0,
    };
    let mut wards: BTreeMap<String, (String, BTreeMap<String, Room>, u32, u32)> = BTreeMap::new();
    for place in m.region.beds(&id) {
        let state = m.region.state(place, now, cutoff);
        let cell = bed_cell(m, place, state, kind, now);
        let counts = !m.region.in_shadow(&place.id);
        view.free += u32::from(counts && state == BedState::Free);
        view.blocked += u32::from(state == BedState::Blocked);
        view.unknown += u32::from(state == BedState::Unknown);
        view.manual += u32::from(cell.manual);
        view.without_label += u32::from(cell.element.is_none());
        let ward = m.region.above(&place.id, &PlaceKind::Department);
        let room = m.region.above(&place.id, &PlaceKind::Room);
        let ward_id = ward.map_or_else(|| "zonder-afdeling".to_owned(), |w| w.id.0.clone());
        let room_id = room.map_or_else(|| "zonder-kamer".to_owned(), |r| r.id.0.clone());
        let entry = wards.entry(ward_id).or_insert_with(|| {
            (
                ward.map_or_else(|| say!(m.language, WardNone), |w| name_with_shadow(m, w)),
                BTreeMap::new(),
                0,
                0,
            )
        });
        entry.2 += u32::from(state == BedState::Free);
        entry.3 += u32::from(state.has_capacity());
        entry
            .1
            .entry(room_id.clone())
            .or_insert_with(|| Room {
                id: room_id,
                name: room.map_or_else(String::new, |r| r.name.clone()),
                beds: vec![],
            })
            .beds
            .push(cell);
    }
    view.wards = wards
        .into_iter()
        .map(|(id, (name, rooms, free, capacity))| Ward {
            id,
            name,
            free,
            capacity,
            rooms: in_order(rooms),
        })
        .collect();
    Ok(view)
}

/// A name that says when its place is in shadow running.
pub(crate) fn name_with_shadow(m: &Moment, place: &Place) -> String {
    if m.region.in_shadow(&place.id) {
        say!(m.language, NamedShadow, name = place.name.as_str())
    } else {
        place.name.clone()
    }
}

fn bed_cell(m: &Moment, place: &Place, state: BedState, kind: LabelKind, now: Timestamp) -> BedCell {
    let label = m.region.label(place, kind, now);
    let element = label.as_ref().map(|l| l.element.clone());
    let until = label.as_ref().and_then(|l| l.until);
    let manual = label.as_ref().is_some_and(|l| l.source == LabelSource::Handmatig);
    let language = m.language;
    let word = state_in_words(language, state);
    let mut title = vec![say!(language, BedIs, bed = place.name.as_str(), state = word)];
    if state == BedState::Reserved
        && let Some(end) = place.reservation.as_ref().and_then(|r| r.end)
    {
        title.push(say!(language, UntilAt, at = m.clock(end)));
    }
    if let Some(reason) = &place.blocked_reason {
        title.push(reason.clone());
    }
    if let Some(element) = &element {
        title.push(m.codes.display(kind, element));
    }
    if let Some(over) = label.as_ref().and_then(|l| l.over) {
        let was = label
            .as_ref()
            .and_then(|l| l.delivered)
            .map(|d| m.codes.display(kind, &d.element));
        title.push(say!(
            language,
            BedByHandOver,
            author = over.author.as_str(),
            until = until_in_words(m, until),
            reason = over.reason.as_str(),
            was = was.unwrap_or_else(|| say!(language, Nothing))
        ));
    }
    if matches!(state, BedState::Unknown) {
        let said = |code: &Option<String>| code.clone().unwrap_or_else(|| "?".to_owned());
        let codes = format!("{}/{}", said(&place.status), said(&place.operational_status));
        title.push(say!(language, BedDeliveredAs, codes = codes));
    }
    BedCell {
        id: place.id.0.clone(),
        name: place.name.clone(),
        state: state_code(state),
        short: element
            .as_ref()
            .map(|e| {
                m.codes
                    .element(kind, e)
                    .map_or_else(|| "?".to_owned(), |e| e.short.clone())
            })
            .unwrap_or_default(),
        element: element.map(|e| e.0),
        manual,
        ending: manual && until.is_some_and(|u| u.duration_since(now) <= SignedDuration::from_hours(1)),
        title: title.join(", "),
    }
}

/// Rooms and beds in the order of their numbers: 2 before 10.
fn in_order(rooms: BTreeMap<String, Room>) -> Vec<Room> {
    let mut rooms: Vec<Room> = rooms.into_values().collect();
    for room in &mut rooms {
        room.beds.sort_by_key(|b| natural(&b.name));
    }
    rooms.sort_by_key(|r| natural(&r.name));
    rooms
}

fn natural(text: &str) -> Vec<(u64, String)> {
    let mut parts = vec![];
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let words = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (word, next) = tail.split_at(words);
        parts.push((number.parse().unwrap_or(0), word.to_owned()));
        rest = next;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_2_stands_before_room_10() {
        let mut names = vec!["10.1", "2.2", "2.1", "1.12", "1.3"];
        names.sort_by_key(|n| natural(n));
        assert_eq!(names, ["1.3", "1.12", "2.1", "2.2", "10.1"]);
    }
}
