//! Random rules over records so small that every situation there is can be assessed: what the prover says about them is compared
//! with what assessment makes of all situations.

use jiff::Timestamp;
use mandate_assess::{Facts, Finding, Options, Outcome, Status, assess};
use mandate_pack::{
    Act, Action, Bearer, Binder, Comparison, Condition, Dated, Domain, Duration, Enum, Evidence, EvidenceTime, Expr,
    FORMAT, Fact, Field, Modal, Node, Norm, Origin, Pack, Record, Rule, Type, Variant, Window,
};
use mandate_prove::{Declaration, Part, Prover};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Numbers that look random and are the same everywhere (xorshift, Marsaglia 2003).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n.max(1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

const SITE: &str = "p.Site";
const VISIT: &str = "p.Visit";
const KINDS: [&str; 3] = ["church", "depot", "school"];
/// When each site was found, and when all is looked at.
const FOUND: &str = "2026-03-01T00:00Z";
const AS_OF: &str = "2026-03-20T00:00:00Z";
/// Hours after the first at which visits are tried: inside and outside of every window drawn.
const HOURS: [i64; 8] = [-1, 0, 1, 12, 24, 25, 48, 49];

fn expr(ty: Type, node: Node) -> Expr {
    Expr { ty, node }
}

fn var(name: &str, record: &str) -> Expr {
    expr(Type::Record(record.to_owned()), Node::Var(name.to_owned()))
}

fn field(of: Expr, name: &str, ty: Type) -> Expr {
    expr(ty, Node::Field { of: Box::new(of), name: name.to_owned(), at: None })
}

fn optional(ty: Type) -> Type {
    Type::Optional(Box::new(ty))
}

fn compare(op: Comparison, left: Expr, right: Expr) -> Expr {
    expr(Type::Bool, Node::Compare { op, left: Box::new(left), right: Box::new(right) })
}

/// A condition on a site (or on a visit: its flag only).
fn condition(dice: &mut Dice, depth: u32, fields: &str) -> Expr {
    let inner = |dice: &mut Dice| condition(dice, depth - 1, fields);
    let bool = |node| expr(Type::Bool, node);
    if depth > 0 {
        match dice.below(9) {
            0 => return bool(Node::Not(Box::new(inner(dice)))),
            1 | 2 => return bool(Node::And(vec![inner(dice), inner(dice)])),
            3 | 4 => return bool(Node::Or(vec![inner(dice), inner(dice)])),
            5 => {
                let (condition, then, otherwise) = (inner(dice), inner(dice), inner(dice));
                let [condition, then, otherwise] = [condition, then, otherwise].map(Box::new);
                return bool(Node::If { condition, then, otherwise });
            }
            6 => return bool(Node::IfUnknown(Box::new(inner(dice)), Box::new(bool(Node::Bool(dice.one_in(2)))))),
            _ => {}
        }
    }
    let name = fields.chars().nth(dice.below(fields.len() as u64) as usize).unwrap_or('a');
    let site = || var("s", SITE);
    let kind = || Type::Enum("p.Kind".to_owned());
    let number = |name: &str| field(site(), name, optional(Type::Int));
    let ops = [Comparison::Eq, Comparison::Ne, Comparison::Lt, Comparison::Le, Comparison::Gt, Comparison::Ge];
    let (read, literal) = match name {
        'k' => {
            let variant = KINDS.get(dice.below(3) as usize).copied().unwrap_or("church");
            let op = if dice.one_in(2) { Comparison::Eq } else { Comparison::Ne };
            let read = field(site(), "k", optional(kind()));
            (read.clone(), compare(op, read, expr(kind(), Node::Variant(variant.to_owned()))))
        }
        'n' | 'm' => {
            let op = ops.get(dice.below(6) as usize).copied().unwrap_or(Comparison::Eq);
            let other = match dice.below(3) {
                0 if fields.contains('n') && fields.contains('m') => number(if name == 'n' { "m" } else { "n" }),
                more => expr(Type::Int, Node::Int(more.max(1) as i64)),
            };
            let read = number(&name.to_string());
            (read.clone(), compare(op, read, other))
        }
        flag => {
            let of = if flag == 'q' { var("v", VISIT) } else { site() };
            let read = field(of, &flag.to_string(), optional(Type::Bool));
            (read.clone(), read)
        }
    };
    match dice.below(8) {
        0 => bool(Node::IsKnown(Box::new(read))),
        1 => bool(Node::IsMissing(Box::new(read))),
        _ => literal,
    }
}

fn named(expr: Expr) -> Condition {
    Condition { text: expr.words(), expr }
}

fn rule(line: u32, when: Vec<Expr>, unless: Vec<Expr>, norm: Norm) -> Rule {
    Rule {
        title: String::new(),
        doc: String::new(),
        origin: Origin { file: "p:p.mandate".to_owned(), line },
        constraint: matches!(norm.act, Act::Ensure(_)),
        cites: Vec::new(),
        force: None,
        carries: Vec::new(),
        interpretations: Vec::new(),
        for_each: vec![Binder { var: "s".to_owned(), over: Domain::Records(SITE.to_owned()) }],
        lets: Vec::new(),
        on: None,
        party: None,
        in_force_from: None,
        in_force_until: None,
        when: when.into_iter().map(named).collect(),
        unless: unless.into_iter().map(named).collect(),
        norm,
        otherwise: Vec::new(),
        waivable: None,
        overrides: Vec::new(),
        limits: Vec::new(),
        replaces: None,
        tallies: Vec::new(),
        flags: Vec::new(),
    }
}

fn require(conditions: Vec<Expr>) -> Norm {
    let act = Act::Ensure(conditions.into_iter().map(named).collect());
    Norm { text: String::new(), bearer: Bearer::Everyone, modal: Modal::Must, act, time: None }
}

fn hours(hours: i64) -> Expr {
    expr(Type::Duration, Node::Duration(Duration { months: 0, days: 0, seconds: hours * 3600 }))
}

fn found_at() -> Expr {
    field(var("s", SITE), "found_at", Type::Time)
}

/// A norm about visits, with a window drawn.
fn visits(dice: &mut Dice, modal: Modal, action: &str) -> Norm {
    let length = || [1, 24, 48];
    let of = |dice: &mut Dice| length().get(dice.below(3) as usize).copied().unwrap_or(24);
    let time = match dice.below(if modal.is_negative() { 4 } else { 3 }) {
        0 => Some(Window::WithinAfter(hours(of(dice)), found_at())),
        1 => {
            let add = Node::Arith {
                op: mandate_pack::Arithmetic::Add,
                left: Box::new(found_at()),
                right: Box::new(hours(of(dice))),
            };
            Some(Window::By(expr(Type::Time, add)))
        }
        2 => Some(Window::WithinAfter(hours(of(dice)), found_at())),
        _ => None,
    };
    let act = Act::Do { action: action.to_owned(), args: vec![var("s", SITE)] };
    Norm { text: String::new(), bearer: Bearer::Everyone, modal, act, time }
}

fn declared(name: &str, ty: Type) -> Field {
    Field { name: name.to_owned(), doc: String::new(), ty, default: None, sensitive: false, over_time: false }
}

fn action(dice: &mut Dice, asks: bool) -> Action {
    let link = compare(Comparison::Eq, field(var("v", VISIT), "site", Type::Record(SITE.to_owned())), var("s", SITE));
    let node = match asks {
        true => Node::And(vec![link, condition(dice, 1, "q")]),
        false => Node::And(vec![link]),
    };
    Action {
        doc: String::new(),
        params: vec![mandate_pack::Param { name: "s".to_owned(), ty: Type::Record(SITE.to_owned()) }],
        evidence: vec![Evidence {
            var: "v".to_owned(),
            record: VISIT.to_owned(),
            condition: expr(Type::Bool, node),
            at: Some(EvidenceTime::At(field(var("v", VISIT), "at", Type::Time))),
            by: None,
        }],
        excludes: Vec::new(),
    }
}

fn pack(rules: BTreeMap<String, Rule>, actions: BTreeMap<String, Action>) -> Pack {
    let variants =
        KINDS.iter().map(|name| Variant { name: (*name).to_owned(), spelling: (*name).to_owned() }).collect();
    let record = |name: &str, dated: Option<Dated>, fields: Vec<Field>| Record {
        doc: String::new(),
        name: name.to_owned(),
        key: Some("id".to_owned()),
        dated,
        corrects: None,
        recorded: None,
        fields,
    };
    let mut site = vec![declared("id", Type::Text), declared("found_at", Type::Time)];
    site.extend(["a", "b"].map(|name| declared(name, optional(Type::Bool))));
    site.extend(["n", "m"].map(|name| declared(name, optional(Type::Int))));
    site.push(declared("k", optional(Type::Enum("p.Kind".to_owned()))));
    let visit = vec![
        declared("id", Type::Text),
        declared("site", Type::Record(SITE.to_owned())),
        declared("at", Type::Time),
        declared("q", optional(Type::Bool)),
    ];
    Pack {
        format: FORMAT.to_owned(),
        digest: String::new(),
        name: "p".to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        enums: BTreeMap::from([("p.Kind".to_owned(), Enum { doc: String::new(), ordered: false, variants })]),
        records: BTreeMap::from([
            (SITE.to_owned(), record("Site", None, site)),
            (VISIT.to_owned(), record("Visit", Some(Dated::At("at".to_owned())), visit)),
        ]),
        roles: BTreeMap::new(),
        parameters: BTreeMap::new(),
        definitions: BTreeMap::new(),
        actions,
        waivers: BTreeMap::new(),
        sources: BTreeMap::new(),
        rules,
        endorsements: Vec::new(),
        assumptions: Vec::new(),
        concerns: Vec::new(),
        purposes: Vec::new(),
        background: Vec::new(),
        carried: Vec::new(),
        scenarios: Vec::new(),
        mission: None,
    }
}

/// Every site there is, as far as rules can tell sites apart that read only these fields.
fn sites(fields: &str) -> Vec<BTreeMap<String, Value>> {
    let mut all = vec![BTreeMap::from([("found_at".to_owned(), json!(FOUND))])];
    for name in fields.chars() {
        let values: Vec<Value> = match name {
            'k' => KINDS.iter().map(|kind| json!(kind)).collect(),
            // Numbers are compared with 1 and 2 and with each other.
            'n' | 'm' => (-1..=4).map(|n| json!(n)).collect(),
            _ => vec![json!(false), json!(true)],
        };
        let with = |site: &BTreeMap<String, Value>| -> Vec<BTreeMap<String, Value>> {
            let with = values.iter().map(|value| {
                let mut site = site.clone();
                site.insert(name.to_string(), value.clone());
                site
            });
            std::iter::once(site.clone()).chain(with).collect()
        };
        all = all.iter().flat_map(with).collect();
    }
    all
}

fn fact(record: &str, name: String, fields: BTreeMap<String, Value>) -> Fact {
    Fact { record: record.to_owned(), name, line: 1, fields }
}

/// Findings by rule and site.
fn judged(pack: &Pack, facts: &[Fact]) -> BTreeMap<(String, String), Finding> {
    let (facts, faults) = Facts::from_values(pack, "small", facts);
    assert!(faults.is_empty(), "{faults:#?}");
    let at: Timestamp = AS_OF.parse().expect("an instant");
    let mut options = Options::at(at);
    options.as_of = Some(at);
    options.threads = 1;
    let findings = assess(pack, &facts, &options).expect("assessed").findings;
    let key = |f: &Finding| (f.rule.to_string(), f.subject.first().map(|s| s.id.clone()).unwrap_or_default());
    findings.into_iter().map(|finding| (key(&finding), finding)).collect()
}

/// What was compared.
#[derive(Debug, Default)]
pub struct Report {
    pub pairs: usize,
    /// Claims made, by code.
    pub claims: BTreeMap<String, usize>,
    /// Questions that were not decided.
    pub undecided: Vec<String>,
    pub wrong: Vec<String>,
}

/// Looks at pairs of rules; each seed is a pair of its own.
pub fn compare_all(seeds: std::ops::Range<u64>) -> Report {
    let mut report = Report::default();
    for seed in seeds {
        let mut dice = Dice::new(seed + 1);
        report.pairs += 1;
        match seed % 2 {
            0 => constraints(&mut dice, seed, &mut report),
            _ => norms(&mut dice, seed, &mut report),
        }
    }
    report
}

/// What the prover says: code, rule, part.
fn said(pack: &Pack, report: &mut Report) -> BTreeSet<(String, String, Part)> {
    let found = Prover::new().check(&Arc::new(pack.clone()), &|name| !name.starts_with("p.x"), &|| false);
    let mut said = BTreeSet::new();
    for finding in found.expect("nobody stopped it") {
        *report.claims.entry(finding.code.id.to_owned()).or_default() += 1;
        if finding.code.id.starts_with('E') && finding.situation.is_none() {
            report.wrong.push(format!("{} without a situation: {}", finding.code.id, finding.message));
        }
        if finding.code.id.starts_with('N') {
            let words: Vec<String> = pack.rules.iter().map(|(name, rule)| words(name, rule)).collect();
            report.undecided.push(format!("{} {}\n  {}", finding.code.id, finding.message, words.join("\n  ")));
        }
        if let Declaration::Rule(rule) = finding.at.of {
            said.insert((finding.code.id.to_owned(), rule, finding.at.part));
        }
    }
    said
}

fn check(report: &mut Report, seed: u64, what: &str, expected: bool, got: bool, pack: &Pack) {
    if expected == got {
        return;
    }
    let words: Vec<String> =
        pack.rules.iter().filter(|(name, _)| !name.starts_with("p.x")).map(|(name, rule)| words(name, rule)).collect();
    let actions: Vec<String> = pack
        .actions
        .iter()
        .map(|(name, action)| {
            format!("{name}: {}", action.evidence.first().map(|e| e.condition.words()).unwrap_or_default())
        })
        .collect();
    report.wrong.push(format!(
        "{seed} {what}: expected {expected}, got {got}\n  {}\n  {}",
        words.join("\n  "),
        actions.join("\n  ")
    ));
}

fn words(name: &str, rule: &Rule) -> String {
    let texts = |word: &str, conditions: &[Condition]| -> String {
        conditions.iter().map(|c| format!(" {word} {}", c.text)).collect()
    };
    let norm = match &rule.norm.act {
        Act::Ensure(conditions) => texts("require", conditions),
        Act::Do { action, .. } => format!(" {:?} {action} {:?}", rule.norm.modal, rule.norm.time),
    };
    format!("{name}:{}{}{norm}", texts("when", &rule.when), texts("unless", &rule.unless))
}

/// Two constraints over one site: clauses that say nothing, rules that can never apply, one beside the other.
fn constraints(dice: &mut Dice, seed: u64, report: &mut Report) {
    let fields = ["abk", "ank", "nma", "nmk"].get(dice.below(4) as usize).copied().unwrap_or("abk");
    let mut rules = BTreeMap::new();
    for (line, name) in [(1, "p.one"), (2, "p.two")] {
        let when = (0..dice.below(3)).map(|_| condition(dice, 1, fields)).collect();
        let unless = (0..dice.below(2)).map(|_| condition(dice, 1, fields)).collect();
        let norm = require(vec![condition(dice, 1, fields)]);
        rules.insert(name.to_owned(), rule(line, when, unless, norm));
    }
    // Every condition by itself, to be seen by assessment.
    let mut all = rules.clone();
    for (name, rule_) in &rules {
        let named = [('w', &rule_.when), ('u', &rule_.unless)];
        for (letter, conditions) in named {
            for (at, condition) in conditions.iter().enumerate() {
                let of = format!("p.x{letter}{at}{name}");
                all.insert(of, rule(9, Vec::new(), Vec::new(), require(vec![condition.expr.clone()])));
            }
        }
    }
    let seen = pack(all, BTreeMap::new());
    let pack = pack(rules.clone(), BTreeMap::new());
    let sites = sites(fields);
    let facts: Vec<Fact> =
        sites.iter().enumerate().map(|(at, site)| fact(SITE, format!("s{at}"), site.clone())).collect();
    let judged = judged(&seen, &facts);
    let said = said(&pack, report);
    let of = |rule: &str, at: usize| judged.get(&(rule.to_owned(), format!("s{at}")));
    let applies = |rule: &str, at: usize| {
        let left = [Outcome::NotApplicable, Outcome::Exempt, Outcome::Overridden];
        of(rule, at).is_some_and(|f| left.iter().all(|outcome| !f.possible.has(*outcome)))
    };
    let is = |rule: &str, at: usize, outcome| of(rule, at).is_some_and(|f| f.status == Status::Is(outcome));
    let has = |rule: &str, at: usize, outcome| of(rule, at).is_some_and(|f| f.possible.has(outcome));
    let every = 0..sites.len();
    let says = |code: &str, rule: &str| said.iter().any(|(c, r, _)| c == code && r == rule);
    for (name, rule) in &rules {
        let lives = every.clone().any(|at| applies(name, at));
        check(report, seed, &format!("W302/W309 {name}"), !lives, says("W302", name) || says("W309", name), &pack);
        if !lives {
            continue;
        }
        for at in 0..rule.when.len() {
            let others = |is_so: &dyn Fn(&str) -> bool| {
                (0..rule.when.len()).filter(|other| *other != at).all(|other| is_so(&format!("p.xw{other}{name}")))
            };
            let own = format!("p.xw{at}{name}");
            let says_nothing = every.clone().all(|site| {
                let sure = others(&|rule| is(rule, site, Outcome::Satisfied));
                let open = others(&|rule| has(rule, site, Outcome::Satisfied));
                (!sure || is(&own, site, Outcome::Satisfied)) && (!open || !is(&own, site, Outcome::Violated))
            });
            let got =
                ["W303", "W305"].iter().any(|code| said.contains(&((*code).to_owned(), name.clone(), Part::When(at))));
            // Of two that say the same only one is told.
            check(report, seed, &format!("W303/W305 {name} {at}"), says_nothing && got, got, &pack);
        }
    }
    let (one, two) = ("p.one", "p.two");
    let meets = every.clone().any(|at| applies(one, at) && applies(two, at));
    let both = every.clone().any(|at| {
        applies(one, at) && applies(two, at) && is(one, at, Outcome::Satisfied) && is(two, at, Outcome::Satisfied)
    });
    let alone = |rule: &str| every.clone().any(|at| applies(rule, at) && is(rule, at, Outcome::Satisfied));
    let reads = |name: &str| -> BTreeSet<char> {
        let text: String =
            rules.get(name).map(|rule| words("", rule).split("require").skip(1).collect()).unwrap_or_default();
        fields.chars().filter(|field| text.contains(&format!("s.{field}"))).collect()
    };
    let share = !reads(one).is_disjoint(&reads(two));
    check(report, seed, "E306", meets && !both && alone(one) && alone(two) && share, says("E306", two), &pack);
    let covered = |a: &str, b: &str| {
        let broken: Vec<usize> = every.clone().filter(|at| is(a, *at, Outcome::Violated)).collect();
        !broken.is_empty() && broken.iter().all(|at| is(b, *at, Outcome::Violated))
    };
    // Constraints that require nothing of the same fields are not held against each other.
    let (first, second) = (covered(one, two) && share, covered(two, one) && share);
    check(report, seed, "W306 one", first && !second, says("W306", one), &pack);
    check(report, seed, "W306 two", second, says("W306", two), &pack);
}

/// A duty and a prohibition about visits to one site, and two duties.
fn norms(dice: &mut Dice, seed: u64, report: &mut Report) {
    let fields = "abk";
    let two = dice.one_in(2);
    let asks = [dice.one_in(3), dice.one_in(3)];
    let actions =
        BTreeMap::from([("p.visit".to_owned(), action(dice, asks[0])), ("p.enter".to_owned(), action(dice, asks[1]))]);
    let mut rules = BTreeMap::new();
    for (line, name, modal, act) in [
        (1, "p.duty", Modal::Must, "p.visit"),
        (
            2,
            "p.other",
            if two { Modal::Must } else { Modal::MustNot },
            if dice.one_in(2) { "p.visit" } else { "p.enter" },
        ),
    ] {
        let when = (0..dice.below(3)).map(|_| condition(dice, 1, fields)).collect();
        let unless = (0..dice.below(2)).map(|_| condition(dice, 1, fields)).collect();
        let norm = visits(dice, modal, act);
        rules.insert(name.to_owned(), rule(line, when, unless, norm));
    }
    let pack = pack(rules.clone(), actions);
    // Each site without a visit, and with each visit there is.
    let sites = sites(fields);
    let mut visits: Vec<Option<(i64, Option<bool>)>> = vec![None];
    visits.extend(HOURS.iter().flat_map(|hour| [None, Some(false), Some(true)].map(|flag| Some((*hour, flag)))));
    let mut facts = Vec::new();
    let found: Timestamp = "2026-03-01T00:00:00Z".parse().expect("an instant");
    for (at, site) in sites.iter().enumerate() {
        for (which, visit) in visits.iter().enumerate() {
            let name = format!("s{at}_{which}");
            facts.push(fact(SITE, name.clone(), site.clone()));
            let Some((hour, flag)) = visit else { continue };
            let day = found + jiff::SignedDuration::from_hours(*hour);
            let mut fields =
                BTreeMap::from([("site".to_owned(), json!(name)), ("at".to_owned(), json!(day.to_string()))]);
            fields.extend(flag.map(|flag| ("q".to_owned(), json!(flag))));
            facts.push(fact(VISIT, format!("v{at}_{which}"), fields));
        }
    }
    let judged = judged(&pack, &facts);
    let said = said(&pack, report);
    let is = |rule: &str, at: usize, which: usize, outcome| {
        judged.get(&(rule.to_owned(), format!("s{at}_{which}"))).is_some_and(|f| f.status == Status::Is(outcome))
    };
    let says = |code: &str, rule: &str| said.iter().any(|(c, r, _)| c == code && r == rule);
    let (every, tries) = (0..sites.len(), 1..visits.len());
    let covered = |a: &str, b: &str| {
        let broken: Vec<(usize, usize)> = every
            .clone()
            .flat_map(|at| (0..visits.len()).map(move |which| (at, which)))
            .filter(|(at, which)| is(a, *at, *which, Outcome::Violated))
            .collect();
        !broken.is_empty() && broken.iter().all(|(at, which)| is(b, *at, *which, Outcome::Violated))
    };
    if two {
        let (first, second) = (covered("p.duty", "p.other"), covered("p.other", "p.duty"));
        check(report, seed, "W306 duty", first && !second, says("W306", "p.duty"), &pack);
        check(report, seed, "W306 other", second, says("W306", "p.other"), &pack);
        return;
    }
    let hopeless = every.clone().any(|at| {
        let kept: Vec<usize> = tries.clone().filter(|which| is("p.duty", at, *which, Outcome::Satisfied)).collect();
        // Of visits that may be the act the duty says nothing for certain, and nobody is helped by them.
        let owed = is("p.duty", at, 0, Outcome::Violated);
        owed && !kept.is_empty() && kept.iter().all(|which| is("p.other", at, *which, Outcome::Violated))
    });
    check(report, seed, "E301", hopeless, says("E301", "p.duty"), &pack);
}
