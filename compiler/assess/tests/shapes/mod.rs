//! The small world of the decided cases: record types, acts, roles, and rules in a few shapes. Times are hours after
//! 2024-01-01T00:00Z, written `@8` in facts.
#![allow(dead_code, reason = "each test file uses its own part")]

pub mod cases;

use mandate_assess::{Facts, FactsFile, Finding, Options, assess};
use mandate_pack::*;
use std::collections::BTreeMap;

pub fn e(ty: &str, node: Node) -> Expr {
    Expr { ty: ty.parse().expect("type"), node }
}

fn enumeration(names: &[&str], ordered: bool) -> Enum {
    let variant = |n: &&str| Variant { name: (*n).into(), spelling: (*n).into() };
    Enum { doc: String::new(), ordered, variants: names.iter().map(variant).collect() }
}

/// "name: type" or "name: type = never"; a leading "!" makes it sensitive.
fn record(name: &str, key: bool, dated: Option<&str>, fields: &[&str]) -> (String, Record) {
    let field = |text: &&str| {
        let (sensitive, text) = text.strip_prefix('!').map_or((false, *text), |t| (true, t));
        let (text, over_time) = text.strip_suffix(" over time").map_or((text, false), |t| (t, true));
        let (text, never) = text.strip_suffix(" = never").map_or((text, false), |t| (t, true));
        let (name, ty) = text.split_once(": ").expect("name: type");
        let default = never.then(|| e("Time", Node::Never));
        Field { name: name.into(), doc: String::new(), ty: ty.parse().expect("type"), default, sensitive, over_time }
    };
    let record = Record {
        doc: String::new(),
        name: name.into(),
        key: key.then(|| "id".to_owned()),
        dated: dated.map(|f| Dated::At(f.to_owned())),
        corrects: (name == "Report").then(|| "supersedes".to_owned()),
        recorded: (name == "Report").then(|| "recorded_at".to_owned()),
        fields: fields.iter().map(field).collect(),
    };
    (name.to_owned(), record)
}

pub fn records() -> BTreeMap<String, Record> {
    BTreeMap::from([
        record(
            "Incident",
            true,
            Some("observed_at"),
            &[
                "id: Text",
                "observed_at: Time?",
                "due_on: Date?",
                "ended_at: Time = never",
                "invited: Bool?",
                "verification: enum Verification?",
                "victims: list of Victim?",
                "a: Int?",
                "b: Int?",
                "x: Time?",
                "y: Time?",
                "unit: Unit?",
                "pid: Bool?",
                "clear: Bool?",
                "self_defence: Bool?",
                "level: Decimal?",
                "secret: Bool?",
                "open: Bool?",
                "state: enum Verification? over time",
            ],
        ),
        record("Victim", false, None, &["age: Int?", "!name: Text?"]),
        record("Unit", true, None, &["id: Text", "nation: Nation?", "superior: Unit?"]),
        record(
            "Post",
            true,
            None,
            &["id: Text", "role: enum RoleCode?", "opened_at: Time?", "closed_at: Time = never"],
        ),
        record("Appt", true, None, &["id: Text", "post: Post?", "from: Time?", "to: Time = never"]),
        record("Share", true, Some("at"), &["id: Text", "at: Time?", "consented: Bool?"]),
        record(
            "Report",
            true,
            Some("sent_at"),
            &[
                "id: Text",
                "incident: Incident?",
                "channel: enum Channel?",
                "sender: Post?",
                "sent_at: Time?",
                "reason: Text?",
                "supersedes: Report?",
                "recorded_at: Time?",
                "!source_name: Text?",
            ],
        ),
        record("Notice", true, Some("at"), &["id: Text", "incident: Incident?", "at: Time?"]),
        record("Plan", true, None, &["id: Text", "approved_at: Time = never"]),
        record("Annex", true, Some("added_at"), &["id: Text", "plan: Plan?", "added_at: Time?"]),
        record("Site", true, None, &["id: Text", "since: Time?", "until: Time = never", "ours: Bool?"]),
        record(
            "Use",
            true,
            Some("at"),
            &["id: Text", "site: Site?", "at: Time?", "by: Post?", "from: Time?", "to: Time?"],
        ),
        record("Visit", true, Some("at"), &["id: Text", "site: Site?", "at: Time?"]),
        record("Consent", true, None, &["id: Text", "sent_at: Time?", "withdrawn_at: Time = never"]),
        record(
            "Waiver",
            true,
            None,
            &[
                "id: Text",
                "rule: Text?",
                "site: Site?",
                "incident: Incident?",
                "rank: enum Rank?",
                "ground: Text?",
                "approved_at: Time?",
                "from: Time?",
                "to: Time?",
            ],
        ),
    ])
}

/// `path("Incident", "i.unit.nation")`: the variable `i` of that type, and the fields behind it.
pub fn path(root: &str, text: &str) -> Expr {
    let records = records();
    let mut parts = text.split('.');
    let mut expr = e(root, Node::Var(parts.next().expect("variable").into()));
    for name in parts {
        let of = expr.ty.known().to_string();
        let ty =
            records[&of].fields.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("{of}.{name}")).ty.clone();
        expr = Expr { ty, node: Node::Field { of: Box::new(expr), name: name.into(), at: None } };
    }
    expr
}

pub fn cmp(op: Comparison, left: Expr, right: Expr) -> Expr {
    e("Bool", Node::Compare { op, left: Box::new(left), right: Box::new(right) })
}

pub fn eq(left: Expr, right: Expr) -> Expr {
    cmp(Comparison::Eq, left, right)
}

pub fn not(a: Expr) -> Expr {
    e("Bool", Node::Not(Box::new(a)))
}

pub fn known(a: Expr) -> Expr {
    e("Bool", Node::IsKnown(Box::new(a)))
}

pub fn int(n: i64) -> Expr {
    e("Int", Node::Int(n))
}

pub fn yes() -> Expr {
    e("Bool", Node::Bool(true))
}

pub fn variant(of: &str, name: &str) -> Expr {
    e(&format!("enum {of}"), Node::Variant(name.into()))
}

pub fn hours(n: i64) -> Expr {
    e("Duration", Node::Duration(Duration { seconds: n * 3600, ..Duration::default() }))
}

pub fn days(n: i64) -> Expr {
    e("Duration", Node::Duration(Duration { days: n, ..Duration::default() }))
}

/// The instant so many hours after the start of 2024.
pub fn at(hour: i64) -> Expr {
    e("Time", Node::Time(clock(hour)))
}

pub fn clock(hour: i64) -> String {
    let start: jiff::Timestamp = "2024-01-01T00:00:00Z".parse().expect("time");
    (start + jiff::SignedDuration::from_hours(hour)).to_string()
}

pub fn cond(text: &str, expr: Expr) -> Condition {
    Condition { text: text.into(), expr }
}

fn evidence(var: &str, record: &str, condition: Expr, at: Option<EvidenceTime>, by: Option<&str>) -> Evidence {
    Evidence { var: var.into(), record: record.into(), condition, at, by: by.map(|by| path(record, by)) }
}

fn action(param: (&str, &str), evidence: Evidence) -> Action {
    let params = vec![Param { name: param.0.into(), ty: param.1.parse().expect("type") }];
    Action { doc: String::new(), params, evidence: vec![evidence], excludes: Vec::new() }
}

fn actions() -> BTreeMap<String, Action> {
    let i = || e("Incident", Node::Var("i".into()));
    let s = || e("Site", Node::Var("s".into()));
    let sent = || Some(EvidenceTime::At(path("Report", "r.sent_at")));
    let both = |a, b| e("Bool", Node::And(vec![a, b]));
    let about = || eq(path("Report", "r.incident"), i());
    let report = both(about(), eq(path("Report", "r.channel"), variant("Channel", "chain")));
    let late = both(about(), known(path("Report", "r.reason")));
    let use_at = Some(EvidenceTime::At(path("Use", "u.at")));
    let lasting = Some(EvidenceTime::During(path("Use", "u.from"), path("Use", "u.to")));
    let incident = ("i", "Incident");
    let site = ("s", "Site");
    BTreeMap::from([
        ("report".into(), action(incident, evidence("r", "Report", report, sent(), Some("r.sender")))),
        ("report_late".into(), action(incident, evidence("r", "Report", late, sent(), Some("r.sender")))),
        (
            "inform".into(),
            action(
                incident,
                evidence(
                    "n",
                    "Notice",
                    eq(path("Notice", "n.incident"), i()),
                    Some(EvidenceTime::At(path("Notice", "n.at"))),
                    None,
                ),
            ),
        ),
        ("use".into(), action(site, evidence("u", "Use", eq(path("Use", "u.site"), s()), use_at, Some("u.by")))),
        ("use_lasting".into(), action(site, evidence("u", "Use", eq(path("Use", "u.site"), s()), lasting, None))),
        (
            "hold".into(),
            action(
                ("p", "Post"),
                evidence(
                    "a",
                    "Appt",
                    eq(path("Appt", "a.post"), e("Post", Node::Var("p".into()))),
                    Some(EvidenceTime::During(path("Appt", "a.from"), path("Appt", "a.to"))),
                    None,
                ),
            ),
        ),
        (
            "visit".into(),
            action(
                site,
                evidence(
                    "v",
                    "Visit",
                    eq(path("Visit", "v.site"), s()),
                    Some(EvidenceTime::At(path("Visit", "v.at"))),
                    None,
                ),
            ),
        ),
        (
            "annex".into(),
            action(
                ("p", "Plan"),
                evidence(
                    "x",
                    "Annex",
                    eq(path("Annex", "x.plan"), e("Plan", Node::Var("p".into()))),
                    Some(EvidenceTime::At(path("Annex", "x.added_at"))),
                    None,
                ),
            ),
        ),
    ])
}

fn role(code: &str, is: Option<&str>) -> Role {
    let held = Held {
        by: e("Post", Node::Var("p".into())),
        binders: vec![Binder { var: "p".into(), over: Domain::Records("Post".into()) }],
        condition: eq(path("Post", "p.role"), variant("RoleCode", code)),
        during: None,
        longest: None,
    };
    Role { doc: String::new(), is: is.map(str::to_owned), of: None, held: Some(held) }
}

fn waiver(param: (&str, &str)) -> Waiver {
    let field = |name: &str| path("Waiver", &format!("w.{name}"));
    Waiver {
        doc: String::new(),
        params: vec![Param { name: param.0.into(), ty: param.1.parse().expect("type") }],
        var: "w".into(),
        record: "Waiver".into(),
        condition: eq(
            field(if param.1 == "Site" { "site" } else { "incident" }),
            e(param.1, Node::Var(param.0.into())),
        ),
        names: Some(field("rule")),
        rank: Some(field("rank")),
        granted_at: Some(field("approved_at")),
        during: Some((field("from"), field("to"))),
        by: None,
        valid: (param.1 == "Site").then(|| eq(field("ground"), e("Text", Node::Text("necessity".into())))),
        revoked: None,
        exceptional: None,
        caveat: false,
        flags: Vec::new(),
    }
}

/// The pack with these rules.
pub fn pack(rules: Vec<(&str, Rule)>) -> Pack {
    let empty_role = Role { doc: String::new(), is: None, of: None, held: None };
    let mut pack = Pack {
        format: FORMAT.into(),
        digest: String::new(),
        name: "decided".into(),
        version: "1.0.0".into(),
        edition: "2026".into(),
        time_zone: "UTC".into(),
        enums: BTreeMap::from([
            ("Verification".into(), enumeration(&["alleged", "refuted"], false)),
            ("Channel".into(), enumeration(&["chain", "radio"], false)),
            ("RoleCode".into(), enumeration(&["unit_commander", "jfc", "clerk"], false)),
            ("Rank".into(), enumeration(&["company", "battalion", "brigade", "division"], true)),
        ]),
        records: records(),
        roles: BTreeMap::from([
            ("commander".into(), empty_role),
            ("unit_commander".into(), role("unit_commander", Some("commander"))),
            ("jfc".into(), role("jfc", Some("commander"))),
            ("clerk".into(), role("clerk", None)),
        ]),
        parameters: BTreeMap::new(),
        definitions: BTreeMap::new(),
        actions: actions(),
        waivers: BTreeMap::from([
            ("necessity".into(), waiver(("s", "Site"))),
            ("extension".into(), waiver(("i", "Incident"))),
        ]),
        sources: BTreeMap::new(),
        rules: rules.into_iter().map(|(name, rule)| (name.to_owned(), rule)).collect(),
        endorsements: Vec::new(),
        assumptions: Vec::new(),
        concerns: Vec::new(),
        purposes: Vec::new(),
        background: Vec::new(),
        carried: Vec::new(),
        scenarios: Vec::new(),
        mission: None,
    };
    // Editions: one in force from the second day on, one up to it, one up to the third.
    for (name, from, until) in [
        ("from_day_1", Some("2024-01-02"), None),
        ("until_day_1", None, Some("2024-01-02")),
        ("until_day_2", None, Some("2024-01-03")),
    ] {
        let source = Source {
            doc: String::new(),
            title: name.into(),
            issuer: None,
            force: Force::Law,
            in_force_from: from.map(str::to_owned),
            in_force_until: until.map(str::to_owned),
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
                ("1".into(), Passage { text: "Every incident is reported.".into(), line: 3, page: None }),
                ("core".into(), Passage { text: "This holds without exception.".into(), line: 5, page: None }),
            ]),
        };
        pack.sources.insert(name.into(), source);
    }
    pack.seal();
    pack
}

pub fn norm(bearer: &str, modal: Modal, act: &str, arg: Expr, time: Option<Window>) -> Norm {
    Norm {
        text: format!("{bearer} {act}"),
        bearer: Bearer::Role { role: bearer.into(), of: None },
        modal,
        act: Act::Do { action: act.into(), args: vec![arg] },
        time,
    }
}

pub fn rule(var: &str, record: &str, norm: Norm) -> Rule {
    Rule {
        title: "A decided case".into(),
        doc: String::new(),
        origin: Origin { file: "decided.man".into(), line: 1 },
        constraint: false,
        replaces: None,
        cites: Vec::new(),
        force: None,
        carries: Vec::new(),
        interpretations: Vec::new(),
        for_each: vec![Binder { var: var.into(), over: Domain::Records(record.into()) }],
        lets: Vec::new(),
        on: None,
        party: None,
        in_force_from: None,
        in_force_until: None,
        when: Vec::new(),
        unless: Vec::new(),
        norm,
        otherwise: Vec::new(),
        waivable: None,
        overrides: Vec::new(),
        limits: Vec::new(),
        tallies: Vec::new(),
        flags: Vec::new(),
    }
}

pub fn i() -> Expr {
    e("Incident", Node::Var("i".into()))
}

pub fn s() -> Expr {
    e("Site", Node::Var("s".into()))
}

/// `unit_commander must report(i)` with a window.
pub fn report(time: Option<Window>) -> Rule {
    rule("i", "Incident", norm("unit_commander", Modal::Must, "report", i(), time))
}

/// `... within 24 hours after i.observed_at`.
pub fn report_in_24_hours() -> Rule {
    report(Some(Window::WithinAfter(hours(24), path("Incident", "i.observed_at"))))
}

/// `constraint for each i: Incident require c`.
pub fn require(record: &str, var: &str, expr: Expr) -> Rule {
    let norm = Norm {
        text: "require".into(),
        bearer: Bearer::Everyone,
        modal: Modal::Must,
        act: Act::Ensure(vec![cond("the condition", expr)]),
        time: None,
    };
    Rule { constraint: true, ..rule(var, record, norm) }
}

pub fn cite(source: &str, passage: &str) -> Citation {
    Citation { source: source.into(), passage: Some(passage.into()), to: None, quotation: None }
}

/// Facts written one record a piece: `Report R sent_at=@28 reason=x; ...`. A report is by default one up the chain by the
/// unit's commander on the incident `I`; `field=-` leaves a default out.
pub fn facts(text: &str) -> String {
    let mut lists: BTreeMap<&str, Vec<String>> = BTreeMap::from([(
        "Post",
        vec!["{id: uc, role: unit_commander}".to_owned(), "{id: clerk, role: clerk}".to_owned()],
    )]);
    for piece in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let mut words = piece.split_whitespace();
        let (ty, id) = (words.next().expect("type"), words.next().expect("id"));
        let defaults: &[(&str, &str)] = match ty {
            "Report" => &[("incident", "I"), ("channel", "chain"), ("sender", "uc")],
            "Notice" => &[("incident", "I")],
            "Use" => &[("site", "S"), ("by", "uc")],
            "Visit" => &[("site", "S")],
            "Appt" => &[("post", "P")],
            "Annex" => &[("plan", "P")],
            "Waiver" => &[
                ("rule", "r"),
                ("rank", "battalion"),
                ("ground", "necessity"),
                ("approved_at", "@5"),
                ("from", "@5"),
                ("to", "@30"),
            ],
            _ => &[],
        };
        let mut fields: BTreeMap<&str, String> = defaults.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
        for word in words {
            let (name, value) = word.split_once('=').expect("field=value");
            fields.insert(name, value.to_owned());
        }
        let written = fields.iter().filter(|(_, v)| *v != "-").map(|(k, v)| format!("{k}: {}", spelled(v)));
        let all: Vec<String> = std::iter::once(format!("id: {id}")).chain(written).collect();
        lists.entry(ty).or_default().push(format!("{{{}}}", all.join(", ")));
    }
    let mut out = "records:\n".to_owned();
    for (ty, records) in lists {
        out.push_str(&format!("  {ty}:\n"));
        records.iter().for_each(|r| out.push_str(&format!("    - {r}\n")));
    }
    out
}

/// `~8:alleged,60:refuted` is a value that changes at those hours, `@8` is an hour, `@8..20` an interval of hours, `day1` the second day, anything else itself.
fn spelled(value: &str) -> String {
    if let Some(entries) = value.strip_prefix('~') {
        let entry = |text: &str| {
            let (hour, value) = text.split_once(':').expect("hour:value");
            format!("{{from: \"{}\", value: {value}}}", clock(hour.parse().expect("hour")))
        };
        return format!("[{}]", entries.split(',').map(entry).collect::<Vec<_>>().join(", "));
    }
    if let Some((from, to)) = value.strip_prefix('@').and_then(|v| v.split_once("..")) {
        let hour = |text: &str| clock(text.parse().expect("hour"));
        return format!("{{from: \"{}\", to: \"{}\"}}", hour(from), hour(to));
    }
    if let Some(hour) = value.strip_prefix('@') {
        return format!("\"{}\"", clock(hour.parse().expect("hour")));
    }
    if let Some(day) = value.strip_prefix("day") {
        return clock(24 * day.parse::<i64>().expect("day"))[..10].to_owned();
    }
    if value.starts_with('[') { value.replace(':', ": ") } else { value.to_owned() }
}

/// Assesses and gives the findings of one rule.
pub fn run(pack: &Pack, yaml: &str, as_of: jiff::Timestamp, rule: &str) -> Vec<Finding> {
    let file = FactsFile { name: "facts.yaml".into(), bytes: yaml.as_bytes().to_vec() };
    let (facts, faults) = Facts::load(pack, &[file]);
    assert!(faults.is_empty(), "{yaml}\n{faults:#?}");
    let options = Options { as_of: Some(as_of), explain_all: true, ..Options::at(as_of) };
    let assessment = assess(pack, &facts, &options).expect("a sound pack");
    assessment.findings.into_iter().filter(|f| f.rule == rule).collect()
}
