//! What can be seen at a glance: whether a rule may surely apply to some records. Most rules do not, and need not be assessed.

use mandate_pack::{Comparison, Domain, Expr, Fact, Node, Pack, Rule, Type};
use serde_json::Value as Json;

/// Those conditions of a rule that ask for the value of one field.
#[derive(Debug)]
pub(crate) struct Glance {
    asked: Vec<Asked>,
}

/// A value that some record of a type must have.
#[derive(Debug)]
struct Asked {
    record: String,
    field: String,
    /// The key is known without being written.
    is_key: bool,
    /// Any value where absent.
    value: Option<Json>,
}

impl Glance {
    pub(crate) fn new(pack: &Pack, rule: &Rule) -> Glance {
        Glance { asked: rule.when.iter().filter_map(|condition| asked(pack, rule, &condition.expr)).collect() }
    }

    /// Whether the rule may surely apply to some of these records.
    pub(crate) fn may_apply(&self, facts: &[Fact]) -> bool {
        self.asked.iter().all(|asked| {
            facts.iter().any(|fact| {
                fact.record == asked.record
                    && match (fact.fields.get(&asked.field), &asked.value) {
                        (Some(value), Some(wanted)) => value == wanted,
                        (Some(_), None) => true,
                        (None, _) => asked.is_key,
                    }
            })
        })
    }
}

/// What a condition on one field of one variable asks for; `None` where it cannot be told at a glance.
fn asked(pack: &Pack, rule: &Rule, condition: &Expr) -> Option<Asked> {
    let (read, value) = match &condition.node {
        Node::Not(inner) => (inner.as_ref(), Some(Json::Bool(false))),
        Node::Field { .. } => (condition, Some(Json::Bool(true))),
        Node::Compare { op, left, right } => match (&right.node, right.ty.known()) {
            (Node::Variant(name), Type::Enum(of)) if *op == Comparison::Eq => {
                let mut variants = pack.enums.get(of).into_iter().flat_map(|known| &known.variants);
                let spelling = variants.find(|variant| variant.name == *name).map(|v| v.spelling.clone());
                (left.as_ref(), spelling.map(Json::String))
            }
            _ => (left.as_ref(), None),
        },
        _ => return None,
    };
    let Node::Field { of, name, at: None } = &read.node else { return None };
    let (Node::Var(var), Type::Record(record)) = (&of.node, of.ty.known()) else { return None };
    let over = rule.for_each.iter().find(|binder| binder.var == *var).map(|binder| &binder.over);
    if !matches!(over, Some(Domain::Records(_))) {
        return None;
    }
    let (record, known) = pack.records.get_key_value(record)?;
    let declared = known.fields.iter().find(|field| field.name == *name)?;
    if declared.over_time || declared.default.is_some() {
        return None;
    }
    Some(Asked { record: record.clone(), field: name.clone(), is_key: known.key.as_ref() == Some(name), value })
}
