//! Tracing passages to rules to scenarios.

use crate::cover::{Citing, citing};
use crate::model::{DocumentTrace, Nameless, PassageTrace, RuleTrace, ScenarioTrace, Share, State, Trace, Unsourced};
use mandate_documents::{BlockKind, Document, normative};
use mandate_pack::{Citation, Pack, Rule, Source};
use std::collections::{BTreeMap, BTreeSet};

/// The trace of a pack. `documents`: by the qualified name of their source; a source without document there is left out.
///
/// A scenario tests a rule when it expects something of it. Rules without source are those of the pack's own package.
pub fn trace(pack: &Pack, documents: &BTreeMap<String, &Document>) -> Trace {
    let tests = tests(pack);
    let known = documents.iter().filter_map(|(name, document)| Some((name, *document, pack.sources.get(name)?)));
    let traced = known.map(|(name, document, source)| of_document(pack, &tests, name, source, document));
    let own = pack.rules.iter().filter(|(_, rule)| rule.cites.is_empty() && is_own(pack, rule));
    let without_source = own.map(|(name, rule)| Unsourced {
        name: name.clone(),
        title: rule.title.clone(),
        origin: rule.origin.clone(),
        constraint: rule.constraint,
    });
    Trace { documents: traced.collect(), without_source: without_source.collect() }
}

/// Whether a rule stands in the pack's own package.
fn is_own(pack: &Pack, rule: &Rule) -> bool {
    rule.origin.file.split_once(':').is_none_or(|(package, _)| package == pack.name)
}

/// The scenarios that expect something of a rule, by its name, in the order of the package.
fn tests(pack: &Pack) -> BTreeMap<&str, BTreeSet<ScenarioTrace>> {
    let mut tests: BTreeMap<&str, BTreeSet<ScenarioTrace>> = BTreeMap::new();
    for scenario in &pack.scenarios {
        for expected in &scenario.expect {
            let test = ScenarioTrace { origin: scenario.origin.clone(), title: scenario.title.clone() };
            tests.entry(&expected.rule).or_default().insert(test);
        }
    }
    tests
}

type Tests<'p> = BTreeMap<&'p str, BTreeSet<ScenarioTrace>>;

fn of_document(pack: &Pack, tests: &Tests<'_>, name: &str, source: &Source, document: &Document) -> DocumentTrace {
    let citations: Vec<(&String, &Rule, &Citation)> = pack
        .rules
        .iter()
        .flat_map(|(rule, declared)| declared.cites.iter().map(move |citation| (rule, declared, citation)))
        .filter(|(_, _, citation)| citation.source == name)
        .collect();
    let explained: Vec<_> = pack.background.iter().filter(|b| b.citation.source == name).collect();
    let by_rules = citing(document, citations.iter().map(|(_, _, citation)| *citation));
    let by_background = citing(document, explained.iter().map(|background| &background.citation));
    let rule = |citing: Citing, at: usize| {
        let (rule, declared, citation) = citations[at];
        of_rule(rule, declared, citation, citing == Citing::Direct, tests)
    };
    let speaking = speaking(document);
    let mut passages = Vec::new();
    for (place, block) in document.blocks.iter().enumerate() {
        let Some(name) =
            block.name.as_ref().filter(|name| document.passages.get(*name).is_some_and(|p| p.block == place))
        else {
            continue;
        };
        let cited = by_rules.get(&place).into_iter().flatten();
        let rules = each_once(cited.map(|(citing, at)| rule(*citing, *at)).collect());
        let reason = by_background.get(&place).and_then(|all| all.first()).map(|(_, at)| explained[*at].reason.clone());
        let own = speaking.get(&place).map(Vec::as_slice).unwrap_or_default();
        let texts: Vec<&str> = own.iter().map(|at| document.blocks[*at].text.as_str()).collect();
        let sounds: Vec<String> = own.iter().filter_map(|at| normative(document, *at)).collect();
        let sounds = (!sounds.is_empty()).then(|| sounds.join(", "));
        let state = if !rules.is_empty() {
            State::Rule
        } else if reason.is_some() {
            State::NotARule
        } else if sounds.is_some() {
            State::Open
        } else {
            State::Plain
        };
        let (heading, alone) = match block.kind {
            BlockKind::Heading(level) => {
                (Some(level), document.blocks[place + 1..block.end].iter().all(|b| b.name.is_none()))
            }
            BlockKind::Paragraph | BlockKind::Item(_) => (None, true),
        };
        let tested: BTreeSet<&ScenarioTrace> =
            rules.iter().filter_map(|rule| tests.get(rule.name.as_str())).flatten().collect();
        passages.push(PassageTrace {
            name: name.clone(),
            text: texts.join("\n"),
            heading,
            page: block.page,
            line: block.line,
            state,
            counts: heading.is_none() || alone || own.len() > 1,
            scenarios: tested.into_iter().cloned().collect(),
            rules,
            reason,
            sounds,
        });
    }
    let whole = citations.iter().filter(|(_, _, citation)| citation.passage.is_none());
    DocumentTrace {
        source: name.to_owned(),
        title: source.title.clone(),
        file: source.document.clone().unwrap_or_default(),
        share: share(&passages),
        nameless: nameless(document, &speaking),
        whole: each_once(
            whole.map(|(rule, declared, citation)| of_rule(rule, declared, citation, true, tests)).collect(),
        ),
        passages,
    }
}

fn of_rule(name: &str, rule: &Rule, citation: &Citation, direct: bool, tests: &Tests<'_>) -> RuleTrace {
    let cites = citation.passage.as_ref().map(|first| match &citation.to {
        Some(last) => format!("{first}..{last}"),
        None => first.clone(),
    });
    let scenarios = tests.get(name).into_iter().flatten().map(|test| test.title.clone()).collect();
    RuleTrace {
        name: name.to_owned(),
        title: rule.title.clone(),
        origin: rule.origin.clone(),
        cites,
        direct,
        scenarios,
    }
}

/// Each rule once, by name, with its most direct citation.
fn each_once(mut rules: Vec<RuleTrace>) -> Vec<RuleTrace> {
    rules.sort_by(|a, b| (&a.name, !a.direct).cmp(&(&b.name, !b.direct)));
    rules.dedup_by(|later, first| later.name == first.name);
    rules
}

/// The blocks whose words each passage has to itself: its own, and those below a named heading that stand in no other passage.
/// Headings inside that have no name belong to the one around them, too.
fn speaking(document: &Document) -> BTreeMap<usize, Vec<usize>> {
    let mut speaking: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for place in 0..document.blocks.len() {
        if let Some(passage) = passage_of(document, place) {
            speaking.entry(passage).or_default().push(place);
        }
    }
    speaking
}

/// The innermost passage that a block stands in, as a place among the blocks.
fn passage_of(document: &Document, place: usize) -> Option<usize> {
    let named = |place: usize| {
        let name = document.blocks[place].name.as_ref()?;
        document.passages.get(name).filter(|passage| passage.block == place)
    };
    let mut at = Some(place);
    while let Some(here) = at {
        if named(here).is_some() {
            return Some(here);
        }
        at = document.blocks[here].heading;
    }
    None
}

fn nameless(document: &Document, speaking: &BTreeMap<usize, Vec<usize>>) -> Vec<Nameless> {
    let inside: BTreeSet<usize> = speaking.values().flatten().copied().collect();
    let outside = (0..document.blocks.len()).filter(|place| !inside.contains(place));
    let found = outside.filter_map(|place| {
        let block = &document.blocks[place];
        let sounds = normative(document, place)?;
        Some(Nameless { text: block.text.clone(), line: block.line, page: block.page, sounds })
    });
    found.collect()
}

fn share(passages: &[PassageTrace]) -> Share {
    let of = |state: State| passages.iter().filter(|p| p.counts && p.state == state).count();
    let (carried, explained, open) = (of(State::Rule), of(State::NotARule), of(State::Open));
    Share { carried, explained, open, percent: percent(carried + explained, carried + explained + open) }
}

/// Whole percent, rounded down; none of nothing.
pub(crate) fn percent(part: usize, whole: usize) -> Option<u8> {
    (part * 100).checked_div(whole).and_then(|percent| u8::try_from(percent).ok())
}

#[cfg(test)]
mod tests;
