//! The one entrance, which remembers what was proven about parts that have not changed.
//!
//! Every question is asked about some rules, and its answer depends on these rules and on what they speak of. An answer is
//! remembered under its question with the names of all that; when the next pack comes, declarations are compared with those of the
//! last one, and answers that depend on a changed one are forgotten. Pairs of rules are looked up by the records that show their
//! acts, so that their number does not grow with the square of the package.

use crate::Finding;
use crate::both;
use crate::clauses::clauses;
use crate::forbidden::{breaking, forbidden};
use crate::known::{Known, evidence_types};
use crate::memo::{Memo, Question};
use crate::rule::is_duty;
use crate::worry::{concern, purpose};
use mandate_pack::{Act, Domain, Modal, Pack, Rule, Situation};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Proves, and remembers by content: after an edit only what the edit reaches is looked at again.
#[derive(Debug, Default)]
pub struct Prover {
    pub(crate) memo: Memo,
}

impl Prover {
    /// One that knows nothing yet.
    pub fn new() -> Prover {
        Prover::default()
    }

    /// Everything to be said about the rules of `pack` for which `own` says yes (by qualified name: rules, definitions, parameters of
    /// the package looked at), beside all others. `None` when `stop` asked to stop; what was proven until then is remembered.
    ///
    /// Findings are sorted by place, then code.
    pub fn check(
        &mut self,
        pack: &Arc<Pack>,
        own: &dyn Fn(&str) -> bool,
        stop: &dyn Fn() -> bool,
    ) -> Option<Vec<Finding>> {
        let known = Rc::new(Known::new(pack));
        self.memo.renew(pack, &known);
        let mut found = Vec::new();
        for (name, rule) in &pack.rules {
            if stop() {
                return None;
            }
            if own(name) {
                let asked = Question { what: "clauses", of: vec![name] };
                found.extend(self.memo.answer(&known, asked, || clauses(&known, name, rule)));
            }
        }
        found.extend(self.conditions(&known, own, stop)?);
        for (duty, ban) in pairs(pack) {
            if stop() {
                return None;
            }
            if own(duty.0) || own(ban.0) {
                let asked = Question { what: "forbidden", of: vec![duty.0, ban.0] };
                found.extend(self.memo.answer_around(&known, asked, || forbidden(&known, duty, ban)));
            }
        }
        for (duty, other) in cases(&known) {
            if stop() {
                return None;
            }
            if own(duty.0) || own(other.0) {
                let asked = Question { what: "breaking", of: vec![duty.0, other.0] };
                found.extend(self.memo.answer_around(&known, asked, || breaking(&known, duty, other)));
            }
        }
        for (first, second, why) in both::pairs(&known) {
            if stop() {
                return None;
            }
            if own(first.0) || own(second.0) {
                let what = match why {
                    both::Why::Excluded => "both",
                    both::Why::Assumed(..) => "both at once",
                };
                let asked = Question { what, of: vec![first.0, second.0] };
                found.extend(self.memo.answer_around(&known, asked, || both::both(&known, first, second, why)));
            }
        }
        for (what, statement) in statements(pack) {
            if stop() {
                return None;
            }
            found.extend(self.memo.answer_about(&known, what, statement, || match what {
                CONCERN => concern(&known, statement),
                _ => purpose(&known, statement),
            }));
        }
        self.memo.settle();
        for finding in &mut found {
            finding.relocate(pack);
        }
        found.sort_by(|a, b| (&a.at, a.code.id).cmp(&(&b.at, b.code.id)));
        Some(found)
    }
}

type Named<'p> = (&'p str, &'p Rule);

const CONCERN: &str = "concern";
const PURPOSE: &str = "purpose";

/// Concerns and purposes of the package itself: files of other packages are named with the package before them.
fn statements(pack: &Pack) -> Vec<(&'static str, &Situation)> {
    let concerns = pack.concerns.iter().map(|statement| (CONCERN, statement));
    let all = concerns.chain(pack.purposes.iter().map(|statement| (PURPOSE, statement)));
    all.filter(|(_, statement)| package_of(statement, pack) == pack.name).collect()
}

/// Duties beside constraints and prohibitions that are about the records by which they are discharged.
fn cases<'p>(known: &Known<'p>) -> Vec<(Named<'p>, Named<'p>)> {
    let mut pairs = Vec::new();
    for (name, rule) in &known.pack.rules {
        let asks = matches!(rule.norm.act, Act::Ensure(_)) || rule.norm.modal.is_negative();
        if !asks || rule.norm.modal == Modal::May {
            continue;
        }
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for binder in &rule.for_each {
            let Domain::Records(record) = &binder.over else { continue };
            for duty in known.duties.get(record.as_str()).into_iter().flatten() {
                if matches!(duty.1.norm.act, Act::Do { .. }) && duty.0 != name && seen.insert(duty.0) {
                    pairs.push((*duty, (name.as_str(), rule)));
                }
            }
        }
    }
    pairs
}

/// Duties beside prohibitions that one record can show the acts of.
fn pairs(pack: &Pack) -> Vec<(Named<'_>, Named<'_>)> {
    let mut bans: BTreeMap<&str, Vec<Named<'_>>> = BTreeMap::new();
    for (name, rule) in pack.rules.iter().filter(|(_, rule)| rule.norm.modal.is_negative()) {
        for record in evidence_types(pack, rule) {
            bans.entry(record).or_default().push((name, rule));
        }
    }
    let mut pairs = Vec::new();
    for (name, rule) in pack.rules.iter().filter(|(_, rule)| is_duty(rule.norm.modal)) {
        let mut seen: Vec<&str> = Vec::new();
        for record in evidence_types(pack, rule) {
            for ban in bans.get(record).into_iter().flatten() {
                if !seen.contains(&ban.0) {
                    seen.push(ban.0);
                    pairs.push(((name.as_str(), rule), *ban));
                }
            }
        }
    }
    pairs
}

/// The package that declares a statement: its file is named with the package before it, where it is said at all.
fn package_of<'p>(statement: &'p Situation, pack: &'p Pack) -> &'p str {
    statement.origin.file.split_once(':').map_or(pack.name.as_str(), |(package, _)| package)
}
