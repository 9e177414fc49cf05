//! Expressions of two packs in one normal form, so that what means the same is the same number.
//!
//! Definitions are put in place of their names and parameters read at their values; variables, definitions and parameters have no names
//! any more, records, fields and enum values those of the data. `and` and `or` are flat and sorted, negation stands at the leaves, and of
//! `<` and `>` one is left. Every step keeps the value of Kleene logic, so that equal numbers are equal in every situation, also where
//! data is missing. Definitions that call definitions may grow without measure when written out: what is alike is stored once.

use mandate_pack::{Arithmetic, Binder, Comparison, Dated, Domain, Expr, Fold, Node, Pack, Parameter, Pick, Type};
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// A term, by number; equal numbers of one [`Terms`] are equal terms.
pub(crate) type Id = u32;

/// What a term is, without what stands inside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Head {
    /// A form of the language.
    Form(&'static str),
    /// A form with a word: a field, a text, a number.
    Named(&'static str, String),
    /// A number.
    Number(Decimal),
    /// A length of time.
    Length(mandate_pack::Duration),
    /// True or false.
    Truth(bool),
    /// A variable, by how many are bound outside it.
    Variable(usize),
}

/// A term: its head and what stands inside.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Term {
    pub(crate) head: Head,
    pub(crate) parts: Vec<Id>,
}

/// Terms of both packs, each stored once.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    all: Vec<Term>,
    known: HashMap<Term, Id>,
}

impl Terms {
    pub(crate) fn get(&self, id: Id) -> Option<&Term> {
        self.all.get(id as usize)
    }

    pub(crate) fn add(&mut self, head: Head, parts: Vec<Id>) -> Id {
        let term = Term { head, parts };
        if let Some(id) = self.known.get(&term) {
            return *id;
        }
        let id = Id::try_from(self.all.len()).unwrap_or(Id::MAX);
        self.all.push(term.clone());
        self.known.insert(term, id);
        id
    }

    pub(crate) fn form(&mut self, word: &'static str, parts: Vec<Id>) -> Id {
        self.add(Head::Form(word), parts)
    }

    pub(crate) fn named(&mut self, word: &'static str, name: impl Into<String>, parts: Vec<Id>) -> Id {
        self.add(Head::Named(word, name.into()), parts)
    }

    pub(crate) fn truth(&mut self, truth: bool) -> Id {
        self.add(Head::Truth(truth), Vec::new())
    }

    /// The same in any order, each once.
    pub(crate) fn set(&mut self, word: &'static str, parts: impl IntoIterator<Item = Id>) -> Id {
        let parts: BTreeSet<Id> = parts.into_iter().collect();
        self.form(word, parts.into_iter().collect())
    }

    /// `and` (`or`) of parts: flat, each once, without what changes nothing.
    pub(crate) fn joined(&mut self, and: bool, parts: impl IntoIterator<Item = Id>) -> Id {
        let word = if and { "and" } else { "or" };
        let mut flat = BTreeSet::new();
        for part in parts {
            match self.get(part) {
                // `true and c` is c, `false and c` is false, whatever c is.
                Some(Term { head: Head::Truth(truth), .. }) if *truth == and => {}
                Some(Term { head: Head::Truth(_), .. }) => return self.truth(!and),
                Some(Term { head: Head::Form(inner), parts }) if *inner == word => flat.extend(parts.iter().copied()),
                _ => {
                    flat.insert(part);
                }
            }
        }
        match (flat.len(), flat.first()) {
            (0, _) => self.truth(and),
            (1, Some(only)) => *only,
            _ => self.form(word, flat.into_iter().collect()),
        }
    }
}

/// Variables in scope with what they stand for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    known: Vec<(String, Id)>,
    /// How many variables are bound; names for values do not count.
    depth: usize,
}

impl Names {
    /// With a name for a value.
    pub(crate) fn call(&mut self, name: &str, value: Id) {
        self.known.push((name.to_owned(), value));
    }

    /// With one more variable.
    pub(crate) fn bind(&self, terms: &mut Terms, name: &str) -> Names {
        let mut inside = self.clone();
        inside.call(name, terms.add(Head::Variable(self.depth), Vec::new()));
        inside.depth += 1;
        inside
    }

    /// Without names: what stands elsewhere sees only what it is given.
    pub(crate) fn only_bound(&self) -> Names {
        Names { known: Vec::new(), depth: self.depth }
    }

    fn value(&self, name: &str) -> Option<Id> {
        self.known.iter().rev().find(|(known, _)| known == name).map(|(_, id)| *id)
    }
}

/// Reads the expressions of one pack.
pub(crate) struct Reader<'p> {
    pub(crate) pack: &'p Pack,
    calls: HashMap<(&'p str, Vec<Id>, usize, bool), Id>,
    fields: HashMap<(&'p str, &'p str), Id>,
}

impl<'p> Reader<'p> {
    pub(crate) fn new(pack: &'p Pack) -> Self {
        Reader { pack, calls: HashMap::new(), fields: HashMap::new() }
    }

    pub(crate) fn expr(&mut self, terms: &mut Terms, expr: &'p Expr, names: &Names) -> Id {
        self.read(terms, expr, names, false)
    }

    pub(crate) fn exprs(
        &mut self,
        terms: &mut Terms,
        exprs: impl IntoIterator<Item = &'p Expr>,
        names: &Names,
    ) -> Vec<Id> {
        exprs.into_iter().map(|expr| self.expr(terms, expr, names)).collect()
    }

    /// A term, or its negation.
    fn read(&mut self, terms: &mut Terms, expr: &'p Expr, names: &Names, not: bool) -> Id {
        match &expr.node {
            Node::Bool(truth) => terms.truth(*truth != not),
            Node::Not(inner) => self.read(terms, inner, names, !not),
            Node::And(parts) | Node::Or(parts) => {
                let and = matches!(expr.node, Node::And(_)) != not;
                let parts: Vec<Id> = parts.iter().map(|part| self.read(terms, part, names, not)).collect();
                terms.joined(and, parts)
            }
            Node::All(parts) => {
                let read: Vec<Id> = parts.iter().map(|part| self.named_condition(terms, part, names, not)).collect();
                terms.joined(!not, read)
            }
            Node::Compare { op, left, right } => {
                let op = if not { opposite(*op) } else { *op };
                if let Some(among) = self.among(terms, op, left, right, names) {
                    return among;
                }
                let ordered =
                    !matches!(op, Comparison::Eq | Comparison::Ne) && matches!(left.ty.known(), Type::Enum(_));
                let order = ordered.then(|| self.enumeration(terms, &left.ty));
                let (mut left, right) = (self.expr(terms, left, names), self.expr(terms, right, names));
                if let Some(order) = order {
                    left = terms.form("ranked", vec![left, order]);
                }
                compare(terms, op, left, right)
            }
            Node::Within { value, from, to: Some(to) } => {
                let [value, from, to] = [value, from, to].map(|e| self.expr(terms, e, names));
                let (low, high) = if not { (Comparison::Lt, Comparison::Gt) } else { (Comparison::Ge, Comparison::Le) };
                let both = [compare(terms, low, value, from), compare(terms, high, value, to)];
                terms.joined(!not, both)
            }
            Node::IsKnown(inner) | Node::IsMissing(inner) => {
                let inner = self.expr(terms, inner, names);
                let known = matches!(expr.node, Node::IsKnown(_)) != not;
                terms.form(if known { "known" } else { "missing" }, vec![inner])
            }
            Node::Some { binder, condition } | Node::Every { binder, condition } => {
                let some = matches!(expr.node, Node::Some { .. }) != not;
                let over = self.domain(terms, binder, names);
                let inside = names.bind(terms, &binder.var);
                let condition = self.read(terms, condition, &inside, not);
                terms.form(if some { "some" } else { "every" }, vec![over, condition])
            }
            Node::Call { definition, args } => self.call(terms, definition, args, names, not),
            Node::Var(name) => {
                let value = names.value(name).unwrap_or_else(|| terms.named("unbound", name.clone(), Vec::new()));
                negated(terms, value, not)
            }
            _ => {
                let value = self.value(terms, expr, names);
                negated(terms, value, not)
            }
        }
    }

    /// `rank >= brigade` as the values that are meant: what other values there are makes no difference, and the order does not either
    /// where it changes elsewhere.
    fn among(
        &mut self,
        terms: &mut Terms,
        op: Comparison,
        left: &'p Expr,
        right: &'p Expr,
        names: &Names,
    ) -> Option<Id> {
        let (value, op, name) = match (&left.node, &right.node) {
            (_, Node::Variant(name)) => (left, op, name),
            (Node::Variant(name), _) => (right, turned(op), name),
            _ => return None,
        };
        let Type::Enum(of) = value.ty.known() else { return None };
        let declared = self.pack.enums.get(of).filter(|declared| declared.ordered)?;
        let place = declared.variants.iter().position(|variant| variant.name == *name)?;
        let meant = |at: usize| match op {
            Comparison::Lt => at < place,
            Comparison::Le => at <= place,
            Comparison::Gt => at > place,
            Comparison::Ge => at >= place,
            Comparison::Eq | Comparison::Ne => false,
        };
        if matches!(op, Comparison::Eq | Comparison::Ne) {
            return None;
        }
        let value = self.expr(terms, value, names);
        let equal: Vec<Id> = declared
            .variants
            .iter()
            .enumerate()
            .filter(|(at, _)| meant(*at))
            .map(|(_, variant)| {
                let variant = terms.named("variant", variant.spelling.clone(), Vec::new());
                compare(terms, Comparison::Eq, value, variant)
            })
            .collect();
        // With no value or all of them it is still unknown where the value is.
        let all = declared.variants.len();
        (!equal.is_empty() && equal.len() < all).then(|| terms.joined(false, equal))
    }

    fn named_condition(
        &mut self,
        terms: &mut Terms,
        part: &'p mandate_pack::NamedCondition,
        names: &Names,
        not: bool,
    ) -> Id {
        let condition = self.read(terms, &part.condition, names, not);
        let Some(unless) = &part.unless else { return condition };
        let unless = self.read(terms, unless, names, not);
        terms.joined(not, [condition, unless])
    }

    fn call(&mut self, terms: &mut Terms, name: &'p str, args: &'p [Expr], names: &Names, not: bool) -> Id {
        let args = self.exprs(terms, args, names);
        if let Some(known) = self.calls.get(&(name, args.clone(), names.depth, not)) {
            return *known;
        }
        let Some(definition) = self.pack.definitions.get(name) else {
            return terms.named("undefined", name, args);
        };
        // Inside, only the parameters are in scope; what is bound there is called as it would be outside.
        let mut inside = names.only_bound();
        definition.params.iter().zip(&args).for_each(|(param, value)| inside.call(&param.name, *value));
        let body = self.read(terms, &definition.body, &inside, not);
        self.calls.insert((name, args, names.depth, not), body);
        body
    }

    /// A term that has no negation of its own.
    fn value(&mut self, terms: &mut Terms, expr: &'p Expr, names: &Names) -> Id {
        match &expr.node {
            Node::Int(n) => terms.add(Head::Number(Decimal::from(*n)), Vec::new()),
            Node::Decimal(text) => {
                let number = number(terms, text);
                terms.form("decimal", vec![number])
            }
            Node::Text(text) => terms.named("text", text.clone(), Vec::new()),
            Node::Date(day) => terms.named("day", day.clone(), Vec::new()),
            Node::Time(at) => {
                let instant = at.parse::<jiff::Timestamp>().map_or_else(|_| at.clone(), |at| at.to_string());
                terms.named("instant", instant, Vec::new())
            }
            Node::Duration(length) => terms.add(Head::Length(*length), Vec::new()),
            Node::Length(metres) => {
                let metres = number(terms, metres);
                terms.form("metres", vec![metres])
            }
            Node::Money { amount, currency } => {
                let amount = number(terms, amount);
                terms.named("money", currency.clone(), vec![amount])
            }
            Node::Nation(code) => terms.named("nation", code.clone(), Vec::new()),
            Node::Variant(name) => self.variant(terms, &expr.ty, name),
            Node::Never => terms.form("never", Vec::new()),
            Node::AsOf => terms.form("as of", Vec::new()),
            Node::List(items) => {
                let mut items = self.exprs(terms, items, names);
                items.sort_unstable();
                terms.form("list", items)
            }
            Node::Parameter { name, at } => self.parameter(terms, name, at.as_deref(), names),
            Node::Field { of, name, at } => self.field(terms, of, name, at.as_deref(), names),
            Node::Arith { op, left, right } => {
                let (left, right) = (self.expr(terms, left, names), self.expr(terms, right, names));
                arithmetic(terms, *op, left, right)
            }
            Node::Neg(inner) => self.form(terms, "minus", [&**inner], names),
            Node::In { value, list } => match &list.node {
                Node::List(items) => {
                    let value = self.expr(terms, value, names);
                    let items = self.exprs(terms, items, names);
                    let equal: Vec<Id> =
                        items.into_iter().map(|item| compare(terms, Comparison::Eq, value, item)).collect();
                    terms.joined(false, equal)
                }
                _ => self.form(terms, "in", [&**value, list], names),
            },
            Node::Within { value, from, to } => {
                self.form(terms, "within", [&**value, from].into_iter().chain(to.as_deref()), names)
            }
            Node::Overlaps(a, b) => {
                let both = self.exprs(terms, [&**a, b], names);
                terms.set("overlaps", both)
            }
            Node::Covers(a, b) => self.form(terms, "covers", [&**a, b], names),
            Node::IsEmpty(inner) => self.form(terms, "empty", [&**inner], names),
            Node::IfUnknown(a, b) => self.form(terms, "if unknown", [&**a, b], names),
            Node::If { condition, then, otherwise } => self.form(terms, "if", [&**condition, then, otherwise], names),
            Node::Period { from, to } => self.form(terms, "period", [&**from, to], names),
            Node::Count { binder, condition } => self.walk(terms, "count", binder, [&**condition], names),
            Node::Share { binder, condition } => self.walk(terms, "share", binder, [&**condition], names),
            Node::Fold { op, value, binder, condition } => {
                let word = match op {
                    Fold::Sum => "sum",
                    Fold::Min => "min",
                    Fold::Max => "max",
                };
                self.walk(terms, word, binder, [&**value, condition], names)
            }
            Node::Pick { op, binder, condition } => {
                let word = match op {
                    Pick::Latest => "latest",
                    Pick::Earliest => "earliest",
                    Pick::The => "the",
                };
                self.walk(terms, word, binder, [&**condition], names)
            }
            Node::Holds { who, role, of, at } => {
                let role = self.role(terms, role, &mut BTreeSet::new());
                let parts: Vec<Id> = std::iter::once(&**who)
                    .chain(of.as_deref())
                    .chain(at.as_deref())
                    .map(|part| self.expr(terms, part, names))
                    .collect();
                let shape = format!("{}{}", u8::from(of.is_some()), u8::from(at.is_some()));
                terms.named("holds", shape, std::iter::once(role).chain(parts).collect())
            }
            Node::Convert { amount, currency, rate } => {
                let both = self.exprs(terms, [&**amount, rate], names);
                terms.named("convert", currency.clone(), both)
            }
            Node::CurrencyOf(inner) => self.form(terms, "currency", [&**inner], names),
            Node::Distance(a, b) => self.form(terms, "distance", [&**a, b], names),
            Node::Follow { from, field } => {
                let start = self.expr(terms, from, names);
                let declared = match from.ty.known() {
                    Type::Record(record) => self.declared(terms, record, field),
                    _ => terms.form("no field", Vec::new()),
                };
                terms.named("follow", field.clone(), vec![start, declared])
            }
            // Those that have a negation of their own.
            Node::Bool(_)
            | Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::All(_)
            | Node::Compare { .. }
            | Node::IsKnown(_)
            | Node::IsMissing(_)
            | Node::Some { .. }
            | Node::Every { .. }
            | Node::Call { .. }
            | Node::Var(_) => self.read(terms, expr, names, false),
        }
    }

    fn form(
        &mut self,
        terms: &mut Terms,
        word: &'static str,
        parts: impl IntoIterator<Item = &'p Expr>,
        names: &Names,
    ) -> Id {
        let parts = self.exprs(terms, parts, names);
        terms.form(word, parts)
    }

    fn walk(
        &mut self,
        terms: &mut Terms,
        word: &'static str,
        binder: &'p Binder,
        inside: impl IntoIterator<Item = &'p Expr>,
        names: &Names,
    ) -> Id {
        let mut parts = vec![self.domain(terms, binder, names)];
        let names = names.bind(terms, &binder.var);
        parts.extend(self.exprs(terms, inside, &names));
        terms.form(word, parts)
    }

    /// What a variable ranges over.
    pub(crate) fn domain(&mut self, terms: &mut Terms, binder: &'p Binder, names: &Names) -> Id {
        match &binder.over {
            Domain::Records(record) => self.records(terms, record),
            Domain::Items(list) => self.form(terms, "items", [&**list], names),
        }
    }

    /// All records of a type: which of them count, and when they are dated.
    pub(crate) fn records(&mut self, terms: &mut Terms, name: &'p str) -> Id {
        let Some(record) = self.pack.records.get(name) else { return terms.named("no record", name, Vec::new()) };
        let dated: Vec<&'p String> = match &record.dated {
            None => Vec::new(),
            Some(Dated::At(field)) => vec![field],
            Some(Dated::During(from, to)) => vec![from, to],
        };
        let mut parts = Vec::new();
        for (word, fields) in [
            ("dated", dated),
            ("corrects", record.corrects.iter().collect()),
            ("recorded", record.recorded.iter().collect()),
        ] {
            let fields: Vec<Id> = fields
                .into_iter()
                .map(|field| {
                    let declared = self.declared(terms, name, field);
                    terms.named("field", field.clone(), vec![declared])
                })
                .collect();
            parts.push(terms.form(word, fields));
        }
        terms.named("records", record.name.clone(), parts)
    }

    fn field(&mut self, terms: &mut Terms, of: &'p Expr, name: &'p str, at: Option<&'p Expr>, names: &Names) -> Id {
        let record = self.expr(terms, of, names);
        let declared = match of.ty.known() {
            Type::Record(ty) => self.declared(terms, ty, name),
            _ => terms.form("no field", Vec::new()),
        };
        let mut parts = vec![record, declared];
        parts.extend(at.map(|at| self.expr(terms, at, names)));
        terms.named("field", name, parts)
    }

    /// What a field of a record type is declared as.
    fn declared(&mut self, terms: &mut Terms, record: &'p str, name: &'p str) -> Id {
        if let Some(known) = self.fields.get(&(record, name)) {
            return *known;
        }
        let found = self.pack.records.get(record);
        let Some(field) = found.and_then(|r| r.fields.iter().find(|f| f.name == name)) else {
            return terms.named("no field", name, Vec::new());
        };
        let mut parts = vec![self.ty(terms, &field.ty)];
        parts.extend(field.default.iter().map(|default| self.expr(terms, default, &Names::default())));
        let of = found.map_or("", |record| &record.name);
        let over_time = if field.over_time { "over time" } else { "" };
        let id = terms.named("declared", format!("{of} {over_time}"), parts);
        self.fields.insert((record, name), id);
        id
    }

    /// A type, as far as the data shows it.
    pub(crate) fn ty(&mut self, terms: &mut Terms, ty: &Type) -> Id {
        match ty {
            // Which values there are, and in which order, makes a difference only where a rule asks for it.
            Type::Enum(_) => terms.form("enum", Vec::new()),
            Type::Record(name) => {
                let name = self.pack.records.get(name).map_or(name.as_str(), |record| &record.name);
                terms.named("record", name, Vec::new())
            }
            Type::List(item) => {
                let item = self.ty(terms, item);
                terms.form("list of", vec![item])
            }
            Type::Optional(inner) => {
                let inner = self.ty(terms, inner);
                terms.form("optional", vec![inner])
            }
            scalar => terms.named("type", scalar.to_string(), Vec::new()),
        }
    }

    /// The values of an enum, in order.
    pub(crate) fn enumeration(&mut self, terms: &mut Terms, ty: &Type) -> Id {
        let declared = match ty.known() {
            Type::Enum(name) => self.pack.enums.get(name),
            _ => None,
        };
        let values = declared.into_iter().flat_map(|declared| &declared.variants);
        let values = values.map(|v| terms.named("variant", v.spelling.clone(), Vec::new())).collect();
        terms.form("ordered", values)
    }

    fn variant(&mut self, terms: &mut Terms, ty: &Type, name: &str) -> Id {
        let Type::Enum(of) = ty.known() else { return terms.named("value", name, Vec::new()) };
        let declared = self.pack.enums.get(of).and_then(|e| e.variants.iter().find(|v| v.name == name));
        let spelling = declared.map_or(name, |variant| &variant.spelling).to_owned();
        terms.named("variant", spelling, Vec::new())
    }

    fn parameter(&mut self, terms: &mut Terms, name: &'p str, at: Option<&'p Expr>, names: &Names) -> Id {
        let Some(Parameter { values, .. }) = self.pack.parameters.get(name) else {
            return terms.named("no parameter", name, Vec::new());
        };
        if let [only] = values.as_slice()
            && only.from.is_none()
        {
            return self.expr(terms, &only.value, &Names::default());
        }
        let mut parts: Vec<Id> = Vec::new();
        for value in values {
            let read = self.expr(terms, &value.value, &Names::default());
            parts.push(terms.named("from", value.from.clone().unwrap_or_default(), vec![read]));
        }
        parts.push(match at {
            None => terms.form("as of", Vec::new()),
            Some(at) => self.expr(terms, at, names),
        });
        terms.form("dated", parts)
    }

    /// Who holds a role, itself or by a narrower one.
    pub(crate) fn role(&mut self, terms: &mut Terms, name: &'p str, open: &mut BTreeSet<&'p str>) -> Id {
        if !open.insert(name) {
            return terms.named("ring", name, Vec::new());
        }
        let mut parts = Vec::new();
        if let Some(role) = self.pack.roles.get(name) {
            let of = role.of.as_ref().map_or_else(Names::default, |of| Names::default().bind(terms, &of.name));
            parts.push(match &role.held {
                None => terms.form("nobody known", Vec::new()),
                Some(held) => {
                    let mut names = of;
                    let mut all = Vec::new();
                    for binder in &held.binders {
                        all.push(self.domain(terms, binder, &names));
                        names = names.bind(terms, &binder.var);
                    }
                    all.push(self.expr(terms, &held.by, &names));
                    all.push(self.expr(terms, &held.condition, &names));
                    let period = held.during.iter().flat_map(|(from, to)| [from, to]);
                    let period = self.exprs(terms, period, &names);
                    all.push(terms.form("during", period));
                    let longest = self.exprs(terms, &held.longest, &names);
                    all.push(terms.form("longest", longest));
                    terms.form("held", all)
                }
            });
        }
        let narrower: Vec<&'p str> =
            self.pack.roles.iter().filter(|(_, r)| r.is.as_deref() == Some(name)).map(|(n, _)| n.as_str()).collect();
        let narrower: Vec<Id> = narrower.into_iter().map(|role| self.role(terms, role, open)).collect();
        parts.push(terms.set("or narrower", narrower));
        open.remove(name);
        terms.form("role", parts)
    }
}

/// A term or its negation.
pub(crate) fn negated(terms: &mut Terms, id: Id, not: bool) -> Id {
    if !not {
        return id;
    }
    match terms.get(id).cloned() {
        Some(Term { head: Head::Truth(truth), .. }) => terms.truth(!truth),
        Some(Term { head: Head::Form("not"), parts }) if parts.len() == 1 => parts[0],
        // A definition's argument or a `let` brings a term that is there already.
        Some(Term { head: Head::Form(word @ ("and" | "or")), parts }) => {
            let parts: Vec<Id> = parts.into_iter().map(|part| negated(terms, part, true)).collect();
            terms.joined(word == "or", parts)
        }
        Some(Term { head: Head::Form("known"), parts }) => terms.form("missing", parts),
        Some(Term { head: Head::Form("missing"), parts }) => terms.form("known", parts),
        Some(Term { head: Head::Form("=="), parts }) => terms.form("!=", parts),
        Some(Term { head: Head::Form("!="), parts }) => terms.form("==", parts),
        // a < b is denied by b <= a.
        Some(Term { head: Head::Form("<"), parts }) => terms.form("<=", parts.into_iter().rev().collect()),
        Some(Term { head: Head::Form("<="), parts }) => terms.form("<", parts.into_iter().rev().collect()),
        Some(Term { head: Head::Form(word @ ("some" | "every")), parts }) if parts.len() == 2 => {
            let inside = negated(terms, parts[1], true);
            terms.form(if word == "some" { "every" } else { "some" }, vec![parts[0], inside])
        }
        _ => terms.form("not", vec![id]),
    }
}

/// The comparison with its sides exchanged.
fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Eq => Comparison::Eq,
        Comparison::Ne => Comparison::Ne,
        Comparison::Lt => Comparison::Gt,
        Comparison::Le => Comparison::Ge,
        Comparison::Gt => Comparison::Lt,
        Comparison::Ge => Comparison::Le,
    }
}

fn opposite(op: Comparison) -> Comparison {
    match op {
        Comparison::Eq => Comparison::Ne,
        Comparison::Ne => Comparison::Eq,
        Comparison::Lt => Comparison::Ge,
        Comparison::Ge => Comparison::Lt,
        Comparison::Le => Comparison::Gt,
        Comparison::Gt => Comparison::Le,
    }
}

fn compare(terms: &mut Terms, op: Comparison, left: Id, right: Id) -> Id {
    match op {
        Comparison::Eq | Comparison::Ne => {
            let word = if op == Comparison::Eq { "==" } else { "!=" };
            // A set would make `a == a` of one part.
            terms.form(word, vec![left.min(right), left.max(right)])
        }
        Comparison::Lt => terms.form("<", vec![left, right]),
        Comparison::Le => terms.form("<=", vec![left, right]),
        Comparison::Gt => terms.form("<", vec![right, left]),
        Comparison::Ge => terms.form("<=", vec![right, left]),
    }
}

fn arithmetic(terms: &mut Terms, op: Arithmetic, left: Id, right: Id) -> Id {
    let word = match op {
        Arithmetic::Add => "+",
        Arithmetic::Sub => "-",
        Arithmetic::Mul => "*",
        Arithmetic::Div => "/",
    };
    // Of two lengths of time the sum of each unit.
    if let (Arithmetic::Add, Some(Head::Length(a)), Some(Head::Length(b))) =
        (op, terms.get(left).map(|t| &t.head), terms.get(right).map(|t| &t.head))
    {
        let sum = a.months.checked_add(b.months).zip(a.days.checked_add(b.days)).zip(a.seconds.checked_add(b.seconds));
        if let Some(((months, days), seconds)) = sum {
            return terms.add(Head::Length(mandate_pack::Duration { months, days, seconds }), Vec::new());
        }
    }
    terms.form(word, vec![left, right])
}

fn number(terms: &mut Terms, text: &str) -> Id {
    match text.parse::<Decimal>() {
        Ok(number) => terms.add(Head::Number(number.normalize()), Vec::new()),
        Err(_) => terms.named("number", text, Vec::new()),
    }
}
