//! What happens to the region, by name.

use serde::{Deserialize, Serialize};

/// A named course of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// An ordinary day.
    #[default]
    Calm,
    /// An ordinary day, with a stop in the first quarter of a minute: for who sees the desk for the first time.
    Tour,
    /// Half as many arrivals again, longer stays.
    FluWave,
    /// Stops everywhere, one after the other.
    StopStorm,
    /// Isala Zwolle loses power: every point in stop, deliveries silent, Meppel takes over.
    IsalaPowerCut,
    /// One location falls silent for good, the server fails two minutes in ten.
    FeedLoss,
    /// Two wards of Isala change between COVID and not, daily.
    Harmonica,
}

impl Scenario {
    pub const ALL: [(&'static str, Scenario); 7] = [
        ("calm", Scenario::Calm),
        ("tour", Scenario::Tour),
        ("flu-wave", Scenario::FluWave),
        ("stop-storm", Scenario::StopStorm),
        ("isala-power-cut", Scenario::IsalaPowerCut),
        ("feed-loss", Scenario::FeedLoss),
        ("harmonica", Scenario::Harmonica),
    ];

    /// The scenario of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(n, _)| *n == name).map(|(_, s)| s)
    }

    pub(crate) fn arrivals(self, site: &str) -> f64 {
        match self {
            Scenario::FluWave => 1.45,
            Scenario::IsalaPowerCut if site == "isala-meppel" => 1.8,
            _ => 1.0,
        }
    }

    pub(crate) fn stay(self) -> f64 {
        if self == Scenario::FluWave { 1.2 } else { 1.0 }
    }
}
