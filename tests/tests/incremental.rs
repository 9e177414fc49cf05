//! Edits applied one by one give the same diagnostics as analysing the result from scratch.

use mandate_semantics::{Assembly, Host, ProjectInput};
use mandate_tests::case::contradiction;
use mandate_tests::example::{Files, PACKAGE, ROOT, project};
use proptest::prelude::*;
use proptest::sample::Index;
use std::sync::Arc;

const BASE: &str = "\
enum Kind { theft < abduction }

record Unit key id { id: Text, parent: Unit? }

/// Something that happened.
record Incident key id at seen_at {
  id: Text
  kind: Kind
  unit: Unit?
  seen_at: Time?
  note: Text = \"näive 東京\"
}

source orders { title \"Orders\" force order document \"orders.md\" }
";

const MIDDLE: &str = "\
use base.{Incident, Kind, Unit}

define is_grave(i: Incident) = i.kind >= abduction
define is_high(k: Kind) = k == abduction
define above(u: Unit) = follow(u, parent)
define both(i: Incident) = is_grave(i) and is_high(i.kind)

action note(i: Incident) { evidence j: Incident where j.id == i.id }
";

const TOP: &str = "\
use base.{Incident, orders}
use middle.{both, note}

parameter window: Duration in 1 hour .. 72 hours = 24 hours

rule note_incidents \"Incidents are noted\" {
  cites orders#note \"noted\"
  for each i: Incident
  when both(i)
  i.unit must note(i) within window after i.seen_at
}

scenario \"one\" {
  as of 2024-03-01
  given i: Incident { kind: theft }
  expect note_incidents(i) not applicable
}
";

const ORDERS: &str = "Every incident is noted. {#note}\n";

/// What is typed, pasted or dropped into a text.
const PIECES: &[&str] = &[
    " ",
    "\n",
    "}",
    "{",
    "(",
    "\"",
    ".",
    "i",
    "x",
    "=",
    "?",
    "//",
    "東",
    "\n\n",
    "and ",
    "24 hours",
    "rule r {\n",
    "#note",
    ": Int",
    "Kind",
    "enum Kind { a }\n",
    "define both(i: Incident) = both(i)\n",
    "use middle.{above}\n",
    "record Incident { id: Text }\n",
    "{#note}",
    "when i.",
    "otherwise ",
    "14",
    "list of ",
];

/// An edit of one file: what it does and where, as indices into whatever the text is by then.
#[derive(Debug, Clone)]
enum Edit {
    Insert(Index, Index),
    Remove(Index, u8),
    RemoveLine(Index),
    MoveLine(Index, Index),
    Restore,
    /// The file goes away.
    Leave,
    /// Every file that went away comes back.
    Return,
}

fn edit() -> impl Strategy<Value = (Index, Edit)> {
    let kind = prop_oneof![
        4 => (any::<Index>(), any::<Index>()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        4 => (any::<Index>(), 1..12u8).prop_map(|(at, length)| Edit::Remove(at, length)),
        2 => any::<Index>().prop_map(Edit::RemoveLine),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::MoveLine(from, to)),
        1 => Just(Edit::Restore),
        1 => Just(Edit::Leave),
        1 => Just(Edit::Return),
    ];
    (any::<Index>(), kind)
}

fn applied(text: &str, original: &str, edit: &Edit) -> String {
    let characters: Vec<char> = text.chars().collect();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    match edit {
        Edit::Insert(at, piece) => {
            let (before, after) = characters.split_at(at.index(characters.len() + 1));
            before
                .iter()
                .copied()
                .chain(PIECES[piece.index(PIECES.len())].chars())
                .chain(after.iter().copied())
                .collect()
        }
        Edit::Remove(at, length) => {
            let start = at.index(characters.len() + 1);
            let end = (start + usize::from(*length)).min(characters.len());
            characters[..start].iter().chain(&characters[end..]).collect()
        }
        Edit::RemoveLine(_) | Edit::MoveLine(..) if lines.is_empty() => original.to_owned(),
        Edit::RemoveLine(at) => {
            let gone = at.index(lines.len());
            lines.iter().enumerate().filter(|(line, _)| *line != gone).map(|(_, line)| *line).collect()
        }
        Edit::MoveLine(from, to) => {
            let mut lines = lines;
            let line = lines.remove(from.index(lines.len()));
            lines.insert(to.index(lines.len() + 1), line);
            lines.concat()
        }
        Edit::Restore => original.to_owned(),
        Edit::Leave | Edit::Return => text.to_owned(),
    }
}

/// The package alone: what it uses is its own.
fn alone(files: &Files) -> ProjectInput {
    let mut input = project(files);
    input.packages.retain(|package| package.name == PACKAGE);
    for package in &mut input.packages {
        package.dependencies.clear();
    }
    input
}

fn host(files: &Files) -> Host {
    let mut host = Host::new();
    host.set_project(alone(files));
    host
}

fn package() -> Files {
    let files = [(ROOT, TOP), ("base.mandate", BASE), ("middle.mandate", MIDDLE), ("orders.md", ORDERS)];
    files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

#[test]
fn the_package_that_is_edited_has_no_fault_at_first() {
    assert_eq!(host(&package()).snapshot().check(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_one_by_one_give_what_the_result_gives_at_once(edits in prop::collection::vec(edit(), 1..10)) {
        let original = package();
        let mut files = original.clone();
        let mut edited = host(&files);
        let mut kept = Assembly::default();
        for (which, edit) in &edits {
            let path = files.keys().nth(which.index(files.len().max(1))).cloned().unwrap_or_default();
            match edit {
                Edit::Leave => {
                    files.remove(&path);
                    edited.set_project(alone(&files));
                }
                Edit::Return => {
                    files = original.clone().into_iter().chain(files).collect();
                    edited.set_project(alone(&files));
                }
                _ if files.is_empty() => continue,
                _ => {
                    let text = applied(&files[&path], &original[&path], edit);
                    files.insert(path.clone(), text.clone());
                    prop_assert!(edited.set_text(&path, Arc::from(text.as_str())));
                }
            }
            prop_assert_eq!(edited.snapshot().check(), host(&files).snapshot().check(), "after {:?} in {}", edit, path);
            let whole = host(&files).snapshot().pack(PACKAGE).ok();
            prop_assert_eq!(edited.snapshot().assemble(PACKAGE, &mut kept), whole.is_some());
            if whole.is_some() {
                prop_assert_eq!(kept.pack().map(|pack| &**pack), whole.as_ref(), "after {:?} in {}", edit, path);
            }
        }
    }

    #[test]
    fn what_is_accepted_after_an_edit_can_be_judged(edits in prop::collection::vec(edit(), 1..3)) {
        let original = package();
        let mut files = original.clone();
        for (which, edit) in &edits {
            let path = files.keys().nth(which.index(files.len())).cloned().expect("a file");
            let text = applied(&files[&path], &original[&path], edit);
            files.insert(path, text);
        }
        // A source with an empty title is accepted and left out of the pack: skipped until it is refused.
        prop_assume!(!files.values().any(|text| text.contains("title \"\"")));
        let edited = host(&files);
        if let Ok(mut pack) = edited.snapshot().pack(PACKAGE) {
            pack.seal();
            prop_assert_eq!(contradiction(&pack), None, "{:#?}", files);
        }
    }
}
