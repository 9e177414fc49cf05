//! The clauses of rules as written, side by side.

use super::declared::Declared;
use super::model::{Aspect, Change};
use mandate_pack::{
    Act, Bearer, Binder, Citation, Condition, Domain, EvidenceTime, Expr, Node, Norm, Origin, Pack, Rule, Type, Window,
    short,
};
use std::collections::{BTreeMap, BTreeSet};

/// A name below its package.
pub(crate) fn local<'n>(pack: &Pack, name: &'n str) -> &'n str {
    super::compare::own(pack, name).unwrap_or(name)
}

/// The file of an origin below its package.
pub(crate) fn file<'o>(pack: &Pack, origin: &'o Origin) -> &'o str {
    let below = origin.file.strip_prefix(pack.name.as_str()).and_then(|rest| rest.strip_prefix(':'));
    below.unwrap_or(&origin.file)
}

/// `order#2.1`, sources of the package itself below it.
pub(crate) fn citation(pack: &Pack, cited: &Citation) -> String {
    let passage = cited.passage.as_ref().map_or_else(String::new, |passage| format!("#{passage}"));
    let to = cited.to.as_ref().map_or_else(String::new, |to| format!("..{to}"));
    format!("{}{passage}{to}", local(pack, &cited.source))
}

/// What differs and means nothing by itself.
pub(crate) fn wording(old: &Rule, new: &Rule) -> Vec<&'static str> {
    let cites = |rule: &Rule| -> Vec<(String, Option<String>, Option<String>)> {
        rule.cites.iter().map(|c| (short(&c.source).to_owned(), c.passage.clone(), c.quotation.clone())).collect()
    };
    let order = |rule: &Rule| -> Vec<String> { rule.when.iter().chain(&rule.unless).map(|c| c.text.clone()).collect() };
    let sorted = |mut texts: Vec<String>| {
        texts.sort();
        texts
    };
    let (one, other) = (order(old), order(new));
    let all = [
        ("title", old.title != new.title),
        ("documentation", old.doc != new.doc),
        ("citations", cites(old) != cites(new)),
        ("interpretations", old.interpretations != new.interpretations),
        ("order", one != other && sorted(one) == sorted(other)),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(word, _)| word).collect()
}

/// Every clause of a rule as written.
pub(crate) fn texts(rule: &Rule) -> Vec<String> {
    Aspect::ALL.into_iter().flat_map(|aspect| written(aspect, rule)).collect()
}

/// The clauses of an aspect as written.
fn written(aspect: Aspect, rule: &Rule) -> Vec<String> {
    let condition = |word: &'static str| move |condition: &Condition| format!("{word} {}", condition.text);
    match aspect {
        Aspect::Applicability => {
            let each = rule.for_each.iter().map(|binder| format!("for each {}", binder_words(binder)));
            let on = rule.on.iter().map(|on| format!("on {}", on.words()));
            let party = rule.party.iter().map(|party| format!("party {}", party.words()));
            let from = rule.in_force_from.iter().map(|day| format!("in force from {day}"));
            let until = rule.in_force_until.iter().map(|day| format!("in force until {day}"));
            let when = rule.when.iter().map(condition("when"));
            let unless = rule.unless.iter().map(condition("unless"));
            each.chain(on).chain(party).chain(from).chain(until).chain(when).chain(unless).collect()
        }
        Aspect::Due => rule.norm.time.iter().map(window).collect(),
        Aspect::Evidence => act(&rule.norm),
        Aspect::Bearer => vec![bearer(&rule.norm.bearer)],
        Aspect::Waiver => rule.waivable.iter().map(waivable).collect(),
        // Which rules take its place is written there.
        Aspect::Priority => Vec::new(),
        Aspect::Strength => vec![rule.norm.modal.words().to_owned()],
        Aspect::Otherwise => rule.otherwise.iter().map(|level| format!("otherwise {}", level.text)).collect(),
        Aspect::Report => {
            let flags = rule.flags.iter().map(|flag| format!("flag {:?} when {}", flag.text, flag.condition.words()));
            let tallies = rule.tallies.iter().map(|tally| tally.text.clone());
            let carries = rule.carries.iter().map(|carried| format!("carries {carried}"));
            flags.chain(tallies).chain(carries).collect()
        }
    }
}

fn binder_words(binder: &Binder) -> String {
    match &binder.over {
        Domain::Records(record) => format!("{}: {}", binder.var, short(record)),
        Domain::Items(list) => format!("{} in {}", binder.var, list.words()),
    }
}

fn bearer(bearer: &Bearer) -> String {
    match bearer {
        Bearer::Everyone => "everyone".to_owned(),
        Bearer::Role { role, of } => {
            let of = of.as_ref().map_or_else(String::new, |of| format!(" of {}", of.words()));
            format!("{}{of}", short(role))
        }
        Bearer::Record(record) => record.words(),
    }
}

fn act(norm: &Norm) -> Vec<String> {
    match &norm.act {
        Act::Ensure(conditions) => conditions.iter().map(|c| format!("require {}", c.text)).collect(),
        Act::Do { action, args } => {
            let args: Vec<String> = args.iter().map(Expr::words).collect();
            vec![format!("{}({})", short(action), args.join(", "))]
        }
    }
}

fn window(window: &Window) -> String {
    let end = |end: &Option<mandate_pack::End>| match end {
        None => String::new(),
        Some(mandate_pack::End::To(to)) => format!(" to {}", to.words()),
        Some(mandate_pack::End::Until(until)) => format!(" until {}", until.words()),
    };
    match window {
        Window::Within(length) => format!("within {}", length.words()),
        Window::WithinAfter(length, start) => format!("within {} after {}", length.words(), start.words()),
        Window::WithinBefore(length, before) => format!("within {} before {}", length.words(), before.words()),
        Window::By(by) => format!("by {}", by.words()),
        Window::Before(before) => format!("before {}", before.words()),
        Window::During(period) => format!("during {}", period.words()),
        Window::Lasting(lasting) => {
            let gap =
                lasting.gap.as_ref().map_or_else(String::new, |gap| format!(" with gaps of at most {}", gap.words()));
            format!("from {}{}{gap}", lasting.from.words(), end(&lasting.end))
        }
        Window::Every(every) => format!("every {} from {}{}", every.every.words(), every.from.words(), end(&every.end)),
    }
}

fn waivable(waivable: &mandate_pack::Waivable) -> String {
    let mut text = format!("waivable under {}", short(&waivable.waiver));
    for (word, part) in [
        ("at least", &waivable.floor),
        ("exceptionally at least", &waivable.exceptional_floor),
        ("for at most", &waivable.longest),
    ] {
        if let Some(part) = part {
            text.push_str(&format!(" {word} {}", part.words()));
        }
    }
    text
}

/// Declarations that are not the same in both packs, by what they are: what stands behind the names in clauses.
pub(crate) struct Behind(BTreeMap<(&'static str, String), Meanings>);

/// What a name stands for in the old pack and in the new one, in words.
type Meanings = (Option<String>, Option<String>);

impl Behind {
    pub(crate) fn new(declared: &[Declared]) -> Behind {
        let changed = declared.iter().filter(|d| matches!(d.difference.change, Change::Changed));
        Behind(
            changed
                .filter(|d| d.meaning.0 != d.meaning.1)
                .map(|d| ((d.difference.kind, short(&d.difference.name).to_owned()), d.meaning.clone()))
                .collect(),
        )
    }
}

/// The clauses of an aspect that stand in one rule only, and what stands behind names that mean something else now.
pub(crate) fn lines(
    aspect: Aspect,
    (old_pack, old): (&Pack, &Rule),
    (new_pack, new): (&Pack, &Rule),
    behind: &Behind,
    same: bool,
) -> (Vec<String>, Vec<String>) {
    let (one, other) = (written(aspect, old), written(aspect, new));
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        these.iter().filter(|line| !others.contains(line)).cloned().collect()
    };
    let (mut from, mut to) = (only(&one, &other), only(&other, &one));
    if same {
        return (from, to);
    }
    if aspect == Aspect::Priority {
        return (overriders(old_pack, old), overriders(new_pack, new));
    }
    if aspect == Aspect::Strength {
        from = strength(old_pack, old);
        to = strength(new_pack, new);
        let both: BTreeSet<String> = from.iter().filter(|line| to.contains(line)).cloned().collect();
        from.retain(|line| !both.contains(line));
        to.retain(|line| !both.contains(line));
        return (from, to);
    }
    let (named, named_new) = (reached(aspect, old_pack, old), reached(aspect, new_pack, new));
    for key in named.union(&named_new) {
        if let Some((before, after)) = behind.0.get(key) {
            from.extend(before.as_ref().map(|words| format!("{} = {words}", key.1)).filter(|_| named.contains(key)));
            to.extend(after.as_ref().map(|words| format!("{} = {words}", key.1)).filter(|_| named_new.contains(key)));
        }
    }
    (from, to)
}

/// Which rules override a rule.
fn overriders(pack: &Pack, rule: &Rule) -> Vec<String> {
    let Some(name) = pack.rules.iter().find(|(_, other)| std::ptr::eq(*other, rule)).map(|(name, _)| name) else {
        return Vec::new();
    };
    let by = pack.rules.iter().filter(|(_, other)| other.overrides.iter().any(|target| target.rule == *name));
    by.map(|(by, _)| format!("overridden by {}", short(by))).collect()
}

/// What decides how much a breach weighs.
fn strength(pack: &Pack, rule: &Rule) -> Vec<String> {
    let mut lines = written(Aspect::Strength, rule);
    for cited in rule.cites.iter().map(|c| c.source.as_str()).collect::<BTreeSet<_>>() {
        let Some(source) = pack.sources.get(cited) else { continue };
        let compulsory =
            source.compulsory_from.as_ref().map_or_else(String::new, |day| format!(", compulsory from {day}"));
        lines.push(format!("cites {}: {}{compulsory}", short(cited), source.force.said()));
        for endorsement in pack.endorsements.iter().filter(|e| e.source == cited) {
            let from = endorsement.from.as_ref().map_or_else(String::new, |day| format!(" from {day}"));
            lines.push(format!("{} endorsed{from}", short(cited)));
        }
    }
    lines
}

/// What an aspect of a rule speaks of, however far away, by kind and short name.
fn reached(aspect: Aspect, pack: &Pack, rule: &Rule) -> BTreeSet<(&'static str, String)> {
    let mut reach = Reach { pack, met: BTreeSet::new(), types: BTreeSet::new(), open: Vec::new() };
    reach.aspect(aspect, rule);
    reach.all().into_iter().map(|(kind, name)| (kind, short(name).to_owned())).collect()
}

/// The parameters (qualified) that a rule reads, however far away.
pub(crate) fn parameters(pack: &Pack, rule: &Rule) -> BTreeSet<String> {
    let mut reach = Reach { pack, met: BTreeSet::new(), types: BTreeSet::new(), open: Vec::new() };
    Aspect::ALL.into_iter().for_each(|aspect| reach.aspect(aspect, rule));
    reach.all().into_iter().filter(|(kind, _)| *kind == "parameter").map(|(_, name)| name.to_owned()).collect()
}

/// The records and enums that a rule speaks of, however far away.
pub(crate) fn types(pack: &Pack, rule: &Rule) -> BTreeSet<String> {
    let mut reach = Reach { pack, met: BTreeSet::new(), types: BTreeSet::new(), open: Vec::new() };
    Aspect::ALL.into_iter().for_each(|aspect| reach.aspect(aspect, rule));
    for other in pack.rules.values().filter(|other| {
        let over = |target: &mandate_pack::RuleRef| {
            pack.rules.get(&target.rule).is_some_and(|named| std::ptr::eq(named, rule))
        };
        other.overrides.iter().any(over)
    }) {
        Aspect::ALL.into_iter().for_each(|aspect| reach.aspect(aspect, other));
    }
    reach.all();
    let mut found = BTreeSet::new();
    for ty in &reach.types {
        let mut open = vec![*ty];
        while let Some(ty) = open.pop() {
            match ty {
                Type::Enum(name) | Type::Record(name) => {
                    found.insert(name.clone());
                }
                Type::List(inner) | Type::Optional(inner) => open.push(inner),
                _ => {}
            }
        }
    }
    found
}

impl<'p> Reach<'p> {
    fn aspect(&mut self, aspect: Aspect, rule: &'p Rule) {
        let reach = self;
        let lets = rule.lets.iter().map(|named| &named.value);
        reach.exprs(lets);
        match aspect {
            Aspect::Applicability => {
                reach.binders(&rule.for_each);
                reach.exprs(rule.on.iter().chain(&rule.party));
                reach.exprs(rule.when.iter().chain(&rule.unless).map(|c| &c.expr));
                rule.cites.iter().for_each(|cited| reach.meet("source", &cited.source));
            }
            Aspect::Due => reach.window(rule.norm.time.as_ref()),
            Aspect::Evidence => reach.act(&rule.norm.act),
            Aspect::Bearer => reach.bearer(&rule.norm.bearer),
            Aspect::Waiver => {
                if let Some(waivable) = &rule.waivable {
                    reach.meet("waiver", &waivable.waiver);
                    reach.exprs(waivable.floor.iter().chain(&waivable.exceptional_floor).chain(&waivable.longest));
                }
            }
            Aspect::Otherwise => {
                for level in &rule.otherwise {
                    reach.bearer(&level.bearer);
                    reach.act(&level.act);
                    reach.window(level.time.as_ref());
                }
            }
            Aspect::Report => reach.exprs(rule.flags.iter().map(|flag| &flag.condition)),
            Aspect::Priority | Aspect::Strength => {}
        }
    }
}

struct Reach<'p> {
    pack: &'p Pack,
    met: BTreeSet<(&'static str, &'p str)>,
    types: BTreeSet<&'p Type>,
    open: Vec<(&'static str, &'p str)>,
}

impl<'p> Reach<'p> {
    fn meet(&mut self, kind: &'static str, name: &'p str) {
        if self.met.insert((kind, name)) {
            self.open.push((kind, name));
        }
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'p Expr>) {
        for expr in exprs {
            let mut named = Vec::new();
            expr.visit(&mut |inner| {
                self.types.insert(&inner.ty);
                match &inner.node {
                    Node::Parameter { name, .. } => named.push(("parameter", name.as_str())),
                    Node::Call { definition, .. } => named.push(("definition", definition.as_str())),
                    Node::Holds { role, .. } => named.push(("role", role.as_str())),
                    // Every other form speaks of nothing but what stands inside it, which is visited too.
                    _ => {}
                }
            });
            named.into_iter().for_each(|(kind, name)| self.meet(kind, name));
        }
    }

    fn binders(&mut self, binders: &'p [Binder]) {
        for binder in binders {
            if let Domain::Items(list) = &binder.over {
                self.exprs([&**list]);
            }
        }
    }

    fn bearer(&mut self, bearer: &'p Bearer) {
        match bearer {
            Bearer::Everyone => {}
            Bearer::Role { role, of } => {
                self.meet("role", role);
                self.exprs(of);
            }
            Bearer::Record(record) => self.exprs([record]),
        }
    }

    fn act(&mut self, act: &'p Act) {
        match act {
            Act::Do { action, args } => {
                self.meet("action", action);
                self.exprs(args);
            }
            Act::Ensure(conditions) => self.exprs(conditions.iter().map(|c| &c.expr)),
        }
    }

    fn window(&mut self, window: Option<&'p Window>) {
        match window {
            None => {}
            Some(Window::Within(a) | Window::By(a) | Window::Before(a) | Window::During(a)) => self.exprs([a]),
            Some(Window::WithinAfter(a, b) | Window::WithinBefore(a, b)) => self.exprs([a, b]),
            Some(Window::Lasting(lasting)) => {
                self.exprs([&lasting.from].into_iter().chain(&lasting.gap));
                self.exprs(lasting.end.as_ref().map(mandate_pack::End::expr));
            }
            Some(Window::Every(every)) => {
                self.exprs([&every.every, &every.from]);
                self.exprs(every.end.as_ref().map(mandate_pack::End::expr));
            }
        }
    }

    fn all(&mut self) -> BTreeSet<(&'static str, &'p str)> {
        while let Some((kind, name)) = self.open.pop() {
            let pack = self.pack;
            match kind {
                "definition" => self.exprs(pack.definitions.get(name).map(|definition| &definition.body)),
                "action" => {
                    for evidence in pack.actions.get(name).into_iter().flat_map(|action| &action.evidence) {
                        self.exprs([&evidence.condition].into_iter().chain(&evidence.by));
                        match &evidence.at {
                            None => {}
                            Some(EvidenceTime::At(at)) => self.exprs([at]),
                            Some(EvidenceTime::During(from, to)) => self.exprs([from, to]),
                        }
                    }
                }
                "role" => {
                    if let Some(held) = pack.roles.get(name).and_then(|role| role.held.as_ref()) {
                        self.binders(&held.binders);
                        self.exprs([&held.by, &held.condition].into_iter().chain(&held.longest));
                        self.exprs(held.during.iter().flat_map(|(from, to)| [from, to]));
                    }
                    for (narrower, role) in &pack.roles {
                        if role.is.as_deref() == Some(name) {
                            self.meet("role", narrower);
                        }
                    }
                }
                "waiver" => {
                    if let Some(waiver) = pack.waivers.get(name) {
                        self.exprs([&waiver.condition]);
                        let optional = [&waiver.names, &waiver.rank, &waiver.granted_at, &waiver.by, &waiver.valid];
                        self.exprs(optional.into_iter().flatten());
                        self.exprs(waiver.revoked.iter().chain(&waiver.exceptional));
                        self.exprs(waiver.during.iter().flat_map(|(from, to)| [from, to]));
                    }
                }
                _ => {}
            }
        }
        self.met.clone()
    }
}
