//! Random cases: rules, facts and an instant of assessment.

use crate::expressions::{Draw, Features, Scope};
use crate::schema::{base, e, length, path, var};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use mandate_pack::*;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// A pack, facts and when they are looked at.
#[derive(Debug, Clone)]
pub struct Case {
    /// The rules.
    pub pack: Pack,
    /// A facts file.
    pub facts: Json,
    /// Instant of assessment.
    pub as_of: Timestamp,
}

/// The case of a number: always the same one.
pub fn case(seed: u64, features: Features) -> Case {
    let mut rng = Rng::with_seed(seed);
    let start: Timestamp = "2024-03-30T00:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let offsets = [-24, -1, 0, 8, 16, 24, 32, 47, 48, 56, 72];
    let mut times: Vec<String> = Vec::new();
    for _ in 0..5 {
        let micros = i64::from(rng.u32(0..12) == 0);
        let at = start + SignedDuration::from_hours(offsets[rng.usize(0..offsets.len())]);
        times.push((at + SignedDuration::from_micros(micros)).to_string());
    }
    let days = ["2024-03-29", "2024-03-30", "2024-03-31", "2024-04-01", "2024-04-02"];
    let days = (0..3).map(|_| days[rng.usize(0..days.len())].to_owned()).collect();
    let mut pack = base();
    if !features.histories {
        pack.records.values_mut().for_each(|record| record.recorded = None);
    }
    if rng.bool() {
        pack.time_zone = "Europe/Brussels".into();
    }
    let late = rng.u32(0..3) == 0;
    let as_of = if late { start + SignedDuration::from_hours(120) } else { pick_time(&mut rng, &times) };
    let drawn_from = pack.clone();
    let mut draw = Draw { pack: &drawn_from, rng, times, days, features, pairs: Vec::new() };
    draw.sources(&mut pack);
    draw.parameters(&mut pack);
    let with_definitions = pack.clone();
    let mut draw = Draw {
        pack: &with_definitions,
        rng: draw.rng,
        times: draw.times,
        days: draw.days,
        features,
        pairs: Vec::new(),
    };
    for n in 0..draw.rng.usize(1..4) {
        let rule = draw.rule(n);
        pack.rules.insert(format!("r{n}"), rule);
    }
    let mut facts = draw.facts();
    if features.histories && draw.chance(25) {
        facts["known_at"] = json!(draw.time());
    }
    Case { pack, facts, as_of }
}

fn pick_time(rng: &mut Rng, times: &[String]) -> Timestamp {
    times[rng.usize(0..times.len())].parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

const CASE: &Scope<'static> = &[("c", "Case")];

impl Draw<'_> {
    fn maybe_day(&mut self, percent: u32) -> Option<String> {
        self.chance(percent).then(|| self.day())
    }

    fn sources(&mut self, pack: &mut Pack) {
        for (name, source) in &mut pack.sources {
            source.in_force_from = self.maybe_day(35);
            source.in_force_until = self.maybe_day(15);
            if self.features.editions {
                source.compulsory_from = self.maybe_day(25);
                if name == "new"
                    && (source.in_force_from.is_some() || source.compulsory_from.is_some())
                    && self.chance(50)
                {
                    source.supersedes = vec!["old".into()];
                }
            }
        }
        for source in ["guide", "free"] {
            if self.features.editions && self.chance(50) {
                let state = Some(e("Nation", Node::Nation("NOR".into())));
                pack.endorsements.push(Endorsement {
                    source: source.into(),
                    party: state.filter(|_| self.features.editions && self.chance(50)),
                    from: self.maybe_day(60),
                    by: None,
                });
            }
        }
        if self.features.editions {
            let deposit = Node::Pick {
                op: Pick::The,
                binder: Binder { var: "d".into(), over: Domain::Records("Deposit".into()) },
                condition: Box::new(crate::schema::equal(
                    path(&pack.records, "d", "Deposit", "state"),
                    var("n", "Nation"),
                )),
            };
            let of = Box::new(e("Deposit?", deposit));
            let mut from = e("Date?", Node::Field { of, name: "on".into(), at: None });
            if self.chance(40) {
                let node = Node::Arith { op: Arithmetic::Add, left: Box::new(from), right: Box::new(length(1, 0)) };
                from = e("Date?", node);
            }
            if let Some(treaty) = pack.sources.get_mut("treaty") {
                treaty.binds = Some(Binds { var: "n".into(), from });
            }
        }
    }

    fn parameters(&mut self, pack: &mut Pack) {
        let params = vec![Param { name: "c".into(), ty: Type::Record("Case".into()) }];
        let body = self.expr(&Type::Bool, CASE, 2);
        let body = Expr { ty: Type::Bool, ..body };
        pack.definitions.insert("d0".into(), Definition { doc: String::new(), params, body });
        let value =
            |draw: &mut Self, from| DatedValue { from, value: draw.literal(&Type::Duration).unwrap_or(length(0, 8)) };
        let mut values = vec![value(self, None)];
        if let Some(day) = self.maybe_day(50) {
            values.push(value(self, Some(day)));
        }
        let parameter = Parameter { doc: String::new(), ty: Type::Duration, bounds: None, values };
        pack.parameters.insert("wait".into(), parameter);
    }

    fn words(&mut self, percent: u32, scope: &Scope<'_>) -> Vec<Condition> {
        let mut conditions = Vec::new();
        while conditions.len() < 2 && self.chance(percent) {
            let depth = self.rng.usize(0..4);
            conditions.push(Condition { text: "a condition".into(), expr: self.expr(&Type::Bool, scope, depth) });
        }
        conditions
    }

    /// A rule about cases.
    fn rule(&mut self, number: usize) -> Rule {
        let mut for_each = vec![Binder { var: "c".into(), over: Domain::Records("Case".into()) }];
        let mut scope = vec![("c", "Case")];
        if self.chance(15) {
            for_each.push(Binder { var: "u".into(), over: Domain::Records("Unit".into()) });
            scope.push(("u", "Unit"));
        }
        self.pairs.push(scope.len() > 1);
        let modals = [
            Modal::Must,
            Modal::Must,
            Modal::MustNot,
            Modal::MustNot,
            Modal::Should,
            Modal::ShouldNot,
            Modal::AimsTo,
            Modal::May,
        ];
        let modal = self.one(&modals);
        let constraint = self.chance(8);
        let mut norm = self.norm(modal, &scope);
        if constraint {
            norm.modal = Modal::Must;
            norm.act = Act::Ensure(self.some_conditions(&scope));
            norm.time = None;
        }
        let cites = self.citations();
        let on = self.chance(15).then(|| {
            let ty = if self.rng.bool() { Type::Date } else { Type::Time };
            self.path(&ty, CASE).unwrap_or_else(|| e("Time", Node::AsOf))
        });
        let party = (self.features.editions && self.chance(40)).then(|| {
            let ty = if self.rng.bool() { Type::Nation } else { Type::List(Box::new(Type::Nation)) };
            self.path(&ty, CASE).unwrap_or_else(|| e("Nation", Node::Nation("NOR".into())))
        });
        let mut otherwise = Vec::new();
        let otherwise_percent = if norm.modal == Modal::May { 0 } else { 35 };
        while otherwise.len() < 2 && self.chance(otherwise_percent) {
            otherwise.push(self.level(&scope));
        }
        let overrides = if self.features.overrides && number > 0 && self.chance(60) {
            let rule = self.rng.usize(0..number);
            let mut args = vec![var("c", "Case")];
            if self.pairs[rule] {
                args.push(self.path(&Type::Record("Unit".into()), &scope).unwrap_or_else(|| var("u", "Unit")));
            }
            vec![RuleRef { rule: format!("r{rule}"), args }]
        } else {
            Vec::new()
        };
        Rule {
            title: "A rule".into(),
            doc: String::new(),
            origin: Origin { file: "random.mandate".into(), line: 1 },
            constraint,
            replaces: None,
            force: None,
            cites,
            carries: Vec::new(),
            interpretations: Vec::new(),
            for_each,
            lets: Vec::new(),
            on,
            party,
            in_force_from: self.maybe_day(20).filter(|_| self.features.editions),
            in_force_until: self.maybe_day(12).filter(|_| self.features.editions),
            when: self.words(30, &scope),
            unless: self.words(20, &scope),
            norm,
            otherwise,
            waivable: self.waivable(),
            overrides,
            limits: Vec::new(),
            tallies: Vec::new(),
            flags: Vec::new(),
        }
    }

    fn some_conditions(&mut self, scope: &Scope<'_>) -> Vec<Condition> {
        let mut conditions = self.words(50, scope);
        let depth = self.rng.usize(1..4);
        conditions.push(Condition { text: "a state".into(), expr: self.expr(&Type::Bool, scope, depth) });
        conditions
    }

    fn citations(&mut self) -> Vec<Citation> {
        let mut cites = Vec::new();
        while cites.len() < 2 && self.chance(35) {
            let source = self.one(&["old", "new", "treaty", "pledge", "guide", "free"]);
            let passage = self.one(&["1", "1", "1", "1", "1", "1", "1", "core"]);
            cites.push(Citation { source: source.into(), passage: Some(passage.into()), to: None, quotation: None });
        }
        cites
    }

    fn waivable(&mut self) -> Option<Waivable> {
        if self.chance(25) {
            return None;
        }
        let rank = |name: &str| Some(e("enum Rank", Node::Variant(name.into())));
        let kinds: &[&str] =
            if self.features.caveats { &["pass", "pass", "pass", "grant", "leave"] } else { &["pass", "grant"] };
        let waiver = self.one(kinds);
        let ranked = waiver == "pass";
        let longest = if waiver == "pass" { 40 } else { 100 };
        Some(Waivable {
            waiver: waiver.into(),
            args: vec![var("c", "Case")],
            floor: rank("battalion").filter(|_| ranked && self.chance(70)),
            exceptional_floor: rank("company").filter(|_| ranked && self.chance(30)),
            longest: self.chance(longest).then(|| if self.rng.bool() { length(2, 0) } else { length(0, 24) }),
        })
    }

    fn bearer(&mut self, scope: &Scope<'_>) -> Bearer {
        match self.rng.u32(0..10) {
            0..=2 => Bearer::Everyone,
            3..=5 => Bearer::Role { role: "officer".into(), of: None },
            6 | 7 => Bearer::Role { role: "commander".into(), of: self.path(&Type::Record("Unit".into()), scope) },
            8 => Bearer::Role { role: self.one(&["clerk", "nobody"]).into(), of: None },
            _ => match self.path(&Type::Record("Post".into()), scope) {
                Some(post) => Bearer::Record(post),
                None => Bearer::Everyone,
            },
        }
    }

    fn norm(&mut self, modal: Modal, scope: &Scope<'_>) -> Norm {
        let bearer = self.bearer(scope);
        let act = |action: &str| Act::Do { action: action.into(), args: vec![var("c", "Case")] };
        let negative = modal.is_negative();
        let is_duty = !negative && modal != Modal::May;
        let mut action = self.one(&["report", "report", "tell", "tell", "guard", "stay"]);
        let time = if negative && self.chance(40) || !negative && self.chance(8) {
            None
        } else if self.features.lasting && self.chance(25) {
            action = self.one(&["guard", "stay"]);
            Some(self.lasting(scope, is_duty))
        } else if self.features.lasting && is_duty && self.chance(15) {
            let days = self.rng.bool();
            Some(Window::Every(Recurring {
                every: if days { length(1, 0) } else { length(0, 24) },
                from: self.moment(scope),
                end: self.end(scope),
            }))
        } else {
            Some(self.timed(scope))
        };
        let state = is_duty && self.chance(12);
        let conditions = if state { Some(self.some_conditions(scope)) } else { None };
        let plain = !matches!(time, Some(Window::Lasting(_) | Window::Every(_)));
        Norm {
            text: "a sentence".into(),
            bearer,
            modal,
            act: conditions.filter(|_| plain).map_or_else(|| act(action), Act::Ensure),
            time,
        }
    }

    fn end(&mut self, scope: &Scope<'_>) -> Option<End> {
        match self.rng.u32(0..3) {
            0 => None,
            1 => Some(End::To(self.moment(scope))),
            _ => Some(End::Until(self.moment(scope))),
        }
    }

    fn lasting(&mut self, scope: &Scope<'_>, is_duty: bool) -> Window {
        Window::Lasting(Lasting {
            from: self.moment(scope),
            end: self.end(scope),
            gap: (is_duty && self.chance(50)).then(|| self.one(&[length(0, 8), length(0, 24), length(1, 0)])),
        })
    }

    /// An instant or a day.
    fn moment(&mut self, scope: &Scope<'_>) -> Expr {
        match self.rng.u32(0..10) {
            0..=5 => path(&self.pack.records, "c", "Case", self.one(&["seen_at", "opened_at", "opened_at"])),
            6 => path(&self.pack.records, "c", "Case", self.one(&["due_on", "ended_at"])),
            7 => self.expr(&Type::Date, scope, 1),
            _ => self.expr(&Type::Time, scope, 1),
        }
    }

    fn spell(&mut self) -> Expr {
        if self.chance(15) {
            return e("Duration", Node::Parameter { name: "wait".into(), at: None });
        }
        self.span()
    }

    fn timed(&mut self, scope: &Scope<'_>) -> Window {
        match self.rng.u32(0..10) {
            0..=3 => Window::WithinAfter(self.spell(), self.moment(scope)),
            4 => Window::WithinBefore(self.spell(), self.moment(scope)),
            5 | 6 => Window::By(self.moment(scope)),
            7 => Window::Before(self.moment(scope)),
            _ => Window::During(self.expr(&Type::Period, scope, 1)),
        }
    }

    /// A duty that arises from a breach.
    fn level(&mut self, scope: &Scope<'_>) -> Norm {
        let action = self.one(&["report", "tell", "tell"]);
        let time = match self.rng.u32(0..10) {
            0 => None,
            1 => Some(Window::By(self.moment(scope))),
            _ => Some(Window::Within(self.spell())),
        };
        Norm {
            text: "a duty that arises".into(),
            bearer: self.bearer(scope),
            modal: Modal::Must,
            act: Act::Do { action: action.into(), args: vec![var("c", "Case")] },
            time,
        }
    }
}

/// How many records of each type there are: at least, at most.
const NUMBERS: &[(&str, usize, usize)] = &[
    ("Unit", 1, 2),
    ("Post", 2, 3),
    ("Case", 1, 2),
    ("Report", 0, 4),
    ("Notice", 0, 3),
    ("Presence", 0, 3),
    ("Pass", 1, 4),
    ("Leave", 0, 1),
    ("Deposit", 0, 2),
    ("Deputation", 0, 1),
];

impl Draw<'_> {
    /// A facts file.
    fn facts(&mut self) -> Json {
        let numbers: BTreeMap<&str, usize> =
            NUMBERS.iter().map(|(ty, least, most)| (*ty, self.rng.usize(*least..=*most))).collect();
        let mut records = Map::new();
        for (ty, number) in &numbers {
            let items = (0..*number).map(|n| self.record(ty, n, &numbers)).collect();
            records.insert((*ty).to_owned(), Json::Array(items));
        }
        let mut facts = json!({ "records": records });
        if self.features.histories && self.chance(20) {
            facts["taken_at"] = json!("2024-04-05T00:00:00Z");
        }
        if self.features.histories && self.chance(5) {
            facts["complete"] = json!({ self.one(&["Report", "Notice", "Presence"]): false });
        } else if self.chance(12) {
            facts["data_through"] = json!({ self.one(&["Report", "Notice", "Presence"]): self.time() });
        }
        facts
    }

    fn record(&mut self, ty: &str, number: usize, numbers: &BTreeMap<&str, usize>) -> Json {
        let fields = self.pack.records[ty].fields.clone();
        let mut record = Map::new();
        for field in fields {
            let spare = field.ty.is_optional() || field.default.is_some();
            // What ties records together is there more often than not, so that much happens.
            let tie = ["case", "kind", "rule", "sender", "by", "reason", "code", "unit", "rank"]
                .contains(&field.name.as_str());
            let rare = ["replaces", "revoked_at"].contains(&field.name.as_str());
            let percent = if rare {
                80
            } else if tie {
                5
            } else {
                18
            };
            if field.name == "id" {
                record.insert("id".into(), json!(name_of(ty, number)));
            } else if field.over_time {
                let history = self.history(&field.ty, numbers);
                record.insert(field.name.clone(), history);
            } else if spare && self.features.histories && self.chance(2) {
                record.insert(field.name.clone(), json!({ "restricted": true }));
            } else if !(spare && self.chance(percent)) {
                let value = self.value(&field, numbers, number);
                record.insert(field.name.clone(), value);
            }
        }
        record.retain(|_, value| !value.is_null());
        Json::Object(record)
    }

    /// What a field was from when to when: from different instants.
    fn history(&mut self, ty: &Type, numbers: &BTreeMap<&str, usize>) -> Json {
        if !self.features.histories || self.chance(20) {
            return Json::Null;
        }
        let mut times: Vec<String> = (0..self.rng.usize(1..4)).map(|_| self.time()).collect();
        times.sort();
        times.dedup();
        let entries = times.into_iter().map(|from| json!({ "from": from, "value": self.value_of(ty, numbers) }));
        Json::Array(entries.collect())
    }

    fn value(&mut self, field: &Field, numbers: &BTreeMap<&str, usize>, number: usize) -> Json {
        match (field.name.as_str(), field.ty.known()) {
            ("rule", _) => json!(self.one(&["r0", "r0", "r0", "r1", "r1", "r2", "x"])),
            ("rank", _) => json!(self.one(&["company!", "battalion!", "battalion!", "brigade!"])),
            // A waiver more often than not begins early and ends late, so that it covers something.
            ("from" | "granted_at", Type::Time) if self.chance(85) => self.outermost(false),
            ("to", Type::Time) if self.chance(85) => self.outermost(true),
            ("kind", _) => json!(self.one(&["a!", "a!", "b!"])),
            ("code", _) => json!(self.one(&["chief!", "chief!", "clerk!"])),
            ("replaces", _) if number == 0 => Json::Null,
            ("replaces", _) => json!(name_of("Report", number - 1)),
            (_, ty) => self.value_of(&ty.clone(), numbers),
        }
    }

    fn value_of(&mut self, ty: &Type, numbers: &BTreeMap<&str, usize>) -> Json {
        match ty {
            Type::Bool => json!(self.rng.bool()),
            Type::Int => json!(self.rng.i64(-1..4)),
            Type::Decimal => json!(self.one(&["0", "0.5", "1", "2"])),
            Type::Text => json!(self.one(&["x", "y"])),
            Type::Date => json!(self.day()),
            Type::Time => self.moment_of_data(),
            Type::Duration => json!(self.one(&["0 hours", "8 hours", "24 hours"])),
            Type::Period => {
                let (a, b) = if self.rng.bool() { (self.time(), self.time()) } else { (self.day(), self.day()) };
                ordered(&a, &b)
            }
            Type::Length => json!(self.one(&["0 m", "100 m", "5 km"])),
            Type::Location => {
                let lat = self.one(&["50", "50.001", "51"]);
                json!({ "lat": lat.parse::<f64>().unwrap_or(50.0), "lon": 4, "within": self.one(&["0 m", "60 m", "200 m"]) })
            }
            Type::Money => json!(self.one(&["0 USD", "10 USD", "20 USD", "10 EUR"])),
            Type::Nation => json!(self.one(&["NOR", "DEU"])),
            Type::Enum(name) => {
                let spellings: Vec<_> = self.pack.enums[name].variants.iter().map(|v| v.spelling.clone()).collect();
                json!(self.one(&spellings))
            }
            Type::Record(name) if name == "Victim" => self.record("Victim", 0, numbers),
            Type::Record(name) => match numbers.get(name.as_str()) {
                None | Some(0) => Json::Null,
                Some(number) => json!(name_of(name, self.rng.usize(0..*number))),
            },
            Type::List(item) => {
                let items = (0..self.rng.usize(0..3)).map(|_| self.value_of(item, numbers));
                Json::Array(items.filter(|item| !item.is_null()).collect())
            }
            Type::Optional(inner) => self.value_of(inner, numbers),
        }
    }

    /// The earliest or latest of three instants.
    fn outermost(&mut self, latest: bool) -> Json {
        let at = |text: &String| text.parse::<Timestamp>().unwrap_or(Timestamp::UNIX_EPOCH);
        let mut drawn = [self.time(), self.time(), self.time()];
        drawn.sort_by_key(at);
        json!(if latest { &drawn[2] } else { &drawn[0] })
    }

    /// An instant, a day, or between two.
    fn moment_of_data(&mut self) -> Json {
        match self.rng.u32(0..20) {
            0 | 1 => json!(self.day()),
            2 => {
                let (a, b) = (self.time(), self.time());
                ordered(&a, &b)
            }
            _ => json!(self.time()),
        }
    }
}

/// A period, from the earlier to the later.
fn ordered(a: &str, b: &str) -> Json {
    let at = |text: &str| text.parse::<Timestamp>().ok();
    let (from, to) = if at(a).map_or(a <= b, |first| Some(first) <= at(b)) { (a, b) } else { (b, a) };
    json!({ "from": from, "to": to })
}

fn name_of(ty: &str, number: usize) -> String {
    format!("{}-{number}", ty.to_lowercase())
}
