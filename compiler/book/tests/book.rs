//! Books of a small package: the page of a rule as it is, what is escaped, what is kept back, and that equal packages give equal bytes.

use mandate_assess::run_scenarios;
use mandate_book::{Contents, book};
use mandate_documents::Document;
use mandate_semantics::{DocumentInput, Host, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const MODULE: &str = include_str!("camp/camp.mandate");
const POLICY: &str = include_str!("camp/sources/camp-policy.md");

/// The files of the book of a package with one module.
fn files(module: &str) -> BTreeMap<String, String> {
    let module = ModuleInput {
        path: Arc::from("camp.mandate"),
        relative: "camp.mandate".to_owned(),
        module: String::new(),
        text: Arc::from(module),
    };
    let document = DocumentInput {
        path: Arc::from("sources/camp-policy.md"),
        relative: "sources/camp-policy.md".to_owned(),
        text: Arc::from(POLICY),
    };
    let package = PackageInput {
        name: "camp".to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Own,
        dependencies: Vec::new(),
        at_hand: false,
        modules: vec![module],
        documents: vec![document],
        lock: None,
    };
    let mut host = Host::new();
    host.set_project(ProjectInput { packages: vec![package] });
    let mut pack = host.snapshot().pack("camp").unwrap_or_else(|found| panic!("{found:#?}"));
    pack.seal();
    let documents = BTreeMap::from([("camp.camp_policy".to_owned(), Document::read(POLICY))]);
    book(Contents { pack: &pack, results: &run_scenarios(&pack), documents: &documents })
}

/// The book of a mission that refines the camp.
fn of_mission(module: &str) -> BTreeMap<String, String> {
    let base = ModuleInput {
        path: Arc::from("camp.mandate"),
        relative: "camp.mandate".to_owned(),
        module: String::new(),
        text: Arc::from(MODULE),
    };
    let document = DocumentInput {
        path: Arc::from("sources/camp-policy.md"),
        relative: "sources/camp-policy.md".to_owned(),
        text: Arc::from(POLICY),
    };
    let camp = PackageInput {
        name: "camp".to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Dependency,
        dependencies: Vec::new(),
        at_hand: false,
        modules: vec![base],
        documents: vec![document],
        lock: None,
    };
    let own = ModuleInput {
        path: Arc::from("winter.mandate"),
        relative: "winter.mandate".to_owned(),
        module: String::new(),
        text: Arc::from(module),
    };
    let winter = PackageInput {
        name: "winter".to_owned(),
        origin: PackageOrigin::Own,
        dependencies: vec!["camp".to_owned()],
        modules: vec![own],
        documents: Vec::new(),
        ..camp.clone()
    };
    let mut host = Host::new();
    host.set_project(ProjectInput { packages: vec![camp, winter] });
    let mut pack = host.snapshot().pack("winter").unwrap_or_else(|found| panic!("{found:#?}"));
    pack.seal();
    book(Contents { pack: &pack, results: &run_scenarios(&pack), documents: &BTreeMap::new() })
}

#[test]
fn the_first_page_of_a_mission_says_what_it_makes_of_what_it_refines() {
    let files = of_mission(
        r#"
/// The camp in winter.
mission winter_camp "Camp in winter" refines camp {
  drops keep_quiet because "small threats freeze"
  accepts weaker tell_the_council by "The council <itself>" under camp.camp_policy#art_4.2 until 2027-01-31 because "no road"
}
"#,
    );
    let page = &files["index.html"];
    for words in
        ["What Camp in winter makes of camp", "camp.keep_quiet", "small threats freeze", "2027-01-31", "no road"]
    {
        assert!(page.contains(words), "{words}\n{page}");
    }
    assert!(page.contains("&lt;itself&gt;") && !page.contains("<itself>"), "{page}");
    assert!(!files.contains_key("rules/camp.keep_quiet.html"));
    assert!(!self::files(MODULE)["index.html"].contains("makes of"));
}

/// A page with a line for each tag that opens a block, so that a difference can be seen.
fn in_lines(page: &str) -> String {
    let blocks = [
        "<h", "<p", "<div", "<section", "<table", "<tr", "<li", "<ul", "<ol", "<dl", "<article", "<figure", "<main",
        "<footer",
    ];
    let mut out = page.to_owned();
    for block in blocks {
        out = out.replace(block, &format!("\n{block}"));
    }
    out.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_page_of_a_rule_is_as_it_was_approved() {
    let page = in_lines(&files(MODULE)["rules/camp.warn_everybody.html"]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/camp.warn_everybody.html");
    if std::env::var_os("MANDATE_BLESS").is_some() {
        std::fs::write(&file, &page).expect("written");
    }
    let approved = std::fs::read_to_string(&file).expect("there is a snapshot; MANDATE_BLESS=1 writes it");
    // The digest changes with the format of packs.
    let without_digest =
        |text: &str| text.lines().filter(|line| !line.contains("Digest")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without_digest(&page), without_digest(&approved), "MANDATE_BLESS=1 accepts the page");
}

#[test]
fn words_of_a_package_are_never_tags() {
    for (path, text) in files(MODULE) {
        assert!(!text.contains("<script>alert"), "{path}");
        assert!(!text.contains("<2nd edition>"), "{path}");
    }
    let files = files(MODULE);
    assert!(files["rules/camp.warn_everybody.html"].contains("&lt;script&gt;alert("));
    assert!(files["search-index.js"].contains("\\u003cscript>alert("));
}

#[test]
fn equal_packages_give_equal_bytes() {
    assert_eq!(files(MODULE), files(MODULE));
}

#[test]
fn what_scenarios_give_for_sensitive_fields_stands_on_no_page() {
    let files = files(MODULE);
    for (path, text) in &files {
        for value in ["Quillon", "1987-06-05"] {
            assert!(!text.contains(value), "{value} in {path}");
        }
    }
    // Nor a moment that could have been worked out from one; where nothing sensitive is given, it is shown.
    let rule = &files["rules/camp.warn_everybody.html"];
    assert!(rule.contains("details are not shown"), "{rule}");
    assert_eq!(rule.matches(", due 2026-03-01T14:00Z").count(), 1, "{rule}");
    assert!(files["records.html"].contains("sensitive"));
}

#[test]
fn a_commitment_is_never_shown_as_law() {
    let files = files(MODULE);
    for path in ["rules/camp.warn_everybody.html", "sources/camp.camp_policy.html", "rules.html", "coverage.html"] {
        assert!(files[path].contains("commitment, not law"), "{path}");
        assert!(!files[path].contains(">law<"), "{path}");
    }
}

#[test]
fn passages_say_what_carries_them() {
    let page = &files(MODULE)["sources/camp.camp_policy.html"];
    let row = |name: &str| {
        let start = page.find(&format!("id=\"p-{name}\"")).unwrap_or_else(|| panic!("{name} has no row"));
        let rest = &page[start..];
        &rest[..rest[1..].find("class=\"row").map_or(rest.len(), |at| at + 1)]
    };
    assert!(row("art_4.1").contains("href=\"../rules/camp.warn_everybody.html\""), "{}", row("art_4.1"));
    assert!(row("history").contains("tells how the camp came to be"), "{}", row("history"));
    assert!(row("art_4.3").contains(">open<"), "{}", row("art_4.3"));
    assert!(row("art_4").contains("page 4"), "{}", row("art_4"));
    // The document leaves a level of headings out; the page does not.
    assert!(
        page.contains("<h3>Camp policy") && page.contains("<h4>History") && page.contains("<h4>Article 4"),
        "{page}"
    );
}

#[test]
fn how_a_passage_was_read_is_told_with_what_was_rejected() {
    let files = files(MODULE);
    for path in ["rules/camp.warn_everybody.html", "all-rules.html"] {
        let words = "<q>Everybody</q> is read as <q>whoever sleeps in the camp</q>, by Legal adviser, opinion 3.";
        assert!(files[path].contains(words), "{}", files[path]);
        assert!(files[path].contains("<q>the staff</q>, because the heading speaks of the camp"), "{}", files[path]);
    }
}

#[test]
fn a_scenario_that_fails_is_told_so() {
    let files = files(MODULE);
    let page = &files["scenarios.html"];
    assert!(page.contains("2 scenarios, 1 passed"), "{page}");
    assert!(page.contains(">failed<") && page.contains(">passed<"), "{page}");
    assert!(files["index.html"].contains("1 of 2 passed"));
}

#[test]
fn the_graph_says_in_words_what_it_draws() {
    let page = &files(MODULE)["graph.html"];
    assert!(
        page.contains("<em>takes the place of</em>")
            && page.contains("<em>narrows</em>")
            && page.contains("If not kept: "),
        "{page}"
    );
    assert_eq!(page.matches("<rect").count(), 5, "four rules and the duty that arises from a breach");
}
