//! The world of the random cases: a dozen record types with every kind of field, roles, acts, waivers and sources.

use mandate_pack::*;
use std::collections::BTreeMap;

/// An expression with a type as packs write it.
pub fn e(ty: &str, node: Node) -> Expr {
    Expr { ty: ty.parse().unwrap_or(Type::Bool), node }
}

/// Types, each with its key, what dates it, and its fields: `name: type`, then `= never` or `= false`; `!` in front is sensitive.
const RECORDS: &[(&str, &[&str], &[&str])] = &[
    (
        "Case",
        &["key", "at seen_at"],
        &[
            "id: Text",
            "seen_at: Time?",
            "due_on: Date?",
            "ended_at: Time = never",
            "flagged: Bool?",
            "sure: Bool = false",
            "level: enum Level?",
            "kind: enum Kind",
            "n: Int?",
            "m: Int",
            "ratio: Decimal?",
            "amount: Money?",
            "size: Length?",
            "wait: Duration?",
            "zone: Period?",
            "unit: Unit?",
            "units: list of Unit?",
            "owner: Post?",
            "nation: Nation?",
            "nations: list of Nation",
            "victims: list of Victim?",
            "!secret: Int?",
            "opened_at: Time",
            "state: enum Level? over time",
        ],
    ),
    ("Victim", &[], &["age: Int?", "harm: enum Level?", "hurt_at: Time?", "!name: Text?"]),
    ("Unit", &["key"], &["id: Text", "parent: Unit?", "nation: Nation?", "place: Location?", "stood_up: Date?"]),
    ("Post", &["key"], &["id: Text", "unit: Unit?", "code: enum Code?"]),
    (
        "Report",
        &["key", "at sent_at", "corrects replaces", "recorded entered_at"],
        &[
            "id: Text",
            "case: Case?",
            "kind: enum Kind?",
            "sender: Post?",
            "sent_at: Time?",
            "replaces: Report?",
            "entered_at: Time?",
            "n: Int?",
        ],
    ),
    ("Notice", &["key", "at on"], &["id: Text", "case: Case?", "on: Date?", "to: Post?"]),
    (
        "Presence",
        &["key", "during from to"],
        &["id: Text", "case: Case?", "from: Time?", "to: Time = never", "by: Post?"],
    ),
    (
        "Pass",
        &["key"],
        &[
            "id: Text",
            "rule: Text?",
            "case: Case?",
            "rank: enum Rank?",
            "granted_at: Time?",
            "from: Time?",
            "to: Time?",
            "revoked_at: Time = never",
            "reason: Text?",
            "hard: Bool?",
            "by: Post?",
        ],
    ),
    ("Leave", &["key", "at from"], &["id: Text", "rule: Text?", "case: Case?", "from: Date?", "days: Int?"]),
    ("Deposit", &["key"], &["id: Text", "state: Nation?", "on: Date?", "urgent: Bool?"]),
    ("Deputation", &["key"], &["id: Text", "unit: Unit?", "deputy: Post?", "from: Time?", "to: Time = never"]),
];

fn record(name: &str, words: &[&str], fields: &[&str]) -> Record {
    let field = |text: &&str| {
        let (sensitive, text) = text.strip_prefix('!').map_or((false, *text), |text| (true, text));
        let (text, default) = match text.split_once(" = ") {
            Some((text, "never")) => (text, Some(e("Time", Node::Never))),
            Some((text, _)) => (text, Some(e("Bool", Node::Bool(false)))),
            None => (text, None),
        };
        let (text, over_time) = text.strip_suffix(" over time").map_or((text, false), |text| (text, true));
        let (name, ty) = text.split_once(": ").unwrap_or((text, "Bool"));
        let ty = ty.parse().unwrap_or(Type::Bool);
        Field { name: name.into(), doc: String::new(), ty, default, sensitive, over_time }
    };
    let word = |word: &str| words.iter().find_map(|w| w.strip_prefix(word)).map(|rest| rest.trim().to_owned());
    let during = word("during ").and_then(|d| d.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())));
    Record {
        doc: String::new(),
        name: name.into(),
        key: word("key").map(|_| "id".to_owned()),
        dated: word("at ").map(Dated::At).or(during.map(|(a, b)| Dated::During(a, b))),
        corrects: word("corrects "),
        recorded: word("recorded "),
        fields: fields.iter().map(field).collect(),
    }
}

fn enumeration(names: &[&str], ordered: bool) -> Enum {
    let variants = names.iter().map(|n| Variant { name: (*n).into(), spelling: format!("{n}!") });
    Enum { doc: String::new(), ordered, variants: variants.collect() }
}

/// A variable.
pub fn var(name: &str, ty: &str) -> Expr {
    e(ty, Node::Var(name.into()))
}

/// `path(records, "c", "Case", "unit.nation")`.
pub fn path(records: &BTreeMap<String, Record>, root: &str, ty: &str, fields: &str) -> Expr {
    fields.split('.').fold(var(root, ty), |of, name| {
        let record = &records[&of.ty.known().to_string()];
        let ty = record.fields.iter().find(|f| f.name == name).map_or(Type::Bool, |f| f.ty.clone());
        Expr { ty, node: Node::Field { of: Box::new(of), name: name.into(), at: None } }
    })
}

/// `a == b`.
pub fn equal(a: Expr, b: Expr) -> Expr {
    e("Bool", Node::Compare { op: Comparison::Eq, left: Box::new(a), right: Box::new(b) })
}

/// An elapsed or calendar length.
pub fn length(days: i64, hours: i64) -> Expr {
    e("Duration", Node::Duration(Duration { months: 0, days, seconds: hours * 3600 }))
}

/// A source of some force, without dates.
pub fn source(title: &str, force: Force) -> Source {
    Source {
        doc: String::new(),
        title: title.into(),
        issuer: None,
        force,
        in_force_from: None,
        in_force_until: None,
        compulsory_from: None,
        binds: None,
        adopted: None,
        datings: Vec::new(),
        supersedes: Vec::new(),
        implements: Vec::new(),
        link: None,
        document: None,
        verified: None,
        not_waivable: vec!["core".into()],
        passages: BTreeMap::from([
            ("1".into(), Passage { text: "It is done.".into(), line: 1, page: None }),
            ("core".into(), Passage { text: "It is done whatever happens.".into(), line: 3, page: None }),
        ]),
    }
}

fn evidence(var: &str, record: &str, condition: Expr, at: Option<EvidenceTime>, by: Option<Expr>) -> Evidence {
    Evidence { var: var.into(), record: record.into(), condition, at, by }
}

fn actions(records: &BTreeMap<String, Record>) -> BTreeMap<String, Action> {
    let c = || var("c", "Case");
    let of = |v: &str, record: &str, fields: &str| path(records, v, record, fields);
    let both = |a, b| e("Bool", Node::And(vec![a, b]));
    let action = |evidence| Action {
        doc: String::new(),
        params: vec![Param { name: "c".into(), ty: Type::Record("Case".into()) }],
        evidence,
        excludes: Vec::new(),
    };
    let excluding = |action: Action, others: &[&str]| Action {
        excludes: others.iter().map(|other| (*other).to_owned()).collect(),
        ..action
    };
    // As the compiler writes it, also where a rule leaves the record's own date to it.
    let at = |v: &str, record: &str, field: &str| Some(EvidenceTime::At(of(v, record, field)));
    let while_there = || Some(EvidenceTime::During(of("p", "Presence", "from"), of("p", "Presence", "to")));
    let about = |v: &str, record: &str| equal(of(v, record, "case"), c());
    let kind = |name: &str| equal(of("r", "Report", "kind"), e("enum Kind", Node::Variant(name.into())));
    BTreeMap::from([
        (
            "report".into(),
            excluding(
                action(vec![evidence(
                    "r",
                    "Report",
                    both(about("r", "Report"), kind("a")),
                    at("r", "Report", "sent_at"),
                    Some(of("r", "Report", "sender")),
                )]),
                &["stay", "tell"],
            ),
        ),
        (
            "tell".into(),
            excluding(
                action(vec![
                    evidence("n", "Notice", about("n", "Notice"), at("n", "Notice", "on"), None),
                    evidence("r", "Report", both(about("r", "Report"), kind("b")), at("r", "Report", "sent_at"), None),
                ]),
                &["report"],
            ),
        ),
        (
            "guard".into(),
            action(vec![evidence(
                "p",
                "Presence",
                about("p", "Presence"),
                while_there(),
                Some(of("p", "Presence", "by")),
            )]),
        ),
        (
            "stay".into(),
            excluding(
                action(vec![evidence("p", "Presence", about("p", "Presence"), while_there(), None)]),
                &["report"],
            ),
        ),
    ])
}

fn roles(records: &BTreeMap<String, Record>) -> BTreeMap<String, Role> {
    let of = |v: &str, record: &str, fields: &str| path(records, v, record, fields);
    let unit = || var("u", "Unit");
    let binder = |var: &str, ty: &str| Binder { var: var.into(), over: Domain::Records(ty.into()) };
    let code = |name: &str| equal(of("p", "Post", "code"), e("enum Code", Node::Variant(name.into())));
    let post = |condition| Held {
        by: var("p", "Post"),
        binders: vec![binder("p", "Post")],
        condition,
        during: None,
        longest: None,
    };
    let in_unit = |name| e("Bool", Node::And(vec![equal(of("p", "Post", "unit"), unit()), code(name)]));
    let of_unit = || Some(Param { name: "u".into(), ty: Type::Record("Unit".into()) });
    let role = |is: Option<&str>, of, held| Role { doc: String::new(), is: is.map(str::to_owned), of, held };
    let deputy = Held {
        by: of("d", "Deputation", "deputy"),
        binders: vec![binder("d", "Deputation")],
        condition: equal(of("d", "Deputation", "unit"), unit()),
        during: Some((of("d", "Deputation", "from"), of("d", "Deputation", "to"))),
        longest: Some(length(2, 0)),
    };
    BTreeMap::from([
        ("commander".into(), role(None, of_unit(), Some(post(in_unit("chief"))))),
        ("acting".into(), role(Some("commander"), of_unit(), Some(deputy))),
        ("officer".into(), role(None, None, Some(post(code("chief"))))),
        ("clerk".into(), role(Some("officer"), None, Some(post(code("clerk"))))),
        ("nobody".into(), role(None, None, None)),
    ])
}

fn waivers(records: &BTreeMap<String, Record>) -> BTreeMap<String, Waiver> {
    let pass = |name: &str| path(records, "w", "Pass", name);
    let leave = |name: &str| path(records, "w", "Leave", name);
    let params = || vec![Param { name: "c".into(), ty: Type::Record("Case".into()) }];
    let known = |a| e("Bool", Node::IsKnown(Box::new(a)));
    let plain = |record: &str, condition, names| Waiver {
        doc: String::new(),
        params: params(),
        var: "w".into(),
        record: record.into(),
        condition,
        names: Some(names),
        rank: None,
        granted_at: None,
        during: None,
        by: None,
        valid: None,
        revoked: None,
        exceptional: None,
        caveat: false,
        flags: Vec::new(),
    };
    let of_case = || equal(pass("case"), var("c", "Case"));
    BTreeMap::from([
        (
            "pass".into(),
            Waiver {
                rank: Some(pass("rank")),
                granted_at: Some(pass("granted_at")),
                during: Some((pass("from"), pass("to"))),
                by: Some(pass("by")),
                valid: Some(known(pass("reason"))),
                revoked: Some(pass("revoked_at")),
                exceptional: Some(pass("hard")),
                ..plain("Pass", of_case(), pass("rule"))
            },
        ),
        ("grant".into(), Waiver { granted_at: Some(pass("granted_at")), ..plain("Pass", of_case(), pass("rule")) }),
        (
            "leave".into(),
            Waiver {
                caveat: true,
                granted_at: Some(leave("from")),
                ..plain("Leave", equal(leave("case"), var("c", "Case")), leave("rule"))
            },
        ),
    ])
}

/// A pack with the types, roles, actions and waivers, and no rule.
pub fn base() -> Pack {
    let records: BTreeMap<String, Record> =
        RECORDS.iter().map(|(name, words, fields)| ((*name).to_owned(), record(name, words, fields))).collect();
    Pack {
        format: FORMAT.into(),
        digest: String::new(),
        name: "random".into(),
        version: "1.0.0".into(),
        edition: "2026".into(),
        time_zone: "UTC".into(),
        enums: BTreeMap::from([
            ("Level".into(), enumeration(&["low", "mid", "high"], true)),
            ("Kind".into(), enumeration(&["a", "b"], false)),
            ("Code".into(), enumeration(&["chief", "clerk"], false)),
            ("Rank".into(), enumeration(&["company", "battalion", "brigade"], true)),
        ]),
        roles: roles(&records),
        parameters: BTreeMap::new(),
        definitions: BTreeMap::new(),
        actions: actions(&records),
        waivers: waivers(&records),
        records,
        sources: BTreeMap::from([
            ("old".into(), source("Old", Force::Law)),
            ("new".into(), source("New", Force::Law)),
            ("treaty".into(), source("Treaty", Force::Law)),
            ("pledge".into(), source("Pledge", Force::Commitment)),
            ("guide".into(), source("Guide", Force::Guidance)),
            ("free".into(), source("Free", Force::Voluntary)),
        ]),
        rules: BTreeMap::new(),
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
