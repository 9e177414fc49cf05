//! Names, types, citations and lowering to a pack, as incremental queries.
//!
//! Text goes in through [`Host`], plain data comes out of a [`Snapshot`]: diagnostics, references, descriptions, the pack.
//! The flow is `text -> tree -> exports -> scope -> signatures -> analysis -> diagnostics`; what others see of a module
//! (exports, scope, signatures) carries no places, so an edit inside a body goes no further than its own module.

mod analysis;
mod assemble;
mod assembly;
mod atlas;
mod bounds;
mod carrying;
mod checker;
mod citing;
mod crosscheck;
mod crossrules;
mod cycles;
mod db;
mod decls;
mod definitions;
mod describe;
mod editions;
mod exprs;
mod files;
mod histories;
mod host;
mod input;
mod literals;
mod marks;
mod missions;
mod names;
mod passages;
mod probe;
mod readings;
mod reference;
mod relations;
mod review;
mod rules;
mod scenarios;
mod sheets;
mod signatures;
mod sources;
mod surroundings;
mod usages;
mod values;
mod windows;

pub use assembly::Assembly;
pub use atlas::{Atlas, Declaration, Part};
pub use citing::CitingRule;
pub use describe::{CitedPassage, Description, Symbol, SymbolKind};
pub use host::{FileDiagnostics, Host, Place, Snapshot};
pub use input::{DocumentInput, LockInput, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
pub use names::{Kind, declared};
pub use probe::{MARK, Surroundings, TypedSpan, Variable, Wanted};
pub use reference::{Reference, Target};
pub use review::{Cited, CitedWords, SourceDocument};
pub use signatures::{
    Callable, EnumSignature, FieldSignature, ParameterSignature, RecordSignature, RoleSignature, RuleSignature,
    Signature, SourceSignature,
};
pub use surroundings::{Import, Named};
pub use values::ParameterValue;
