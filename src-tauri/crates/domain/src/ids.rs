//! Identifiers as types, so that a bed's id can never be passed where a site's is meant. In front of those of a source
//! stands its key (decision 0007).

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
    /// A site, ward, room or bed, by the source's own id.
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
    /// A source that a desk follows; empty for the desk's first, and for the desk itself.
    SourceKey
);

impl ServiceCode {
    /// The code of the emergency department itself.
    pub const SEH: &'static str = "seh";

    /// Whether this is the emergency department itself, rather than a service beside it.
    pub fn is_seh(&self) -> bool {
        self.0 == Self::SEH
    }
}

/// Ids of one server mean nothing to another. Those of every source but the desk's first carry the source's key in
/// front, so that two servers' place 1 stay two; `~` cannot occur in an id on the wire.
const KEY_END: char = '~';

/// The key of the source that an id comes from; empty for the desk's first.
pub fn source_of(id: &str) -> &str {
    id.split_once(KEY_END).map_or("", |(key, _)| key)
}

/// A source's id as this desk knows it.
pub fn within(key: &str, id: &str) -> String {
    if key.is_empty() {
        id.to_owned()
    } else {
        format!("{key}{KEY_END}{id}")
    }
}

/// A text with this desk's ids as the source itself spells them.
pub fn as_the_source_says(key: &str, text: &str) -> String {
    if key.is_empty() {
        text.to_owned()
    } else {
        text.replace(&format!("{key}{KEY_END}"), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_of_two_sources_stays_two_and_goes_back_as_each_spelled_it() {
        let here = within("bron2", "1");
        assert_ne!(here, within("", "1"));
        assert_eq!((source_of(&here), source_of("1")), ("bron2", ""));
        assert_eq!(as_the_source_says("bron2", "bed bron2~1"), "bed 1");
    }
}
