use super::*;
use std::fs;

fn disk(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
    }
    dir
}

/// Every fault as `file: CODE place`.
fn faults(loaded: &Loaded) -> Vec<String> {
    let mut out = Vec::new();
    for file in &loaded.diagnostics {
        let name = Path::new(&*file.path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        for fault in &file.diagnostics {
            let place = file.text.get(fault.primary.span.range()).expect("a place inside the text");
            out.push(format!("{name}: {} {place}", fault.code.id).trim().to_owned());
        }
    }
    out
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n[dependencies]\n{dependencies}\n")
}

#[test]
fn modules_are_named_by_their_paths_and_the_root_module_has_no_name() {
    let dir = disk(&[
        ("heron/mandate.toml", &manifest("heron", "")),
        ("heron/heron.mandate", "a"),
        ("heron/sites/heritage.mandate", "b"),
        ("heron/sources/x.md", "c"),
    ]);
    let loaded = load(&dir.path().join("heron/sites"));
    assert_eq!(faults(&loaded), [""; 0]);
    let package = &loaded.input.packages[0];
    let modules: Vec<_> = package.modules.iter().map(|m| (&*m.relative, &*m.module, &*m.text)).collect();
    assert_eq!(modules, [("heron.mandate", "", "a"), ("sites/heritage.mandate", "sites.heritage", "b")]);
    assert_eq!(package.documents[0].relative, "sources/x.md");
    assert_eq!(loaded.root, dir.path().join("heron"));
}

#[test]
fn dependencies_are_loaded_once_and_transitively() {
    let dir = disk(&[
        ("a/mandate.toml", &manifest("a", "b = { path = \"../b\" }\nc = { path = \"../c\" }")),
        ("a/a.mandate", ""),
        ("b/mandate.toml", &manifest("b", "c = { path = \"../b/../c\" }")),
        ("c/mandate.toml", &manifest("c", "")),
    ]);
    let loaded = load(&dir.path().join("a/a.mandate"));
    assert_eq!(faults(&loaded), [""; 0]);
    let packages: Vec<_> = loaded.input.packages.iter().map(|p| (&*p.name, p.origin, p.dependencies.clone())).collect();
    let names = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        packages,
        [
            ("a", PackageOrigin::Own, names(&["b", "c"])),
            ("b", PackageOrigin::Dependency, names(&["c"])),
            ("c", PackageOrigin::Dependency, names(&[])),
        ]
    );
}

#[test]
fn faults_of_dependencies_are_told_at_the_place_that_names_them() {
    let dir = disk(&[
        (
            "a/mandate.toml",
            &manifest(
                "a",
                "b = { path = \"../b\" }\nc = { path = \"../missing\" }\nd = { path = \"../b\" }\nnosuch = \"std\"",
            ),
        ),
        ("a/a.mandate", ""),
        ("b/mandate.toml", &manifest("b", "a = { path = \"../a\" }")),
    ]);
    let loaded = load(&dir.path().join("a"));
    assert_eq!(
        faults(&loaded),
        ["mandate.toml: E208 ../missing", "mandate.toml: E212 d", "mandate.toml: E210 nosuch", "mandate.toml: E209 a"]
    );
    // The ring is open afterwards, so that nothing behind this can turn in it.
    assert!(loaded.input.packages.iter().any(|p| p.name == "b" && p.dependencies.is_empty()));
}

#[test]
fn a_long_chain_of_packages_is_followed_and_its_ring_found() {
    let names: Vec<String> = (0..300).map(|i| format!("p{i}")).collect();
    let files: Vec<(String, String)> = (0..300)
        .map(|i| {
            let next = &names[(i + 1) % 300];
            (format!("{}/mandate.toml", names[i]), manifest(&names[i], &format!("{next} = {{ path = \"../{next}\" }}")))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let dir = disk(&files);
    let loaded = load(&dir.path().join("p0"));
    assert_eq!(loaded.input.packages.len(), 300);
    let rings: Vec<_> = faults(&loaded).into_iter().filter(|f| f.contains("E209")).collect();
    assert_eq!(rings.len(), 1);
}

#[test]
fn two_packages_of_one_name_are_refused() {
    let dir = disk(&[
        ("a/mandate.toml", &manifest("a", "b = { path = \"../b\" }\nc = { path = \"../c\" }")),
        ("a/a.mandate", ""),
        ("b/mandate.toml", &manifest("b", "")),
        ("c/mandate.toml", &manifest("c", "b = { path = \"b\" }")),
        ("c/b/mandate.toml", &manifest("b", "")),
    ]);
    let loaded = load(&dir.path().join("a"));
    assert_eq!(faults(&loaded), ["mandate.toml: E211 b"]);
    assert_eq!(loaded.input.packages.len(), 3);
}

#[test]
fn unreadable_texts_are_told_and_the_rest_is_loaded() {
    let dir = disk(&[("mandate.toml", &manifest("a", "")), ("a.mandate", "source x { document \"d.md\" }")]);
    fs::write(dir.path().join("latin.mandate"), b"// caf\xE9").expect("written");
    fs::write(dir.path().join("d.md"), b"\xFF\xFEx").expect("written");
    fs::write(dir.path().join("unnamed.md"), b"\xFF\xFEx").expect("written");
    fs::write(dir.path().join("huge.mandate"), vec![b' '; 10_000_001]).expect("written");
    fs::write(dir.path().join("two words.mandate"), "").expect("written");
    let loaded = load(dir.path());
    assert_eq!(
        faults(&loaded),
        ["d.md: E214 \u{FFFD}", "huge.mandate: E215", "latin.mandate: E214 \u{FFFD}", "two words.mandate: E217"]
    );
    assert!(loaded.input.packages[0].modules.iter().any(|m| m.relative == "a.mandate"));
}

#[test]
fn a_single_file_is_a_package_with_the_whole_library() {
    let dir = disk(&[("my rules.mandate", "document \"own.md\""), ("own.md", "words"), ("other.md", "")]);
    let loaded = load(&dir.path().join("my rules.mandate"));
    assert_eq!(loaded.main, "my_rules");
    let package = &loaded.input.packages[0];
    assert_eq!((package.modules[0].module.as_str(), package.documents.len()), ("", 1));
    assert_eq!(package.dependencies, standard_names());
}

#[test]
fn where_no_package_is_nothing_is_loaded() {
    let dir = disk(&[("notes.txt", "")]);
    for path in ["", "notes.txt", "missing.mandate"] {
        let loaded = load(&dir.path().join(path));
        assert!(!loaded.found());
        assert_eq!(loaded.diagnostics[0].diagnostics[0].code.id, "E216", "{path}");
    }
}

#[test]
fn a_module_that_its_package_passes_over_stands_alone() {
    let dir = disk(&[("mandate.toml", &manifest("a", "")), ("a.mandate", ""), ("target/draft.mandate", "x")]);
    let loaded = load(&dir.path().join("target/draft.mandate"));
    assert_eq!((loaded.main.as_str(), loaded.input.packages[0].modules.len()), ("draft", 1));
}

#[test]
fn packages_below_a_directory_that_is_none_are_named() {
    let dir = disk(&[("one/mandate.toml", &manifest("one", "")), ("two/mandate.toml", &manifest("two", ""))]);
    let loaded = load(dir.path());
    let help = loaded.diagnostics[0].diagnostics[0].help.join("\n");
    assert!(help.contains("one`") && help.contains("two`"), "{help}");
}

#[test]
fn unsaved_text_stands_before_the_file() {
    let dir = disk(&[("mandate.toml", &manifest("a", "")), ("a.mandate", "old")]);
    let (changed, new) = (dir.path().join("a.mandate"), dir.path().join("new.mandate"));
    let loaded = load_with(&new, &|path| (path == changed || path == new).then(|| Arc::from("unsaved")));
    let modules: Vec<_> = loaded.input.packages[0].modules.iter().map(|m| (&*m.relative, &*m.text)).collect();
    assert_eq!(modules, [("a.mandate", "unsaved"), ("new.mandate", "unsaved")]);
}

#[test]
fn a_package_without_modules_is_worth_a_warning() {
    let dir = disk(&[("mandate.toml", &manifest("a", ""))]);
    assert_eq!(faults(&load(dir.path())), ["mandate.toml: W201 a"]);
}

/// The examples of the pages about manifests, each as the manifest of a package beside one called `neighbours`.
#[test]
fn the_examples_on_the_pages_do_what_the_pages_say() {
    let mut tried = 0;
    for code in
        mandate_diagnostics::CATALOGUE.iter().filter(|code| code.id.starts_with("E2") || code.id.starts_with("W2"))
    {
        for (kind, expected) in [("wrong", true), ("right", false)] {
            let fence = |language: &str| format!("\n```{language} {kind}\n");
            let Some((_, rest)) = code.page.split_once(&fence("toml")) else {
                // What is wrong about bytes, sizes and places of files is shown, not compiled.
                assert!(code.page.contains(&fence("text")), "{}: no {kind} example", code.id);
                continue;
            };
            let text = rest.split("```").next().expect("the block ends");
            let files = [
                ("rules/mandate.toml", text),
                ("rules/x.mandate", ""),
                ("neighbours/mandate.toml", &manifest("neighbours", "")),
            ];
            let found = faults(&load(&disk(&files).path().join("rules")));
            let drawn = found.iter().any(|fault| fault.contains(code.id));
            assert_eq!(drawn, expected, "{} {kind}: {found:?}", code.id);
            assert!(expected || found.is_empty(), "{} {kind}: {found:?}", code.id);
            tried += 1;
        }
    }
    assert!(tried >= 22, "only {tried} examples were tried");
}
