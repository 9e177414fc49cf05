//! `mandate impact`

use crate::commands::source::diff::document;
use crate::commands::trace::named;
use crate::ending::{Ending, Outcome, Stopped};
use crate::output::Output;
use crate::package::{Package, Refused};
use crate::targets::{self, Target};
use clap::{Args, ValueEnum};
use mandate_documents::{Citing, Entry, Review, Wanting};
use mandate_pack::Pack;
use mandate_project::MANIFEST;
use mandate_semantics::CitedWords;
use mandate_trace::impact::Impact as Found;
use mandate_trace::impact::{Dependent, ImpactFormat, Wording, of_edition, of_wordings, write_impact};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Errors that a document leaves behind when it is edited below its rules: what depends on the edit is asked for just then.
const OF_CITATIONS: [&str; 4] = ["E060", "E061", "E063", "E085"];

#[derive(Debug, Args)]
pub(crate) struct Impact {
    /// The package, or anything in it
    #[arg(default_value = ".")]
    pub package: PathBuf,
    /// Compare the document of a source with a new edition; without it, with the wording that the review lock remembers
    #[arg(long, num_args = 2, value_names = ["NAME", "NEW"])]
    pub source: Option<Vec<String>>,
    /// Look for packages that use this one, here and below; as often as wanted
    #[arg(long = "in", value_name = "DIR")]
    pub within: Vec<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write to a file instead, or once more in another format (`sarif=impact.sarif`); as often as wanted
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub output: Vec<Target<Format>>,
}

/// How to write an impact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// Everything, for programs
    Json,
    /// SARIF 2.1.0, for code review
    Sarif,
    /// For tickets and messages
    Markdown,
}

impl From<Format> for ImpactFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Json => Self::Json,
            Format::Sarif => Self::Sarif,
            Format::Markdown => Self::Markdown,
        }
    }
}

pub(crate) fn run(arguments: &Impact, out: &mut Output) -> Ending {
    let read: Vec<PathBuf> = arguments.source.iter().flatten().skip(1).map(PathBuf::from).collect();
    targets::check(&arguments.output, &read)?;
    let package = Package::load(&arguments.package);
    let pack = package.compile_despite(out, &OF_CITATIONS).map_err(Refused::into_stopped)?;
    let users = users(&package, &arguments.within, out)?;
    let dependents: Vec<Dependent<'_>> = users.iter().map(|(directory, pack)| Dependent { pack, directory }).collect();
    let documents = match arguments.source.as_deref() {
        Some([name, new]) => {
            let all = package.documents();
            let (source, found) = named(&all, package.name(), name)?;
            let new_edition = document(new, Some(&found.document))?;
            vec![of_edition(&pack, source, &found.document, &new_edition, new, &dependents)]
        }
        _ => of_wordings(&pack, &since_review(&package, &pack)?, "the wording of the last review", &dependents),
    };
    let found = Found { documents };
    if found.documents.is_empty() {
        out.remark("every passage reads as it did when the rules that cite it were reviewed");
    }
    let mut directories = BTreeMap::from([(pack.name.clone(), package.root().display().to_string())]);
    directories.extend(users.iter().map(|(directory, pack)| (pack.name.clone(), directory.clone())));
    targets::write(&arguments.output, arguments.format, out, &|format, color, to| {
        write_impact(&found, format.into(), color, &directories, to)
    })?;
    Ok(if found.depends() { Outcome::Findings } else { Outcome::Clean })
}

/// The packages at and below directories that use this one, by their directory. One that cannot be compiled is told and left out.
fn users(package: &Package, within: &[PathBuf], out: &Output) -> Result<Vec<(String, Pack)>, Stopped> {
    let mut roots = BTreeSet::new();
    for directory in within {
        if !directory.is_dir() {
            return Err(Stopped::new(format!("`{}` is no directory", directory.display()))
                .help("name a directory with packages in it, or below it"));
        }
        let (modules, _) = mandate_project::modules_below(directory);
        roots.extend(modules.iter().filter_map(|module| root_of(module, directory)));
    }
    let mut users = Vec::new();
    for root in roots {
        let user = Package::load(&root);
        if !user.found() || user.name() == package.name() || !user.uses(package.name()) {
            continue;
        }
        match user.compile_despite(out, &OF_CITATIONS) {
            Ok(pack) => users.push((user.root().display().to_string(), pack)),
            Err(Refused::Missing(_) | Refused::Errors) => {
                out.remark(&format!("{} has errors and is left out", root.display()));
            }
        }
    }
    Ok(users)
}

/// The directory of the package that a module belongs to, not above a directory.
fn root_of(module: &Path, top: &Path) -> Option<PathBuf> {
    let above = module.ancestors().skip(1).take_while(|directory| directory.starts_with(top));
    above.into_iter().find(|directory| directory.join(MANIFEST).is_file()).map(Path::to_owned)
}

/// The passages that read otherwise than when rules were reviewed against them.
fn since_review(package: &Package, pack: &Pack) -> Result<Vec<Wording>, Stopped> {
    let lock = match package.lock() {
        Some(Ok(lock)) => lock,
        Some(Err(fault)) => {
            return Err(Stopped::new(format!("the review lock cannot be read: {}", fault.message))
                .help("`mandate check` shows where; `mandate explain E218` says how to mend it"));
        }
        None => {
            return Err(Stopped::new("the package has no review lock to compare with")
                .help("compare with a new edition: `mandate impact --source NAME NEW`")
                .help("`mandate source review` begins a lock"));
        }
    };
    let cited = package.citations();
    let mut found: BTreeMap<(String, Option<String>), Wording> = BTreeMap::new();
    for rule in &cited {
        let Review::Wanting(wanting) = lock.review(&rule.citing()) else { continue };
        for passage in wanting {
            let Wanting::Changed(then) = passage.wanting else { continue };
            let now = rule.passages.iter().find(|cited| cited.citation == passage.citation);
            let rule = (rule.name.as_str(), rule.background);
            add(&mut found, pack, &passage.citation, then, now, rule);
        }
    }
    // What an entry names and the rule still cites, but no document has any more.
    for rule in &cited {
        let entries = if rule.background { &lock.background } else { &lock.rules };
        let Some(entry) = entries.get(&rule.name) else { continue };
        for (citation, reviewed) in gone(entry, &rule.citing()) {
            if still_cited(pack, rule.background, &rule.name, citation) {
                add(&mut found, pack, citation, reviewed.words.clone(), None, (&rule.name, rule.background));
            }
        }
    }
    let documents = package.documents();
    let placed = found.into_values().map(|wording| {
        let first = wording.passage.split("..").next().unwrap_or_default();
        let passage = documents.get(&wording.source).and_then(|found| found.document.passages.get(first));
        Wording { line: passage.map(|passage| passage.line), ..wording }
    });
    Ok(placed.collect())
}

/// What was reviewed and is not found now.
fn gone<'e>(entry: &'e Entry, now: &Citing<'_>) -> Vec<(&'e String, &'e mandate_documents::Wording)> {
    entry.passages.iter().filter(|(citation, _)| !now.passages.contains_key(*citation)).collect()
}

fn still_cited(pack: &Pack, background: bool, name: &str, citation: &str) -> bool {
    let (source, passage) = parts(pack, citation);
    let is = |cited: &mandate_pack::Citation| {
        let to = cited.to.as_ref().map_or_else(String::new, |to| format!("..{to}"));
        cited.source == source && cited.passage.as_ref().is_some_and(|first| format!("{first}{to}") == passage)
    };
    if background {
        return pack.background.iter().any(|note| is(&note.citation));
    }
    pack.rules.get(&format!("{}.{name}", pack.name)).is_some_and(|rule| rule.cites.iter().any(is))
}

/// Qualified source, and passage or span, of a citation as a lock writes it: sources of the package itself below it.
fn parts(pack: &Pack, citation: &str) -> (String, String) {
    let (source, passage) = citation.split_once('#').unwrap_or((citation, ""));
    let own = format!("{}.{source}", pack.name);
    (if pack.sources.contains_key(&own) { own } else { source.to_owned() }, passage.to_owned())
}

fn add(
    found: &mut BTreeMap<(String, Option<String>), Wording>,
    pack: &Pack,
    citation: &str,
    then: Option<String>,
    now: Option<&CitedWords>,
    (rule, background): (&str, bool),
) {
    let (source, passage) = parts(pack, citation);
    let wording = found.entry((citation.to_owned(), then.clone())).or_insert_with(|| Wording {
        source,
        passage,
        then,
        now: now.map(|cited| cited.words.clone()),
        line: None,
        page: now.and_then(|cited| cited.page),
        rules: BTreeSet::new(),
        noted: false,
    });
    if background {
        wording.noted = true;
    } else {
        wording.rules.insert(format!("{}.{rule}", pack.name));
    }
}
