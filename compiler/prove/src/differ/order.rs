//! Two rules clause by clause: what is proven about which of them is stricter, whatever the data.
//!
//! A rule is at least as strict as another if it is active wherever the other is, falls due no later, lets no record discharge it that
//! would not discharge the other, is waived no more easily, has no lower strength, and its `otherwise` levels are so pair by pair.

use super::content::{ActContent, Content, EvidenceContent, NormContent, WaiverContent};
use super::kleene::{equal, follows};
use super::model::Aspect;
use super::terms::{Head, Id, Term, Terms, negated};
use super::windows;
use mandate_pack::{Force, Modal};
use std::collections::{BTreeMap, BTreeSet};

/// What is proven of a clause, or of a whole rule, of the new pack against that of the old one. `false` is not proven, no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Proven {
    /// The same in every situation.
    pub(crate) same: bool,
    /// Nowhere weaker: what is surely broken in the old one is so in the new one.
    pub(crate) no_weaker: bool,
    /// Nowhere stricter.
    pub(crate) no_stricter: bool,
}

impl Proven {
    pub(crate) const SAME: Proven = Proven { same: true, no_weaker: true, no_stricter: true };
    pub(crate) const NOTHING: Proven = Proven { same: false, no_weaker: false, no_stricter: false };
    /// Judged alike, and told otherwise.
    const RETOLD: Proven = Proven { same: false, no_weaker: true, no_stricter: true };
    const STRICTER: Proven = Proven { same: false, no_weaker: true, no_stricter: false };
    const WEAKER: Proven = Proven { same: false, no_weaker: false, no_stricter: true };

    /// With what else is proven.
    pub(crate) fn or(self, other: Proven) -> Proven {
        Proven {
            same: self.same || other.same,
            no_weaker: self.no_weaker || other.no_weaker,
            no_stricter: self.no_stricter || other.no_stricter,
        }
    }

    pub(crate) fn and(self, other: Proven) -> Proven {
        Proven {
            same: self.same && other.same,
            no_weaker: self.no_weaker && other.no_weaker,
            no_stricter: self.no_stricter && other.no_stricter,
        }
    }

    fn of(no_weaker: bool, no_stricter: bool) -> Proven {
        Proven { same: false, no_weaker, no_stricter }
    }

    fn turned(self) -> Proven {
        Proven { same: self.same, no_weaker: self.no_stricter, no_stricter: self.no_weaker }
    }

    fn same_if(same: bool) -> Proven {
        if same { Proven::SAME } else { Proven::NOTHING }
    }
}

/// What makes up whether a rule applies, each by itself, and whether its conditions are read at the same instants in both rules.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    in_force: Proven,
    pub(crate) when: Proven,
    pub(crate) unless: Proven,
    pub(crate) when_comparable: bool,
    pub(crate) unless_comparable: bool,
    /// Of what has to hold.
    pub(crate) conditions_comparable: bool,
}

impl Parts {
    const NOTHING: Parts = Parts {
        in_force: Proven::NOTHING,
        when: Proven::NOTHING,
        unless: Proven::NOTHING,
        when_comparable: false,
        unless_comparable: false,
        conditions_comparable: false,
    };

    pub(crate) fn applicability(&self) -> Proven {
        self.in_force.and(self.when).and(self.unless)
    }
}

/// What is proven of each aspect of two rules, where their variables range over the same.
pub(crate) fn compare(terms: &mut Terms, old: &Content, new: &Content) -> (BTreeMap<Aspect, Proven>, Parts) {
    let mut all: BTreeMap<Aspect, Proven> = BTreeMap::new();
    if old.subjects != new.subjects {
        // Their instances are others: nothing can be said of clauses.
        return (Aspect::ALL.into_iter().map(|aspect| (aspect, Proven::NOTHING)).collect(), Parts::NOTHING);
    }
    let negative = old.norm.modal.is_negative();
    let polarity = polarity(old.norm.modal) == polarity(new.norm.modal);
    let (anchored_alike, breach_alike) = instants(old, new);
    let parts = applicability(terms, old, new, anchored_alike, breach_alike);
    all.insert(Aspect::Applicability, parts.applicability());
    let (due, act) = if polarity {
        let due = windows::compare(terms, old.norm.window, new.norm.window, negative);
        (due, acts(terms, &old.norm.act, &new.norm.act, negative))
    } else {
        (Proven::NOTHING, Proven::same_if(old.norm.act == new.norm.act))
    };
    all.insert(Aspect::Due, due);
    // What has to hold is read on the day that decides.
    all.insert(Aspect::Evidence, if parts.conditions_comparable || !is_state(new) { act } else { Proven::NOTHING });
    all.insert(Aspect::Bearer, bearers(terms, &old.norm, &new.norm, negative));
    all.insert(Aspect::Waiver, waivers(terms, old.waiver.as_ref(), new.waiver.as_ref()));
    all.insert(Aspect::Priority, priority(terms, old, new, breach_alike));
    all.insert(Aspect::Strength, strength(terms, old, new));
    all.insert(Aspect::Otherwise, otherwise(terms, &old.otherwise, &new.otherwise));
    if (old.norm.modal, new.norm.modal) == (Modal::May, Modal::May) {
        // Nothing breaks a permission.
        all.values_mut().filter(|proven| !proven.same).for_each(|proven| *proven = Proven::RETOLD);
    }
    all.insert(Aspect::Report, if old.report == new.report { Proven::SAME } else { Proven::RETOLD });
    (all, parts)
}

fn is_state(content: &Content) -> bool {
    matches!(content.norm.act, ActContent::Holds(_))
}

fn polarity(modal: Modal) -> u8 {
    match modal {
        Modal::Must | Modal::Should | Modal::AimsTo => 0,
        Modal::MustNot | Modal::ShouldNot => 1,
        Modal::May => 2,
    }
}

/// Whether the clock starts at the same instant, and whether a breach stands at the same instant.
fn instants(old: &Content, new: &Content) -> (bool, bool) {
    let (a, b) = (&old.norm, &new.norm);
    // Of a prohibition both are the act.
    let acts = a.modal.is_negative() && b.modal.is_negative();
    let same_window = a.window == b.window;
    let on = old.on == new.on;
    (on && (acts || same_window), on && (acts || same_window))
}

/// Whether the value of a term depends on the instant at which it is read.
fn depends_on_instant(terms: &Terms, id: Id) -> bool {
    let (mut open, mut met) = (vec![id], BTreeSet::new());
    while let Some(id) = open.pop() {
        if !met.insert(id) {
            continue;
        }
        let Some(term) = terms.get(id) else { continue };
        let read = match &term.head {
            Head::Named("since" | "until", _) | Head::Form("binding" | "kind") => true,
            Head::Named("declared", words) => words.ends_with("over time"),
            Head::Named("holds", shape) => shape.ends_with('0'),
            _ => false,
        };
        if read {
            return true;
        }
        open.extend(&term.parts);
    }
    false
}

fn applicability(terms: &mut Terms, old: &Content, new: &Content, anchored: bool, breach: bool) -> Parts {
    // A clock that starts at the same instant and runs otherwise reads its conditions at the same instant.
    let anchored = anchored || windows::same_start(terms, old, new);
    let sensitive = |terms: &Terms, a: Id, b: Id| depends_on_instant(terms, a) || depends_on_instant(terms, b);
    let in_force = match old.in_force == new.in_force {
        true if anchored || !sensitive(terms, old.in_force, new.in_force) => Proven::SAME,
        true => Proven::NOTHING,
        false if anchored => compared(terms, old.in_force, new.in_force),
        false => Proven::NOTHING,
    };
    let when_comparable = anchored || !sensitive(terms, old.when, new.when);
    let when = if when_comparable { compared(terms, old.when, new.when) } else { Proven::NOTHING };
    let unless_comparable = breach || !sensitive(terms, old.unless, new.unless);
    let unless = if unless_comparable { denied(terms, old.unless, new.unless) } else { Proven::NOTHING };
    let conditions = |content: &Content| match content.norm.act {
        ActContent::Holds(conditions) => Some(conditions),
        ActContent::Shown(_) => None,
    };
    let conditions_comparable =
        old.on == new.on || conditions(old).zip(conditions(new)).is_some_and(|(old, new)| !sensitive(terms, old, new));
    Parts { in_force, when, unless, when_comparable, unless_comparable, conditions_comparable }
}

/// Conditions of which the wider one is stricter.
fn compared(terms: &mut Terms, old: Id, new: Id) -> Proven {
    if equal(terms, old, new) {
        return Proven::SAME;
    }
    Proven::of(follows(terms, old, new), follows(terms, new, old))
}

/// Conditions of which the narrower one is stricter.
fn denied(terms: &mut Terms, old: Id, new: Id) -> Proven {
    if equal(terms, old, new) {
        return Proven::SAME;
    }
    let (not_old, not_new) = (negated(terms, old, true), negated(terms, new, true));
    Proven::of(follows(terms, not_old, not_new), follows(terms, not_new, not_old))
}

/// What the acts of two norms are: as duties, in which fewer acts that discharge are stricter, or as prohibitions.
fn acts(terms: &mut Terms, old: &ActContent, new: &ActContent, negative: bool) -> Proven {
    if old == new {
        return Proven::SAME;
    }
    match (old, new) {
        (ActContent::Holds(old), ActContent::Holds(new)) => denied(terms, *old, *new),
        (ActContent::Shown(old), ActContent::Shown(new)) => shown(terms, old, new, negative),
        _ => Proven::NOTHING,
    }
}

fn shown(terms: &mut Terms, old: &[EvidenceContent], new: &[EvidenceContent], negative: bool) -> Proven {
    let both = |terms: &mut Terms, has: &[EvidenceContent], wanted: &[EvidenceContent], rail| {
        has.iter().all(|one| is_among(terms, one, wanted, rail))
    };
    // Every act that possibly (of a prohibition: surely) is one in the first is so in the second.
    let into_old = both(terms, new, old, negative);
    let into_new = both(terms, old, new, negative);
    if into_old && into_new && both(terms, new, old, !negative) && both(terms, old, new, !negative) {
        return Proven::SAME;
    }
    let duty = Proven::of(into_old, into_new);
    if negative { duty.turned() } else { duty }
}

/// Whether every record that shows an act by one evidence shows it by one of others: surely, or possibly.
fn is_among(terms: &mut Terms, one: &EvidenceContent, others: &[EvidenceContent], surely: bool) -> bool {
    let like: Vec<Id> = others
        .iter()
        .filter(|other| {
            other.records == one.records && other.at == one.at && (other.by.is_none() || other.by == one.by)
        })
        .map(|other| other.condition)
        .collect();
    let any = terms.joined(false, like);
    if surely {
        return follows(terms, one.condition, any);
    }
    let (not_any, not_one) = (negated(terms, any, true), negated(terms, one.condition, true));
    follows(terms, not_any, not_one)
}

fn bearers(terms: &Terms, old: &NormContent, new: &NormContent, negative: bool) -> Proven {
    if old.bearer == new.bearer {
        return Proven::SAME;
    }
    let asked = |norm: &NormContent| match &norm.act {
        ActContent::Holds(_) => false,
        ActContent::Shown(evidence) => evidence.iter().any(|evidence| evidence.by.is_some()),
    };
    // Where no evidence asks who acted, the bearer is named and decides nothing.
    if !asked(old) && !asked(new) {
        return Proven::RETOLD;
    }
    let duty = Proven::of(is_bearer_in(terms, new.bearer, old.bearer), is_bearer_in(terms, old.bearer, new.bearer));
    if negative { duty.turned() } else { duty }
}

/// Whether whoever is one bearer is the other one, too.
fn is_bearer_in(terms: &Terms, one: Id, other: Id) -> bool {
    if one == other {
        return true;
    }
    let (Some(one), Some(other)) = (terms.get(one), terms.get(other)) else { return false };
    match (&one.head, &other.head) {
        (_, Head::Form("everyone")) => true,
        (Head::Form("holder"), Head::Form("holder")) => {
            one.parts.get(1..) == other.parts.get(1..)
                && one
                    .parts
                    .first()
                    .zip(other.parts.first())
                    .is_some_and(|(one, other)| is_narrower(terms, *one, *other))
        }
        _ => false,
    }
}

/// Whether a role is another one or narrower.
fn is_narrower(terms: &Terms, role: Id, wide: Id) -> bool {
    if role == wide {
        return true;
    }
    let Some(Term { head: Head::Form("role"), parts }) = terms.get(wide) else { return false };
    let narrower = parts.iter().filter_map(|part| terms.get(*part));
    narrower
        .filter(|part| part.head == Head::Form("or narrower"))
        .flat_map(|part| &part.parts)
        .any(|inner| is_narrower(terms, role, *inner))
}

fn waivers(terms: &mut Terms, old: Option<&WaiverContent>, new: Option<&WaiverContent>) -> Proven {
    match (old, new) {
        (None, None) => Proven::SAME,
        (Some(_), None) => Proven::STRICTER,
        (None, Some(_)) => Proven::WEAKER,
        (Some(old), Some(new)) if old == new => Proven::SAME,
        (Some(old), Some(new)) => match (is_easier(terms, old, new), is_easier(terms, new, old)) {
            (true, true) => Proven::SAME,
            (no_weaker, no_stricter) => Proven::of(no_weaker, no_stricter),
        },
    }
}

/// Whether every waiver that helps by `hard` helps by `easy`.
fn is_easier(terms: &mut Terms, easy: &WaiverContent, hard: &WaiverContent) -> bool {
    let kinds = easy.kind == hard.kind || is_kind_in(terms, hard.kind, easy.kind);
    let low = |terms: &Terms, floor: Option<Id>, other: Option<Id>| match (floor, other) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(low), Some(high)) => low == high || is_lower(terms, low, high),
    };
    let floors = low(terms, easy.floor, hard.floor);
    let exceptional = match (hard.exceptional_floor, easy.exceptional_floor) {
        (None, _) => true,
        (hard, None) => low(terms, easy.floor, hard),
        (hard, easy_one) => low(terms, easy_one, hard) || low(terms, easy.floor, hard),
    };
    let longest = match (easy.longest, hard.longest) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(long), Some(short)) => windows::is_no_longer(terms, short, long),
    };
    kinds && floors && exceptional && longest
}

/// Whether every rank that reaches the high floor reaches the low one, of those that both packs know.
fn is_lower(terms: &Terms, low: Id, high: Id) -> bool {
    let reach = |floor: Id| -> Option<(BTreeSet<Id>, BTreeSet<Id>)> {
        let floor = terms.get(floor)?;
        let (value, order) = (*floor.parts.first()?, &terms.get(*floor.parts.get(1)?)?.parts);
        let from = order.iter().position(|known| *known == value)?;
        Some((order.iter().skip(from).copied().collect(), order.iter().copied().collect()))
    };
    match (reach(low), reach(high)) {
        (Some((low, known)), Some((high, _))) => high.iter().all(|rank| low.contains(rank) || !known.contains(rank)),
        _ => false,
    }
}

/// Whether a record that shows the first kind shows the second: alike but for its conditions, which ask for more.
fn is_kind_in(terms: &mut Terms, one: Id, other: Id) -> bool {
    // Places of the conditions in the term of a kind: the records, the condition, rank, granted, by, valid, revoked, exceptional ...
    const CONDITION: usize = 1;
    const VALID: usize = 5;
    let (Some(one), Some(other)) = (terms.get(one).cloned(), terms.get(other).cloned()) else { return false };
    if one.parts.len() != other.parts.len() {
        return false;
    }
    one.parts.iter().zip(&other.parts).enumerate().all(|(place, (a, b))| match place {
        _ if a == b => true,
        CONDITION => follows(terms, *a, *b),
        VALID => {
            let part = |id: &Id| terms.get(*id).map(|maybe| maybe.parts.clone()).unwrap_or_default();
            match (part(a).as_slice(), part(b).as_slice()) {
                (_, []) => true,
                ([a], [b]) => follows(terms, *a, *b),
                _ => false,
            }
        }
        _ => false,
    })
}

fn priority(terms: &Terms, old: &Content, new: &Content, breach_alike: bool) -> Proven {
    let all = old.overriders.union(&new.overriders);
    if !breach_alike && all.clone().any(|other| depends_on_instant(terms, *other)) {
        return Proven::NOTHING;
    }
    if old.overriders == new.overriders {
        return Proven::SAME;
    }
    Proven::of(new.overriders.is_subset(&old.overriders), old.overriders.is_subset(&new.overriders))
}

fn strength(terms: &Terms, old: &Content, new: &Content) -> Proven {
    let modal = modals(old.norm.modal, new.norm.modal);
    let is_plain = |id| matches!(terms.get(id), Some(Term { head: Head::Form("plain"), .. }));
    let weight = if old.weight == new.weight || old.norm.modal != new.norm.modal {
        Proven::SAME
    } else {
        match (is_plain(old.weight), is_plain(new.weight), old.norm.modal.is_binding()) {
            // A binding norm can only lose weight by a text that is not compulsory yet, a recommendation only gain by endorsement.
            (true, _, true) | (_, true, false) => Proven::WEAKER,
            (_, true, true) | (true, _, false) => Proven::STRICTER,
            _ => Proven::NOTHING,
        }
    };
    let rank = |force: Option<Force>| {
        force.map_or(usize::MAX, |force| Force::WORDS.iter().position(|(_, f)| *f == force).unwrap_or(usize::MAX))
    };
    let force = match rank(new.force).cmp(&rank(old.force)) {
        std::cmp::Ordering::Equal => Proven::SAME,
        std::cmp::Ordering::Less => Proven::STRICTER,
        std::cmp::Ordering::Greater => Proven::WEAKER,
    };
    modal.and(weight).and(force)
}

fn modals(old: Modal, new: Modal) -> Proven {
    if old == new {
        return Proven::SAME;
    }
    let level = |modal| match modal {
        Modal::Must | Modal::MustNot => 2,
        Modal::Should | Modal::ShouldNot => 1,
        Modal::AimsTo => 0,
        Modal::May => -1,
    };
    match (polarity(old), polarity(new)) {
        (2, _) => Proven::STRICTER,
        (_, 2) => Proven::WEAKER,
        (a, b) if a != b => Proven::NOTHING,
        _ if level(new) > level(old) => Proven::STRICTER,
        _ => Proven::WEAKER,
    }
}

/// The levels pair by pair, each by its own window: what is compared is what they make of the same breach.
fn otherwise(terms: &mut Terms, old: &[NormContent], new: &[NormContent]) -> Proven {
    if old == new {
        return Proven::SAME;
    }
    if old.len() != new.len() {
        // With a level, a breach can be repaired and something is owed after it; without, neither.
        return Proven::NOTHING;
    }
    old.iter().zip(new).fold(Proven::SAME, |proven, (old, new)| {
        let negative = old.modal.is_negative();
        let parts = [
            modals(old.modal, new.modal),
            acts(terms, &old.act, &new.act, negative),
            bearers(terms, old, new, negative),
            windows::compare(terms, old.window, new.window, negative),
        ];
        parts.into_iter().fold(proven, Proven::and)
    })
}
