//! `mandate source`: the documents behind the rules.

mod apart;
pub(crate) mod diff;
pub(crate) mod document;
mod import;
mod review;

use crate::ending::Ending;
use crate::output::Output;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a document's passages part of a package, each with a name that rules can cite
    Import(import::Import),
    /// Read a PDF from standard input, for `import`
    #[command(name = apart::READ_PDF, hide = true)]
    ReadPdf,
    /// Look at the rules whose passages changed since somebody compared them, and record that you did
    Review(review::Arguments),
    /// Compare two documents passage by passage
    Diff(diff::Diff),
}

pub(crate) fn run(command: &Command, out: &mut Output) -> Ending {
    match command {
        Command::Import(import) => import::run(import, out),
        Command::ReadPdf => apart::read_pdf(out),
        Command::Review(review) => review::run(review, out),
        Command::Diff(diff) => diff::run(diff, out),
    }
}
