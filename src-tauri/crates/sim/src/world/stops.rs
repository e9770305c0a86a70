//! Stops: the chance ones of an ordinary day, and those that a scenario brings.

use super::{News, Site, World};
use crate::scenario::Scenario;
use domain::{
    busyness::{Variant, terms},
    label::LabelKind,
    region::Fact,
    stop::{Stop, StopLevel, StopReason},
};
use jiff::SignedDuration;
use rand::Rng;
use rand_distr::{Distribution, LogNormal};

impl World {
    pub(super) fn stops_minute(&mut self, n: usize, hour: i64) -> Vec<News> {
        let at = self.minute;
        let mut news = vec![];
        let Some(site) = self.sites.get_mut(n) else { return news };
        let staffed = site.beds.len() as u32;
        let score = site
            .seh
            .as_ref()
            .and_then(|s| terms(&s.inputs(at, staffed), Variant::Nedocs))
            .map(|t| t.score());
        let ended: Vec<String> = site
            .stops
            .iter()
            .filter(|(_, (_, until))| *until <= at)
            .map(|(k, _)| k.clone())
            .collect();
        for service in ended {
            if let Some((mut stop, _)) = site.stops.remove(&service) {
                let end = self.origin + SignedDuration::from_secs_f64(at as f64 * 60.0 / self.speed);
                (stop.active, stop.end) = (false, Some(end));
                news.push(flag(&stop));
            }
        }
        let stopped = site.stops.get("seh").is_some_and(|(s, _)| s.level == StopLevel::Stop);
        self.stop_minutes += u64::from(stopped);
        let Some(score) = score else { return news };
        if at % 30 == 0 && at > 0 {
            self.scores.push(score);
        }
        let by_chance = self.scenario != Scenario::Tour;
        let open = by_chance && (site.round_the_clock || (8..22).contains(&hour));
        // About 24 minutes of stop a day for each SEH (Zwolle, January 2023), more when it is busier.
        let weight = ((score + 20.0) / 45.0).clamp(0.0, 4.0);
        if open && !site.stops.contains_key("seh") && self.rng.random_bool((0.31 / 1440.0 * weight).min(1.0)) {
            let minutes = LogNormal::new(4.25, 0.5)
                .map_or(75.0_f64, |d| d.sample(&mut self.rng))
                .clamp(20.0, 300.0) as i64;
            let reasons: &[&str] = match self.rng.random_range(0..4) {
                0 => &["seh-vol", "kliniek-vol"],
                1 => &["instroom-piek"],
                2 => &["personeel-vpk"],
                _ => &["kliniek-vol"],
            };
            news.extend(self.stop(n, "seh", StopLevel::Stop, reasons, minutes));
        } else if open && !site.stops.contains_key("seh") && self.rng.random_bool((0.2 / 1440.0 * weight).min(1.0)) {
            news.extend(self.stop(n, "seh", StopLevel::Threatened, &["instroom-piek"], 40));
        } else if let Some(service) = site.services.first().cloned()
            && !site.stops.contains_key(&service)
            && self.rng.random_bool(0.05 / 1440.0)
        {
            news.extend(self.stop(n, &service, StopLevel::Stop, &["apparatuur"], 90));
        }
        news
    }

    /// Announces a stop; returns its publication.
    fn stop(&mut self, n: usize, service: &str, level: StopLevel, reasons: &[&str], minutes: i64) -> Option<News> {
        let (start, expected) = (self.wall(self.minute), self.wall(self.minute + minutes.max(30)));
        let site = self.sites.get_mut(n)?;
        let id = format!("stop-{}-{}", site.id, self.next_stop);
        self.next_stop += 1;
        let stop = Stop {
            id: id.as_str().into(),
            place: site.seh_id.clone()?,
            service: service.into(),
            level,
            active: true,
            start: Some(start),
            end: None,
            expected_end: Some(expected),
            reasons: reasons
                .iter()
                .map(|r| StopReason {
                    code: Some((*r).to_owned()),
                    text: reason_in_words(r).to_owned(),
                })
                .collect(),
            version: None,
        };
        let news = flag(&stop);
        site.stops.insert(service.to_owned(), (stop, self.minute + minutes));
        Some(news)
    }

    pub(super) fn scenario_minute(&mut self) -> Vec<News> {
        let since = self.minute - self.scenario_since;
        let seconds = (since as f64 * 60.0 / self.speed) as i64;
        let speed = self.speed;
        let first = |at: i64| seconds >= at && ((since - 1) as f64 * 60.0 / speed) < at as f64;
        let site = |id: &str, sites: &[Site]| sites.iter().position(|s| s.id.starts_with(id));
        let mut news = vec![];
        match self.scenario {
            Scenario::Tour => {
                if first(12)
                    && let Some(n) = site("isala-zwolle", &self.sites)
                {
                    let at = self.minute;
                    if let Some(seh) = self.sites.get_mut(n).and_then(|s| s.seh.as_mut()) {
                        seh.surge(at, seh.places + seh.places / 3);
                    }
                    news.extend(self.stop(n, "seh", StopLevel::Stop, &["seh-vol", "kliniek-vol"], 120));
                    // Delivered at once, so that the stop and the crowd that caused it are seen together.
                    news.extend(self.deliver(n, false));
                }
                if first(40)
                    && let Some(n) = site("deventer", &self.sites)
                {
                    news.extend(self.stop(n, "seh", StopLevel::Threatened, &["instroom-piek"], 60));
                }
            }
            Scenario::StopStorm if since > 0 => {
                let n = (since as usize) % self.sites.len().max(1);
                let services = self.sites.get(n).map(|s| s.services.clone()).unwrap_or_default();
                let all: Vec<String> = std::iter::once("seh".to_owned()).chain(services).collect();
                if let Some(service) = all.get((since as usize / self.sites.len().max(1)) % all.len().max(1)) {
                    let free = self.sites.get(n).is_some_and(|s| !s.stops.contains_key(service));
                    if free {
                        news.extend(self.stop(n, service, StopLevel::Stop, &["instroom-piek"], 25));
                    }
                }
            }
            Scenario::IsalaPowerCut if since == 2 => {
                if let Some(n) = site("isala-zwolle", &self.sites) {
                    let services = self.sites.get(n).map(|s| s.services.clone()).unwrap_or_default();
                    for service in std::iter::once("seh".to_owned()).chain(services) {
                        news.extend(self.stop(n, &service, StopLevel::Stop, &["stroom-gebouw"], 240));
                    }
                    if let Some(s) = self.sites.get_mut(n) {
                        s.silent_until = self.minute + 180;
                    }
                }
            }
            Scenario::FeedLoss if since == 1 => {
                if let Some(n) = site("saxenburgh", &self.sites)
                    && let Some(s) = self.sites.get_mut(n)
                {
                    s.silent_until = i64::MAX;
                }
            }
            Scenario::Harmonica if since % 1440 == 2 => {
                let covid = (since / 1440) % 2 == 0;
                let element = if covid { "kliniek-covid" } else { "kliniek-non-covid" };
                if let Some(n) = site("isala-zwolle", &self.sites)
                    && let Some(s) = self.sites.get_mut(n)
                {
                    for bed in s.beds.iter_mut().filter(|b| matches!(b.layout.ward, 4 | 8)) {
                        for label in bed
                            .layout
                            .place
                            .labels
                            .iter_mut()
                            .filter(|l| l.kind == LabelKind::Covidcapaciteit)
                        {
                            label.element = element.into();
                        }
                        bed.dirty = true;
                    }
                }
            }
            _ => {}
        }
        news
    }
}

pub(super) fn flag(stop: &Stop) -> News {
    ("Flag", stop.id.0.clone(), Fact::Stop(stop.clone()))
}

fn reason_in_words(code: &str) -> &'static str {
    match code {
        "seh-vol" => "SEH vol",
        "kliniek-vol" => "kliniek vol",
        "instroom-piek" => "piek in het aantal patiënten",
        "personeel-vpk" => "tekort aan verpleegkundigen",
        "stroom-gebouw" => "stroomstoring",
        _ => "apparatuur defect",
    }
}
