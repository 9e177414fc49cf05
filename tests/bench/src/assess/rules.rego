# Eleven rules of the standard library, written by hand for the comparison. They say what is broken on complete data; unknown values,
# pending duties, waivers and explanations, which the rule pack also judges, are left out: that favours this side.
package rules

import rego.v1

as_of := time.parse_rfc3339_ns("2024-12-31T00:00:00Z")

hour := 3600000000000

reports[incident] contains report if {
	some report in data.Report
	report.channel == "chain_of_command"
	incident := report.incident
}

steps[incident] contains step if {
	some step in data.Intervention
	incident := step.incident
}

commanders[unit] contains post.id if {
	some post in data.Post
	post.role_code == "commander"
	unit := post.unit
}

great_sites contains site.id if {
	some site in data.Site
	site.great_importance
}

reported(incident, from, due) if {
	some report in reports[incident.id]
	report.from_post in commanders[incident.observed_by]
	sent := time.parse_rfc3339_ns(report.sent_at)
	sent >= from
	sent <= due
}

answered(incident, from, due) if {
	some step in steps[incident.id]
	step.kind != "report_only"
	taken := time.parse_rfc3339_ns(step.taken_at)
	taken >= from
	taken <= due
}

stepped_in(incident, from, due) if {
	some step in steps[incident.id]
	step.kind in {"prevent_by_presence", "stop", "secure_site"}
	taken := time.parse_rfc3339_ns(step.taken_at)
	taken >= from
	taken <= due
}

report_grave_violation contains incident.id if {
	some incident in data.Incident
	incident.kind == "grave_violation"
	incident.verification != "refuted"
	from := time.parse_rfc3339_ns(incident.observed_at)
	due := from + (24 * hour)
	due < as_of
	not reported(incident, from, due)
}

report_other_abuse contains incident.id if {
	some incident in data.Incident
	incident.kind == "other_child_abuse"
	incident.verification != "refuted"
	from := time.parse_rfc3339_ns(incident.observed_at)
	due := from + (24 * hour)
	due < as_of
	not reported(incident, from, due)
}

stop_pillage contains incident.id if {
	some incident in data.Incident
	incident.kind == "cultural_property_damage"
	incident.verification != "refuted"
	from := time.parse_rfc3339_ns(incident.observed_at)
	due := from + (12 * hour)
	due < as_of
	not stepped_in(incident, from, due)
}

concerns_children(incident) if incident.kind in {"grave_violation", "other_child_abuse"}

respond_to_violations contains incident.id if {
	some incident in data.Incident
	concerns_children(incident)
	incident.verification != "refuted"
	from := time.parse_rfc3339_ns(incident.observed_at)
	due := from + (72 * hour)
	due < as_of
	not answered(incident, from, due)
}

committed[violation] contains incident.alleged_party if {
	some incident in data.Incident
	incident.kind == "grave_violation"
	incident.verification == "verified"
	incident.attribution == "verified_author"
	violation := incident.grave_violation
}

parties contains organisation.id if {
	some organisation in data.Organisation
	organisation.party_to_conflict
}

default no_killing_or_maiming := set()

no_killing_or_maiming := parties & committed.killing_maiming

default no_recruitment_or_use := set()

no_recruitment_or_use := parties & committed.recruitment_use

default no_sexual_violence := set()

no_sexual_violence := parties & committed.sexual_violence

default no_abduction := set()

no_abduction := parties & committed.abduction

default no_attack_on_schools_or_hospitals := set()

no_attack_on_schools_or_hospitals := parties & committed.attack_school_hospital

default no_denial_of_humanitarian_access := set()

no_denial_of_humanitarian_access := parties & committed.denial_humanitarian_access

no_military_use contains use.site if {
	some use in data.MilitaryUse
	use.site in great_sites
}

broken := {
	"report_grave_violation": count(report_grave_violation),
	"report_other_abuse": count(report_other_abuse),
	"respond_to_violations": count(respond_to_violations),
	"stop_pillage": count(stop_pillage),
	"no_killing_or_maiming": count(no_killing_or_maiming),
	"no_recruitment_or_use": count(no_recruitment_or_use),
	"no_sexual_violence": count(no_sexual_violence),
	"no_abduction": count(no_abduction),
	"no_attack_on_schools_or_hospitals": count(no_attack_on_schools_or_hospitals),
	"no_denial_of_humanitarian_access": count(no_denial_of_humanitarian_access),
	"no_military_use": count(no_military_use),
}
