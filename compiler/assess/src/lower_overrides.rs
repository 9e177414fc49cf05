//! Overriding and limiting rules made ready to run: seen from the rule whose place is taken, with an index to find them by.

use crate::lower::{Inconsistent, Lowered, Lowering, Scope, place};
use crate::program::{DefeaterBind, DefeaterPlan, Over, Program, RulePlan, Scan, Term};
use mandate_pack::{Comparison, Domain, Pack, Rule, RuleRef};
use std::collections::{BTreeMap, BTreeSet};

/// Longest chain of rules that override each other. No body of rules comes near it, and each link is a call.
const LONGEST_CHAIN: usize = 64;

impl Lowering<'_> {
    /// `scopes` are those of the rules, in their order.
    pub(crate) fn defeaters(&mut self, program: &mut Program, scopes: Vec<Scope>) -> Result<(), Inconsistent> {
        let pack = self.pack;
        // Values that change over time are read as of the assessment where they tie two rules together.
        self.changing.clear();
        without_circle(pack)?;
        program.overriders = vec![Vec::new(); pack.rules.len()];
        program.limiters = vec![Vec::new(); pack.rules.len()];
        for (index, ((name, rule), mut scope)) in pack.rules.iter().zip(scopes).enumerate() {
            let at = |fault| Inconsistent { place: format!("rule `{name}`"), fault };
            let Some(plan) = program.rules.get(index).cloned() else { continue };
            self.taint_as(&plan);
            let both = [(&rule.overrides, &mut program.overriders), (&rule.limits, &mut program.limiters)];
            for (refs, list) in both {
                for reference in refs {
                    let target = place(&pack.rules, &reference.rule, "rule").map_err(at)?;
                    let defeater = self.defeater(index, &plan, rule, reference, &mut scope).map_err(at)?;
                    if let Some(of_target) = list.get_mut(target) {
                        of_target.push(defeater);
                    }
                }
            }
        }
        Ok(())
    }

    fn defeater(
        &mut self,
        index: usize,
        plan: &RulePlan,
        rule: &Rule,
        reference: &RuleRef,
        scope: &mut Scope,
    ) -> Lowered<DefeaterPlan> {
        let variables = self.pack.rules.get(&reference.rule).map_or(0, |target| target.for_each.len());
        if variables != reference.args.len() {
            return Err(format!(
                "`{}` is for each of {variables} records, but {} are given",
                reference.rule,
                reference.args.len()
            ));
        }
        let args = reference.args.iter().map(|a| self.term(a, scope)).collect::<Lowered<Vec<_>>>()?;
        let targets: Vec<usize> = args.iter().map(|_| scope.unnamed()).collect();
        let equal = |(arg, slot): (&Term, &usize)| {
            Term::Compare(Comparison::Eq, Box::new(arg.clone()), Box::new(Term::Slot(*slot)))
        };
        let condition = Term::And(args.iter().zip(&targets).map(equal).collect());
        let mut known: BTreeSet<usize> = targets.iter().copied().collect();
        let mut binds = Vec::new();
        for (binder, each) in rule.for_each.iter().zip(&plan.each) {
            let slot = each.scan.slot;
            let same = args.iter().position(|arg| matches!(arg, Term::Slot(s) if *s == slot));
            binds.push(match (&binder.over, same.and_then(|position| targets.get(position))) {
                (Domain::Records(name), Some(target)) => {
                    DefeaterBind::Is { slot, target: *target, ty: self.record_type(name)? }
                }
                (Domain::Records(name), None) => {
                    let ty = self.record_type(name)?;
                    let probe = self.probe(ty, slot, scope.frame, &condition, &known);
                    DefeaterBind::Walk(Scan { slot, over: Over::Records { ty, probe } })
                }
                (Domain::Items(_), _) => DefeaterBind::Walk(each.scan.clone()),
            });
            known.insert(slot);
        }
        let hidden = args.iter().any(|arg| self.reads_sensitive(arg));
        Ok(DefeaterPlan { rule: index, frame: scope.frame, targets, args, binds, hidden })
    }
}

/// Overriding rules form no circle, and no chain without end.
fn without_circle(pack: &Pack) -> Result<(), Inconsistent> {
    let mut heights: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..=LONGEST_CHAIN {
        let mut grown = None;
        for (name, rule) in &pack.rules {
            let above = rule.overrides.iter().filter_map(|o| heights.get(o.rule.as_str())).max().copied();
            let height = if rule.overrides.is_empty() { 0 } else { above.unwrap_or(0) + 1 };
            if heights.insert(name, height).unwrap_or(0) != height {
                grown = Some(name);
            }
        }
        match grown {
            None => return Ok(()),
            Some(name) if heights.get(name.as_str()).is_some_and(|h| *h > LONGEST_CHAIN) => {
                return Err(Inconsistent {
                    place: format!("rule `{name}`"),
                    fault: format!(
                        "it stands in a circle, or in a chain of more than {LONGEST_CHAIN} rules, that override each other"
                    ),
                });
            }
            Some(_) => {}
        }
    }
    Err(Inconsistent {
        place: "rules".to_owned(),
        fault: "rules that override each other form a circle or a chain without end".to_owned(),
    })
}
