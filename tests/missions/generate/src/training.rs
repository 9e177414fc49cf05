//! Courses, deployments, exercises and partners.

use crate::calendar::{DAY, at, date};
use crate::command::OBSERVERS;
use crate::mission::Mission;
use crate::value::{Value, object, text, texts};

const FILE: &str = "training.json";

/// Adds everything that concerns training.
pub(crate) fn write(mission: &mut Mission) {
    courses(mission);
    for n in 1..=40 {
        deployment(mission, n);
    }
    exercises(mission);
    partners(mission);
}

fn courses(mission: &mut Mission) {
    for (id, provider, topic, elements) in [
        ("COURSE-1", "ORG-SCHOOL-A", "children", ["recognise", "monitor", "report"].as_slice()),
        ("COURSE-2", "ORG-SCHOOL-A", "cultural_property", &["concept", "operational_use"]),
        ("COURSE-3", "ORG-SCHOOL-B", "cultural_property", &["concept", "operational_use"]),
    ] {
        let record = object([
            ("id", text(id)),
            ("provider", text(provider)),
            ("topics", texts(&[topic])),
            ("elements", texts(elements)),
            ("audience", texts(&["military"])),
        ]);
        mission.add(FILE, "Course", record.with("given_with", texts(&[])));
    }
}

fn deployment(mission: &mut Mission, n: i64) {
    let id = format!("DEP-{n:02}");
    let person = format!("PERSON-{n:03}");
    let unit = mission.random.pick(&OBSERVERS);
    let deployed = at(2026, 2, 1, 0, 0) + mission.random.between(0, 40) * DAY;
    let born = at(1985, 1, 1, 0, 0) + mission.random.between(0, 6_000) * DAY;
    // Seventeen years old on the day of deployment.
    let born = if n == 11 { deployed - 18 * 365 * DAY } else { born };
    let mut record = object([
        ("id", text(&id)),
        ("person", text(&person)),
        ("category", text("military")),
        ("unit", text(unit)),
        ("deployed_on", text(date(deployed))),
        ("duties", texts(&["patrol"])),
    ]);
    match n {
        // The day of birth is not recorded.
        12 => mission.count("caac.violations.no_direct_part_under_18", "undetermined"),
        11 => {
            record = record.with("born_on", text(date(born)));
            mission.breach("caac.violations.no_direct_part_under_18", &[&id]);
        }
        _ => record = record.with("born_on", text(date(born))),
    }
    mission.add(FILE, "Deployment", record);
    // Never trained; trained on the day of arrival; failed.
    let trained = deployed - mission.random.between(5, 200) * DAY;
    let (completed, result) = match n {
        7 => (None, ""),
        19 => (Some(deployed), "passed"),
        28 => (Some(trained), "failed"),
        _ => (Some(trained), "passed"),
    };
    if matches!(n, 7 | 19 | 28) {
        mission.advice("caac.training.train_before_deployment", &[&id]);
    }
    if let Some(completed) = completed {
        let record = object([
            ("id", text(format!("TR-{n:02}"))),
            ("person", text(person)),
            ("course", text("COURSE-1")),
            ("completed_on", text(date(completed))),
            ("result", text(result)),
        ]);
        mission.add(FILE, "TrainingRecord", record);
    }
}

fn exercises(mission: &mut Mission) {
    for (id, from, until, played_at, played) in [
        ("EX-1", "2022-05-02", "2022-05-13", "2022-05-04T10:00Z", true),
        ("EX-2", "2024-09-02", "2024-09-13", "2024-09-05T10:00Z", true),
        ("EX-3", "2025-10-06", "2025-10-17", "2025-10-08T10:00Z", false),
    ] {
        let record = object([
            ("id", text(id)),
            ("level", text("operational")),
            ("starts_on", text(from)),
            ("ends_on", text(until)),
            ("audience", texts(&["CDR-JFH"])),
        ]);
        mission.add(FILE, "Exercise", record);
        let inject = object([
            ("id", text(format!("INJ-{id}"))),
            ("exercise", text(id)),
            ("topic", text("children")),
            ("played", Value::Bool(played)),
            ("played_at", text(played_at)),
        ]);
        mission.add(FILE, "Inject", inject);
    }
    // Planned and not played, after the policy.
    mission.advice("caac.training.exercises_play_children", &["EX-3"]);
    mission.advice("caac.training.exercises_play_child_protection", &["EX-3"]);
}

fn partners(mission: &mut Mission) {
    for (id, invited, topics) in [
        ("PT-1", Some(true), ["children", "civilians"].as_slice()),
        ("PT-2", Some(true), &["civilians"]),
        ("PT-3", Some(false), &["civilians"]),
        ("PT-4", None, &["civilians"]),
    ] {
        let record = object([
            ("id", text(id)),
            ("partner", text("ORG-ARMY")),
            ("delivered_on", text("2026-03-20")),
            ("delivered_by", text("TRAINER")),
            ("topics", texts(topics)),
        ]);
        let record = match invited {
            Some(invited) => record.with("invited", Value::Bool(invited)),
            None => record,
        };
        mission.add(FILE, "PartnerTraining", record);
    }
    mission.advice("caac.training.partners_hear_about_children", &["PT-2"]);
    // Whether the partner asked is not recorded.
    mission.count("caac.training.partners_hear_about_children", "undetermined");
}
