//! The account of the standard library: which statements of its checklist its packages carry. `UPDATE=1` writes `stdlib/CHECKLIST.md`.

use mandate_pack::Pack;
use mandate_semantics::Host;
use mandate_tests::packages::{library, place};
use mandate_trace::Format;
use mandate_trace::checklist::{Checklist, Coverage, Problem, cover, write_coverage};
use std::fs;

/// Every package of the library, by name. What a package is warned of is not told here.
fn packs() -> Vec<Pack> {
    let compiled = library().into_iter().map(|package| {
        let mut loaded = mandate_project::load(&place(&package));
        let mut host = Host::new();
        host.set_project(std::mem::take(&mut loaded.input));
        host.snapshot().pack(&loaded.main).unwrap_or_else(|errors| panic!("{package}: {errors:#?}"))
    });
    compiled.collect()
}

fn account() -> Coverage {
    let list = fs::read_to_string(place("stdlib/checklist.csv")).expect("the checklist");
    cover(&packs(), &Checklist::read(&list).expect("a checklist"))
}

#[test]
fn the_library_carries_its_checklist() {
    let found = account();
    assert_eq!(found.statements.len(), 272);
    let wrong: Vec<String> = found.problems.iter().map(Problem::said).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
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
