//! What the words of a text refer to, for editors.

use crate::db::SourceFile;
use crate::names::{Entity, Region};
use mandate_diagnostics::{Diagnostic, Span};
use mandate_pack::Type;
use std::sync::Arc;

/// A word with what it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The word.
    pub span: Span,
    /// What it refers to.
    pub target: Target,
}

impl Reference {
    /// The reference moved by `offset` bytes, with the variable it means.
    pub(crate) fn shifted(&self, offset: u32) -> Reference {
        let mut moved = Reference { span: self.span.shifted(offset), target: self.target.clone() };
        if let Target::Local { span, .. } = &mut moved.target {
            *span = span.shifted(offset);
        }
        moved
    }
}

/// Something that can be referred to. Files are named by their path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A module's file.
    Module {
        /// Its path.
        file: Arc<str>,
    },
    /// A declaration.
    Declaration {
        /// Module.
        file: Arc<str>,
        /// Name.
        name: Arc<str>,
    },
    /// A field of a record.
    Field {
        /// Module.
        file: Arc<str>,
        /// Record.
        record: Arc<str>,
        /// Field.
        field: Arc<str>,
    },
    /// A value of an enum.
    Variant {
        /// Module.
        file: Arc<str>,
        /// Enum.
        r#enum: Arc<str>,
        /// Value.
        variant: Arc<str>,
    },
    /// A variable.
    Local {
        /// Module.
        file: Arc<str>,
        /// Where it is introduced.
        span: Span,
        /// Name.
        name: Arc<str>,
        /// Its type, for people.
        ty: String,
    },
    /// A passage of a source.
    Passage {
        /// Module that declares the source.
        file: Arc<str>,
        /// Source.
        source: Arc<str>,
        /// Passage.
        passage: Arc<str>,
    },
}

/// What checking a text says: diagnostics and references, spans absolute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// What is to be said.
    pub diagnostics: Vec<Diagnostic>,
    /// What the words refer to.
    pub references: Vec<Reference>,
    /// What can be checked only against lowered declarations of other modules.
    pub(crate) later: Vec<Later>,
}

/// A check against a declaration that may stand in another module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Later {
    /// `who is role`: whether such a record can hold the role (qualified).
    Holds {
        /// The whole question, absolute.
        span: Span,
        /// Qualified.
        role: String,
        /// Type of who is asked about.
        who: Type,
    },
    /// `expect rule status`: whether it can come out.
    Expect {
        /// The status, absolute.
        span: Span,
        /// Qualified.
        rule: String,
        /// As written.
        status: String,
    },
}

impl Output {
    /// Records that the word at `span` means `entity`.
    pub(crate) fn refer(&mut self, db: &dyn salsa::Database, span: Span, entity: &Entity) {
        let target = Target::Declaration { file: entity.file.path(db).clone(), name: entity.name.clone() };
        self.references.push(Reference { span, target });
    }

    /// Records that the word at `span` means a module; a package is its root or first module.
    pub(crate) fn refer_region(&mut self, db: &dyn salsa::Database, span: Span, region: Region) {
        let file: Option<SourceFile> = match region {
            Region::Module(file) => Some(file),
            Region::Package(package) => package.modules(db).values().next().copied(),
        };
        if let Some(file) = file {
            self.references.push(Reference { span, target: Target::Module { file: file.path(db).clone() } });
        }
    }
}
