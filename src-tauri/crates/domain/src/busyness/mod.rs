//! The busyness meter (druktemeter): NEDOCS and mNEDOCS with each term's share (domain.md 3.6).

use crate::ids::PlaceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which formula a score follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// Weiss 2004.
    Nedocs,
    /// Same coefficients; ventilated patients replaced by those of the highest urgency.
    Mnedocs,
}

/// Inputs of the formula; each may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// P_ed: all patients in the SEH, waiting room and corridor included.
    pub patients: Option<f64>,
    /// B_ed: staffed treatment places, > 0.
    pub places: Option<f64>,
    /// A_ed: admitted patients still waiting in the SEH.
    pub boarders: Option<f64>,
    /// B_h: staffed hospital beds, > 0.
    pub hospital_beds: Option<f64>,
    /// V: ventilated patients in the SEH.
    pub ventilated: Option<f64>,
    /// Patients of the highest urgency (triage red, shock room), for mNEDOCS.
    pub highest_urgency: Option<f64>,
    /// T_adm: longest boarding time, hours.
    pub longest_boarding_h: Option<f64>,
    /// T_bed: arrival to bed of the last patient put in a bed, hours.
    pub last_door_to_bed_h: Option<f64>,
}

/// The terms of a score; their sum is the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// 85.8 · P_ed / B_ed
    pub crowding: f64,
    /// 600 · A_ed / B_h
    pub boarding: f64,
    /// 13.4 · V
    pub acuity: f64,
    /// 0.93 · T_adm
    pub longest_boarding: f64,
    /// 5.64 · T_bed
    pub door_to_bed: f64,
    /// −20
    pub constant: f64,
}

impl Terms {
    /// The raw score; may be below 0 or above 200.
    pub fn score(&self) -> f64 {
        self.crowding + self.boarding + self.acuity + self.longest_boarding + self.door_to_bed + self.constant
    }
}

/// Computes the terms, or nothing when an input is missing or a divisor is not positive: a guess is worse than `?`.
pub fn terms(inputs: &Inputs, variant: Variant) -> Option<Terms> {
    let positive = |x: Option<f64>| x.filter(|v| v.is_finite() && *v > 0.0);
    let count = |x: Option<f64>| x.filter(|v| v.is_finite() && *v >= 0.0);
    let acute = match variant {
        Variant::Nedocs => inputs.ventilated,
        Variant::Mnedocs => inputs.highest_urgency,
    };
    Some(Terms {
        crowding: 85.8 * count(inputs.patients)? / positive(inputs.places)?,
        boarding: 600.0 * count(inputs.boarders)? / positive(inputs.hospital_beds)?,
        acuity: 13.4 * count(acute)?,
        longest_boarding: 0.93 * count(inputs.longest_boarding_h)?,
        door_to_bed: 5.64 * count(inputs.last_door_to_bed_h)?,
        constant: -20.0,
    })
}

/// The fixed NEDOCS bands; the fallback as long as an SEH has no four weeks of history of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    Rustig,
    Normaal,
    Druk,
    ZeerDruk,
    Overvol,
    Ontwricht,
}

impl Band {
    /// 0–20, 21–60, 61–100, 101–140, 141–180, above; fractions belong to the band they round into.
    pub fn of(score: f64) -> Self {
        match score.round() {
            s if s <= 20.0 => Band::Rustig,
            s if s <= 60.0 => Band::Normaal,
            s if s <= 100.0 => Band::Druk,
            s if s <= 140.0 => Band::ZeerDruk,
            s if s <= 180.0 => Band::Overvol,
            _ => Band::Ontwricht,
        }
    }
}

/// One measurement of an emergency department, as delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    pub place: PlaceId,
    pub variant: Variant,
    /// The server's own score; shown as the server's, never mixed with ours.
    pub score: Option<f64>,
    pub inputs: Inputs,
    pub at: Option<Timestamp>,
}

/// Who computed a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScoreSource {
    Server,
    Computed,
}

impl Measurement {
    /// The server's score, else ours where the inputs allow it.
    pub fn shown(&self) -> Option<(f64, ScoreSource)> {
        match self.score.filter(|s| s.is_finite()) {
            Some(score) => Some((score, ScoreSource::Server)),
            None => terms(&self.inputs, self.variant).map(|t| (t.score(), ScoreSource::Computed)),
        }
    }
}

/// Process information of an emergency department: steps with their number or time, missing ones kept as missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Process {
    pub place: PlaceId,
    pub at: Option<Timestamp>,
    pub steps: Vec<ProcessStep>,
}

/// One step; `value` is missing where the hospital does not deliver it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProcessStep {
    pub code: String,
    pub display: String,
    pub value: Option<f64>,
    pub unit: String,
}

/// The part of an SEH's own history that was calmer than `score`, in percent; samples are (score, seconds it stood).
/// Nothing with less than four weeks of history (domain.md 3.6): a percentile of one night means nothing.
pub fn busier_than_percent(score: f64, history: &[(f64, i64)]) -> Option<u32> {
    const FOUR_WEEKS_S: i64 = 28 * 24 * 3600;
    let total: i64 = history.iter().map(|(_, s)| s).sum();
    if total < FOUR_WEEKS_S {
        return None;
    }
    let calmer: i64 = history.iter().filter(|(other, _)| *other < score).map(|(_, s)| s).sum();
    Some((100.0 * calmer as f64 / total as f64).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nedocs_agrees_with_the_six_test_vectors_of_domain_3_6() {
        for (p, b, a, h, v, adm, bed, want) in [
            (0.0, 20.0, 0.0, 300.0, 0.0, 0.0, 0.0, -20.000),
            (10.0, 20.0, 1.0, 350.0, 0.0, 1.0, 0.25, 26.954),
            (18.0, 20.0, 3.0, 350.0, 0.0, 2.5, 0.75, 68.918),
            (25.0, 20.0, 5.0, 350.0, 1.0, 4.0, 1.5, 121.401),
            (34.0, 20.0, 9.0, 350.0, 2.0, 7.0, 3.0, 191.519),
            (45.0, 20.0, 14.0, 350.0, 3.0, 11.0, 5.0, 275.680),
        ] {
            let inputs = Inputs {
                patients: Some(p),
                places: Some(b),
                boarders: Some(a),
                hospital_beds: Some(h),
                ventilated: Some(v),
                highest_urgency: Some(v),
                longest_boarding_h: Some(adm),
                last_door_to_bed_h: Some(bed),
            };
            for variant in [Variant::Nedocs, Variant::Mnedocs] {
                let score = terms(&inputs, variant).unwrap().score();
                assert!(
                    (score - want).abs() < 0.001,
                    "{variant:?} {p} patients: {score} instead of {want}"
                );
            }
        }
    }

    #[test]
    fn a_missing_input_or_no_treatment_places_gives_no_score_rather_than_a_wrong_one() {
        let whole = Inputs {
            patients: Some(10.0),
            places: Some(20.0),
            boarders: Some(1.0),
            hospital_beds: Some(350.0),
            ventilated: Some(0.0),
            highest_urgency: None,
            longest_boarding_h: Some(1.0),
            last_door_to_bed_h: Some(0.25),
        };
        assert!(terms(&whole, Variant::Nedocs).is_some());
        assert!(
            terms(&whole, Variant::Mnedocs).is_none(),
            "nobody delivered the highest urgency"
        );
        assert!(
            terms(
                &Inputs {
                    places: Some(0.0),
                    ..whole
                },
                Variant::Nedocs
            )
            .is_none()
        );
        assert!(
            terms(
                &Inputs {
                    patients: Some(f64::NAN),
                    ..whole
                },
                Variant::Nedocs
            )
            .is_none()
        );
    }

    #[test]
    fn the_meter_speaks_of_the_half_year_only_after_four_weeks_of_it() {
        let week = 7 * 24 * 3600;
        assert_eq!(busier_than_percent(50.0, &[(10.0, week), (60.0, week)]), None);
        assert_eq!(busier_than_percent(50.0, &[(10.0, 3 * week), (60.0, week)]), Some(75));
    }

    #[test]
    fn the_bands_are_those_of_the_literature() {
        for (score, band) in [
            (-20.0, Band::Rustig),
            (20.0, Band::Rustig),
            (21.0, Band::Normaal),
            (100.0, Band::Druk),
            (140.4, Band::ZeerDruk),
            (181.0, Band::Ontwricht),
        ] {
            assert_eq!(Band::of(score), band, "{score}");
        }
    }
}
