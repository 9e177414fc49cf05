//! `mandate source review`

use crate::ending::{Ending, Outcome, Stopped};
use crate::files;
use crate::output::{Output, has_errors};
use crate::package::Package;
use clap::Args;
use mandate_diagnostics::LineIndex;
use mandate_documents::{Lock, Review, Wanting, comparable, difference};
use mandate_project::git_user;
use mandate_semantics::Cited;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The package
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Record that a rule, as it stands, was compared with its passages; as often as wanted
    #[arg(long, value_name = "RULE", conflicts_with = "accept_all")]
    pub accept: Vec<String>,
    /// Record it of every rule that wants another look
    #[arg(long)]
    pub accept_all: bool,
    /// Who reviewed; the user whom git knows unless said
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// The day of the review, such as 2026-03-01; today unless said
    #[arg(long, value_name = "DAY")]
    pub on: Option<jiff::civil::Date>,
    /// List what wants another look for programs, and ask nothing
    #[arg(long)]
    pub json: bool,
}

/// A rule that wants another look, with why.
struct Due<'c> {
    cited: &'c Cited,
    review: Review,
}

pub(crate) fn run(arguments: &Arguments, out: &mut Output) -> Ending {
    let package = Package::load(&arguments.path);
    if !package.found() {
        return Err(package.missing());
    }
    let file = package.root().join(mandate_project::LOCK);
    let mut lock = match package.lock() {
        None => Lock::default(),
        Some(Ok(lock)) => lock,
        Some(Err(fault)) => {
            let message = format!("`{}` cannot be read: {}", file.display(), fault.message);
            return Err(Stopped::new(message).help("nothing was written; `mandate explain E218` says how to mend it"));
        }
    };
    let all = package.citations();
    let due: Vec<Due<'_>> = all
        .iter()
        .map(|cited| Due { cited, review: lock.review(&cited.citing()) })
        .filter(|due| due.review != Review::Reviewed)
        .collect();
    if arguments.json {
        let listed: Vec<Value> = due.iter().map(|due| as_json(&package, due)).collect();
        let text = serde_json::to_string_pretty(&json!({ "version": 1, "to_be_reviewed": listed })).unwrap_or_default();
        out.result(&(text + "\n"))?;
    }
    let chosen = chosen(arguments, &all, &due)?;
    // A rule that could not be read may be the one that an entry is about.
    let whole = !has_errors(&package.check());
    let now: BTreeSet<(bool, &str)> = all.iter().map(|cited| (cited.background, cited.name.as_str())).collect();
    let outlived = if whole { lock.outlived(&now).len() } else { 0 };
    let ask = chosen.is_none() && !arguments.json && io::stdin().is_terminal() && io::stdout().is_terminal();
    let accepted = match chosen {
        Some(chosen) => chosen,
        None if ask && !due.is_empty() => asked(&package, &due, out)?,
        None => {
            if !arguments.json {
                listed(&package, &due, outlived, all.len(), out)?;
            }
            return Ok(if due.is_empty() { Outcome::Clean } else { Outcome::Findings });
        }
    };
    if accepted.is_empty() && outlived == 0 {
        out.remark("nothing was recorded");
        return Ok(if due.is_empty() { Outcome::Clean } else { Outcome::Findings });
    }
    let by = match &arguments.by {
        Some(by) if !by.trim().is_empty() => by.trim().to_owned(),
        _ => git_user(package.root()).ok_or_else(|| {
            Stopped::new("nobody is named as reviewer, and git knows no user here")
                .help("say who reviewed: `--by \"Legal adviser\"`")
        })?,
    };
    let on = arguments.on.unwrap_or_else(|| jiff::Zoned::now().date()).to_string();
    for cited in &accepted {
        lock.accept(&cited.citing(), &by, &on);
    }
    if whole {
        lock.forget(&now);
    }
    files::replace(&file, lock.write().as_bytes())?;
    let left = due.iter().filter(|due| !accepted.iter().any(|done| std::ptr::eq(*done, due.cited))).count();
    out.remark(&format!(
        "{}: {} recorded as reviewed by {by} on {on}{}{}",
        package.place(mandate_project::LOCK),
        rules(accepted.len()),
        if outlived > 0 { format!(", {outlived} of rules that are gone taken away") } else { String::new() },
        if left > 0 { format!("; {} still to be reviewed", rules(left)) } else { String::new() },
    ));
    Ok(if left == 0 { Outcome::Clean } else { Outcome::Findings })
}

fn rules(count: usize) -> String {
    format!("{count} rule{}", if count == 1 { "" } else { "s" })
}

/// What the command line accepts; `None` if it says nothing.
fn chosen<'c>(arguments: &Arguments, all: &'c [Cited], due: &[Due<'c>]) -> Result<Option<Vec<&'c Cited>>, Stopped> {
    if arguments.accept_all {
        return Ok(Some(due.iter().map(|due| due.cited).collect()));
    }
    if arguments.accept.is_empty() {
        return Ok(None);
    }
    let mut chosen = Vec::new();
    for name in &arguments.accept {
        let short = |cited: &&Cited| !cited.background && cited.name.rsplit('.').next() == Some(name);
        let exact = all.iter().find(|cited| cited.name == *name);
        let found: Vec<&Cited> = match exact {
            Some(exact) => vec![exact],
            None => all.iter().filter(short).collect(),
        };
        match found.as_slice() {
            [one] => chosen.push(*one),
            [] => {
                let message = format!("the package has no rule `{name}` that cites a passage");
                let known = all.iter().map(|cited| cited.name.as_str());
                let stopped = Stopped::new(message);
                return Err(match mandate_diagnostics::did_you_mean(name, known) {
                    Some(near) => stopped.help(format!("did you mean `{near}`?")),
                    None => stopped.help("`mandate source review` lists the rules by their names"),
                });
            }
            several => {
                let names: Vec<&str> = several.iter().map(|cited| cited.name.as_str()).collect();
                let message = format!("several rules are called `{name}`");
                return Err(Stopped::new(message).help(format!("name one of them in full: `{}`", names.join("`, `"))));
            }
        }
    }
    Ok(Some(chosen))
}

fn listed(package: &Package, due: &[Due<'_>], outlived: usize, all: usize, out: &Output) -> Result<(), Stopped> {
    let mut text = String::new();
    for due in due {
        text.push_str(&shown(package, due, out.colored()));
        text.push('\n');
    }
    if outlived > 0 {
        text.push_str(&format!(
            "{outlived} of the reviews are of rules that are gone; the next review takes them away\n"
        ));
    }
    let first = if due.len() == all && all > 0 { ", none was reviewed before" } else { "" };
    text.push_str(&match due.len() {
        0 => format!("{} reviewed, and no passage has changed since\n", rules(all)),
        count => format!("{} of {all} to be reviewed{first}; `--accept RULE` records that you did\n", rules(count)),
    });
    out.result(&text)
}

/// Asks about one rule after the other. Whoever stops keeps what was accepted until then.
fn asked<'c>(package: &Package, due: &[Due<'c>], out: &Output) -> Result<Vec<&'c Cited>, Stopped> {
    let mut accepted = Vec::new();
    let mut input = io::stdin().lock();
    let count = due.len();
    for (at, due) in due.iter().enumerate() {
        out.result(&shown(package, due, out.colored()))?;
        loop {
            out.result(&format!(
                "\n[{} of {}] Does it still say what the passage says? (y)es, (s)kip, (q)uit: ",
                at + 1,
                count
            ))?;
            let _ = io::stdout().flush();
            let mut answer = String::new();
            let read = input.read_line(&mut answer).unwrap_or(0);
            match answer.trim().to_lowercase().as_str() {
                "y" | "yes" => accepted.push(due.cited),
                "s" | "skip" => {}
                "q" | "quit" => return Ok(accepted),
                _ if read == 0 => return Ok(accepted),
                _ => continue,
            }
            break;
        }
        out.result("\n")?;
    }
    Ok(accepted)
}

/// A rule with its passages and what changed in them.
fn shown(package: &Package, due: &Due<'_>, colored: bool) -> String {
    let cited = due.cited;
    let (bold, off) = if colored { ("\u{1B}[1m", "\u{1B}[0m") } else { ("", "") };
    let what = if cited.background { "not a rule: " } else { "" };
    let mut text = format!("{bold}{}{off}  {what}{}\n", cited.name, cited.title);
    text.push_str(&format!("  {}\n", place(package, &cited.place)));
    for (passage, state, words) in passages(due) {
        let page = passage.page.map(|page| format!(", page {page}")).unwrap_or_default();
        text.push_str(&format!("  {}{page}, {}: {state}\n", passage.citation, place(package, &passage.stands_at)));
        text.push_str(&format!("    {}\n", if colored { painted(&words) } else { words }));
    }
    text
}

fn painted(words: &str) -> String {
    let words = words.replace("[-", "\u{1B}[31m[-").replace("-]", "-]\u{1B}[0m");
    words.replace("{+", "\u{1B}[32m{+").replace("+}", "+}\u{1B}[0m")
}

/// The passages of a rule that want another look: why, and their words with what differs.
fn passages<'d>(due: &'d Due<'_>) -> Vec<(&'d mandate_semantics::CitedWords, String, String)> {
    let state = |citation: &str| match &due.review {
        Review::Reviewed => None,
        Review::Never => Some(Wanting::New),
        Review::Wanting(wanting) => wanting.iter().find(|w| w.citation == citation).map(|w| w.wanting.clone()),
    };
    let wanting = due.cited.passages.iter().filter_map(|passage| Some((passage, state(&passage.citation)?)));
    wanting
        .map(|(passage, wanting)| match wanting {
            Wanting::New => (passage, "not reviewed before".to_owned(), shortened(&passage.words)),
            Wanting::Changed(Some(then)) => (passage, "changed".to_owned(), difference(&then, &passage.words).line(8)),
            Wanting::Changed(None) => {
                (passage, "changed, and the words of then are not known".to_owned(), shortened(&passage.words))
            }
        })
        .collect()
}

fn shortened(words: &str) -> String {
    const LONGEST: usize = 400;
    let words = comparable(words);
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", words[..end].trim_end()),
        None => words,
    }
}

fn place(package: &Package, place: &mandate_semantics::Place) -> String {
    let line = package.text(&place.path).map(|text| LineIndex::new(&text).line(place.span.start) + 1);
    format!("{}:{}", place.path, line.unwrap_or(1))
}

fn as_json(package: &Package, due: &Due<'_>) -> Value {
    let passages: Vec<Value> = passages(due)
        .into_iter()
        .map(|(passage, state, words)| {
            json!({ "citation": passage.citation, "page": passage.page, "at": place(package, &passage.stands_at), "state": state, "words": words })
        })
        .collect();
    json!({
        "rule": due.cited.name,
        "background": due.cited.background,
        "title": due.cited.title,
        "at": place(package, &due.cited.place),
        "passages": passages,
    })
}
