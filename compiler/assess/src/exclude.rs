//! Acts that exclude one another: facts that surely show both, done to the same records, are a fault of the data.

use crate::acts::BearerNow;
use crate::finding::{DataFinding, Step, StepKind, Subject};
use crate::instances::Part;
use crate::lower::{Lowered, Lowering};
use crate::program::{EvidencePlan, ExclusionPlan, Program};
use crate::value::Value;
use crate::world::World;
use mandate_pack::{Action, Comparison, Evidence, Expr, Node, short};
use std::collections::BTreeSet;

impl Lowering<'_> {
    /// Each pair of acts that exclude one another, from the side on which every record tells what the act was done to.
    pub(crate) fn exclusions(&mut self, program: &mut Program) -> Lowered<()> {
        let pack = self.pack;
        let pairs = pack.actions.iter().flat_map(|(name, action)| {
            let others = action.excludes.iter().filter(move |other| name < *other);
            others.filter_map(move |other| Some(((name, action), pack.actions.get_key_value(other)?)))
        });
        for (one, other) in pairs.collect::<Vec<_>>() {
            let (first, second) = if tells(one.1) || !tells(other.1) { (one, other) } else { (other, one) };
            for (evidence, written) in first.1.evidence.iter().enumerate() {
                let Some(exprs) = arguments(first.1, written) else { continue };
                let Some((action, other)) = self.action(first.0).zip(self.action(second.0)) else { continue };
                let (args, hidden) = self.told(&first.1.params, written, &exprs)?;
                program.exclusions.push(ExclusionPlan { action, evidence, other, args, hidden });
            }
        }
        Ok(())
    }

    fn action(&self, name: &str) -> Option<usize> {
        self.pack.actions.keys().position(|known| known == name)
    }
}

/// Whether every record that shows an act tells what it was done to.
fn tells(action: &Action) -> bool {
    action.evidence.iter().all(|evidence| arguments(action, evidence).is_some())
}

/// What a record that shows an act says that it was done to: for each parameter the other side of an equation between it and
/// something read of the record alone.
fn arguments<'e>(action: &Action, evidence: &'e Evidence) -> Option<Vec<&'e Expr>> {
    let mut equations: Vec<(&'e Expr, &'e Expr)> = Vec::new();
    let mut open = vec![&evidence.condition];
    while let Some(expr) = open.pop() {
        match &expr.node {
            Node::And(parts) => open.extend(parts),
            Node::Compare { op: Comparison::Eq, left, right } => {
                equations.extend([(&**left, &**right), (&**right, &**left)])
            }
            _ => {}
        }
    }
    let of_the_record = |expr: &Expr| {
        let mut alone = true;
        expr.visit(&mut |part| {
            alone &= match &part.node {
                Node::Var(name) => *name == evidence.var,
                Node::Field { at: None, .. } => true,
                _ => false,
            }
        });
        alone
    };
    let told = |name: &str| {
        let mut sides = equations.iter().filter(|(side, _)| matches!(&side.node, Node::Var(var) if var == name));
        sides.find(|(_, other)| of_the_record(other)).map(|(_, other)| *other)
    };
    action.params.iter().map(|param| told(&param.name)).collect()
}

impl World<'_> {
    /// Number of records that are looked at.
    pub(crate) fn shown_by(&self, plan: &ExclusionPlan) -> usize {
        let evidence = self.program.actions.get(plan.action).and_then(|action| action.evidence.get(plan.evidence));
        evidence.map_or(0, |evidence| self.extent(evidence.ty).len())
    }

    /// Facts that surely show both of two acts that exclude one another: a part of the records of one evidence of the first.
    pub(crate) fn both_done(&self, index: usize, part: Part, out: &mut Vec<DataFinding>) {
        let Some(plan) = self.program.exclusions.get(index) else { return };
        let Some(evidence) = self.program.actions.get(plan.action).and_then(|a| a.evidence.get(plan.evidence)) else {
            return;
        };
        let records = self.extent(evidence.ty);
        let mut frame = self.frame(evidence.frame.max(plan.args.len()));
        for record in records.get(part.range(records.len())).unwrap_or_default() {
            frame[evidence.scan.slot] = Value::Record(*record);
            let args: Vec<Value> = plan.args.iter().map(|arg| self.eval(arg, &mut frame)).collect();
            if args.iter().all(Value::is_known) && self.shows(evidence, *record, &args) {
                let other = self.records_showing(plan.other, &args).into_iter().next();
                out.extend(other.map(|other| self.excluded(plan, &args, *record, other)));
            }
        }
    }

    /// Whether a record surely shows an act done to these, up to the instant of assessment.
    fn shows(&self, evidence: &EvidencePlan, record: u32, args: &[Value]) -> bool {
        let mut seen = Vec::new();
        self.seen_in(evidence, &[record], args, &BearerNow::Everyone, &mut seen);
        seen.iter().any(|act| act.matches.is_true())
    }

    /// Records that surely show an act done to these, in the order of the data.
    fn records_showing(&self, action: usize, args: &[Value]) -> BTreeSet<u32> {
        let mut seen = Vec::new();
        for evidence in self.program.actions.get(action).map_or(&[][..], |plan| &plan.evidence) {
            self.seen_through(evidence, args, &BearerNow::Everyone, &mut seen);
        }
        seen.into_iter().filter(|act| act.matches.is_true()).map(|act| act.record).collect()
    }

    fn excluded(&self, plan: &ExclusionPlan, args: &[Value], record: u32, other: u32) -> DataFinding {
        let action = |index: usize| self.pack.actions.iter().nth(index);
        let name = |index: usize| action(index).map_or("", |(name, _)| name.as_str());
        let mut subject: Vec<Subject> = Vec::new();
        let params = action(plan.action).map_or(&[][..], |(_, action)| &action.params);
        for ((param, value), hidden) in params.iter().zip(args).zip(&plan.hidden) {
            self.name_or_not(value, *hidden);
            subject.push(self.subject(&param.name, value, *hidden));
        }
        for (index, shows) in [(plan.action, record), (plan.other, other)] {
            let value = Value::Record(shows);
            if !args
                .iter()
                .zip(&plan.hidden)
                .any(|(arg, hidden)| *hidden && matches!(arg, Value::Record(r) if *r == shows))
            {
                self.name_or_not(&value, false);
            }
            subject.push(self.subject(short(name(index)), &value, false));
        }
        let (one, two) = (short(name(plan.action)), short(name(plan.other)));
        DataFinding {
            assumption: format!("{one} and {two} exclude one another"),
            declared: format!("{}, {}", name(plan.action), name(plan.other)),
            subject,
            why: vec![Step {
                kind: StepKind::Require,
                text: format!("only one of {one} and {two}").into(),
                holds: Some(false),
                read: Vec::new(),
                parts: Vec::new(),
            }],
        }
    }
}
