//! One emergency department: arrivals, treatment, boarding, and the NEDOCS that follows.

use domain::busyness::Inputs;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal, Poisson};

/// Visits a treatment place a day; gives Dutch NEDOCS medians of 16 to 37 (domain.md 3.6).
const VISITS_PER_PLACE: f64 = 5.2;
/// Share that is admitted (domain.md 3.7).
const ADMITTED: f64 = 0.33;
/// Arrivals by hour of day, relative; crowding falls between 12:00 and 20:00.
const HOURS: [f64; 24] = [
    0.42, 0.34, 0.28, 0.25, 0.25, 0.30, 0.42, 0.70, 1.05, 1.40, 1.58, 1.62, 1.60, 1.58, 1.55, 1.52, 1.52, 1.50, 1.42,
    1.30, 1.12, 0.92, 0.74, 0.56,
];

#[derive(Debug, Clone)]
struct Patient {
    arrived: i64,
    placed: Option<i64>,
    ready: i64,
    admitted: bool,
    boarding_since: Option<i64>,
    leaves_board: i64,
    red: bool,
    ventilated: bool,
}

/// The department's patients as numbers, never as persons.
#[derive(Debug, Clone)]
pub struct Seh {
    pub places: u32,
    patients: Vec<Patient>,
    last_door_to_bed_min: f64,
}

impl Seh {
    pub fn new(places: u32) -> Self {
        Self {
            places,
            patients: vec![],
            last_door_to_bed_min: 6.0,
        }
    }

    /// One minute. `take_bed` gives an admitted patient a ward bed when there is one.
    pub fn minute(
        &mut self,
        at: i64,
        hour: usize,
        factor: f64,
        rng: &mut ChaCha8Rng,
        mut take_bed: impl FnMut(&mut ChaCha8Rng) -> bool,
    ) {
        let mean_hour = HOURS.iter().sum::<f64>() / 24.0;
        let weight = HOURS.get(hour).copied().unwrap_or(1.0) / mean_hour;
        let rate = f64::from(self.places) * VISITS_PER_PLACE / 1440.0 * weight * factor;
        let arrivals = Poisson::new(rate.max(1e-9)).map_or(0.0, |p| p.sample(rng)) as u32;
        for _ in 0..arrivals {
            self.patients.push(Patient {
                arrived: at,
                placed: None,
                ready: 0,
                admitted: rng.random_bool(ADMITTED),
                boarding_since: None,
                leaves_board: 0,
                red: rng.random_bool(0.02),
                ventilated: rng.random_bool(0.003),
            });
        }
        let mut used = self.patients.iter().filter(|p| p.placed.is_some()).count();
        for p in self.patients.iter_mut().filter(|p| p.placed.is_none()) {
            // Registration and triage come first, also when a place is free.
            if used < self.places as usize && at - p.arrived >= 5 {
                used += 1;
                p.placed = Some(at);
                self.last_door_to_bed_min = (at - p.arrived) as f64;
                let minutes = LogNormal::new(4.68, 0.55)
                    .map_or(120.0_f64, |d| d.sample(rng))
                    .clamp(15.0, 600.0);
                p.ready = at + minutes as i64;
            }
        }
        for p in &mut self.patients {
            if p.admitted && p.boarding_since.is_none() && p.placed.is_some() && p.ready <= at {
                p.boarding_since = Some(at);
                p.leaves_board = at + rng.random_range(15..60);
            }
        }
        self.patients.retain(|p| match p.boarding_since {
            Some(_) => !(p.leaves_board <= at && take_bed(rng)),
            None => p.placed.is_none() || p.ready > at,
        });
    }

    /// A sudden crowd, as after an accident on the motorway: most in treatment, some already waiting for a bed.
    pub fn surge(&mut self, at: i64, patients: u32) {
        for n in 0..i64::from(patients) {
            let admitted = n % 3 == 0;
            self.patients.push(Patient {
                arrived: at - 90,
                placed: Some(at - 60),
                ready: at + 60 + n,
                admitted,
                boarding_since: (admitted && n % 2 == 0).then_some(at - 45),
                leaves_board: at + 45 + n,
                red: n == 0,
                ventilated: n == 1,
            });
        }
    }

    /// What the busyness formula asks for.
    pub fn inputs(&self, at: i64, hospital_beds: u32) -> Inputs {
        let boarders = self.patients.iter().filter(|p| p.boarding_since.is_some());
        let longest = boarders
            .clone()
            .filter_map(|p| p.boarding_since)
            .min()
            .map_or(0.0, |s| (at - s) as f64 / 60.0);
        let count = |n: usize| Some(n as f64);
        Inputs {
            patients: count(self.patients.len()),
            places: Some(f64::from(self.places)),
            boarders: count(boarders.count()),
            hospital_beds: Some(f64::from(hospital_beds)),
            ventilated: count(self.patients.iter().filter(|p| p.ventilated).count()),
            highest_urgency: count(self.patients.iter().filter(|p| p.red).count()),
            longest_boarding_h: Some((longest * 100.0).round() / 100.0),
            last_door_to_bed_h: Some((self.last_door_to_bed_min / 60.0 * 100.0).round() / 100.0),
        }
    }

    /// Numbers for the process information: waiting, in treatment, waiting for a bed.
    pub fn process(&self) -> (usize, usize, usize) {
        let waiting = self.patients.iter().filter(|p| p.placed.is_none()).count();
        let boarding = self.patients.iter().filter(|p| p.boarding_since.is_some()).count();
        (waiting, self.patients.len() - waiting - boarding, boarding)
    }
}
