//! The changes of the declarations of a package, each with a sentence.

use crate::change::{changes, simplified, variants};
use crate::clause::{ClauseKind, Decl, clauses};
use crate::shift::{DAY, SECOND, days, moved};
use crate::words::{short, words};
use mandate_pack::{
    Act, Arithmetic, Bearer, End, Expr, Lasting, Modal, Node, Norm, Pack, Recurring, Rule, Type, Waivable, Waiver,
    Window,
};

/// What a change touches, for the hint that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To which cases the rule applies.
    Applies,
    /// An exception.
    Exception,
    /// A deadline or period that ends earlier, or begins later.
    Narrower,
    /// A deadline or period that ends later, or begins earlier, or falls away.
    Wider,
    /// A deadline in another way.
    Deadline,
    /// Must and must not.
    Polarity,
    /// Must and should.
    Strength,
    /// On whom the norm falls.
    Bearer,
    /// A state of affairs that has to hold.
    State,
    /// A duty that arises from a breach.
    Otherwise,
    /// What shows an act.
    Evidence,
    /// What a waiver needs.
    Waiver,
    /// A rule that takes the place of another.
    Override,
    /// A definition.
    Definition,
    /// The value of a parameter.
    Parameter,
    /// Who holds a role.
    Role,
}

/// One small change of one declaration.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The declaration, qualified.
    pub owner: String,
    /// What changes, in the words of the rule: unique in its declaration, and the same wherever its lines move.
    pub change: String,
    /// What kind of change it is.
    pub kind: Kind,
    /// The words of the clause, where the pack keeps them.
    pub text: Option<String>,
    /// The clause before, where it is an expression.
    pub before: Option<String>,
    /// The clause after.
    pub after: Option<String>,
    pub(crate) decl: Decl,
}

impl Mutant {
    /// The pack with this change. Its digest is that of the unchanged one.
    #[must_use]
    pub fn applied(&self, pack: &Pack) -> Pack {
        let mut changed = pack.clone();
        put(&mut changed, &self.owner, self.decl.clone());
        changed
    }
}

pub(crate) fn put(pack: &mut Pack, owner: &str, decl: Decl) {
    let owner = owner.to_owned();
    match decl {
        Decl::Rule(d) => drop(pack.rules.insert(owner, *d)),
        Decl::Definition(d) => drop(pack.definitions.insert(owner, *d)),
        Decl::Action(d) => drop(pack.actions.insert(owner, *d)),
        Decl::Role(d) => drop(pack.roles.insert(owner, *d)),
        Decl::Waiver(d) => drop(pack.waivers.insert(owner, *d)),
        Decl::Parameter(d) => drop(pack.parameters.insert(owner, *d)),
    }
}

/// Every change of the declarations of the package that the pack was compiled from, in a fixed order. What it takes from other
/// packages is theirs to test.
pub fn mutants(pack: &Pack) -> Vec<Mutant> {
    let own = format!("{}.", pack.name);
    let is_own = |name: &&String| name.starts_with(&own);
    let mut out = Vec::new();
    macro_rules! declared {
        ($map:ident, $variant:ident) => {
            for name in pack.$map.keys().filter(is_own) {
                if let Some(declared) = pack.$map.get(name) {
                    out.extend(of(name, Decl::$variant(Box::new(declared.clone())), pack));
                }
            }
        };
    }
    declared!(rules, Rule);
    declared!(definitions, Definition);
    declared!(actions, Action);
    declared!(roles, Role);
    declared!(waivers, Waiver);
    declared!(parameters, Parameter);
    out
}

/// The changes of one declaration, no two of them alike.
fn of(owner: &str, decl: Decl, pack: &Pack) -> Vec<Mutant> {
    let mut made = Made { owner, pack, original: decl, out: Vec::new(), seen: Vec::new() };
    made.seen.push(normal(made.original.clone()));
    // The evidence of what is only permitted decides nothing.
    if matches!(made.original, Decl::Action(_)) && !decides(pack, owner, false) {
        return Vec::new();
    }
    match made.original.clone() {
        Decl::Rule(rule) => made.rule(&rule),
        Decl::Action(action) => made.action(&action),
        Decl::Waiver(waiver) => made.waiver(&waiver),
        Decl::Role(role) => made.role(&role),
        Decl::Parameter(parameter) => made.parameter(&parameter),
        Decl::Definition(_) => {}
    }
    made.expressions();
    made.out
}

/// A declaration with its expressions in one form, to tell whether two are alike.
fn normal(mut decl: Decl) -> Decl {
    for clause in clauses(&mut decl) {
        *clause.expr = simplified(clause.expr.clone());
    }
    decl
}

struct Made<'p> {
    owner: &'p str,
    pack: &'p Pack,
    original: Decl,
    out: Vec<Mutant>,
    /// The declaration itself and every changed one so far, in normal form.
    seen: Vec<Decl>,
}

impl Made<'_> {
    fn give(&mut self, change: String, kind: Kind, decl: Decl, text: Option<String>, shown: Option<(String, String)>) {
        let normal = normal(decl.clone());
        if self.seen.contains(&normal) {
            return;
        }
        self.seen.push(normal);
        // The same words in two places of one declaration: the places are numbered.
        let same =
            self.out.iter().filter(|m| m.change == change || m.change.starts_with(&format!("{change} ("))).count();
        let change = if same == 0 { change } else { format!("{change} ({})", same + 1) };
        let (before, after) = shown.unzip();
        self.out.push(Mutant { owner: self.owner.to_owned(), change, kind, text, before, after, decl });
    }

    fn expressions(&mut self) {
        let mut original = self.original.clone();
        let places: Vec<(String, ClauseKind, Option<String>, Expr)> =
            clauses(&mut original).into_iter().map(|c| (c.name, c.kind, c.text, c.expr.clone())).collect();
        for (place, (name, kind, text, expr)) in places.into_iter().enumerate() {
            for changed in changes(&expr, self.pack) {
                let mut decl = self.original.clone();
                let Some(clause) = clauses(&mut decl).into_iter().nth(place) else { continue };
                let shown = (words(&expr), words(&changed.whole));
                *clause.expr = changed.whole;
                let said = format!("{name}: {}", changed.said);
                self.give(said, of_clause(kind), decl, text.clone(), Some(shown));
            }
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let mut with = |said: String, kind: Kind, text: Option<&str>, edit: &dyn Fn(&mut Rule)| {
            let mut changed = rule.clone();
            edit(&mut changed);
            self.give(said, kind, Decl::Rule(Box::new(changed)), text.map(str::to_owned), None);
        };
        for (place, c) in rule.when.iter().enumerate() {
            let said = format!("when: `{}` is left out", c.text);
            with(said, Kind::Applies, Some(&c.text), &|r| drop(r.when.remove(place)));
        }
        for (place, c) in rule.unless.iter().enumerate() {
            let said = format!("unless: `{}` is left out", c.text);
            with(said, Kind::Exception, Some(&c.text), &|r| drop(r.unless.remove(place)));
            let negated = Expr { ty: c.expr.ty.clone(), node: Node::Not(Box::new(c.expr.clone())) };
            let said = format!("unless: `{}` becomes `{}`", c.text, words(&negated));
            with(said, Kind::Exception, Some(&c.text), &|r| {
                if let Some(c) = r.unless.get_mut(place) {
                    c.expr = negated.clone();
                }
            });
        }
        // A state of affairs is read on that day, too.
        let is_state = matches!(rule.norm.act, Act::Ensure(_));
        if rule.on.as_ref().is_some_and(|on| is_state || starts_clock(rule) != Some(on)) {
            with("`on` is left out".to_owned(), Kind::Applies, None, &|r| r.on = None);
        }
        if rule.party.is_some() {
            with("`party` is left out".to_owned(), Kind::Applies, None, &|r| r.party = None);
        }
        for day in rule.in_force_from.iter().flat_map(|day| days(day)) {
            let said = format!("the rule is in force from {day}");
            with(said, Kind::Applies, None, &|r| r.in_force_from = Some(day.clone()));
        }
        for day in rule.in_force_until.iter().flat_map(|day| days(day)) {
            let said = format!("the rule is in force until {day}");
            with(said, Kind::Applies, None, &|r| r.in_force_until = Some(day.clone()));
        }
        for (said, kind, norm) in norms(&rule.norm, true, self.pack) {
            let mut changed = rule.clone();
            changed.norm = norm;
            self.give(said, kind, Decl::Rule(Box::new(changed)), Some(rule.norm.text.clone()), None);
        }
        for (level, norm) in rule.otherwise.iter().enumerate() {
            let before = format!("otherwise {}", level + 1);
            let mut changed = rule.clone();
            changed.otherwise.remove(level);
            let said = format!("{before} is left out");
            self.give(said, Kind::Otherwise, Decl::Rule(Box::new(changed)), Some(norm.text.clone()), None);
            for (said, kind, other) in norms(norm, false, self.pack) {
                let mut changed = rule.clone();
                if let Some(norm) = changed.otherwise.get_mut(level) {
                    *norm = other;
                }
                let said = format!("{before}: {said}");
                self.give(said, kind, Decl::Rule(Box::new(changed)), Some(norm.text.clone()), None);
            }
        }
        if let Some(waivable) = &rule.waivable {
            for (said, other) in waivables(waivable, self.pack) {
                let changed = Rule { waivable: other, ..rule.clone() };
                self.give(said, Kind::Waiver, Decl::Rule(Box::new(changed)), None, None);
            }
        }
        for (place, other) in rule.overrides.iter().enumerate() {
            let mut changed = rule.clone();
            changed.overrides.remove(place);
            let said = format!("`overrides {}` is left out", short(&other.rule));
            self.give(said, Kind::Override, Decl::Rule(Box::new(changed)), None, None);
        }
    }

    fn action(&mut self, action: &mandate_pack::Action) {
        for (place, e) in action.evidence.iter().enumerate() {
            let name = short(&e.record);
            if action.evidence.len() > 1 {
                let mut changed = action.clone();
                changed.evidence.remove(place);
                self.give(
                    format!("evidence {name} is left out"),
                    Kind::Evidence,
                    Decl::Action(Box::new(changed)),
                    None,
                    None,
                );
            }
            if let Some(by) = e.by.as_ref().filter(|_| decides(self.pack, self.owner, true)) {
                let mut changed = action.clone();
                if let Some(e) = changed.evidence.get_mut(place) {
                    e.by = None;
                }
                let said = format!("evidence {name}: `by {}` is left out", words(by));
                self.give(said, Kind::Evidence, Decl::Action(Box::new(changed)), None, None);
            }
        }
    }

    fn waiver(&mut self, waiver: &Waiver) {
        let mut with = |said: String, edit: &dyn Fn(&mut Waiver)| {
            let mut changed = waiver.clone();
            edit(&mut changed);
            self.give(said, Kind::Waiver, Decl::Waiver(Box::new(changed)), None, None);
        };
        if let Some(names) = &waiver.names {
            with(format!("`names {}` is left out", words(names)), &|w| w.names = None);
        }
        if let Some(by) = &waiver.by {
            with(format!("`by {}` is left out", words(by)), &|w| w.by = None);
        }
        if let Some(valid) = &waiver.valid {
            with(format!("`valid if {}` is left out", words(valid)), &|w| w.valid = None);
        }
        if let Some(revoked) = &waiver.revoked {
            with(format!("`revoked {}` is left out", words(revoked)), &|w| w.revoked = None);
        }
        if let Some(exceptional) = &waiver.exceptional {
            with(format!("`exceptional if {}` is left out", words(exceptional)), &|w| w.exceptional = None);
        }
        // Without either it would never help, which is another change: the clause `waivable` left out.
        if waiver.during.is_some() && waiver.granted_at.is_some() {
            with("`during` is left out".to_owned(), &|w| w.during = None);
            if let Some(at) = &waiver.granted_at {
                with(format!("`at {}` is left out", words(at)), &|w| w.granted_at = None);
            }
        }
        if waiver.caveat {
            with("it is no national caveat".to_owned(), &|w| w.caveat = false);
        }
    }

    fn role(&mut self, role: &mandate_pack::Role) {
        let Some(held) = &role.held else { return };
        let mut with = |said: &str, edit: &dyn Fn(&mut mandate_pack::Held)| {
            let mut changed = role.clone();
            if let Some(held) = &mut changed.held {
                edit(held);
            }
            self.give(said.to_owned(), Kind::Role, Decl::Role(Box::new(changed)), None, None);
        };
        if held.during.is_some() {
            with("`during` is left out", &|h| h.during = None);
        }
        if held.longest.is_some() {
            with("`for at most` is left out", &|h| h.longest = None);
        }
    }

    fn parameter(&mut self, parameter: &mandate_pack::Parameter) {
        for (place, value) in parameter.values.iter().enumerate() {
            for day in value.from.iter().flat_map(|day| days(day)) {
                let mut changed = parameter.clone();
                if let Some(value) = changed.values.get_mut(place) {
                    value.from = Some(day.clone());
                }
                let said = format!("`{}` holds from {day}", words(&value.value));
                self.give(said, Kind::Parameter, Decl::Parameter(Box::new(changed)), None, None);
            }
        }
    }
}

fn of_clause(kind: ClauseKind) -> Kind {
    match kind {
        ClauseKind::Applies => Kind::Applies,
        ClauseKind::Exception => Kind::Exception,
        ClauseKind::Deadline => Kind::Deadline,
        ClauseKind::Norm => Kind::Bearer,
        ClauseKind::State => Kind::State,
        ClauseKind::Evidence => Kind::Evidence,
        ClauseKind::Waiver => Kind::Waiver,
        ClauseKind::Definition => Kind::Definition,
        ClauseKind::Parameter => Kind::Parameter,
        ClauseKind::Role => Kind::Role,
        ClauseKind::Override => Kind::Override,
    }
}

/// Other forms of a norm. `first`: the norm of the rule itself, by whose strength findings are weighed.
fn norms(norm: &Norm, first: bool, pack: &Pack) -> Vec<(String, Kind, Norm)> {
    let mut out = Vec::new();
    for (modal, kind) in modals(norm.modal) {
        if first || kind == Kind::Polarity {
            let said = format!("`{}` becomes `{}`", norm.modal.words(), modal.words());
            out.push((said, kind, Norm { modal, ..norm.clone() }));
        }
    }
    if norm.bearer != Bearer::Everyone && matters_who(norm, pack) {
        let said = "it falls on everyone".to_owned();
        out.push((said, Kind::Bearer, Norm { bearer: Bearer::Everyone, ..norm.clone() }));
    }
    if let Act::Ensure(conditions) = &norm.act
        && conditions.len() > 1
    {
        for (place, c) in conditions.iter().enumerate() {
            let mut left = conditions.clone();
            left.remove(place);
            let said = format!("require: `{}` is left out", c.text);
            out.push((said, Kind::State, Norm { act: Act::Ensure(left), ..norm.clone() }));
        }
    }
    if let Some(window) = &norm.time {
        for (said, kind, time) in windows(window) {
            out.push((format!("deadline: {said}"), kind, Norm { time, ..norm.clone() }));
        }
    }
    out
}

/// The instant at which the clock of a rule starts: without `on` it decides which edition applies.
fn starts_clock(rule: &Rule) -> Option<&Expr> {
    match rule.norm.time.as_ref()? {
        Window::WithinAfter(_, t) | Window::WithinBefore(_, t) | Window::By(t) | Window::Before(t) => Some(t),
        Window::During(p) => match &p.node {
            Node::Period { from, .. } => Some(from),
            _ => None,
        },
        Window::Lasting(lasting) => Some(&lasting.from),
        Window::Within(_) | Window::Every(_) => None,
    }
}

/// The norms of a pack that an action decides, if they fall on somebody (`named`) or on whomever: a permission is never broken.
fn decides(pack: &Pack, action: &str, named: bool) -> bool {
    let norms = pack.rules.values().flat_map(|rule| std::iter::once(&rule.norm).chain(&rule.otherwise));
    let mut norms = norms.filter(|norm| norm.modal != Modal::May && (!named || norm.bearer != Bearer::Everyone));
    norms.any(|norm| matches!(&norm.act, Act::Do { action: done, .. } if done == action))
}

/// Whether it is seen who acted: a state of affairs is nobody's act, and evidence may name nobody.
fn matters_who(norm: &Norm, pack: &Pack) -> bool {
    match &norm.act {
        _ if norm.modal == Modal::May => false,
        Act::Ensure(_) => false,
        Act::Do { action, .. } => pack.actions.get(action).is_some_and(|a| a.evidence.iter().any(|e| e.by.is_some())),
    }
}

fn modals(modal: Modal) -> Vec<(Modal, Kind)> {
    match modal {
        Modal::Must => vec![(Modal::MustNot, Kind::Polarity), (Modal::Should, Kind::Strength)],
        Modal::MustNot => vec![(Modal::Must, Kind::Polarity), (Modal::ShouldNot, Kind::Strength)],
        Modal::Should => vec![(Modal::ShouldNot, Kind::Polarity), (Modal::Must, Kind::Strength)],
        Modal::ShouldNot => vec![(Modal::Should, Kind::Polarity), (Modal::MustNot, Kind::Strength)],
        Modal::AimsTo => vec![(Modal::ShouldNot, Kind::Polarity), (Modal::Must, Kind::Strength)],
        Modal::May => vec![(Modal::MustNot, Kind::Polarity), (Modal::Must, Kind::Strength)],
    }
}

type OtherWindow = (String, Kind, Option<Window>);

/// Other forms of a window. Literal lengths and days inside are changed as expressions; here the ends move.
fn windows(window: &Window) -> Vec<OtherWindow> {
    let mut out: Vec<OtherWindow> = match window {
        Window::Within(d) => around_length(d, &|d| Window::Within(d)),
        Window::WithinAfter(d, t) => {
            let mut out = around_length(d, &|d| Window::WithinAfter(d, t.clone()));
            let end = Arithmetic::Add;
            let end = Expr {
                ty: t.ty.clone(),
                node: Node::Arith { op: end, left: Box::new(t.clone()), right: Box::new(d.clone()) },
            };
            out.push(("acts before it begins count too".to_owned(), Kind::Wider, Some(Window::By(end))));
            out
        }
        Window::WithinBefore(d, t) => {
            let mut out = around_length(d, &|d| Window::WithinBefore(d, t.clone()));
            out.push(("acts before it begins count too".to_owned(), Kind::Wider, Some(Window::Before(t.clone()))));
            out.extend(around_instant(t, "the end", &|t| Window::WithinBefore(d.clone(), t)));
            out
        }
        Window::By(t) => {
            let mut out = around_instant(t, "it", &Window::By);
            out.push(("`by` becomes `before`".to_owned(), Kind::Narrower, Some(Window::Before(t.clone()))));
            out
        }
        Window::Before(t) => {
            let mut out = around_instant(t, "it", &Window::Before);
            out.push(("`before` becomes `by`".to_owned(), Kind::Wider, Some(Window::By(t.clone()))));
            out
        }
        Window::During(p) => match &p.node {
            Node::Period { from, to } => {
                let period = |from: Expr, to: Expr| {
                    let node = Node::Period { from: Box::new(from), to: Box::new(to) };
                    Window::During(Expr { ty: p.ty.clone(), node })
                };
                let mut out = around_instant(from, "the begin", &|from| period(from, (**to).clone()));
                out.extend(around_instant(to, "the end", &|to| period((**from).clone(), to)));
                let before = Window::Before((**to).clone());
                out.push(("acts before it begins count too".to_owned(), Kind::Wider, Some(before)));
                out
            }
            _ => Vec::new(),
        },
        Window::Lasting(lasting) => lasting_windows(lasting),
        Window::Every(recurring) => recurring_windows(recurring),
    };
    out.push(("it falls away".to_owned(), Kind::Wider, None));
    out
}

/// A length of time a second and a day longer and shorter.
fn around_length(d: &Expr, window: &dyn Fn(Expr) -> Window) -> Vec<OtherWindow> {
    let steps = [
        ("a second longer", Kind::Wider, Arithmetic::Add, SECOND),
        ("a second shorter", Kind::Narrower, Arithmetic::Sub, SECOND),
        ("a day longer", Kind::Wider, Arithmetic::Add, DAY),
        ("a day shorter", Kind::Narrower, Arithmetic::Sub, DAY),
    ];
    let step = |(said, kind, op, by)| (format!("it is {said}"), kind, Some(window(moved(d, op, by))));
    // Whole days run to the end of the last one: with a second more they would be counted in another way.
    let whole_days = matches!(&d.node, Node::Duration(d) if d.seconds == 0);
    steps.into_iter().filter(|(_, _, _, by)| !whole_days || *by == DAY).map(step).collect()
}

/// An instant a second, or a day a day, later and earlier.
fn around_instant(t: &Expr, what: &str, window: &dyn Fn(Expr) -> Window) -> Vec<OtherWindow> {
    let by = if *t.ty.known() == Type::Date { DAY } else { SECOND };
    let unit = if by == DAY { "day" } else { "second" };
    let steps = [("later", Kind::Wider, Arithmetic::Add), ("earlier", Kind::Narrower, Arithmetic::Sub)];
    let step = |(said, kind, op)| (format!("{what} is a {unit} {said}"), kind, Some(window(moved(t, op, by))));
    steps.into_iter().map(step).collect()
}

fn swapped(end: &End) -> (&'static str, Kind, End) {
    match end {
        End::To(t) => ("`to` becomes `until`", Kind::Narrower, End::Until(t.clone())),
        End::Until(t) => ("`until` becomes `to`", Kind::Wider, End::To(t.clone())),
    }
}

fn with_expr(end: &End, t: Expr) -> End {
    match end {
        End::To(_) => End::To(t),
        End::Until(_) => End::Until(t),
    }
}

fn lasting_windows(l: &Lasting) -> Vec<OtherWindow> {
    let lasting = |l: Lasting| Some(Window::Lasting(l));
    let mut out = around_instant(&l.from, "the begin", &|from| Window::Lasting(Lasting { from, ..l.clone() }));
    if let Some(end) = &l.end {
        let moved = |t| Window::Lasting(Lasting { end: Some(with_expr(end, t)), ..l.clone() });
        out.extend(around_instant(end.expr(), "the end", &moved));
        let (said, kind, end) = swapped(end);
        out.push((said.to_owned(), kind, lasting(Lasting { end: Some(end), ..l.clone() })));
        out.push(("its end falls away".to_owned(), Kind::Wider, lasting(Lasting { end: None, ..l.clone() })));
    }
    if let Some(gap) = &l.gap {
        for (said, op) in [("longer", Arithmetic::Add), ("shorter", Arithmetic::Sub)] {
            let gap = Some(moved(gap, op, SECOND));
            let said = format!("the gap that is tolerated is a second {said}");
            out.push((said, Kind::Deadline, lasting(Lasting { gap, ..l.clone() })));
        }
        let none = lasting(Lasting { gap: None, ..l.clone() });
        out.push(("no gap is tolerated".to_owned(), Kind::Narrower, none));
    }
    out
}

fn recurring_windows(r: &Recurring) -> Vec<OtherWindow> {
    let mut out = Vec::new();
    for (said, op) in [("longer", Arithmetic::Add), ("shorter", Arithmetic::Sub)] {
        let every = moved(&r.every, op, DAY);
        let said = format!("a round is a day {said}");
        out.push((said, Kind::Deadline, Some(Window::Every(Recurring { every, ..r.clone() }))));
    }
    out.extend(around_instant(&r.from, "the begin", &|from| Window::Every(Recurring { from, ..r.clone() })));
    if let Some(end) = &r.end {
        let moved = |t| Window::Every(Recurring { end: Some(with_expr(end, t)), ..r.clone() });
        out.extend(around_instant(end.expr(), "the end", &moved));
        let (said, kind, end) = swapped(end);
        out.push((said.to_owned(), kind, Some(Window::Every(Recurring { end: Some(end), ..r.clone() }))));
        let open = Recurring { end: None, ..r.clone() };
        out.push(("its end falls away".to_owned(), Kind::Wider, Some(Window::Every(open))));
    }
    out
}

fn waivables(w: &Waivable, pack: &Pack) -> Vec<(String, Option<Waivable>)> {
    let mut out = vec![("`waivable` is left out".to_owned(), None)];
    let ranks = |floor: &Expr| match &floor.node {
        Node::Variant(name) => variants(&floor.ty, name, pack),
        _ => Vec::new(),
    };
    let rank = |floor: &Expr, name: String| Some(Expr { ty: floor.ty.clone(), node: Node::Variant(name) });
    if let Some(floor) = &w.floor {
        for name in ranks(floor) {
            let said = format!("waivable: `{}` becomes `{name}`", words(floor));
            out.push((said, Some(Waivable { floor: rank(floor, name), ..w.clone() })));
        }
        let said = format!("waivable: `by {} or above` is left out", words(floor));
        out.push((said, Some(Waivable { floor: None, ..w.clone() })));
    }
    if let Some(floor) = &w.exceptional_floor {
        for name in ranks(floor) {
            let said = format!("waivable: the exceptional `{}` becomes `{name}`", words(floor));
            out.push((said, Some(Waivable { exceptional_floor: rank(floor, name), ..w.clone() })));
        }
        let said = "waivable: the exceptional authority is left out".to_owned();
        out.push((said, Some(Waivable { exceptional_floor: None, ..w.clone() })));
    }
    if let Some(longest) = &w.longest {
        let said = format!("waivable: `for at most {}` is left out", words(longest));
        out.push((said, Some(Waivable { longest: None, ..w.clone() })));
    }
    out
}
