//! A rough drive time between two sites, for "the nearest open SEH".

use serde::{Deserialize, Serialize};

/// WGS84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    pub latitude: f64,
    pub longitude: f64,
}

const EARTH_KM: f64 = 6371.0;
/// Dutch roads are about a third longer than the straight line.
const DETOUR: f64 = 1.3;
/// An ambulance's average over town and motorway.
const KM_PER_MIN: f64 = 1.15;

/// Great-circle distance in kilometres (haversine).
pub fn distance_km(a: Position, b: Position) -> f64 {
    let (lat1, lat2) = (a.latitude.to_radians(), b.latitude.to_radians());
    let half_lat = (lat2 - lat1) / 2.0;
    let half_lon = (b.longitude - a.longitude).to_radians() / 2.0;
    let h = half_lat.sin().powi(2) + lat1.cos() * lat2.cos() * half_lon.sin().powi(2);
    2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
}

/// Estimated drive in whole minutes. An estimate from coordinates, to be shown with "±": no road network is bundled.
pub fn drive_min(a: Position, b: Position) -> u32 {
    (distance_km(a, b) * DETOUR / KM_PER_MIN).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meppel_is_about_twenty_five_minutes_from_zwolle() {
        let zwolle = Position {
            latitude: 52.514,
            longitude: 6.124,
        };
        let meppel = Position {
            latitude: 52.704,
            longitude: 6.190,
        };
        assert!(
            (20..=30).contains(&drive_min(zwolle, meppel)),
            "got {}",
            drive_min(zwolle, meppel)
        );
    }
}
