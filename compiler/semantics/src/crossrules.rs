//! Checks of rules against lowered declarations of other modules: what a rule overrides or limits, what a duty that lasts is seen by,
//! who is party, what a scenario can expect, and what a tally would print.

use crate::analysis::{Found, NormPlace, WaivablePlace, lowered_parts};
use crate::assemble::with_dependencies;
use crate::checker::with_article;
use crate::crosscheck::{lowered, misread};
use crate::db::{SourceFile, package, qualified};
use crate::missions::tailoring;
use crate::reference::Later;
use crate::sheets::{Sheet, SheetItem};
use crate::signatures::record;
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_pack::{Domain, EvidenceTime, Expr, Force, Modal, Node, Rule, RuleRef, Source, Type, Waiver, short};
use mandate_syntax::ast::{self, ClauseKind, DeclKind};
use std::collections::BTreeSet;

fn rule<'db>(db: &'db dyn salsa::Database, name: &str) -> Option<&'db Rule> {
    lowered(db, name, |pack| pack.rules.get(name))
}

fn sources<'db>(db: &'db dyn salsa::Database, rule: &Rule) -> Vec<&'db Source> {
    let cited: BTreeSet<&str> = rule.cites.iter().map(|cite| cite.source.as_str()).collect();
    cited.into_iter().filter_map(|name| lowered(db, name, |pack| pack.sources.get(name))).collect()
}

/// What is wrong with the rules of a sheet beside others, in places of the sheet.
pub(crate) fn rules(db: &dyn salsa::Database, file: SourceFile, sheet: &Sheet, own: &Found) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for SheetItem { item, .. } in &sheet.items {
        let DeclKind::Rule(decl) = &item.decl.kind else { continue };
        let Some(rule) = own.lowered.rules.get(&qualified(db, file, &decl.name.text)) else { continue };
        if !item.decl.errors.is_empty() {
            continue;
        }
        let from = found.len();
        clauses(db, file, decl, rule, &mut found);
        if let Some(path) = &decl.replaces {
            found.extend(replacing(db, file, decl, path, rule));
        }
        found.extend(party(db, decl, rule));
        for said in &mut found[from..] {
            *said = said.clone().shifted(item.offset);
        }
    }
    found
}

/// Clauses that speak of other rules or of groups; a rule is lowered only when all of them are, so they stand in the same order.
fn clauses(db: &dyn salsa::Database, file: SourceFile, decl: &ast::Rule, own: &Rule, found: &mut Vec<Diagnostic>) {
    let (mut overrides, mut limits, mut tallies) = (own.overrides.iter(), own.limits.iter(), own.tallies.iter());
    for clause in &decl.clauses {
        match &clause.kind {
            ClauseKind::Overrides(call) => {
                found.extend(
                    overrides.next().and_then(|target| related(db, file, own, target, call, clause.span, true)),
                );
            }
            ClauseKind::Limits(call) => {
                found.extend(limits.next().and_then(|target| related(db, file, own, target, call, clause.span, false)));
            }
            ClauseKind::Tally(_) => {
                let hidden = tallies.next().and_then(|tally| tally.by.iter().find_map(|by| sensitive(db, by)));
                found.extend(hidden.map(|field| {
                    let message = format!("this counts by `{field}`, which is `sensitive`, and groups are printed");
                    let help = "A sensitive field may be tested in a condition of the rule, and stand nowhere else.";
                    Diagnostic::new(&codes::E041, clause.span, message).help(help)
                }));
            }
            _ => {}
        }
    }
}

/// The rule that is judged where a module names another: what the missions of its package left in its place, if anything.
fn standing(db: &dyn salsa::Database, file: SourceFile, name: &str) -> Option<String> {
    let Some(own) = package(db, file.package(db)) else { return Some(name.to_owned()) };
    tailoring(db, own).standing(name).map(str::to_owned)
}

fn spoken_of(name: &str, span: Span) -> Diagnostic {
    let message = format!("the mission drops `{}`, so nothing is found by it", short(name));
    let help = "Leave this out, or keep the rule: take its line with `drops` out of the mission.";
    Diagnostic::new(&codes::E094, span, message).help(help)
}

/// Why a rule cannot stand in for another one.
fn replacing(
    db: &dyn salsa::Database,
    file: SourceFile,
    decl: &ast::Rule,
    path: &ast::Path,
    own: &Rule,
) -> Option<Diagnostic> {
    let name = own.replaces.as_deref()?;
    let tailoring = tailoring(db, package(db, file.package(db))?);
    let here = qualified(db, file, &decl.name.text);
    if tailoring.dropped.contains(name) {
        let message = format!("the mission drops `{}`, and this rule replaces it", short(name));
        let help = "Do one of the two: a rule that is replaced need not be dropped.";
        return Some(Diagnostic::new(&codes::E093, path.span, message).help(help));
    }
    if let Some(other) = tailoring.replaced.get(name).and_then(|all| all.first()).filter(|first| **first != here) {
        let message = format!("`{}` is replaced already, by `{}`", short(name), short(other));
        let help =
            "One rule stands in for another. Replace that one, or leave `replaces` out: then this rule is a new one.";
        return Some(Diagnostic::new(&codes::E093, path.span, message).help(help));
    }
    let base = rule(db, name).filter(|_| !misread(db, name))?;
    let (mine, theirs) = (variables(own), variables(base));
    if mine == theirs {
        return overridden_by_weaker(db, file, name, path.span, own);
    }
    let said = |types: &[Type]| {
        let types: Vec<String> = types.iter().map(with_article).collect();
        if types.is_empty() { "nothing".to_owned() } else { types.join(" and ") }
    };
    let message = format!("`{}` is about {}, and this rule is about {}", short(name), said(&theirs), said(&mine));
    let help = "Give it variables of the same types in the same order, so that what speaks of the one can speak of the other. \
                Or drop that rule in the mission, and leave `replaces` out here.";
    Some(Diagnostic::new(&codes::E091, path.span, message).help(help))
}

/// A rule that overrides the one replaced, and has less behind it than the one in its place.
fn overridden_by_weaker(
    db: &dyn salsa::Database,
    file: SourceFile,
    replaced: &str,
    span: Span,
    own: &Rule,
) -> Option<Diagnostic> {
    let all = with_dependencies(db, package(db, file.package(db))?);
    let modules = all.into_iter().flat_map(|part| part.modules(db).values().copied());
    let parts = modules.flat_map(|module| lowered_parts(db, module));
    let mut rules = parts.flat_map(|(part, _)| &part.rules);
    let (other, rule) = rules.find(|(name, rule)| {
        let overrides = rule.overrides.iter().any(|target| target.rule == replaced);
        overrides && standing(db, file, name).as_deref() == Some(name) && is_weaker(rule.force, own.force)
    })?;
    let force = |force: Option<Force>| force.map_or("no source at all", Force::word);
    let message = format!(
        "`{}` overrides the rule that is replaced, and cannot override this one: behind it stands {}, behind this one {}",
        short(other),
        force(rule.force),
        force(own.force)
    );
    let help = "Cite a source of the same force as the rule replaced, or drop or replace the overriding rule too.";
    Some(Diagnostic::new(&codes::E066, span, message).help(help))
}

/// Types of the variables of a rule.
fn variables(rule: &Rule) -> Vec<Type> {
    let of = |binder: &mandate_pack::Binder| match &binder.over {
        Domain::Records(name) => Type::Record(name.clone()),
        Domain::Items(list) => match list.ty.known() {
            Type::List(item) => item.known().clone(),
            other => other.clone(),
        },
    };
    rule.for_each.iter().map(of).collect()
}

/// Why a rule cannot override or limit another one as it is written.
fn related(
    db: &dyn salsa::Database,
    file: SourceFile,
    own: &Rule,
    target: &RuleRef,
    call: &ast::RuleCall,
    span: Span,
    overrides: bool,
) -> Option<Diagnostic> {
    let Some(standing) = standing(db, file, &target.rule) else {
        return Some(spoken_of(&target.rule, call.rule.span));
    };
    let other = rule(db, &standing).filter(|_| !misread(db, &standing))?;
    let name = short(&target.rule);
    if let Some((arg, wanted)) = misfit(target, other, call) {
        return Some(arg_of_another_type(name, &arg, wanted));
    }
    let word = if overrides { "overrides" } else { "limits" };
    if other.norm.modal == Modal::May {
        let message =
            format!("`{name}` is a permission: it cannot be broken, so there is nothing to excuse or to narrow");
        let help = format!("Leave `{word}` out: a duty or a prohibition beside a permission stands by itself.");
        return Some(Diagnostic::new(&codes::E067, span, message).help(help));
    }
    if !overrides || !is_weaker(own.force, other.force) {
        return None;
    }
    let message = match (own.force, other.force) {
        (Some(own), Some(other)) => {
            format!("a rule of force `{}` cannot override `{name}`, which is of force `{}`", own.word(), other.word())
        }
        _ => format!("a rule that cites no source cannot override `{name}`, which does"),
    };
    let help =
        "Cite a source of the same force that says so, or write the exception into the other rule, with `unless`.";
    Some(Diagnostic::new(&codes::E066, span, message).help(help))
}

/// Whether a rule has less behind it than another one; law stands first.
fn is_weaker(own: Option<Force>, other: Option<Force>) -> bool {
    match (own, other) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(own), Some(other)) => own > other,
    }
}

/// The first argument that is no such record as the variable of the other rule, whose type may be known only there.
fn misfit<'r>(target: &'r RuleRef, other: &'r Rule, call: &ast::RuleCall) -> Option<(ast::Expr, (&'r Type, Type))> {
    let pairs = target.args.iter().zip(&call.args).zip(variables(other));
    pairs
        .into_iter()
        .find(|((typed, _), wanted)| !crate::exprs::fits(&typed.ty, wanted))
        .map(|((typed, arg), wanted)| (arg.clone(), (&typed.ty, wanted)))
}

fn arg_of_another_type(name: &str, arg: &ast::Expr, (found, wanted): (&Type, Type)) -> Diagnostic {
    let message = format!("`{name}` is about {} here, and this is {}", with_article(&wanted), with_article(found));
    Diagnostic::new(&codes::E030, arg.span, message)
}

/// A duty that lasts has to be seen by acts that last.
pub(crate) fn lasting(db: &dyn salsa::Database, norm: &NormPlace) -> Option<Diagnostic> {
    let action = lowered(db, &norm.action, |pack| pack.actions.get(&norm.action)).filter(|_| norm.lasting)?;
    let instant = action.evidence.iter().find(|e| !matches!(e.at, Some(EvidenceTime::During(..))))?;
    let name = short(&norm.action);
    let record = short(&instant.record);
    let message =
        format!("this duty lasts, and of `{name}` the evidence `{}: {record}` shows one instant only", instant.var);
    let help = format!(
        "Say from when to when such a {record} shows it: `during {0}.from .. {0}.until` in the evidence, or in the head of \
         `record {record}`. Or make the duty recur: `every 30 days from ...`.",
        instant.var
    );
    Some(Diagnostic::new(&codes::E074, norm.span, message).help(help))
}

/// Checks that were put off until the declarations of other modules are lowered.
pub(crate) fn later(db: &dyn salsa::Database, file: SourceFile, later: &Later) -> Option<Diagnostic> {
    match later {
        Later::Holds { span, role, who } => holder(db, *span, role, who),
        Later::Expect { span, rule: name, status } => match standing(db, file, name) {
            Some(standing) => never_met(db, *span, &standing, status),
            None => Some(spoken_of(name, *span)),
        },
    }
}

/// Whoever is asked about must be such a record as holds the role.
fn holder(db: &dyn salsa::Database, span: Span, name: &str, who: &Type) -> Option<Diagnostic> {
    let role = lowered(db, name, |pack| pack.roles.get(name)).filter(|_| !misread(db, name))?;
    let Some(held) = &role.held else {
        let message = format!("the data does not say who holds the role `{}`, so nobody is found to", short(name));
        let help = "Add `held by p for p: Post where ...` to the role.";
        return Some(Diagnostic::new(&codes::E056, span, message).help(help));
    };
    if crate::exprs::comparable(held.by.ty.known(), who) {
        return None;
    }
    let message = format!(
        "the role `{}` is held by {}, and this is {}",
        short(name),
        with_article(&held.by.ty),
        with_article(who)
    );
    let help = format!("Ask it of {}.", with_article(&held.by.ty));
    Some(Diagnostic::new(&codes::E056, span, message).help(help))
}

/// A caveat never sets aside a prohibition of law.
pub(crate) fn caveat(place: &WaivablePlace, rule: &Rule, waiver: &Waiver) -> Option<Diagnostic> {
    let forbids = rule.norm.modal == Modal::MustNot && rule.force == Some(Force::Law);
    (waiver.caveat && forbids).then(|| {
        let name = short(&place.waiver);
        let message = format!("`{name}` is a caveat, and no caveat of a nation sets aside what law forbids");
        let help = "Leave `waivable` out. If an authority may grant an exception under the law itself, declare a `waiver` for it.";
        Diagnostic::new(&codes::E069, place.span, message).help(help)
    })
}

/// The exceptional authority is lower than the ordinary one, and the waiver says when it counts.
pub(crate) fn exceptional(place: &WaivablePlace, waiver: &Waiver, ranks: [Option<usize>; 2]) -> Option<Diagnostic> {
    let (_, span) = place.exceptional_floor.as_ref()?;
    if waiver.exceptional.is_none() {
        let message = format!("the waiver `{}` does not say when it is exceptional", short(&place.waiver));
        let help = "Add `exceptional if w.field` to its evidence, or leave `exceptionally by` out.";
        return Some(Diagnostic::new(&codes::E077, *span, message).help(help));
    }
    let [Some(floor), Some(lower)] = ranks else { return None };
    (lower >= floor).then(|| {
        let message = "the exceptional authority is not below the ordinary one, so it adds nothing";
        let help = "Name a lower rank after `exceptionally by`, or leave it out.";
        Diagnostic::new(&codes::E077, *span, message).help(help)
    })
}

/// A rule that cites a text that binds states says whose obligations it judges, and only such a rule does.
fn party(db: &dyn salsa::Database, decl: &ast::Rule, rule: &Rule) -> Option<Diagnostic> {
    if rule.cites.iter().any(|cite| misread(db, &cite.source)) {
        return None;
    }
    let sources = sources(db, rule);
    let binding = sources.iter().find(|source| source.binds.is_some());
    match (&rule.party, binding) {
        (None, Some(source)) => {
            let message =
                format!("`{}` binds states, and the rule does not say whose obligations it judges", source.title);
            let help = "Add `party u.nation`; without it the rule is judged as if every state were bound.";
            Some(Diagnostic::new(&codes::W010, decl.name.span, message).help(help))
        }
        // A state can endorse what does not bind, in a package that uses this one.
        (Some(_), None) if !sources.iter().any(|source| can_be_endorsed(source)) => {
            let span = decl.clauses.iter().find(|clause| matches!(clause.kind, ClauseKind::Party(_)))?.span;
            let message = "no source that the rule cites binds states one by one, so who is party changes nothing";
            let help = "Add `binds n: Nation from ...` to the source, or leave `party` out.";
            Some(Diagnostic::new(&codes::W011, span, message).help(help))
        }
        _ => None,
    }
}

/// Whether a decision to follow the text can make a recommendation binding.
fn can_be_endorsed(source: &Source) -> bool {
    matches!(source.force, Force::Guidance | Force::Voluntary)
}

/// An expectation that no facts could meet.
fn never_met(db: &dyn salsa::Database, span: Span, name: &str, status: &str) -> Option<Diagnostic> {
    let rule = rule(db, name)?;
    let short = short(name);
    let sources = sources(db, rule);
    let modal = rule.norm.modal;
    let (message, help) = match (status, modal) {
        ("permitted", modal) if modal != Modal::May => (
            format!("`{short}` is no permission, so it is never permitted"),
            "Expect `satisfied`, or whatever should come out.".to_owned(),
        ),
        ("satisfied" | "violated" | "advice" | "repaired" | "pending" | "waived", Modal::May) => (
            format!("`{short}` is a permission: it is neither kept nor broken"),
            "Expect `permitted` or `not applicable`.".to_owned(),
        ),
        ("violated", Modal::AimsTo) => (
            format!("`{short}` says what is aimed at, and falling short of an aim is no violation"),
            "Expect `advice`.".to_owned(),
        ),
        ("violated", Modal::Should | Modal::ShouldNot) if !sources.iter().any(|source| can_be_endorsed(source)) => {
            (format!("`{short}` is a recommendation, and breaking it is no violation"), "Expect `advice`.".to_owned())
        }
        ("advice", Modal::Must | Modal::MustNot) if !sources.iter().any(|source| source.compulsory_from.is_some()) => (
            format!("`{short}` is a duty or a prohibition, and no source that it cites has a transitional period"),
            "Expect `violated`.".to_owned(),
        ),
        _ => return None,
    };
    Some(Diagnostic::new(&codes::E084, span, message).help(help))
}

/// A sensitive field that a value depends on, also by way of definitions: what is counted by it would be printed.
fn sensitive(db: &dyn salsa::Database, by: &Expr) -> Option<String> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&Expr> = vec![by];
    while let Some(expr) = open.pop() {
        match &expr.node {
            Node::Field { of, name, .. } => {
                if let Type::Record(of) = of.ty.known()
                    && record(db, of).and_then(|(_, found)| found.field(name)).is_some_and(|field| field.sensitive)
                {
                    return Some(name.clone());
                }
            }
            Node::Call { definition, .. } if seen.insert(definition) => {
                open.extend(lowered(db, definition, |pack| pack.definitions.get(definition)).map(|found| &found.body));
            }
            _ => {}
        }
        open.extend(expr.children());
    }
    None
}
