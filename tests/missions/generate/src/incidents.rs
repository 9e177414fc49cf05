//! Two hundred and forty incidents with what was reported and done.

use crate::calendar::{HOUR, at, instant};
use crate::command::{OBSERVERS, above, commander_of};
use crate::mission::{Mission, as_of};
use crate::value::{Value, object, text, texts};

const FILE: &str = "incidents.json";
const REPORTS: &str = "reports.yaml";

const REPORT: &str = "caac.reporting.report_grave_violation";
const OTHER: &str = "caac.reporting.report_other_abuse";
const RESPOND: &str = "caac.reporting.respond_to_violations";
const FORM: &str = "caac.reporting.use_the_standard_form";
const MANY: &str = "exercise_heron.report_harm_to_many_children";
const PILLAGE: &str = "cpp.respect.stop_pillage";

const SIX: [&str; 6] = [
    "killing_maiming",
    "recruitment_use",
    "sexual_violence",
    "abduction",
    "attack_school_hospital",
    "denial_humanitarian_access",
];

/// What was planted about the report of an incident.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Reported in time.
    Kept,
    /// Reported after the window.
    Late,
    /// Never reported.
    Missing,
    /// Reported by the commander of another unit.
    WrongCommander,
    /// Reported by another way than the chain of command.
    WrongWay,
    /// Reported in time, and corrected after the window.
    CorrectedLate,
    /// Noticed a few hours before the assessment.
    Open,
    /// Nobody wrote down when the unit became aware.
    Unclocked,
    /// Refuted.
    Refuted,
}

fn fate(n: i64) -> Fate {
    match n {
        5 | 17 | 33 | 58 | 91 | 121 | 155 | 170 => Fate::Late,
        8 | 77 => Fate::Missing,
        41 => Fate::WrongCommander,
        66 => Fate::WrongWay,
        99 => Fate::CorrectedLate,
        143..=147 | 179 | 219 => Fate::Open,
        133..=136 => Fate::Unclocked,
        137..=142 | 180 | 220 => Fate::Refuted,
        _ => Fate::Kept,
    }
}

/// An incident whose report and answer are still to be written.
struct Case {
    number: i64,
    id: String,
    unit: &'static str,
    /// When the unit became aware, in minutes.
    observed: i64,
    fate: Fate,
    /// Whether three children or more were harmed.
    many: bool,
}

impl Case {
    fn new(mission: &mut Mission, number: i64) -> Case {
        let fate = fate(number);
        let unit = mission.random.pick(&OBSERVERS);
        let observed = match fate {
            Fate::Open => as_of() - mission.random.between(HOUR, 3 * HOUR),
            _ => at(2026, 2, 1, 0, 0) + mission.random.between(0, 85 * 24 * HOUR),
        };
        let many = number % 12 == 0 && number < 130 || number == 145;
        Case { number, id: format!("INC-{number:03}"), unit, observed, fate, many }
    }

    fn has_clock(&self) -> bool {
        self.fate != Fate::Unclocked
    }
}

/// Adds every incident with its reports, its answers and its inquiries.
pub(crate) fn write(mission: &mut Mission) {
    for number in 1..=240 {
        let case = Case::new(mission, number);
        match number {
            1..=150 => grave(mission, &case),
            151..=180 => other_abuse(mission, &case),
            181..=220 => pillage(mission, &case),
            _ => bystanders(mission, &case),
        }
    }
    verified(mission);
}

/// The part of an incident that all kinds share.
fn incident(mission: &mut Mission, case: &Case, kind: &str, victims: Vec<Value>, sites: &[&str]) -> Value {
    let occurred = case.observed - mission.random.between(HOUR, 40 * HOUR);
    let verification = match case.fate {
        Fate::Refuted => "refuted",
        _ => mission.random.pick(&["alleged", "under_verification", "unverifiable"]),
    };
    let record = object([
        ("id", text(&case.id)),
        ("mission", text("HERON")),
        ("kind", text(kind)),
        ("occurred_at", text(instant(occurred))),
        ("observed_by", text(case.unit)),
        ("verification", text(verification)),
        ("victims", Value::List(victims)),
        ("sites", texts(sites)),
    ]);
    if case.has_clock() { record.with("observed_at", text(instant(case.observed))) } else { record }
}

fn children(mission: &mut Mission, number: i64) -> Value {
    let age = mission.random.between(3, 17);
    let sex = mission.random.pick(&["female", "male"]);
    object([("age", Value::Int(age)), ("sex", text(sex)), ("number", Value::Int(number))])
}

fn grave(mission: &mut Mission, case: &Case) {
    let which = usize::try_from(case.number % 6).ok().and_then(|i| SIX.get(i)).copied().unwrap_or("abduction");
    let which = planted_kind(case.number).unwrap_or(which);
    let victims = match case.number {
        // Four people, and nobody wrote down how old they were.
        133 => vec![object([("number", Value::Int(4))])],
        // A verified recruitment by the army: one person, age not recorded. See `verified`.
        9 => vec![object([("number", Value::Int(1))])],
        // A verified recruitment by the guard: thirteen years old.
        7 => vec![object([("age", Value::Int(13)), ("number", Value::Int(1))])],
        _ if case.many => vec![children(mission, 2), children(mission, 1 + case.number % 3)],
        _ => vec![children(mission, 1)],
    };
    let record = incident(mission, case, "grave_violation", victims, &[]).with("grave_violation", text(which));
    let record = match author(case.number) {
        Some(party) => object([
            ("id", text(&case.id)),
            ("mission", text("HERON")),
            ("kind", text("grave_violation")),
            ("occurred_at", text(instant(case.observed - 5 * HOUR))),
            ("observed_by", text(case.unit)),
            ("observed_at", text(instant(case.observed))),
            ("verification", text("verified")),
            ("attribution", text("verified_author")),
            ("alleged_party", text(party)),
            ("victims", Value::List(victims_of(&record))),
            ("grave_violation", text(which)),
            ("sites", texts(&[])),
        ]),
        None if mission.random.once_in(3) => {
            let party = mission.random.pick(&["ORG-GUARD", "ORG-ARMY"]);
            record.with("alleged_party", text(party)).with("attribution", text("suspected"))
        }
        None => record,
    };
    mission.add(FILE, "Incident", record);
    report(mission, case, REPORT, true);
    many_children(mission, case);
    answer(mission, case);
}

fn victims_of(record: &Value) -> Vec<Value> {
    let Value::Object(fields) = record else { return Vec::new() };
    match fields.iter().find(|(name, _)| name == "victims") {
        Some((_, Value::List(victims))) => victims.clone(),
        _ => Vec::new(),
    }
}

/// Incidents that were verified with their author.
fn author(number: i64) -> Option<&'static str> {
    match number {
        3 | 4 | 7 => Some("ORG-GUARD"),
        6 | 9 => Some("ORG-ARMY"),
        _ => None,
    }
}

fn planted_kind(number: i64) -> Option<&'static str> {
    match number {
        3 => Some("killing_maiming"),
        4 => Some("abduction"),
        6 => Some("attack_school_hospital"),
        7 | 9 => Some("recruitment_use"),
        _ => None,
    }
}

fn verified(mission: &mut Mission) {
    mission.breach("caac.violations.no_killing_or_maiming", &["ORG-GUARD"]);
    mission.breach("caac.violations.no_abduction", &["ORG-GUARD"]);
    mission.breach("caac.violations.no_attack_on_schools_or_hospitals", &["ORG-ARMY"]);
    mission.breach("caac.violations.no_recruitment_or_use", &["ORG-ARMY"]);
    mission.breach("caac.violations.no_recruitment_or_use", &["ORG-GUARD"]);
    mission.breach("caac.violations.no_children_under_15_in_forces", &["ORG-GUARD"]);
    // The age of the person whom the army took is not recorded.
    mission.count("caac.violations.no_children_under_15_in_forces", "undetermined");
}

fn other_abuse(mission: &mut Mission, case: &Case) {
    let victims = vec![children(mission, 1)];
    let record = incident(mission, case, "other_child_abuse", victims, &[]);
    mission.add(FILE, "Incident", record);
    report(mission, case, OTHER, false);
    answer(mission, case);
}

/// Who reports when, by what has been planted.
fn report(mission: &mut Mission, case: &Case, rule: &str, grave: bool) {
    let own = commander_of(case.unit);
    let chain = "chain_of_command";
    let in_time = case.observed + mission.random.between(HOUR, if case.many { 5 * HOUR } else { 20 * HOUR });
    let late = case.observed + 24 * HOUR + mission.random.between(1, 16 * HOUR);
    let first = format!("REP-{:03}-1", case.number);
    match case.fate {
        Fate::Kept => kept(mission, case, &own, in_time, grave),
        Fate::Late => send(mission, case, &first, &own, chain, late, grave),
        Fate::Missing => {}
        Fate::WrongCommander => send(mission, case, &first, &commander_of(above(case.unit)), chain, in_time, grave),
        Fate::WrongWay => send(mission, case, &first, &own, "un_liaison", in_time, grave),
        Fate::CorrectedLate => {
            send(mission, case, &first, &own, chain, in_time, grave);
            correct(mission, case, &first, &own, case.observed + 30 * HOUR);
        }
        Fate::Open => mission.count(rule, "pending"),
        Fate::Unclocked => mission.count(rule, "undetermined"),
        Fate::Refuted => mission.count(rule, "exempt"),
    }
    if matches!(case.fate, Fate::Late | Fate::Missing | Fate::WrongCommander | Fate::WrongWay | Fate::CorrectedLate) {
        if grave { mission.breach(rule, &[&case.id]) } else { mission.advice(rule, &[&case.id]) }
    }
}

/// A report in time, now and then corrected in time or followed by another.
fn kept(mission: &mut Mission, case: &Case, own: &str, in_time: i64, grave: bool) {
    let first = format!("REP-{:03}-1", case.number);
    if matches!(case.number, 24 | 48 | 72) {
        return; // written by `many_children`
    }
    send(mission, case, &first, own, "chain_of_command", in_time, grave);
    if case.many || matches!(case.number, 29..=31) {
        return;
    }
    if mission.random.once_in(10) {
        let corrected = in_time + mission.random.between(1, 3 * HOUR);
        correct(mission, case, &first, own, corrected);
    } else if mission.random.once_in(3) {
        let second = format!("REP-{:03}-2", case.number);
        let later = in_time + mission.random.between(10 * HOUR, 60 * HOUR);
        send(mission, case, &second, own, "chain_of_command", later, grave);
    }
}

fn send(mission: &mut Mission, case: &Case, id: &str, from: &str, channel: &str, sent: i64, grave: bool) {
    let record = sent_report(case, id, from, channel, sent);
    let record = match case.number {
        // No form named; a form of the edition before.
        29 => {
            mission.count(FORM, "undetermined");
            record
        }
        30 | 31 if grave => {
            mission.advice(FORM, &[&case.id]);
            record.with("form", text("MR-1"))
        }
        _ => record.with("form", text("MR-2")),
    };
    mission.add(REPORTS, "Report", record);
}

fn sent_report(case: &Case, id: &str, from: &str, channel: &str, sent: i64) -> Value {
    object([
        ("id", text(id)),
        ("incident", text(&case.id)),
        ("kind", text("initial")),
        ("from_post", text(from)),
        ("channel", text(channel)),
        ("sent_at", text(instant(sent))),
    ])
}

fn correct(mission: &mut Mission, case: &Case, first: &str, from: &str, sent: i64) {
    let id = format!("REP-{:03}-2", case.number);
    let record = sent_report(case, &id, from, "chain_of_command", sent);
    mission.add(REPORTS, "Report", record.with("form", text("MR-2")).with("corrects_report", text(first)));
}

/// Incidents with three children or more: six hours by order of the exercise, then a reason, then an inquiry.
fn many_children(mission: &mut Mission, case: &Case) {
    let own = commander_of(case.unit);
    let mut late = |hours: i64, reason: bool| {
        let id = format!("REP-{:03}-1", case.number);
        let record = sent_report(case, &id, &own, "chain_of_command", case.observed + hours * HOUR);
        mission.add(REPORTS, "Report", record.with("form", text("MR-2")).with("reason_given", Value::Bool(reason)));
    };
    match case.number {
        // Two hours late, with the reason.
        24 => {
            late(8, true);
            mission.count(MANY, "repaired");
        }
        // Four hours late, no reason, and nobody asked.
        48 => {
            late(10, false);
            mission.breach(MANY, &[&case.id]);
        }
        // Three hours late, no reason, and the joint commander asked ten hours after the day for the reason was over.
        72 => {
            late(9, false);
            inquiry(mission, case, "CDR-JFH", case.observed + 40 * HOUR);
            mission.count(MANY, "repaired");
        }
        133 => mission.count(MANY, "undetermined"),
        145 => mission.count(MANY, "pending"),
        _ => {}
    }
}

fn inquiry(mission: &mut Mission, case: &Case, by: &str, opened: i64) {
    let record = object([
        ("id", text(format!("INQ-{:03}", case.number))),
        ("incident", text(&case.id)),
        ("opened_at", text(instant(opened))),
        ("opened_by", text(by)),
    ]);
    mission.add(REPORTS, "Investigation", record);
}

/// What was done about an incident that concerns children.
fn answer(mission: &mut Mission, case: &Case) {
    let taken = case.observed + mission.random.between(HOUR, 60 * HOUR);
    let kind = mission.random.pick(&["stop", "separate", "evacuate", "medical_aid"]);
    match (case.number, case.fate) {
        // A report and nothing else; nothing at all.
        (20 | 55, _) => {
            intervene(mission, case, "report_only", taken);
            mission.advice(RESPOND, &[&case.id]);
        }
        (160, _) => mission.advice(RESPOND, &[&case.id]),
        (_, Fate::Open) => mission.count(RESPOND, "pending"),
        (_, Fate::Refuted) => mission.count(RESPOND, "exempt"),
        // Done, but whether in time cannot be said.
        (_, Fate::Unclocked) => {
            intervene(mission, case, kind, taken);
            mission.count(RESPOND, "undetermined");
        }
        _ if mission.random.once_in(3) => {
            let record = object([
                ("id", text(format!("REF-{:03}", case.number))),
                ("incident", text(&case.id)),
                ("service", text("child_protection")),
                ("provider", text("ORG-RELIEF")),
                ("offered_at", text(instant(taken))),
            ]);
            mission.add(REPORTS, "Referral", record);
        }
        _ => intervene(mission, case, kind, taken),
    }
}

fn intervene(mission: &mut Mission, case: &Case, kind: &str, taken: i64) {
    let record = object([
        ("id", text(format!("ACT-{:03}", case.number))),
        ("incident", text(&case.id)),
        ("kind", text(kind)),
        ("unit", text(case.unit)),
        ("taken_at", text(instant(taken))),
    ]);
    mission.add(REPORTS, "Intervention", record);
}

fn pillage(mission: &mut Mission, case: &Case) {
    let site = format!("H-{:02}", mission.random.between(1, 20));
    let record = incident(mission, case, "cultural_property_damage", Vec::new(), &[&site]);
    mission.add(FILE, "Incident", record);
    let soon = case.observed + mission.random.between(30, 11 * HOUR);
    match (case.number, case.fate) {
        // Nobody stepped in, and nobody asked why.
        (190 | 200 | 210, _) => mission.breach(PILLAGE, &[&case.id]),
        // Nobody stepped in; the commander above opened an inquiry three days later.
        (195 | 205, _) => {
            inquiry(mission, case, &commander_of(above(case.unit)), case.observed + 72 * HOUR);
            mission.count(PILLAGE, "repaired");
        }
        (_, Fate::Open) => mission.count(PILLAGE, "pending"),
        (_, Fate::Refuted) => mission.count(PILLAGE, "exempt"),
        _ => {
            let kind = mission.random.pick(&["stop", "secure_site", "prevent_by_presence"]);
            intervene(mission, case, kind, soon);
        }
    }
}

/// Incidents that no rule of this mission speaks of.
fn bystanders(mission: &mut Mission, case: &Case) {
    let victims = vec![object([("age", Value::Int(40)), ("sex", text("male")), ("number", Value::Int(1))])];
    let record = incident(mission, case, "civilian_harm", victims, &[]);
    mission.add(FILE, "Incident", record);
}
