//! What we write, we read back; and what others would write validates the same way.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use beddenwacht_tests::now;
use domain::region::Fact;
use feed::{Change, Profile, fhir::bundle::reader};
use sim::{Scenario, World, layout};

#[test]
fn every_fact_of_the_practice_region_survives_the_way_over_the_wire() {
    let profile = Profile::shipped().unwrap();
    let mut world = World::new(&layout::zwolle().unwrap(), 5, now(), 1.0, Scenario::IsalaPowerCut);
    let mut news = world.snapshot();
    for _ in 0..30 {
        news.extend(world.step());
    }
    assert!(
        news.iter().any(|(_, _, f)| matches!(f, Fact::Stop(_))),
        "the power cut brings stops"
    );
    // The simulated half hour lies in the future by our clock.
    let read = reader(&profile, now() + jiff::SignedDuration::from_hours(1));
    for (kind, id, fact) in news {
        let text = feed::fhir::encode::fact(&id, &fact, &profile).unwrap().to_string();
        let mut reading = feed::Reading::default();
        read.resource(&text, "resource", &mut reading);
        let Some(Change::Put {
            head, fact: mut found, ..
        }) = reading.changes.pop()
        else {
            unreachable!("{kind}/{id} was refused: {:?}", reading.refused)
        };
        assert_eq!(
            (&head.key.kind, head.key.id.as_str()),
            (&feed::fhir::kinds::kind_of(kind), id.as_str())
        );
        // A contact's display is optional on the wire, everything else must come back to the letter.
        if let (Fact::Stop(a), Fact::Stop(b)) = (&mut found, &fact) {
            a.version.clone_from(&b.version);
        }
        assert_eq!(found, fact, "{text}");
    }
}
