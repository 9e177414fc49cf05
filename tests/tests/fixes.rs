//! Every mend that a diagnostic offers is certain: applied, it takes the diagnostic away, and brings no error.

use mandate_diagnostics::{CATALOGUE, Diagnostic, Edit};
use mandate_tests::example::{Compiler, Files, ROOT, single};
use mandate_tests::markdown::{Block, blocks};
use std::fs;
use std::path::Path;

/// Packages of the language cases and of the wrong halves of pages, by where they stand.
fn packages() -> Vec<(String, Files)> {
    let mut all = Vec::new();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("language");
    let entries = fs::read_dir(directory).expect("the directory of the language cases");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a document");
        let blocks = blocks(&text);
        for root in blocks.iter().filter(|block| block.language == "mandate" && block.file().is_none()) {
            all.push((format!("{name}:{}", root.line), package(&blocks, root)));
        }
    }
    for code in CATALOGUE {
        let blocks = blocks(code.page);
        for root in blocks.iter().filter(|block| block.language == "mandate" && block.file().is_none()) {
            all.push((format!("{}:{}", code.id, root.line), package(&blocks, root)));
        }
    }
    all
}

fn package(all: &[Block<'_>], root: &Block<'_>) -> Files {
    let mut files = Files::from([(ROOT.to_owned(), root.text.to_owned())]);
    for block in all {
        if let Some(name) = block.file().filter(|_| block.is("shared") || block.section == root.section) {
            files.insert(name.to_owned(), block.text.to_owned());
        }
    }
    files
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    mandate_ide::apply(text, &edits)
}

/// How often a diagnostic is drawn on its line; on any line, where lines have moved.
fn drawn(compiler: &mut Compiler, files: &Files, path: &str, diagnostic: &Diagnostic, line: Option<usize>) -> usize {
    let all = compiler.check(files).into_iter().filter(|file| *file.path == *path);
    let same = all.flat_map(|file| {
        let text = file.text.clone();
        file.diagnostics.into_iter().filter(move |found| {
            let here = line_of(&text, found);
            (found.code.id, &found.message) == (diagnostic.code.id, &diagnostic.message)
                && line.is_none_or(|line| line == here)
        })
    });
    same.count()
}

fn line_of(text: &str, diagnostic: &Diagnostic) -> usize {
    text[..diagnostic.primary.span.start as usize].matches('\n').count()
}

/// Tries every mend of every diagnostic; gives how many there were, and those after which the diagnostic is still there.
fn tried(compiler: &mut Compiler, place: &str, files: &Files) -> (usize, Vec<String>) {
    let (mut count, mut failures) = (0, Vec::new());
    for file in compiler.check(files) {
        for diagnostic in &file.diagnostics {
            for fix in &diagnostic.fixes {
                count += 1;
                let mended = applied(&file.text, &fix.edits);
                let line = line_of(&file.text, diagnostic);
                let stays = (mended.matches('\n').count() == file.text.matches('\n').count()).then_some(line);
                let before = drawn(compiler, files, &file.path, diagnostic, stays);
                let mut after = files.clone();
                after.insert(file.path.to_string(), mended);
                if drawn(compiler, &after, &file.path, diagnostic, stays) >= before {
                    let words = file.text.lines().nth(line).unwrap_or("").trim();
                    let (code, message) = (diagnostic.code.id, &diagnostic.message);
                    failures.push(format!("{place}: {code} {message} - {}\n    {words}", fix.title));
                }
            }
        }
    }
    (count, failures)
}

#[test]
fn a_mend_takes_its_diagnostic_away() {
    let mut compiler = Compiler::default();
    let (mut count, mut failures) = (0, Vec::new());
    for (place, files) in packages() {
        let (more, failed) = tried(&mut compiler, &place, &files);
        count += more;
        failures.extend(failed);
    }
    assert!(count > 60, "{count}");
    assert!(failures.is_empty(), "{} of {count} stay:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_mend_takes_its_diagnostic_away_wherever_a_finger_slipped() {
    let mut compiler = Compiler::default();
    let (mut count, mut failures) = (0, Vec::new());
    for (at, slipped) in slips(EXAMPLE).into_iter().enumerate() {
        let (more, failed) = tried(&mut compiler, &at.to_string(), &single(&slipped));
        count += more;
        failures.extend(failed);
    }
    assert!(count > 200, "{count}");
    assert!(failures.is_empty(), "{} of {count} stay:\n{}", failures.len(), failures.join("\n"));
}

/// What a slip of the finger makes of a text: two letters swapped, a word or sign left out, one written twice.
fn slips(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for token in mandate_syntax::token::tokens(text).into_iter().filter(|token| !token.kind.is_comment()) {
        let range = token.span.range();
        let words = &text[range.clone()];
        let with = |new: &str| format!("{}{new}{}", &text[..range.start], &text[range.end..]);
        all.push(with(""));
        if token.kind.is_word() && words.len() > 3 {
            let (head, tail) = words.split_at(words.len() - 2);
            let swapped: String = tail.chars().rev().collect();
            all.push(with(&format!("{head}{swapped}")));
        } else if !token.kind.is_word() {
            all.push(with(&format!("{words} {words}")));
        }
    }
    all
}

/// Most constructs of the language in few lines.
const EXAMPLE: &str = r#"enum Grade { low < moderate < high }

record Unit key id {
  id: Text
  name: Text?
  strength: Int
}

record Incident key id at observed_at {
  id: Text
  unit: Unit
  observed_at: Time
  grade: Grade
  closed_at: Time = never
  verified: Bool = false
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

source order_7 {
  title "Order 7"
  force order
  in force from 2024-01-01
}

parameter window: Duration in 1 hour .. 72 hours = 24 hours

define is_grave(i: Incident) = i.grade >= moderate and (i.verified or i.unit.strength > 10)

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

rule report_it "Report what you see" {
  cites order_7
  for each i: Incident
  let start = i.observed_at
  when is_grave(i)
  unless i.unit.name is missing
  everyone must report(i) within window after start
  otherwise everyone must report(i) within 12 hours
}

constraint strong "Units have people" {
  cites order_7
  for each u: Unit
  require u.strength > 0 and no i: Incident where i.unit == u and not i.verified
}

scenario "late" {
  as of 2024-03-03
  given u1: Unit { strength: 12, name: "first" }
  given inc: Incident { observed_at: 2024-03-01T08:00Z, grade: high, unit: u1, verified: true }
  given Report { incident: inc, sent_at: 2024-03-02T10:00Z }
  expect report_it(inc) repaired
}
"#;
