//! The language server alone, for its tests; people run `mandate lsp`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mandate_lsp::run()
}
