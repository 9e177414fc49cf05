//! Checks that need the lowered declarations of other modules: performers against bearers, floors against ranks, unused names.

use crate::analysis::{Found, NormPlace, WaivablePlace, found, said};
use crate::checker::with_article;
use crate::crossrules;
use crate::db::{SourceFile, package, parsed};
use crate::names::{by_qualified, resolve_uses};
use crate::reference::Target;
use crate::sheets::{home, home_of, sheet, sheets};
use crate::signatures::enumeration;
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_pack::Type;
use mandate_syntax::ast::DeclKind;

/// Every diagnostic of a module, sorted by place.
#[salsa::tracked]
pub fn diagnostics(db: &dyn salsa::Database, file: SourceFile) -> Vec<Diagnostic> {
    let (mut all, broken) = said(db, file);
    for placed in &sheets(db, file).placed {
        all.extend(beside_others(db, file, placed.key).iter().map(|said| said.clone().shifted(placed.offset)));
    }
    all.extend(crate::review::reviews(db, file));
    if !broken {
        unused_imports(db, file, &mut all);
    }
    if let Some(own) = package(db, file.package(db)) {
        all.extend(crate::assemble::repeated_scenarios(db, own, file));
        all.extend(crate::carrying::carried_twice(db, own, file));
        all.extend(crate::missions::missions(db, own, file));
    }
    all.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.span, d.code.id);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    all.dedup();
    all
}

/// What is wrong with the declarations of a sheet beside those of other sheets and modules, in places of the sheet.
#[salsa::tracked]
fn beside_others(db: &dyn salsa::Database, file: SourceFile, key: u32) -> Vec<Diagnostic> {
    let Some(sheet) = sheet(db, file, key) else { return Vec::new() };
    let found = found(db, file, key);
    let mut all = Vec::new();
    for norm in &found.norms {
        all.extend(performers(db, norm));
        all.extend(crossrules::lasting(db, norm));
    }
    for waivable in &found.waivables {
        all.extend(floor(db, found, waivable));
    }
    all.extend(found.output.later.iter().filter_map(|later| crossrules::later(db, file, later)));
    all.extend(crossrules::rules(db, file, sheet, found));
    all.extend(crate::editions::editions(db, file, sheet, found));
    all.extend(crate::cycles::cycles(db, file, sheet));
    all
}

/// The lowered form of a declaration, wherever it stands.
pub(crate) fn lowered<'db, T>(
    db: &'db dyn salsa::Database,
    qualified: &str,
    of: impl FnOnce(&'db mandate_pack::Pack) -> Option<&'db T>,
) -> Option<&'db T> {
    let entity = by_qualified(db, qualified)?;
    of(&found(db, entity.file, home_of(db, entity.file, entity.name)?).lowered)
}

/// Whether a declaration could not be read in full, so that what it seems to lack may stand there.
pub(crate) fn misread(db: &dyn salsa::Database, qualified: &str) -> bool {
    let Some(entity) = by_qualified(db, qualified) else { return true };
    home(db, entity.file, &entity.name).is_none_or(|(_, item)| !item.decl.errors.is_empty())
}

/// The bearer of a duty and whoever the evidence says acted must be records of one type.
fn performers(db: &dyn salsa::Database, norm: &NormPlace) -> Option<Diagnostic> {
    let action = lowered(db, &norm.action, |pack| pack.actions.get(&norm.action))?;
    let bearer: Option<Type> = match (&norm.bearer, &norm.role) {
        (Some(bearer), _) => Some(bearer.known().clone()),
        (None, Some(name)) => {
            let role = lowered(db, name, |pack| pack.roles.get(name))?;
            role.held.as_ref().map(|held| held.by.ty.known().clone())
        }
        (None, None) => return None,
    };
    let by = action.evidence.iter().find_map(|evidence| evidence.by.as_ref())?;
    let name = norm.action.rsplit('.').next().unwrap_or(&norm.action);
    let Some(bearer) = bearer else {
        let message = format!("the data does not say who holds this role, so who did `{name}` cannot be checked");
        return Some(
            Diagnostic::new(&codes::E056, norm.span, message)
                .help("Add `held by p for p: Post where ...` to the role, or leave `by` out of the action's evidence."),
        );
    };
    if crate::exprs::comparable(&bearer, by.ty.known()) {
        return None;
    }
    let message = format!(
        "the duty falls on {}, and the evidence of `{name}` says which {} acted",
        with_article(&bearer),
        crate::checker::shown(by.ty.known())
    );
    Some(
        Diagnostic::new(&codes::E056, norm.span, message)
            .help("Make both the same: let the role be held by, or the evidence name, the same kind of record."),
    )
}

/// The floors are values of the waiver's rank, and what is not waivable is not waived.
fn floor(db: &dyn salsa::Database, own: &Found, place: &WaivablePlace) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let waiver = lowered(db, &place.waiver, |pack| pack.waivers.get(&place.waiver));
    if let Some(waiver) = waiver.filter(|_| !misread(db, &place.waiver)) {
        let ranks = [&place.floor, &place.exceptional_floor].map(|floor| {
            let (name, span) = floor.as_ref()?;
            rank(db, place, waiver, name, *span, &mut found)
        });
        found.extend(crossrules::exceptional(place, waiver, ranks));
    }
    let Some(rule) = own.lowered.rules.get(&place.rule) else { return found };
    for cite in &rule.cites {
        let Some(source) = lowered(db, &cite.source, |pack| pack.sources.get(&cite.source)) else { continue };
        let cited = cited_passages(db, cite);
        if let Some(passage) = cited.iter().find(|p| source.not_waivable.contains(p)) {
            let message = format!("this rule cites `#{passage}`, which no waiver may set aside");
            let said = Diagnostic::new(&codes::E064, place.span, message);
            found.push(said.help("Leave `waivable` out. The source declares the passage `not waivable`."));
        }
    }
    found.extend(waiver.and_then(|waiver| crossrules::caveat(place, rule, waiver)));
    found
}

/// The place of a rank among those of the waiver, lowest first, or what is wrong with it.
fn rank(
    db: &dyn salsa::Database,
    place: &WaivablePlace,
    waiver: &mandate_pack::Waiver,
    name: &str,
    span: Span,
    found: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let Some(Type::Enum(ranks)) = waiver.rank.as_ref().map(|rank| rank.ty.known()) else {
        let short = place.waiver.rsplit('.').next().unwrap_or(&place.waiver);
        let message = format!("the waiver `{short}` does not say the rank of who granted it");
        let said = Diagnostic::new(&codes::E057, span, message);
        found.push(said.help("Add `rank w.field` to the waiver, of an ordered enum."));
        return None;
    };
    let (entity, signature) = enumeration(db, ranks)?;
    let at = signature.variants.iter().position(|(variant, _)| variant == name);
    if at.is_none() {
        let known: Vec<&str> = signature.variants.iter().map(|(variant, _)| variant.as_str()).collect();
        let said = Diagnostic::new(&codes::E028, span, format!("`{name}` is no value of `{}`", entity.name));
        found.push(match mandate_diagnostics::did_you_mean(name, known.iter().copied()) {
            Some(near) => said.help(format!("Did you mean `{near}`?")).fix(format!("Replace by `{near}`"), span, near),
            None => said.help(format!("Its values are {}.", known.join(", "))),
        });
    }
    at
}

/// Every passage a citation names, those inside a span included.
fn cited_passages(db: &dyn salsa::Database, cite: &mandate_pack::Citation) -> Vec<String> {
    let Some(first) = &cite.passage else { return Vec::new() };
    let known = by_qualified(db, &cite.source).and_then(|source| crate::passages::document_behind(db, &source));
    let names = known.map(|known| known.names_between(first, cite.to.as_deref())).unwrap_or_default();
    if names.is_empty() { vec![first.clone()] } else { names.into_iter().map(str::to_owned).collect() }
}

/// Names brought in that nothing uses.
fn unused_imports(db: &dyn salsa::Database, file: SourceFile, all: &mut Vec<Diagnostic>) {
    let brought = &resolve_uses(db, file).1.references;
    let used: Vec<_> = sheets(db, file).placed.iter().map(|placed| &found(db, file, placed.key).used).collect();
    for item in &parsed(db, file).items {
        let DeclKind::Use(decl) = &item.decl.kind else { continue };
        for name in decl.names.iter().flatten().filter(|name| !name.is_hole()) {
            let span = name.span.shifted(item.offset);
            let target = brought.iter().find(|reference| reference.span == span).map(|reference| &reference.target);
            let Some(Target::Declaration { file, name: declared }) = target else { continue };
            let wanted = (file.clone(), declared.clone());
            if !used.iter().any(|used| used.contains(&wanted)) {
                let said = Diagnostic::new(&codes::W006, span, format!("`{}` is brought in and never used", name.text));
                all.push(said.help("Leave it out."));
            }
        }
    }
}
