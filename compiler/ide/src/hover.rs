//! What a word means, for a reader who stops at it.

use crate::hover_values;
use crate::keywords;
use crate::proofs::Proven;
use mandate_diagnostics::Span;
use mandate_semantics::{CitedPassage, Description, Snapshot};

/// An answer with the words it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The words.
    pub span: Span,
    /// Markdown.
    pub markdown: String,
}

// Feature: Hover
//
// On a name: how it is declared, its type, its documentation. On a rule: its sentence and conditions, and the passages it
// cites with their document and force. On a citation: the passage in full. On a keyword: what it means, with an example. On a parameter, and
// on a rule that uses some: the values that count here, a mission's own if it sets them. On a date its weekday, on a sign or bracket the type
// of the expression around it.
/// What is to be said about the word at a byte; `None` in passage files and where nothing is meant.
pub fn hover(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Hover> {
    if let Some(reference) = snapshot.reference_at(path, offset)
        && let Some(description) = snapshot.describe(&reference.target)
    {
        let beside = hover_values::beside(snapshot, path, &reference.target);
        return Some(Hover { span: reference.span, markdown: page_with(snapshot, &description, beside) });
    }
    if !crate::is_module(snapshot, path) {
        return None;
    }
    let text = snapshot.text(path)?;
    let explained =
        keywords::explain(&text, offset).map(|found| Hover { span: found.span, markdown: found.page.to_owned() });
    explained.or_else(|| hover_values::at(snapshot, path, &text, offset))
}

/// As [`hover`], with findings about rules of the same file before it: the situation in which each shows, told in full.
pub fn hover_with(snapshot: &Snapshot, path: &str, offset: u32, proven: &[Proven]) -> Option<Hover> {
    let word = hover(snapshot, path, offset);
    let here: Vec<&Proven> = proven.iter().filter(|one| one.diagnostic.primary.span.touches(offset)).collect();
    let span = match (&word, here.first()) {
        (Some(word), _) => word.span,
        (None, Some(first)) => first.diagnostic.primary.span,
        (None, None) => return None,
    };
    let pages: Vec<String> =
        here.into_iter().map(|one| one.page.clone()).chain(word.map(|word| word.markdown)).collect();
    Some(Hover { span, markdown: pages.join("\n\n---\n\n") })
}

/// What is to be said about a declaration, a field, a passage.
pub(crate) fn page(snapshot: &Snapshot, description: &Description) -> String {
    page_with(snapshot, description, Vec::new())
}

/// As [`page`], with more to be said before the passages.
fn page_with(snapshot: &Snapshot, description: &Description, beside: Vec<String>) -> String {
    let mut parts = vec![format!("```mandate\n{}\n```", description.signature)];
    // A passage says the title of its source itself.
    let only_passage = matches!(&*description.passages, [one] if one.source == description.title);
    if !description.title.is_empty() && !only_passage {
        parts.push(format!("**{}**", escaped(&description.title)));
    }
    if !description.sentences.is_empty() {
        let sentences = description.sentences.iter().chain(&description.conditions);
        parts.push(sentences.map(|sentence| format!("> {}", escaped(sentence))).collect::<Vec<_>>().join("  \n"));
    }
    if !description.interpretations.is_empty() {
        let notes = description.interpretations.iter().map(|note| format!("- {}", escaped(note)));
        parts.push(notes.collect::<Vec<_>>().join("\n"));
    }
    if !description.review.is_empty() {
        parts.push(format!("*{}*", description.review));
    }
    if !description.carries.is_empty() {
        let ids: Vec<String> = description.carries.iter().map(|id| format!("`{}`", id.replace('`', "'"))).collect();
        parts.push(format!("Carries {}", ids.join(", ")));
    }
    if !description.doc.is_empty() {
        parts.push(description.doc.clone());
    }
    parts.extend(beside);
    if !description.passages.is_empty() {
        parts.push("---".to_owned());
    }
    parts.extend(description.passages.iter().map(|passage| cited(snapshot, passage)));
    parts.join("\n\n")
}

/// A passage with its document, what binds in it, and where the official wording is.
fn cited(snapshot: &Snapshot, passage: &CitedPassage) -> String {
    let mut head = format!("**{}**", escaped(&passage.source));
    if !passage.passage.is_empty() {
        head.push_str(&format!(", `#{}`", passage.passage));
    }
    if let Some(page) = passage.page {
        head.push_str(&format!(", page {page}"));
    }
    let mut facts: Vec<String> = passage.issuer.iter().map(|issuer| escaped(issuer)).collect();
    facts.extend(passage.force.map(|force| force.word().to_owned()));
    facts.extend(passage.in_force_from.as_ref().map(|day| format!("in force from {day}")));
    facts.extend(passage.in_force_until.as_ref().map(|day| format!("until {day}")));
    facts.extend(passage.compulsory_from.as_ref().map(|day| format!("compulsory from {day}")));
    if !facts.is_empty() {
        head.push_str(&format!("  \n*{}*", facts.join(" · ")));
    }
    if let Some(words) = words(snapshot, passage) {
        head.push_str(&format!("\n\n{words}"));
    } else if !passage.passage.is_empty() {
        head.push_str("\n\nIts document has no such passage, or there is no document.");
    }
    if let Some(link) = &passage.link {
        head.push_str(&format!("\n\n[Official wording](<{link}>)"));
    }
    head
}

/// The passage as its document has it, quoted: headings in bold, without the names of passages.
fn words(snapshot: &Snapshot, passage: &CitedPassage) -> Option<String> {
    // A hover is read at a glance; the rest is one jump away.
    const LINES: usize = 40;
    let place = passage.place.as_ref()?;
    let text = snapshot.text(&place.path)?;
    let text = text.get(place.span.range())?.trim_end();
    let line = |line: &str| {
        let named = line.trim_end();
        let bare = named.rfind("{#").filter(|_| named.ends_with('}')).map_or(named, |at| named[..at].trim_end());
        match bare.strip_prefix('#') {
            Some(heading) => format!("> **{}**", heading.trim_start_matches('#').trim()),
            None => format!("> {bare}").trim_end().to_owned(),
        }
    };
    let mut lines: Vec<String> = text.lines().take(LINES).map(line).collect();
    if text.lines().nth(LINES).is_some() {
        lines.push("> ...".to_owned());
    }
    Some(lines.join("\n"))
}

/// Words of a message, which sets names between backticks, as Markdown that shows the names as code and all else as it is.
pub(crate) fn told(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // Where a backtick has no partner, none of them is a mark of ours.
    if pieces.len().is_multiple_of(2) {
        return escaped(text);
    }
    let piece = |(at, piece): (usize, &&str)| match at % 2 {
        1 if !piece.is_empty() => format!("`{piece}`"),
        _ => escaped(piece),
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// Plain words as Markdown that shows them as they are.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '*' | '_' | '`' | '<' | '[' | ']' | '#') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    /// The words with what is said about them, or nothing.
    fn shown(rules: &str) -> String {
        let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{RULES}{rules}"));
        match hover(&fixture.snapshot, &fixture.path, fixture.offset) {
            Some(found) => format!("[{}]\n{}", fixture.words(found.span), found.markdown),
            None => String::new(),
        }
    }

    #[test]
    fn names_in_messages_are_code_and_nothing_else_is_markup() {
        assert_eq!(told("`a_b` and *c*, `d`"), "`a_b` and \\*c\\*, `d`");
        assert_eq!(told("one ` alone_"), "one \\` alone\\_");
        assert_eq!(told("nothing `` between"), "nothing  between");
    }

    const RULES: &str = r#"use units.{Unit}

source order_7 {
  title    "Order 7 of *mission* command"
  issuer   "Mission command"
  force    order
  document "sources/order.md"
  link     "https://example.org/order-7"
}

record Incident key id at seen_at {
  id: Text
  seen_at: Time
  unit: Unit
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

/// The first duty.
rule report_it "Report what you see" {
  cites order_7#reporting
  for each i: Incident
  when i.unit.name is known
  everyone must report(i) within 24 hours after i.seen_at
}
"#;

    #[test]
    fn a_rule_is_told_by_its_sentence_and_the_passage_behind_it() {
        assert_eq!(
            shown("\nscenario \"x\" {\n  given i: Incident { id: \"1\" }\n  expect report$0_it(i) undetermined\n}\n"),
            r#"[report_it]
```mandate
rule report_it
```

**Report what you see**

> everyone must report(i) within 24 hours after i.seen\_at  
> when i.unit.name is known

The first duty.

---

**Order 7 of \*mission\* command**, `#reporting`  
*Mission command · order*

> **Reporting**
>
> Whoever sees a grave incident reports it within a day.

[Official wording](<https://example.org/order-7>)"#
        );
    }

    #[test]
    fn a_citation_shows_the_passage() {
        let carried = shown(
            "\nbackground order_7#leave \"not ours\" carries \"C-2\"\ncarries \"C-$02 (who)\" by units.Unit \"the record\"\n",
        );
        assert!(
            carried.contains("- `Unit`") && carried.contains("- `order_7#leave`, which is no rule: not ours"),
            "{carried}"
        );
        assert!(shown("\ncarries \"C-2\" by units.Un$0it \"the record\"\n").contains("A unit in the field."));
        assert!(shown("\ncarries \"C-2\" b$0y units.Unit \"the record\"\n").contains("# carries"));
        let found = shown("\nbackground order_7#lea$0ve \"not ours\"\n");
        assert!(found.starts_with("[#leave]\n```mandate\norder_7#leave\n```\n\n---\n\n**Order 7"), "{found}");
        assert!(found.contains("> Leave is granted by the commander."), "{found}");
    }

    #[test]
    fn a_field_and_a_variable_show_their_types() {
        let found = shown("\ndefine named(u: Unit) = u.na$0me is known\n");
        assert_eq!(found, "[name]\n```mandate\nUnit: name: Text?\n```\n\nAs its badge says.");
        assert!(shown("\ndefine named(u: Unit) = $0u.name is known\n").starts_with("[u]\n```mandate\nu: Unit\n```"));
    }

    #[test]
    fn a_keyword_is_explained_and_a_field_of_that_name_is_not() {
        assert!(shown("\ndefine d(u: Unit) = u.name is kno$0wn\n").starts_with("[is known]\n# is known"));
        assert!(
            shown("\nrecord Odd {\n  source: Text\n}\ndefine d(o: Odd) = o.sour$0ce is known\n")
                .contains("source: Text")
        );
        assert_eq!(shown("\n// un$0less\n"), "");
    }

    #[test]
    fn a_rule_shows_the_values_behind_it_and_a_parameter_its_own() {
        let rest = "\nparameter window: Duration in 1 hour .. 3 days = 24 hours\n\nrule timely \"In time\" {\n  cites order_7#reporting\n  carries \"C-1\"\n  for each i: Incident\n  everyone must report(i) within wi$0ndow after i.seen_at\n}\n";
        let found = shown(rest);
        assert!(found.starts_with("[window]\n") && found.contains("`window` is **24 hours**."), "{found}");
        assert!(found.contains("A mission may choose from 1 hour to 3 days."), "{found}");
        let found = shown(&rest.replace("wi$0ndow", "window").replace("rule timely", "rule tim$0ely"));
        assert!(found.contains("- `window` = **24 hours**") && found.contains("Carries `C-1`"), "{found}");
        let found = shown(&rest.replace("wi$0ndow", "window").replace("C-1", "C$0-1"));
        assert!(found.contains("Statement **C-1**") && found.contains("- `timely` In time"), "{found}");
        assert!(shown("\ndefine na$0med(u: Unit) = u.name is known\n").contains("Type: `Bool`"));
    }

    #[test]
    fn dates_units_and_expressions_tell_what_they_are() {
        let define = |body: &str| shown(&format!("\ndefine d(i: Incident) = {body}\n"));
        assert!(define("i.seen_at < 2024-03$0-01T08:00Z").contains("**Friday, 1 March 2024, 08:00:00 UTC**"));
        assert!(shown("\nparameter p: Date = 2024-$003-01\n").contains("**Friday, 1 March 2024**"));
        let hours = define("i.seen_at + 2$04 hours");
        assert!(hours.contains("Duration") && hours.contains("Elapsed time"), "{hours}");
        assert!(define("i.seen_at + 3 da$0ys").contains("Calendar time"));
        let sum = define("i.seen_at $0+ 3 days");
        assert_eq!(sum, "[i.seen_at + 3 days]\n```mandate\ni.seen_at + 3 days: Time\n```");
        assert!(define("i.unit.name =$0= \"x\"").contains("May be unknown."));
    }

    #[test]
    fn words_quoted_from_a_passage_show_it() {
        let found = shown("\nrule r \"R\" {\n  cites order_7#reporting \"reports i$0t within\"\n}\n");
        assert!(found.starts_with("[\"reports it within\"]\n") && found.contains("Whoever sees"), "{found}");
    }
}
