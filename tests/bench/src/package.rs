//! A synthetic package of any size, the same every time: realistic modules that use one another.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// Lines of one generated module.
pub const LINES: usize = 100;

/// Writes a package of `modules` modules of about [`LINES`] lines below `root`.
pub fn write(root: &Path, modules: usize) -> io::Result<()> {
    std::fs::create_dir_all(root.join("sources"))?;
    std::fs::write(root.join("mandate.toml"), manifest())?;
    std::fs::write(root.join("sources/order.md"), passages())?;
    std::fs::write(root.join("order.mandate"), order())?;
    for number in 0..modules {
        let area = root.join(format!("area{:02}", number / 50));
        std::fs::create_dir_all(&area)?;
        std::fs::write(area.join(format!("part{number:04}.mandate")), module(number, modules))?;
    }
    Ok(())
}

/// The same number of lines of Python, for a peer that checks Python.
pub fn write_python(root: &Path, modules: usize) -> io::Result<()> {
    std::fs::create_dir_all(root)?;
    for number in 0..modules {
        let mut text = String::from("from dataclasses import dataclass\n\n\n");
        for part in 0..(LINES / 10) {
            let _ = write!(
                text,
                "@dataclass\nclass Log{part}:\n    id: str\n    hours: int\n    level: str | None = None\n\n\n\
                 def late{part}(log: Log{part}) -> bool:\n    return log.hours > {part} and log.level == \"high\"\n\n\n",
            );
        }
        std::fs::write(root.join(format!("part{number:04}.py")), text)?;
    }
    Ok(())
}

fn manifest() -> &'static str {
    "[package]\nname = \"bench\"\nversion = \"0.1.0\"\nedition = \"2026\"\n\n[dependencies]\ncore = \"std\"\n"
}

fn passages() -> String {
    let mut text = String::from("# A synthetic order\n");
    for number in 1..=20 {
        let _ =
            write!(text, "\n## Paragraph {number} {{#{number}}}\n\nWhoever keeps log {number} reports it in time.\n");
    }
    text
}

fn order() -> &'static str {
    "source order {\n  title \"A synthetic order\"\n  force order\n  document \"sources/order.md\"\n}\n"
}

/// One module of about a hundred lines: types, an action, definitions, rules and a scenario.
fn module(number: usize, modules: usize) -> String {
    let mut text = format!("//! Part {number} of a generated package.\n\nuse order.{{order}}\n");
    let before = (number > 0).then(|| (number * 7 + 3) % number.max(1));
    if let Some(before) = before {
        let _ = writeln!(text, "use area{:02}.part{before:04}.{{Level{before}, Log{before}}}", before / 50);
    }
    let _ = write!(
        text,
        "\nenum Level{number} {{ low < moderate < high < severe }}\n\n\
         /// A log of part {number}.\n\
         record Log{number} key id at sent_at {{\n\
         \x20 id: Text\n  sent_at: Time?\n  seen_at: Time\n  closed_at: Time = never\n  hours: Duration?\n  level: Level{number}\n  count: Int?\n  sensitive name: Text?\n}}\n\n\
         parameter window_{number}: Duration in 1 hour .. 96 hours = 24 hours\n\n\
         define grave_{number}(l: Log{number}) = l.level >= high if unknown l.count > 3\n\n\
         action send_{number}(l: Log{number}) {{\n  evidence r: Log{number} where r.id == l.id and r.level == severe\n}}\n\n",
    );
    let rules = 6;
    for rule in 0..rules {
        let _ = write!(
            text,
            "/// Rule {rule} of part {number}.\n\
             rule duty_{number}_{rule} \"Send log {rule} of part {number} in time\" {{\n\
             \x20 cites order#{passage} \"reports it in time\"\n\
             \x20 for each l: Log{number}\n\
             \x20 when grave_{number}(l) and l.hours > {rule} hours\n\
             \x20 unless l.name is known or l.count in {{1, 2, {rule}}}\n\
             \x20 everyone must send_{number}(l) within window_{number} after l.seen_at\n\
             }}\n\n",
            passage = (number + rule) % 20 + 1,
        );
    }
    if let Some(before) = before {
        let _ = write!(
            text,
            "constraint bound_{number} \"Logs of both parts agree\" {{\n\
             \x20 cites order#1\n  for each a: Log{number}, b: Log{before}\n  when a.id == b.id\n\
             \x20 require all {{\n    level: b.level >= moderate\n    time: a.seen_at >= b.seen_at unless b.level == Level{before}.low\n  }}\n}}\n\n",
        );
    }
    let _ = write!(
        text,
        "scenario \"log of part {number} of {modules} sent late\" {{\n\
         \x20 as of 2024-03-03\n\
         \x20 given l: Log{number} {{ seen_at: 2024-03-01T08:00Z, level: high, hours: 9 hours, count: 7 }}\n\
         \x20 expect duty_{number}_0(l) violated\n}}\n",
    );
    text
}
