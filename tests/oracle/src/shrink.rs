//! Makes a case on which the two disagree as small as it gets.

use crate::cases::Case;
use mandate_pack::{Expr, Pack, Rule};
use serde_json::Value as Json;

/// The smallest case found, leaving out one thing after another, on which they still disagree.
pub fn shrink(case: &Case, disagrees: &dyn Fn(&Case) -> bool) -> Case {
    let mut best = case.clone();
    loop {
        let smaller = candidates(&best).into_iter().find(|candidate| is_sound(candidate) && disagrees(candidate));
        match smaller {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

/// Whether every variable still is one of its own type, wherever its expression was moved to.
fn is_sound(case: &Case) -> bool {
    case.pack.rules.values().all(|rule| {
        let mut bound = Vec::new();
        serde_json::to_value(rule).is_ok_and(|json| is_bound(&json, &mut bound))
    })
}

fn is_bound(json: &Json, bound: &mut Vec<(String, String)>) -> bool {
    let before = bound.len();
    let binders = json["for_each"].as_array().into_iter().flatten().chain(json.get("binder"));
    for binder in binders.filter(|binder| binder.is_object()) {
        let var = binder["var"].as_str().unwrap_or_default().to_owned();
        // Of what is in a list no type is written beside the variable.
        bound.push((var, binder["over"]["records"].as_str().unwrap_or("*").to_owned()));
    }
    let own = match (json["node"]["var"].as_str(), json["type"].as_str()) {
        (Some(var), Some(ty)) => {
            let found = bound.iter().rev().find(|(name, _)| name == var);
            found.is_some_and(|(_, of)| of == "*" || of == ty.trim_end_matches('?'))
        }
        _ => true,
    };
    let sound = own
        && match json {
            Json::Object(map) => map.values().all(|value| is_bound(value, bound)),
            Json::Array(items) => items.iter().all(|item| is_bound(item, bound)),
            _ => true,
        };
    bound.truncate(before);
    sound
}

fn candidates(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    let mut with_pack = |pack: Pack| found.push(Case { pack, ..case.clone() });
    for name in case.pack.rules.keys() {
        let mut pack = case.pack.clone();
        pack.rules.remove(name);
        with_pack(pack);
    }
    for (name, rule) in &case.pack.rules {
        for smaller in smaller_rules(rule) {
            let mut pack = case.pack.clone();
            pack.rules.insert(name.clone(), smaller);
            with_pack(pack);
        }
    }
    for (name, definition) in &case.pack.definitions {
        for smaller in smaller_exprs(&definition.body) {
            let mut pack = case.pack.clone();
            if let Some(definition) = pack.definitions.get_mut(name) {
                definition.body = smaller;
            }
            with_pack(pack);
        }
    }
    for name in case.pack.sources.keys() {
        let mut pack = case.pack.clone();
        if let Some(source) = pack.sources.get_mut(name) {
            let before = source.clone();
            (source.in_force_from, source.in_force_until, source.compulsory_from) = (None, None, None);
            source.supersedes.clear();
            if *source == before {
                continue;
            }
        }
        with_pack(pack);
    }
    if case.pack.time_zone != "UTC" {
        with_pack(Pack { time_zone: "UTC".into(), ..case.pack.clone() });
    }
    if !case.pack.endorsements.is_empty() {
        with_pack(Pack { endorsements: Vec::new(), ..case.pack.clone() });
    }
    found.extend(smaller_facts(&case.facts).into_iter().map(|facts| Case { facts, ..case.clone() }));
    found
}

fn smaller_rules(rule: &Rule) -> Vec<Rule> {
    let mut found = Vec::new();
    let mut change = |change: &dyn Fn(&mut Rule)| {
        let mut smaller = rule.clone();
        change(&mut smaller);
        if smaller != *rule {
            found.push(smaller);
        }
    };
    change(&|r| r.when.clear());
    change(&|r| r.unless.clear());
    change(&|r| r.otherwise.clear());
    change(&|r| drop(r.otherwise.pop()));
    change(&|r| r.waivable = None);
    change(&|r| r.overrides.clear());
    change(&|r| r.cites.clear());
    change(&|r| drop(r.cites.pop()));
    change(&|r| r.lets.clear());
    change(&|r| r.on = None);
    change(&|r| r.party = None);
    change(&|r| r.in_force_from = None);
    change(&|r| r.in_force_until = None);
    change(&|r| drop((r.for_each.len() > 1).then(|| r.for_each.pop())));
    change(&|r| r.norm.time = None);
    change(&|r| r.norm.bearer = mandate_pack::Bearer::Everyone);
    change(&|r| drop(r.when.pop()));
    change(&|r| drop(r.unless.pop()));
    if let mandate_pack::Act::Ensure(conditions) = &rule.norm.act {
        for n in 0..conditions.len() {
            if conditions.len() > 1 {
                change(&|r| {
                    if let mandate_pack::Act::Ensure(conditions) = &mut r.norm.act {
                        conditions.remove(n);
                    }
                });
            }
            for smaller in smaller_exprs(&conditions[n].expr) {
                change(&|r| {
                    if let mandate_pack::Act::Ensure(conditions) = &mut r.norm.act {
                        conditions[n].expr = smaller.clone();
                    }
                });
            }
        }
    }
    for n in 0..rule.when.len() {
        for smaller in smaller_exprs(&rule.when[n].expr) {
            change(&|r| r.when[n].expr = smaller.clone());
        }
    }
    for n in 0..rule.unless.len() {
        for smaller in smaller_exprs(&rule.unless[n].expr) {
            change(&|r| r.unless[n].expr = smaller.clone());
        }
    }
    found
}

/// An expression with one of its parts in its place, or in the place of a part, where the type is the same.
fn smaller_exprs(expr: &Expr) -> Vec<Expr> {
    let Ok(json) = serde_json::to_value(expr) else { return Vec::new() };
    let mut found = Vec::new();
    replaced(&json, &mut |smaller| found.push(smaller));
    found.into_iter().filter_map(|json| serde_json::from_value(json).ok()).collect()
}

/// Every value like this one with one expression in it replaced by an expression inside that one.
fn replaced(json: &Json, found: &mut dyn FnMut(Json)) {
    let known = |json: &Json| json["type"].as_str().map(|ty| ty.trim_end_matches('?').to_owned());
    if let Some(ty) = known(json) {
        inside(&json["node"], &mut |part| {
            if known(part).as_ref() == Some(&ty) {
                found(part.clone());
            }
        });
    }
    match json {
        Json::Object(map) => {
            for (key, value) in map {
                replaced(value, &mut |smaller| {
                    let mut map = map.clone();
                    map.insert(key.clone(), smaller);
                    found(Json::Object(map));
                });
            }
        }
        Json::Array(items) => {
            for n in 0..items.len() {
                replaced(&items[n], &mut |smaller| {
                    let mut items = items.clone();
                    items[n] = smaller;
                    found(Json::Array(items));
                });
            }
        }
        _ => {}
    }
}

fn inside(json: &Json, found: &mut dyn FnMut(&Json)) {
    if json.get("type").is_some() && json.get("node").is_some() {
        found(json);
    }
    match json {
        Json::Object(map) => map.values().for_each(|value| inside(value, found)),
        Json::Array(items) => items.iter().for_each(|item| inside(item, found)),
        _ => {}
    }
}

/// Facts without one record, or without one field.
fn smaller_facts(facts: &Json) -> Vec<Json> {
    let mut found = Vec::new();
    if facts.get("data_through").is_some() {
        let mut smaller = facts.clone();
        if let Some(map) = smaller.as_object_mut() {
            map.remove("data_through");
        }
        found.push(smaller);
    }
    let empty = serde_json::Map::new();
    let records = facts["records"].as_object().unwrap_or(&empty);
    for (ty, items) in records {
        for n in 0..items.as_array().map_or(0, Vec::len) {
            let mut smaller = facts.clone();
            if let Some(items) = smaller["records"][ty].as_array_mut() {
                items.remove(n);
            }
            found.push(smaller);
            for field in items[n].as_object().into_iter().flat_map(|map| map.keys()) {
                let mut smaller = facts.clone();
                if let Some(map) = smaller["records"][ty][n].as_object_mut() {
                    map.remove(field);
                }
                found.push(smaller);
            }
        }
    }
    found
}
