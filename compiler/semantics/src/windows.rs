//! When a norm is to be kept: deadlines, periods that last, rounds that come again.

use crate::checker::Checker;
use crate::exprs::Typed;
use mandate_diagnostics::{Span, codes};
use mandate_pack::{self as pack, Lasting, Node, Recurring, Type, Window};
use mandate_syntax::ast::{self, End, Expr, Modal, Sentence, TimeKind};

impl Checker<'_> {
    pub(crate) fn window(&mut self, time: &ast::TimeClause, sentence: &Sentence, otherwise: bool) -> Option<Window> {
        let gap = match &time.gaps {
            Some(gaps) => Some(self.gap(gaps, time, sentence.modal)?),
            None => None,
        };
        match &time.kind {
            TimeKind::Within(duration) => {
                let duration = self.duration(duration);
                if !otherwise {
                    self.report(&codes::E053, time.span, "`within` needs to know from when", "Write `within 24 hours after i.observed_at`. Only after `otherwise` does it run from the breach before.");
                    return None;
                }
                Some(Window::Within(duration?))
            }
            TimeKind::WithinAfter(duration, from) => {
                let (duration, from) = (self.duration(duration), self.dated_value(from));
                Some(Window::WithinAfter(duration?, from?.expr))
            }
            TimeKind::WithinBefore(duration, to) => {
                let (duration, to) = (self.duration(duration), self.dated_value(to));
                Some(Window::WithinBefore(duration?, to?.expr))
            }
            TimeKind::By(at) => Some(Window::By(self.dated_value(at)?.expr)),
            TimeKind::Before(at) => Some(Window::Before(self.dated_value(at)?.expr)),
            TimeKind::During(period) => {
                let typed = self.expr_of(period, &Type::Period)?;
                let typed: Typed = self.may_come_out(typed, period.span, "the period is printed in findings")?;
                Some(Window::During(typed.expr))
            }
            TimeKind::From(from, end) => {
                let (start, end) = (self.dated_value(from), self.end(end.as_ref()));
                self.goes_on(time.span, sentence, otherwise, "`from`")?;
                let (start, end) = (start?.expr, end?);
                self.forwards(&start, end.as_ref(), time.span);
                Some(Window::Lasting(Lasting { from: start, end, gap }))
            }
            TimeKind::Every(every, from, end) => {
                let (every, start, end) =
                    (self.length(every, "a round"), self.dated_value(from), self.end(end.as_ref()));
                self.goes_on(time.span, sentence, otherwise, "`every`")?;
                let message = match sentence.modal {
                    Modal::MustNot | Modal::ShouldNot => {
                        Some("what is forbidden is forbidden throughout, and comes in no rounds")
                    }
                    Modal::May => Some("what is allowed need not be done, so it comes in no rounds"),
                    Modal::Must | Modal::Should | Modal::AimsTo => None,
                };
                if let Some(message) = message {
                    self.report(&codes::E075, time.span, message, "Write `from A to B`, or leave the time out.");
                    return None;
                }
                let (every, start, end) = (every?, start?.expr, end?);
                self.forwards(&start, end.as_ref(), time.span);
                Some(Window::Every(Recurring { every, from: start, end }))
            }
        }
    }

    fn end(&mut self, end: Option<&End>) -> Option<Option<pack::End>> {
        let Some(end) = end else { return Some(None) };
        let at = self.dated_value(end.expr())?.expr;
        Some(Some(match end {
            End::To(_) => pack::End::To(at),
            End::Until(_) => pack::End::Until(at),
        }))
    }

    fn forwards(&mut self, start: &pack::Expr, end: Option<&pack::End>, span: Span) {
        if end.is_some_and(|end| crate::bounds::less(end.expr(), start) == Some(true)) {
            self.report(&codes::E073, span, "this period ends before it begins", "Exchange its two ends.");
        }
    }

    /// Refuses a period or rounds where the norm is no act, or is itself the answer to a breach.
    fn goes_on(&mut self, span: Span, sentence: &Sentence, otherwise: bool, word: &str) -> Option<()> {
        if otherwise {
            let message = format!("what follows a breach is one duty, and {word} makes it one that goes on");
            let help = "Give it a deadline, `within 24 hours`; a duty that goes on is a rule of its own.";
            self.report(&codes::E075, span, message, help);
            return None;
        }
        if matches!(sentence.act, ast::Act::Ensure(_)) {
            let message = format!("`ensure` asks how things stand at one instant, so {word} cannot say when");
            let help = "Declare an action whose evidence is written `during a .. b`, and say who must do it: \
                        `u must guard(s) from s.listed_on to s.closed_on`. Or use `within`, `by` or `before`.";
            self.report(&codes::E075, span, message, help);
            return None;
        }
        Some(())
    }

    /// `with gaps of at most D`
    fn gap(&mut self, gaps: &ast::Gaps, time: &ast::TimeClause, modal: Modal) -> Option<pack::Expr> {
        let longest = self.length(&gaps.longest, "a gap");
        let duty = matches!(modal, Modal::Must | Modal::Should | Modal::AimsTo);
        let message = match &time.kind {
            TimeKind::From(..) if duty => return longest,
            TimeKind::From(..) => "gaps are tolerated in what has to be kept up, not in what is forbidden or allowed",
            TimeKind::Within(_)
            | TimeKind::WithinAfter(..)
            | TimeKind::WithinBefore(..)
            | TimeKind::By(_)
            | TimeKind::Before(_)
            | TimeKind::During(_)
            | TimeKind::Every(..) => "gaps are tolerated in a duty that lasts, and this one has a deadline",
        };
        self.report(&codes::E075, gaps.span, message, "Leave `with gaps` out, or write `from A to B` before it.");
        None
    }

    fn duration(&mut self, expr: &Expr) -> Option<pack::Expr> {
        let typed = self.expr_of(expr, &Type::Duration)?;
        if matches!(typed.expr.node, Node::Neg(_)) {
            self.report(
                &codes::E035,
                expr.span,
                "a window cannot have a negative length",
                "Write `before` instead of `after`, or the other way round.",
            );
            return None;
        }
        self.may_come_out(typed, expr.span, "the deadline is printed in findings").map(|t| t.expr)
    }

    /// A length of time greater than nothing, as far as it is written out.
    pub(crate) fn length(&mut self, expr: &Expr, what: &str) -> Option<pack::Expr> {
        let typed = self.expr_of(expr, &Type::Duration)?;
        let nothing = match &typed.expr.node {
            Node::Neg(_) => true,
            Node::Duration(d) => d.months <= 0 && d.days <= 0 && d.seconds <= 0,
            _ => false,
        };
        if nothing {
            let message = format!("{what} lasts longer than nothing");
            self.report(&codes::E035, expr.span, message, "Write a length of time such as `30 days`.");
            return None;
        }
        self.may_come_out(typed, expr.span, "lengths of time are printed in findings").map(|t| t.expr)
    }
}
