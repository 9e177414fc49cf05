//! Words of the language that can follow: declarations, clauses in their order, steps, what continues a sentence or a condition.

use super::{About, Offer, Shape};
use mandate_pack::{Force, Type};
use mandate_semantics::{MARK, Wanted};
use mandate_syntax::ast::{Clause, ClauseKind, DeclKind, SourceItemKind, StepKind};
use mandate_syntax::token::Kind as Token;
use mandate_syntax::words::{Keyword, STATUSES};

/// A word or phrase, what is written for it, and a few words about it.
type Form = (&'static str, &'static str, &'static str);

const DECLARATIONS: &[Form] = &[
    (
        "rule",
        "rule ${1:name} \"${2:title}\" {\n  cites ${3:source}\n  for each ${4:x}: ${5:Record}\n  $0\n}",
        "who must, should or may do what",
    ),
    (
        "constraint",
        "constraint ${1:name} \"${2:title}\" {\n  cites ${3:source}\n  for each ${4:x}: ${5:Record}\n  require $0\n}",
        "what must be so",
    ),
    (
        "scenario",
        "scenario \"${1:what it shows}\" {\n  as of ${2:2026-01-01}\n  given ${3:x}: ${4:Record} { $5 }\n  expect ${6:rule}(${3:x}) ${0:violated}\n}",
        "given facts, expected findings",
    ),
    ("define", "define ${1:name}(${2:x}: ${3:Record}) = $0", "a name for a condition or value"),
    ("parameter", "parameter ${1:name}: ${2:Duration} = $0", "a value that a mission may set"),
    ("record", "record ${1:Name} key ${2:id} {\n  ${2:id}: Text\n  $0\n}", "what the data tells of a thing"),
    ("enum", "enum ${1:Name} { ${0:first, second} }", "a closed list of values"),
    (
        "role",
        "role ${1:name} of ${2:u}: ${3:Unit} held by ${4:p} for ${4:p}: ${5:Post} where $0",
        "who holds an office",
    ),
    (
        "action",
        "action ${1:name}(${2:x}: ${3:Record}) {\n  evidence ${4:r}: ${5:Record} where $0\n}",
        "an act, and the records that show it",
    ),
    (
        "waiver",
        "waiver ${1:name}(${2:x}: ${3:Record}) {\n  evidence ${4:w}: ${5:Record} where $0\n}",
        "what may set a rule aside",
    ),
    (
        "caveat",
        "caveat ${1:name}(${2:u}: ${3:Unit}) {\n  evidence ${4:c}: ${5:Record} where $0\n}",
        "a waiver of a nation",
    ),
    (
        "source",
        "source ${1:name} {\n  title \"${2:title}\"\n  force ${3:commitment}\n  document \"sources/${4:name}.md\"$0\n}",
        "a document that is cited",
    ),
    ("use", "use $0", "names of other modules and packages"),
    ("background", "background ${1:source}#${2:passage} \"${0:why it is no rule}\"", "a passage that is no rule"),
    ("endorse", "endorse ${1:source} from ${2:2026-01-01} by \"${0:order}\"", "a text that the mission follows"),
    (
        "assume",
        "assume \"${1:what holds}\" {\n  for each ${2:x}: ${3:Record}\n  require $0\n}",
        "what always holds in the data",
    ),
    (
        "concern",
        "concern \"${1:what must not happen}\" {\n  for each ${2:x}: ${3:Record}\n  when $0\n}",
        "what the rules must make impossible",
    ),
    (
        "purpose",
        "purpose \"${1:what must stay possible}\" {\n  for each ${2:x}: ${3:Record}\n  when $0\n}",
        "what the rules must leave possible",
    ),
    ("mission", "mission ${1:name} \"${2:title}\" refines ${3:package} {\n  $0\n}", "what a mission makes of policies"),
];

/// Clauses in the order of the language; a name where the clause may stand once only.
const CLAUSES: &[(Form, Once)] = &[
    (("cites", "cites $0", "on whose authority"), Once::No),
    (("carries", "carries \"$0\"", "identifiers of a checklist"), Once::No),
    (
        (
            "reads",
            "reads \"${1:words}\" as \"${2:meaning}\" by \"${0:authority}\"",
            "how ambiguous words are understood",
        ),
        Once::No,
    ),
    (("for each", "for each ${1:x}: $0", "the cases"), Once::No),
    (("in force", "in force from $0", "the edition of the rule"), Once::Yes),
    (("on", "on $0", "the day that chooses the edition"), Once::Yes),
    (("party", "party $0", "whose obligations count"), Once::Yes),
    (("let", "let ${1:name} = $0", "a name for a value"), Once::No),
    (("when", "when $0", "the rule holds only if"), Once::No),
    (("unless", "unless $0", "an exception"), Once::No),
    (("require", "require $0", "what must be so"), Once::Require),
    (("otherwise", "otherwise ${1:everyone} must $0", "the duty after a breach"), Once::Otherwise),
    (("waivable", "waivable under $0", "who can set it aside"), Once::Yes),
    (("overrides", "overrides $0", "the rule that gives way"), Once::No),
    (("limits", "limits $0", "the rule that is narrowed"), Once::No),
    (("flag", "flag \"${1:remark}\" when $0", "a remark on the finding"), Once::No),
    (("tally by", "tally by $0", "counts by group"), Once::No),
];

/// How often a clause may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Once {
    No,
    Yes,
    /// In a constraint only.
    Require,
    /// In a rule only.
    Otherwise,
}

const PARTICULARS: &[Form] = &[
    ("title", "title \"$0\"", "said in findings"),
    ("issuer", "issuer \"$0\"", "who issued it"),
    ("force", "force $0", "law, order, commitment, guidance, voluntary"),
    ("adopted", "adopted $0", "the day of adoption"),
    ("in force", "in force from $0", "since when it binds"),
    ("compulsory", "compulsory from $0", "the end of the transition"),
    ("supersedes", "supersedes $0", "the text it takes the place of"),
    ("implements", "implements $0", "the text it carries out"),
    ("document", "document \"$0\"", "the file with its passages"),
    ("link", "link \"https://$0\"", "the official wording"),
    ("verified", "verified \"$0\"", "how the passages were checked"),
    ("not waivable", "not waivable #$0", "passages that nothing sets aside"),
    ("binds", "binds ${1:n}: Nation from $0", "since when it binds a state"),
];

const STEPS: &[Form] = &[
    ("as of", "as of $0", "when it is read"),
    ("known at", "known at $0", "only what was recorded by then"),
    ("set", "set $0", "the value of a parameter"),
    ("let", "let ${1:name} = $0", "a name for a value"),
    ("data through", "data through ${1:2026-01-01} for $0", "the records are complete up to then"),
    ("given", "given ${1:x}: $0", "a record"),
    ("expect", "expect $0", "what comes out"),
];

const MISSION: &[Form] = &[
    ("set", "set $0", "the value of a parameter"),
    ("drops", "drops ${1:rule} because \"$0\"", "a rule that does not hold here"),
    (
        "accepts weaker",
        "accepts weaker ${1:rule}\n    by \"${2:who}\" under ${3:source} until ${4:2027-01-01} because \"$0\"",
        "who answers for a weakening",
    ),
];

const EVIDENCE: &[Form] = &[
    ("evidence", "evidence ${1:r}: $0", "records that show it"),
    ("excludes", "excludes $0", "acts that are never both done"),
];

const STATEMENT: &[Form] = &[
    ("for each", "for each ${1:x}: $0", "the cases"),
    ("when", "when $0", "only if"),
    ("require", "require $0", "what holds"),
];

const FIRST: u32 = 0;
const NEXT: u32 = 60;

impl Offer<'_> {
    /// Words that start a declaration.
    pub(super) fn declarations(&mut self) {
        let below = self.context.in_body();
        for (rank, form) in DECLARATIONS.iter().enumerate() {
            self.form(form, if below { 200 } else { 0 } + rank as u32);
        }
    }

    fn form(&mut self, (word, insert, detail): &Form, rank: u32) {
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
    fn continues(&mut self, word: &str, rank: u32) {
        let mut item = self.item(word, Shape::Keyword, rank);
        item.insert = format!("{word} ");
        item.about = Some(About::Word(word.to_owned()));
        self.push(item);
    }

    /// A word with nothing behind it.
    fn ends(&mut self, word: &str, rank: u32) {
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

    fn forms(&mut self, forms: &[Form]) {
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

    /// What follows a value: operators, and the words that continue the clause or sentence.
    pub(super) fn following(&mut self, by_space: bool) {
        use Keyword as K;
        let context = self.context;
        let body = context.in_body();
        let entry = context.entry_word();
        match context.declaration {
            K::Rule | K::Constraint if body => match entry {
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
            },
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
            K::Use | K::Enum | K::Background => {}
            _ if by_space => {}
            _ => self.operators(),
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
        let has = |word: Keyword| context.before.iter().any(|token| token.kind == Token::Word(word));
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

    fn statuses(&mut self) {
        for (rank, status) in STATUSES.iter().enumerate() {
            let mut item = self.item(*status, Shape::Keyword, rank as u32);
            item.commit = &[','];
            item.about = Some(About::Word("expect".to_owned()));
            self.push(item);
        }
    }

    fn details(&mut self) {
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
    fn evidence_parts(&mut self, rank: u32) {
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

/// Place of a clause in the order of the language.
fn order(kind: &ClauseKind) -> Option<usize> {
    let word = match kind {
        ClauseKind::Cites(_) => "cites",
        ClauseKind::Carries(_) => "carries",
        ClauseKind::Reads(_) => "reads",
        ClauseKind::ForEach(_) => "for each",
        ClauseKind::InForce(..) => "in force",
        ClauseKind::On(_) => "on",
        ClauseKind::Party(_) => "party",
        ClauseKind::Let(..) => "let",
        ClauseKind::When(_) => "when",
        ClauseKind::Unless(_) => "unless",
        ClauseKind::Norm(_) | ClauseKind::Require(_) => "require",
        ClauseKind::Otherwise(_) => "otherwise",
        ClauseKind::Waivable(_) => "waivable",
        ClauseKind::Overrides(_) => "overrides",
        ClauseKind::Limits(_) => "limits",
        ClauseKind::Flag(_) => "flag",
        ClauseKind::Tally(_) => "tally by",
    };
    CLAUSES.iter().position(|((known, ..), _)| *known == word)
}

fn particular(kind: &SourceItemKind) -> &'static str {
    match kind {
        SourceItemKind::Title(_) => "title",
        SourceItemKind::Issuer(_) => "issuer",
        SourceItemKind::Force(_) => "force",
        SourceItemKind::InForce(..) => "in force",
        SourceItemKind::Compulsory(_) => "compulsory",
        SourceItemKind::Adopted(_) => "adopted",
        SourceItemKind::Supersedes(_) => "supersedes",
        SourceItemKind::Implements(_) => "implements",
        SourceItemKind::Document(_) => "document",
        SourceItemKind::Link(_) => "link",
        SourceItemKind::Verified(_) => "verified",
        SourceItemKind::NotWaivable(_) => "not waivable",
        SourceItemKind::Binds(..) => "binds",
    }
}
