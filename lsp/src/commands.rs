//! The server's own commands, by `workspace/executeCommand`.

use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, Uri};

/// `[uri, title]`: runs a scenario and says how it came out.
pub(crate) const RUN_SCENARIO: &str = "mandate.runScenario";

/// `[uri, rule]`: records that somebody compared the rule, as it stands, with its passages.
pub(crate) const ACCEPT_REVIEW: &str = "mandate.acceptReview";

/// All of them.
pub(crate) const ALL: [&str; 2] = [RUN_SCENARIO, ACCEPT_REVIEW];

/// A command with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    RunScenario { uri: Uri, title: String },
    AcceptReview { uri: Uri, rule: String },
}

impl Command {
    /// Reads a command. Arguments that are missing or of another kind, and unknown commands, are the client's fault.
    pub(crate) fn read(params: ExecuteCommandParams) -> Result<Command> {
        let mut arguments = params.arguments.into_iter();
        let uri = argument(arguments.next(), "an address");
        let name = argument(arguments.next(), "a name");
        match params.command.as_str() {
            RUN_SCENARIO => Ok(Command::RunScenario { uri: uri?, title: name? }),
            ACCEPT_REVIEW => Ok(Command::AcceptReview { uri: uri?, rule: name? }),
            other => Err(Error::invalid_params(format!("there is no command `{other}`"))),
        }
    }
}

fn argument<T: DeserializeOwned>(given: Option<Value>, what: &str) -> Result<T> {
    let wrong = || Error::invalid_params(format!("the command wants {what}"));
    given.and_then(|value| serde_json::from_value(value).ok()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(command: &str, arguments: Value) -> Result<Command> {
        Command::read(serde_json::from_value(json!({"command": command, "arguments": arguments})).unwrap())
    }

    #[test]
    fn arguments_that_make_no_sense_are_refused() {
        assert!(read(RUN_SCENARIO, json!(["file:///a.mandate", "late"])).is_ok());
        for (command, arguments) in
            [(RUN_SCENARIO, json!([])), (ACCEPT_REVIEW, json!(["file:///a.mandate", 5])), ("other", json!(["a", "b"]))]
        {
            assert!(read(command, arguments).is_err(), "{command}");
        }
    }
}
