//! Writes the facts of the exercise mission HERON and the findings that tests expect of them.
//!
//! ```text
//! cargo run -p mandate-missions -- tests/missions/exercise_heron
//! ```
//!
//! Everything comes from one seed, so the files are the same bytes every time. What is planted is written down where it is
//! planted: each breach next to the record that commits it. The rest of the data keeps every rule.

mod calendar;
mod command;
mod heritage;
mod incidents;
mod layers;
mod mission;
mod planning;
mod random;
mod strikes;
mod training;
mod value;

use mission::Mission;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Say where: `cargo run -p mandate-missions -- tests/missions/exercise_heron`.");
        return ExitCode::from(2);
    };
    match heron().write(&directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("The mission cannot be written to {}: {fault}", directory.display());
            ExitCode::from(2)
        }
    }
}

/// The whole exercise.
fn heron() -> Mission {
    let mut mission = Mission::new(26);
    command::write(&mut mission);
    planning::write(&mut mission);
    training::write(&mut mission);
    heritage::write(&mut mission);
    strikes::write(&mut mission);
    incidents::write(&mut mission);
    layers::write(&mut mission);
    mission
}

#[cfg(test)]
mod tests {
    use super::heron;

    #[test]
    fn the_same_seed_writes_the_same_files() {
        assert_eq!(heron().files(), heron().files());
    }

    #[test]
    fn the_files_in_the_tree_are_the_ones_that_are_written() {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercise_heron");
        for (name, text) in heron().files() {
            let found = std::fs::read_to_string(directory.join(&name)).unwrap_or_default();
            assert!(found == text, "{name} differs from what the generator writes: run it again");
        }
    }
}
