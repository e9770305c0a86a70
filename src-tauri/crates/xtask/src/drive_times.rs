//! The drive times between hospitals that ship, computed from the areas from which a car reaches each of them within 25 and
//! within 30 minutes (`assets/drive-times`, sources in `assets/README.md`).
//!
//! Inside an area a drive takes the share of its minutes that the distance has of the way to the area's edge; between two
//! areas the minutes go evenly from edge to edge; beyond both the law of the distance goes on from the outer edge. Each end
//! of a drive has areas of its own: the mean of both is taken, since an edge is uncertain in one direction, and kept
//! within what the areas of the destination say about the start.

use crate::{Failed, root};
use domain::travel::{CAR, DriveLaw, Position, SIREN, distance_km, whole_minutes};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write, fs, path::PathBuf};

const SOURCE: &str = "© OpenStreetMap contributors, openrouteservice, TNO; ODbL 1.0";
/// Of the areas' last change.
const DATE: &str = "2022-02-28";
/// How far a drive may be from what is computed: 88 % of the drives with siren were within a fifth.
const BAND: f64 = 0.2;

/// An edge in degrees of longitude and latitude; it ends where it begins.
type Ring = Vec<(f64, f64)>;

struct Hospital {
    id: String,
    name: String,
    at: Position,
    /// From where a car is here within 25 and within 30 minutes.
    within_25: Vec<Ring>,
    within_30: Vec<Ring>,
}

struct Drive {
    minutes: f64,
    /// What the areas of the destination leave open: more than the first, and up to the second.
    between: (f64, f64),
    km: f64,
}

/// Writes `places.csv` and `matrix.csv` beside the areas.
pub fn write() -> Result<(), Failed> {
    let hospitals = hospitals()?;
    let write = |name: &str, text: &str| fs::write(file(name), text).map_err(|e| format!("{name}: {e}"));
    write("places.csv", &places(&hospitals)?)?;
    let matrix = matrix(&hospitals)?;
    write("matrix.csv", &matrix)?;
    eprintln!(
        "▸ {} drives between {} hospitals",
        matrix.lines().count() - 1,
        hospitals.len()
    );
    Ok(())
}

fn file(name: &str) -> PathBuf {
    root().join("assets/drive-times").join(name)
}

fn places(hospitals: &[Hospital]) -> Result<String, Failed> {
    let mut text = "id,name,latitude,longitude\n".to_owned();
    for h in hospitals {
        let (latitude, longitude) = (h.at.latitude, h.at.longitude);
        writeln!(text, "{},\"{}\",{latitude:.5},{longitude:.5}", h.id, h.name).map_err(|e| e.to_string())?;
    }
    Ok(text)
}

fn matrix(hospitals: &[Hospital]) -> Result<String, Failed> {
    let mut text = "from,to,car_min,siren_min,low_min,high_min,method,source,date\n".to_owned();
    for from in hospitals {
        for to in hospitals.iter().filter(|to| to.id != from.id) {
            let Some(drive) = drive(from, to) else { continue };
            let (above, up_to) = drive.between;
            let car = whole_minutes(drive.minutes);
            let siren = whole_minutes(drive.minutes * SIREN.minutes(drive.km) / CAR.minutes(drive.km)).min(car);
            let low = whole_minutes((drive.minutes * (1.0 - BAND)).max(above.next_up()));
            let high = whole_minutes(drive.minutes * (1.0 + BAND));
            let method = if up_to.is_finite() { "isochroon" } else { "schatting" };
            writeln!(
                text,
                "{},{},{car},{siren},{low},{high},{method},\"{SOURCE}\",{DATE}",
                from.id, to.id
            )
            .map_err(|e| e.to_string())?;
        }
    }
    Ok(text)
}

/// Nothing for hospitals so far apart that neither the areas nor the laws say anything about them.
fn drive(from: &Hospital, to: &Hospital) -> Option<Drive> {
    let km = distance_km(from.at, to.at);
    if km > DriveLaw::FITTED_KM {
        return None;
    }
    let between: (f64, f64) = if contains(&to.within_25, from.at) {
        (0.0, 25.0)
    } else if contains(&to.within_30, from.at) {
        (25.0, 30.0)
    } else {
        (30.0, f64::INFINITY)
    };
    let mean = mean_of_both_ends(from, to, km);
    // The next float: just above an edge is outside it, and rounds up to the next minute.
    let minutes = mean.clamp(between.0.next_up(), between.1);
    Some(Drive { minutes, between, km })
}

fn mean_of_both_ends(from: &Hospital, to: &Hospital, km: f64) -> f64 {
    f64::midpoint(minutes(to, from.at, km), minutes(from, to.at, km))
}

/// By the areas of one end alone: from there, or to there.
fn minutes(of: &Hospital, other: Position, km: f64) -> f64 {
    let (inner, outer) = (edges(&of.within_25, of.at, other), edges(&of.within_30, of.at, other));
    if contains(&of.within_25, other) {
        return 25.0 * CAR.minutes(km) / CAR.minutes(inner.beyond * km);
    }
    if contains(&of.within_30, other) {
        return 25.0 + 5.0 * (1.0 - inner.before) / (outer.beyond - inner.before);
    }
    30.0 + CAR.minutes(km) - CAR.minutes(outer.before * km)
}

/// Where the straight line through another place crosses an edge, in parts of the way to that place.
struct Edges {
    /// The last crossing before the place; 0 where there is none.
    before: f64,
    /// The first beyond it.
    beyond: f64,
}

fn edges(area: &[Ring], from: Position, to: Position) -> Edges {
    let (dx, dy) = (to.longitude - from.longitude, to.latitude - from.latitude);
    let mut found = Edges {
        before: 0.0,
        beyond: f64::INFINITY,
    };
    for ((ax, ay), (bx, by)) in sides(area) {
        let (ex, ey) = (bx - ax, by - ay);
        let (ax, ay) = (ax - from.longitude, ay - from.latitude);
        let across = dx * ey - dy * ex;
        let (along, on_side) = ((ax * ey - ay * ex) / across, (ax * dy - ay * dx) / across);
        if across == 0.0 || !(0.0..1.0).contains(&on_side) || along <= 0.0 {
            continue;
        }
        if along < 1.0 {
            found.before = found.before.max(along);
        } else {
            found.beyond = found.beyond.min(along);
        }
    }
    found
}

/// Whether a place lies in an area: a line from it crosses the edge an odd number of times.
fn contains(area: &[Ring], at: Position) -> bool {
    let (x, y) = (at.longitude, at.latitude);
    let crossed = |((ax, ay), (bx, by)): &((f64, f64), (f64, f64))| {
        (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    sides(area).filter(crossed).count() % 2 == 1
}

fn sides(area: &[Ring]) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    area.iter()
        .flat_map(|ring| ring.iter().copied().zip(ring.iter().skip(1).copied()))
}

fn hospitals() -> Result<Vec<Hospital>, Failed> {
    let (places, within_25, within_30) = (
        features("hospitals.geojson")?,
        features("car-25-min.geojson")?,
        features("car-30-min.geojson")?,
    );
    let mut ids = BTreeSet::new();
    let mut hospitals = vec![];
    for place in &places {
        let number = place.pointer("/properties/id").unwrap_or(&Value::Null);
        let area = |areas: &[Value]| -> Result<Vec<Ring>, Failed> {
            let found = areas.iter().find(|a| a.pointer("/properties/id") == Some(number));
            let rings = found.and_then(|a| rings(a.pointer("/geometry/coordinates")?));
            rings.ok_or_else(|| format!("hospital {number} has no area"))
        };
        let name = place
            .pointer("/properties/locatie")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let (longitude, latitude) = place
            .pointer("/geometry/coordinates")
            .and_then(point)
            .ok_or_else(|| format!("{name} has no position"))?;
        let id = id_of(&name);
        if !ids.insert(id.clone()) {
            return Err(format!("two hospitals would be called {id}"));
        }
        hospitals.push(Hospital {
            id,
            name,
            at: Position { latitude, longitude },
            within_25: area(&within_25)?,
            within_30: area(&within_30)?,
        });
    }
    hospitals.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(hospitals)
}

fn features(name: &str) -> Result<Vec<Value>, Failed> {
    let text = fs::read_to_string(file(name)).map_err(|e| format!("{name}: {e}"))?;
    let mut whole: Value = serde_json::from_str(&text).map_err(|e| format!("{name}: {e}"))?;
    match whole.get_mut("features").map(Value::take) {
        Some(Value::Array(features)) => Ok(features),
        _ => Err(format!("{name}: no features")),
    }
}

fn point(value: &Value) -> Option<(f64, f64)> {
    Some((value.get(0)?.as_f64()?, value.get(1)?.as_f64()?))
}

fn rings(value: &Value) -> Option<Vec<Ring>> {
    let ring = |ring: &Value| ring.as_array()?.iter().map(point).collect();
    value.as_array()?.iter().map(ring).collect()
}

/// `Röpcke Zweers Ziekenhuis Hardenberg` is `ropcke-zweers-ziekenhuis-hardenberg`.
fn id_of(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'a'..='z' | '0'..='9' => c,
            'á' => 'a',
            'ö' | 'ó' => 'o',
            'é' | 'ë' => 'e',
            _ => ' ',
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::travel::estimate;

    /// What the areas of the destination say of a drive: it takes more than the first, and at most the second.
    fn said(from: &Hospital, to: &Hospital) -> (u32, u32) {
        match (contains(&to.within_25, from.at), contains(&to.within_30, from.at)) {
            (true, _) => (0, 25),
            (false, true) => (25, 30),
            (false, false) => (30, u32::MAX),
        }
    }

    /// Every drive that ships: from, to, minutes by car, the shortest of its band.
    fn shipped(hospitals: &[Hospital]) -> Vec<(&Hospital, &Hospital, u32, u32)> {
        let by_id = |id: &str| hospitals.iter().find(|h| h.id == id).unwrap();
        let matrix = fs::read_to_string(file("matrix.csv")).unwrap();
        let drive = |line: &str| {
            let fields: Vec<&str> = line.split(',').collect();
            let minutes = |field: usize| fields[field].parse().unwrap();
            (fields[0].to_owned(), fields[1].to_owned(), minutes(2), minutes(4))
        };
        let drives = matrix.lines().skip(1).map(drive);
        drives
            .map(|(from, to, car, low)| (by_id(&from), by_id(&to), car, low))
            .collect()
    }

    /// How many of a hundred agree with both areas.
    fn agreeing(drives: &[(&Hospital, &Hospital, u32)]) -> f64 {
        let agrees = |(from, to, minutes): &&(&Hospital, &Hospital, u32)| {
            let (above, up_to) = said(from, to);
            *minutes > above && *minutes <= up_to
        };
        100.0 * drives.iter().filter(agrees).count() as f64 / drives.len() as f64
    }

    #[test]
    fn what_ships_is_what_the_areas_give() {
        let hospitals = hospitals().unwrap();
        let same = |name: &str, text: String| {
            let shipped = fs::read_to_string(file(name)).unwrap();
            assert!(
                shipped == text,
                "cargo xtask drive-times has not been run since {name} changed"
            );
        };
        same("places.csv", places(&hospitals).unwrap());
        same("matrix.csv", matrix(&hospitals).unwrap());
    }

    #[test]
    fn of_a_hundred_drives_the_minutes_of_95_are_on_the_side_of_25_and_30_that_the_areas_say() {
        let hospitals = hospitals().unwrap();
        let drives: Vec<_> = shipped(&hospitals)
            .into_iter()
            .map(|(f, t, car, _)| (f, t, car))
            .collect();
        assert!(drives.len() > 2000, "only {} drives ship", drives.len());
        assert!(agreeing(&drives) >= 95.0, "{:.1} %", agreeing(&drives));
    }

    /// What ships is put on the side that the area says; the way of computing must find it by itself where nothing says it.
    #[test]
    fn the_minutes_find_their_side_of_25_and_30_before_the_area_corrects_them() {
        let hospitals = hospitals().unwrap();
        let mean = |(from, to, _, _)| {
            (
                from,
                to,
                whole_minutes(mean_of_both_ends(from, to, distance_km(from.at, to.at))),
            )
        };
        let drives: Vec<(&Hospital, &Hospital, u32)> = shipped(&hospitals).into_iter().map(mean).collect();
        assert!(agreeing(&drives) >= 95.0, "{:.1} %", agreeing(&drives));
    }

    #[test]
    fn nobody_reads_a_drive_that_is_shorter_than_the_area_says_by_more_than_three_minutes() {
        let hospitals = hospitals().unwrap();
        for (from, to, car, low) in shipped(&hospitals) {
            let (above, _) = said(from, to);
            assert!(
                car.min(low) + 3 >= above,
                "{} to {}: {low} to {car} minutes, and it takes more than {above}",
                from.name,
                to.name
            );
        }
    }

    #[test]
    fn a_hospital_that_is_in_no_matrix_is_not_nearer_than_the_area_says_by_more_than_three_minutes() {
        let hospitals = hospitals().unwrap();
        for (from, to, _, _) in shipped(&hospitals) {
            let (above, _) = said(from, to);
            let minutes = estimate(from.at, to.at).car_min;
            assert!(
                minutes + 3 >= above,
                "{} to {}: {minutes} minutes by the distance, and it takes more than {above}",
                from.name,
                to.name
            );
        }
    }
}
