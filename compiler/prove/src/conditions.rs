//! What is asked about conditions: of each rule by itself, of rules beside those that are about the same acts or fields, of
//! definitions and parameters.

use crate::bounds::bounds;
use crate::clashing::{clashing, groups};
use crate::constant::{constant, depends_on_callers};
use crate::early::early;
use crate::known::{Known, evidence_types};
use crate::levels::levels;
use crate::memo::Question;
use crate::permission::permission;
use crate::priority::{always_yields, idle_priorities};
use crate::reads::Reads;
use crate::superfluous::{can_be_superfluous, may_cover, superfluous};
use crate::{Finding, Prover};
use mandate_pack::{Act, Modal, Pack, Rule};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

type Named<'p> = (&'p str, &'p Rule);

impl Prover {
    /// What is found out about the conditions, windows and priorities of rules, about definitions and about parameters.
    pub(crate) fn conditions(
        &mut self,
        known: &Rc<Known<'_>>,
        own: &dyn Fn(&str) -> bool,
        stop: &dyn Fn() -> bool,
    ) -> Option<Vec<Finding>> {
        let mut found = Vec::new();
        for (name, rule) in known.pack.rules.iter().filter(|(name, _)| own(name)) {
            if stop() {
                return None;
            }
            let mut ask = |what: &'static str, work: &dyn Fn() -> Vec<Finding>| {
                found.extend(self.memo.answer(known, Question { what, of: vec![name] }, work));
            };
            ask("early", &|| early(known, name, rule));
            if !rule.otherwise.is_empty() {
                ask("levels", &|| levels(known, name, rule));
            }
            if !rule.overrides.is_empty() || !rule.limits.is_empty() {
                ask("idle_priorities", &|| idle_priorities(known, name, rule));
            }
            if known.overriders.contains_key(name.as_str()) {
                ask("always_yields", &|| always_yields(known, name, rule));
            }
        }
        found.extend(self.beside_others(known, own, stop)?);
        found.extend(self.declared(known, own, stop)?);
        Some(found)
    }

    /// What is found out about rules beside others that are about the same acts or fields.
    fn beside_others(
        &mut self,
        known: &Rc<Known<'_>>,
        own: &dyn Fn(&str) -> bool,
        stop: &dyn Fn() -> bool,
    ) -> Option<Vec<Finding>> {
        let pack = known.pack;
        let mut found = Vec::new();
        let (by_act, bans) = (by_kind(pack), by_evidence(pack, |rule| rule.norm.modal.is_negative()));
        for (name, rule) in pack.rules.iter().filter(|(name, _)| own(name)) {
            if stop() {
                return None;
            }
            if rule.norm.modal == Modal::May {
                let near: Vec<Named<'_>> = near(pack, rule, &bans);
                if !near.is_empty() {
                    let of = std::iter::once(name.as_str()).chain(near.iter().map(|(name, _)| *name)).collect();
                    let asked = Question { what: "permission", of };
                    found.extend(self.memo.answer(known, asked, || permission(known, name, rule, &near)));
                }
            }
            if !can_be_superfluous(rule) {
                continue;
            }
            let kinds = kinds(pack, rule);
            // Those of one kind stand in order already.
            let is_mixed = kinds.len() > 1;
            let near = kinds.into_iter().filter_map(|kind| by_act.get(&kind)).flatten();
            let mut others: Vec<Named<'_>> = near.copied().filter(|(_, other)| !std::ptr::eq(*other, rule)).collect();
            if is_mixed {
                others.sort_by_key(|(name, _)| *name);
                others.dedup_by_key(|(name, _)| *name);
            }
            if others.is_empty() {
                continue;
            }
            // Which of them can take part is asked with the rest: to know it again costs more than to remember the answer.
            let of = std::iter::once(name.as_str()).chain(others.iter().map(|(name, _)| *name)).collect();
            let asked = Question { what: "superfluous", of };
            found.extend(self.memo.answer(known, asked, || {
                let reads = Reads::of_rule(pack, rule).with_assumptions(pack);
                others.retain(|other| may_cover(known, &reads, (name, rule), *other));
                if others.is_empty() { Vec::new() } else { superfluous(known, name, rule, &others) }
            }));
        }
        for (head, beside) in groups(pack) {
            if stop() {
                return None;
            }
            if own(head.0) || beside.iter().any(|(name, _)| own(name)) {
                let of = std::iter::once(head.0).chain(beside.iter().map(|(name, _)| *name)).collect();
                let asked = Question { what: "clashing", of };
                found.extend(self.memo.answer(known, asked, || clashing(known, head, &beside)));
            }
        }
        Some(found)
    }

    /// What is found out about definitions and parameters.
    fn declared(
        &mut self,
        known: &Rc<Known<'_>>,
        own: &dyn Fn(&str) -> bool,
        stop: &dyn Fn() -> bool,
    ) -> Option<Vec<Finding>> {
        let pack = known.pack;
        let mut found = Vec::new();
        for (name, definition) in pack.definitions.iter().filter(|(name, _)| own(name)) {
            if stop() {
                return None;
            }
            if depends_on_callers(definition) {
                // Any edit may be one of a caller.
                found.extend(constant(known, name, definition));
                continue;
            }
            let asked = Question { what: "constant", of: vec![name] };
            found.extend(self.memo.answer(known, asked, || constant(known, name, definition)));
        }
        let bounded: Vec<_> =
            pack.parameters.iter().filter(|(name, parameter)| own(name) && parameter.bounds.is_some()).collect();
        if bounded.is_empty() {
            return Some(found);
        }
        for (name, rule) in pack.rules.iter().filter(|(name, _)| own(name)) {
            if stop() {
                return None;
            }
            let reads = Reads::of_rule(pack, rule);
            for (parameter, declared) in bounded.iter().filter(|(parameter, _)| reads.parameters.contains(*parameter)) {
                let asked = Question { what: "bounds", of: vec![parameter, name] };
                found.extend(self.memo.answer(known, asked, || bounds(known, (parameter, declared), name, rule)));
            }
        }
        Some(found)
    }
}

/// Rules by the types of the records that show their acts.
fn by_evidence<'p>(pack: &'p Pack, which: impl Fn(&Rule) -> bool) -> BTreeMap<&'p str, Vec<Named<'p>>> {
    let mut rules: BTreeMap<&str, Vec<Named<'_>>> = BTreeMap::new();
    for (name, rule) in pack.rules.iter().filter(|(_, rule)| which(rule)) {
        for record in evidence_types(pack, rule) {
            rules.entry(record).or_default().push((name, rule));
        }
    }
    rules
}

/// Rules that share a type of evidence with a rule, each once.
fn near<'p>(pack: &'p Pack, rule: &'p Rule, rules: &BTreeMap<&'p str, Vec<Named<'p>>>) -> Vec<Named<'p>> {
    let types = evidence_types(pack, rule);
    let all: BTreeMap<&str, &Rule> = types.iter().filter_map(|record| rules.get(record)).flatten().copied().collect();
    all.into_iter().collect()
}

/// What a rule is about: the records that show its act, the fields that it requires something of.
fn kinds(pack: &Pack, rule: &Rule) -> BTreeSet<(String, String)> {
    match &rule.norm.act {
        Act::Do { .. } => {
            evidence_types(pack, rule).into_iter().map(|record| (record.to_owned(), String::new())).collect()
        }
        Act::Ensure(conditions) => {
            let mut reads = Reads::default();
            reads.conditions(pack, conditions);
            let ranged = reads.records.into_iter().map(|record| (record, "each".to_owned()));
            reads.fields.into_iter().chain(ranged).collect()
        }
    }
}

/// Rules by what they are about.
fn by_kind(pack: &Pack) -> BTreeMap<(String, String), Vec<Named<'_>>> {
    let mut rules: BTreeMap<(String, String), Vec<Named<'_>>> = BTreeMap::new();
    for (name, rule) in &pack.rules {
        for kind in kinds(pack, rule) {
            rules.entry(kind).or_default().push((name, rule));
        }
    }
    rules
}
