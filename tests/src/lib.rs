//! Support for the tests of the whole: Markdown with examples in it, small packages compiled in memory, facts judged by them.
//!
//! - [`markdown`] takes the fenced blocks out of a Markdown text.
//! - [`example`] compiles a package given as texts, without a disk.
//! - [`case`] reads a language case (a block with the diagnostics it should draw, facts with their findings) and says what differs.
//! - [`files`] writes a few files into a directory that goes away again, for what only a disk can show.
//! - [`packages`] compiles the packages of this repository.

pub mod case;
pub mod example;
pub mod files;
pub mod markdown;
pub mod packages;
