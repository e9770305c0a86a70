//! Stops of emergency departments and other services, and the hours in which a service is open at all.

pub mod service_day;
pub mod stop;
