//! `mandate init`

use crate::arguments::Init;
use crate::ending::{Ending, Outcome, Stopped};
use crate::output::Output;

pub(crate) fn run(arguments: &Init, out: &mut Output) -> Ending {
    let dir = &arguments.dir;
    let made = mandate_project::init(dir).map_err(Stopped::new)?;
    let mut text = format!("The package `{}` is in {}:\n", made.name, dir.display());
    for file in &made.files {
        text.push_str(&format!("  {file}\n"));
    }
    text.push_str("Next: `mandate check`, `mandate test`, `mandate assess facts/sample.yaml` in that directory.\n");
    out.result(&text)?;
    Ok(Outcome::Clean)
}
