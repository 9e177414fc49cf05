//! The clauses of a rule: in the usual order, and those that are missing.

use super::overrides::clause_edit;
use super::{Action, ActionKind, Context, FileEdits, at, is_accepted, newline};
use crate::tree::sentences;
use mandate_diagnostics::{Diagnostic, Edit, Span, codes};
use mandate_semantics::{Kind, Named};
use mandate_syntax::ast::{
    Binder, ClauseKind, Dated, DeclKind, Domain, Item, Param, Record, Rule, SourceItemKind, TypeRef, TypeRefKind,
};
use std::collections::BTreeSet;

/// More than this would be no choice.
const SOURCES: usize = 6;

/// The usual place of a clause; notes on readings stay behind the clause they follow.
fn rank(kind: &ClauseKind) -> Option<usize> {
    Some(match kind {
        ClauseKind::Cites(_) => 0,
        ClauseKind::Carries(_) => 1,
        ClauseKind::InForce(..) => 2,
        ClauseKind::ForEach(_) => 3,
        ClauseKind::On(_) => 4,
        ClauseKind::Party(_) => 5,
        ClauseKind::Let(..) => 6,
        ClauseKind::When(_) => 7,
        ClauseKind::Unless(_) => 8,
        ClauseKind::Norm(_) | ClauseKind::Require(_) => 9,
        ClauseKind::Otherwise(_) => 10,
        ClauseKind::Waivable(_) => 11,
        ClauseKind::Overrides(_) => 12,
        ClauseKind::Limits(_) => 13,
        ClauseKind::Flag(_) => 14,
        ClauseKind::Tally(_) => 15,
        ClauseKind::Reads(_) => return None,
    })
}

/// The name of the work: it is tried out only when it is chosen.
pub(super) const SORTING: &str = "sort";

/// For a rule whose clauses stand in another order than others.
pub(super) fn sort(context: &Context<'_>, out: &mut Vec<Action>) {
    if resorted(context).is_some() {
        let title = "Put the clauses in their usual order";
        out.push(Action::later(ActionKind::Rewrite, title, SORTING, at(context.span)));
    }
}

/// The clauses in their usual order, if the language accepts it: a value may be used before it is introduced then.
pub(super) fn resolve_sort(context: &Context<'_>) -> Option<FileEdits> {
    resorted(context).filter(|edits| is_accepted(context.snapshot, edits))
}

fn resorted(context: &Context<'_>) -> Option<FileEdits> {
    let item = context.item()?;
    let DeclKind::Rule(rule) = &item.decl.kind else { return None };
    if !item.decl.errors.is_empty() {
        return None;
    }
    Some(FileEdits::from([(context.path.clone(), vec![sorted(context, item, rule)?])]))
}

fn sorted(context: &Context<'_>, item: &Item, rule: &Rule) -> Option<Edit> {
    let mut pieces: Vec<(usize, Span)> = Vec::new();
    let mut last_end = None;
    for clause in &rule.clauses {
        let span = clause.span.shifted(item.offset);
        let lines = context.lines(span);
        let start = last_end.unwrap_or_else(|| first_line(context, item, lines.start));
        // Clauses that share a line have no lines of their own to move.
        if lines.start < start {
            return None;
        }
        last_end = Some(lines.end);
        let piece = Span::new(start, lines.end);
        match (rank(&clause.kind), pieces.last_mut()) {
            (Some(rank), _) => pieces.push((rank, piece)),
            (None, Some((_, before))) => *before = before.to(piece),
            (None, None) => pieces.push((0, piece)),
        }
    }
    if pieces.is_sorted_by_key(|(rank, _)| *rank) {
        return None;
    }
    let whole = Span::new(pieces.first()?.1.start, pieces.last()?.1.end);
    // The last line may be that of the closing brace.
    if whole.end > rule.close.start + item.offset {
        return None;
    }
    pieces.sort_by_key(|(rank, _)| *rank);
    let text: String = pieces.iter().map(|(_, piece)| context.words(*piece)).collect();
    Some(Edit { span: whole, text })
}

/// Where the first clause begins with the comments above it: behind the line of the opening brace.
fn first_line(context: &Context<'_>, item: &Item, line: u32) -> u32 {
    let head = context.words(Span::new(item.decl.span.start + item.offset, line));
    match head.rfind('{').and_then(|brace| head[brace..].find('\n').map(|end| brace + end + 1)) {
        Some(at) => item.decl.span.start + item.offset + at as u32,
        None => line,
    }
}

/// What a diagnostic says is missing.
pub(super) fn missing(context: &Context<'_>, out: &mut Vec<Action>) {
    for diagnostic in context.here() {
        let Some(item) = holder(context, diagnostic.primary.span) else { continue };
        match (&item.decl.kind, diagnostic.code.id) {
            (DeclKind::Rule(rule), id) if id == codes::W001.id => cites(context, item, rule, diagnostic, out),
            (DeclKind::Rule(rule), id) if id == codes::E050.id => sentence(context, item, rule, diagnostic, out),
            (DeclKind::Rule(rule), id) if id == codes::W002.id || id == codes::E053.id => {
                deadline(context, item, rule, diagnostic, out);
            }
            (DeclKind::Rule(_), id) if id == codes::W008.id => {
                let edit = Edit { span: Span::empty(diagnostic.primary.span.end), text: " within 24 hours".to_owned() };
                say(context, "Add `within 24 hours`, which runs from the breach", edit, diagnostic, out);
            }
            (DeclKind::Action(_), id) if id == codes::W004.id => evidence(context, item, diagnostic, out),
            (DeclKind::Source(_), id) if id == codes::E059.id => source(context, item, diagnostic, out),
            (_, id) if id == codes::E051.id => repeated(context, item, diagnostic, out),
            _ => {}
        }
    }
}

fn holder<'c>(context: &'c Context<'_>, span: Span) -> Option<&'c Item> {
    context.tree.items.iter().find(|item| item.offset <= span.start && span.end <= item.offset + item.len)
}

fn say(context: &Context<'_>, title: impl Into<String>, edit: Edit, diagnostic: &Diagnostic, out: &mut Vec<Action>) {
    out.push(Action::edits(ActionKind::QuickFix, title, &context.path, vec![edit]).mending(diagnostic));
}

/// A citation of each source that the module knows.
fn cites(context: &Context<'_>, item: &Item, rule: &Rule, diagnostic: &Diagnostic, out: &mut Vec<Action>) {
    let names = context.snapshot.names_in_scope(&context.path);
    for Named { name, .. } in names.iter().filter(|named| named.kind == Kind::Source).take(SOURCES) {
        let edit = first_clause(context, item, rule, &format!("cites {name}"));
        say(context, format!("Cite `{name}`"), edit, diagnostic, out);
    }
}

/// A clause before all others.
fn first_clause(context: &Context<'_>, item: &Item, rule: &Rule, line: &str) -> Edit {
    let Some(first) = rule.clauses.first() else { return clause_edit(&context.text, item, rule, line) };
    let end = newline(&context.text);
    let at = first_line(context, item, context.lines(first.span.shifted(item.offset)).start);
    Edit { span: Span::empty(at), text: format!("  {line}{end}") }
}

/// The variables of a rule with the names of their record types.
fn variables(rule: &Rule) -> Vec<(&str, &str)> {
    let binders = rule.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::ForEach(binders) => Some(binders),
        _ => None,
    });
    binders.flatten().filter_map(|binder| Some((binder.name.text.as_str(), type_of(binder)?))).collect()
}

fn type_of(binder: &Binder) -> Option<&str> {
    match &binder.over {
        Domain::Type(ty) => named(ty),
        Domain::Items(_) => None,
    }
}

fn named(ty: &TypeRef) -> Option<&str> {
    match &ty.kind {
        TypeRefKind::Named(path) => path.segments.last().map(|name| name.text.as_str()),
        TypeRefKind::Optional(inner) => named(inner),
        TypeRefKind::List(_) | TypeRefKind::Hole => None,
    }
}

/// A record type by the name that a module has for it.
fn record(context: &Context<'_>, name: &str) -> Option<Record> {
    let names = context.snapshot.names_in_scope(&context.path);
    let found = names.into_iter().find(|known| *known.name == *name && known.kind == Kind::Record)?;
    let Named { file, name, .. } = found;
    declared(context, &file, &name, |kind| match kind {
        DeclKind::Record(record) => Some(record.clone()),
        _ => None,
    })
}

fn declared<T>(context: &Context<'_>, file: &str, name: &str, read: impl Fn(&DeclKind) -> Option<T>) -> Option<T> {
    let tree = context.snapshot.syntax(file)?;
    let is_it = |kind: &DeclKind| mandate_semantics::declared(kind).is_some_and(|(known, _)| known.text == name);
    tree.items.iter().filter(|item| is_it(&item.decl.kind)).find_map(|item| read(&item.decl.kind))
}

/// The instant from which something can be counted: that by which the record of a variable is dated.
fn dated(context: &Context<'_>, rule: &Rule) -> Option<String> {
    variables(rule).into_iter().find_map(|(variable, ty)| match record(context, ty)?.dated? {
        Dated::At(field) | Dated::During(field, _) => Some(format!("{variable}.{}", field.text)),
    })
}

/// The sentence that a rule lacks, with an act that can be done to what the rule is about.
fn sentence(context: &Context<'_>, item: &Item, rule: &Rule, diagnostic: &Diagnostic, out: &mut Vec<Action>) {
    if sentences(rule).next().is_some() || diagnostic.primary.span != rule.name.span.shifted(item.offset) {
        return;
    }
    let variables = variables(rule);
    if rule.constraint {
        let Some((variable, field)) = variables.iter().find_map(|(variable, ty)| {
            let fields = record(context, ty)?.fields;
            Some((variable, fields.into_iter().find(|field| named(&field.ty) == Some("Bool"))?.name.text))
        }) else {
            return;
        };
        let edit = clause_edit(&context.text, item, rule, &format!("require {variable}.{field}"));
        return say(context, format!("Add `require`, to begin with `{variable}.{field}`"), edit, diagnostic, out);
    }
    let time = dated(context, rule).map(|at| format!(" within 24 hours after {at}")).unwrap_or_default();
    let names = context.snapshot.names_in_scope(&context.path);
    let mut found = false;
    for Named { name, file, .. } in names.iter().filter(|named| named.kind == Kind::Action) {
        let params: Option<Vec<Param>> = declared(context, file, name, |kind| match kind {
            DeclKind::Action(action) => Some(action.params.clone()),
            _ => None,
        });
        let args: Option<Vec<&str>> = params.iter().flatten().map(|param| fitting(&variables, param)).collect();
        let Some(args) = args.filter(|args| !args.is_empty()) else { continue };
        let line = format!("everyone must {name}({}){time}", args.join(", "));
        found = true;
        say(
            context,
            format!("Add its sentence, to begin with `{line}`"),
            clause_edit(&context.text, item, rule, &line),
            diagnostic,
            out,
        );
    }
    if !found {
        let reason = "no action that this module knows is done to what the rule is about: declare it first";
        out.push(Action::disabled(ActionKind::QuickFix, "Add its sentence", reason).mending(diagnostic));
    }
}

fn fitting<'v>(variables: &[(&'v str, &'v str)], param: &Param) -> Option<&'v str> {
    let wanted = named(&param.ty)?;
    variables.iter().find(|(_, ty)| *ty == wanted).map(|(variable, _)| *variable)
}

/// The time that a duty lacks, or the instant from which it runs.
fn deadline(context: &Context<'_>, item: &Item, rule: &Rule, diagnostic: &Diagnostic, out: &mut Vec<Action>) {
    let span = diagnostic.primary.span;
    let Some(at) = dated(context, rule) else { return };
    if diagnostic.code.id == codes::E053.id {
        let edit = Edit { span: Span::empty(span.end), text: format!(" after {at}") };
        return say(context, format!("Count from `{at}`"), edit, diagnostic, out);
    }
    let norm = sentences(rule)
        .map(|sentence| sentence.span.shifted(item.offset))
        .find(|norm| norm.start <= span.start && span.end <= norm.end);
    let Some(norm) = norm else { return };
    let text = format!(" within 24 hours after {at}");
    say(context, format!("Add `{}`", text.trim()), Edit { span: Span::empty(norm.end), text }, diagnostic, out);
}

/// Evidence of an act: records that refer to what it is done to.
fn evidence(context: &Context<'_>, item: &Item, diagnostic: &Diagnostic, out: &mut Vec<Action>) {
    let DeclKind::Action(action) = &item.decl.kind else { return };
    let Some((param, wanted)) = action.params.first().and_then(|param| Some((&param.name.text, named(&param.ty)?)))
    else {
        return;
    };
    let end = newline(&context.text);
    let names = context.snapshot.names_in_scope(&context.path);
    for Named { name, .. } in names.iter().filter(|named| named.kind == Kind::Record) {
        let Some(found) = record(context, name) else { continue };
        let Some(field) = found.fields.iter().find(|field| named(&field.ty) == Some(wanted)) else { continue };
        let line = format!("evidence r: {name} where r.{} == {param}", field.name.text);
        let whole = item.decl.span.shifted(item.offset);
        let words = context.words(whole);
        let edit = match (words.find('{'), words.ends_with('}')) {
            (Some(open), true) => {
                let inside = Span::new(whole.start + open as u32 + 1, whole.end - 1);
                Edit { span: inside, text: format!("{end}  {line}{end}") }
            }
            _ => Edit { span: Span::empty(whole.end), text: format!(" {{{end}  {line}{end}}}") },
        };
        say(context, format!("Let a `{name}` show it"), edit, diagnostic, out);
    }
}

/// What a source does not say.
fn source(context: &Context<'_>, item: &Item, diagnostic: &Diagnostic, out: &mut Vec<Action>) {
    let DeclKind::Source(source) = &item.decl.kind else { return };
    let whole = item.decl.span.shifted(item.offset);
    if !context.words(whole).ends_with('}') || diagnostic.primary.span != source.name.span.shifted(item.offset) {
        return;
    }
    let end = newline(&context.text);
    let has = |is: fn(&SourceItemKind) -> bool| source.items.iter().any(|item| is(&item.kind));
    let mut lines = Vec::new();
    if diagnostic.message.contains("`title`") && !has(|kind| matches!(kind, SourceItemKind::Title(_))) {
        let name = source.name.text.replace('_', " ");
        lines.push((format!("title \"{name}\""), format!("Add the title \"{name}\"")));
    }
    if diagnostic.message.contains("`force`") && !has(|kind| matches!(kind, SourceItemKind::Force(_))) {
        let words = mandate_pack::Force::WORDS.iter().map(|(word, _)| *word);
        lines.extend(words.map(|word| (format!("force {word}"), format!("Add `force {word}`"))));
    }
    for (line, title) in lines {
        let at = context.text[..whole.end as usize - 1].trim_end().len() as u32;
        let edit = Edit { span: Span::new(at, whole.end - 1), text: format!("{end}  {line}{end}") };
        say(context, title, edit, diagnostic, out);
    }
}

/// Of two of which one may stand, the later one or the earlier one goes.
fn repeated(context: &Context<'_>, item: &Item, diagnostic: &Diagnostic, out: &mut Vec<Action>) {
    let lines: BTreeSet<Span> =
        crate::tree::lines(&item.decl.kind).into_iter().map(|line| line.shifted(item.offset)).collect();
    let first = diagnostic.related.first().map(|label| label.span);
    let is_sentence = diagnostic.message.contains("sentence");
    for (span, title) in
        [(Some(diagnostic.primary.span), "Take this one out"), (first, "Keep this one, and take the first out")]
    {
        let Some(span) = span.filter(|span| lines.contains(span) && !is_sentence) else { continue };
        let gone = context.lines(span);
        // What shares its line is not the action's to take away.
        if lines.iter().any(|line| *line != span && gone.start <= line.start && line.start < gone.end) {
            continue;
        }
        say(context, title, Edit { span: gone, text: String::new() }, diagnostic, out);
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::tests::{after, titles};

    const FACTS: &str = "//- facts.mandate\nrecord Event key id at seen_at {\n  id: Text\n  seen_at: Time\n  grave: Bool\n}\nrecord Report key id at sent_at {\n  id: Text\n  event: Event\n  sent_at: Time\n}\naction report(e: Event) {\n  evidence r: Report where r.event == e\n}\nsource order_7 {\n  title \"Order 7\"\n  force order\n}\n//- a.mandate\nuse facts.{Event, Report, report, order_7}\n\n";

    #[test]
    fn clauses_are_put_in_order_with_their_comments() {
        let file = format!(
            "{FACTS}rule r \"R\" {{\n  // When it is grave.\n  when e.grave // so\n  everyone must report(e) within 24 hours after e.seen_at\n  /// All of them.\n  for each e: Event\n  cites order_7$0\n}}\n"
        );
        let found = after(&file, "Put the clauses in their usual order");
        assert!(found.ends_with("rule r \"R\" {\n  cites order_7\n  /// All of them.\n  for each e: Event\n  // When it is grave.\n  when e.grave // so\n  everyone must report(e) within 24 hours after e.seen_at\n}\n"), "{found}");
        let ordered = format!(
            "{FACTS}rule r \"R\" {{\n  cites order_7\n  for each e: Event\n  everyone must report(e$0) by e.seen_at\n}}\n"
        );
        assert!(!titles(&ordered).iter().any(|title| title.contains("usual order")));
    }

    #[test]
    fn what_a_rule_lacks_is_added() {
        let rule = |clauses: &str| format!("{FACTS}rule $0r \"R\" {{\n{clauses}}}\n");
        let found = after(&rule("  for each e: Event\n  when e.grave\n"), "Cite `order_7`");
        assert!(found.contains("rule r \"R\" {\n  cites order_7\n  for each e: Event\n"), "{found}");
        let line = "everyone must report(e) within 24 hours after e.seen_at";
        let found = after(
            &rule("  cites order_7\n  for each e: Event\n"),
            &format!("Add its sentence, to begin with `{line}`"),
        );
        assert!(found.ends_with(&format!("  for each e: Event\n  {line}\n}}\n")), "{found}");
        let none = rule("  for each r: Report\n").replace("report(e: Event)", "act(u: Unit)");
        assert!(
            titles(&none).iter().any(|title| title.starts_with("Add its sentence (not here:")),
            "{:?}",
            titles(&none)
        );
    }

    #[test]
    fn a_deadline_is_counted_from_the_date_of_the_record() {
        let file =
            format!("{FACTS}rule r \"R\" {{\n  cites order_7\n  for each e: Event\n  everyone must re$0port(e)\n}}\n");
        let found = after(&file, "Add `within 24 hours after e.seen_at`");
        assert!(found.contains("must report(e) within 24 hours after e.seen_at\n"), "{found}");
        let from = file.replace("must re$0port(e)", "must report(e) with$0in 24 hours");
        let found = after(&from, "Count from `e.seen_at`");
        assert!(found.contains("must report(e) within 24 hours after e.seen_at\n"), "{found}");
    }

    #[test]
    fn evidence_and_the_particulars_of_a_source_are_added() {
        let act = format!("{FACTS}action te$0ll(e: Event) {{\n}}\n");
        let found = after(&act, "Let a `Report` show it");
        assert!(found.ends_with("action tell(e: Event) {\n  evidence r: Report where r.event == e\n}\n"), "{found}");
        let source = format!("{FACTS}source ol$0d {{\n  title \"Old\"\n}}\n");
        let found = after(&source, "Add `force guidance`");
        assert!(found.ends_with("source old {\n  title \"Old\"\n  force guidance\n}\n"), "{found}");
    }

    #[test]
    fn of_two_that_may_stand_only_once_either_goes() {
        let file = format!("{FACTS}source old {{\n  title \"Old\"\n  force order\n  for$0ce law\n}}\n");
        assert!(after(&file, "Take this one out").ends_with("  force order\n}\n"));
        assert!(after(&file, "Keep this one, and take the first out").ends_with("  title \"Old\"\n  force law\n}\n"));
    }
}
