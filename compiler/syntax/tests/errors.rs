//! Mistakes as people make them, and what they are told: one mistake, one error, in the right place.

use mandate_diagnostics::{Diagnostic, LineIndex};
use mandate_syntax::ast::{ClauseKind, DeclKind, ExprKind, StepKind};
use mandate_syntax::parse;

/// Errors as `line:column code message`.
fn errors(text: &str) -> Vec<String> {
    let lines = LineIndex::new(text);
    let shown = |error: Diagnostic| {
        let place = lines.place(text, error.primary.span.start);
        format!("{}:{} {} {}", place.line, place.column, error.code.id, error.message)
    };
    let module = parse(text);
    let errors = module.items.iter().flat_map(|item| item.decl.errors.iter().map(|e| e.clone().shifted(item.offset)));
    errors.map(shown).collect()
}

/// The text after the first fix of each error.
fn fixed(text: &str) -> String {
    let module = parse(text);
    let errors = module.items.iter().flat_map(|item| item.decl.errors.iter().map(|e| e.clone().shifted(item.offset)));
    let mut edits: Vec<_> =
        errors.filter_map(|error| error.fixes.into_iter().next()).flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut out = text.to_owned();
    for edit in edits {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}

#[test]
fn ten_mistakes_give_ten_errors_in_their_places() {
    let text = "\
use core.{Incident
record Report {
  id Text
  sent_at:
}
rule a {
  wehn i.x
  when i.y = 2
  unless
  commander of u mst report(i)
  everyone must report(i
}
rul b {
}
enum E { a < b, c }
rule c {
  require 1 < x < 3
";
    let found = errors(text);
    assert_eq!(
        found,
        [
            "1:10 E006 this `{` is not closed: `}` is expected, but the declaration ends",
            "3:6 E003 `:` between a field and its type is expected, but `Text` stands here",
            "4:11 E003 a type is expected, but the line ends",
            "7:3 E005 `wehn` is neither a clause nor a bearer; did you mean `when`?",
            "8:12 E008 `=` gives a value to a name; to compare, write `==`",
            "9:9 E003 a value is expected, but the line ends",
            "10:18 E003 `must`, `should`, `aims to` or `may` is expected after the bearer, but `mst` stands here",
            "11:23 E006 this `(` is not closed: `)` is expected, but the line ends",
            "13:1 E004 `rul` is no declaration; did you mean `rule`?",
            "15:17 E014 an enum is ordered with `<` between all its values, or not ordered with `,`; this one mixes both",
            "16:8 E006 this `{` is not closed before the declaration ends",
            "17:11 E007 this comparison is compared again, which has no meaning here",
        ]
    );
}

#[test]
fn a_broken_clause_does_not_hide_the_next() {
    let text = "rule a {\n  when (x == [1,\n  unless y ==\n  let n\n  u must act(i) within\n  require y\n}\n";
    let module = parse(text);
    let DeclKind::Rule(rule) = &module.items[0].decl.kind else { panic!("no rule") };
    let kinds: Vec<_> = rule.clauses.iter().map(|clause| std::mem::discriminant(&clause.kind)).collect();
    assert_eq!(kinds.len(), 5);
    assert!(matches!(rule.clauses[3].kind, ClauseKind::Norm(_)));
    assert!(matches!(rule.clauses[4].kind, ClauseKind::Require(_)));
    assert_eq!(errors(text).len(), 4, "{:#?}", errors(text));
}

#[test]
fn fixes_mend_what_they_are_offered_for() {
    for (wrong, right) in [
        ("rul a {\n}", "rule a {\n}"),
        ("rule a {\n  wehn x\n}", "rule a {\n  when x\n}"),
        ("rule a {\n  when x && y || !z\n}", "rule a {\n  when x and y or not z\n}"),
        ("rule a {\n  when x = 1\n}", "rule a {\n  when x == 1\n}"),
        ("rule a “title” {\n}", "rule a \"title\" {\n}"),
        ("rule a {\n  u may not act(i)\n}", "rule a {\n  u must not act(i)\n}"),
        ("rule a {\n  no one must act(i)\n}", "rule a {\n  no one may act(i)\n}"),
        ("rule a {\n  u shoud act(i)\n}", "rule a {\n  u should act(i)\n}"),
        ("parameter p: Date = 2024-3-1", "parameter p: Date = 2024-03-01"),
        ("parameter p: Int? ? = 1", "parameter p: Int?  = 1"),
        ("define f(x: Int) = (x + 1", "define f(x: Int) = (x + 1)"),
        ("use a\n}", "use a\n"),
        ("rule a {\n  when x", "rule a {\n  when x\n}"),
        ("use a;", "use a"),
        ("define d = f(a b, c)", "define d = f(a, b, c)"),
        ("define d = x in {a, b c}", "define d = x in {a, b, c}"),
        ("define d = { a: 1 b: 2 }", "define d = { a: 1, b: 2 }"),
        ("parameter p: Date = 01.03.2024", "parameter p: Date = 2024-03-01"),
        ("parameter p: Date = 2024/3/1", "parameter p: Date = 2024-03-01"),
        ("parameter p: Decimal = 1,5", "parameter p: Decimal = 1.5"),
        ("parameter p: Money = 1.500,50 EUR", "parameter p: Money = 1500.50 EUR"),
        ("parameter p: Money = 1,500,000 EUR", "parameter p: Money = 1500000 EUR"),
        ("parameter p: Money = 1.500.000 EUR", "parameter p: Money = 1500000 EUR"),
        ("parameter p: Money = 5 €", "parameter p: Money = 5 EUR"),
        ("parameter p: Money = 5€", "parameter p: Money = 5 EUR"),
        ("rule a {\n  u shall report(i)\n}", "rule a {\n  u must report(i)\n}"),
        ("rule a {\n  r of u shall not report(i)\n}", "rule a {\n  r of u must not report(i)\n}"),
        ("rule a {\n  everyone has to report(i)\n}", "rule a {\n  everyone must report(i)\n}"),
        ("rule a {\n  u ought to report(i)\n}", "rule a {\n  u should report(i)\n}"),
        ("rule a {\n  no one shall report(i)\n}", "rule a {\n  no one may report(i)\n}"),
        ("rule a {\n  for all i: Incident\n}", "rule a {\n  for each i: Incident\n}"),
        ("rule a {\n  for i: Incident\n}", "rule a {\n  for each i: Incident\n}"),
        (
            "rule a {\n  u must act(i) within 2 days aftre i.t\n}",
            "rule a {\n  u must act(i) within 2 days after i.t\n}",
        ),
        ("rule a {\n  when x adn y\n}", "rule a {\n  when x and y\n}"),
        ("define d = x is null", "define d = x is missing"),
        ("define d = x is not null", "define d = x is known"),
        ("define d = x is not known", "define d = x is missing"),
        ("define d = x == null", "define d = x is missing"),
        ("define d = a and x.y != null", "define d = a and x.y is known"),
        ("define d = a and x.y not in {b, c}", "define d = a and not x.y in {b, c}"),
        ("define d = x is in {b, c}", "define d = x in {b, c}"),
        ("record R { a: A,, b: B }", "record R { a: A, b: B }"),
    ] {
        assert_eq!(fixed(wrong), right);
        assert!(errors(right).is_empty(), "{right}: {:?}", errors(right));
    }
}

#[test]
fn a_refused_name_is_told_where_it_is_given_and_not_where_it_is_used() {
    let says = "E003 `by` is a word of the language and cannot name a variable";
    assert_eq!(errors("define d(by: Int) = by > 1 and f(by)"), [format!("1:10 {says}")]);
    assert_eq!(errors("rule a {\n  for each by: Post\n  by.unit must act(by)\n}"), [format!("2:12 {says}")]);
}

#[test]
fn what_can_be_read_in_two_ways_is_refused_and_not_guessed() {
    let says = |text: &str| errors(&format!("define d = {text}"));
    assert_eq!(says("500.000"), ["1:12 E015 `500.000` can be read as 500 and as 500000"]);
    assert_eq!(says("1.250 EUR"), ["1:12 E015 `1.250` can be read as 1.25 and as 1250"]);
    assert_eq!(says("1,500"), ["1:12 E015 `1,500` is not written as a number"]);
    assert_eq!(says("03/01/2024"), ["1:12 E010 `03/01/2024` is not written as a date"]);
    for right in ["0.125", "1.125", "1.250 km", "0.500 EUR", "12.50 EUR", "f(1,500)", "x in {1,5}", "min(1,5)"] {
        assert_eq!(says(right), [""; 0], "{right}");
    }
    for two in ["500,000", "03/01/2024", "500.000"] {
        assert_eq!(fixed(&format!("define d = {two}")), format!("define d = {two}"));
    }
}

#[test]
fn an_empty_record_stands_where_a_record_does() {
    let text = "scenario \"s\" {\n  given i: I { victims: [V {}, { age: 9 }, {}], none: {}, one: V {} }\n}\n";
    assert_eq!(errors(text), [""; 0]);
    assert_eq!(mandate_syntax::format(text), text);
    let module = parse(text);
    let DeclKind::Scenario(scenario) = &module.items[0].decl.kind else { panic!("no scenario") };
    let StepKind::Given { fields, .. } = &scenario.steps[0].kind else { panic!("nothing given") };
    let ExprKind::List(victims) = &fields[0].1.kind else { panic!("no list") };
    assert!(victims.iter().all(|victim| matches!(victim.kind, ExprKind::Record(..))), "{victims:#?}");
    assert!(matches!(&fields[1].1.kind, ExprKind::List(items) if items.is_empty()));
    assert!(matches!(&fields[2].1.kind, ExprKind::Record(Some(_), none) if none.is_empty()));
}

#[test]
fn keywords_are_ordinary_words_where_none_is_asked_for() {
    let text = "\
record R key key at at {
  key: Text
  at: Time
  source: Source, rule: Text, when: Text
  sensitive: Bool
}
define f(record: R) = record.when == role and record.source.at.unless in {party, flag, data} and R { when: 1 } == all
rule rule {
  when r.must and r.in.force.for == 3
  flag \"x\" when count > 3 and some == the
  party must rank(role)
}
";
    assert_eq!(errors(text), [""; 0]);
}

#[test]
fn an_ordered_enum_has_values_on_both_sides_of_its_sign() {
    let says = "E003 a value on each side of `<` is expected, but";
    assert_eq!(errors("enum E { a < }"), [format!("1:14 {says} `}}` stands here")]);
    assert_eq!(errors("enum E { < a }"), [format!("1:12 {says} `a` stands here")]);
}

#[test]
fn invisible_and_foreign_characters_are_named() {
    let text = "define a = \"x\u{202E}y\"\ndefine b = 1\u{A0}+ 2\ndefine c = caf\u{e9}\ndefine d = 1 /* two */\ndefine e = ...\n";
    assert_eq!(
        errors(text),
        [
            "1:14 E012 an invisible character (U+202E) turns the direction of writing here",
            "2:13 E001 this space is not an ordinary one and means nothing here",
            "3:12 E001 `caf\u{e9}` has letters that a name cannot have",
            "4:14 E001 a comment is written with `//` at the head of each of its lines",
            "5:12 E001 `...` means nothing here",
        ]
    );
}

#[test]
fn a_field_half_typed_leaves_the_next_line_alone() {
    for half in ["when i.", "when i.x ==", "when some v in", "unless not", "let n =", "on", "u must", "u must act("] {
        let text = format!("rule a {{\n  {half}\n  everyone must report(i)\n}}\n");
        let module = parse(&text);
        let DeclKind::Rule(rule) = &module.items[0].decl.kind else { panic!("no rule") };
        assert_eq!(rule.clauses.len(), 2, "{half}: {rule:#?}");
        assert!(matches!(rule.clauses[1].kind, ClauseKind::Norm(_)), "{half}");
        assert_eq!(errors(&text).len(), 1, "{half}: {:?}", errors(&text));
    }
}
