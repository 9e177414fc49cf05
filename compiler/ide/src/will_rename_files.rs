//! What follows when files get other names.

use crate::document_links::{beside, relative_to, written_links};
use crate::enclosing::item_at;
use crate::rename::{Edits, Group};
use mandate_diagnostics::{Edit, Span};
use mandate_documents::{Lock, LockNameKind};
use mandate_semantics::{PackageOrigin, Snapshot, Target};
use mandate_syntax::ast::{DeclKind, SourceItemKind};
use mandate_syntax::token::{self, Token};
use std::sync::Arc;

// Feature: Rename Files
//
// When a module file or its folder gets another name in the editor, every `use` line and every name written with its module follows, in all open
// packages, and the review lock too. When a document does, the `document` lines of its sources and the links of other documents follow.
/// The edits that follow when files or folders get other paths, each as it was and as it will be. Files of the package must stay in it: for others
/// there is nothing that could follow. Edits of the files themselves are in their texts of now, under their paths of now.
pub fn will_rename_files(projects: &[&Snapshot], moves: &[(String, String)]) -> Edits {
    let mut edits = Edits::new();
    for project in projects {
        let moved: Vec<Moved> = moves.iter().flat_map(|(from, to)| moved(project, from, to)).collect();
        if moved.is_empty() {
            continue;
        }
        let mut mover = Mover { snapshot: project, moved: &moved, edits: &mut edits };
        mover.modules();
        mover.documents();
        mover.locks();
    }
    for edits in edits.values_mut() {
        edits.sort_by_key(|(edit, _)| edit.span);
        edits.dedup_by_key(|(edit, _)| edit.span);
    }
    edits
}

/// A file of a package that gets another path.
struct Moved {
    path: Arc<str>,
    package: Arc<str>,
    /// Paths below the package.
    from: String,
    to: String,
}

impl Moved {
    fn module(&self, relative: &str) -> Option<String> {
        let name = relative.strip_suffix(".mandate")?.replace('/', ".");
        Some(if *name == *self.package { String::new() } else { name })
    }

    /// The names of the module before and after; `None` for a document, and where the module has or gets its package's own name.
    fn modules(&self) -> Option<(String, String)> {
        let (from, to) = (self.module(&self.from)?, self.module(&self.to)?);
        (!from.is_empty() && !to.is_empty() && from != to).then_some((from, to))
    }
}

/// The files that a move takes along.
fn moved(snapshot: &Snapshot, from: &str, to: &str) -> Vec<Moved> {
    let mut found = Vec::new();
    for path in snapshot.every_file() {
        let rest = path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
        let (Some(rest), Some((package, _))) = (rest.map(str::to_owned), snapshot.owner_of(&path)) else { continue };
        let Some(relative) = snapshot.relative_path(&path) else { continue };
        let now = format!("{to}{rest}");
        let root = path.replace('\\', "/").strip_suffix(&*relative).map(str::to_owned);
        let Some(below) = root.and_then(|root| now.replace('\\', "/").strip_prefix(&root).map(str::to_owned)) else {
            continue;
        };
        found.push(Moved { path, package, from: relative.to_string(), to: below });
    }
    found
}

struct Mover<'a> {
    snapshot: &'a Snapshot,
    moved: &'a [Moved],
    edits: &'a mut Edits,
}

impl Mover<'_> {
    fn add(&mut self, path: &Arc<str>, span: Span, text: String, group: Group) {
        self.edits.entry(path.clone()).or_default().push((Edit { span, text }, group));
    }

    fn is_own(&self, path: &str) -> bool {
        self.snapshot.owner_of(path).is_some_and(|(_, origin)| origin == PackageOrigin::Own)
    }

    fn moved(&self, path: &str) -> Option<&Moved> {
        self.moved.iter().find(|moved| *moved.path == *path)
    }

    /// The names of modules in front of names, in every module of the own packages.
    fn modules(&mut self) {
        if self.moved.iter().all(|moved| moved.modules().is_none()) {
            return;
        }
        for path in self.snapshot.modules() {
            let Some(text) = self.snapshot.text(&path) else { continue };
            let names = |moved: &Moved| moved.modules().map(|(from, _)| last_part(&from).to_owned());
            if !self.moved.iter().filter_map(names).any(|name| text.contains(&name)) {
                continue;
            }
            let tokens = token::tokens(&text);
            let Some(module) = self.snapshot.syntax(&path) else { continue };
            for reference in self.snapshot.references(&path) {
                let (file, prefix) = match &reference.target {
                    Target::Module { file } => (file, words_to(&tokens, reference.span, true)),
                    Target::Declaration { file, .. } => (file, words_to(&tokens, reference.span, false)),
                    _ => continue,
                };
                let Some(names) = self.moved(file).and_then(|moved| Some((moved.package.clone(), moved.modules()?)))
                else {
                    continue;
                };
                let (package, (from, to)) = names;
                let (Some(first), Some(last)) = (prefix.first(), prefix.last()) else { continue };
                let span = first.span.to(last.span);
                let written: Vec<&str> = prefix.iter().filter_map(|word| text.get(word.span.range())).collect();
                let in_use =
                    item_at(&module, span.start).is_some_and(|item| matches!(item.decl.kind, DeclKind::Use(_)));
                let group = match item_at(&module, span.start).map(|item| &item.decl.kind) {
                    Some(DeclKind::Scenario(_)) => Group::Scenarios,
                    _ => Group::Declarations,
                };
                let brought = self.brings(&path, file);
                if let Some(now) = followed(&written.join("."), &package, &from, &to, in_use, brought) {
                    self.add(&path, span, now, group);
                }
            }
        }
    }

    /// Whether a module brings another one in by its last name, `use sites.heritage`.
    fn brings(&self, path: &str, file: &Arc<str>) -> bool {
        let Some(module) = self.snapshot.syntax(path) else { return false };
        module.items.iter().any(|item| match &item.decl.kind {
            DeclKind::Use(decl) if decl.names.is_none() => decl.path.segments.last().is_some_and(|last| {
                let meant = self.snapshot.reference_at(path, last.span.start + item.offset);
                meant.is_some_and(|meant| matches!(&meant.target, Target::Module { file: f } if f == file))
            }),
            _ => false,
        })
    }

    /// The `document` lines of sources, and the links of documents.
    fn documents(&mut self) {
        let moved: Vec<(Arc<str>, Arc<str>, String, String)> = self
            .moved
            .iter()
            .filter(|moved| self.snapshot.passage_file(&moved.path).is_some() && moved.from != moved.to)
            .map(|moved| (moved.path.clone(), moved.package.clone(), moved.from.clone(), moved.to.clone()))
            .collect();
        for (path, _, _, to) in &moved {
            for (file, source) in self.snapshot.sources_of(path) {
                let Some(module) = self.snapshot.syntax(&file).filter(|_| self.is_own(&file)) else { continue };
                for item in &module.items {
                    let DeclKind::Source(decl) = &item.decl.kind else { continue };
                    for part in decl.items.iter().filter(|_| decl.name.text == *source) {
                        if let SourceItemKind::Document(text) = &part.kind {
                            let span = text.span.shifted(item.offset);
                            self.add(&file, span, format!("\"{to}\""), Group::Declarations);
                        }
                    }
                }
            }
        }
        if moved.is_empty() {
            return;
        }
        for path in self.snapshot.every_file() {
            let (Some(text), Some(relative)) = (self.snapshot.text(&path), self.snapshot.relative_path(&path)) else {
                continue;
            };
            if self.snapshot.passage_file(&path).is_none() || !self.is_own(&path) {
                continue;
            }
            let Some((package, _)) = self.snapshot.owner_of(&path) else { continue };
            let own = self.moved(&path).map_or(relative.to_string(), |moved| moved.to.clone());
            for (span, target) in written_links(&text) {
                let (file, anchor) = target.split_once('#').map_or((target, None), |(file, name)| (file, Some(name)));
                if file.is_empty() || file.contains(':') {
                    continue;
                }
                let Some(below) = beside(&relative, file) else { continue };
                let there = moved.iter().find(|(_, of, from, _)| *of == package && *from == below);
                if there.is_none() && self.snapshot.document_path(&package, &below).is_none() {
                    continue;
                }
                let now = relative_to(&own, there.map_or(&below, |(_, _, _, to)| to));
                let now = anchor.map_or(now.clone(), |anchor| format!("{now}#{anchor}"));
                if now != target && (there.is_some() || own != *relative) {
                    self.add(&path, span, now, Group::Documents);
                }
            }
        }
    }

    /// Rules and sources of modules in the review locks.
    fn locks(&mut self) {
        for package in self.snapshot.own_packages() {
            let Some(lock) = self.snapshot.lock_text(&package) else { continue };
            for one in Lock::names(&lock.text) {
                let now = self.moved.iter().find_map(|moved| {
                    let (from, to) = moved.modules()?;
                    let before = if moved.package == package { String::new() } else { format!("{}.", moved.package) };
                    let rest = one.name.strip_prefix(&format!("{before}{from}."))?;
                    // A name of the module itself, and not of one below it.
                    let name =
                        if one.kind == LockNameKind::Rule { rest } else { rest.split('#').next().unwrap_or(rest) };
                    (!name.contains('.')).then(|| format!("{before}{to}.{rest}"))
                });
                if let Some(now) = now {
                    self.add(&lock.path, one.span, Lock::written(&now), Group::Lock);
                }
            }
        }
    }
}

fn last_part(module: &str) -> &str {
    module.rsplit('.').next().unwrap_or(module)
}

/// The words with dots between them that lead up to a word: without it, or with it.
fn words_to(tokens: &[Token], span: Span, with: bool) -> Vec<Token> {
    let Some(mut at) = tokens.iter().position(|token| token.span == span) else { return Vec::new() };
    let mut words = if with { vec![tokens[at]] } else { Vec::new() };
    // `use units.{Unit}`: the names in braces have nothing before them that is theirs alone.
    while at >= 2 && tokens[at - 1].kind == token::Kind::Dot && tokens[at - 2].kind.is_word() {
        at -= 2;
        words.insert(0, tokens[at]);
    }
    words
}

/// How what leads to a module is written once the module is called otherwise; `None` if it stays.
fn followed(written: &str, package: &str, from: &str, to: &str, in_use: bool, brought: bool) -> Option<String> {
    let whole = format!("{package}.{from}");
    let now = if written == whole {
        format!("{package}.{to}")
    } else if brought && !in_use && written == last_part(from) {
        last_part(to).to_owned()
    } else if written == from {
        to.to_owned()
    } else {
        return None;
    };
    (now != written).then_some(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    const FILES: &str = "//- sites/heritage.mandate\nuse units.{Unit}\nrecord Site key id {\n  id: Text\n}\nsource order_7 {\n  title \"Order 7\"\n  force order\n  document \"sources/order.md\"\n}\nconstraint guard \"Guard\" {\n  cites order_7#reporting\n  for each u: Unit\n  require u.name is known\n}\n//- a.mandate\nuse sites.heritage.{Site}\nuse exercise.sites.heritage.order_7\nuse sites.heritage\nrecord A {\n  s: Site\n  t: heritage.Site\n  v: sites.heritage.Site\n}\nbackground order_7#leave \"none\"\n//- notes/n.md\n# N\n\nSee [it](../sources/order.md#leave).\n//- mandate.lock\nversion = 1\n\n[rule.\"sites.heritage.guard\"]\nreviewed_by = \"x\"\nreviewed_on = 2026-03-01\n\"sites.heritage.order_7#reporting\" = { fingerprint = \"x\" }\n";

    /// Each file as it is after the edits, and that the package has no new errors where the files are moved.
    fn after(from: &str, to: &str) -> String {
        let files = format!("{MISSION}{FILES}");
        let fixture = Fixture::new(&files);
        let edits = will_rename_files(&[&fixture.snapshot], &[(from.to_owned(), to.to_owned())]);
        let mut moved = String::new();
        for file in files.split("//- ").skip(1) {
            let (path, text) = file.split_once('\n').expect("a path");
            let text = crate::rename::applied(text, edits.get(path).into_iter().flatten().map(|(edit, _)| edit));
            let path = path.strip_prefix(from).map_or(path.to_owned(), |rest| format!("{to}{rest}"));
            moved.push_str(&format!("//- {path}\n{text}"));
        }
        let now = Fixture::new(&moved);
        for path in now.snapshot.modules() {
            let said = now.snapshot.diagnostics(&path);
            let errors: Vec<_> =
                said.iter().filter(|one| one.code.id.starts_with('E')).map(|one| &one.message).collect();
            assert!(errors.is_empty(), "{path}: {errors:?}\n{moved}");
        }
        moved
    }

    #[test]
    fn a_module_that_is_called_otherwise_is_followed_everywhere() {
        let now = after("sites/heritage.mandate", "sites/culture.mandate");
        for wanted in [
            "use sites.culture.{Site}",
            "use exercise.sites.culture.order_7",
            "use sites.culture\n",
            "t: culture.Site",
            "v: sites.culture.Site",
        ] {
            assert!(now.contains(wanted), "{wanted}\n{now}");
        }
        assert!(
            now.contains("[rule.\"sites.culture.guard\"]") && now.contains("\"sites.culture.order_7#reporting\" ="),
            "{now}"
        );
    }

    #[test]
    fn a_folder_takes_its_modules_along() {
        let now = after("sites", "places/old");
        assert!(now.contains("use places.old.heritage.{Site}") && now.contains("t: heritage.Site"), "{now}");
        assert!(now.contains("v: places.old.heritage.Site"), "{now}");
    }

    #[test]
    fn a_document_is_followed_by_its_source_and_by_links() {
        let now = after("sources/order.md", "orders/seven.md");
        assert!(
            now.contains("document \"orders/seven.md\"") && now.contains("[it](../orders/seven.md#leave)"),
            "{now}"
        );
        let now = after("notes/n.md", "n.md");
        assert!(now.contains("[it](sources/order.md#leave)"), "{now}");
    }

    #[test]
    fn what_leaves_its_package_is_not_followed() {
        let fixture = Fixture::new(&format!("{MISSION}{FILES}"));
        assert_eq!(will_rename_files(&[&fixture.snapshot], &[("nowhere".to_owned(), "b".to_owned())]), Edits::new());
    }
}
