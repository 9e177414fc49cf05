//! Mission, phases, periods, plans, instruments, risks and contacts.

use crate::mission::Mission;
use crate::value::{Value, object, text, texts};

const FILE: &str = "plans.yaml";

/// Adds everything that concerns plans.
pub(crate) fn write(mission: &mut Mission) {
    frame(mission);
    plans(mission);
    periods(mission);
    instruments(mission);
    risks(mission);
}

fn frame(mission: &mut Mission) {
    let record = object([
        ("id", text("HERON")),
        ("name", text("Exercise HERON 26")),
        ("kind", text("exercise")),
        ("conflict_type", text("non_international")),
        ("lead_unit", text("JFH")),
        ("started_on", text("2025-11-01")),
    ]);
    mission.add(FILE, "Mission", record);
    for (id, kind, from, until) in [
        ("PH-1", "planning", "2025-11-01", "2026-01-10"),
        ("PH-2", "deployment", "2026-01-10", "2026-02-01"),
        ("PH-3", "conduct", "2026-02-01", ""),
    ] {
        let record =
            object([("id", text(id)), ("mission", text("HERON")), ("kind", text(kind)), ("starts_on", text(from))]);
        let record = if until.is_empty() { record } else { record.with("ends_on", text(until)) };
        mission.add(FILE, "Phase", record);
    }
    // Nobody spoke with the United Nations while the force deployed.
    mission.advice("caac.planning.engage_in_every_phase", &["PH-2"]);
    for (id, post, on) in [("EN-1", "CIM-JFH", "2025-12-02"), ("EN-2", "SFP", "2026-02-15")] {
        let record = object([
            ("id", text(id)),
            ("organisation", text("ORG-FUND")),
            ("our_post", text(post)),
            ("held_on", text(on)),
            ("kind", text("dialogue")),
            ("topics", texts(&["children"])),
            ("mission", text("HERON")),
        ]);
        mission.add(FILE, "Engagement", record);
    }
}

fn annex(topic: &str, contents: &[&str]) -> Value {
    object([("topic", text(topic)), ("added_on", text("2025-12-15")), ("contents", texts(contents))])
}

fn plans(mission: &mut Mission) {
    let children = || annex("children", &["reporting_procedure", "referral_pathway"]);
    let heritage = || annex("cultural_property", &["no_strike_reference"]);
    let plan = |id: &str, kind: &str, status: &str, on: &str, annexes: Vec<Value>| {
        object([
            ("id", text(id)),
            ("mission", text("HERON")),
            ("kind", text(kind)),
            ("status", text(status)),
            ("approved_on", text(on)),
            ("annexes", Value::List(annexes)),
        ])
    };
    let all = [
        plan("CONCEPT", "concept_of_operations", "in_force", "2025-12-20", vec![heritage()]),
        plan("PLAN-1", "operation_plan", "in_force", "2026-01-05", vec![children(), heritage()]),
        plan(
            "PLAN-2",
            "operation_plan",
            "in_force",
            "2026-01-06",
            vec![children(), annex("targeting", &["no_strike_reference"])],
        ),
        plan(
            "SUPPORT-1",
            "support_plan",
            "in_force",
            "2026-01-07",
            vec![annex("children", &["mitigation"]), heritage()],
        ),
        plan("PLAN-0", "operation_plan", "superseded", "2025-10-01", Vec::new()),
    ];
    for record in all {
        mission.add(FILE, "Plan", record);
    }
    // The second plan refers to the list and directs nothing; the support plan does not say how to report.
    mission.breach("cpp.planning.plans_direct_protection", &["PLAN-2"]);
    mission.advice("caac.planning.plans_carry_a_children_annex", &["SUPPORT-1"]);
}

fn periods(mission: &mut Mission) {
    for (id, from, until) in [
        ("RP-1", "2026-01-10", "2026-03-01"),
        ("RP-2", "2026-03-01", "2026-05-01"),
        ("RP-3", "2026-05-01", "2026-07-01"),
    ] {
        let record =
            object([("id", text(id)), ("mission", text("HERON")), ("starts_on", text(from)), ("ends_on", text(until))]);
        mission.add(FILE, "ReportingPeriod", record);
    }
    for (id, period, sent, nil) in [
        ("RET-1", "RP-1", "2026-03-11T18:00Z", false),
        // A day after the last day of the window.
        ("RET-2", "RP-2", "2026-05-12T08:00Z", true),
    ] {
        let record = object([
            ("id", text(id)),
            ("period", text(period)),
            ("topic", text("children")),
            ("sent_at", text(sent)),
            ("nil", Value::Bool(nil)),
        ]);
        mission.add(FILE, "MonitoringReturn", record);
    }
    mission.advice("caac.reporting.monitor_each_period", &["RP-2"]);
    mission.count("caac.reporting.monitor_each_period", "pending");
    // The senior focal point spoke with the United Nations in the first period only; the third is open.
    mission.breach("caac.focal_points.senior_focal_point_keeps_dialogue", &["RP-2"]);
    mission.count("caac.focal_points.senior_focal_point_keeps_dialogue", "pending");
}

fn instruments(mission: &mut Mission) {
    for (id, kind, on, areas) in [
        ("HAGUE-1954", "treaty", "1954-05-14", "cultural_property"),
        ("HAGUE-P1-1954", "protocol", "1954-05-14", "cultural_property"),
        ("HAGUE-P2-1999", "protocol", "1999-03-26", "cultural_property"),
        ("OPAC-2000", "protocol", "2000-05-25", "children"),
        ("POLICY-CHILDREN", "alliance_policy", "2023-07-12", "children"),
        ("PROCEDURES-CHILDREN", "standard_procedure", "2016-02-01", "children"),
        ("RESOLUTION-PLAYED", "security_council_resolution", "2025-03-01", "children"),
    ] {
        let record =
            object([("id", text(id)), ("kind", text(kind)), ("adopted_on", text(on)), ("areas", texts(&[areas]))]);
        mission.add(FILE, "Instrument", record);
    }
    for (id, instrument, state, deposited, mode, bound) in [
        ("PARTY-1", "HAGUE-P2-1999", "XAA", "2015-03-01", "after_delay", "2015-06-01"),
        ("PARTY-2", "HAGUE-P2-1999", "XBB", "2026-04-01", "after_delay", "2026-07-01"),
        ("PARTY-3", "HAGUE-P2-1999", "XCC", "2020-05-01", "after_delay", "2020-05-01"),
        ("PARTY-4", "HAGUE-P2-1999", "XDD", "2021-05-01", "immediate", "2021-05-01"),
        ("PARTY-5", "OPAC-2000", "XAA", "2010-01-01", "after_delay", "2010-04-01"),
        ("PARTY-6", "OPAC-2000", "XBB", "2012-01-01", "after_delay", "2012-02-01"),
        ("PARTY-7", "HAGUE-1954", "XAA", "2013-10-01", "after_delay", "2014-01-01"),
        ("PARTY-8", "HAGUE-1954", "XBB", "2013-10-01", "after_delay", "2014-01-01"),
        ("PARTY-9", "HAGUE-1954", "XCC", "2013-10-01", "after_delay", "2014-01-01"),
        ("PARTY-10", "HAGUE-1954", "XDD", "2013-10-01", "after_delay", "2014-01-01"),
        // The island itself.
        ("PARTY-11", "HAGUE-1954", "XEE", "2013-10-01", "after_delay", "2014-01-01"),
        ("PARTY-12", "HAGUE-P1-1954", "XEE", "2013-10-01", "after_delay", "2014-01-01"),
        ("PARTY-13", "HAGUE-P2-1999", "XEE", "2015-03-01", "after_delay", "2015-06-01"),
    ] {
        let record = object([
            ("id", text(id)),
            ("instrument", text(instrument)),
            ("state", text(state)),
            ("deposited_on", text(deposited)),
            ("mode", text(mode)),
            ("bound_from", text(bound)),
        ]);
        mission.add(FILE, "InstrumentParty", record);
    }
    for state in ["XAA", "XBB", "XCC", "XDD", "XEE"] {
        for year in [2017, 2021, 2025] {
            // One report was never sent.
            if (state, year) != ("XDD", 2025) {
                let record = object([
                    ("id", text(format!("REPORT-{state}-{year}"))),
                    ("instrument", text("HAGUE-1954")),
                    ("state", text(state)),
                    ("sent_on", text(format!("{year}-06-01"))),
                ]);
                mission.add(FILE, "StateReport", record);
            }
        }
    }
    mission.breach("cpp.peacetime.report_every_four_years", &["PARTY-10"]);
    // Entered as bound on the day of deposit without being in a conflict.
    mission.breach("cpp.guarding.second_protocol_binds_in_time", &["PARTY-3"]);
    let review = object([
        ("id", text("REV-1")),
        ("instrument", text("POLICY-CHILDREN")),
        ("reviewed_on", text("2026-02-01")),
        ("reviewer", text("ORG-ALLIANCE")),
    ]);
    mission.add(FILE, "PolicyReview", review);
    let consultation = object([
        ("id", text("EN-3")),
        ("organisation", text("ORG-RELIEF")),
        ("held_on", text("2015-11-20")),
        ("kind", text("consultation")),
        ("topics", texts(&["children"])),
        ("on_instrument", text("PROCEDURES-CHILDREN")),
    ]);
    mission.add(FILE, "Engagement", consultation);
}

fn risks(mission: &mut Mission) {
    for (id, topic) in [("RISK-1", "children"), ("RISK-2", "cultural_property")] {
        let record = object([
            ("id", text(id)),
            ("topic", text(topic)),
            ("mission", text("HERON")),
            ("completed_on", text("2025-12-01")),
            ("level", text("high")),
            ("informed_by", texts(&["ORG-FUND"])),
            ("groups_considered", texts(&["women", "men", "girls", "boys"])),
            ("indicators_used", texts(&[])),
        ]);
        mission.add(FILE, "RiskAssessment", record);
    }
    for (id, risk, due, done) in [
        ("MIT-1", "RISK-1", "2026-02-01", "2026-02-01"),
        // A day late.
        ("MIT-2", "RISK-1", "2026-03-01", "2026-03-02"),
        ("MIT-3", "RISK-1", "2026-06-01", ""),
        ("MIT-4", "RISK-2", "2026-03-01", ""),
    ] {
        let record =
            object([("id", text(id)), ("assessment", text(risk)), ("owner", text("CIM-JFH")), ("due_on", text(due))]);
        let record = if done.is_empty() { record } else { record.with("done_on", text(done)) };
        mission.add(FILE, "Mitigation", record);
    }
    mission.advice("caac.planning.mitigate_risks_to_children", &["MIT-2"]);
    mission.count("caac.planning.mitigate_risks_to_children", "pending");
}
