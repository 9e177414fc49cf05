//! `textDocument/completion`, `completionItem/resolve`

use crate::answers::{documentation, offset};
use crate::convert;
use crate::text::Lines;
use crate::workspace::View;
use mandate_ide::{About, Completion, Kind, Shape};
use mandate_semantics::Target;
use serde_json::{Value, json};
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionItemTag, CompletionList,
    CompletionParams, CompletionResponse, CompletionTextEdit, InsertReplaceEdit, InsertTextFormat, TextEdit, Uri,
};

/// Characters that ask for completions when they are typed.
pub(crate) const TRIGGERS: [&str; 7] = [".", "#", "\"", ":", "{", "(", " "];

pub(crate) fn completion(view: &View, params: &CompletionParams) -> Option<CompletionResponse> {
    let (text, offset) = offset(view, params.text_document_position.position)?;
    let context = params.context.as_ref();
    let typed = context.and_then(|context| context.trigger_character.as_ref()).and_then(|typed| typed.chars().next());
    let found = mandate_ide::completion(&view.snapshot, &view.path, offset, typed)?;
    let lines = Lines::new(&text);
    let item = |(place, one): (usize, Completion)| item(view, &text, &lines, place, one);
    let items = found.items.into_iter().enumerate().map(item).collect();
    Some(CompletionResponse::List(CompletionList { is_incomplete: found.incomplete, items }))
}

fn item(view: &View, text: &str, lines: &Lines, place: usize, one: Completion) -> CompletionItem {
    let can = view.settings.completion;
    let encoding = view.settings.encoding;
    let data = one.about.as_ref().map(|about| json!({ "uri": view.uri, "about": said(about) }));
    let snippet = one.snippet && can.snippets;
    let new_text = if one.snippet && !can.snippets { bare(&one.insert) } else { one.insert };
    let replace = lines.range(text, one.replaced, encoding);
    let edit = match can.insert_replace {
        true => {
            let insert = lines.range(text, one.inserted, encoding);
            CompletionTextEdit::InsertAndReplace(InsertReplaceEdit { new_text, insert, replace })
        }
        false => CompletionTextEdit::Edit(TextEdit::new(replace, new_text)),
    };
    let details = CompletionItemLabelDetails {
        detail: (!one.signature.is_empty()).then(|| one.signature.clone()),
        description: (!one.detail.is_empty()).then(|| one.detail.clone()),
    };
    // Without details beside the label the same is said in its own line.
    let plain = format!(
        "{}{}{}",
        one.signature.trim_start_matches(": "),
        if one.signature.is_empty() || one.detail.is_empty() { "" } else { " · " },
        one.detail
    );
    CompletionItem {
        label: one.label,
        label_details: can.label_details.then_some(details),
        kind: Some(kind(one.shape)),
        detail: (!can.label_details && !plain.is_empty()).then_some(plain),
        tags: (one.deprecated && can.tags).then(|| vec![CompletionItemTag::DEPRECATED]),
        sort_text: Some(format!("{place:05}")),
        filter_text: one.filter,
        insert_text_format: Some(if snippet { InsertTextFormat::SNIPPET } else { InsertTextFormat::PLAIN_TEXT }),
        text_edit: Some(edit),
        additional_text_edits: (!one.edits.is_empty()).then(|| convert::text_edits(text, one.edits, encoding)),
        commit_characters: (can.commit && !one.commit.is_empty())
            .then(|| one.commit.iter().map(char::to_string).collect()),
        data,
        ..CompletionItem::default()
    }
}

/// The file that a completion was offered in.
pub(crate) fn origin(item: &CompletionItem) -> Option<Uri> {
    serde_json::from_value(item.data.as_ref()?.get("uri")?.clone()).ok()
}

/// Adds the documentation.
pub(crate) fn resolve(view: &View, mut item: CompletionItem) -> CompletionItem {
    let about = item.data.as_ref().and_then(|data| about(data.get("about")?));
    let page = about.and_then(|about| mandate_ide::completion_page(&view.snapshot, &about));
    item.documentation = page.map(|page| documentation(view.settings.completion.markdown, page));
    item
}

/// What a completion is about, as its data say it.
fn said(about: &About) -> Value {
    match about {
        About::Word(word) => json!(["word", word]),
        About::Target(Target::Declaration { file, name }) => json!(["declaration", file, name]),
        About::Target(Target::Field { file, record, field }) => json!(["field", file, record, field]),
        About::Target(Target::Variant { file, r#enum, variant }) => json!(["value", file, r#enum, variant]),
        About::Target(Target::Passage { file, source, passage }) => json!(["passage", file, source, passage]),
        About::Target(Target::Module { file }) => json!(["module", file]),
        About::Target(Target::Local { .. }) => Value::Null,
    }
}

/// What the data of a completion say; a client may send anything.
fn about(data: &Value) -> Option<About> {
    let parts: Vec<&str> = data.as_array()?.iter().filter_map(Value::as_str).collect();
    let target = match *parts.as_slice() {
        ["word", word] => return Some(About::Word(word.to_owned())),
        ["declaration", file, name] => Target::Declaration { file: file.into(), name: name.into() },
        ["field", file, record, field] => {
            Target::Field { file: file.into(), record: record.into(), field: field.into() }
        }
        ["value", file, of, variant] => {
            Target::Variant { file: file.into(), r#enum: of.into(), variant: variant.into() }
        }
        ["passage", file, source, passage] => {
            Target::Passage { file: file.into(), source: source.into(), passage: passage.into() }
        }
        ["module", file] => Target::Module { file: file.into() },
        _ => return None,
    };
    Some(About::Target(target))
}

/// A snippet for a client that knows none: the words of its places, without the places.
fn bare(snippet: &str) -> String {
    let mut out = String::new();
    let mut letters = snippet.chars().peekable();
    let mut open = 0_usize;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next()),
            '$' if letters.peek() == Some(&'{') => {
                open += 1;
                while letters.next().is_some_and(|letter| letter != ':' && letter != '}') {}
            }
            '$' => while letters.next_if(char::is_ascii_digit).is_some() {},
            '}' if open > 0 => open -= 1,
            other => out.push(other),
        }
    }
    out
}

fn kind(shape: Shape) -> CompletionItemKind {
    match shape {
        Shape::Declaration(Kind::Enum) => CompletionItemKind::ENUM,
        Shape::Declaration(Kind::Record) => CompletionItemKind::STRUCT,
        Shape::Declaration(Kind::Role) => CompletionItemKind::INTERFACE,
        Shape::Declaration(Kind::Parameter) => CompletionItemKind::CONSTANT,
        Shape::Declaration(Kind::Define) => CompletionItemKind::FUNCTION,
        Shape::Declaration(Kind::Action | Kind::Waiver) => CompletionItemKind::METHOD,
        Shape::Declaration(Kind::Rule) => CompletionItemKind::CLASS,
        Shape::Declaration(Kind::Source) => CompletionItemKind::FILE,
        Shape::Field => CompletionItemKind::FIELD,
        Shape::Variant => CompletionItemKind::ENUM_MEMBER,
        Shape::Variable => CompletionItemKind::VARIABLE,
        Shape::Type => CompletionItemKind::TYPE_PARAMETER,
        Shape::Keyword => CompletionItemKind::KEYWORD,
        Shape::Snippet => CompletionItemKind::SNIPPET,
        Shape::Module => CompletionItemKind::MODULE,
        Shape::Passage => CompletionItemKind::REFERENCE,
        Shape::Unit => CompletionItemKind::UNIT,
        Shape::File => CompletionItemKind::FILE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_without_places_reads_like_its_words() {
        assert_eq!(bare("report(${1:i}, ${2:u})$0"), "report(i, u)");
        assert_eq!(bare("all {\n  ${1:name}: $0\n}"), "all {\n  name: \n}");
        assert_eq!(bare("use core.{$0}"), "use core.{}");
        assert_eq!(bare("\\$5 ${1:a\\}b}"), "$5 a}b");
    }
}
