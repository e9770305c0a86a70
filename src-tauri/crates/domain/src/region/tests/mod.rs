//! That what the region keeps is what a walk over all of it would find, whatever happens to it and in whichever order.

mod kept;
mod oracle;
mod steps;
