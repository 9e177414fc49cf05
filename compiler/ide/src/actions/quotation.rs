//! Quotations that do not say what their passages say.

use super::{Action, ActionKind, Context};
use mandate_diagnostics::{Diagnostic, Edit, Span, codes};
use mandate_documents::{Document, Quotation, locate};
use mandate_semantics::Target;
use mandate_syntax::ast::{Citation, ClauseKind, DeclKind, Item};
use std::sync::Arc;

/// A longer passage is not quoted whole.
const LONGEST: usize = 400;

pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    for diagnostic in context.here().filter(|found| found.code.id == codes::E061.id) {
        if let Some((citation, offset)) = citation_at(context, diagnostic.primary.span) {
            offer(context, diagnostic, citation, offset, out);
        }
    }
}

fn citation_at<'c>(context: &'c Context<'_>, quotation: Span) -> Option<(&'c Citation, u32)> {
    context.tree.items.iter().find_map(|item| {
        let here = |citation: &&Citation| {
            citation.quotation.as_ref().is_some_and(|words| words.span.shifted(item.offset) == quotation)
        };
        Some((citations(item).into_iter().find(here)?, item.offset))
    })
}

/// The citations of a declaration.
pub(super) fn citations(item: &Item) -> Vec<&Citation> {
    match &item.decl.kind {
        DeclKind::Rule(rule) => {
            let cites = rule.clauses.iter().filter_map(|clause| match &clause.kind {
                ClauseKind::Cites(citations) => Some(citations),
                _ => None,
            });
            cites.flatten().collect()
        }
        DeclKind::Background(background) => vec![&background.citation],
        _ => Vec::new(),
    }
}

fn offer(context: &Context<'_>, diagnostic: &Diagnostic, citation: &Citation, offset: u32, out: &mut Vec<Action>) {
    let Some(words) = &citation.quotation else { return };
    let mut say = |title: String, edits: Vec<Edit>| {
        out.push(Action::edits(ActionKind::QuickFix, title, &context.path, edits).mending(diagnostic));
    };
    let quoted = words.span.shifted(offset);
    let replaced = |text: &str| Edit { span: quoted, text: written(text) };
    if let Some(document) = document_of(context, citation, offset) {
        let cited: Vec<&str> =
            citation.passage.iter().chain(&citation.to).map(|passage| passage.text.as_str()).collect();
        let single = (cited.len() == 1).then_some(citation.passage.as_ref()).flatten();
        if let (Quotation::Altered { passage, words }, Some(there)) = (locate(&document, &cited, &words.text), single)
            && passage != there.text
        {
            let cite = Edit { span: there.span.shifted(offset), text: format!("#{passage}") };
            say(format!("Cite `#{passage}`, and quote what stands there"), vec![cite, replaced(&words)]);
        }
        let passage = single.and_then(|passage| document.passages.get(&passage.text));
        if let Some(whole) = passage.map(|passage| body(&document, passage.block, &passage.text))
            && whole.chars().count() <= LONGEST
            && !whole.is_empty()
        {
            say("Quote the passage as it reads".to_owned(), vec![replaced(&whole)]);
        }
    }
    let before = context.text[..quoted.start as usize].trim_end().len() as u32;
    say("Leave the quotation out".to_owned(), vec![Edit { span: Span::new(before, quoted.end), text: String::new() }]);
}

/// The words of a passage on one line, without the heading that names it.
fn body(document: &Document, block: usize, text: &str) -> String {
    let heading = document.blocks.get(block).map_or("", |block| block.text.as_str());
    let rest = text.strip_prefix(heading).unwrap_or(text);
    let words = if rest.trim().is_empty() { text } else { rest };
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As words stand between quotation marks.
fn written(words: &str) -> String {
    format!("\"{}\"", words.replace('\\', "\\\\").replace('"', "\\\""))
}

fn document_of(context: &Context<'_>, citation: &Citation, offset: u32) -> Option<Document> {
    let passage = citation.passage.as_ref()?;
    let reference = context.snapshot.reference_at(&context.path, passage.span.start + offset + 1)?;
    let Target::Passage { .. } = &reference.target else { return None };
    let place = context.snapshot.definition(&reference.target)?;
    let text: Arc<str> = context.snapshot.text(&place.path)?;
    Some(Document::read(&text))
}

#[cfg(test)]
mod tests {
    use crate::actions::tests::{after, titles};
    use crate::fixture::MISSION;

    fn file(citation: &str) -> String {
        format!(
            "{MISSION}//- a.mandate\nuse units.{{Unit}}\nsource order_7 {{\n  title \"Order 7\"\n  force order\n  document \"sources/order.md\"\n}}\nconstraint c \"C\" {{\n  cites {citation}\n  for each u: Unit\n  require u.name is known\n}}\n"
        )
    }

    fn cited(text: &str) -> &str {
        text.lines().find(|line| line.starts_with("  cites")).unwrap().trim_start_matches("  cites ")
    }

    #[test]
    fn nearly_right_words_become_those_of_the_passage() {
        let near = file("order_7#reporting \"reports it wi$0thin one day\"");
        assert_eq!(titles(&near)[0], "Quote what stands there");
        assert_eq!(cited(&after(&near, "Quote what stands there")), "order_7#reporting \"reports it within a day\"");
    }

    #[test]
    fn words_of_another_passage_bring_its_citation() {
        let other = file("order_7#reporting \"Leave is granted by a com$0mander\"");
        let title = "Cite `#leave`, and quote what stands there";
        assert_eq!(cited(&after(&other, title)), "order_7#leave \"Leave is granted by the commander\"");
    }

    #[test]
    fn words_from_nowhere_give_way_to_the_passage_or_go() {
        let wrong = file("order_7#leave \"Nobody sings aft$0er dusk on Sundays\"");
        assert_eq!(
            cited(&after(&wrong, "Quote the passage as it reads")),
            "order_7#leave \"Leave is granted by the commander.\""
        );
        assert_eq!(cited(&after(&wrong, "Leave the quotation out")), "order_7#leave");
    }
}
