//! Who speaks of what: names inside rules and declarations, and the way back.

use mandate_pack::{
    Act, Action, Bearer, Binder, Domain, End, EvidenceTime, Expr, Held, Node, Norm, Pack, Record, Role, Rule, Type,
    Waiver, Window,
};
use std::collections::{BTreeMap, BTreeSet};

/// For every name, the names of the declarations that speak of it.
pub(crate) struct Uses(BTreeMap<String, BTreeSet<String>>);

impl Uses {
    pub(crate) fn new(pack: &Pack) -> Self {
        let mut uses = Self(BTreeMap::new());
        for (name, rule) in &pack.rules {
            uses.add(name, names_in(rule));
        }
        for (name, definition) in &pack.definitions {
            let mut found = Found::default();
            found.expr(&definition.body);
            definition.params.iter().for_each(|param| found.ty(&param.ty));
            uses.add(name, found.0);
        }
        for (name, action) in &pack.actions {
            uses.add(name, names_in_action(action));
        }
        for (name, waiver) in &pack.waivers {
            uses.add(name, names_in_waiver(waiver));
        }
        for (name, role) in &pack.roles {
            uses.add(name, names_in_role(role));
        }
        for (name, record) in &pack.records {
            uses.add(name, names_in_record(record));
        }
        uses
    }

    fn add(&mut self, user: &str, names: BTreeSet<String>) {
        for name in names.into_iter().filter(|name| name != user) {
            self.0.entry(name).or_default().insert(user.to_owned());
        }
    }

    pub(crate) fn of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }
}

/// Names met so far.
#[derive(Default)]
struct Found(BTreeSet<String>);

impl Found {
    fn name(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }

    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Enum(name) | Type::Record(name) => self.name(name),
            Type::List(inner) | Type::Optional(inner) => self.ty(inner),
            _ => {}
        }
    }

    fn binder(&mut self, binder: &Binder) {
        match &binder.over {
            Domain::Records(name) => self.name(name),
            Domain::Items(list) => self.expr(list),
        }
    }

    fn expr(&mut self, expr: &Expr) {
        expr.visit(&mut |inner| match &inner.node {
            Node::Parameter { name, .. } | Node::Call { definition: name, .. } | Node::Holds { role: name, .. } => {
                self.name(name);
            }
            Node::Variant(_) => self.ty(&inner.ty),
            Node::Some { binder, .. }
            | Node::Every { binder, .. }
            | Node::Count { binder, .. }
            | Node::Share { binder, .. }
            | Node::Fold { binder, .. }
            | Node::Pick { binder, .. } => {
                // What a list holds is visited as an expression.
                if let Domain::Records(name) = &binder.over {
                    self.name(name);
                }
            }
            _ => {}
        });
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn norm(&mut self, norm: &Norm) {
        match &norm.bearer {
            Bearer::Everyone => {}
            Bearer::Role { role, of } => {
                self.name(role);
                self.all(of);
            }
            Bearer::Record(expr) => self.expr(expr),
        }
        match &norm.act {
            Act::Do { action, args } => {
                self.name(action);
                self.all(args);
            }
            Act::Ensure(conditions) => self.all(conditions.iter().map(|c| &c.expr)),
        }
        self.all(norm.time.iter().flat_map(in_window));
    }

    fn held(&mut self, held: &Held) {
        held.binders.iter().for_each(|binder| self.binder(binder));
        self.all([&held.by, &held.condition]);
        self.all(held.during.iter().flat_map(|(from, to)| [from, to]).chain(&held.longest));
    }
}

fn in_window(window: &Window) -> Vec<&Expr> {
    match window {
        Window::Within(a) | Window::By(a) | Window::Before(a) | Window::During(a) => vec![a],
        Window::WithinAfter(a, b) | Window::WithinBefore(a, b) => vec![a, b],
        Window::Lasting(l) => {
            [Some(&l.from), l.end.as_ref().map(End::expr), l.gap.as_ref()].into_iter().flatten().collect()
        }
        Window::Every(r) => {
            [Some(&r.every), Some(&r.from), r.end.as_ref().map(End::expr)].into_iter().flatten().collect()
        }
    }
}

/// The names of declarations that a rule speaks of; rules it overrides or limits are not among them.
pub(crate) fn names_in(rule: &Rule) -> BTreeSet<String> {
    let mut found = Found::default();
    rule.for_each.iter().for_each(|binder| found.binder(binder));
    found.all(rule.lets.iter().map(|l| &l.value));
    found.all(rule.on.iter().chain(&rule.party));
    found.all(rule.when.iter().chain(&rule.unless).map(|c| &c.expr));
    found.norm(&rule.norm);
    rule.otherwise.iter().for_each(|norm| found.norm(norm));
    if let Some(waivable) = &rule.waivable {
        found.name(&waivable.waiver);
        found.all(&waivable.args);
        found.all(waivable.floor.iter().chain(&waivable.exceptional_floor).chain(&waivable.longest));
    }
    found.all(rule.overrides.iter().chain(&rule.limits).flat_map(|other| &other.args));
    found.all(rule.tallies.iter().flat_map(|tally| &tally.by));
    found.all(rule.flags.iter().map(|flag| &flag.condition));
    found.0
}

/// The names that an expression speaks of.
pub(crate) fn names_in_expr(expr: &Expr) -> BTreeSet<String> {
    let mut found = Found::default();
    found.expr(expr);
    found.0
}

fn names_in_action(action: &Action) -> BTreeSet<String> {
    let mut found = Found::default();
    action.params.iter().for_each(|param| found.ty(&param.ty));
    for evidence in &action.evidence {
        found.name(&evidence.record);
        found.all(std::iter::once(&evidence.condition).chain(&evidence.by));
        match &evidence.at {
            Some(EvidenceTime::At(at)) => found.expr(at),
            Some(EvidenceTime::During(from, to)) => found.all([from, to]),
            None => {}
        }
    }
    action.excludes.iter().for_each(|other| found.name(other));
    found.0
}

fn names_in_waiver(waiver: &Waiver) -> BTreeSet<String> {
    let mut found = Found::default();
    found.name(&waiver.record);
    waiver.params.iter().for_each(|param| found.ty(&param.ty));
    found.expr(&waiver.condition);
    let single = [&waiver.names, &waiver.rank, &waiver.granted_at, &waiver.by, &waiver.valid, &waiver.revoked];
    found.all(single.into_iter().chain([&waiver.exceptional]).flatten());
    found.all(waiver.during.iter().flat_map(|(from, to)| [from, to]));
    found.all(waiver.flags.iter().map(|flag| &flag.condition));
    found.0
}

fn names_in_role(role: &Role) -> BTreeSet<String> {
    let mut found = Found::default();
    role.is.iter().for_each(|wider| found.name(wider));
    role.of.iter().for_each(|of| found.ty(&of.ty));
    role.held.iter().for_each(|held| found.held(held));
    found.0
}

fn names_in_record(record: &Record) -> BTreeSet<String> {
    let mut found = Found::default();
    record.fields.iter().for_each(|field| found.ty(&field.ty));
    found.0
}
