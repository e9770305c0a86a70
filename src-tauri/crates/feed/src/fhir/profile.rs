//! The wire profile: every canonical address as data, since no published LPZ profile exists (wire-format.md).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Addresses of extensions and code systems by our own short names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub name: String,
    pub version: String,
    extensions: BTreeMap<String, String>,
    systems: BTreeMap<String, String>,
}

impl Profile {
    /// The profile shipped with the application.
    ///
    /// # Errors
    /// When the shipped file is broken, which a test rules out.
    pub fn shipped() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../../../../assets/wire-profile.json"))
    }

    /// Address of an extension; an unknown name has none, and then nothing matches it.
    pub fn extension(&self, name: &str) -> &str {
        self.extensions.get(name).map_or("", String::as_str)
    }

    /// Address of a code system or naming system.
    pub fn system(&self, name: &str) -> &str {
        self.systems.get(name).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_profile_names_every_address_that_the_code_asks_for() {
        let profile = Profile::shipped().unwrap();
        for name in [
            "bed-label",
            "bed-blokkade",
            "bed-reservering",
            "geldig-tot",
            "verwacht-einde",
            "stop-reden",
            "drempelwaarde",
            "stop-bevestiging",
            "getal-bevestiging",
        ] {
            assert!(!profile.extension(name).is_empty(), "{name}");
        }
        for name in [
            "capaciteitsstop",
            "stop-dienst",
            "stop-reden",
            "seh-maat",
            "basic-soort",
            "contactrol",
            "zichtbaarheid",
            "label-override",
            "stop-topic",
            "stop",
        ] {
            assert!(!profile.system(name).is_empty(), "{name}");
        }
    }
}
