//! Values of a given record that are no plain values: histories of fields that change, and what a reader may not see.

use crate::checker::{Checker, is_hole};
use crate::scenarios::Script;
use crate::signatures::{FieldSignature, enumeration};
use mandate_diagnostics::codes;
use mandate_pack::Type;
use mandate_syntax::ast::{Expr, ExprKind, Name};
use serde_json::{Map, Value, json};

impl Checker<'_> {
    /// The value of a field in the spelling of a facts file. Null means absent.
    pub(crate) fn field_value(
        &mut self,
        value: &Expr,
        field: &FieldSignature,
        ty: &Type,
        script: &Script<'_>,
    ) -> Option<Value> {
        if self.is_restricted(value, ty, script) {
            return Some(json!({ "restricted": true }));
        }
        match &value.kind {
            ExprKind::List(items) if field.over_time && is_history(items) => self.history(items, ty, script),
            _ => self.fact_value(value, ty, script),
        }
    }

    /// `restricted`, unless something here is called so.
    fn is_restricted(&self, value: &Expr, ty: &Type, script: &Script<'_>) -> bool {
        let ExprKind::Name(name) = &value.kind else { return false };
        let variant = match ty.known() {
            Type::Enum(qualified) => enumeration(self.db, qualified)
                .is_some_and(|(_, found)| found.variants.iter().any(|(variant, _)| variant == name)),
            _ => false,
        };
        name == "restricted" && !variant && !script.names(name)
    }

    /// `[{ from: T, value: v }, ...]`
    fn history(&mut self, entries: &[Expr], ty: &Type, script: &Script<'_>) -> Option<Value> {
        let entries: Vec<Option<Value>> = entries.iter().map(|entry| self.entry(entry, ty, script)).collect();
        entries.into_iter().collect::<Option<Vec<_>>>().map(Value::Array)
    }

    fn entry(&mut self, entry: &Expr, ty: &Type, script: &Script<'_>) -> Option<Value> {
        let ExprKind::Record(_, fields) = &entry.kind else { return None };
        self.distinct(fields.iter().map(|(name, _)| name), "part");
        let mut all = Map::new();
        let mut failed = false;
        for (name, value) in fields {
            let read = match name.text.as_str() {
                "from" => self.fact_value(value, &Type::Time, script),
                "value" if self.is_restricted(value, ty, script) => Some(json!({ "restricted": true })),
                "value" => self.fact_value(value, ty, script),
                _ => {
                    self.no_part(name);
                    None
                }
            };
            match read {
                Some(read) => drop(all.insert(name.text.clone(), read)),
                None => failed = true,
            }
        }
        let lacking = ["from", "value"].into_iter().find(|part| !fields.iter().any(|(name, _)| name.text == *part));
        if let Some(part) = lacking.filter(|_| !failed) {
            let message = format!("this entry of the history has no `{part}`");
            let help = "Each entry says since when what holds: `{ from: 2024-03-01T08:00Z, value: ... }`.";
            self.report(&codes::E080, entry.span, message, help);
            return None;
        }
        (!failed).then_some(Value::Object(all))
    }

    fn no_part(&mut self, name: &Name) {
        if !name.is_hole() {
            let message = format!("`{}` is no part of an entry of a history", name.text);
            self.unknown(&codes::E026, name, message, ["from", "value"], "Its parts are from, value.".to_owned());
        }
    }
}

/// Whether a list is a history rather than one value that is a list.
fn is_history(items: &[Expr]) -> bool {
    let entry = |item: &Expr| match &item.kind {
        ExprKind::Record(None, fields) => fields.iter().any(|(name, _)| matches!(name.text.as_str(), "from" | "value")),
        _ => is_hole(item),
    };
    !items.is_empty() && items.iter().all(entry)
}
