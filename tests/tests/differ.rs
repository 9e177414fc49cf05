//! Planted pairs of packages: each differs in one thing, and the comparison has to say which.

use mandate_pack::Pack;
use mandate_prove::differ::{
    Aspect, Class, Difference, Format, Level, Recognised, RuleDifference, Verdict, compare, difference_schema,
    refinement, refinement_findings, refinement_schema, write_difference, write_refinement,
};
use mandate_tests::example::{Compiler, Files, single};

const BASE: &str = r#"/// Everything here is made up for tests.
source order { title "Order" force order document "sources/order.md" }
source pledge { title "Pledge" force commitment document "sources/order.md" }

enum Rank { company < battalion < brigade }

record Post key id {
  id: Text
  code: Text?
}

record Site key id {
  id: Text
  listed: Bool?
}

record Incident key id at seen_at {
  id: Text
  site: Site?
  seen_at: Time
  told_at: Time?
  due_on: Date?
  grave: Bool?
  urgent: Bool?
  dead: Int?
  refuted: Bool?
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
  sender: Post?
  complete: Bool?
}

record Entry key id at entered_at {
  id: Text
  site: Site
  entered_at: Time?
}

record Pass key id at granted_at {
  id: Text
  incident: Incident
  rule: Text?
  rank: Rank?
  granted_at: Time?
  from: Time?
  until: Time?
}

role officer held by p for p: Post where p.code == "officer"
role duty_officer is officer held by p for p: Post where p.code == "duty"

parameter window: Duration in 1 hour .. 72 hours = 24 hours

define serious(i: Incident) = i.grave or i.dead > 3

action report(i: Incident) {
  evidence r: Report where r.incident == i and r.complete by r.sender
}

action apologise(i: Incident) {
  evidence r: Report where r.incident == i
}

action enter(s: Site) {
  evidence e: Entry where e.site == s
}

waiver pass(i: Incident) {
  evidence p: Pass where p.incident == i
    names p.rule
    rank p.rank
    at p.granted_at
    during p.from .. p.until
}

rule tell "Tell of grave incidents" {
  cites order#tell
  for each i: Incident
  when i.grave and i.dead > 3
  unless i.refuted
  officer must report(i) within 24 hours after i.seen_at
  otherwise officer must apologise(i) within 12 hours
  waivable under pass(i) by battalion or above for at most 2 days
}

rule follow_up "Follow up serious incidents" {
  cites order#follow
  for each i: Incident
  when serious(i)
  everyone must apologise(i) within window after i.seen_at
}

rule visit "Visit listed sites" {
  cites order#tell
  for each i: Incident
  when i.urgent
  everyone must apologise(i) within 1 month after i.seen_at
}

rule keep_out "Keep out of listed sites" {
  cites order#keep
  for each s: Site
  when s.listed
  no one may enter(s)
}

rule advise "Report soon" {
  cites pledge#tell
  for each i: Incident
  everyone should apologise(i) within 2 days after i.seen_at
}

constraint counted "The dead are counted" {
  cites order#tell
  for each i: Incident
  require i.dead >= 0 and i.dead <= 1000
}
"#;

const PASSAGES: &str = "Everything in these orders is made up for tests.\n\nGrave incidents are told of. {#tell}\n\nThey are followed up. {#follow}\n\nNobody enters a listed site. {#keep}\n\nAnother passage. {#other}\n";

/// The base with some texts replaced; each has to stand there once.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(BASE.to_owned(), |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text.replace(old, new)
    })
}

fn files(text: &str) -> Files {
    let mut files = single(text);
    files.insert("sources/order.md".to_owned(), PASSAGES.to_owned());
    files
}

#[derive(Default)]
struct Pairs(Compiler);

impl Pairs {
    fn pack(&mut self, text: &str) -> Pack {
        self.0.pack(&files(text)).unwrap_or_else(|said| panic!("{said:#?}"))
    }

    fn differ(&mut self, edits: &[(&str, &str)]) -> Difference {
        let (old, new) = (self.pack(BASE), self.pack(&edited(edits)));
        compare(&old, &new)
    }

    /// What became of the only rule that differs.
    fn one(&mut self, edits: &[(&str, &str)]) -> RuleDifference {
        let difference = self.differ(edits);
        let [rule] = difference.rules.as_slice() else { panic!("{edits:?}: {:#?}", difference.rules) };
        rule.clone()
    }
}

fn has(rule: &RuleDifference, class: Class) -> bool {
    rule.examples.iter().any(|example| example.class == class)
}

/// An edit, what became of the rule, the aspects that differ, and classes of which a situation is shown.
type Planted<'t> = (&'t str, &'t [(&'t str, &'t str)], Verdict, &'t [Aspect], &'t [Class]);

const PLANTED: &[Planted<'static>] = &[
    ("the title", &[("\"Tell of grave incidents\"", "\"Tell of every grave incident\"")], Verdict::Same, &[], &[]),
    ("another citation", &[("cites order#keep", "cites order#other")], Verdict::Same, &[], &[]),
    (
        "a longer deadline",
        &[("report(i) within 24 hours", "report(i) within 48 hours")],
        Verdict::Weaker,
        &[Aspect::Due],
        &[Class::NoLongerBroken],
    ),
    (
        "a shorter deadline",
        &[("report(i) within 24 hours", "report(i) within 12 hours")],
        Verdict::Stricter,
        &[Aspect::Due],
        &[Class::NewlyBroken],
    ),
    (
        "a narrower condition",
        &[("when i.urgent", "when i.urgent and i.grave")],
        Verdict::Weaker,
        &[Aspect::Applicability],
        &[],
    ),
    (
        "a wider condition",
        &[("when i.grave and i.dead > 3", "when i.grave")],
        Verdict::Stricter,
        &[Aspect::Applicability],
        &[Class::NewlyBroken],
    ),
    (
        "a lower bound in a condition",
        &[("i.grave and i.dead > 3", "i.grave and i.dead > 2")],
        Verdict::Stricter,
        &[Aspect::Applicability],
        &[Class::NewlyBroken],
    ),
    (
        "an exception less",
        &[("  unless i.refuted\n", "")],
        Verdict::Stricter,
        &[Aspect::Applicability],
        &[Class::NewlyBroken],
    ),
    (
        "an exception more",
        &[("when serious(i)\n", "when serious(i)\n  unless i.refuted\n")],
        Verdict::Weaker,
        &[Aspect::Applicability],
        &[Class::NoLongerBroken],
    ),
    (
        "looser evidence",
        &[("r.incident == i and r.complete by", "r.incident == i by")],
        Verdict::Weaker,
        &[Aspect::Evidence],
        &[Class::NoLongerBroken],
    ),
    (
        "tighter evidence",
        &[(
            "evidence e: Entry where e.site == s",
            "evidence e: Entry where e.site == s and e.entered_at > 2024-01-01T00:00Z",
        )],
        Verdict::Weaker,
        &[Aspect::Evidence],
        &[Class::NoLongerBroken],
    ),
    (
        "a narrower bearer",
        &[("  officer must report(i)", "  duty_officer must report(i)")],
        Verdict::Stricter,
        &[Aspect::Bearer],
        &[],
    ),
    (
        "a higher floor of a waiver",
        &[("by battalion or above", "by brigade or above")],
        Verdict::Stricter,
        &[Aspect::Waiver],
        &[],
    ),
    (
        "a lower floor of a waiver",
        &[("by battalion or above", "by company or above")],
        Verdict::Weaker,
        &[Aspect::Waiver],
        &[],
    ),
    (
        "no waiver any more",
        &[("  waivable under pass(i) by battalion or above for at most 2 days\n", "")],
        Verdict::Stricter,
        &[Aspect::Waiver],
        &[],
    ),
    ("a longer waiver", &[("for at most 2 days", "for at most 3 days")], Verdict::Weaker, &[Aspect::Waiver], &[]),
    (
        "a recommendation now",
        &[("everyone must apologise(i) within window", "everyone should apologise(i) within window")],
        Verdict::Weaker,
        &[Aspect::Strength],
        &[Class::Lighter],
    ),
    (
        "an obligation now",
        &[("everyone should apologise(i)", "everyone must apologise(i)")],
        Verdict::Stricter,
        &[Aspect::Strength],
        &[Class::Heavier],
    ),
    (
        "a constraint loosened",
        &[("i.dead <= 1000", "i.dead <= 2000")],
        Verdict::Weaker,
        &[Aspect::Evidence],
        &[Class::NoLongerBroken],
    ),
    (
        "a constraint tightened",
        &[("i.dead <= 1000", "i.dead <= 500")],
        Verdict::Stricter,
        &[Aspect::Evidence],
        &[Class::NewlyBroken],
    ),
    (
        "a ban that is narrower",
        &[("when s.listed\n", "when s.listed and s.id != \"camp\"\n")],
        Verdict::Weaker,
        &[Aspect::Applicability],
        &[Class::NoLongerBroken],
    ),
    (
        "a window of a ban",
        &[("no one may enter(s)\n", "no one may enter(s) before 2030-01-01\n")],
        Verdict::Weaker,
        &[Aspect::Due],
        &[Class::NoLongerBroken],
    ),
    ("a parameter upwards", &[("= 24 hours", "= 36 hours")], Verdict::Weaker, &[Aspect::Due], &[Class::NoLongerBroken]),
    ("a parameter downwards", &[("= 24 hours", "= 6 hours")], Verdict::Stricter, &[Aspect::Due], &[Class::NewlyBroken]),
    (
        "a definition that means something else",
        &[("i.grave or i.dead > 3", "i.grave or i.dead > 5")],
        Verdict::Weaker,
        &[Aspect::Applicability],
        &[Class::NoLongerBroken],
    ),
    (
        "a condition rewritten",
        &[("when i.grave and i.dead > 3", "when not (not i.grave or i.dead <= 3)")],
        Verdict::Same,
        &[],
        &[],
    ),
    (
        "a condition rewritten with numbers",
        &[("when i.grave and i.dead > 3", "when i.grave and i.dead >= 4")],
        Verdict::Same,
        &[],
        &[],
    ),
    (
        "a deadline written otherwise",
        &[("apologise(i) within 2 days after i.seen_at", "apologise(i) by i.seen_at + 2 days")],
        Verdict::Weaker,
        &[Aspect::Due],
        &[],
    ),
    (
        "one clock instead of another",
        &[("within 2 days after i.seen_at", "within 2 days after i.told_at")],
        Verdict::Incomparable,
        &[Aspect::Due],
        &[],
    ),
];

#[test]
fn every_planted_change_is_told_as_what_it_is() {
    let mut pairs = Pairs::default();
    let mut wrong = Vec::new();
    for (what, edits, verdict, aspects, classes) in PLANTED {
        let difference = pairs.differ(edits);
        let [rule] = difference.rules.as_slice() else {
            wrong.push(format!("{what}: {} rules differ: {:#?}", difference.rules.len(), difference.rules));
            continue;
        };
        let found: Vec<Aspect> = rule
            .aspects
            .iter()
            .filter(|a| a.direction != mandate_prove::differ::Direction::Same)
            .map(|a| a.aspect)
            .collect();
        let shown = classes.iter().all(|class| has(rule, *class));
        if rule.verdict != *verdict || found != *aspects || !shown {
            wrong.push(format!(
                "{what}: {:?} in {found:?} {:?}, shown {:?}, open {:?}",
                rule.verdict,
                rule.aspects.iter().map(|a| a.direction).collect::<Vec<_>>(),
                rule.examples.iter().map(|e| (e.class, &e.old, &e.new)).collect::<Vec<_>>(),
                rule.open
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_only_ordered_otherwise_is_equal() {
    let mut pairs = Pairs::default();
    let head = BASE.find("rule follow_up").expect("a rule");
    let tail = BASE.find("rule visit").expect("a rule");
    let (before, moved, after) = (&BASE[..head], &BASE[head..tail], &BASE[tail..]);
    let (old, new) = (pairs.pack(BASE), pairs.pack(&format!("{before}{after}\n{moved}")));
    let difference = compare(&old, &new);
    assert!(difference.rules.is_empty() && difference.declarations.is_empty(), "{difference:#?}");
    assert_eq!((difference.equal, difference.release.needed), (old.rules.len(), Level::Patch));
    let same = compare(&old, &old);
    assert_eq!((same.rules.len(), same.release.needed, same.release.enough), (0, Level::None, true));
    assert!(!same.changes_meaning());
}

#[test]
fn rules_are_recognised_by_what_they_say() {
    let mut pairs = Pairs::default();
    let renamed = pairs.one(&[("rule keep_out", "rule stay_out")]);
    assert_eq!(
        (renamed.recognised, renamed.verdict, renamed.renamed),
        (Some(Recognised::Content), Verdict::Same, true)
    );
    let changed = pairs.one(&[
        ("rule tell \"Tell of grave incidents\"", "rule tell_all \"Tell of all grave incidents\""),
        ("report(i) within 24 hours", "report(i) within 12 hours"),
    ]);
    assert_eq!((changed.recognised, changed.verdict), (Some(Recognised::Similarity), Verdict::Stricter));
    // Definitions, parameters and variables have no names that matter.
    let difference = pairs.differ(&[
        ("define serious(i: Incident) = i.grave or i.dead > 3", "define harsh(x: Incident) = x.grave or x.dead > 3"),
        ("when serious(i)", "when harsh(i)"),
    ]);
    assert!(difference.rules.iter().all(|rule| rule.verdict == Verdict::Same), "{difference:#?}");
    let gone = pairs.differ(&[(
        BASE.get(BASE.find("rule visit").expect("a rule")..BASE.find("rule keep_out").expect("a rule"))
            .expect("a part"),
        "",
    )]);
    assert_eq!((gone.rules.len(), gone.rules[0].verdict, gone.release.needed), (1, Verdict::Removed, Level::Major));
}

#[test]
fn what_is_beyond_proof_is_said() {
    let mut pairs = Pairs::default();
    let months = pairs.one(&[("within 1 month after", "within 30 days after")]);
    assert!(!months.never_weaker && !months.never_stricter, "{months:#?}");
    assert!(!months.open.is_empty(), "{months:#?}");
    let surely = pairs.one(&[("within 1 month after", "within 31 days after")]);
    assert!(surely.never_stricter && !surely.never_weaker, "{surely:#?}");
}

#[test]
fn levels_of_otherwise_and_priorities_are_compared() {
    let mut pairs = Pairs::default();
    let dropped = pairs.one(&[("  otherwise officer must apologise(i) within 12 hours\n", "")]);
    assert_eq!(dropped.aspects.iter().map(|a| a.aspect).collect::<Vec<_>>(), [Aspect::Otherwise]);
    assert!(has(&dropped, Class::NoLongerOwed) && dropped.verdict != Verdict::Same, "{dropped:#?}");
    let sooner = pairs.one(&[("apologise(i) within 12 hours", "apologise(i) within 6 hours")]);
    assert!(sooner.never_weaker && !sooner.never_stricter, "{sooner:#?}");
    let over = "\nrule refuge \"Shelter\" {\n  cites order#other\n  for each s: Site\n  when s.id == \"refuge\"\n  everyone may enter(s)\n  overrides keep_out(s)\n}\n";
    let (old, new) = (pairs.pack(BASE), pairs.pack(&format!("{BASE}{over}")));
    let difference = compare(&old, &new);
    let ban = difference
        .rules
        .iter()
        .find(|rule| rule.new.as_ref().is_some_and(|n| n.name.ends_with("keep_out")))
        .expect("listed");
    assert_eq!((ban.verdict, ban.aspects[0].aspect), (Verdict::Weaker, Aspect::Priority), "{ban:#?}");
    assert!(ban.never_stricter);
}

#[test]
fn declarations_are_compared_by_what_data_and_tools_rely_on() {
    let mut pairs = Pairs::default();
    let mut level = |edits: &[(&str, &str)]| {
        let difference = pairs.differ(edits);
        let declared: Vec<String> = difference
            .declarations
            .iter()
            .map(|d| format!("{} {} {:?} {:?}", d.kind, d.name, d.change, d.level))
            .collect();
        (declared.join("; "), difference.release.needed)
    };
    assert_eq!(
        level(&[("  listed: Bool?\n", "  listed: Bool?\n  closed: Bool?\n")]),
        ("record Site Changed Minor".into(), Level::Minor)
    );
    assert_eq!(level(&[("  told_at: Time?\n", "")]), ("record Incident Changed Major".into(), Level::Major));
    assert_eq!(level(&[("company < battalion < brigade", "company < battalion < brigade < division")]).1, Level::Minor);
    assert_eq!(
        level(&[("in 1 hour .. 72 hours", "in 1 hour .. 96 hours")]),
        ("parameter window Changed Minor".into(), Level::Minor)
    );
    assert_eq!(
        level(&[("in 1 hour .. 72 hours", "in 1 hour .. 48 hours")]),
        ("parameter window Changed Major".into(), Level::Major)
    );
    assert_eq!(
        level(&[("title \"Pledge\"", "title \"The pledge\"")]),
        ("source pledge Changed Patch".into(), Level::Patch)
    );
    let (declared, needed) = level(&[("title \"Pledge\" force commitment", "title \"Pledge\" force guidance")]);
    assert_eq!((declared.as_str(), needed), ("source pledge Changed Minor", Level::Minor));
}

#[test]
fn every_format_is_written_and_the_json_is_what_its_schema_says() {
    let mut pairs = Pairs::default();
    let schema = jsonschema::validator_for(&difference_schema()).expect("a schema");
    for (what, edits, ..) in PLANTED {
        let difference = pairs.differ(edits);
        let mut json = Vec::new();
        write_difference(&difference, Format::Json, true, &mut json).expect("written");
        let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        let faults: Vec<String> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{what}: {faults:?}");
    }
    let difference = pairs.differ(&[("report(i) within 24 hours", "report(i) within 48 hours")]);
    let written = |format| {
        let mut text = Vec::new();
        write_difference(&difference, format, true, &mut text).expect("written");
        String::from_utf8(text).expect("UTF-8")
    };
    let text = written(Format::Text { color: false });
    for part in [
        "rule example.tell \"Tell of grave incidents\": weaker, nowhere stricter",
        "- within 24 hours after i.seen_at",
        "+ within 48 hours after i.seen_at",
        "before: violated",
        "the release has to be minor: 0.1.1 or later",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let markdown = written(Format::Markdown);
    assert!(
        markdown.contains("```diff\n- within 24 hours after i.seen_at\n+ within 48 hours after i.seen_at\n```"),
        "{markdown}"
    );
}

/// A mission that stands beside the base, in a package of its own.
fn mission(compiler: &mut Compiler, base: &str, text: &str) -> (Pack, Pack) {
    let mut files = single(text);
    files.insert("../base/base.mandate".to_owned(), base.to_owned());
    files.insert("../base/sources/order.md".to_owned(), PASSAGES.to_owned());
    files.insert(
        "sources/link.md".to_owned(),
        "Everything here is made up for tests.\n\nThe link is down. {#link}\n".to_owned(),
    );
    let pack = compiler.pack(&files).unwrap_or_else(|said| panic!("{said:#?}"));
    let base = compiler.beside("base").unwrap_or_else(|said| panic!("{said:#?}"));
    (base, pack)
}

const MISSION: &str = r#"use base.{Incident, Site, enter, follow_up, keep_out, report, advise, officer, pass, tell, visit, window, apologise}

source link { title "Link" force order document "sources/link.md" }

mission heron "Exercise Heron" refines base {
  set window = 48 hours
  drops visit because "there is nobody to visit"
}

rule keep_out_here "Keep out of some sites" replaces keep_out {
  cites link#link
  for each s: Site
  when s.listed and s.id != "camp"
  no one may enter(s)
}

rule advise_here "Report sooner" replaces advise {
  cites link#link
  for each i: Incident
  everyone should apologise(i) within 1 day after i.seen_at
}
"#;

#[test]
fn a_mission_is_compared_rule_by_rule() {
    let mut compiler = Compiler::default();
    let (base, pack) = mission(&mut compiler, BASE, MISSION);
    let found = refinement(&[&base], &pack, "2026-03-01").expect("a mission");
    let of = |name: &str| found.rules.iter().find(|rule| rule.rule == format!("base.{name}")).expect("compared");
    assert_eq!((of("follow_up").difference.verdict, of("follow_up").unaccepted), (Verdict::Weaker, true));
    assert_eq!(of("follow_up").set, ["base.window"]);
    assert!(has(&of("follow_up").difference, Class::NoLongerBroken));
    assert_eq!((of("visit").difference.verdict, of("visit").unaccepted), (Verdict::Removed, true));
    assert!(has(&of("visit").difference, Class::NoLongerBroken));
    assert_eq!((of("keep_out").difference.verdict, of("keep_out").unaccepted), (Verdict::Weaker, true));
    assert!(has(&of("keep_out").difference, Class::NoLongerBroken));
    assert!(of("advise").difference.never_weaker && !of("advise").unaccepted, "{:#?}", of("advise"));
    assert_eq!(of("tell").difference.verdict, Verdict::Same);
    let codes: Vec<&str> = refinement_findings(&found, &pack).iter().map(|finding| finding.code.id).collect();
    assert_eq!(codes, ["E309", "E309", "E309"]);
    assert!(refinement_findings(&found, &pack).iter().all(|finding| finding.situation.is_some()));
    let mut json = Vec::new();
    write_refinement(&found, Format::Json, &mut json).expect("written");
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    let schema = jsonschema::validator_for(&refinement_schema()).expect("a schema");
    assert!(schema.is_valid(&json), "{:?}", schema.iter_errors(&json).map(|e| e.to_string()).collect::<Vec<_>>());
    for format in [Format::Text { color: false }, Format::Markdown] {
        let mut text = Vec::new();
        write_refinement(&found, format, &mut text).expect("written");
        let text = String::from_utf8(text).expect("UTF-8");
        assert!(text.contains("follow") && text.contains("nobody"), "{text}");
    }
}

#[test]
fn acceptances_cover_weakenings_for_a_time() {
    let mut compiler = Compiler::default();
    let accepted = MISSION.replace(
        "  set window = 48 hours\n",
        "  set window = 48 hours\n  accepts weaker follow_up by \"Commander\" under link#link until 2027-01-01 because \"the link is down\"\n  accepts weaker tell by \"Commander\" under link#link until 2027-01-01 because \"for no reason\"\n",
    );
    let (base, pack) = mission(&mut compiler, BASE, &accepted);
    let codes = |today: &str| -> Vec<&'static str> {
        let found = refinement(&[&base], &pack, today).expect("a mission");
        let mut codes: Vec<&'static str> =
            refinement_findings(&found, &pack).iter().map(|finding| finding.code.id).collect();
        codes.sort_unstable();
        codes
    };
    assert_eq!(codes("2026-12-31"), ["E309", "E309", "W314"]);
    assert_eq!(codes("2027-01-01"), ["E309", "E309", "E310", "W314"]);
}
