//! Words that continue what stands before: operators of a condition, the modal and the time of a sentence, details of an expectation, units.

use super::forms::Form;
use super::keywords::{FIRST, NEXT};
use super::{About, Offer, Shape};
use mandate_pack::Type;
use mandate_semantics::{MARK, Wanted};
use mandate_syntax::token::Kind as Token;
use mandate_syntax::words::{Keyword, STATUSES};

impl Offer<'_> {
    /// What follows a value: operators, and the words that continue the clause or sentence.
    pub(super) fn following(&mut self, by_space: bool) {
        use Keyword as K;
        let context = self.context;
        let body = context.in_body();
        let entry = context.entry_word();
        match context.declaration {
            K::Rule | K::Constraint if body => self.following_clause(entry, by_space),
            K::Scenario if body => match entry {
                K::Expect => self.expect_words(),
                K::Data if !context.entry_has(K::For) => self.continues("for", FIRST),
                _ => {}
            },
            K::Mission if body => match entry {
                K::Drops => self.missing_words(&["because"]),
                K::Accepts => self.missing_words(&["by", "under", "until", "because"]),
                _ => {}
            },
            K::Mission => self.missing_words(&["refines"]),
            K::Endorse => self.missing_words(&["for", "from", "by"]),
            K::Source if body => match entry {
                K::In => self.missing_words(&["from", "until"]),
                K::Compulsory => self.missing_words(&["from"]),
                _ => {}
            },
            K::Record | K::Role | K::Action | K::Waiver | K::Caveat | K::Parameter | K::Rule | K::Constraint
                if by_space => {}
            K::Record if context.open.is_empty() => {
                self.missing_words(&["key", "at", "during", "corrects", "recorded"])
            }
            K::Record if body => {
                if context.entry_tokens().iter().any(|token| token.kind == Token::Colon) {
                    self.missing_words(&["over time"]);
                }
            }
            K::Role => {
                self.missing_words(&["is", "of", "held by", "for", "where", "during", "for at most"]);
                if context.entry_has(K::Where) || context.before.iter().any(|t| t.kind == Token::Word(K::Where)) {
                    self.operators();
                }
            }
            K::Action | K::Waiver | K::Caveat if body => {
                self.evidence_parts(FIRST);
                if !by_space {
                    self.operators();
                }
            }
            K::Parameter if context.open.is_empty() => self.missing_words(&["in"]),
            K::Rule | K::Constraint if context.open.is_empty() => {
                let mission = !self.snapshot.dependencies(self.path).is_empty();
                if mission && !context.before.iter().any(|token| token.kind == Token::Word(K::Replaces)) {
                    self.continues("replaces", NEXT);
                }
            }
            K::Background | K::Carries => {
                let behind_text = context.last(0).is_some_and(|last| last.kind == Token::Text);
                if behind_text {
                    self.missing_words(if context.declaration == K::Carries { &["by"] } else { &["carries"] });
                }
            }
            K::Use | K::Enum => {}
            _ if by_space => {}
            _ => self.operators(),
        }
    }

    /// What follows a value in a clause of a rule.
    fn following_clause(&mut self, entry: Keyword, by_space: bool) {
        use Keyword as K;
        let context = self.context;
        match entry {
            K::When | K::Unless | K::Require | K::Flag if !by_space => {
                if entry == K::Flag && !context.entry_has(K::When) {
                    return self.continues("when", FIRST);
                }
                self.operators();
            }
            K::In => {
                self.missing_words(&["from", "until"]);
            }
            K::Waivable if by_space => {}
            K::Waivable => self.waivable_words(),
            K::Reads => self.missing_words(&["as", "by", "rather than", "because"]),
            K::For | K::Cites | K::Carries | K::On | K::Party | K::Let | K::Overrides | K::Limits | K::Tally => {
                if !by_space && matches!(entry, K::Let | K::On | K::For) {
                    self.operators();
                }
            }
            K::When | K::Unless | K::Require | K::Flag => {}
            _ => self.sentence_words(by_space),
        }
    }

    /// Words that do not stand in the declaration or entry yet, in their order.
    fn missing_words(&mut self, words: &[&str]) {
        let context = self.context;
        let tokens = match context.entry() {
            Some(at) => &context.before[at..],
            None => &context.before[..],
        };
        let there = |word: &str| {
            let first = word.split(' ').next().unwrap_or(word);
            tokens.iter().any(|token| context.written(*token) == first)
        };
        let left: Vec<&str> = words.iter().copied().filter(|word| !there(word)).collect();
        for (rank, word) in left.into_iter().enumerate() {
            match word {
                "over time" => self.ends(word, rank as u32),
                _ => self.continues(word, rank as u32),
            }
        }
    }

    fn waivable_words(&mut self) {
        let context = self.context;
        let last = context.keyword(0);
        let above = context.entry_has(Keyword::Above);
        if context.keyword(1) == Keyword::By {
            return self.ends("or above", FIRST);
        }
        if last == Keyword::Or {
            return self.ends("above", FIRST);
        }
        if !context.entry_has(Keyword::By) {
            self.continues("by", FIRST);
        } else if above && !context.entry_has(Keyword::Exceptionally) {
            self.continues("exceptionally by", FIRST + 1);
        }
        if !context.entry_has(Keyword::Most) {
            self.continues("for at most", FIRST + 2);
        }
    }

    /// The modal of a sentence, or what says when.
    fn sentence_words(&mut self, by_space: bool) {
        use Keyword as K;
        let modal = [K::Must, K::Should, K::May, K::Aims].into_iter().any(|word| self.context.entry_has(word));
        if !modal {
            let no_one = self.context.keyword(0) == K::One && self.context.keyword(1) == K::No;
            if self.context.keyword(0) == K::No {
                return self.continues("one", FIRST);
            }
            let words: &[&str] = match no_one {
                true => &["may", "should"],
                false => &["must", "must not", "should", "should not", "may", "aims to"],
            };
            for (rank, word) in words.iter().enumerate() {
                self.continues(word, rank as u32);
            }
            if self.is_role_before() {
                self.continues("of", FIRST);
            }
            return;
        }
        if self.context.entry_has(K::Ensure) && !by_space {
            self.operators();
        }
        let (within, from, every) =
            (self.context.entry_has(K::Within), self.context.entry_has(K::From), self.context.entry_has(K::Every));
        let bound =
            [K::After, K::Before, K::By, K::To, K::Until, K::During].into_iter().any(|word| self.after_act(word));
        if bound {
            if from && !by_space && !self.context.entry_has(K::With) {
                self.continues("with gaps of at most", FIRST);
            }
            return;
        }
        if within {
            self.continues("after", FIRST);
            return self.continues("before", FIRST + 1);
        }
        // From here on the sentence may be whole: the end of a line must not choose more.
        if by_space && !every {
            return;
        }
        if from {
            self.continues("to", FIRST);
            self.continues("until", FIRST + 1);
            return self.continues("with gaps of at most", FIRST + 2);
        }
        if every {
            return self.continues("from", FIRST);
        }
        for (rank, word) in ["within", "by", "before", "during", "from", "every"].into_iter().enumerate() {
            self.continues(word, rank as u32);
        }
    }

    /// Whether a word stands behind the modal of the sentence.
    fn after_act(&self, word: Keyword) -> bool {
        let tokens = self.context.entry_tokens();
        let modal = |token: &&mandate_syntax::token::Token| {
            matches!(token.kind, Token::Word(Keyword::Must | Keyword::Should | Keyword::May | Keyword::Aims))
        };
        let at = tokens.iter().position(|token| modal(&token)).map_or(0, |at| at + 2);
        tokens.iter().skip(at).any(|token| token.kind == Token::Word(word))
    }

    fn is_role_before(&self) -> bool {
        let Some((path, _)) = self.context.path_before(0) else { return false };
        let named = self.snapshot.find(self.path, &path);
        let signature = named.as_ref().and_then(|named| self.snapshot.signature(named));
        matches!(signature, Some(mandate_semantics::Signature::Role(role)) if role.of.is_some())
    }

    /// Operators and tests that can follow a value.
    fn operators(&mut self) {
        let context = self.context;
        // Of the clause where there are clauses, else of the whole declaration.
        let tokens = context.entry().map_or(&context.before[..], |at| &context.before[at..]);
        let has = |word: Keyword| tokens.iter().any(|token| token.kind == Token::Word(word));
        let binder = [
            Keyword::Some,
            Keyword::No,
            Keyword::Latest,
            Keyword::Earliest,
            Keyword::The,
            Keyword::Count,
            Keyword::Share,
        ]
        .into_iter()
        .any(has);
        if binder && !has(Keyword::Where) {
            self.continues("where", FIRST);
        }
        if has(Keyword::Every) && !has(Keyword::Satisfies) {
            self.continues("satisfies", FIRST);
        }
        if [Keyword::Sum, Keyword::Min, Keyword::Max].into_iter().any(has) && context.bracket().is_some() {
            self.continues("for", FIRST);
        }
        if has(Keyword::If) && !has(Keyword::Then) {
            self.continues("then", FIRST);
        } else if has(Keyword::Then) && !has(Keyword::Else) {
            self.continues("else", FIRST);
        }
        for (rank, word) in ["and", "or", "in", "if unknown", "overlaps", "covers", "is"].into_iter().enumerate() {
            self.continues(word, NEXT + rank as u32);
        }
        for (rank, word) in ["is known", "is missing", "is empty"].into_iter().enumerate() {
            self.ends(word, NEXT + 10 + rank as u32);
        }
    }

    /// What is asked with `is`, besides roles.
    pub(super) fn tests(&mut self) {
        for (rank, word) in ["known", "missing", "empty"].into_iter().enumerate() {
            let mut item = self.item(word, Shape::Keyword, rank as u32);
            item.about = Some(About::Word(format!("is {word}")));
            self.push(item);
        }
    }

    /// Outcomes and details of an expectation.
    fn expect_words(&mut self) {
        let context = self.context;
        let tokens = context.entry_tokens();
        let written = |token: &mandate_syntax::token::Token| context.written(*token);
        let has_status =
            tokens.iter().skip(1).any(|token| STATUSES.contains(&written(token)) || written(token) == "applicable");
        let called = tokens.iter().any(|token| token.kind == Token::RParen) || tokens.len() == 2;
        let void = tokens.get(1).map(written) == Some("no");
        if void || !called {
            return;
        }
        if has_status {
            let mut item = self.item(",", Shape::Keyword, NEXT);
            item.insert = ", ".to_owned();
            return self.push(item);
        }
        self.statuses();
    }

    pub(super) fn statuses(&mut self) {
        for (rank, status) in STATUSES.iter().enumerate() {
            let mut item = self.item(*status, Shape::Keyword, rank as u32);
            item.commit = &[','];
            item.about = Some(About::Word("expect".to_owned()));
            self.push(item);
        }
    }

    pub(super) fn details(&mut self) {
        let forms: [Form; 7] = [
            ("late by", "late by ${0:6 hours}", "how late it was done"),
            ("due", "due $0", "when it was due"),
            ("since", "since $0", "when the breach began"),
            ("missing", "missing $0", "the field that would decide"),
            ("flagged", "flagged \"$0\"", "the remark on the finding"),
            ("uncovered", "uncovered ${1:from} .. $0", "when a lasting duty was not kept"),
            ("then", "then $0", "how the duty after the breach stands"),
        ];
        self.forms(&forms);
    }

    /// What an `evidence` says besides its record.
    pub(super) fn evidence_parts(&mut self, rank: u32) {
        if !self.context.before.iter().any(|token| token.kind == Token::Word(Keyword::Evidence)) {
            return;
        }
        let waiver = self.context.declaration != Keyword::Action;
        let words: &[&str] = match waiver {
            true => &["where", "at", "during", "by", "names", "rank", "valid if", "revoked", "exceptional if", "flag"],
            false => &["where", "at", "during", "by"],
        };
        let last =
            self.context.before.iter().rposition(|token| token.kind == Token::Word(Keyword::Evidence)).unwrap_or(0);
        let context = self.context;
        let there = |word: &str| {
            let first = word.split(' ').next().unwrap_or(word);
            context.before[last..].iter().any(|token| context.written(*token) == first)
        };
        for (at, word) in words.iter().enumerate().filter(|(_, word)| **word == "flag" || !there(word)) {
            self.continues(word, rank + at as u32);
        }
    }

    /// Units behind a number, those that fit what is wanted there.
    pub(super) fn units(&mut self) {
        let context = self.context;
        let Some(number) = context.last(0) else { return };
        let replaced = mandate_diagnostics::Span::new(number.span.start, context.word.end);
        let asked = self.snapshot.surroundings(self.path, replaced, MARK).map(|found| found.wanted);
        let wanted = match asked {
            Some(Wanted::Value(Some(ty))) => Some(ty.known().clone()),
            _ => None,
        };
        let one = context.written(number).trim_start_matches('0') == "1";
        let durations: &[&str] = match one {
            true => &["hour", "day", "minute", "week", "month", "year", "second"],
            false => &["hours", "days", "minutes", "weeks", "months", "years", "seconds"],
        };
        let is = |ty: Type| wanted.as_ref().is_none_or(|wanted| *wanted == ty);
        let mut all: Vec<&str> = Vec::new();
        if is(Type::Duration) || matches!(wanted, Some(Type::Time | Type::Date)) {
            all.extend(durations);
        }
        if is(Type::Length) {
            all.extend(["m", "km"]);
        }
        if is(Type::Decimal) {
            all.push("percent");
        }
        if is(Type::Money) {
            all.extend(["EUR", "USD", "GBP", "CHF", "NOK", "SEK", "PLN"]);
        }
        for (rank, unit) in all.into_iter().enumerate() {
            let item = self.item(unit, Shape::Unit, rank as u32);
            self.push(item);
        }
    }
}
