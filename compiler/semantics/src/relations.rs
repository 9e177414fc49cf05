//! Clauses by which a rule speaks of other rules, of states and of groups.

use crate::checker::{Checker, with_article};
use crate::exprs::variables;
use crate::names::Kind;
use crate::signatures::{Signature, signature};
use mandate_diagnostics::{Span, codes};
use mandate_pack::{self as pack, Type};
use mandate_syntax::ast::{self, Expr};

impl Checker<'_> {
    /// `r(args)` after `overrides` or `limits`.
    pub(crate) fn rule_ref(&mut self, call: &ast::RuleCall, span: Span) -> Option<pack::RuleRef> {
        let rule = self.entity(&call.rule, &[Kind::Rule]);
        let vars = rule.as_ref().and_then(|rule| match signature(self.db, rule) {
            Some(Signature::Rule(found)) => Some(found.vars.clone()),
            _ => None,
        });
        let Some((rule, vars)) = rule.zip(vars) else {
            for arg in &call.args {
                self.expr(arg, None);
            }
            return None;
        };
        let typed = self.arguments(&rule.name, &vars, &call.args, span)?;
        let mut args = Vec::new();
        for (arg, typed) in call.args.iter().zip(typed) {
            let typed = self.may_come_out(typed, arg.span, "the other rule's finding names it")?;
            let own = variables(&typed.expr).iter().any(|name| self.locals.iter().any(|local| local.name == *name));
            if !own {
                let message = format!("`{}` is the same for every case of this rule", self.words(arg.span));
                let help = format!(
                    "Say which case of `{}` is meant by one of this rule's own records, `i` or `i.unit`.",
                    rule.name
                );
                self.report(&codes::E068, arg.span, message, help);
                return None;
            }
            args.push(typed.expr);
        }
        Some(pack::RuleRef { rule: rule.qualified(self.db), args })
    }

    /// The state whose obligations count, or several of which one suffices.
    pub(crate) fn party(&mut self, party: &Expr) -> Option<pack::Expr> {
        let typed = self.expr(party, Some(&Type::Nation))?;
        let nation = match typed.ty().known() {
            Type::List(item) => *item.known() == Type::Nation,
            ty => *ty == Type::Nation,
        };
        if !nation {
            let message = format!("a party is a state, or a list of states, and this is {}", with_article(typed.ty()));
            self.report(&codes::E030, party.span, message, "Name a field of type `Nation` or `list of Nation`.");
            return None;
        }
        self.may_come_out(typed, party.span, "the party is named in findings").map(|typed| typed.expr)
    }

    /// `tally by a, b`
    pub(crate) fn tally(&mut self, groups: &[Expr]) -> Option<pack::Tally> {
        let typed: Vec<Option<pack::Expr>> = groups.iter().map(|group| self.group(group)).collect();
        let by = typed.into_iter().collect::<Option<Vec<_>>>()?;
        let span = groups.iter().map(|group| group.span).reduce(Span::to)?;
        Some(pack::Tally { text: self.words(span), by })
    }

    /// A value of which there are few, to be printed beside a number.
    fn group(&mut self, group: &Expr) -> Option<pack::Expr> {
        let typed = self.expr(group, None)?;
        let help = match typed.ty().known() {
            Type::Text | Type::Bool | Type::Enum(_) | Type::Nation | Type::Date | Type::Int => {
                let typed = self.may_come_out(typed, group.span, "groups are printed in the report")?;
                return Some(typed.expr);
            }
            Type::Record(_) => {
                format!(
                    "Name a field of it that is printed beside the number, such as `{}.name`.",
                    self.words(group.span)
                )
            }
            Type::List(_) => "A finding falls into one group: name a value it has one of.".to_owned(),
            Type::Time => "Hardly two findings share an instant: count by a day, or by a condition.".to_owned(),
            _ => "Count by a condition, such as `v.amount >= 500 EUR`, or by a value of an enum.".to_owned(),
        };
        let message = format!(
            "findings are counted by text, truth, day, state, whole number or value of an enum, and this is {}",
            with_article(typed.ty())
        );
        self.report(&codes::E078, group.span, message, help);
        None
    }
}
