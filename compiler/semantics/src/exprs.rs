//! Types of expressions, and their lowering to the pack. One pass: what has a type has a meaning.

use crate::checker::{Checker, Local, is_hole, shown, with_article};
use crate::literals;
use crate::names::{Entity, Kind};
use crate::probe::Wanted;
use crate::reference::Target;
use crate::signatures::{Signature, enumeration, record, signature};
use mandate_diagnostics::{Span, codes};
use mandate_pack::{self as pack, Binder, Comparison, Domain, Node, Type};
use mandate_syntax::ast::{self, Aggregate, CompareOp, Expr, ExprKind, Name, Path, Quantifier, Test};
use std::sync::Arc;

/// An expression that has a type.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub(crate) expr: pack::Expr,
    /// Its value comes from a `sensitive` field.
    pub(crate) sensitive: bool,
}

impl Typed {
    pub(crate) fn new(ty: Type, node: Node) -> Typed {
        Typed { expr: pack::Expr { ty, node }, sensitive: false }
    }

    pub(crate) fn ty(&self) -> &Type {
        &self.expr.ty
    }

    pub(crate) fn boxed(self) -> Box<pack::Expr> {
        Box::new(self.expr)
    }
}

/// A Boolean that is unknown when any of `parts` may be.
pub(crate) fn truth(parts: &[&Typed], node: Node) -> Typed {
    let unknown = parts.iter().any(|part| part.ty().is_optional());
    Typed::new(if unknown { Type::Bool.optional() } else { Type::Bool }, node)
}

/// A value computed from `parts`.
pub(crate) fn value(ty: Type, parts: &[&Typed], node: Node) -> Typed {
    let ty = if parts.iter().any(|part| part.ty().is_optional()) { ty.optional() } else { ty };
    Typed { expr: pack::Expr { ty, node }, sensitive: parts.iter().any(|part| part.sensitive) }
}

impl Checker<'_> {
    /// A condition: Bool, perhaps unknown.
    pub(crate) fn condition(&mut self, expr: &Expr) -> Option<Typed> {
        let typed = self.expr(expr, Some(&Type::Bool))?;
        if *typed.ty().known() == Type::Bool {
            return Some(typed);
        }
        let message = format!("a condition is needed here, and this is {}", with_article(typed.ty()));
        let help = match typed.ty().known() {
            Type::List(_) => "Ask `is empty`, or `some x in ... where ...`.",
            _ => "Compare it with something, or ask `is known`.",
        };
        self.report(&codes::E038, expr.span, message, help);
        None
    }

    /// A condition that must be true when absent.
    pub(crate) fn condition_or_true(&mut self, expr: Option<&Expr>) -> Option<Typed> {
        match expr {
            Some(expr) => self.condition(expr),
            None => Some(Typed::new(Type::Bool, Node::Bool(true))),
        }
    }

    /// An expression that must have a type.
    pub(crate) fn expr_of(&mut self, expr: &Expr, wanted: &Type) -> Option<Typed> {
        let typed = self.expr(expr, Some(wanted))?;
        self.expect_type(typed, wanted, expr.span)
    }

    /// Checks that a value fits where `wanted` is needed. An optional value fits: what is unknown stays unknown.
    pub(crate) fn expect_type(&mut self, typed: Typed, wanted: &Type, span: Span) -> Option<Typed> {
        if fits(typed.ty(), wanted) {
            return Some(typed);
        }
        let message = format!("{} is needed here, and this is {}", with_article(wanted), with_article(typed.ty()));
        self.report(&codes::E030, span, message, conversion_help(typed.ty().known(), wanted.known()));
        None
    }

    /// The type and meaning of an expression. `expected` resolves the names of enum values and the like; it is no demand.
    pub(crate) fn expr(&mut self, expr: &Expr, expected: Option<&Type>) -> Option<Typed> {
        let typed = self.meaning(expr, expected)?;
        self.typed_here(expr.span, typed.ty());
        Some(typed)
    }

    fn meaning(&mut self, expr: &Expr, expected: Option<&Type>) -> Option<Typed> {
        match &expr.kind {
            ExprKind::Hole => None,
            ExprKind::Bool(b) => Some(Typed::new(Type::Bool, Node::Bool(*b))),
            ExprKind::Number(_)
            | ExprKind::Quantity(..)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Time(_) => self.literal(expr, expected),
            ExprKind::Name(name) => self.name(&Name { text: name.clone(), span: expr.span }, expected),
            ExprKind::Field(of, field) => self.field(of, field),
            ExprKind::Call(path, args) => self.call(path, args, expr.span),
            ExprKind::Not(inner) => {
                let inner = self.condition(inner)?;
                Some(truth(&[&inner], Node::Not(Box::new(inner.expr.clone()))))
            }
            ExprKind::And(parts) => self.connective(parts, Node::And),
            ExprKind::Or(parts) => self.connective(parts, Node::Or),
            ExprKind::Compare(op, left, right) => self.compare(*op, left, right, expr.span),
            ExprKind::Arith(op, left, right) => self.arithmetic(*op, left, right, expr.span),
            ExprKind::Neg(inner) => self.negative(inner, expected),
            ExprKind::In(item, list) => self.membership(item, list),
            ExprKind::Overlaps(left, right) => self.overlaps(left, right),
            ExprKind::Covers(left, right) => self.covers(left, right),
            ExprKind::Is(inner, test) => self.is(inner, *test, expr.span),
            ExprKind::Holds(holds) => self.holds(holds, expr.span),
            ExprKind::IfUnknown(first, second) => self.if_unknown(first, second, expected),
            ExprKind::If(condition, then, otherwise) => self.choice(condition, then, otherwise, expected),
            ExprKind::Range(from, to) => self.period(from, to, expr.span),
            ExprKind::Quantified(which, binder, condition) => self.quantified(*which, binder, condition.as_deref()),
            ExprKind::Aggregate(which, of, binder, condition) => {
                self.aggregate(*which, of.as_deref(), binder, condition.as_deref(), expr.span)
            }
            ExprKind::Pick(which, binder, condition) => self.pick(*which, binder, condition.as_deref()),
            ExprKind::List(items) => self.list(items, expected, expr.span),
            ExprKind::Record(..) => {
                let message = "a record can be written out only in a scenario";
                self.report(
                    &codes::E080,
                    expr.span,
                    message,
                    "In a rule, range over records with `for each` or `some`.",
                );
                None
            }
            ExprKind::All(parts) => self.all(parts),
        }
    }

    fn literal(&mut self, expr: &Expr, expected: Option<&Type>) -> Option<Typed> {
        match literals::literal(expr, expected.map(Type::known)) {
            Ok((ty, node)) => Some(Typed::new(ty, node)),
            Err(fault) => {
                self.report(fault.code, expr.span, fault.message, fault.help);
                None
            }
        }
    }

    fn connective(&mut self, parts: &[Expr], node: fn(Vec<pack::Expr>) -> Node) -> Option<Typed> {
        let typed: Vec<Option<Typed>> = parts.iter().map(|part| self.condition(part)).collect();
        let typed: Vec<Typed> = typed.into_iter().collect::<Option<_>>()?;
        let result = truth(&typed.iter().collect::<Vec<_>>(), Node::Bool(true));
        Some(Typed::new(result.expr.ty, node(typed.into_iter().map(|t| t.expr).collect())))
    }

    fn name(&mut self, name: &Name, expected: Option<&Type>) -> Option<Typed> {
        if self.asked(&name.text, || Wanted::Value(expected.cloned())) {
            return None;
        }
        if let Some(index) = self.locals.iter().rposition(|local| local.name == name.text) {
            return self.local(index, name.span);
        }
        if let Some(typed) = self.variant_of(expected, name) {
            return Some(typed);
        }
        match name.text.as_str() {
            "never" => {
                let ty = match expected.map(Type::known) {
                    Some(Type::Date) => Type::Date,
                    _ => Type::Time,
                };
                return Some(Typed::new(ty, Node::Never));
            }
            "as_of" => return Some(Typed::new(Type::Time, Node::AsOf)),
            _ => {}
        }
        if let Some(entity) = self.scope.names.get(name.text.as_str()).cloned() {
            self.refer_entity(name.span, &entity);
            return self.entity_value(&entity, name.span);
        }
        if let Some(Type::Enum(qualified)) = expected.map(Type::known) {
            // A name that a failed `use` should have brought has been reported there.
            if !self.scope.unresolved.contains(name.text.as_str()) {
                self.unknown_variant(qualified, name);
            }
            return None;
        }
        self.unknown_name(name);
        None
    }

    fn local(&mut self, index: usize, span: Span) -> Option<Typed> {
        let local = &mut self.locals[index];
        local.used = true;
        let (ty, sensitive) = (local.ty.clone(), local.sensitive);
        let (name, introduced) = (local.name.clone(), local.span.shifted(self.offset));
        let shown = ty.as_ref().map_or_else(|| "unknown type".to_owned(), shown);
        let target = Target::Local {
            file: self.file.path(self.db).clone(),
            span: introduced,
            name: Arc::from(name.as_str()),
            ty: shown,
        };
        self.refer(span, target);
        Some(Typed { expr: pack::Expr { ty: ty?, node: Node::Var(name) }, sensitive })
    }

    /// The value of the expected enum called `name`.
    fn variant_of(&mut self, expected: Option<&Type>, name: &Name) -> Option<Typed> {
        let Some(Type::Enum(qualified)) = expected.map(Type::known) else { return None };
        let (entity, found) = enumeration(self.db, qualified)?;
        found.variants.iter().find(|(variant, _)| *variant == name.text)?;
        Some(self.variant(&entity, qualified.clone(), name))
    }

    fn variant(&mut self, entity: &Entity, qualified: String, name: &Name) -> Typed {
        let target = Target::Variant {
            file: entity.file.path(self.db).clone(),
            r#enum: entity.name.clone(),
            variant: Arc::from(name.text.as_str()),
        };
        self.refer(name.span, target);
        Typed::new(Type::Enum(qualified), Node::Variant(name.text.clone()))
    }

    fn unknown_variant(&mut self, qualified: &str, name: &Name) {
        let Some((entity, found)) = enumeration(self.db, qualified) else { return };
        let known: Vec<&str> = found.variants.iter().map(|(variant, _)| variant.as_str()).collect();
        let message = format!("`{}` is no value of `{}`", name.text, entity.name);
        let fallback = format!("Its values are {}.", known.join(", "));
        self.unknown(&codes::E028, name, message, known.iter().copied(), fallback);
    }

    /// What a declared name stands for as a value.
    fn entity_value(&mut self, entity: &Entity, span: Span) -> Option<Typed> {
        let qualified = entity.qualified(self.db);
        match signature(self.db, entity)? {
            Signature::Parameter(parameter) => {
                Some(Typed::new(parameter.ty.clone()?, Node::Parameter { name: qualified, at: None }))
            }
            Signature::Define(callable) if callable.params.is_empty() => {
                self.apply(entity, callable.params.clone(), &[], span)
            }
            Signature::Define(callable) => {
                let names: Vec<&str> = callable.params.iter().map(|(name, _)| name.as_str()).collect();
                let help = format!("Write `{}({})`.", entity.name, names.join(", "));
                self.report(&codes::E036, span, format!("the definition `{}` needs arguments", entity.name), help);
                None
            }
            _ => {
                let message = format!("`{}` is {}, which has no value here", entity.name, entity.kind.phrase());
                let help = match entity.kind {
                    Kind::Record => format!("To speak of all of them, write `some x: {} where ...`.", entity.name),
                    Kind::Role => format!("A role can be a bearer: `{} must ...`.", entity.name),
                    Kind::Enum => format!("Write one of its values, or `{}.value`.", entity.name),
                    _ => String::new(),
                };
                self.report(&codes::E025, span, message, help);
                None
            }
        }
    }

    fn field(&mut self, of: &Expr, field: &Name) -> Option<Typed> {
        if let Some(result) = self.qualified_name(of, field) {
            return result;
        }
        let base = self.expr(of, None)?;
        self.member(base, of, field).map(|(typed, _)| typed)
    }

    /// A field of a record, and whether its value changes over time. `of` is what the record is written as.
    pub(crate) fn member(&mut self, base: Typed, of: &Expr, field: &Name) -> Option<(Typed, bool)> {
        if field.is_hole() || self.asked(&field.text, || Wanted::Member(base.ty().clone())) {
            return None;
        }
        let Type::Record(qualified) = base.ty().known().clone() else {
            let message = format!("`.{}` asks for a field, and this is {}", field.text, with_article(base.ty()));
            let help = match base.ty().known() {
                Type::List(_) => {
                    format!("Speak of the items: `some x in {} where x.{} ...`.", self.words(of.span), field.text)
                }
                _ => "Only records have fields.".to_owned(),
            };
            self.report(&codes::E027, field.span, message, help);
            return None;
        };
        let (entity, signature) = record(self.db, &qualified)?;
        let Some(found) = signature.field(&field.text) else {
            let known: Vec<&str> = signature.fields.iter().map(|f| f.name.as_str()).collect();
            let message = format!("`{}` has no field `{}`", entity.name, field.text);
            let fallback = format!("Its fields are {}.", known.join(", "));
            self.unknown(&codes::E026, field, message, known.iter().copied(), fallback);
            return None;
        };
        let target = Target::Field {
            file: entity.file.path(self.db).clone(),
            record: entity.name.clone(),
            field: Arc::from(field.text.as_str()),
        };
        self.refer(field.span, target);
        let ty = found.ty.clone()?;
        // Before its first entry nothing is known of what changes.
        let ty = if found.over_time { ty.optional() } else { ty };
        let mut typed =
            value(ty, &[&base], Node::Field { of: Box::new(base.expr.clone()), name: field.text.clone(), at: None });
        // What is reached through a sensitive reference would name the record it hides.
        typed.sensitive |= found.sensitive;
        Some((typed, found.over_time))
    }

    /// `RiskLevel.high`, `sites.threshold`: a dotted name that is no field. `None` when it is a field after all.
    fn qualified_name(&mut self, of: &Expr, last: &Name) -> Option<Option<Typed>> {
        let mut path = dotted(of)?;
        let first = path.first()?;
        if self.locals.iter().any(|local| local.name == first.text) {
            return None;
        }
        if let [only] = path.as_slice()
            && let Some(entity) = self.scope.names.get(only.text.as_str()).cloned()
        {
            if entity.kind != Kind::Enum {
                return None;
            }
            self.refer_entity(only.span, &entity);
            let qualified = entity.qualified(self.db);
            if last.is_hole() || self.asked(&last.text, || Wanted::Variant(qualified.clone())) {
                return Some(None);
            }
            let expected = Type::Enum(qualified.clone());
            let found = self.variant_of(Some(&expected), last);
            if found.is_none() {
                self.unknown_variant(&qualified, last);
            }
            return Some(found);
        }
        self.region(&path)?;
        path.push(last.clone());
        let span = path.iter().fold(last.span, |span, name| span.to(name.span));
        let path = Path { segments: path, span };
        let entity = self.entity(&path, &[Kind::Parameter, Kind::Define]);
        Some(entity.and_then(|entity| self.entity_value(&entity, span)))
    }

    fn call(&mut self, path: &Path, args: &[Expr], span: Span) -> Option<Typed> {
        if let [name] = path.segments.as_slice() {
            match name.text.as_str() {
                "distance" => return self.distance(args, span),
                "follow" => return self.follow(args, span),
                "convert" => return self.convert(args, span),
                "currency" => return self.currency(args, span),
                _ => {}
            }
        }
        if let [first, _, ..] = path.segments.as_slice()
            && self.locals.iter().any(|local| local.name == first.text)
        {
            return self.reading(path, args, span);
        }
        let entity = self.entity(path, &[Kind::Define, Kind::Parameter])?;
        match signature(self.db, &entity)? {
            Signature::Define(callable) => self.apply(&entity, callable.params.clone(), args, span),
            Signature::Parameter(parameter) => {
                let ty = parameter.ty.clone()?;
                let [at] = args else {
                    let message = format!("the parameter `{}` takes one day", entity.name);
                    self.report(
                        &codes::E036,
                        span,
                        message,
                        format!("Write `{}(day)` for its value then.", entity.name),
                    );
                    return None;
                };
                let at = self.expr(at, Some(&Type::Date)).and_then(|t| self.instant_or_day(t, at.span))?;
                let node = Node::Parameter { name: entity.qualified(self.db), at: Some(Box::new(at.expr.clone())) };
                Some(value(ty, &[&at], node))
            }
            _ => None,
        }
    }

    /// A Time or a Date.
    pub(crate) fn instant_or_day(&mut self, typed: Typed, span: Span) -> Option<Typed> {
        if matches!(typed.ty().known(), Type::Time | Type::Date) {
            return Some(typed);
        }
        let message = format!("an instant or a day is needed here, and this is {}", with_article(typed.ty()));
        self.report(
            &codes::E030,
            span,
            message,
            "Name a field of type Time or Date, or write a date such as 2024-03-01.",
        );
        None
    }

    /// A definition applied to arguments.
    fn apply(
        &mut self,
        entity: &Entity,
        params: Vec<(String, Option<Type>)>,
        args: &[Expr],
        span: Span,
    ) -> Option<Typed> {
        let args = self.arguments(&entity.name, &params, args, span)?;
        let (ty, sensitive) = crate::definitions::result(self.db, entity)?;
        let sensitive = sensitive || (*ty.known() != Type::Bool && args.iter().any(|arg| arg.sensitive));
        let node =
            Node::Call { definition: entity.qualified(self.db), args: args.into_iter().map(|a| a.expr).collect() };
        Some(Typed { expr: pack::Expr { ty, node }, sensitive })
    }

    /// Arguments against parameters, by position. All are checked even when one is wrong.
    pub(crate) fn arguments(
        &mut self,
        callee: &str,
        params: &[(String, Option<Type>)],
        args: &[Expr],
        span: Span,
    ) -> Option<Vec<Typed>> {
        let typed: Vec<Option<Typed>> = args
            .iter()
            .enumerate()
            .map(|(i, arg)| match params.get(i).and_then(|(_, ty)| ty.as_ref()) {
                Some(ty) => self.expr_of(arg, ty),
                None => self.expr(arg, None),
            })
            .collect();
        if params.len() != args.len() {
            let wanted: Vec<String> = params
                .iter()
                .map(|(name, ty)| ty.as_ref().map_or(name.clone(), |ty| format!("{name}: {}", shown(ty))))
                .collect();
            let message =
                format!("`{callee}` takes {}, and {} given", counted(params.len(), "argument"), given(args.len()));
            self.report(&codes::E036, span, message, format!("Write `{callee}({})`.", wanted.join(", ")));
            return None;
        }
        typed.into_iter().collect()
    }

    fn distance(&mut self, args: &[Expr], span: Span) -> Option<Typed> {
        let params = [("from".to_owned(), Some(Type::Location)), ("to".to_owned(), Some(Type::Location))];
        let args = self.arguments("distance", &params, args, span)?;
        let [from, to] = args.as_slice() else { return None };
        let node = Node::Distance(Box::new(from.expr.clone()), Box::new(to.expr.clone()));
        Some(value(Type::Length, &[from, to], node))
    }

    fn follow(&mut self, args: &[Expr], span: Span) -> Option<Typed> {
        let [from, Expr { kind: ExprKind::Name(field), span: field_span }] = args else {
            self.report(
                &codes::E036,
                span,
                "`follow` takes a record and the name of one of its fields",
                "Write `follow(unit, parent)`.",
            );
            return None;
        };
        let from = self.expr(from, None)?;
        let ExprKind::Name(_) = &args[1].kind else { return None };
        let Type::Record(qualified) = from.ty().known().clone() else {
            let message = format!("`follow` starts at a record, and this is {}", with_article(from.ty()));
            self.report(&codes::E027, args[0].span, message, "Write `follow(unit, parent)`.");
            return None;
        };
        if self.asked(field, || Wanted::Link(qualified.clone())) {
            return None;
        }
        let (entity, signature) = record(self.db, &qualified)?;
        if signature.field(field).is_some_and(|f| f.over_time) {
            let message = format!("`follow` goes along a field that stays as it is, and `{field}` changes over time");
            self.report(&codes::E080, *field_span, message, "Follow another field, or read this one step by step.");
            return None;
        }
        let target = signature.field(field).and_then(|f| f.ty.as_ref()).map(|ty| match ty.known() {
            Type::List(item) => item.known().clone(),
            other => other.clone(),
        });
        if target != Some(Type::Record(qualified.clone())) {
            let leads: Vec<&str> = signature
                .fields
                .iter()
                .filter(|f| f.ty.as_ref().is_some_and(|ty| *ty.known() == Type::Record(qualified.clone())))
                .map(|f| f.name.as_str())
                .collect();
            let message = format!("`{field}` is no field of `{0}` that leads to another {0}", entity.name);
            let name = Name { text: field.clone(), span: *field_span };
            let fallback =
                if leads.is_empty() { String::new() } else { format!("Such fields are {}.", leads.join(", ")) };
            self.unknown(&codes::E026, &name, message, leads.iter().copied(), fallback);
            return None;
        }
        let target = Target::Field {
            file: entity.file.path(self.db).clone(),
            record: entity.name.clone(),
            field: Arc::from(field.as_str()),
        };
        self.refer(*field_span, target);
        let node = Node::Follow { from: Box::new(from.expr.clone()), field: field.clone() };
        Some(value(Type::List(Box::new(Type::Record(qualified))), &[&from], node))
    }

    /// Both sides of an operator, the one that can be read on its own first, so that the other is read in its light.
    fn sides(&mut self, left: &Expr, right: &Expr) -> Option<(Typed, Typed)> {
        if is_hole(left) || is_hole(right) {
            self.expr(left, None);
            self.expr(right, None);
            return None;
        }
        if self.is_open(left) && !self.is_open(right) {
            let right = self.expr(right, None);
            let left = self.expr(left, right.as_ref().map(Typed::ty));
            return Some((left?, right?));
        }
        let left = self.expr(left, None);
        // Without a type to read it by, a bare name that is no variable would be reported although only the left side is wrong.
        if left.is_none() && self.is_open(right) {
            return None;
        }
        let right = self.expr(right, left.as_ref().map(Typed::ty));
        Some((left?, right?))
    }

    /// Whether an expression means something only in the light of an expected type: the bare name of an enum value, `never`, a literal.
    fn is_open(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => {
                !self.locals.iter().any(|local| local.name == *name)
                    && !self.scope.names.contains_key(name.as_str())
                    && name != "as_of"
            }
            ExprKind::Text(_) | ExprKind::Number(_) => true,
            ExprKind::List(items) => items.iter().all(|item| self.is_open(item)),
            ExprKind::If(_, then, otherwise) => self.is_open(then) && self.is_open(otherwise),
            _ => false,
        }
    }

    fn compare(&mut self, op: CompareOp, left: &Expr, right: &Expr, span: Span) -> Option<Typed> {
        let (a, b) = self.sides(left, right)?;
        let (left_ty, right_ty) = (a.ty().known(), b.ty().known());
        if !comparable(left_ty, right_ty) {
            let message = format!("{} cannot be compared with {}", with_article(left_ty), with_article(right_ty));
            self.report(&codes::E031, span, message, comparison_help(left_ty, right_ty));
            return None;
        }
        let op = comparison(op);
        if matches!(op, Comparison::Eq | Comparison::Ne) && [&a, &b].iter().any(|side| side.expr.node == Node::Never) {
            let message = "nothing is ever equal to `never`, so this comparison says nothing";
            self.report(&codes::E031, span, message, "Ask whether it has happened: `is missing`, or `is known`.");
            return None;
        }
        if let (Node::Money { currency: x, .. }, Node::Money { currency: y, .. }) = (&a.expr.node, &b.expr.node)
            && x != y
        {
            let message = format!("an amount in {x} cannot be compared with one in {y}");
            self.report(&codes::E031, span, message, "Write both in one currency.");
            return None;
        }
        self.reveals(&a, &b, op == Comparison::Eq, span)?;
        if !matches!(op, Comparison::Eq | Comparison::Ne) {
            self.ordered(left_ty, span)?;
        }
        let node = Node::Compare { op, left: Box::new(a.expr.clone()), right: Box::new(b.expr.clone()) };
        Some(truth(&[&a, &b], node))
    }

    /// Refuses a comparison by which the records that a finding names would give a sensitive value away: `for each i: Incident, p: Person
    /// when i.told_by == p` would print the person.
    pub(crate) fn reveals(&mut self, a: &Typed, b: &Typed, equal: bool, span: Span) -> Option<()> {
        let (hidden, other) = match (a.sensitive, b.sensitive) {
            (true, false) => (a, b),
            (false, true) => (b, a),
            _ => return Some(()),
        };
        let own = variables(&hidden.expr);
        let named = variables(&other.expr);
        // Traces name records that a question found; what a hidden reference leads to is withheld there, a text it equals cannot be.
        let text = !matches!(hidden.ty().known(), Type::Record(_) | Type::List(_));
        let gives_away = |name: &&String| {
            let record = |ty: &Option<Type>| matches!(ty.as_ref().map(Type::known), Some(Type::Record(_)));
            let shown = |local: &Local| local.subject || (text && equal && record(&local.ty));
            !own.contains(*name) && self.locals.iter().any(|local| local.name == **name && shown(local))
        };
        let Some(name) = named.iter().find(gives_away) else { return Some(()) };
        let message = format!(
            "findings can name `{name}`, and this comparison would give away the value of a `sensitive` field by it"
        );
        self.report(
            &codes::E041,
            span,
            message,
            "Ask `some ... where ...` about a reference instead: then what it leads to is kept back.",
        );
        None
    }

    fn ordered(&mut self, ty: &Type, span: Span) -> Option<()> {
        let help = match ty {
            Type::Int | Type::Decimal | Type::Date | Type::Time | Type::Duration | Type::Length | Type::Money => {
                return Some(());
            }
            Type::Enum(name) => {
                let (entity, found) = enumeration(self.db, name)?;
                if found.ordered {
                    return Some(());
                }
                format!(
                    "`{}` has no order. If it should have one, declare its values with `<`, lowest first.",
                    entity.name
                )
            }
            _ => "Only numbers, quantities, days, instants and ordered enums can be greater or less.".to_owned(),
        };
        self.report(&codes::E032, span, format!("{} cannot be greater or less", with_article(ty)), help);
        None
    }

    fn arithmetic(&mut self, op: ast::ArithOp, left: &Expr, right: &Expr, span: Span) -> Option<Typed> {
        let (a, b) = (self.expr(left, None), self.expr(right, None));
        let (a, b) = (a?, b?);
        let Some(ty) = literals::arithmetic(op, a.ty().known(), b.ty().known()) else {
            let sign = match op {
                ast::ArithOp::Add => "added to",
                ast::ArithOp::Sub => "subtracted from",
                ast::ArithOp::Mul => "multiplied by",
                ast::ArithOp::Div => "divided by",
            };
            let (first, second) = if op == ast::ArithOp::Sub { (&b, &a) } else { (&a, &b) };
            let message = format!("{} cannot be {sign} {}", with_article(first.ty()), with_article(second.ty()));
            let help = "Units must agree: durations are added to durations, days and instants; lengths to lengths; amounts to amounts.";
            self.report(&codes::E033, span, message, help);
            return None;
        };
        let op = match op {
            ast::ArithOp::Add => pack::Arithmetic::Add,
            ast::ArithOp::Sub => pack::Arithmetic::Sub,
            ast::ArithOp::Mul => pack::Arithmetic::Mul,
            ast::ArithOp::Div => pack::Arithmetic::Div,
        };
        let mut result =
            value(ty, &[&a, &b], Node::Arith { op, left: Box::new(a.expr.clone()), right: Box::new(b.expr.clone()) });
        // Division by zero and amounts in two currencies have no value.
        if op == pack::Arithmetic::Div || *result.ty().known() == Type::Money {
            result.expr.ty = result.expr.ty.optional();
        }
        Some(result)
    }

    fn negative(&mut self, inner: &Expr, expected: Option<&Type>) -> Option<Typed> {
        let typed = self.expr(inner, expected)?;
        match typed.ty().known() {
            Type::Int | Type::Decimal | Type::Duration | Type::Length | Type::Money => {
                Some(value(typed.ty().clone(), &[&typed], Node::Neg(Box::new(typed.expr.clone()))))
            }
            other => {
                let message = format!("{} has no negative", with_article(other));
                self.report(&codes::E033, inner.span, message, "Only numbers and quantities do.");
                None
            }
        }
    }

    fn membership(&mut self, item: &Expr, list: &Expr) -> Option<Typed> {
        if matches!(&list.kind, ExprKind::List(items) if items.is_empty()) {
            self.expr(item, None);
            self.report(
                &codes::E037,
                list.span,
                "nothing is in an empty list",
                "Write the values in braces: `x in {a, b}`.",
            );
            return None;
        }
        if let ExprKind::Range(from, to) = &list.kind {
            let item_typed = self.expr(item, None)?;
            let ty = item_typed.ty().known().clone();
            if !matches!(ty, Type::Date | Type::Time) {
                let (from_typed, to_typed) = (self.expr_of(from, &ty), self.expr_of(to, &ty));
                let (from_typed, to_typed) = (from_typed?, to_typed?);
                self.ordered(&ty, item.span)?;
                let result = truth(&[&item_typed, &from_typed, &to_typed], Node::Bool(true));
                let node =
                    Node::Within { value: item_typed.boxed(), from: from_typed.boxed(), to: Some(to_typed.boxed()) };
                return Some(Typed::new(result.expr.ty, node));
            }
        }
        let (item_typed, list_typed) = if self.is_open(list) {
            let item_typed = self.expr(item, None)?;
            let wanted = Type::List(Box::new(item_typed.ty().known().clone()));
            (item_typed, self.expr(list, Some(&wanted))?)
        } else {
            let list_typed = self.expr(list, None)?;
            let wanted = match list_typed.ty().known() {
                Type::List(inner) => Some((**inner).clone()),
                _ => None,
            };
            (self.expr(item, wanted.as_ref())?, list_typed)
        };
        let mut result = truth(&[&item_typed, &list_typed], Node::Bool(true)).expr.ty;
        if matches!(list_typed.ty().known(), Type::List(inner) if inner.is_optional()) {
            result = result.optional();
        }
        match list_typed.ty().known() {
            Type::List(inner) if comparable(inner.known(), item_typed.ty().known()) => {
                self.reveals(&item_typed, &list_typed, true, item.span.to(list.span))?;
                Some(Typed::new(result, Node::In { value: item_typed.boxed(), list: list_typed.boxed() }))
            }
            Type::List(inner) => {
                let message = format!("a list of {} cannot hold {}", shown(inner), with_article(item_typed.ty()));
                self.report(&codes::E031, list.span, message, comparison_help(inner.known(), item_typed.ty().known()));
                None
            }
            Type::Period if matches!(item_typed.ty().known(), Type::Time | Type::Date) => {
                Some(Typed::new(result, Node::Within { value: item_typed.boxed(), from: list_typed.boxed(), to: None }))
            }
            other => {
                let message = format!("`in` needs a list, a range or a period, and this is {}", with_article(other));
                self.report(&codes::E037, list.span, message, "Write values in braces: `x in {a, b}`.");
                None
            }
        }
    }

    fn overlaps(&mut self, left: &Expr, right: &Expr) -> Option<Typed> {
        let (a, b) = self.sides(left, right)?;
        let fine = match (a.ty().known(), b.ty().known()) {
            (Type::Period, Type::Period) => true,
            (Type::List(x), Type::List(y)) => comparable(x.known(), y.known()),
            _ => false,
        };
        if !fine {
            let message = format!(
                "`overlaps` is asked of two periods or two lists, and these are {} and {}",
                with_article(a.ty()),
                with_article(b.ty())
            );
            self.report(&codes::E037, left.span.to(right.span), message, "A period is written `from .. until`.");
            return None;
        }
        Some(truth(&[&a, &b], Node::Overlaps(Box::new(a.expr.clone()), Box::new(b.expr.clone()))))
    }

    fn covers(&mut self, left: &Expr, right: &Expr) -> Option<Typed> {
        let (a, b) = self.sides(left, right)?;
        let fine = match (a.ty().known(), b.ty().known()) {
            (Type::Period, Type::Period | Type::Time | Type::Date) => true,
            (Type::List(x), Type::List(y)) => comparable(x.known(), y.known()),
            _ => false,
        };
        if !fine {
            let message = format!("{} cannot cover {}", with_article(a.ty()), with_article(b.ty()));
            self.report(
                &codes::E037,
                left.span.to(right.span),
                message,
                "A period covers a period, an instant or a day; a list covers a list.",
            );
            return None;
        }
        Some(truth(&[&a, &b], Node::Covers(Box::new(a.expr.clone()), Box::new(b.expr.clone()))))
    }

    fn is(&mut self, inner: &Expr, test: Test, span: Span) -> Option<Typed> {
        let typed = self.expr(inner, None)?;
        match test {
            Test::Empty => {
                if !matches!(typed.ty().known(), Type::List(_)) {
                    let message = format!("`is empty` is asked of a list, and this is {}", with_article(typed.ty()));
                    self.report(
                        &codes::E037,
                        inner.span,
                        message,
                        "To ask whether a value was recorded, write `is missing`.",
                    );
                    return None;
                }
                Some(truth(&[&typed], Node::IsEmpty(Box::new(typed.expr.clone()))))
            }
            Test::Known | Test::Missing => {
                if !typed.ty().is_optional() && !may_be_never(&typed.expr) {
                    let always = if test == Test::Known { "always true" } else { "always false" };
                    let message = format!("`{}` is never missing, so this is {always}", self.words(inner.span));
                    self.report(
                        &codes::W005,
                        span,
                        message,
                        "Leave the test out, or declare the field optional with `?`.",
                    );
                }
                let node = match test {
                    Test::Known => Node::IsKnown(typed.boxed()),
                    Test::Missing | Test::Empty => Node::IsMissing(typed.boxed()),
                };
                Some(Typed::new(Type::Bool, node))
            }
        }
    }

    fn if_unknown(&mut self, first: &Expr, second: &Expr, expected: Option<&Type>) -> Option<Typed> {
        let a = self.expr(first, expected);
        let b = self.expr(second, a.as_ref().map(Typed::ty).or(expected));
        let (a, b) = (a?, b?);
        if !comparable(a.ty().known(), b.ty().known()) {
            let message = format!(
                "both sides of `if unknown` must be alike, and these are {} and {}",
                with_article(a.ty()),
                with_article(b.ty())
            );
            self.report(
                &codes::E030,
                first.span.to(second.span),
                message,
                conversion_help(b.ty().known(), a.ty().known()),
            );
            return None;
        }
        if !a.ty().is_optional() {
            let message =
                format!("`{}` is never unknown, so what follows `if unknown` is never read", self.words(first.span));
            self.report(&codes::W005, second.span, message, "Leave it out, or declare the field optional with `?`.");
        }
        let ty = if b.ty().is_optional() { a.ty().clone() } else { a.ty().known().clone() };
        let sensitive = a.sensitive || b.sensitive;
        Some(Typed { expr: pack::Expr { ty, node: Node::IfUnknown(a.boxed(), b.boxed()) }, sensitive })
    }

    fn choice(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr, expected: Option<&Type>) -> Option<Typed> {
        let condition = self.condition(condition);
        let branches = if expected.is_some() {
            self.expr(then, expected).zip(self.expr(otherwise, expected))
        } else {
            self.sides(then, otherwise)
        };
        let (condition, (mut a, mut b)) = (condition?, branches?);
        // `never` is a day beside a day, and an instant beside an instant.
        if a.expr.node == Node::Never && *b.ty().known() == Type::Date {
            a.expr.ty = Type::Date;
        } else if b.expr.node == Node::Never && *a.ty().known() == Type::Date {
            b.expr.ty = Type::Date;
        }
        if !comparable(a.ty().known(), b.ty().known()) {
            let message = format!(
                "both branches must be alike, and these are {} and {}",
                with_article(a.ty()),
                with_article(b.ty())
            );
            self.report(
                &codes::E030,
                then.span.to(otherwise.span),
                message,
                conversion_help(b.ty().known(), a.ty().known()),
            );
            return None;
        }
        let ty = a.ty().known().clone();
        let mut result = value(ty, &[&condition, &a, &b], Node::Bool(true));
        result.sensitive = a.sensitive || b.sensitive;
        result.expr.node = Node::If { condition: condition.boxed(), then: a.boxed(), otherwise: b.boxed() };
        Some(result)
    }

    pub(crate) fn period(&mut self, from: &Expr, to: &Expr, span: Span) -> Option<Typed> {
        let a = self.expr(from, None);
        let b = self.expr(to, a.as_ref().map(Typed::ty));
        let (a, b) = (a?, b?);
        let instants = |ty: &Type| matches!(ty, Type::Time | Type::Date);
        if !instants(a.ty().known()) || !instants(b.ty().known()) {
            let message = format!(
                "a period runs between two instants or days, and these are {} and {}",
                with_article(a.ty()),
                with_article(b.ty())
            );
            self.report(
                &codes::E030,
                span,
                message,
                "After `in`, a range of numbers or quantities may stand: `x in 1 .. 5`.",
            );
            return None;
        }
        if crate::bounds::less(&b.expr, &a.expr) == Some(true) {
            self.report(&codes::E073, span, "this period ends before it begins", "Exchange its two ends.");
        }
        // A period keeps its known end when the other is unknown, so it is optional only as a whole never.
        let node = Node::Period { from: Box::new(a.expr.clone()), to: Box::new(b.expr.clone()) };
        Some(value(Type::Period, &[&a, &b], node))
    }

    /// Introduces the variable of a binder.
    pub(crate) fn binder(&mut self, binder: &ast::Binder) -> Option<Binder> {
        let (over, ty, sensitive) = match &binder.over {
            ast::Domain::Type(ty) => match self.record_type(ty) {
                Some(name) => (Some(Domain::Records(name.clone())), Some(Type::Record(name)), false),
                None => (None, None, false),
            },
            ast::Domain::Items(list) => match self.expr(list, None) {
                Some(typed) => match typed.ty().known() {
                    Type::List(item) => {
                        let item = (**item).clone();
                        (Some(Domain::Items(Box::new(typed.expr.clone()))), Some(item), typed.sensitive)
                    }
                    other => {
                        let message = format!("a list is needed after `in`, and this is {}", with_article(other));
                        self.report(
                            &codes::E037,
                            list.span,
                            message,
                            "To range over all records of a type, write `x: Type`.",
                        );
                        (None, None, false)
                    }
                },
                None => (None, None, false),
            },
        };
        self.bind(&binder.name, ty, sensitive);
        Some(Binder { var: binder.name.text.clone(), over: over? })
    }

    /// The parts of a quantifier, with its variable in scope of the condition only.
    fn bound<T>(&mut self, binder: &ast::Binder, inside: impl FnOnce(&mut Self) -> Option<T>) -> Option<(Binder, T)> {
        let depth = self.locals.len();
        let bound = self.binder(binder);
        let inner = inside(self);
        self.unbind(depth, false);
        Some((bound?, inner?))
    }

    /// Whether it may be unknown what a binder ranges over: the list may be missing, or a link on the way to its items.
    fn over_unknown(&self, binder: &Binder) -> bool {
        let Domain::Items(list) = &binder.over else { return false };
        let ends_open = match (&list.node, list.ty.known()) {
            (Node::Follow { field, .. }, Type::List(item)) => match item.known() {
                Type::Record(name) => record(self.db, name)
                    .and_then(|(_, signature)| signature.field(field)?.ty.as_ref().map(Type::is_optional))
                    .unwrap_or(false),
                _ => false,
            },
            _ => false,
        };
        ends_open || list.ty.is_optional()
    }

    fn quantified(&mut self, which: Quantifier, binder: &ast::Binder, condition: Option<&Expr>) -> Option<Typed> {
        let (binder, condition) = self.bound(binder, |this| this.condition_or_true(condition))?;
        let over_unknown = self.over_unknown(&binder);
        let mut result = truth(&[&condition], Node::Bool(true)).expr.ty;
        if over_unknown {
            result = result.optional();
        }
        let condition = condition.boxed();
        let node = match which {
            Quantifier::Some => Node::Some { binder, condition },
            Quantifier::Every => Node::Every { binder, condition },
            Quantifier::No => {
                let some = pack::Expr { ty: result.clone(), node: Node::Some { binder, condition } };
                Node::Not(Box::new(some))
            }
        };
        Some(Typed::new(result, node))
    }

    fn aggregate(
        &mut self,
        which: Aggregate,
        of: Option<&Expr>,
        binder: &ast::Binder,
        condition: Option<&Expr>,
        span: Span,
    ) -> Option<Typed> {
        let (binder, (of_typed, condition)) = self.bound(binder, |this| {
            let of_typed = of.map(|of| this.expr(of, None));
            let condition = this.condition_or_true(condition);
            let of_typed = match of_typed {
                Some(typed) => Some(typed?),
                None => None,
            };
            Some((of_typed, condition?))
        })?;
        let unknown = condition.ty().is_optional() || self.over_unknown(&binder);
        let op = match which {
            Aggregate::Count => {
                let ty = if unknown { Type::Int.optional() } else { Type::Int };
                return Some(Typed::new(ty, Node::Count { binder, condition: condition.boxed() }));
            }
            Aggregate::Share => {
                // Of no items there is no share.
                let ty = Type::Decimal.optional();
                return Some(Typed::new(ty, Node::Share { binder, condition: condition.boxed() }));
            }
            Aggregate::Sum => pack::Fold::Sum,
            Aggregate::Min => pack::Fold::Min,
            Aggregate::Max => pack::Fold::Max,
        };
        let Some(of_typed) = of_typed else {
            self.report(
                &codes::E037,
                span,
                "this needs a value for each item",
                "Write `sum(x.count for x in xs where ...)`.",
            );
            return None;
        };
        let ty = of_typed.ty().known().clone();
        let fine = match op {
            pack::Fold::Sum => matches!(ty, Type::Int | Type::Decimal | Type::Duration | Type::Length | Type::Money),
            pack::Fold::Min | pack::Fold::Max => self.ordered(&ty, span).is_some(),
        };
        if !fine {
            if op == pack::Fold::Sum {
                let message = format!("{} cannot be summed", with_article(&ty));
                self.report(&codes::E033, span, message, "Only numbers and quantities can.");
            }
            return None;
        }
        let optional = unknown || of_typed.ty().is_optional() || op != pack::Fold::Sum;
        let sensitive = of_typed.sensitive;
        let node = Node::Fold { op, value: of_typed.boxed(), binder, condition: condition.boxed() };
        Some(Typed { expr: pack::Expr { ty: if optional { ty.optional() } else { ty }, node }, sensitive })
    }

    fn pick(&mut self, which: ast::Pick, binder: &ast::Binder, condition: Option<&Expr>) -> Option<Typed> {
        let span = binder.name.span;
        let (binder, condition) = self.bound(binder, |this| this.condition_or_true(condition))?;
        let item = match &binder.over {
            Domain::Records(name) => Type::Record(name.clone()),
            Domain::Items(list) => match list.ty.known() {
                Type::List(item) => item.known().clone(),
                other => other.clone(),
            },
        };
        let op = match which {
            ast::Pick::Latest => pack::Pick::Latest,
            ast::Pick::Earliest => pack::Pick::Earliest,
            ast::Pick::The => pack::Pick::The,
        };
        if op != pack::Pick::The {
            let dated = match &item {
                Type::Record(name) => record(self.db, name).is_some_and(|(_, signature)| signature.dated.is_some()),
                _ => false,
            };
            if !dated {
                let message =
                    format!("{} has no date of its own, so there is no latest or earliest", with_article(&item));
                self.report(
                    &codes::E032,
                    span,
                    message,
                    "Declare the record with `at FIELD`, or use `max(...)` of a field.",
                );
                return None;
            }
        }
        Some(Typed::new(item.optional(), Node::Pick { op, binder, condition: condition.boxed() }))
    }

    fn list(&mut self, items: &[Expr], expected: Option<&Type>, span: Span) -> Option<Typed> {
        let mut wanted = match expected.map(Type::known) {
            Some(Type::List(item)) => Some((**item).clone()),
            _ => None,
        };
        let mut typed = Vec::new();
        let mut failed = false;
        for item in items {
            match self.expr(item, wanted.as_ref()) {
                Some(found) => {
                    let ty = found.ty().known().clone();
                    if let Some(first) = wanted.as_ref().map(Type::known)
                        && !comparable(first, &ty)
                    {
                        let message = format!("this list holds {}, and this is {}", shown(first), with_article(&ty));
                        self.report(&codes::E030, item.span, message, conversion_help(&ty, first));
                        failed = true;
                    }
                    wanted.get_or_insert(ty);
                    typed.push(found);
                }
                None => failed = true,
            }
        }
        if failed {
            return None;
        }
        let Some(item) = wanted else {
            self.report(
                &codes::E037,
                span,
                "an empty list says nothing about what it holds",
                "Ask `is empty` instead.",
            );
            return None;
        };
        let sensitive = typed.iter().any(|t| t.sensitive);
        let unknown = typed.iter().any(|t| t.ty().is_optional());
        let item = if unknown { item.known().clone().optional() } else { item.known().clone() };
        let node = Node::List(typed.into_iter().map(|t| t.expr).collect());
        Some(Typed { expr: pack::Expr { ty: Type::List(Box::new(item)), node }, sensitive })
    }

    fn all(&mut self, parts: &[ast::NamedCondition]) -> Option<Typed> {
        self.distinct(parts.iter().map(|part| &part.name), "condition");
        let mut lowered = Vec::new();
        let mut failed = false;
        let mut unknown = false;
        for part in parts {
            let condition = self.condition(&part.condition);
            let unless = part.unless.as_ref().map(|unless| self.condition(unless));
            let (Some(condition), false) = (condition, matches!(unless, Some(None))) else {
                failed = true;
                continue;
            };
            let unless = unless.flatten();
            unknown |= condition.ty().is_optional() || unless.as_ref().is_some_and(|u| u.ty().is_optional());
            lowered.push(pack::NamedCondition {
                name: part.name.text.clone(),
                condition: condition.expr,
                unless: unless.map(|u| u.expr),
            });
        }
        if failed {
            return None;
        }
        Some(Typed::new(if unknown { Type::Bool.optional() } else { Type::Bool }, Node::All(lowered)))
    }
}

/// Variables an expression mentions.
pub(crate) fn variables(expr: &pack::Expr) -> Vec<String> {
    let mut names = Vec::new();
    expr.visit(&mut |inner| {
        if let Node::Var(name) = &inner.node {
            names.push(name.clone());
        }
    });
    names
}

/// Whether a value of one type may stand where another is needed. Whole numbers are decimals.
pub(crate) fn fits(ty: &Type, wanted: &Type) -> bool {
    match (ty.known(), wanted.known()) {
        (Type::Int, Type::Decimal) => true,
        (Type::List(a), Type::List(b)) => fits(a, b),
        (a, b) => a == b,
    }
}

/// Whether two values can be equal.
pub(crate) fn comparable(a: &Type, b: &Type) -> bool {
    matches!((a, b), (Type::Int, Type::Decimal) | (Type::Decimal, Type::Int))
        || (a == b && !matches!(a, Type::List(_) | Type::Location))
}

fn conversion_help(ty: &Type, wanted: &Type) -> &'static str {
    match (ty, wanted) {
        (Type::Date, Type::Time) => "A day is not an instant. Compare two days, or record the instant.",
        (Type::Time, Type::Date) => "An instant is not a day. Compare two instants, or record the day.",
        (Type::Int | Type::Decimal, Type::Duration) => "Give the number a unit, such as `24 hours` or `3 days`.",
        (Type::Int | Type::Decimal, Type::Length) => "Give the number a unit, such as `200 m`.",
        (Type::Int | Type::Decimal, Type::Money) => "Give the number a currency, such as `500000 USD`.",
        (Type::Text, Type::Date | Type::Time) => {
            "A day or an instant is written without quotation marks: 2024-03-01, 2024-03-01T08:00Z."
        }
        (Type::Text, Type::Enum(_)) => "A value of an enum is written without quotation marks.",
        (Type::List(_), _) => "This is a list; speak of one of its items with `some x in ... where ...`.",
        _ => "",
    }
}

fn comparison_help(a: &Type, b: &Type) -> &'static str {
    let help = conversion_help(a, b);
    if help.is_empty() { conversion_help(b, a) } else { help }
}

fn comparison(op: CompareOp) -> Comparison {
    match op {
        CompareOp::Eq => Comparison::Eq,
        CompareOp::Ne => Comparison::Ne,
        CompareOp::Lt => Comparison::Lt,
        CompareOp::Le => Comparison::Le,
        CompareOp::Gt => Comparison::Gt,
        CompareOp::Ge => Comparison::Ge,
    }
}

/// A field with a default of `never` can be asked whether it is known.
fn may_be_never(expr: &pack::Expr) -> bool {
    matches!((&expr.node, expr.ty.known()), (Node::Field { .. }, Type::Time | Type::Date))
}

/// `a.b.c` as names, when the expression is nothing else.
fn dotted(expr: &Expr) -> Option<Vec<Name>> {
    match &expr.kind {
        ExprKind::Name(text) => Some(vec![Name { text: text.clone(), span: expr.span }]),
        ExprKind::Field(of, field) => {
            let mut path = dotted(of)?;
            path.push(field.clone());
            Some(path)
        }
        _ => None,
    }
}

pub(crate) fn counted(n: usize, noun: &str) -> String {
    match n {
        0 => format!("no {noun}"),
        1 => format!("one {noun}"),
        n => format!("{n} {noun}s"),
    }
}

pub(crate) fn given(n: usize) -> String {
    match n {
        0 => "none is".to_owned(),
        1 => "one is".to_owned(),
        n => format!("{n} are"),
    }
}
