//! `mandate source import`

use super::document::{How, Original};
use crate::ending::{Ending, Outcome, Stopped};
use crate::files;
use crate::output::Output;
use clap::Args;
use mandate_documents::Document;
use mandate_import::{Imported, Origin, import};
use mandate_project::MANIFEST;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The document: Markdown, HTML, plain text, PDF, DOCX or Akoma Ntoso XML; `-` for standard input
    pub file: String,
    /// The package whose `sources` it goes to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub package: PathBuf,
    /// What to call it there, instead of what its file is called
    #[arg(long = "as", value_name = "NAME")]
    pub name: Option<String>,
    /// Its title, instead of the one it says
    #[arg(long)]
    pub title: Option<String>,
    #[command(flatten)]
    pub how: How,
    /// Write the passage file elsewhere; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<String>,
    /// Write the passage file to standard output, and change nothing
    #[arg(long, conflicts_with = "output")]
    pub dry_run: bool,
}

pub(crate) fn run(arguments: &Import, out: &mut Output) -> Ending {
    let shown = arguments.dry_run || arguments.output.as_deref() == Some("-");
    let target = target(arguments, shown)?;
    if !shown && let Some(directory) = target.path.parent().filter(|parent| parent.is_dir()) {
        files::writable(&directory.join("x.md"))?;
    }
    let earlier = earlier(&target)?;
    let original = Original::open(&arguments.file)?;
    let reading = original.read(&arguments.how)?;
    let origin = Origin { bytes: &original.bytes, file: original.file(), title: arguments.title.as_deref() };
    let read = earlier.as_deref().map(Document::read);
    let imported = import(reading, origin, read.as_ref());
    let said = summary(&imported, &target, earlier.as_deref());
    if shown {
        out.result(&imported.text)?;
        out.remark(said.trim_end());
        return Ok(Outcome::Clean);
    }
    if earlier.as_ref() != Some(&imported.text) {
        if let Some(parent) = target.path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            let made = fs::create_dir_all(parent);
            made.map_err(|error| {
                Stopped::new(format!("`{}` cannot be made: {}", parent.display(), files::reason(&error)))
            })?;
        }
        files::replace(&target.path, imported.text.as_bytes())?;
    }
    out.result(&said)?;
    Ok(Outcome::Clean)
}

/// Where the passage file goes.
struct Target {
    path: PathBuf,
    /// As a source names it, from the package.
    relative: String,
    /// Name of the source that is suggested.
    source: String,
}

fn target(arguments: &Import, shown: bool) -> Result<Target, Stopped> {
    let file = Path::new(&arguments.file);
    let stem = file.file_stem().and_then(|stem| stem.to_str()).filter(|_| arguments.file != "-");
    let name = match (&arguments.name, stem) {
        (Some(name), _) => slug(name),
        (None, Some(stem)) => slug(stem),
        (None, None) if shown => "document".to_owned(),
        (None, None) => String::new(),
    };
    if name.is_empty() {
        return Err(Stopped::new("the document has no name that a file in the package could have")
            .help("give it one: `--as camp-policy`"));
    }
    let source = name.replace('-', "_");
    let source = if source.starts_with(|c: char| c.is_ascii_digit()) { format!("source_{source}") } else { source };
    let relative = format!("sources/{name}.md");
    if let Some(output) = arguments.output.as_deref().filter(|output| *output != "-") {
        return Ok(Target { path: PathBuf::from(output), relative, source });
    }
    let root = root(&arguments.package);
    if root.is_none() && !shown {
        let message =
            format!("there is no package in `{}`: no `{MANIFEST}` in it or above it", arguments.package.display());
        return Err(Stopped::new(message)
            .help("name it with `--package DIR`, or make one with `mandate init DIR`")
            .help("`--dry-run` shows the passage file without a package"));
    }
    let path = root.map_or_else(|| PathBuf::from(&relative), |root| root.join(&relative));
    Ok(Target { path, relative, source })
}

/// The directory of the package around a path.
fn root(path: &Path) -> Option<PathBuf> {
    if path.join(MANIFEST).is_file() {
        return Some(path.to_owned());
    }
    let whole = fs::canonicalize(path).ok()?;
    whole.ancestors().skip(1).find(|above| above.join(MANIFEST).is_file()).map(Path::to_owned)
}

/// A name for a file: small letters and digits, parted by dashes.
fn slug(name: &str) -> String {
    let name = name.strip_suffix(".md").unwrap_or(name).to_lowercase();
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    slug.chars().take(80).collect::<String>().trim_matches('-').to_owned()
}

/// The passage file that is there already, if it was imported.
fn earlier(target: &Target) -> Result<Option<String>, Stopped> {
    if !target.path.exists() {
        return Ok(None);
    }
    let shown = target.path.display();
    let bytes = files::read(&target.path.to_string_lossy(), mandate_import::MAX_BYTES as u64)?;
    let text =
        String::from_utf8(bytes).map_err(|_| Stopped::new(format!("`{shown}` is no passage file: no UTF-8 text")))?;
    if text.trim().is_empty() || Document::read(&text).front.sha256.is_some() {
        return Ok(Some(text));
    }
    Err(Stopped::new(format!("`{shown}` was written by hand, and an import would replace its words"))
        .help("import under another name with `--as NAME`, or take the file away first"))
}

/// What was found, what became of the anchors, and how to cite.
fn summary(imported: &Imported, target: &Target, earlier: Option<&str>) -> String {
    let mut text = String::new();
    let many = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let pages = imported.pages.map(|pages| format!(" on {}", many(pages as usize, "page"))).unwrap_or_default();
    let title = imported.title.as_deref().unwrap_or("no title");
    let _ = writeln!(text, "{}: {title}", target.path.display());
    let _ = writeln!(text, "  {}, {}{pages}", many(imported.headings, "heading"), many(imported.passages, "passage"));
    if earlier.is_some() {
        let (kept, fresh, gone) = (imported.kept, imported.fresh.len(), imported.gone.len());
        let _ = writeln!(text, "  anchors: {kept} kept, {fresh} new, {gone} retired");
        listed(&mut text, "new", &imported.fresh);
        listed(&mut text, "retired", &imported.gone);
        if earlier == Some(&imported.text) {
            text.push_str("  nothing has changed\n");
        } else if kept == 0 && gone > 0 {
            text.push_str("  nothing of the earlier document is left: if this is another one, import it under a name of its own with `--as NAME`\n");
        }
        return text;
    }
    declare(&mut text, imported, target);
    text
}

/// At most so many names are listed.
const LISTED: usize = 20;

fn listed(text: &mut String, what: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let shown = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if names.len() > LISTED { format!(" and {} more", names.len() - LISTED) } else { String::new() };
    let _ = writeln!(text, "  {what}: {shown}{more}");
}

/// A declaration to paste. Its force is left open: it is for the author to say, and a wrong guess would make commitments look like law.
fn declare(text: &mut String, imported: &Imported, target: &Target) {
    let title = imported.title.as_deref().unwrap_or(&target.source).replace('\\', "\\\\").replace('"', "\\\"");
    let Target { relative, source, .. } = target;
    let example = imported.fresh.iter().find(|name| name.contains('.')).or(imported.fresh.first());
    let example = example.map_or("", String::as_str);
    text.push_str("To cite it, paste this into a module. What force the document has is for you to say: put one of the words there.\n\n");
    let _ = writeln!(text, "source {source} {{");
    let _ = writeln!(text, "  title    \"{title}\"");
    let _ = writeln!(text, "  force    // law | order | commitment | guidance | voluntary");
    let _ = writeln!(text, "  document \"{relative}\"");
    let _ = writeln!(text, "}}\n\nThen a rule says `cites {source}#{example}`.");
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(slug("Camp Policy (final)_v2"), "camp-policy-final-v2");
        assert_eq!(slug("../../etc/x.md"), "etc-x");
        assert_eq!(slug("\u{43f}\u{440}\u{430}\u{432}\u{430}"), "");
    }
}
