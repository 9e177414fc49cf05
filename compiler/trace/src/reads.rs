//! Which parameters a rule reads, also by way of definitions, actions, roles and waivers.

use mandate_pack::{Act, Bearer, Binder, Condition, Domain, EvidenceTime, Expr, Node, Norm, Pack, Rule, Window};
use std::collections::BTreeSet;

/// The qualified names of the parameters that a rule reads.
pub fn parameters(pack: &Pack, rule: &Rule) -> BTreeSet<String> {
    let mut reading = Reading { pack, parameters: BTreeSet::new(), met: BTreeSet::new(), open: Vec::new() };
    reading.rule(rule);
    while let Some(next) = reading.open.pop() {
        reading.named(next);
    }
    reading.parameters
}

/// Something of the pack that an expression speaks of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named<'p> {
    Definition(&'p str),
    Action(&'p str),
    Role(&'p str),
    Waiver(&'p str),
}

struct Reading<'p> {
    pack: &'p Pack,
    parameters: BTreeSet<String>,
    met: BTreeSet<Named<'p>>,
    open: Vec<Named<'p>>,
}

impl<'p> Reading<'p> {
    fn meet(&mut self, named: Named<'p>) {
        if self.met.insert(named) {
            self.open.push(named);
        }
    }

    fn expr(&mut self, expr: &'p Expr) {
        let mut named = Vec::new();
        expr.visit(&mut |inner| match &inner.node {
            Node::Parameter { name, .. } => {
                self.parameters.insert(name.clone());
            }
            Node::Call { definition, .. } => named.push(Named::Definition(definition)),
            Node::Holds { role, .. } => named.push(Named::Role(role)),
            // Every other form speaks of nothing but what stands inside it, which is visited too.
            _ => {}
        });
        named.into_iter().for_each(|named| self.meet(named));
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'p Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn conditions(&mut self, conditions: &'p [Condition]) {
        self.exprs(conditions.iter().map(|condition| &condition.expr));
    }

    fn binders(&mut self, binders: &'p [Binder]) {
        for binder in binders {
            match &binder.over {
                Domain::Items(list) => self.expr(list),
                Domain::Records(_) => {}
            }
        }
    }

    fn rule(&mut self, rule: &'p Rule) {
        self.binders(&rule.for_each);
        self.exprs(rule.lets.iter().map(|named| &named.value));
        self.exprs(rule.on.iter().chain(&rule.party));
        self.conditions(&rule.when);
        self.conditions(&rule.unless);
        std::iter::once(&rule.norm).chain(&rule.otherwise).for_each(|norm| self.norm(norm));
        if let Some(waivable) = &rule.waivable {
            self.meet(Named::Waiver(&waivable.waiver));
            self.exprs(&waivable.args);
            self.exprs(waivable.floor.iter().chain(&waivable.exceptional_floor).chain(&waivable.longest));
        }
        self.exprs(rule.overrides.iter().chain(&rule.limits).flat_map(|other| &other.args));
        self.exprs(rule.tallies.iter().flat_map(|tally| &tally.by));
        self.exprs(rule.flags.iter().map(|flag| &flag.condition));
    }

    fn norm(&mut self, norm: &'p Norm) {
        match &norm.bearer {
            Bearer::Everyone => {}
            Bearer::Role { role, of } => {
                self.meet(Named::Role(role));
                self.exprs(of);
            }
            Bearer::Record(record) => self.expr(record),
        }
        match &norm.act {
            Act::Do { action, args } => {
                self.meet(Named::Action(action));
                self.exprs(args);
            }
            Act::Ensure(conditions) => self.conditions(conditions),
        }
        match &norm.time {
            None => {}
            Some(Window::Within(a) | Window::By(a) | Window::Before(a) | Window::During(a)) => self.expr(a),
            Some(Window::WithinAfter(a, b) | Window::WithinBefore(a, b)) => self.exprs([a, b]),
            Some(Window::Lasting(lasting)) => {
                self.expr(&lasting.from);
                self.exprs(lasting.end.as_ref().map(mandate_pack::End::expr));
                self.exprs(&lasting.gap);
            }
            Some(Window::Every(recurring)) => {
                self.exprs([&recurring.every, &recurring.from]);
                self.exprs(recurring.end.as_ref().map(mandate_pack::End::expr));
            }
        }
    }

    fn named(&mut self, named: Named<'p>) {
        let pack = self.pack;
        match named {
            Named::Definition(name) => self.exprs(pack.definitions.get(name).map(|definition| &definition.body)),
            Named::Action(name) => {
                for evidence in pack.actions.get(name).into_iter().flat_map(|action| &action.evidence) {
                    self.expr(&evidence.condition);
                    self.exprs(&evidence.by);
                    match &evidence.at {
                        None => {}
                        Some(EvidenceTime::At(at)) => self.expr(at),
                        Some(EvidenceTime::During(from, to)) => self.exprs([from, to]),
                    }
                }
            }
            Named::Role(name) => {
                if let Some(held) = pack.roles.get(name).and_then(|role| role.held.as_ref()) {
                    self.binders(&held.binders);
                    self.exprs([&held.by, &held.condition]);
                    self.exprs(held.during.iter().flat_map(|(from, to)| [from, to]));
                    self.exprs(&held.longest);
                }
                // Who holds a narrower role holds this one too.
                for (narrower, role) in &pack.roles {
                    if role.is.as_deref() == Some(name) {
                        self.meet(Named::Role(narrower));
                    }
                }
            }
            Named::Waiver(name) => {
                let Some(waiver) = pack.waivers.get(name) else { return };
                self.expr(&waiver.condition);
                let optional = [
                    &waiver.names,
                    &waiver.rank,
                    &waiver.granted_at,
                    &waiver.by,
                    &waiver.valid,
                    &waiver.revoked,
                    &waiver.exceptional,
                ];
                self.exprs(optional.into_iter().flatten());
                self.exprs(waiver.during.iter().flat_map(|(from, to)| [from, to]));
                self.exprs(waiver.flags.iter().map(|flag| &flag.condition));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::pack;

    #[test]
    fn parameters_are_found_however_far_away() {
        let pack = pack("camp");
        let of = |name: &str| parameters(&pack, &pack.rules[name]).into_iter().collect::<Vec<_>>();
        assert_eq!(of("camp.warn_in_time"), ["camp.warning_window"]);
        // By way of two definitions.
        assert_eq!(of("camp.sound_the_siren"), ["camp.many"]);
        assert_eq!(of("camp.spare_names"), [""; 0]);
    }

    /// Every parameter that stands anywhere in a rule, in its JSON.
    #[test]
    fn no_part_of_a_rule_is_passed_over() {
        fn find(value: &serde_json::Value, found: &mut BTreeSet<String>) {
            match value {
                serde_json::Value::Object(map) => {
                    if let Some(name) = map.get("parameter").and_then(|p| p.get("name")).and_then(|n| n.as_str()) {
                        found.insert(name.to_owned());
                    }
                    map.values().for_each(|inner| find(inner, found));
                }
                serde_json::Value::Array(items) => items.iter().for_each(|inner| find(inner, found)),
                _ => {}
            }
        }
        for name in ["camp", "../missions/exercise_heron", "../expressiveness"] {
            let pack = pack(name);
            for (rule, declared) in &pack.rules {
                let mut written = BTreeSet::new();
                find(&serde_json::to_value(declared).expect("JSON"), &mut written);
                let read = parameters(&pack, declared);
                assert!(written.is_subset(&read), "{rule}: {written:?} {read:?}");
            }
        }
    }
}
