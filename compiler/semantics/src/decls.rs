//! Declarations other than rules and scenarios: checked and lowered.

use crate::checker::{Checker, shown, with_article};
use crate::exprs::Typed;
use crate::names::Kind;
use crate::reference::Target;
use crate::signatures::{Signature, record, signature};
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_pack::{self as pack, EvidenceTime, Node, Type};
use mandate_syntax::ast::{self, Expr, Name, ParameterValue};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Checker<'_> {
    pub(crate) fn enumeration(&mut self, decl: &ast::Enum, doc: &str) -> Option<pack::Enum> {
        self.distinct(decl.variants.iter().map(|v| &v.name), "value");
        let spelled = decl.variants.iter().filter_map(|v| v.spelling.as_ref());
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for spelling in spelled {
            if let Some(before) = seen.insert(&spelling.text, spelling.span) {
                let message = format!("two values are spelled \"{}\" in the data", spelling.text);
                let said = Diagnostic::new(&codes::E024, spelling.span, message).related(before, "the other one");
                self.say(said.help("The data could not tell them apart: spell one of them otherwise."));
            }
        }
        let named = decl.variants.iter().filter(|v| !v.name.is_hole());
        for variant in named.clone() {
            let target = Target::Variant {
                file: self.file.path(self.db).clone(),
                r#enum: Arc::from(decl.name.text.as_str()),
                variant: Arc::from(variant.name.text.as_str()),
            };
            self.refer(variant.name.span, target);
        }
        let variants = named
            .map(|v| pack::Variant {
                name: v.name.text.clone(),
                spelling: v.spelling.as_ref().map_or_else(|| v.name.text.clone(), |s| s.text.clone()),
            })
            .collect();
        Some(pack::Enum { doc: doc.to_owned(), ordered: decl.ordered, variants })
    }

    /// Reports names used twice in a list.
    pub(crate) fn distinct<'n>(&mut self, names: impl Iterator<Item = &'n Name>, what: &str) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for name in names.filter(|name| !name.is_hole()) {
            if let Some(before) = seen.insert(&name.text, name.span) {
                let message = format!("the {what} `{}` stands here twice", name.text);
                let said = Diagnostic::new(&codes::E024, name.span, message).related(before, "first here");
                self.say(said.help("Leave one out, or rename it."));
            }
        }
    }

    pub(crate) fn record(&mut self, decl: &ast::Record, doc: &str) -> Option<pack::Record> {
        self.distinct(decl.fields.iter().map(|f| &f.name), "field");
        for field in decl.fields.iter().filter(|field| !field.name.is_hole()) {
            let target = Target::Field {
                file: self.file.path(self.db).clone(),
                record: Arc::from(decl.name.text.as_str()),
                field: Arc::from(field.name.text.as_str()),
            };
            self.refer(field.name.span, target);
        }
        let fields: Vec<pack::Field> = decl.fields.iter().filter_map(|field| self.record_field(field)).collect();
        self.record_head(decl, &fields);
        let dated = decl.dated.as_ref().map(|dated| match dated {
            ast::Dated::At(at) => pack::Dated::At(at.text.clone()),
            ast::Dated::During(from, to) => pack::Dated::During(from.text.clone(), to.text.clone()),
        });
        Some(pack::Record {
            doc: doc.to_owned(),
            name: decl.name.text.clone(),
            key: decl.key.as_ref().map(|key| key.text.clone()),
            dated,
            corrects: decl.corrects.as_ref().map(|c| c.text.clone()),
            recorded: decl.recorded.as_ref().map(|r| r.text.clone()),
            fields,
        })
    }

    fn record_field(&mut self, field: &ast::Field) -> Option<pack::Field> {
        let ty = self.type_ref(&field.ty);
        let default = match (&field.default, &ty) {
            (Some(default), Some(ty)) => Some(self.expr_of(default, ty)?),
            _ => None,
        };
        if let (Some(default), Some(written)) = (&default, &field.default) {
            self.constant(default, written.span);
        }
        let ty = ty?;
        if let (Some(_), Some(written)) = (field.over_time, &field.default) {
            let message =
                format!("`{}` changes over time, so no one value stands in where it is absent", field.name.text);
            self.report(
                &codes::E071,
                written.span,
                message,
                "Leave the default out: before its first entry the field is unknown.",
            );
        }
        if ty.is_optional() && default.is_some() {
            let message = format!("`{}` has a value when absent, so it is never unknown", field.name.text);
            self.report(&codes::E071, field.ty.span, message, "Leave out the `?`, or leave out the default.");
        }
        (!field.name.is_hole()).then(|| pack::Field {
            name: field.name.text.clone(),
            doc: field.doc.clone(),
            ty,
            default: default.map(|d| d.expr),
            sensitive: field.sensitive,
            over_time: field.over_time.is_some(),
        })
    }

    /// Refuses a value that is not the same for every record.
    fn constant(&mut self, typed: &Typed, span: Span) {
        let fixed = matches!(
            typed.expr.node,
            Node::Bool(_)
                | Node::Int(_)
                | Node::Decimal(_)
                | Node::Text(_)
                | Node::Date(_)
                | Node::Time(_)
                | Node::Duration(_)
                | Node::Length(_)
                | Node::Money { .. }
                | Node::Nation(_)
                | Node::Variant(_)
                | Node::Never
        );
        if !fixed {
            self.report(
                &codes::E071,
                span,
                "a plain value is needed here",
                "Write a number, a text, a date, a quantity, a value of an enum or `never`.",
            );
        }
    }

    /// `key`, `at`, `during`, `corrects` and `recorded` name fields of fitting types that are not sensitive.
    fn record_head(&mut self, decl: &ast::Record, fields: &[pack::Field]) {
        let mut needs: Vec<(&Name, &str, &str)> = Vec::new();
        if let Some(key) = &decl.key {
            needs.push((key, "key", "Text"));
        }
        match &decl.dated {
            Some(ast::Dated::At(at)) => needs.push((at, "at", "Time or Date")),
            Some(ast::Dated::During(from, to)) => {
                needs.extend([(from, "during", "Time or Date"), (to, "during", "Time or Date")])
            }
            None => {}
        }
        if let Some(corrects) = &decl.corrects {
            needs.push((corrects, "corrects", "record"));
        }
        if let Some(recorded) = &decl.recorded {
            needs.push((recorded, "recorded", "Time or Date"));
        }
        for (name, word, wanted) in needs.into_iter().filter(|(name, ..)| !name.is_hole()) {
            let Some(field) = fields.iter().find(|field| field.name == name.text) else {
                if decl.fields.iter().any(|f| f.name.text == name.text) {
                    continue; // its type could not be read, which has been reported
                }
                let message = format!("`{word}` names a field, and there is no field `{}` here", name.text);
                self.unknown(
                    &codes::E026,
                    name,
                    message,
                    fields.iter().map(|f| f.name.as_str()),
                    "Declare the field, or name another.".to_owned(),
                );
                continue;
            };
            let target = Target::Field {
                file: self.file.path(self.db).clone(),
                record: std::sync::Arc::from(decl.name.text.as_str()),
                field: std::sync::Arc::from(name.text.as_str()),
            };
            self.refer(name.span, target);
            let fine = match word {
                "key" => matches!(field.ty, Type::Text | Type::Int),
                "corrects" => {
                    matches!(field.ty.known(), Type::Record(to) if to.rsplit('.').next() == Some(decl.name.text.as_str()))
                }
                _ => matches!(field.ty.known(), Type::Time | Type::Date),
            };
            if !fine {
                let message =
                    format!("`{word}` needs a {wanted} field, and `{}` is {}", name.text, with_article(&field.ty));
                let help = match word {
                    "key" => "A key identifies the record, so it is a Text that is never missing.",
                    "corrects" => "It names the earlier record of the same type that this one replaces.",
                    "recorded" => "It says when the record was entered.",
                    _ => "It says when the record happened.",
                };
                self.report(&codes::E070, name.span, message, help);
            }
            if field.over_time {
                let message = format!("`{}` changes over time, and `{word}` needs one value", name.text);
                self.report(&codes::E070, name.span, message, "Take `over time` off the field, or name another.");
            }
            if field.sensitive {
                let message = format!("`{}` is sensitive, and what follows `{word}` is printed in findings", name.text);
                self.report(
                    &codes::E042,
                    name.span,
                    message,
                    "Name a field that may be shown, or take `sensitive` off this one if it harms nobody.",
                );
            }
        }
    }

    pub(crate) fn role(&mut self, decl: &ast::Role, doc: &str) -> Option<pack::Role> {
        let is = match &decl.is {
            Some(is) => Some(self.entity(is, &[Kind::Role])?),
            None => None,
        };
        let of = match &decl.of {
            Some(binder) => {
                let ty = match &binder.over {
                    ast::Domain::Type(ty) => self.record_type(ty).map(Type::Record),
                    ast::Domain::Items(list) => {
                        self.report(
                            &codes::E037,
                            list.span,
                            "a role belongs to a type of record",
                            "Write `of u: Unit`.",
                        );
                        None
                    }
                };
                self.bind(&binder.name, ty.clone(), false);
                Some(pack::Param { name: binder.name.text.clone(), ty: ty? })
            }
            None => None,
        };
        if let (Some(wider), Some(is)) = (&is, &decl.is)
            && let Some(Signature::Role(wider)) = signature(self.db, wider)
            && wider.of.as_ref().map(|(_, ty)| ty.clone()) != of.as_ref().map(|of| Some(of.ty.clone()))
        {
            let message = "a role and the wider role it is must belong to the same kind of record";
            self.report(&codes::E054, is.span, message, "Give both the same `of`, or neither.");
        }
        let held = match &decl.held {
            Some(held) => Some(self.held(held)?),
            None => None,
        };
        self.unbind(0, false);
        let is = is.map(|entity| entity.qualified(self.db));
        Some(pack::Role { doc: doc.to_owned(), is, of, held })
    }

    fn held(&mut self, held: &ast::Held) -> Option<pack::Held> {
        let binders: Vec<Option<pack::Binder>> = held.binders.iter().map(|b| self.binder(b)).collect();
        let condition = self.condition_or_true(held.condition.as_ref());
        let by = self.expr(&held.by, None);
        let during = match &held.during {
            Some((from, to)) => {
                let (from, to) = (self.dated_value(from), self.dated_value(to));
                from.zip(to).map(|(from, to)| Some((from.expr, to.expr)))
            }
            None => Some(None),
        };
        let longest = match &held.longest {
            Some(longest) => self.length(longest, "a term of office").map(Some),
            None => Some(None),
        };
        if let (Some(longest), None) = (&held.longest, &held.during) {
            let message = "`for at most` ends a term, and nothing says when it begins";
            self.report(&codes::E050, longest.span, message, "Add `during d.from .. d.until` before it.");
        }
        let by = by?;
        if !matches!(by.ty().known(), Type::Record(_)) {
            let message = format!("a role is held by a record, such as a post, and this is {}", with_article(by.ty()));
            self.report(&codes::E055, held.by.span, message, "Name a record that evidence names after `by`.");
            return None;
        }
        let binders = binders.into_iter().collect::<Option<Vec<_>>>()?;
        Some(pack::Held { by: by.expr, binders, condition: condition?.expr, during: during?, longest: longest? })
    }

    pub(crate) fn parameter(&mut self, decl: &ast::Parameter, doc: &str) -> Option<pack::Parameter> {
        let ty = self.type_ref(&decl.ty)?;
        let bounds = match &decl.bounds {
            Some((low, high)) => {
                let (low, high) = (self.plain(low, &ty), self.plain(high, &ty));
                Some((low?, high?))
            }
            None => None,
        };
        let values = match &decl.value {
            ParameterValue::Hole => return None,
            ParameterValue::One(value) => {
                let typed = self.plain(value, &ty)?;
                self.in_bounds(&typed, bounds.as_ref(), value.span);
                vec![pack::DatedValue { from: None, value: typed }]
            }
            ParameterValue::Dated(values) => self.dated_values(values, &ty, bounds.as_ref())?,
        };
        Some(pack::Parameter { doc: doc.to_owned(), ty, bounds, values })
    }

    fn dated_values(
        &mut self,
        values: &[(Expr, Expr)],
        ty: &Type,
        bounds: Option<&(pack::Expr, pack::Expr)>,
    ) -> Option<Vec<pack::DatedValue>> {
        let mut all: Vec<pack::DatedValue> = Vec::new();
        for (from, value) in values {
            let day = self.plain(from, &Type::Date)?;
            let typed = self.plain(value, ty)?;
            self.in_bounds(&typed, bounds, value.span);
            let Node::Date(day) = day.node else { return None };
            if all.last().and_then(|last| last.from.as_ref()).is_some_and(|last| *last >= day) {
                let message = format!("{day} is not later than the day before it");
                self.report(
                    &codes::E073,
                    from.span,
                    message,
                    "Write the values in order of their days, each day once.",
                );
            }
            all.push(pack::DatedValue { from: Some(day), value: typed });
        }
        Some(all)
    }

    /// A plain value of a type.
    pub(crate) fn plain(&mut self, expr: &Expr, ty: &Type) -> Option<pack::Expr> {
        let typed = self.expr_of(expr, ty)?;
        self.constant(&typed, expr.span);
        Some(typed.expr)
    }

    fn in_bounds(&mut self, value: &pack::Expr, bounds: Option<&(pack::Expr, pack::Expr)>, span: Span) {
        let Some((low, high)) = bounds else { return };
        if crate::bounds::outside(self.db, value, low, high) == Some(true) {
            self.report(
                &codes::E072,
                span,
                "this value lies outside the parameter's own bounds",
                "Choose a value inside, or widen the bounds if the policy allows it.",
            );
        }
        if crate::bounds::less(high, low) == Some(true) {
            self.report(
                &codes::E072,
                span,
                "the parameter's lower bound is above its upper bound",
                "Exchange the bounds.",
            );
        }
    }

    pub(crate) fn definition(&mut self, decl: &ast::Define, doc: &str) -> Option<pack::Definition> {
        let params = self.bind_params(&decl.params);
        let wanted = decl.ty.as_ref().and_then(|ty| self.type_ref(ty));
        let body = match &wanted {
            Some(wanted) => self.expr_of(&decl.body, wanted),
            None => self.expr(&decl.body, None),
        };
        self.unbind(0, true);
        Some(pack::Definition { doc: doc.to_owned(), params: params?, body: body?.expr })
    }

    fn bind_params(&mut self, params: &[ast::Param]) -> Option<Vec<pack::Param>> {
        let mut all = Some(Vec::new());
        for param in params {
            let ty = self.type_ref(&param.ty);
            self.bind(&param.name, ty.clone(), false);
            match (ty, &mut all) {
                (Some(ty), Some(list)) => list.push(pack::Param { name: param.name.text.clone(), ty }),
                _ => all = None,
            }
        }
        all
    }

    pub(crate) fn action(&mut self, decl: &ast::Action, doc: &str) -> Option<pack::Action> {
        let params = self.bind_params(&decl.params);
        let excludes = self.excluded(decl, params.as_deref());
        if decl.evidence.is_empty() && !decl.name.is_hole() {
            let message = format!("nothing in the data shows that `{}` was done", decl.name.text);
            self.report(&codes::W004, decl.name.span, message, "Add `evidence r: Record where ...`; without it a duty can never be found satisfied, nor a prohibition broken.");
        }
        let evidence: Vec<Option<pack::Evidence>> = decl.evidence.iter().map(|e| self.evidence(e)).collect();
        self.unbind(0, false);
        let evidence = evidence.into_iter().collect::<Option<Vec<_>>>()?;
        Some(pack::Action { doc: doc.to_owned(), params: params?, evidence, excludes })
    }

    /// The acts that cannot be done beside this one: of the same records.
    fn excluded(&mut self, decl: &ast::Action, params: Option<&[pack::Param]>) -> Vec<String> {
        let own = crate::db::qualified(self.db, self.file, &decl.name.text);
        let mut all = Vec::new();
        for path in &decl.excludes {
            let Some(entity) = self.entity(path, &[Kind::Action]) else { continue };
            let Some(Signature::Action(other)) = signature(self.db, &entity) else { continue };
            let name = entity.qualified(self.db);
            let misfit = params.is_some_and(|own| {
                let differs = |(own, (_, other)): (&pack::Param, &(_, Option<Type>))| {
                    other.as_ref().is_some_and(|ty| *ty != own.ty)
                };
                own.len() != other.params.len() || own.iter().zip(&other.params).any(differs)
            });
            if name == own {
                let message = "an act cannot exclude itself: it could never be done";
                self.report(&codes::E095, path.span, message, "Name the other act, or leave `excludes` out.");
            } else if misfit {
                let params: Vec<String> =
                    other.params.iter().map(|(name, ty)| Self::shown_param(name, ty.as_ref())).collect();
                let message =
                    format!("`{}` is done to ({}), and this act to something else", entity.name, params.join(", "));
                let help = "Acts exclude one another for the same records, so both need parameters of the same types in the same order.";
                self.report(&codes::E095, path.span, message, help);
            } else if !all.contains(&name) {
                all.push(name);
            }
        }
        all.sort();
        all
    }

    fn evidence(&mut self, evidence: &ast::Evidence) -> Option<pack::Evidence> {
        for (span, word) in waiver_parts(evidence) {
            self.report(
                &codes::E052,
                span,
                format!("`{word}` belongs to a waiver, not to an action"),
                "Leave it out, or declare a `waiver`.",
            );
        }
        let depth = self.locals.len();
        let name = self.record_type(&evidence.ty);
        self.bind(&evidence.name, name.clone().map(Type::Record), false);
        let condition = self.condition_or_true(evidence.condition.as_ref());
        let at = self.evidence_time(evidence, name.as_deref());
        let by = evidence.by.as_ref().map(|by| self.performer(by));
        self.unbind(depth, false);
        Some(pack::Evidence {
            var: evidence.name.text.clone(),
            record: name?,
            condition: condition?.expr,
            at: at?,
            by: match by {
                Some(by) => Some(by?.expr),
                None => None,
            },
        })
    }

    /// Who acted: a record.
    fn performer(&mut self, by: &Expr) -> Option<Typed> {
        let typed = self.expr(by, None)?;
        if !matches!(typed.ty().known(), Type::Record(_)) {
            let message = format!("`by` names the record of who acted, and this is {}", with_article(typed.ty()));
            self.report(&codes::E055, by.span, message, "Name a field that refers to a post, a unit or the like.");
            return None;
        }
        self.may_come_out(typed, by.span, "who acted is named in findings")
    }

    /// Refuses a value of a sensitive field where it would be printed.
    pub(crate) fn may_come_out(&mut self, typed: Typed, span: Span, why: &str) -> Option<Typed> {
        if !typed.sensitive {
            return Some(typed);
        }
        let message = format!("this is the value of a `sensitive` field, and {why}");
        self.report(
            &codes::E041,
            span,
            message,
            "A sensitive field may be tested in a condition, and stand nowhere else. Name another field.",
        );
        None
    }

    /// When the act was done: as written, else the record's own date.
    fn evidence_time(&mut self, evidence: &ast::Evidence, record_name: Option<&str>) -> Option<Option<EvidenceTime>> {
        if let Some((from, to)) = &evidence.during {
            let (from, to) = (self.dated_value(from), self.dated_value(to));
            return Some(Some(EvidenceTime::During(from?.expr, to?.expr)));
        }
        if let Some(at) = &evidence.at {
            return Some(Some(EvidenceTime::At(self.dated_value(at)?.expr)));
        }
        Some(self.record_date(&evidence.name.text, record_name))
    }

    /// The date a record has by its own declaration.
    fn record_date(&self, var: &str, record_name: Option<&str>) -> Option<EvidenceTime> {
        let name = record_name?;
        let (_, signature) = record(self.db, name)?;
        let field = |field: &str| {
            let ty = signature.field(field)?.ty.clone()?;
            let of = pack::Expr { ty: Type::Record(name.to_owned()), node: Node::Var(var.to_owned()) };
            Some(pack::Expr { ty, node: Node::Field { of: Box::new(of), name: field.to_owned(), at: None } })
        };
        match signature.dated.as_ref()? {
            pack::Dated::At(at) => field(at).map(EvidenceTime::At),
            pack::Dated::During(from, to) => field(from).zip(field(to)).map(|(a, b)| EvidenceTime::During(a, b)),
        }
    }

    /// An instant or day that will be printed.
    pub(crate) fn dated_value(&mut self, expr: &Expr) -> Option<Typed> {
        let typed = self.expr(expr, Some(&Type::Time))?;
        let typed = self.instant_or_day(typed, expr.span)?;
        self.may_come_out(typed, expr.span, "the instant is printed in findings")
    }

    pub(crate) fn waiver(&mut self, decl: &ast::Action, doc: &str) -> Option<pack::Waiver> {
        if let Some(path) = decl.excludes.first() {
            let message = "`excludes` belongs to an action, not to a waiver";
            self.report(
                &codes::E052,
                path.span,
                message,
                "Leave it out: what a waiver needs to be valid stands after `valid if`.",
            );
        }
        let params = self.bind_params(&decl.params);
        let [evidence] = decl.evidence.as_slice() else {
            let message = format!(
                "a waiver is shown by one kind of record, and `{}` names {}",
                decl.name.text,
                decl.evidence.len()
            );
            self.report(&codes::E050, decl.name.span, message, "Write one `evidence w: Record where ...`.");
            return None;
        };
        let name = self.record_type(&evidence.ty);
        self.bind(&evidence.name, name.clone().map(Type::Record), false);
        let condition = self.condition_or_true(evidence.condition.as_ref());
        let names = self.part(evidence.names.as_ref(), |this, e| this.expr_of(e, &Type::Text));
        let rank = self.part(evidence.rank.as_ref(), Self::rank);
        let granted_at = self.part(evidence.at.as_ref(), |this, e| this.dated_value(e));
        let by = self.part(evidence.by.as_ref(), Self::performer);
        let valid = self.part(evidence.valid.as_ref(), |this, e| this.condition(e));
        let revoked = self.part(evidence.revoked.as_ref(), Self::revoked);
        let exceptional = self.part(evidence.exceptional.as_ref(), |this, e| this.condition(e));
        let during = match &evidence.during {
            Some((from, to)) => {
                let (from, to) = (self.dated_value(from), self.dated_value(to));
                Some((from?.expr, to?.expr))
            }
            None => None,
        };
        let flags = self.flags(&evidence.flags);
        let (granted_at, during) = match (granted_at, during, self.record_date(&evidence.name.text, name.as_deref())) {
            // As with evidence of an act, the record's own date counts where nothing else is written.
            (Some(None), None, Some(EvidenceTime::At(at))) => (Some(Some(at)), None),
            (Some(None), None, Some(EvidenceTime::During(from, to))) => (Some(None), Some((from, to))),
            (granted_at, during, _) => (granted_at, during),
        };
        if granted_at == Some(None) && during.is_none() && name.is_some() {
            let message = "nothing says when this waiver was granted or how long it holds, so it never helps";
            self.report(
                &codes::W009,
                evidence.span,
                message,
                "Add `at w.granted_at`, or `during w.valid_from .. w.valid_to`.",
            );
        }
        self.unbind(0, false);
        Some(pack::Waiver {
            doc: doc.to_owned(),
            params: params?,
            var: evidence.name.text.clone(),
            record: name?,
            condition: condition?.expr,
            names: names?,
            rank: rank?,
            granted_at: granted_at?,
            during,
            by: by?,
            valid: valid?,
            revoked: revoked?,
            exceptional: exceptional?,
            caveat: decl.caveat,
            flags,
        })
    }

    /// An optional part: absent is fine, present and wrong is not.
    fn part(
        &mut self,
        expr: Option<&Expr>,
        check: impl FnOnce(&mut Self, &Expr) -> Option<Typed>,
    ) -> Option<Option<pack::Expr>> {
        match expr {
            Some(expr) => check(self, expr).map(|typed| Some(typed.expr)),
            None => Some(None),
        }
    }

    /// When a waiver was withdrawn.
    fn revoked(&mut self, expr: &Expr) -> Option<Typed> {
        let typed = self.dated_value(expr)?;
        if typed.ty().is_optional() {
            let message =
                "where nothing is recorded here it is not known whether the waiver still stands, so it does not help";
            self.report(
                &codes::W012,
                expr.span,
                message,
                "Declare the field `= never`: then a waiver of which no withdrawal is recorded stands.",
            );
        }
        Some(typed)
    }

    fn rank(&mut self, expr: &Expr) -> Option<Typed> {
        let typed = self.expr(expr, None)?;
        let ordered = match typed.ty().known() {
            Type::Enum(name) => crate::signatures::enumeration(self.db, name).is_some_and(|(_, found)| found.ordered),
            _ => false,
        };
        if ordered {
            return Some(typed);
        }
        let message = format!("`rank` names a value of an ordered enum, and this is {}", with_article(typed.ty()));
        self.report(&codes::E057, expr.span, message, "Declare the ranks with `<`, lowest first.");
        None
    }

    pub(crate) fn flags(&mut self, flags: &[ast::Flag]) -> Vec<pack::Flag> {
        let lowered = flags.iter().map(|flag| {
            let condition = self.condition(&flag.condition)?;
            Some(pack::Flag { text: flag.text.text.clone(), condition: condition.expr })
        });
        lowered.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    pub(crate) fn endorse(&mut self, decl: &ast::Endorse) -> Option<pack::Endorsement> {
        let source = self.entity(&decl.source, &[Kind::Source]);
        let party = match &decl.party {
            Some(party) => Some(self.plain(party, &Type::Nation)?),
            None => None,
        };
        let from = match &decl.from {
            Some(from) => Some(self.plain(from, &Type::Date)?),
            None => None,
        };
        let from = match from.map(|from| from.node) {
            Some(Node::Date(day)) => Some(day),
            _ => None,
        };
        Some(pack::Endorsement {
            source: source?.qualified(self.db),
            party,
            from,
            by: decl.by.as_ref().map(|by| by.text.clone()),
        })
    }

    pub(crate) fn assume(&mut self, decl: &ast::Statement, line: u32) -> Option<pack::Assumption> {
        let binders: Vec<Option<pack::Binder>> = decl.binders.iter().map(|b| self.binder(b)).collect();
        let when: Vec<_> = decl.when.iter().flat_map(|when| self.conditions(when)).collect();
        let require: Vec<_> = decl.require.iter().flat_map(|require| self.conditions(require)).collect();
        self.unbind(0, true);
        let title = decl.title.as_ref().map_or_else(
            || decl.require.iter().map(|r| self.words(r.span)).collect::<Vec<_>>().join(" and "),
            |t| t.text.clone(),
        );
        let for_each = binders.into_iter().collect::<Option<Vec<_>>>()?;
        let origin = self.origin(line);
        Some(pack::Assumption { title, origin, for_each, when, require })
    }

    /// A concern or a purpose.
    pub(crate) fn situation(
        &mut self,
        decl: &ast::Statement,
        word: &str,
        head: Span,
        line: u32,
    ) -> Option<pack::Situation> {
        let binders: Vec<Option<pack::Binder>> = decl.binders.iter().map(|b| self.binder(b)).collect();
        let before = self.out.diagnostics.len();
        let when: Vec<_> = decl.when.iter().flat_map(|when| self.conditions(when)).collect();
        if let Some(require) = decl.require.first() {
            let message = format!(
                "a `{word}` describes a situation with `when`; `require` belongs to an `assume` or a constraint"
            );
            self.report(&codes::E052, require.span, message, "Write `when` and what is so in the situation.");
        } else if decl.when.is_empty() {
            let message = format!("this `{word}` does not say what the situation is");
            self.report(
                &codes::E050,
                head,
                message,
                "Add `when ...`, and `for each ...` for the records it speaks of.",
            );
        }
        let failed = self.out.diagnostics[before..].iter().any(|d| d.severity == mandate_diagnostics::Severity::Error);
        self.unbind(0, true);
        let title = decl.title.as_ref().map_or_else(
            || when.iter().map(|condition| condition.text.clone()).collect::<Vec<_>>().join(" and "),
            |t| t.text.clone(),
        );
        let for_each = binders.into_iter().collect::<Option<Vec<_>>>()?;
        let origin = self.origin(line);
        (!failed).then_some(pack::Situation { title, origin, for_each, when })
    }

    pub(crate) fn origin(&self, line: u32) -> pack::Origin {
        pack::Origin { file: format!("{}:{}", self.file.package(self.db), self.file.relative(self.db)), line }
    }

    /// A condition split at its `and`s, each part with its words.
    pub(crate) fn conditions(&mut self, expr: &Expr) -> Vec<pack::Condition> {
        if let ast::ExprKind::And(parts) = &expr.kind {
            return parts.iter().flat_map(|part| self.conditions(part)).collect();
        }
        let typed = self.condition(expr);
        let text = self.words(expr.span);
        typed.map(|typed| pack::Condition { text, expr: typed.expr }).into_iter().collect()
    }

    pub(crate) fn background(&mut self, decl: &ast::Background, line: u32) -> Option<pack::Background> {
        let citation = self.citation(&decl.citation)?;
        let Some(reason) = &decl.reason else {
            self.report(
                &codes::E059,
                decl.citation.span,
                "`background` says why the passage is no rule",
                "Add the reason in quotation marks.",
            );
            return None;
        };
        Some(pack::Background { citation, reason: reason.text.clone(), origin: self.origin(line) })
    }

    /// `u: Unit` for a message.
    pub(crate) fn shown_param(name: &str, ty: Option<&Type>) -> String {
        ty.map_or_else(|| name.to_owned(), |ty| format!("{name}: {}", shown(ty)))
    }
}

/// Parts of evidence that only a waiver has.
fn waiver_parts(evidence: &ast::Evidence) -> Vec<(Span, &'static str)> {
    let parts = [
        (&evidence.names, "names"),
        (&evidence.rank, "rank"),
        (&evidence.valid, "valid if"),
        (&evidence.revoked, "revoked"),
        (&evidence.exceptional, "exceptional if"),
    ];
    let mut found: Vec<_> = parts.iter().filter_map(|(expr, word)| expr.as_ref().map(|e| (e.span, *word))).collect();
    found.extend(evidence.flags.first().map(|flag| (flag.text.span, "flag")));
    found
}
