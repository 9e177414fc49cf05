//! `mandate test`: the scenarios of a package, what they leave out, and whether they would notice a change.

mod coverage;
mod junit;
mod mutation;
mod results;

use crate::arguments::{Test, TestFormat};
use crate::ending::{Ending, Outcome, Stopped};
use crate::output::Output;
use crate::package::{Package, Refused};
use mandate_assess::run_scenarios;
use mandate_diagnostics::did_you_mean;
use mandate_mutation::Places;
use mandate_pack::{Pack, Scenario};

pub(crate) fn run(arguments: &Test, out: &mut Output) -> Ending {
    let package = Package::load(&arguments.path);
    let mut pack = package.compile(out).map_err(Refused::into_stopped)?;
    // Those of the packages it uses are theirs to run.
    pack.scenarios.retain(|scenario| package.own(&scenario.origin.file).is_some());
    if pack.scenarios.is_empty() {
        // A test that tests nothing must not look like one that passed.
        out.remark(&format!("{}: there is no scenario, so nothing was tested", pack.name));
        out.remark("  help: `scenario \"...\" { as of ... given ... expect ... }` says what a rule should find");
        return nothing(arguments, &pack, out);
    }
    if let Some(filter) = &arguments.filter {
        let left: Vec<Scenario> = pack.scenarios.iter().filter(|s| is_meant(&s.title, filter)).cloned().collect();
        if left.is_empty() {
            out.remark(&format!("{}: no scenario has `{filter}` in its title, so nothing was tested", pack.name));
            if let Some(title) = nearest(filter, &pack.scenarios) {
                out.remark(&format!("  help: did you mean \"{title}\"?"));
            }
            return nothing(arguments, &pack, out);
        }
        pack.scenarios = left;
    }
    pack.seal();
    if arguments.mutate {
        return mutation::mutate(arguments, &package, &pack, out);
    }
    if arguments.coverage {
        return coverage::cover(arguments, &package, &pack, out);
    }
    let results = run_scenarios(&pack);
    let failed = results.iter().filter(|result| !result.passed).count();
    match arguments.format {
        TestFormat::Json => out.result(&results::json(&pack, &results, failed))?,
        TestFormat::Junit => out.result(&junit::write(&pack, &results, &package))?,
        TestFormat::Text => out.result(&results::text(&results, failed, &package, out.colored()))?,
    }
    Ok(if failed == 0 { Outcome::Clean } else { Outcome::Findings })
}

/// Programs that read results get them, though there are none.
fn nothing(arguments: &Test, pack: &Pack, out: &Output) -> Result<Outcome, Stopped> {
    match arguments.format {
        TestFormat::Json => out.result(&results::json(pack, &[], 0))?,
        TestFormat::Junit => out.result(&junit::nothing(pack))?,
        TestFormat::Text => {}
    }
    Ok(Outcome::Findings)
}

/// Where the clauses of the package's own declarations stand.
fn places<'p>(package: &Package, pack: &'p Pack) -> Places<'p> {
    Places::new(pack, |file| package.own(file).and_then(|_| package.text(&package.place(file))))
}

fn is_meant(title: &str, filter: &str) -> bool {
    title.to_lowercase().contains(&filter.to_lowercase())
}

/// The title with most of the words, spelt nearly as they should be.
fn nearest<'s>(filter: &str, scenarios: &'s [Scenario]) -> Option<&'s str> {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    };
    let wanted = words(filter);
    let common = |title: &str| {
        let known = words(title);
        let has =
            |word: &&String| known.contains(word) || did_you_mean(word, known.iter().map(String::as_str)).is_some();
        wanted.iter().filter(has).count()
    };
    let best = scenarios.iter().map(|s| (common(&s.title), s.title.as_str())).filter(|(n, _)| *n > 0);
    best.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1))).map(|(_, title)| title)
}
