//! Two editions of a document of 2,000 passages, compared by the program and by the similar-line comparison of Python's library.

use crate::{RUNS, measure, report};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const PASSAGES: usize = 2_000;

/// `difflib.ndiff` pairs similar lines, as the program pairs similar passages. Its time grows with the cube of what changed in one place, so few
/// passages change here; the program is measured on an edition of which every passage changed, too.
const PEER: &str = "import difflib, sys
old, new = (open(name, encoding='utf-8').read().splitlines() for name in sys.argv[1:])
print(sum(1 for _ in difflib.ndiff(old, new)))";

/// Words like those of a policy, and a number that makes the passage its own.
fn passages() -> Vec<String> {
    const SUBJECTS: [&str; 7] =
        ["warden", "commander", "duty officer", "sector", "contingent", "liaison cell", "head of mission"];
    const ACTS: [&str; 5] = ["reports losses to", "warns", "keeps a log for", "trains with", "hands records to"];
    let passage = |n: usize| {
        if n.is_multiple_of(10) {
            return format!("## Article {} Of the {}", n / 10 + 1, SUBJECTS[n / 10 % 7]);
        }
        let (subject, act, other) = (SUBJECTS[n % 7], ACTS[n % 5], SUBJECTS[(n / 7) % 7]);
        format!(
            "The {subject} of post {n} {act} the {other} of post {} within {} hours of any event in area {}.",
            n * 7 % 997,
            n % 48 + 1,
            n * 31 % 613
        )
    };
    (0..PASSAGES).map(passage).collect()
}

fn write(file: &Path, passages: &[String]) -> Result<(), String> {
    let mut text = String::new();
    for (n, passage) in passages.iter().enumerate() {
        let _ = writeln!(text, "{passage} {{#p{n}}}\n");
    }
    std::fs::write(file, text).map_err(|error| error.to_string())
}

pub fn bench(program: &Path, root: &Path) -> Result<(), String> {
    std::fs::create_dir_all(root).map_err(|error| error.to_string())?;
    let (old, some, all) = (root.join("old.md"), root.join("some.md"), root.join("all.md"));
    let before = passages();
    let edited = |every: usize| -> Vec<String> {
        let all = before.iter().enumerate();
        all.map(
            |(n, passage)| {
                if n % every == 1 % every { passage.replace("within", "in less than") } else { passage.clone() }
            },
        )
        .collect()
    };
    write(&old, &before)?;
    write(&some, &edited(20))?;
    write(&all, &edited(1))?;
    let diff = |new: &Path| {
        let mut command = Command::new(program);
        command.args(["source", "diff"]).arg(&old).arg(new);
        // It ends with 1 because it found something.
        measure::runs_any(RUNS, &mut command)
    };
    let sample = diff(&some)?;
    report("align 2000, 5% edited", &sample);
    report("align 2000, all edited", &diff(&all)?);
    let mut python = Command::new("python3");
    python.args(["-c", PEER]).arg(&old).arg(&some);
    match measure::runs(3, &mut python) {
        Ok(peer) => {
            report("peer: difflib.ndiff", &peer);
            println!("align against difflib: {:.3} times its time", sample.median() / peer.median());
        }
        Err(_) => println!("peer: python3 is not on the path, no ratio"),
    }
    Ok(())
}
