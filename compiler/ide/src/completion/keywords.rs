//! Words of the language that can follow: declarations, clauses in their order, steps, what continues a sentence or a condition.

use super::forms::{
    CLAUSES, DECLARATIONS, EVIDENCE, Form, MISSION, Once, PARTICULARS, STATEMENT, STEPS, order, particular,
};
use super::{About, Offer, Shape};
use mandate_pack::{Force, Type};
use mandate_semantics::{MARK, Wanted};
use mandate_syntax::ast::{Clause, ClauseKind, DeclKind, StepKind};
use mandate_syntax::token::Kind as Token;
use mandate_syntax::words::Keyword;

pub(super) const FIRST: u32 = 0;
pub(super) const NEXT: u32 = 60;

impl Offer<'_> {
    /// Words that start a declaration.
    pub(super) fn declarations(&mut self) {
        let below = self.context.in_body();
        for (rank, form) in DECLARATIONS.iter().enumerate() {
            self.form(form, if below { 200 } else { 0 } + rank as u32);
        }
    }

    pub(super) fn form(&mut self, (word, insert, detail): &Form, rank: u32) {
        let snippet = insert.contains('$');
        let mut item = self.item(*word, if snippet { Shape::Snippet } else { Shape::Keyword }, rank);
        // Below the first column a piece of several lines is indented by the editor.
        item.insert = (*insert).to_owned();
        item.snippet = snippet;
        item.detail = (*detail).to_owned();
        item.about = Some(About::Word((*word).to_owned()));
        self.push(item);
    }

    /// A word that continues what stands before.
    pub(super) fn continues(&mut self, word: &str, rank: u32) {
        let mut item = self.item(word, Shape::Keyword, rank);
        item.insert = format!("{word} ");
        item.about = Some(About::Word(word.to_owned()));
        self.push(item);
    }

    /// A word with nothing behind it.
    pub(super) fn ends(&mut self, word: &str, rank: u32) {
        let mut item = self.item(word, Shape::Keyword, rank);
        item.about = Some(About::Word(word.to_owned()));
        self.push(item);
    }

    /// What can begin an entry of the body: a clause, a particular, a step, a line.
    pub(super) fn entries(&mut self) {
        match self.context.declaration {
            Keyword::Rule | Keyword::Constraint => self.clauses(),
            Keyword::Source => self.particulars(),
            Keyword::Scenario => self.steps(),
            Keyword::Mission => self.forms(MISSION),
            Keyword::Action | Keyword::Waiver | Keyword::Caveat => {
                let plain = self.context.declaration == Keyword::Action;
                self.forms(if plain { EVIDENCE } else { &EVIDENCE[..1] });
                self.evidence_parts(20);
            }
            Keyword::Assume => self.forms(STATEMENT),
            Keyword::Concern | Keyword::Purpose => self.forms(&STATEMENT[..2]),
            Keyword::Record => self.continues("sensitive", NEXT),
            Keyword::Parameter => self.continues("from", FIRST),
            _ => {}
        }
    }

    pub(super) fn forms(&mut self, forms: &[Form]) {
        for (rank, form) in forms.iter().enumerate() {
            self.form(form, rank as u32);
        }
    }

    /// Clauses that may still stand, those that are next in the order of the language first, and the bearers of a sentence.
    fn clauses(&mut self) {
        let constraint = self.context.declaration == Keyword::Constraint;
        let place = self.context.word.start;
        let written = self.clauses_written();
        let places: Vec<(usize, bool)> = written
            .iter()
            .filter(|(_, span)| !span.touches(place))
            .filter_map(|(kind, span)| Some((order(kind)?, span.start < place)))
            .collect();
        let above = places.iter().filter(|(_, above)| *above).map(|(at, _)| *at).max();
        for (at, (form, once)) in CLAUSES.iter().enumerate() {
            let there = places.iter().any(|(place, _)| *place == at);
            let fits = match once {
                Once::No => true,
                Once::Yes => !there,
                Once::Require => constraint,
                Once::Otherwise => !constraint,
            };
            if !fits {
                continue;
            }
            // What comes earlier in the order than what stands above already is still possible, further down.
            let late = above.is_some_and(|above| at < above);
            let again = there && *once == Once::No && !matches!(form.0, "when" | "unless" | "let");
            self.form(form, at as u32 + 100 * u32::from(late) + 50 * u32::from(again));
        }
        let sentence = written.iter().any(|(kind, span)| matches!(kind, ClauseKind::Norm(_)) && !span.touches(place));
        if !constraint && !sentence {
            self.sentence_starts();
        }
    }

    /// Bearers at the head of a line.
    fn sentence_starts(&mut self) {
        let Some(found) = self.asked(&format!("{MARK} must {MARK}x()")) else { return };
        if found.wanted == Wanted::Bearer {
            self.bearers(&found.variables);
        }
    }

    /// The clauses of the rule around the place, places absolute.
    fn clauses_written(&self) -> Vec<(ClauseKind, mandate_diagnostics::Span)> {
        let Some(tree) = self.snapshot.syntax(self.path) else { return Vec::new() };
        let here = tree.items.iter().find(|item| item.offset == self.context.start);
        let Some(DeclKind::Rule(rule)) = here.map(|item| &item.decl.kind) else { return Vec::new() };
        let absolute = |clause: &Clause| (clause.kind.clone(), clause.span.shifted(self.context.start));
        rule.clauses.iter().map(absolute).collect()
    }

    /// Particulars of a source that are missing, or that may be repeated.
    fn particulars(&mut self) {
        let tree = self.snapshot.syntax(self.path);
        let here = tree.as_ref().and_then(|tree| tree.items.iter().find(|item| item.offset == self.context.start));
        let place = self.context.word.start;
        let there: Vec<&str> = match here.map(|item| &item.decl.kind) {
            Some(DeclKind::Source(source)) => {
                let others = source.items.iter().filter(|item| !item.span.shifted(self.context.start).touches(place));
                others.map(|item| particular(&item.kind)).collect()
            }
            _ => Vec::new(),
        };
        for (rank, form) in PARTICULARS.iter().enumerate() {
            let again = matches!(form.0, "supersedes" | "implements" | "not waivable");
            if again || !there.contains(&form.0) {
                self.form(form, rank as u32);
            }
        }
    }

    /// Steps of a scenario; `as of` and `known at` stand once.
    fn steps(&mut self) {
        let tree = self.snapshot.syntax(self.path);
        let here = tree.as_ref().and_then(|tree| tree.items.iter().find(|item| item.offset == self.context.start));
        let place = self.context.word.start;
        let there = |wanted: fn(&StepKind) -> bool| match here.map(|item| &item.decl.kind) {
            Some(DeclKind::Scenario(scenario)) => scenario
                .steps
                .iter()
                .any(|step| wanted(&step.kind) && !step.span.shifted(self.context.start).touches(place)),
            _ => false,
        };
        let (as_of, known) =
            (there(|kind| matches!(kind, StepKind::AsOf(_))), there(|kind| matches!(kind, StepKind::KnownAt(_))));
        let given = there(|kind| matches!(kind, StepKind::Given { .. }));
        for (rank, form) in STEPS.iter().enumerate() {
            let rank = match form.0 {
                "as of" if as_of => continue,
                "known at" if known => continue,
                // What most lines are, once it is said when.
                "given" if as_of => 0,
                "expect" if given => 1,
                _ => rank as u32 + 2,
            };
            self.form(form, rank);
        }
    }

    /// Words that a keyword before the place leaves, where no name is wanted or beside names.
    pub(super) fn head_words(&mut self) {
        use Keyword as K;
        let context = self.context;
        match (context.keyword(0), context.keyword(1)) {
            (K::Force, _) if context.declaration == K::Source => {
                for (rank, (word, _)) in Force::WORDS.iter().enumerate() {
                    self.ends(word, rank as u32);
                }
            }
            (K::Must | K::Should, _) => {
                self.continues("not", NEXT + 5);
                self.continues("ensure", NEXT);
            }
            (K::Not, K::Must | K::Should) | (K::May, _) | (K::To, K::Aims) => self.continues("ensure", NEXT),
            (K::Otherwise, _) => self.sentence_starts(),
            (K::Accepts, _) => self.continues("weaker", FIRST),
            (K::Refines, _) => self.packages(),
            _ => {}
        }
        let after_comma = context.last(0).is_some_and(|last| last.kind == Token::Comma);
        if context.declaration == K::Mission && after_comma && context.open.is_empty() {
            self.packages();
        }
        if context.declaration == K::Scenario && after_comma && context.entry_word() == K::Expect && context.in_body() {
            self.details();
        }
        if context.keyword(0) == K::Then && context.entry_word() == K::Expect {
            self.statuses();
        }
        if matches!(context.keyword(0), K::Key | K::At | K::During | K::Corrects | K::Recorded)
            && context.declaration == K::Record
            && context.open.is_empty()
        {
            self.own_fields();
        }
        if context.keyword(0) == K::By && context.entry_word() == K::Waivable {
            self.ranks();
        }
    }

    /// Packages that the manifest lists.
    fn packages(&mut self) {
        for package in self.snapshot.dependencies(self.path) {
            let item = self.item(&*package, Shape::Module, FIRST);
            self.push(item);
        }
    }

    /// Fields of the record whose head is being written.
    fn own_fields(&mut self) {
        let Some(tree) = self.snapshot.syntax(self.path) else { return };
        let here = tree.items.iter().find(|item| item.offset == self.context.start);
        let Some(DeclKind::Record(record)) = here.map(|item| &item.decl.kind) else { return };
        for field in record.fields.iter().filter(|field| !field.name.is_hole()) {
            let item = self.item(&field.name.text, Shape::Field, FIRST);
            self.push(item);
        }
    }

    /// Ranks of authorities that can grant the waiver of the clause.
    fn ranks(&mut self) {
        let context = self.context;
        let tokens = context.entry_tokens();
        let under = tokens.iter().position(|token| token.kind == Token::Word(Keyword::Under));
        let words = tokens.iter().skip(under.map_or(usize::MAX, |at| at + 1));
        let path: Vec<&str> = words
            .take_while(|token| token.kind.is_word() || token.kind == Token::Dot)
            .filter(|token| token.kind.is_word())
            .map(|token| context.written(*token))
            .collect();
        let Some(waiver) = self.snapshot.find(self.path, &path) else { return };
        if let Some(Type::Enum(name)) = self.snapshot.rank(&waiver) {
            let from = self.items.len();
            self.variants(&name, FIRST);
            let above = context.after.is_some_and(|next| context.written(next) == "or");
            for item in self.items[from..].iter_mut().filter(|_| !above) {
                item.insert.push_str(" or above");
            }
        }
    }

    /// What stands at the head of a value.
    pub(super) fn words_of_values(&mut self, wanted: Option<&Type>) {
        if self.context.declaration == Keyword::Scenario {
            return;
        }
        let truth = wanted.is_none_or(|wanted| *wanted == Type::Bool);
        let number =
            wanted.is_none_or(|wanted| matches!(wanted, Type::Int | Type::Decimal | Type::Money | Type::Duration));
        let time = wanted.is_some_and(|wanted| matches!(wanted, Type::Time | Type::Date));
        let record = wanted.is_none_or(|wanted| matches!(wanted, Type::Record(_)));
        let mut forms: Vec<Form> = Vec::new();
        if truth {
            forms.extend([
                ("some", "some ${1:x} in ${2:list} where $0", "one of them fits"),
                ("no", "no ${1:x} in ${2:list} where $0", "none of them fits"),
                ("every", "every ${1:x} in ${2:list} satisfies $0", "all of them fit"),
                ("not", "not ", "the contrary"),
                ("all", "all {\n  ${1:name}: $0\n}", "conditions with names"),
                ("true", "true", ""),
                ("false", "false", ""),
            ]);
        }
        if truth || number {
            forms.extend([
                ("count", "count(${1:x} in ${2:list} where $0)", "how many fit"),
                ("sum", "sum(${1:x.amount} for x in ${2:list})", "their sum"),
                ("min", "min(${1:x.amount} for x in ${2:list})", "the least"),
                ("max", "max(${1:x.amount} for x in ${2:list})", "the greatest"),
                ("share", "share(${1:x} in ${2:list} where $0)", "the part that fits"),
            ]);
        }
        if truth || matches!(wanted, Some(Type::Length)) {
            forms.push(("distance", "distance(${1:a}, ${2:b})", "how far two places are apart"));
        }
        if record || truth {
            forms.extend([
                ("latest", "(latest ${1:x}: ${2:Record} where $0)", "the newest record that fits"),
                ("earliest", "(earliest ${1:x}: ${2:Record} where $0)", "the oldest record that fits"),
                ("the", "(the ${1:x}: ${2:Record} where $0)", "the only record that fits"),
            ]);
        }
        if matches!(wanted, Some(Type::List(_)) | None) {
            forms.push(("follow", "follow(${1:record}, ${2:field})", "every record along a field"));
        }
        if matches!(wanted, Some(Type::Money) | None) {
            forms.push(("convert", "convert(${1:amount}, ${2:USD}, ${3:rate})", "an amount in another currency"));
        }
        if time || truth {
            forms.push(("as_of", "as_of", "the instant of assessment"));
        }
        if time {
            forms.push(("never", "never", "later than every instant"));
        }
        forms.push(("if", "if ${1:condition} then ${2:value} else $0", "one of two values"));
        for (rank, form) in forms.iter().enumerate() {
            self.form(form, NEXT + rank as u32);
        }
    }
}
