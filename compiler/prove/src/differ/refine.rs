//! A mission against the packages it refines, rule by rule (E309, E310, W314).

use super::clauses::Behind;
use super::compare::{Both, Partner, edition, side};
use super::declared;
use super::model::{Accepted, Aspect, Example, Recognised, Refinement, RuleComparison, RuleDifference, Verdict};
use crate::finding::{Declaration, Finding, Part, Place, Situation};
use mandate_diagnostics::codes;
use mandate_pack::{Expectation, Expr, Mission, Node, Origin, Pack, Rule, Scenario, Type, short};
use std::collections::BTreeMap;

/// What the mission of a pack makes of the packages it refines; `None` if it has none.
///
/// `bases` are the packs of the refined packages, each at its own values of parameters. `today`, as `2026-03-01`, decides which
/// acceptances still hold.
pub fn refinement(bases: &[&Pack], pack: &Pack, today: &str) -> Option<Refinement> {
    let mission = pack.mission.as_ref()?;
    let mut rules = Vec::new();
    for base in bases {
        rules.extend(of_base(base, pack, mission, today));
    }
    rules.sort_by(|one, other| one.rule.cmp(&other.rule));
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for rule in &rules {
        let word = match (&rule.dropped, rule.difference.verdict) {
            (Some(_), _) => "dropped",
            (None, verdict) => verdict.word(),
        };
        *counts.entry(word).or_default() += 1;
    }
    Some(Refinement {
        mission: mission.name.clone(),
        title: mission.title.clone(),
        package: edition(pack),
        refines: bases.iter().map(|base| edition(base)).collect(),
        rules,
        counts,
    })
}

fn of_base(base: &Pack, pack: &Pack, mission: &Mission, today: &str) -> Vec<RuleComparison> {
    // In facts files a record has a longer name where two packages use the same one; it is the same record.
    let mut base = base.clone();
    for (name, record) in &mut base.records {
        if let Some(known) = pack.records.get(name) {
            record.name.clone_from(&known.name);
        }
    }
    let base = &base;
    let mut both = Both::new(base, pack);
    let declared = declared::differences(&mut both);
    let behind = Behind::new(&declared);
    let replaced: BTreeMap<&str, (&str, &Rule)> =
        pack.rules.iter().filter_map(|(name, rule)| Some((rule.replaces.as_deref()?, (name.as_str(), rule)))).collect();
    let own = format!("{}.", base.name);
    let mut compared = Vec::new();
    for (name, rule) in base.rules.iter().filter(|(name, _)| name.starts_with(&own)) {
        let here = pack.rules.get_key_value(name).map(|(name, rule)| (name.as_str(), rule));
        let instead = replaced.get(name.as_str()).copied();
        let new = here.or(instead);
        let recognised = if here.is_some() { Recognised::Name } else { Recognised::Replaces };
        let partner = Partner { old: Some((name, rule)), new, recognised: new.map(|_| recognised) };
        let mut difference = match (new, both.difference(&partner, &behind)) {
            (_, Some(difference)) => difference,
            (Some(new), None) => same((name, rule), new),
            (None, None) => both.alone(&partner),
        };
        // Another name, in another package, is what replacing means.
        (difference.renamed, difference.moved) = (false, false);
        if difference.verdict == Verdict::Removed {
            difference.examples = both.witnesses.broken(name);
        }
        let accepted = acceptance(mission, name, today);
        let weaker = is_weakening(&difference);
        compared.push(RuleComparison {
            rule: name.clone(),
            dropped: mission.drops.iter().find(|dropped| dropped.rule == *name).map(|dropped| dropped.reason.clone()),
            replaced_by: instead.filter(|_| here.is_none()).map(|(name, _)| name.to_owned()),
            set: read(base, rule, mission),
            unaccepted: weaker && accepted.as_ref().is_none_or(|accepted| accepted.expired),
            accepted,
            difference,
        });
    }
    compared
}

/// A rule that holds as it was.
fn same(old: (&str, &Rule), new: (&str, &Rule)) -> RuleDifference {
    RuleDifference {
        old: Some(side(old)),
        new: Some(side(new)),
        recognised: Some(Recognised::Name),
        verdict: Verdict::Same,
        shown: true,
        renamed: false,
        moved: false,
        aspects: Vec::new(),
        wording: Vec::new(),
        never_weaker: true,
        never_stricter: true,
        examples: Vec::new(),
        open: Vec::new(),
    }
}

/// Whether a rule is weaker, shown by a situation; or gone.
fn is_weakening(difference: &RuleDifference) -> bool {
    match difference.verdict {
        Verdict::Removed | Verdict::Incomparable => true,
        Verdict::Weaker => difference.shown,
        Verdict::Added | Verdict::Same | Verdict::Retold | Verdict::Stricter | Verdict::Undecided => false,
    }
}

fn acceptance(mission: &Mission, rule: &str, today: &str) -> Option<Accepted> {
    let all = mission.accepted.iter().enumerate().filter(|(_, accepted)| accepted.rule == rule);
    // Of several the one that holds longest.
    let (place, accepted) = all.max_by(|one, other| one.1.until.cmp(&other.1.until).then(other.0.cmp(&one.0)))?;
    Some(Accepted {
        by: accepted.by.clone(),
        until: accepted.until.clone(),
        because: accepted.reason.clone(),
        place,
        expired: accepted.until.as_str() <= today,
    })
}

/// The parameters that a mission sets and a rule reads.
fn read(base: &Pack, rule: &Rule, mission: &Mission) -> Vec<String> {
    let read = super::clauses::parameters(base, rule);
    mission.set.keys().filter(|name| read.contains(*name)).cloned().collect()
}

/// What has to be said of a mission: weakenings that nobody accepted (E309), acceptances that have run out (E310) or accept nothing
/// (W314), and what could not be decided (N301).
pub fn refinement_findings(refinement: &Refinement, pack: &Pack) -> Vec<Finding> {
    let Some(mission) = &pack.mission else { return Vec::new() };
    let mut findings = Vec::new();
    for rule in &refinement.rules {
        let weaker = is_weakening(&rule.difference);
        let accepts = |accepted: &Accepted| statement(mission, Part::Accepts(accepted.place));
        match &rule.accepted {
            None if weaker => findings.push(unaccepted(rule, mission)),
            Some(accepted) if weaker && accepted.expired => findings.push(Finding {
                code: &codes::E310,
                at: accepts(accepted),
                message: format!(
                    "{} accepted that `{}` is weaker until {} only",
                    accepted.by,
                    short(&rule.rule),
                    accepted.until
                ),
                related: Vec::new(),
                help: vec!["Take the change back, or have it accepted anew, with a later day.".to_owned()],
                situation: None,
            }),
            Some(accepted) if is_no_weaker(&rule.difference) => findings.push(Finding {
                code: &codes::W314,
                at: accepts(accepted),
                message: format!(
                    "`{}` is nowhere weaker in this mission, so there is nothing to accept",
                    short(&rule.rule)
                ),
                related: Vec::new(),
                help: vec![
                    "Remove the line; an acceptance that stands ready covers a weakening nobody has looked at."
                        .to_owned(),
                ],
                situation: None,
            }),
            _ => {}
        }
        if rule.accepted.is_none() && !weaker && !is_no_weaker(&rule.difference) {
            findings.push(Finding {
                code: &codes::N301,
                at: place(rule, mission),
                message: format!("it could not be decided whether `{}` is weaker in this mission", short(&rule.rule)),
                related: Vec::new(),
                help: rule.difference.open.iter().map(|open| format!("Not decided: {open}.")).collect(),
                situation: None,
            });
        }
    }
    findings.sort_by(|one, other| (&one.at, one.code.id).cmp(&(&other.at, other.code.id)));
    findings
}

fn is_no_weaker(difference: &RuleDifference) -> bool {
    difference.verdict != Verdict::Removed && difference.never_weaker
}

fn statement(mission: &Mission, part: Part) -> Place {
    Place { of: Declaration::Statement(mission.origin.clone()), part }
}

fn unaccepted(rule: &RuleComparison, mission: &Mission) -> Finding {
    let name = short(&rule.rule);
    let message = match (&rule.dropped, rule.difference.verdict) {
        (Some(_), _) => format!("the mission drops `{name}`, and nobody answers for it"),
        (None, Verdict::Removed) => format!("`{name}` does not hold in this mission, and nobody answers for it"),
        (None, _) => format!("`{name}` is weaker in this mission, and nobody answers for it"),
    };
    let weaker = |example: &&Example| example.class.is_weaker();
    Finding {
        code: &codes::E309,
        at: place(rule, mission),
        message,
        related: Vec::new(),
        help: vec![format!(
            "Take the change back, or have it accepted: `accepts weaker {name} by \"...\" under source#passage until DAY because \"...\"`."
        )],
        situation: rule.difference.examples.iter().find(weaker).map(|example| situation(rule, example, mission)),
    }
}

/// The clause of the mission that does it.
fn place(rule: &RuleComparison, mission: &Mission) -> Place {
    if let Some(at) = mission.drops.iter().position(|dropped| dropped.rule == rule.rule) {
        return statement(mission, Part::Drops(at));
    }
    let new = rule.difference.new.as_ref();
    if let (Some(new), Some(_)) = (new, &rule.replaced_by) {
        let weaker = rule
            .difference
            .aspects
            .iter()
            .find(|aspect| !matches!(aspect.direction, super::model::Direction::Stricter));
        return Place::rule(&new.name, weaker.map_or(Part::Norm, |aspect| part(aspect.aspect)));
    }
    let set = rule.set.first().and_then(|name| mission.set.keys().position(|known| known == name));
    statement(mission, set.map_or(Part::Name, Part::Set))
}

fn part(aspect: Aspect) -> Part {
    match aspect {
        Aspect::Applicability => Part::Name,
        Aspect::Due | Aspect::Evidence | Aspect::Bearer | Aspect::Strength | Aspect::Report => Part::Norm,
        Aspect::Waiver => Part::Waivable,
        Aspect::Priority => Part::Name,
        Aspect::Otherwise => Part::Otherwise(0),
    }
}

/// An example as a situation; its scenario expects of the mission's rule what the base says, and fails as the rules stand. Of a rule that
/// is gone nothing can be expected.
fn situation(rule: &RuleComparison, example: &Example, mission: &Mission) -> Situation {
    let now = rule.difference.new.as_ref().map(|side| side.name.clone());
    let origin: Origin = mission.origin.clone();
    let expected = now.as_ref().map(|name| Expectation {
        text: format!("{}({}) violated", short(name), example.subject.join(", ")),
        line: 1,
        rule: name.clone(),
        subject: Some(example.subject.clone()),
        status: "violated".to_owned(),
        late_by: None,
        due: None,
        since: None,
        missing: Vec::new(),
        flagged: Vec::new(),
        then: Vec::new(),
        uncovered: None,
    });
    let scenario = Scenario {
        title: format!("{} as the refined package has it", short(&rule.rule)),
        origin,
        as_of: Expr { ty: Type::Time, node: Node::Time(example.as_of.clone()) },
        known_at: None,
        set: BTreeMap::new(),
        data_through: BTreeMap::new(),
        facts: example.records.clone(),
        expect: expected.into_iter().collect(),
    };
    let mut outcomes = vec![(rule.rule.clone(), format!("in the refined package: {}", example.old))];
    outcomes.push((now.unwrap_or_else(|| rule.rule.clone()), format!("in the mission: {}", example.new)));
    Situation { story: example.story.clone(), outcomes, scenario }
}
