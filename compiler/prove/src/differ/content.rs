//! What a rule says, clause by clause, in terms that have no names: everything its findings depend on, and nothing else.

use super::terms::{Id, Names, Reader, Terms};
use mandate_pack::{Act, Bearer, Force, Modal, Norm, Rule, RuleRef, Source, Waiver, Window};
use std::collections::{BTreeMap, BTreeSet};

/// A duty, prohibition or permission in terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NormContent {
    pub(crate) modal: Modal,
    pub(crate) bearer: Id,
    pub(crate) act: ActContent,
    /// The window; a form without parts where there is none.
    pub(crate) window: Id,
}

/// What a norm is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ActContent {
    /// Any of these shows the act.
    Shown(Vec<EvidenceContent>),
    /// What has to hold.
    Holds(Id),
}

/// Records that show an act.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EvidenceContent {
    pub(crate) records: Id,
    pub(crate) condition: Id,
    pub(crate) at: Id,
    /// Who acted; `None`: anybody's act counts.
    pub(crate) by: Option<Id>,
}

/// Which waivers help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaiverContent {
    /// The records that show one, whoever granted it.
    pub(crate) kind: Id,
    pub(crate) floor: Option<Id>,
    pub(crate) exceptional_floor: Option<Id>,
    pub(crate) longest: Option<Id>,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    /// What its variables range over.
    pub(crate) subjects: Vec<Id>,
    /// The day that decides, if any.
    pub(crate) on: Id,
    pub(crate) in_force: Id,
    pub(crate) when: Id,
    pub(crate) unless: Id,
    pub(crate) norm: NormContent,
    pub(crate) otherwise: Vec<NormContent>,
    /// `None`: nothing sets it aside.
    pub(crate) waiver: Option<WaiverContent>,
    /// Which cited texts decide how much a breach weighs.
    pub(crate) weight: Id,
    pub(crate) force: Option<Force>,
    /// What takes its place, and when.
    pub(crate) overriders: BTreeSet<Id>,
    /// What else its findings say: remarks, groups, statements it carries, rules that narrow it.
    pub(crate) report: Id,
}

impl Content {
    /// The whole as one term, for comparing at once.
    pub(crate) fn whole(&self, terms: &mut Terms) -> Id {
        let subjects = terms.form("for each", self.subjects.clone());
        let norm = self.norm.term(terms);
        let otherwise: Vec<Id> = self.otherwise.iter().map(|level| level.term(terms)).collect();
        let otherwise = terms.form("otherwise", otherwise);
        let waiver = self.waiver.as_ref().map(|waiver| waiver.term(terms));
        let waiver = terms.form("waiver", waiver.into_iter().collect());
        let force = terms.named("force", self.force.map_or("", Force::word), Vec::new());
        let overriders = terms.form("overriders", self.overriders.iter().copied().collect());
        let parts = vec![
            subjects,
            self.on,
            self.in_force,
            self.when,
            self.unless,
            norm,
            otherwise,
            waiver,
            self.weight,
            force,
            overriders,
            self.report,
        ];
        terms.form("rule", parts)
    }
}

impl NormContent {
    fn term(&self, terms: &mut Terms) -> Id {
        let act = self.act.term(terms);
        terms.named("norm", format!("{:?}", self.modal), vec![self.bearer, act, self.window])
    }
}

impl ActContent {
    pub(crate) fn term(&self, terms: &mut Terms) -> Id {
        match self {
            ActContent::Holds(conditions) => terms.form("holds", vec![*conditions]),
            ActContent::Shown(evidence) => {
                let parts: Vec<Id> = evidence.iter().map(|e| e.term(terms)).collect();
                terms.set("shown", parts)
            }
        }
    }
}

impl EvidenceContent {
    fn term(&self, terms: &mut Terms) -> Id {
        let by = terms.form("by", self.by.into_iter().collect());
        terms.form("evidence", vec![self.records, self.condition, self.at, by])
    }
}

impl WaiverContent {
    fn term(&self, terms: &mut Terms) -> Id {
        let parts = [self.floor, self.exceptional_floor, self.longest];
        let parts: Vec<Id> = parts.into_iter().map(|part| terms.form("maybe", part.into_iter().collect())).collect();
        terms.form("waivable", std::iter::once(self.kind).chain(parts).collect())
    }
}

/// Reads the rules of one pack.
pub(crate) struct Contents<'p> {
    pub(crate) reader: Reader<'p>,
    /// Rules that name a rule in `overrides`, and in `limits`.
    over: Others<'p>,
    limiting: Others<'p>,
}

/// Rules that name a rule, by the name of that one: each with its own name and how it names it.
type Others<'p> = BTreeMap<&'p str, Vec<(&'p str, &'p Rule, &'p RuleRef)>>;

impl<'p> Contents<'p> {
    pub(crate) fn new(reader: Reader<'p>) -> Self {
        let (mut over, mut limiting): (Others<'p>, Others<'p>) = Default::default();
        let pack = reader.pack;
        for (name, rule) in &pack.rules {
            for other in &rule.overrides {
                over.entry(&other.rule).or_default().push((name, rule, other));
            }
            for other in &rule.limits {
                limiting.entry(&other.rule).or_default().push((name, rule, other));
            }
        }
        Contents { reader, over, limiting }
    }

    /// What a rule says. That waivers name it by its name is left out: another name is told as such.
    pub(crate) fn content(&mut self, terms: &mut Terms, name: &'p str, rule: &'p Rule) -> Content {
        let (names, subjects) = self.scope(terms, rule);
        let in_force = self.in_force(terms, rule, &names);
        let when: Vec<Id> = rule.when.iter().map(|c| self.reader.expr(terms, &c.expr, &names)).collect();
        let unless: Vec<Id> = rule.unless.iter().map(|c| self.reader.expr(terms, &c.expr, &names)).collect();
        let on = self.reader.exprs(terms, &rule.on, &names);
        let overriders = self.others(terms, name, true, &mut BTreeSet::from([name]));
        Content {
            subjects,
            on: terms.form("on", on),
            in_force,
            when: terms.joined(true, when),
            unless: terms.joined(false, unless),
            norm: self.norm(terms, &rule.norm, &names),
            otherwise: rule.otherwise.iter().map(|level| self.norm(terms, level, &names)).collect(),
            waiver: self.waiver(terms, rule, &names),
            weight: self.weight(terms, rule, &names),
            force: rule.force,
            overriders,
            report: self.report(terms, name, rule, &names),
        }
    }

    /// The variables of a rule, with what they range over.
    pub(crate) fn scope(&mut self, terms: &mut Terms, rule: &'p Rule) -> (Names, Vec<Id>) {
        let mut names = Names::default();
        let mut subjects = Vec::new();
        for binder in &rule.for_each {
            subjects.push(self.reader.domain(terms, binder, &names));
            names = names.bind(terms, &binder.var);
        }
        for named in &rule.lets {
            let value = self.reader.expr(terms, &named.value, &names);
            names.call(&named.name, value);
        }
        (names, subjects)
    }

    fn sources(&self, rule: &'p Rule) -> BTreeMap<&'p str, &'p Source> {
        let pack = self.reader.pack;
        rule.cites
            .iter()
            .filter_map(|cited| pack.sources.get_key_value(&cited.source))
            .map(|(n, s)| (n.as_str(), s))
            .collect()
    }

    /// When the edition and one of the cited texts are in force, as a condition at the anchor.
    fn in_force(&mut self, terms: &mut Terms, rule: &'p Rule, names: &Names) -> Id {
        let own = edition(terms, rule.in_force_from.as_deref(), rule.in_force_until.as_deref());
        let sources = self.sources(rule);
        if sources.is_empty() {
            return own;
        }
        let standing: Vec<Id> =
            sources.into_iter().map(|(name, source)| self.stands(terms, name, source, rule, names)).collect();
        let any = terms.joined(false, standing);
        terms.joined(true, [own, any])
    }

    fn stands(&mut self, terms: &mut Terms, name: &str, source: &'p Source, rule: &'p Rule, names: &Names) -> Id {
        let own = edition(terms, source.in_force_from.as_deref(), source.in_force_until.as_deref());
        let pack = self.reader.pack;
        let successors: Vec<&'p Source> = if source.in_force_until.is_some() {
            Vec::new()
        } else {
            pack.sources.values().filter(|other| other.supersedes.iter().any(|old| old == name)).collect()
        };
        if source.binds.is_none() && successors.is_empty() {
            return own;
        }
        let mut parts = vec![self.binds(terms, source)];
        for successor in successors {
            let begin = successor.compulsory_from.as_ref().or(successor.in_force_from.as_ref());
            let binds = self.binds(terms, successor);
            parts.push(terms.named("successor", begin.cloned().unwrap_or_default(), vec![binds]));
        }
        let party = self.reader.exprs(terms, &rule.party, names);
        parts.push(terms.form("party", party));
        parts[1..].sort_unstable();
        let bound = terms.form("binding", parts);
        terms.joined(true, [own, bound])
    }

    fn binds(&mut self, terms: &mut Terms, source: &'p Source) -> Id {
        let Some(binds) = &source.binds else { return terms.form("everyone", Vec::new()) };
        let names = Names::default().bind(terms, &binds.var);
        let from = self.reader.expr(terms, &binds.from, &names);
        terms.form("bound from", vec![from])
    }

    /// How much a breach weighs: plainly, or by the texts it cites.
    fn weight(&mut self, terms: &mut Terms, rule: &'p Rule, names: &Names) -> Id {
        let sources = self.sources(rule);
        let plain = terms.form("plain", Vec::new());
        match rule.norm.modal {
            Modal::AimsTo | Modal::May => plain,
            Modal::Must | Modal::MustNot => {
                if sources.values().all(|source| source.compulsory_from.is_none()) {
                    return plain;
                }
                let of_each: Vec<Id> = sources
                    .into_iter()
                    .map(|(name, source)| {
                        let stands = self.stands(terms, name, source, rule, names);
                        terms.named("compulsory", source.compulsory_from.clone().unwrap_or_default(), vec![stands])
                    })
                    .collect();
                terms.set("weight", of_each)
            }
            Modal::Should | Modal::ShouldNot => {
                let mut raising = Vec::new();
                for endorsement in &self.reader.pack.endorsements {
                    let by_choice = sources
                        .get(endorsement.source.as_str())
                        .is_some_and(|source| matches!(source.force, Force::Guidance | Force::Voluntary));
                    if by_choice {
                        let party = self.reader.exprs(terms, &endorsement.party, &Names::default());
                        let own =
                            if party.is_empty() { Vec::new() } else { self.reader.exprs(terms, &rule.party, names) };
                        let party = terms.form("party", party.into_iter().chain(own).collect());
                        raising.push(terms.named(
                            "endorsed",
                            endorsement.from.clone().unwrap_or_default(),
                            vec![party],
                        ));
                    }
                }
                if raising.is_empty() { plain } else { terms.set("weight", raising) }
            }
        }
    }

    fn norm(&mut self, terms: &mut Terms, norm: &'p Norm, names: &Names) -> NormContent {
        let bearer = match &norm.bearer {
            Bearer::Everyone => terms.form("everyone", Vec::new()),
            Bearer::Role { role, of } => {
                let mut parts = vec![self.reader.role(terms, role, &mut BTreeSet::new())];
                parts.extend(self.reader.exprs(terms, of, names));
                terms.form("holder", parts)
            }
            Bearer::Record(record) => {
                let record = self.reader.expr(terms, record, names);
                terms.form("one", vec![record])
            }
        };
        let act = match &norm.act {
            Act::Ensure(conditions) => {
                let all: Vec<Id> = conditions.iter().map(|c| self.reader.expr(terms, &c.expr, names)).collect();
                ActContent::Holds(terms.joined(true, all))
            }
            Act::Do { action, args } => ActContent::Shown(self.evidence(terms, action, args, names)),
        };
        NormContent { modal: norm.modal, bearer, act, window: self.window(terms, norm.time.as_ref(), names) }
    }

    fn evidence(
        &mut self,
        terms: &mut Terms,
        action: &'p str,
        args: &'p [mandate_pack::Expr],
        names: &Names,
    ) -> Vec<EvidenceContent> {
        let pack = self.reader.pack;
        let Some(action) = pack.actions.get(action) else { return Vec::new() };
        let args = self.reader.exprs(terms, args, names);
        let mut inside = names.only_bound();
        action.params.iter().zip(&args).for_each(|(param, value)| inside.call(&param.name, *value));
        let mut shown: Vec<EvidenceContent> = action
            .evidence
            .iter()
            .map(|evidence| {
                let names = inside.bind(terms, &evidence.var);
                let at = match &evidence.at {
                    None => terms.form("own date", Vec::new()),
                    Some(mandate_pack::EvidenceTime::At(at)) => {
                        let at = self.reader.expr(terms, at, &names);
                        terms.form("at", vec![at])
                    }
                    Some(mandate_pack::EvidenceTime::During(from, to)) => {
                        let both = self.reader.exprs(terms, [from, to], &names);
                        terms.form("during", both)
                    }
                };
                EvidenceContent {
                    records: self.reader.records(terms, &evidence.record),
                    condition: self.reader.expr(terms, &evidence.condition, &names),
                    at,
                    by: evidence.by.as_ref().map(|by| self.reader.expr(terms, by, &names)),
                }
            })
            .collect();
        shown.sort();
        shown.dedup();
        shown
    }

    fn window(&mut self, terms: &mut Terms, window: Option<&'p Window>, names: &Names) -> Id {
        let Some(window) = window else { return terms.form("always", Vec::new()) };
        let mut form = |terms: &mut Terms, word, parts: &[&'p mandate_pack::Expr]| {
            let parts = self.reader.exprs(terms, parts.iter().copied(), names);
            terms.form(word, parts)
        };
        match window {
            Window::Within(length) => form(terms, "within", &[length]),
            Window::WithinAfter(length, start) => {
                form(terms, if is_day(start) { "within after day" } else { "within after" }, &[length, start])
            }
            Window::WithinBefore(length, end) => form(terms, "within before", &[length, end]),
            Window::By(end) => form(terms, if is_day(end) { "by day" } else { "by" }, &[end]),
            Window::Before(end) => form(terms, if is_day(end) { "before day" } else { "before" }, &[end]),
            Window::During(period) => form(terms, "during", &[period]),
            Window::Lasting(lasting) => {
                let from = form(terms, "from", &[&lasting.from]);
                let gap: Vec<&'p mandate_pack::Expr> = lasting.gap.iter().collect();
                let gap = form(terms, "gap", &gap);
                let end = self.end(terms, lasting.end.as_ref(), names);
                terms.form("lasting", vec![from, end, gap])
            }
            Window::Every(every) => {
                let both = form(terms, "rounds", &[&every.every, &every.from]);
                let end = self.end(terms, every.end.as_ref(), names);
                terms.form("every", vec![both, end])
            }
        }
    }

    fn end(&mut self, terms: &mut Terms, end: Option<&'p mandate_pack::End>, names: &Names) -> Id {
        let word = match end {
            None => "endless",
            Some(mandate_pack::End::To(_)) => "to",
            Some(mandate_pack::End::Until(_)) => "until",
        };
        let parts = self.reader.exprs(terms, end.map(mandate_pack::End::expr), names);
        terms.form(word, parts)
    }

    fn waiver(&mut self, terms: &mut Terms, rule: &'p Rule, names: &Names) -> Option<WaiverContent> {
        let waivable = rule.waivable.as_ref()?;
        let pack = self.reader.pack;
        let waiver = pack.waivers.get(&waivable.waiver)?;
        let barred = rule.cites.iter().any(|cited| {
            let source = pack.sources.get(&cited.source);
            source.is_some_and(|s| cited.passage.as_ref().is_some_and(|passage| s.not_waivable.contains(passage)))
        });
        let of_law = rule.cites.iter().any(|c| pack.sources.get(&c.source).is_some_and(|s| s.force == Force::Law));
        if barred || (waiver.caveat && of_law && rule.norm.modal.is_negative()) {
            return None;
        }
        let args = self.reader.exprs(terms, &waivable.args, names);
        let mut inside = names.only_bound();
        waiver.params.iter().zip(&args).for_each(|(param, value)| inside.call(&param.name, *value));
        let inside = inside.bind(terms, &waiver.var);
        let mut maybe = |terms: &mut Terms, expr: &'p Option<mandate_pack::Expr>| {
            expr.as_ref().map(|expr| self.reader.expr(terms, expr, names))
        };
        let (floor, exceptional_floor, longest) =
            (maybe(terms, &waivable.floor), maybe(terms, &waivable.exceptional_floor), maybe(terms, &waivable.longest));
        let mut ranked = |terms: &mut Terms, floor: Option<Id>, expr: &Option<mandate_pack::Expr>| {
            let order = self.reader.enumeration(terms, &expr.as_ref()?.ty);
            Some(terms.form("floor", vec![floor?, order]))
        };
        let floor = ranked(terms, floor, &waivable.floor);
        let exceptional_floor = ranked(terms, exceptional_floor, &waivable.exceptional_floor);
        let kind = self.kind(terms, waiver, &inside);
        Some(WaiverContent { kind, floor, exceptional_floor, longest })
    }

    fn kind(&mut self, terms: &mut Terms, waiver: &'p Waiver, names: &Names) -> Id {
        let mut parts = vec![self.reader.records(terms, &waiver.record)];
        parts.push(self.reader.expr(terms, &waiver.condition, names));
        let optional =
            [&waiver.rank, &waiver.granted_at, &waiver.by, &waiver.valid, &waiver.revoked, &waiver.exceptional];
        for part in optional {
            let read = self.reader.exprs(terms, part, names);
            parts.push(terms.form("maybe", read));
        }
        let period = waiver.during.iter().flat_map(|(from, to)| [from, to]);
        let period = self.reader.exprs(terms, period, names);
        parts.push(terms.form("during", period));
        let naming = self.reader.exprs(terms, &waiver.names, names);
        parts.push(terms.form("names", naming));
        for flag in &waiver.flags {
            let condition = self.reader.expr(terms, &flag.condition, names);
            parts.push(terms.named("flag", flag.text.clone(), vec![condition]));
        }
        terms.form("kind", parts)
    }

    /// What takes the place of a rule (or narrows it): when it is active, for which records.
    fn others(
        &mut self,
        terms: &mut Terms,
        name: &'p str,
        overriding: bool,
        open: &mut BTreeSet<&'p str>,
    ) -> BTreeSet<Id> {
        let table = if overriding { &self.over } else { &self.limiting };
        let others = table.get(name).cloned().unwrap_or_default();
        others.into_iter().map(|(own, rule, reference)| self.activity(terms, own, rule, reference, open)).collect()
    }

    fn activity(
        &mut self,
        terms: &mut Terms,
        own: &'p str,
        rule: &'p Rule,
        reference: &'p RuleRef,
        open: &mut BTreeSet<&'p str>,
    ) -> Id {
        let (names, mut parts) = self.scope(terms, rule);
        let args = self.reader.exprs(terms, &reference.args, &names);
        parts.push(terms.form("args", args));
        parts.push(self.in_force(terms, rule, &names));
        let when: Vec<Id> = rule.when.iter().map(|c| self.reader.expr(terms, &c.expr, &names)).collect();
        parts.push(terms.joined(true, when));
        let unless: Vec<Id> = rule.unless.iter().map(|c| self.reader.expr(terms, &c.expr, &names)).collect();
        parts.push(terms.joined(false, unless));
        let on = self.reader.exprs(terms, &rule.on, &names);
        parts.push(terms.form("on", on));
        // The anchor of a duty is the start of its clock; a prohibition is active inside its window.
        parts.push(self.window(terms, rule.norm.time.as_ref(), &names));
        parts.push(terms.truth(rule.norm.modal.is_negative()));
        let waiver = self.waiver(terms, rule, &names).map(|waiver| waiver.term(terms));
        parts.push(terms.form("waiver", waiver.into_iter().collect()));
        if open.insert(own) {
            let over = self.others(terms, own, true, open);
            parts.push(terms.form("overriders", over.into_iter().collect()));
            open.remove(own);
        }
        terms.form("active", parts)
    }

    fn report(&mut self, terms: &mut Terms, name: &'p str, rule: &'p Rule, names: &Names) -> Id {
        let mut parts = Vec::new();
        for flag in &rule.flags {
            let condition = self.reader.expr(terms, &flag.condition, names);
            parts.push(terms.named("flag", flag.text.clone(), vec![condition]));
        }
        for tally in &rule.tallies {
            let by = self.reader.exprs(terms, &tally.by, names);
            parts.push(terms.form("tally", by));
        }
        for statement in &rule.carries {
            parts.push(terms.named("carries", statement.clone(), Vec::new()));
        }
        parts.extend(self.others(terms, name, false, &mut BTreeSet::from([name])));
        terms.form("report", parts)
    }
}

/// In force from a day until a day, as a condition at the anchor.
fn edition(terms: &mut Terms, from: Option<&str>, until: Option<&str>) -> Id {
    let from = from.map(|day| terms.named("since", day, Vec::new()));
    let until = until.map(|day| terms.named("until", day, Vec::new()));
    terms.joined(true, from.into_iter().chain(until))
}

fn is_day(expr: &mandate_pack::Expr) -> bool {
    *expr.ty.known() == mandate_pack::Type::Date
}
