//! What further layers say of the same records: custom, resolutions and peacetime duties.

use crate::mission::Mission;

/// Expects the planted records once more by the rules of other layers, and what is missing where nobody keeps a record.
pub(crate) fn write(mission: &mut Mission) {
    again(mission);
    not_on_record(mission);
}

/// Planted elsewhere; other texts ask for the same.
fn again(mission: &mut Mission) {
    // The resolution asks of schools what the guidelines ask.
    for subject in ["S-01", "S-02", "S-03", "S-25", "S-26", "S-27"] {
        mission.advice("caac.resolutions.no_military_use_of_schools", &[subject]);
    }
    // The verified incidents of killing, by the resolution that condemns the targeting of children.
    for subject in ["ORG-ARMY", "ORG-GUARD"] {
        mission.breach("caac.resolutions.no_targeting_of_children", &[subject]);
    }
    // The verified attack on a school, by the resolution.
    mission.breach("caac.resolutions.stop_attacks_on_schools_and_hospitals", &["ORG-ARMY"]);
    // Who was deployed without the course lacks it by the resolution as well.
    for subject in ["DEP-07", "DEP-19", "DEP-28"] {
        mission.advice("caac.resolutions.train_on_child_protection", &[subject]);
    }
    // No withdrawal of immunity was told to the other side.
    for subject in ["W-08", "W-11"] {
        mission.breach("cpp.refuges.notice_to_the_other_side", &[subject]);
    }
    // Every place of importance may bear the emblem.
    for _ in 0..20 {
        mission.count("cpp.emblem.may_be_marked", "permitted");
    }
}

/// A duty that nothing shows to be kept is broken, and a fact that nobody wrote down is unknown.
fn not_on_record(mission: &mut Mission) {
    // No step of the command or the Alliance as a whole is on record.
    mission.advice("caac.commitments.awareness_in_the_lead", &["HERON"]);
    mission.advice("caac.commitments.courses_for_all_and_for_roles", &[]);
    for subject in ["DIV-1", "JFH", "THTR"] {
        mission.advice("caac.commitments.focal_points_bring_the_guidelines_in", &[subject]);
    }
    mission.advice("caac.commitments.keep_up_with_good_practice", &["POLICY-CHILDREN"]);
    // The register of the exercise names parties to treaties, and none of their laws and measures.
    for subject in ["PARTY-5", "PARTY-6"] {
        mission.breach("caac.optional_protocol.states_forbid_it_by_law", &[subject]);
    }
    // The exercise keeps no record of it.
    mission.breach("cpp.directive.evaluated_in_exercises", &[]);
    mission.breach("cpp.directive.register_of_places", &["HERON"]);
    // The register of the exercise names parties to treaties, and none of their laws and measures.
    for rule in [
        "cpp.peacetime.guidelines_and_training",
        "cpp.peacetime.ways_of_preparing",
        "cpp.sanctions.other_violations_are_suppressed",
        "cpp.sanctions.serious_violations_are_offences",
    ] {
        for party in ["PARTY-1", "PARTY-3", "PARTY-4", "PARTY-13"] {
            mission.breach(rule, &[party]);
        }
    }
    for party in ["PARTY-7", "PARTY-8", "PARTY-9", "PARTY-10", "PARTY-11"] {
        mission.breach("cpp.peacetime.regulations_and_respect", &[party]);
        mission.count("cpp.peacetime.report_every_four_years", "pending");
    }
    // The forces of the first two have officers for heritage in the exercise.
    for party in ["PARTY-9", "PARTY-10", "PARTY-11"] {
        mission.breach("cpp.peacetime.specialists_in_the_forces", &[party]);
    }
    for appointment in ["AP-HO-BN-1", "AP-HO-BN-2"] {
        mission.breach("cpp.peacetime.those_with_duties_know_the_text", &[appointment]);
    }
    // How often the record that would decide is not kept.
    for (rule, times) in [
        ("caac.commitments.commanders_are_prepared", 16),
        ("cpp.custom.custom_no_illicit_export", 7),
        ("cpp.directive.training_is_coordinated", 2),
        ("cpp.emblem.emblem_is_not_misused", 54),
        ("cpp.first_protocol.take_custody", 2),
        ("cpp.occupied_territory.no_illicit_trade", 7),
        ("cpp.refuges.fit_for_special_protection", 2),
        ("cpp.refuges.open_to_control", 2),
    ] {
        for _ in 0..times {
            mission.count(rule, "undetermined");
        }
    }
}
