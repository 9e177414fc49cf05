//! Rules and constraints: clauses and sentences.

use crate::analysis::{NormPlace, WaivablePlace};
use crate::checker::{Checker, with_article};
use crate::db::qualified;
use crate::names::Kind;
use crate::probe::Wanted;
use crate::signatures::{Signature, signature};
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_pack::{self as pack, Force, Node, Type};
use mandate_syntax::ast::{self, Clause, ClauseKind, Expr, ExprKind, Sentence};
use std::collections::BTreeMap;

/// A rule while its clauses are read.
#[derive(Default)]
struct Parts {
    cites: Vec<pack::Citation>,
    carries: Vec<String>,
    interpretations: Vec<pack::Interpretation>,
    for_each: Vec<pack::Binder>,
    lets: Vec<pack::Let>,
    on: Option<pack::Expr>,
    party: Option<pack::Expr>,
    in_force: (Option<String>, Option<String>),
    when: Vec<pack::Condition>,
    unless: Vec<pack::Condition>,
    norm: Option<pack::Norm>,
    require: Vec<pack::Condition>,
    otherwise: Vec<pack::Norm>,
    waivable: Option<pack::Waivable>,
    overrides: Vec<pack::RuleRef>,
    limits: Vec<pack::RuleRef>,
    tallies: Vec<pack::Tally>,
    flags: Vec<pack::Flag>,
    /// Something could not be lowered, which has been reported.
    broken: bool,
}

impl Checker<'_> {
    pub(crate) fn rule(
        &mut self,
        decl: &ast::Rule,
        doc: &str,
        line: u32,
        norms: &mut Vec<NormPlace>,
        waivables: &mut Vec<WaivablePlace>,
    ) -> Option<pack::Rule> {
        let mut parts = Parts::default();
        let replaces = decl.replaces.as_ref().map(|path| self.replaced(path));
        parts.broken |= replaces == Some(None);
        self.repeated_clauses(decl);
        // Variables first: clauses may stand in any order, and a sentence above its `for each` still means the same.
        for clause in decl.clauses.iter().filter(|c| introduces(&c.kind)) {
            self.variables(clause, &mut parts);
        }
        for clause in decl.clauses.iter().filter(|c| !introduces(&c.kind)) {
            self.clause(decl, clause, &mut parts, norms, waivables);
        }
        self.interpretations(decl, &mut parts);
        self.missing_clauses(decl, &parts);
        self.unbind(0, true);
        let norm = match parts.norm {
            Some(norm) => Some(norm),
            None if parts.require.is_empty() => None,
            None => Some(constraint_norm(parts.require)),
        };
        if parts.broken {
            return None;
        }
        let title = decl.title.as_ref().map_or_else(|| decl.name.text.replace('_', " "), |t| t.text.clone());
        Some(pack::Rule {
            title,
            doc: doc.to_owned(),
            origin: self.origin(line),
            constraint: decl.constraint,
            replaces: replaces.flatten(),
            force: self.strongest(&parts.cites),
            cites: parts.cites,
            carries: parts.carries,
            interpretations: parts.interpretations,
            for_each: parts.for_each,
            lets: parts.lets,
            on: parts.on,
            party: parts.party,
            in_force_from: parts.in_force.0,
            in_force_until: parts.in_force.1,
            when: parts.when,
            unless: parts.unless,
            norm: norm?,
            otherwise: parts.otherwise,
            waivable: parts.waivable,
            overrides: parts.overrides,
            limits: parts.limits,
            tallies: parts.tallies,
            flags: parts.flags,
        })
    }

    /// The strongest force among the cited sources.
    fn strongest(&self, cites: &[pack::Citation]) -> Option<Force> {
        let forces = cites.iter().filter_map(|cite| {
            let entity = crate::names::by_qualified(self.db, &cite.source)?;
            match signature(self.db, &entity)? {
                Signature::Source(source) => source.force,
                _ => None,
            }
        });
        forces.min()
    }

    fn variables(&mut self, clause: &Clause, parts: &mut Parts) {
        match &clause.kind {
            ClauseKind::ForEach(binders) => {
                for binder in binders {
                    let lowered = self.binder(binder);
                    if let Some(local) = self.locals.last_mut().filter(|local| local.name == binder.name.text) {
                        local.subject = true;
                    }
                    match lowered {
                        Some(binder) => parts.for_each.push(binder),
                        None => parts.broken = true,
                    }
                }
            }
            ClauseKind::Let(name, value) => {
                let typed = self.expr(value, None);
                self.bind(name, typed.as_ref().map(|t| t.ty().clone()), typed.as_ref().is_some_and(|t| t.sensitive));
                match typed {
                    Some(typed) => parts.lets.push(pack::Let { name: name.text.clone(), value: typed.expr }),
                    None => parts.broken = true,
                }
            }
            _ => {}
        }
    }

    fn clause(
        &mut self,
        decl: &ast::Rule,
        clause: &Clause,
        parts: &mut Parts,
        norms: &mut Vec<NormPlace>,
        waivables: &mut Vec<WaivablePlace>,
    ) {
        match &clause.kind {
            // What is read how is looked up in all citations, wherever they stand.
            ClauseKind::ForEach(_) | ClauseKind::Let(..) | ClauseKind::Reads(_) => {}
            ClauseKind::Cites(citations) => {
                for citation in citations {
                    match self.citation(citation) {
                        Some(citation) => parts.cites.push(citation),
                        None => parts.broken = true,
                    }
                }
            }
            ClauseKind::Carries(ids) => parts.carries.extend(ids.iter().map(|id| id.text.clone())),
            ClauseKind::On(day) => match self.dated_value(day) {
                Some(day) => parts.on = Some(day.expr),
                None => parts.broken = true,
            },
            ClauseKind::When(condition) => {
                self.lifted_when(condition);
                self.add_conditions(condition, |parts| &mut parts.when, parts);
            }
            ClauseKind::Unless(condition) => {
                // Any of several exceptions takes the case out, so a conjunction stays whole here.
                match self.condition(condition) {
                    Some(typed) => {
                        parts.unless.push(pack::Condition { text: self.words(condition.span), expr: typed.expr })
                    }
                    None => parts.broken = true,
                }
            }
            ClauseKind::Require(condition) => {
                if !decl.constraint {
                    let message = "`require` belongs to a `constraint`, and this is a `rule`";
                    self.report(
                        &codes::E052,
                        clause.span,
                        message,
                        "Write `constraint` at its head, or a sentence: `everyone must ensure ...`.",
                    );
                }
                self.add_conditions(condition, |parts| &mut parts.require, parts);
            }
            ClauseKind::Norm(sentence) => {
                if decl.constraint {
                    let message = "a constraint says what must be so with `require`, not who must act";
                    self.report(
                        &codes::E052,
                        clause.span,
                        message,
                        "Write `rule` at its head, or `require` and a condition.",
                    );
                }
                match self.sentence(sentence, false, norms) {
                    Some(norm) => parts.norm = parts.norm.take().or(Some(norm)),
                    None => parts.broken = true,
                }
            }
            ClauseKind::Otherwise(sentence) => match self.sentence(sentence, true, norms) {
                Some(norm) => parts.otherwise.push(norm),
                None => parts.broken = true,
            },
            ClauseKind::Waivable(waivable) => match self.waivable(&decl.name, clause.span, waivable, waivables) {
                Some(waivable) => parts.waivable = Some(waivable),
                None => parts.broken = true,
            },
            ClauseKind::Flag(flag) => {
                let lowered = self.flags(std::slice::from_ref(flag));
                parts.broken |= lowered.is_empty();
                parts.flags.extend(lowered);
            }
            ClauseKind::InForce(from, until) => {
                let (first, last) = (from.as_ref().map(|day| self.day(day)), until.as_ref().map(|day| self.day(day)));
                parts.broken |= [&first, &last].into_iter().any(|day| matches!(day, Some(None)));
                parts.in_force = (first.flatten(), last.flatten());
                self.in_order("rule", parts.in_force.0.as_ref(), parts.in_force.1.as_ref(), clause.span);
            }
            ClauseKind::Party(party) => match self.party(party) {
                Some(party) => parts.party = Some(party),
                None => parts.broken = true,
            },
            ClauseKind::Overrides(call) => match self.rule_ref(call, clause.span) {
                Some(target) => parts.overrides.push(target),
                None => parts.broken = true,
            },
            ClauseKind::Limits(call) => match self.rule_ref(call, clause.span) {
                Some(target) => parts.limits.push(target),
                None => parts.broken = true,
            },
            ClauseKind::Tally(groups) => match self.tally(groups) {
                Some(tally) => parts.tallies.push(tally),
                None => parts.broken = true,
            },
        }
    }

    fn add_conditions(&mut self, condition: &Expr, to: fn(&mut Parts) -> &mut Vec<pack::Condition>, parts: &mut Parts) {
        let before = self.out.diagnostics.len();
        let lowered = self.conditions(condition);
        let failed = lowered.is_empty()
            || self.out.diagnostics[before..].iter().any(|d| d.severity == mandate_diagnostics::Severity::Error);
        parts.broken |= failed;
        to(parts).extend(lowered);
    }

    /// An exception inside `all { }` in a `when` would widen the rule where its author meant to narrow it.
    fn lifted_when(&mut self, condition: &Expr) {
        let mut open = vec![condition];
        while let Some(expr) = open.pop() {
            if let ExprKind::All(named) = &expr.kind {
                for part in named.iter().filter_map(|part| part.unless.as_ref()) {
                    let message = "lifting a condition of `when` makes the rule apply to more cases, not to fewer";
                    let help = "To take cases out of the rule, write `unless ...` as a clause of its own.";
                    self.report(&codes::E040, part.span, message, help);
                }
            }
            open.extend(expr.children());
        }
    }

    /// The notes on how passages are read: below `cites` or `carries` about the whole rule, else about the clause above.
    fn interpretations(&mut self, decl: &ast::Rule, parts: &mut Parts) {
        let mut above: Option<&Clause> = None;
        for clause in &decl.clauses {
            let ClauseKind::Reads(note) = &clause.kind else {
                above = Some(clause);
                continue;
            };
            let whole = |clause: &&Clause| matches!(clause.kind, ClauseKind::Cites(_) | ClauseKind::Carries(_));
            let clause = above.filter(|above| !whole(above)).map(|above| self.words(above.span));
            match self.interpreted(&note.words, decl, parts) {
                Some(citation) => parts.interpretations.push(pack::Interpretation {
                    words: note.words.text.clone(),
                    citation,
                    reading: note.reading.text.clone(),
                    authority: note.authority.text.clone(),
                    clause,
                    rejected: note
                        .rejected
                        .iter()
                        .map(|(reading, because)| pack::Rejected {
                            reading: reading.text.clone(),
                            because: because.as_ref().map(|why| why.text.clone()),
                        })
                        .collect(),
                }),
                None => parts.broken = true,
            }
        }
    }

    /// The citation in whose passage the words stand.
    fn interpreted(&mut self, words: &ast::Text, decl: &ast::Rule, parts: &Parts) -> Option<pack::Citation> {
        let sources =
            parts.cites.iter().filter_map(|cite| Some((cite, crate::names::by_qualified(self.db, &cite.source)?)));
        let mut unread = false;
        for (cite, source) in sources {
            let Some(document) = crate::passages::document_behind(self.db, &source) else {
                unread = true;
                continue;
            };
            let cited: Vec<&str> = cite.passage.iter().chain(&cite.to).map(String::as_str).collect();
            let found = mandate_documents::locate(document, &cited, &words.text);
            let whole = cited.is_empty() && matches!(found, mandate_documents::Quotation::Moved { .. });
            if whole || found == mandate_documents::Quotation::Exact {
                return Some(pack::Citation { quotation: None, ..cite.clone() });
            }
        }
        // A citation that could not be resolved, or a document that could not be read, was reported there.
        let cites = decl.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::Cites(_)));
        if unread || cites && parts.cites.is_empty() || words.span.start == words.span.end {
            return None;
        }
        let message = "these words stand in no passage that the rule cites";
        let help = if cites {
            "Note how words of a cited passage are read, as they stand there; or cite the passage they stand in."
        } else {
            "Cite the passage whose words are ambiguous."
        };
        self.report(&codes::E085, words.span, message, help);
        None
    }

    fn repeated_clauses(&mut self, decl: &ast::Rule) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for clause in &decl.clauses {
            let word = match &clause.kind {
                ClauseKind::On(_) => "on",
                ClauseKind::Party(_) => "party",
                ClauseKind::Norm(_) => "sentence",
                ClauseKind::Waivable(_) => "waivable",
                ClauseKind::InForce(..) => "in force",
                _ => continue,
            };
            if let Some(before) = seen.insert(word, clause.span) {
                let (message, help) = match word {
                    "sentence" => (
                        "a rule has one sentence".to_owned(),
                        "Make two rules of it: then each finding names one duty.",
                    ),
                    word => (format!("`{word}` stands here twice"), "Keep the one that is right."),
                };
                let said = Diagnostic::new(&codes::E051, clause.span, message).related(before, "first here").help(help);
                self.say(said);
            }
        }
    }

    fn missing_clauses(&mut self, decl: &ast::Rule, parts: &Parts) {
        if decl.name.is_hole() {
            return;
        }
        let has = |wanted: fn(&ClauseKind) -> bool| decl.clauses.iter().any(|clause| wanted(&clause.kind));
        let norm = has(|kind| matches!(kind, ClauseKind::Norm(_) | ClauseKind::Require(_)));
        // A clause that could not be read may have been the sentence.
        if !norm && !parts.broken {
            let (message, help) = if decl.constraint {
                (format!("the constraint `{}` requires nothing", decl.name.text), "Add `require` and a condition.")
            } else {
                (
                    format!("the rule `{}` says nobody must, should or may do anything", decl.name.text),
                    "Add its sentence: `commander of i.unit must report(i) within 24 hours after i.observed_at`.",
                )
            };
            self.report(&codes::E050, decl.name.span, message, help);
        }
        if has(|kind| matches!(kind, ClauseKind::Otherwise(_)))
            && !has(|kind| matches!(kind, ClauseKind::Norm(_)))
            && norm
        {
            self.report(
                &codes::E050,
                decl.name.span,
                "`otherwise` follows a duty, and there is none here",
                "A constraint has no `otherwise`: write a rule.",
            );
        }
        let permission = decl.clauses.iter().any(|clause| match &clause.kind {
            ClauseKind::Norm(sentence) => sentence.modal == ast::Modal::May,
            _ => false,
        });
        let follows =
            decl.clauses.iter().filter(|c| matches!(c.kind, ClauseKind::Otherwise(_) | ClauseKind::Waivable(_)));
        for clause in follows.filter(|_| permission) {
            let message = "a permission cannot be broken, so there is nothing to waive and nothing that follows";
            self.report(
                &codes::E050,
                clause.span,
                message,
                "Leave this out, or write the duty or prohibition that it belongs to.",
            );
        }
        if !has(|kind| matches!(kind, ClauseKind::Cites(_))) {
            let message = format!("the rule `{}` cites no source", decl.name.text);
            self.report(
                &codes::W001,
                decl.name.span,
                message,
                "Add `cites source#passage`, so that a finding can say on whose authority.",
            );
        }
    }

    fn sentence(&mut self, sentence: &Sentence, otherwise: bool, norms: &mut Vec<NormPlace>) -> Option<pack::Norm> {
        let bearer = self.bearer(&sentence.bearer);
        let act = self.act(sentence);
        let time = match &sentence.time {
            Some(time) => self.window(time, sentence, otherwise).map(Some),
            None => Some(None),
        };
        let modal = modal(sentence.modal);
        let ensure = matches!(sentence.act, ast::Act::Ensure(_));
        let duty = !modal.is_negative() && modal != pack::Modal::May && !ensure;
        if duty && sentence.time.is_none() && !matches!(sentence.act, ast::Act::Hole(_)) {
            if otherwise {
                let message = "this duty has no deadline, so it can never be broken and nothing follows after it";
                self.report(
                    &codes::W008,
                    sentence.span,
                    message,
                    "Add `within 24 hours`: it runs from the breach before it.",
                );
            } else {
                let message = "this duty has no deadline, so it can never be found broken";
                self.report(&codes::W002, sentence.span, message, "Add `within ... after ...`, `by ...` or `before ...`. If the text sets none, a mission parameter can.");
            }
        }
        let (bearer, act, time) = (bearer?, act?, time?);
        if let pack::Act::Do { action, .. } = &act {
            let (role, record) = match &bearer {
                pack::Bearer::Role { role, .. } => (Some(role.clone()), None),
                pack::Bearer::Record(expr) => (None, Some(expr.ty.clone())),
                pack::Bearer::Everyone => (None, None),
            };
            let span = sentence.span.shifted(self.offset);
            let lasting = duty && matches!(time, Some(pack::Window::Lasting(_)));
            norms.push(NormPlace { span, action: action.clone(), role, bearer: record, lasting });
        }
        Some(pack::Norm { text: self.words(sentence.span), bearer, modal, act, time })
    }

    fn bearer(&mut self, bearer: &ast::Bearer) -> Option<pack::Bearer> {
        match bearer {
            ast::Bearer::Hole(_) => None,
            ast::Bearer::Everyone(_) => Some(pack::Bearer::Everyone),
            ast::Bearer::RoleOf(path, of) => self.role_of(path, of),
            ast::Bearer::Path(expr) => self.bearer_path(expr),
        }
    }

    fn role_of(&mut self, path: &ast::Path, of: &Expr) -> Option<pack::Bearer> {
        let role = self.entity(path, &[Kind::Role]);
        let wanted = role.as_ref().and_then(|role| match signature(self.db, role) {
            Some(Signature::Role(found)) => Some(found.of.clone()),
            _ => None,
        });
        let of_typed = match wanted.as_ref().and_then(|of| of.as_ref()).and_then(|(_, ty)| ty.as_ref()) {
            Some(ty) => self.expr_of(of, ty),
            None => self.expr(of, None),
        };
        let role = role?;
        if wanted == Some(None) {
            let message = format!("the role `{}` belongs to no record", role.name);
            self.report(
                &codes::E054,
                path.span,
                message,
                format!("Write `{}` alone, or declare it with `of`.", role.name),
            );
            return None;
        }
        let of_typed = self.may_come_out(of_typed?, of.span, "the bearer is named in findings")?;
        Some(pack::Bearer::Role { role: role.qualified(self.db), of: Some(of_typed.expr) })
    }

    /// A standing role, or a record.
    fn bearer_path(&mut self, expr: &Expr) -> Option<pack::Bearer> {
        if let ExprKind::Name(name) = &expr.kind
            && self.asked(name, || Wanted::Bearer)
        {
            return None;
        }
        if let ExprKind::Name(name) = &expr.kind
            && !self.locals.iter().any(|local| local.name == *name)
            && let Some(entity) = self.scope.names.get(name.as_str()).cloned()
            && entity.kind == Kind::Role
        {
            self.refer_entity(expr.span, &entity);
            let Some(Signature::Role(role)) = signature(self.db, &entity) else { return None };
            if let Some((var, ty)) = &role.of {
                let param = Self::shown_param(var, ty.as_ref());
                let message = format!("the role `{name}` belongs to a record ({param})");
                self.report(&codes::E054, expr.span, message, format!("Write whose: `{name} of ...`."));
                return None;
            }
            return Some(pack::Bearer::Role { role: entity.qualified(self.db), of: None });
        }
        let typed = self.expr(expr, None)?;
        if !matches!(typed.ty().known(), Type::Record(_)) {
            let message = format!("a duty falls on a role or a record, and this is {}", with_article(typed.ty()));
            self.report(
                &codes::E055,
                expr.span,
                message,
                "Write `role of record`, a standing role, a path to a post or unit, or `everyone`.",
            );
            return None;
        }
        let typed = self.may_come_out(typed, expr.span, "the bearer is named in findings")?;
        Some(pack::Bearer::Record(typed.expr))
    }

    fn act(&mut self, sentence: &Sentence) -> Option<pack::Act> {
        match &sentence.act {
            ast::Act::Hole(_) => None,
            ast::Act::Ensure(condition) => {
                let lowered = self.conditions(condition);
                (!lowered.is_empty()).then_some(pack::Act::Ensure(lowered))
            }
            ast::Act::Call(path, args) => {
                let action = self.entity(path, &[Kind::Action]);
                let params = action.as_ref().and_then(|action| match signature(self.db, action) {
                    Some(Signature::Action(callable)) => Some(callable.params.clone()),
                    _ => None,
                });
                let Some((action, params)) = action.zip(params) else {
                    for arg in args {
                        self.expr(arg, None);
                    }
                    return None;
                };
                let spans: Vec<Span> = args.iter().map(|arg| arg.span).collect();
                let typed = self.arguments(&action.name, &params, args, sentence.span)?;
                let shown = typed
                    .into_iter()
                    .zip(spans)
                    .map(|(arg, span)| self.may_come_out(arg, span, "what an act is done to is named in findings"));
                let args = shown.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()?;
                Some(pack::Act::Do {
                    action: action.qualified(self.db),
                    args: args.into_iter().map(|a| a.expr).collect(),
                })
            }
        }
    }

    fn waivable(
        &mut self,
        rule: &ast::Name,
        span: Span,
        waivable: &ast::Waivable,
        waivables: &mut Vec<WaivablePlace>,
    ) -> Option<pack::Waivable> {
        let waiver = self.entity(&waivable.waiver, &[Kind::Waiver]);
        let params = waiver.as_ref().and_then(|waiver| match signature(self.db, waiver) {
            Some(Signature::Waiver(callable)) => Some(callable.params.clone()),
            _ => None,
        });
        let longest = match &waivable.longest {
            Some(longest) => Some(self.length(longest, "a waiver")?),
            None => None,
        };
        let Some((waiver, params)) = waiver.zip(params) else {
            for arg in &waivable.args {
                self.expr(arg, None);
            }
            return None;
        };
        let args = self.arguments(&waiver.name, &params, &waivable.args, span)?;
        let waiver = waiver.qualified(self.db);
        // A floor is a value of the type of the waiver's rank, which is known once its own module is lowered.
        let offset = self.offset;
        let place = |floor: &Option<ast::Name>| {
            let written = floor.as_ref().filter(|floor| !floor.is_hole());
            written.map(|floor| (floor.text.clone(), floor.span.shifted(offset)))
        };
        let (floor, exceptional_floor) = (place(&waivable.floor), place(&waivable.exceptional_floor));
        waivables.push(WaivablePlace {
            span: span.shifted(self.offset),
            floor: floor.clone(),
            exceptional_floor: exceptional_floor.clone(),
            waiver: waiver.clone(),
            rule: qualified(self.db, self.file, &rule.text),
        });
        let rank = |(name, _)| pack::Expr { ty: Type::Text, node: Node::Variant(name) };
        Some(pack::Waivable {
            waiver,
            args: args.into_iter().map(|a| a.expr).collect(),
            floor: floor.map(rank),
            exceptional_floor: exceptional_floor.map(rank),
            longest,
        })
    }
}

fn introduces(kind: &ClauseKind) -> bool {
    matches!(kind, ClauseKind::ForEach(_) | ClauseKind::Let(..))
}

fn modal(modal: ast::Modal) -> pack::Modal {
    match modal {
        ast::Modal::Must => pack::Modal::Must,
        ast::Modal::MustNot => pack::Modal::MustNot,
        ast::Modal::Should => pack::Modal::Should,
        ast::Modal::ShouldNot => pack::Modal::ShouldNot,
        ast::Modal::AimsTo => pack::Modal::AimsTo,
        ast::Modal::May => pack::Modal::May,
    }
}

/// `require c` is `everyone must ensure c`.
fn constraint_norm(require: Vec<pack::Condition>) -> pack::Norm {
    let text = require.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" and ");
    pack::Norm {
        text: format!("require {text}"),
        bearer: pack::Bearer::Everyone,
        modal: pack::Modal::Must,
        act: pack::Act::Ensure(require),
        time: None,
    }
}
