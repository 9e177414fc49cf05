//! Mission data made up for measuring: as many incidents as asked for, with what was reported and done about them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

const UNITS: u64 = 200;
const PARTIES: u64 = 40;
const SITES: u64 = 300;

/// Writes one JSON Lines file for each type of record. The same number gives the same bytes.
pub fn write(folder: &Path, incidents: u64) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let file = |name: &str| File::create(folder.join(format!("{name}.jsonl"))).map(BufWriter::new);
    let mut units = file("Unit")?;
    let mut posts = file("Post")?;
    for unit in 0..UNITS {
        let parent = if unit == 0 { String::new() } else { format!(r#","parent":"unit-{}""#, unit / 8) };
        writeln!(units, r#"{{"id":"unit-{unit}","echelon":"battalion","nation":"XAA"{parent}}}"#)?;
        writeln!(posts, r#"{{"id":"commander-{unit}","role_code":"commander","unit":"unit-{unit}"}}"#)?;
    }
    let mut organisations = file("Organisation")?;
    for party in 0..PARTIES {
        let to_conflict = party % 4 != 0;
        writeln!(organisations, r#"{{"id":"party-{party}","kind":"armed_group","party_to_conflict":{to_conflict}}}"#)?;
    }
    // An internal conflict in a state that is party to the Convention of 1954: so each side keeps it, groups with it.
    writeln!(
        file("Mission")?,
        r#"{{"id":"mission","kind":"mission","conflict_type":"non_international","lead_unit":"unit-0","started_on":"2024-01-01"}}"#
    )?;
    writeln!(file("Instrument")?, r#"{{"id":"HAGUE-1954","kind":"treaty","areas":["cultural_property"]}}"#)?;
    writeln!(
        file("InstrumentParty")?,
        r#"{{"id":"party-to-1954","instrument":"HAGUE-1954","state":"XAA","bound_from":"1990-01-01"}}"#
    )?;
    let mut sites = file("Site")?;
    let mut uses = file("MilitaryUse")?;
    for site in 0..SITES {
        let great = site % 3 != 0;
        writeln!(
            sites,
            r#"{{"id":"site-{site}","kind":"church","great_importance":{great},"protection":[],"symbolic_for":[],"mission":"mission","state":"XAA"}}"#
        )?;
        if site % 5 == 0 {
            writeln!(
                uses,
                r#"{{"id":"use-{site}","site":"site-{site}","used_by":"party-1","starts_at":"2024-02-01T00:00:00Z","ends_at":"2024-02-03T00:00:00Z"}}"#
            )?;
        }
    }
    self::incidents(folder, incidents, &mut random)
}

fn incidents(folder: &Path, number: u64, random: &mut Random) -> io::Result<()> {
    let file = |name: &str| File::create(folder.join(format!("{name}.jsonl"))).map(BufWriter::new);
    let (mut incidents, mut reports, mut steps) = (file("Incident")?, file("Report")?, file("Intervention")?);
    for id in 0..number {
        let unit = random.below(UNITS);
        let kind =
            ["grave_violation", "grave_violation", "other_child_abuse", "cultural_property_damage", "civilian_harm"]
                [random.below(5) as usize];
        let violation =
            ["killing_maiming", "recruitment_use", "sexual_violence", "abduction", "attack_school_hospital"]
                [random.below(5) as usize];
        let grave =
            if kind == "grave_violation" { format!(r#""grave_violation":"{violation}","#) } else { String::new() };
        let verification =
            ["alleged", "alleged", "under_verification", "verified", "refuted"][random.below(5) as usize];
        let attribution = if random.below(500) == 0 { "verified_author" } else { "suspected" };
        let hour = random.below(24 * 300);
        let observed = stamp(hour);
        writeln!(
            incidents,
            r#"{{"id":"incident-{id}","kind":"{kind}",{grave}"occurred_at":"{}","observed_at":"{observed}","observed_by":"unit-{unit}","alleged_party":"party-{}","attribution":"{attribution}","verification":"{verification}","victims":[{{"age_band":"6-11","sex":"female","number":{}}}],"sites":[]}}"#,
            stamp(hour.saturating_sub(3)),
            random.below(PARTIES),
            1 + random.below(4),
        )?;
        // One in fifty is reported too late or not at all.
        let asks = matches!(kind, "grave_violation" | "other_child_abuse");
        let late = random.below(100) == 0;
        if asks && (late || random.below(100) != 0) {
            let sent = stamp(hour + if late { 30 } else { 1 + random.below(22) });
            writeln!(
                reports,
                r#"{{"id":"report-{id}","incident":"incident-{id}","kind":"initial","from_post":"commander-{unit}","channel":"chain_of_command","sent_at":"{sent}"}}"#
            )?;
        }
        if kind != "civilian_harm" && random.below(100) != 0 {
            let taken = stamp(hour + 1 + random.below(10));
            let what = if kind == "cultural_property_damage" { "secure_site" } else { "medical_aid" };
            writeln!(
                steps,
                r#"{{"id":"step-{id}","incident":"incident-{id}","kind":"{what}","unit":"unit-{unit}","taken_at":"{taken}"}}"#
            )?;
        }
    }
    incidents.flush()?;
    reports.flush()?;
    steps.flush()
}

/// An instant of the year 2024, an hour being one step; months of 28 days keep it simple.
fn stamp(hour: u64) -> String {
    let day = hour / 24;
    format!("2024-{:02}-{:02}T{:02}:{:02}:00Z", 1 + day / 28, 1 + day % 28, hour % 24, hour % 60)
}

/// xorshift64*: good enough to spread values, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }
}
