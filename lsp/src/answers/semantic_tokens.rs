//! `textDocument/semanticTokens/full`, `/full/delta` and `/range`

use crate::pool::locked;
use crate::text::{Encoding, Lines};
use crate::workspace::View;
use mandate_diagnostics::Span;
use mandate_ide::{Modifiers, Token, TokenType};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tower_lsp::ls_types::{
    Range, SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta,
    SemanticTokensEdit, SemanticTokensFullDeltaResult, SemanticTokensFullOptions, SemanticTokensLegend,
    SemanticTokensOptions, SemanticTokensRangeResult, SemanticTokensResult, Uri,
};

/// What was last sent of each file, so that only what changed is sent again. Forgotten when the file is closed.
#[derive(Debug, Default)]
pub(crate) struct Sent(Mutex<Record>);

#[derive(Debug, Default)]
struct Record {
    /// Counts what was sent, of all files.
    last: u64,
    files: BTreeMap<String, (String, Arc<Vec<SemanticToken>>)>,
}

impl Sent {
    /// Lets go of a file.
    pub(crate) fn forget(&self, uri: &Uri) {
        locked(&self.0).files.remove(uri.as_str());
    }

    /// Remembers what is about to be sent; gives its name, and what was sent before under the name `before`.
    fn put(
        &self,
        uri: &Uri,
        tokens: &Arc<Vec<SemanticToken>>,
        before: Option<&str>,
    ) -> (String, Option<Arc<Vec<SemanticToken>>>) {
        let mut record = locked(&self.0);
        record.last += 1;
        let id = record.last.to_string();
        let old = record.files.insert(uri.as_str().to_owned(), (id.clone(), Arc::clone(tokens)));
        (id, old.filter(|(name, _)| Some(name.as_str()) == before).map(|(_, tokens)| tokens))
    }
}

/// What the numbers of the answers mean.
pub(crate) fn options() -> SemanticTokensOptions {
    let types = TokenType::LEGEND.iter().map(|(_, name)| SemanticTokenType::new(name)).collect();
    let modifiers = Modifiers::LEGEND.iter().map(|name| SemanticTokenModifier::new(name)).collect();
    SemanticTokensOptions {
        legend: SemanticTokensLegend { token_types: types, token_modifiers: modifiers },
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
        ..SemanticTokensOptions::default()
    }
}

pub(crate) fn full(view: &View, sent: &Sent) -> Option<SemanticTokensResult> {
    let tokens = Arc::new(tokens(view, None)?);
    let (id, _) = sent.put(&view.uri, &tokens, None);
    Some(SemanticTokensResult::Tokens(SemanticTokens { result_id: Some(id), data: tokens.to_vec() }))
}

pub(crate) fn delta(view: &View, sent: &Sent, before: &str) -> Option<SemanticTokensFullDeltaResult> {
    let tokens = Arc::new(tokens(view, None)?);
    let (id, old) = sent.put(&view.uri, &tokens, Some(before));
    let result_id = Some(id);
    Some(match old {
        Some(old) => SemanticTokensDelta { result_id, edits: edits(&old, &tokens) }.into(),
        None => SemanticTokens { result_id, data: tokens.to_vec() }.into(),
    })
}

pub(crate) fn range(view: &View, range: Range) -> Option<SemanticTokensRangeResult> {
    Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data: tokens(view, Some(range))? }))
}

/// The words of a file, each told from the one before it.
fn tokens(view: &View, within: Option<Range>) -> Option<Vec<SemanticToken>> {
    let text = view.snapshot.text(&view.path)?;
    let encoding = view.settings.encoding;
    let within = within.map(|range| {
        let lines = Lines::new(&text);
        let at = |position| lines.offset(&text, position, encoding) as u32;
        Span::new(at(range.start), at(range.end))
    });
    Some(chained(&text, &mandate_ide::semantic_tokens(&view.snapshot, &view.path, within), encoding))
}

/// Goes once through the text: words come in its order.
fn chained(text: &str, tokens: &[Token], encoding: Encoding) -> Vec<SemanticToken> {
    let length = |words: &str| match encoding {
        Encoding::Utf16 if !words.is_ascii() => words.encode_utf16().count() as u32,
        Encoding::Utf8 | Encoding::Utf16 => words.len() as u32,
    };
    let bytes = text.as_bytes();
    let (mut lines, mut line_start, mut seen) = (0, 0, 0);
    let (mut last_line, mut last_start) = (0, 0);
    let mut all = Vec::with_capacity(tokens.len());
    for token in tokens {
        let start = token.span.start as usize;
        for at in seen..start {
            // As the protocol counts lines: a lone `\r` ends one.
            let ends = match bytes[at] {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                lines += 1;
                line_start = at + 1;
            }
        }
        seen = start;
        let column = length(text.get(line_start..start).unwrap_or(""));
        all.push(SemanticToken {
            delta_line: lines - last_line,
            delta_start: if lines == last_line { column - last_start } else { column },
            length: length(text.get(token.span.range()).unwrap_or("")),
            token_type: token.kind as u32,
            token_modifiers_bitset: token.modifiers.0,
        });
        (last_line, last_start) = (lines, column);
    }
    all
}

/// The stretch that differs, as one edit; none if nothing does. Each word is five numbers on the wire.
fn edits(old: &[SemanticToken], new: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    const NUMBERS: usize = 5;
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (gone, come) = (old.len() - tail, &new[..new.len() - tail]);
    if gone == 0 && come.is_empty() {
        return Vec::new();
    }
    let edit = SemanticTokensEdit {
        start: (head * NUMBERS) as u32,
        delete_count: (gone * NUMBERS) as u32,
        data: (!come.is_empty()).then(|| come.to_vec()),
    };
    vec![edit]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(words: u32) -> SemanticToken {
        SemanticToken { delta_start: words, ..SemanticToken::default() }
    }

    #[test]
    fn only_what_changed_is_sent_again() {
        let all = |starts: &[u32]| starts.iter().map(|start| token(*start)).collect::<Vec<_>>();
        let old = all(&[1, 2, 3, 4]);
        assert_eq!(edits(&old, &old), []);
        for new in [all(&[1, 9, 3, 4]), all(&[]), all(&[1, 2, 2, 3, 4]), all(&[3, 4]), all(&[1, 2, 3, 4, 5])] {
            let mut numbers = old.clone();
            for edit in edits(&old, &new) {
                assert!(edit.start.is_multiple_of(5) && edit.delete_count.is_multiple_of(5));
                let from = edit.start as usize / 5;
                let data = edit.data.unwrap_or_default();
                numbers.splice(from..from + edit.delete_count as usize / 5, data);
            }
            assert_eq!(numbers, new);
        }
    }

    #[test]
    fn words_are_counted_from_one_another_in_the_unit_agreed_on() {
        let text = "é ab\r\n\n  🦺 cd\rx";
        let at = |words: &str| {
            let start = text.find(words).unwrap() as u32;
            let span = Span::new(start, start + words.len() as u32);
            Token { span, kind: TokenType::Keyword, modifiers: Modifiers::DUTY }
        };
        let tokens = [at("ab"), at("🦺"), at("cd"), at("x")];
        let shown = |encoding| {
            let chained = chained(text, &tokens, encoding);
            chained.iter().map(|it| (it.delta_line, it.delta_start, it.length)).collect::<Vec<_>>()
        };
        assert_eq!(shown(Encoding::Utf16), [(0, 2, 2), (2, 2, 2), (0, 3, 2), (1, 0, 1)]);
        assert_eq!(shown(Encoding::Utf8), [(0, 3, 2), (2, 2, 4), (0, 5, 2), (1, 0, 1)]);
    }
}
