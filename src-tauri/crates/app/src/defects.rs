//! What is wrong with the deliveries, each with since when and where: for the coordinator to send to a hospital's ICT.

use crate::{AppError, ErrorCode, desk::Desk};
use domain::{
    PlaceId,
    bed::{self, BedState},
    freshness::Freshness,
    label::LabelKind,
    place::{Place, PlaceKind},
    region::SiteReport,
};
use jiff::Timestamp;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// `silent`, `unknown-status`, `unknown-element`, `missing-label`, `occupied-in-closed-ward`, `ward-as-bed`,
    /// `more-patients-than-capacity`, or the code of what was not understood in a delivery.
    pub code: String,
    pub location: String,
    /// Ward, room and bed in words, or the place in the delivery.
    pub place: String,
    pub detail: String,
    /// RFC 3339; `null` where nothing says since when.
    pub since: Option<String>,
}

impl Desk {
    /// Everything that is wrong now, a location after another.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn defects(&self) -> Result<Vec<Defect>, AppError> {
        let now = self.now();
        let mut found = vec![];
        for site in self.region.sites() {
            let defect = |code: &str, place: &PlaceId, detail: String, since: Option<Timestamp>| Defect {
                code: code.to_owned(),
                location: site.name.clone(),
                place: self.bed_in_words(place),
                detail,
                since: since.map(feed::encode::date_time),
            };
            if self.region.freshness(&site.id, now) > Freshness::Ageing {
                let since = self.region.delivered_at(&site.id);
                found.push(defect("silent", &site.id, "levert niet (meer)".to_owned(), since));
            }
            if let Some((patients, capacity)) = self.overfull(site, now) {
                let detail = format!("{patients} patiënten op {capacity} bedden");
                found.push(defect("more-patients-than-capacity", &site.id, detail, None));
            }
            for bed in self.region.beds(&site.id) {
                let since = self.region.written_at(&bed.id);
                found.extend(
                    self.bed_defects(bed, now)
                        .into_iter()
                        .map(|(code, detail)| defect(code, &bed.id, detail, since)),
                );
            }
            for ward in self
                .region
                .children(&site.id)
                .filter(|p| self.region.is_ward_sent_as_bed(p))
            {
                let since = self.region.written_at(&ward.id);
                found.push(defect(
                    "ward-as-bed",
                    &ward.id,
                    "afdeling als bed geleverd".to_owned(),
                    since,
                ));
            }
        }
        let rest = self.not_understood()?.into_iter().map(|(place, code, detail)| Defect {
            code,
            location: String::new(),
            place,
            detail,
            since: None,
        });
        found.extend(rest);
        Ok(found)
    }

    /// A site's own count of patients, where it is more than there are beds.
    fn overfull(&self, site: &Place, now: Timestamp) -> Option<(u32, u32)> {
        let capacity = self.region.totals(&site.id, now, &self.zone).capacity.known()?;
        let own = |r: &&SiteReport| r.place == site.id;
        let patients = self.region.reports.values().find(own)?.occupied.known()?;
        (patients > capacity).then_some((patients, capacity))
    }

    fn bed_defects(&self, place: &Place, now: Timestamp) -> Vec<(&'static str, String)> {
        let mut found = vec![];
        let state = self.region.state(place, now, bed::cutoff(now, &self.zone));
        if state == BedState::Unknown {
            let said = |code: &Option<String>| code.clone().unwrap_or_else(|| "niets".to_owned());
            let detail = format!(
                "status {}, operationalStatus {}",
                said(&place.status),
                said(&place.operational_status)
            );
            found.push(("unknown-status", detail));
        }
        let ward = self.region.above(&place.id, &PlaceKind::Department);
        let closed = ward.is_some_and(|w| matches!(w.status.as_deref(), Some("suspended" | "inactive")));
        if closed && state == BedState::Occupied {
            found.push(("occupied-in-closed-ward", "patiënt in een gesloten afdeling".to_owned()));
        }
        for label in &place.labels {
            if self.codes.element(label.kind, &label.element).is_none() {
                found.push(("unknown-element", format!("{}: {}", label.kind.code(), label.element)));
            }
        }
        for kind in LabelKind::MANDATORY {
            if !place.labels.iter().any(|l| l.kind == kind) {
                found.push(("missing-label", format!("geen {}", crate::view::kind_name(kind))));
            }
        }
        found
    }

    /// Writes the list as CSV into a folder; of one location or of all. Returns its path.
    ///
    /// # Errors
    /// When the cache cannot be read or the file cannot be written.
    pub fn export_defects(&self, location: Option<&str>, into: &Path) -> Result<PathBuf, AppError> {
        let storage = |e: &dyn std::fmt::Display| AppError::new(ErrorCode::Storage, e.to_string());
        std::fs::create_dir_all(into).map_err(|e| storage(&e))?;
        let day = self.now().to_zoned(self.zone.clone()).date();
        let path = into.join(format!("gegevenskwaliteit-{day}.csv"));
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .from_path(&path)
            .map_err(|e| storage(&e))?;
        writer
            .write_record(["sinds", "locatie", "waar", "soort", "toelichting"])
            .map_err(|e| storage(&e))?;
        let wanted = |d: &Defect| location.is_none_or(|l| d.location == l);
        for d in self.defects()?.into_iter().filter(wanted) {
            let row = [d.since.unwrap_or_default(), d.location, d.place, d.code, d.detail];
            writer.write_record(row).map_err(|e| storage(&e))?;
        }
        writer.flush().map_err(|e| storage(&e))?;
        Ok(path)
    }
}
