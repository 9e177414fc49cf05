//! From a pack to a program. A pack that hangs together lowers; one that does not is refused with the place.

use crate::program::*;
use crate::spell;
use crate::time::{Instants, Zone};
use crate::types::Types;
use crate::value::{Quantity, Unit, Value};
use mandate_pack::{
    Act, Bearer, Binder, Comparison, Condition, Dated, Definition, Domain, End, EvidenceTime, Expr, Force, Node, Norm,
    Pack, Param, Type, Window,
};
// Places are looked up by name, never walked through.
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A pack that does not hang together: written by hand, or by another compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inconsistent {
    /// Where: "rule `caac.report`".
    pub place: String,
    /// What is wrong with it.
    pub fault: String,
}

impl std::fmt::Display for Inconsistent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the pack does not hang together: {}: {}", self.place, self.fault)
    }
}

impl std::error::Error for Inconsistent {}

pub(crate) type Lowered<T> = Result<T, String>;

/// What lowering needs to know of the pack.
pub(crate) struct Lowering<'p> {
    pub(crate) pack: &'p Pack,
    pub(crate) types: &'p Types<'p>,
    pub(crate) zone: Zone,
    /// The definitions of the pack, by index.
    definitions: Vec<&'p Definition>,
    /// Places of actions and definitions by name: large packs have thousands, each of which is looked up for each that uses it.
    actions: HashMap<&'p str, usize>,
    defined: HashMap<&'p str, usize>,
    indexes: Vec<IndexPlan>,
    /// For each definition, whether it reads what changes over time.
    moments: Vec<bool>,
    /// Values of a rule that change over time, by their slot: they are read where they are used.
    pub(crate) changing: BTreeMap<usize, Term>,
    /// Slots of the rule or the evidence at hand whose values come from a sensitive field.
    tainted: BTreeSet<usize>,
}

/// Variables in scope, innermost last; slots count up and are never reused.
#[derive(Debug, Default, Clone)]
pub(crate) struct Scope {
    names: Vec<(String, usize)>,
    pub(crate) frame: usize,
}

impl Scope {
    pub(crate) fn bind(&mut self, name: &str) -> usize {
        let slot = self.frame;
        self.frame += 1;
        self.names.push((name.to_owned(), slot));
        slot
    }

    /// A slot that no name reaches.
    pub(crate) fn unnamed(&mut self) -> usize {
        self.frame += 1;
        self.frame - 1
    }

    fn unbind(&mut self, count: usize) {
        self.names.truncate(self.names.len().saturating_sub(count));
    }

    fn slot(&self, name: &str) -> Lowered<usize> {
        let found = self.names.iter().rev().find(|(n, _)| n == name).map(|(_, slot)| *slot);
        found.ok_or_else(|| format!("the variable `{name}` is bound nowhere"))
    }
}

pub(crate) fn place<K>(map: &std::collections::BTreeMap<String, K>, name: &str, what: &str) -> Lowered<usize> {
    map.keys().position(|key| key == name).ok_or_else(|| format!("there is no {what} `{name}`"))
}

fn numbered<K>(map: &BTreeMap<String, K>) -> HashMap<&str, usize> {
    map.keys().enumerate().map(|(place, name)| (name.as_str(), place)).collect()
}

fn placed(places: &HashMap<&str, usize>, name: &str, what: &str) -> Lowered<usize> {
    places.get(name).copied().ok_or_else(|| format!("there is no {what} `{name}`"))
}

impl<'p> Lowering<'p> {
    pub(crate) fn new(pack: &'p Pack, types: &'p Types<'p>, zone: Zone) -> Self {
        Lowering {
            definitions: pack.definitions.values().collect(),
            actions: numbered(&pack.actions),
            defined: numbered(&pack.definitions),
            pack,
            types,
            zone,
            indexes: Vec::new(),
            moments: moments(pack),
            changing: BTreeMap::new(),
            tainted: BTreeSet::new(),
        }
    }

    pub(crate) fn program(mut self) -> Result<Program, Inconsistent> {
        let pack = self.pack;
        let mut program = Program::default();
        let mut scopes = Vec::new();
        acyclic(pack)?;
        for (name, parameter) in &pack.parameters {
            let at = |fault| Inconsistent { place: format!("parameter `{name}`"), fault };
            program.parameters.push(self.parameter(parameter).map_err(at)?);
        }
        for (name, definition) in &pack.definitions {
            let at = |fault| Inconsistent { place: format!("definition `{name}`"), fault };
            let mut scope = Scope::default();
            bind_all(&mut scope, &definition.params);
            let term = self.term(&definition.body, &mut scope).map_err(at)?;
            program.definitions.push(Body { frame: scope.frame, term });
        }
        for (name, action) in &pack.actions {
            let at = |fault| Inconsistent { place: format!("action `{name}`"), fault };
            let evidence = action.evidence.iter().map(|e| self.evidence(&action.params, e)).collect::<Lowered<_>>();
            program.actions.push(ActionPlan { evidence: evidence.map_err(at)? });
        }
        self.exclusions(&mut program)
            .map_err(|fault| Inconsistent { place: "acts that exclude one another".to_owned(), fault })?;
        for name in pack.roles.keys() {
            let at = |fault| Inconsistent { place: format!("role `{name}`"), fault };
            program.roles.push(self.role(name).map_err(at)?);
        }
        for (name, waiver) in &pack.waivers {
            let at = |fault| Inconsistent { place: format!("waiver `{name}`"), fault };
            program.waivers.push(self.waiver(waiver).map_err(at)?);
        }
        self.sources(&mut program)?;
        let near_sensitive = self.all_near_sensitive();
        for (name, rule) in &pack.rules {
            let at = |fault| Inconsistent { place: format!("rule `{name}`"), fault };
            let (mut plan, scope) = self.rule(rule).map_err(at)?;
            plan.near_sensitive |= near_sensitive;
            program.rules.push(plan);
            scopes.push(scope);
        }
        self.defeaters(&mut program, scopes)?;
        for assumption in &pack.assumptions {
            let at = |fault| Inconsistent { place: format!("assumption \"{}\"", assumption.title), fault };
            program.assumptions.push(self.assumption(assumption).map_err(at)?);
        }
        for (name, record) in &pack.records {
            let at = |fault| Inconsistent { place: format!("record `{name}`"), fault };
            let defaults = record.fields.iter().map(|f| self.constant_term(f.default.as_ref())).collect::<Lowered<_>>();
            program.defaults.push(defaults.map_err(at)?);
            let field = |field: &str| {
                record
                    .fields
                    .iter()
                    .position(|f| f.name == field)
                    .map(|i| i as u32)
                    .ok_or_else(|| format!("there is no field `{field}`"))
            };
            let dated = match &record.dated {
                Some(Dated::At(f) | Dated::During(f, _)) => Some(field(f).map_err(at)?),
                None => None,
            };
            program.dated.push(dated);
            program.corrects.push(record.corrects.as_deref().map(field).transpose().map_err(at)?);
            program.recorded.push(record.recorded.as_deref().map(field).transpose().map_err(at)?);
        }
        program.indexes = self.indexes;
        Ok(program)
    }

    /// A term without variables.
    fn constant_term(&mut self, expr: Option<&Expr>) -> Lowered<Option<Term>> {
        expr.map(|expr| self.term(expr, &mut Scope::default())).transpose()
    }

    pub(crate) fn closed(&mut self, expr: &Expr) -> Lowered<Body> {
        let mut scope = Scope::default();
        let term = self.term(expr, &mut scope)?;
        Ok(Body { frame: scope.frame, term })
    }

    /// Indexes planned so far; a term lowered later may add more.
    pub(crate) fn with_indexes(mut self, program: &Program) -> Self {
        self.indexes.clone_from(&program.indexes);
        self
    }

    fn parameter(&mut self, parameter: &mandate_pack::Parameter) -> Lowered<ParameterPlan> {
        let mut values = Vec::new();
        for dated in &parameter.values {
            let from = dated.from.as_deref().map(|day| self.day(day)).transpose()?;
            values.push((from, self.closed(&dated.value)?));
        }
        Ok(ParameterPlan { values })
    }

    pub(crate) fn day(&self, text: &str) -> Lowered<i64> {
        spell::date(text).map(|day| self.zone.start_of(day)).map_err(|_| format!("`{text}` is no day"))
    }

    pub(crate) fn record_type(&self, name: &str) -> Lowered<u32> {
        self.types.record(name).ok_or_else(|| format!("there is no record type `{name}`"))
    }

    fn evidence(&mut self, params: &[Param], e: &mandate_pack::Evidence) -> Lowered<EvidencePlan> {
        let mut scope = Scope::default();
        // A frame of its own.
        let changing = std::mem::take(&mut self.changing);
        bind_all(&mut scope, params);
        let slot = scope.bind(&e.var);
        let ty = self.record_type(&e.record)?;
        let condition = self.term(&e.condition, &mut scope)?;
        let at = match &e.at {
            None => None,
            Some(EvidenceTime::At(t)) => Some(WhenPlan::At(self.term(t, &mut scope)?)),
            Some(EvidenceTime::During(a, b)) => {
                Some(WhenPlan::During(self.term(a, &mut scope)?, self.term(b, &mut scope)?))
            }
        };
        let by = e.by.as_ref().map(|by| self.term(by, &mut scope)).transpose()?;
        let outer: BTreeSet<usize> = (0..params.len()).collect();
        let probe = self.probe(ty, slot, scope.frame, &condition, &outer);
        self.changing = changing;
        let scan = Scan { slot, over: Over::Records { ty, probe } };
        Ok(EvidencePlan { frame: scope.frame, scan, ty, condition, at, by })
    }

    /// What a record that shows an act says that it was done to, and which of that is read from a sensitive field. The frame is that of
    /// the evidence.
    pub(crate) fn told(
        &mut self,
        params: &[Param],
        evidence: &mandate_pack::Evidence,
        args: &[&Expr],
    ) -> Lowered<(Vec<Term>, Vec<bool>)> {
        let mut scope = Scope::default();
        let changing = std::mem::take(&mut self.changing);
        bind_all(&mut scope, params);
        scope.bind(&evidence.var);
        let args = args.iter().map(|arg| self.term(arg, &mut scope)).collect::<Lowered<Vec<Term>>>()?;
        self.changing = changing;
        let hidden = args.iter().map(|arg| self.reads_sensitive(arg)).collect();
        Ok((args, hidden))
    }

    fn role(&mut self, name: &str) -> Lowered<RolePlan> {
        let pack = self.pack;
        let role = pack.roles.get(name).ok_or("no such role")?;
        let mut held_through = Vec::new();
        for (index, other) in pack.roles.keys().enumerate() {
            let (mut at, mut steps) = (Some(other.as_str()), 0);
            while let Some(current) = at {
                if current == name {
                    held_through.push(index);
                    break;
                }
                steps += 1;
                if steps > pack.roles.len() {
                    return Err(format!("the role `{other}` is wider than itself"));
                }
                at = pack.roles.get(current).and_then(|r| r.is.as_deref());
            }
        }
        let held = role.held.as_ref().map(|held| self.held(role, held)).transpose()?;
        Ok(RolePlan { has_of: role.of.is_some(), held, held_through })
    }

    fn held(&mut self, role: &mandate_pack::Role, held: &mandate_pack::Held) -> Lowered<HeldPlan> {
        let mut scope = Scope::default();
        let of = scope.bind(role.of.as_ref().map_or("", |p| p.name.as_str()));
        // No name of the language starts with a space: the candidate cannot be mentioned by a rule.
        let who = scope.bind(" who");
        let of_type = match role.of.as_ref().map(|p| p.ty.known()) {
            Some(Type::Record(name)) => Some(self.record_type(name)?),
            _ => None,
        };
        let mut parts = Vec::new();
        for binder in &held.binders {
            parts.push((scope.frame, binder.clone()));
            scope.bind(&binder.var);
        }
        let condition = self.term(&held.condition, &mut scope)?;
        let by = self.term(&held.by, &mut scope)?;
        let during = match &held.during {
            Some((a, b)) => Some((self.term(a, &mut scope)?, self.term(b, &mut scope)?)),
            None => None,
        };
        let longest = held.longest.as_ref().map(|l| self.term(l, &mut scope)).transpose()?;
        let condition =
            Term::And(vec![Term::Compare(Comparison::Eq, Box::new(by), Box::new(Term::Slot(who))), condition]);
        let mut known = BTreeSet::from([of, who]);
        let mut scans = Vec::new();
        for (slot, binder) in parts {
            let over = self.over(&binder, slot, &mut scope, &condition, &known)?;
            scans.push(Scan { slot, over });
            known.insert(slot);
        }
        Ok(HeldPlan { frame: scope.frame, of_type, scans, condition, during, longest })
    }

    fn over(
        &mut self,
        binder: &Binder,
        slot: usize,
        scope: &mut Scope,
        condition: &Term,
        known: &BTreeSet<usize>,
    ) -> Lowered<Over> {
        Ok(match &binder.over {
            Domain::Records(name) => {
                let ty = self.record_type(name)?;
                Over::Records { ty, probe: self.probe(ty, slot, scope.frame, condition, known) }
            }
            Domain::Items(list) => Over::Items(Box::new(self.term(list, scope)?)),
        })
    }

    fn waiver(&mut self, w: &mandate_pack::Waiver) -> Lowered<WaiverPlan> {
        let mut scope = Scope::default();
        bind_all(&mut scope, &w.params);
        let slot = scope.bind(&w.var);
        let ty = self.record_type(&w.record)?;
        let condition = self.term(&w.condition, &mut scope)?;
        let during = match &w.during {
            Some((a, b)) => Some((self.term(a, &mut scope)?, self.term(b, &mut scope)?)),
            None => None,
        };
        let mut part = |expr: &Option<Expr>| expr.as_ref().map(|e| self.term(e, &mut scope)).transpose();
        let (names, rank, granted_at, by, valid) =
            (part(&w.names)?, part(&w.rank)?, part(&w.granted_at)?, part(&w.by)?, part(&w.valid)?);
        let (revoked, exceptional) = (part(&w.revoked)?, part(&w.exceptional)?);
        let flags = w.flags.iter().map(|f| self.term(&f.condition, &mut scope)).collect::<Lowered<_>>()?;
        let outer: BTreeSet<usize> = (0..w.params.len()).collect();
        let probe = self.probe(ty, slot, scope.frame, &condition, &outer);
        let scan = Scan { slot, over: Over::Records { ty, probe } };
        Ok(WaiverPlan {
            frame: scope.frame,
            params: w.params.len(),
            scan,
            ty,
            condition,
            names,
            rank,
            granted_at,
            during,
            by,
            valid,
            revoked,
            exceptional,
            caveat: w.caveat,
            flags,
        })
    }

    /// Variables of a rule, with indexes found among its conditions.
    fn each(
        &mut self,
        binders: &[Binder],
        lets: &[mandate_pack::Let],
        when: &[Condition],
        anchored: bool,
        scope: &mut Scope,
    ) -> Lowered<Walk> {
        let mut slots = Vec::new();
        let mut lists = Vec::new();
        for binder in binders {
            // A list is read before its own variable is bound, a later one may use an earlier variable.
            lists.push(match &binder.over {
                Domain::Items(list) => Some(self.term(list, scope)?),
                Domain::Records(_) => None,
            });
            slots.push(scope.bind(&binder.var));
        }
        self.changing.clear();
        let mut let_terms = Vec::new();
        for l in lets {
            let term = self.term(&l.value, scope)?;
            let slot = scope.bind(&l.name);
            if self.reads_the_moment(&term) {
                self.changing.insert(slot, term.clone());
            }
            let_terms.push((slot, term));
        }
        self.tainted.clear();
        self.taint(&let_terms);
        let conditions = when.iter().map(|c| self.term(&c.expr, scope)).collect::<Lowered<Vec<_>>>()?;
        // What changes over time is read once the instant is known, and finds no records before.
        let steady = conditions.iter().filter(|c| !anchored || !self.reads_the_moment(c));
        let whole = Term::And(steady.cloned().collect());
        let mut known = BTreeSet::new();
        let mut each = Vec::new();
        for ((binder, slot), list) in binders.iter().zip(&slots).zip(lists) {
            let over = match (&binder.over, list) {
                (Domain::Records(name), _) => {
                    let ty = self.record_type(name)?;
                    Over::Records { ty, probe: self.probe(ty, *slot, scope.frame, &whole, &known) }
                }
                (Domain::Items(_), list) => Over::Items(Box::new(list.ok_or("a list is missing")?)),
            };
            let hidden = match &over {
                Over::Items(list) => self.reads_sensitive(list),
                Over::Records { .. } => self.is_picked_by_sensitive(*slot, &whole),
            };
            if hidden {
                self.tainted.insert(*slot);
            }
            each.push(Each { scan: Scan { slot: *slot, over }, hidden });
            known.insert(*slot);
        }
        // Again: a value may come from a variable that turned out to be sensitive.
        self.taint(&let_terms);
        let let_slots: BTreeSet<usize> = let_terms.iter().map(|(slot, _)| *slot).collect();
        let level = |term: &Term| {
            let mut used = BTreeSet::new();
            term.slots(&mut used);
            if anchored && self.reads_the_moment(term) {
                return AT_THE_ANCHOR;
            }
            if used.intersection(&let_slots).next().is_some() {
                return AFTER_LETS;
            }
            slots.iter().rposition(|slot| used.contains(slot)).map_or(0, |n| n + 1)
        };
        let levels = conditions.iter().map(level).collect();
        Ok(Walk { each, lets: let_terms, when: conditions, levels })
    }

    fn rule(&mut self, rule: &mandate_pack::Rule) -> Lowered<(RulePlan, Scope)> {
        let mut scope = Scope::default();
        let walk = self.each(&rule.for_each, &rule.lets, &rule.when, true, &mut scope)?;
        let on = rule.on.as_ref().map(|on| self.term(on, &mut scope)).transpose()?;
        let unless = rule.unless.iter().map(|c| self.term(&c.expr, &mut scope)).collect::<Lowered<_>>()?;
        let norm = self.norm(&rule.norm, &mut scope)?;
        let otherwise: Vec<NormPlan> =
            rule.otherwise.iter().map(|n| self.norm(n, &mut scope)).collect::<Lowered<_>>()?;
        if otherwise.iter().any(|n| matches!(n.window, Some(WindowPlan::Every(_)))) {
            return Err("a duty that arises from a breach cannot recur".to_owned());
        }
        let flags = rule.flags.iter().map(|f| self.term(&f.condition, &mut scope)).collect::<Lowered<_>>()?;
        let waivable = match &rule.waivable {
            None => None,
            Some(w) => Some(WaivablePlan {
                waiver: place(&self.pack.waivers, &w.waiver, "waiver")?,
                args: w.args.iter().map(|a| self.term(a, &mut scope)).collect::<Lowered<_>>()?,
                floor: w.floor.as_ref().map(|f| self.term(f, &mut scope)).transpose()?,
                exceptional_floor: w.exceptional_floor.as_ref().map(|f| self.term(f, &mut scope)).transpose()?,
                longest: w.longest.as_ref().map(|l| self.term(l, &mut scope)).transpose()?,
            }),
        };
        let party = rule.party.as_ref().map(|p| self.term(p, &mut scope)).transpose()?;
        let mut tallies = Vec::new();
        for tally in &rule.tallies {
            let by = tally.by.iter().map(|by| self.term(by, &mut scope)).collect::<Lowered<Vec<_>>>()?;
            if by.iter().any(|by| self.reads_sensitive(by)) {
                return Err("it counts its findings by a sensitive field".to_owned());
            }
            tallies.push(by);
        }
        let mut sources = BTreeSet::new();
        let (mut not_waivable, mut cites_law) = (false, false);
        for cite in &rule.cites {
            sources.insert(place(&self.pack.sources, &cite.source, "source")?);
            let Some(source) = self.pack.sources.get(&cite.source) else { continue };
            not_waivable |= cite.passage.as_ref().is_some_and(|p| source.not_waivable.contains(p));
            cites_law |= source.force == Force::Law;
        }
        let edition = (self.maybe_day(rule.in_force_from.as_ref())?, self.maybe_day(rule.in_force_until.as_ref())?);
        let plan = RulePlan {
            frame: scope.frame,
            each: walk.each,
            lets: walk.lets,
            on,
            when: walk.when,
            when_level: walk.levels,
            unless,
            norm,
            otherwise,
            waivable,
            flags,
            edition,
            sources: sources.into_iter().collect(),
            party_hidden: party.as_ref().is_some_and(|party| self.reads_sensitive(party)),
            party,
            near_sensitive: self.near_sensitive(rule),
            tallies,
            cites_law,
            not_waivable,
        };
        Ok((plan, scope))
    }

    fn assumption(&mut self, assumption: &mandate_pack::Assumption) -> Lowered<AssumptionPlan> {
        let mut scope = Scope::default();
        let walk = self.each(&assumption.for_each, &[], &assumption.when, false, &mut scope)?;
        let require = assumption.require.iter().map(|c| self.term(&c.expr, &mut scope)).collect::<Lowered<_>>()?;
        Ok(AssumptionPlan { frame: scope.frame, each: walk.each, when: walk.when, when_level: walk.levels, require })
    }

    fn norm(&mut self, norm: &Norm, scope: &mut Scope) -> Lowered<NormPlan> {
        let bearer = match &norm.bearer {
            Bearer::Everyone => BearerPlan::Everyone,
            Bearer::Role { role, of } => BearerPlan::Role {
                role: place(&self.pack.roles, role, "role")?,
                of: of.as_ref().map(|of| self.term(of, scope)).transpose()?,
            },
            Bearer::Record(expr) => BearerPlan::Record(self.term(expr, scope)?),
        };
        let mut hidden_time = false;
        let act = match &norm.act {
            Act::Do { action, args } => {
                let index = placed(&self.actions, action, "action")?;
                let declared = self.pack.actions.get(action).ok_or("no such action")?;
                if declared.params.len() != args.len() {
                    return Err(format!(
                        "the action `{action}` takes {} arguments, not {}",
                        declared.params.len(),
                        args.len()
                    ));
                }
                let args = args.iter().map(|a| self.term(a, scope)).collect::<Lowered<Vec<_>>>()?;
                let params = args.iter().zip(0..).filter(|(arg, _)| self.reads_sensitive(arg)).map(|(_, slot)| slot);
                // The evidence has a frame of its own, which starts with the arguments.
                let params = params.collect();
                let outer = std::mem::replace(&mut self.tainted, params);
                for evidence in &declared.evidence {
                    let plan = self.evidence(&declared.params, evidence)?;
                    hidden_time |= match &plan.at {
                        Some(WhenPlan::At(t)) => self.reads_sensitive(t),
                        Some(WhenPlan::During(a, b)) => self.reads_sensitive(a) || self.reads_sensitive(b),
                        None => false,
                    };
                }
                self.tainted = outer;
                ActPlan::Do { action: index, args }
            }
            Act::Ensure(conditions) => {
                ActPlan::Ensure(conditions.iter().map(|c| self.term(&c.expr, scope)).collect::<Lowered<_>>()?)
            }
        };
        let window = norm.time.as_ref().map(|time| self.window(time, scope, &mut hidden_time)).transpose()?;
        Ok(NormPlan { bearer, modal: norm.modal, act, window, hidden_time })
    }

    fn window(&mut self, window: &Window, scope: &mut Scope, hidden: &mut bool) -> Lowered<WindowPlan> {
        let mut part = |expr: &Expr| -> Lowered<Term> {
            let term = self.term(expr, scope)?;
            *hidden |= self.reads_sensitive(&term);
            Ok(term)
        };
        let end = |end: &Option<End>, part: &mut dyn FnMut(&Expr) -> Lowered<Term>| match end {
            None => Ok(None),
            Some(End::To(t)) => part(t).map(|t| Some(EndPlan::To(t))),
            Some(End::Until(t)) => part(t).map(|t| Some(EndPlan::Until(t))),
        };
        Ok(match window {
            Window::Within(d) => WindowPlan::Within(part(d)?),
            Window::WithinAfter(d, t) => WindowPlan::WithinAfter(part(d)?, part(t)?),
            Window::WithinBefore(d, t) => WindowPlan::WithinBefore(part(d)?, part(t)?),
            Window::By(t) => WindowPlan::By(part(t)?),
            Window::Before(t) => WindowPlan::Before(part(t)?),
            Window::During(p) => WindowPlan::During(part(p)?),
            Window::Lasting(l) => WindowPlan::Lasting(LastingPlan {
                from: part(&l.from)?,
                end: end(&l.end, &mut part)?,
                gap: l.gap.as_ref().map(&mut part).transpose()?,
            }),
            Window::Every(r) => WindowPlan::Every(RecurringPlan {
                every: part(&r.every)?,
                from: part(&r.from)?,
                end: end(&r.end, &mut part)?,
            }),
        })
    }

    /// Whether a term reads what changes over time without saying as of when.
    fn reads_the_moment(&self, term: &Term) -> bool {
        let own = match term {
            Term::Field { ty, field, .. } => self.types.declared(*ty, *field).is_some_and(|f| f.over_time),
            Term::Holds { at: None, .. } => true,
            Term::Call(index, _) => self.moments.get(*index).copied().unwrap_or(true),
            _ => false,
        };
        let mut inside = own;
        term.parts(&mut |part| inside = inside || self.reads_the_moment(part));
        inside
    }

    /// Whether a sensitive field is read, in a definition it calls too.
    pub(crate) fn reads_sensitive(&self, term: &Term) -> bool {
        let own = match term {
            Term::Slot(slot) => self.tainted.contains(slot),
            Term::Field { ty, field, .. } | Term::FieldAt { ty, field, .. } => {
                self.types.declared(*ty, *field).is_some_and(|f| f.sensitive)
            }
            Term::Call(index, _) => self.definitions.get(*index).is_some_and(|d| self.mentions_sensitive(&d.body)),
            _ => false,
        };
        let mut inside = own;
        term.parts(&mut |part| inside = inside || self.reads_sensitive(part));
        inside
    }

    /// The slots of a rule that a sensitive field leads to.
    pub(crate) fn taint_as(&mut self, plan: &RulePlan) {
        self.tainted = plan.each.iter().filter(|each| each.hidden).map(|each| each.scan.slot).collect();
        self.taint(&plan.lets);
    }

    fn taint(&mut self, lets: &[(usize, Term)]) {
        for (slot, term) in lets {
            if self.reads_sensitive(term) {
                self.tainted.insert(*slot);
            }
        }
    }

    /// Whether a condition picks a record by the value of another one's sensitive field: `u == i.told_by`.
    fn is_picked_by_sensitive(&self, slot: usize, condition: &Term) -> bool {
        let mentions = |term: &Term| {
            let mut slots = BTreeSet::new();
            term.slots(&mut slots);
            slots.contains(&slot)
        };
        let picks =
            |a: &Term, b: &Term| mentions(a) && !mentions(b) && self.reads_sensitive(b) && !self.reads_sensitive(a);
        match condition {
            Term::And(parts) => parts.iter().any(|part| self.is_picked_by_sensitive(slot, part)),
            Term::Compare(Comparison::Eq, a, b) => picks(a, b) || picks(b, a),
            Term::In(a, b) => picks(a, b),
            _ => false,
        }
    }

    /// The same on an expression that is not lowered yet: by the names of fields, wherever they stand.
    fn mentions_sensitive(&self, expr: &Expr) -> bool {
        self.names_sensitive(&serde_json::to_string(expr).unwrap_or_default())
    }

    /// Whether a part of the pack, written as JSON, names a sensitive field or a definition that does.
    fn names_sensitive(&self, text: &str) -> bool {
        let sensitive = self.types.records.iter().flat_map(|(_, r)| &r.fields).filter(|f| f.sensitive);
        sensitive.into_iter().any(|f| text.contains(&format!("\"name\":\"{}\"", f.name)))
            || self.pack.definitions.iter().any(|(name, d)| {
                text.contains(&format!("\"definition\":\"{name}\"")) && self.mentions_sensitive(&d.body)
            })
    }

    /// Whether what every rule can be judged by has to do with a sensitive field: acts, roles, waivers, texts, rules that
    /// override others. By names alone, which errs to the safe side.
    fn all_near_sensitive(&self) -> bool {
        let pack = self.pack;
        let names = |part: Result<String, serde_json::Error>| self.names_sensitive(&part.unwrap_or_default());
        let mut overriding = pack.rules.values().filter(|other| !other.overrides.is_empty());
        self.types.records.iter().any(|(_, r)| r.fields.iter().any(|f| f.sensitive))
            && (overriding.any(|other| names(serde_json::to_string(other)))
                || names(serde_json::to_string(&(&pack.roles, &pack.actions, &pack.waivers)))
                || pack.sources.values().any(|source| names(serde_json::to_string(&source.binds))))
    }

    /// The same of a rule itself.
    fn near_sensitive(&self, rule: &mandate_pack::Rule) -> bool {
        self.types.records.iter().any(|(_, r)| r.fields.iter().any(|f| f.sensitive))
            && self.names_sensitive(&serde_json::to_string(rule).unwrap_or_default())
    }

    /// An index for a walk: a conjunct `key(x) == e` where `e` is known before `x`. The most selective kind of key wins.
    pub(crate) fn probe(
        &mut self,
        ty: u32,
        slot: usize,
        frame: usize,
        condition: &Term,
        known: &BTreeSet<usize>,
    ) -> Option<Probe> {
        let mut found: Vec<(u8, &Term, &Term)> = Vec::new();
        let mut conjuncts = vec![condition];
        while let Some(conjunct) = conjuncts.pop() {
            match conjunct {
                Term::And(parts) => conjuncts.extend(parts),
                Term::Compare(Comparison::Eq, a, b) => {
                    for (key, value) in [(&**a, &**b), (&**b, &**a)] {
                        found.extend(self.selective(key, value, slot, known).map(|rank| (rank, key, value)));
                    }
                }
                _ => {}
            }
        }
        // The first of the best.
        let best = found.iter().rev().enumerate().max_by_key(|(_, (rank, ..))| *rank)?.0;
        let (rank, key, value) = found.remove(found.len() - 1 - best);
        let index = self.index(IndexPlan { ty, slot, frame, keys: vec![key.clone()], leads_to_record: rank >= 3 });
        found.retain(|(_, key, _)| !self.reads_sensitive(key));
        let finer = (!found.is_empty()).then(|| {
            let keys = std::iter::once(key).chain(found.iter().map(|(_, key, _)| *key)).cloned().collect();
            Finer {
                index: self.index(IndexPlan { ty, slot, frame, keys, leads_to_record: false }),
                values: found.iter().map(|(_, _, value)| (*value).clone()).collect(),
            }
        });
        Some(Probe { index, value: Box::new(value.clone()), finer })
    }

    /// The place of an index; one over the same fields serves every walk.
    fn index(&mut self, plan: IndexPlan) -> usize {
        let paths = |plan: &IndexPlan| plan.keys.iter().map(path).collect::<Option<Vec<_>>>();
        let new = paths(&plan);
        let same = |old: &IndexPlan| {
            new.is_some() && old.ty == plan.ty && old.leads_to_record == plan.leads_to_record && paths(old) == new
        };
        self.indexes.iter().position(same).unwrap_or_else(|| {
            self.indexes.push(plan);
            self.indexes.len() - 1
        })
    }

    fn selective(&self, key: &Term, value: &Term, slot: usize, known: &BTreeSet<usize>) -> Option<u8> {
        let (mut of_key, mut of_value) = (BTreeSet::new(), BTreeSet::new());
        key.slots(&mut of_key);
        value.slots(&mut of_value);
        // An index is built once, for every instant.
        if of_key != BTreeSet::from([slot]) || !of_value.is_subset(known) || self.reads_the_moment(key) {
            return None;
        }
        match key {
            Term::Slot(_) => Some(4),
            Term::Field { ty, field, .. } => match self.types.declared(*ty, *field)?.ty.known() {
                Type::Record(_) => Some(3),
                Type::Text => Some(2),
                Type::Nation | Type::Enum(_) | Type::Bool => Some(1),
                _ => None,
            },
            _ => None,
        }
    }

    fn scan(&mut self, binder: &Binder, scope: &mut Scope) -> Lowered<(usize, Option<Term>, Option<u32>)> {
        let (list, ty) = match &binder.over {
            Domain::Records(name) => (None, Some(self.record_type(name)?)),
            Domain::Items(list) => (Some(self.term(list, scope)?), None),
        };
        Ok((scope.bind(&binder.var), list, ty))
    }

    fn scanned(&mut self, slot: usize, list: Option<Term>, ty: Option<u32>, scope: &Scope, condition: &Term) -> Scan {
        let over = match (list, ty) {
            (Some(list), _) => Over::Items(Box::new(list)),
            (None, ty) => {
                let ty = ty.unwrap_or(u32::MAX);
                // Everything bound outside this walk is known before it.
                let known: BTreeSet<usize> = scope.names.iter().map(|(_, s)| *s).filter(|s| *s != slot).collect();
                Over::Records { ty, probe: self.probe(ty, slot, scope.frame, condition, &known) }
            }
        };
        Scan { slot, over }
    }

    fn terms(&mut self, exprs: &[Expr], scope: &mut Scope) -> Lowered<Vec<Term>> {
        exprs.iter().map(|e| self.term(e, scope)).collect()
    }

    pub(crate) fn term(&mut self, expr: &Expr, scope: &mut Scope) -> Lowered<Term> {
        let unread = |text: &str| format!("`{text}` cannot be read");
        Ok(match &expr.node {
            Node::Bool(b) => Term::Const(Value::Bool(*b)),
            Node::Int(n) => Term::Const(Value::number(*n)),
            Node::Decimal(text) => Term::Const(Value::number(spell::decimal(text).map_err(|_| unread(text))?)),
            Node::Text(text) => Term::Const(Value::Text(text.as_str().into())),
            Node::Date(text) => Term::Const(Value::Time(self.zone.day(spell::date(text).map_err(|_| unread(text))?))),
            Node::Time(text) => Term::Const(Value::Time(Instants::at(spell::time(text).map_err(|_| unread(text))?))),
            Node::Duration(d) => Term::Const(Value::Duration(*d)),
            Node::Length(text) => {
                let metres = spell::decimal(text).map_err(|_| unread(text))?;
                Term::Const(Value::quantity(Quantity::exact(metres, Unit::Metres)))
            }
            Node::Money { amount, currency } => {
                let amount = spell::decimal(amount).map_err(|_| unread(amount))?;
                Term::Const(Value::quantity(Quantity::exact(amount, Unit::Money(currency.as_str().into()))))
            }
            Node::Nation(code) => Term::Const(Value::Nation(code.as_str().into())),
            Node::Variant(name) => Term::Const(self.variant(&expr.ty, name)?),
            Node::Never => Term::Never,
            Node::AsOf => Term::AsOf,
            Node::List(items) => Term::List(self.terms(items, scope)?),
            Node::Var(name) => {
                let slot = scope.slot(name)?;
                self.changing.get(&slot).cloned().unwrap_or(Term::Slot(slot))
            }
            Node::Parameter { name, at } => {
                let at = at.as_ref().map(|at| self.term(at, scope)).transpose()?;
                Term::Parameter(place(&self.pack.parameters, name, "parameter")?, at.map(Box::new))
            }
            Node::Field { of, name, at } => self.field(of, name, at.as_deref(), scope)?,
            Node::Share { binder, condition } => {
                // Every item counts, those too that an index would leave out.
                let (scan, condition) = self.over_all(binder, condition, scope)?;
                Term::Share(scan, condition)
            }
            Node::Holds { who, role, of, at } => Term::Holds {
                who: self.boxed(who, scope)?,
                role: place(&self.pack.roles, role, "role")?,
                of: of.as_ref().map(|of| self.boxed(of, scope)).transpose()?,
                at: at.as_ref().map(|at| self.boxed(at, scope)).transpose()?,
            },
            Node::Convert { amount, currency, rate } => Term::Convert {
                amount: self.boxed(amount, scope)?,
                currency: currency.as_str().into(),
                rate: self.boxed(rate, scope)?,
            },
            Node::CurrencyOf(amount) => Term::CurrencyOf(self.boxed(amount, scope)?),
            Node::Call { definition, args } => {
                let index = placed(&self.defined, definition, "definition")?;
                let declared = self.pack.definitions.get(definition).map_or(0, |d| d.params.len());
                if declared != args.len() {
                    return Err(format!("`{definition}` takes {declared} arguments, not {}", args.len()));
                }
                Term::Call(index, self.terms(args, scope)?)
            }
            Node::Not(a) => Term::Not(self.boxed(a, scope)?),
            Node::And(parts) => Term::And(self.terms(parts, scope)?),
            Node::Or(parts) => Term::Or(self.terms(parts, scope)?),
            Node::Compare { op, left, right } => {
                Term::Compare(*op, self.boxed(left, scope)?, self.boxed(right, scope)?)
            }
            Node::Arith { op, left, right } => Term::Arith(*op, self.boxed(left, scope)?, self.boxed(right, scope)?),
            Node::Neg(a) => Term::Neg(self.boxed(a, scope)?),
            Node::In { value, list } => Term::In(self.boxed(value, scope)?, self.boxed(list, scope)?),
            Node::Within { value, from, to } => {
                let to = to.as_ref().map(|to| self.boxed(to, scope)).transpose()?;
                Term::Within(self.boxed(value, scope)?, self.boxed(from, scope)?, to)
            }
            Node::Overlaps(a, b) => Term::Overlaps(self.boxed(a, scope)?, self.boxed(b, scope)?),
            Node::Covers(a, b) => Term::Covers(self.boxed(a, scope)?, self.boxed(b, scope)?),
            Node::IsKnown(a) => Term::IsKnown(self.boxed(a, scope)?),
            Node::IsMissing(a) => Term::IsMissing(self.boxed(a, scope)?),
            Node::IsEmpty(a) => Term::IsEmpty(self.boxed(a, scope)?),
            Node::IfUnknown(a, b) => Term::IfUnknown(self.boxed(a, scope)?, self.boxed(b, scope)?),
            Node::If { condition, then, otherwise } => Term::If(Box::new([
                self.term(condition, scope)?,
                self.term(then, scope)?,
                self.term(otherwise, scope)?,
            ])),
            Node::Period { from, to } => Term::Period(self.boxed(from, scope)?, self.boxed(to, scope)?),
            Node::Some { binder, condition } => {
                let (scan, condition) = self.quantified(binder, condition, scope)?;
                Term::Some(scan, condition)
            }
            // An index would leave out the records that make `every` false.
            Node::Every { binder, condition } => {
                let (scan, condition) = self.over_all(binder, condition, scope)?;
                Term::Every(scan, condition)
            }
            Node::Count { binder, condition } => {
                let (scan, condition) = self.quantified(binder, condition, scope)?;
                Term::Count(scan, condition)
            }
            Node::Fold { op, value, binder, condition } => {
                let (slot, list, ty) = self.scan(binder, scope)?;
                let condition = self.boxed(condition, scope)?;
                let durations = *value.ty.known() == Type::Duration;
                let value = self.boxed(value, scope)?;
                let scan = self.scanned(slot, list, ty, scope, &condition);
                scope.unbind(1);
                Term::Fold { op: *op, durations, value, scan, condition }
            }
            Node::Pick { op, binder, condition } => {
                let (scan, condition) = self.quantified(binder, condition, scope)?;
                Term::Pick { op: *op, scan, condition }
            }
            Node::Distance(a, b) => Term::Distance(self.boxed(a, scope)?, self.boxed(b, scope)?),
            Node::Follow { from, field } => Term::Follow { from: self.boxed(from, scope)?, field: field.clone() },
            Node::All(named) => {
                let mut parts = Vec::new();
                for n in named {
                    let unless = n.unless.as_ref().map(|u| self.term(u, scope)).transpose()?;
                    parts.push((self.term(&n.condition, scope)?, unless));
                }
                Term::All(parts)
            }
        })
    }

    fn boxed(&mut self, expr: &Expr, scope: &mut Scope) -> Lowered<Box<Term>> {
        self.term(expr, scope).map(Box::new)
    }

    /// A walk through all items, without an index.
    fn over_all(&mut self, binder: &Binder, condition: &Expr, scope: &mut Scope) -> Lowered<(Scan, Box<Term>)> {
        let (slot, list, ty) = self.scan(binder, scope)?;
        let condition = self.boxed(condition, scope)?;
        scope.unbind(1);
        let over = match (list, ty) {
            (Some(list), _) => Over::Items(Box::new(list)),
            (None, ty) => Over::Records { ty: ty.unwrap_or(u32::MAX), probe: None },
        };
        Ok((Scan { slot, over }, condition))
    }

    fn quantified(&mut self, binder: &Binder, condition: &Expr, scope: &mut Scope) -> Lowered<(Scan, Box<Term>)> {
        let (slot, list, ty) = self.scan(binder, scope)?;
        let condition = self.boxed(condition, scope)?;
        let scan = self.scanned(slot, list, ty, scope, &condition);
        scope.unbind(1);
        Ok((scan, condition))
    }

    fn variant(&self, ty: &Type, name: &str) -> Lowered<Value> {
        let Type::Enum(of) = ty.known() else { return Err(format!("`{name}` is the value of no enum")) };
        let index = self.types.enumeration(of).ok_or_else(|| format!("there is no enum `{of}`"))?;
        let variants = self.types.enums.get(index as usize).map_or(&[][..], |(_, e)| &e.variants);
        let place = variants.iter().position(|v| v.name == name);
        let place = place.ok_or_else(|| format!("`{of}` has no value `{name}`"))?;
        Ok(Value::Variant { of: index, index: place as u32 })
    }

    fn field(&mut self, of: &Expr, name: &str, at: Option<&Expr>, scope: &mut Scope) -> Lowered<Term> {
        let Type::Record(record) = of.ty.known() else { return Err(format!("`.{name}` asks a field of no record")) };
        let ty = self.record_type(record)?;
        let field = self.types.field(ty, name).ok_or_else(|| format!("`{record}` has no field `{name}`"))?;
        let of = self.boxed(of, scope)?;
        Ok(match at {
            None => Term::Field { of, ty, field },
            Some(at) => Term::FieldAt { of, ty, field, at: self.boxed(at, scope)? },
        })
    }
}

/// Variables, values and conditions of a rule.
struct Walk {
    each: Vec<Each>,
    lets: Vec<(usize, Term)>,
    when: Vec<Term>,
    levels: Vec<usize>,
}

/// The fields that lead from a variable to a value, outermost last; `None`: it is computed in another way.
fn path(term: &Term) -> Option<Vec<(u32, u32)>> {
    match term {
        Term::Slot(_) => Some(Vec::new()),
        Term::Field { of, ty, field } => {
            let mut path = path(of)?;
            path.push((*ty, *field));
            Some(path)
        }
        _ => None,
    }
}

fn bind_all(scope: &mut Scope, params: &[Param]) {
    for param in params {
        scope.bind(&param.name);
    }
}

/// For each definition, whether it reads what changes over time, itself or through another one.
fn moments(pack: &Pack) -> Vec<bool> {
    let over_time = |record: &str, name: &str| {
        pack.records.get(record).is_some_and(|r| r.fields.iter().any(|f| f.name == name && f.over_time))
    };
    let mut reads: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = reads.len();
        for (name, definition) in &pack.definitions {
            let mut found = false;
            definition.body.visit(&mut |expr| {
                found |= match &expr.node {
                    Node::Field { of, name, at: None } => match of.ty.known() {
                        Type::Record(record) => over_time(record, name),
                        _ => false,
                    },
                    Node::Holds { at: None, .. } => true,
                    Node::Call { definition, .. } => reads.contains(definition.as_str()),
                    _ => false,
                };
            });
            if found {
                reads.insert(name);
            }
        }
        if reads.len() == before {
            return pack.definitions.keys().map(|name| reads.contains(name.as_str())).collect();
        }
    }
}

/// Definitions call each other without a circle; a circle would never end.
fn acyclic(pack: &Pack) -> Result<(), Inconsistent> {
    let calls: Vec<(&str, BTreeSet<String>)> = pack
        .definitions
        .iter()
        .map(|(name, d)| (name.as_str(), called(&serde_json::to_value(&d.body).unwrap_or_default())))
        .collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = done.len();
        for (name, called) in &calls {
            if called.iter().all(|c| done.contains(c.as_str()) || !pack.definitions.contains_key(c)) {
                done.insert(name);
            }
        }
        if done.len() == calls.len() {
            return Ok(());
        }
        if done.len() == before {
            let stuck = calls.iter().find(|(name, _)| !done.contains(name)).map_or("", |(name, _)| name);
            return Err(Inconsistent {
                place: format!("definition `{stuck}`"),
                fault: "it is defined by itself".to_owned(),
            });
        }
    }
}

fn called(value: &serde_json::Value) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(map) => {
                if let Some(serde_json::Value::String(name)) = map.get("definition") {
                    out.insert(name.clone());
                }
                open.extend(map.values());
            }
            _ => {}
        }
    }
    out
}
