//! `mandate doc`

use crate::arguments::Doc;
use crate::ending::{Ending, Outcome, Stopped};
use crate::files;
use crate::output::Output;
use crate::package::{Package, Refused};
use mandate_assess::run_scenarios;
use mandate_book::{Contents, NotWritten, book, may_write, write};
use mandate_documents::Document;
use std::collections::BTreeMap;
use std::path::Path;

pub(crate) fn run(arguments: &Doc, out: &mut Output) -> Ending {
    let directory = &arguments.output;
    may_write(directory).map_err(|error| refused(directory, &error))?;
    let package = Package::load(&arguments.package);
    let pack = match package.compile(out) {
        Ok(pack) => pack,
        Err(Refused::Missing(stopped)) => return Err(stopped),
        Err(Refused::Errors) => {
            out.remark("no book was written: the package has errors");
            return Ok(Outcome::Findings);
        }
    };
    let results = run_scenarios(&pack);
    let documents = documents(&package);
    let files = book(Contents { pack: &pack, results: &results, documents: &documents });
    write(&files, directory).map_err(|error| refused(directory, &error))?;
    let pages = files.keys().filter(|file| file.ends_with(".html")).count();
    let first = directory.join("index.html");
    out.remark(&format!("{}: {pages} pages; open {}", pack.name, first.display()));
    Ok(Outcome::Clean)
}

fn documents(package: &Package) -> BTreeMap<String, Document> {
    package.documents().into_iter().map(|(source, found)| (source, found.document)).collect()
}

fn refused(directory: &Path, error: &NotWritten) -> Stopped {
    let said = match error {
        NotWritten::Refused(error) => files::reason(error),
        other => other.to_string(),
    };
    let help = match error {
        NotWritten::NotABook(_) => "name a new directory, an empty one, or one that holds nothing but an earlier book",
        NotWritten::IsAFile => "name a directory; it need not exist",
        NotWritten::NoParent => "make the directory around it first",
        NotWritten::Refused(_) => "check that you may write there",
    };
    Stopped::new(format!("no book can be written to `{}`: {said}", directory.display())).help(help)
}
