//! Which records could be judged and forgotten one after the other.

use crate::types::{Types, one};
use mandate_pack::{Binder, Domain, Expr, Node, Pack, Type};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// For every record type by qualified name, whether its records are only ever looked at one at a time, or why not.
///
/// That is so where every rule and every assumption that ranges over the type has it as its only variable, and nothing else looks at
/// records of the type: no evidence, no waiver, no role, no condition that counts or searches them, no reference from another record, no
/// correction of an earlier one, no rule about something else that it would override; and where the same is true of the records written
/// inside it. Then a file of them may be larger than memory: what is found for one record cannot depend on another.
pub fn streamable(pack: &Pack) -> BTreeMap<String, Result<(), String>> {
    let types = Types::new(pack);
    let mut reasons: BTreeMap<&str, String> = BTreeMap::new();
    // Which records a type is written inside of, which is no reason for what holds it.
    let mut held: BTreeMap<&str, String> = BTreeMap::new();
    let mut holds: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (name, record) in &pack.records {
        if let Some(field) = &record.corrects {
            reasons.entry(name).or_insert_with(|| format!("its `{field}` names an earlier record"));
        }
        for field in &record.fields {
            let Some(target) = referred(&field.ty).filter(|target| types.record(target).is_some()) else { continue };
            let keyed = pack.records.get(target).is_some_and(|target| target.key.is_some());
            if keyed {
                let reason = || format!("`{}` of {} refers to it", field.name, one(&record.name));
                reasons.entry(target).or_insert_with(reason);
            } else {
                held.entry(target).or_insert_with(|| format!("`{}` of {} holds it", field.name, one(&record.name)));
                holds.entry(name).or_default().push((&field.name, target));
            }
        }
    }
    for (name, rule) in &pack.rules {
        let [Binder { var, over: Domain::Records(over) }, rest @ ..] = &rule.for_each[..] else { continue };
        for other in rule.overrides.iter().chain(&rule.limits) {
            let same = pack.rules.get(&other.rule).is_some_and(
                |rule| matches!(&rule.for_each[..], [Binder { over: Domain::Records(theirs), .. }] if theirs == over),
            );
            let itself = matches!(&other.args[..], [Expr { node: Node::Var(arg), .. }] if arg == var);
            if !(same && itself && rest.is_empty()) {
                reasons.entry(over).or_insert_with(|| format!("by it `{name}` bears upon `{}`", other.rule));
            }
        }
    }
    let whole = serde_json::to_value(pack).unwrap_or_default();
    let known = |name: &str| pack.records.get_key_value(name).map(|(name, _)| name.as_str());
    for (part, entries) in whole.as_object().into_iter().flatten() {
        // Scenarios have facts of their own, and the others are never judged on facts.
        if ["scenarios", "concerns", "purposes", "mission"].contains(&part.as_str()) {
            continue;
        }
        let mut entries: Vec<(String, &Value)> = match entries {
            Value::Object(map) => map.iter().map(|(name, value)| (format!("`{name}`"), value)).collect(),
            Value::Array(items) => items.iter().map(|item| ("an assumption".to_owned(), item)).collect(),
            _ => continue,
        };
        for (name, entry) in &mut entries {
            // What walks through a list of the record at hand looks at no other record.
            let over = |binder: &&Value| binder["over"]["records"].is_string();
            let binders = entry["for_each"].as_array().filter(|binders| binders.iter().filter(over).count() == 1);
            let alone = binders.and_then(|binders| binders.first()).filter(over);
            looks(entry, alone, &mut |found, how| {
                if let Some(found) = known(found) {
                    reasons.entry(found).or_insert_with(|| format!("{name} {how}"));
                }
            });
        }
    }
    // What is written inside a record goes with it.
    for _ in 0..pack.records.len() {
        let found = holds.iter().filter(|(name, _)| !reasons.contains_key(**name)).find_map(|(name, parts)| {
            let (field, reason) = parts.iter().find_map(|(field, part)| Some((field, reasons.get(part)?)))?;
            Some((*name, format!("of what `{field}` holds: {reason}")))
        });
        let Some((name, reason)) = found else { break };
        reasons.insert(name, reason);
    }
    let reason = |name: &String| match reasons.get(name.as_str()).or_else(|| held.get(name.as_str())) {
        Some(reason) => Err(reason.clone()),
        None => Ok(()),
    };
    pack.records.keys().map(|name| (name.clone(), reason(name))).collect()
}

/// Types whose records are read last, and may be judged and forgotten: those that may, that some file of rows says it holds, and that no
/// document holds.
pub(crate) struct Streams {
    /// By index of the type.
    pub(crate) types: BTreeSet<u32>,
    /// With the types of the records written inside them.
    pub(crate) with_parts: BTreeSet<u32>,
}

impl Streams {
    /// `told`: types of files of rows by their names. `in_documents`: types that stand in documents.
    pub(crate) fn new(pack: &Pack, types: &Types<'_>, told: &BTreeSet<u32>, in_documents: &BTreeSet<u32>) -> Streams {
        let mut streams = Streams { types: BTreeSet::new(), with_parts: BTreeSet::new() };
        if told.is_empty() {
            return streams;
        }
        let may = streamable(pack);
        let may = |ty: &u32| {
            let (name, _) = types.records.get(*ty as usize).copied()?;
            may.get(name)?.is_ok().then_some(())
        };
        streams.types = told.iter().copied().filter(|ty| !in_documents.contains(ty) && may(ty).is_some()).collect();
        let mut open: Vec<u32> = streams.types.iter().copied().collect();
        while let Some(ty) = open.pop() {
            if !streams.with_parts.insert(ty) {
                continue;
            }
            let fields = types.records.get(ty as usize).map_or(&[][..], |(_, record)| &record.fields);
            let parts = fields.iter().filter_map(|field| types.record(referred(&field.ty)?));
            open.extend(parts.filter(|part| types.key(*part).is_none()));
        }
        streams
    }
}

/// The record type a field leads to.
fn referred(ty: &Type) -> Option<&str> {
    match ty {
        Type::Record(name) => Some(name),
        Type::List(inner) | Type::Optional(inner) => referred(inner),
        _ => None,
    }
}

/// Every place that looks at all records of a type, but for the binder that a rule has `alone`.
fn looks<'v>(value: &'v Value, alone: Option<&'v Value>, found: &mut dyn FnMut(&str, &str)) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(_) if alone.is_some_and(|binder| std::ptr::eq(binder, value)) => {}
            Value::Object(map) => {
                if let Some(Value::String(name)) = map.get("over").and_then(|over| over.get("records")) {
                    found(name, "looks at all of them");
                }
                if let Some(Value::String(name)) = map.get("record") {
                    found(name, "looks for one among them");
                }
                open.extend(map.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}
