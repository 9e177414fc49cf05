//! `mandate schema`

use crate::arguments::{Schema, SchemaOf};
use crate::ending::{Ending, Outcome};
use crate::output::Output;
use crate::package::rules;

pub(crate) fn run(arguments: &Schema, out: &mut Output) -> Ending {
    let schema = match arguments.of {
        // The same for every package.
        SchemaOf::Pack => mandate_pack::pack_schema(),
        SchemaOf::Diff => mandate_prove::differ::difference_schema(),
        SchemaOf::Refine => mandate_prove::differ::refinement_schema(),
        SchemaOf::Facts => mandate_pack::facts_schema(&rules(&arguments.rules, out)?),
    };
    // A value of strings, numbers and text keys: writing it cannot fail.
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    out.result(&format!("{text}\n"))?;
    Ok(Outcome::Clean)
}
