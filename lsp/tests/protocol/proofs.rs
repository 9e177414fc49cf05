//! What rules mean together, as a client is told while somebody types.
use crate::client::{Client, uri};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const SITES: &str = r#"source order_7 {
  title "Order 7, protected places"
  force order
  document "sources/order_7.md"
}

record Unit key id {
  id: Text
}

record Site key id {
  id: Text
  unit: Unit
  depot: Bool?
  protected: Bool?
  found_at: Time?
}

record Entry key id at entered_at {
  id: Text
  site: Site
  entered_at: Time?
}

action enter(s: Site) {
  evidence e: Entry where e.site == s
}
"#;

pub const KEEP_OUT: &str = r#"use sites.{Site, enter, order_7}

rule keep_out "Nobody enters a protected site" {
  cites order_7#places
  for each s: Site
  when s.protected
  no one may enter(s)
}
"#;

pub const SEARCH: &str = r#"use sites.{Site, enter, order_7}

rule search_depots "Search every depot within a day of finding it" {
  cites order_7#search
  for each s: Site
  when s.depot
  s.unit must enter(s) within 24 hours after s.found_at
}
"#;

const ORDER: &str = "# Order 7\n\n## Places {#places}\n\nProtected places are not entered by anybody.\n\n\
                     ## Search {#search}\n\nA depot is searched within a day of its discovery.\n";

/// A package in which a duty is forbidden, with a client at it.
pub fn town() -> (tempfile::TempDir, PathBuf, Client) {
    let capabilities = json!({
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "versionSupport": true},
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
        }
    });
    town_with(&capabilities, &Value::Null)
}

/// The same with what the client can take, and its own options.
pub fn town_with(capabilities: &Value, options: &Value) -> (tempfile::TempDir, PathBuf, Client) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("town");
    fs::create_dir_all(root.join("sources")).unwrap();
    let manifest = "[package]\nname = \"town\"\nversion = \"0.1.0\"\nedition = \"2026\"\n";
    let files = [
        ("mandate.toml", manifest),
        ("sites.mandate", SITES),
        ("keep_out.mandate", KEEP_OUT),
        ("search.mandate", SEARCH),
        ("sources/order_7.md", ORDER),
    ];
    for (path, text) in files {
        fs::write(root.join(path), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_mandate-lsp"));
    command.env("XDG_CACHE_HOME", dir.path().join("cache"));
    let (client, _) = Client::start_with_options(command, &[&root], capabilities, options);
    (dir, root, client)
}

/// The finding of a code in a file, in what was published last.
pub fn finding(client: &Client, path: &Path, code: &str) -> Option<Value> {
    let published = client.published.get(&uri(path))?;
    published.diagnostics.iter().find(|diagnostic| diagnostic["code"] == code).cloned()
}

/// The file in which the conflict is told.
pub fn told_in(client: &mut Client, root: &Path) -> PathBuf {
    let paths = [root.join("search.mandate"), root.join("keep_out.mandate")];
    client.until("the conflict", |client| paths.iter().any(|path| finding(client, path, "E301").is_some()));
    paths.into_iter().find(|path| finding(client, path, "E301").is_some()).unwrap()
}

fn line_of(text: &str, words: &str) -> u32 {
    text[..text.find(words).unwrap()].matches('\n').count() as u32
}

#[test]
fn a_conflict_comes_and_goes_with_the_words_that_make_it() {
    let (_dir, root, mut client) = town();
    let (search, keep_out) = (root.join("search.mandate"), root.join("keep_out.mandate"));
    let narrow = SEARCH.replace("when s.depot", "when s.depot and not s.protected");
    client.open(&search, &narrow);
    assert_eq!(client.diagnostics(&search, 1), [""; 0]);
    client.settle();
    for path in [&search, &keep_out] {
        assert_eq!(finding(&client, path, "E301"), None);
    }

    // The exception is taken out: now the duty is forbidden.
    let line = line_of(&narrow, "when s.depot");
    client.edit(&search, 2, &[([line, 14, line, 34], "")]);
    let told = told_in(&mut client, &root);
    let found = finding(&client, &told, "E301").unwrap();
    assert_eq!(found["severity"], 1, "{found:#}");
    let related: Vec<String> = found["relatedInformation"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["location"]["uri"].as_str().unwrap().to_owned())
        .collect();
    let other = if told == search { &keep_out } else { &search };
    assert!(related.contains(&uri(other)), "{related:?}");
    assert!(related.contains(&uri(&root.join("sources/order_7.md"))), "{related:?}");

    // The hover tells the whole story.
    let start = &found["range"]["start"];
    let at = |name: &str| start[name].as_u64().unwrap() as u32;
    let page = client.at("textDocument/hover", &told, at("line"), at("character")).unwrap();
    let page = page["contents"]["value"].as_str().unwrap().to_owned();
    for said in [
        "**E301**",
        "A situation in which it shows",
        "Protected places are not entered by anybody.",
        "A depot is searched",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }

    // A word half typed elsewhere takes nothing away, and the finding moves with its rule.
    client.edit(&search, 3, &[([0, 0, 0, 0], "rec\n")]);
    client.until("the mistake", |client| client.published[&uri(&search)].version == Some(3));
    client.settle();
    let moved = finding(&client, &told, "E301").unwrap();
    let lines = u64::from(told == search);
    assert_eq!(moved["range"]["start"]["line"].as_u64().unwrap(), start["line"].as_u64().unwrap() + lines);
    client.edit(&search, 4, &[([0, 0, 1, 0], "")]);

    // One rule yields.
    client.edit(&search, 5, &[([line, 14, line, 14], "\n  overrides keep_out.keep_out(s)")]);
    client.until("the end of the conflict", |client| finding(client, &told, "E301").is_none());
    client.settle();
    assert_eq!(finding(&client, &told, "E301"), None);
    assert_eq!(client.published[&uri(&search)].diagnostics, [Value::Null; 0], "{:?}", client.published);
    client.end();
}

const MISSION: &str = r#"mission north "Mission North" refines town {
  set time_to_search = 24 hours
}
"#;

#[test]
fn a_mission_that_asks_for_less_is_told_while_it_is_typed() {
    let dir = tempfile::tempdir().unwrap();
    let (town, north) = (dir.path().join("town"), dir.path().join("north"));
    fs::create_dir_all(town.join("sources")).unwrap();
    fs::create_dir_all(&north).unwrap();
    let manifest = |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2026\"\n");
    let (uses, rule) = SEARCH.split_once("\n\n").unwrap();
    let search = format!(
        "{uses}\n\nparameter time_to_search: Duration in 1 hour .. 72 hours = 24 hours\n\n{}",
        rule.replace("within 24 hours", "within time_to_search")
    );
    for (path, text) in [
        (town.join("mandate.toml"), manifest("town")),
        (town.join("sites.mandate"), SITES.to_owned()),
        (town.join("search.mandate"), search),
        (town.join("sources/order_7.md"), ORDER.to_owned()),
        (
            north.join("mandate.toml"),
            format!("{}\n[dependencies]\ntown = {{ path = \"../town\" }}\n", manifest("north")),
        ),
        (north.join("north.mandate"), MISSION.to_owned()),
    ] {
        fs::write(path, text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_mandate-lsp"));
    command.env("XDG_CACHE_HOME", dir.path().join("cache"));
    let capabilities =
        json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true, "versionSupport": true}}});
    let (mut client, _) = Client::start(command, &[&north], &capabilities);
    let mission = north.join("north.mandate");
    client.open(&mission, MISSION);
    assert_eq!(client.diagnostics(&mission, 1), [""; 0]);
    client.settle();
    assert_eq!(finding(&client, &mission, "E309"), None);

    let line = line_of(MISSION, "set time_to_search");
    client.edit(&mission, 2, &[([line, 23, line, 25], "48")]);
    client.until("the weakening", |client| finding(client, &mission, "E309").is_some());
    client.edit(&mission, 3, &[([line, 23, line, 25], "12")]);
    client.until("its end", |client| finding(client, &mission, "E309").is_none());
}
