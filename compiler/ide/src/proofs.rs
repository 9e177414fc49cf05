//! What was proven about rules, where people look for it: diagnostics at the clauses, with the situation told beside them.

use crate::hover::told;
use mandate_diagnostics::{Diagnostic, Label, Span};
use mandate_pack::{Citation, Pack, Rule, short};
use mandate_prove::{Declaration, Finding, Part, Situation};
use mandate_semantics::{Atlas, Part as At, Place};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Longest quotation of a passage, in characters. Who wants more goes there.
const QUOTED: usize = 400;

/// A finding about rules as a diagnostic of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The file.
    pub path: Arc<str>,
    /// What is said, its primary place in that file.
    pub diagnostic: Diagnostic,
    /// The same as a page in Markdown, with what the rules demand and the passages they rest on side by side.
    pub page: String,
    /// What was found, as it was found.
    pub finding: Arc<Finding>,
}

// Feature: Findings about rules
//
// Below the errors of names and types stands what the rules mean together: a duty that another rule forbids, a rule that can
// never apply, an exception that is never reached. Each comes with a situation, which the hover tells in full.
/// Findings with their places in the texts behind the pack.
pub fn proven(findings: &[Finding], pack: &Pack, atlas: &Atlas) -> Vec<Proven> {
    findings.iter().filter_map(|finding| Told { finding, pack, atlas }.proven()).collect()
}

/// Whether a finding is about rules that cannot all be kept: then its situation makes a scenario that fails until one yields.
pub fn is_conflict(finding: &Finding) -> bool {
    is_of_conflict(finding.code.id)
}

/// The same of what is said of it.
pub(crate) fn is_about_conflict(said: &Diagnostic) -> bool {
    is_of_conflict(said.code.id)
}

fn is_of_conflict(code: &str) -> bool {
    matches!(code, "E301" | "E302" | "E304" | "E305" | "E306" | "W301")
}

/// A finding that is being told.
struct Told<'a> {
    finding: &'a Finding,
    pack: &'a Pack,
    atlas: &'a Atlas,
}

impl Told<'_> {
    fn proven(&self) -> Option<Proven> {
        let place = self.primary()?;
        let finding = self.finding;
        let mut said = Diagnostic::new(finding.code, place.span, finding.message.clone());
        if let (Part::Name | Part::Norm, Some(rule)) = (finding.at.part, self.rule(&finding.at.of)) {
            said = said.label(rule.title.clone());
        }
        said.related.extend(self.related(&place.path));
        said.notes.extend(finding.situation.as_ref().map(|situation| self.situation(situation)));
        if is_conflict(finding) {
            said.related.extend(self.passages(&place.path));
            said.notes.extend(self.rules().into_iter().filter_map(|(name, rule)| self.rests_on(name, rule)));
        }
        said.help.extend(finding.help.iter().cloned());
        Some(Proven { path: place.path, diagnostic: said, page: self.page(), finding: Arc::new(finding.clone()) })
    }

    /// Where it is told: at the part, else at the name, else at whatever can be found, so that it is told at all.
    fn primary(&self) -> Option<Place> {
        let at = &self.finding.at;
        let related = self.finding.related.iter().map(|(place, _)| self.place(&place.of, place.part));
        let anywhere = || {
            let path = self.atlas.first_module(&self.pack.name)?;
            Some(Place { path, span: Span::empty(0) })
        };
        self.place(&at.of, at.part).or_else(|| related.flatten().next()).or_else(anywhere)
    }

    fn place(&self, of: &Declaration, part: Part) -> Option<Place> {
        let of = declaration(of);
        self.atlas
            .place_of(of, self.part_of(of, part))
            .or_else(|| self.atlas.place_of(of, mandate_semantics::Part::Name))
            .or_else(|| self.atlas.whole(of))
    }

    /// A pack lists the parameters of a mission by name, a text as it likes.
    fn part_of(&self, of: mandate_semantics::Declaration<'_>, part: Part) -> At {
        let Part::Set(at) = part else { return part_of(part) };
        let set = self.pack.mission.as_ref().and_then(|mission| mission.set.keys().nth(at));
        let written = set.and_then(|set| self.atlas.settings(of).iter().position(|name| *name == short(set)));
        written.map_or(At::Name, At::Set)
    }

    fn related(&self, path: &Arc<str>) -> Vec<Label> {
        let all = self.finding.related.iter();
        all.filter_map(|(place, said)| Some(label(self.place(&place.of, place.part)?, path, said.clone()))).collect()
    }

    fn rule(&self, of: &Declaration) -> Option<&Rule> {
        match of {
            Declaration::Rule(name) => self.pack.rules.get(name),
            Declaration::Definition(_) | Declaration::Parameter(_) | Declaration::Statement(_) => None,
        }
    }

    /// The rules it is about, each once, in the order in which it names them.
    fn rules(&self) -> Vec<(&str, &Rule)> {
        let places = std::iter::once(&self.finding.at).chain(self.finding.related.iter().map(|(place, _)| place));
        let mut seen = BTreeSet::new();
        let rules = places.filter_map(|place| match &place.of {
            Declaration::Rule(name) => Some((name.as_str(), self.pack.rules.get(name)?)),
            Declaration::Definition(_) | Declaration::Parameter(_) | Declaration::Statement(_) => None,
        });
        rules.filter(|(name, _)| seen.insert(*name)).collect()
    }

    /// The passages that the rules cite, where they stand.
    fn passages(&self, path: &Arc<str>) -> Vec<Label> {
        let mut labels: Vec<Label> = Vec::new();
        for (name, rule) in self.rules() {
            for cite in &rule.cites {
                let Some(place) = self.passage_place(cite) else { continue };
                let message = format!("cited by `{}`", self.called(name));
                let label = label(place, path, message);
                if !labels.contains(&label) {
                    labels.push(label);
                }
            }
        }
        labels
    }

    fn passage_place(&self, cite: &Citation) -> Option<Place> {
        let source = self.pack.sources.get(&cite.source)?;
        let passage = source.passages.get(cite.passage.as_ref()?)?;
        self.atlas.line_of(&cite.source, source.document.as_ref()?, passage.line)
    }

    /// A rule by its short name; by its whole one where the finding names two of that name.
    fn called<'n>(&self, name: &'n str) -> &'n str {
        let mut names: BTreeSet<&str> = self.rules().into_iter().map(|(name, _)| name).collect();
        let outcomes = self.finding.situation.iter().flat_map(|situation| &situation.outcomes);
        names.extend(outcomes.map(|(name, _)| name.as_str()));
        if names.iter().any(|other| *other != name && short(other) == short(name)) { name } else { short(name) }
    }

    /// The situation as a paragraph: what happens, then what comes of it.
    fn situation(&self, situation: &Situation) -> String {
        let mut lines = vec!["in this situation it shows:".to_owned()];
        lines.extend(situation.story.iter().map(|line| format!("  {line}")));
        if !situation.outcomes.is_empty() {
            lines.push("and this comes of it:".to_owned());
            let widest = situation.outcomes.iter().map(|(name, _)| self.called(name).chars().count()).max();
            let widest = widest.unwrap_or_default();
            let outcome = |(name, said): &(String, String)| format!("  {:widest$}  {said}", self.called(name));
            lines.extend(situation.outcomes.iter().map(outcome));
        }
        lines.join("\n")
    }

    /// What a rule rests on, quoted; `None` if it cites nothing.
    fn rests_on(&self, name: &str, rule: &Rule) -> Option<String> {
        let mut lines = vec![format!("`{}` rests on", self.called(name))];
        for cite in &rule.cites {
            let (head, words) = self.quoted(cite)?;
            lines.push(format!("  {head}{}", if words.is_empty() { "" } else { ":" }));
            lines.extend((!words.is_empty()).then(|| format!("    \"{words}\"")));
        }
        (lines.len() > 1).then(|| lines.join("\n"))
    }

    /// `Order 7, #reporting (order)` with the words quoted, or those of the passage.
    fn quoted(&self, cite: &Citation) -> Option<(String, String)> {
        let source = self.pack.sources.get(&cite.source)?;
        let passage = cite.passage.as_ref().map(|name| match &cite.to {
            Some(to) => format!(", #{name} to #{to}"),
            None => format!(", #{name}"),
        });
        let head = format!("{}{} ({})", source.title, passage.unwrap_or_default(), source.force.said());
        let whole =
            cite.passage.as_ref().and_then(|name| source.passages.get(name)).map(|passage| passage.text.as_str());
        let words = match (&cite.quotation, whole) {
            (Some(words), _) => shortened(words),
            (None, Some(text)) => shortened(self.without_heading(cite, text)),
            (None, None) => String::new(),
        };
        Some((head, words))
    }

    /// The words of a passage below the heading with which it begins.
    fn without_heading<'t>(&self, cite: &Citation, text: &'t str) -> &'t str {
        let heading = || {
            let place = self.passage_place(cite)?;
            let line = self.atlas.text(&place.path)?.get(place.span.range())?.strip_prefix('#')?;
            let bare = line.trim_start_matches('#').split("{#").next()?.trim();
            let rest = text.strip_prefix(bare)?.trim_start();
            (!rest.is_empty()).then_some(rest)
        };
        heading().unwrap_or(text)
    }

    /// The whole story in Markdown.
    fn page(&self) -> String {
        let finding = self.finding;
        let mut parts = vec![format!("**{}** {}", finding.code.id, told(&finding.message))];
        if let Some(situation) = &finding.situation {
            parts.push("**A situation in which it shows**".to_owned());
            let lines: Vec<String> = situation.story.iter().map(|line| format!("- {}", told(line))).collect();
            parts.push(lines.join("\n"));
        }
        parts.extend(self.table());
        parts.extend(finding.help.iter().map(|help| told(help)));
        parts.join("\n\n")
    }

    /// The rules side by side: what each demands, what becomes of it in the situation, and what it rests on.
    fn table(&self) -> Option<String> {
        let rules = self.rules();
        if rules.is_empty() {
            return None;
        }
        let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let mut rows = vec![
            row(rules.iter().map(|(name, _)| format!("`{}`", self.called(name))).collect()),
            row(rules.iter().map(|_| "---".to_owned()).collect()),
            row(rules.iter().map(|(_, rule)| cell(&rule.norm.text)).collect()),
        ];
        if let Some(situation) = &self.finding.situation {
            let outcome = |name: &str| {
                let said = situation.outcomes.iter().filter(|(known, _)| known == name).map(|(_, said)| cell(said));
                said.collect::<Vec<_>>().join("<br>")
            };
            let outcomes: Vec<String> = rules.iter().map(|(name, _)| outcome(name)).collect();
            rows.extend(outcomes.iter().any(|said| !said.is_empty()).then(|| row(outcomes)));
        }
        let cited = |rule: &Rule| {
            let quoted = rule.cites.iter().filter_map(|cite| self.quoted(cite));
            let said = quoted.map(|(head, words)| match words.as_str() {
                "" => format!("**{}**", cell(&head)),
                words => format!("**{}**<br>“{}”", cell(&head), cell(words)),
            });
            said.collect::<Vec<_>>().join("<br>")
        };
        let cited: Vec<String> = rules.iter().map(|(_, rule)| cited(rule)).collect();
        rows.extend(cited.iter().any(|said| !said.is_empty()).then(|| row(cited)));
        Some(rows.join("\n"))
    }
}

/// A place in whichever file, beside a diagnostic of the file at `path`.
fn label(place: Place, path: &Arc<str>, message: String) -> Label {
    let file = (place.path != *path).then_some(place.path);
    Label { file, span: place.span, message }
}

fn declaration(of: &Declaration) -> mandate_semantics::Declaration<'_> {
    match of {
        Declaration::Rule(name) | Declaration::Definition(name) | Declaration::Parameter(name) => {
            mandate_semantics::Declaration::Named(name)
        }
        Declaration::Statement(origin) => mandate_semantics::Declaration::At(origin),
    }
}

fn part_of(part: Part) -> At {
    match part {
        Part::When(at) => At::When(at),
        Part::Unless(at) => At::Unless(at),
        Part::Norm => At::Norm,
        Part::Require(at) => At::Require(at),
        Part::Otherwise(at) => At::Otherwise(at),
        Part::Overrides(at) => At::Overrides(at),
        Part::Limits(at) => At::Limits(at),
        Part::Waivable => At::Waivable,
        Part::Cites(at) => At::Cites(at),
        Part::Set(at) => At::Set(at),
        Part::Drops(at) => At::Drops(at),
        Part::Accepts(at) => At::Accepts(at),
        Part::Name => At::Name,
    }
}

/// The beginning of a text, up to the end of a word.
fn shortened(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((bound, _)) = words.char_indices().nth(QUOTED) else { return words };
    let head = &words[..bound];
    format!("{} ...", head.rfind(' ').map_or(head, |end| &head[..end]))
}

/// The words of a message in a cell of a table.
fn cell(text: &str) -> String {
    told(&text.split_whitespace().collect::<Vec<_>>().join(" ")).replace('|', "\\|")
}

/// What became of one text: everything but one stretch stayed as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    start: u32,
    old_end: u32,
    new_end: u32,
}

impl Change {
    /// The least stretch in which two texts differ.
    pub fn between(old: &str, new: &str) -> Change {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let tail = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(a, b)| a == b).count();
        Change { start: start as u32, old_end: (old.len() - tail) as u32, new_end: (new.len() - tail) as u32 }
    }

    /// First and last byte, behind it, of the stretch in the old text.
    pub(crate) fn stretch(&self) -> (usize, usize) {
        (self.start as usize, self.old_end as usize)
    }

    /// Where a span of the old text stands in the new one; `None` if what stands there was touched.
    pub fn moved(&self, span: Span) -> Option<Span> {
        if span.end <= self.start {
            return Some(span);
        }
        let by = |offset: u32| offset - self.old_end + self.new_end;
        (span.start >= self.old_end).then(|| Span::new(by(span.start), by(span.end)))
    }
}

impl Proven {
    /// The same after texts have changed; `None` where one of the places it speaks of was touched. `change` answers what became of a file.
    pub fn moved(&self, change: &dyn Fn(&str) -> Option<Change>) -> Option<Proven> {
        let mut moved = self.clone();
        let labels = std::iter::once(&mut moved.diagnostic.primary).chain(&mut moved.diagnostic.related);
        for label in labels {
            if let Some(change) = change(label.file.as_deref().unwrap_or(&self.path)) {
                label.span = change.moved(label.span)?;
            }
        }
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_touched_moves_with_its_text() {
        let (old, new) = ("rule a {}\nrule b {}\n", "rule a {}\n// é\nrule b {}\n");
        let change = Change::between(old, new);
        let place = |text: &str, words: &str| {
            let at = text.find(words).expect("the words stand there") as u32;
            Span::new(at, at + words.len() as u32)
        };
        for words in ["rule a {}", "rule b {}"] {
            assert_eq!(change.moved(place(old, words)), Some(place(new, words)));
        }
        let renamed = Change::between(old, "rule a {}\nrule bc {}\n");
        assert_eq!(renamed.moved(place(old, "b {}")), None);
        assert_eq!(renamed.moved(place(old, "a {}")), Some(place(old, "a {}")));
        assert_eq!(Change::between("é", "è").moved(Span::new(0, 2)), None);
        let same = Change::between(old, old);
        assert_eq!(same.moved(Span::new(0, old.len() as u32)), Some(Span::new(0, old.len() as u32)));
        assert_eq!(Change::between("ab", "").moved(Span::new(0, 2)), None);
    }

    #[test]
    fn long_passages_are_cut_at_a_word() {
        assert_eq!(shortened("as  it\nis"), "as it is");
        let cut = shortened(&"wörter ".repeat(200));
        assert!(cut.ends_with("wörter ...") && cut.chars().count() <= QUOTED + 4, "{cut}");
    }
}
