//! Sites, who uses them and under which waiver, who guards them, and movable objects.

use crate::mission::Mission;
use crate::value::{Value, object, position, text, texts};

const FILE: &str = "sites.yaml";

/// How many places of importance there are: H-01 and so on.
const IMPORTANT: usize = 20;
/// How many schools: S-01 and so on.
const SCHOOLS: usize = 30;

/// Where the n-th place of importance lies, in millionths of a degree: a grid in the open ocean, five kilometres wide.
pub(crate) fn place(n: usize) -> (i64, i64) {
    let n = i64::try_from(n).unwrap_or(0);
    (30_000_000 + (n % 5) * 50_000, -45_000_000 + (n / 5) * 60_000)
}

/// Adds everything that concerns sites.
pub(crate) fn write(mission: &mut Mission) {
    important(mission);
    ordinary(mission);
    lists(mission);
    uses_of_heritage(mission);
    uses_under_special_rules(mission);
    uses_of_schools(mission);
    distances(mission);
    handovers(mission);
    objects(mission);
}

fn site(id: &str, kind: &str, at: Value, protection: &[&str], important: bool) -> Value {
    object([
        ("id", text(id)),
        ("kind", text(kind)),
        ("location", at),
        ("protection", texts(protection)),
        ("great_importance", Value::Bool(important)),
        ("mission", text("HERON")),
        ("state", text("XEE")),
        ("symbolic_for", texts(&[])),
    ])
}

fn important(mission: &mut Mission) {
    let kinds = ["monastery", "church", "mosque", "museum", "archive", "shrine", "monument"];
    for n in 1..=IMPORTANT {
        let (lat, lon) = place(n);
        let here = position(lat, lon);
        // The place of H-13 is known roughly.
        let here = if n == 13 { here.with("within", text("50 m")) } else { here };
        let protection: &[&str] = match n {
            10 | 11 => &["special"],
            12 => &["enhanced"],
            _ => &["general_cultural"],
        };
        let id = format!("H-{n:02}");
        let kind = kinds.get(n % kinds.len()).copied().unwrap_or("monument");
        let record = site(&id, kind, here, protection, true);
        let record = match n {
            10 => record.with("emblem", text("blue_shield_triple")),
            // One shield where three are due.
            11 => record.with("emblem", text("blue_shield")),
            _ => record,
        };
        mission.add(FILE, "Site", record);
        mission.count("cpp.planning.objects_may_be_protected", "permitted");
    }
    mission.breach("cpp.special.special_sites_bear_the_emblem", &["H-11"]);
}

fn ordinary(mission: &mut Mission) {
    for n in 1..=6 {
        let here = position(30_500_000 + n * 10_000, -45_000_000);
        mission.add(FILE, "Site", site(&format!("C-{n:02}"), "church", here, &["civilian_object"], false));
        mission.count("cpp.planning.objects_may_be_protected", "permitted");
    }
    for n in 1..=SCHOOLS {
        let east = i64::try_from(n).unwrap_or(0) * 10_000;
        let status = match n {
            1..=20 => "working",
            21..=24 => "closed_for_now",
            _ => "abandoned",
        };
        let record =
            site(&format!("S-{n:02}"), "school", position(30_600_000, -45_000_000 + east), &["educational"], false);
        mission.add(FILE, "Site", record.with("school_status", text(status)));
        mission.count("cpp.planning.objects_may_be_protected", "permitted");
    }
}

fn lists(mission: &mut Mission) {
    for n in 1..=IMPORTANT {
        // H-07 was struck off and is not guarded either.
        let removed = n == 7;
        let record = object([
            ("id", text(format!("NSL-{n:02}"))),
            ("site", text(format!("H-{n:02}"))),
            ("list_version", text("LIST-2026-2")),
            ("added_on", text("2025-12-01")),
            ("sources", texts(&["ORG-COUNCIL", "ORG-FACULTY"])),
            ("distributed_to", texts(&[])),
            ("buffer", text("300 m")),
        ]);
        let record = if removed { record.with("removed_on", text("2026-04-01")) } else { record };
        mission.add(FILE, "NoStrikeEntry", record);
    }
    mission.advice("cpp.planning.sites_are_looked_after", &["H-07"]);
    // The list before, with one body behind it.
    let old = object([
        ("id", text("NSL-OLD-01")),
        ("site", text("H-15")),
        ("list_version", text("LIST-2026-1")),
        ("added_on", text("2025-06-01")),
        ("removed_on", text("2025-12-01")),
        ("sources", texts(&["ORG-COUNCIL"])),
        ("distributed_to", texts(&[])),
    ]);
    mission.add(FILE, "NoStrikeEntry", old);
}

/// A use, by a unit of the force or by a party.
fn military_use(mission: &mut Mission, id: &str, site: &str, unit: Option<&str>, from: &str, until: &str) {
    let record = object([("id", text(id)), ("site", text(site)), ("starts_at", text(from)), ("ends_at", text(until))]);
    let record = match unit {
        Some(unit) => record.with("used_by", text("ORG-FORCE")).with("unit", text(unit)),
        None => record.with("used_by", text("ORG-GUARD")),
    };
    mission.add(FILE, "MilitaryUse", record);
}

/// A waiver of a rule for a site. More fields can be added to what is returned.
pub(crate) fn waiver(id: &str, rule: &str, ground: &str, site: &str, echelon: &str, from: &str, until: &str) -> Value {
    object([
        ("id", text(id)),
        ("waived_rule", text(rule)),
        ("ground", text(ground)),
        ("site", text(site)),
        ("granted_by", text("CDR-DIV-1")),
        ("approver_echelon", text(echelon)),
        ("granted_at", text(from)),
        ("valid_from", text(from)),
        ("valid_to", text(until)),
        ("reason", text("recorded by the officer who granted it")),
        ("no_feasible_alternative", Value::Bool(true)),
    ])
}

fn grant(mission: &mut Mission, record: Value) {
    mission.add(FILE, "WaiverRecord", record);
}

fn uses_of_heritage(mission: &mut Mission) {
    const USE: &str = "cpp.respect.no_military_use";
    const BOUND: &str = "cpp.respect.no_military_use_second_protocol";
    const IMPERATIVE: &str = "imperative_necessity";
    let (from, until) = ("2026-03-01T00:00Z", "2026-03-03T00:00Z");
    let plain =
        |id: &str, site: &str, until: &str| waiver(id, "no_military_use", IMPERATIVE, site, "battalion", from, until);
    let bound = |id: &str, site: &str, echelon: &str, until: &str| {
        waiver(id, "no_military_use_second_protocol", IMPERATIVE, site, echelon, from, until)
    };

    // H-01: both waivers, in order.
    military_use(mission, "MU-01", "H-01", Some("BN-1"), from, until);
    grant(mission, plain("W-01", "H-01", until));
    grant(mission, bound("W-02", "H-01", "battalion", until));
    mission.count(USE, "waived");
    mission.count(BOUND, "waived");

    // H-02: a company commander is too low under the Second Protocol.
    military_use(mission, "MU-02", "H-02", Some("CO-1"), from, until);
    grant(mission, plain("W-03", "H-02", until));
    grant(mission, bound("W-04", "H-02", "company", until));
    mission.count(USE, "waived");
    mission.breach(BOUND, &["H-02"]);

    // H-03: no waiver at all.
    military_use(mission, "MU-03", "H-03", Some("BN-2"), from, until);
    mission.breach(USE, &["H-03"]);
    mission.breach(BOUND, &["H-03"]);

    // H-04: the waivers end a day before the use does.
    military_use(mission, "MU-04", "H-04", Some("BN-2"), from, "2026-03-04T00:00Z");
    grant(mission, plain("W-05", "H-04", until));
    grant(mission, bound("W-06", "H-04", "battalion", until));
    mission.breach(USE, &["H-04"]);
    mission.breach(BOUND, &["H-04"]);

    // H-05: an armed group used it, in an internal conflict in a state that is bound: so each side is.
    military_use(mission, "MU-05", "H-05", None, from, until);
    mission.breach(USE, &["H-05"]);
    mission.breach(BOUND, &["H-05"]);

    // H-06: a unit of a nation that the Second Protocol binds from July on.
    military_use(mission, "MU-06", "H-06", Some("BN-3"), from, until);
    grant(mission, plain("W-07", "H-06", until));
    mission.count(USE, "waived");

    // H-20: a neighbour that is no party to the conflict and not bound by the Convention; custom asks the same of it.
    let by_neighbour = object([
        ("id", text("MU-16")),
        ("site", text("H-20")),
        ("used_by", text("ORG-NEIGHBOUR")),
        ("starts_at", text(from)),
        ("ends_at", text(until)),
    ]);
    mission.add(FILE, "MilitaryUse", by_neighbour);
    mission.breach("cpp.custom.custom_no_exposing_use", &["MU-16"]);

    // H-14: a company cut off, with a reason on record.
    military_use(mission, "MU-09", "H-14", Some("CO-2"), from, until);
    grant(mission, plain("W-12", "H-14", until));
    grant(mission, bound("W-13", "H-14", "company", until).with("circumstances_prevented", Value::Bool(true)));
    mission.count(USE, "waived");
    mission.count(BOUND, "waived");
}

fn uses_under_special_rules(mission: &mut Mission) {
    let (from, until) = ("2026-04-10T00:00Z", "2026-04-12T00:00Z");
    // H-10, under special protection: a division withdrew its immunity and said so.
    military_use(mission, "MU-07", "H-10", Some("BN-1"), from, until);
    grant(mission, waiver("W-08", "no_use_of_special_sites", "unavoidable_necessity", "H-10", "division", from, until));
    grant(mission, waiver("W-09", "no_military_use", "imperative_necessity", "H-10", "division", from, until));
    grant(
        mission,
        waiver("W-10", "no_military_use_second_protocol", "imperative_necessity", "H-10", "division", from, until),
    );
    notice(mission, "NOTICE-1", "W-08", "2026-04-11T00:00Z", true);
    mission.count("cpp.special.no_use_of_special_sites", "waived");
    mission.count("cpp.respect.no_military_use", "waived");
    mission.count("cpp.respect.no_military_use_second_protocol", "waived");
    // H-11: immunity withdrawn and never used, told by word of mouth only.
    grant(mission, waiver("W-11", "no_use_of_special_sites", "unavoidable_necessity", "H-11", "division", from, until));
    notice(mission, "NOTICE-2", "W-11", "2026-04-10T06:00Z", false);
    mission.breach("cpp.special.notice_of_withdrawal", &["W-11"]);
    // H-12, under enhanced protection: a party made it a strongpoint.
    military_use(mission, "MU-08", "H-12", None, "2026-03-10T00:00Z", "2026-03-20T00:00Z");
    mission.breach("cpp.enhanced.no_use_of_enhanced_sites", &["H-12"]);
    mission.breach("cpp.respect.no_military_use", &["H-12"]);
    mission.breach("cpp.respect.no_military_use_second_protocol", &["H-12"]);
}

fn notice(mission: &mut Mission, id: &str, waiver: &str, sent: &str, in_writing: bool) {
    let record = object([
        ("id", text(id)),
        ("waiver_record", text(waiver)),
        ("sent_at", text(sent)),
        ("in_writing", Value::Bool(in_writing)),
        ("reasons_given", Value::Bool(true)),
        ("to_commissioner_general", Value::Bool(true)),
    ]);
    mission.add(FILE, "WithdrawalNotice", record);
}

fn uses_of_schools(mission: &mut Mission) {
    const ORDER: &str = "exercise_heron.order_no_use_of_schools";
    const GUIDELINE: &str = "caac.schools.no_use_of_working_schools";
    const ABANDONED: &str = "caac.schools.abandoned_schools_only_without_alternative";
    let urgency = |id: &str, site: &str, echelon: &str, until: &str| {
        waiver(id, "order_no_use_of_schools", "operational_urgency", site, echelon, "2026-04-01T00:00Z", until)
    };
    // Allowed by a brigade for five days; by a battalion, which is too low; by a brigade for nine days, of which seven count.
    for (id, waiver_id, site, unit, echelon, until) in [
        ("MU-10", "W-14", "S-01", "BN-1", "brigade", "2026-04-06T00:00Z"),
        ("MU-11", "W-15", "S-02", "BN-3", "battalion", "2026-04-06T00:00Z"),
        ("MU-12", "W-16", "S-03", "BN-3", "brigade", "2026-04-10T00:00Z"),
    ] {
        military_use(mission, id, site, Some(unit), "2026-04-01T00:00Z", until);
        grant(mission, urgency(waiver_id, site, echelon, until));
        // The guideline knows no waiver, and the exercise order has endorsed it.
        mission.breach(GUIDELINE, &[site]);
    }
    mission.count(ORDER, "waived");
    mission.breach(ORDER, &["S-02"]);
    mission.breach(ORDER, &["S-03"]);
    // Abandoned schools: no other place, another place, and nobody wrote it down.
    for (id, site, alternative) in
        [("MU-13", "S-25", Some(true)), ("MU-14", "S-26", Some(false)), ("MU-15", "S-27", None)]
    {
        let record = object([
            ("id", text(id)),
            ("site", text(site)),
            ("used_by", text("ORG-FORCE")),
            ("unit", text("BN-2")),
            ("starts_at", text("2026-04-01T00:00Z")),
            ("ends_at", text("2026-04-03T00:00Z")),
        ]);
        let record = match alternative {
            Some(none) => record.with("no_viable_alternative", Value::Bool(none)),
            None => record,
        };
        mission.add(FILE, "MilitaryUse", record);
    }
    mission.breach(ABANDONED, &["MU-14"]);
    mission.count(ABANDONED, "undetermined");
}

fn distances(mission: &mut Mission) {
    const AWAY: &str = "cpp.precautions.keep_units_away";
    mission.breach(AWAY, &["BN-2", "H-08"]);
    mission.count(AWAY, "undetermined");
    let decision = object([
        ("id", text("SITING-1")),
        ("unit", text("CO-3")),
        ("site", text("H-09")),
        ("decided_on", text("2026-02-01")),
        ("decided_by", text("CDR-BN-2")),
        ("no_feasible_alternative", Value::Bool(true)),
    ]);
    mission.add(FILE, "SitingDecision", decision);
    mission.count(AWAY, "exempt");
}

fn handovers(mission: &mut Mission) {
    for (id, site, from, until) in [
        ("TASK-1", "H-16", "2025-12-01", "2026-02-01"),
        ("TASK-2", "H-16", "2026-02-01", "2026-04-01"),
        ("TASK-3", "H-17", "2025-12-01", "2026-02-01"),
        // Two days after the one before: a gap.
        ("TASK-4", "H-17", "2026-02-03", "2026-04-01"),
        ("TASK-5", "H-18", "2025-12-01", "2026-04-01"),
        // Given up: nobody follows, and nothing was handed over.
        ("TASK-6", "H-19", "2025-12-01", "2026-04-01"),
    ] {
        let record = object([
            ("id", text(id)),
            ("site", text(site)),
            ("protector", text("ORG-ALLIANCE")),
            ("mode", text("fixed")),
            ("starts_on", text(from)),
            ("ends_on", text(until)),
        ]);
        mission.add(FILE, "ProtectionTask", record);
    }
    for (id, site, security) in [("HAND-1", "H-16", "low"), ("HAND-2", "H-17", "moderate"), ("HAND-3", "H-18", "high")]
    {
        let record = object([
            ("id", text(id)),
            ("site", text(site)),
            ("from_organisation", text("ORG-ALLIANCE")),
            ("to_organisation", text("ORG-POLICE")),
            ("effective_on", text("2026-04-01")),
            ("security", text(security)),
            ("security_assessed_on", text("2026-03-20")),
            ("custodian_consulted_on", text("2026-03-10")),
        ]);
        mission.add(FILE, "Handover", record);
    }
    mission.breach("cpp.guarding.guard_until_handover", &["HAND-2"]);
    mission.breach("cpp.guarding.no_guard_given_up", &["TASK-6"]);
    mission.advice("cpp.guarding.secure_before_handover", &["HAND-3"]);
}

fn objects(mission: &mut Mission) {
    for n in 1..=10 {
        let record = object([("id", text(format!("OBJECT-{n:02}"))), ("origin", text(format!("H-{n:02}")))]);
        let record = match n {
            8 => exported(record, None, "", ""),
            9 => exported(record, Some("2025-03-01"), "2026-03-01", "2026-02-20"),
            10 => exported(record, Some("2025-02-01"), "2026-07-01", ""),
            _ => record.with("exported_from_occupied", Value::Bool(false)),
        };
        mission.add(FILE, "CulturalObject", record.with("chain_of_custody", texts(&[])));
    }
    // The ninth was paid for within the year, the tenth never; it is not due back yet.
    let paid = object([
        ("id", text("INDEMNITY-1")),
        ("object", text("OBJECT-09")),
        ("paid_by", text("ORG-ARMY")),
        ("paid_on", text("2025-10-01")),
        ("amount", text("12000 EUR")),
    ]);
    mission.add(FILE, "Indemnity", paid);
    mission.count("cpp.occupation.no_export_from_occupied_territory", "repaired");
    mission.breach("cpp.occupation.no_export_from_occupied_territory", &["OBJECT-10"]);
    mission.count("cpp.occupation.return_after_hostilities", "pending");
    for (id, object_id, safekeeping) in [("TAKING-1", "OBJECT-02", false), ("TAKING-2", "OBJECT-03", true)] {
        let record = object([
            ("id", text(id)),
            ("object", text(object_id)),
            ("taken_by", text("ORG-GUARD")),
            ("taken_on", text("2026-03-05")),
            ("for_safekeeping", Value::Bool(safekeeping)),
            ("in_other_territory", Value::Bool(true)),
        ]);
        mission.add(FILE, "Taking", record);
    }
    mission.breach("cpp.respect.no_requisition", &["OBJECT-02"]);
}

fn exported(record: Value, on: Option<&str>, due: &str, back: &str) -> Value {
    let record = record
        .with("custody", text("ORG-ARMY"))
        .with("occupying_power", text("ORG-ARMY"))
        .with("exported_from_occupied", Value::Bool(on.is_some()));
    let fields = [("exported_on", on.unwrap_or("")), ("return_due_on", due), ("returned_on", back)];
    fields
        .into_iter()
        .filter(|(_, day)| !day.is_empty())
        .fold(record, |record, (name, day)| record.with(name, text(day)))
}
