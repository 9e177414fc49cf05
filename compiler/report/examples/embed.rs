//! A program of its own that judges facts: `embed PACK AS_OF FACTS...`. The guide for tool builders shows it.

use mandate_assess::{Cited, Facts, FactsFile, Grade, Options, assess, instant};
use mandate_pack::Pack;
use std::error::Error;

/// The findings that somebody has to answer for, a line each.
pub fn judge(pack: &[u8], as_of: &str, files: &[FactsFile]) -> Result<Vec<String>, Box<dyn Error>> {
    // Refuses what no compiler sealed: another version, a digest that does not fit.
    let pack = Pack::read(pack)?;
    // Every fault of every file, with its code and what to do about it. Judging facts with faults would judge a part of them.
    let (facts, faults) = Facts::load(&pack, files);
    if let Some((file, fault)) = faults.first() {
        return Err(format!("{file}: {}: {} ({} faults in all)", fault.code.id, fault.message, faults.len()).into());
    }
    // There is no clock inside: the caller says as of when.
    let now = instant(&pack, as_of).ok_or("an instant or a day is wanted, such as 2026-03-01T08:00Z")?;
    let assessment = assess(&pack, &facts, &Options::at(now))?;
    let lines = assessment.findings.iter().filter(|finding| finding.grade != Grade::None).map(|finding| {
        let about: Vec<&str> = finding.subject.iter().map(|record| record.id.as_str()).collect();
        let passage = |cited: &Cited| format!("{}#{}", cited.source, cited.passage.as_deref().unwrap_or_default());
        let cited: Vec<String> = finding.citations.iter().map(passage).collect();
        let (status, rule) = (finding.status.word(), finding.rule.as_str());
        format!("{status}: {rule}({}), by {}", about.join(", "), cited.join(", "))
    });
    Ok(lines.collect())
}

#[allow(dead_code, reason = "the tests of the guides call the function alone")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pack, as_of, files @ ..] = arguments.as_slice() else { return Err("embed PACK AS_OF FACTS...".into()) };
    let read = |name: &String| Ok(FactsFile { name: name.clone(), bytes: std::fs::read(name)? });
    let files = files.iter().map(read).collect::<std::io::Result<Vec<FactsFile>>>()?;
    for line in judge(&std::fs::read(pack)?, as_of, &files)? {
        println!("{line}");
    }
    Ok(())
}
