//! What a word means, for a reader who stops at it.

use crate::keywords;
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
// cites with their document and force. On a citation: the passage in full. On a keyword: what it means, with an example.
/// What is to be said about the word at a byte; `None` in passage files and where nothing is meant.
pub fn hover(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Hover> {
    if let Some(reference) = snapshot.reference_at(path, offset)
        && let Some(description) = snapshot.describe(&reference.target)
    {
        return Some(Hover { span: reference.span, markdown: page(&description) });
    }
    if !crate::is_module(snapshot, path) {
        return None;
    }
    let found = keywords::explain(&snapshot.text(path)?, offset)?;
    Some(Hover { span: found.span, markdown: found.page.to_owned() })
}

fn page(description: &Description) -> String {
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
    if !description.doc.is_empty() {
        parts.push(description.doc.clone());
    }
    if !description.passages.is_empty() {
        parts.push("---".to_owned());
    }
    parts.extend(description.passages.iter().map(cited));
    parts.join("\n\n")
}

/// A passage with its document, what binds in it, and where the official wording is.
fn cited(passage: &CitedPassage) -> String {
    let mut head = format!("**{}**", escaped(&passage.source));
    if !passage.passage.is_empty() {
        head.push_str(&format!(", `#{}`", passage.passage));
    }
    let mut facts: Vec<String> = passage.issuer.iter().map(|issuer| escaped(issuer)).collect();
    facts.extend(passage.force.map(|force| force.word().to_owned()));
    facts.extend(passage.in_force_from.as_ref().map(|day| format!("in force from {day}")));
    if !facts.is_empty() {
        head.push_str(&format!("  \n*{}*", facts.join(" · ")));
    }
    if !passage.text.is_empty() {
        let lines = passage.text.lines().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") });
        head.push_str(&format!("\n\n{}", lines.collect::<Vec<_>>().join("\n")));
    } else if !passage.passage.is_empty() {
        head.push_str("\n\nIts document has no such passage, or there is no document.");
    }
    if let Some(link) = &passage.link {
        head.push_str(&format!("\n\n[Official wording](<{link}>)"));
    }
    head
}

/// Plain words as Markdown that shows them as they are.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '*' | '_' | '`' | '<' | '[' | ']' | '#') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
