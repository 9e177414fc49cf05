//! After any edits, a server says what a fresh one says of the same texts.

use crate::mission::Mission;
use crate::storm;

fn storm(seed: u64) {
    let mission = Mission::new();
    let report = storm::run(mission.dir.path(), &|| mission.server(), seed, 300, 100);
    assert!(report.comparisons == 5 && report.requests > 50, "{report:?}");
}

#[test]
fn after_three_hundred_random_edits_counted_in_bytes_a_server_says_what_a_fresh_one_says() {
    storm(20_260_302);
}

#[test]
fn after_three_hundred_random_edits_counted_in_utf_16_a_server_says_what_a_fresh_one_says() {
    storm(20_260_301);
}
