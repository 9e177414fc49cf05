//! Language cases: a block of rules with the diagnostics it should draw, and facts with the findings they should give.
//!
//! ```text
//! when i.grave                      // error[E026] has no field `grave`
//! //^ warning[W003] never used         the line above, where the comment cannot stand on it
//! ```
//!
//! What is proven about rules (`E3xx`, `W3xx`, `note[N3xx]`) is expected like everything else. In the review lock, which is TOML, the comment is `# // warning[W015] ...`. The words after the code stand in the message. Every diagnostic is expected, and every expected one is drawn. A block without
//! `file=` is the root module of a package of its own; blocks with `file=` belong to all packages of their section, and with the
//! word `shared` to all of the document. A `yaml facts` block is read against the rules above it, and the `findings` block below lists
//! what comes of it, one finding a line: `violated report(i1), late by 6 hours`. Scenarios are run; an expectation that
//! is not to be met says `// fails`.

use crate::example::{Compiler, Files, ROOT};
use crate::markdown::{Block, blocks};
use mandate_assess::{Assessment, Facts, FactsFile, Finding, Options, assess, run_scenarios};
use mandate_diagnostics::{LineIndex, Severity};
use mandate_pack::Pack;
use mandate_prove::Prover;
use mandate_semantics::FileDiagnostics;
use std::collections::BTreeMap;

/// A diagnostic that should be drawn, or was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    file: String,
    line: usize,
    severity: &'static str,
    code: String,
    message: String,
}

/// Runs every case of a Markdown document and gives what differs.
pub fn differences(compiler: &mut Compiler, document: &str) -> Vec<String> {
    let all = blocks(document);
    let mut found = Vec::new();
    for (index, block) in all.iter().enumerate() {
        if block.language == "mandate" && block.file().is_none() {
            let case = Case { files: package(&all, block), block };
            found.extend(case.diagnostics(compiler));
            found.extend(case.scenarios(compiler));
            found.extend(case.findings(compiler, &all[index + 1..]));
        }
    }
    found
}

/// Packages of a document that compile, and that the engine nevertheless refuses to judge: what contradicts itself there.
pub fn contradictions(compiler: &mut Compiler, document: &str) -> Vec<String> {
    let all = blocks(document);
    let mut found = Vec::new();
    for block in all.iter().filter(|block| block.language == "mandate" && block.file().is_none()) {
        let case = Case { files: package(&all, block), block };
        let Ok(pack) = compiler.pack(&case.files) else { continue };
        found.extend(contradiction(&pack).map(|fault| format!("{}: {fault}", case.title())));
    }
    found
}

/// Cases about which a prover that remembers those before says something else than one that knows nothing.
pub fn remembered(compiler: &mut Compiler, prover: &mut Prover, document: &str) -> Vec<String> {
    let all = blocks(document);
    let mut found = Vec::new();
    for block in all.iter().filter(|block| block.language == "mandate" && block.file().is_none()) {
        let case = Case { files: package(&all, block), block };
        let mut said = |prover: &mut Prover| compiler.findings(&case.files, prover).map(|(_, findings)| findings);
        let (fresh, later) = (said(&mut Prover::new()), said(prover));
        if fresh != later {
            found.push(format!("{}: {fresh:#?}\nand later {later:#?}", case.title()));
        }
    }
    found
}

/// What keeps a pack from being judged on no facts at all.
pub fn contradiction(pack: &Pack) -> Option<String> {
    let none = FactsFile { name: "facts.json".to_owned(), bytes: b"{\"records\": {}}".to_vec() };
    let (facts, faults) = Facts::load(pack, &[none]);
    if let Some((_, fault)) = faults.first() {
        return Some(fault.message.clone());
    }
    assess(pack, &facts, &Options::at(Default::default())).err().map(|error| error.to_string())
}

/// Codes that the cases of a document expect to be drawn.
pub fn expected_codes(document: &str) -> Vec<String> {
    let mandate = blocks(document).into_iter().filter(|block| ["mandate", "toml"].contains(&block.language));
    mandate.flat_map(|block| expected("", block.text)).map(|said| said.code).collect()
}

/// The files of the package that a block is the root of.
fn package(all: &[Block<'_>], root: &Block<'_>) -> Files {
    let mut files = Files::from([(ROOT.to_owned(), root.text.to_owned())]);
    for block in all {
        if let Some(name) = block.file().filter(|_| block.is("shared") || block.section == root.section) {
            files.insert(name.to_owned(), block.text.to_owned());
        }
    }
    files
}

struct Case<'t> {
    files: Files,
    block: &'t Block<'t>,
}

impl Case<'_> {
    fn title(&self) -> String {
        format!("\"{}\", block at line {}", self.block.section, self.block.line)
    }

    fn diagnostics(&self, compiler: &mut Compiler) -> Option<String> {
        let mut wanted: Vec<Said> = self.files.iter().flat_map(|(file, text)| expected(file, text)).collect();
        let came: Vec<Said> = compiler.told(&self.files).iter().flat_map(drawn).collect();
        let mut unexpected = Vec::new();
        for drawn in came {
            let meant = |said: &Said| {
                (&said.file, said.line, said.severity, &said.code)
                    == (&drawn.file, drawn.line, drawn.severity, &drawn.code)
                    && drawn.message.contains(&said.message)
            };
            match wanted.iter().position(meant) {
                Some(at) => drop(wanted.remove(at)),
                None => unexpected.push(drawn),
            }
        }
        let line = |sign: char, said: &Said| {
            format!(
                "  {sign} {}:{} {}[{}] {}\n      {}",
                said.file,
                said.line,
                said.severity,
                said.code,
                said.message,
                self.files.get(&said.file).and_then(|text| text.lines().nth(said.line - 1)).unwrap_or("").trim()
            )
        };
        let lines: Vec<String> =
            wanted.iter().map(|s| line('-', s)).chain(unexpected.iter().map(|s| line('+', s))).collect();
        if lines.is_empty() {
            return None;
        }
        Some(format!("{}: - missing, + unexpected\n{}", self.title(), lines.join("\n")))
    }

    /// Scenarios of rules that compile meet what they expect, but for lines that say `// fails`.
    fn scenarios(&self, compiler: &mut Compiler) -> Vec<String> {
        if !self.block.text.contains("\nscenario ") {
            return Vec::new();
        }
        let Ok(pack) = compiler.pack(&self.files) else { return Vec::new() };
        let mut lines = Vec::new();
        for result in run_scenarios(&pack) {
            lines.extend(result.faults.iter().map(|fault| format!("  \"{}\": {fault}", result.title)));
            for expectation in &result.expectations {
                let line = self.block.text.lines().nth(expectation.line as usize - 1).unwrap_or("");
                if expectation.passed == line.contains("// fails") {
                    let word = if expectation.passed { "is met" } else { "is not met" };
                    lines.push(format!("  {}: {word}: {}: {}", expectation.line, expectation.text, expectation.reason));
                }
            }
        }
        if lines.is_empty() { Vec::new() } else { vec![format!("{}: scenarios\n{}", self.title(), lines.join("\n"))] }
    }

    /// Facts blocks up to the next root block, each with the findings below it.
    fn findings(&self, compiler: &mut Compiler, below: &[Block<'_>]) -> Vec<String> {
        let own: Vec<&Block<'_>> =
            below.iter().take_while(|block| block.language != "mandate" || block.file().is_some()).collect();
        let mut found = Vec::new();
        let mut facts: Option<&Block<'_>> = None;
        for block in own {
            match block.language {
                "yaml" | "json" if block.is("facts") => facts = Some(block),
                "findings" => match facts {
                    Some(facts) => found.extend(self.judged(compiler, facts, block)),
                    None => found.push(format!("{}: findings at line {} without facts", self.title(), block.line)),
                },
                _ => {}
            }
        }
        found
    }

    fn judged(&self, compiler: &mut Compiler, facts: &Block<'_>, findings: &Block<'_>) -> Vec<String> {
        let title = format!("{}, findings at line {}", self.title(), findings.line);
        let pack = match compiler.pack(&self.files) {
            Ok(pack) => pack,
            Err(faults) => {
                let faults: Vec<String> =
                    faults.iter().flat_map(drawn).map(|s| format!("  {}:{} {}", s.file, s.line, s.message)).collect();
                return vec![format!("{title}: the rules do not compile\n{}", faults.join("\n"))];
            }
        };
        let name = format!("facts.{}", facts.language);
        let file = FactsFile { name, bytes: facts.text.as_bytes().to_vec() };
        let (loaded, faults) = Facts::load(&pack, &[file]);
        if !faults.is_empty() {
            let faults: Vec<String> = faults.iter().map(|(_, d)| format!("  {} {}", d.code.id, d.message)).collect();
            return vec![format!("{title}: faults in the facts\n{}", faults.join("\n"))];
        }
        let assessed = match assess(&pack, &loaded, &Options::at(Default::default())) {
            Ok(assessed) => assessed,
            Err(error) => return vec![format!("{title}: {error}")],
        };
        let lines = compared(findings.text, &assessed);
        if lines.is_empty() {
            Vec::new()
        } else {
            vec![format!("{title}: - missing, + unexpected\n{}", lines.join("\n"))]
        }
    }
}

/// The diagnostics that the comments of a text expect.
fn expected(file: &str, text: &str) -> Vec<Said> {
    let mut found = Vec::new();
    // The last line that is no `//^` line.
    let mut above = 0;
    for (number, line) in text.lines().enumerate() {
        let pointing = line.trim_start().starts_with("//^");
        if !pointing {
            above = number + 1;
        }
        for part in line.split("//").skip(1) {
            let part = part.trim_start_matches('^').trim();
            for (word, severity) in [("error[", "error"), ("warning[", "warning"), ("note[", "note")] {
                if let Some((code, message)) = part.strip_prefix(word).and_then(|rest| rest.split_once(']')) {
                    found.push(Said {
                        file: file.to_owned(),
                        line: above,
                        severity,
                        code: code.to_owned(),
                        message: message.trim().to_owned(),
                    });
                }
            }
        }
    }
    found
}

fn drawn(file: &FileDiagnostics) -> Vec<Said> {
    let lines = LineIndex::new(&file.text);
    let said = file.diagnostics.iter().map(|diagnostic| Said {
        file: file.path.to_string(),
        line: lines.line(diagnostic.primary.span.start) + 1,
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        code: diagnostic.code.id.to_owned(),
        message: diagnostic.message.clone(),
    });
    said.collect()
}

/// What differs between the lines of a findings block and an assessment.
fn compared(text: &str, assessed: &Assessment) -> Vec<String> {
    let mut came: Vec<(String, Vec<String>)> = assessed.findings.iter().map(line_of).collect();
    came.extend(assessed.data_findings.iter().map(|data| {
        let subject: Vec<&str> = data.subject.iter().map(|s| s.id.as_str()).collect();
        (format!("fault of the data: {} ({})", data.assumption, subject.join(", ")), Vec::new())
    }));
    let outside: BTreeMap<&str, u64> =
        assessed.summary.iter().map(|(rule, counts)| (short(rule), counts.not_applicable)).collect();
    let mut differences = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some((rule, count)) = line.strip_prefix("not applicable ").and_then(|rest| rest.split_once(": ")) {
            let counted = outside.get(rule).map_or_else(|| "no such rule".to_owned(), u64::to_string);
            if counted != count {
                differences.push(format!("  - {line}\n  + not applicable {rule}: {counted}"));
            }
            continue;
        }
        let meant = |(head, details): &(String, Vec<String>)| {
            line.strip_prefix(head.as_str()).is_some_and(|rest| {
                rest.is_empty()
                    || rest.strip_prefix(", ").is_some_and(|rest| {
                        // A detail may hold commas itself, so each is taken off the front in turn.
                        let mut rest = rest;
                        loop {
                            let Some(detail) = details.iter().find(|d| {
                                rest.strip_prefix(d.as_str()).is_some_and(|r| r.is_empty() || r.starts_with(", "))
                            }) else {
                                return false;
                            };
                            match rest[detail.len()..].strip_prefix(", ") {
                                Some(more) => rest = more,
                                None => return true,
                            }
                        }
                    })
            })
        };
        match came.iter().position(meant) {
            Some(at) => drop(came.remove(at)),
            None => differences.push(format!("  - {line}")),
        }
    }
    differences.extend(came.iter().map(|(head, details)| format!("  + {head}   ({})", details.join("; "))));
    differences
}

/// `violated report(i1)`, and the details that may follow.
fn line_of(finding: &Finding) -> (String, Vec<String>) {
    let subject: Vec<&str> = finding.subject.iter().map(|s| s.id.as_str()).collect();
    let head = format!("{} {}({})", finding.status.word(), short(&finding.rule), subject.join(", "));
    let mut details = Vec::new();
    details.extend(finding.late_by.as_ref().map(|late| format!("late by {late}")));
    details.extend(finding.due.as_ref().map(|due| format!("due {due}")));
    details.extend(finding.since.as_ref().map(|since| format!("since {since}")));
    details.extend(finding.missing.iter().map(|field| format!("missing {field}")));
    details.extend(finding.flags.iter().map(|flag| format!("flag {flag}")));
    details.push(format!("bearer {}", finding.bearer));
    details.extend(finding.force.map(|force| format!("force {}", force.word())));
    details.extend(finding.possible.iter().map(|outcome| format!("possible {}", outcome.word())));
    details.extend(finding.waived_by.iter().map(|waiver| format!("waived by {}", waiver.id)));
    details.extend(finding.endorsed.iter().flat_map(|e| e.from.as_ref()).map(|from| format!("endorsed from {from}")));
    details.extend(
        finding
            .why
            .iter()
            .flat_map(|step| &step.parts)
            .filter(|part| part.holds == Some(false))
            .map(|part| format!("failed {}", part.text)),
    );
    if finding.grade == mandate_assess::Grade::Advice {
        details.push("advice".to_owned());
    }
    (head, details)
}

fn short(qualified: &str) -> &str {
    qualified.rsplit('.').next().unwrap_or(qualified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_fails_on_what_is_missing_and_on_what_is_unexpected() {
        let document = "# T\n```mandate\nenum A { a, a }\nenum B { b } // error[E024] twice\n```\n";
        let found = differences(&mut Compiler::default(), document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("- example.mandate:2 error[E024] twice"), "{}", found[0]);
        assert!(found[0].contains("+ example.mandate:1 error[E024]"), "{}", found[0]);
    }

    #[test]
    fn what_is_proven_is_missing_and_unexpected_like_everything_else() {
        let document = "# T\n```mandate\nrecord S key id { id: Text, n: Int }\nconstraint c { // warning[W302]\n  for each s: S\n  when s.n > 1 and s.n < 1\n  require s.n > 0\n}\n```\n";
        let found = differences(&mut Compiler::default(), document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("- example.mandate:2 warning[W302]"), "{}", found[0]);
        assert!(found[0].contains("+ example.mandate:4 warning[W302]"), "{}", found[0]);
    }

    #[test]
    fn a_pointing_comment_means_the_line_above_it() {
        let said = expected(
            "f",
            "a\nb // error[E001] one // warning[W001] two\n  //^ error[E002] three\n//^ error[E003] four\n",
        );
        let all: Vec<(usize, &str)> = said.iter().map(|s| (s.line, s.code.as_str())).collect();
        assert_eq!(all, [(2, "E001"), (2, "W001"), (2, "E002"), (2, "E003")]);
    }
}
