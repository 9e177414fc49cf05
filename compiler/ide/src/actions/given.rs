//! The fields that a record of a scenario leaves out.

use super::{Action, ActionKind, Context};
use mandate_diagnostics::{Edit, Span};
use mandate_semantics::{Kind, Target};
use mandate_syntax::ast::{DeclKind, Field, Item, Name, Record, Scenario, StepKind, TypeRef, TypeRefKind};
use mandate_syntax::token::{Kind as Lexeme, tokens};
use std::sync::Arc;

pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    let Some(item) = context.item() else { return };
    let DeclKind::Scenario(scenario) = &item.decl.kind else { return };
    let step = scenario.steps.iter().find(|step| context.meets(step.span.shifted(item.offset)));
    let Some((step, (ty, given))) = step.and_then(|step| match &step.kind {
        StepKind::Given { ty, fields, .. } => Some((step, (ty, fields))),
        _ => None,
    }) else {
        return;
    };
    let Some((file, record)) = record(context, item, ty) else { return };
    let is_key = |field: &&Field| record.key.as_ref().is_some_and(|key| key.text == field.name.text);
    let missing = record.fields.iter().filter(|field| {
        field.default.is_none()
            && field.over_time.is_none()
            && !matches!(field.ty.kind, TypeRefKind::Optional(_))
            && !given.iter().any(|(name, _)| name.text == field.name.text)
    });
    let here = Here { context, item, scenario, file: &file };
    let written: Vec<String> = missing
        .filter(|field| !is_key(field))
        .filter_map(|field| Some(format!("{}: {}", field.name.text, here.value(&field.ty)?)))
        .collect();
    if written.is_empty() {
        return;
    }
    let span = step.span.shifted(item.offset);
    let Some(edit) = inserted(context, span, given.last().map(|(_, value)| value.span.shifted(item.offset)), &written)
    else {
        return;
    };
    let title = match written.len() {
        1 => "Write down the field that is missing, to be filled in".to_owned(),
        count => format!("Write down the {count} fields that are missing, to be filled in"),
    };
    out.push(Action::edits(ActionKind::Rewrite, title, &context.path, vec![edit]));
}

/// The record type that is meant, with its file.
fn record(context: &Context<'_>, item: &Item, ty: &TypeRef) -> Option<(Arc<str>, Record)> {
    let TypeRefKind::Named(path) = &ty.kind else { return None };
    let last = path.segments.last()?.span.shifted(item.offset);
    let Target::Declaration { file, name } = context.snapshot.reference_at(&context.path, last.end)?.target else {
        return None;
    };
    let tree = context.snapshot.syntax(&file)?;
    let found = tree.items.iter().find_map(|item| match &item.decl.kind {
        DeclKind::Record(record) if *record.name.text == *name => Some(record.clone()),
        _ => None,
    });
    Some((file, found?))
}

/// Where values are written.
struct Here<'a> {
    context: &'a Context<'a>,
    item: &'a Item,
    scenario: &'a Scenario,
    /// Where the record type stands: its fields name types as that file does.
    file: &'a str,
}

impl Here<'_> {
    /// A value to begin with; `None` where only the author can know one.
    fn value(&self, ty: &TypeRef) -> Option<String> {
        let name = match &ty.kind {
            TypeRefKind::Named(path) => path.segments.last()?.text.as_str(),
            TypeRefKind::List(_) => return Some("[]".to_owned()),
            TypeRefKind::Optional(_) | TypeRefKind::Hole => return None,
        };
        Some(match name {
            "Bool" => "false".to_owned(),
            "Int" | "Decimal" => "0".to_owned(),
            "Text" => "\"...\"".to_owned(),
            "Date" => self.day(),
            "Time" => format!("{}T00:00Z", self.day()),
            "Duration" => "1 hour".to_owned(),
            "Length" => "1 m".to_owned(),
            "Money" => "0 USD".to_owned(),
            "Period" | "Location" | "Nation" => return None,
            other => return self.declared(other),
        })
    }

    /// The day of the assessment.
    fn day(&self) -> String {
        let at = self.scenario.steps.iter().find_map(|step| match &step.kind {
            StepKind::AsOf(expr) => Some(self.context.words(expr.span.shifted(self.item.offset))),
            _ => None,
        });
        at.and_then(|at| at.get(..10))
            .filter(|day| day.as_bytes().get(4) == Some(&b'-'))
            .unwrap_or("2026-01-01")
            .to_owned()
    }

    /// The first value of an enum, a record that is given, or one of which nothing is known.
    fn declared(&self, name: &str) -> Option<String> {
        let names = self.context.snapshot.names_in_scope(self.file);
        let found = names.into_iter().find(|known| *known.name == *name)?;
        let tree = self.context.snapshot.syntax(&found.file)?;
        match found.kind {
            Kind::Enum => tree.items.iter().find_map(|item| match &item.decl.kind {
                DeclKind::Enum(found) if *found.name.text == *name => Some(found.variants.first()?.name.text.clone()),
                _ => None,
            }),
            Kind::Record => {
                let keyed = tree.items.iter().any(|item| {
                    matches!(&item.decl.kind, DeclKind::Record(found) if *found.name.text == *name && found.key.is_some())
                });
                if keyed { self.given(&found.target()) } else { Some("{ }".to_owned()) }
            }
            _ => None,
        }
    }

    /// The name of the first record of a type that the scenario gives.
    fn given(&self, target: &Target) -> Option<String> {
        self.scenario.steps.iter().find_map(|step| match &step.kind {
            StepKind::Given { name: Some(Name { text, .. }), ty, .. } => {
                let at = ty.span.shifted(self.item.offset).end;
                let found = self.context.snapshot.reference_at(&self.context.path, at)?;
                (found.target == *target).then(|| text.clone())
            }
            _ => None,
        })
    }
}

/// The edit that adds fields behind the last one, or between the braces.
fn inserted(context: &Context<'_>, step: Span, last: Option<Span>, written: &[String]) -> Option<Edit> {
    if let Some(last) = last {
        let broken = context
            .words(Span::new(step.start, last.start))
            .rsplit_once('{')
            .is_some_and(|(_, gap)| gap.contains('\n'));
        let rest = context.words(Span::new(last.end, step.end)).trim_start();
        let text = if broken {
            let start = context.lines(last).start;
            let line = context.words(Span::new(start, last.end));
            let indent = &line[..line.len() - line.trim_start().len()];
            written.iter().map(|field| format!("{}{indent}{field}", context.newline())).collect::<String>()
        } else {
            written.iter().map(|field| format!(", {field}")).collect::<String>()
        };
        // A comma behind the last field stays behind the last one.
        let comma = rest.starts_with(',') && !broken;
        return (!comma).then_some(Edit { span: Span::empty(last.end), text });
    }
    let all = tokens(context.words(step));
    let open = all.iter().find(|token| token.kind == Lexeme::LBrace)?.span.end;
    let close = all.iter().rev().find(|token| token.kind == Lexeme::RBrace)?.span.start;
    let inside = Span::new(step.start + open, step.start + close);
    context.words(inside).trim().is_empty().then(|| Edit { span: inside, text: format!(" {} ", written.join(", ")) })
}

#[cfg(test)]
mod tests {
    use crate::actions::tests::{after, titles};

    const FACTS: &str = "//- facts.mandate\nenum Grade { low, high }\nrecord Unit key id {\n  id: Text\n}\nrecord Event key id {\n  id: Text\n  seen_at: Time\n  unit: Unit\n  grade: Grade\n  grave: Bool = false\n  note: Text?\n}\n//- a.mandate\nuse facts.{Event, Unit}\n\n";

    #[test]
    fn fields_are_written_with_values_to_begin_with() {
        let file = |given: &str| {
            format!(
                "{FACTS}scenario \"s\" {{\n  as of 2026-03-01\n  given u: Unit {{}}\n  given e: Event {given}\n}}\n"
            )
        };
        let all = "{ seen_at: 2026-03-01T00:00Z, unit: u, grade: low }";
        let title = "Write down the 3 fields that are missing, to be filled in";
        assert!(after(&file("{$0}"), title).contains(&format!("  given e: Event {all}\n")));
        let some = after(&file("{ grade: hi$0gh }"), "Write down the 2 fields that are missing, to be filled in");
        assert!(some.contains("{ grade: high, seen_at: 2026-03-01T00:00Z, unit: u }"), "{some}");
        let broken =
            after(&file("{\n    grade: hi$0gh\n  }"), "Write down the 2 fields that are missing, to be filled in");
        assert!(broken.contains("{\n    grade: high\n    seen_at: 2026-03-01T00:00Z\n    unit: u\n  }"), "{broken}");
        assert!(titles(&file(&all.replace("low", "lo$0w"))).is_empty());
    }
}
