//! What the words of the language mean: one page a concept, in `docs/`, each with an example.

use mandate_diagnostics::Span;
use mandate_syntax::token::{Kind, Token, tokens};
use mandate_syntax::words::Keyword as K;

/// Where a phrase has the meaning of its page.
#[derive(Debug, Clone, Copy)]
enum Where {
    /// Wherever it stands.
    Anywhere,
    /// In these declarations.
    In(&'static [K]),
    /// Behind this word on the same line.
    Behind(&'static str),
    /// Before a number.
    BeforeNumber,
    /// As the first word of a declaration.
    First,
}

/// A page with the phrases it explains.
struct Page {
    phrases: &'static [&'static str],
    place: Where,
    text: &'static str,
}

macro_rules! page {
    ($name:literal, $place:expr, $($phrase:literal)+) => {
        Page { phrases: &[$($phrase),+], place: $place, text: include_str!(concat!("../docs/", $name, ".md")) }
    };
}

use Where::{Anywhere, BeforeNumber, Behind, First};
const RULES: Where = Where::In(&[K::Rule, K::Constraint]);
const RULES_AND_STATEMENTS: Where = Where::In(&[K::Rule, K::Constraint, K::Assume, K::Concern, K::Purpose]);
const SCENARIO: Where = Where::In(&[K::Scenario]);
const SOURCE: Where = Where::In(&[K::Source]);
const RECORD: Where = Where::In(&[K::Record]);
const EVIDENCE: Where = Where::In(&[K::Action, K::Waiver, K::Caveat]);
const MISSION: Where = Where::In(&[K::Mission]);
const WAIVER: Where = Where::In(&[K::Waiver, K::Caveat]);

/// Among phrases of the same length the first that fits is taken, so special places stand before general ones.
static PAGES: &[Page] = &[
    page!("use", First, "use"),
    page!("source", First, "source"),
    page!("enum", First, "enum"),
    page!("record", First, "record"),
    page!("role", First, "role"),
    page!("role", Where::In(&[K::Role]), "for at most" "held by" "is" "of" "for"),
    page!("parameter", First, "parameter"),
    page!("parameter", Where::In(&[K::Parameter]), "in" "from"),
    page!("define", First, "define"),
    page!("action", First, "action"),
    page!("waiver", First, "waiver"),
    page!("caveat", First, "caveat"),
    page!("rule", First, "rule"),
    page!("constraint", First, "constraint"),
    page!("endorse", First, "endorse"),
    page!("endorse", Where::In(&[K::Endorse]), "for" "from" "by"),
    page!("assume", First, "assume"),
    page!("concern", First, "concern"),
    page!("purpose", First, "purpose"),
    page!("mission", First, "mission"),
    page!("mission", MISSION, "refines"),
    page!("mission_set", MISSION, "set"),
    page!("drops", Behind("drops"), "because"),
    page!("drops", MISSION, "drops"),
    page!("accepts", MISSION, "accepts weaker" "accepts" "by" "under" "until" "because"),
    page!("background", First, "background"),
    page!("carries", First, "carries"),
    page!("carries", Where::In(&[K::Background, K::Carries]), "carries" "by"),
    page!("scenario", First, "scenario"),
    page!("force", SOURCE, "force"),
    page!("binds", Behind("binds"), "from"),
    page!("binds", SOURCE, "binds"),
    page!("compulsory", Behind("compulsory"), "from"),
    page!("compulsory", SOURCE, "compulsory from" "compulsory"),
    page!("in_force", SOURCE, "in force" "from" "until"),
    page!("in_force", RULES, "in force"),
    page!("document", SOURCE, "document"),
    page!("source_items", SOURCE, "not waivable" "title" "issuer" "adopted" "link" "verified" "supersedes" "implements"),
    page!("key", RECORD, "key"),
    page!("at", Where::In(&[K::Record, K::Action, K::Waiver, K::Caveat]), "at"),
    page!("corrects", RECORD, "corrects"),
    page!("sensitive", RECORD, "sensitive"),
    page!("recorded", RECORD, "recorded"),
    page!("over_time", RECORD, "over time"),
    page!("list_of", Anywhere, "list of"),
    page!("types", Anywhere, "Bool" "Int" "Decimal" "Text" "Date" "Time" "Duration" "Period" "Length" "Location" "Money" "Nation"),
    page!("evidence", EVIDENCE, "evidence"),
    page!("by_evidence", EVIDENCE, "by"),
    page!("excludes", EVIDENCE, "excludes"),
    page!("waiver_parts", WAIVER, "valid if" "exceptional if" "names" "rank" "revoked" "flag"),
    page!("waivable", Behind("waivable"), "at most" "or above" "exceptionally by" "exceptionally" "under" "by" "for"),
    page!("gaps", RULES, "with gaps of at most"),
    page!("waivable", RULES, "waivable"),
    page!("tally", Behind("tally"), "by"),
    page!("replaces", RULES, "replaces"),
    page!("cites", RULES, "cites"),
    page!("carries", RULES, "carries"),
    page!("reads", RULES, "reads" "rather than" "because"),
    page!("for_each", RULES_AND_STATEMENTS, "for each"),
    page!("on", RULES, "on"),
    page!("party", RULES, "party"),
    page!("let", Where::In(&[K::Rule, K::Constraint, K::Scenario]), "let"),
    page!("when", RULES_AND_STATEMENTS, "when"),
    page!("unless", Anywhere, "unless"),
    page!("require", RULES_AND_STATEMENTS, "require"),
    page!("otherwise", RULES, "otherwise"),
    page!("overrides", RULES, "overrides"),
    page!("limits", RULES, "limits"),
    page!("flag", RULES, "flag"),
    page!("tally", RULES, "tally"),
    page!("no_one_may", RULES, "no one may" "no one should"),
    page!("must_not", RULES, "must not"),
    page!("must", RULES, "must"),
    page!("should", RULES, "should not" "should"),
    page!("aims_to", RULES, "aims to"),
    page!("may", RULES, "may"),
    page!("ensure", RULES, "ensure"),
    page!("everyone", RULES, "everyone"),
    page!("within", RULES, "within" "after"),
    page!("by_time", RULES, "by"),
    page!("before", RULES, "before"),
    page!("during", Anywhere, "during"),
    page!("from_time", RULES, "from" "to" "until"),
    page!("every_time", BeforeNumber, "every"),
    page!("as_of_step", SCENARIO, "as of"),
    page!("given", SCENARIO, "given"),
    page!("expect", SCENARIO, "not applicable" "late by" "expect" "due" "since" "missing" "flagged" "uncovered"),
    page!("known_at", SCENARIO, "known at"),
    page!("set", SCENARIO, "set"),
    page!("data_through", SCENARIO, "data through"),
    page!("if_unknown", Anywhere, "if unknown"),
    page!("is_known", Anywhere, "is known" "is missing" "is empty"),
    page!("is_role", Anywhere, "is"),
    page!("if", Anywhere, "if" "then" "else"),
    page!("and_or_not", Anywhere, "and" "or" "not"),
    page!("overlaps", Anywhere, "overlaps" "covers"),
    page!("quantifiers", Anywhere, "some" "no" "every" "satisfies"),
    page!("aggregates", Anywhere, "count" "share" "sum" "min" "max"),
    page!("picks", Anywhere, "latest" "earliest" "the"),
    page!("all", Anywhere, "all"),
    page!("where", Anywhere, "where"),
    page!("in", Anywhere, "in"),
    page!("never", Anywhere, "never"),
    page!("as_of", Anywhere, "as_of"),
];

/// A phrase under the cursor, with its page in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explained {
    pub(crate) span: Span,
    pub(crate) page: &'static str,
}

/// The page of the phrase at `offset`, if words of the language stand there.
pub(crate) fn explain(text: &str, offset: u32) -> Option<Explained> {
    let chunk = mandate_syntax::chunks(text).into_iter().rfind(|chunk| chunk.touches(offset))?;
    let source = text.get(chunk.range())?;
    let words = Words::new(source);
    let at = words.at(offset - chunk.start)?;
    let found = words.phrase(at)?;
    Some(Explained { span: found.span.shifted(chunk.start), page: found.page })
}

/// The tokens of one declaration, without its comments.
struct Words<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    declaration: Option<K>,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        let tokens: Vec<Token> = tokens(text).into_iter().filter(|token| !token.kind.is_comment()).collect();
        let declaration = tokens.first().and_then(|token| match token.kind {
            Kind::Word(word) if word.starts_declaration() => Some(word),
            _ => None,
        });
        Self { text, tokens, declaration }
    }

    /// The word at a place; at its end, too, as a cursor stands.
    fn at(&self, offset: u32) -> Option<usize> {
        let at = self.tokens.iter().rposition(|token| token.kind.is_word() && token.span.touches(offset))?;
        (!self.is_name(at)).then_some(at)
    }

    /// Whether the word stands where the grammar has a name: `x.key`, `key: Text`, `record key`.
    fn is_name(&self, at: usize) -> bool {
        let kind = |at: Option<usize>| at.and_then(|at| self.tokens.get(at)).map(|token| token.kind);
        kind(at.checked_sub(1)) == Some(Kind::Dot)
            || kind(Some(at + 1)) == Some(Kind::Colon)
            || (at == 1 && !matches!(self.declaration, None | Some(K::Assume | K::Concern | K::Purpose | K::Scenario)))
    }

    fn word(&self, at: usize) -> &'a str {
        self.tokens
            .get(at)
            .filter(|token| token.kind.is_word())
            .and_then(|token| self.text.get(token.span.range()))
            .unwrap_or("")
    }

    /// The longest phrase around a word that means something there.
    fn phrase(&self, at: usize) -> Option<Explained> {
        const LONGEST: usize = 5;
        (1..=LONGEST).rev().find_map(|length| {
            let starts = (at + 1).saturating_sub(length)..=at;
            starts.into_iter().find_map(|start| self.phrase_from(start, length))
        })
    }

    fn phrase_from(&self, start: usize, length: usize) -> Option<Explained> {
        let is = |phrase: &str| {
            let mut words = phrase.split(' ');
            words.clone().count() == length && (start..start + length).all(|at| words.next() == Some(self.word(at)))
        };
        let page = PAGES
            .iter()
            .find(|page| page.phrases.iter().any(|phrase| is(phrase)) && self.is_there(page.place, start))?;
        let span = self.tokens.get(start)?.span.to(self.tokens.get(start + length - 1)?.span);
        Some(Explained { span, page: page.text })
    }

    fn is_there(&self, place: Where, start: usize) -> bool {
        match place {
            Where::Anywhere => true,
            Where::First => start == 0,
            Where::In(declarations) => self.declaration.is_some_and(|word| declarations.contains(&word)),
            Where::BeforeNumber => self.tokens.get(start + 1).is_some_and(|token| token.kind == Kind::Number),
            Where::Behind(word) => {
                let line = self.tokens[..=start].iter().rposition(|token| token.line_start).unwrap_or(0);
                (line..start).any(|at| self.word(at) == word)
            }
        }
    }
}

/// The page of a word or phrase by itself, wherever it stands.
pub(crate) fn page_of(phrase: &str) -> Option<&'static str> {
    let named = |page: &&Page| page.phrases.contains(&phrase);
    let own = PAGES.iter().find(|page| named(page) && matches!(page.place, First | Anywhere));
    own.or_else(|| PAGES.iter().find(named)).map(|page| page.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;
    use std::collections::BTreeSet;

    /// `[phrase] title of the page`, or nothing.
    fn shown(marked: &str) -> String {
        let (text, offset) = cursor(marked);
        match explain(&text, offset) {
            Some(found) => format!("[{}] {}", &text[found.span.range()], found.page.lines().next().unwrap_or("")),
            None => String::new(),
        }
    }

    #[test]
    fn the_longest_phrase_is_explained() {
        assert_eq!(shown("rule r {\n  everyone mu$0st not f(x)\n}"), "[must not] # must not");
        assert_eq!(shown("rule r {\n  everyone must no$0t f(x)\n}"), "[must not] # must not");
        assert_eq!(shown("rule r {\n  no o$0ne may f(x)\n}"), "[no one may] # no one may");
        assert_eq!(
            shown("rule r {\n  for each x: T\n  when x.a is miss$0ing\n}"),
            "[is missing] # is known, is missing, is empty"
        );
        assert_eq!(shown("rule r {\n  when not$0 x.a\n}"), "[not] # and, or, not");
    }

    #[test]
    fn a_word_means_what_it_means_in_its_declaration() {
        assert_eq!(shown("rule r {\n  everyone must f(x) b$0y x.due\n}"), "[by] # by");
        assert!(shown("rule r {\n  waivable under w(x) b$0y colonel or above\n}").ends_with("# waivable under"));
        assert!(shown("action a(x: T) {\n  evidence e: E b$0y e.who\n}").ends_with("# by"));
        assert!(shown("endorse s from 2024-01-01 b$0y \"x\"").ends_with("# endorse"));
        assert_eq!(shown("rule r {\n  everyone must f(x) eve$0ry 3 days from x.a\n}"), "[every] # every");
        assert!(shown("define d(x: T) = eve$0ry y in x.ys satisfies y.ok").ends_with("# some, no, every"));
    }

    #[test]
    fn names_texts_and_comments_are_not_explained() {
        assert_eq!(shown("record R {\n  ke$0y: Text\n}"), "");
        assert_eq!(shown("record rec$0ord {\n}"), "");
        assert_eq!(shown("rule r {\n  when x.sou$0rce\n}"), "");
        assert_eq!(shown("rule r \"must n$0ot\" {\n}"), "");
        assert_eq!(shown("// un$0less\nrule r {\n}"), "");
        assert_eq!(shown("rule r {\n  when x.a //un$0less\n}"), "");
        assert_eq!(shown("$0"), "");
    }

    #[test]
    fn a_later_declaration_is_read_by_itself() {
        assert_eq!(shown("rule r {\n}\n\nrecord R ke$0y id {\n}"), "[key] # key");
    }

    #[test]
    fn every_example_parses_without_errors() {
        for page in PAGES {
            let title = page.text.lines().next().unwrap_or("");
            let blocks: Vec<&str> =
                page.text.split("```mandate\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
            assert!(!blocks.is_empty(), "{title} has no example");
            for block in blocks {
                let tree = mandate_syntax::parse(block);
                for item in &tree.items {
                    assert_eq!(item.decl.errors, [], "{title}");
                }
            }
        }
    }

    #[test]
    fn every_keyword_has_a_page() {
        let phrases: BTreeSet<&str> =
            PAGES.iter().flat_map(|page| page.phrases).flat_map(|phrase| phrase.split(' ')).collect();
        let silent: Vec<&str> = K::ALL.iter().map(|word| word.text()).filter(|word| !phrases.contains(word)).collect();
        // Words without a page of their own.
        assert_eq!(silent, ["false", "true"]);
    }
}
