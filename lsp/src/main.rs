//! The language server alone, for its tests; people run `mandate lsp`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next().and_then(|port| port.parse().ok())) {
        (Some("--socket"), Some(port)) => mandate_lsp::run_on(port),
        _ => mandate_lsp::run(),
    }
}
