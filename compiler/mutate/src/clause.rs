//! Where expressions stand in declarations: one list of places for each kind, in the order written.

use mandate_pack::{
    Act, Action, Bearer, Definition, Domain, End, EvidenceTime, Expr, Node, Norm, Parameter, Role, Rule, Waiver, Window,
};

/// A declaration of a pack, taken out to be changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Decl {
    Rule(Box<Rule>),
    Definition(Box<Definition>),
    Action(Box<Action>),
    Role(Box<Role>),
    Waiver(Box<Waiver>),
    Parameter(Box<Parameter>),
}

/// What a clause is, for the hint that goes with a change of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClauseKind {
    Applies,
    Exception,
    Deadline,
    Norm,
    State,
    Evidence,
    Waiver,
    Definition,
    Parameter,
    Role,
    Override,
}

/// A place for an expression.
pub(crate) struct Clause<'d> {
    /// As people call it: "when", "deadline", "otherwise 2: deadline".
    pub(crate) name: String,
    pub(crate) kind: ClauseKind,
    /// As written, where the pack keeps the words.
    pub(crate) text: Option<String>,
    pub(crate) expr: &'d mut Expr,
}

/// The expressions of a declaration that decide what it finds.
pub(crate) fn clauses(decl: &mut Decl) -> Vec<Clause<'_>> {
    match decl {
        Decl::Rule(rule) => of_rule(rule),
        Decl::Definition(definition) => vec![clause("definition", ClauseKind::Definition, None, &mut definition.body)],
        Decl::Action(action) => of_action(action),
        Decl::Role(role) => of_role(role),
        Decl::Waiver(waiver) => of_waiver(waiver),
        Decl::Parameter(parameter) => {
            let values = parameter.values.iter_mut();
            values.map(|v| clause("value", ClauseKind::Parameter, None, &mut v.value)).collect()
        }
    }
}

fn clause<'d>(name: impl Into<String>, kind: ClauseKind, text: Option<&str>, expr: &'d mut Expr) -> Clause<'d> {
    Clause { name: name.into(), kind, text: text.map(str::to_owned), expr }
}

fn of_rule(rule: &mut Rule) -> Vec<Clause<'_>> {
    use ClauseKind::{Applies, Exception, Override, Waiver};
    let mut out = Vec::new();
    for binder in &mut rule.for_each {
        if let Domain::Items(list) = &mut binder.over {
            out.push(clause("for each", Applies, None, list));
        }
    }
    for l in &mut rule.lets {
        out.push(clause(format!("let {}", l.name), Applies, None, &mut l.value));
    }
    out.extend(rule.on.as_mut().map(|on| clause("on", Applies, None, on)));
    out.extend(rule.party.as_mut().map(|party| clause("party", Applies, None, party)));
    for c in &mut rule.when {
        let text = c.text.clone();
        out.push(clause("when", Applies, Some(&text), &mut c.expr));
    }
    for c in &mut rule.unless {
        let text = c.text.clone();
        out.push(clause("unless", Exception, Some(&text), &mut c.expr));
    }
    of_norm(&mut rule.norm, "", &mut out);
    for (level, norm) in rule.otherwise.iter_mut().enumerate() {
        of_norm(norm, &format!("otherwise {}: ", level + 1), &mut out);
    }
    if let Some(waivable) = &mut rule.waivable {
        out.extend(waivable.args.iter_mut().map(|arg| clause("waivable under", Waiver, None, arg)));
        out.extend(waivable.longest.as_mut().map(|longest| clause("for at most", Waiver, None, longest)));
    }
    for other in &mut rule.overrides {
        let name = format!("overrides {}", crate::words::short(&other.rule));
        out.extend(other.args.iter_mut().map(|arg| clause(name.clone(), Override, None, arg)));
    }
    out
}

fn of_norm<'d>(norm: &'d mut Norm, before: &str, out: &mut Vec<Clause<'d>>) {
    let text = norm.text.clone();
    let name = |name: &str| format!("{before}{name}");
    match &mut norm.bearer {
        Bearer::Role { of: Some(of), .. } => out.push(clause(name("bearer"), ClauseKind::Norm, Some(&text), of)),
        Bearer::Record(expr) => out.push(clause(name("bearer"), ClauseKind::Norm, Some(&text), expr)),
        Bearer::Everyone | Bearer::Role { of: None, .. } => {}
    }
    match &mut norm.act {
        Act::Do { args, .. } => {
            out.extend(args.iter_mut().map(|arg| clause(name("act"), ClauseKind::Norm, Some(&text), arg)));
        }
        Act::Ensure(conditions) => {
            for c in conditions {
                let text = c.text.clone();
                out.push(clause(name("require"), ClauseKind::State, Some(&text), &mut c.expr));
            }
        }
    }
    let mut window = |expr: &'d mut Expr| out.push(clause(name("deadline"), ClauseKind::Deadline, Some(&text), expr));
    match &mut norm.time {
        None => {}
        Some(Window::Within(e) | Window::By(e) | Window::Before(e) | Window::During(e)) => window(e),
        Some(Window::WithinAfter(d, t) | Window::WithinBefore(d, t)) => {
            window(d);
            window(t);
        }
        Some(Window::Lasting(lasting)) => {
            window(&mut lasting.from);
            if let Some(End::To(end) | End::Until(end)) = &mut lasting.end {
                window(end);
            }
            lasting.gap.iter_mut().for_each(&mut window);
        }
        Some(Window::Every(recurring)) => {
            window(&mut recurring.every);
            window(&mut recurring.from);
            if let Some(End::To(end) | End::Until(end)) = &mut recurring.end {
                window(end);
            }
        }
    }
}

fn of_action(action: &mut Action) -> Vec<Clause<'_>> {
    let mut out = Vec::new();
    for e in &mut action.evidence {
        let name = format!("evidence {}", crate::words::short(&e.record));
        if e.condition.node != Node::Bool(true) {
            out.push(clause(name.clone(), ClauseKind::Evidence, None, &mut e.condition));
        }
        match &mut e.at {
            None => {}
            Some(EvidenceTime::At(at)) => out.push(clause(name.clone(), ClauseKind::Evidence, None, at)),
            Some(EvidenceTime::During(from, to)) => {
                out.push(clause(name.clone(), ClauseKind::Evidence, None, from));
                out.push(clause(name.clone(), ClauseKind::Evidence, None, to));
            }
        }
        out.extend(e.by.as_mut().map(|by| clause(name, ClauseKind::Evidence, None, by)));
    }
    out
}

fn of_role(role: &mut Role) -> Vec<Clause<'_>> {
    let mut out = Vec::new();
    if let Some(held) = &mut role.held {
        if held.condition.node != Node::Bool(true) {
            out.push(clause("held by", ClauseKind::Role, None, &mut held.condition));
        }
        if let Some((from, to)) = &mut held.during {
            out.push(clause("during", ClauseKind::Role, None, from));
            out.push(clause("during", ClauseKind::Role, None, to));
        }
        out.extend(held.longest.as_mut().map(|longest| clause("for at most", ClauseKind::Role, None, longest)));
    }
    out
}

fn of_waiver(waiver: &mut Waiver) -> Vec<Clause<'_>> {
    let mut out = Vec::new();
    let kind = ClauseKind::Waiver;
    if waiver.condition.node != Node::Bool(true) {
        out.push(clause("evidence", kind, None, &mut waiver.condition));
    }
    if let Some((from, to)) = &mut waiver.during {
        out.push(clause("during", kind, None, from));
        out.push(clause("during", kind, None, to));
    }
    let parts = [
        ("rank", &mut waiver.rank),
        ("at", &mut waiver.granted_at),
        ("valid if", &mut waiver.valid),
        ("revoked", &mut waiver.revoked),
        ("exceptional", &mut waiver.exceptional),
    ];
    for (name, part) in parts {
        out.extend(part.as_mut().map(|expr| clause(name, kind, None, expr)));
    }
    out
}
