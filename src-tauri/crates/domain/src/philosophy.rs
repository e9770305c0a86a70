//! The alarm philosophy: one table of every type of alarm, shown to the person on watch and used by the rules (AH-16).

use crate::alarm::{AlarmKind, Priority};

/// One type of alarm: what it means and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlarmType {
    pub kind: AlarmKind,
    pub name: &'static str,
    pub cause: &'static str,
    /// What happens when nobody does anything.
    pub consequence: &'static str,
    pub response: &'static str,
    pub priority: Priority,
    /// The condition must hold this long before it is an alarm.
    pub on_delay_s: i64,
    /// It must be gone this long before the alarm returns.
    pub off_delay_s: i64,
    /// How far a value must fall back below its limit before the condition is gone, in its own unit.
    pub deadband: f64,
}

/// Every type. A stop has no delays: its beginning is what this desk is for, and its end is never in doubt.
pub const TABLE: [AlarmType; 9] = [
    AlarmType {
        kind: AlarmKind::SehStop,
        name: "SEH-stop",
        cause: "Een bewaakte SEH kondigt een stop af",
        consequence: "Ambulances rijden naar een SEH die niet kan ontvangen",
        response: "Bel de regiehouder; wijs de dichtstbijzijnde open SEH; levensbedreigend blijft welkom",
        priority: Priority::High,
        on_delay_s: 0,
        off_delay_s: 0,
        deadband: 0.0,
    },
    AlarmType {
        kind: AlarmKind::ServiceStop,
        name: "Stop van een voorziening",
        cause: "CT, CCU, EHH of shockroom van een bewaakte locatie in stop",
        consequence: "Een patiënt komt waar de behandeling niet kan",
        response: "Stem met de meldkamer af waar deze patiënten heen gaan",
        priority: Priority::Medium,
        on_delay_s: 0,
        off_delay_s: 0,
        deadband: 0.0,
    },
    AlarmType {
        kind: AlarmKind::ThreatenedStop,
        name: "Dreigende stop",
        cause: "Een bewaakte locatie verwacht een stop",
        consequence: "De stop komt onverwacht",
        response: "Bel de regiehouder vóór insturen",
        priority: Priority::Medium,
        on_delay_s: 0,
        off_delay_s: 0,
        deadband: 0.0,
    },
    AlarmType {
        kind: AlarmKind::FeedSilent,
        name: "Levering stil",
        cause: "Een locatie levert langer dan twee rondes niets",
        consequence: "Getallen verouderen zonder dat iemand het merkt",
        response: "Bel voor de actuele stand; meld het bij ICT van het ziekenhuis",
        priority: Priority::Medium,
        on_delay_s: 0,
        off_delay_s: 60,
        deadband: 0.0,
    },
    AlarmType {
        kind: AlarmKind::FeedLost,
        name: "Geen verbinding",
        cause: "De regionale server antwoordt langer dan een ronde niet",
        consequence: "Geen zicht op stops en bedden",
        response: "Werk met de laatst bekende stand en de telefoon; meld het bij ICT",
        priority: Priority::High,
        on_delay_s: 0,
        off_delay_s: 30,
        deadband: 0.0,
    },
    AlarmType {
        kind: AlarmKind::Storage,
        name: "Opslag",
        cause: "Een gegevensbestand is beschadigd of neemt niets aan",
        consequence: "Wat hier gebeurt wordt niet bewaard",
        response: "Meld het bij ICT; noteer labels en stops op papier",
        priority: Priority::High,
        on_delay_s: 0,
        off_delay_s: 0,
        deadband: 0.0,
    },
    AlarmType {
        kind: AlarmKind::Clock,
        name: "Klok",
        cause: "De klok van deze werkplek versprong of wijkt af van de server",
        consequence: "Leeftijden en eindtijden kloppen niet",
        response: "Laat ICT de tijd van deze werkplek gelijkzetten",
        priority: Priority::High,
        on_delay_s: 30,
        off_delay_s: 60,
        deadband: 30.0,
    },
    AlarmType {
        kind: AlarmKind::Busyness,
        name: "Drukte",
        cause: "Een SEH waarvoor dat gevraagd is, is zeer druk volgens haar eigen half jaar",
        consequence: "Een stop dreigt zonder aankondiging",
        response: "Bel de regiehouder en vraag wat er komt",
        priority: Priority::Low,
        on_delay_s: 600,
        off_delay_s: 600,
        deadband: 5.0,
    },
    AlarmType {
        kind: AlarmKind::Chattering,
        name: "Wisselt",
        cause: "Een bron wisselt drie keer of vaker in een minuut",
        consequence: "Iemand raakt eraan gewend en hoort de echte stop niet",
        response: "Bel de locatie en vraag wat er nu geldt",
        priority: Priority::Medium,
        on_delay_s: 0,
        off_delay_s: 300,
        deadband: 0.0,
    },
];

/// The type of a kind of alarm.
pub fn of(kind: AlarmKind) -> &'static AlarmType {
    let [first, ..] = &TABLE;
    TABLE.iter().find(|t| t.kind == kind).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ah_16_every_kind_of_alarm_stands_once_in_the_table_with_what_to_do_about_it() {
        use AlarmKind::*;
        for kind in [
            SehStop,
            ServiceStop,
            ThreatenedStop,
            FeedSilent,
            FeedLost,
            Storage,
            Clock,
            Busyness,
            Chattering,
        ] {
            assert_eq!(TABLE.iter().filter(|t| t.kind == kind).count(), 1, "{kind:?}");
            let row = of(kind);
            assert_eq!(row.kind, kind);
            for text in [row.name, row.cause, row.consequence, row.response] {
                assert!(!text.is_empty(), "{kind:?}");
            }
        }
    }
}
