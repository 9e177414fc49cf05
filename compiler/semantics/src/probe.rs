//! What checking a declaration tells of one place in it, when somebody asks: switched on by [`Checker::probe`], and absent in
//! every other pass.

use crate::checker::{Checker, Local};
use mandate_diagnostics::Span;
use mandate_pack::Type;
use mandate_syntax::ast::{Name, Path, TypeRef, TypeRefKind};

use crate::names::Kind;

/// The word that stands for what is still to be written. No declaration can be meant by it.
pub const MARK: &str = "__cursor__";

/// What the text wants where something is still to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A value, of this type where one is known.
    Value(Option<Type>),
    /// What may stand after the dot behind a value of this type.
    Member(Type),
    /// A field of this record that leads to other records of its kind.
    Link(String),
    /// One of the values of this enum, after its name and a dot.
    Variant(String),
    /// A declaration of one of these kinds; of the package or module written before it, if one is.
    Declared {
        /// The kinds that fit.
        kinds: Vec<Kind>,
        /// `core.sites` as written before the dot; empty without one.
        within: Vec<String>,
    },
    /// A type.
    Type,
    /// A record type.
    Record,
    /// A bearer: a role, or a record.
    Bearer,
    /// The name of a field in a record that is written out.
    Field {
        /// The record, qualified.
        record: String,
        /// The fields that stand there already.
        written: Vec<String>,
    },
    /// The name of a part of a built-in value that is written out.
    Part(Vec<String>),
}

/// A variable in scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type, where one could be found.
    pub ty: Option<Type>,
}

/// What was found out at the mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// What is wanted.
    pub wanted: Wanted,
    /// The variables in scope, the innermost last.
    pub variables: Vec<Variable>,
}

/// An expression with its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedSpan {
    /// Where it stands, absolute.
    pub span: Span,
    /// Its type.
    pub ty: Type,
}

/// What is recorded while a declaration is checked.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    pub(crate) seen: Option<Surroundings>,
    /// Every expression that has a type, spans relative.
    pub(crate) types: Vec<(Span, Type)>,
}

impl Probe {
    fn saw(&mut self, wanted: Wanted, variables: Vec<Variable>) {
        // A place is looked at more than once where one side of an operator is read in the light of the other: what says more counts.
        let vague = |wanted: &Wanted| *wanted == Wanted::Value(None);
        if self.seen.as_ref().is_none_or(|seen| vague(&seen.wanted) || !vague(&wanted)) {
            self.seen = Some(Surroundings { wanted, variables });
        }
    }
}

impl Checker<'_> {
    /// Whether `name` is the mark; then what is wanted there is recorded.
    pub(crate) fn asked(&mut self, name: &str, wanted: impl FnOnce() -> Wanted) -> bool {
        let variables = |locals: &[Local]| {
            let all = locals.iter().map(|local| Variable { name: local.name.clone(), ty: local.ty.clone() });
            all.collect()
        };
        match &mut self.probe {
            Some(probe) if name == MARK => {
                probe.saw(wanted(), variables(&self.locals));
                true
            }
            _ => false,
        }
    }

    /// As [`Checker::asked`], in a scenario, whose names are no variables.
    pub(crate) fn asked_among(
        &mut self,
        name: &str,
        variables: impl FnOnce() -> Vec<Variable>,
        wanted: impl FnOnce() -> Wanted,
    ) -> bool {
        match &mut self.probe {
            Some(probe) if name == MARK => {
                probe.saw(wanted(), variables());
                true
            }
            _ => false,
        }
    }

    /// Whether a path ends in the mark where a declaration of some kinds is wanted.
    pub(crate) fn asked_for(&mut self, path: &Path, kinds: &[Kind]) -> bool {
        if self.probe.is_none() {
            return false;
        }
        let Some((last, before)) = path.segments.split_last() else { return false };
        let within = || before.iter().map(|name: &Name| name.text.clone()).collect();
        self.asked(&last.text, || Wanted::Declared { kinds: kinds.to_vec(), within: within() })
    }

    /// Whether a type is the mark where a record is wanted.
    pub(crate) fn asked_for_record(&mut self, ty: &TypeRef) -> bool {
        match &ty.kind {
            TypeRefKind::Named(path) => match path.segments.as_slice() {
                [only] => self.asked(&only.text, || Wanted::Record),
                _ => false,
            },
            TypeRefKind::List(_) | TypeRefKind::Optional(_) | TypeRefKind::Hole => false,
        }
    }

    /// Records the type of an expression.
    pub(crate) fn typed_here(&mut self, span: Span, ty: &Type) {
        if let Some(probe) = &mut self.probe {
            probe.types.push((span, ty.clone()));
        }
    }
}
