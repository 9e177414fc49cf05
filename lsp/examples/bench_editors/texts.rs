//! The texts of the measurement: groups of ten lines, a definition and a rule that uses it, in either language.

use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Mandate,
    Python,
}

/// Words behind which a local mistake is typed.
pub fn local(language: Language) -> &'static str {
    match language {
        Language::Mandate => "unless i.grade",
        Language::Python => "and i.grade",
    }
}

/// Words that begin the name of an exported definition.
pub fn exported(language: Language) -> &'static str {
    match language {
        Language::Mandate => "define young_",
        Language::Python => "def young_",
    }
}

/// A rule that contradicts the first one of the large file, another one each time.
pub fn contradiction(turn: usize) -> String {
    format!(
        "\nrule never_report_{turn} \"Nobody reports\" {{\n  cites policy#reporting\n  for each i: Incident\n  \
         when some v in i.victims where young_1(v)\n  everyone must not report_0(i)\n}}\n"
    )
}

/// Words about whose last letters is asked.
pub fn asked(language: Language) -> &'static str {
    match language {
        Language::Mandate => "i.victims",
        Language::Python => "i.victims",
    }
}

/// Writes a workspace of `files` files of 100 lines, and one of `lines`, which is given.
pub fn workspace(language: Language, folder: &Path, files: usize, lines: usize) -> (PathBuf, String) {
    fs::create_dir_all(folder.join("sources")).expect("made");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    let extension = match language {
        Language::Mandate => {
            write("mandate.toml", "[package]\nname = \"bench\"\nversion = \"0.1.0\"\nedition = \"2026\"\n");
            write(
                "sources/policy.md",
                "# Policy\n\n## Reporting {#reporting}\n\nWhoever sees an incident reports it.\n",
            );
            write("base.mandate", MANDATE_BASE);
            // Found last, it tells that the whole workspace was looked at. A warning only: where there are errors, nothing is proven.
            write("zz_last.mandate", "use base.{Grade}\n");
            "mandate"
        }
        Language::Python => {
            write("pyproject.toml", "[project]\nname = \"bench\"\nversion = \"0.1.0\"\n");
            write("base.py", PYTHON_BASE);
            "py"
        }
    };
    for number in 0..files {
        // Every hundredth file uses a name of the large one.
        let text = module(language, &format!("f{number}_"), 100, (number % 100 == 0).then_some(number));
        write(&format!("file_{number:04}.{extension}"), &text);
    }
    let text = module(language, "", lines, None);
    let path = folder.join(format!("large.{extension}"));
    fs::write(&path, &text).expect("written");
    (path, text)
}

fn module(language: Language, prefix: &str, lines: usize, uses_large: Option<usize>) -> String {
    let mut text = String::new();
    match language {
        Language::Mandate => {
            text.push_str("use base.{policy, Victim, Incident, Grade}\n");
            if let Some(number) = uses_large {
                text.push_str(&format!("use large.{{young_1}}\n\ndefine via_{number}(v: Victim) = young_1(v)\n"));
            }
            text.push('\n');
            (0..lines / 10).for_each(|number| text.push_str(&group(prefix, number)));
        }
        Language::Python => {
            text.push_str("from base import Victim, Incident\n");
            if let Some(number) = uses_large {
                text.push_str(&format!(
                    "from large import young_1\n\n\ndef via_{number}(v: Victim) -> bool:\n    return young_1(v)\n"
                ));
            }
            text.push_str("\n\n");
            (0..lines / 10).for_each(|number| text.push_str(&function(prefix, number)));
        }
    }
    text
}

/// Ten lines: an act with the record that shows it, or one of the nine rules about it that follow. As in packages that people write, few rules
/// are about one act, and none says what another one says.
fn group(prefix: &str, number: usize) -> String {
    if number.is_multiple_of(10) {
        return format!(
            "record {prefix}Report_{n} key id at sent_at {{\n  id: Text\n  incident: Incident\n  sent_at: Time?\n}}\n\n\
             action {prefix}report_{n}(i: Incident) {{ evidence r: {prefix}Report_{n} where r.incident == i }}\n\n\n",
            n = number / 10
        );
    }
    format!(
        "define {prefix}young_{number}(v: Victim) = v.age == {} if unknown v.grade == high\n\n\
         rule {prefix}rule_{number} \"Report incident {number}\" {{\n  cites policy#reporting\n  for each i: Incident\n  \
         when some v in i.victims where {prefix}young_{number}(v)\n  unless i.grade == low\n  \
         everyone must {prefix}report_{}(i) within {} hours after i.observed_at\n}}\n\n",
        number % 90,
        number / 10,
        number % 72 + 1
    )
}

fn function(prefix: &str, number: usize) -> String {
    format!(
        "def {prefix}young_{number}(v: Victim) -> bool:\n    return v.age is not None and v.age < 18\n\n\n\
         def {prefix}rule_{number}(i: Incident) -> int:\n    \
         if any({prefix}young_{number}(v) for v in i.victims) and i.grade != \"low\":\n        \
         return {}\n    return 0\n\n\n",
        number % 72 + 1
    )
}

const MANDATE_BASE: &str = r#"source policy {
  title "Policy"
  force guidance
  document "sources/policy.md"
}

enum Grade { low < middle < high }

record Victim {
  age: Int?
  grade: Grade?
}

record Incident key id at observed_at {
  id: Text
  observed_at: Time
  grade: Grade
  victims: list of Victim
}
"#;

const PYTHON_BASE: &str = r#"from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Victim:
    age: int | None = None
    grade: str | None = None


@dataclass
class Incident:
    id: str
    observed_at: datetime
    grade: str
    victims: list[Victim] = field(default_factory=list)


@dataclass
class Report:
    id: str
    incident: Incident
    sent_at: datetime | None = None
"#;
