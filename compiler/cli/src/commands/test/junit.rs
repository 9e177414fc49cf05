//! Results in the XML that build servers read (JUnit): a scenario is a test case, its module the class.

use super::results::failure;
use crate::package::Package;
use mandate_assess::ScenarioResult;
use mandate_pack::Pack;
use std::fmt::Write as _;

pub(super) fn write(pack: &Pack, results: &[ScenarioResult], package: &Package) -> String {
    let failed = results.iter().filter(|result| !result.passed).count();
    let mut out = opening(pack, results.len(), failed);
    for result in results {
        let file = package.place(&result.origin.file);
        let (title, class) = (escaped(&result.title), escaped(&file));
        let _ = write!(out, "    <testcase name=\"{title}\" classname=\"{class}\"");
        if result.passed {
            out.push_str("/>\n");
            continue;
        }
        let lines = failure(result, &file);
        let first = format!("{file}:{}", result.origin.line);
        let _ =
            writeln!(out, ">\n      <failure message=\"{}\">{}</failure>", escaped(&first), escaped(&lines.join("\n")));
        out.push_str("    </testcase>\n");
    }
    out.push_str(CLOSING);
    out
}

/// A run that tested nothing is one failure: a reader that only counts failures must not take it for a success.
pub(super) fn nothing(pack: &Pack) -> String {
    let mut out = opening(pack, 1, 1);
    let name = escaped(&pack.name);
    let _ = writeln!(out, "    <testcase name=\"there is a scenario\" classname=\"{name}\">");
    out.push_str("      <failure message=\"no scenario was run, so nothing was tested\"/>\n    </testcase>\n");
    out.push_str(CLOSING);
    out
}

const CLOSING: &str = "  </testsuite>\n</testsuites>\n";

fn opening(pack: &Pack, tests: usize, failed: usize) -> String {
    let name = escaped(&pack.name);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{tests}\" failures=\"{failed}\">\n  \
         <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\">\n"
    )
}

/// Text in XML. What XML cannot hold at all is replaced.
fn escaped(text: &str) -> String {
    let allowed = |c: char| (c >= ' ' || matches!(c, '\n' | '\t')) && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    let clean: String = text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect();
    quick_xml::escape::escape(clean).into_owned()
}
