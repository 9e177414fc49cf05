//! What can be seen at a glance: whether a rule may surely apply to some records. Most rules do not, and need not be assessed.

use mandate_pack::{Comparison, Domain, Expr, Fact, Node, Pack, Rule, Type};
use serde_json::Value as Json;

/// Definitions within definitions that are looked into.
const DEEPEST: usize = 4;

/// What a rule asks of the records that its variables stand for.
#[derive(Debug)]
pub(crate) struct Glance {
    asked: Vec<(String, Test)>,
}

/// What must be so of a record or item for a condition to be surely true.
#[derive(Debug, PartialEq)]
enum Test {
    /// That cannot be told at a glance.
    Unclear,
    Field {
        name: String,
        /// The key is known without being written.
        is_key: bool,
        /// Any value where absent.
        value: Option<Json>,
    },
    /// Some item of a list passes.
    Item {
        list: String,
        test: Box<Test>,
    },
    All(Vec<Test>),
    Any(Vec<Test>),
}

impl Glance {
    pub(crate) fn new(pack: &Pack, rule: &Rule) -> Glance {
        let asked = rule.for_each.iter().filter_map(|binder| match &binder.over {
            Domain::Records(record) => {
                let tests = rule.when.iter().map(|condition| test(pack, &condition.expr, &binder.var, 0));
                Some((record.clone(), all(tests.collect())))
            }
            Domain::Items(_) => None,
        });
        Glance { asked: asked.collect() }
    }

    /// Whether the rule may surely apply to some of these records.
    pub(crate) fn may_apply(&self, facts: &[Fact]) -> bool {
        self.asked.iter().all(|(record, test)| {
            *test == Test::Unclear
                || facts.iter().any(|fact| fact.record == *record && test.may_hold(&|name| fact.fields.get(name)))
        })
    }
}

impl Test {
    /// Whether it may be so of what has these fields, which are given by name.
    fn may_hold<'f>(&self, of: &dyn Fn(&str) -> Option<&'f Json>) -> bool {
        match self {
            Test::Unclear => true,
            Test::Field { name, is_key, value } => match (of(name), value) {
                (Some(value), Some(wanted)) => value == wanted,
                (Some(_), None) => true,
                (None, _) => *is_key,
            },
            Test::Item { list, test } => match of(list) {
                Some(Json::Array(items)) => items.iter().any(|item| match item {
                    Json::Object(fields) => test.may_hold(&|name| fields.get(name)),
                    // The key of a record, which is not looked up.
                    _ => true,
                }),
                Some(_) => true,
                None => false,
            },
            Test::All(tests) => tests.iter().all(|test| test.may_hold(of)),
            Test::Any(tests) => tests.iter().any(|test| test.may_hold(of)),
        }
    }
}

fn all(mut tests: Vec<Test>) -> Test {
    tests.retain(|test| *test != Test::Unclear);
    if tests.len() > 1 { Test::All(tests) } else { tests.pop().unwrap_or(Test::Unclear) }
}

fn any(tests: Vec<Test>) -> Test {
    if tests.contains(&Test::Unclear) { Test::Unclear } else { Test::Any(tests) }
}

/// What a condition asks of what a variable stands for.
fn test(pack: &Pack, condition: &Expr, var: &str, depth: usize) -> Test {
    let inner = |inner: &Expr| test(pack, inner, var, depth);
    match &condition.node {
        Node::And(parts) => all(parts.iter().map(inner).collect()),
        Node::Or(parts) => any(parts.iter().map(inner).collect()),
        Node::IfUnknown(first, second) => any(vec![inner(first), inner(second)]),
        Node::Not(negated) => field(pack, negated, var, Some(Json::Bool(false))).unwrap_or(Test::Unclear),
        Node::Field { .. } => field(pack, condition, var, Some(Json::Bool(true))).unwrap_or(Test::Unclear),
        Node::Compare { op, left, right } => {
            let value = match (&right.node, right.ty.known()) {
                (Node::Variant(name), Type::Enum(of)) if *op == Comparison::Eq => {
                    let mut variants = pack.enums.get(of).into_iter().flat_map(|known| &known.variants);
                    let spelling = variants.find(|variant| variant.name == *name).map(|v| v.spelling.clone());
                    spelling.map(Json::String)
                }
                (Node::Int(number), _) if *op == Comparison::Eq && *left.ty.known() == Type::Int => {
                    Some(Json::from(*number))
                }
                _ => None,
            };
            field(pack, left, var, value).unwrap_or(Test::Unclear)
        }
        Node::Call { definition, args } if depth < DEEPEST => {
            let is_it = |arg: &Expr| matches!(&arg.node, Node::Var(name) if name == var);
            let defined = pack.definitions.get(definition);
            let param = args.iter().position(is_it).and_then(|at| defined?.params.get(at));
            match (defined, param) {
                (Some(defined), Some(param)) => test(pack, &defined.body, &param.name, depth + 1),
                _ => Test::Unclear,
            }
        }
        Node::Some { binder, condition } if binder.var != var => {
            let Domain::Items(list) = &binder.over else { return Test::Unclear };
            match field(pack, list, var, None) {
                Some(Test::Field { name, is_key: false, .. }) => {
                    Test::Item { list: name, test: Box::new(test(pack, condition, &binder.var, depth)) }
                }
                _ => Test::Unclear,
            }
        }
        _ => Test::Unclear,
    }
}

/// That a field of what a variable stands for is known, with this value; `None` where the expression is no such field, or where
/// its value need not be written.
fn field(pack: &Pack, read: &Expr, var: &str, value: Option<Json>) -> Option<Test> {
    let Node::Field { of, name, at: None } = &read.node else { return None };
    let (Node::Var(subject), Type::Record(record)) = (&of.node, of.ty.known()) else { return None };
    let known = pack.records.get(record).filter(|_| subject == var)?;
    let declared = known.fields.iter().find(|field| field.name == *name)?;
    if declared.over_time || declared.default.is_some() {
        return None;
    }
    Some(Test::Field { name: name.clone(), is_key: known.key.as_ref() == Some(name), value })
}

#[cfg(test)]
mod tests {
    use super::Glance;
    use jiff::Timestamp;
    use mandate_assess::{Facts, Options, Outcome, Status, assess};
    use mandate_pack::Node;
    use mandate_semantics::{Host, ProjectInput};
    use std::collections::BTreeSet;

    #[test]
    fn a_rule_that_the_librarys_scenarios_break_may_apply_to_their_records() {
        let mut host = Host::new();
        host.set_project(ProjectInput { packages: mandate_project::standard_packages() });
        let (mut broken, mut ruled_out) = (0, 0);
        for name in ["caac", "poc"] {
            let pack = host.snapshot().pack(name).expect("the library compiles");
            let glances: Vec<Glance> = pack.rules.values().map(|rule| Glance::new(&pack, rule)).collect();
            for scenario in &pack.scenarios {
                let (Node::Time(day) | Node::Date(day)) = &scenario.as_of.node else { continue };
                let (facts, faults) = Facts::from_values(&pack, "scenario", &scenario.facts);
                assert!(faults.is_empty(), "{}", scenario.title);
                let at: Timestamp = format!("{}T23:00:00Z", day.get(..10).unwrap_or(day)).parse().expect("a day");
                let mut options = Options::at(at);
                options.as_of = Some(at);
                let findings = assess(&pack, &facts, &options).expect("assessed").findings;
                let violated = findings.iter().filter(|finding| finding.status == Status::Is(Outcome::Violated));
                let violated: BTreeSet<&str> = violated.map(|finding| finding.rule.as_str()).collect();
                for (rule, glance) in pack.rules.keys().zip(&glances) {
                    let may_apply = glance.may_apply(&scenario.facts);
                    assert!(may_apply || !violated.contains(rule.as_str()), "{name}: {rule} in \"{}\"", scenario.title);
                    ruled_out += usize::from(!may_apply);
                }
                broken += violated.len();
            }
        }
        assert!(broken > 150 && ruled_out > broken, "{broken} broken, {ruled_out} ruled out");
    }
}
