//! Declarations as others see them: names and types, no bodies and no places, so that an edit inside a body stops here.

use crate::checker::Checker;
use crate::db::{Package, SourceFile};
use crate::names::{Entity, Kind, by_qualified, declared, scope_of};
use crate::reference::Output;
use crate::sheets::{SheetItem, home_of, sheet};
use mandate_pack::{Dated, Force, Type};
use mandate_syntax::ast::{self, Decl, DeclKind, Domain, SourceItemKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A declaration as others see it. A type of `None` could not be resolved, which has been reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// Values of an enum.
    Enum(EnumSignature),
    /// Fields of a record.
    Record(RecordSignature),
    /// What a role belongs to.
    Role(RoleSignature),
    /// Type of a parameter.
    Parameter(ParameterSignature),
    /// Parameters of a definition, and its result if written.
    Define(Callable),
    /// Parameters of an action.
    Action(Callable),
    /// Parameters of a waiver.
    Waiver(Callable),
    /// Variables of a rule.
    Rule(RuleSignature),
    /// Particulars of a source.
    Source(SourceSignature),
}

/// An enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumSignature {
    /// Lowest first, if ordered.
    pub ordered: bool,
    /// Name and spelling.
    pub variants: Vec<(String, String)>,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSignature {
    /// Identifying field.
    pub key: Option<String>,
    /// Dating fields.
    pub dated: Option<Dated>,
    /// Correcting field.
    pub corrects: Option<String>,
    /// Field telling when it was entered.
    pub recorded: Option<String>,
    /// Fields in order.
    pub fields: Vec<FieldSignature>,
}

impl RecordSignature {
    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&FieldSignature> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSignature {
    /// Name.
    pub name: String,
    /// Type as declared.
    pub ty: Option<Type>,
    /// May be tested, never shown.
    pub sensitive: bool,
    /// Has a value when absent.
    pub has_default: bool,
    /// Its value changes.
    pub over_time: bool,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSignature {
    /// Variable and type it belongs to.
    pub of: Option<(String, Option<Type>)>,
    /// Whether the data says who holds it.
    pub held: bool,
    /// The wider role, qualified.
    pub is: Option<String>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterSignature {
    /// Type.
    pub ty: Option<Type>,
    /// Whether it has values from dates on.
    pub dated: bool,
}

/// Something with parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callable {
    /// Variables with their types.
    pub params: Vec<(String, Option<Type>)>,
    /// The result type, if written.
    pub result: Option<Type>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSignature {
    /// Written as `constraint`.
    pub constraint: bool,
    /// Variables; the type is known when written as `x: T`.
    pub vars: Vec<(String, Option<Type>)>,
}

/// A source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSignature {
    /// Legal force, if written and known.
    pub force: Option<Force>,
    /// Relative path of its passage file.
    pub document: Option<String>,
    /// Qualified names of the texts it supersedes.
    pub supersedes: Vec<String>,
    /// First day in force.
    pub in_force_from: Option<String>,
    /// First day on which it no longer is.
    pub in_force_until: Option<String>,
    /// First day on which keeping it is compulsory.
    pub compulsory_from: Option<String>,
}

/// Signatures of the declarations of a sheet, by name; the first declaration of a name counts.
#[salsa::tracked]
pub(crate) fn signatures(db: &dyn salsa::Database, file: SourceFile, key: u32) -> BTreeMap<Arc<str>, Signature> {
    let scope = scope_of(db, file, key);
    // Faults in types are reported when the declaration itself is checked.
    let mut ignored = Output::default();
    let mut all = BTreeMap::new();
    let Some(sheet) = sheet(db, file, key) else { return all };
    for SheetItem { item, .. } in sheet.items.iter().filter(|item| !item.again) {
        if let Some((name, _)) = declared(&item.decl.kind) {
            let mut checker = Checker::new(db, file, scope, item, &sheet.text, &mut ignored);
            if let Some(signature) = checker.signature(&item.decl) {
                all.insert(Arc::from(name.text.as_str()), signature);
            }
        }
    }
    all
}

/// The signature of an entity.
pub(crate) fn signature<'db>(db: &'db dyn salsa::Database, entity: &Entity) -> Option<&'db Signature> {
    signatures(db, entity.file, home_of(db, entity.file, entity.name.clone())?).get(&entity.name)
}

/// The record with a qualified name.
pub(crate) fn record<'db>(db: &'db dyn salsa::Database, qualified: &str) -> Option<(Entity, &'db RecordSignature)> {
    let entity = by_qualified(db, qualified)?;
    match signature(db, &entity)? {
        Signature::Record(record) => Some((entity, record)),
        _ => None,
    }
}

/// The enum with a qualified name.
pub(crate) fn enumeration<'db>(db: &'db dyn salsa::Database, qualified: &str) -> Option<(Entity, &'db EnumSignature)> {
    let entity = by_qualified(db, qualified)?;
    match signature(db, &entity)? {
        Signature::Enum(found) => Some((entity, found)),
        _ => None,
    }
}

/// Whether a package may be asked for its files (kept here so that callers need not know inputs).
pub(crate) fn document_of(db: &dyn salsa::Database, package: Package, relative: &str) -> Option<crate::db::Document> {
    package.documents(db).get(relative).copied()
}

impl Checker<'_> {
    fn source_signature(&mut self, decl: &ast::Source) -> SourceSignature {
        let mut signature = SourceSignature::default();
        for item in &decl.items {
            match &item.kind {
                SourceItemKind::Force(word) => {
                    let known = Force::WORDS.iter().find(|(known, _)| *known == word.text);
                    signature.force = known.map(|(_, force)| *force);
                }
                SourceItemKind::Document(text) => signature.document = Some(text.text.clone()),
                SourceItemKind::Supersedes(paths) => signature.supersedes = self.sources(paths),
                SourceItemKind::InForce(from, until) => {
                    signature.in_force_from = from.as_ref().and_then(|day| self.day(day));
                    signature.in_force_until = until.as_ref().and_then(|day| self.day(day));
                }
                SourceItemKind::Compulsory(day) => signature.compulsory_from = self.day(day),
                _ => {}
            }
        }
        signature
    }

    /// The signature of a declaration.
    fn signature(&mut self, decl: &Decl) -> Option<Signature> {
        Some(match &decl.kind {
            DeclKind::Enum(decl) => Signature::Enum(enum_signature(decl)),
            DeclKind::Record(decl) => Signature::Record(self.record_signature(decl)),
            DeclKind::Role(decl) => Signature::Role(RoleSignature {
                of: decl.of.as_ref().map(|of| (of.name.text.clone(), self.binder_type(of))),
                held: decl.held.is_some(),
                is: decl.is.as_ref().and_then(|is| self.entity(is, &[Kind::Role])).map(|e| e.qualified(self.db)),
            }),
            DeclKind::Parameter(decl) => Signature::Parameter(ParameterSignature {
                ty: self.type_ref(&decl.ty),
                dated: matches!(decl.value, ast::ParameterValue::Dated(_)),
            }),
            DeclKind::Define(decl) => Signature::Define(Callable {
                params: self.params(&decl.params),
                result: decl.ty.as_ref().and_then(|ty| self.type_ref(ty)),
            }),
            DeclKind::Action(decl) => Signature::Action(Callable { params: self.params(&decl.params), result: None }),
            DeclKind::Waiver(decl) => Signature::Waiver(Callable { params: self.params(&decl.params), result: None }),
            DeclKind::Rule(decl) => Signature::Rule(self.rule_signature(decl)),
            DeclKind::Source(decl) => Signature::Source(self.source_signature(decl)),
            DeclKind::Use(_)
            | DeclKind::Endorse(_)
            | DeclKind::Assume(_)
            | DeclKind::Concern(_)
            | DeclKind::Purpose(_)
            | DeclKind::Mission(_)
            | DeclKind::Background(_)
            | DeclKind::Carried(_)
            | DeclKind::Scenario(_)
            | DeclKind::Nothing => return None,
        })
    }

    fn record_signature(&mut self, decl: &ast::Record) -> RecordSignature {
        let text = |name: &ast::Name| name.text.clone();
        RecordSignature {
            key: decl.key.as_ref().map(text),
            dated: decl.dated.as_ref().map(|dated| match dated {
                ast::Dated::At(field) => Dated::At(text(field)),
                ast::Dated::During(from, to) => Dated::During(text(from), text(to)),
            }),
            corrects: decl.corrects.as_ref().map(text),
            recorded: decl.recorded.as_ref().map(text),
            fields: decl
                .fields
                .iter()
                .map(|field| FieldSignature {
                    name: text(&field.name),
                    ty: self.type_ref(&field.ty),
                    sensitive: field.sensitive,
                    has_default: field.default.is_some(),
                    over_time: field.over_time.is_some(),
                })
                .collect(),
        }
    }

    fn rule_signature(&mut self, decl: &ast::Rule) -> RuleSignature {
        let binders = decl.clauses.iter().filter_map(|clause| match &clause.kind {
            ast::ClauseKind::ForEach(binders) => Some(binders),
            _ => None,
        });
        let vars = binders.flatten().map(|b| (b.name.text.clone(), self.binder_type(b))).collect();
        RuleSignature { constraint: decl.constraint, vars }
    }

    fn params(&mut self, params: &[ast::Param]) -> Vec<(String, Option<Type>)> {
        params.iter().map(|p| (p.name.text.clone(), self.type_ref(&p.ty))).collect()
    }

    fn binder_type(&mut self, binder: &ast::Binder) -> Option<Type> {
        match &binder.over {
            Domain::Type(ty) => self.type_ref(ty),
            Domain::Items(_) => None,
        }
    }
}

fn enum_signature(decl: &ast::Enum) -> EnumSignature {
    let variants = decl.variants.iter().filter(|v| !v.name.is_hole());
    EnumSignature {
        ordered: decl.ordered,
        variants: variants
            .map(|v| (v.name.text.clone(), v.spelling.as_ref().map_or_else(|| v.name.text.clone(), |s| s.text.clone())))
            .collect(),
    }
}
