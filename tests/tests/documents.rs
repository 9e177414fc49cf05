//! The examples of the documents that people read first are written in the language as it is.

use mandate_tests::markdown;
use std::path::Path;

#[test]
fn examples_in_the_documents_have_no_syntax_errors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in ["README.md", "docs/language.md", "docs/facts.md", "docs/testing.md", "editors/vscode/README.md"] {
        let text = std::fs::read_to_string(root.join(name)).expect(name);
        for block in markdown::blocks(&text).iter().filter(|block| block.language == "mandate") {
            for item in &mandate_syntax::parse(block.text).items {
                assert!(item.decl.errors.is_empty(), "{name}, line {}: {:#?}", block.line, item.decl.errors);
            }
        }
    }
}
