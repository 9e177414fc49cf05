//! One mistake gives one message: every word of a real module is taken out, misspelt, or is where the author stopped typing.

use mandate_syntax::token::tokens;
use mandate_tests::example::{Compiler, Files, ROOT};
use std::fs;
use std::ops::Range;
use std::path::Path;

const MISSION: &str = "missions/exercise_heron";

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(MISSION).join(name);
    fs::read_to_string(path).expect("a file of the exercise")
}

/// How many messages each mistake drew, of all that drew any.
struct Tally {
    drew: usize,
    /// Mistakes with more than one message, and what was said.
    several: Vec<String>,
}

/// Words that the exercise does not use: what lasts, recurs, gives way, binds some and changes.
const GOES_ON: &str = r#"
enum Level { alleged < verified }
enum Echelon { company < battalion }

record Unit key id {
  id: Text
  nation: Nation?
}

record Post key id {
  id: Text
  unit: Unit?
}

record Site key id {
  id: Text
  unit: Unit?
  taken_at: Time?
  left_at: Time = never
  level: Level over time
}

record Visit key id at visited_at recorded entered_at {
  id: Text
  site: Site?
  visited_at: Time?
  entered_at: Time?
  by: Post?
}

record Watch key id during began_at .. ended_at {
  id: Text
  site: Site?
  began_at: Time?
  ended_at: Time = never
}

record Grant key id {
  id: Text
  site: Site?
  named: Text?
  echelon: Echelon?
  urgent: Bool?
  begins_at: Time?
  ends_at: Time?
  revoked_at: Time = never
}

source protocol {
  title "Protocol"
  force law
  in force from 2004-03-09
  compulsory from 2005-01-01
  document "sources/exercise-order.md"
  binds n: Nation from 2004-06-09
}

role chief of u: Unit held by p for p: Post, v: Visit where p.unit == u and v.by == p during v.visited_at .. v.entered_at for at most 30 days

action visit(s: Site) {
  evidence v: Visit where v.site == s and v.by is chief of s.unit
}

action guard(s: Site) {
  evidence w: Watch where w.site == s
}

waiver necessity(s: Site) {
  evidence g: Grant where g.site == s
    names g.named rank g.echelon during g.begins_at .. g.ends_at
    revoked g.revoked_at
    exceptional if g.urgent
}

rule keep_out {
  cites protocol
  in force from 2010-01-01 until 2030-01-01
  for each s: Site
  party s.unit.nation
  no one may visit(s)
  waivable under necessity(s) by battalion or above exceptionally by company or above for at most 7 days
  tally by s.unit.nation, s.level
}

rule look_in {
  cites protocol
  for each s: Site
  party s.unit.nation
  when s.level(s.taken_at) == verified
  s.unit must visit(s) every 1 month from s.taken_at until s.left_at
  overrides keep_out(s)
}

rule keep_guard {
  cites protocol
  for each s: Site
  party s.unit.nation
  when share(v: Visit where v.site == s) >= 10 percent
  s.unit must guard(s) from s.taken_at until s.left_at with gaps of at most 2 hours
  limits look_in(s)
}
"#;

/// Makes a mistake at every word and sign of the exercise, one at a time. `mistake` gives what to replace and by what.
fn tally(mistake: impl Fn(&str, Range<usize>) -> Option<(Range<usize>, String)>) -> Tally {
    tally_of(&read("exercise_heron.mandate"), mistake)
}

fn tally_of(text: &str, mistake: impl Fn(&str, Range<usize>) -> Option<(Range<usize>, String)>) -> Tally {
    let mut compiler = Compiler::default();
    let (text, order) = (text.to_owned(), read("sources/exercise-order.md"));
    let files =
        |text: String| Files::from([(ROOT.to_owned(), text), ("sources/exercise-order.md".to_owned(), order.clone())]);
    let proven = compiler.proven(&files(text.clone()));
    assert!(proven.is_empty(), "its rules mean what they should at first: {proven:#?}");
    let mut said = |text: String| -> Vec<String> {
        let all = compiler.check(&files(text));
        all.iter().flat_map(|file| &file.diagnostics).map(|d| format!("{} {}", d.code.id, d.message)).collect()
    };
    let first = said(text.clone());
    assert!(first.is_empty(), "the text has no mistake at first: {first:#?}");
    let mut tally = Tally { drew: 0, several: Vec::new() };
    for token in tokens(&text).iter().filter(|token| !token.kind.is_comment()) {
        let Some((place, by)) = mistake(&text, token.span.range()) else { continue };
        let mut wrong = text.clone();
        wrong.replace_range(place, &by);
        let messages = said(wrong);
        tally.drew += usize::from(!messages.is_empty());
        if messages.len() > 1 {
            let line = text[..token.span.start as usize].matches('\n').count() + 1;
            tally.several.push(format!("line {line}, `{}`: {messages:#?}", &text[token.span.range()]));
        }
    }
    tally
}

/// Fails when more than `share` in a hundred of the mistakes drew several messages.
fn is_quiet(tally: &Tally, share: usize) {
    assert!(tally.drew > 250, "only {} mistakes drew a message", tally.drew);
    let several = tally.several.len();
    assert!(
        several * 100 <= tally.drew * share,
        "{several} of {} mistakes drew several messages\n{}",
        tally.drew,
        tally.several.join("\n")
    );
}

#[test]
fn a_word_left_out_is_told_once() {
    is_quiet(&tally(|_, token| Some((token, String::new()))), 4);
}

#[test]
fn a_line_half_typed_is_told_once() {
    is_quiet(
        &tally(|text, token| {
            let end = text[token.start..].find('\n').map_or(text.len(), |length| token.start + length);
            Some((token.start..end, String::new()))
        }),
        4,
    );
}

#[test]
fn a_word_misspelt_is_told_once() {
    is_quiet(
        &tally(|text, token| {
            let mut letters: Vec<char> = text[token.clone()].chars().collect();
            let n = letters.len();
            let word = n > 2 && letters.iter().all(|c| c.is_alphabetic() || *c == '_');
            if !word || letters[n - 1] == letters[n - 2] {
                return None;
            }
            letters.swap(n - 1, n - 2);
            Some((token, letters.into_iter().collect()))
        }),
        2,
    );
}

#[test]
fn what_lasts_and_gives_way_is_told_once_too() {
    // What records and enums lack is told at each use; here the mistakes are made below them.
    let below = GOES_ON.find("source protocol").unwrap_or(0);
    is_quiet(&tally_of(GOES_ON, |_, token| (token.start >= below).then(|| (token, String::new()))), 8);
    is_quiet(
        &tally_of(GOES_ON, |text, token| {
            let end = text[token.start..].find('\n').map_or(text.len(), |length| token.start + length);
            (token.start >= below).then(|| (token.start..end, String::new()))
        }),
        8,
    );
}
