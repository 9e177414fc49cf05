//! Scenarios of a pack written in the language: the inverse of lowering one.

use mandate_pack::{Duration, Expectation, Expr, Fact, Field, Node, Pack, Scenario, Type, short};
use mandate_syntax::words::Keyword;
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Why a scenario cannot be written in the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritable(String);

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwritable {}

/// Longest line of a record before each field stands on a line of its own.
const WIDTH: usize = 100;

/// Words that mean something of their own where a value stands.
const VALUES: [&str; 20] = [
    "true",
    "false",
    "never",
    "restricted",
    "as_of",
    "if",
    "not",
    "no",
    "some",
    "every",
    "all",
    "the",
    "latest",
    "earliest",
    "count",
    "share",
    "sum",
    "min",
    "max",
    "follow",
];

/// A module with scenarios, in the layout of the language: `doc` at its head, then what they bring in. The module is one of the package
/// `pack.name` and declares nothing itself.
pub fn scenario_module(pack: &Pack, doc: &str, scenarios: &[Scenario]) -> Result<String, Unwritable> {
    let names = Names::of(pack, scenarios);
    let mut text = String::new();
    for line in doc.lines() {
        text.push_str(&format!("//! {line}\n"));
    }
    text.push('\n');
    text.push_str(&names.uses());
    for scenario in scenarios {
        text.push('\n');
        text.push_str(&Script::new(pack, &names, scenario).written(scenario)?);
    }
    Ok(mandate_syntax::format(&text))
}

/// How what scenarios speak of is called in their module.
struct Names {
    package: String,
    /// What is brought in, by the module that declares it; what shares its name with something else is called by its whole name.
    known: BTreeMap<String, BTreeSet<String>>,
    /// Short names that several have.
    shared: BTreeSet<String>,
}

impl Names {
    fn of(pack: &Pack, scenarios: &[Scenario]) -> Names {
        let mut all: BTreeSet<&str> = BTreeSet::new();
        for scenario in scenarios {
            all.extend(scenario.facts.iter().map(|fact| fact.record.as_str()));
            all.extend(scenario.data_through.keys().map(String::as_str));
            all.extend(scenario.set.keys().map(String::as_str));
            // What concerns no rule, such as waivers without effect, has no module.
            all.extend(scenario.expect.iter().map(|expected| expected.rule.as_str()).filter(|rule| rule.contains('.')));
        }
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &all {
            *count.entry(short(name)).or_default() += 1;
        }
        let shared: BTreeSet<String> =
            count.iter().filter(|(_, n)| **n > 1).map(|(name, _)| (*name).to_owned()).collect();
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in all.into_iter().filter(|name| !shared.contains(short(name))) {
            if let Some((module, name)) = name.rsplit_once('.') {
                known.entry(module.to_owned()).or_default().insert(name.to_owned());
            }
        }
        Names { package: pack.name.clone(), known, shared }
    }

    fn uses(&self) -> String {
        let own = format!("{}.", self.package);
        let mut lines = String::new();
        for (module, names) in &self.known {
            // A module of the same package is called without it.
            let module = module.strip_prefix(&own).unwrap_or(module);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            lines.push_str(&format!("use {module}.{{{}}}\n", names.join(", ")));
        }
        lines
    }

    fn called<'n>(&self, name: &'n str) -> &'n str {
        if self.shared.contains(short(name)) { name } else { short(name) }
    }
}

/// A scenario that is being written.
struct Script<'a> {
    pack: &'a Pack,
    names: &'a Names,
    /// What each record is called, in the order of the facts; `None` where it needs no name.
    called: Vec<Option<String>>,
    /// Names of records by type and key.
    keys: BTreeMap<(String, String), String>,
    /// Names of records by the name they have in the pack.
    given: BTreeMap<String, String>,
}

impl<'a> Script<'a> {
    fn new(pack: &'a Pack, names: &'a Names, scenario: &Scenario) -> Script<'a> {
        let mut script = Script { pack, names, called: Vec::new(), keys: BTreeMap::new(), given: BTreeMap::new() };
        let mut taken: BTreeSet<String> =
            scenario.facts.iter().filter(|fact| is_variable(&fact.name)).map(|fact| fact.name.clone()).collect();
        let mut unnamed = 0;
        for fact in &scenario.facts {
            if fact.name == format!("unnamed-{}", unnamed + 1) {
                unnamed += 1;
                script.called.push(None);
                continue;
            }
            let name = if is_variable(&fact.name) { fact.name.clone() } else { variable(&fact.name, &mut taken) };
            if let Some(key) = script.key_of(fact) {
                script.keys.entry((fact.record.clone(), key)).or_insert_with(|| name.clone());
            }
            script.given.entry(fact.name.clone()).or_insert_with(|| name.clone());
            script.called.push(Some(name));
        }
        script
    }

    fn key_of(&self, fact: &Fact) -> Option<String> {
        let key = self.pack.records.get(&fact.record)?.key.as_ref()?;
        fact.fields.get(key).and_then(key_text)
    }

    fn written(&self, scenario: &Scenario) -> Result<String, Unwritable> {
        let mut lines = vec![format!("scenario {} {{", text(&scenario.title)?)];
        lines.push(format!("  as of {}", literal(&scenario.as_of)?));
        if let Some(at) = &scenario.known_at {
            lines.push(format!("  known at {}", literal(at)?));
        }
        for (name, value) in &scenario.set {
            lines.push(format!("  set {} = {}", self.names.called(name), literal(value)?));
        }
        for (record, at) in &scenario.data_through {
            lines.push(format!("  data through {} for {}", literal(at)?, self.names.called(record)));
        }
        for (fact, called) in scenario.facts.iter().zip(&self.called) {
            lines.push(self.fact(fact, called.as_deref())?);
        }
        for expected in &scenario.expect {
            lines.push(format!("  {}", self.expectation(expected)?));
        }
        lines.push("}\n".to_owned());
        Ok(lines.join("\n"))
    }

    fn fact(&self, fact: &Fact, called: Option<&str>) -> Result<String, Unwritable> {
        let ty = self.names.called(&fact.record);
        let head = called.map_or_else(|| format!("  given {ty}"), |name| format!("  given {name}: {ty}"));
        let fields: Map<String, Value> = fact.fields.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        // The key that a record gets by its name is not written.
        let implied = called.unwrap_or(&fact.name);
        let fields = self.fields(&fact.record, &fields, &|key| key == implied)?;
        let short = format!("{head} {{ {} }}", fields.join(", "));
        Ok(match fields.as_slice() {
            [] => format!("{head} {{}}"),
            _ if short.chars().count() <= WIDTH => short,
            _ => format!("{head} {{\n    {}\n  }}", fields.join("\n    ")),
        })
    }

    /// `name: value` for each field that is there, in the order of the declaration.
    fn fields(
        &self,
        record: &str,
        fields: &Map<String, Value>,
        implied: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, Unwritable> {
        let Some(known) = self.pack.records.get(record) else {
            return Err(Unwritable(format!("there is no record type `{record}`")));
        };
        if let Some(stray) = fields.keys().find(|name| !known.fields.iter().any(|field| field.name == **name)) {
            return Err(Unwritable(format!("`{}` has no field `{stray}`", short(record))));
        }
        let mut all = Vec::new();
        for field in &known.fields {
            let Some(value) = fields.get(&field.name).filter(|value| !value.is_null()) else { continue };
            let is_key = known.key.as_ref() == Some(&field.name);
            if is_key && matches!(value, Value::String(key) if implied(key)) {
                continue;
            }
            all.push(format!("{}: {}", field.name, self.field(field, value)?));
        }
        Ok(all)
    }

    fn field(&self, field: &Field, value: &Value) -> Result<String, Unwritable> {
        match value {
            Value::Array(entries) if field.over_time && is_history(entries) => {
                let entries: Result<Vec<String>, Unwritable> =
                    entries.iter().map(|e| self.entry(e, &field.ty)).collect();
                Ok(format!("[{}]", entries?.join(", ")))
            }
            _ => self.value(value, field.ty.known()),
        }
    }

    /// `{ from: T, value: v }`
    fn entry(&self, entry: &Value, ty: &Type) -> Result<String, Unwritable> {
        let Value::Object(parts) = entry else { return Err(not_a(entry, ty)) };
        let mut all = Vec::new();
        if let Some(from) = parts.get("from") {
            all.push(format!("from: {}", self.value(from, &Type::Time)?));
        }
        if let Some(value) = parts.get("value") {
            all.push(format!("value: {}", self.value(value, ty.known())?));
        }
        Ok(format!("{{ {} }}", all.join(", ")))
    }

    /// A value in the spelling of a facts file, as the language writes it.
    fn value(&self, value: &Value, ty: &Type) -> Result<String, Unwritable> {
        if is_restricted(value) {
            return Ok("restricted".to_owned());
        }
        let wrong = || not_a(value, ty);
        Ok(match (ty.known(), value) {
            (Type::Bool, Value::Bool(b)) => b.to_string(),
            (Type::Int | Type::Decimal, Value::Number(n)) => number(n),
            (Type::Decimal, Value::String(n)) if is_number(n) => decimal(n),
            (Type::Text | Type::Nation, Value::String(words)) => text(words)?,
            (Type::Date | Type::Time, Value::String(at)) => instant(at).ok_or_else(wrong)?,
            (Type::Duration, Value::String(spelled)) => {
                iso(spelled).and_then(duration).or_else(|| counted(spelled)).ok_or_else(wrong)?
            }
            (Type::Length | Type::Money, Value::String(amount)) => quantity(amount).ok_or_else(wrong)?,
            (Type::Enum(name), Value::String(spelled)) => self.variant(name, spelled).ok_or_else(wrong)?.to_owned(),
            (Type::Record(name), Value::String(_) | Value::Number(_)) => self.reference(name, value)?,
            (Type::Record(name), Value::Object(fields)) => {
                let generated = |key: &str| is_generated(key, name);
                braced(self.fields(name, fields, &generated)?)
            }
            (Type::List(item), Value::Array(items)) => {
                let items: Result<Vec<String>, Unwritable> = items.iter().map(|one| self.value(one, item)).collect();
                format!("[{}]", items?.join(", "))
            }
            (Type::Location, Value::Object(parts)) => {
                self.parts(parts, &[("lat", Type::Decimal), ("lon", Type::Decimal), ("within", Type::Length)], &wrong)?
            }
            (Type::Period, Value::Object(parts)) => match (parts.get("from"), parts.get("to")) {
                (Some(from), Some(to)) => {
                    format!("{} .. {}", self.value(from, &Type::Time)?, self.value(to, &Type::Time)?)
                }
                _ => self.parts(parts, &[("from", Type::Time), ("to", Type::Time)], &wrong)?,
            },
            _ => return Err(wrong()),
        })
    }

    fn parts(
        &self,
        parts: &Map<String, Value>,
        known: &[(&str, Type)],
        wrong: &dyn Fn() -> Unwritable,
    ) -> Result<String, Unwritable> {
        if parts.keys().any(|part| !known.iter().any(|(name, _)| name == part)) {
            return Err(wrong());
        }
        let mut all = Vec::new();
        for (name, ty) in known {
            if let Some(value) = parts.get(*name).filter(|value| !value.is_null()) {
                all.push(format!("{name}: {}", self.value(value, ty)?));
            }
        }
        Ok(braced(all))
    }

    fn variant(&self, name: &str, spelled: &str) -> Option<&str> {
        let variants = &self.pack.enums.get(name)?.variants;
        variants.iter().find(|variant| variant.spelling == spelled).map(|variant| variant.name.as_str())
    }

    fn reference(&self, record: &str, value: &Value) -> Result<String, Unwritable> {
        let key = key_text(value).unwrap_or_default();
        self.keys.get(&(record.to_owned(), key.clone())).cloned().ok_or_else(|| {
            Unwritable(format!("it refers to `{key}`, and no `{}` of that key is given in it by name", short(record)))
        })
    }

    fn expectation(&self, expected: &Expectation) -> Result<String, Unwritable> {
        let unknown = |name: &str| Unwritable(format!("it expects something of `{name}`, which it does not give"));
        let mut line = "expect ".to_owned();
        let negated = expected.status == "not applicable";
        if negated {
            line.push_str("no ");
        }
        line.push_str(self.names.called(&expected.rule));
        if let Some(subject) = &expected.subject {
            let subject: Result<Vec<&str>, Unwritable> = subject
                .iter()
                .map(|name| self.given.get(name).map(String::as_str).ok_or_else(|| unknown(name)))
                .collect();
            line.push_str(&format!("({})", subject?.join(", ")));
        }
        if !negated {
            line.push_str(&format!(" {}", expected.status));
        }
        for (word, value) in [("late by", &expected.late_by), ("due", &expected.due), ("since", &expected.since)] {
            if let Some(value) = value {
                line.push_str(&format!(", {word} {}", literal(value)?));
            }
        }
        for missing in &expected.missing {
            let (key, field) = missing.rsplit_once('.').ok_or_else(|| unknown(missing))?;
            let by_key = self.keys.iter().find(|((_, known), _)| known == key).map(|(_, name)| name);
            // Without a key a record is known by its name.
            let name = by_key.or_else(|| self.given.get(key)).ok_or_else(|| unknown(key))?;
            line.push_str(&format!(", missing {name}.{field}"));
        }
        for words in &expected.flagged {
            line.push_str(&format!(", flagged {}", text(words)?));
        }
        if let Some((from, to)) = &expected.uncovered {
            line.push_str(&format!(", uncovered {} .. {}", literal(from)?, literal(to)?));
        }
        for status in &expected.then {
            line.push_str(&format!(", then {status}"));
        }
        Ok(line)
    }
}

fn not_a(value: &Value, ty: &Type) -> Unwritable {
    Unwritable(format!("{value} is no {}", ty.short()))
}

fn braced(fields: Vec<String>) -> String {
    if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
}

/// A key as references spell it.
fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::String(key) => Some(key.clone()),
        Value::Number(key) => Some(key.to_string()),
        _ => None,
    }
}

/// Whether a record inside another got this key from its place in the text.
fn is_generated(key: &str, record: &str) -> bool {
    let place = key.strip_prefix(short(record)).and_then(|rest| rest.strip_prefix('@'));
    place.is_some_and(|place| !place.is_empty() && place.bytes().all(|b| b.is_ascii_digit()))
}

fn is_restricted(value: &Value) -> bool {
    matches!(value, Value::Object(parts) if parts.len() == 1 && parts.get("restricted") == Some(&Value::Bool(true)))
}

fn is_history(entries: &[Value]) -> bool {
    let entry = |entry: &Value| match entry {
        Value::Object(parts) => !parts.is_empty() && parts.keys().all(|part| part == "from" || part == "value"),
        _ => false,
    };
    !entries.is_empty() && entries.iter().all(entry)
}

fn is_variable(name: &str) -> bool {
    let mut bytes = name.bytes();
    let word = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let keyword = Keyword::of(name);
    word && !keyword.starts_clause() && !keyword.ends_expression() && !VALUES.contains(&name)
}

/// A variable that is nearly called so, and that no other record is called.
fn variable(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut base: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if !base.starts_with(|c: char| c.is_ascii_alphabetic()) {
        base.insert_str(0, "r_");
    }
    let numbered = (1_usize..).map(|n| if n == 1 { base.clone() } else { format!("{base}_{n}") });
    let mut free = numbered.filter(|name| is_variable(name) && !taken.contains(name));
    let name = free.next().unwrap_or(base.clone());
    taken.insert(name.clone());
    name
}

/// A text in quotation marks.
fn text(words: &str) -> Result<String, Unwritable> {
    let mut out = String::from("\"");
    for c in words.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => return Err(Unwritable("a text in it has signs that no text can have".to_owned())),
            c => out.push(c),
        }
    }
    out.push('"');
    Ok(out)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// With a fraction: without one it would be a whole number.
fn decimal(text: &str) -> String {
    if text.contains('.') { text.to_owned() } else { format!("{text}.0") }
}

fn number(n: &Number) -> String {
    // Written out: the language knows no exponents.
    match n.as_f64().filter(|_| n.is_f64()) {
        Some(float) => decimal(&float.to_string()),
        None => n.to_string(),
    }
}

/// A day or an instant; seconds only where there are any.
fn instant(text: &str) -> Option<String> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"-:.TZ+".contains(&b));
    if !plain || text.len() < 10 {
        return None;
    }
    Some(match text.strip_suffix(":00Z").filter(|rest| rest.matches(':').count() == 1) {
        Some(minutes) => format!("{minutes}Z"),
        None => text.to_owned(),
    })
}

/// `200 m`, `500000 USD`
fn quantity(text: &str) -> Option<String> {
    let (amount, unit) = text.split_once(' ')?;
    let is_unit = !unit.is_empty() && unit.bytes().all(|b| b.is_ascii_alphabetic());
    (is_number(amount) && !amount.starts_with('-') && is_unit).then(|| text.to_owned())
}

/// A length of time that stands in the words of the language already, as facts may have it: `2 days`.
fn counted(text: &str) -> Option<String> {
    let (n, unit) = text.split_once(' ')?;
    let known = ["second", "minute", "hour", "day", "week", "month", "year"];
    let is_known = known.contains(&unit.strip_suffix('s').unwrap_or(unit));
    (is_known && n.parse::<u32>().is_ok()).then(|| text.to_owned())
}

/// A length of time as ISO 8601 spells it, without fractions: `P1M`, `PT36H`, `P0M0DT3600S`.
fn iso(text: &str) -> Option<Duration> {
    let mut found = Duration::default();
    let (mut digits, mut clock) = (String::new(), false);
    for c in text.strip_prefix('P')?.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if c == 'T' && digits.is_empty() {
            clock = true;
            continue;
        }
        let n: i64 = std::mem::take(&mut digits).parse().ok()?;
        let (part, unit) = match (c, clock) {
            ('Y', false) => (&mut found.months, 12),
            ('M', false) => (&mut found.months, 1),
            ('W', false) => (&mut found.days, 7),
            ('D', false) => (&mut found.days, 1),
            ('H', true) => (&mut found.seconds, 3600),
            ('M', true) => (&mut found.seconds, 60),
            ('S', true) => (&mut found.seconds, 1),
            _ => return None,
        };
        *part = part.checked_add(n.checked_mul(unit)?)?;
    }
    digits.is_empty().then_some(found)
}

/// A length of time in one unit; `None` where it takes several.
fn duration(d: Duration) -> Option<String> {
    let (n, unit) = match (d.months, d.days, d.seconds) {
        (0, 0, seconds) if seconds % 3600 == 0 && seconds != 0 => (seconds / 3600, "hour"),
        (0, 0, seconds) if seconds % 60 == 0 && seconds != 0 => (seconds / 60, "minute"),
        (0, 0, seconds) => (seconds, "second"),
        (0, days, 0) => (days, "day"),
        (months, 0, 0) if months % 12 == 0 => (months / 12, "year"),
        (months, 0, 0) => (months, "month"),
        _ => return None,
    };
    (n >= 0).then(|| format!("{n} {unit}{}", if n == 1 { "" } else { "s" }))
}

/// A constant of the pack.
fn literal(expr: &Expr) -> Result<String, Unwritable> {
    let unknown = || Unwritable(format!("`{}` is no plain value", expr.words()));
    Ok(match &expr.node {
        Node::Bool(b) => b.to_string(),
        Node::Int(n) => n.to_string(),
        Node::Decimal(n) => decimal(n),
        Node::Text(words) | Node::Nation(words) => text(words)?,
        Node::Date(at) | Node::Time(at) => instant(at).ok_or_else(unknown)?,
        Node::Duration(d) => duration(*d).ok_or_else(unknown)?,
        Node::Length(metres) => format!("{metres} m"),
        Node::Money { amount, currency } => format!("{amount} {currency}"),
        Node::Variant(name) => name.clone(),
        Node::Never => "never".to_owned(),
        Node::Neg(inner) => format!("-{}", literal(inner)?),
        Node::List(items) => {
            let items: Result<Vec<String>, Unwritable> = items.iter().map(literal).collect();
            format!("[{}]", items?.join(", "))
        }
        // Lengths of time of several units are sums.
        Node::Arith { op: mandate_pack::Arithmetic::Add, left, right } => {
            format!("{} + {}", literal(left)?, literal(right)?)
        }
        _ => return Err(unknown()),
    })
}
