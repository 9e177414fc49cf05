//! The compiled rule pack: what `mandate compile` writes and what other tools embed.
//!
//! A pack is plain data: rules as typed expression trees, the types they speak of, sources with their passages,
//! parameters and scenarios. Names are qualified (`core.Incident`), maps are ordered, so that equal packs are equal bytes.

mod digest;
mod expr;
mod model;
mod schema;
mod ty;
mod visit;
mod words;

pub use digest::{MAX_DEPTH, PackError, nested_beyond};
pub use expr::*;
pub use model::*;
pub use schema::{facts_schema, pack_schema};
pub use ty::*;
pub use words::short;
