//! From the region to alarm conditions: what is true now that asks for somebody's timely response.

use crate::{
    desk::Desk,
    source::{Link, Source},
};
use domain::{
    AlarmId,
    alarm::{AlarmKind, AlarmText, Condition},
    freshness::{self, Freshness},
    philosophy,
    place::Place,
    stop::{Stop, StopLevel, StopStatus},
};
use feed::FeedErrorCode;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Two delivery cycles: a location silent for longer is a loss of view.
const SILENT: SignedDuration = SignedDuration::from_mins(10);
/// One cycle: no answer from the whole source for longer is a loss of view.
const LOST: SignedDuration = SignedDuration::from_mins(5);

/// Our clock and the server's may honestly differ by this much.
const CLOCK_LIMIT_S: i64 = 120;
/// Busier than this share of its own half year is worth an alarm where somebody asked for one.
const BUSY_PERCENT: u32 = 90;

/// Stands beside every stop, on the screen and in every notification.
pub const ALWAYS_WELCOME: &str = "Levensbedreigend: altijd welkom.";

impl Desk {
    /// Every condition that holds now, by its alarm's id.
    pub(crate) fn conditions(&self) -> BTreeMap<domain::AlarmId, Condition> {
        let now = self.now();
        let mut found = BTreeMap::new();
        let mut add = |condition: Condition| found.insert(condition.id.clone(), condition);
        for site in self.region.sites().filter(|s| !s.shadow) {
            for stop in self.region.holding_stops(&site.id, now) {
                if let Some(condition) = self.stop_condition(site, &stop, now) {
                    add(condition);
                }
            }
            if let Some(condition) = self.busyness_condition(site, now) {
                add(condition);
            }
            if matches!(self.link_of(site.id.as_str()), Link::Live) && self.watches(&site.id) {
                let age = self.region.age_s(&site.id, now);
                if age.is_none_or(|s| s > SILENT.as_secs()) {
                    add(self.silent_condition(site, now));
                }
            }
        }
        for source in &self.sources {
            let Link::Offline { since, error } = &source.link else {
                continue;
            };
            if now.duration_since(*since) < LOST {
                continue;
            }
            let name = self.source_name(source);
            add(Condition {
                id: of_source("feed-lost", source),
                kind: AlarmKind::FeedLost,
                priority: AlarmKind::FeedLost.priority(),
                place: None,
                text: AlarmText {
                    hospital: name,
                    what: "Geen verbinding met".to_owned(),
                    since: Some(*since),
                    expected_end: None,
                    reason: error_in_words(error.code()).to_owned(),
                    advice: "U ziet de laatst bekende stand. Bel voordat u een patiënt verplaatst.".to_owned(),
                    phone: None,
                },
            });
        }
        for condition in self.sources.iter().filter_map(|s| self.clock_condition(s)) {
            add(condition);
        }
        if let Some(note) = &self.storage_note {
            add(Condition {
                id: "storage".into(),
                kind: AlarmKind::Storage,
                priority: AlarmKind::Storage.priority(),
                place: None,
                text: AlarmText {
                    hospital: "Deze werkplek".to_owned(),
                    what: "Opslag".to_owned(),
                    since: None,
                    expected_end: None,
                    reason: note.clone(),
                    advice: "Meld dit bij ICT.".to_owned(),
                    phone: None,
                },
            });
        }
        found
    }

    /// The clock of this machine is far from the server's. Once said, it must come well within the limit again.
    fn clock_condition(&self, source: &Source) -> Option<Condition> {
        let row = philosophy::of(AlarmKind::Clock);
        let id = of_source("clock", source);
        let limit = if self.alarms.get(&id).is_some_and(|a| a.active) {
            CLOCK_LIMIT_S - row.deadband as i64
        } else {
            CLOCK_LIMIT_S
        };
        let skew = source.clock_skew.filter(|s| s.as_secs().abs() > limit)?;
        let way = if skew.is_positive() { "voor" } else { "achter" };
        Some(Condition {
            id,
            kind: AlarmKind::Clock,
            priority: row.priority,
            place: None,
            text: AlarmText {
                hospital: "van deze werkplek".to_owned(),
                what: "Klok".to_owned(),
                since: None,
                expected_end: None,
                reason: format!("loopt {} min {way} op de server", (skew.as_secs().abs() + 30) / 60),
                advice: row.response.to_owned(),
                phone: None,
            },
        })
    }

    /// An SEH is far up its own half year, where somebody asked to be told.
    fn busyness_condition(&self, site: &Place, now: Timestamp) -> Option<Condition> {
        if !self.watches_busyness(&site.id) {
            return None;
        }
        let row = philosophy::of(AlarmKind::Busyness);
        let id = AlarmId::from(format!("busyness/{}", site.id).as_str());
        let (key, score) = self
            .region
            .measurements_of(&site.id)
            .into_iter()
            .filter(|(_, m)| freshness::grade(freshness::age_s(m.at, now)) <= Freshness::Ageing)
            .find_map(|(key, m)| Some((key, m.shown()?.0)))?;
        let percent = self.busier_than(key, score, now).ok().flatten()?;
        let standing = self.alarms.get(&id).is_some_and(|a| a.active);
        let limit = f64::from(BUSY_PERCENT) - if standing { row.deadband } else { 0.0 };
        (f64::from(percent) >= limit).then(|| Condition {
            id,
            kind: AlarmKind::Busyness,
            priority: row.priority,
            place: Some(site.id.clone()),
            text: AlarmText {
                hospital: site.name.clone(),
                what: "Drukke SEH".to_owned(),
                since: None,
                expected_end: None,
                reason: format!("drukker dan {BUSY_PERCENT} % van het eigen half jaar"),
                advice: row.response.to_owned(),
                phone: self.region.phone(&site.id, now, &self.zone),
            },
        })
    }

    fn stop_condition(&self, site: &Place, stop: &Stop, now: Timestamp) -> Option<Condition> {
        let kind = match stop.level {
            StopLevel::Threatened => AlarmKind::ThreatenedStop,
            StopLevel::Stop if stop.service.is_seh() => AlarmKind::SehStop,
            StopLevel::Stop => AlarmKind::ServiceStop,
        };
        let priority = self.watch_priority(&site.id, &stop.service, stop.level, kind.priority())?;
        let service = self.stop_codes.service(stop.service.as_str());
        let what = match stop.level {
            StopLevel::Stop => format!("{service}-stop"),
            StopLevel::Threatened => format!("Dreigende {service}-stop"),
        };
        let nearest = self.nearest_open(site, now);
        let advice = match (kind, nearest) {
            (AlarmKind::SehStop, Some((name, minutes))) => {
                format!("{ALWAYS_WELCOME} Dichtstbijzijnde open SEH: {name}, ± {minutes} min.")
            }
            (AlarmKind::ThreatenedStop, _) => "Bel de regiehouder vóór insturen.".to_owned(),
            _ => ALWAYS_WELCOME.to_owned(),
        };
        Some(Condition {
            priority,
            // A threat that becomes a stop is the same alarm, escalated.
            id: format!("stop/{}/{}/{}", site.id, stop.service, stop.id).as_str().into(),
            kind,
            place: Some(site.id.clone()),
            text: AlarmText {
                hospital: site.name.clone(),
                what,
                since: stop.start,
                expected_end: stop.expected_end,
                reason: reasons_in_words(&stop.reasons),
                advice,
                phone: self.region.phone(&site.id, now, &self.zone),
            },
        })
    }

    fn silent_condition(&self, site: &Place, now: Timestamp) -> Condition {
        Condition {
            id: format!("feed-silent/{}", site.id).as_str().into(),
            kind: AlarmKind::FeedSilent,
            priority: AlarmKind::FeedSilent.priority(),
            place: Some(site.id.clone()),
            text: AlarmText {
                hospital: site.name.clone(),
                what: "Levering stil".to_owned(),
                since: self.region.delivered_at(&site.id),
                expected_end: None,
                reason: match freshness::age_s(self.region.delivered_at(&site.id), now) {
                    Some(_) => "geen levering sinds het genoemde tijdstip".to_owned(),
                    None => "nog nooit geleverd".to_owned(),
                },
                advice: "Bel voor de actuele stand.".to_owned(),
                phone: self.region.phone(&site.id, now, &self.zone),
            },
        }
    }

    /// The nearest site whose SEH is open, with an estimated drive in minutes.
    pub(crate) fn nearest_open(&self, from: &Place, now: Timestamp) -> Option<(String, u32)> {
        let here = from.position?;
        self.region
            .sites()
            .filter(|s| s.id != from.id && self.region.has_seh(&s.id))
            .filter(|s| {
                let seh = self.region.stop_status(&s.id, now, &self.zone);
                seh.first()
                    .is_some_and(|p| p.service.is_seh() && p.status == StopStatus::Open)
            })
            .filter_map(|s| Some((s.name.clone(), domain::travel::drive_min(here, s.position?))))
            .min_by_key(|(_, minutes)| *minutes)
    }
}

/// An alarm about a source itself.
fn of_source(what: &str, source: &Source) -> AlarmId {
    match source.settings.key.as_str() {
        "" => what.into(),
        key => format!("{what}/{key}").as_str().into(),
    }
}

/// The reasons of a stop, leading one first.
pub fn reasons_in_words(reasons: &[domain::stop::StopReason]) -> String {
    reasons
        .iter()
        .map(|r| r.text.as_str())
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// One Dutch sentence for each way in which a source fails.
pub fn error_in_words(code: FeedErrorCode) -> &'static str {
    match code {
        FeedErrorCode::Address => "Het adres klopt niet.",
        FeedErrorCode::Certificate => "Het certificaat van de server wordt niet vertrouwd.",
        FeedErrorCode::Denied => {
            "De server kent u, maar weigert (403), vaak omdat dit adres (IP) niet is toegelaten: vraag de beheerder van de regio."
        }
        FeedErrorCode::SignInNeeded => "De server vraagt om aanmelden: kies bij de bron hoe u zich aanmeldt.",
        FeedErrorCode::SignInRevoked => {
            "De aanmelding is verlopen of ingetrokken: meld u opnieuw aan bij Instellingen, Bronnen."
        }
        FeedErrorCode::SignInClient => {
            "De aanmeldserver weigert deze toepassing: laat de beheerder client-id en geheim nakijken."
        }
        FeedErrorCode::SignInPassword => {
            "De naam of het wachtwoord klopt niet: vul ze opnieuw in bij Instellingen, Bronnen."
        }
        FeedErrorCode::SignInClock => {
            "De klok van deze werkplek loopt niet gelijk, daarom wordt de aanmelding geweigerd: zet de klok goed."
        }
        FeedErrorCode::SignInKeyring => "De sleutelbos van dit systeem antwoordt niet: ontgrendel hem of vraag ICT.",
        FeedErrorCode::SignInNoEndpoints => {
            "De server zegt niet waar u zich kunt aanmelden: vul het adres van de aanmeldserver in."
        }
        FeedErrorCode::SignInAbandoned => "De browser kwam niet terug: probeer het aanmelden nog eens.",
        FeedErrorCode::Busy => "De server is overbelast.",
        FeedErrorCode::Failing => "De server heeft een storing.",
        FeedErrorCode::NotFhir => "Er antwoordt iets anders dan de regionale server, bijvoorbeeld een aanmeldpagina.",
        FeedErrorCode::Gone => "De server bewaart de geschiedenis niet zo lang.",
        FeedErrorCode::Unreachable | FeedErrorCode::Conflict | FeedErrorCode::Refused => {
            "De server is niet bereikbaar."
        }
    }
}
