//! `mandate explain`

use crate::arguments::Explain;
use crate::ending::{Ending, Outcome, Stopped};
use crate::output::Output;
use mandate_diagnostics::{CATALOGUE, lookup};

pub(crate) fn run(arguments: &Explain, out: &mut Output) -> Ending {
    let Some(code) = &arguments.code else {
        let lines: String = CATALOGUE.iter().map(|code| format!("{}  {}\n", code.id, code.title())).collect();
        out.result(&lines)?;
        return Ok(Outcome::Clean);
    };
    let Some(found) = lookup(code) else {
        return Err(unknown(code));
    };
    let page = found.page.trim_end();
    out.result(&format!("{page}\n"))?;
    Ok(Outcome::Clean)
}

fn unknown(code: &str) -> Stopped {
    let stopped = Stopped::new(format!("there is no code `{code}`"));
    let wanted = code.trim().to_ascii_uppercase();
    let near = CATALOGUE.iter().find(|known| {
        // One letter or figure may differ, as in a code that was copied by hand.
        known.id.len() == wanted.len() && known.id.chars().zip(wanted.chars()).filter(|(a, b)| a != b).count() == 1
    });
    match near {
        Some(near) => stopped.help(format!("did you mean `{}`, {}?", near.id, near.title())),
        None => stopped,
    }
    .help("`mandate explain --list` lists all codes")
}
