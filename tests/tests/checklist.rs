//! The account of the standard library: which statements of its checklist its packages carry. `UPDATE=1` writes `stdlib/CHECKLIST.md`.

use mandate_pack::Pack;
use mandate_semantics::Host;
use mandate_tests::packages::place;
use mandate_trace::Format;
use mandate_trace::checklist::{Checklist, Coverage, Problem, ProblemKind, cover, write_coverage};
use std::collections::BTreeSet;
use std::fs;

/// Statements that no package carries yet. Every other one must be carried.
#[rustfmt::skip]
const NOT_YET: &[&str] = &[
    "CAAC-01", "CAAC-02", "CAAC-09", "CAAC-10", "CAAC-11", "CAAC-12", "CAAC-14", "CAAC-15", "CAAC-16", "CAAC-17",
    "CAAC-19", "CAAC-20", "CAAC-21", "CAAC-22", "CAAC-26", "CAAC-28", "CAAC-29", "CAAC-30", "CAAC-36", "CAAC-43",
    "POC-01", "POC-02", "POC-03", "POC-04", "POC-05", "POC-06", "POC-07", "POC-08", "POC-09", "POC-10", "POC-11",
    "POC-12", "POC-13", "POC-14", "POC-15", "POC-16", "POC-17", "POC-18", "POC-19", "POC-20", "AP1-48", "AP1-50",
    "AP1-51A", "AP1-51B", "AP1-51C", "AP1-51D", "AP1-52A", "AP1-52B", "AP1-54", "AP1-57A", "AP1-57B", "AP1-57C",
    "AP1-57D", "AP1-57E", "AP1-57F", "AP1-58", "AP1-70", "AP1-77A", "AP1-77B", "AP1-77C", "AP1-82", "AP1-87",
    "GC4-50", "OPAC-2", "OPAC-4", "R1261", "R1314", "R1612-2", "R1612-7", "R1612-8", "R-LIST", "MRM-ALL", "MRM-CYC",
    "MRM-DELIST", "R1998", "R2143", "R2427", "NPOC-14", "NPOC-15", "NPOC-16",
];

/// Every package of the library, by name. What a package is warned of is not told here.
fn library() -> Vec<Pack> {
    let entries = fs::read_dir(place("stdlib")).expect("the library");
    let directories = entries.map(|entry| entry.expect("an entry").path());
    let packages: BTreeSet<_> = directories.filter(|path| path.join("mandate.toml").is_file()).collect();
    let compiled = packages.iter().map(|path| {
        let mut loaded = mandate_project::load(path);
        let mut host = Host::new();
        host.set_project(std::mem::take(&mut loaded.input));
        host.snapshot().pack(&loaded.main).unwrap_or_else(|errors| panic!("{}: {errors:#?}", path.display()))
    });
    compiled.collect()
}

fn account() -> Coverage {
    let list = fs::read_to_string(place("stdlib/checklist.csv")).expect("the checklist");
    cover(&library(), &Checklist::read(&list).expect("a checklist"))
}

#[test]
fn the_library_carries_its_checklist() {
    let found = account();
    assert_eq!(found.statements.len(), 272);
    let wrong: Vec<String> =
        found.problems.iter().filter(|problem| problem.kind != ProblemKind::NotCarried).map(Problem::said).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let missing: BTreeSet<&str> =
        found.statements.iter().filter(|one| one.carriers.is_empty()).map(|one| one.statement.id.as_str()).collect();
    let expected: BTreeSet<&str> = NOT_YET.iter().copied().collect();
    let lost: Vec<&&str> = missing.difference(&expected).collect();
    assert!(lost.is_empty(), "these are not carried any more: {lost:?}");
    let known: BTreeSet<&str> = found.statements.iter().map(|one| one.statement.id.as_str()).collect();
    assert!(expected.is_subset(&known), "the list of what is not carried names what is no statement");
}

#[test]
fn the_account_that_is_kept_is_that_of_the_library() {
    let mut bytes = Vec::new();
    write_coverage(&account(), Format::Markdown, false, &mut bytes).expect("memory");
    let now = String::from_utf8(bytes).expect("UTF-8");
    let path = place("stdlib/CHECKLIST.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &now).expect("written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "stdlib/CHECKLIST.md is not the account of the library: UPDATE=1 writes it");
}
