//! Every expression of a pack.

use mandate_pack::{Act, Bearer, Binder, Condition, Domain, End, EvidenceTime, Expr, Norm, Pack, Rule, Window};

/// Hands over every expression of the declarations of a pack, outermost ones only; scenarios are left out.
pub(crate) fn expressions<'p>(pack: &'p Pack, f: &mut dyn FnMut(&'p Expr)) {
    for definition in pack.definitions.values() {
        f(&definition.body);
    }
    for role in pack.roles.values().filter_map(|role| role.held.as_ref()) {
        binders(&role.binders, f);
        [&role.by, &role.condition].into_iter().for_each(&mut *f);
        role.during.iter().flat_map(|(from, to)| [from, to]).chain(&role.longest).for_each(&mut *f);
    }
    for evidence in pack.actions.values().flat_map(|action| &action.evidence) {
        f(&evidence.condition);
        match &evidence.at {
            Some(EvidenceTime::At(at)) => f(at),
            Some(EvidenceTime::During(from, to)) => [from, to].into_iter().for_each(&mut *f),
            None => {}
        }
        evidence.by.iter().for_each(&mut *f);
    }
    for waiver in pack.waivers.values() {
        f(&waiver.condition);
        let parts = [&waiver.names, &waiver.rank, &waiver.granted_at, &waiver.by, &waiver.valid, &waiver.revoked];
        parts.into_iter().flatten().chain(&waiver.exceptional).for_each(&mut *f);
        waiver.during.iter().flat_map(|(from, to)| [from, to]).for_each(&mut *f);
        waiver.flags.iter().for_each(|flag| f(&flag.condition));
    }
    for assumption in &pack.assumptions {
        binders(&assumption.for_each, f);
        conditions(&assumption.when, f);
        conditions(&assumption.require, f);
    }
    for situation in pack.concerns.iter().chain(&pack.purposes) {
        binders(&situation.for_each, f);
        conditions(&situation.when, f);
    }
    for rule in pack.rules.values() {
        of_rule(rule, f);
    }
}

fn of_rule<'p>(rule: &'p Rule, f: &mut dyn FnMut(&'p Expr)) {
    binders(&rule.for_each, f);
    rule.lets.iter().map(|value| &value.value).chain(&rule.on).chain(&rule.party).for_each(&mut *f);
    conditions(&rule.when, f);
    conditions(&rule.unless, f);
    for norm in std::iter::once(&rule.norm).chain(&rule.otherwise) {
        of_norm(norm, f);
    }
    if let Some(waivable) = &rule.waivable {
        let parts = waivable.floor.iter().chain(&waivable.exceptional_floor).chain(&waivable.longest);
        waivable.args.iter().chain(parts).for_each(&mut *f);
    }
    rule.overrides.iter().chain(&rule.limits).flat_map(|target| &target.args).for_each(&mut *f);
    rule.tallies.iter().flat_map(|tally| &tally.by).for_each(&mut *f);
    rule.flags.iter().for_each(|flag| f(&flag.condition));
}

fn of_norm<'p>(norm: &'p Norm, f: &mut dyn FnMut(&'p Expr)) {
    match &norm.bearer {
        Bearer::Everyone => {}
        Bearer::Role { of, .. } => of.iter().for_each(&mut *f),
        Bearer::Record(record) => f(record),
    }
    match &norm.act {
        Act::Do { args, .. } => args.iter().for_each(&mut *f),
        Act::Ensure(required) => conditions(required, f),
    }
    let end = |end: &'p Option<End>| end.as_ref().map(End::expr);
    match &norm.time {
        None => {}
        Some(Window::Within(a) | Window::By(a) | Window::Before(a) | Window::During(a)) => f(a),
        Some(Window::WithinAfter(a, b) | Window::WithinBefore(a, b)) => [a, b].into_iter().for_each(&mut *f),
        Some(Window::Lasting(lasting)) => {
            [Some(&lasting.from), end(&lasting.end), lasting.gap.as_ref()].into_iter().flatten().for_each(&mut *f);
        }
        Some(Window::Every(every)) => {
            [Some(&every.every), Some(&every.from), end(&every.end)].into_iter().flatten().for_each(&mut *f);
        }
    }
}

fn binders<'p>(binders: &'p [Binder], f: &mut dyn FnMut(&'p Expr)) {
    for binder in binders {
        if let Domain::Items(list) = &binder.over {
            f(list);
        }
    }
}

fn conditions<'p>(conditions: &'p [Condition], f: &mut dyn FnMut(&'p Expr)) {
    conditions.iter().for_each(|condition| f(&condition.expr));
}
