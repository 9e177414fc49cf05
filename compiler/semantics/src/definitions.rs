//! Result types of definitions, inferred where they are not written.

use crate::checker::Checker;
use crate::db::SourceFile;
use crate::names::{Entity, scope_of};
use crate::reference::Output;
use crate::sheets::{Sheet, home, home_of};
use crate::signatures::{Signature, signature};
use mandate_pack::Type;
use mandate_syntax::ast::{DeclKind, Define, Item};
use std::sync::Arc;

/// Definitions that may be inferred within one another; `cycles` reports deeper chains. Keeps the stack bounded.
pub(crate) const DEEPEST: usize = 64;

thread_local! {
    static DEPTH: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts definitions being inferred within one another on this thread, unwinding included.
struct Nested;

impl Nested {
    fn enter() -> Option<Nested> {
        DEPTH.set(DEPTH.get() + 1);
        let nested = Nested;
        (DEPTH.get() <= DEEPEST).then_some(nested)
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// Type of a definition's value and whether it comes from a `sensitive` field. `None` when it has no type, which is reported at the definition.
pub(crate) fn result(db: &dyn salsa::Database, entity: &Entity) -> Option<(Type, bool)> {
    let _nested = Nested::enter()?;
    inferred(db, entity.file, entity.name.clone()).clone()
}

/// The declaration of a definition, and the sheet in which it stands.
pub(crate) fn find<'db>(
    db: &'db dyn salsa::Database,
    file: SourceFile,
    name: &str,
) -> Option<(&'db Sheet, &'db Item, &'db Define)> {
    let (sheet, item) = home(db, file, name)?;
    match &item.decl.kind {
        DeclKind::Define(define) => Some((sheet, item, define)),
        _ => None,
    }
}

#[salsa::tracked(cycle_result = in_a_circle)]
fn inferred(db: &dyn salsa::Database, file: SourceFile, name: Arc<str>) -> Option<(Type, bool)> {
    let key = home_of(db, file, name.clone())?;
    let (sheet, item, define) = find(db, file, &name)?;
    let entity = Entity { file, name: name.clone(), kind: crate::names::Kind::Define };
    let Some(Signature::Define(callable)) = signature(db, &entity) else { return None };
    let mut ignored = Output::default();
    let mut checker = Checker::new(db, file, scope_of(db, file, key), item, &sheet.text, &mut ignored);
    for ((_, ty), param) in callable.params.iter().zip(&define.params) {
        checker.bind(&param.name, ty.clone(), false);
    }
    let typed = checker.expr(&define.body, callable.result.as_ref())?;
    let ty = match &callable.result {
        Some(written) if typed.expr.ty.is_optional() => written.clone().optional(),
        Some(written) => written.clone(),
        None => typed.expr.ty,
    };
    Some((ty, typed.sensitive))
}

/// A definition that uses itself has no type; `cycles` reports it.
fn in_a_circle(_: &dyn salsa::Database, _: salsa::Id, _: SourceFile, _: Arc<str>) -> Option<(Type, bool)> {
    None
}
