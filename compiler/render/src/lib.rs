//! Diagnostics as text for people ([`text`]) and for tools as JSON ([`json`]) and SARIF ([`sarif`]).
//!
//! All take the same [`File`]s and count places alike: lines and columns from one, columns in characters. Nothing that
//! a file contains can break the rendering or reach the terminal as a command to it.

mod count;
mod json;
mod places;
pub mod safe;
mod sarif;
mod source;
mod text;

pub use count::Count;
pub use json::json;
pub use sarif::sarif;
pub use text::{Options, text};

use mandate_diagnostics::Diagnostic;
use std::sync::Arc;

/// A file with what is to be said about it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// As people name it.
    pub path: &'a str,
    /// The text that places count in.
    pub text: &'a str,
    /// In the order in which they are shown.
    pub diagnostics: &'a [Diagnostic],
}

/// Finds the text of another file that a label points into; `None` if it cannot be shown.
pub type Texts<'a> = dyn Fn(&str) -> Option<Arc<str>> + 'a;
