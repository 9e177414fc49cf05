//! What stands in a declaration: its expressions, its lines, the names it introduces. Spans are relative to its chunk, like those of the tree.

use mandate_diagnostics::Span;
use mandate_syntax::ast::{
    Act, Action, Bearer, Binder, Clause, ClauseKind, DeclKind, Detail, Evidence, Expr, ExprKind, MissionLineKind, Name,
    ParameterValue, Role, Rule, Sentence, SourceItemKind, Statement, Step, StepKind, TimeKind, Waivable,
};

/// The expressions that stand directly in a declaration, in no particular order. [`Expr::children`] leads into them.
pub(crate) fn expressions(kind: &DeclKind) -> Vec<&Expr> {
    let mut all = Vec::new();
    match kind {
        DeclKind::Source(source) => source.items.iter().for_each(|item| in_source(&item.kind, &mut all)),
        DeclKind::Record(record) => all.extend(record.fields.iter().filter_map(|field| field.default.as_ref())),
        DeclKind::Role(role) => in_role(role, &mut all),
        DeclKind::Parameter(parameter) => {
            all.extend(parameter.bounds.iter().flat_map(|(low, high)| [low, high]));
            match &parameter.value {
                ParameterValue::One(value) => all.push(value),
                ParameterValue::Dated(values) => all.extend(values.iter().flat_map(|(day, value)| [day, value])),
                ParameterValue::Hole => {}
            }
        }
        DeclKind::Define(define) => all.push(&define.body),
        DeclKind::Action(action) | DeclKind::Waiver(action) => {
            action.evidence.iter().for_each(|evidence| in_evidence(evidence, &mut all));
        }
        DeclKind::Rule(rule) => rule.clauses.iter().for_each(|clause| in_clause(&clause.kind, &mut all)),
        DeclKind::Endorse(endorse) => all.extend(endorse.party.iter().chain(&endorse.from)),
        DeclKind::Assume(said) | DeclKind::Concern(said) | DeclKind::Purpose(said) => {
            in_binders(&said.binders, &mut all);
            all.extend(said.when.iter().chain(&said.require));
        }
        DeclKind::Mission(mission) => all.extend(mission.lines.iter().filter_map(|line| match &line.kind {
            MissionLineKind::Set(_, value) => Some(value),
            MissionLineKind::Drops(..) => None,
            MissionLineKind::Accepts(accepted) => accepted.until.as_ref(),
        })),
        DeclKind::Scenario(scenario) => scenario.steps.iter().for_each(|step| in_step(&step.kind, &mut all)),
        DeclKind::Use(_) | DeclKind::Enum(_) | DeclKind::Background(_) | DeclKind::Carried(_) | DeclKind::Nothing => {}
    }
    all
}

fn in_source<'e>(item: &'e SourceItemKind, all: &mut Vec<&'e Expr>) {
    match item {
        SourceItemKind::InForce(from, until) => all.extend(from.iter().chain(until)),
        SourceItemKind::Compulsory(day) => all.push(day),
        SourceItemKind::Adopted(days) => all.extend(days.iter().map(|(day, _)| day)),
        SourceItemKind::Binds(binder, from) => {
            all.extend(binder.items());
            all.push(from);
        }
        SourceItemKind::Title(_)
        | SourceItemKind::Issuer(_)
        | SourceItemKind::Force(_)
        | SourceItemKind::Supersedes(_)
        | SourceItemKind::Implements(_)
        | SourceItemKind::Document(_)
        | SourceItemKind::Link(_)
        | SourceItemKind::Verified(_)
        | SourceItemKind::NotWaivable(_) => {}
    }
}

fn in_role<'e>(role: &'e Role, all: &mut Vec<&'e Expr>) {
    all.extend(role.of.iter().filter_map(Binder::items));
    if let Some(held) = &role.held {
        all.push(&held.by);
        in_binders(&held.binders, all);
        all.extend(held.condition.iter().chain(&held.longest));
        all.extend(held.during.iter().flat_map(|(from, to)| [from, to]));
    }
}

fn in_binders<'e>(binders: &'e [Binder], all: &mut Vec<&'e Expr>) {
    all.extend(binders.iter().filter_map(Binder::items));
}

fn in_evidence<'e>(evidence: &'e Evidence, all: &mut Vec<&'e Expr>) {
    let Evidence { condition, at, by, names, rank, valid, revoked, exceptional, .. } = evidence;
    let single = [condition, at, by, names, rank, valid, revoked, exceptional];
    all.extend(single.into_iter().flatten());
    all.extend(evidence.during.iter().flat_map(|(from, to)| [from, to]));
    all.extend(evidence.flags.iter().map(|flag| &flag.condition));
}

/// The expressions that stand directly in a clause.
pub(crate) fn in_clause<'e>(clause: &'e ClauseKind, all: &mut Vec<&'e Expr>) {
    match clause {
        ClauseKind::ForEach(binders) => in_binders(binders, all),
        ClauseKind::On(expr)
        | ClauseKind::Party(expr)
        | ClauseKind::Let(_, expr)
        | ClauseKind::When(expr)
        | ClauseKind::Unless(expr)
        | ClauseKind::Require(expr) => all.push(expr),
        ClauseKind::InForce(from, until) => all.extend(from.iter().chain(until)),
        ClauseKind::Norm(sentence) | ClauseKind::Otherwise(sentence) => in_sentence(sentence, all),
        ClauseKind::Waivable(waivable) => {
            let Waivable { args, longest, .. } = waivable;
            all.extend(args.iter().chain(longest));
        }
        ClauseKind::Overrides(call) | ClauseKind::Limits(call) => all.extend(&call.args),
        ClauseKind::Flag(flag) => all.push(&flag.condition),
        ClauseKind::Tally(groups) => all.extend(groups),
        ClauseKind::Cites(_) | ClauseKind::Carries(_) | ClauseKind::Reads(_) => {}
    }
}

fn in_sentence<'e>(sentence: &'e Sentence, all: &mut Vec<&'e Expr>) {
    match &sentence.bearer {
        Bearer::RoleOf(_, of) | Bearer::Path(of) => all.push(of),
        Bearer::Everyone(_) | Bearer::Hole(_) => {}
    }
    match &sentence.act {
        Act::Call(_, args) => all.extend(args),
        Act::Ensure(condition) => all.push(condition),
        Act::Hole(_) => {}
    }
    let Some(time) = &sentence.time else { return };
    match &time.kind {
        TimeKind::Within(a) | TimeKind::By(a) | TimeKind::Before(a) | TimeKind::During(a) => all.push(a),
        TimeKind::WithinAfter(a, b) | TimeKind::WithinBefore(a, b) => all.extend([a, b]),
        TimeKind::From(a, end) => all.extend(std::iter::once(a).chain(end.iter().map(|end| end.expr()))),
        TimeKind::Every(a, b, end) => all.extend([a, b].into_iter().chain(end.iter().map(|end| end.expr()))),
    }
    all.extend(time.gaps.iter().map(|gaps| &gaps.longest));
}

fn in_step<'e>(step: &'e StepKind, all: &mut Vec<&'e Expr>) {
    match step {
        StepKind::Let(_, expr)
        | StepKind::AsOf(expr)
        | StepKind::KnownAt(expr)
        | StepKind::Set(_, expr)
        | StepKind::DataThrough(expr, _) => all.push(expr),
        StepKind::Given { fields, .. } => all.extend(fields.iter().map(|(_, value)| value)),
        StepKind::Expect(expected) => {
            all.extend(expected.args.iter().flatten());
            for detail in &expected.details {
                match detail {
                    Detail::LateBy(a) | Detail::Due(a) | Detail::Since(a) | Detail::Missing(a) => all.push(a),
                    Detail::Uncovered(a, b) => all.extend([a, b]),
                    Detail::Flagged(_) | Detail::Then(_) => {}
                }
            }
        }
    }
}

/// The clauses, fields, values, lines and steps of a declaration, in the order of the text.
pub(crate) fn lines(kind: &DeclKind) -> Vec<Span> {
    match kind {
        DeclKind::Source(source) => source.items.iter().map(|item| item.span).collect(),
        DeclKind::Enum(found) => found
            .variants
            .iter()
            .map(|value| value.spelling.as_ref().map_or(value.name.span, |spelling| value.name.span.to(spelling.span)))
            .collect(),
        DeclKind::Record(record) => record
            .fields
            .iter()
            .map(|field| {
                let last = field.default.as_ref().map(|default| default.span).or(field.over_time);
                field.name.span.to(field.ty.span).to(last.unwrap_or(field.ty.span))
            })
            .collect(),
        DeclKind::Action(Action { evidence, .. }) | DeclKind::Waiver(Action { evidence, .. }) => {
            evidence.iter().map(|evidence| evidence.span).collect()
        }
        DeclKind::Rule(Rule { clauses, .. }) => clauses.iter().map(|Clause { span, .. }| *span).collect(),
        DeclKind::Mission(mission) => mission.lines.iter().map(|line| line.span).collect(),
        DeclKind::Scenario(scenario) => scenario.steps.iter().map(|Step { span, .. }| *span).collect(),
        DeclKind::Use(_)
        | DeclKind::Role(_)
        | DeclKind::Parameter(_)
        | DeclKind::Define(_)
        | DeclKind::Endorse(_)
        | DeclKind::Assume(_)
        | DeclKind::Concern(_)
        | DeclKind::Purpose(_)
        | DeclKind::Background(_)
        | DeclKind::Carried(_)
        | DeclKind::Nothing => Vec::new(),
    }
}

/// The sentences of a rule: the norm, then each `otherwise`.
pub(crate) fn sentences(rule: &Rule) -> impl Iterator<Item = &Sentence> {
    rule.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Norm(sentence) | ClauseKind::Otherwise(sentence) => Some(sentence),
        _ => None,
    })
}

/// Goes through an expression and everything inside it, outside first.
pub(crate) fn walk<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    let mut open = vec![expr];
    while let Some(next) = open.pop() {
        visit(next);
        open.extend(next.children().into_iter().rev());
    }
}

/// The variables that a declaration introduces: those of its head, which are given their value from outside, then the others.
pub(crate) fn variables(kind: &DeclKind) -> (Vec<&Name>, Vec<&Name>) {
    let (mut head, mut inner) = (Vec::new(), Vec::new());
    match kind {
        DeclKind::Define(define) => head.extend(define.params.iter().map(|param| &param.name)),
        DeclKind::Action(action) | DeclKind::Waiver(action) => {
            head.extend(action.params.iter().map(|param| &param.name));
            inner.extend(action.evidence.iter().map(|evidence| &evidence.name));
        }
        DeclKind::Role(role) => {
            inner.extend(role.of.iter().map(|binder| &binder.name));
            inner.extend(role.held.iter().flat_map(|held| held.binders.iter().map(|binder| &binder.name)));
        }
        DeclKind::Rule(rule) => {
            for clause in &rule.clauses {
                match &clause.kind {
                    ClauseKind::ForEach(binders) => inner.extend(binders.iter().map(|binder| &binder.name)),
                    ClauseKind::Let(name, _) => inner.push(name),
                    _ => {}
                }
            }
        }
        DeclKind::Assume(Statement { binders, .. })
        | DeclKind::Concern(Statement { binders, .. })
        | DeclKind::Purpose(Statement { binders, .. }) => inner.extend(binders.iter().map(|binder| &binder.name)),
        DeclKind::Source(source) => inner.extend(source.items.iter().filter_map(|item| match &item.kind {
            SourceItemKind::Binds(binder, _) => Some(&binder.name),
            _ => None,
        })),
        DeclKind::Scenario(scenario) => inner.extend(scenario.steps.iter().filter_map(|step| match &step.kind {
            StepKind::Let(name, _) | StepKind::Given { name: Some(name), .. } => Some(name),
            _ => None,
        })),
        _ => {}
    }
    for expr in expressions(kind) {
        walk(expr, &mut |expr| match &expr.kind {
            ExprKind::Quantified(_, binder, _)
            | ExprKind::Aggregate(_, _, binder, _)
            | ExprKind::Pick(_, binder, _) => {
                inner.push(&binder.name);
            }
            _ => {}
        });
    }
    (head, inner)
}
