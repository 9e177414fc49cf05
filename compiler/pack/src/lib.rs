//! The compiled rule pack: what `mandate compile` writes and what other tools embed.
//!
//! A pack is plain data: rules as typed expression trees, the types they speak of, sources with their passages,
//! parameters and scenarios. Names are qualified (`core.Incident`), maps are ordered, so that equal packs are equal bytes.

mod expr;
mod model;
mod ty;

pub use expr::*;
pub use model::*;
pub use ty::*;
