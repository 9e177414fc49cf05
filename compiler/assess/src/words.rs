//! What a rule says in every finding, put into words once.

use crate::finding::{Cited, Endorsed};
use crate::shared::Shared;
use crate::time::{Tick, Zone};
use mandate_pack::{Act, Citation, Condition, Node, Pack, Rule};

/// The words of a condition, with the names of those inside.
pub(crate) struct ConditionWords {
    pub(crate) text: Shared<String>,
    pub(crate) parts: Vec<Shared<String>>,
}

/// The words of a rule.
pub(crate) struct RuleWords {
    pub(crate) name: Shared<String>,
    pub(crate) title: Shared<String>,
    pub(crate) norm: Shared<String>,
    pub(crate) citations: Shared<Vec<Cited>>,
    pub(crate) carries: Shared<Vec<String>>,
    /// Endorsements of the cited texts that hold at the instant of assessment.
    pub(crate) endorsed: Shared<Vec<Endorsed>>,
    pub(crate) when: Vec<ConditionWords>,
    pub(crate) unless: Vec<ConditionWords>,
    pub(crate) require: Vec<ConditionWords>,
}

impl ConditionWords {
    pub(crate) fn of(condition: &Condition) -> Self {
        let parts = match &condition.expr.node {
            Node::All(named) => named.iter().map(|named| named.name.clone().into()).collect(),
            _ => Vec::new(),
        };
        ConditionWords { text: condition.text.clone().into(), parts }
    }
}

impl RuleWords {
    pub(crate) fn of(pack: &Pack, name: &str, rule: &Rule, zone: &Zone, now: Tick) -> Self {
        let all = |conditions: &[Condition]| conditions.iter().map(ConditionWords::of).collect();
        RuleWords {
            name: name.to_owned().into(),
            title: rule.title.clone().into(),
            norm: rule.norm.text.clone().into(),
            citations: rule.cites.iter().map(|cite| Cited::of(pack, cite)).collect::<Vec<_>>().into(),
            carries: rule.carries.clone().into(),
            endorsed: endorsed(pack, rule, zone, now).into(),
            when: all(&rule.when),
            unless: all(&rule.unless),
            require: match &rule.norm.act {
                Act::Ensure(conditions) => all(conditions),
                Act::Do { .. } => Vec::new(),
            },
        }
    }
}

impl Cited {
    fn of(pack: &Pack, cite: &Citation) -> Self {
        let source = pack.sources.get(&cite.source);
        let passage = cite.passage.as_ref().and_then(|p| source?.passages.get(p));
        Cited {
            source: cite.source.clone(),
            title: source.map_or_else(String::new, |s| s.title.clone()),
            force: source.map(|s| s.force),
            passage: cite.passage.clone(),
            to: cite.to.clone(),
            text: passage.map(|p| p.text.clone()),
            link: source.and_then(|s| s.link.clone()),
        }
    }
}

fn endorsed(pack: &Pack, rule: &Rule, zone: &Zone, now: Tick) -> Vec<Endorsed> {
    let begun = |from: &Option<String>| match from.as_deref().map(crate::spell::date) {
        Some(Ok(day)) => zone.start_of(day) <= now,
        Some(Err(_)) => false,
        None => true,
    };
    let cited = |source: &String| rule.cites.iter().any(|cite| cite.source == *source);
    let in_effect = pack.endorsements.iter().filter(|e| cited(&e.source) && begun(&e.from));
    in_effect.map(|e| Endorsed { source: e.source.clone(), from: e.from.clone(), by: e.by.clone() }).collect()
}
