//! Identifiers as types, so that a bed's id can never be passed where a site's is meant.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as text, as the server spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A FHIR `Location`: a site, ward, room or bed; the server's logical id without `Location/`.
    PlaceId
);
id!(
    /// A hospital organisation or a ROAZ region; the server's logical id without `Organization/`.
    OrganizationId
);
id!(
    /// One announced stop; stable from announcement to lifting, and the notification's key against doubles.
    StopId
);
id!(
    /// What can be stopped: `seh`, `ehh`, `ccu`, `ct-trombolyse`, `shockroom`, `verloskamers`, …
    ServiceCode
);
id!(
    /// An element of a classification, lower case with hyphens: `ic-beademd`, `kliniek-covid`.
    ElementCode
);
id!(
    /// One alarm: its kind and what it is about, so that the same condition is always the same alarm.
    AlarmId
);

impl ServiceCode {
    /// The code of the emergency department itself.
    pub const SEH: &'static str = "seh";

    /// Whether this is the emergency department itself, rather than a service beside it.
    pub fn is_seh(&self) -> bool {
        self.0 == Self::SEH
    }
}
