//! What the user has set in the editor, section `mandate` of its configuration.

use serde_json::Value;

/// The section of the client's configuration.
pub(crate) const SECTION: &str = "mandate";

/// Everything that can be switched off. All of it is on unless the user says otherwise.
const SWITCHES: [&str; 8] = [
    "inlayHints.parameterValues",
    "inlayHints.types",
    "inlayHints.deadlines",
    "codeLens.scenarios",
    "codeLens.citations",
    "codeLens.findings",
    "codeLens.coverage",
    "diagnostics.proofs",
];

/// The switches of the user, all on at first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// One bit for each of [`SWITCHES`].
    off: u16,
}

impl Config {
    /// Reads a section. Values that are no booleans, and names that are not known, change nothing.
    ///
    /// Some clients send trees (`{"codeLens": {"scenarios": false}}`), some flat names (`{"codeLens.scenarios": false}`),
    /// and some put the name of the section around it.
    pub(crate) fn read(section: &Value) -> Self {
        let section = section.get(SECTION).unwrap_or(section);
        let mut off = 0;
        for (bit, name) in SWITCHES.iter().enumerate() {
            let tree = name.split('.').try_fold(section, |at, part| at.get(part));
            if tree.or_else(|| section.get(name)).and_then(Value::as_bool) == Some(false) {
                off |= 1 << bit;
            }
        }
        Self { off }
    }

    /// Whether a switch, by its name below the section, is on.
    pub(crate) fn is_on(self, name: &str) -> bool {
        SWITCHES.iter().position(|switch| *switch == name).is_none_or(|bit| self.off & (1 << bit) == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn trees_flat_names_and_whole_configurations_say_the_same() {
        let same = [
            json!({"codeLens": {"scenarios": false, "citations": true}}),
            json!({"codeLens.scenarios": false}),
            json!({"mandate": {"codeLens": {"scenarios": false}}}),
        ];
        for section in same {
            let config = Config::read(&section);
            assert!(!config.is_on("codeLens.scenarios"), "{section}");
            assert!(SWITCHES.iter().filter(|name| config.is_on(name)).count() == SWITCHES.len() - 1, "{section}");
        }
    }

    #[test]
    fn what_makes_no_sense_changes_nothing() {
        for section in [Value::Null, json!([]), json!({"diagnostics": 3}), json!({"diagnostics": {"proofs": "no"}})] {
            assert_eq!(Config::read(&section), Config::default(), "{section}");
        }
    }
}
