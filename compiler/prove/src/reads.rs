//! Which fields rules read, through the values they name and the definitions they call.

use mandate_pack::{Act, Binder, Condition, Domain, End, EvidenceTime, Expr, Node, Norm, Pack, Rule, Type, Window};
use std::collections::BTreeSet;

/// Fields read, by record and name; records ranged over, parameters and definitions, all qualified.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reads {
    pub(crate) fields: BTreeSet<(String, String)>,
    pub(crate) records: BTreeSet<String>,
    pub(crate) parameters: BTreeSet<String>,
    definitions: BTreeSet<String>,
}

impl Reads {
    /// All that is read where a rule is judged.
    pub(crate) fn of_rule(pack: &Pack, rule: &Rule) -> Reads {
        let mut reads = Reads::default();
        for binder in &rule.for_each {
            reads.binder(pack, binder);
        }
        for expr in rule.lets.iter().map(|l| &l.value).chain(&rule.on) {
            reads.expr(pack, expr);
        }
        reads.conditions(pack, &rule.when);
        reads.conditions(pack, &rule.unless);
        for norm in std::iter::once(&rule.norm).chain(&rule.otherwise) {
            reads.norm(pack, norm);
        }
        reads
    }

    /// And what the assumptions of a pack speak of.
    pub(crate) fn with_assumptions(mut self, pack: &Pack) -> Reads {
        for assumption in &pack.assumptions {
            self.conditions(pack, &assumption.when);
            self.conditions(pack, &assumption.require);
        }
        self
    }

    /// Whether a field is read, or cannot be missing.
    pub(crate) fn has(&self, pack: &Pack, field: &(String, String)) -> bool {
        let optional = pack
            .records
            .get(&field.0)
            .and_then(|record| record.fields.iter().find(|f| f.name == field.1))
            .is_some_and(|f| (f.ty.is_optional() || f.over_time) && f.default.is_none());
        !optional || self.fields.contains(field)
    }

    pub(crate) fn conditions(&mut self, pack: &Pack, conditions: &[Condition]) {
        for condition in conditions {
            self.expr(pack, &condition.expr);
        }
    }

    fn binder(&mut self, pack: &Pack, binder: &Binder) {
        match &binder.over {
            Domain::Records(record) => {
                self.records.insert(record.clone());
            }
            Domain::Items(list) => self.expr(pack, list),
        }
    }

    /// What a norm reads, its window and the evidence of its action included.
    pub(crate) fn norm(&mut self, pack: &Pack, norm: &Norm) {
        match &norm.act {
            Act::Ensure(conditions) => self.conditions(pack, conditions),
            Act::Do { action, args } => {
                args.iter().for_each(|arg| self.expr(pack, arg));
                for evidence in pack.actions.get(action).into_iter().flat_map(|action| &action.evidence) {
                    self.records.insert(evidence.record.clone());
                    self.expr(pack, &evidence.condition);
                    match &evidence.at {
                        Some(EvidenceTime::At(at)) => self.expr(pack, at),
                        Some(EvidenceTime::During(from, to)) => [from, to].iter().for_each(|e| self.expr(pack, e)),
                        None => {}
                    }
                }
            }
        }
        if let Some(window) = &norm.time {
            self.window(pack, window);
        }
    }

    pub(crate) fn window(&mut self, pack: &Pack, window: &Window) {
        let end = |end: &Option<End>| end.as_ref().map(|end| end.expr().clone());
        match window {
            Window::Within(a) | Window::By(a) | Window::Before(a) | Window::During(a) => self.expr(pack, a),
            Window::WithinAfter(a, b) | Window::WithinBefore(a, b) => [a, b].iter().for_each(|e| self.expr(pack, e)),
            Window::Lasting(lasting) => {
                self.expr(pack, &lasting.from);
                end(&lasting.end).iter().chain(&lasting.gap).for_each(|e| self.expr(pack, e));
            }
            Window::Every(every) => {
                [&every.every, &every.from].iter().for_each(|e| self.expr(pack, e));
                end(&every.end).iter().for_each(|e| self.expr(pack, e));
            }
        }
    }

    pub(crate) fn expr(&mut self, pack: &Pack, expr: &Expr) {
        let mut called: Vec<String> = Vec::new();
        expr.visit(&mut |part| match &part.node {
            Node::Field { of, name, .. } => {
                if let Type::Record(record) = of.ty.known() {
                    self.fields.insert((record.clone(), name.clone()));
                }
            }
            Node::Follow { from, field } => {
                if let Type::Record(record) = from.ty.known() {
                    self.fields.insert((record.clone(), field.clone()));
                }
            }
            Node::Parameter { name, .. } => {
                self.parameters.insert(name.clone());
            }
            Node::Call { definition, .. } => called.push(definition.clone()),
            Node::Some { binder, .. }
            | Node::Every { binder, .. }
            | Node::Count { binder, .. }
            | Node::Share { binder, .. }
            | Node::Fold { binder, .. }
            | Node::Pick { binder, .. } => {
                if let Domain::Records(record) = &binder.over {
                    self.records.insert(record.clone());
                }
            }
            _ => {}
        });
        for name in called {
            if self.definitions.insert(name.clone())
                && let Some(definition) = pack.definitions.get(&name)
            {
                self.expr(pack, &definition.body);
            }
        }
    }
}

/// Fields that have to be known for a rule to apply: those of conjuncts of `when` that compare or read one outright.
pub(crate) fn asked(pack: &Pack, rule: &Rule) -> BTreeSet<(String, String)> {
    let mut reads = Reads::default();
    for condition in &rule.when {
        if is_plain(&condition.expr) {
            reads.expr(pack, &condition.expr);
        }
    }
    reads.fields
}

/// Whether a condition is unknown as soon as one of its fields is.
fn is_plain(expr: &Expr) -> bool {
    match &expr.node {
        // Of a conjunction one part that is false is enough where it is denied.
        Node::Not(inner) => !matches!(inner.node, Node::And(_)) && is_plain(inner),
        Node::And(parts) => parts.iter().all(is_plain),
        Node::Compare { left, right, .. } => is_term(left) && is_term(right),
        Node::In { value, list } => is_term(value) && is_term(list),
        Node::Within { value, from, to } => is_term(value) && is_term(from) && to.iter().all(|to| is_term(to)),
        Node::Field { .. } => is_term(expr),
        _ => false,
    }
}

/// Whether a value is a field, a literal, or a sum of such.
fn is_term(expr: &Expr) -> bool {
    match &expr.node {
        Node::Field { of, .. } => is_term(of),
        Node::Arith { left, right, .. } => is_term(left) && is_term(right),
        Node::List(items) => items.iter().all(is_term),
        Node::Var(_) | Node::Parameter { .. } | Node::Variant(_) | Node::Bool(_) | Node::Int(_) | Node::Decimal(_) => {
            true
        }
        Node::Text(_) | Node::Date(_) | Node::Time(_) | Node::Duration(_) | Node::Length(_) | Node::Money { .. } => {
            true
        }
        Node::Nation(_) | Node::AsOf => true,
        _ => false,
    }
}
