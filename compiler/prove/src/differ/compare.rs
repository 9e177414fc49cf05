//! The whole comparison of two packs.

use super::clauses::{self, Behind};
use super::content::{Content, Contents};
use super::declared;
use super::matching::{Candidate, Said, pairs};
use super::model::{
    Aspect, AspectDifference, Difference, Direction, Edition, Recognised, RuleDifference, RuleSide, Verdict,
};
use super::order::{self, Proven};
use super::release;
use super::terms::{Head, Id, Reader, Term, Terms};
use super::witness::Witnesses;
use mandate_pack::{Pack, Rule};
use std::collections::BTreeMap;

/// What differs in meaning between two packs.
///
/// Rules whose content is equal once names are resolved are the same without any further question. Of all others every aspect is compared
/// as far as it is decided, and every example was assessed under both packs.
pub fn compare(old: &Pack, new: &Pack) -> Difference {
    let mut both = Both::new(old, new);
    let partners = both.partners();
    let declarations = declared::differences(&mut both);
    let behind = Behind::new(&declarations);
    let (mut rules, mut equal) = (Vec::new(), 0);
    for partner in partners {
        match both.difference(&partner, &behind) {
            Some(difference) => rules.push(difference),
            None => equal += 1,
        }
    }
    let name = |rule: &RuleDifference| rule.new.as_ref().or(rule.old.as_ref()).map(|side| side.name.clone());
    rules.sort_by_key(name);
    let declarations: Vec<_> = declarations.into_iter().map(|declared| declared.difference).collect();
    let release = release::release(old, new, &rules, &declarations);
    Difference { old: edition(old), new: edition(new), equal, rules, declarations, release }
}

pub(crate) fn edition(pack: &Pack) -> Edition {
    Edition { name: pack.name.clone(), version: pack.version.clone(), digest: pack.digest.clone() }
}

/// A rule of one pack, of the other, or of both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Partner<'p> {
    pub(crate) old: Option<(&'p str, &'p Rule)>,
    pub(crate) new: Option<(&'p str, &'p Rule)>,
    pub(crate) recognised: Option<Recognised>,
}

/// Two packs, read into the same terms.
pub(crate) struct Both<'p> {
    pub(crate) terms: Terms,
    pub(crate) old: Contents<'p>,
    pub(crate) new: Contents<'p>,
    pub(crate) witnesses: Witnesses<'p>,
    /// Civil days are those of the same zone.
    same_zone: bool,
}

impl<'p> Both<'p> {
    pub(crate) fn new(old: &'p Pack, new: &'p Pack) -> Self {
        Both {
            terms: Terms::default(),
            old: Contents::new(Reader::new(old)),
            new: Contents::new(Reader::new(new)),
            witnesses: Witnesses::new(old, new),
            same_zone: old.time_zone == new.time_zone,
        }
    }

    pub(crate) fn packs(&self) -> (&'p Pack, &'p Pack) {
        (self.old.reader.pack, self.new.reader.pack)
    }

    /// Whether names of both packs are the same: below their own package, or in the same other one.
    pub(crate) fn same_name(&self, old: &str, new: &str) -> bool {
        let (a, b) = self.packs();
        old == new || matches!((own(a, old), own(b, new)), (Some(old), Some(new)) if old == new)
    }

    /// Every rule with its partner, where it has one.
    pub(crate) fn partners(&mut self) -> Vec<Partner<'p>> {
        let (a, b) = self.packs();
        let old: Vec<Said> =
            a.rules.iter().map(|(name, rule)| said(&mut self.terms, &mut self.old, name, rule)).collect();
        let new: Vec<Said> =
            b.rules.iter().map(|(name, rule)| said(&mut self.terms, &mut self.new, name, rule)).collect();
        let (olds, news): (Vec<Candidate<'_>>, Vec<Candidate<'_>>) = (
            a.rules.keys().zip(&old).map(|(name, said)| Candidate { name, replaces: None, said }).collect(),
            b.rules
                .iter()
                .zip(&new)
                .map(|((name, rule), said)| Candidate { name, replaces: replaces(rule), said })
                .collect(),
        );
        let found = pairs(&olds, &news, &|one, other| self.same_name(one, other));
        let rules = |pack: &'p Pack| -> Vec<(&'p str, &'p Rule)> {
            pack.rules.iter().map(|(name, rule)| (name.as_str(), rule)).collect()
        };
        let (mut a, mut b): (Vec<Option<_>>, Vec<Option<_>>) =
            (rules(a).into_iter().map(Some).collect(), rules(b).into_iter().map(Some).collect());
        let mut all: Vec<Partner<'p>> = Vec::new();
        for (one, other, by) in found {
            let old = a.get_mut(one).and_then(Option::take);
            let new = b.get_mut(other).and_then(Option::take);
            all.push(Partner { old, new, recognised: Some(by) });
        }
        all.extend(a.into_iter().flatten().map(|old| Partner { old: Some(old), new: None, recognised: None }));
        all.extend(b.into_iter().flatten().map(|new| Partner { old: None, new: Some(new), recognised: None }));
        all
    }

    /// How a rule differs from its partner; `None`: in nothing.
    pub(crate) fn difference(&mut self, partner: &Partner<'p>, behind: &Behind) -> Option<RuleDifference> {
        let (Some(old), Some(new)) = (partner.old, partner.new) else { return Some(self.alone(partner)) };
        let (a, b) = self.packs();
        let before = self.old.content(&mut self.terms, old.0, old.1);
        let after = self.new.content(&mut self.terms, new.0, new.1);
        let equal = before.whole(&mut self.terms) == after.whole(&mut self.terms) && self.same_zone;
        let renamed = !self.same_name(old.0, new.0);
        let moved = clauses::file(a, &old.1.origin) != clauses::file(b, &new.1.origin);
        let wording = clauses::wording(old.1, new.1);
        if equal && !renamed && !moved && wording.is_empty() && clauses::texts(old.1) == clauses::texts(new.1) {
            return None;
        }
        let mut difference = RuleDifference {
            old: Some(side(old)),
            new: Some(side(new)),
            recognised: partner.recognised,
            verdict: Verdict::Same,
            shown: true,
            renamed,
            moved,
            aspects: Vec::new(),
            wording,
            never_weaker: true,
            never_stricter: true,
            examples: Vec::new(),
            open: Vec::new(),
        };
        self.aspects(&mut difference, (old.1, &before), (new.1, &after), behind);
        Some(difference)
    }

    pub(crate) fn alone(&self, partner: &Partner<'p>) -> RuleDifference {
        RuleDifference {
            old: partner.old.map(side),
            new: partner.new.map(side),
            recognised: None,
            verdict: if partner.old.is_some() { Verdict::Removed } else { Verdict::Added },
            shown: true,
            renamed: false,
            moved: false,
            aspects: Vec::new(),
            wording: Vec::new(),
            never_weaker: partner.old.is_none(),
            never_stricter: partner.new.is_none(),
            examples: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Compares aspect by aspect, looks for situations, and says what comes of it.
    fn aspects(
        &mut self,
        difference: &mut RuleDifference,
        (old, before): (&'p Rule, &Content),
        (new, after): (&'p Rule, &Content),
        behind: &Behind,
    ) {
        let (mut proven, mut parts) = order::compare(&mut self.terms, before, after);
        if !self.same_zone {
            proven.values_mut().for_each(|proven| *proven = Proven::NOTHING);
            difference.open.push("the packages count days in different time zones".to_owned());
        }
        let packs = self.packs();
        let comparable = self.same_zone && before.subjects == after.subjects;
        let names = difference.old.as_ref().zip(difference.new.as_ref()).map(|(o, n)| (o.name.clone(), n.name.clone()));
        let Some((old_name, new_name)) = names else { return };
        let pair = self.witnesses.pair(&old_name, &new_name).filter(|_| comparable);
        if let Some(pair) = &pair
            && proven.values().any(|proven| !proven.same)
        {
            self.witnesses.prove(pair, &mut parts, &mut proven);
        }
        for (aspect, proven) in &proven {
            let (from, to) = clauses::lines(*aspect, (packs.0, old), (packs.1, new), behind, proven.same);
            if !proven.same || !from.is_empty() || !to.is_empty() {
                let direction = direction(*proven);
                difference.aspects.push(AspectDifference { aspect: *aspect, direction, old: from, new: to });
            }
        }
        let whole = proven.values().fold(Proven::SAME, |all, one| all.and(*one));
        let whole = if whole.same {
            whole
        } else {
            let differ = proven.iter().filter(|(_, proven)| !proven.same).map(|(aspect, _)| *aspect).collect();
            let found = self.witnesses.examples(&old_name, &new_name, pair.as_ref(), &differ);
            difference.examples = found.examples;
            difference.open.extend(found.open);
            whole
        };
        (difference.never_weaker, difference.never_stricter) = (whole.no_weaker, whole.no_stricter);
        (difference.verdict, difference.shown) = verdict(whole, difference);
        difference.open.extend(open(whole, difference, &proven));
    }
}

/// What is left open, in words.
fn open(whole: Proven, difference: &RuleDifference, proven: &BTreeMap<Aspect, Proven>) -> Option<String> {
    let stricter = difference.examples.iter().any(|example| example.class.is_stricter());
    let weaker = difference.examples.iter().any(|example| example.class.is_weaker());
    let words = match (whole.no_weaker || weaker, whole.no_stricter || stricter) {
        (true, true) => return None,
        (false, true) => "whether it is weaker in any situation",
        (true, false) => "whether it is stricter in any situation",
        (false, false) => "which of both is stricter",
    };
    let undecided = proven.iter().filter(|(_, proven)| !proven.no_weaker || !proven.no_stricter);
    let aspects: Vec<&str> = undecided.map(|(aspect, _)| aspect.words()).collect();
    if aspects.len() == Aspect::ALL.len() {
        return Some(format!("{words}: they are not about the same records"));
    }
    Some(format!("{words}: it differs in {}", aspects.join(", ")))
}

fn direction(proven: Proven) -> Direction {
    match (proven.same, proven.no_weaker, proven.no_stricter) {
        (true, _, _) => Direction::Same,
        (_, true, true) => Direction::Retold,
        (_, true, false) => Direction::Stricter,
        (_, false, true) => Direction::Weaker,
        (_, false, false) => Direction::Open,
    }
}

/// What became of a rule, by what is proven and what situations show; and whether a situation shows it.
fn verdict(proven: Proven, difference: &RuleDifference) -> (Verdict, bool) {
    let stricter = difference.examples.iter().any(|example| example.class.is_stricter());
    let weaker = difference.examples.iter().any(|example| example.class.is_weaker());
    match (proven.no_weaker, proven.no_stricter) {
        _ if proven.same => (Verdict::Same, true),
        (true, true) => (Verdict::Retold, true),
        _ if stricter && weaker => (Verdict::Incomparable, true),
        (true, false) => (Verdict::Stricter, stricter),
        (false, true) => (Verdict::Weaker, weaker),
        // One side is shown, the other is not excluded.
        (false, false) if weaker => (Verdict::Weaker, true),
        (false, false) => (Verdict::Undecided, stricter),
    }
}

/// The name below its own package.
pub(crate) fn own<'n>(pack: &Pack, name: &'n str) -> Option<&'n str> {
    name.strip_prefix(pack.name.as_str())?.strip_prefix('.')
}

fn replaces(rule: &Rule) -> Option<&str> {
    rule.replaces.as_deref()
}

pub(crate) fn side((name, rule): (&str, &Rule)) -> RuleSide {
    RuleSide {
        name: name.to_owned(),
        title: rule.title.clone(),
        origin: rule.origin.clone(),
        modal: rule.norm.modal.words(),
    }
}

/// What a rule says, for finding its partner.
fn said<'p>(terms: &mut Terms, contents: &mut Contents<'p>, name: &'p str, rule: &'p Rule) -> Said {
    let content = contents.content(terms, name, rule);
    let mut said = Said { whole: content.whole(terms), ..Said::default() };
    let parts = |terms: &Terms, id: Id, word: &str| match terms.get(id) {
        Some(Term { head: Head::Form(form), parts }) if *form == word => parts.clone(),
        Some(Term { head: Head::Truth(_), .. }) => Vec::new(),
        _ => vec![id],
    };
    said.clauses.extend(content.subjects.iter().map(|id| ("for each", *id)));
    said.clauses.extend(parts(terms, content.when, "and").into_iter().map(|id| ("when", id)));
    said.clauses.extend(parts(terms, content.unless, "or").into_iter().map(|id| ("unless", id)));
    said.clauses.insert(("bearer", content.norm.bearer));
    said.clauses.insert(("act", content.norm.act.term(terms)));
    said.clauses.insert(("window", content.norm.window));
    for level in &content.otherwise {
        said.clauses.insert(("otherwise", level.act.term(terms)));
    }
    said.clauses.extend(content.waiver.as_ref().map(|waiver| ("waiver", waiver.kind)));
    said.words.insert(("strength", rule.norm.modal.words().to_owned()));
    said.words.insert(("title", rule.title.clone()));
    let pack = contents.reader.pack;
    said.words.extend(rule.cites.iter().map(|cited| ("cites", clauses::citation(pack, cited))));
    said
}
