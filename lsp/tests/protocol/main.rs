//! The server as a client meets it: a real process, real pipes. One module for each part of what it offers.
// What these tests build on may fail them like any assertion.
#![allow(clippy::unwrap_used)]

mod asking;
mod client;
mod editing;
mod faults;
mod general;
mod lenses;
mod mission;
mod navigation;
mod proofs;
mod random;
mod scenarios;
mod storm;
mod writing;
