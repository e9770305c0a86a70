//! A simulated region in a process of its own, so that what following it costs can be told apart from what it costs.
//! Usage: region LOCATIONS BEDS SPEED; 0 locations is the Zwolle region. Prints its address.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench may stop at the first surprise"
)]

use beddenwacht_tests::now;
use sim::{Practice, Setup, Telling, layout};

#[tokio::main]
async fn main() {
    let arguments: Vec<f64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let layout = match arguments[0] as u32 {
        0 => layout::zwolle().unwrap(),
        locations => layout::national(locations, arguments[1] as u32).unwrap(),
    };
    let setup = Setup {
        speed: arguments[2],
        // What is measured is asking.
        telling: Telling::Nothing,
        ..Setup::default()
    };
    let region = Practice::start_with(&layout, setup, now).await.unwrap();
    println!("{}", region.url());
    std::future::pending::<()>().await;
}
