//! No patient data, by design (S-11): what refers to a person is taken out before anything else sees it.

use aho_corasick::{AhoCorasick, packed};
use serde_json::Value;
use std::sync::LazyLock;

/// Resource types that are about a person, or hang from one: the Patient compartment of FHIR R4 but for what we read
/// ourselves. Refused whole, and not even kept as "not understood".
const PERSONAL: [&str; 62] = [
    "Account",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "BodyStructure",
    "CarePlan",
    "CareTeam",
    "ChargeItem",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "Communication",
    "CommunicationRequest",
    "Composition",
    "Condition",
    "Consent",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "Encounter",
    "EnrollmentRequest",
    "EpisodeOfCare",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Goal",
    "Group",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "Invoice",
    "List",
    "Media",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "MolecularSequence",
    "NutritionOrder",
    "Patient",
    "Person",
    "Practitioner",
    "Procedure",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchSubject",
    "RiskAssessment",
    "ServiceRequest",
    "Specimen",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "VisionPrescription",
];

/// Free text in which a name may stand; the few texts we need have places of their own.
const FREE_TEXT: [&str; 9] = [
    "text",
    "note",
    "comment",
    "contained",
    "patientInstruction",
    "description",
    "extraDetails",
    "availabilityExceptions",
    "valueString",
];

/// Whether a whole resource type is about a person.
pub fn is_personal(resource_type: &str) -> bool {
    PERSONAL.contains(&resource_type)
}

/// Takes references to persons and free text out of a resource. Returns the cleaned text and the paths of removed
/// references to persons, or `None` when there was nothing to clean, which a look at the bytes usually tells.
pub fn scrub(raw: &str) -> Option<(String, Vec<String>)> {
    if !is_suspicious(raw) {
        return None;
    }
    let mut value: Value = serde_json::from_str(raw).ok()?;
    let mut changed = false;
    if let Value::Object(top) = &mut value {
        for key in FREE_TEXT {
            changed |= top.remove(key).is_some();
        }
    }
    let mut removed = vec![];
    walk(&mut value, "", &mut removed);
    (changed || !removed.is_empty()).then(|| (value.to_string(), removed))
}

/// Whether something of the kind may be in it: one pass over the bytes, since nearly every resource has nothing.
fn is_suspicious(raw: &str) -> bool {
    type Scan = Box<dyn Fn(&str) -> bool + Send + Sync>;
    static SCAN: LazyLock<Scan> = LazyLock::new(|| {
        let keys = FREE_TEXT.iter().map(|key| format!("\"{key}\""));
        let kinds = PERSONAL.iter().map(|&kind| kind.to_owned());
        // A letter may be written as its number.
        let all: Vec<String> = keys.chain(kinds).chain(["\\u".to_owned()]).collect();
        // Where a longer word stands, the shorter one in it is found.
        let is_shortest = |word: &&String| !all.iter().any(|other| other != *word && word.contains(other.as_str()));
        let words: Vec<&String> = all.iter().filter(is_shortest).collect();
        // Several bytes at a time, where the processor can, takes half the time of one after the other.
        match (packed::Searcher::new(&words), AhoCorasick::new(&words)) {
            (Some(words), _) => Box::new(move |raw| words.find(raw).is_some()),
            (None, Ok(words)) => Box::new(move |raw| words.is_match(raw)),
            (None, Err(_)) => Box::new(|_| true),
        }
    });
    SCAN(raw)
}

fn walk(value: &mut Value, path: &str, removed: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let personal: Vec<String> = map
                .iter()
                .filter(|(_, v)| refers_to_person(v))
                .map(|(k, _)| k.clone())
                .collect();
            for key in personal {
                map.remove(&key);
                removed.push(format!("{path}.{key}"));
            }
            for (key, inner) in map.iter_mut() {
                walk(inner, &format!("{path}.{key}"), removed);
            }
        }
        Value::Array(items) => {
            let before = items.len();
            items.retain(|v| !refers_to_person(v));
            if items.len() < before {
                removed.push(path.to_owned());
            }
            for (i, inner) in items.iter_mut().enumerate() {
                walk(inner, &format!("{path}[{i}]"), removed);
            }
        }
        _ => {}
    }
}

fn refers_to_person(value: &Value) -> bool {
    if let Value::String(text) = value {
        // Under whatever name it stands.
        return text.split_once('/').is_some_and(|(kind, _)| is_personal(kind));
    }
    let Some(map) = value.as_object() else { return false };
    let names = |text: &str| text.split(['/', '|', '?']).any(is_personal);
    map.get("reference").and_then(Value::as_str).is_some_and(names)
        || (map.contains_key("identifier") || map.contains_key("display"))
            && map.get("type").and_then(Value::as_str).is_some_and(is_personal)
}

/// Makes text from a feed safe to show: control and direction characters visible, length bounded (S-05), and numbers
/// that look like a citizen service number or a date of birth taken out (S-11).
pub fn clean_text(text: &str) -> String {
    const LONGEST: usize = 300;
    // Nearly every text is a short code or name in which nothing of the kind can stand.
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.len() <= LONGEST && digits < FEWEST_DIGITS && text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.trim().to_owned();
    }
    let visible: String = text
        .chars()
        .take(LONGEST)
        .map(|c| match c {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let words: Vec<String> = visible
        .split(' ')
        .map(|word| {
            if looks_personal(word) {
                "[verwijderd]".to_owned()
            } else {
                word.to_owned()
            }
        })
        .collect();
    words.join(" ").trim().to_owned()
}

/// Of a date of birth; a citizen service number has more.
const FEWEST_DIGITS: usize = 6;

fn looks_personal(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_digit());
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let separators = word.chars().filter(|c| matches!(c, '-' | '/' | '.')).count();
    let only = digits + separators == word.chars().count();
    only && ((separators == 0 && (8..=9).contains(&digits))
        || (separators == 2 && (FEWEST_DIGITS..=8).contains(&digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_11_a_person_under_another_name_or_in_numbers_for_letters_is_taken_out_all_the_same() {
        for raw in [
            r#"{"resourceType":"Location","id":"b","odd":"Patient/1"}"#,
            r#"{"resourceType":"Location","id":"b","odd":["Encounter/1"]}"#,
            r#"{"resourceType":"Location","id":"b","subject":{"reference":"\u0050atient/1"}}"#,
        ] {
            let (clean, removed) = scrub(raw).unwrap();
            assert!(!clean.contains("atient/1") && !clean.contains("Encounter"), "{clean}");
            assert_eq!(removed.len(), 1, "{removed:?}");
        }
    }

    #[test]
    fn s_11_a_reference_to_a_patient_is_taken_out_and_the_rest_of_the_bed_stays() {
        let raw = r#"{"resourceType":"Location","id":"b","text":{"div":"Jan Jansen"},"extension":[{"url":"u","valueReference":{"reference":"https://x/fhir/Patient/123","display":"Jan Jansen"}}],"name":"A1"}"#;
        let (clean, removed) = scrub(raw).unwrap();
        assert!(!clean.contains("Jansen") && !clean.contains("Patient"), "{clean}");
        assert!(clean.contains("\"name\":\"A1\""));
        assert_eq!(removed, [".extension[0].valueReference"]);
    }

    #[test]
    fn s_11_a_number_that_looks_like_a_bsn_or_a_birthday_does_not_stay_in_a_reason() {
        assert_eq!(
            clean_text("vol, zie 123456782 (12-03-1950)"),
            "vol, zie [verwijderd] [verwijderd]"
        );
        assert_eq!(clean_text("CT 2 stuk tot 04:00"), "CT 2 stuk tot 04:00");
    }

    #[test]
    fn s_05_text_that_turns_the_reading_direction_is_made_visible() {
        assert_eq!(clean_text("a\u{202e}b\nc"), "a\u{fffd}b c");
    }
}
