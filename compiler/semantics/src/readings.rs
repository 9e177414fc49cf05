//! Values that depend on an instant or a rate: readings of fields that change, roles held, amounts in another currency.

use crate::checker::{Checker, is_hole, with_article};
use crate::exprs::{Typed, value};
use crate::names::{Entity, Kind};
use crate::reference::Later;
use crate::signatures::{Signature, signature};
use mandate_diagnostics::{Diagnostic, Span, codes, did_you_mean};
use mandate_pack::{Node, Type};
use mandate_syntax::ast::{self, Expr, ExprKind, Name, Path};

impl Checker<'_> {
    /// `i.unit.level(t)`: the value of a field at an instant.
    pub(crate) fn reading(&mut self, path: &Path, args: &[Expr], span: Span) -> Option<Typed> {
        let (field, before) = path.segments.split_last()?;
        let of = record_of(before)?;
        let base = self.expr(&of, None);
        let found = base.and_then(|base| self.member(base, &of, field));
        let at = match args {
            [at] => self.expr(at, Some(&Type::Time)).and_then(|typed| self.instant_or_day(typed, at.span)),
            several => {
                for arg in several {
                    self.expr(arg, None);
                }
                None
            }
        };
        let (typed, over_time) = found?;
        if !over_time {
            let message = format!("`{}` is one value, and is not asked as of an instant", field.text);
            let help = format!(
                "Leave the brackets out, or declare the field `over time`: `{}: {} over time`.",
                field.text,
                typed.ty().known().short()
            );
            self.report(&codes::E036, span, message, help);
            return None;
        }
        if args.len() != 1 {
            let message = format!("`{}` is asked as of one instant", field.text);
            self.report(&codes::E036, span, message, format!("Write `{}(t)`, or `{0}` alone.", self.words(path.span)));
            return None;
        }
        let (at, Node::Field { of, name, .. }) = (at?, typed.expr.node) else { return None };
        let node = Node::Field { of, name, at: Some(at.boxed()) };
        Some(Typed { expr: mandate_pack::Expr { ty: typed.expr.ty, node }, sensitive: typed.sensitive })
    }

    /// `p is commander of u at t`
    pub(crate) fn holds(&mut self, holds: &ast::Holds, span: Span) -> Option<Typed> {
        let who = self.expr(&holds.who, None);
        let role = self.role_asked(&holds.role);
        let wanted = role.as_ref().and_then(|role| match signature(self.db, role) {
            Some(Signature::Role(found)) => Some(found.of.clone()),
            _ => None,
        });
        let ty = wanted.as_ref().and_then(|of| of.as_ref()).and_then(|(_, ty)| ty.clone());
        let of = holds.of.as_ref().map(|of| match &ty {
            Some(ty) => self.expr_of(of, ty),
            None => self.expr(of, None),
        });
        let at = holds.at.as_ref().map(|at| {
            let typed = self.expr(at, Some(&Type::Time))?;
            self.instant_or_day(typed, at.span)
        });
        let (who, role, wanted) = (who?, role?, wanted?);
        self.role_fits(&role, wanted.as_ref(), holds)?;
        if !matches!(who.ty().known(), Type::Record(_)) {
            let message = format!("a role is held by a record, such as a post, and this is {}", with_article(who.ty()));
            self.report(
                &codes::E055,
                holds.who.span,
                message,
                "Name a field that refers to a post, a unit or the like.",
            );
            return None;
        }
        let of = match of {
            Some(of) => Some(of?),
            None => None,
        };
        if let Some(of) = &of {
            self.reveals(&who, of, true, span)?;
        }
        let at = match at {
            Some(at) => Some(at?.boxed()),
            None => None,
        };
        let role = role.qualified(self.db);
        let later = Later::Holds { span: span.shifted(self.offset), role: role.clone(), who: who.ty().known().clone() };
        self.out.later.push(later);
        let node = Node::Holds { who: who.boxed(), role, of: of.map(Typed::boxed), at };
        Some(Typed::new(Type::Bool.optional(), node))
    }

    /// Whether a role of a record is asked of a record, and a standing one of none.
    fn role_fits(&mut self, role: &Entity, wanted: Option<&(String, Option<Type>)>, holds: &ast::Holds) -> Option<()> {
        match (wanted, &holds.of) {
            (Some(_), Some(_)) | (None, None) => Some(()),
            (Some((var, ty)), None) => {
                let param = Self::shown_param(var, ty.as_ref());
                let message = format!("the role `{}` belongs to a record ({param})", role.name);
                self.report(&codes::E054, holds.role.span, message, format!("Write whose: `{} of ...`.", role.name));
                None
            }
            (None, Some(_)) => {
                let message = format!("the role `{}` belongs to no record", role.name);
                let help = format!("Write `{}` alone, or declare it with `of`.", role.name);
                self.report(&codes::E054, holds.role.span, message, help);
                None
            }
        }
    }

    /// The role after `is`. Another word there is often meant as a comparison.
    fn role_asked(&mut self, path: &Path) -> Option<Entity> {
        let [name] = path.segments.as_slice() else { return self.entity(path, &[Kind::Role]) };
        let found = self.scope.names.get(name.text.as_str()).map(|entity| entity.kind);
        if name.is_hole() || found == Some(Kind::Role) {
            return self.entity(path, &[Kind::Role]);
        }
        let local = self.locals.iter().any(|local| local.name == name.text);
        if !local && found.is_none() && self.told(name) {
            return None;
        }
        let code = if found.is_some() || local { &codes::E025 } else { &codes::E020 };
        let message = format!("`is` asks `known`, `missing`, `empty` or for a role, and `{}` is no role", name.text);
        let scope = self.all_names();
        let roles = scope.names.iter().filter(|(_, entity)| entity.kind == Kind::Role).map(|(name, _)| name.as_ref());
        let said = Diagnostic::new(code, name.span, message);
        let said = match did_you_mean(&name.text, roles) {
            Some(near) => {
                said.help(format!("Did you mean `{near}`?")).fix(format!("Replace by `{near}`"), name.span, near)
            }
            None => said.help("To compare two values write `==`."),
        };
        self.say(said);
        None
    }

    /// `convert(amount, USD, rate)`
    pub(crate) fn convert(&mut self, args: &[Expr], span: Span) -> Option<Typed> {
        let [amount, code, rate] = args else {
            self.report(
                &codes::E036,
                span,
                "`convert` takes an amount, a currency and a rate",
                "Write `convert(c.amount, USD, r.rate)`, with the units of the new currency for one of the old.",
            );
            return None;
        };
        let (amount_typed, rate_typed) = (self.expr_of(amount, &Type::Money), self.expr_of(rate, &Type::Decimal));
        let currency = match &code.kind {
            ExprKind::Name(text) if is_currency(text) => text.clone(),
            _ => {
                if !is_hole(code) {
                    let message = "the currency is written with its three capital letters";
                    self.report(&codes::E035, code.span, message, "Write `convert(c.amount, USD, r.rate)`.");
                }
                return None;
            }
        };
        let (amount, rate) = (amount_typed?, rate_typed?);
        let node = Node::Convert { amount: Box::new(amount.expr.clone()), currency, rate: Box::new(rate.expr.clone()) };
        Some(value(Type::Money, &[&amount, &rate], node))
    }

    /// `currency(amount)`
    pub(crate) fn currency(&mut self, args: &[Expr], span: Span) -> Option<Typed> {
        let args = self.arguments("currency", &[("amount".to_owned(), Some(Type::Money))], args, span)?;
        let [amount] = args.as_slice() else { return None };
        Some(value(Type::Text, &[amount], Node::CurrencyOf(Box::new(amount.expr.clone()))))
    }
}

/// Three capital letters, as in `500000 USD`.
fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// `a.b` as the expression it is.
fn record_of(path: &[Name]) -> Option<Expr> {
    let (first, rest) = path.split_first()?;
    let start = Expr { span: first.span, kind: ExprKind::Name(first.text.clone()) };
    Some(rest.iter().fold(start, |of, field| Expr {
        span: of.span.to(field.span),
        kind: ExprKind::Field(Box::new(of), field.clone()),
    }))
}
