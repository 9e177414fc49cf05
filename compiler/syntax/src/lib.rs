//! Tokens, chunks, parser, tree and formatter of the Mandate language.
//!
//! `text -> chunks -> tokens of a chunk -> tree of its declaration`. Reading never fails: what is missing becomes a hole in
//! the tree and an error in its declaration. A chunk whose text did not change need not be read again.

pub mod ast;
mod chunk;
mod format;
mod parser;
mod reparse;
pub mod token;
mod walk;
pub mod words;

pub use chunk::chunks;
pub use format::format;
pub use parser::{module_doc, parse, parse_chunk};
pub use reparse::reparse;
