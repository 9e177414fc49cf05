//! Targets, estimates, decisions and warnings.

use crate::heritage::waiver;
use crate::mission::Mission;
use crate::value::{Value, object, text, texts};

const FILE: &str = "strikes.json";

const PRECAUTIONS: &str = "cpp.precautions.precautions_in_attack";
const WARNING: &str = "cpp.precautions.warn_before_an_attack";
const LISTS: &str = "cpp.precautions.lists_from_several_bodies";

/// A strike with everything in order; what is planted departs from it.
struct Strike<'s> {
    id: &'s str,
    target: &'s str,
    by: &'s str,
    /// Day of the decision (at 08:00) and of the strike (at 12:00).
    day: &'s str,
    outcome: &'s str,
    proportionality: &'s str,
    more: Vec<(&'s str, Value)>,
}

impl<'s> Strike<'s> {
    fn new(id: &'s str, target: &'s str, by: &'s str, day: &'s str) -> Self {
        Self { id, target, by, day, outcome: "executed", proportionality: "not_excessive", more: Vec::new() }
    }

    fn record(self) -> Value {
        let record = object([
            ("id", text(self.id)),
            ("target", text(self.target)),
            ("decided_by", text(self.by)),
            ("decided_at", text(format!("{}T08:00Z", self.day))),
            ("proportionality", text(self.proportionality)),
            ("proportionality_by", text(self.by)),
            ("proportionality_at", text(format!("{}T07:30Z", self.day))),
            ("legal_advice", text("no_objection")),
            ("outcome", text(self.outcome)),
            ("outcome_at", text(format!("{}T12:00Z", self.day))),
        ]);
        self.more.into_iter().fold(record, |record, (name, value)| record.with(name, value))
    }
}

/// Adds everything that concerns strikes.
pub(crate) fn write(mission: &mut Mission) {
    plain(mission);
    enhanced(mission);
    heritage(mission);
    schools(mission);
}

/// A target checked against a list at 06:00 of its day, with an estimate at the given time of that day.
fn target(mission: &mut Mission, id: &str, sites: &[&str], day: &str, estimate: &str) {
    let list = if id == "T-06" { "LIST-2026-1" } else { "LIST-2026-2" };
    let record = object([
        ("id", text(id)),
        ("mission", text("HERON")),
        ("objective", text("by_use")),
        ("sites", texts(sites)),
        ("list_version", text(list)),
    ]);
    // Nobody wrote down when T-04 was checked.
    let record = if id == "T-04" { record } else { record.with("list_checked_at", text(format!("{day}T06:00Z"))) };
    mission.add(FILE, "Target", record);
    let record = object([
        ("id", text(format!("CDE-{id}"))),
        ("target", text(id)),
        ("completed_at", text(format!("{day}T{estimate}Z"))),
        ("civilian_harm", text("none")),
        ("cultural_damage", text("low")),
    ]);
    mission.add(FILE, "CollateralEstimate", record);
}

fn strike(mission: &mut Mission, strike: Strike<'_>) {
    mission.add(FILE, "StrikeDecision", strike.record());
}

/// Strikes on targets without protected sites.
fn plain(mission: &mut Mission) {
    for n in 1..=8 {
        let (id, on, day) = (format!("SD-{n:02}"), format!("T-{n:02}"), format!("2026-02-{:02}", n + 9));
        // The estimate for the third came after the decision.
        target(mission, &on, &[], &day, if n == 3 { "09:00" } else { "07:00" });
        let mut one = Strike::new(&id, &on, "CDR-DIV-1", &day);
        match n {
            // Nobody judged the fifth; the eighth was called off.
            5 => one.proportionality = "not_assessed",
            8 => one.outcome = "cancelled",
            _ => {}
        }
        strike(mission, one);
    }
    mission.breach(PRECAUTIONS, &["SD-03"]);
    mission.breach(PRECAUTIONS, &["SD-05"]);
    mission.count(PRECAUTIONS, "undetermined");
    // Checked against the list with one body behind it.
    mission.advice(LISTS, &["SD-06"]);
}

fn warning(mission: &mut Mission, id: &str, decision: &str, issued: &str, window: &str) {
    let record = object([
        ("id", text(id)),
        ("decision", text(decision)),
        ("issued_at", text(issued)),
        ("compliance_window", text(window)),
    ]);
    mission.add(FILE, "AdvanceWarning", record);
}

fn no_warning(mission: &mut Mission, id: &str, decision: &str) {
    let record =
        object([("id", text(id)), ("decision", text(decision)), ("not_issued_reason", text("fire from the roof"))]);
    mission.add(FILE, "AdvanceWarning", record);
}

/// Both waivers that a strike on a place of importance needs.
fn allow(mission: &mut Mission, first: &str, second: &str, site: &str, from: &str, until: &str) {
    for (id, rule) in [(first, "no_strike"), (second, "no_strike_second_protocol")] {
        let record = waiver(id, rule, "imperative_necessity", site, "theatre", from, until);
        mission.add("sites.yaml", "WaiverRecord", record.with("made_military_objective", Value::Bool(true)));
    }
    mission.count("cpp.respect.no_strike", "waived");
    mission.count("cpp.respect.no_strike_second_protocol", "waived");
}

/// H-12 while a party used it: one strike ordered at the top, and one from below without self-defence.
fn enhanced(mission: &mut Mission) {
    target(mission, "T-09", &["H-12"], "2026-03-15", "07:00");
    allow(mission, "W-17", "W-18", "H-12", "2026-03-15T00:00Z", "2026-03-17T00:00Z");
    for (id, by, day) in [("SD-09", "CDR-THTR", "2026-03-15"), ("SD-10", "CDR-BDE-1", "2026-03-16")] {
        let mut one = Strike::new(id, "T-09", by, day);
        one.more = vec![("only_feasible_way", Value::Bool(true)), ("precautions_taken", Value::Bool(true))];
        strike(mission, one);
    }
    warning(mission, "AW-1", "SD-09", "2026-03-15T04:00Z", "6 hours");
    warning(mission, "AW-2", "SD-10", "2026-03-16T11:00Z", "6 hours");
    mission.breach("cpp.enhanced.attack_on_enhanced_sites", &["SD-10", "H-12"]);
}

fn heritage(mission: &mut Mission) {
    // H-15: struck in answer to an ambush, without a waiver and without a warning.
    target(mission, "T-10", &["H-15"], "2026-04-05", "07:00");
    let mut reprisal = Strike::new("SD-11", "T-10", "CDR-BN-1", "2026-04-05");
    reprisal.more = vec![("reprisal", Value::Bool(true))];
    strike(mission, reprisal);
    mission.breach("cpp.respect.no_strike", &["H-15"]);
    mission.breach("cpp.respect.no_strike_second_protocol", &["H-15"]);
    mission.breach("cpp.respect.no_reprisal", &["H-15"]);
    mission.breach(WARNING, &["SD-11"]);
    // Somebody wrote a waiver for it afterwards: that is a finding too.
    let late = waiver(
        "W-21",
        "no_reprisal",
        "imperative_necessity",
        "H-15",
        "battalion",
        "2026-04-06T00:00Z",
        "2026-04-07T00:00Z",
    );
    mission.add("sites.yaml", "WaiverRecord", late);
    mission.breach("cpp.respect.no_waiver_of_the_absolute", &["W-21"]);
    mission.breach("void_waiver", &["W-21"]);
    // H-19: allowed, and no time for a warning.
    target(mission, "T-12", &["H-19"], "2026-04-08", "07:00");
    allow(mission, "W-19", "W-20", "H-19", "2026-04-08T00:00Z", "2026-04-09T00:00Z");
    strike(mission, Strike::new("SD-14", "T-12", "CDR-DIV-1", "2026-04-08"));
    no_warning(mission, "AW-3", "SD-14");
    mission.count(WARNING, "exempt");
}

fn schools(mission: &mut Mission) {
    target(mission, "T-11", &["S-28"], "2026-04-12", "07:00");
    for (id, alternatives, day) in [("SD-12", 2, "2026-04-12"), ("SD-13", 0, "2026-04-13")] {
        let mut one = Strike::new(id, "T-11", "CDR-DIV-1", day);
        one.more = vec![("alternatives_considered", Value::Int(alternatives))];
        strike(mission, one);
    }
    warning(mission, "AW-4", "SD-12", "2026-04-12T06:00Z", "3 hours");
    no_warning(mission, "AW-5", "SD-13");
    // No other way was considered; the exercise order has endorsed the guideline.
    mission.breach("caac.schools.warn_before_attack_on_a_school", &["SD-13"]);
}
