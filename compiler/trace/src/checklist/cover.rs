//! Lays a checklist against packs.

use super::list::Checklist;
use super::model::{CarrierTrace, Coverage, Covered, Problem, ProblemKind};
use mandate_pack::{Carried, Carrier, Citation, Pack, Rule, statement};
use std::collections::{BTreeMap, BTreeSet};

/// What carries each statement of a list in some packs and in the packages that they use. Only what the packages themselves carry can be
/// missing from the list: those that they use may answer to another one.
pub fn cover(packs: &[Pack], list: &Checklist) -> Coverage {
    let own: BTreeSet<&str> = packs.iter().map(|pack| pack.name.as_str()).collect();
    let mut carriers: BTreeMap<String, Vec<CarrierTrace>> = BTreeMap::new();
    let mut said_here: BTreeSet<String> = BTreeSet::new();
    for pack in packs {
        let mut put = |id: &str, carrier: CarrierTrace, package: &str| {
            if own.contains(package) {
                said_here.insert(id.to_owned());
            }
            carriers.entry(id.to_owned()).or_default().push(carrier);
        };
        for (name, rule) in &pack.rules {
            for written in &rule.carries {
                let (id, part) = statement(written);
                put(id, CarrierTrace { part: part.map(str::to_owned), ..of_rule(name, rule) }, package_of(name));
            }
        }
        for carried in &pack.carried {
            let package = carried.origin.file.split_once(':').map_or(pack.name.as_str(), |(package, _)| package);
            put(&carried.id, of_other(carried, pack), package);
        }
    }
    for all in carriers.values_mut() {
        // What packages that use each other say comes with each of them.
        all.sort_by(|a, b| key(a).cmp(&key(b)));
        all.dedup_by(|later, first| key(later) == key(first));
    }
    let problems = problems(&carriers, &said_here, list);
    let statements = list.statements.iter().map(|statement| Covered {
        statement: statement.clone(),
        carriers: carriers.get(&statement.id).cloned().unwrap_or_default(),
    });
    let statements = statements.collect();
    Coverage { packages: own.into_iter().map(str::to_owned).collect(), statements, problems }
}

/// By part and name: the same declaration carries the same part once, however often that is said.
fn key(carrier: &CarrierTrace) -> (&Option<String>, &str) {
    (&carrier.part, &carrier.name)
}

fn package_of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn of_rule(name: &str, rule: &Rule) -> CarrierTrace {
    CarrierTrace {
        part: None,
        kind: if rule.constraint { "constraint" } else { "rule" }.to_owned(),
        name: name.to_owned(),
        strength: (!rule.constraint).then_some(rule.norm.modal.words()),
        force: rule.force,
        cites: rule.cites.iter().map(cited).collect(),
        reason: None,
        origin: rule.origin.clone(),
    }
}

fn of_other(carried: &Carried, pack: &Pack) -> CarrierTrace {
    let plain = |kind: &str, name: String| CarrierTrace {
        part: None,
        kind: kind.to_owned(),
        name,
        strength: None,
        force: None,
        cites: Vec::new(),
        reason: None,
        origin: carried.origin.clone(),
    };
    let found = match &carried.by {
        Carrier::Declaration { kind, name } => match pack.rules.get(name) {
            Some(rule) => CarrierTrace { origin: carried.origin.clone(), ..of_rule(name, rule) },
            None => plain(kind, name.clone()),
        },
        Carrier::Background { citation } => plain("background", cited(citation)),
    };
    CarrierTrace { part: carried.part.clone(), reason: Some(carried.reason.clone()), ..found }
}

fn cited(citation: &Citation) -> String {
    let passage = citation.passage.as_ref().map(|first| match &citation.to {
        Some(last) => format!("#{first}..#{last}"),
        None => format!("#{first}"),
    });
    format!("{}{}", citation.source, passage.unwrap_or_default())
}

fn problems(
    carriers: &BTreeMap<String, Vec<CarrierTrace>>,
    said_here: &BTreeSet<String>,
    list: &Checklist,
) -> Vec<Problem> {
    let listed: BTreeSet<&str> = list.statements.iter().map(|statement| statement.id.as_str()).collect();
    let missing = list.statements.iter().filter(|statement| !carriers.contains_key(&statement.id));
    let missing = missing.map(|statement| Problem {
        kind: ProblemKind::NotCarried,
        id: statement.id.clone(),
        part: None,
        by: Vec::new(),
    });
    let unknown = carriers.iter().filter(|(id, _)| said_here.contains(*id) && !listed.contains(id.as_str()));
    let unknown = unknown.map(|(id, all)| Problem {
        kind: ProblemKind::NotInTheList,
        id: id.clone(),
        part: None,
        by: names(all),
    });
    let listed = list.statements.iter().filter_map(|statement| Some((&statement.id, carriers.get(&statement.id)?)));
    let twice = listed.flat_map(|(id, all)| {
        // Sorted by part, so those of one part stand together.
        let parts = all.chunk_by(|one, next| one.part == next.part).filter(|same| same.len() > 1);
        parts.map(|same| Problem {
            kind: ProblemKind::CarriedTwice,
            id: id.clone(),
            part: same[0].part.clone(),
            by: names(same),
        })
    });
    missing.chain(unknown).chain(twice).collect()
}

fn names(carriers: &[CarrierTrace]) -> Vec<String> {
    let names: BTreeSet<&str> = carriers.iter().map(CarrierTrace::shown).collect();
    names.into_iter().map(str::to_owned).collect()
}
