//! FHIR resource types and the kinds of record that they carry, in one place for reading and writing.

use domain::region::RecordKind;

/// The resource type that carries a kind, where it is one that we read.
fn read(kind: &RecordKind) -> Option<&'static str> {
    match kind {
        RecordKind::Organization => Some("Organization"),
        RecordKind::Place => Some("Location"),
        RecordKind::Service => Some("HealthcareService"),
        RecordKind::Stop => Some("Flag"),
        RecordKind::Observation => Some("Observation"),
        RecordKind::Report => Some("MeasureReport"),
        RecordKind::Contact => Some("PractitionerRole"),
        RecordKind::Note => Some("Basic"),
        RecordKind::Calendar => Some("Schedule"),
        RecordKind::Slot => Some("Slot"),
        RecordKind::Other(_) => None,
    }
}

/// The kind of record that a resource type carries.
pub fn kind_of(resource_type: &str) -> RecordKind {
    match resource_type {
        "Organization" => RecordKind::Organization,
        "Location" => RecordKind::Place,
        "HealthcareService" => RecordKind::Service,
        "Flag" => RecordKind::Stop,
        "Observation" => RecordKind::Observation,
        "MeasureReport" => RecordKind::Report,
        "PractitionerRole" => RecordKind::Contact,
        "Basic" => RecordKind::Note,
        "Schedule" => RecordKind::Calendar,
        "Slot" => RecordKind::Slot,
        other => match RecordKind::from_code(other) {
            kind @ RecordKind::Other(_) => kind,
            // Not a FHIR type, but spelled as one of our own codes: it must not lie on that kind's records.
            _ => RecordKind::Other(format!("?{other}")),
        },
    }
}

/// The resource type of a kind, for addresses and requests.
pub fn resource_type(kind: &RecordKind) -> &str {
    read(kind).unwrap_or_else(|| kind.code().trim_start_matches('?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_type_that_is_read_goes_to_its_kind_and_back() {
        let mut kinds = std::collections::BTreeSet::new();
        for word in crate::fhir::reader::READ.into_iter().chain(["Provenance"]) {
            let kind = kind_of(word);
            assert_eq!(resource_type(&kind), word);
            assert_eq!(
                matches!(kind, RecordKind::Other(_)),
                word == "Provenance",
                "{word}: what is read has a kind of its own"
            );
            kinds.insert(kind);
        }
        assert_eq!(
            kinds.len(),
            crate::fhir::reader::READ.len() + 1,
            "no two types share a kind"
        );
    }

    #[test]
    fn a_type_spelled_as_one_of_our_codes_does_not_lie_on_the_records_of_that_kind() {
        let odd = kind_of("place");
        assert_ne!(RecordKind::from_code(odd.code()), RecordKind::Place);
        assert_eq!(resource_type(&odd), "place");
    }
}
