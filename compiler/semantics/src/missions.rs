//! Missions: what a package makes of the packages it refines. Checked here, and carried out when the pack is put together.

use crate::analysis::Lines;
use crate::assemble::with_dependencies;
use crate::bounds;
use crate::checker::Checker;
use crate::crosscheck::lowered;
use crate::db::{Package, SourceFile, package, parsed, qualified};
use crate::names::{Entity, Kind, Region, scope};
use crate::reference::Output;
use crate::signatures::{Signature, signature};
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_pack::{self as pack, DatedValue, Pack, RuleRef, short};
use mandate_syntax::ast::{self, DeclKind, Expr, Item, MissionLineKind, Name, Path};
use std::collections::{BTreeMap, BTreeSet};

/// What the missions of some packages take away or put in place, without places or values. All names are qualified.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tailoring {
    /// Rules that are replaced, with those that stand in for them. More than one is a mistake that is reported.
    pub(crate) replaced: BTreeMap<String, Vec<String>>,
    /// Rules that do not hold.
    pub(crate) dropped: BTreeSet<String>,
}

impl Tailoring {
    /// The rule that is judged where `rule` is named; `None` if it was dropped.
    pub(crate) fn standing<'n>(&'n self, rule: &'n str) -> Option<&'n str> {
        let mut name = rule;
        // Replacing rules can be replaced again, by a mission that refines a mission; a ring of them is a mistake.
        for _ in 0..=self.replaced.len() {
            match self.replaced.get(name).and_then(|all| all.first()) {
                Some(next) => name = next,
                None => break,
            }
        }
        (!self.dropped.contains(name)).then_some(name)
    }

    fn add(&mut self, other: &Tailoring) {
        for (base, own) in &other.replaced {
            self.replaced.entry(base.clone()).or_default().extend(own.iter().cloned());
        }
        self.dropped.extend(other.dropped.iter().cloned());
    }

    /// Whether they leave every rule as it is.
    pub(crate) fn is_empty(&self) -> bool {
        self.replaced.is_empty() && self.dropped.is_empty()
    }
}

/// The packages that the mission of a package refines; `None` where there is no mission.
#[salsa::tracked]
pub(crate) fn refined(db: &dyn salsa::Database, package: Package) -> Option<BTreeSet<String>> {
    let missions: Vec<&ast::Mission> = package.modules(db).values().flat_map(|file| declared_in(db, *file)).collect();
    let names = missions.iter().flat_map(|mission| &mission.refines).filter(|name| !name.is_hole());
    (!missions.is_empty()).then(|| names.map(|name| name.text.clone()).collect())
}

fn declared_in(db: &dyn salsa::Database, file: SourceFile) -> impl Iterator<Item = &ast::Mission> {
    items(db, file).map(|(_, mission)| mission)
}

fn items(db: &dyn salsa::Database, file: SourceFile) -> impl Iterator<Item = (&Item, &ast::Mission)> {
    parsed(db, file).items.iter().filter_map(|item| match &item.decl.kind {
        DeclKind::Mission(mission) => Some((item, mission)),
        _ => None,
    })
}

/// What a module takes away or puts in place, read from the tree and the scope alone.
#[salsa::tracked]
fn tailored_in(db: &dyn salsa::Database, file: SourceFile) -> Tailoring {
    let mut ignored = Output::default();
    let mut found = Tailoring::default();
    for item in &parsed(db, file).items {
        let mut checker = Checker::new(db, file, scope(db, file), item, file.text(db), &mut ignored);
        match &item.decl.kind {
            DeclKind::Rule(decl) if !decl.name.is_hole() => {
                let replaced = decl.replaces.as_ref().and_then(|path| checker.entity(path, &[Kind::Rule]));
                let own = qualified(db, file, &decl.name.text);
                if let Some(replaced) = replaced.map(|entity| entity.qualified(db)) {
                    found.replaced.entry(replaced).or_default().push(own);
                }
            }
            DeclKind::Mission(decl) => {
                for line in &decl.lines {
                    if let MissionLineKind::Drops(path, _) = &line.kind {
                        let dropped = checker.named_in(decl, path, Kind::Rule);
                        found.dropped.extend(dropped.map(|entity| entity.qualified(db)));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// What the missions of a package and of those it uses take away or put in place.
#[salsa::tracked]
pub(crate) fn tailoring(db: &dyn salsa::Database, main: Package) -> Tailoring {
    let mut all = Tailoring::default();
    for part in with_dependencies(db, main) {
        if refined(db, part).is_some() {
            for file in part.modules(db).values() {
                all.add(tailored_in(db, *file));
            }
        }
    }
    all
}

/// Carries out what missions say: parameters get their values, and whoever spoke of a rule that is replaced speaks of the other.
pub(crate) fn carry_out(pack: &mut Pack, tailoring: &Tailoring, missions: &[pack::Mission]) {
    // A mission may refine a mission: the packages come in the order of their dependence, and the last word counts.
    for (name, value) in missions.iter().flat_map(|mission| &mission.set) {
        if let Some(parameter) = pack.parameters.get_mut(name) {
            parameter.values = vec![DatedValue { from: None, value: value.clone() }];
        }
    }
    if tailoring.is_empty() {
        return;
    }
    pack.rules.retain(|name, _| tailoring.standing(name) == Some(name));
    let meant = |refs: &mut Vec<RuleRef>| {
        let mut kept: Vec<RuleRef> = Vec::new();
        for mut one in std::mem::take(refs) {
            let Some(standing) = tailoring.standing(&one.rule) else { continue };
            one.rule = standing.to_owned();
            if !kept.contains(&one) {
                kept.push(one);
            }
        }
        *refs = kept;
    };
    for rule in pack.rules.values_mut() {
        meant(&mut rule.overrides);
        meant(&mut rule.limits);
    }
    for expected in pack.scenarios.iter_mut().flat_map(|scenario| &mut scenario.expect) {
        if let Some(standing) = tailoring.standing(&expected.rule) {
            expected.rule = standing.to_owned();
        }
    }
}

impl Checker<'_> {
    /// Checks and lowers a mission.
    pub(crate) fn mission(
        &mut self,
        decl: &ast::Mission,
        doc: &str,
        head: Span,
        lines: &Lines,
    ) -> Option<pack::Mission> {
        let before = self.errors();
        let offset = self.offset;
        let line = |span: Span| lines.line(span.start + offset);
        self.packages(decl);
        let name = decl.name.text.clone();
        let mut mission = pack::Mission {
            title: decl.title.as_ref().map_or_else(|| name.replace('_', " "), |title| title.text.clone()),
            name,
            doc: doc.to_owned(),
            origin: self.origin(line(head)),
            refines: decl.refines.iter().map(|name| name.text.clone()).collect(),
            set: BTreeMap::new(),
            drops: Vec::new(),
            accepted: Vec::new(),
        };
        let mut seen: BTreeMap<(&str, String), Span> = BTreeMap::new();
        for one in &decl.lines {
            let origin = self.origin(line(one.span));
            let (word, told) = match &one.kind {
                MissionLineKind::Set(path, value) => ("set", self.set_here(decl, path, value, &mut mission)),
                MissionLineKind::Drops(path, because) => {
                    ("drops", self.dropped(decl, path, because.as_ref(), origin, &mut mission))
                }
                MissionLineKind::Accepts(accepted) => {
                    ("accepts weaker", self.accepted(decl, one.span, accepted, origin, &mut mission))
                }
            };
            let Some(name) = told else { continue };
            if let Some(first) = seen.insert((word, name.clone()), one.span) {
                let message = format!("`{word} {}` stands here twice", short(&name));
                let said = Diagnostic::new(&codes::E093, one.span, message).related(first, "first here");
                self.say(
                    said.help("Keep the line that is right: a mission says one thing of each rule and parameter."),
                );
            }
        }
        (self.errors() == before && !decl.name.is_hole()).then_some(mission)
    }

    fn errors(&self) -> usize {
        self.out.diagnostics.iter().filter(|said| said.severity == mandate_diagnostics::Severity::Error).count()
    }

    /// The packages refined are those the manifest lists.
    fn packages(&mut self, decl: &ast::Mission) {
        self.distinct(decl.refines.iter(), "package");
        let Some(own) = package(self.db, self.file.package(self.db)) else { return };
        for name in decl.refines.iter().filter(|name| !name.is_hole()) {
            let usable = own.dependencies(self.db).iter().any(|dependency| **dependency == *name.text);
            match package(self.db, &name.text).filter(|_| usable) {
                Some(found) => {
                    self.out.refer_region(self.db, name.span.shifted(self.offset), Region::Package(found));
                }
                None => {
                    let known: Vec<&str> = own.dependencies(self.db).iter().map(AsRef::as_ref).collect();
                    let message = format!("`{}` is no package that this one uses, so it cannot be refined", name.text);
                    let help = if name.text == **own.name(self.db) {
                        "A mission refines other packages: what this package says itself, it can say otherwise."
                            .to_owned()
                    } else {
                        format!("Add `{0} = \"std\"` or its path under [dependencies] in mandate.toml.", name.text)
                    };
                    self.unknown(&codes::E087, name, message, known, help);
                }
            }
        }
    }

    /// What a line of a mission names. A bare name that nothing here has is looked up in the packages that the mission refines.
    pub(crate) fn named_in(&mut self, decl: &ast::Mission, path: &Path, kind: Kind) -> Option<Entity> {
        let [name] = path.segments.as_slice() else { return self.entity(path, &[kind]) };
        if self.scope.names.contains_key(name.text.as_str()) {
            return self.entity(path, &[kind]);
        }
        let packages = decl.refines.iter().filter_map(|refined| package(self.db, &refined.text));
        let all: Vec<Entity> = packages.flat_map(|found| Region::Package(found).find(self.db, &name.text)).collect();
        match all.as_slice() {
            [] => self.entity(path, &[kind]),
            [one] if one.kind == kind => {
                self.refer_entity(name.span, one);
                Some(one.clone())
            }
            [one] => {
                let message = format!("`{}` is {}, and {} is needed here", name.text, one.kind.phrase(), kind.phrase());
                self.report(&codes::E025, path.span, message, "");
                None
            }
            several => {
                let modules: Vec<String> =
                    several.iter().map(|one| format!("`{}`", Region::Module(one.file).label(self.db))).collect();
                let message = format!("several modules of the packages refined declare `{}`", name.text);
                let help = format!("Write the module too: {}.", modules.join(" or "));
                self.report(&codes::E029, name.span, message, help);
                None
            }
        }
    }

    /// What a line of a mission names, if it belongs to a package that the mission refines.
    fn refined_one(&mut self, decl: &ast::Mission, path: &Path, kind: Kind) -> Option<Entity> {
        let entity = self.named_in(decl, path, kind)?;
        let refined: Vec<&str> = decl.refines.iter().map(|name| name.text.as_str()).collect();
        self.belongs(&entity, path, &refined).then_some(entity)
    }

    /// Whether a declaration is one of the packages refined, reporting when it is not.
    fn belongs(&mut self, entity: &Entity, path: &Path, refined: &[&str]) -> bool {
        let owner = entity.file.package(self.db);
        if refined.contains(&&**owner) {
            return true;
        }
        let (name, kind) = (&entity.name, entity.kind.phrase());
        let (message, help) = if owner == self.file.package(self.db) {
            (
                format!("`{name}` is {kind} of this package itself, which its mission does not refine"),
                "Change it where it is declared.".to_owned(),
            )
        } else {
            let message = format!("`{name}` is {kind} of `{owner}`, which the mission does not refine");
            (message, format!("Write `refines {}` in the mission.", [refined, &[&**owner]].concat().join(", ")))
        };
        self.report(&codes::E089, path.span, message, help);
        false
    }

    fn set_here(
        &mut self,
        decl: &ast::Mission,
        path: &Path,
        value: &Expr,
        mission: &mut pack::Mission,
    ) -> Option<String> {
        let entity = self.refined_one(decl, path, Kind::Parameter)?;
        let Some(Signature::Parameter(parameter)) = signature(self.db, &entity) else { return None };
        let value = self.plain(value, parameter.ty.as_ref()?);
        let name = entity.qualified(self.db);
        if let Some(value) = value {
            mission.set.entry(name.clone()).or_insert(value);
        }
        Some(name)
    }

    fn dropped(
        &mut self,
        decl: &ast::Mission,
        path: &Path,
        because: Option<&ast::Text>,
        origin: pack::Origin,
        mission: &mut pack::Mission,
    ) -> Option<String> {
        let name = self.refined_one(decl, path, Kind::Rule).map(|entity| entity.qualified(self.db));
        let Some(because) = because.filter(|text| !text.text.trim().is_empty()) else {
            let message = "a rule is dropped, and nothing says why";
            let help = "Add `because \"...\"`: whoever reads the mission asks first why the rule does not hold in it.";
            self.report(&codes::E092, path.span, message, help);
            return name;
        };
        let name = name?;
        mission.drops.push(pack::Dropped { rule: name.clone(), reason: because.text.clone(), origin });
        Some(name)
    }

    fn accepted(
        &mut self,
        decl: &ast::Mission,
        span: Span,
        accepted: &ast::Accepted,
        origin: pack::Origin,
        mission: &mut pack::Mission,
    ) -> Option<String> {
        let name = self.refined_one(decl, &accepted.rule, Kind::Rule).map(|entity| entity.qualified(self.db));
        let said = |text: &Option<ast::Text>| text.as_ref().is_some_and(|text| !text.text.trim().is_empty());
        let parts = [
            (said(&accepted.by), "who accepts it: `by \"Commander ...\"`"),
            (
                accepted.under.as_ref().is_some_and(|under| under.passage.is_some()),
                "the passage that lets them: `under orders#annex-c`",
            ),
            (accepted.until.is_some(), "until when: `until 2027-01-31`"),
            (said(&accepted.because), "why: `because \"...\"`"),
        ];
        let missing: Vec<&str> = parts.iter().filter(|(there, _)| !there).map(|(_, what)| *what).collect();
        if !missing.is_empty() {
            let message = "a weakening is accepted only by somebody who answers for it, for a time";
            self.report(&codes::E092, span, message, format!("Add {}.", missing.join("; ")));
        }
        let citation = accepted.under.as_ref().and_then(|under| self.citation(under));
        let until = accepted.until.as_ref().and_then(|day| self.day(day));
        let name = name?;
        if let (Some(by), Some(citation), Some(until), Some(because)) =
            (&accepted.by, citation, until, &accepted.because)
        {
            let (rule, by, reason) = (name.clone(), by.text.clone(), because.text.clone());
            mission.accepted.push(pack::Acceptance { rule, by, citation, until, reason, origin });
        }
        Some(name)
    }

    /// The rule that is replaced, if the package has a mission that may do so.
    pub(crate) fn replaced(&mut self, path: &Path) -> Option<String> {
        let entity = self.entity(path, &[Kind::Rule])?;
        let own = package(self.db, self.file.package(self.db))?;
        let Some(refined) = refined(self.db, own) else {
            let message = "only the mission of a package replaces rules of another, and this package has none";
            let owner = entity.file.package(self.db);
            let name = own.name(self.db);
            let help = if owner == name {
                "A rule of this package is changed where it stands.".to_owned()
            } else {
                format!(
                    "Declare one, in any module: `mission {name} \"...\" refines {owner}`. To keep both rules, leave `replaces` out."
                )
            };
            self.report(&codes::E090, path.span, message, help);
            return None;
        };
        let refined: Vec<&str> = refined.iter().map(String::as_str).collect();
        self.belongs(&entity, path, &refined).then(|| entity.qualified(self.db))
    }
}

/// Whether a module declares a mission.
#[salsa::tracked]
fn has_mission(db: &dyn salsa::Database, file: SourceFile) -> bool {
    items(db, file).next().is_some()
}

/// The modules of a package that declare a mission: one at most, if nothing is wrong.
#[salsa::tracked]
fn with_missions(db: &dyn salsa::Database, package: Package) -> Vec<SourceFile> {
    package.modules(db).values().copied().filter(|file| *has_mission(db, *file)).collect()
}

/// What is wrong with the mission that a module declares, beside other modules.
pub(crate) fn missions(db: &dyn salsa::Database, own: Package, file: SourceFile) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut first: Option<(SourceFile, Span)> = None;
    let with_missions = with_missions(db, own);
    if !with_missions.contains(&file) {
        return found;
    }
    for other in with_missions {
        for (item, mission) in items(db, *other) {
            let span = name_or_head(item, &mission.name);
            if *other == file {
                found.extend(first.map(|before| second(db, file, span, before)));
                found.extend(outside(db, file, item, mission));
            }
            first = first.or(Some((*other, span)));
        }
    }
    found
}

fn name_or_head(item: &Item, name: &Name) -> Span {
    let span = if name.is_hole() { item.decl.span } else { name.span };
    span.shifted(item.offset)
}

fn second(db: &dyn salsa::Database, file: SourceFile, span: Span, before: (SourceFile, Span)) -> Diagnostic {
    let (other, place) = before;
    let mut said = Diagnostic::new(&codes::E086, span, "a package has one mission, and this is its second")
        .help("Bring both together, or make a package of its own for each mission.");
    let path = (other != file).then(|| other.path(db).clone());
    said.related.push(mandate_diagnostics::Label { file: path, span: place, message: "the first".to_owned() });
    said
}

/// Values that lie outside the bounds of their parameters.
fn outside(db: &dyn salsa::Database, file: SourceFile, item: &Item, mission: &ast::Mission) -> Vec<Diagnostic> {
    let mut ignored = Output::default();
    let mut found = Vec::new();
    for line in &mission.lines {
        let MissionLineKind::Set(path, value) = &line.kind else { continue };
        let mut checker = Checker::new(db, file, scope(db, file), item, file.text(db), &mut ignored);
        let Some(entity) = checker.named_in(mission, path, Kind::Parameter) else { continue };
        let name = entity.qualified(db);
        let Some(parameter) = lowered(db, &name, |pack| pack.parameters.get(&name)) else { continue };
        let (Some((low, high)), Some(typed)) = (&parameter.bounds, checker.plain(value, &parameter.ty)) else {
            continue;
        };
        let verdict = bounds::outside(db, &typed, low, high);
        if verdict != Some(false) {
            let (written, name) = (typed.words(), &entity.name);
            let message = match verdict {
                Some(_) => format!("{written} lies outside the bounds of `{name}`"),
                None => format!("{written} cannot be compared with the bounds of `{name}`"),
            };
            let help = format!(
                "`{name}` can be set from {} to {}. Whoever issues `{}` would have to widen them.",
                low.words(),
                high.words(),
                entity.file.package(db)
            );
            found.push(Diagnostic::new(&codes::E088, value.span.shifted(item.offset), message).help(help));
        }
    }
    found
}
