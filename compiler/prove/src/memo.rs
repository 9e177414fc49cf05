//! Answers that are remembered until something they depend on changes.

use crate::Finding;
use crate::abiding::is_about;
use crate::clash::Told;
use crate::glance::Glance;
use crate::known::{Known, evidence_types};
use crate::replay::{is_broken, narrowed, replay};
use crate::rule::is_duty;
use mandate_pack::{
    Act, Action, Bearer, Definition, Domain, EvidenceTime, Expr, Fact, Node, Norm, Pack, Role, Rule, Situation, Type,
    Waiver, Window,
};
use std::cmp::Ordering;
// Answers are looked up and never walked through in an order that anybody sees.
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// What was asked, of which rules.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Question<'q> {
    /// Which analysis.
    pub(crate) what: &'static str,
    /// The rules, definitions and parameters it is about, qualified: its answer depends on them and on all they speak of.
    pub(crate) of: Vec<&'q str>,
}

#[derive(Debug)]
struct Answer {
    findings: Vec<Finding>,
    /// Which other rules had a say.
    around: Around,
    /// Asked again in this pass.
    used: bool,
}

/// Which rules beside those asked about had a say in an answer.
#[derive(Debug, Default)]
pub(crate) struct Around {
    /// Types of the records that were looked at: rules about these alone.
    pub(crate) types: BTreeSet<String>,
    /// The situations that were assessed: of these rules, those that are surely broken in one of them.
    pub(crate) looked: Vec<Looked>,
    /// The rules that were found broken there, by name.
    pub(crate) broken: BTreeSet<String>,
    /// All of them had a say, broken or not.
    pub(crate) whole: bool,
}

/// A situation that was assessed, and the instants as of which.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) facts: Vec<Fact>,
    pub(crate) at: BTreeSet<i64>,
}

impl Around {
    pub(crate) fn append(&mut self, mut other: Around) {
        self.types.append(&mut other.types);
        self.looked.append(&mut other.looked);
        self.broken.append(&mut other.broken);
        self.whole |= other.whole;
    }

    /// Notes that facts are assessed as of an instant.
    pub(crate) fn look(&mut self, facts: &[Fact], at: i64) {
        match self.looked.last_mut() {
            Some(last) if last.facts == facts => {
                last.at.insert(at);
            }
            _ => self.looked.push(Looked { facts: facts.to_vec(), at: BTreeSet::from([at]) }),
        }
    }

    /// Whether a rule had a say, as it was in the last pack.
    fn heard(&self, pack: &Pack, name: &str, rule: &Rule) -> bool {
        self.listened(pack, rule) || self.broken.contains(name)
    }

    /// Whether a rule would have a say, as it is now.
    fn would_hear(&self, alone: &mut Alone<'_>) -> bool {
        self.listened(alone.known.pack, alone.rule)
            || (is_about(alone.rule, &self.types)
                && self.looked.iter().any(|looked| alone.may_be_broken(looked, &self.types)))
    }

    fn listened(&self, pack: &Pack, rule: &Rule) -> bool {
        is_about(rule, &self.types)
            && (self.whole
                // A duty may demand the very records that were looked at.
                || (is_duty(rule.norm.modal)
                    && evidence_types(pack, rule).iter().any(|name| self.types.contains(*name))))
    }
}

/// Changed rules that are tried one by one in the situations of an answer. Of more, one that may apply is taken for broken.
const MOST_TRIED: usize = 8;

/// A changed rule as it is now, tried by itself in situations that were assessed without it.
struct Alone<'p> {
    known: Rc<Known<'p>>,
    name: &'p str,
    rule: &'p Rule,
    glance: Glance,
    is_tried: bool,
    /// The pack with this rule alone, for records of these types.
    narrow: Option<(BTreeSet<String>, Pack)>,
}

impl Alone<'_> {
    fn may_be_broken(&mut self, looked: &Looked, types: &BTreeSet<String>) -> bool {
        if !self.glance.may_apply(&looked.facts) {
            return false;
        }
        if !self.is_tried {
            return true;
        }
        if self.narrow.as_ref().is_none_or(|(of, _)| of != types) {
            let pack = narrowed(&self.known, &BTreeSet::from([self.name]), types);
            self.narrow = Some((types.clone(), pack));
        }
        let Some((_, pack)) = &self.narrow else { return true };
        looked.at.iter().any(|at| match replay(pack, &looked.facts, *at) {
            Some(replay) => is_broken(replay.worst(self.name)),
            None => true,
        })
    }
}

/// What was answered.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    last: Option<Arc<Pack>>,
    /// A number for each rule ever asked about.
    numbers: HashMap<String, u32>,
    /// The same by where a name lies in the pack, address and length: names are asked for again and again.
    places: HashMap<(usize, usize), u32>,
    answers: BTreeMap<&'static str, HashMap<Vec<u32>, Answer>>,
    /// What each rule speaks of, itself included.
    reach: BTreeMap<u32, Reach>,
}

/// Names of declarations, each with its kind's letter before it: two kinds may share a name.
pub(crate) type Reach = BTreeSet<String>;

impl Memo {
    /// Forgets what depends on a declaration that is not what it was.
    pub(crate) fn renew(&mut self, pack: &Arc<Pack>, known: &Rc<Known<'_>>) {
        self.places.clear();
        let Some(last) = self.last.replace(Arc::clone(pack)) else { return };
        if Arc::ptr_eq(&last, pack) {
            return;
        }
        let Some(changed) = changed(&last, pack) else {
            self.answers.clear();
            self.reach.clear();
            return;
        };
        if changed.is_empty() {
            return;
        }
        let touched: BTreeSet<u32> = self
            .reach
            .iter()
            .filter(|(_, reach)| changed.iter().any(|name| reach.contains(name)))
            .map(|(rule, _)| *rule)
            .collect();
        for rule in &touched {
            self.reach.remove(rule);
        }
        let reaching =
            self.numbers.iter().filter(|(_, number)| touched.contains(number)).map(|(name, _)| name.as_str());
        let concerned: BTreeSet<&str> =
            changed.iter().filter_map(|name| name.strip_prefix('r')).chain(reaching).collect();
        let were: Vec<(&str, &Rule)> = named(&last, &concerned);
        let are: Vec<(&str, &Rule)> = named(known.pack, &concerned);
        let is_tried = are.len() <= MOST_TRIED;
        let alone = |(name, rule)| {
            let glance = Glance::new(known.pack, rule);
            Alone { known: Rc::clone(known), name, rule, glance, is_tried, narrow: None }
        };
        let mut are: Vec<Alone<'_>> = are.into_iter().map(alone).collect();
        for answers in self.answers.values_mut() {
            answers.retain(|of, answer| {
                if of.iter().any(|rule| touched.contains(rule)) {
                    return false;
                }
                let around = &answer.around;
                around.types.is_empty()
                    || !(were.iter().any(|(name, rule)| around.heard(&last, name, rule))
                        || are.iter_mut().any(|rule| around.would_hear(rule)))
            });
        }
    }

    /// The answer to a question, worked out unless it is remembered.
    pub(crate) fn answer(
        &mut self,
        known: &Rc<Known<'_>>,
        question: Question<'_>,
        work: impl FnOnce() -> Vec<Finding>,
    ) -> Vec<Finding> {
        self.answer_around(known, question, || Told { findings: work(), around: Around::default() })
    }

    /// The same for a question in which every rule about some types of records has a say.
    pub(crate) fn answer_around(
        &mut self,
        known: &Rc<Known<'_>>,
        question: Question<'_>,
        work: impl FnOnce() -> Told,
    ) -> Vec<Finding> {
        let key: Vec<u32> = question.of.iter().map(|rule| self.number_there(rule)).collect();
        for (rule, number) in question.of.iter().zip(&key) {
            // A question may be about a definition or a parameter, too.
            let all = || ['r', 'd', 'p'].map(|kind| format!("{kind}{rule}")).to_vec();
            self.reach.entry(*number).or_insert_with(|| reach_of(known, all()));
        }
        let answers = self.answers.entry(question.what).or_default();
        let answer = answers.entry(key).or_insert_with(|| {
            let Told { findings, around } = work();
            Answer { findings, around, used: true }
        });
        answer.used = true;
        answer.findings.clone()
    }

    /// The same for a concern or purpose.
    pub(crate) fn answer_about(
        &mut self,
        known: &Rc<Known<'_>>,
        what: &'static str,
        statement: &Situation,
        work: impl FnOnce() -> Told,
    ) -> Vec<Finding> {
        let key = vec![self.number(&format!("{what} {statement:?}"))];
        for number in &key {
            self.reach.entry(*number).or_insert_with(|| reach_of_statement(known, statement));
        }
        let answer = self.answers.entry(what).or_default().entry(key).or_insert_with(|| {
            let Told { findings, around } = work();
            Answer { findings, around, used: true }
        });
        answer.used = true;
        answer.findings.clone()
    }

    /// The number of a name that lies in the pack and stays there while it is checked.
    fn number_there(&mut self, rule: &str) -> u32 {
        let place = (rule.as_ptr().addr(), rule.len());
        match self.places.get(&place) {
            Some(number) => *number,
            None => {
                let number = self.number(rule);
                self.places.insert(place, number);
                number
            }
        }
    }

    fn number(&mut self, rule: &str) -> u32 {
        match self.numbers.get(rule) {
            Some(number) => *number,
            None => {
                let number = self.numbers.len() as u32;
                self.numbers.insert(rule.to_owned(), number);
                number
            }
        }
    }

    /// Forgets what nobody asks any more: rules that are gone.
    pub(crate) fn settle(&mut self) {
        for answers in self.answers.values_mut() {
            answers.retain(|_, answer| std::mem::take(&mut answer.used));
        }
    }
}

/// Those of some rules that a pack has.
fn named<'p>(pack: &'p Pack, names: &BTreeSet<&str>) -> Vec<(&'p str, &'p Rule)> {
    let rules = names.iter().filter_map(|name| pack.rules.get_key_value(*name));
    rules.map(|(name, rule)| (name.as_str(), rule)).collect()
}

/// Declarations that are not in both packs as they are in one; `None` where something changed that everything depends on.
fn changed(old: &Pack, new: &Pack) -> Option<BTreeSet<String>> {
    if old.assumptions != new.assumptions || old.time_zone != new.time_zone {
        return None;
    }
    let mut changed = BTreeSet::new();
    differing('e', &old.enums, &new.enums, &mut changed);
    differing('t', &old.records, &new.records, &mut changed);
    differing('o', &old.roles, &new.roles, &mut changed);
    differing('p', &old.parameters, &new.parameters, &mut changed);
    differing('d', &old.definitions, &new.definitions, &mut changed);
    differing('a', &old.actions, &new.actions, &mut changed);
    differing('w', &old.waivers, &new.waivers, &mut changed);
    differing('s', &old.sources, &new.sources, &mut changed);
    for (name, was, is) in unlike(&old.rules, &new.rules, same_rule) {
        changed.insert(format!("r{name}"));
        // Whom it overrides is another matter now.
        let targets = was.into_iter().chain(is).flat_map(|rule| &rule.overrides);
        changed.extend(targets.map(|target| format!("r{}", target.rule)));
    }
    // A text that replaces another one ends it; an act that excludes another one is excluded by it; a role widens another one.
    let sources = [old, new].into_iter().flat_map(|pack| &pack.sources);
    let ended: Vec<String> = sources
        .filter(|(name, _)| changed.contains(&format!("s{name}")))
        .flat_map(|(_, source)| source.supersedes.iter().map(|other| format!("s{other}")))
        .collect();
    let actions = [old, new].into_iter().flat_map(|pack| &pack.actions);
    let excluded: Vec<String> = actions
        .filter(|(name, _)| changed.contains(&format!("a{name}")))
        .flat_map(|(_, action)| action.excludes.iter().map(|other| format!("a{other}")))
        .collect();
    let roles = [old, new].into_iter().flat_map(|pack| &pack.roles);
    let wider: Vec<String> = roles
        .filter(|(name, _)| changed.contains(&format!("o{name}")))
        .filter_map(|(_, role)| role.is.as_ref().map(|wider| format!("o{wider}")))
        .collect();
    changed.extend(ended);
    changed.extend(excluded);
    changed.extend(wider);
    Some(changed)
}

fn differing<T: PartialEq>(
    kind: char,
    old: &BTreeMap<String, T>,
    new: &BTreeMap<String, T>,
    out: &mut BTreeSet<String>,
) {
    out.extend(unlike(old, new, T::eq).into_iter().map(|(name, ..)| format!("{kind}{name}")));
}

/// Names that do not stand for the same in two maps, with what they stand for in each. Both are walked once, side by side.
fn unlike<'m, T>(
    old: &'m BTreeMap<String, T>,
    new: &'m BTreeMap<String, T>,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(&'m str, Option<&'m T>, Option<&'m T>)> {
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    let mut unlike = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return unlike,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((before, _)), Some((after, _))) => before.cmp(after),
        };
        let was = if order.is_le() { old.next() } else { None };
        let is = if order.is_ge() { new.next() } else { None };
        let Some((name, _)) = was.or(is) else { return unlike };
        let (was, is) = (was.map(|(_, value)| value), is.map(|(_, value)| value));
        if !was.zip(is).is_some_and(|(was, is)| same(was, is)) {
            unlike.push((name, was, is));
        }
    }
}

/// Whether two rules are the same but for the line they stand on.
fn same_rule(a: &Rule, b: &Rule) -> bool {
    a.norm == b.norm
        && a.when == b.when
        && a.unless == b.unless
        && a.for_each == b.for_each
        && a.lets == b.lets
        && a.title == b.title
        && a.origin.file == b.origin.file
        && a.cites == b.cites
        && a.force == b.force
        && a.on == b.on
        && a.party == b.party
        && a.in_force_from == b.in_force_from
        && a.in_force_until == b.in_force_until
        && a.otherwise == b.otherwise
        && a.waivable == b.waivable
        && a.overrides == b.overrides
        && a.limits == b.limits
}

/// What a rule speaks of, itself and its overriders included.
pub(crate) fn reach(known: &Known<'_>, rule: &str) -> Reach {
    reach_of(known, vec![format!("r{rule}")])
}

fn reach_of_statement(known: &Known<'_>, statement: &Situation) -> Reach {
    let mut reaching = Reaching { reach: BTreeSet::new(), open: Vec::new() };
    statement.for_each.iter().for_each(|binder| reaching.domain(&binder.over));
    statement.when.iter().for_each(|condition| reaching.expr(&condition.expr));
    reach_of(known, reaching.open)
}

/// What declarations speak of, each with its kind's letter before its name.
pub(crate) fn reach_of(known: &Known<'_>, open: Vec<String>) -> Reach {
    let mut reaching = Reaching { reach: BTreeSet::new(), open };
    while let Some(next) = reaching.open.pop() {
        if !reaching.reach.insert(next.clone()) {
            continue;
        }
        let Some((kind, name)) = next.split_at_checked(1) else { continue };
        let pack = known.pack;
        match kind {
            "r" => {
                if let Some(rule) = pack.rules.get(name) {
                    reaching.rule(rule);
                }
                for (overrider, ..) in known.overriders.get(name).into_iter().flatten() {
                    reaching.open.push(format!("r{overrider}"));
                }
            }
            "d" => pack.definitions.get(name).into_iter().for_each(|d| reaching.definition(d)),
            "a" => pack.actions.get(name).into_iter().for_each(|a| reaching.action(a)),
            "o" => {
                pack.roles.get(name).into_iter().for_each(|r| reaching.role(r));
                for narrower in known.narrower.get(name).into_iter().flatten() {
                    reaching.open.push(format!("o{narrower}"));
                }
            }
            "w" => pack.waivers.get(name).into_iter().for_each(|w| reaching.waiver(w)),
            "t" => {
                for field in pack.records.get(name).into_iter().flat_map(|record| &record.fields) {
                    reaching.ty(&field.ty);
                }
            }
            "s" => {
                for binds in pack.sources.get(name).into_iter().flat_map(|source| &source.binds) {
                    reaching.expr(&binds.from);
                }
            }
            "p" => {
                pack.parameters.get(name).into_iter().for_each(|p| reaching.ty(&p.ty));
                for value in pack.parameters.get(name).into_iter().flat_map(|p| &p.values) {
                    reaching.expr(&value.value);
                }
            }
            _ => {}
        }
    }
    reaching.reach
}

struct Reaching {
    reach: Reach,
    open: Vec<String>,
}

impl Reaching {
    fn name(&mut self, kind: char, name: &str) {
        self.open.push(format!("{kind}{name}"));
    }

    fn expr(&mut self, expr: &Expr) {
        let mut seen: Vec<(char, String)> = Vec::new();
        expr.visit(&mut |part| {
            of_type(&part.ty, &mut seen);
            match &part.node {
                Node::Parameter { name, .. } => seen.push(('p', name.clone())),
                Node::Call { definition, .. } => seen.push(('d', definition.clone())),
                Node::Holds { role, .. } => seen.push(('o', role.clone())),
                Node::Some { binder, .. }
                | Node::Every { binder, .. }
                | Node::Count { binder, .. }
                | Node::Share { binder, .. }
                | Node::Fold { binder, .. }
                | Node::Pick { binder, .. } => {
                    if let Domain::Records(name) = &binder.over {
                        seen.push(('t', name.clone()));
                    }
                }
                _ => {}
            }
        });
        for (kind, name) in seen {
            self.name(kind, &name);
        }
    }

    fn ty(&mut self, ty: &Type) {
        let mut seen = Vec::new();
        of_type(ty, &mut seen);
        for (kind, name) in seen {
            self.name(kind, &name);
        }
    }

    fn domain(&mut self, domain: &Domain) {
        match domain {
            Domain::Records(name) => self.name('t', name),
            Domain::Items(list) => self.expr(list),
        }
    }

    fn rule(&mut self, rule: &Rule) {
        for binder in &rule.for_each {
            self.domain(&binder.over);
        }
        let values = rule.lets.iter().map(|l| &l.value).chain(&rule.on).chain(&rule.party);
        let conditions = rule.when.iter().chain(&rule.unless).map(|condition| &condition.expr);
        let related = rule.overrides.iter().chain(&rule.limits).flat_map(|target| &target.args);
        for expr in values.chain(conditions).chain(related) {
            self.expr(expr);
        }
        for target in rule.overrides.iter().chain(&rule.limits) {
            self.name('r', &target.rule);
        }
        for norm in std::iter::once(&rule.norm).chain(&rule.otherwise) {
            self.norm(norm);
        }
        if let Some(waivable) = &rule.waivable {
            self.name('w', &waivable.waiver);
            for expr in
                waivable.args.iter().chain(&waivable.floor).chain(&waivable.exceptional_floor).chain(&waivable.longest)
            {
                self.expr(expr);
            }
        }
        for cite in &rule.cites {
            self.name('s', &cite.source);
        }
    }

    fn norm(&mut self, norm: &Norm) {
        match &norm.bearer {
            Bearer::Everyone => {}
            Bearer::Role { role, of } => {
                self.name('o', role);
                of.iter().for_each(|of| self.expr(of));
            }
            Bearer::Record(expr) => self.expr(expr),
        }
        match &norm.act {
            Act::Do { action, args } => {
                self.name('a', action);
                args.iter().for_each(|arg| self.expr(arg));
            }
            Act::Ensure(conditions) => conditions.iter().for_each(|condition| self.expr(&condition.expr)),
        }
        match &norm.time {
            None => {}
            Some(Window::Within(a) | Window::By(a) | Window::Before(a) | Window::During(a)) => self.expr(a),
            Some(Window::WithinAfter(a, b) | Window::WithinBefore(a, b)) => {
                self.expr(a);
                self.expr(b);
            }
            Some(Window::Lasting(lasting)) => {
                self.expr(&lasting.from);
                lasting.end.iter().for_each(|end| self.expr(end.expr()));
                lasting.gap.iter().for_each(|gap| self.expr(gap));
            }
            Some(Window::Every(every)) => {
                self.expr(&every.every);
                self.expr(&every.from);
                every.end.iter().for_each(|end| self.expr(end.expr()));
            }
        }
    }

    fn definition(&mut self, definition: &Definition) {
        definition.params.iter().for_each(|param| self.ty(&param.ty));
        self.expr(&definition.body);
    }

    fn action(&mut self, action: &Action) {
        action.params.iter().for_each(|param| self.ty(&param.ty));
        for evidence in &action.evidence {
            self.name('t', &evidence.record);
            self.expr(&evidence.condition);
            evidence.by.iter().for_each(|by| self.expr(by));
            match &evidence.at {
                Some(EvidenceTime::At(at)) => self.expr(at),
                Some(EvidenceTime::During(from, to)) => {
                    self.expr(from);
                    self.expr(to);
                }
                None => {}
            }
        }
        for other in &action.excludes {
            self.name('a', other);
        }
    }

    fn role(&mut self, role: &Role) {
        role.is.iter().for_each(|wider| self.name('o', wider));
        role.of.iter().for_each(|param| self.ty(&param.ty));
        if let Some(held) = &role.held {
            self.expr(&held.by);
            self.expr(&held.condition);
            held.binders.iter().for_each(|binder| self.domain(&binder.over));
            if let Some((from, to)) = &held.during {
                self.expr(from);
                self.expr(to);
            }
            held.longest.iter().for_each(|longest| self.expr(longest));
        }
    }

    fn waiver(&mut self, waiver: &Waiver) {
        self.name('t', &waiver.record);
        waiver.params.iter().for_each(|param| self.ty(&param.ty));
        let single = [
            &waiver.names,
            &waiver.rank,
            &waiver.granted_at,
            &waiver.by,
            &waiver.valid,
            &waiver.revoked,
            &waiver.exceptional,
        ];
        single.into_iter().flatten().for_each(|expr| self.expr(expr));
        if let Some((from, to)) = &waiver.during {
            self.expr(from);
            self.expr(to);
        }
        waiver.flags.iter().for_each(|flag| self.expr(&flag.condition));
        self.expr(&waiver.condition);
    }
}

/// Enums and records that a type names.
fn of_type(ty: &Type, out: &mut Vec<(char, String)>) {
    match ty {
        Type::Enum(name) => out.push(('e', name.clone())),
        Type::Record(name) => out.push(('t', name.clone())),
        Type::List(inner) | Type::Optional(inner) => of_type(inner, out),
        _ => {}
    }
}
