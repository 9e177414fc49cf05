//! Tokens, chunks, parser, tree and formatter of the Mandate language.

pub mod ast;
