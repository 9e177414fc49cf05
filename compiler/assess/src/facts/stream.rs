//! Which records could be judged and forgotten one after the other.

use crate::types::{Types, one};
use mandate_pack::{Pack, Type};
use serde_json::Value;
use std::collections::BTreeMap;

/// For every record type by qualified name, whether its records are only ever looked at one at a time, or why not.
///
/// That is so where every rule and every assumption that ranges over the type has it as its only variable, and nothing else looks at
/// records of the type: no evidence, no waiver, no role, no condition that counts or searches them, no reference from another record, no
/// correction of an earlier one. Then a file of them may be larger than memory: what is found for one record cannot depend on another.
/// A key that two records share is the one thing that is not seen then, unless all keys are kept.
pub fn streamable(pack: &Pack) -> BTreeMap<String, Result<(), String>> {
    let types = Types::new(pack);
    let mut reasons: BTreeMap<&str, String> = BTreeMap::new();
    for (name, record) in &pack.records {
        if let Some(field) = &record.corrects {
            reasons.entry(name).or_insert_with(|| format!("its `{field}` names an earlier record"));
        }
        for field in &record.fields {
            let Some(target) = referred(&field.ty).filter(|target| types.record(target).is_some()) else { continue };
            let keyed = pack.records.get(target).is_some_and(|target| target.key.is_some());
            let how = if keyed { "refers to" } else { "holds" };
            reasons.entry(target).or_insert_with(|| format!("`{}` of {} {how} it", field.name, one(&record.name)));
        }
    }
    let whole = serde_json::to_value(pack).unwrap_or_default();
    let known = |name: &str| pack.records.get_key_value(name).map(|(name, _)| name.as_str());
    for (part, entries) in whole.as_object().into_iter().flatten() {
        // Scenarios have facts of their own.
        if part == "scenarios" {
            continue;
        }
        let mut entries: Vec<(String, &Value)> = match entries {
            Value::Object(map) => map.iter().map(|(name, value)| (format!("`{name}`"), value)).collect(),
            Value::Array(items) => items.iter().map(|item| ("an assumption".to_owned(), item)).collect(),
            _ => continue,
        };
        for (name, entry) in &mut entries {
            let binders = entry["for_each"].as_array().filter(|binders| binders.len() == 1);
            let alone = binders.map(|binders| &binders[0]).filter(|binder| binder["over"]["records"].is_string());
            looks(entry, alone, &mut |found, how| {
                if let Some(found) = known(found) {
                    reasons.entry(found).or_insert_with(|| format!("{name} {how}"));
                }
            });
        }
    }
    let mut reason = |name: &String| reasons.remove(name.as_str()).map_or(Ok(()), Err);
    pack.records.keys().map(|name| (name.clone(), reason(name))).collect()
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
