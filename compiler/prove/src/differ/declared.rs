//! Declarations that are no rules: what was added, removed, renamed or changed, and what data, tools and other packages make of it.

use super::clauses::local;
use super::compare::{Both, own};
use super::model::{Change, DeclarationDifference, Level};
use super::terms::Names;
use mandate_pack::{
    Action, Binds, Citation, Dated, Definition, Endorsement, Enum, Evidence, EvidenceTime, Expr, Field, Held, Pack,
    Param, Parameter, Record, Role, Source, Waiver, short,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A declaration that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) difference: DeclarationDifference,
    /// What it stands for in each pack, in words, where a clause that names it means something else because of it.
    pub(crate) meaning: (Option<String>, Option<String>),
}

/// What differs of a declaration that both packs have, with the level of each difference.
type Details = Vec<(Level, String)>;

/// Everything but rules that differs between both packs.
pub(crate) fn differences(both: &mut Both<'_>) -> Vec<Declared> {
    let (old, new) = both.packs();
    let mut all = Vec::new();
    package(old, new, &mut all);
    let mut of = Of { both, all: &mut all };
    of.kind("enum", &old.enums, &new.enums, &|_, a, b| enums(a, b), &|_, _| None);
    of.kind("record", &old.records, &new.records, &|both, a, b| records(both.packs(), a, b), &|_, _| None);
    of.kind("role", &old.roles, &new.roles, &roles, &|_, role| role.held.as_ref().map(held));
    of.kind("parameter", &old.parameters, &new.parameters, &parameters, &|_, parameter| Some(values(parameter)));
    of.kind("definition", &old.definitions, &new.definitions, &definitions, &|_, d| Some(d.body.words()));
    of.kind("action", &old.actions, &new.actions, &actions, &|_, action| Some(evidence(action)));
    of.kind("waiver", &old.waivers, &new.waivers, &waivers, &|_, waiver| Some(waiver_words(waiver)));
    of.kind("source", &old.sources, &new.sources, &|both, a, b| sources(both.packs(), a, b), &|_, source| {
        Some(force(source))
    });
    lists(old, new, &mut all);
    all
}

struct Of<'b, 'p> {
    both: &'b mut Both<'p>,
    all: &'b mut Vec<Declared>,
}

type Compare<'f, 'p, T> = dyn Fn(&mut Both<'p>, &'p T, &'p T) -> Details + 'f;
type Meaning<'f, T> = dyn Fn(&Pack, &T) -> Option<String> + 'f;

impl<'p> Of<'_, 'p> {
    fn kind<T: Serialize + PartialEq>(
        &mut self,
        kind: &'static str,
        old: &'p BTreeMap<String, T>,
        new: &'p BTreeMap<String, T>,
        compare: &Compare<'_, 'p, T>,
        meaning: &Meaning<'_, T>,
    ) {
        let (a, b) = self.both.packs();
        let mut gone: BTreeMap<&'p str, &'p T> = BTreeMap::new();
        let mut come: BTreeMap<&'p str, &'p T> = new.iter().map(|(name, declared)| (name.as_str(), declared)).collect();
        for (name, before) in old {
            let partner = come.keys().find(|other| name == **other).copied();
            let partner = partner.or_else(|| {
                let local = own(a, name)?;
                come.keys().find(|other| own(b, other) == Some(local)).copied()
            });
            let Some(partner) = partner else {
                gone.insert(name, before);
                continue;
            };
            let Some(after) = come.remove(partner) else { continue };
            if before == after {
                continue;
            }
            let details = compare(self.both, before, after);
            let level = details.iter().map(|(level, _)| *level).max().unwrap_or(Level::Patch);
            let said: Vec<String> = details.into_iter().map(|(_, said)| said).collect();
            // What differs in nothing but documentation is not listed.
            if !said.is_empty() {
                let meaning = (meaning(a, before), meaning(b, after));
                self.say(kind, local(b, partner), Change::Changed, said, level, meaning);
            }
        }
        self.renamed(kind, gone, come);
    }

    /// What is gone and what has come: one declaration under another name where both say the same.
    fn renamed<T: Serialize>(
        &mut self,
        kind: &'static str,
        gone: BTreeMap<&'p str, &'p T>,
        mut come: BTreeMap<&'p str, &'p T>,
    ) {
        let (a, b) = self.both.packs();
        for (name, before) in gone {
            let content = content(a, before);
            let partner = come.iter().find(|(_, after)| self::content(b, **after) == content).map(|(name, _)| *name);
            match partner {
                Some(partner) => {
                    come.remove(partner);
                    self.say(kind, local(b, partner), Change::Renamed, Vec::new(), Level::Major, (None, None));
                    if let Some(last) = self.all.last_mut() {
                        last.difference.renamed_from = Some(local(a, name).to_owned());
                    }
                }
                None => self.say(kind, local(a, name), Change::Removed, Vec::new(), Level::Major, (None, None)),
            }
        }
        for name in come.into_keys() {
            self.say(kind, local(b, name), Change::Added, Vec::new(), Level::Minor, (None, None));
        }
    }

    fn say(
        &mut self,
        kind: &'static str,
        name: &str,
        change: Change,
        details: Vec<String>,
        level: Level,
        meaning: (Option<String>, Option<String>),
    ) {
        let difference =
            DeclarationDifference { kind, name: name.to_owned(), renamed_from: None, change, details, level };
        self.all.push(Declared { difference, meaning });
    }
}

/// A declaration without its documentation, names of the package itself below it.
fn content<T: Serialize>(pack: &Pack, declared: &T) -> serde_json::Value {
    let mut value = serde_json::to_value(declared).unwrap_or_default();
    strip(&mut value, &format!("{}.", pack.name));
    if let Some(object) = value.as_object_mut() {
        object.remove("doc");
    }
    value
}

fn strip(value: &mut serde_json::Value, package: &str) {
    match value {
        serde_json::Value::String(text) => {
            if let Some(rest) = text.strip_prefix(package) {
                *text = format!(".{rest}");
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| strip(item, package)),
        serde_json::Value::Object(map) => map.values_mut().for_each(|item| strip(item, package)),
        _ => {}
    }
}

fn package(old: &Pack, new: &Pack, all: &mut Vec<Declared>) {
    let mut details = Vec::new();
    for (what, one, other) in [
        ("name", &old.name, &new.name),
        ("time zone", &old.time_zone, &new.time_zone),
        ("edition of the language", &old.edition, &new.edition),
    ] {
        if one != other {
            details.push(format!("{what} {one}, now {other}"));
        }
    }
    if !details.is_empty() {
        let name = new.name.clone();
        let difference = DeclarationDifference {
            kind: "package",
            name,
            renamed_from: None,
            change: Change::Changed,
            details,
            level: Level::Major,
        };
        all.push(Declared { difference, meaning: (None, None) });
    }
}

/// `x a, now b`
fn now(what: &str, old: impl std::fmt::Display, new: impl std::fmt::Display) -> String {
    format!("{what} {old}, now {new}")
}

fn or_none<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn enums(old: &Enum, new: &Enum) -> Details {
    let mut found = Vec::new();
    if old.ordered != new.ordered {
        let word = |ordered| if ordered { "ordered" } else { "without order" };
        found.push((Level::Major, now("it is", word(old.ordered), word(new.ordered))));
    }
    for variant in &old.variants {
        match new.variants.iter().find(|other| other.name == variant.name) {
            None => found.push((Level::Major, format!("value `{}` is gone", variant.name))),
            Some(other) if other.spelling != variant.spelling => {
                let what = format!("value `{}` is spelt", variant.name);
                found.push((Level::Major, now(&what, &variant.spelling, &other.spelling)));
            }
            Some(_) => {}
        }
    }
    for variant in new.variants.iter().filter(|v| !old.variants.iter().any(|o| o.name == v.name)) {
        found.push((Level::Minor, format!("value `{}` is new", variant.name)));
    }
    let order = |one: &Enum, other: &Enum| -> Vec<String> {
        let both = one.variants.iter().filter(|v| other.variants.iter().any(|o| o.name == v.name));
        both.map(|v| v.name.clone()).collect()
    };
    if order(old, new) != order(new, old) && (old.ordered || new.ordered) {
        found.push((Level::Major, "its values stand in another order".to_owned()));
    }
    found
}

fn records((old_pack, new_pack): (&Pack, &Pack), old: &Record, new: &Record) -> Details {
    let mut found = Vec::new();
    let dated = |record: &Record| match &record.dated {
        None => "by nothing".to_owned(),
        Some(Dated::At(field)) => format!("at {field}"),
        Some(Dated::During(from, to)) => format!("during {from} .. {to}"),
    };
    let parts = [
        ("its name in facts files is", old.name.clone(), new.name.clone()),
        ("its key is", or_none(old.key.as_ref()), or_none(new.key.as_ref())),
        ("it is dated", dated(old), dated(new)),
        ("the record it corrects is", or_none(old.corrects.as_ref()), or_none(new.corrects.as_ref())),
        ("it is recorded at", or_none(old.recorded.as_ref()), or_none(new.recorded.as_ref())),
    ];
    for (what, one, other) in parts {
        if one != other {
            found.push((Level::Major, now(what, one, other)));
        }
    }
    for field in &old.fields {
        match new.fields.iter().find(|other| other.name == field.name) {
            None => found.push((Level::Major, format!("field `{}` is gone", field.name))),
            Some(other) => fields((old_pack, field), (new_pack, other), &mut found),
        }
    }
    for field in new.fields.iter().filter(|f| !old.fields.iter().any(|o| o.name == f.name)) {
        let spare = field.ty.is_optional() || field.default.is_some();
        let (level, said) = if spare { (Level::Minor, "may be left out") } else { (Level::Major, "has to be there") };
        found.push((level, format!("field `{}` is new and {said}", field.name)));
    }
    found
}

fn fields((old_pack, old): (&Pack, &Field), (new_pack, new): (&Pack, &Field), found: &mut Details) {
    let what = |word: &str| format!("field `{}` {word}", old.name);
    let ty = |pack: &Pack, field: &Field| field.ty.to_string().replace(&format!("{}.", pack.name), "");
    let (one, other) = (ty(old_pack, old), ty(new_pack, new));
    if one != other {
        let looser = !old.ty.is_optional() && old.ty == *new.ty.known();
        let level = if looser { Level::Minor } else { Level::Major };
        found.push((level, now(&what("is of type"), one, other)));
    }
    let default = |field: &Field| or_none(field.default.as_ref().map(Expr::words));
    if old.default != new.default {
        found.push((Level::Major, now(&what("stands for, where it is left out,"), default(old), default(new))));
    }
    if old.sensitive != new.sensitive {
        let word = if new.sensitive { "is sensitive now" } else { "is no longer sensitive" };
        found.push((Level::Major, what(word)));
    }
    if old.over_time != new.over_time {
        let word = if new.over_time { "changes over time now" } else { "no longer changes over time" };
        found.push((Level::Major, what(word)));
    }
}

fn params(old_pack: &Pack, old: &[Param], new_pack: &Pack, new: &[Param], found: &mut Details) {
    let words = |pack: &Pack, params: &[Param]| -> String {
        let own = format!("{}.", pack.name);
        let words: Vec<String> = params.iter().map(|param| param.ty.to_string().replace(&own, "")).collect();
        format!("({})", words.join(", "))
    };
    let (one, other) = (words(old_pack, old), words(new_pack, new));
    if one != other {
        found.push((Level::Major, now("it takes", one, other)));
    }
}

fn roles<'p>(both: &mut Both<'p>, old: &'p Role, new: &'p Role) -> Details {
    let (a, b) = both.packs();
    let mut found = Vec::new();
    let of = |role: &Role| role.of.iter().cloned().collect::<Vec<Param>>();
    params(a, &of(old), b, &of(new), &mut found);
    let wider = |pack: &Pack, role: &Role| or_none(role.is.as_ref().map(|is| local(pack, is).to_owned()));
    if wider(a, old) != wider(b, new) {
        found.push((Level::Minor, now("the wider role is", wider(a, old), wider(b, new))));
    }
    if old.held != new.held {
        let words = |role: &Role| role.held.as_ref().map_or_else(|| "by nobody known".to_owned(), held);
        let (one, other) = (words(old), words(new));
        if one != other {
            found.push((Level::Minor, now("it is held", one, other)));
        }
    }
    found
}

fn held(held: &Held) -> String {
    let mut text = format!("by {} where {}", held.by.words(), held.condition.words());
    if let Some((from, to)) = &held.during {
        text.push_str(&format!(" during {} .. {}", from.words(), to.words()));
    }
    if let Some(longest) = &held.longest {
        text.push_str(&format!(" for at most {}", longest.words()));
    }
    text
}

fn values(parameter: &Parameter) -> String {
    let value = |value: &mandate_pack::DatedValue| {
        let from = value.from.as_ref().map_or_else(String::new, |day| format!(" from {day}"));
        format!("{}{from}", value.value.words())
    };
    parameter.values.iter().map(value).collect::<Vec<_>>().join(", ")
}

fn parameters<'p>(both: &mut Both<'p>, old: &'p Parameter, new: &'p Parameter) -> Details {
    let mut found = Vec::new();
    if old.ty != new.ty {
        found.push((Level::Major, now("it is of type", old.ty.short(), new.ty.short())));
    }
    if old.values != new.values {
        found.push((Level::Minor, now("value", values(old), values(new))));
    }
    if old.bounds != new.bounds {
        let words = |bounds: &Option<(Expr, Expr)>| {
            bounds.as_ref().map_or_else(|| "none".to_owned(), |(a, b)| format!("{} .. {}", a.words(), b.words()))
        };
        // A value that a mission has set may no longer be permitted.
        let wider = is_wider(both, old.bounds.as_ref(), new.bounds.as_ref());
        let level = if wider { Level::Minor } else { Level::Major };
        found.push((level, now("bounds", words(&old.bounds), words(&new.bounds))));
    }
    found
}

/// Whether every value inside the old bounds is inside the new ones.
fn is_wider<'p>(both: &mut Both<'p>, old: Option<&'p (Expr, Expr)>, new: Option<&'p (Expr, Expr)>) -> bool {
    let (Some((low, high)), Some((least, greatest))) = (old, new) else { return new.is_none() };
    let mut at_most = |one: (&'p Expr, bool), other: (&'p Expr, bool)| {
        let mut read = |(expr, of_old): (&'p Expr, bool)| {
            let reader = if of_old { &mut both.old.reader } else { &mut both.new.reader };
            reader.expr(&mut both.terms, expr, &Names::default())
        };
        let (one, other) = (read(one), read(other));
        super::windows::is_no_longer(&both.terms, one, other) || super::kleene::is_at_most(&both.terms, one, other)
    };
    at_most((least, false), (low, true)) && at_most((high, true), (greatest, false))
}

fn definitions<'p>(both: &mut Both<'p>, old: &'p Definition, new: &'p Definition) -> Details {
    let (a, b) = both.packs();
    let mut found = Vec::new();
    params(a, &old.params, b, &new.params, &mut found);
    let bind = |both: &mut Both<'p>, params: &[Param]| {
        params.iter().fold(Names::default(), |names, param| names.bind(&mut both.terms, &param.name))
    };
    let (names, others) = (bind(both, &old.params), bind(both, &new.params));
    let one = both.old.reader.expr(&mut both.terms, &old.body, &names);
    let other = both.new.reader.expr(&mut both.terms, &new.body, &others);
    let (before, after) = (old.body.words(), new.body.words());
    if super::kleene::equal(&mut both.terms, one, other) {
        if before != after {
            found.push((Level::Patch, format!("{}, which means the same", now("it stands for", before, after))));
        }
    } else if before != after {
        found.push((Level::Minor, now("it stands for", before, after)));
    } else {
        found.push((Level::Minor, "what it is made of means something else".to_owned()));
    }
    found
}

fn evidence(action: &Action) -> String {
    action.evidence.iter().map(one_evidence).collect::<Vec<_>>().join(", or ")
}

fn one_evidence(evidence: &Evidence) -> String {
    let mut text = format!("{}: {} where {}", evidence.var, short(&evidence.record), evidence.condition.words());
    match &evidence.at {
        None => {}
        Some(EvidenceTime::At(at)) => text.push_str(&format!(" at {}", at.words())),
        Some(EvidenceTime::During(from, to)) => text.push_str(&format!(" during {} .. {}", from.words(), to.words())),
    }
    if let Some(by) = &evidence.by {
        text.push_str(&format!(" by {}", by.words()));
    }
    text
}

fn actions<'p>(both: &mut Both<'p>, old: &'p Action, new: &'p Action) -> Details {
    let (a, b) = both.packs();
    let mut found = Vec::new();
    params(a, &old.params, b, &new.params, &mut found);
    let (one, other) = (evidence(old), evidence(new));
    if one != other {
        found.push((Level::Minor, now("it is shown by", one, other)));
    }
    let excludes = |pack: &Pack, action: &Action| -> BTreeSet<String> {
        action.excludes.iter().map(|name| local(pack, name).to_owned()).collect()
    };
    let (one, other) = (excludes(a, old), excludes(b, new));
    if one != other {
        let words =
            |set: BTreeSet<String>| if set.is_empty() { "nothing".to_owned() } else { Vec::from_iter(set).join(", ") };
        found.push((Level::Minor, now("it excludes", words(one), words(other))));
    }
    found
}

fn waiver_words(waiver: &Waiver) -> String {
    let mut text = format!("{}: {} where {}", waiver.var, short(&waiver.record), waiver.condition.words());
    for (word, part) in [
        ("names", &waiver.names),
        ("rank", &waiver.rank),
        ("granted at", &waiver.granted_at),
        ("by", &waiver.by),
        ("valid if", &waiver.valid),
        ("revoked", &waiver.revoked),
        ("exceptional if", &waiver.exceptional),
    ] {
        if let Some(part) = part {
            text.push_str(&format!(" {word} {}", part.words()));
        }
    }
    if let Some((from, to)) = &waiver.during {
        text.push_str(&format!(" during {} .. {}", from.words(), to.words()));
    }
    if waiver.caveat { format!("caveat {text}") } else { text }
}

fn waivers<'p>(both: &mut Both<'p>, old: &'p Waiver, new: &'p Waiver) -> Details {
    let (a, b) = both.packs();
    let mut found = Vec::new();
    params(a, &old.params, b, &new.params, &mut found);
    let (one, other) = (waiver_words(old), waiver_words(new));
    if one != other {
        found.push((Level::Minor, now("it is shown by", one, other)));
    }
    if old.flags != new.flags {
        found.push((Level::Minor, "its remarks".to_owned()));
    }
    found
}

fn force(source: &Source) -> String {
    let day = |word: &str, day: &Option<String>| day.as_ref().map_or_else(String::new, |day| format!(", {word} {day}"));
    format!(
        "{}{}{}{}",
        source.force.said(),
        day("in force from", &source.in_force_from),
        day("until", &source.in_force_until),
        day("compulsory from", &source.compulsory_from)
    )
}

fn sources((a, b): (&Pack, &Pack), old: &Source, new: &Source) -> Details {
    let mut found = Vec::new();
    let names = |pack: &Pack, names: &[String]| -> String {
        let names: Vec<&str> = names.iter().map(|name| local(pack, name)).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    };
    let binds = |binds: &Option<Binds>| or_none(binds.as_ref().map(|binds| binds.from.words()));
    let meaning = [
        ("force", old.force.said().to_owned(), new.force.said().to_owned()),
        ("in force from", or_none(old.in_force_from.as_ref()), or_none(new.in_force_from.as_ref())),
        ("in force until", or_none(old.in_force_until.as_ref()), or_none(new.in_force_until.as_ref())),
        ("compulsory from", or_none(old.compulsory_from.as_ref()), or_none(new.compulsory_from.as_ref())),
        ("binds a state from", binds(&old.binds), binds(&new.binds)),
        ("supersedes", names(a, &old.supersedes), names(b, &new.supersedes)),
        ("not waivable", names(a, &old.not_waivable), names(b, &new.not_waivable)),
    ];
    let wording = [
        ("title", old.title.clone(), new.title.clone()),
        ("issuer", or_none(old.issuer.as_ref()), or_none(new.issuer.as_ref())),
        ("adopted", or_none(old.adopted.as_ref()), or_none(new.adopted.as_ref())),
        ("implements", names(a, &old.implements), names(b, &new.implements)),
        ("link", or_none(old.link.as_ref()), or_none(new.link.as_ref())),
        ("verified", or_none(old.verified.as_ref()), or_none(new.verified.as_ref())),
    ];
    for (level, parts) in [(Level::Minor, meaning.to_vec()), (Level::Patch, wording.to_vec())] {
        found.extend(parts.into_iter().filter(|(_, a, b)| a != b).map(|(what, a, b)| (level, now(what, a, b))));
    }
    for (passage, text) in &old.passages {
        if new.passages.get(passage).is_some_and(|other| other.text != text.text) {
            found.push((Level::Patch, format!("passage {passage} reads otherwise")));
        }
    }
    found
}

/// What has no name: endorsements, assumptions, notes on passages, and scenarios by their titles.
fn lists(old: &Pack, new: &Pack, all: &mut Vec<Declared>) {
    let mut say = |kind, name: String, change, details, level| {
        let difference = DeclarationDifference { kind, name, renamed_from: None, change, details, level };
        all.push(Declared { difference, meaning: (None, None) });
    };
    let (one, other) = (endorsements(old), endorsements(new));
    for gone in one.difference(&other) {
        say("endorsement", gone.clone(), Change::Removed, Vec::new(), Level::Minor);
    }
    for come in other.difference(&one) {
        say("endorsement", come.clone(), Change::Added, Vec::new(), Level::Minor);
    }
    let assumed = |pack: &Pack| -> BTreeMap<String, String> {
        let words = |a: &mandate_pack::Assumption| {
            let all = a
                .when
                .iter()
                .map(|c| format!("when {}", c.text))
                .chain(a.require.iter().map(|c| format!("require {}", c.text)));
            all.collect::<Vec<_>>().join(", ")
        };
        pack.assumptions.iter().map(|a| (a.title.clone(), words(a))).collect()
    };
    named("assumption", Level::Minor, &assumed(old), &assumed(new), &mut say);
    let notes = |pack: &Pack| -> BTreeMap<String, String> {
        pack.background.iter().map(|note| (passage(pack, &note.citation), note.reason.clone())).collect()
    };
    named("background", Level::Patch, &notes(old), &notes(new), &mut say);
    let carried = |pack: &Pack| -> BTreeMap<String, String> {
        let each = pack.carried.iter().map(|carried| {
            let by = match &carried.by {
                mandate_pack::Carrier::Declaration { name, .. } => name.clone(),
                mandate_pack::Carrier::Background { citation } => passage(pack, citation),
            };
            let part = carried.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
            (format!("{}{part} by {by}", carried.id), carried.reason.clone())
        });
        each.collect()
    };
    named("carried statement", Level::Patch, &carried(old), &carried(new), &mut say);
    // What a scenario tests is told by its title; which of its lines differ, the text shows.
    let scenarios = |pack: &Pack| -> BTreeMap<String, String> {
        pack.scenarios.iter().map(|s| (s.title.clone(), String::new())).collect()
    };
    named("scenario", Level::Patch, &scenarios(old), &scenarios(new), &mut say);
}

fn passage(pack: &Pack, cited: &Citation) -> String {
    super::clauses::citation(pack, cited)
}

fn named(
    kind: &'static str,
    level: Level,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    say: &mut impl FnMut(&'static str, String, Change, Vec<String>, Level),
) {
    for (name, before) in old {
        match new.get(name) {
            None => say(kind, name.clone(), Change::Removed, Vec::new(), level),
            Some(after) if before != after => {
                say(kind, name.clone(), Change::Changed, vec![now("it says", before, after)], level);
            }
            Some(_) => {}
        }
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        say(kind, name.clone(), Change::Added, Vec::new(), level);
    }
}

fn endorsements(pack: &Pack) -> BTreeSet<String> {
    let words = |e: &Endorsement| {
        let party = e.party.as_ref().map_or_else(String::new, |party| format!(" for {}", party.words()));
        let from = e.from.as_ref().map_or_else(String::new, |day| format!(" from {day}"));
        format!("{}{party}{from}", local(pack, &e.source))
    };
    pack.endorsements.iter().map(words).collect()
}
