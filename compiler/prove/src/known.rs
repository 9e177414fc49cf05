//! A pack with what is looked up in it again and again.

use crate::glance::Glance;
use mandate_pack::{Act, Fact, Pack, Rule, RuleRef};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// A pack with its relations between rules turned round.
#[derive(Debug)]
pub(crate) struct Known<'p> {
    pub(crate) pack: &'p Pack,
    /// Who overrides a rule: each with its clause.
    pub(crate) overriders: BTreeMap<&'p str, Vec<(&'p str, usize, &'p RuleRef)>>,
    /// Who holds a role by holding a narrower one.
    pub(crate) narrower: BTreeMap<&'p str, Vec<&'p str>>,
    /// First day of the first text that replaces a source that says no end itself.
    pub(crate) replaced: BTreeMap<&'p str, &'p str>,
    /// Acts that exclude an act, from either side.
    pub(crate) excluded: BTreeMap<&'p str, BTreeSet<&'p str>>,
    /// Duties that records of a type discharge.
    pub(crate) duties: BTreeMap<&'p str, Vec<(&'p str, &'p Rule)>>,
    /// What can be seen of each rule at a glance, in the order of the pack.
    glances: OnceCell<Vec<Glance>>,
}

impl<'p> Known<'p> {
    pub(crate) fn new(pack: &'p Pack) -> Known<'p> {
        let mut known = Known {
            pack,
            overriders: BTreeMap::new(),
            narrower: BTreeMap::new(),
            replaced: BTreeMap::new(),
            excluded: BTreeMap::new(),
            duties: BTreeMap::new(),
            glances: OnceCell::new(),
        };
        for (name, rule) in &pack.rules {
            for (at, target) in rule.overrides.iter().enumerate() {
                known.overriders.entry(&target.rule).or_default().push((name, at, target));
            }
        }
        for (name, role) in &pack.roles {
            if let Some(wider) = &role.is {
                known.narrower.entry(wider).or_default().push(name);
            }
        }
        for source in pack.sources.values() {
            let Some(from) = source.compulsory_from.as_ref().or(source.in_force_from.as_ref()) else { continue };
            for old in &source.supersedes {
                let first = known.replaced.entry(old).or_insert(from);
                if from.as_str() < *first {
                    *first = from;
                }
            }
        }
        for (name, action) in &pack.actions {
            for other in &action.excludes {
                known.excluded.entry(name).or_default().insert(other);
                known.excluded.entry(other).or_default().insert(name);
            }
        }
        for (name, rule) in pack.rules.iter().filter(|(_, rule)| crate::rule::is_duty(rule.norm.modal)) {
            for record in evidence_types(pack, rule) {
                known.duties.entry(record).or_default().push((name, rule));
            }
        }
        known
    }

    /// Rules that may surely apply to some of these records, as far as can be seen at a glance.
    pub(crate) fn may_apply(&self, facts: &[Fact]) -> impl Iterator<Item = (&'p String, &'p Rule)> {
        let look = || self.pack.rules.values().map(|rule| Glance::new(self.pack, rule)).collect();
        let glances = self.glances.get_or_init(look);
        let rules = self.pack.rules.iter().zip(glances).filter(|(_, glance)| glance.may_apply(facts));
        rules.map(|(rule, _)| rule)
    }

    /// The role and every narrower one.
    pub(crate) fn roles_within(&self, role: &'p str) -> BTreeSet<&'p str> {
        let mut all = BTreeSet::from([role]);
        let mut open = vec![role];
        while let Some(next) = open.pop() {
            for narrower in self.narrower.get(next).into_iter().flatten() {
                if all.insert(narrower) {
                    open.push(narrower);
                }
            }
        }
        all
    }
}

/// Types of the records that show the act of a norm.
pub(crate) fn evidence_types<'p>(pack: &'p Pack, rule: &'p Rule) -> BTreeSet<&'p str> {
    match &rule.norm.act {
        Act::Do { action, .. } => {
            let evidence = pack.actions.get(action).into_iter().flat_map(|action| &action.evidence);
            evidence.map(|evidence| evidence.record.as_str()).collect()
        }
        Act::Ensure(_) => BTreeSet::new(),
    }
}
