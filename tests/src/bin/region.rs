//! A simulated region in a process of its own, so that what following it costs can be told apart from what it costs.
//! Usage: region LOCATIONS BEDS SPEED [tells] [quiet]; 0 locations is the Zwolle region; `tells` has it tell of stops over
//! a websocket, `quiet` is a region without stops of its own for its first minute. Prints its address.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench may stop at the first surprise"
)]

use beddenwacht_tests::now;
use sim::{Practice, Scenario, Setup, SubscriptionSupport, layout};

#[tokio::main]
async fn main() {
    let arguments: Vec<f64> = std::env::args().skip(1).take(3).map(|a| a.parse().unwrap()).collect();
    let says = |word: &str| std::env::args().skip(4).any(|a| a == word);
    let layout = match arguments[0] as u32 {
        0 => layout::zwolle().unwrap(),
        locations => layout::national(locations, arguments[1] as u32).unwrap(),
    };
    let setup = Setup {
        speed: arguments[2],
        scenario: if says("quiet") { Scenario::Tour } else { Scenario::Calm },
        subscriptions: if says("tells") {
            SubscriptionSupport::Classic
        } else {
            SubscriptionSupport::Nothing
        },
        ..Setup::default()
    };
    let region = Practice::start_with(&layout, setup, now).await.unwrap();
    println!("{}", region.url());
    std::future::pending::<()>().await;
}
