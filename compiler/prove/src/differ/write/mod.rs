//! Writing a difference: for people, for programs, for a pull request.

mod markdown;
mod schema;
mod text;

pub use schema::{difference_schema, refinement_schema};

use super::model::{
    AspectDifference, DeclarationDifference, Difference, Level, Refinement, Release, RuleComparison, RuleDifference,
    Verdict,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For people at a terminal.
    Text {
        /// In colours.
        color: bool,
    },
    /// Everything, for programs: [`difference_schema`] and [`refinement_schema`] say what stands where.
    Json,
    /// For pull requests, tickets and messages.
    Markdown,
}

/// The version of the JSON, its first field: it changes when something that was there is gone or means something else.
pub(crate) const VERSION: u32 = 1;

/// Writes a difference. `release`: say what the release has to be, and whether the manifest claims it.
///
/// # Errors
/// What the stream gives.
pub fn write_difference(difference: &Difference, format: Format, release: bool, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text { color } => text::difference(difference, release, color, out),
        Format::Markdown => markdown::difference(difference, release, out),
        Format::Json => json(difference, out),
    }
}

/// Writes what a mission makes of the packages it refines.
///
/// # Errors
/// What the stream gives.
pub fn write_refinement(refinement: &Refinement, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text { color } => text::refinement(refinement, color, out),
        Format::Markdown => markdown::refinement(refinement, out),
        Format::Json => json(refinement, out),
    }
}

fn json<T: Serialize>(what: &T, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Versioned<'a, T> {
        version: u32,
        #[serde(flatten)]
        what: &'a T,
    }
    serde_json::to_writer_pretty(&mut *out, &Versioned { version: VERSION, what })?;
    out.write_all(b"\n")
}

/// `camp 1.2.0 against camp 1.3.0`
fn head(difference: &Difference) -> String {
    let (old, new) = (&difference.old, &difference.new);
    format!("{} {} against {} {}", new.name, new.version, old.name, old.version)
}

/// Name and title of a rule, as it is now.
fn rule_name(rule: &RuleDifference) -> String {
    let (old, new) = (rule.old.as_ref(), rule.new.as_ref());
    let Some(side) = new.or(old) else { return String::new() };
    let mut text = format!("{} \"{}\"", side.name, side.title);
    if let (Some(old), Some(new)) = (old, new) {
        if rule.renamed {
            text.push_str(&format!(", was {}", old.name));
        }
        if old.title != new.title {
            text.push_str(&format!(", was \"{}\"", old.title));
        }
        if rule.moved {
            text.push_str(&format!(", was in {}", old.origin.file));
        }
    }
    text
}

/// What became of a rule, in words.
fn verdict(rule: &RuleDifference) -> String {
    let proven = match rule.verdict {
        Verdict::Same if rule.aspects.is_empty() && rule.wording.is_empty() => "says the same",
        Verdict::Same => "means the same in every situation",
        Verdict::Retold => "judged the same, told otherwise",
        Verdict::Stricter => "stricter, nowhere weaker",
        Verdict::Weaker if rule.never_stricter => "weaker, nowhere stricter",
        Verdict::Weaker => "weaker",
        Verdict::Incomparable => "stricter in some situations, weaker in others",
        Verdict::Undecided => "which of both is stricter is not decided",
        Verdict::Added | Verdict::Removed => rule.verdict.word(),
    };
    let unseen = !rule.shown && matches!(rule.verdict, Verdict::Stricter | Verdict::Weaker);
    let how = match rule.recognised {
        Some(super::model::Recognised::Similarity) => " (recognised by what both say)",
        _ => "",
    };
    format!("{proven}{}{how}", if unseen { " (no situation was found that shows it)" } else { "" })
}

/// What an aspect is about, and its direction.
fn aspect(aspect: &AspectDifference) -> String {
    format!("{}: {}", aspect.aspect.words(), aspect.direction.words())
}

/// `parameter window`, `enum Level, was Degree`
fn declared(declared: &DeclarationDifference) -> String {
    let was = declared.renamed_from.as_ref().map_or_else(String::new, |old| format!(", was {old}"));
    format!("{} {}{was}", declared.kind, declared.name)
}

/// `2 rules weaker, 1 rule added; 12 rules equal`
fn summary(rules: &[RuleDifference], equal: usize, declarations: usize) -> String {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    rules.iter().for_each(|rule| *counts.entry(rule.verdict).or_default() += 1);
    let s = |n: usize| if n == 1 { "" } else { "s" };
    let mut parts: Vec<String> =
        counts.iter().map(|(verdict, n)| format!("{n} rule{} {}", s(*n), verdict.word())).collect();
    if declarations > 0 {
        parts.push(format!("{declarations} other declaration{} changed", s(declarations)));
    }
    if parts.is_empty() {
        parts.push("nothing differs".to_owned());
    }
    format!("{}; {equal} rule{} equal", parts.join(", "), s(equal))
}

/// What the release has to be, in sentences.
fn release(release: &Release) -> Vec<String> {
    let mut lines = Vec::new();
    let least = release.least_version.as_ref().map_or_else(String::new, |version| format!(": {version} or later"));
    lines.push(match release.needed {
        Level::None => "the release: nothing differs".to_owned(),
        level => format!("the release has to be {}{least}", level.word()),
    });
    lines.extend(release.because.iter().map(|reason| format!("because {reason}")));
    if release.before_first {
        lines.push("below 1.0.0 the second number stands for the first, and the third for both others".to_owned());
    }
    lines.push(match (release.enough, release.claimed) {
        (true, _) => "the manifest claims enough".to_owned(),
        (false, Level::None) => "the manifest claims too little: its version does not rise".to_owned(),
        (false, claimed) => format!("the manifest claims too little: {}", claimed.word()),
    });
    lines
}

/// What became of a rule of a refined package, in words.
fn became(of: &RuleComparison) -> String {
    match (&of.dropped, &of.replaced_by) {
        (Some(reason), _) => format!("dropped because {reason}"),
        (None, Some(by)) => format!("replaced by {by}, {}", verdict(&of.difference)),
        (None, None) if of.difference.verdict == Verdict::Removed => "gone".to_owned(),
        (None, None) => verdict(&of.difference),
    }
}

/// Who answers for a weakening, and which parameters it comes from.
fn answers(of: &RuleComparison) -> Vec<String> {
    let mut lines = Vec::new();
    if !of.set.is_empty() {
        lines.push(format!("the mission sets {}", of.set.join(", ")));
    }
    match &of.accepted {
        Some(accepted) => {
            let expired = if accepted.expired { ", which has passed" } else { "" };
            lines.push(format!("accepted by {} until {}{expired}: {}", accepted.by, accepted.until, accepted.because));
        }
        None if of.unaccepted => lines.push("nobody answers for it".to_owned()),
        None => {}
    }
    lines
}
