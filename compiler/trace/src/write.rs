//! Writing a trace: for people, for programs, for spreadsheets and browsers.

mod csv;
mod html;
mod markdown;
mod text;

use crate::model::{DocumentTrace, PassageTrace, RuleTrace, State, Trace, Unsourced};
use serde::Serialize;
use std::io::{self, Write};

pub(crate) use self::csv::of_stream;

/// How a trace is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For people.
    Text,
    /// For tickets and messages.
    Markdown,
    /// For spreadsheets: one row for each passage and rule.
    Csv,
    /// Everything, for programs.
    Json,
    /// A page for a browser, whole in itself.
    Html,
}

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Use terminal colours (text only).
    pub color: bool,
    /// List only passages of this state. Shares are of all.
    pub only: Option<State>,
}

/// Writes a trace. The same trace gives the same bytes.
///
/// # Errors
/// What the stream gives.
pub fn write(trace: &Trace, format: Format, options: Options, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(trace, options, out),
        Format::Markdown => markdown::write(trace, options, out),
        Format::Csv => csv::write(trace, options, out),
        Format::Html => html::write(trace, options, out),
        Format::Json => {
            #[derive(Serialize)]
            struct Versioned<'a> {
                version: u32,
                #[serde(flatten)]
                trace: &'a Trace,
            }
            let mut listed = trace.clone();
            listed.documents.iter_mut().for_each(|document| document.passages.retain(|p| options.lists(p)));
            serde_json::to_writer_pretty(&mut *out, &Versioned { version: 1, trace: &listed })?;
            out.write_all(b"\n")
        }
    }
}

impl Options {
    fn lists(&self, passage: &PassageTrace) -> bool {
        self.only.is_none_or(|state| state == passage.state)
    }

    /// What has no rule and no name belongs to what is open.
    fn lists_nameless(&self) -> bool {
        matches!(self.only, None | Some(State::Open))
    }

    fn lists_unsourced(&self) -> bool {
        self.only.is_none()
    }
}

/// The passages that are listed: what is open first, else in the order of the document.
fn listed(document: &DocumentTrace, options: Options) -> Vec<&PassageTrace> {
    let (open, rest): (Vec<_>, Vec<_>) =
        document.passages.iter().filter(|p| options.lists(p)).partition(|p| p.state == State::Open);
    open.into_iter().chain(rest).collect()
}

/// `80 % carried or explained: 6 passages in rules, 2 explained, 2 open`
fn share(document: &DocumentTrace) -> String {
    let share = document.share;
    let Some(percent) = share.percent else {
        return "nothing in it sounds like a norm, and no rule cites it".to_owned();
    };
    let s = if share.carried == 1 { "" } else { "s" };
    format!(
        "{percent} % carried or explained: {} passage{s} in rules, {} explained, {} open",
        share.carried, share.explained, share.open
    )
}

/// `page 2, line 31`
fn place(page: Option<u32>, line: u32) -> String {
    page.map_or_else(|| format!("line {line}"), |page| format!("page {page}, line {line}"))
}

/// How a rule cites a passage, where not the passage itself: `through art_2`.
fn through(rule: &RuleTrace) -> Option<String> {
    rule.cites.as_ref().filter(|_| !rule.direct).map(|cites| format!("through {cites}"))
}

/// The file and line of a rule.
pub(crate) fn origin(origin: &mandate_pack::Origin) -> String {
    format!("{}:{}", origin.file, origin.line)
}

/// What an unsourced rule is called.
fn kind(rule: &Unsourced) -> &'static str {
    if rule.constraint { "constraint" } else { "rule" }
}

#[cfg(test)]
mod tests;
