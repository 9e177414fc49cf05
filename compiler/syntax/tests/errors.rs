//! Mistakes as people make them, and what they are told: one mistake, one error, in the right place.

use mandate_diagnostics::{Diagnostic, LineIndex};
use mandate_syntax::ast::{ClauseKind, DeclKind};
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
        ("record R { a: A,, b: B }", "record R { a: A, b: B }"),
    ] {
        assert_eq!(fixed(wrong), right);
        assert!(errors(right).is_empty(), "{right}: {:?}", errors(right));
    }
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
