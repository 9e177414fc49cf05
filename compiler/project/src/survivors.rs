//! `mutants.toml`: changes of rules that no scenario can notice, each with the reason.

use crate::read::read_text;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Name of the file, beside the manifest.
pub const SURVIVORS: &str = "mutants.toml";

/// A change that makes no difference, as the file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSurvivor {
    /// The declaration: its qualified or its last name.
    pub rule: String,
    /// The sentence of the change, as `mandate test --mutate` prints it.
    pub change: String,
    /// Why it makes no difference.
    pub reason: String,
}

/// The explanations of a package; none where there is no such file.
///
/// # Errors
/// Why the file cannot be used, with the line.
pub fn known_survivors(root: &Path) -> Result<Vec<KnownSurvivor>, String> {
    let path = root.join(SURVIVORS);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let said = |line: usize, what: &str| format!("{}:{line}: {what}", path.display());
    let text = read_text(&path).map_err(|fault| {
        let first = fault.diagnostics.into_iter().next().map_or_else(String::new, |d| d.message);
        format!("{}: {first}", path.display())
    })?;
    read(&text).map_err(|(at, what)| said(line(&text, at), &what))
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

type Fault = (usize, String);

fn read(text: &str) -> Result<Vec<KnownSurvivor>, Fault> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        (at, format!("this is no TOML: {}", error.message()))
    })?;
    let mut found = Vec::new();
    for (key, value) in table.get_ref() {
        let entries = match (key.get_ref().as_ref(), value.get_ref()) {
            ("survives", DeValue::Array(entries)) => entries,
            _ => {
                return Err((
                    key.span().start,
                    format!("only `[[survives]]` belongs here, and not `{}`", key.get_ref()),
                ));
            }
        };
        for entry in entries {
            let DeValue::Table(fields) = entry.get_ref() else {
                return Err((entry.span().start, "write `[[survives]]` above each change".to_owned()));
            };
            found.push(one(fields, entry.span().start)?);
        }
    }
    Ok(found)
}

fn one(fields: &DeTable<'_>, at: usize) -> Result<KnownSurvivor, Fault> {
    let known = ["rule", "change", "reason"];
    if let Some((key, _)) = fields.iter().find(|(key, _)| !known.contains(&key.get_ref().as_ref())) {
        return Err((
            key.span().start,
            format!("`{}` is not known here; write `rule`, `change` and `reason`", key.get_ref()),
        ));
    }
    let field = |name: &str| match fields.get(name).map(|value| (value.get_ref(), value.span().start)) {
        Some((DeValue::String(text), _)) if !text.trim().is_empty() => Ok(text.to_string()),
        Some((_, at)) => Err((at, format!("`{name}` is a text in quotation marks, and says something"))),
        None => Err((at, format!("this change has no `{name}`"))),
    };
    Ok(KnownSurvivor { rule: field("rule")?, change: field("change")?, reason: field("reason")? })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn each_change_has_a_rule_a_sentence_and_a_reason() {
        let found =
            read("# why\n[[survives]]\nrule = 'r'\nchange = 'when: `a` is left out'\nreason = 'b says it too'\n");
        let found = found.expect("read");
        assert_eq!((found.len(), found[0].change.as_str()), (1, "when: `a` is left out"));
        assert_eq!(read(""), Ok(Vec::new()));
    }

    #[test]
    fn a_fault_has_its_place() {
        for (text, words) in [
            ("[[survives]]\nrule = 'r'\nchange = 'c'\n", "no `reason`"),
            ("[[survives]]\nrule = 'r'\nchange = 'c'\nreason = ' '\n", "says something"),
            ("[[survives]]\nrule = 'r'\nchanges = 'c'\nreason = 'x'\n", "`changes` is not known"),
            ("[survives]\n", "only `[[survives]]`"),
            ("survives = [1]\n", "`[[survives]]` above"),
            ("[[survives]\n", "no TOML"),
        ] {
            let (_, said) = read(text).expect_err(text);
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
