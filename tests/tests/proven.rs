//! What is proven about rules that are in use: the standard library, the exercise mission and the cases of expressiveness.

use mandate_prove::Prover;
use mandate_semantics::Host;
use mandate_tests::packages::library;
use std::path::Path;
use std::sync::Arc;

/// Packages beside the library whose rules were looked at one by one.
const IN_USE: [&str; 3] = ["tests/missions/exercise_heron", "tests/missions/mission_kestrel", "tests/expressiveness"];

/// Findings that are true and stay, each with the reason.
const REVIEWED: &[(&str, &str)] = &[
    (
        "tests/expressiveness W306: `one_theme_is_enough` adds nothing to `civilians_in_the_exercise`",
        "the old directive asks for one theme of two, and both editions of it are shown as they were written",
    ),
    (
        "stdlib/cpp N301: not decided within the budget: whether the duty can be done beside `not_kept_as_reparation`",
        "an object taken into custody, and one given back, keep both rules, as scenarios show",
    ),
];

/// Findings of a package on disk, ready to be read.
fn findings(directory: &str) -> Vec<String> {
    let loaded = mandate_project::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(directory));
    let mut host = Host::new();
    host.set_project(loaded.input);
    let snapshot = host.snapshot();
    let Ok(pack) = snapshot.pack(&loaded.main) else { panic!("{directory} does not compile") };
    let pack = Arc::new(pack);
    let own = format!("{}.", loaded.main);
    let found = Prover::new().check(&pack, &|name| name.starts_with(&own), &|| false).expect("nothing stops it");
    let proven = mandate_ide::proven(&found, &pack, &snapshot.atlas(&loaded.main));
    assert_eq!(proven.len(), found.len(), "{directory}: a finding without a place");
    let line = |one: &mandate_ide::Proven| {
        let diagnostic = &one.diagnostic;
        format!("{directory} {}: {}\n{}", diagnostic.code.id, diagnostic.message, diagnostic.notes.join("\n"))
    };
    proven.iter().map(line).collect()
}

#[test]
fn rules_in_use_neither_contradict_each_other_nor_say_nothing() {
    let mut found: Vec<String> =
        library().into_iter().chain(IN_USE.map(str::to_owned)).flat_map(|directory| findings(&directory)).collect();
    found.retain(|finding| !REVIEWED.iter().any(|(known, _)| finding.starts_with(known)));
    assert!(found.is_empty(), "\n{}", found.join("\n\n"));
}
