//! Organisations, units, posts and appointments.

use crate::mission::Mission;
use crate::value::{Value, object, position, text, texts};

const FILE: &str = "command.yaml";

/// Units with echelon, the unit above and nation. Codes of nations are from the range left free for users.
const UNITS: [(&str, &str, &str, &str); 17] = [
    ("THTR", "theatre", "", "XAA"),
    ("JFH", "joint", "THTR", ""),
    ("DIV-1", "division", "JFH", "XAA"),
    ("BDE-1", "brigade", "DIV-1", "XAA"),
    ("BDE-2", "brigade", "DIV-1", "XBB"),
    ("BN-1", "battalion", "BDE-1", "XAA"),
    ("BN-2", "battalion", "BDE-1", "XAA"),
    ("BN-3", "battalion", "BDE-2", "XBB"),
    ("BN-4", "battalion", "BDE-2", "XBB"),
    ("CO-1", "company", "BN-1", "XAA"),
    ("CO-2", "company", "BN-1", "XAA"),
    ("CO-3", "company", "BN-2", "XAA"),
    ("CO-4", "company", "BN-2", "XAA"),
    ("CO-5", "company", "BN-3", "XBB"),
    ("CO-6", "company", "BN-3", "XBB"),
    ("CO-7", "company", "BN-4", "XBB"),
    ("CO-8", "company", "BN-4", "XBB"),
];

/// Units that observe incidents.
pub(crate) const OBSERVERS: [&str; 12] =
    ["BN-1", "BN-2", "BN-3", "BN-4", "CO-1", "CO-2", "CO-3", "CO-4", "CO-5", "CO-6", "CO-7", "CO-8"];

/// The post that commands a unit.
pub(crate) fn commander_of(unit: &str) -> String {
    format!("CDR-{unit}")
}

/// The unit above a unit; empty at the top.
pub(crate) fn above(unit: &str) -> &'static str {
    UNITS.iter().find(|(id, ..)| *id == unit).map_or("", |(_, _, parent, _)| parent)
}

/// Adds the organisations, the units and who holds which post.
pub(crate) fn write(mission: &mut Mission) {
    organisations(mission);
    units(mission);
    posts(mission);
    focal_points(mission);
    heritage_officers(mission);
}

fn organisations(mission: &mut Mission) {
    for (id, name, kind, party) in [
        ("ORG-ALLIANCE", "The Alliance in the exercise", "alliance_body", false),
        ("ORG-FORCE", "Joint Force HERON", "state_force", false),
        ("ORG-GUARD", "Harbour Guard", "armed_group", true),
        ("ORG-ARMY", "Army of Heronsholm", "state_force", true),
        ("ORG-NEIGHBOUR", "Coast guard of a neighbour", "state_force", false),
        ("ORG-FUND", "United Nations fund (played)", "un_entity", false),
        ("ORG-RELIEF", "Heronsholm Relief", "ngo", false),
        ("ORG-COUNCIL", "Heritage Council of Heronsholm", "heritage_body", false),
        ("ORG-FACULTY", "Faculty of Archaeology", "academia", false),
        ("ORG-POLICE", "Police of Heronsholm", "host_nation_authority", false),
        ("ORG-SCHOOL-A", "First training institute", "training_institute", false),
        ("ORG-SCHOOL-B", "Second training institute", "training_institute", false),
    ] {
        let record = object([("id", text(id)), ("name", text(name)), ("kind", text(kind))]);
        let record = if party { record.with("party_to_conflict", Value::Bool(true)) } else { record };
        let record = match id {
            "ORG-ARMY" => record.with("nation", text("XEE")),
            // A state outside the treaties on cultural property.
            "ORG-NEIGHBOUR" => record.with("nation", text("XFF")),
            _ => record,
        };
        mission.add(FILE, "Organisation", record);
    }
}

fn units(mission: &mut Mission) {
    for (id, echelon, parent, nation) in UNITS {
        let mut record = object([("id", text(id)), ("echelon", text(echelon))]);
        if !parent.is_empty() {
            record = record.with("parent", text(parent));
        }
        if !nation.is_empty() {
            record = record.with("nation", text(nation));
        }
        if matches!(id, "THTR" | "JFH" | "DIV-1") {
            record = record.with("in_command_structure", Value::Bool(true));
        }
        if let Some((lat, lon)) = place(id) {
            record = record.with("location", position(lat, lon));
        }
        mission.add(FILE, "Unit", record);
    }
}

/// Where units lie that say so, in millionths of a degree. Sites lie on a wide grid (see `heritage`).
fn place(unit: &str) -> Option<(i64, i64)> {
    let near = |site: usize, north: i64| {
        let (lat, lon) = crate::heritage::place(site);
        (lat + north, lon)
    };
    Some(match unit {
        "BN-1" => near(1, 20_000),
        // A hundred and eleven metres north of H-08: planted in `heritage`.
        "BN-2" => near(8, 1_000),
        // Two hundred and eleven metres north of H-13, whose place is known to fifty metres only: planted in `heritage`.
        "CO-4" => near(13, 1_900),
        // As near to H-14, of a nation that the Second Protocol binds from July on only.
        "BN-3" => near(14, 1_000),
        "BN-4" => near(17, 20_000),
        // A hundred and fifty metres north of H-09, by a recorded decision: planted in `heritage`.
        "CO-3" => near(9, 1_350),
        _ => return None,
    })
}

fn posts(mission: &mut Mission) {
    for (unit, ..) in UNITS {
        let id = commander_of(unit);
        post(mission, &id, "commander", unit);
        appointment(mission, &format!("AP-{id}"), &id, "2026-01-01", None, &[]);
    }
    post(mission, "LEG-DIV-1", "legal_adviser", "DIV-1");
    post(mission, "CIM-JFH", "civil_military", "JFH");
    for (id, role) in [
        ("SFP", "senior_children_focal_point"),
        ("TRAIN", "training_authority"),
        ("EXPLAN", "exercise_planner"),
        ("TRAINER", "other"),
    ] {
        let record = object([("id", text(id)), ("role_code", text(role)), ("organisation", text("ORG-ALLIANCE"))]);
        mission.add(FILE, "Post", record);
    }
}

fn post(mission: &mut Mission, id: &str, role: &str, unit: &str) {
    let record = object([("id", text(id)), ("role_code", text(role)), ("unit", text(unit))]);
    mission.add(FILE, "Post", record);
}

fn appointment(mission: &mut Mission, id: &str, post: &str, from: &str, until: Option<&str>, areas: &[&str]) {
    let record =
        object([("id", text(id)), ("post", text(post)), ("duty_for", texts(areas)), ("starts_on", text(from))]);
    let record = match until {
        Some(until) => record.with("ends_on", text(until)),
        None => record,
    };
    mission.add(FILE, "Appointment", record);
}

fn focal_points(mission: &mut Mission) {
    for (unit, until) in [("THTR", None), ("JFH", None), ("DIV-1", Some("2026-04-01"))] {
        let id = format!("FP-{unit}");
        post(mission, &id, "children_focal_point", unit);
        appointment(mission, &format!("AP-{id}"), &id, "2025-06-01", until, &["children"]);
    }
    // The focal point of the division left and nobody came.
    mission.advice("caac.focal_points.focal_point_in_each_command", &["DIV-1"]);
}

fn heritage_officers(mission: &mut Mission) {
    for unit in ["BN-1", "BN-2", "BN-3"] {
        let id = format!("HO-{unit}");
        post(mission, &id, "heritage_officer", unit);
        appointment(mission, &format!("AP-{id}"), &id, "2026-01-15", None, &["cultural_property"]);
    }
    // The fourth battalion has the post and nobody in it.
    post(mission, "HO-BN-4", "heritage_officer", "BN-4");
    mission.breach("exercise_heron.heritage_officer_in_each_battalion", &["BN-4"]);
}
