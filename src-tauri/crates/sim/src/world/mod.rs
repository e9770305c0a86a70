//! The region minute by minute: beds, emergency departments, stops. Same seed, same region.

mod stops;

use crate::{
    layout::{self, BedLayout, Layout},
    scenario::Scenario,
    seh::Seh,
};
use domain::{
    Count, PlaceId,
    busyness::{Measurement, Process, ProcessStep, Variant, terms},
    place::Period,
    region::{Fact, SiteReport},
    stop::{Stop, StopLevel},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp};
use std::collections::BTreeMap;

/// A fact to be published: FHIR type, id, fact.
pub type News = (&'static str, String, Fact);

/// What a bed is doing, in simulated minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Use {
    Free,
    Taken { until: i64 },
    Cleaning { until: i64 },
    Isolated { until: i64 },
    Reserved { from: i64 },
    Blocked { until: i64 },
}

#[derive(Debug)]
struct Bed {
    layout: BedLayout,
    doing: Use,
    /// The record delivers no status for it.
    silent: bool,
    dirty: bool,
}

#[derive(Debug)]
struct Site {
    id: String,
    seh_id: Option<PlaceId>,
    services: Vec<String>,
    beds: Vec<Bed>,
    seh: Option<Seh>,
    round_the_clock: bool,
    stops: BTreeMap<String, (Stop, i64)>,
    /// No deliveries until this minute.
    silent_until: i64,
    offset: i64,
}

/// The simulated region.
#[derive(Debug)]
pub struct World {
    rng: ChaCha8Rng,
    zone: TimeZone,
    origin: Timestamp,
    /// Simulated minutes since the origin; starts below zero, so that the region is in full swing at the origin.
    minute: i64,
    speed: f64,
    scenario: Scenario,
    scenario_since: i64,
    sites: Vec<Site>,
    next_stop: u64,
    standing: Vec<News>,
    past: Vec<(Timestamp, Vec<News>)>,
    /// Minutes of SEH stop so far, for checking against what regions report.
    pub stop_minutes: u64,
    pub scores: Vec<f64>,
}

const DELIVERY: i64 = 5;
const WARM_UP: i64 = 2 * 24 * 60;

impl World {
    /// A region that has been running for two days at `origin`.
    pub fn new(layout: &Layout, seed: u64, origin: Timestamp, speed: f64, scenario: Scenario) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut standing = layout::organizations(layout);
        let mut sites = vec![];
        for (n, site) in layout.sites.iter().enumerate() {
            let built = layout::build(site);
            standing.extend(built.facts);
            let beds = built.beds.into_iter().map(|layout| {
                let doing = match rng.random::<f64>() {
                    x if x < 0.80 => Use::Taken {
                        until: -WARM_UP + stay(&mut rng, layout.ic, 1.0),
                    },
                    x if x < 0.83 => Use::Blocked {
                        until: -WARM_UP + rng.random_range(200..4000),
                    },
                    _ => Use::Free,
                };
                Bed {
                    silent: rng.random_bool(0.004),
                    layout,
                    doing,
                    dirty: true,
                }
            });
            sites.push(Site {
                beds: beds.collect(),
                seh: built.seh.is_some().then(|| Seh::new(site.seh_places)),
                seh_id: built.seh,
                services: site.services.clone(),
                id: site.id.clone(),
                round_the_clock: site.seh_hours == "24/7",
                stops: BTreeMap::new(),
                silent_until: i64::MIN,
                offset: (n as i64) % DELIVERY,
            });
        }
        let mut world = Self {
            rng,
            zone: domain::service_day::dutch_zone(),
            origin,
            minute: -WARM_UP,
            speed,
            scenario,
            scenario_since: 0,
            sites,
            next_stop: 1,
            standing,
            past: vec![],
            stop_minutes: 0,
            scores: vec![],
        };
        while world.minute < 0 {
            world.step();
            if world.minute > -24 * 60 && world.minute % 10 == 0 {
                let measured = (0..world.sites.len()).filter_map(|n| world.measured(n)).collect();
                world.past.push((world.wall(world.minute), measured));
            }
        }
        (world.stop_minutes, world.scores) = (0, vec![]);
        if scenario == Scenario::Tour {
            // Who sees the desk for the first time is shown the stops of the tour, and none that chance left standing.
            world.sites.iter_mut().for_each(|site| site.stops.clear());
        }
        world
    }

    /// Wall time of a simulated minute: at speed 1 they are the same.
    fn wall(&self, minute: i64) -> Timestamp {
        self.origin + SignedDuration::from_secs_f64(minute as f64 * 60.0 / self.speed)
    }

    /// The simulated minute that belongs to a moment of wall time.
    pub fn minute_at(&self, wall: Timestamp) -> i64 {
        (wall.duration_since(self.origin).as_secs_f64() * self.speed / 60.0).floor() as i64
    }

    pub fn minute(&self) -> i64 {
        self.minute
    }

    /// Starts another course of events from now.
    pub fn set_scenario(&mut self, scenario: Scenario) {
        self.scenario = scenario;
        self.scenario_since = self.minute;
    }

    /// Whether the scenario has the server itself fail at this moment.
    pub fn server_fails(&self) -> bool {
        let since = self.minute - self.scenario_since;
        self.scenario == Scenario::FeedLoss && since > 0 && since % 10 < 2
    }

    /// Everything as it stands, for a first publication.
    pub fn snapshot(&mut self) -> Vec<News> {
        let mut news = self.standing.clone();
        for n in 0..self.sites.len() {
            news.extend(self.deliver(n, true));
            news.extend(
                self.sites
                    .get(n)
                    .into_iter()
                    .flat_map(|s| s.stops.values())
                    .map(|(stop, _)| stops::flag(stop)),
            );
        }
        news
    }

    /// The measurements of the day before the origin, oldest first; given once.
    pub fn take_past(&mut self) -> Vec<(Timestamp, Vec<News>)> {
        std::mem::take(&mut self.past)
    }

    /// Lives until a moment of wall time and returns what was published on the way, with when.
    pub fn live_until(&mut self, wall: Timestamp) -> Vec<(Timestamp, Vec<News>)> {
        let mut published = vec![];
        while self.minute < self.minute_at(wall) {
            let news = self.step();
            if !news.is_empty() {
                published.push((self.wall(self.minute), news));
            }
        }
        published
    }

    /// One simulated minute.
    pub fn step(&mut self) -> Vec<News> {
        self.minute += 1;
        let local = self.wall_clock();
        let (hour, minute_of_day) = (local / 60, local);
        let mut news = vec![];
        for n in 0..self.sites.len() {
            self.beds_minute(n, minute_of_day);
            self.seh_minute(n, hour as usize);
            news.extend(self.stops_minute(n, hour));
            let due = self
                .sites
                .get(n)
                .is_some_and(|s| (self.minute + s.offset) % DELIVERY == 0 && s.silent_until < self.minute);
            if due && self.minute > 0 {
                news.extend(self.deliver(n, false));
            }
        }
        news.extend(self.scenario_minute());
        if self.minute < 0 {
            news.clear();
        }
        news
    }

    /// Minute of the day by the simulated clock in Dutch time.
    fn wall_clock(&self) -> i64 {
        let at = (self.origin + SignedDuration::from_mins(self.minute)).to_zoned(self.zone.clone());
        i64::from(at.hour()) * 60 + i64::from(at.minute())
    }

    fn beds_minute(&mut self, n: usize, minute_of_day: i64) {
        let (at, stay_factor) = (self.minute, self.scenario.stay());
        let Some(site) = self.sites.get_mut(n) else { return };
        let rng = &mut self.rng;
        let discharges = (600..1020).contains(&minute_of_day);
        for bed in &mut site.beds {
            let before = bed.doing;
            bed.doing = match bed.doing {
                // People go home by day; who is ready at night waits for the morning.
                Use::Taken { until } if until <= at && (discharges || bed.layout.ic) && rng.random_bool(0.012) => {
                    let minutes = rng.random_range(20..70);
                    if rng.random_bool(0.04) {
                        Use::Isolated { until: at + 180 }
                    } else {
                        Use::Cleaning { until: at + minutes }
                    }
                }
                Use::Cleaning { until } | Use::Isolated { until } | Use::Blocked { until } if until <= at => Use::Free,
                Use::Reserved { from } if from <= at => Use::Taken {
                    until: at + stay(rng, bed.layout.ic, stay_factor),
                },
                // Beds close for lack of nurses, mostly in the morning when the day is staffed.
                Use::Free if minute_of_day == 450 && rng.random_bool(0.06) => Use::Blocked {
                    until: at + rng.random_range(400..2000),
                },
                other => other,
            };
            bed.dirty |= bed.doing != before;
        }
        // At 20:00 the planners reserve free beds for tomorrow's admissions.
        if minute_of_day == 1200 {
            let free = site
                .beds
                .iter()
                .filter(|b| b.doing == Use::Free && !b.layout.ic)
                .count();
            let mut wanted = free / 5;
            for bed in &mut site.beds {
                if wanted == 0 {
                    break;
                }
                if bed.doing == Use::Free && !bed.layout.ic && rng.random_bool(0.5) {
                    bed.doing = Use::Reserved {
                        from: at + rng.random_range(660..840),
                    };
                    bed.dirty = true;
                    wanted -= 1;
                }
            }
        }
        // By day planned patients take beds that came free, up to the occupancy that wards run at.
        if (480..900).contains(&minute_of_day) && minute_of_day % 10 == 0 {
            let staffed = site
                .beds
                .iter()
                .filter(|b| !matches!(b.doing, Use::Blocked { .. }))
                .count()
                .max(1);
            let taken = site
                .beds
                .iter()
                .filter(|b| matches!(b.doing, Use::Taken { .. } | Use::Reserved { .. }))
                .count();
            if taken * 100 / staffed < 80 {
                admit(&mut site.beds, false, at, stay_factor, rng);
            }
        }
        // The IC fills from the theatre and from other hospitals at any hour.
        if minute_of_day % 30 == 0 {
            let (mut all, mut taken) = (0, 0);
            for bed in site.beds.iter().filter(|b| b.layout.ic) {
                all += 1;
                taken += usize::from(matches!(bed.doing, Use::Taken { .. }));
            }
            if taken * 100 < all * 85 {
                admit(&mut site.beds, true, at, stay_factor, rng);
            }
        }
    }

    fn seh_minute(&mut self, n: usize, hour: usize) {
        let (at, scenario) = (self.minute, self.scenario);
        let Some(site) = self.sites.get_mut(n) else { return };
        let Some(seh) = &mut site.seh else { return };
        let open = site.round_the_clock || (8..22).contains(&hour);
        let stopped = site
            .stops
            .values()
            .any(|(s, _)| s.service.is_seh() && s.level == StopLevel::Stop);
        // During a stop the ambulances pass by; who walks in still comes.
        let factor = scenario.arrivals(&site.id)
            * if !open {
                0.0
            } else if stopped {
                0.6
            } else {
                1.0
            };
        let beds = &mut site.beds;
        let start = self.rng.random_range(0..beds.len().max(1));
        seh.minute(at, hour, factor, &mut self.rng, |rng| {
            let ic = rng.random_bool(0.04);
            let (before, after) = beds.split_at_mut(start);
            let free = after
                .iter_mut()
                .chain(before)
                .find(|b| b.doing == Use::Free && b.layout.ic == ic);
            match free {
                Some(bed) => {
                    bed.doing = Use::Taken {
                        until: at + stay(rng, ic, scenario.stay()),
                    };
                    bed.dirty = true;
                    true
                }
                None => false,
            }
        });
    }

    /// What one site's record sends: its changed beds, its SEH, and the heartbeat whether or not anything changed.
    pub(super) fn deliver(&mut self, n: usize, everything: bool) -> Vec<News> {
        let (at, wall) = (self.minute, self.wall(self.minute));
        let now = wall;
        let ten = |minute: i64| self.origin + SignedDuration::from_secs_f64(minute as f64 * 60.0 / self.speed);
        let Some(site) = self.sites.get_mut(n) else {
            return vec![];
        };
        let mut news = vec![];
        let (mut occupied, mut available) = (0u32, 0u32);
        for bed in &mut site.beds {
            let (status, code) = match bed.doing {
                Use::Free | Use::Reserved { .. } => ("active", "U"),
                Use::Taken { .. } => ("active", "O"),
                Use::Cleaning { until } if until % 7 == 0 => ("active", "K"),
                Use::Cleaning { .. } => ("active", "H"),
                Use::Isolated { .. } => ("active", "I"),
                Use::Blocked { .. } => ("suspended", "C"),
            };
            occupied += u32::from(code == "O" || matches!(bed.doing, Use::Reserved { .. }));
            available += u32::from(bed.doing == Use::Free && !bed.silent);
            if !bed.dirty && !everything {
                continue;
            }
            bed.dirty = false;
            let place = &mut bed.layout.place;
            place.status = Some(status.to_owned());
            place.operational_status = (!bed.silent).then(|| code.to_owned());
            place.reservation = match bed.doing {
                Use::Reserved { from } => Some(Period {
                    start: Some(ten(from)),
                    end: Some(ten(from + 120)),
                }),
                _ => None,
            };
            place.blocked_reason = matches!(bed.doing, Use::Blocked { .. }).then(|| "Geen verpleegkundige".to_owned());
            news.push(("Location", place.id.0.clone(), Fact::Place(place.clone())));
        }
        if let (Some(seh), Some(seh_id)) = (&site.seh, &site.seh_id) {
            let inputs = seh.inputs(at, site.staffed());
            let (waiting, treated, boarding) = seh.process();
            let step = |code: &str, display: &str, value: Option<f64>, unit: &str| ProcessStep {
                code: code.to_owned(),
                display: display.to_owned(),
                value,
                unit: unit.to_owned(),
            };
            let steps = vec![
                step(
                    "wachtend-triage",
                    "Wachtend op behandelplek",
                    Some(waiting as f64),
                    "{patients}",
                ),
                step("in-behandeling", "In behandeling", Some(treated as f64), "{patients}"),
                step(
                    "wacht-op-bed",
                    "Wacht op opnamebed",
                    Some(boarding as f64),
                    "{patients}",
                ),
                step(
                    "langste-opnamewacht",
                    "Langste wacht op bed",
                    inputs.longest_boarding_h.map(|h| (h * 60.0).round()),
                    "min",
                ),
                step("verwacht-huisarts", "Aangekondigd door huisarts", None, ""),
            ];
            let process = Process {
                place: seh_id.clone(),
                at: Some(now),
                steps,
            };
            news.push(("Observation", format!("{}-proces", site.id), Fact::Process(process)));
        }
        let report = SiteReport {
            place: PlaceId(site.id.clone()),
            heartbeat: Some(now),
            occupied: Count::Known(occupied),
            available: Count::Known(available),
        };
        news.push(("MeasureReport", format!("{}-capaciteit", site.id), Fact::Report(report)));
        news.extend(self.measured(n));
        news
    }

    /// The busyness of one site's SEH.
    fn measured(&self, n: usize) -> Option<News> {
        let site = self.sites.get(n)?;
        let inputs = site.seh.as_ref()?.inputs(self.minute, site.staffed());
        let score = terms(&inputs, Variant::Nedocs).map(|t| (t.score() * 10.0).round() / 10.0);
        let at = Some(self.wall(self.minute));
        let measured = Measurement {
            place: site.seh_id.clone()?,
            variant: Variant::Nedocs,
            score,
            inputs,
            at,
        };
        Some((
            "Observation",
            format!("{}-nedocs", site.id),
            Fact::Measurement(measured),
        ))
    }
}

impl Site {
    fn staffed(&self) -> u32 {
        self.beds
            .iter()
            .filter(|b| !matches!(b.doing, Use::Blocked { .. }))
            .count() as u32
    }
}

/// Puts somebody in a free bed, on any ward alike.
fn admit(beds: &mut [Bed], ic: bool, at: i64, factor: f64, rng: &mut ChaCha8Rng) {
    let start = rng.random_range(0..beds.len().max(1));
    let (before, after) = beds.split_at_mut(start);
    if let Some(bed) = after
        .iter_mut()
        .chain(before)
        .find(|b| b.doing == Use::Free && b.layout.ic == ic)
    {
        bed.doing = Use::Taken {
            until: at + stay(rng, ic, factor),
        };
        bed.dirty = true;
    }
}

/// Length of stay in minutes: about three and a half days on a ward, three on the IC.
fn stay(rng: &mut ChaCha8Rng, ic: bool, factor: f64) -> i64 {
    let mean = if ic { 3.0 } else { 3.4 } * 1440.0 * factor;
    Exp::new(1.0 / mean).map_or(mean, |d| d.sample(rng)).max(240.0) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(seed: u64) -> World {
        let origin = "2026-11-22T00:00:00+01:00".parse().unwrap();
        World::new(&layout::zwolle().unwrap(), seed, origin, 1.0, Scenario::Calm)
    }

    #[test]
    fn the_same_seed_gives_the_same_region() {
        let run = |seed| {
            let mut w = world(seed);
            (0..600).map(|_| format!("{:?}", w.step())).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn an_ordinary_month_has_dutch_busyness_and_about_24_minutes_of_stop_a_day() {
        let mut w = world(3);
        let days = 30;
        for _ in 0..days * 1440 {
            w.step();
        }
        let per_seh_day = w.stop_minutes as f64 / (days as f64 * 7.0);
        assert!(
            (14.0..=36.0).contains(&per_seh_day),
            "{per_seh_day:.1} minutes of stop per SEH per day"
        );
        w.scores.sort_by(f64::total_cmp);
        let median = w.scores[w.scores.len() / 2];
        assert!((16.0..=37.0).contains(&median), "median NEDOCS {median:.1}");
        let site = w.sites.iter().find(|s| s.id == "isala-zwolle").unwrap();
        let share = |want: fn(&Use) -> bool| {
            site.beds.iter().filter(|b| want(&b.doing)).count() as f64 / site.beds.len() as f64
        };
        let taken = share(|u| matches!(u, Use::Taken { .. }));
        assert!((0.70..=0.97).contains(&taken), "occupancy {taken:.2}");
    }
}
